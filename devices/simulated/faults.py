"""Faults that strike a phone on demand, after the fault matrix in quality.md B3."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class FaultKind:
    """A fault that can be struck: its row in the matrix, its parameters and what it does."""

    row: int
    where: str
    about: str
    defaults: Mapping[str, Any] = field(default_factory=dict)


_LOOK_AGAIN_S = 0.02

_FOR_S: Mapping[str, Any] = {"seconds": math.inf}
_ONCE: Mapping[str, Any] = {"count": 1}
_ROUTE: Mapping[str, Any] = {"route": "", "count": 1}

CATALOGUE: Mapping[str, FaultKind] = {
    "unplug": FaultKind(1, "W", "connections are reset, the port is shut", {"seconds": 5.0}),
    "frozen": FaultKind(2, "W", "connections stay, nothing is read or answered", _FOR_S),
    "offline": FaultKind(2, "W", "connections are reset; new ones are taken in silence", _FOR_S),
    "unauthorized": FaultKind(3, "W", "keys are forgotten; the phone asks its owner again"),
    "half_frame": FaultKind(5, "W", "a frame stops half way, then a reset", _ONCE),
    "slow_frames": FaultKind(5, "W", "each frame comes in two parts", {**_FOR_S, "delay_s": 0.2}),
    "wrong_magic": FaultKind(5, "W", "a frame with a wrong magic word", _ONCE),
    "close_mid_body": FaultKind(5, "W", "a stream is closed after half a write", _ONCE),
    "latency_spikes": FaultKind(6, "W", "round trips take long", {**_FOR_S, "spike_s": 2.0, "share": 0.2}),
    "deaf": FaultKind(7, "W", "streams open and never answer", _FOR_S),
    "server_crash": FaultKind(8, "H", "the on-device server dies"),
    "reply_lost": FaultKind(9, "H", "the deed is done, the reply is not sent", _ROUTE),
    "late_reply": FaultKind(10, "H", "the reply comes late", {**_ROUTE, "delay_s": 5.0}),
    "server_pause": FaultKind(11, "H", "a request waits before it begins", {**_ROUTE, "delay_s": 1.5}),
    "uiautomation_held": FaultKind(12, "H", "another tool holds UiAutomation", _FOR_S),
    "uiautomation_lost": FaultKind(12, "H", "status answers, UI commands fail", _FOR_S),
    "stale_tree": FaultKind(13, "H", "the tree stays as it is now", {"seconds": 5.0}),
    "never_idle": FaultKind(14, "H", "the screen never comes to rest", _FOR_S),
    "source_error": FaultKind(15, "H", "the page source fails with 500", _ONCE),
    "source_empty": FaultKind(15, "H", "the page source is an empty string", _ONCE),
    "source_truncated": FaultKind(15, "H", "the page source stops half way", _ONCE),
    "source_invalid_chars": FaultKind(15, "H", "the page source holds a control character", _ONCE),
    "source_huge": FaultKind(15, "H", "the page source is very long", {**_ONCE, "kilobytes": 5000}),
    "click_ignored": FaultKind(16, "A", "a click is acknowledged, nothing happens", _ONCE),
    "wrong_app": FaultKind(19, "P", "another app comes to the front", {"url": "market://details"}),
    "lock": FaultKind(29, "P", "the screen locks", {"pin": ""}),
    "screen_off": FaultKind(29, "P", "the screen goes dark and locks"),
    "clock_skew": FaultKind(30, "P", "the phone's clock moves", {"offset_s": 3600.0}),
    "low_storage": FaultKind(31, "P", "little room is left", {"free_kb": 51_200}),
    "low_battery": FaultKind(31, "P", "the battery is low and not charging", {"level": 7}),
    "battery_hot": FaultKind(31, "P", "the battery is hot", {"celsius": 47.0}),
    "battery_full": FaultKind(31, "P", "the battery stays at 100 %"),
    "reboot": FaultKind(32, "P", "the phone restarts", {"seconds": 10.0}),
    "notifications_silent": FaultKind(33, "P", "notifications make no event and no record", _FOR_S),
    "wifi_off": FaultKind(6, "P", "the phone has no network", _FOR_S),
}
"""Every fault by name; `seconds` is how long, `count` how many times it works."""


@dataclass(slots=True)
class Fault:
    """One fault at work."""

    name: str
    params: dict[str, Any]
    until: float
    left: float


class Faults:
    """The faults that are at work on one phone."""

    def __init__(self, monotonic: Callable[[], float], record: Callable[..., object]) -> None:
        self._monotonic = monotonic
        self._record = record
        self._active: dict[str, Fault] = {}
        self._listeners: dict[str, list[Callable[[Fault], None]]] = {}
        self._lifted = asyncio.Event()

    def strike(self, name: str, **params: Any) -> Fault:
        """Put a fault to work.

        Args:
            name: A name of `CATALOGUE`.
            **params: Its parameters; what is left out has the catalogue's value.

        Raises:
            LookupError: There is no such fault.
            ValueError: The fault has no such parameter.
        """
        kind = CATALOGUE.get(name)
        if kind is None:
            raise LookupError(f"no fault named {name!r}")
        unknown = sorted(set(params) - set(kind.defaults))
        if unknown:
            raise ValueError(f"{name} has no parameter {', '.join(unknown)}")
        values = {**kind.defaults, **params}
        until = self._monotonic() + float(values.get("seconds", math.inf))
        fault = Fault(name, values, until, float(values.get("count", math.inf)))
        self._record("fault.struck", name=name, **values)
        if "seconds" in values or "count" in values:
            self._active[name] = fault
        for listener in list(self._listeners.get(name, ())):
            listener(fault)
        return fault

    def lift(self, name: str) -> None:
        """End a fault that is at work."""
        if self._active.pop(name, None) is not None:
            self._record("fault.lifted", name=name)
            self._lifted.set()

    def active(self, name: str) -> Fault | None:
        """Return the fault when it is at work."""
        fault = self._active.get(name)
        if fault is not None and self._monotonic() >= fault.until:
            self.lift(name)
            return None
        return fault

    def take(self, name: str, route: str = "") -> Fault | None:
        """Return the fault and use up one of its times.

        Args:
            name: The fault.
            route: What is about to happen; a fault with a `route` works where this holds it.
        """
        fault = self.active(name)
        if fault is None or fault.params.get("route", "") not in route:
            return None
        fault.left -= 1
        if fault.left <= 0:
            self._active.pop(name, None)
        return fault

    async def wait_lifted(self, name: str) -> None:
        """Return when the fault is not at work."""
        while self.active(name) is not None:
            self._lifted.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_S):
                    await self._lifted.wait()

    def on(self, name: str, listener: Callable[[Fault], None]) -> None:
        """Call `listener` whenever the fault is struck."""
        self._listeners.setdefault(name, []).append(listener)

    def names(self) -> list[str]:
        """Return the faults at work."""
        return [name for name in list(self._active) if self.active(name) is not None]
