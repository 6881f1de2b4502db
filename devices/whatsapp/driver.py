"""The Phone port on a real or simulated phone: adb, the automation server and the screen parsers together.

Every action looks first, checks that the screen is the one it needs, acts once, and looks again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.domain.errors import PhoneLost, PhoneRefused, ScreenNotRecognised, SendRefused
from app.domain.media import MediaFile, Pull
from app.domain.observation import (
    ChatListSeen,
    ChatSeen,
    HealthReport,
    ListRowSeen,
    NotificationSeen,
    PhoneFacts,
    ScreenKind,
    ScreenSeen,
)
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from devices.adb.phone import AdbPhone
from devices.automation.appium import AppiumServer
from devices.automation.server import AutomationServer, ServerFiles
from devices.automation.session import AutomationSession, TextRefused
from devices.health import reading
from devices.screens import words
from devices.screens.notifications import parse_notifications
from devices.screens.recognise import parse_screen
from devices.screens.tree import SourceUnreadable
from devices.whatsapp.media_folder import MediaFolder
from devices.whatsapp.navigation import BLOCKING, TO_CHAT_LIST, Step

logger = logging.getLogger(__name__)

TRANSITION_S = 8.0
"""How long a screen may take to appear after the step that opens it (quality.md A5, slow phone)."""
LINK_S = 15.0
_POLL_S = 0.12
_STUCK_S = 2.5
_MAX_STEPS = 8
_MIN_SDK = 26
_LEAST_DRAG_PX = 160
"""Less would be a tap to some phones [guess]."""
_EDGE_PX = 40
_FRESH_S = 0.4
"""A look so young is as good as another, where nothing was done since."""
_CAREFUL = 5
"""A careful drag moves the list by this part of its height: four fifths of the rows are seen twice."""


def pause(seconds: float) -> None:
    """Wait in the phone's own thread; a test hands in another."""
    threading.Event().wait(seconds)


