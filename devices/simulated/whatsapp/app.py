"""The app as the phone's system sees it: windows, intents, fingers and keys. It only hands on to its parts."""

from __future__ import annotations

import math
from typing import Any

from devices.simulated.contract import Host, Intent, StartResult, View, Window
from devices.simulated.whatsapp.accessibility import annotated
from devices.simulated.whatsapp.chat_footer import has_entry
from devices.simulated.whatsapp.contact_list import ContactList
from devices.simulated.whatsapp.controls import Controls
from devices.simulated.whatsapp.conversation import Conversation
from devices.simulated.whatsapp.customers import Customers
from devices.simulated.whatsapp.dialogs import FULL_SCREENS, Blocking
from devices.simulated.whatsapp.document_picker import DocumentPicker
from devices.simulated.whatsapp.messaging import Messaging
from devices.simulated.whatsapp.navigating import Navigating
from devices.simulated.whatsapp.notifying import Notifier
from devices.simulated.whatsapp.pickers import ContactPicker, MediaComposer
from devices.simulated.whatsapp.state import new_state
from devices.simulated.whatsapp.swiping import swiped, take_swipe
from devices.simulated.whatsapp.touching import Touching
from devices.simulated.whatsapp.views import finished, renamed, under

_BACK, _ENTER, _DELETE = 4, 66, 67
_DAY_SHOWN_S = 1.6
_FLING_STEPS = 8
_SWIPE_S = 0.2
_FASTEST_DP_PER_S = 8000
_FRICTION = 0.015
_DECELERATION = math.log(0.78) / math.log(0.9)


