"""Notes and mentions, on a file and on a server; a note leaves the outbox as it is."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from app.domain.errors import BadInput
from app.services.noting import LONGEST, Noting
from app.store import chats
from app.store.engine import RowChanged
from app.store.schema import change, member, membership, outbox
from tests.store.conftest import Desk


@dataclass
class Office:
    """A desk with two members on its number, and one who is on none."""

    desk: Desk
    eva: Noting
    bram: Noting


@pytest.fixture
async def office(desk: Desk) -> Office:
    await people(desk)
    return Office(desk, Noting(desk.store, "eva"), Noting(desk.store, "bram"))


async def people(desk: Desk) -> None:
    async with desk.store.write() as unit:
        for number, login in enumerate(("eva", "bram", "lost"), 1):
            await unit.connection.execute(insert(member).values(id=number, login=login, name=f"{login.title()} Bos"))
        for number in (1, 2):
            await unit.connection.execute(insert(membership).values(account_id=desk.account, member_id=number))


async def outbox_of(desk: Desk) -> list[tuple[object, ...]]:
    async with desk.store.read() as connection:
        return [tuple(row) for row in await connection.execute(select(outbox).order_by(outbox.c.uid))]


async def test_a_note_is_kept_once_however_often_it_is_sent(office: Office) -> None:
    told: list[RowChanged] = []
    office.desk.store.listen(told.extend)
    first = await office.eva.add(office.desk.chat, "  call him back \x00", "n-1")
    again = await office.eva.add(office.desk.chat, "call him back", "n-1")
    assert (first.body, first.author, first.chat) == ("call him back", "eva", office.desk.chat)
    assert again == first
    assert await office.bram.list_notes(office.desk.chat) == [first]
    assert told == [RowChanged("note", str(first.id), office.desk.chat)]


async def test_an_identity_of_another_note_is_refused(office: Office) -> None:
    kept = await office.eva.add(office.desk.chat, "mine", "n-1")
    with pytest.raises(BadInput, match="another note"):
        await office.bram.add(office.desk.chat, "mine too", "n-1")
    assert await office.eva.list_notes(office.desk.chat) == [kept]


async def test_only_the_author_edits_and_removes(office: Office) -> None:
    one = await office.eva.add(office.desk.chat, "first")
    for wrong in (office.bram.edit(one.id, "mine now"), office.bram.remove(one.id)):
        with pytest.raises(BadInput, match="somebody else"):
            await wrong
    changed = await office.eva.edit(one.id, "second")
    assert (changed.body, changed.edited_at) == ("second", office.desk.clock.now())
    await office.eva.remove(one.id)
    assert await office.eva.list_notes(office.desk.chat) == []
    with pytest.raises(BadInput, match="no note"):
        await office.eva.edit(one.id, "third")
    with pytest.raises(BadInput, match="another note"):
        await office.bram.add(office.desk.chat, "x", one.uid)


async def test_members_of_the_number_are_told_where_they_are_mentioned_until_they_read_it(office: Office) -> None:
    one = await office.eva.add(office.desk.chat, "@bram please, and @lost, mail bram@lost.nl")
    two = await office.eva.add(office.desk.chat, 'ask @"bram bos"')
    unread = await office.bram.list_mentions()
    assert [(m.note.id, m.chat_title, m.read_at) for m in unread] == [(two.id, "Otto", None), (one.id, "Otto", None)]
    assert await Noting(office.desk.store, "lost").list_mentions() == []
    assert await office.eva.list_mentions() == []
    assert await office.bram.mark_read(one.id)
    assert not await office.bram.mark_read(one.id)
    assert not await office.eva.mark_read(one.id)
    assert [m.note.id for m in await office.bram.list_mentions()] == [two.id]
    assert len(await office.bram.list_mentions(only_unread=False)) == 2
    await office.eva.edit(two.id, "@eva and @bram")
    assert [m.note.id for m in await office.eva.list_mentions()] == [two.id]
    await office.eva.remove(two.id)
    assert await office.bram.list_mentions() == []


async def test_who_can_be_mentioned_is_who_is_on_the_number(office: Office) -> None:
    assert [one.login for one in await office.eva.list_names(office.desk.chat)] == ["bram", "eva"]
    async with office.desk.store.write() as unit:
        await unit.connection.execute(membership.delete())
    assert await office.eva.list_names(office.desk.chat) == []


@pytest.mark.parametrize("body", ["", " \n\x00", "x" * (LONGEST + 1), "half \ud83d"])
async def test_what_is_no_note_is_refused_and_nothing_kept(office: Office, body: str) -> None:
    with pytest.raises(BadInput):
        await office.eva.add(office.desk.chat, body)
    assert await office.eva.list_notes(office.desk.chat) == []


async def test_a_note_on_no_chat_is_refused(office: Office) -> None:
    with pytest.raises(BadInput, match="no chat"):
        await office.eva.add(type(office.desk.chat)(99), "hello")


async def test_feed_holds_ids_only(office: Office) -> None:
    await office.eva.add(office.desk.chat, "secret words @bram")
    async with office.desk.store.read() as connection:
        rows = [tuple(row) for row in await connection.execute(select(change.c.kind, change.c.row_id))]
    assert {"note", "mention"} <= {kind for kind, _ in rows}
    assert not any("secret" in str(row) for row in rows)


@pytest.fixture
async def busy(desk: Desk) -> Desk:
    await people(desk)
    await desk.queue("waits", "hello")
    return desk


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(max_size=200) | st.sampled_from(["@bram", "/reply 1 hello", "'; INSERT INTO outbox --"]))
async def test_any_note_leaves_the_outbox_untouched(busy: Desk, body: str) -> None:
    before = await outbox_of(busy)
    noting = Noting(busy.store, "eva")
    try:
        made = await noting.add(busy.chat, body)
        await noting.edit(made.id, body + "!")
        await noting.remove(made.id)
    except BadInput:
        assert not body.replace("\x00", "").strip()
    assert await outbox_of(busy) == before
    async with busy.store.read() as connection:
        chat = await chats.get_chat(connection, busy.chat)
    assert chat is not None
    assert chat.preview == ""
