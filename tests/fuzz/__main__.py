"""`python3 run.py fuzz --seconds N | --each N [--target NAME]`: garbage for all that reads, until the time is over."""

from __future__ import annotations

import argparse
import itertools
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import FrameType

from tests.fuzz.targets import TARGETS, make_input

LIMIT_S = 20.0
"""One input may take so long; the largest have 5 MB, and the machine may be busy."""


class Overdue(BaseException):
    """An input took too long. Not an Exception: no target may catch it."""


def main(words: Sequence[str]) -> int:
    """Try each target in turn and say how it went. Ends with 1 where one failed."""
    options = _read(words)
    names = [options.target] if options.target else list(TARGETS)
    if options.number is not None:
        return 0 if _attempt(names[0], options.seed, options.number) else 1
    if options.each and len(names) > 1:
        failed = _try_side_by_side(names, options.seed, options.each)
    else:
        seconds = options.each or options.seconds / len(names)
        failed = [name for name in names if not _try_target(name, options.seed, seconds)]
    if failed:
        sys.stdout.write(f"failed: {', '.join(failed)}\n")
    return 1 if failed else 0


def _try_side_by_side(names: Sequence[str], seed: int, each_s: float) -> list[str]:
    """Give each target its own time, as many at once as there are processors; return those that failed."""

    def run(name: str) -> bool:
        asked = ("--target", name, "--seed", str(seed), "--each", str(each_s))
        done = subprocess.run(  # noqa: S603 - this module again
            [sys.executable, "-m", "tests.fuzz", *asked], capture_output=True, text=True, errors="replace", check=False
        )
        sys.stdout.write(done.stdout + (done.stderr if done.returncode else ""))
        sys.stdout.flush()
        return done.returncode == 0

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return [name for name, is_well in zip(names, pool.map(run, names), strict=True) if not is_well]


def _try_target(name: str, seed: int, seconds: float) -> bool:
    began, count, slowest, slowest_at = time.monotonic(), 0, 0.0, 0
    for number in itertools.count():
        before = time.monotonic()
        if before - began >= seconds and number:
            break
        if not _attempt(name, seed, number):
            return False
        count += 1
        took = time.monotonic() - before
        if took > slowest:
            slowest, slowest_at = took, number
    rate = count / (time.monotonic() - began)
    sys.stdout.write(
        f"{name:14} {count:8} inputs  {rate:8.0f} a second  slowest {slowest:.2f} s (number {slowest_at})\n"
    )
    sys.stdout.flush()
    return True


def _attempt(name: str, seed: int, number: int) -> bool:
    body = make_input(name, seed, number)
    try:
        with _time_limit():
            TARGETS[name].run(body)
    except (Exception, Overdue) as error:  # noqa: BLE001 - whatever comes is the finding
        said = traceback.format_exc(limit=-4) if not isinstance(error, Overdue) else f"more than {LIMIT_S:g} s\n"
        sys.stdout.write(f"{said}{name}: seed {seed}, number {number}, {len(body)} bytes: {body[:200]!r}\n")
        sys.stdout.write(f"again: python3 run.py fuzz --target {name} --seed {seed} --number {number}\n")
        return False
    return True


@contextmanager
def _time_limit() -> Iterator[None]:
    """Interrupt what takes too long, where the system has alarms."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _ring(number: int, frame: FrameType | None) -> None:
    raise Overdue


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py fuzz", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="for all targets together")
    parser.add_argument("--each", type=float, default=0.0, help="seconds for each target, several side by side")
    parser.add_argument("--target", choices=sorted(TARGETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, help="only this input of the target")
    options = parser.parse_args(words)
    if options.number is not None and not options.target:
        parser.error("--number needs --target")
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
