"""The Phone port on a real or simulated phone: adb, the automation server and the screen parsers together.

Every action looks first, checks that the screen is the one it needs, acts once, and looks again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from app.domain.errors import PhoneRefused, ScreenNotRecognised, SendRefused
from app.domain.message import Quote
from app.domain.observation import (
    ChatListSeen,
    ChatSeen,
    PhoneFacts,
    RowSeen,
    ScreenKind,
    ScreenSeen,
)
from app.domain.ports import ChatTarget, Prefill
from app.domain.reply import Reason
from app.domain.words import LearnedWords
from devices.adb.focus import Focus
from devices.adb.phone import AdbPhone, as_user
from devices.automation.appium import AppiumServer
from devices.automation.server import AutomationServer, ServerFiles
from devices.health import reading
from devices.whatsapp.attaching import PhoneFiles
from devices.whatsapp.quoting import PhoneQuotes
from devices.whatsapp.screen import Screen, drag_chat_down, pause, went_with_finger
from devices.whatsapp.sight import Sight
from devices.whatsapp.ways import Ways

logger = logging.getLogger(__name__)

_MIN_SDK = 26
_DRAG_FRESH_S = 1.5
"""A drag does no harm anywhere, and the look after it proves where it was: the window just read will do."""
_FLING_S = 1.8
"""So long a list thrown at such a speed runs on (AOSP OverScroller); between two of its steps it looks settled."""


class WhatsAppPhone(PhoneFiles, PhoneQuotes):
    """One WhatsApp app on one phone."""

    def __init__(
        self,
        phone: AdbPhone,
        sight: Sight | str,
        files: ServerFiles,
        wait: Callable[[float], None] = pause,
        appium: str = "",
        focus: Focus | None = None,
    ) -> None:
        super().__init__(phone, Sight(sight) if isinstance(sight, str) else sight)
        server = AutomationServer(phone, files)
        way = AppiumServer(appium, phone, server) if appium else server
        self._screen = Screen(phone, self._sight, way, wait, focus)
        self._ways = Ways(phone, self._package, self._screen)
        self._users: frozenset[int] = frozenset()
        """The Android users who have the app, as far as the phone told."""

    @property
    def answered_at(self) -> float:
        """When the phone last answered anything, in monotonic seconds; read from other threads."""
        return max(super().answered_at, self._screen.answered_at)

    @property
    def is_undisturbed(self) -> bool:
        """Whether the chat list kept the focus since it was last looked at; read from other threads."""
        kept = self._screen.undisturbed()
        return kept is not None and kept[0].kind is ScreenKind.CHAT_LIST

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> PhoneFacts:
        """Connect, install what is missing, begin the session."""
        self._adb.connect()
        facts = self._facts()
        if not self._is_installed(facts):
            raise PhoneRefused("app missing")
        self._sight.begin(facts)
        self._screen.open()
        logger.info("%s: ready, Android %s, app %s", self.serial, facts.android, facts.app_version)
        return facts

    def stop(self) -> None:
        """End session and server. Never raises."""
        self._screen.close()

    def use_words(self, learned: LearnedWords) -> None:
        """Read screens with what this phone taught of its language."""
        self._sight.use_words(learned)

    def is_alive(self) -> bool:
        """Tell whether a command that needs the screen is answered."""
        return self._screen.is_alive()

    def _facts(self) -> PhoneFacts:
        properties = reading.parse_properties(self._adb.shell("getprop", deadline_s=10).out)
        package = self._adb.shell("dumpsys", "package", self._package, deadline_s=10).out
        self._users = reading.parse_app_users(package, self._package)
        self._sight.note_users(self._users)
        sdk = properties.get("ro.build.version.sdk", "")
        if sdk.isdigit() and int(sdk) < _MIN_SDK:
            raise PhoneRefused("Android 8 or newer is needed")
        clock = self._adb.shell("date", "+%Y-%m-%dT%H:%M:%S", deadline_s=5).out.strip()
        self._screen.set_clock(clock, properties.get("persist.sys.timezone", ""))
        return PhoneFacts(
            model=properties.get("ro.product.model", ""),
            android=properties.get("ro.build.version.release", ""),
            sdk=int(sdk) if sdk.isdigit() else 0,
            locale=properties.get("persist.sys.locale") or properties.get("ro.product.locale", ""),
            zone=properties.get("persist.sys.timezone", ""),
            app_version=reading.parse_app_version(package, self._package),
        )

    def _is_installed(self, facts: PhoneFacts) -> bool:
        """Tell whether our Android user has the app; some builds print a package's details otherwise."""
        if self._users or (facts.app_version and not self._sight.user):
            return not self._users or self._sight.user in self._users
        words = ("pm", "path", *as_user(self._sight.user), self._package)
        return self._package in self._adb.shell(*words, deadline_s=10).out

    # -- looking ------------------------------------------------------------------------------

    def look(self) -> ScreenSeen:
        """Return what is in front now."""
        return self._screen.look()

    def read_chat_list(self) -> ChatListSeen:
        """Bring the chat list to the front, at its top."""
        return self._ways.to_top_of_list()

    def scroll_chat_list(self) -> ChatListSeen:
        """Go most of a window down the list."""
        return self._ways.down_the_list()

    def read_archive(self) -> tuple[ChatListSeen, ...]:
        """Read the archived chats, window by window; the phone is left among them."""
        return self._ways.read_archive()

    def open_chat(self, target: ChatTarget, prefill: Prefill | None = None) -> ChatSeen:
        """Open one chat at its newest message."""
        return self._ways.to_chat(target, prefill)

    def read_chat(self, target: ChatTarget) -> ChatSeen:
        """Read the open chat's window again."""
        seen = self._screen.chat_now(target)
        self._ways.note_entry(target, seen)
        return seen

    def scroll_chat_up(self, target: ChatTarget, *, careful: bool = False) -> tuple[ChatSeen, int]:
        """Drag the chat down to see older messages, so far that its first whole row stays in view."""
        before = self._screen.chat_of(self._screen.seen_lately(within_s=_DRAG_FRESH_S), target)
        distance = drag_chat_down(self._screen, before, careful=careful)
        after = self._screen.chat_now(target)
        if not went_with_finger(before, after, distance):
            after = self._screen.settled_chat(target, after)
        return after, distance

    def read_more(self, target: ChatTarget, row: RowSeen) -> ChatSeen:
        """Tap where the row's text goes on until more of it is there, and return the window."""
        seen = self._screen.chat_of(self._screen.seen_lately(), target)
        for place in row.more_at if row in seen.rows else ():
            self._screen.tap(place)
            seen = self._screen.settled_chat(target)
            if row not in seen.rows:
                break
        return seen

    def skip_chat_up(self, target: ChatTarget) -> ChatSeen:
        """Fling several windows up the open chat and return where it came to rest."""
        before = self._screen.chat_of(self._screen.seen_lately(), target)
        self._screen.fling(before.list_bounds)
        self._screen.wait(_FLING_S)
        return self._screen.settled_chat(target)

    # -- acting -------------------------------------------------------------------------------

    def type_reply(
        self, target: ChatTarget, body: str, ours: frozenset[str] = frozenset(), bar: Quote | None = None
    ) -> ChatSeen:
        """Put the text into the entry, read it back, and return the chat as it then is."""
        self._ways.note_entry(target, None)
        seen = _chat_to_type_in(self._screen, target)
        if seen.read_only_notice or seen.entry is None:
            raise SendRefused(Reason.READ_ONLY)
        is_foreign = bool(seen.entry.text) and seen.entry.text not in ours and seen.entry.text.split() != body.split()
        if is_foreign or seen.entry.quote != bar:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if seen.entry.text == body and seen.entry.send is not None:
            # The link brought it along, or an earlier run left it.
            return seen
        self._screen.set_entry(body, focused=seen.entry.focused)
        typed = self._screen.wait_for_chat(target, lambda chat: chat.entry is not None and chat.entry.text == body)
        if typed.entry is not None and typed.entry.text == body and typed.entry.quote != bar:
            self._screen.set_entry("")
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if typed.entry is None or typed.entry.text != body or typed.entry.send is None:
            left = typed.entry.text if typed.entry is not None else ""
            if left in body:
                # What the app made of our text; anything else is a person's.
                self.clear_entry(target, left)
            raise SendRefused(Reason.TEXT_NOT_ACCEPTED)
        return typed

    def need_whole_chat(self, target: ChatTarget) -> ChatSeen:
        """Wait until the open chat shows all that typing needs."""
        return _chat_to_type_in(self._screen, target)

    def tap_send(self, target: ChatTarget, typed: ChatSeen) -> None:
        """Look once more, then tap the send button once: between typing and this moment another chat may have come."""
        now = self._screen.chat_of(self._screen.seen_lately(), target)
        if now.entry is None or now.entry.send is None or typed.entry is None or now.entry.text != typed.entry.text:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if now.entry.quote != typed.entry.quote:
            # A text goes under the quote that was checked, or not at all.
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        self._screen.tap(now.entry.send)

    def clear_entry(self, target: ChatTarget, text: str) -> None:
        """Take a text out of the entry of the open chat, and close the quote bar over it; any other text stays."""
        seen = self._screen.chat_now(target)
        if seen.entry is not None and seen.entry.text not in ("", text):
            return
        if seen.entry is not None and seen.entry.text:
            self._screen.set_entry("")
        if seen.entry is not None and seen.entry.quote is not None:
            self.drop_quote(target, seen.entry.quote)

    def leave_chat(self) -> ChatListSeen:
        """Go back to the chat list and return what it shows."""
        return self._ways.to_list()


def _chat_to_type_in(screen: Screen, target: ChatTarget) -> ChatSeen:
    """Return the open chat; one whose parts are not all there is waited for, it may only be half drawn.

    Raises:
        ScreenNotRecognised: They did not come: nothing may be typed on this layout.
    """
    seen = screen.seen_lately()
    if seen.lacks or seen.read_only:
        seen = screen.wait_for(lambda now: now.kind is ScreenKind.CHAT and not (now.lacks or now.read_only))
    chat = screen.chat_of(seen, target)
    # Without anything to write in it may be a chat in which only others write: the caller says so.
    is_closed = seen.lacks == ("footer",) and screen.sight.was_whole
    if seen.read_only or (seen.lacks and not is_closed):
        raise ScreenNotRecognised(seen, "a chat to type in")
    return chat
