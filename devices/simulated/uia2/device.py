"""What the on-device server needs of its phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from devices.simulated.clock import Clock
from devices.simulated.contract import View, Window
from devices.simulated.faults import Faults
from devices.simulated.ledger import Ledger

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Stroke:
    """One finger's way over the glass.

    `speed` is pixels a second at the moment of lifting, `hold_s` how long the finger stayed before
    it moved.
    """

    start: Point
    end: Point
    speed: float = 0.0
    hold_s: float = 0.0
    duration_s: float = 0.0


class Input(Protocol):
    """The glass and the keys of a phone."""

    def touch(self, stroke: Stroke) -> None:
        """Let a finger go its way: a tap, a long press, a drag or a fling."""

    def press_key(self, keycode: int) -> None:
        """Press a hardware key."""

    def set_text(self, view: View, text: str) -> bool:
        """Set a field's text by accessibility; false when the view takes none."""

    def type_text(self, text: str) -> None:
        """Type ASCII text into the focused field."""


class Device(Protocol):
    """A phone as an instrumentation on it sees it."""

    faults: Faults
    ledger: Ledger
    clock: Clock

    @property
    def display(self) -> tuple[int, int]:
        """Width and height in pixels."""

    @property
    def density(self) -> int:
        """Dots per inch."""

    @property
    def status_bar(self) -> int:
        """Height of the status bar in pixels."""

    @property
    def rotation(self) -> int:
        """Quarter turns of the display."""

    @property
    def clipboard(self) -> str:
        """What was copied last."""

    @clipboard.setter
    def clipboard(self, text: str) -> None: ...

    @property
    def glass(self) -> Input:
        """The phone's glass and keys."""

    def accessible_windows(self) -> list[Window]:
        """Return the windows as accessibility tells them, topmost first."""

    def toasts(self) -> Sequence[str]:
        """Return the texts of the toasts on show."""

    async def rest(self, timeout_s: float) -> None:
        """Wait until nothing has changed for half a second, at most so long."""

    async def spend(self, op: str) -> None:
        """Let the time pass that an operation takes in the phone's latency profile."""

    async def spend_s(self, seconds: float) -> None:
        """Let a gesture's own duration pass, unless the profile takes no time at all."""

    def screenshot(self) -> bytes:
        """Return the screen as PNG."""

    def describe(self) -> dict[str, object]:
        """Return the value of `appium/device/info`."""

    def battery(self) -> tuple[float, int]:
        """Return the charge from 0 to 1 and Android's battery status."""

    def open_shade(self) -> None:
        """Pull the notification shade down."""

    def launchable_apps(self) -> list[dict[str, str]]:
        """Return package, activity and name of each app."""
