"""How long things take on a phone: log-normal draws by operation, after quality.md A5."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass

_Z95 = 1.6448536269514722
"""The 95th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A log-normal duration by its median and 95th percentile in ms.

    A share `spike_share` of the draws takes between `spike_ms` instead.
    """

    p50_ms: float
    p95_ms: float
    cap_ms: float = math.inf
    spike_share: float = 0.0
    spike_ms: tuple[float, float] = (0.0, 0.0)

    def draw_ms(self, source: random.Random) -> float:
        """Draw one duration in ms."""
        if self.spike_share and source.random() < self.spike_share:
            return source.uniform(*self.spike_ms)
        sigma = math.log(self.p95_ms / self.p50_ms) / _Z95
        return min(self.cap_ms, self.p50_ms * math.exp(source.gauss(0.0, sigma)))


_GOOD: Mapping[str, Spread] = {
    "rtt_usb": Spread(2.5, 6),
    "rtt_wifi": Spread(8, 60, spike_share=0.01, spike_ms=(500, 2000)),
    "shell": Spread(30, 80),
    "input": Spread(230, 420),
    "uiautomator_dump": Spread(2200, 3200),
    "source": Spread(200, 600),
    "find": Spread(45, 140),
    "click": Spread(60, 250, cap_ms=3000),
    "tap": Spread(6, 15),
    "am_start": Spread(90, 220),
    "transition": Spread(420, 1000),
    "drag": Spread(350, 500),
    "settle": Spread(120, 300),
    "dumpsys_notification": Spread(45, 140),
    "screencap": Spread(700, 1500),
    "push_notification": Spread(300, 2000, spike_share=0.001, spike_ms=(60_000, 180_000)),
    # invented: no figure was found for these
    "app_start": Spread(900, 1800),
    "read_node": Spread(8, 25),
    "set_text": Spread(35, 110),
    "server_start": Spread(900, 1600),
    "dumpsys_window": Spread(45, 140),
}

_SLOW: Mapping[str, Spread] = {
    "rtt_usb": Spread(5, 15),
    "rtt_wifi": Spread(20, 150, spike_share=0.03, spike_ms=(500, 2000)),
    "shell": Spread(80, 200),
    "input": Spread(400, 1000),
    "uiautomator_dump": Spread(3500, 6000),
    "source": Spread(600, 2300),
    "find": Spread(150, 500),
    "click": Spread(200, 1200, cap_ms=3000),
    "tap": Spread(15, 40),
    "am_start": Spread(250, 600),
    "transition": Spread(1000, 3000),
    "drag": Spread(500, 800),
    "settle": Spread(300, 700),
    "dumpsys_notification": Spread(120, 400),
    "screencap": Spread(1200, 2500),
    "push_notification": Spread(300, 2000, spike_share=0.001, spike_ms=(60_000, 180_000)),
    # invented: no figure was found for these
    "app_start": Spread(2500, 5000),
    "read_node": Spread(20, 60),
    "set_text": Spread(90, 280),
    "server_start": Spread(2000, 3500),
    "dumpsys_window": Spread(120, 400),
}

PROFILES: Mapping[str, Mapping[str, Spread]] = {"none": {}, "good": _GOOD, "slow": _SLOW}
"""Spreads by profile and operation; an operation that a profile lacks takes no time."""


class Latency:
    """The durations one phone draws.

    Every operation has its own sequence, so that two runs with one seed agree in each operation
    however the operations mix.
    """

    def __init__(self, profile: str = "none", seed: int = 0, scale: float = 1.0) -> None:
        if profile not in PROFILES:
            raise ValueError(f"no latency profile {profile!r}")
        self.profile = profile
        self.seed = seed
        self.scale = scale
        self._sources: dict[str, random.Random] = {}

    def draw_s(self, op: str) -> float:
        """Draw the duration of one operation in seconds."""
        spread = PROFILES[self.profile].get(op)
        if spread is None:
            return 0.0
        source = self._sources.get(op)
        if source is None:
            source = self._sources[op] = random.Random(f"{self.seed}:{op}")
        return spread.draw_ms(source) * self.scale / 1000
