"""What an export may and may not do to a mirror, one rule at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from app.domain.change import GapFound, MessageAdded, MessageChanged
from app.domain.exported import ExportedRow
from app.domain.ids import ChatId, MessageId
from app.domain.message import ChatWindow, Content, Direction, Entry, Kind, Media, Origin, Shown
from app.domain.observation import NotifiedMessage, RowSeen
from app.mirror.importing import ImportPlan, plan_import
from app.mirror.matching import may_be, merged
from app.mirror.planning import plan_notified
from tests.unit.mirror.model import Mirror

IN, OUT = Direction.IN, Direction.OUT
DAY = date(2026, 8, 18)


def row(minute: int, text: str = "", kind: Kind = Kind.TEXT, side: Direction = IN, **more: object) -> ExportedRow:
    return ExportedRow(side, Shown(minute, DAY), Content(kind, text, **more))  # type: ignore[arg-type]


def held(*rows: ExportedRow, gaps: tuple[int, ...] = (), origin: Origin = Origin.SCREEN) -> Mirror:
    """Return a mirror of these rows; `gaps` are the indexes before which messages are missing."""
    mirror = Mirror()
    mirror.apply(
        tuple(
            MessageAdded(r.direction, r.shown, r.content, origin, None, gap_before=i in gaps)
            for i, r in enumerate(rows)
        )
    )
    return mirror


def take(mirror: Mirror, *rows: ExportedRow, starts_chat: bool = False, complete: bool = False) -> ImportPlan:
    def plan() -> ImportPlan:
        window = ChatWindow(ChatId(1), tuple(mirror.entries), complete)
        return plan_import(window, rows, starts_chat=starts_chat)

    found = plan()
    mirror.apply(found.changes)
    assert plan().changes == (), "the second time changes something"
    return found


def texts(mirror: Mirror) -> list[str]:
    return [("| " if e.gap_before else "") + e.content.text for e in mirror.live()]


A, B, C, D, E = (row(600 + 10 * n, text) for n, text in enumerate(("alpha", "bravo", "charlie", "delta", "echo")))


def test_what_is_missing_comes_in_its_place_and_the_gap_closes() -> None:
    mirror = held(A, D, E, gaps=(0, 1))
    found = take(mirror, A, B, C, D)
    assert texts(mirror) == ["| alpha", "bravo", "charlie", "delta", "echo"]
    assert (found.known, found.added, found.gaps_closed, found.not_placed) == (2, 2, 1, 0)


def test_what_is_older_and_newer_comes_at_the_ends() -> None:
    mirror = held(C, gaps=(0,))
    take(mirror, A, B, C, D, starts_chat=True)
    assert texts(mirror) == ["alpha", "bravo", "charlie", "delta"]


def test_an_export_that_does_not_reach_the_beginning_moves_the_gap_up() -> None:
    mirror = held(C, gaps=(0,))
    take(mirror, B, C)
    assert texts(mirror) == ["| bravo", "charlie"]


def test_a_text_that_the_screen_cut_is_completed() -> None:
    mirror = held(row(600, "a long text that the", cut=True))
    found = take(mirror, row(600, "a long text that the screen cut"))
    assert found.completed == 1
    assert mirror.entries[0].content == Content(Kind.TEXT, "a long text that the screen cut")
    assert mirror.entries[0].origin is Origin.SCREEN


def test_nothing_known_is_overwritten_by_less() -> None:
    mirror = held(row(600, "Look", Kind.PHOTO, media=Media(size="1 MB")), row(601, "", Kind.DELETED))
    take(mirror, row(600, "", Kind.UNKNOWN), row(601, "what it was"))
    assert [(e.content.kind, e.content.text) for e in mirror.entries] == [(Kind.PHOTO, "Look"), (Kind.DELETED, "")]


def test_a_file_gets_its_name() -> None:
    mirror = held(row(600, "", Kind.PHOTO, media=Media(size="1 MB")))
    take(mirror, row(600, "", Kind.PHOTO, media=Media(name="IMG-20260818-WA0001.jpg")))
    assert mirror.entries[0].content.media == Media("IMG-20260818-WA0001.jpg", "1 MB")


def test_an_edit_that_no_screen_showed_replaces_the_text() -> None:
    mirror = held(A, row(610, "bravo", side=OUT), C)
    take(mirror, A, row(610, "bravo!", side=OUT, edited=True), C)
    assert texts(mirror) == ["alpha", "bravo!", "charlie"]


def test_a_text_told_otherwise_is_neither_doubled_nor_placed() -> None:
    mirror = held(A, B, C)
    found = take(mirror, A, replace(B, content=Content(Kind.TEXT, "told in other words")), C)
    assert texts(mirror) == ["alpha", "bravo", "charlie"]
    assert (found.added, found.not_placed) == (0, 1)


def test_what_stands_clear_of_a_doubt_is_placed_and_the_doubt_stays_a_gap() -> None:
    mirror = held(C, gaps=(0,))
    found = take(mirror, A, replace(C, content=Content(Kind.TEXT, "other words")))
    assert found.not_placed >= 1
    assert "other words" not in texts(mirror)


def test_equal_answers_of_one_minute_are_counted_not_merged() -> None:
    ok = row(600, "ok")
    mirror = held(ok, B, gaps=(0,))
    take(mirror, ok, ok, ok, B)
    assert [e.content.text for e in mirror.live()] == ["ok", "ok", "ok", "bravo"]


def test_the_file_of_another_chat_adds_nothing() -> None:
    mirror = held(A, B, C)
    found = take(mirror, row(605, "somebody"), row(615, "else"), complete=True)
    assert (found.added, found.not_placed) == (0, 2)


def test_an_older_export_without_a_shared_message_stands_before_a_gap() -> None:
    mirror = held(D, E, gaps=(0,))
    take(mirror, A, B, starts_chat=True)
    assert texts(mirror) == ["alpha", "bravo", "| delta", "echo"]


def test_what_was_deleted_from_the_phone_does_not_come_back() -> None:
    mirror = held(A, B, C)
    mirror.entries[1] = replace(mirror.entries[1], gone=True)
    assert take(mirror, A, B, C).changes == ()


def test_what_was_only_heard_of_is_known_also_a_minute_off() -> None:
    mirror = held(B, C, origin=Origin.NOTIFICATION)
    take(mirror, A, B, replace(C, shown=Shown(621, DAY)), starts_chat=True)
    assert texts(mirror) == ["alpha", "bravo", "charlie"]


def test_before_what_was_heard_and_no_export_reaches_a_gap_shows() -> None:
    mirror = held(A, B, origin=Origin.NOTIFICATION)
    found = take(mirror, B, C)
    assert any(isinstance(change, GapFound) for change in found.changes)
    assert texts(mirror)[-1] == "charlie"


def test_notices_that_the_screen_did_not_show_between_two_rows_are_left_out() -> None:
    mirror = held(A, B)
    notice = ExportedRow(IN, Shown(None, DAY), Content(Kind.SYSTEM, "The security code changed."))
    found = take(mirror, A, notice, B)
    assert (found.added, found.left_out, found.not_placed) == (0, 1, 0)


def test_a_row_without_a_day_is_not_taken_for_one_of_another_year() -> None:
    undated = replace(B, shown=Shown(610))
    mirror = held(undated)
    found = take(mirror, A, B, C)
    assert found.known == 0
    assert found.not_placed == 3


def test_rows_without_a_day_are_placed_by_a_run_and_get_their_day() -> None:
    mirror = held(*[replace(one, shown=Shown(one.shown.minute)) for one in (A, B, C)])
    found = take(mirror, A, B, C, D)
    assert (found.known, found.completed, found.added) == (3, 3, 1)
    assert {e.shown.day for e in mirror.entries} == {DAY}


@pytest.mark.parametrize("kind", [Kind.VIEW_ONCE, Kind.VOICE, Kind.DOCUMENT])
def test_a_file_that_the_export_leaves_out_is_the_one_on_the_screen(kind: Kind) -> None:
    mirror = held(A, row(610, "", kind, media=Media()), C)
    assert take(mirror, A, row(610, "", Kind.UNKNOWN, media=Media()), C).changes == ()


def test_a_change_keeps_what_brought_the_message() -> None:
    entry = Entry(MessageId(1), 0, IN, Shown(600, DAY), Content(Kind.UNKNOWN), Origin.NOTIFICATION, 1789312440000)
    found = plan_import(ChatWindow(ChatId(1), (entry,)), [row(600, "", Kind.PHOTO, media=Media())], starts_chat=True)
    changed = [change for change in found.changes if isinstance(change, MessageChanged)]
    assert [(c.content.kind, c.origin, c.time_ms) for c in changed] == [
        (Kind.PHOTO, Origin.NOTIFICATION, 1789312440000)
    ]


def seen(minute: int | None, content: Content) -> RowSeen:
    return RowSeen(IN, Shown(minute, DAY), content, whole=True, bounds=(0, 0, 1, 1))


@pytest.mark.parametrize(
    ("kind", "minute"), [(Kind.CALL, None), (Kind.CALL, 600), (Kind.SYSTEM, None)], ids=["call", "timed call", "notice"]
)
def test_a_notice_that_the_screen_words_otherwise_is_the_exported_one(kind: Kind, minute: int | None) -> None:
    entry = Entry(
        MessageId(1), 0, IN, Shown(None if kind is Kind.SYSTEM else 600, DAY), Content(kind, "a"), Origin.EXPORT
    )
    assert may_be(entry, seen(minute, Content(kind, "b")))
    assert not may_be(replace(entry, origin=Origin.SCREEN), seen(minute, Content(kind, "b")))
    assert not may_be(entry, seen(601, Content(Kind.CALL, "b"))) or kind is Kind.SYSTEM


def test_a_screen_keeps_the_name_and_caption_that_the_export_told() -> None:
    told = Content(Kind.UNKNOWN, "caption", media=Media(name="Offer.pdf"))
    entry = Entry(MessageId(1), 0, IN, Shown(600, DAY), told, Origin.EXPORT)
    content, _ = merged(entry, seen(600, Content(Kind.DOCUMENT, media=Media(size="1 MB"))))
    assert (content.kind, content.text, content.media) == (Kind.DOCUMENT, "caption", Media("Offer.pdf", "1 MB"))


def test_a_notification_of_a_file_that_the_export_left_out_adds_nothing() -> None:
    entry = Entry(MessageId(1), 0, IN, Shown(600, DAY), Content(Kind.UNKNOWN), Origin.EXPORT)
    time_ms = int(datetime(2026, 8, 18, 10, 0, 30, tzinfo=UTC).timestamp() * 1000)
    found = plan_notified(
        ChatWindow(ChatId(1), (entry,)), (NotifiedMessage("Otto", Content(Kind.PHOTO), time_ms),), UTC
    )
    assert not any(isinstance(change, MessageAdded) for change in found.changes)
