"""The simulated phone: what its apps run on, put together from its parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from devices.simulated.clock import Clock, RealClock
from devices.simulated.contract import App, Notification, Window
from devices.simulated.faults import Fault, Faults
from devices.simulated.latency import Latency
from devices.simulated.ledger import Ledger
from devices.simulated.system import systemui
from devices.simulated.system.apps import StaticApp
from devices.simulated.system.eventlog import EventLog
from devices.simulated.system.focus import Focus
from devices.simulated.system.instrument import CRASHED, Instrumentation
from devices.simulated.system.notices import Notices
from devices.simulated.system.packages import BROWSER, LAUNCHER, PLAY_STORE, Packages, twin_key
from devices.simulated.system.screen import Screen
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.system.storage import Storage
from devices.simulated.system.systemui import Stage
from devices.simulated.system.values import first_properties, first_settings
from devices.simulated.system.vitals import Vitals

QUIET_S = 0.5
_LOOK_AGAIN_S = 0.05
_FIRST_PID = 4000


class SimulatedPhone:
    """One phone; it is the host of its apps."""

    def __init__(self, spec: PhoneSpec, clock: Clock | None = None) -> None:
        self.spec = spec
        self.clock: Clock = clock or RealClock()
        self.zone = ZoneInfo(spec.timezone)
        self.skew = timedelta()
        self.display, self.density = spec.display, spec.density
        self.status_bar, self.navigation_bar = spec.status_bar, spec.navigation_bar
        self.locale, self.is_24h = spec.locale, spec.is_24h
        self.rotation = 0
        self.clipboard = ""
        self.instrumentation: Instrumentation | None = None
        self.ledger = Ledger(self.now)
        self.faults = Faults(self.clock.monotonic, self.ledger.write)
        self.latency = Latency(spec.latency, spec.seed, spec.latency_scale)
        self.storage = Storage(lambda: self.now().timestamp())
        self.files = self.storage.files
        self.packages = Packages(spec, self.now)
        self.uid = self.packages.uid_of(self.packages.app_under_test)
        self.log = EventLog(self.now)
        self.notices = Notices(self.log, self.now)
        self.vitals = Vitals(battery=spec.battery_percent)
        self.settings = first_settings(spec)
        self.properties = first_properties(spec)
        self.screen = Screen(self.stage, lambda: self.density, self.ledger.write, self.changed)
        self.screen.pin = spec.pin
        self.focus = Focus(self.log, spec.sdk, spec.seed)
        self.changed_s = float("-inf")
        self.running_services: set[str] = set()
        self._pids: dict[str, int] = {}
        self._last_pid = _FIRST_PID
        self._add_system_apps()
        _listen(self)
        self.focus.move(*self.screen.focused())

    def now(self) -> datetime:
        """Return the phone's clock, aware, in the phone's zone."""
        return (self.clock.now() + self.skew).astimezone(self.zone)

    def save(self, path: str, data: bytes, at: datetime) -> None:
        """Write a file of the shared storage as it was at a moment; one that finds no room is not there."""
        self.storage.write(path, data, int(at.timestamp()))

    def remove(self, path: str) -> None:
        """Remove a file of the shared storage."""
        self.storage.remove(path)

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call back after some seconds of the phone's time; that may change the screen."""

        def run() -> None:
            call()
            self.screen.settle()

        self.clock.later(delay_s, run)

    def delay_s(self, op: str) -> float:
        """Draw the time an operation takes in the phone's latency profile."""
        return self.latency.draw_s(op)

    def post(self, notification: Notification) -> None:
        """Show a notification."""
        found = self.packages.find(notification.package)
        if self.faults.active("notifications_silent") is not None or found is None:
            return
        packages = self.packages
        user = packages.user_of(notification.package)
        self.notices.post(notification, packages.uid_of(found), self.pid_of(notification.package), user)
        facts = {"title": notification.title, "shortcut": notification.shortcut}
        self.record("notification.posted", package=notification.package, **facts)

    def cancel(self, package: str, id: int, tag: str | None) -> None:
        """Take a notification away."""
        if self.notices.cancel(package, id, tag):
            self.record("notification.cancelled", package=package, tag=tag)

    def show_keyboard(self, is_shown: bool) -> None:
        """Raise or lower the on-screen keyboard."""
        self.screen.has_keyboard = is_shown
        self.changed()

    def keyboard_top(self) -> int:
        """Return the y where the keyboard begins, or the display's height when it is down."""
        if not self.screen.has_keyboard:
            return self.display[1]
        return self.display[1] - self.navigation_bar - systemui.keyboard_height(self.stage())

    def is_front(self, package: str) -> bool:
        """Tell whether the app is in front on an unlocked, lit screen."""
        return self.screen.is_front(package)

    def open_url(self, url: str) -> None:
        """Let another app take over the screen."""
        is_store = url.startswith("market:") or "play.google.com" in url
        self.record("url.opened", url=url)
        self.screen.bring(PLAY_STORE if is_store else BROWSER)

    def record(self, kind: str, **facts: object) -> None:
        """Write one line to the ledger of truth."""
        self.ledger.write(kind, **facts)

    def changed(self) -> None:
        """Note that the screen has changed just now."""
        try:
            self.changed_s = self.clock.monotonic()
        except RuntimeError:  # no loop runs yet: the phone is being made
            self.changed_s = float("-inf")
        self.focus.move(*self.screen.focused())

    def run_app(self, app: App, *, is_twin: bool = False) -> None:
        """Put an app on the phone and show it on the home screen.

        Args:
            app: The app.
            is_twin: It is the owner's, where the one under test is another user's.
        """
        self.screen.apps[twin_key(app.package) if is_twin else app.package] = app

    async def rest(self, timeout_s: float) -> None:
        """Wait until nothing has changed for half a second, at most so long."""
        end_s = self.clock.monotonic() + timeout_s
        while (now_s := self.clock.monotonic()) < end_s:
            if self.is_moving():
                self.changed_s = now_s
            left_s = QUIET_S - (now_s - self.changed_s)
            if left_s <= 0:
                return
            await self.clock.sleep(min(left_s, end_s - now_s, _LOOK_AGAIN_S))

    def is_moving(self) -> bool:
        """Tell whether something on the screen moves now."""
        app = self.screen.front_app
        is_shown = app is not None and self.screen.is_front(app.package)
        is_restless = self.faults.active("never_idle") is not None
        return is_restless or (is_shown and app is not None and app.is_animating())

    def stage(self) -> Stage:
        """Return what the system's windows are drawn from."""
        now = self.now()
        clock = now.strftime("%H:%M") if self.is_24h else now.strftime("%I:%M").lstrip("0")
        notices = tuple(
            (self.spec.app_package.rpartition(".")[2], one.notice.title)
            for one in self.notices.on_show()
            if not one.notice.is_summary
        )
        return Stage(
            display=self.display,
            status_bar=self.status_bar,
            navigation_bar=self.navigation_bar,
            locale=self.locale,
            time_text=clock,
            date_text=now.strftime("%d-%m"),
            battery=self.vitals.battery,
            notices=notices,
        )

    def pid_of(self, package: str) -> int:
        """Return the process id of a package, which it keeps until it is stopped."""
        if package not in self._pids:
            self._last_pid += 37
            self._pids[package] = self._last_pid
        return self._pids[package]

    def stop_package(self, package: str) -> None:
        """Stop everything of a package, as `am force-stop` does."""
        self._pids.pop(package, None)
        self.running_services.discard(package)
        running = self.instrumentation
        if running is not None and package in (running.target, running.component.split("/")[0]):
            running.end(CRASHED)
        if self.screen.front == package:
            self.screen.bring(LAUNCHER)
        self.record("package.stopped", package=package)

    def restart(self) -> None:
        """Restart the phone: everything that lives in memory is gone."""
        if self.instrumentation is not None:
            self.instrumentation.end(CRASHED)
        self.notices.clear()
        self.log.clear()
        self._pids.clear()
        self.running_services.clear()
        self.screen.bring(LAUNCHER)
        self.screen.lock()
        self.record("phone.restarted")

    def _add_system_apps(self) -> None:
        names = {"WA Business": self.spec.app_package, "Play Store": PLAY_STORE, "Chrome": BROWSER}

        def open_icon(name: str) -> None:
            self.screen.bring(names[name])

        home = f"{LAUNCHER}.activities.LauncherActivity"
        store = "com.google.android.finsky.activities.MainActivity"
        self.run_app(
            StaticApp(
                LAUNCHER,
                home,
                lambda: systemui.launcher(self.stage(), tuple(names)),
                open_icon,
                is_home=True,
            )
        )
        self.run_app(StaticApp(PLAY_STORE, store, lambda: systemui.play_store(self.stage(), "WhatsApp Business")))
        for package, activity, text in (
            (BROWSER, "com.google.android.apps.chrome.Main", "Webpagina"),
            ("com.android.settings", ".Settings", "Instellingen"),
            ("io.appium.settings", ".Settings", "Appium Settings"),
        ):
            self.run_app(StaticApp(package, activity, self._page(package, text)))

    def _page(self, package: str, text: str) -> Callable[[], Window]:
        return lambda: systemui.plain_page(self.stage(), package, text)


