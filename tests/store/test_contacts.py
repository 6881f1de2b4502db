"""Contacts made, edited, merged and found, on a file and on a server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.domain.errors import BadInput, PhoneshelfError
from app.domain.ids import ChatId
from app.services.contacting import Contacting, Side, StaleEdit
from app.services.handling import Handling
from app.services.hearing import Heard, News, hear
from app.store import accounts, chats, contacts, messages
from app.store.beside import contact
from tests.store.conftest import Desk, added


@dataclass
class Shop:
    """Two of our numbers: Otto wrote to both, Anna to the first; a group, and a chat without a number."""

    desk: Desk
    eva: Contacting
    otto: ChatId
    otto_too: ChatId
    anna: ChatId
    group: ChatId


def jid(digits: str) -> str:
    return f"{digits}@s.whatsapp.net"


@pytest.fixture
async def shop(desk: Desk) -> Shop:
    async with desk.store.write() as unit:
        second = await accounts.add_account(unit, "other", "com.whatsapp.w4b", "Werkplaats", "full")
        otto = await chats.add_chat(unit, desk.account, "Otto Bakker", "person", jid("31612345678"))
        otto_too = await chats.add_chat(unit, second, "+31 6 12345678", "person")
        anna = await chats.add_chat(unit, desk.account, "Anna Visser", "person", jid("31687654321"))
        group = await chats.add_chat(unit, desk.account, "+31 6 11111111", "group")
    return Shop(desk, Contacting(desk.store, "eva"), otto, otto_too, anna, group)


async def test_two_chats_of_one_number_are_one_contact(shop: Shop) -> None:
    assert await shop.eva.see(shop.otto) is None
    first = await shop.eva.open(shop.otto)
    again = await shop.eva.open(shop.otto_too)
    assert again.card == first.card
    assert (again.card.name, again.numbers) == ("Otto Bakker", ("+31612345678",))
    assert [(o.chat, o.account_name) for o in again.chats] == [(shop.otto, "Winkel"), (shop.otto_too, "Werkplaats")]
    assert [o.chat for o in await shop.eva.other_chats(shop.otto)] == [shop.otto_too]
    assert (await shop.eva.open(shop.anna)).card.id != first.card.id


async def test_a_name_alone_is_no_identity(shop: Shop) -> None:
    async with shop.desk.store.write() as unit:
        twin = await chats.add_chat(unit, shop.desk.account, "Otto Bakker", "person", jid("31699999999"))
    assert (await shop.eva.open(twin)).card.id != (await shop.eva.open(shop.otto)).card.id


async def test_who_has_no_number_has_no_contact(shop: Shop) -> None:
    for wrong in (shop.desk.chat, shop.group):
        with pytest.raises(BadInput, match="number is known"):
            await shop.eva.open(wrong)
    with pytest.raises(BadInput, match="no chat"):
        await shop.eva.open(ChatId(999))


@pytest.mark.parametrize(
    ("title", "chat_jid", "number"),
    [
        ("x", jid("31612340000"), "+31612340000"), ("+31 6 1234 0000", None, "+31612340000"), ("x", jid("12"), None),
        ("+12 34", None, None), ("x", "1234567890@lid", None), ("x", jid("3161234567890123"), None),
    ],
)  # fmt: skip
async def test_a_number_is_known_alike_on_both(
    shop: Shop, title: str, chat_jid: str | None, number: str | None
) -> None:
    async with shop.desk.store.write() as unit:
        chat_id = await chats.add_chat(unit, shop.desk.account, title, "person", chat_jid)
        found = await chats.get_chat(unit.connection, chat_id)
        assert found is not None
        assert contacts.number_of(found) == number
        assert (await contacts.make_contact(unit, found, "k-1") is None) is (number is None)
        linked = await contacts.contact_of(unit.connection, chat_id)
        numbers = [o.number for o in await contacts.linked_chats(unit.connection, linked.id)] if linked else [None]
    assert numbers == [number]


async def test_parts_are_changed_one_by_one_and_a_stale_edit_is_refused(shop: Shop) -> None:
    bram = Contacting(shop.desk.store, "bram")
    seen = (await shop.eva.open(shop.otto)).card.revision
    await bram.set_part(shop.otto_too, "Company", "Bakker BV", seen)
    known = await shop.eva.set_part(shop.otto, "maat", "42", seen)
    assert dict(known.card.parts) == {
        "name": "Otto Bakker", "company": "Bakker BV", "language": "", "remark": "", "field.maat": "42",
    }  # fmt: skip
    with pytest.raises(StaleEdit) as refused:
        await shop.eva.set_part(shop.otto, "company", "Otto & Co", seen)
    assert refused.value.stands == "Bakker BV"
    assert "Bakker" not in str(refused.value)
    assert (await shop.eva.set_part(shop.otto, "company", "Bakker BV", seen)).card.parts["company"] == "Bakker BV"
    later = await shop.eva.set_part(shop.otto, "company", "Otto & Co", refused.value.revision)
    assert later.card.parts["company"] == "Otto & Co"
    assert "field.maat" not in (await shop.eva.set_part(shop.otto, "field.maat", "")).card.parts


async def test_what_cannot_be_a_part_is_refused(shop: Shop) -> None:
    for part, value in (
        ("", "x"),
        ("x" * 61, "x"),
        ("language", "x" * 9),
        ("own", "x" * 1001),
        ("name", "half \ud83d"),
    ):
        with pytest.raises(BadInput, match="nothing was changed"):
            await shop.eva.set_part(shop.otto, part, value)
    for number in range(50):
        await shop.eva.set_part(shop.otto, f"f{number}", "x")
    with pytest.raises(BadInput, match="at most 50"):
        await shop.eva.set_part(shop.otto, "one more", "x")


async def test_a_merge_is_shown_done_and_undone(shop: Shop) -> None:
    await shop.eva.set_part(shop.otto, "company", "Bakker BV")
    await shop.eva.set_part(shop.anna, "company", "Visser VOF")
    await shop.eva.set_part(shop.anna, "maat", "38")
    choices = {"field.company": Side.MERGED}
    planned = await shop.eva.plan_merge(shop.otto, shop.anna, choices)
    assert [(o.part, o.value, o.lost) for o in planned.lost] == [
        ("name", "Otto Bakker", "Anna Visser"),
        ("field.company", "Visser VOF", "Bakker BV"),
    ]
    before = await shop.eva.open(shop.anna)
    done = await shop.eva.merge(shop.otto, shop.anna, choices)
    assert done.survivor == planned.survivor
    merged = await shop.eva.open(shop.anna)
    assert merged == await shop.eva.open(shop.otto)
    assert (merged.card.name, merged.card.parts["company"], merged.card.parts["field.maat"]) == (
        "Otto Bakker", "Visser VOF", "38",
    )  # fmt: skip
    assert merged.numbers == ("+31612345678", "+31687654321")
    with pytest.raises(BadInput, match="with itself"):
        await shop.eva.merge(shop.anna, shop.otto)
    await shop.eva.set_part(shop.anna, "remark", "likes mornings")
    shop.desk.clock.advance(timedelta(days=29).total_seconds())
    back = await shop.eva.undo_merge(shop.otto)
    assert (back.card.parts["company"], back.card.parts["remark"]) == ("Bakker BV", "likes mornings")
    assert "field.maat" not in back.card.parts
    anna = await shop.eva.open(shop.anna)
    assert (anna.card.parts, anna.chats) == (before.card.parts, before.chats)
    with pytest.raises(BadInput, match="nothing was merged"):
        await shop.eva.undo_merge(shop.otto)


async def test_after_thirty_days_a_merge_stays(shop: Shop) -> None:
    await shop.eva.merge(shop.otto, shop.anna)
    shop.desk.clock.advance(timedelta(days=31).total_seconds())
    with pytest.raises(BadInput, match="30 days"):
        await shop.eva.undo_merge(shop.otto)
    assert len((await shop.eva.open(shop.anna)).chats) == 3 - 1


async def test_a_customer_with_a_new_number_is_linked_and_unlinked(shop: Shop) -> None:
    await shop.eva.open(shop.otto_too)
    linked = await shop.eva.link(shop.anna, shop.otto)
    assert linked.numbers == ("+31612345678", "+31687654321")
    own = await shop.eva.unlink(shop.anna)
    assert (own.card.name, own.numbers) == ("Anna Visser", ("+31687654321",))
    with pytest.raises(BadInput, match="only chat"):
        await shop.eva.unlink(shop.anna)
    await shop.eva.set_part(shop.anna, "remark", "kept")
    with pytest.raises(BadInput, match="Merge"):
        await shop.eva.link(shop.anna, shop.otto)
    assert (await shop.eva.open(shop.anna)).card.parts["remark"] == "kept"


@pytest.mark.parametrize("text", ["otto", "BAKKER", "0612345678", "+31 6 1234 5678", "0031612345678", "5678"])
async def test_a_customer_is_found_in_any_form(shop: Shop, text: str) -> None:
    bare = await shop.eva.find(text)
    assert {chat for one in bare for chat in one.chats} >= {shop.otto}
    assert all(one.contact is None for one in bare)
    known = await shop.eva.open(shop.otto)
    await shop.eva.open(shop.otto_too)
    found = [one for one in await shop.eva.find(text) if one.contact is not None]
    assert [(o.contact, o.chats) for o in found] == [(known.card.id, (shop.otto, shop.otto_too))]
    assert shop.anna not in {chat for one in await shop.eva.find(text) for chat in one.chats}


async def test_nothing_and_signs_of_a_pattern_find_nothing(shop: Shop) -> None:
    await shop.eva.open(shop.otto)
    for text in ("", "%", "_", "nobody", "9999"):
        assert await shop.eva.find(text) == []


async def test_a_circle_that_somebody_made_by_hand_stops_nobody(shop: Shop) -> None:
    one, two = await shop.eva.open(shop.otto), await shop.eva.open(shop.anna)
    async with shop.desk.store.write() as unit:
        for here, there in ((one.card.id, two.card.id), (two.card.id, one.card.id)):
            await unit.connection.execute(update(contact).where(contact.c.id == here).values(merged_into=there))
    assert len((await shop.eva.open(shop.otto)).chats) == 2
    assert {found.contact for found in await shop.eva.find("otto")} <= {one.card.id, two.card.id, None}


async def test_two_who_merge_each_way_at_once_leave_one_contact(shop: Shop) -> None:
    other = shop.desk.another()
    ways = (Contacting(shop.desk.store, "eva"), shop.otto, shop.anna), (Contacting(other, "bram"), shop.anna, shop.otto)
    done = await asyncio.gather(*[who.merge(a, b) for who, a, b in ways], return_exceptions=True)
    await other.close()
    assert sum(isinstance(one, PhoneshelfError) for one in done) == 1
    assert (await shop.eva.open(shop.otto)).card.id == (await shop.eva.open(shop.anna)).card.id
    back = await shop.eva.undo_merge(shop.otto)
    assert len(back.chats) == 1


async def test_two_who_change_other_parts_at_once_lose_nothing(shop: Shop) -> None:
    seen = (await shop.eva.open(shop.otto)).card.revision
    other = shop.desk.another()
    bram = Contacting(other, "bram")
    edits = [(shop.eva if n % 2 else bram).set_part(shop.otto, f"f{n}", str(n), seen) for n in range(4)]
    await asyncio.gather(*edits)
    await other.close()
    parts = (await shop.eva.open(shop.otto)).card.parts
    assert {name: value for name, value in parts.items() if name.startswith("field.")} == {
        f"field.f{n}": str(n) for n in range(4)
    }


async def test_a_customer_is_known_on_both_numbers_before_anybody_opened_a_contact(shop: Shop) -> None:
    assert [one.chat for one in await shop.eva.other_chats(shop.otto)] == [shop.otto_too]
    assert [one.chat for one in await shop.eva.other_chats(shop.otto_too)] == [shop.otto]
    assert await shop.eva.other_chats(shop.anna) == []
    assert await shop.eva.other_chats(shop.group) == []
    assert await shop.eva.see(shop.otto) is None
    await shop.eva.open(shop.otto)
    assert [one.chat for one in await shop.eva.other_chats(shop.otto)] == [shop.otto_too]
    await shop.eva.open(shop.otto_too)
    await shop.eva.unlink(shop.otto_too)
    assert await shop.eva.other_chats(shop.otto) == []


async def test_who_waits_on_the_other_number_is_told_where_they_wrote_last(shop: Shop) -> None:
    async def writes(chat: ChatId) -> None:
        shop.desk.clock.advance(60)
        async with shop.desk.store.write() as unit:
            window = await messages.load_window(unit.connection, chat)
            last = window.entries[-1].id if window.entries else None
            await messages.apply_changes(unit, chat, [added("hello?", last)])
            await hear(unit, chat, News((Heard(unit.now, "hello?"),)))

    async def waits(chat: ChatId) -> list[ChatId]:
        return [one.chat for one in await shop.eva.waits_elsewhere(chat)]

    await writes(shop.otto)
    await writes(shop.otto_too)
    assert await waits(shop.otto) == [shop.otto_too]
    assert await waits(shop.otto_too) == []
    await writes(shop.otto)
    assert await waits(shop.otto) == []
    assert await waits(shop.otto_too) == [shop.otto]
    await Handling(shop.desk.store, shop.desk.clock, "eva").done(shop.otto)
    assert await waits(shop.otto_too) == []
