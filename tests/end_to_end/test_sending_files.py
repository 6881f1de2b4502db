"""A file reaches the customer at most once, never another one, its fate is known, and nothing of it stays behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.attached import MOST_BYTES
from app.domain.errors import BadInput, PhoneLost, ReplyRefused, ScreenNotRecognised, SendRefused
from app.domain.ids import ChatId
from app.domain.message import Direction, Kind, Tick
from app.domain.observation import ScreenKind
from app.domain.reply import Reason, ReplyState
from app.services.attaching import KEPT_S
from app.services.sending import LeaseLost
from app.store import chats, messages
from tests.end_to_end.bench import AT_ONCE, Bench
from tests.fakes.attaching import Composing
from tests.fakes.phone import FakeChat
from tests.fakes.pictures import picture

CAPTION = "Your bike, ready at 16:00 👍"
DRAFT = "a draft of the owner"
S = ReplyState
PDF = b"%PDF-1.4 an offer"


@pytest.fixture
async def otto(bench: Bench) -> FakeChat:
    chat = bench.phone.add_chat("Otto", "31600000001")
    bench.phone.customer_writes(chat, "can I see it?")
    return chat


@pytest.fixture
async def chat(bench: Bench, otto: FakeChat) -> ChatId:
    return await bench.chat(otto.title, otto.number)


BIKE = picture()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "bike.jpg"
    path.write_bytes(BIKE)
    return path


def spoil(path: Path) -> None:
    """The agent goes on working on the file, and then removes it."""
    path.write_bytes(b"changed after it was queued")
    path.unlink()


def lose(bench: Bench) -> Callable[[], None]:
    def unplug() -> None:
        bench.phone.is_plugged = False
        raise PhoneLost("unplugged")

    return unplug


def own(otto: FakeChat) -> list[tuple[Kind, str]]:
    return [(one.kind, one.text) for one in otto.content.sent if one.direction is Direction.OUT]


async def test_a_photo_with_a_caption_is_sent_once_mirrored_and_removed_from_the_phone(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    reply = await bench.queue_file(chat, photo, CAPTION)
    spoil(photo)
    assert await bench.deliver(reply) is S.SENT
    assert bench.phone.sent_files == [("Otto", CAPTION, BIKE)]
    assert own(otto) == [(Kind.PHOTO, CAPTION)]
    assert (await bench.reply(reply.id)).echo is not None
    assert bench.phone.calls.count("tap_send_file") == 1
    assert bench.phone.pushed == {}
    async with bench.store.read() as connection:
        rows = await messages.list_messages(connection, chat, 10)
    assert (rows[-1].entry.content.kind, rows[-1].entry.content.text) == (Kind.PHOTO, CAPTION)


async def test_equal_photos_without_a_caption_are_both_sent_once(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    for _ in range(3):
        assert await bench.deliver(await bench.queue_file(chat, photo)) is S.SENT
    assert own(otto) == [(Kind.PHOTO, "")] * 3
    async with bench.store.read() as connection:
        assert len({r.entry.id for r in await messages.list_messages(connection, chat, 10) if r.reply}) == 3


async def test_a_document_keeps_its_name_and_is_known_by_it(
    bench: Bench, otto: FakeChat, chat: ChatId, tmp_path: Path
) -> None:
    path = tmp_path / "offer \u202efdp.pdf"
    path.write_bytes(PDF)
    reply = await bench.queue_file(chat, path, "Our offer")
    assert reply.file is not None
    assert (reply.file.name, reply.file.kind) == ("offer fdp.pdf", Kind.DOCUMENT)
    assert await bench.deliver(reply) is S.SENT
    assert otto.last.name == "offer fdp.pdf"


@pytest.mark.parametrize("step", ["open_chat", "push_file", "offer_file"])
async def test_a_phone_lost_before_the_tap_leaves_the_reply_queued(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path, step: str
) -> None:
    reply = await bench.queue_file(chat, photo, CAPTION)
    bench.phone.before[step] = [lose(bench)]
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.QUEUED
    bench.phone.is_plugged = True
    # As at each start of a worker.
    bench.phone.drop_files()
    assert await bench.deliver(await bench.claim()) is S.SENT
    assert len(bench.phone.sent_files) == 1
    assert bench.phone.pushed == {}


@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_phone_lost_around_the_tap_leaves_it_unknown_and_a_look_settles_it(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path, moment: str
) -> None:
    reply = await bench.queue_file(chat, photo, CAPTION)
    getattr(bench.phone, moment)["tap_send_file"] = [lose(bench)]
    with pytest.raises(PhoneLost):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.UNKNOWN
    bench.phone.is_plugged = True
    state = await bench.sending.settle_by_looking(bench.thread, bench.account, await bench.reply(reply.id))
    assert state is (S.SENT if moment == "after" else S.FAILED)
    assert len(bench.phone.sent_files) == (moment == "after")
    assert bench.phone.composer is None
    assert await bench.try_to_claim() is None


@pytest.mark.parametrize(
    "died",
    [
        ((), S.QUEUED),
        ((S.TYPING,), S.QUEUED),
        ((S.TYPING, S.SUBMITTED), S.UNKNOWN),
        ((S.TYPING, S.SUBMITTED, S.UNKNOWN), S.UNKNOWN),
        ((S.FAILED,), S.FAILED),
    ],
)
@pytest.mark.parametrize("is_in_composer", [True, False])
async def test_after_a_crash_in_any_state_a_file_is_sent_at_most_once(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path, died: tuple[tuple[ReplyState, ...], ReplyState],
    is_in_composer: bool,
) -> None:  # fmt: skip
    states, ends = died
    reply = await bench.queue_file(chat, photo, CAPTION)
    await bench.bring(reply, *states)
    if is_in_composer:
        bench.phone.opened = otto
        bench.phone.composer = Composing(["Otto"], otto, "/x/bike.jpg", CAPTION)
    unknown = await bench.sending.recover(bench.account)
    assert (await bench.reply(reply.id)).state is ends
    assert [one.id for one in unknown] == ([reply.id] if ends is S.UNKNOWN else [])
    for one in unknown:
        settled = await bench.sending.settle_by_looking(bench.thread, bench.account, one)
        assert settled is (S.FAILED if is_in_composer else S.UNKNOWN)
    if ends is S.QUEUED:
        assert await bench.deliver(await bench.claim()) is S.SENT
    assert len(bench.phone.sent_files) == (ends is S.QUEUED)
    assert await bench.try_to_claim() is None


async def test_somebody_elses_composer_settles_nothing(bench: Bench, otto: FakeChat, chat: ChatId, photo: Path) -> None:
    reply = await bench.queue_file(chat, photo, CAPTION)
    await bench.bring(reply, S.TYPING, S.SUBMITTED)
    bench.phone.composer = Composing(["Otto"], otto, "/x/other.jpg", "another picture")
    (unknown,) = await bench.sending.recover(bench.account)
    assert await bench.sending.settle_by_looking(bench.thread, bench.account, unknown) is S.UNKNOWN


@pytest.mark.parametrize(("minutes", "ends"), [(1, S.SENT), (30, S.UNKNOWN)])
async def test_a_photo_that_somebody_sends_much_later_is_not_taken_for_one_in_doubt(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path, minutes: int, ends: ReplyState
) -> None:
    reply = await bench.queue_file(chat, photo)
    await bench.bring(reply, S.TYPING, S.SUBMITTED)
    (unknown,) = await bench.sending.recover(bench.account)
    bench.phone.pass_time(minutes * 60 + (bench.clock.now() - bench.phone.now).total_seconds())
    bench.phone.owner_sends_file(otto, "", "", BIKE)
    assert await bench.sending.settle_by_looking(bench.thread, bench.account, unknown) is ends


@pytest.mark.parametrize(
    "wrong",
    [
        (["Somebody else"], 1, Reason.WRONG_CHAT),
        (["Otto", "Somebody else"], 1, Reason.WRONG_CHAT),
        ([], 1, Reason.WRONG_CHAT),
        (["Otto"], 2, Reason.FILE_NOT_OFFERED),
    ],
)
@pytest.mark.parametrize("is_late", [False, True])
async def test_a_composer_that_holds_anything_else_is_never_sent(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path, wrong: tuple[list[str], int, Reason], is_late: bool
) -> None:
    recipients, files, reason = wrong
    bench.phone.add_chat("Somebody else", "31600000002")

    def change(composer: Composing) -> None:
        composer.recipients, composer.files = recipients, files

    def change_late() -> None:
        assert bench.phone.composer is not None
        change(bench.phone.composer)

    if is_late:
        bench.phone.before["tap_send_file"] = [change_late]
    else:
        bench.phone.on_composer = change
    reply = await bench.queue_file(chat, photo, CAPTION)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is reason
    assert (bench.phone.sent_files, bench.phone.composer, bench.phone.pushed) == ([], None, {})


async def test_a_full_phone_refuses_for_certain_and_nothing_stays(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    bench.phone.is_full = True
    reply = await bench.queue_file(chat, photo)
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.FILE_NOT_PUSHED
    assert (bench.phone.sent_files, bench.phone.pushed) == ([], {})


async def test_a_stored_file_that_is_gone_is_a_certain_failure(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    reply = await bench.queue_file(chat, photo)
    assert reply.file is not None
    bench.vault.path(reply.file.sha256).unlink()
    assert await bench.deliver(reply) is S.FAILED
    assert (await bench.reply(reply.id)).reason is Reason.FILE_MISSING


async def test_a_tap_that_did_nothing_is_repeated_exactly_once(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    bench.phone.dead_taps = 1
    assert await bench.deliver(await bench.queue_file(chat, photo, CAPTION)) is S.SENT
    assert bench.phone.calls.count("tap_send_file") == 2
    assert len(bench.phone.sent_files) == 1


async def test_a_composer_that_stays_is_a_certain_failure(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    bench.phone.dead_taps = 99
    reply = await bench.queue_file(chat, photo, CAPTION)
    assert await bench.deliver(reply) is S.FAILED
    assert bench.phone.calls.count("tap_send_file") == 2
    assert (bench.phone.sent_files, bench.phone.composer, bench.phone.pushed) == ([], None, {})


async def test_a_bubble_that_never_shows_is_unknown_and_not_sent_again(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    def swallowed() -> None:
        bench.phone.composer = None
        bench.phone.sent_files.clear()
        otto.content.sent[-1].gone = True

    bench.phone.after["tap_send_file"] = [swallowed]
    reply = await bench.queue_file(chat, photo, CAPTION)
    assert await bench.deliver(reply) is S.UNKNOWN
    assert await bench.try_to_claim() is None
    assert bench.phone.calls.count("tap_send_file") == 1


async def test_a_dialog_over_the_composer_is_left_alone(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    bench.phone.before["offer_file"] = [lambda: bench.phone.show(ScreenKind.DIALOG)]
    reply = await bench.queue_file(chat, photo)
    with pytest.raises(ScreenNotRecognised):
        await bench.deliver(reply)
    assert (await bench.reply(reply.id)).state is S.QUEUED
    assert (bench.phone.sent_files, bench.phone.pushed) == ([], {})


async def test_a_dialog_that_comes_right_before_the_tap_is_a_certain_failure(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    bench.phone.before["tap_send_file"] = [lambda: bench.phone.show(ScreenKind.DIALOG)]
    reply = await bench.queue_file(chat, photo)
    assert await bench.deliver(reply) is S.FAILED
    assert bench.phone.sent_files == []


async def test_a_process_that_lost_the_phone_does_not_tap(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    reply = await bench.queue_file(chat, photo)
    with pytest.raises(LeaseLost):
        await bench.deliver(reply, may_tap=False)
    assert "tap_send_file" not in bench.phone.calls
    assert (await bench.reply(reply.id)).state is S.QUEUED


@pytest.mark.parametrize("takes_draft", [False, True])
async def test_a_draft_in_the_chat_is_as_it_was_afterwards(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path, takes_draft: bool
) -> None:
    otto.entry, bench.phone.is_draft_caption = DRAFT, takes_draft
    assert await bench.deliver(await bench.queue_file(chat, photo, CAPTION)) is S.SENT
    assert otto.entry == DRAFT
    assert own(otto) == [(Kind.PHOTO, CAPTION)]
    assert bench.phone.typed == ([("Otto", DRAFT)] if takes_draft else [])


async def test_a_caption_left_in_the_queue_is_no_text_of_ours_in_the_entry(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    left = await bench.replying.queue_reply(chat, DRAFT, file=bench.attaching.take(photo))
    assert await bench.replying.cancel_reply(left.id)
    otto.entry = DRAFT
    assert await bench.deliver(await bench.queue(chat, "a text")) is S.QUEUED
    assert otto.entry == DRAFT


async def test_our_copy_stays_while_the_bubble_has_a_clock_and_goes_with_a_later_file(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    bench.phone.after["tap_send_file"] = [lambda: setattr(otto.last, "tick", Tick.PENDING)]
    assert await bench.deliver(await bench.queue_file(chat, photo, CAPTION)) is S.SENT
    kept = list(bench.phone.pushed)
    assert len(kept) == 1
    assert await bench.deliver(await bench.queue_file(chat, photo, "soon after")) is S.SENT
    assert list(bench.phone.pushed) == kept
    bench.clock.advance(KEPT_S + 1)
    assert await bench.deliver(await bench.queue_file(chat, photo, "much later")) is S.SENT
    assert bench.phone.pushed == {}


async def test_the_rules_hold_for_files_as_for_texts(bench: Bench, otto: FakeChat, chat: ChatId, photo: Path) -> None:
    await bench.set_policy(**AT_ONCE | {"unanswered": 1})
    assert await bench.deliver(await bench.queue_file(chat, photo)) is S.SENT
    with pytest.raises(ReplyRefused) as refused:
        await bench.queue_file(chat, photo)
    assert refused.value.reason is Reason.UNANSWERED
    bench.phone.customer_writes(otto, "thanks")
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    await bench.set_policy(**AT_ONCE | {"typing_cap_s": 10, "chars_per_s": 10})
    bench.clock.advance(60)
    waiting = await bench.replying.queue_reply(chat, "x" * 50, file=bench.attaching.take(photo))
    assert waiting.wait is not None
    assert timedelta(0) < waiting.wait.until - bench.clock.now() <= timedelta(seconds=5)


async def test_a_chat_without_a_number_takes_no_file(bench: Bench, photo: Path) -> None:
    async with bench.store.write() as unit:
        group = await chats.add_chat(unit, bench.account.id, "Monteurs", "group", "120363@g.us")
    with pytest.raises(ReplyRefused) as refused:
        await bench.queue_file(group, photo)
    assert refused.value.reason is Reason.NEEDS_NUMBER


async def test_of_two_chats_of_one_name_the_one_with_its_number_needs_it_in_the_composer(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    await bench.mirroring.read_chat(bench.thread, bench.account, chat, lambda: False)
    await bench.chat("Otto", "31600000009")
    target = await bench.mirroring.target(await bench.mirroring.get_chat(chat))
    assert target.has_namesake
    assert await bench.deliver(await bench.queue_file(chat, photo)) is S.FAILED
    assert bench.phone.sent_files == []


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("empty.jpg", b"", "empty"),
        ("run.exe", b"MZ....", "can run"),
        ("photo.jpg", b"MZ....", "can run"),
        ("photo.jpg.exe", b"\xff\xd8\xff", "can run"),
        ("page.html", b"<html>", "can run"),
        ("a.svg", b"<svg>", "can run"),
        ("do.sh", b"#!/bin/sh", "can run"),
        ("tool.jar", b"PK\x03\x04", "can run"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence_and_not_kept(
    bench: Bench, tmp_path: Path, name: str, body: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(body)
    with pytest.raises(BadInput, match=says):
        bench.attaching.take(path)
    assert [one for one in (tmp_path / "media").rglob("*") if one.is_file()] == []


def test_a_file_that_is_too_big_or_none_is_refused(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(BadInput, match="too big"):
        bench.attaching.take(path)
    for missing in (tmp_path, tmp_path / "none.jpg"):
        with pytest.raises(BadInput, match="no such file"):
            bench.attaching.take(missing)


def test_a_sound_has_no_caption(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "note.opus"
    path.write_bytes(b"OggS" + bytes(60))
    assert bench.attaching.take(path).kind is Kind.VOICE
    with pytest.raises(BadInput, match="no caption"):
        bench.attaching.take(path, "listen")


async def test_a_caption_that_is_not_taken_is_tried_again_and_then_fails(
    bench: Bench, otto: FakeChat, chat: ChatId, photo: Path
) -> None:
    def refuse() -> None:
        raise SendRefused(Reason.TEXT_NOT_ACCEPTED)

    bench.phone.before["offer_file"] = [refuse] * 9
    reply = await bench.queue_file(chat, photo, CAPTION)
    assert await bench.deliver(reply) is S.QUEUED
    for _ in range(4):
        bench.clock.advance(10)
        again = await bench.try_to_claim()
        if again is not None:
            await bench.deliver(again)
    assert (await bench.reply(reply.id)).state is S.FAILED
    assert (bench.phone.sent_files, bench.phone.pushed) == ([], {})
