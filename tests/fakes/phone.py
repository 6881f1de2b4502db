"""A phone in memory with a chat app on it: implements the `Phone` port, and is acted on as people and cables would."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from app.domain.attached import kind_of
from app.domain.errors import PhoneLost, ScreenNotRecognised, SendRefused
from app.domain.file_kinds import HEAD, sniff
from app.domain.ids import Serial
from app.domain.message import Content, Direction, Kind, Quote, Shown, Tick
from app.domain.observation import (
    ChatListSeen,
    ChatSeen,
    EntrySeen,
    HealthReport,
    ListRowSeen,
    NotificationSeen,
    NotifiedMessage,
    PhoneFacts,
    RowSeen,
    ScreenKind,
    ScreenSeen,
)
from app.domain.ports import ChatTarget, Prefill
from app.domain.reply import Reason
from app.domain.words import LearnedWords
from tests.fakes.chat import PhoneChat, Sent
from tests.fakes.quoting import FakeQuotes, bar_of

PACKAGE = "com.whatsapp.w4b"
_SEND, _FIELD = (900, 1300, 1000, 1400), (0, 1300, 900, 1400)
_ROW = 150


@dataclass
class FakeChat:
    """One chat on the phone."""

    title: str
    number: str
    is_group: bool = False
    entry: str = ""
    quoting: Sent | None = None
    """What the bar over the entry names."""
    read_only: str = ""
    unread: list[Sent] = field(default_factory=list)
    content: PhoneChat = field(default_factory=lambda: PhoneChat(1000))

    @property
    def last(self) -> Sent:
        return self.content.sent[-1]


class FakeWorld(FakeQuotes):
    """What customers, people and cables do to a phone."""

    def __init__(self, serial: str = "FAKE0001", start: datetime = datetime(2026, 8, 18, 11, 33, tzinfo=UTC)) -> None:
        super().__init__()
        self.serial = Serial(serial)
        self.chats: list[FakeChat] = []
        self.is_plugged = True
        self.answered_at = 0.0
        self.pushes_focus = False
        self.stale_drags = 0
        """So many drags more the tree stays an old one, as its server keeps it at times."""
        self.is_started = False
        self.sent: list[str] = []
        self.typed: list[tuple[str, str]] = []
        self.calls: list[str] = []
        self.before: dict[str, list[Callable[[], None]]] = {}
        self.after: dict[str, list[Callable[[], None]]] = {}
        self.words = LearnedWords()
        self.lacks: tuple[str, ...] = ()
        """What its app's layout lacks for certain, as a driver would have found."""
        self._now = start
        self._lock = threading.RLock()

    def add_chat(self, title: str, number: str = "", *, is_group: bool = False) -> FakeChat:
        digits = number or f"3160000{len(self.chats):04}"
        chat = FakeChat(title, digits, is_group)
        chat.content.now = self._now
        chat.content.ever[0].at = self._now
        self.chats.insert(0, chat)
        return chat

    def customer_writes(self, chat: FakeChat, text: str, kind: Kind = Kind.TEXT) -> Sent:
        with self._lock:
            one = self._append(chat, Direction.IN, text, kind)
            if self.opened is not chat:
                chat.unread.append(one)
            return one

    @property
    def now(self) -> datetime:
        return self._now

    def pass_time(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)

    def owner_types(self, chat: FakeChat, text: str, quoted: Sent | None = None) -> Sent:
        with self._lock:
            one = self._append(chat, Direction.OUT, text)
            one.quoted = bar_of(chat.title, quoted) if quoted is not None else None
            return one

    def owner_sends_file(self, chat: FakeChat, caption: str, name: str, body: bytes) -> None:
        with self._lock:
            kind = kind_of(sniff(body[:HEAD]))
            one = self._append(chat, Direction.OUT, caption, kind)
            one.name = name if kind is Kind.DOCUMENT else ""

    def _append(self, chat: FakeChat, direction: Direction, text: str, kind: Kind = Kind.TEXT) -> Sent:
        self._now += timedelta(seconds=1)
        chat.content.now = self._now - timedelta(seconds=1)
        one = chat.content.append(direction, text, kind)
        self.chats.remove(chat)
        self.chats.insert(0, chat)
        return one

    @property
    def is_undisturbed(self) -> bool:
        return self.pushes_focus and self.front is None and self.opened is None

    def show(self, kind: ScreenKind) -> None:
        """Put another screen in front, or a lock."""
        self.front = ScreenSeen(kind, PACKAGE)


