"""What a phone tells beside its screen, over adb alone: notifications, vital signs, files of messages."""

from __future__ import annotations

import time
from dataclasses import replace

from app.domain.media import MediaFile, Pull
from app.domain.observation import HealthReport, NotificationSeen
from devices.adb.phone import AdbPhone
from devices.health import reading
from devices.screens.notifications import parse_notifications
from devices.whatsapp.media_folder import MediaFolder
from devices.whatsapp.sight import Sight

_VITALS = (
    ("dumpsys", "battery"), ("dumpsys", "thermalservice"), ("dumpsys", "window"), ("df", "-k", "/data"),
    ("dumpsys", "power"), ("dumpsys", "trust"), ("dumpsys", "connectivity"), ("dumpsys", "wifi"),
    ("dumpsys", "telephony.registry"),
)  # fmt: skip


class PhoneAside:
    """One app on one phone, without its screen."""

    def __init__(self, phone: AdbPhone, sight: Sight) -> None:
        self.serial = phone.serial
        self._adb = phone
        self._sight = sight
        self._package = sight.package
        self._answered_at = 0.0

    @property
    def answered_at(self) -> float:
        """When adb last answered anything, in monotonic seconds; read from other threads."""
        return self._answered_at

    def read_notifications(self) -> list[NotificationSeen]:
        """Return the app's notifications, with their texts."""
        dump = self._adb.shell("dumpsys", "notification", "--noredact", deadline_s=10).out
        return [seen for seen in parse_notifications(dump, self._package) if seen.user == self._sight.user]

    def read_health(self) -> HealthReport:
        """Ask for the vital signs; a command that the phone lacks leaves its value open."""
        told = self._ask_each((*_VITALS, ("dumpsys", "package", self._package)))

        def ask(*words_: str) -> str:
            return told[words_]

        battery = reading.parse_battery(ask("dumpsys", "battery"))
        status, hottest = reading.parse_thermal(ask("dumpsys", "thermalservice"))
        window = ask("dumpsys", "window")
        storage = reading.parse_storage(ask("df", "-k", "/data"))
        about_app = ask("dumpsys", "package", self._package)
        self._sight.note_users(reading.parse_app_users(about_app, self._package))
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
            app_version=reading.parse_app_version(about_app, self._package),
            focus=reading.parse_focus(window),
        )
        self._sight.use_version(report.app_version)
        return replace(report, warnings=reading.warnings_of(report))

    def list_media(self, days: int) -> list[MediaFile]:
        """Return the app's media files of the last so many days."""
        return self._media().list(days)

    def pull_media(self, file: MediaFile, pull: Pull) -> None:
        """Copy a listed file as a whole."""

        def must_stop() -> bool:
            self._answered_at = time.monotonic()
            return pull.must_stop()

        self._media().pull(file, replace(pull, must_stop=must_stop))

    def _media(self) -> MediaFolder:
        return MediaFolder(self._adb, self._package, self._sight.user)

    def _ask_each(self, commands: tuple[tuple[str, ...], ...]) -> dict[tuple[str, ...], str]:
        """Return what each command printed, nothing for one that failed; all in one go where the shell takes it."""
        answers = self._adb.shell_each(*commands, deadline_s=30)
        self._answered_at = time.monotonic()
        told: dict[tuple[str, ...], str] = {}
        for words_, in_one_go in zip(commands, answers, strict=True):
            answer = in_one_go
            if answer is None:
                answer = self._adb.shell(*words_, deadline_s=10)
                self._answered_at = time.monotonic()
            told[words_] = answer.out if answer.code in (0, -1) else ""
        return told
