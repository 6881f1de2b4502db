"""`demo`: simulated phones, customers who write by themselves, a scratch profile; with a window or without."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.common import JsonOption, VerboseOption, opened_settings, put_json, put_table, run, say
from app.cli.tally import HEADINGS, Tally, count_chat, count_replies
from app.cli.windowing import ScreenshotOption, SizeOption, open_demo_window, parse_size
from app.domain.errors import ReplyRefused
from app.domain.reply import ON_THE_PHONE, ReplyState
from app.main import Program
from app.runtime.tasks import spawn, stop
from app.services.browsing import Chat
from app.settings import Settings, load_settings
from ui.application import Stay

_ANSWERS = (
    "Dank u wel voor uw bericht, ik zoek het voor u uit.",
    "Thanks, I will look that up for you right away.",
    "Dat kan zeker 👍 Morgen ligt het klaar.",
    "We are open until 18:00 today.",
    "Ik stuur u zo de bevestiging.\nGroet, de winkel",
    "Ok",
)
DEMO_POLICY = {"gap_s": 0.5, "per_hour": 600, "chars_per_s": 200.0, "typing_cap_s": 0.5, "unanswered": 5}
"""Faster than any office should be: nobody real is written to, and a demo shows much in a minute."""
_PAUSE_S, _ANSWER_S = 6.0, 4.0
_SETTLE_S = 90.0
_STARTUP_S = 30.0


@dataclass(frozen=True, slots=True)
class DemoPhones:
    """The simulated phones of a demo, in a process of their own."""

    addresses: list[str]
    control: int

    def ask(self, address: str, verb: str, **arguments: object) -> Any:
        """Do something to a phone, or ask its ledger."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.control}/phones/{address}/{verb}", json.dumps(arguments).encode(), method="POST"
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            return json.load(answer)["value"]


def demo(
    headless: Annotated[bool, typer.Option("--headless", help="Without a window; a table at the end.")] = False,
    for_s: Annotated[float | None, typer.Option("--for", help="Seconds to run.")] = None,
    seed: Annotated[int, typer.Option(help="Makes people and their messages repeatable.")] = 1,
    phones: Annotated[int, typer.Option(help="How many phones.", min=1, max=20)] = 2,
    latency: Annotated[str, typer.Option(help="none, good or slow.")] = "good",
    as_json: JsonOption = False,
    verbose: VerboseOption = False,
    screenshot: ScreenshotOption = None,
    size: SizeOption = "",
) -> None:
    """Show the program on simulated phones. Nothing is kept afterwards."""
    with tempfile.TemporaryDirectory(prefix="phoneshelf-demo-") as folder:
        home = Path(folder)
        if headless:
            tallies = run(lambda: _headless(home, phones, seed, for_s or 60.0, latency, verbose=verbose))
            for line in (line for tally in tallies for line in tally.differences):
                say(line)
            _close(tallies, as_json=as_json)
        else:
            _windowed(home, phones, seed, latency, Stay(for_s, screenshot, parse_size(size)))


def _close(tallies: list[Tally], *, as_json: bool) -> None:
    if as_json:
        put_json([dict(zip(HEADINGS, tally.row(), strict=True)) for tally in tallies])
    else:
        put_table(HEADINGS, [tally.row() for tally in tallies])
    if not all(tally.is_clean for tally in tallies):
        raise typer.Exit(1)


