"""What one phone costs: parsing, start-up, and the tasks of a day against three naive scripts on simulated phones."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.dom.minidom
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from statistics import median

import adbutils
from lxml import etree

from app.cli.common import opened_settings
from app.cli.demo import DemoPhones, demo_phones, demo_settings
from app.main import Program
from app.runtime.tasks import spawn, stop
from devices.adb.wire import shell
from devices.screens.recognise import parse_screen
from devices.simulated.latency import PROFILES
from devices.simulated.shelf import Handset, make_whatsapp
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.uia2.source import dump_appium
from tests.bench.comparing import OURS, PROFILE, Plan, compare, lines_of
from tests.bench.peers.field import CHATS, LONG, MESSAGES

Row = tuple[str, object, str, str]
QUICK = Plan()
FULL = Plan(our_rounds=8, rounds=3, rest_s=120.0)
FULL_SCALES = (0.5, 1.0, 2.0)
_LIMIT_S = 60.0


def main(words: Sequence[str]) -> int:
    """Measure and print. Ends with 1 where a task of ours failed."""
    options = _read(words)
    plan = FULL if options.full else QUICK
    plan = replace(plan, seed=options.seed)
    scales = options.scale or (FULL_SCALES if options.full else (1.0,))
    rows = [*parsing(), *start_up(), *asyncio.run(on_the_wire())]
    cells = {scale: asyncio.run(compare(plan, scale)) for scale in scales}
    if options.json:
        told = {name: {"value": value, "unit": unit, "note": note} for name, value, unit, note in rows}
        tasks = {str(scale): [asdict(cell) for cell in found] for scale, found in cells.items()}
        sys.stdout.write(json.dumps({"plan": asdict(plan), "profile": PROFILE, "host": told, "tasks": tasks}) + "\n")
    else:
        _print([(name, str(value), unit, note) for name, value, unit, note in rows])
        for scale, found in cells.items():
            _tell_plan(plan, scale)
            _print(lines_of(found))
    return 1 if any(cell.failed for found in cells.values() for cell in found if cell.driver == OURS) else 0


def _tell_plan(plan: Plan, scale: float) -> None:
    sys.stdout.write(
        f"simulated phones, latencies {PROFILE} times {scale:g}, seeds {plan.seed}000 to "
        f"{plan.seed * 1000 + plan.lanes - 1}, {plan.lanes} phones a driver; {plan.our_rounds} rounds on each of ours, "
        f"{plan.rounds} on each of the scripts'; at rest {plan.rest_s:g} s watched\n"
        f"{CHATS} chats of {MESSAGES + 1} messages, more than a window shows; one of about {LONG} is read back, "
        f"in which nobody wrote for a while\n"
        f"way back: round trips of ours to the chat list once all was known; the scripts' own is not counted\n"
        f"median ms: {', '.join(f'{op} {spread.p50_ms * scale:g}' for op, spread in PROFILES[PROFILE].items())}\n"
        f"p95 of fewer than 20 is the slowest; the scripts' own sleeps are not scaled\n"
    )


def _print(lines: Sequence[tuple[str, ...]]) -> None:
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    for line in lines:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n")
    sys.stdout.write("\n")


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="run.py bench phone", description=__doc__)
    parser.add_argument("--scale", type=_scales, default=(), help="latencies times this; several with commas")
    parser.add_argument("--full", action="store_true", help="more rounds, at half, once and twice the latencies")
    parser.add_argument("--seed", type=int, default=QUICK.seed)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(words)


def _scales(text: str) -> tuple[float, ...]:
    found = tuple(float(part) for part in text.split(","))
    if not all(0 < scale <= 10 for scale in found):
        raise argparse.ArgumentTypeError("scales are above 0 and at most 10")
    return found


async def on_the_wire() -> list[Row]:
    """Measure what needs one phone and no task."""
    with tempfile.TemporaryDirectory() as folder:
        settings = demo_settings(Path(folder))
        async with demo_phones(1, 7, PROFILE) as phones, opened_settings(settings) as program:
            await program.watching.add_phone(phones.addresses[0], "com.whatsapp.w4b", "bench", "full")
            tasks = [spawn(program.bridge.run(), "bridge"), spawn(program.feed.run(), "feed")]
            try:
                async with asyncio.timeout(_LIMIT_S):
                    while not await program.browsing.list_chats():
                        await asyncio.sleep(0.1)
                rows = await asyncio.to_thread(shell_calls, program, phones.addresses[0])
            finally:
                await stop(*tasks)
                await asyncio.to_thread(program.adb.stop)
    memory = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return [*rows, ("memory", memory, "MB", "bridge, one phone, no window")]


def total(phones: DemoPhones, address: str) -> int:
    """Return the round trips since the last reset; the open streams and start-up are not among them."""
    trips = phones.ask(address, "trips")
    return sum(n for kind, n in trips.items() if kind.startswith(("shell:", "http:")))


def parsing() -> list[Row]:
    """Measure page sources parsed in a second of processor time, against lxml with rows and minidom's tree."""
    handset = Handset(PhoneSpec(locale="en"), make_whatsapp)
    chats = handset.control("fill", {"chats": 12, "messages": 30})
    assert isinstance(chats, list)
    handset.control("bring", {"package": "com.whatsapp.w4b"})
    rows: list[Row] = []
    for name, verb in (("chat lists", "go_home"), ("conversations", "open_chat")):
        handset.control(verb, {"chat": chats[0]})
        source = dump_appium(handset.phone.screen.windows(), handset.phone.display)
        ours = rate(lambda text=source: parse_screen(text, date(2026, 11, 21)), 200)
        body = source.encode()
        peer = rate(lambda body=body: lxml_rows(body), 200)
        naive = rate(lambda text=source: xml.dom.minidom.parseString(text), 15)
        size = f"{source.count('bounds=')} elements, {len(source) // 1000} kB"
        note = (
            f"of {size}; {ours / peer:.2f} times lxml with rows ({peer:.0f}), {ours / naive:.0f} times minidom's tree"
        )
        rows.append((f"{name} parsed", round(ours), "a second of CPU", note))
    return rows


