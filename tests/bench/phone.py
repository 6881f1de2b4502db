"""What one phone costs: round trips and seconds on a simulated phone at the good latency profile, parsing, start-up.

Round trips are the phone's own count; they are the same on every machine.
"""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
import xml.dom.minidom
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from statistics import median

import adbutils
from lxml import etree

from app.cli.common import opened_settings
from app.cli.demo import DemoPhones, demo_phones, demo_settings
from app.domain.message import Direction
from app.domain.reply import ON_THE_PHONE, Reply
from app.main import Program
from app.runtime.tasks import spawn, stop
from devices.adb.wire import shell
from devices.screens.recognise import parse_screen
from devices.simulated.shelf import Handset, make_whatsapp
from devices.simulated.system.spec import PhoneSpec
from devices.simulated.uia2.source import dump_appium

Row = tuple[str, object, str, str]
ROUNDS = 12
_LIMIT_S = 60.0
PROFILE = "good"


async def measure() -> list[Row]:
    """Return all rows: name, value, unit, note."""
    rows = parsing() + start_up()
    with tempfile.TemporaryDirectory() as folder:
        settings = demo_settings(Path(folder))
        async with demo_phones(1, 7, PROFILE) as phones, opened_settings(settings) as program:
            account = await program.watching.add_phone(phones.addresses[0], "com.whatsapp.w4b", "bench", "full")
            # What a send costs is measured, not the pace that a number is given.
            await program.restraining.set_policy(account, gap_s=0, typing_cap_s=0, per_hour=600)
            tasks = [spawn(program.bridge.run(), "bridge"), spawn(program.feed.run(), "feed")]
            try:
                rows += await on_a_phone(program, phones)
                rows += shell_calls(program, phones.addresses[0])
            finally:
                await stop(*tasks)
                await asyncio.to_thread(program.adb.stop)
    return [
        *rows,
        (
            "memory",
            round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
            "MB",
            "bridge, one phone, no window",
        ),
    ]


async def on_a_phone(program: Program, phones: DemoPhones) -> list[Row]:
    """Measure notices, reads, sends and rest on one simulated phone."""
    address = phones.addresses[0]
    await until(lambda: verified(program))
    texts, reads, sends = [], [], []
    trips: dict[str, list[int]] = {"text": [], "read": [], "send": []}
    for number in range(ROUNDS):
        await quiet(phones, address)
        seconds, count = await one_text(program, phones, f"vraag {number}")
        texts.append(seconds)
        trips["text"].append(count)
        before = time.monotonic()
        await quiet(phones, address)
        reads.append(seconds + time.monotonic() - before - QUIET_S)
        trips["read"].append(total(phones, address) - count)
        seconds, count = await one_reply(program, phones, f"antwoord {number}")
        sends.append(seconds)
        trips["send"].append(count)
    await quiet(phones, address)
    phones.ask(address, "reset_trips")
    await asyncio.sleep(30)
    rest = total(phones, address)
    note = f"simulated phone, {PROFILE} profile, {ROUNDS} rounds"
    return [
        ("notice", 0, "round trips", "pushed by the event log"),
        ("text in the database", median(trips["text"]), "round trips", note),
        ("text in the database", round(median(texts), 2), "s p50", note),
        ("read of the chat, with going there and back", median(trips["read"]), "round trips", note),
        ("message to fully read chat", round(median(reads), 2), "s p50", note),
        ("verified send, with opening the chat", median(trips["send"]), "round trips", note),
        ("verified send", round(median(sends), 2), "s p50", note),
        ("at rest", rest * 2, "round trips a minute", "30 s watched, nothing happening"),
    ]


async def one_text(program: Program, phones: DemoPhones, text: str) -> tuple[float, int]:
    """Let a customer write; return seconds and round trips until the text is in the database."""
    address = phones.addresses[0]
    chat = (await program.browsing.list_chats())[0]
    phones.ask(address, "reset_trips")
    before = time.monotonic()
    await asyncio.to_thread(phones.ask, address, "customer_writes", chat=chat.title, text=text)

    async def is_there() -> bool:
        rows = await program.browsing.list_messages(chat.id, 3)
        return any(r.content.text == text and r.direction is Direction.IN for r in rows)

    await until(is_there, every_s=0.005)
    seconds = time.monotonic() - before
    kinds = await asyncio.to_thread(phones.ask, address, "trips")
    return seconds, sum(n for kind, n in kinds.items() if "dumpsys" in kind)


async def one_reply(program: Program, phones: DemoPhones, text: str) -> tuple[float, int]:
    """Send a reply; return seconds and round trips until the phone shows it."""
    chat = (await program.browsing.list_chats())[0]
    phones.ask(phones.addresses[0], "reset_trips")
    before = time.monotonic()
    reply: Reply = await program.replying.queue_reply(chat.id, text)

    async def is_sent() -> bool:
        found = await program.replying.get_reply(reply.id)
        return found is not None and found.state in ON_THE_PHONE

    await until(is_sent, every_s=0.01)
    return time.monotonic() - before, total(phones, phones.addresses[0])


def total(phones: DemoPhones, address: str) -> int:
    """Return the round trips since the last reset; the open streams and start-up are not among them."""
    trips = phones.ask(address, "trips")
    return sum(n for kind, n in trips.items() if kind.startswith(("shell:", "http:")))


QUIET_S = 2.5


async def quiet(phones: DemoPhones, address: str) -> None:
    """Wait until the program asks the phone nothing for a moment."""
    until_s = time.monotonic() + _LIMIT_S
    last, since = -1, time.monotonic()
    while time.monotonic() < until_s and time.monotonic() - since < QUIET_S:
        now = await asyncio.to_thread(total, phones, address)
        if now != last:
            last, since = now, time.monotonic()
        await asyncio.sleep(0.1)


async def verified(program: Program) -> bool:
    """Tell whether the phone's whole list agrees with the mirror."""
    found = await program.browsing.list_phones()
    chats = await program.browsing.list_chats()
    return all(p.verified_until for p in found) and bool(chats) and all(c.verified_until for c in chats)


async def until(is_met: Callable[[], Awaitable[bool]], every_s: float = 0.1) -> None:
    """Wait for a condition.

    Raises:
        TimeoutError: It did not come true.
    """
    async with asyncio.timeout(_LIMIT_S):
        while not await is_met():
            await asyncio.sleep(every_s)


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
