"""Apps that only stand in the way: launcher, store, browser, and a one-field app for tests."""

from __future__ import annotations

from collections.abc import Callable

from devices.simulated.contract import Intent, StartResult, View, Window
from devices.simulated.uia2.source import walk

BACK = 4


class StaticApp:
    """An app that shows one page; a tap on a view with a handler calls `on_tap` with it."""

    def __init__(
        self,
        package: str,
        activity: str,
        draw: Callable[[], Window],
        on_tap: Callable[[str], None] | None = None,
        *,
        is_home: bool = False,
    ) -> None:
        self.package = package
        self._activity = activity
        self._draw = draw
        self._on_tap = on_tap
        self._is_home = is_home
        self._is_finished = False

    def windows(self) -> list[Window]:
        """Return the page, or nothing after the way back."""
        return [] if self._is_finished else [self._draw()]

    def activity(self) -> str:
        """Return the component in front."""
        return f"{self.package}/{self._activity}"

    def instance(self) -> int:
        """Return the number of its one window."""
        return 0

    def start(self, intent: Intent) -> StartResult:
        """Come to the front, whatever the intent."""
        del intent
        self._is_finished = False
        return StartResult("started", self.activity())

    def tap(self, x: int, y: int) -> None:
        """Call the handler of the view that was hit."""
        hit = view_at(self._draw().root, x, y)
        if hit is not None and hit.handler and self._on_tap is not None:
            self._on_tap(hit.handler)

    def long_press(self, x: int, y: int) -> None:
        """Do nothing."""

    def drag(self, start: tuple[int, int], end: tuple[int, int], fling: float) -> None:
        """Do nothing."""

    def set_text(self, view: View, text: str) -> bool:
        """Take no text."""
        del view, text
        return False

    def key(self, keycode: int) -> bool:
        """Finish on the way back, unless it is the home screen."""
        if keycode == BACK and not self._is_home:
            self._is_finished = True
        return keycode != BACK

    def is_animating(self) -> bool:
        """Tell that nothing moves."""
        return False

    def on_foreground(self, is_front: bool) -> None:
        """Do nothing."""


def view_at(root: View, x: int, y: int) -> View | None:
    """Return the deepest view with a handler at a place, the last drawn first."""
    hit = None
    for view in walk(root):
        left, top, right, bottom = view.bounds
        if view.handler and left <= x < right and top <= y < bottom:
            hit = view
    return hit
