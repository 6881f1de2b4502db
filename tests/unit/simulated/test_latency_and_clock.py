"""Latencies have the medians asked for and repeat by seed; the stepped clock keeps order."""

from __future__ import annotations

import asyncio
import statistics
from datetime import UTC, datetime

import pytest

from devices.simulated.clock import SteppedClock
from devices.simulated.latency import PROFILES, Latency


@pytest.mark.parametrize(("op", "p50", "p95"), [("source", 200, 600), ("click", 60, 250), ("input", 230, 420)])
def test_draws_have_the_median_and_the_tail_of_the_table(op: str, p50: float, p95: float) -> None:
    latency = Latency("good", seed=1)
    draws = sorted(latency.draw_s(op) * 1000 for _ in range(20_000))
    assert statistics.median(draws) == pytest.approx(p50, rel=0.05)
    assert draws[int(len(draws) * 0.95)] == pytest.approx(p95, rel=0.08)


def test_each_operation_repeats_whatever_is_mixed_in() -> None:
    alone, mixed = Latency("slow", seed=3), Latency("slow", seed=3)
    wanted = [alone.draw_s("find") for _ in range(5)]
    found = []
    for _ in range(5):
        mixed.draw_s("source")
        found.append(mixed.draw_s("find"))
    assert found == wanted
    assert [Latency("slow", 3, scale=2.0).draw_s("find") / 2] == pytest.approx(wanted[:1])


def test_no_profile_costs_no_time_and_an_unknown_one_is_refused() -> None:
    assert Latency("none").draw_s("source") == 0
    assert set(PROFILES["good"]) == set(PROFILES["slow"])
    with pytest.raises(ValueError, match="no latency profile"):
        Latency("fast")


async def test_a_stepped_clock_calls_in_order_and_wakes_sleepers() -> None:
    clock = SteppedClock(datetime(2026, 10, 25, 0, 59, tzinfo=UTC))
    seen: list[str] = []
    clock.later(2, lambda: seen.append("second"))
    clock.later(1, lambda: clock.later(0.5, lambda: seen.append("first")))
    sleeper = asyncio.get_running_loop().create_task(clock.sleep(3))
    await asyncio.sleep(0)
    clock.advance(2.5)
    assert seen == ["first", "second"]
    assert not sleeper.done()
    clock.advance(1)
    await sleeper
    assert clock.now() == datetime(2026, 10, 25, 0, 59, 3, 500_000, tzinfo=UTC)
