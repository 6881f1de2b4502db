"""What is in front on the phone and where touches and keys go: apps, keyguard, shade, keyboard."""

from __future__ import annotations

import math
from collections.abc import Callable

from devices.simulated.contract import App, Intent, StartResult, View, Window
from devices.simulated.system import systemui
from devices.simulated.system.packages import LAUNCHER
from devices.simulated.system.systemui import Stage
from devices.simulated.uia2.device import Stroke
from devices.simulated.uia2.source import walk

HOME, BACK, POWER, ENTER, DELETE, APP_SWITCH, SLEEP, WAKEUP = 3, 4, 26, 66, 67, 187, 223, 224
_SPACE = 62
_TWINS = 1_000_000
"""Windows of another user's app of the same name have numbers of their own."""
_SLOP_DP = 8
_LONG_PRESS_S = 0.5
_FLING_DP_PER_S = 400
"""Faster than this at lifting, content runs on; Android's own limit is lower, so it is invented."""


class Screen:
    """The phone's screen: lit or dark, locked or not, and the app in front."""

    def __init__(
        self,
        stage: Callable[[], Stage],
        density: Callable[[], int],
        record: Callable[..., object],
        changed: Callable[[], None],
    ) -> None:
        self.apps: dict[str, App] = {}
        self.front = LAUNCHER
        self.is_on = True
        self.is_locked = False
        self.is_shade_open = False
        self.has_keyboard = False
        self.pin = ""
        self._stage = stage
        self._density = density
        self._record = record
        self._changed = changed
        self._is_asking_pin = False
        self._typed_pin = ""
        self._told = ""
        self._window_ids: dict[tuple[str, str, int], int] = {}

    @property
    def front_app(self) -> App | None:
        """The app in front, behind whatever the system shows over it."""
        return self.apps.get(self.front)

    def is_front(self, package: str) -> bool:
        """Tell whether an app is what a person sees."""
        is_open = self.is_on and not self.is_locked and not self.is_shade_open
        return is_open and self.front == package

    def start(self, package: str, intent: Intent) -> StartResult:
        """Hand an intent to an app and bring it to the front when it takes it."""
        app = self.apps.get(package)
        if app is None:
            return StartResult("not_found")
        result = app.start(intent)
        if result.outcome in ("started", "delivered", "brought_to_front"):
            self.bring(package)
        self._record("intent", package=package, action=intent.action, data=intent.data)
        self._changed()
        return result

    def bring(self, package: str) -> None:
        """Put an app in front."""
        if package != self.front:
            self.has_keyboard = False
        self.front = package
        self.is_shade_open = False
        self.settle()

    def settle(self) -> None:
        """Go home when the app in front has finished, and tell the apps who is in front."""
        app = self.front_app
        if app is None or (self.front != LAUNCHER and not app.windows()):
            self.front, self.has_keyboard = LAUNCHER, False
        seen = self.front if self.is_front(self.front) else ""
        if seen != self._told:
            before, self._told = self._told, seen
            if before in self.apps:
                self.apps[before].on_foreground(False)
            if seen in self.apps:
                self.apps[seen].on_foreground(True)
        self._changed()

    def lock(self, pin: str = "") -> None:
        """Lock the screen, by a swipe or by a PIN."""
        self.pin = pin or self.pin
        self.is_locked, self.has_keyboard, self.is_shade_open = True, False, False
        self._is_asking_pin, self._typed_pin = False, ""
        self._record("screen.locked", pin=bool(self.pin))
        self.settle()

    def unlock(self, *, forget_pin: bool = False) -> None:
        """Open the keyguard as its owner does, who may also do away with the PIN."""
        self.pin = "" if forget_pin else self.pin
        self.is_locked = self._is_asking_pin = False
        self._record("screen.unlocked")
        self.settle()

    def dismiss_keyguard(self) -> None:
        """Open the keyguard when a swipe does; show the PIN pad otherwise."""
        if self.is_locked and self.pin:
            self._is_asking_pin = True
            self._changed()
        elif self.is_locked:
            self.unlock()

    def turn(self, *, on: bool) -> None:
        """Light the screen or darken it, which also locks it."""
        self.is_on = on
        self._record("screen.on" if on else "screen.off")
        if not on:
            self.lock()
        self.settle()

    def windows(self) -> list[Window]:
        """Return all windows, topmost first."""
        stage = self._stage()
        if not self.is_on or self.is_locked:
            return self._named([systemui.lock_screen(stage, asks_pin=self._is_asking_pin)])
        bars = [systemui.status_bar(stage), systemui.navigation_bar(stage)]
        if self.is_shade_open:
            return self._named([systemui.shade(stage), *bars])
        keyboard = [systemui.keyboard(stage)] if self.has_keyboard else []
        app = self.front_app
        own = app.windows() if app is not None else []
        return self._named([*bars[:1], *keyboard, *own, *bars[1:]])

    def focus(self) -> str:
        """Return what holds the input focus, as `dumpsys window` names it."""
        if not self.is_on or self.is_locked or self.is_shade_open:
            return "NotificationShade"
        app = self.front_app
        return app.activity() if app is not None else ""

    def focused(self) -> tuple[str, int]:
        """Return the title of the window that has the focus, and what tells it from others of that title."""
        title, app = self.focus(), self.front_app
        if app is None or title != app.activity():
            return title, 0
        return title, app.instance() + (_TWINS if self.front.startswith("0:") else 0)

    def touch(self, stroke: Stroke) -> None:
        """Let a finger go its way."""
        self._record("touch", start=stroke.start, end=stroke.end, speed=round(stroke.speed))
        if not self.is_on:
            return
        if self.is_locked:
            self._touch_keyguard(stroke)
        elif self.is_shade_open:
            self.is_shade_open = False
        elif not self._touch_bars(stroke):
            self._touch_app(stroke)
        self.settle()

    def press_key(self, keycode: int) -> None:
        """Press a hardware key."""
        self._record("key", keycode=keycode)
        keys: dict[int, Callable[[], None]] = {
            HOME: self._go_home,
            APP_SWITCH: self._go_home,
            POWER: lambda: self.turn(on=not self.is_on),
            SLEEP: lambda: self.turn(on=False),
            WAKEUP: lambda: self.turn(on=True),
        }
        if keycode in keys:
            keys[keycode]()
        elif self.is_locked:
            self._key_on_keyguard(keycode)
        elif self.is_on:
            self._key_to_app(keycode)
        self.settle()

    def set_text(self, view: View, text: str) -> bool:
        """Set a field of the app in front by accessibility."""
        app = self.front_app
        if not self.is_on or self.is_locked or app is None:
            return False
        is_taken = app.set_text(view, text)
        self._record("set_text", res=view.res, length=len(text), is_taken=is_taken)
        self._changed()
        return is_taken

    def type_text(self, text: str) -> None:
        """Type text into the focused field, or the PIN pad."""
        if self.is_locked:
            self._typed_pin += text
            return
        field = self._focused()
        if field is None or not self.set_text(field, ""):
            return
        empty = self._focused()
        held = "" if empty is not None and empty.text == field.text else field.text
        self.set_text(empty or field, held + text)

    def _focused(self) -> View | None:
        app = self.front_app
        windows = app.windows() if app is not None else []
        for window in windows:
            for view in walk(window.root):
                if view.focused:
                    return view
        return None

    def _go_home(self) -> None:
        if self.is_on and not self.is_locked:
            self.bring(LAUNCHER)

    def _key_to_app(self, keycode: int) -> None:
        if keycode == BACK and self.is_shade_open:
            self.is_shade_open = False
        elif keycode == BACK and self.has_keyboard:
            self.has_keyboard = False
        elif self.front_app is not None:
            is_taken = self.front_app.key(keycode)
            if keycode == BACK and not is_taken:
                self.front = LAUNCHER

    def _key_on_keyguard(self, keycode: int) -> None:
        if keycode == ENTER and self._is_asking_pin:
            self._try_pin()
        elif 7 <= keycode <= 16:
            self._typed_pin += str(keycode - 7)
        elif keycode == 82:
            self.dismiss_keyguard()

    def _try_pin(self) -> None:
        is_right, self._typed_pin = self._typed_pin == self.pin, ""
        self._record("screen.pin", is_right=is_right)
        if is_right:
            self.unlock()

    def _touch_keyguard(self, stroke: Stroke) -> None:
        if self._is_tap(stroke):
            self._tap_pin_pad(stroke.start)
        elif stroke.start[1] - stroke.end[1] > self._stage().display[1] // 6:
            self.dismiss_keyguard()

    def _tap_pin_pad(self, at: tuple[int, int]) -> None:
        stage = self._stage()
        root = systemui.lock_screen(stage, asks_pin=self._is_asking_pin).root
        for view in walk(root):
            if not view.clickable or not _holds(view, at):
                continue
            if view.key == "key_enter":
                self._try_pin()
            else:
                self._typed_pin += view.key.removeprefix("key")

    def _touch_bars(self, stroke: Stroke) -> bool:
        """Serve a touch on a bar or the keyboard; false when it was for the app."""
        stage = self._stage()
        (x, y), bottom = stroke.start, stage.display[1] - stage.navigation_bar
        if y < stage.status_bar and stroke.end[1] - y > stage.display[1] // 6:
            self.is_shade_open = True
            return True
        if y >= bottom:
            self._press_button(systemui.navigation_bar(stage).root, (x, y))
            return True
        if self.has_keyboard and y >= bottom - systemui.keyboard_height(stage):
            self._type_key(systemui.keyboard(stage).root, (x, y))
            return True
        return False

    def _press_button(self, root: View, at: tuple[int, int]) -> None:
        keys = {"home": HOME, "back": BACK, "recent_apps": APP_SWITCH}
        for view in walk(root):
            if view.key in keys and view.clickable and _holds(view, at):
                self.press_key(keys[view.key])

    def _type_key(self, root: View, at: tuple[int, int]) -> None:
        for view in walk(root):
            if view.key.startswith("key") and _holds(view, at):
                self.type_text(view.key[3:])

    def _touch_app(self, stroke: Stroke) -> None:
        app = self.front_app
        if app is None:
            return
        is_held = stroke.hold_s >= _LONG_PRESS_S
        if self._is_tap(stroke):
            (app.long_press if is_held else app.tap)(*stroke.start)
        elif is_held and self._is_long_clickable(stroke.start):
            app.long_press(*stroke.start)
        else:
            is_fling = stroke.speed >= _FLING_DP_PER_S * self._density() / 160
            app.drag(stroke.start, self._past_slop(stroke), stroke.speed if is_fling else 0.0)

    def _past_slop(self, stroke: Stroke) -> tuple[int, int]:
        """A list moves by what a finger goes beyond the touch slop (AOSP AbsListView, mMotionCorrection)."""
        (x, y), slop = stroke.end, round(_SLOP_DP * self._density() / 160)
        way = y - stroke.start[1]
        return x, y - max(-slop, min(slop, way))

    def _is_long_clickable(self, at: tuple[int, int]) -> bool:
        app = self.front_app
        windows = app.windows()[:1] if app is not None else []
        return any(view.long_clickable and _holds(view, at) for window in windows for view in walk(window.root))

    def _is_tap(self, stroke: Stroke) -> bool:
        slop = _SLOP_DP * self._density() / 160
        return math.dist(stroke.start, stroke.end) <= slop

    def _named(self, windows: list[Window]) -> list[Window]:
        """Give every window that has none a number that stays."""
        counts: dict[tuple[str, str], int] = {}
        for window in windows:
            kind = (window.package, window.kind)
            counts[kind] = counts.get(kind, 0) + 1
            if not window.id:
                key = (*kind, counts[kind])
                window.id = self._window_ids.setdefault(key, len(self._window_ids) + 3)
        return windows


def _holds(view: View, at: tuple[int, int]) -> bool:
    left, top, right, bottom = view.bounds
    return left <= at[0] < right and top <= at[1] < bottom
