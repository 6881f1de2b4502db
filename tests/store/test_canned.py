"""Canned replies kept, found, filled and counted, on a file and on a server; and as a table file."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.ids import AccountId
from app.services.canned_files import bare_cell, guard_cell, read_table, write_table
from app.services.canning import CannedFile, Canning, Draft, Imported, unfilled
from app.store import accounts, chats
from tests.store.conftest import Desk

OPEN = Draft("open", "Openingstijden", "{{aanhef}} {{voornaam}}, wij zijn open.", "nl")
SUM = "0123456789abcdef" * 4


@pytest.fixture
def eva(desk: Desk) -> Canning:
    return Canning(desk.store, desk.clock, "eva")


async def test_a_canned_reply_is_kept_once_and_its_shortcut_is_its_own(desk: Desk, eva: Canning) -> None:
    first = await eva.add(replace(OPEN, shortcut=" /open"), "c-1")
    assert await eva.add(OPEN, "c-1") == first
    assert (first.draft, first.changed_by, first.changed_at) == (OPEN, "eva", desk.clock.now())
    with pytest.raises(BadInput, match="there is a canned reply"):
        await eva.add(replace(OPEN, shortcut="Open"))
    english = await eva.add(replace(OPEN, language="en", body="We are open."))
    of_number = await eva.add(replace(OPEN, account=desk.account, files=(CannedFile(SUM, "kaart.pdf"),)))
    assert {one.id for one in await eva.list_canned()} == {first.id, english.id, of_number.id}
    assert await eva.get("OPEN", desk.chat) == of_number
    with pytest.raises(BadInput, match="several"):
        await eva.get("open")
    assert await eva.get(english.uid) == english


async def test_what_was_removed_comes_back_unless_its_shortcut_is_taken(eva: Canning) -> None:
    one = await eva.add(OPEN)
    gone = await eva.remove(one)
    assert await eva.list_canned() == []
    assert [o.id for o in await eva.list_canned(removed=True)] == [one.id]
    assert gone.removed_at is not None
    back = await eva.restore(await eva.get("open", removed=True))
    assert await eva.list_canned() == [back]
    await eva.remove(back)
    await eva.add(OPEN)
    with pytest.raises(BadInput, match="there is a canned reply"):
        await eva.restore(gone)


async def test_an_edit_changes_what_is_named(eva: Canning) -> None:
    one = await eva.add(OPEN)
    other = await eva.add(replace(OPEN, shortcut="dicht", body="Wij zijn dicht."))
    changed = await eva.edit(one, body="Wij zijn nu open.")
    assert changed.draft == replace(OPEN, body="Wij zijn nu open.")
    with pytest.raises(BadInput, match="there is a canned reply"):
        await eva.edit(other, shortcut="open")


@pytest.mark.parametrize(
    "draft",
    [
        replace(OPEN, shortcut=""), replace(OPEN, shortcut="two words"), replace(OPEN, body=" "),
        replace(OPEN, language="fr"), replace(OPEN, body="a\n---\n\n---\nb"), replace(OPEN, body="x" * 10_001),
        replace(OPEN, body="\n---\n".join("abcde")), replace(OPEN, title="x" * 121),
    ],
)  # fmt: skip
async def test_what_is_no_canned_reply_is_refused(eva: Canning, draft: Draft) -> None:
    with pytest.raises(BadInput, match="nothing was changed"):
        await eva.add(draft)
    with pytest.raises(BadInput, match="nothing was changed"):
        await eva.import_all([OPEN, draft])
    assert await eva.list_canned() == []


async def test_what_is_typed_finds_what_is_for_the_number(desk: Desk, eva: Canning) -> None:
    async with desk.store.write() as unit:
        other = await accounts.add_account(unit, "other", "com.whatsapp.w4b", "Twee", "full")
    await eva.add(OPEN)
    await eva.add(Draft("retour", "Retour", "Stuur het terug.", account=other))
    assert [one.draft.shortcut for one in await eva.find("")] == ["open", "retour"]
    assert [one.draft.shortcut for one in await eva.find("/op")] == ["open"]
    assert await eva.find("retour", desk.chat) == []


async def test_a_reply_is_filled_for_a_chat_and_an_open_slot_holds_it_back(desk: Desk, eva: Canning) -> None:
    one = await eva.add(OPEN)
    offer = await eva.offer(one, desk.chat)
    assert (offer.rendered.text, offer.may_be_sent) == ("Goedemiddag Otto, wij zijn open.", True)
    slots = await eva.add(Draft("k", "", "{{?reden}} {{zaak}} {{volgende_opening}} {{agent}}"))
    held = await eva.offer(slots, desk.chat, case="12")
    assert (held.rendered.missing, held.rendered.to_fill) == (("volgende_opening",), ("?reden",))
    assert not held.may_be_sent
    assert unfilled(held.rendered.text) == ("?reden", "volgende_opening")
    assert held.rendered.text.endswith("eva")


async def test_a_customer_gets_the_alternative_of_longest_ago(desk: Desk, eva: Canning) -> None:
    one = await eva.add(Draft("dank", "", "Dank je\n---\nBedankt\n---\nGraag gedaan"))
    given_to: list[int] = []
    for turn in range(5):
        offer = await eva.offer(one, desk.chat)
        given_to.append(offer.variant)
        assert await eva.note_use(one, desk.chat, offer.variant, f"r-{turn}")
        assert not await eva.note_use(one, desk.chat, offer.variant, f"r-{turn}")
        desk.clock.advance(60)
    assert given_to == [0, 1, 2, 0, 1]
    (kept,) = await eva.list_canned()
    assert kept.uses == 5
    assert kept.last_used_at is not None
    async with desk.store.write() as unit:
        fresh = await chats.add_chat(unit, desk.account, "Anna", "person")
    assert (await eva.offer(one, fresh)).variant == 0


async def test_the_same_text_to_many_customers_is_said(desk: Desk, eva: Canning) -> None:
    one = await eva.add(OPEN)
    for number in range(6):
        async with desk.store.write() as unit:
            chat = await chats.add_chat(unit, desk.account, f"C{number}", "person")
        assert not (await eva.offer(one, desk.chat)).is_worn
        await eva.note_use(one, chat, 0, f"r-{number}")
    assert (await eva.offer(one, desk.chat)).is_worn
    desk.clock.advance(25 * 3600)
    assert not (await eva.offer(one, desk.chat)).is_worn


async def test_a_table_file_comes_back_as_it_went(desk: Desk, eva: Canning) -> None:
    numbers = {desk.account: "Winkel"}
    drafts = [
        replace(OPEN, body="=SUM(A1)\n+31; '=x", title="@home"),
        Draft("-dank", "'-title", '"quoted", and\n---\nsecond', "any", desk.account, (CannedFile(SUM, "a b.pdf"),)),
    ]
    assert await eva.import_all(drafts) == Imported(2, 0, 0)
    data = write_table(await eva.list_canned(), numbers)
    assert data.startswith(b"\xef\xbb\xbfshortcut;")
    assert b"'=SUM(A1)" in data
    assert sorted(read_table(data, numbers), key=lambda one: one.shortcut) == sorted(drafts, key=lambda o: o.shortcut)
    assert await eva.import_all(read_table(data, numbers)) == Imported(0, 0, 2)
    drafts[0] = replace(drafts[0], title="new")
    assert await eva.import_all(drafts) == Imported(0, 1, 1)


def test_a_file_with_commas_is_read_as_well() -> None:
    (one,) = read_table(b'Shortcut,Text\nhoi,"a; b"\n', {})
    assert one == Draft("hoi", "", "a; b")


@pytest.mark.parametrize(
    "data",
    [
        b"", b"a;b\n1;2\n", b"\xff\xfe", b"shortcut;text;number\nx;y;Nobody\n", b"shortcut;text;files\nx;y;../etc\n",
        b'shortcut;text\nx;"open',
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="nothing was changed"):
        read_table(data, {AccountId(1): "Winkel"})


@given(st.text(max_size=20) | st.text(alphabet="'=+-@\t\r ab", max_size=6))
def test_no_cell_is_a_formula_and_each_comes_back(text: str) -> None:
    cell = guard_cell(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert bare_cell(cell) == text