def lxml_rows(body: bytes) -> list[dict[str, tuple[str, ...]]]:
    """Return text, description and bounds by id for each row: the fastest way that quality.md A2 measured."""
    lists = (node for node in etree.fromstring(body).iter() if node.get("resource-id", "").endswith(":id/list"))
    return [
        {
            one.get("resource-id", ""): (one.get("text", ""), one.get("content-desc", ""), one.get("bounds", ""))
            for one in row.iter()
        }
        for rows in lists
        for row in rows
    ]


def rate(call: Callable[[], object], times: int) -> float:
    """Return calls a second of processor time."""
    call()
    before = time.process_time()
    for _ in range(times):
        call()
    return times / (time.process_time() - before)


def shell_calls(program: Program, serial: str) -> list[Row]:
    """Measure the overhead of one shell call against the library's convenience call, on the same phone."""
    device = adbutils.AdbClient("127.0.0.1", program.settings.adb_port).device(serial)
    ours = median(timed(lambda: shell(program.adb.address, serial, "true", 5)) for _ in range(15))
    naive = median(timed(lambda: device.shell("true")) for _ in range(15))
    return [
        ("shell call", round(ours * 1000, 1), "ms", f"adbutils' own: {naive * 1000:.1f} ms, same phone and latency")
    ]


def timed(call: Callable[[], object]) -> float:
    """Return seconds."""
    before = time.monotonic()
    call()
    return time.monotonic() - before


def start_up() -> list[Row]:
    """Measure a whole `phoneshelf chats` on an empty profile, process start included."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "app", "chats", "--json", "--home", folder]
        runs = [
            timed(lambda: subprocess.run(command, check=True, capture_output=True, env=os.environ)) for _ in range(4)
        ]
    return [
        ("cold start of the command line", round(median(runs[1:]), 2), "s", "phoneshelf chats, process start included")
    ]