class WhatsApp:
    """WhatsApp or WhatsApp Business on one simulated phone."""

    def __init__(self, host: Host, package: str = "com.whatsapp.w4b", layout: str = "2026", seed: int = 0) -> None:
        """Start with an empty account.

        Args:
            host: The phone's system.
            package: `com.whatsapp.w4b` or `com.whatsapp`.
            layout: `2025`, `2026` or the month of one captured build (`skins.SKINS`).
            seed: Makes every random choice repeatable.
        """
        self.package = package
        self.state = new_state(host, package, layout, seed)
        self._fronts: list[tuple[object, int]] = []
        self._opened = 0
        self._notifier = Notifier(self.state)
        self.messaging = Messaging(self.state, self._notifier)
        self.navigating = Navigating(self.state, self.messaging)
        self._touching = Touching(self.state, self.messaging, self.navigating)
        self.customers = Customers(self.state, self.messaging)
        self._controls = Controls(self.state, self.messaging, self.navigating, self.customers)

    def windows(self) -> list[Window]:
        """Return the app's own windows; a dialog's hides the screen below, as in the captures."""
        look = self.state.look()
        dialog = self.state.dialog
        if dialog is not None:
            kind = "app" if dialog.name in FULL_SCREENS else "dialog"
            return [Window(kind, self.package, self._finished(dialog.draw(look)))]
        return [Window("app", self.package, self._finished(self.state.top.draw(look)))]

    def _finished(self, root: View) -> View:
        return renamed(annotated(finished(root, self.package)), dict(self.state.skin.renamed))

    def activity(self) -> str:
        """Return the component in front."""
        dialog, top = self.state.dialog, self.state.top
        if dialog is not None and dialog.name in FULL_SCREENS:
            name = FULL_SCREENS[dialog.name]
        elif isinstance(top, Conversation):
            name = "com.whatsapp.Conversation"
        elif isinstance(top, ContactPicker | ContactList):
            name = "com.whatsapp.contact.ui.picker.ContactPicker"
        elif isinstance(top, DocumentPicker):
            name = "com.whatsapp.documentpicker.DocumentPickerActivity"
        elif isinstance(top, MediaComposer):
            name = "com.whatsapp.mediacomposer.MediaComposerActivity"
        else:
            name = "com.whatsapp.home.ui.HomeActivity"
        return f"{self.package}/{name}"

    def instance(self) -> int:
        """Return what tells the window in front from others of its component; all of home is one window."""
        state, front = self.state, self.state.dialog or self.state.top
        if state.dialog is None and self.activity().endswith("HomeActivity"):
            return 0
        living = (*state.stack, state.dialog)
        self._fronts = [(one, number) for one, number in self._fronts if any(one is other for other in living)]
        known = next((number for one, number in self._fronts if one is front), 0)
        if not known:
            self._opened += 1
            known = self._opened
            self._fronts.append((front, known))
        return known

    def start(self, intent: Intent) -> StartResult:
        """Handle an intent."""
        result = self.navigating.start(intent)
        if result.activity:
            return StartResult(result.outcome, f"{self.package}/{result.activity}")
        return result

    def tap(self, x: int, y: int) -> None:
        """A finger went down and up at a place of the screen."""
        view = under(self.windows()[0].root, x, y)
        if view is not None:
            self._touching.do(view.handler)

    def long_press(self, x: int, y: int) -> None:
        """A finger stayed at a place: nothing is chosen, no menu is drawn."""
        del x, y

    def drag(self, start: tuple[int, int], end: tuple[int, int], fling: float) -> None:
        """A finger moved; content follows it by the exact distance, and runs on when flung."""
        message = self._swiped(start, end)
        if message:
            self.navigating.after(_SWIPE_S, lambda: take_swipe(self.state, message))
            return
        distance = end[1] - start[1]
        self._scroll(distance)
        if fling:
            density = self.state.look().px(160) / 160
            far, seconds = spline_fling(min(fling, _FASTEST_DP_PER_S * density), density)
            self._run_on(math.copysign(far, distance), _FLING_STEPS, seconds / _FLING_STEPS)

    def _swiped(self, start: tuple[int, int], end: tuple[int, int]) -> int:
        if self.state.dialog is not None or self.state.conversation is None:
            return 0
        return swiped(self.windows()[0].root, start, end, self.state.look().width)

    def _scroll(self, pixels: int) -> None:
        if self.state.dialog is not None:
            return
        look = self.state.look()
        screen = self.state.top
        screen.scroll(pixels, look)
        if isinstance(screen, Conversation):
            screen.day_shown_until = look.now.timestamp() + _DAY_SHOWN_S

    def _run_on(self, rest: float, steps: int, step_s: float) -> None:
        if steps == 0 or abs(rest) < 1:
            return
        part = rest * 2 / (steps + 1)

        def step() -> None:
            self._scroll(round(part))
            self._run_on(rest - part, steps - 1, step_s)

        self.navigating.after(step_s, step)

    def set_text(self, view: View, text: str) -> bool:
        """Put a text into a field."""
        name = view.res.rpartition("/")[2]
        name = next((old for old, new in self.state.skin.renamed if new == name), name)
        dialog, screen = self.state.dialog, self.state.conversation
        if isinstance(dialog, Blocking) and view.hint:
            dialog.typed[view.hint] = text
            return True
        if name == "entry" and screen is not None and dialog is None and has_entry(screen.chat, screen.is_restricted):
            screen.chat.draft = text
            return True
        return name in {"caption", "appended_message"} and self._touching.type_text(text)

    def key(self, keycode: int) -> bool:
        """A hardware key: back lowers the keyboard first; enter and delete change the draft."""
        host, screen = self.state.host, self.state.conversation
        if keycode == _BACK:
            if host.keyboard_top() < host.display[1]:
                host.show_keyboard(False)
                return True
            return self.navigating.back()
        if screen is not None and self.state.dialog is None and has_entry(screen.chat, screen.is_restricted):
            if keycode == _ENTER:
                screen.chat.draft += "\n"
            elif keycode == _DELETE:
                screen.chat.draft = screen.chat.draft[:-1]
        return True

    def is_animating(self) -> bool:
        """Tell whether something moves: a transition, a fling, a spinner, someone typing in the open chat."""
        screen = self.state.conversation
        is_typing = screen is not None and bool(screen.chat.typing or screen.chat.recording)
        dialog = self.state.dialog
        return self.state.moving > 0 or is_typing or (dialog is not None and dialog.name == "searching")

    def on_foreground(self, is_front: bool) -> None:
        """The app came to the front or left it; what is open is then read."""
        if is_front:
            self.state.is_running = True
            self.navigating.seen()

    def control(self, verb: str, args: dict[str, Any]) -> object:
        """Let a test or a demo do what people and servers do to the app.

        Raises:
            KeyError: An unknown verb, chat or message.
        """
        return self._controls.do(verb, args)


def spline_fling(speed: float, density: float) -> tuple[float, float]:
    """Return how far in pixels, and how long in seconds, a list runs on (AOSP OverScroller, SplineOverScroller).

    Args:
        speed: Pixels a second at the moment of lifting.
        density: Pixels per dp.
    """
    resistance = _FRICTION * 9.80665 * 39.37 * density * 160 * 0.84
    pull = math.log(0.35 * speed / resistance)
    return resistance * math.exp(_DECELERATION / (_DECELERATION - 1) * pull), math.exp(pull / (_DECELERATION - 1))
