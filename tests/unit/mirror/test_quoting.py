"""Which row is one certain message: never another one, whatever repeats itself and whatever came meanwhile."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from app.domain.ids import MessageId
from app.domain.message import Content, Direction, Entry, Kind, Shown
from app.domain.observation import RowSeen
from app.mirror.quoting import Sight, find_row

Said = tuple[Direction, int, str]


def entries_of(said: list[Said]) -> list[Entry]:
    return [
        Entry(MessageId(n), n, direction, Shown(minute), Content(Kind.TEXT, text))
        for n, (direction, minute, text) in enumerate(said)
    ]


def rows_of(said: list[Said]) -> list[RowSeen]:
    return [
        RowSeen(direction, Shown(minute), Content(Kind.TEXT, text), True, (0, 100 * n, 500, 100 * n + 90))
        for n, (direction, minute, text) in enumerate(said)
    ]


def chat(*texts: str) -> list[Said]:
    return [(Direction.IN, 700, text) for text in texts]


def test_a_message_is_found_where_it_stands() -> None:
    said = chat("a", "b", "c", "d")
    place = find_row(entries_of(said), rows_of(said[1:]), MessageId(2))
    assert (place.sight, place.index) == (Sight.HERE, 1)
    assert find_row(entries_of(said), rows_of(said[1:]), MessageId(0)).sight is Sight.FURTHER_UP
    assert find_row(entries_of(said), rows_of(said), MessageId(99)).sight is Sight.LOST


def test_equal_messages_are_told_apart_by_what_stands_around_them() -> None:
    said = chat("a", "ok", "ok", "b")
    for number in (1, 2):
        place = find_row(entries_of(said), rows_of(said), MessageId(number))
        assert (place.sight, place.index) == (Sight.HERE, number)


def test_nothing_but_equal_messages_is_ambiguous() -> None:
    said = chat("a", *["ok"] * 9)
    assert find_row(entries_of(said), rows_of(said[4:]), MessageId(7)).sight is Sight.AMBIGUOUS


def test_a_window_that_the_mirror_does_not_agree_with_proves_nothing() -> None:
    said = chat("a", "b", "c", "d")
    assert find_row(entries_of(said[:-1]), rows_of(said), MessageId(1)).sight is Sight.LOST
    assert find_row(entries_of(said), rows_of(chat("a", "x", "c", "d")), MessageId(2)).sight is Sight.LOST


def test_above_a_gap_nothing_is_certain() -> None:
    said = chat("a", "b", "c", "d")
    entries = entries_of(said)
    entries[2] = replace(entries[2], gap_before=True)
    assert find_row(entries, rows_of(said), MessageId(2)).sight is Sight.HERE
    assert find_row(entries, rows_of(said), MessageId(1)).sight is Sight.LOST


def test_what_is_no_text_or_was_changed_is_not_quoted() -> None:
    said = chat("a", "b", "c")
    rows = rows_of(said)
    gone = replace(rows[1], content=Content(Kind.DELETED))
    assert find_row(entries_of(said), [rows[0], gone, rows[2]], MessageId(1)).sight is Sight.LOST
    photo = Content(Kind.PHOTO)
    entries = entries_of(said)
    entries[1] = replace(entries[1], content=photo)
    rows[1] = replace(rows[1], content=photo)
    assert find_row(entries, rows, MessageId(1)).sight is Sight.LOST


saids = st.lists(
    st.tuples(st.sampled_from(Direction), st.sampled_from((700, 701)), st.sampled_from(("ok", "ja", "so?"))),
    min_size=2, max_size=14,
)  # fmt: skip


@given(saids, st.data())
def test_it_is_never_another_message(said: list[Said], data: st.DataObject) -> None:
    """The mirror may be a few messages behind the phone: then no row, or the right one."""
    shown = data.draw(st.integers(1, len(said)), "rows in view")
    late = data.draw(st.integers(0, min(3, shown - 1)), "messages that came since")
    known = said[: len(said) - late]
    wanted = data.draw(st.integers(0, len(known) - 1), "the message")
    place = find_row(entries_of(known), rows_of(said[len(said) - shown :]), MessageId(wanted))
    if place.sight is Sight.HERE:
        assert len(said) - shown + place.index == wanted
