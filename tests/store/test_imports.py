"""An import in the database: in one piece, recorded, and taken back as far as nobody else saw it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.change import GapClosed, MessageChanged
from app.domain.errors import BadInput
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.observation import PhoneFacts
from app.domain.reply import ReplyState
from app.services.importing import Asked, Importing, ImportReport
from app.store import accounts, chats, messages, replies
from tests.fakes.chat import PhoneChat
from tests.fakes.export import CUSTOMER, FORMS, SHOP, exported
from tests.store.conftest import Desk

FORM = FORMS["en-GB"]
SIDES = (Direction.IN, Direction.OUT)


@pytest.fixture
def importing(desk: Desk) -> Importing:
    return Importing(desk.store, desk.clock, "Eva")


def a_chat(count: int = 6) -> PhoneChat:
    chat = PhoneChat(900)
    for n in range(count):
        chat.append(SIDES[n % 2], f"text {n}", after_s=300)
    return chat


class Office:
    """A desk where files of one chat are imported."""

    def __init__(self, desk: Desk, importing: Importing, folder: Path) -> None:
        self.desk, self.importing, self.folder = desk, importing, folder

    async def take(self, chat: PhoneChat, first: int = 0, last: int | None = None, **asked: object) -> ImportReport:
        path = self.folder / "chat.txt"
        path.write_text(exported(chat.sent[first:last], FORM, name="Otto"), "utf-8")
        export = self.importing.read_file(path, FORM.order)
        return await self.importing.import_chat(self.desk.chat, export, path.name, Asked(**asked))  # type: ignore[arg-type]

    async def rows(self) -> list[tuple[str, bool]]:
        async with self.desk.store.read() as connection:
            window = await messages.load_window(connection, self.desk.chat, 10_000)
        return [(e.content.text, e.gap_before) for e in window.entries]

    async def chat(self) -> chats.Chat:
        async with self.desk.store.read() as connection:
            found = await chats.get_chat(connection, self.desk.chat)
        assert found is not None
        return found


@pytest.fixture
def office(desk: Desk, importing: Importing, tmp_path: Path) -> Office:
    return Office(desk, importing, tmp_path)


async def test_an_import_is_recorded_and_the_second_time_changes_nothing(office: Office) -> None:
    chat = a_chat()
    report = await office.take(chat)
    assert (report.id, report.added, report.owner) == (1, 7, SHOP)
    assert [text for text, _ in await office.rows()] == [one.text for one in chat.sent]
    line = await office.chat()
    assert (line.complete, line.has_gap) == (True, False)
    assert line.last_at is not None
    again = await office.take(chat)
    assert (again.id, again.known, again.added) == (None, 7, 0)
    assert len(await office.importing.list_imports()) == 1


async def test_a_trial_changes_nothing(office: Office) -> None:
    report = await office.take(a_chat(), is_trial=True)
    assert (report.id, report.added) == (None, 7)
    assert await office.rows() == []
    assert await office.importing.list_imports() == []


async def test_taking_back_leaves_everything_as_it_was(office: Office) -> None:
    before = (await office.rows(), await office.chat())
    report = await office.take(a_chat())
    assert report.id is not None
    _, undone = await office.importing.undo(report.id)
    assert (undone.removed, undone.kept) == (7, 0)
    assert (await office.rows(), await office.chat()) == before
    with pytest.raises(BadInput, match="taken back before"):
        await office.importing.undo(report.id)
    assert (await office.take(a_chat())).added == 7


async def test_what_a_screen_showed_since_stays_with_a_gap_before_it(office: Office) -> None:
    report = await office.take(a_chat())
    async with office.desk.store.read() as connection:
        entries = (await messages.load_window(connection, office.desk.chat)).entries
    await office.desk.apply(
        *[
            MessageChanged(e.id, e.content, e.shown, Origin.SCREEN)
            for e in entries
            if e.content.text in ("text 3", "text 4")
        ]
    )
    assert report.id is not None
    _, undone = await office.importing.undo(report.id)
    assert (undone.removed, undone.kept) == (5, 2)
    assert await office.rows() == [("text 3", True), ("text 4", False)]
    assert (await office.chat()).has_gap


async def test_what_another_import_holds_too_becomes_its_own(office: Office) -> None:
    chat = a_chat()
    first = await office.take(chat, 0, 5)
    second = await office.take(chat, 3)
    assert first.id is not None
    assert second.id is not None
    _, undone = await office.importing.undo(first.id)
    assert undone.kept == 2
    assert [text for text, _ in await office.rows()] == [one.text for one in chat.sent[3:]]
    _, undone = await office.importing.undo(second.id)
    assert undone.removed == 4
    assert await office.rows() == []


async def test_a_completed_text_and_a_closed_gap_go_back(office: Office) -> None:
    chat = a_chat(3)
    whole = chat.sent[3]
    shown = Shown(whole.shown.minute, whole.shown.day)
    (one,) = await office.desk.add("text")
    cut = Content(Kind.TEXT, "text", cut=True)
    await office.desk.apply(MessageChanged(one, cut, shown, Origin.SCREEN), GapClosed(one))
    report = await office.take(chat)
    assert (report.added, report.completed) == (3, 1)
    assert (await office.rows())[-1] == (whole.text, False)
    assert report.id is not None
    _, undone = await office.importing.undo(report.id)
    assert undone.restored == 1
    assert await office.rows() == [("text", False)]
    async with office.desk.store.read() as connection:
        assert await messages.earlier_texts(connection, one) == []


async def test_a_reply_in_doubt_that_the_export_shows_is_settled(office: Office) -> None:
    uid = await office.desk.queue("r1", "it is ready")
    async with office.desk.store.write() as unit:
        for source, target in (
            (ReplyState.QUEUED, ReplyState.CLAIMED), (ReplyState.CLAIMED, ReplyState.TYPING),
            (ReplyState.TYPING, ReplyState.SUBMITTED), (ReplyState.SUBMITTED, ReplyState.UNKNOWN),
        ):  # fmt: skip
            assert await replies.move(unit, uid, source, target)
    chat = a_chat(2)
    old = chat.append(Direction.OUT, "it is ready", after_s=60)
    old.at = office.desk.clock.now() - timedelta(days=3)
    new = chat.append(Direction.OUT, "it is ready", after_s=60)
    new.at = office.desk.clock.now() + timedelta(minutes=1)
    report = await office.take(chat, zone="UTC")
    assert (await office.desk.reply(uid)).state is ReplyState.SENT
    assert report.id is not None
    _, undone = await office.importing.undo(report.id)
    assert undone.kept == 1


async def test_a_file_whose_sides_cannot_be_told_is_asked_for(office: Office) -> None:
    chat = a_chat()
    path = office.folder / "other.txt"
    path.write_text(exported(chat.sent, FORM, name="Somebody Else"), "utf-8")
    export = office.importing.read_file(path, FORM.order)
    with pytest.raises(BadInput, match="--me"):
        await office.importing.import_chat(office.desk.chat, export, "x")
    with pytest.raises(BadInput, match="nobody in the file"):
        await office.importing.import_chat(office.desk.chat, export, "x", Asked(me="Nobody"))
    assert (await office.importing.import_chat(office.desk.chat, export, "x", Asked(me=SHOP))).added == 7


async def test_a_file_of_a_group_is_not_the_file_of_a_person(office: Office) -> None:
    text = exported(a_chat().sent, FORM) + exported(a_chat(1).sent[1:], FORM, name="A Third")
    path = office.folder / "group.txt"
    path.write_text(text, "utf-8")
    export = office.importing.read_file(path, FORM.order)
    assert CUSTOMER in export.names
    with pytest.raises(BadInput, match="3 people"):
        await office.importing.import_chat(office.desk.chat, export, "x")


async def test_a_group_keeps_who_wrote_and_must_be_told_who_is_the_number(office: Office) -> None:
    async with office.desk.store.write() as unit:
        await chats.change_chat(unit, office.desk.chat, kind="group")
    chat = a_chat(3)
    with pytest.raises(BadInput, match="--me"):
        await office.take(chat)
    await office.take(chat, me=SHOP)
    async with office.desk.store.read() as connection:
        entries = (await messages.load_window(connection, office.desk.chat)).entries
    assert [(e.direction, e.content.sender) for e in entries[1:]] == [
        (Direction.IN, "Otto"), (Direction.OUT, None), (Direction.IN, "Otto"),
    ]  # fmt: skip


async def test_the_zone_of_another_phone_is_counted_in(office: Office) -> None:
    facts = PhoneFacts("", "", 34, "", "Europe/Amsterdam", "")
    async with office.desk.store.write() as unit:
        await accounts.set_facts(unit, office.desk.account, facts)
    chat = a_chat(1)
    await office.take(chat, zone="UTC")
    assert await _last_minute(office) == (chat.sent[-1].shown.minute or 0) + 2 * 60 - 1440
    with pytest.raises(BadInput, match="no time zone"):
        await office.take(a_chat(1), zone="Mars/Base")


async def _last_minute(office: Office) -> int | None:
    async with office.desk.store.read() as connection:
        return (await messages.load_window(connection, office.desk.chat)).entries[-1].shown.minute


async def test_thousands_of_messages_between_two_neighbours_keep_their_order(office: Office) -> None:
    chat = a_chat(2_500)
    edges = [chat.sent[1], chat.sent[-1]]
    await office.desk.add(*[one.text for one in edges])
    async with office.desk.store.read() as connection:
        entries = (await messages.load_window(connection, office.desk.chat)).entries
    for entry, one in zip(entries, edges, strict=True):
        await office.desk.apply(MessageChanged(entry.id, entry.content, one.shown, Origin.SCREEN))
    chat.sent[-1].direction = chat.sent[1].direction
    report = await office.take(chat)
    assert report.known == 2
    assert [text for text, _ in await office.rows()] == [one.text for one in chat.sent]


def test_a_missing_file_is_one_sentence(importing: Importing, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        importing.read_file(tmp_path / "none.txt")