@asynccontextmanager
async def demo_phones(count: int, seed: int, latency: str, chats: int = 6) -> AsyncIterator[DemoPhones]:
    """Run simulated phones, each with so many chats, in a child process for as long as the context lasts."""
    command = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "app"]
    child = await asyncio.create_subprocess_exec(
        *command, "simulate", "--json", "--port", "0", "--phones", str(count), "--seed", str(seed),
        "--latency", latency, "--chats", str(chats), "--messages", "12", stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert child.stdout is not None  # noqa: S101
        line = await asyncio.wait_for(child.stdout.readline(), _STARTUP_S)
        ready = json.loads(line)
        yield DemoPhones(ready["phones"], ready["control"])
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()


async def shelve(program: Program, phones: DemoPhones, pause_s: float) -> None:
    """Put the demo's phones on the shelf and let its customers write."""
    for number, address in enumerate(phones.addresses, 1):
        name = ("Winkel", "Werkplaats")[number - 1] if number <= 2 else f"Nummer {number}"
        account = await program.watching.add_phone(address, "com.whatsapp.w4b", name, "full")
        await program.restraining.set_policy(account, **DEMO_POLICY)
        await asyncio.to_thread(phones.ask, address, "live", pause_s=pause_s, answers=True)


async def _headless(home: Path, count: int, seed: int, for_s: float, latency: str, *, verbose: bool) -> list[Tally]:
    settings = demo_settings(home)
    async with demo_phones(count, seed, latency) as phones, opened_settings(settings, verbose=verbose) as program:
        started = program.clock.now()
        await shelve(program, phones, _PAUSE_S)
        say(f"{count} simulated phones, latency {latency}; customers write for {for_s:.0f} s…")
        tasks = program.begin()
        answering = spawn(_answer_customers(program, seed), "answering")
        try:
            await asyncio.sleep(for_s)
            await stop(answering)
            for address in phones.addresses:
                await asyncio.to_thread(phones.ask, address, "live", pause_s=0, answers=False)
            await _settle(program, phones, started)
            for reply in await program.browsing.list_outbox():
                if reply.state not in ON_THE_PHONE:
                    say(f"reply {reply.id} to chat {reply.chat}: {reply.state.value} {reply.reason or ''}")
            return [await _tally(program, phones, address, started) for address in phones.addresses]
        finally:
            await stop(*tasks, answering)
            await asyncio.to_thread(program.adb.stop)


def demo_settings(home: Path) -> Settings:
    """Return the settings of a scratch profile with an adb server of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return replace(load_settings(home), adb_port=port, adb_usb=False, agent="Eva", undo_s=5.0)


async def _answer_customers(program: Program, seed: int) -> None:
    """An agent who answers whoever wrote last, one at a time."""
    dice = random.Random(seed)
    while True:
        await asyncio.sleep(_ANSWER_S * dice.uniform(0.5, 1.5))
        waiting = [c for c in await program.browsing.list_chats() if await _waits(program, c)]
        if waiting:
            # A chat that has enough replies under way refuses one more, as it would a person's.
            with contextlib.suppress(ReplyRefused):
                await program.replying.queue_reply(dice.choice(waiting).id, dice.choice(_ANSWERS))


async def _waits(program: Program, chat: Chat) -> bool:
    rows = await program.browsing.list_messages(chat.id, 5)
    return bool(rows) and rows[-1].direction == "in" and rows[-1].content.kind != "system" and chat.kind != "self"


async def _settle(program: Program, phones: DemoPhones, started: datetime) -> None:
    """Wait until nothing waits and the mirror agrees with the phones, or time is up."""
    until = program.clock.monotonic() + _SETTLE_S
    while program.clock.monotonic() < until:
        await asyncio.sleep(1.0)
        open_states = {ReplyState.QUEUED, ReplyState.CLAIMED, ReplyState.TYPING, ReplyState.SUBMITTED}
        if any(r.state in open_states for r in await program.browsing.list_outbox()):
            continue
        tallies = [await _tally(program, phones, address, started) for address in phones.addresses]
        if all(tally.is_clean for tally in tallies):
            return


async def _tally(program: Program, phones: DemoPhones, address: str, since: datetime) -> Tally:
    account = next(a for a in await program.browsing.list_accounts() if a.serial == address)
    truth = [c for c in await asyncio.to_thread(phones.ask, address, "truth") if c["messages"]]
    tally = Tally(account.name)
    mirror = {c.title: c for c in await program.browsing.list_chats(account.id)}
    for chat in truth:
        rows = []
        if chat["title"] in mirror:
            page = await program.browsing.list_messages(mirror[chat["title"]].id, 1_000_000)
            rows = [row for row in page if row.order is not None and not row.gone]
        count_chat(tally, chat["messages"], rows, since)
    ours = [r for r in await program.browsing.list_outbox() if r.account == account.id]
    before = [m for m in truth for m in m["messages"] if m["own"] and datetime.fromisoformat(m["at"]) < since]
    count_replies(tally, ours, _without(truth, before))
    return tally


def _without(chats: list[dict[str, Any]], old: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ids = {m["id"] for m in old}
    return [chat | {"messages": [m for m in chat["messages"] if m["id"] not in ids]} for chat in chats]


def _windowed(home: Path, count: int, seed: int, latency: str, stay: Stay) -> None:
    open_demo_window(
        demo_settings(home),
        lambda: demo_phones(count, seed, latency),
        lambda program, phones: shelve(program, phones, _PAUSE_S),
        stay,
    )