class WhatsAppPhone:
    """One WhatsApp app on one phone."""

    def __init__(
        self, phone: AdbPhone, package: str, files: ServerFiles, wait: Callable[[float], None] = pause, appium: str = ""
    ) -> None:
        self.serial = phone.serial
        self._adb = phone
        self._package = package
        server = AutomationServer(phone, files)
        self._server = AppiumServer(appium, phone, server) if appium else server
        self._session: AutomationSession | None = None
        self._wait = wait
        self._clock_offset: timedelta | None = None
        self._last: tuple[float, ScreenSeen] | None = None
        self.answered_at = 0.0

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> PhoneFacts:
        """Connect, install what is missing, begin the session."""
        self._adb.connect()
        facts = self._facts()
        if not facts.app_version and not self._is_installed():
            raise PhoneRefused("app missing")
        session = AutomationSession(self._server.start(self._package))
        session.open()
        self._session = session
        logger.info("%s: ready, Android %s, app %s", self.serial, facts.android, facts.app_version)
        return facts

    def stop(self) -> None:
        """End session and server. Never raises."""
        session, self._session = self._session, None
        self._last = None
        if session is not None and self._server.is_running():
            session.close()
        self._server.stop()

    def is_alive(self) -> bool:
        """Tell whether a command that needs the screen is answered (phone-wire.md 3.1: /status is no proof)."""
        if not self._server.is_running():
            return False
        try:
            self._source()
        except PhoneLost:
            return False
        return True

    def _facts(self) -> PhoneFacts:
        properties = reading.parse_properties(self._adb.shell("getprop", deadline_s=10).out)
        package = self._adb.shell("dumpsys", "package", self._package, deadline_s=10).out
        sdk = properties.get("ro.build.version.sdk", "")
        if sdk.isdigit() and int(sdk) < _MIN_SDK:
            raise PhoneRefused("Android 8 or newer is needed")
        self._read_clock(properties.get("persist.sys.timezone", ""))
        return PhoneFacts(
            model=properties.get("ro.product.model", ""),
            android=properties.get("ro.build.version.release", ""),
            sdk=int(sdk) if sdk.isdigit() else 0,
            locale=properties.get("persist.sys.locale") or properties.get("ro.product.locale", ""),
            zone=properties.get("persist.sys.timezone", ""),
            app_version=reading.parse_app_version(package, self._package),
        )

    def _is_installed(self) -> bool:
        """Ask another way: some builds print a package's details otherwise."""
        return self._package in self._adb.shell("pm", "path", self._package, deadline_s=10).out

    def _read_clock(self, zone: str) -> None:
        """Learn the phone's own wall clock: days on its screen are its days, not this PC's."""
        answer = self._adb.shell("date", "+%Y-%m-%dT%H:%M:%S", deadline_s=5).out.strip()
        try:
            shown = datetime.fromisoformat(answer)
        except ValueError:
            logger.info("%s: the phone does not tell its time", self.serial)
            shown = _now_in(zone)
        self._clock_offset = shown - _local_now()

    def today(self) -> date:
        """Return the phone's own day."""
        return (_local_now() + (self._clock_offset or timedelta(0))).date()

    # -- looking ------------------------------------------------------------------------------

    def look(self) -> ScreenSeen:
        """Return what is in front now."""
        if not self._server.is_running():
            raise PhoneLost("the automation server ended")
        try:
            seen = parse_screen(self._source(), self.today())
        except SourceUnreadable:
            # One bad answer is a hiccup of the server, two are a fault (quality.md B3 15).
            try:
                seen = parse_screen(self._source(), self.today())
            except SourceUnreadable as error:
                raise PhoneLost(f"source: {error}") from error
        self._last = time.monotonic(), seen
        return seen

    def _seen_lately(self) -> ScreenSeen:
        """Return the last look if it is so young, nothing was done since and it showed a place to work from."""
        last = self._last
        is_good = last is not None and last[1].kind in (ScreenKind.CHAT, ScreenKind.CHAT_LIST)
        return last[1] if last is not None and is_good and time.monotonic() - last[0] < _FRESH_S else self.look()

    def read_notifications(self) -> list[NotificationSeen]:
        """Return the app's notifications, with their texts."""
        dump = self._adb.shell("dumpsys", "notification", "--noredact", deadline_s=10).out
        return parse_notifications(dump, self._package)

    def read_chat_list(self) -> ChatListSeen:
        """Bring the chat list to the front, at its top."""
        seen = self._go_to_list()
        for _ in range(200):
            if not seen.cut_above:
                return seen
            self._drag(seen.list_bounds, down=True)
            again = self._list_now()
            if again.rows == seen.rows:
                return again
            seen = again
        return seen

    def scroll_chat_list(self) -> ChatListSeen:
        """Go most of a window down the list."""
        seen = self._list_of(self._seen_lately())
        self._drag(seen.list_bounds, down=False)
        return self._list_now()

    def open_chat(self, target: ChatTarget) -> ChatSeen:
        """Open one chat at its newest message."""
        seen = self._seen_lately()
        if target.has_namesake:
            # A header proves nothing then: only a link that leaves from the list can have opened it.
            if not target.number:
                raise SendRefused(Reason.CHAT_AMBIGUOUS)
            self._go_to_list()
            seen = self._seen_lately()
        elif seen.kind is ScreenKind.CHAT and seen.chat is not None and self._is_target(seen.chat, target):
            return self._to_end(seen.chat, target)
        if target.number and not target.is_group:
            try:
                return self._to_end(self._open_by_link(target, seen), target)
            except (SendRefused, ScreenNotRecognised) as failure:
                if target.has_namesake or not _may_try_the_list(failure):
                    raise
                logger.info("%s: the link led elsewhere, going by the list", self.serial)
        return self._to_end(self._open_by_row(target), target)

    def read_chat(self, target: ChatTarget) -> ChatSeen:
        """Read the open chat's window again."""
        return self._chat_now(target)

    def scroll_chat_up(self, target: ChatTarget, *, careful: bool = False) -> tuple[ChatSeen, int]:
        """Drag the chat down to see older messages, so far that its first whole row stays in view."""
        before = self._chat_of(self._seen_lately(), target)
        room = _room_below_first(before)
        if careful:
            room = min(room, (before.list_bounds[3] - before.list_bounds[1]) // _CAREFUL)
        distance = self._drag(before.list_bounds, down=True, at_most=room)
        return self._settled_chat(target), distance

    # -- acting -------------------------------------------------------------------------------

    def type_reply(self, target: ChatTarget, body: str, ours: frozenset[str] = frozenset()) -> ChatSeen:
        """Put the text into the entry, read it back, and return the chat as it then is."""
        seen = self._chat_of(self._seen_lately(), target)
        if seen.read_only_notice or seen.entry is None:
            raise SendRefused(Reason.READ_ONLY)
        if seen.entry.text and seen.entry.text not in ours | {body}:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if seen.entry.text != body:
            self._set_entry(body, focused=seen.entry.focused)
        typed = self._wait_for_chat(target, lambda chat: chat.entry is not None and chat.entry.text == body)
        if typed.entry is None or typed.entry.text != body or typed.entry.send is None:
            self.clear_entry(target)
            raise SendRefused(Reason.TEXT_NOT_ACCEPTED)
        return typed

    def tap_send(self, target: ChatTarget, typed: ChatSeen) -> None:
        """Look once more, then tap the send button once: between typing and this moment another chat may have come."""
        now = self._chat_of(self._seen_lately(), target)
        if now.entry is None or now.entry.send is None or typed.entry is None or now.entry.text != typed.entry.text:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        left, top, right, bottom = now.entry.send
        self._act().tap((left + right) // 2, (top + bottom) // 2)

    def clear_entry(self, target: ChatTarget) -> None:
        """Empty the entry of the open chat."""
        seen = self._chat_now(target)
        if seen.entry is not None and seen.entry.text:
            self._set_entry("")

    def leave_chat(self) -> ChatListSeen:
        """Go back to the chat list and return what it shows."""
        return self._go_to_list()

    def read_health(self) -> HealthReport:
        """Ask for the vital signs; a command that the phone lacks leaves its value open."""
        ask = self._ask
        battery = reading.parse_battery(ask("dumpsys", "battery"))
        status, hottest = reading.parse_thermal(ask("dumpsys", "thermalservice"))
        window = ask("dumpsys", "window")
        storage = reading.parse_storage(ask("df", "-k", "/data"))
        report = HealthReport(
            battery_percent=battery.battery_percent,
            charging=battery.charging,
            temperature_c=battery.temperature_c if battery.temperature_c is not None else hottest,
            thermal_status=status,
            storage_free=storage[0] if storage else None,
            storage_total=storage[1] if storage else None,
            awake=reading.parse_power(ask("dumpsys", "power")),
            locked=reading.parse_locked(window, ask("dumpsys", "trust")),
            online=reading.parse_online(ask("dumpsys", "connectivity")),
            wifi=reading.parse_wifi(ask("dumpsys", "wifi")),
            signal_level=reading.parse_signal(ask("dumpsys", "telephony.registry")),
            app_version=reading.parse_app_version(ask("dumpsys", "package", self._package), self._package),
            focus=reading.parse_focus(window),
        )
        return _with_warnings(report)

    def list_media(self, days: int) -> list[MediaFile]:
        """Return the app's media files of the last so many days."""
        return MediaFolder(self._adb, self._package).list(days)

    def pull_media(self, file: MediaFile, pull: Pull) -> None:
        """Copy a listed file as a whole."""
        MediaFolder(self._adb, self._package).pull(file, pull)

    # -- ways ---------------------------------------------------------------------------------

    def _go_to_list(self) -> ChatListSeen:
        """Walk to the chat list by named ways only."""
        seen = self._seen_lately()
        if seen.kind is ScreenKind.CHAT_LIST:
            seen = self.look()
        for _ in range(_MAX_STEPS):
            if seen.kind is ScreenKind.CHAT_LIST and seen.chat_list is not None:
                return seen.chat_list
            self._take(seen)
            seen = self._wait_for(lambda now, before=seen: _differs(now, before))  # type: ignore[misc]
        raise ScreenNotRecognised(seen, "chat list")

    def _take(self, seen: ScreenSeen) -> None:
        """Make one step from a recognised screen.

        Raises:
            ScreenNotRecognised: There is no named way from here.
        """
        step = TO_CHAT_LIST.get(seen.kind)
        if seen.kind is ScreenKind.LOCKED and self._wake():
            return
        if step is Step.BACK:
            self._act().back()
        elif step is Step.LAUNCH:
            self._launch()
        elif step is Step.WAY_OUT and seen.way_out is not None:
            left, top, right, bottom = seen.way_out
            self._act().tap((left + right) // 2, (top + bottom) // 2)
        elif step is Step.WAIT:
            self._wait(_POLL_S)
        else:
            raise ScreenNotRecognised(seen, "a way to the chat list")

    def _wake(self) -> bool:
        """Light the screen and swipe a keyguard away that has no PIN; tell whether it helped."""
        self._last = None
        self._adb.shell("input", "keyevent", "KEYCODE_WAKEUP", deadline_s=5)
        self._adb.shell("wm", "dismiss-keyguard", deadline_s=5)
        until = time.monotonic() + 3
        while time.monotonic() < until:
            if self.look().kind is not ScreenKind.LOCKED:
                return True
            self._wait(_POLL_S * 2)
        return False

    def _launch(self) -> None:
        """Bring the app to the front where it was left."""
        self._last = None
        answer = self._adb.shell(
            "am", "start", "-a", "android.intent.action.MAIN", "-c", "android.intent.category.LAUNCHER",
            "-n", f"{self._package}/com.whatsapp.Main", deadline_s=LINK_S,
        )  # fmt: skip
        if "Error" in answer.out or "Exception" in answer.out:
            # The entry activity has another name in some builds; the launcher's own way knows it.
            launcher = "android.intent.category.LAUNCHER"
            self._adb.shell("monkey", "-p", self._package, "-c", launcher, "1", deadline_s=LINK_S)

    def _open_by_link(self, target: ChatTarget, before: ScreenSeen) -> ChatSeen:
        """Open a chat by its number, with the app's package named so that no chooser appears."""
        self._must_be_leavable(before)
        self._last = None
        answer = self._adb.shell(
            "am", "start", "-a", "android.intent.action.VIEW",
            "-d", f"https://wa.me/{quote(target.number or '')}", "-p", self._package, deadline_s=LINK_S,
        ).out  # fmt: skip
        if "unable to resolve" in answer or "Permission Denial" in answer:
            raise SendRefused(Reason.CHAT_NOT_FOUND)
        seen = self._wait_for(
            lambda now: (
                now.kind is ScreenKind.NOT_ON_APP
                or (now.kind is ScreenKind.CHAT and now.chat is not None and self._is_target(now.chat, target))
            ),
            LINK_S,
        )
        if seen.kind is ScreenKind.NOT_ON_APP:
            self._take(seen)
            raise SendRefused(Reason.NOT_ON_APP)
        if seen.kind is not ScreenKind.CHAT or seen.chat is None:
            raise ScreenNotRecognised(seen, "chat")
        if not self._is_target(seen.chat, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return seen.chat

    def _open_by_row(self, target: ChatTarget) -> ChatSeen:
        """Open a chat by its one row in the list. Two rows of that name are one too many.

        A chat that gets a message jumps to the top while the list is read, so a chat not found is looked for once more.
        """
        row = self._find_row(target) or self._find_row(target)
        if row is None:
            raise SendRefused(Reason.CHAT_NOT_FOUND)
        left, top, right, bottom = row.bounds
        self._act().tap((left + right) // 2, (top + bottom) // 2)
        return self._arrived(target)

    def _find_row(self, target: ChatTarget) -> ListRowSeen | None:
        seen = self.read_chat_list()
        last: tuple[str, ...] = ()
        for _ in range(200):
            rows = [row for row in seen.rows if words.fold(row.title) == words.fold(target.title)]
            if len(rows) > 1:
                raise SendRefused(Reason.CHAT_AMBIGUOUS)
            if rows and _may_be_tapped(rows[0], seen):
                return rows[0]
            titles = tuple(row.title for row in seen.rows)
            if titles == last:
                return None
            last = titles
            seen = self.scroll_chat_list()
        return None

    def _arrived(self, target: ChatTarget) -> ChatSeen:
        seen = self._wait_for(
            lambda now: now.kind is ScreenKind.CHAT and now.chat is not None and self._is_target(now.chat, target)
        )
        if seen.kind is not ScreenKind.CHAT or seen.chat is None:
            raise ScreenNotRecognised(seen, "chat")
        if not self._is_target(seen.chat, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return seen.chat

    def _to_end(self, seen: ChatSeen, target: ChatTarget) -> ChatSeen:
        """Go to the newest message; an opened chat may stand at its first unread one."""
        for _ in range(120):
            before = _signature(seen)
            if seen.ends_chat and not self._looks_cut_below(seen):
                return seen
            self._drag(seen.list_bounds, down=False)
            seen = self._settled_chat(target)
            if _signature(seen) == before:
                return seen
        return seen

    def _looks_cut_below(self, seen: ChatSeen) -> bool:
        """The last row is not whole, so something lies below the edge."""
        return bool(seen.rows) and not seen.rows[-1].whole and seen.rows[-1].bounds[3] >= seen.list_bounds[3]

    # -- small parts --------------------------------------------------------------------------

    def _is_target(self, seen: ChatSeen, target: ChatTarget) -> bool:
        """The header must be the chat's: its name, or its number where it has no name."""
        if words.fold(seen.title) == words.fold(target.title):
            return True
        digits = "".join(c for c in seen.title if c.isdigit())
        is_number = seen.title.strip().startswith("+") and len(digits) >= 7
        return is_number and target.number is not None and digits == target.number

    def _chat_now(self, target: ChatTarget) -> ChatSeen:
        return self._chat_of(self.look(), target)

    def _chat_of(self, seen: ScreenSeen, target: ChatTarget) -> ChatSeen:
        if seen.kind is not ScreenKind.CHAT or seen.chat is None:
            raise ScreenNotRecognised(seen, "chat")
        if not self._is_target(seen.chat, target):
            raise SendRefused(Reason.WRONG_CHAT)
        return seen.chat

    def _settled_chat(self, target: ChatTarget) -> ChatSeen:
        """Read until two reads agree: the list may still be moving."""
        seen = self._chat_now(target)
        for _ in range(12):
            self._wait(_POLL_S / 2)
            again = self._chat_now(target)
            if _signature(again) == _signature(seen):
                return again
            seen = again
        return seen

    def _wait_for_chat(self, target: ChatTarget, is_met: Callable[[ChatSeen], bool]) -> ChatSeen:
        until = time.monotonic() + TRANSITION_S
        while True:
            seen = self._chat_now(target)
            if is_met(seen) or time.monotonic() > until:
                return seen
            self._wait(_POLL_S)

    def _list_now(self) -> ChatListSeen:
        return self._list_of(self.look())

    def _list_of(self, seen: ScreenSeen) -> ChatListSeen:
        if seen.kind is not ScreenKind.CHAT_LIST or seen.chat_list is None:
            raise ScreenNotRecognised(seen, "chat list")
        return seen.chat_list

    def _wait_for(self, is_met: Callable[[ScreenSeen], bool], limit_s: float = TRANSITION_S) -> ScreenSeen:
        """Look until a condition holds; return the last look when time is up or a screen stays that needs a person."""
        until = time.monotonic() + limit_s
        blocked_since: float | None = None
        while True:
            seen, now = self.look(), time.monotonic()
            blocked_since = (blocked_since or now) if seen.kind in BLOCKING else None
            is_stuck = blocked_since is not None and now - blocked_since > _STUCK_S
            if is_met(seen) or now > until or is_stuck:
                return seen
            self._wait(_POLL_S)

    def _must_be_leavable(self, seen: ScreenSeen) -> None:
        """A link would cover a screen that waits for a person; such a screen stays."""
        if seen.kind is ScreenKind.LOCKED:
            if not self._wake():
                raise SendRefused(Reason.PHONE_LOCKED)
        elif TO_CHAT_LIST.get(seen.kind) is None:
            raise ScreenNotRecognised(seen, "a screen that may be left")

    def _set_entry(self, text: str, *, focused: bool = False) -> None:
        try:
            self._act().set_text("entry", self._package, text, focused=focused)
        except TextRefused as error:
            raise SendRefused(Reason.TEXT_NOT_ACCEPTED) from error

    def _drag(self, area: tuple[int, int, int, int], *, down: bool, at_most: int | None = None) -> int:
        """Drag the list by 60 % of its height or less, and return the pixels; the rest overlaps."""
        left, top, right, bottom = area
        height = bottom - top
        x = (left + right) // 2
        high = top + height // 5
        distance = bottom - height // 5 - high
        if at_most is not None:
            distance = max(_LEAST_DRAG_PX, min(distance, at_most))
        start, end = ((x, high), (x, high + distance)) if down else ((x, high + distance), (x, high))
        self._act().drag(start, end)
        return distance

    def _ask(self, *words_: str) -> str:
        answer = self._adb.shell(*words_, deadline_s=10)
        self.answered_at = time.monotonic()
        return answer.out if answer.code in (0, -1) else ""

    def _source(self) -> str:
        source = self._need().source()
        self.answered_at = time.monotonic()
        return source

    def _act(self) -> AutomationSession:
        """Return the session for something that changes the screen: what was seen before is then old."""
        self._last = None
        return self._need()

    def _need(self) -> AutomationSession:
        if self._session is None:
            raise PhoneLost("not started")
        return self._session


def _may_be_tapped(row: ListRowSeen, seen: ChatListSeen) -> bool:
    """Tell whether enough of a row is in view that its middle is the row's and no edge's."""
    tallest = max(one.bounds[3] - one.bounds[1] for one in seen.rows)
    return (row.bounds[3] - row.bounds[1]) * 3 >= tallest * 2


def _room_below_first(seen: ChatSeen) -> int:
    """Return how far the first whole row may move down and still be whole."""
    first = next((row for row in seen.rows if row.whole), None)
    return seen.list_bounds[3] - first.bounds[3] - _EDGE_PX if first is not None else _LEAST_DRAG_PX


def _signature(seen: ChatSeen) -> tuple[object, ...]:
    return tuple((row.bounds, row.content.text, row.shown.minute) for row in seen.rows)


def _may_try_the_list(failure: SendRefused | ScreenNotRecognised) -> bool:
    """A link that led to another chat or app proves nothing of the target; a dialog that names it does."""
    if isinstance(failure, ScreenNotRecognised):
        return failure.seen.kind not in BLOCKING
    return failure.reason in (Reason.WRONG_CHAT, Reason.CHAT_NOT_FOUND)


def _differs(now: ScreenSeen, before: ScreenSeen) -> bool:
    """Tell whether a step did something; lowering the keyboard is something too."""
    return _frame(now) != _frame(before)


def _frame(seen: ScreenSeen) -> tuple[object, ...]:
    chat = seen.chat
    return seen.kind, seen.keyboard_shown, chat.title if chat else "", chat.list_bounds if chat else ()


def _with_warnings(report: HealthReport) -> HealthReport:

    return replace(report, warnings=reading.warnings_of(report))


def _now_in(zone: str) -> datetime:
    """Return the wall clock of a zone by this PC's clock; this PC's own where the zone is not known."""
    try:
        return datetime.now(ZoneInfo(zone)).replace(tzinfo=None) if zone else _local_now()
    except (ZoneInfoNotFoundError, ValueError):
        return _local_now()


def _local_now() -> datetime:
    return datetime.now().astimezone().replace(tzinfo=None)
