"""One storm: everybody acts, the nemesis strikes, all is healed, and the checker says what is left of the promises."""

from __future__ import annotations

import asyncio
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from app.runtime.tasks import spawn, stop
from tests.faults.checker import Verdict, check
from tests.faults.crowd import Crowd
from tests.faults.nemesis import TOLD_WITHIN_S, Nemesis
from tests.faults.stage import Stage, set_stage

_READY_S = 90.0
_SETTLE_S = 150.0
_AGAIN_S = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How hard it blows. Rates are for all phones together."""

    minutes: float = 2.0
    phones: int = 2
    seed: int = 1
    latency: str = "none"
    messages_a_minute: float = 60.0
    replies_a_minute: float = 12.0
    fault_every_s: float = 60.0
    only: frozenset[str] = frozenset()
    tell_within_s: float = TOLD_WITHIN_S


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a storm did and what is left."""

    verdict: Verdict
    did: Counter[str]
    struck: Counter[str]
    history: list[tuple[float, str, str]]
    starts: int
    settled_s: float
    log: str
    """The program's own log."""


async def run_storm(plan: Plan, keep: Path | None = None) -> Outcome:
    """Run a storm in a scratch profile; its database and what was true on the phones may be kept in a folder."""
    with tempfile.TemporaryDirectory(prefix="phoneshelf-storm-") as folder:
        async with set_stage(Path(folder), plan.phones, plan.seed, plan.latency) as stage:
            crowd = Crowd(stage, random.Random(plan.seed))
            nemesis = Nemesis(stage, random.Random(plan.seed + 1), plan.tell_within_s)
            since = stage.program.clock.now()
            await crowd.meet()
            await _until_mirrored(stage, crowd)
            tasks = [
                spawn(crowd.write(plan.messages_a_minute), "customers"),
                spawn(crowd.answer(plan.replies_a_minute), "agent"),
                spawn(nemesis.rage(plan.fault_every_s, plan.only), "nemesis"),
            ]
            done, _ = await asyncio.wait(tasks, timeout=plan.minutes * 60, return_when=asyncio.FIRST_EXCEPTION)
            # The fault at work is healed by its own end; nobody acts any more.
            await stop(*tasks)
            for task in done:
                task.result()
            before = time.monotonic()
            await _settle(stage, crowd)
            settled_s = time.monotonic() - before
            await stage.bridge.end()
            verdict = await check(stage, crowd.replies, since)
            verdict.untold = len(nemesis.untold)
            verdict.details += [f"not told within {plan.tell_within_s:g} s: {name}" for name in nemesis.untold]
            if keep is not None:
                await _keep(stage, keep)
            log = stage.bridge.log.read_text("utf-8", "replace")
            return Outcome(verdict, crowd.did, nemesis.struck, stage.history, stage.bridge.starts, settled_s, log)


async def _keep(stage: Stage, folder: Path) -> None:
    truths = [await stage.ask(address, "truth") for address in stage.phones.addresses]
    await asyncio.to_thread(_write_down, stage.program.settings.home, truths, folder)


def _write_down(home: Path, truths: list[object], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in home.glob("phoneshelf.sqlite*"):
        shutil.copy(file, folder)
    for number, truth in enumerate(truths, 1):
        (folder / f"phone-{number}.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1), "utf-8")


async def _until_mirrored(stage: Stage, crowd: Crowd) -> None:
    """Wait until what is on the phones is in the mirror: before that there is nobody to answer."""
    since, until = stage.program.clock.now(), time.monotonic() + _READY_S
    while time.monotonic() < until:
        if (await check(stage, crowd.replies, since)).is_clean:
            return
        await asyncio.sleep(_AGAIN_S)


async def _settle(stage: Stage, crowd: Crowd) -> None:
    """Wait until everything agrees, or time is up."""
    since, until = stage.program.clock.now(), time.monotonic() + _SETTLE_S
    while time.monotonic() < until and not (await check(stage, crowd.replies, since)).is_clean:  # noqa: ASYNC110
        await asyncio.sleep(_AGAIN_S)
