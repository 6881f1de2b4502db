"""Sizes and lengths as bubbles show them, against what a file really has. What is not shown fits anything."""

from __future__ import annotations

import re

_SIZE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?\s*([^\W\d_]+)")
_POWERS = {"byte": 0, "bytes": 0} | {
    prefix + unit: power for power, prefix in enumerate(("", "k", "m", "g")) for unit in ("b", "o")
}
_THOUSANDS, _KIBIS = (1, 10**3, 10**6, 10**9), (1, 1 << 10, 1 << 20, 1 << 30)
_HALVES = (0.5, 0.05, 0.005, 0.0005)
"""Half of the last digit shown, by the number of decimals."""
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-9]{2})")
_ROOM = 0.01


def fits_size(shown: str, size: int) -> bool:
    """Tell whether a file of so many bytes may be shown so. Makers count 1000 or 1024 bytes to the next unit."""
    match = _SIZE.fullmatch(shown.strip("\u200e\u200f\u202a\u202c \u00a0"))
    power = _POWERS.get(match[3].lower()) if match else None
    if match is None or power is None:
        return True
    decimals = match[2] or ""
    value, half = float(f"{match[1]}.{decimals or 0}"), _HALVES[len(decimals)]
    low = (value - half) * _THOUSANDS[power]
    high = (value + half) * _KIBIS[power]
    return low * (1 - _ROOM) <= size <= high * (1 + _ROOM)


def length_s(shown: str) -> int | None:
    """Return the seconds that `0:07` or `1:02:03` says, None for anything else."""
    match = _CLOCK.fullmatch(shown.strip("\u200e\u200f "))
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3]) if match else None


def fits_length(shown: str, really_s: float | None) -> bool:
    """Tell whether a sound of so many seconds may be shown so; makers round up or down."""
    told = length_s(shown)
    return told is None or really_s is None or abs(told - really_s) <= 1.0
