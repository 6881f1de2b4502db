"""Our program and three naive scripts on simulated phones of the same seeds and latencies: one table.

All run at the same time, each on phones of its own; compared are the phones' own count of round trips, and seconds.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from tests.bench.ours import our_lanes
from tests.bench.peers.dumper import Dumper
from tests.bench.peers.field import Field
from tests.bench.peers.finder import Finder
from tests.bench.peers.listener import Listener
from tests.bench.peers.scripts import Script
from tests.bench.peers.tasks import TASKS, Sample, Tasks
from tests.bench.peers.wires import Adb
from tests.fakes.shelf import SimulatedShelf, simulated_shelf

OURS = "ours"
SCRIPTS: tuple[Callable[[Adb], Script], ...] = (Listener, Dumper, Finder)
NAMES = (OURS, Listener.name, Dumper.name, Finder.name)
PROFILE = "good"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: phones for each driver, rounds of tasks on each."""

    seed: int = 7
    lanes: int = 3
    our_rounds: int = 3
    rounds: int = 1
    rest_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Cell:
    """What a task cost one driver: round trips in the middle, and those back to the list where they were counted;
    seconds, how often, how often it failed.
    """

    task: str
    driver: str
    trips: float
    p50_s: float
    p95_s: float
    count: int
    failed: int
    after: float | None = None


async def compare(plan: Plan, scale: float) -> list[Cell]:
    """Let all drivers do all tasks at one scale of the latencies."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        # The folder of each is its adb server's home.
        shelves = [stack.enter_context(_shelf(Path(folder) / str(n), plan)) for n in range(len(NAMES))]
        fields = [[Field(s.control, a, plan.seed * 1000 + n) for n, a in enumerate(s.addresses)] for s in shelves]
        await asyncio.gather(*(asyncio.to_thread(field.prepare) for lane in fields for field in lane))
        jobs = [
            _Job(make, shelf.adb.port, field, plan, scale)
            for make, shelf, lane in zip(SCRIPTS, shelves[1:], fields[1:], strict=True)
            for field in lane
        ]
        # A thread for each: they wait for most of their time, and the usual pool has fewer.
        pool = stack.enter_context(ThreadPoolExecutor(len(jobs)))
        loop = asyncio.get_running_loop()
        ours, *found = await asyncio.gather(
            _ours(Path(folder), shelves[0].adb.port, fields[0], plan, scale),
            *(loop.run_in_executor(pool, job.run) for job in jobs),
        )
    samples = {OURS: ours}
    for number, name in enumerate(NAMES[1:]):
        samples[name] = [one for run in found[number * plan.lanes : (number + 1) * plan.lanes] for one in run]
    return [cell_of(task, name, samples[name]) for task in TASKS for name in NAMES]


def _shelf(folder: Path, plan: Plan) -> AbstractContextManager[SimulatedShelf]:
    folder.mkdir()
    return simulated_shelf(folder, "--phones", str(plan.lanes), "--seed", str(plan.seed), "--chats", "0")


async def _ours(folder: Path, port: int, fields: list[Field], plan: Plan, scale: float) -> list[Sample]:
    async with our_lanes(folder / "home", port, fields) as lanes:
        for field in fields:
            await asyncio.to_thread(field.set_latency, PROFILE, scale)
        found = await asyncio.gather(*(lane.run(plan.our_rounds, plan.rest_s) for lane in lanes))
    return [one for lane in found for one in lane]


@dataclass(frozen=True, slots=True)
class _Job:
    """One script on one phone."""

    make: Callable[[Adb], Script]
    adb_port: int
    field: Field
    plan: Plan
    scale: float

    def run(self) -> list[Sample]:
        self.field.write_all()
        self.field.read_all()
        script = self.make(Adb(self.adb_port, self.field.address))
        try:
            script.start()
            self.field.set_latency(PROFILE, self.scale)
            tasks = Tasks(script, self.field, scale=self.scale)
            return tasks.run(self.plan.rounds, self.plan.rest_s)
        finally:
            script.stop()


def cell_of(task: str, driver: str, samples: Sequence[Sample]) -> Cell:
    """Sum up what a task cost."""
    mine = [one for one in samples if one.task == task]
    seconds = sorted(one.seconds for one in mine)
    p95 = seconds[math.ceil(len(seconds) * 0.95) - 1]
    failed = sum(1 for one in mine if not one.ok)
    after = [one.after for one in mine if one.after is not None]
    trips = median(one.trips for one in mine)
    return Cell(task, driver, trips, median(seconds), p95, len(mine), failed, median(after) if after else None)


def lines_of(cells: Sequence[Cell]) -> list[tuple[str, ...]]:
    """Return the table: for each task and driver round trips, seconds, and how many times ours."""
    ours = {cell.task: cell for cell in cells if cell.driver == OURS}
    lines = [("task", "driver", "round trips", "x ours", "way back", "p50 s", "p95 s", "x ours", "N", "failed")]
    for cell in cells:
        base = ours[cell.task]
        is_rest = cell.task == TASKS[-1]
        seconds = ("-", "-", "-") if is_rest else (
            f"{cell.p50_s:.2f}", f"{cell.p95_s:.2f}", _times(cell.p50_s, base.p50_s)
        )  # fmt: skip
        lines.append((
            cell.task if cell.driver == OURS else "", cell.driver, f"{cell.trips:.3g}", _times(cell.trips, base.trips),
            "-" if cell.after is None else f"{cell.after:.3g}", *seconds, str(cell.count), str(cell.failed),
        ))  # fmt: skip
    return lines


def _times(value: float, base: float) -> str:
    return f"{value / base:.1f}" if base else "-"
