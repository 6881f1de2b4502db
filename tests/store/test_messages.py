"""The reconciler's decisions in the database: order, revisions, tombstones, search, the feed."""

from __future__ import annotations

import pytest

from app.domain.change import GapClosed, MessageChanged, MessageVanished
from app.domain.ids import MessageId
from app.domain.message import Content, Kind, Origin, Shown
from app.store import feed, messages, searching
from app.store.engine import RowChanged
from tests.store.conftest import Desk, added

EDITED = Content(Kind.TEXT, "hello, all", edited=True)


async def test_messages_stand_in_the_order_of_the_decisions(desk: Desk) -> None:
    one, two = await desk.add("one", "two")
    await desk.apply(added("one and a half", one), added("three", two), added("four", two), added("zero"))
    assert await desk.texts() == ["zero", "one", "one and a half", "two", "three", "four"]


async def test_older_messages_come_in_front_in_their_own_order(desk: Desk) -> None:
    await desk.add("new")
    await desk.add("a", "b", "c")
    await desk.add("x", "y")
    assert await desk.texts() == ["x", "y", "a", "b", "c", "new"]


async def test_so_many_between_two_neighbours_that_orders_run_out_keep_their_order(desk: Desk) -> None:
    first, _ = await desk.add("first", "last")
    between = [f"{n:03}" for n in range(60)]
    await desk.add(*between, after=first)
    assert await desk.texts() == ["first", *between, "last"]


async def test_one_at_a_time_right_behind_the_same_message_stands_newest_first(desk: Desk) -> None:
    first, _ = await desk.add("first", "last")
    for n in range(50):
        await desk.add(f"{n:03}", after=first)
    assert await desk.texts() == ["first", *[f"{n:03}" for n in reversed(range(50))], "last"]


async def test_long_back_fills_in_front_never_collide(desk: Desk) -> None:
    await desk.add("new")
    wanted = ["new"]
    for block in range(3):
        names = [f"{block}-{n}" for n in range(40)]
        await desk.add(*names)
        wanted = names + wanted
    assert await desk.texts() == wanted


async def test_a_window_holds_the_newest_and_says_whether_that_is_all(desk: Desk) -> None:
    await desk.add(*[str(n) for n in range(10)])
    async with desk.store.read() as connection:
        window = await messages.load_window(connection, desk.chat, 4)
    assert [entry.content.text for entry in window.entries] == ["6", "7", "8", "9"]
    assert not window.complete


async def test_a_new_text_keeps_the_one_it_replaced(desk: Desk) -> None:
    (one,) = await desk.add("hello")
    await desk.apply(MessageChanged(one, EDITED, Shown(700), Origin.SCREEN))
    async with desk.store.read() as connection:
        assert await messages.earlier_texts(connection, one) == ["hello"]
    assert await desk.texts() == ["hello, all"]


async def test_a_new_tick_is_no_revision(desk: Desk) -> None:
    (one,) = await desk.add("hello")
    await desk.apply(MessageChanged(one, Content(Kind.TEXT, "hello"), Shown(701), Origin.SCREEN, 1789312440000))
    async with desk.store.read() as connection:
        assert await messages.earlier_texts(connection, one) == []
        entry = (await messages.load_window(connection, desk.chat)).entries[0]
    assert (entry.shown.minute, entry.time_ms) == (701, 1789312440000)


async def test_what_vanished_is_marked_and_kept(desk: Desk) -> None:
    one, _ = await desk.add("one", "two")
    await desk.apply(MessageVanished(one))
    async with desk.store.read() as connection:
        window = await messages.load_window(connection, desk.chat)
        assert await messages.count_messages(connection, desk.chat) == 2
    assert [entry.gone for entry in window.entries] == [True, False]


async def test_a_gap_can_be_closed(desk: Desk) -> None:
    (one,) = await desk.apply(added("one"))
    await desk.apply(GapClosed(one))
    async with desk.store.read() as connection:
        assert not (await messages.load_window(connection, desk.chat)).entries[0].gap_before


async def test_pages_go_both_ways_without_overlap(desk: Desk) -> None:
    await desk.add(*[str(n) for n in range(9)])
    async with desk.store.read() as connection:
        last = await messages.list_messages(connection, desk.chat, 3)
        before = await messages.list_messages(connection, desk.chat, 3, before=last[0].entry.order)
        after = await messages.list_messages(connection, desk.chat, 2, after=before[-1].entry.order)
    assert [m.entry.content.text for m in last] == ["6", "7", "8"]
    assert [m.entry.content.text for m in before] == ["3", "4", "5"]
    assert [m.entry.content.text for m in after] == ["6", "7"]


async def _found(desk: Desk, words: str) -> set[MessageId]:
    async with desk.store.read() as connection:
        return {hit.message for hit in await searching.search_messages(connection, words)}


async def test_search_finds_words_without_their_accents_and_by_their_beginning(desk: Desk) -> None:
    one, two, _ = await desk.add("Olá, está pronto", "de reparatie is klaar", "iets anders")
    assert await _found(desk, "ola esta") == {one}
    assert await _found(desk, "REPARATIE kl") == {two}
    assert await _found(desk, "klaar reparatie nee") == set()


async def test_search_follows_an_edit_and_forgets_what_vanished(desk: Desk) -> None:
    one, two = await desk.add("bicycle", "bicycle bell")
    await desk.apply(MessageChanged(one, Content(Kind.TEXT, "scooter", edited=True), Shown(700), Origin.SCREEN))
    assert await _found(desk, "bicycle") == {two}
    assert await _found(desk, "scoot") == {one}
    await desk.apply(MessageVanished(two))
    assert await _found(desk, "bicycle") == set()


async def test_search_takes_nothing_as_syntax(desk: Desk) -> None:
    (one,) = await desk.add('he said "five" OR six* (now)')
    for words in ('"five"', "six*", "(now)", "said OR five", "NEAR(", "-", "*", '"', "text:five", "five\x00"):
        assert await _found(desk, words) <= {one}
    assert await _found(desk, '"five"') == {one}


async def test_listeners_and_the_feed_hear_after_the_commit_and_by_ids_only(desk: Desk) -> None:
    heard: list[RowChanged] = []
    desk.store.listen(heard.extend)
    async with desk.store.read() as connection:
        start = await feed.newest_change(connection)
    (one,) = await desk.add("one")
    assert RowChanged("message", str(one), desk.chat) in heard
    async with desk.store.read() as connection:
        last, found = await feed.changes_after(connection, start)
        assert (await feed.changes_after(connection, last))[1] == []
    assert found == heard


async def test_a_transaction_that_fails_tells_nobody_and_leaves_nothing(desk: Desk) -> None:
    heard: list[RowChanged] = []
    desk.store.listen(heard.extend)

    async def fail() -> None:
        async with desk.store.write() as unit:
            await messages.apply_changes(unit, desk.chat, (added("one"),))
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert heard == []
    assert await desk.texts() == []