def _listen(phone: SimulatedPhone) -> None:
    """Let the faults of the phone's own system do their work when they are struck."""
    vitals, screen = phone.vitals, phone.screen

    def crash(_: Fault) -> None:
        if phone.instrumentation is not None:
            phone.instrumentation.end(CRASHED)

    def drain(fault: Fault) -> None:
        vitals.drain(int(fault.params["level"]))
        if phone.instrumentation is not None:
            phone.instrumentation.server.charger_unplugged()

    def skew(fault: Fault) -> None:
        phone.skew += timedelta(seconds=fault.params["offset_s"])

    def fill_storage(fault: Fault) -> None:
        phone.storage.free_kb = int(fault.params["free_kb"])

    def cut_wifi(_: Fault) -> None:
        vitals.has_wifi = False

    on = phone.faults.on
    on("server_crash", crash)
    on("clock_skew", skew)
    on("low_storage", fill_storage)
    on("wifi_off", cut_wifi)
    on("lock", lambda fault: screen.lock(str(fault.params["pin"])))
    on("screen_off", lambda _: screen.turn(on=False))
    on("low_battery", drain)
    on("battery_hot", lambda fault: vitals.heat(float(fault.params["celsius"])))
    on("battery_full", lambda _: vitals.fill())
    on("reboot", lambda _: phone.restart())
    on("wrong_app", lambda fault: phone.open_url(str(fault.params["url"])))
