"""What the simulated phone's system and the app on it owe each other. Values and protocols only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Bounds = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels of the screen."""


@dataclass(slots=True)
class View:
    """One node of the accessibility tree, already laid out and clipped to the screen.

    `res` is a whole resource id (`com.whatsapp.w4b:id/entry`) or "". `handler` names what a tap
    does, for the app alone; it never reaches the wire. Children are in drawing order. `index` is
    the child's index with invisible siblings counted.
    """

    cls: str
    res: str = ""
    text: str = ""
    desc: str = ""
    bounds: Bounds = (0, 0, 0, 0)
    package: str = ""
    index: int = 0
    checkable: bool = False
    checked: bool = False
    clickable: bool = False
    enabled: bool = True
    focusable: bool = False
    focused: bool = False
    scrollable: bool = False
    long_clickable: bool = False
    password: bool = False
    selected: bool = False
    naf: bool = False
    hint: str = ""
    drawing_order: int = 0
    max_length: int = -1
    handler: str = ""
    key: str = ""
    """Identity of the view behind this node: equal keys give equal element ids, "" by position."""
    extra: dict[str, str] = field(default_factory=dict)
    """Attributes only one tree form prints (`heading`, `a11y-important`, ...)."""
    children: list[View] = field(default_factory=list)


@dataclass(slots=True)
class Window:
    """One window on the display, topmost first in a list.

    `kind` is app, dialog, keyboard, status_bar or navigation_bar.
    """

    kind: str
    package: str
    root: View
    id: int = 0


@dataclass(frozen=True, slots=True)
class Intent:
    """An intent as `am start` was given it."""

    action: str = ""
    data: str = ""
    package: str = ""
    component: str = ""
    mime_type: str = ""
    categories: tuple[str, ...] = ()
    extras: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StartResult:
    """What became of an intent.

    `outcome` is started, delivered, brought_to_front, not_found or denied.
    """

    outcome: str
    activity: str = ""


@dataclass(frozen=True, slots=True)
class NotifiedMessage:
    """One line of a MessagingStyle notification; `time_ms` is Unix time."""

    sender: str
    text: str
    time_ms: int


@dataclass(frozen=True, slots=True)
class Notification:
    """A notification as an app posts it; the same (package, id, tag) replaces the earlier one."""

    package: str
    id: int
    tag: str | None
    channel: str
    title: str
    text: str
    messages: tuple[NotifiedMessage, ...] = ()
    shortcut: str = ""
    conversation_title: str = ""
    is_group: bool = False
    is_summary: bool = False
    ticker: str = ""
    number: int = 0
    last_row_id: int = 0
    self_name: str = "You"
    actions: tuple[str, ...] = ()


class App(Protocol):
    """An app on the simulated phone. All calls come from the phone's one event loop."""

    package: str

    def windows(self) -> list[Window]:
        """Return the app's own windows (dialogs first), laid out for the display and keyboard.

        An empty list means that the app has finished: the host then shows the launcher.
        """

    def activity(self) -> str:
        """Return the component in front, as `dumpsys window` prints it.

        For example `com.whatsapp.w4b/com.whatsapp.Conversation`.
        """

    def instance(self) -> int:
        """Return a number that the window in front shares with no other window of its component."""

    def start(self, intent: Intent) -> StartResult:
        """Handle an intent."""

    def tap(self, x: int, y: int) -> None:
        """A finger went down and up at a place of the screen."""

    def long_press(self, x: int, y: int) -> None:
        """A finger stayed at a place."""

    def drag(self, start: tuple[int, int], end: tuple[int, int], fling: float) -> None:
        """A finger moved; content follows it by the exact distance, and runs on when flung."""

    def set_text(self, view: View, text: str) -> bool:
        """Accessibility ACTION_SET_TEXT on a view of `windows()`; false when it takes no text."""

    def key(self, keycode: int) -> bool:
        """Take a hardware key (4 back, 66 enter, 67 delete); false for back where there is nothing to go back to.

        The host has handled home, power and wake-up, and back while the keyboard was up.
        """

    def is_animating(self) -> bool:
        """Tell whether something on the screen moves now, so that it does not come to rest."""

    def on_foreground(self, is_front: bool) -> None:
        """The app came to the front or left it."""


class ControlledApp(App, Protocol):
    """An app that a test or a demonstration may also act on from the outside."""

    def control(self, verb: str, args: dict[str, object]) -> object:
        """Do what the world does to the app (`customer_writes`, `advance_ticks`, ...).

        Args:
            verb: What happens; an unknown verb is a LookupError, a wrong argument a ValueError.
            args: JSON values by name.

        Returns:
            A JSON value.
        """


class Host(Protocol):
    """What the phone's system gives an app."""

    display: tuple[int, int]
    density: int
    status_bar: int
    """Height of the status bar in pixels."""
    navigation_bar: int
    locale: str
    """Language tag: `en`, `nl`, `pt-BR`."""
    is_24h: bool
    uid: int
    files: dict[str, bytes]
    """The shared storage by absolute path (`/sdcard/...` is `/storage/emulated/0/...`)."""

    def save(self, path: str, data: bytes, at: datetime) -> None:
        """Write a file of the shared storage, with its folders, as it was at a moment."""

    def remove(self, path: str) -> None:
        """Remove a file of the shared storage, where it is there."""

    def now(self) -> datetime:
        """Return the phone's clock, aware, in the phone's zone."""

    def later(self, delay_s: float, call: Callable[[], None]) -> None:
        """Call back after some seconds of the phone's time."""

    def delay_s(self, op: str) -> float:
        """Draw a latency for `op` from the profile (quality.md A5).

        Ops for an app: `transition`, `settle`, `app_start`, `push_notification`.
        """

    def post(self, notification: Notification) -> None:
        """Show a notification; writes `notification_enqueue` to the event log."""

    def cancel(self, package: str, id: int, tag: str | None) -> None:
        """Take a notification away; writes `notification_canceled` when it was there."""

    def show_keyboard(self, is_shown: bool) -> None:
        """Raise or lower the on-screen keyboard."""

    def keyboard_top(self) -> int:
        """Return the y where the keyboard begins, or the height of the display when it is down."""

    def is_front(self, package: str) -> bool:
        """Tell whether the app is in front on an unlocked, lit screen."""

    def open_url(self, url: str) -> None:
        """Another app takes over the screen (Play Store, a browser)."""

    def record(self, kind: str, **facts: object) -> None:
        """Write one line to the ledger of truth."""
