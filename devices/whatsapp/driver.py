"""The Phone port on a real or simulated phone: adb, the automation server and the screen parsers together.

Every action looks first, checks that the screen is the one it needs, acts once, and looks again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from app.domain.errors import PhoneRefused, SendRefused
from app.domain.media import MediaFile, Pull
from app.domain.observation import (
    ChatListSeen,
    ChatSeen,
    HealthReport,
    NotificationSeen,
    PhoneFacts,
    RowSeen,
    ScreenSeen,
)
from app.domain.ports import ChatTarget
from app.domain.reply import Reason
from devices.adb.phone import AdbPhone
from devices.automation.appium import AppiumServer
from devices.automation.server import AutomationServer, ServerFiles
from devices.health import reading
from devices.screens.notifications import parse_notifications
from devices.whatsapp.media_folder import MediaFolder
from devices.whatsapp.screen import Screen, pause, went_with_finger
from devices.whatsapp.ways import Ways

logger = logging.getLogger(__name__)

_MIN_SDK = 26


class WhatsAppPhone:
    """One WhatsApp app on one phone."""

    def __init__(
        self, phone: AdbPhone, package: str, files: ServerFiles, wait: Callable[[float], None] = pause, appium: str = ""
    ) -> None:
        self.serial = phone.serial
        self._adb = phone
        self._package = package
        server = AutomationServer(phone, files)
        self._screen = Screen(phone.serial, package, AppiumServer(appium, phone, server) if appium else server, wait)
        self._ways = Ways(phone, package, self._screen)
        self._answered_at = 0.0

    @property
    def answered_at(self) -> float:
        """When the phone last answered anything, in monotonic seconds; read from other threads."""
        return max(self._answered_at, self._screen.answered_at)

    # -- life ---------------------------------------------------------------------------------

    def start(self) -> PhoneFacts:
        """Connect, install what is missing, begin the session."""
        self._adb.connect()
        facts = self._facts()
        if not facts.app_version and not self._is_installed():
            raise PhoneRefused("app missing")
        self._screen.open()
        logger.info("%s: ready, Android %s, app %s", self.serial, facts.android, facts.app_version)
        return facts

    def stop(self) -> None:
        """End session and server. Never raises."""
        self._screen.close()

    def is_alive(self) -> bool:
        """Tell whether a command that needs the screen is answered."""
        return self._screen.is_alive()

    def _facts(self) -> PhoneFacts:
        properties = reading.parse_properties(self._adb.shell("getprop", deadline_s=10).out)
        package = self._adb.shell("dumpsys", "package", self._package, deadline_s=10).out
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

    def _is_installed(self) -> bool:
        """Ask another way: some builds print a package's details otherwise."""
        return self._package in self._adb.shell("pm", "path", self._package, deadline_s=10).out

    # -- looking ------------------------------------------------------------------------------

    def look(self) -> ScreenSeen:
        """Return what is in front now."""
        return self._screen.look()

    def read_notifications(self) -> list[NotificationSeen]:
        """Return the app's notifications, with their texts."""
        dump = self._adb.shell("dumpsys", "notification", "--noredact", deadline_s=10).out
        return parse_notifications(dump, self._package)

    def read_chat_list(self) -> ChatListSeen:
        """Bring the chat list to the front, at its top."""
        return self._ways.to_top_of_list()

    def scroll_chat_list(self) -> ChatListSeen:
        """Go most of a window down the list."""
        return self._ways.down_the_list()

    def open_chat(self, target: ChatTarget) -> ChatSeen:
        """Open one chat at its newest message."""
        return self._ways.to_chat(target)

    def read_chat(self, target: ChatTarget) -> ChatSeen:
        """Read the open chat's window again."""
        return self._screen.chat_now(target)

    def scroll_chat_up(self, target: ChatTarget, *, careful: bool = False) -> tuple[ChatSeen, int]:
        """Drag the chat down to see older messages, so far that its first whole row stays in view."""
        before = self._screen.chat_of(self._screen.seen_lately(), target)
        distance = self._screen.drag_chat_down(before, careful=careful)
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
        return self._screen.settled_chat(target)

    # -- acting -------------------------------------------------------------------------------

    def type_reply(self, target: ChatTarget, body: str, ours: frozenset[str] = frozenset()) -> ChatSeen:
        """Put the text into the entry, read it back, and return the chat as it then is."""
        seen = self._screen.chat_of(self._screen.seen_lately(), target)
        if seen.read_only_notice or seen.entry is None:
            raise SendRefused(Reason.READ_ONLY)
        if seen.entry.text and seen.entry.text not in ours | {body}:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        if seen.entry.text != body:
            self._screen.set_entry(body, focused=seen.entry.focused)
        typed = self._screen.wait_for_chat(target, lambda chat: chat.entry is not None and chat.entry.text == body)
        if typed.entry is None or typed.entry.text != body or typed.entry.send is None:
            self.clear_entry(target)
            raise SendRefused(Reason.TEXT_NOT_ACCEPTED)
        return typed

    def tap_send(self, target: ChatTarget, typed: ChatSeen) -> None:
        """Look once more, then tap the send button once: between typing and this moment another chat may have come."""
        now = self._screen.chat_of(self._screen.seen_lately(), target)
        if now.entry is None or now.entry.send is None or typed.entry is None or now.entry.text != typed.entry.text:
            raise SendRefused(Reason.SOMEONE_ELSE_TYPING)
        self._screen.tap(now.entry.send)

    def clear_entry(self, target: ChatTarget) -> None:
        """Empty the entry of the open chat."""
        seen = self._screen.chat_now(target)
        if seen.entry is not None and seen.entry.text:
            self._screen.set_entry("")

    def leave_chat(self) -> ChatListSeen:
        """Go back to the chat list and return what it shows."""
        return self._ways.to_list()

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

        def must_stop() -> bool:
            self._answered_at = time.monotonic()
            return pull.must_stop()

        MediaFolder(self._adb, self._package).pull(file, replace(pull, must_stop=must_stop))

    def _ask(self, *words_: str) -> str:
        answer = self._adb.shell(*words_, deadline_s=10)
        self._answered_at = time.monotonic()
        return answer.out if answer.code in (0, -1) else ""


def _with_warnings(report: HealthReport) -> HealthReport:
    return replace(report, warnings=reading.warnings_of(report))