class FakePhone(FakeWorld):
    """One phone. `before` and `after` hold what happens around a method's next calls, in order."""

    def _enter(self, name: str) -> None:
        self.calls.append(name)
        if not self.is_plugged:
            raise PhoneLost("unplugged")
        steps = self.before.get(name)
        if steps:
            steps.pop(0)()

    def _leave(self, name: str) -> None:
        steps = self.after.get(name)
        if steps:
            steps.pop(0)()

    def start(self) -> PhoneFacts:
        self._enter("start")
        self.is_started = True
        return PhoneFacts("Fake", "13", 33, "en", "UTC", "2.26.1")

    def stop(self) -> None:
        self.is_started = False

    def is_alive(self) -> bool:
        return self.is_plugged and self.is_started

    def use_words(self, learned: LearnedWords) -> None:
        self.words = learned

    def look(self) -> ScreenSeen:
        self._enter("look")
        if self.front is not None:
            return self.front
        if self.composer is not None:
            return self.composer.screen()
        if self.opened is not None:
            return ScreenSeen(ScreenKind.CHAT, PACKAGE, chat=self._seen(self.opened), read_only=self.lacks)
        return ScreenSeen(ScreenKind.CHAT_LIST, PACKAGE, chat_list=self._list(), read_only=self.lacks)

    def read_notifications(self) -> list[NotificationSeen]:
        self._enter("read_notifications")
        return [self._notification(chat) for chat in self.chats if chat.unread]

    def _notification(self, chat: FakeChat) -> NotificationSeen:
        lines = tuple(
            NotifiedMessage(
                chat.title, Content(one.kind, one.text, media=one.content.media), int(one.at.timestamp()) * 1000
            )
            for one in chat.unread[-7:]
        )
        jid = f"{chat.number}@{'g.us' if chat.is_group else 's.whatsapp.net'}"
        return NotificationSeen(PACKAGE, jid, jid, chat.title, chat.is_group, lines, len(chat.unread))

    def read_chat_list(self) -> ChatListSeen:
        self._enter("read_chat_list")
        return self._to_list()

    def read_archive(self) -> tuple[ChatListSeen, ...]:
        self._enter("read_archive")
        return ()

    def scroll_chat_list(self) -> ChatListSeen:
        self._enter("scroll_chat_list")
        return self._to_list()

    def leave_chat(self) -> ChatListSeen:
        self._enter("leave_chat")
        return self._to_list()

    def open_chat(self, target: ChatTarget, prefill: Prefill | None = None) -> ChatSeen:
        brings = prefill if self.is_undisturbed else None
        rows = {row.title: row for row in self._list().rows}
        self._enter("open_chat")
        self._need_free("chat")
        self.composer = None
        self.opened = self._find(target)
        if brings is not None and brings.says_last(rows[self.opened.title]):
            self.opened.entry = brings.text
        self.opened.unread.clear()
        seen = self._end(self.opened)
        self._leave("open_chat")
        return seen

    def _find(self, target: ChatTarget) -> FakeChat:
        found = [chat for chat in self.chats if self._is(chat, target)]
        if len(found) > 1:
            raise SendRefused(Reason.CHAT_AMBIGUOUS)
        if not found:
            raise SendRefused(Reason.NOT_ON_APP if target.number else Reason.CHAT_NOT_FOUND)
        return found[0]

    def read_chat(self, target: ChatTarget) -> ChatSeen:
        self._enter("read_chat")
        chat = self._at(target)
        with self._lock:
            return self._dressed(chat, chat.content.here())

    def scroll_chat_up(self, target: ChatTarget, *, careful: bool = False) -> tuple[ChatSeen, int]:
        self._enter("scroll_chat_up")
        chat = self._at(target)
        if self.stale_drags:
            self.stale_drags -= 1
            return self._dressed(chat, chat.content.window()), 300
        seen, dragged = chat.content.scroll_up(0, careful=careful)
        return self._dressed(chat, seen), dragged

    def need_whole_chat(self, target: ChatTarget) -> ChatSeen:
        self._enter("need_whole_chat")
        return self._end(self._at(target))

    def read_more(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        self._enter("read_more")
        chat = self._at(target)
        return self._dressed(chat, chat.content.here())

    def skip_chat_up(self, target: ChatTarget) -> ChatSeen:
        self._enter("skip_chat_up")
        chat = self._at(target)
        for _ in range(5):
            seen, _ = chat.content.scroll_up(0)
        return self._dressed(chat, seen)

    def type_reply(
        self, target: ChatTarget, body: str, ours: frozenset[str] = frozenset(), bar: Quote | None = None
    ) -> ChatSeen:
        self._enter("type_reply")
        chat = self._at(target)
        if chat.read_only:
            raise SendRefused(Reason.READ_ONLY)
        if (self._bar(chat) != bar) or (chat.entry and chat.entry not in ours | {body}):
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        chat.entry = body
        self.typed.append((chat.title, body))
        self._leave("type_reply")
        return self._end(chat)

    def tap_send(self, target: ChatTarget, typed: ChatSeen) -> None:
        self._enter("tap_send")
        if self.opened is None or typed.entry is None or typed.entry.send is None or not self._is(self.opened, target):
            raise SendRefused(Reason.WRONG_CHAT)
        if self._bar(self.opened) != typed.entry.quote or self.opened.entry not in ("", typed.entry.text):
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if self.dead_taps:
            self.dead_taps -= 1
        elif self.opened.entry:
            self._tap_send(self.opened)
        self._leave("tap_send")

    def _tap_send(self, chat: FakeChat) -> None:
        body, quoted = chat.entry, chat.quoting
        chat.entry, chat.quoting = "", None
        self.sent.append(body)
        self.owner_types(chat, body, None if self.drops_quotes else quoted)

    def clear_entry(self, target: ChatTarget, text: str) -> None:
        self._enter("clear_entry")
        chat = self._at(target)
        if chat.entry in ("", text):
            chat.entry, chat.quoting = "", None

    def read_health(self) -> HealthReport:
        self._enter("read_health")
        return HealthReport(battery_percent=83, charging=True, awake=True, locked=False)

    # -- what it shows --------------------------------------------------------------------------------

    @staticmethod
    def _is(chat: FakeChat, target: ChatTarget) -> bool:
        return chat.number == target.number if target.number else chat.title == target.title

    def _need_free(self, wanted: str) -> None:
        if self.front is not None:
            raise ScreenNotRecognised(self.front, wanted)

    def _at(self, target: ChatTarget) -> FakeChat:
        self._need_free("chat")
        if self.composer is not None:
            raise ScreenNotRecognised(self.composer.screen(), "chat")
        if self.opened is None:
            raise ScreenNotRecognised(ScreenSeen(ScreenKind.CHAT_LIST, PACKAGE), "chat")
        if not self._is(self.opened, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return self.opened

    def _to_list(self) -> ChatListSeen:
        self._need_free("chat list")
        self.opened = self.composer = None
        return self._list()

    def _list(self) -> ChatListSeen:
        with self._lock:
            shown = [chat for chat in self.chats if len(chat.content.sent) > 1]
        rows = tuple(self._row(number, chat) for number, chat in enumerate(shown))
        return ChatListSeen(rows, (0, 200, 1000, 2000), ends_list=True)

    def _row(self, number: int, chat: FakeChat) -> ListRowSeen:
        last = chat.last
        preview = last.text.replace("\n", " ")[:40]
        when = f"{last.at:%H:%M}"
        shown = Shown(last.at.hour * 60 + last.at.minute, last.at.date())
        top = 200 + number * _ROW
        own = last.direction is Direction.OUT
        if chat.entry and self.opened is not chat:
            preview, own = f"Draft: {chat.entry}"[:40], False
        return ListRowSeen(chat.title, preview, "", when, shown, len(chat.unread), (0, top, 1000, top + _ROW), own)

    def _seen(self, chat: FakeChat) -> ChatSeen:
        return self._dressed(chat, chat.content.window())

    def _end(self, chat: FakeChat) -> ChatSeen:
        with self._lock:
            return self._dressed(chat, chat.content.newest())

    def _here(self, chat: FakeChat) -> ChatSeen:
        with self._lock:
            return self._dressed(chat, chat.content.here())

    @staticmethod
    def _bar(chat: FakeChat) -> Quote | None:
        return bar_of(chat.title, chat.quoting) if chat.quoting is not None else None

    def _dressed(self, chat: FakeChat, seen: ChatSeen) -> ChatSeen:
        field_ = None
        if not chat.read_only:
            bar = self._bar(chat)
            field_ = EntrySeen(chat.entry, _FIELD, _SEND if chat.entry else None, quote=bar)
        return replace(seen, title=chat.title, entry=field_, read_only_notice=chat.read_only)


def own_rows(seen: ChatSeen) -> list[RowSeen]:
    """Return the bubbles of our side."""
    return [row for row in seen.rows if row.direction is Direction.OUT]


def delivered(chat: FakeChat, tick: Tick = Tick.DELIVERED) -> None:
    """Let all own messages get so far."""
    for one in chat.content.sent:
        one.tick = tick if one.direction is Direction.OUT else None
