"""A team's database under load: becoming one, the inbox, a chat, searches, how fast others hear, claims that collide.

Everything runs on this machine, through the program's own stores: a file, and a server with TLS, asked as an agent
under row security. Peers are what a simple client does: no columns for the inbox, a pattern for search, a poll each
second.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, text

from app.domain.ids import ChatId, ReplyId
from app.domain.server import Server
from app.hosting.binaries import find_binaries
from app.hosting.cluster import Cluster
from app.services.viewing import View, Viewing
from app.store import accounts, messages, replies, schema, searching
from app.store.engine import Store
from app.store.listening import ServerFeed
from app.store.postgres import PostgresDatabase
from app.store.server.installing import install
from app.store.server.moving import Moving
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import make, run_as, scratch
from tests.fakes.team import Team, server_of

COMMON = [
    "fiets",
    "klaar",
    "morgen",
    "bestelling",
    "band",
    "remmen",
    "ophalen",
    "bedankt",
    "wanneer",
    "open",
    "kosten",
    "afspraak",
    "zadel",
    "ketting",
    "versnelling",
    "licht",
    "slot",
    "bel",
    "helm",
    "bestellen",
    "betaald",
    "rekening",
    "factuur",
    "vraag",
    "antwoord",
    "winkel",
    "straat",
    "klein",
    "rood",
    "blauw",
    "zwart",
    "nieuw",
]
RARE = "zeldzaamwoord"
NUMBERS, CLIENTS, CLAIMERS = 3, 25, 8
HEARERS = ("ear1", "ear2", "ear3", "ear4", "ear5")
_PART = 20_000
_NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    """One line of the table; times in milliseconds."""

    what: str
    engine: str
    p50: float
    p95: float
    count: int
    peer: str = ""
    ratio: float | None = None
    goal: float | None = None


def main(words: Sequence[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="run.py bench team", description=__doc__)
    parser.add_argument("--messages", type=int, default=1_000_000)
    parser.add_argument("--chats", type=int, default=20_000)
    parser.add_argument("--claims", type=int, default=20_000)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(words)
    rows: list[Row] = []
    asyncio.run(measure(chosen.messages, chosen.chats, chosen.claims, rows if chosen.json else _Printed()))
    if chosen.json:
        sys.stdout.write(json.dumps([vars(row) for row in rows], indent=1) + "\n")
    return 0


class _Printed(list[Row]):
    """Prints each row as soon as it is there: a whole run takes minutes."""

    def append(self, row: Row) -> None:
        goal = f"  goal {row.goal:g}: {'met' if row.p95 <= row.goal else 'NOT MET'}" if row.goal is not None else ""
        peer = f"  {row.peer}: x{row.ratio:.1f}" if row.ratio is not None else ""
        line = f"{row.what:<34} {row.engine:<10} p50 {row.p50:>9.2f} ms  p95 {row.p95:>9.2f} ms  n={row.count}"
        sys.stdout.write(line + goal + peer + "\n")
        sys.stdout.flush()


async def measure(count: int, chat_count: int, claims: int, rows: list[Row]) -> None:
    """Run everything on scratch databases."""
    folder = scratch()
    cluster = Cluster(folder / "server", await find_binaries(), run_as())
    postgres = await make(cluster)
    try:
        await postgres.execute("CREATE DATABASE bench TEMPLATE template0")
        owner = server_of(postgres, "bench")
        await install(owner)
        team = Team(owner)
        file = Store(folder / "phoneshelf.sqlite", lambda: _NOW)
        await file.open()
        _say(f"{count} messages in {chat_count} chats")
        await _seed(file, count, chat_count)
        rows.append(await _move(file, owner))
        member, _ = await team.add("eva", "agent"), await team.add("box", "bridge")
        async with team.as_() as root:
            await root.execute("INSERT INTO membership SELECT id, $1, true FROM account WHERE id < 3", member)
        agent = Store(team.server("eva"), lambda: _NOW)
        for name, store, who in (("SQLite", file, "Eva"), ("PostgreSQL", agent, team.login("eva"))):
            for row in await _read(name, store, chat_count, who):
                rows.append(row)
        for name in HEARERS:
            await team.add(name, "agent")
        rows.append((await _hear(team))[0])
        rows.append(await _claim(team, claims))
        await agent.close()
        await file.close()
    finally:
        await cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


async def _seed(store: Store, count: int, chat_count: int) -> None:
    """Fill a file: one chat of some five thousand messages, the others alike; words of two frequencies."""
    pick = random.Random(7)
    words = [*COMMON, *(f"w{number:05d}" for number in range(20_000))]
    async with store.write() as unit:
        for number in range(NUMBERS):
            await accounts.add_account(unit, f"phone{number}", "com.whatsapp.w4b", f"Number {number + 1}", "full")
        rows = [
            {"id": n + 1, "account_id": n % NUMBERS + 1, "title": f"Customer {n}", "title_key": f"customer {n}",
             "jid": f"316{n:08}@s.whatsapp.net", "state": pick.choice(("open", "waiting", "done", "done")),
             "waiting_since": _NOW - timedelta(minutes=n) if n % 7 == 0 else None,
             "last_at": _NOW - timedelta(minutes=n)}
            for n in range(chat_count)
        ]  # fmt: skip
        await unit.connection.execute(insert(schema.chat), rows)
    places: dict[int, int] = {}
    for start in range(0, count, _PART):
        rows = []
        for n in range(start, min(count, start + _PART)):
            chat = 1 if n % 200 == 0 else pick.randrange(chat_count) + 1
            places[chat] = places.get(chat, 0) + messages.STEP
            said = " ".join([*pick.choices(COMMON, k=pick.randint(3, 14)), *pick.choices(words, k=2)])
            rows.append(
                {"chat_id": chat, "account_id": (chat - 1) % NUMBERS + 1, "position": places[chat],
                 "direction": pick.choice(("in", "out")), "kind": "text", "reactions": [], "origin": "screen",
                 "text": f"{said} {RARE}" if n % 43_000 == 7 else said, "shown_minute": n % 1440,
                 "shown_day": f"2026-{n * 10 // count + 1:02}-{n % 28 + 1:02}", "first_seen_at": _NOW}
            )  # fmt: skip
        async with store.write() as unit:
            await unit.connection.execute(insert(schema.message), rows)


async def _move(file: Store, owner: Server) -> Row:
    target = await PostgresDatabase(owner).connect()
    began = time.perf_counter()
    moved = await Moving(file, target, {}, {}).run(lambda *_: None)
    took = (time.perf_counter() - began) * 1000
    target.terminate()
    _say(f"moved and proved {moved['message']} messages in {took / 1000:.0f} s")
    return Row("a profile becomes a team, whole", "both", took, took, 1)


async def _times(ask: Callable[[], Awaitable[object]], count: int) -> list[float]:
    await ask()
    times = []
    for _ in range(count):
        began = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - began) * 1000)
    return times


def _row(what: str, engine: str, times: list[float], goal: float | None = None) -> Row:
    cut = statistics.quantiles(times, n=100)
    return Row(what, engine, cut[49], cut[94], len(times), goal=goal)


async def _read(engine: str, store: Store, chat_count: int, who: str) -> list[Row]:
    """Ask as the window does, and once more as a simple client would."""
    pick = random.Random(3)

    def asking(
        query: Callable[..., Awaitable[object]], *values: Callable[[], Any] | Any
    ) -> Callable[[], Awaitable[object]]:
        async def ask() -> object:
            async with store.read() as connection:
                return await query(connection, *(value() if callable(value) else value for value in values))

        return ask

    def any_chat() -> ChatId:
        return ChatId(pick.randrange(chat_count) // NUMBERS * NUMBERS + 1)

    viewing = Viewing(store, FakeClock(_NOW), who)
    found = [
        ("inbox, 50 newest", lambda: viewing.list_inbox(View.TEAM, limit=50), 5.0),
        ("inbox, waiting the longest", lambda: viewing.list_inbox(View.WAITING, by_wait=True, limit=50), 5.0),
        ("inbox, unassigned, next page", await _next_page(viewing), 5.0),
        ("counts of all views", viewing.count_inbox, None),
        ("open a chat, 50 newest", asking(messages.list_messages, any_chat, 50), 5.0),
        ("open the largest chat", asking(messages.list_messages, ChatId(1), 50), 5.0),
        ("search a rare word", asking(searching.search_messages, RARE), 50.0),
        ("search a common word", asking(searching.search_messages, lambda: pick.choice(COMMON)), 50.0),
        ("search a beginning", asking(searching.search_messages, "bes"), 50.0),
        ("search two words", asking(searching.search_messages, "fiets klaar"), 50.0),
        ("search a part, rare", asking(searching.search_messages, "*dzaamw"), 50.0),
        ("search a part, common", asking(searching.search_messages, "*stell"), 50.0),
    ]
    rows = [_row(what, engine, await _times(ask, 200), goal) for what, ask, goal in found]
    peers = {
        "inbox, 50 newest": _INBOX,
        "search a rare word": _PATTERN.format(RARE),
        "search a part, rare": _PATTERN.format("dzaamw"),
    }  # fmt: skip
    made = []
    for row in rows:
        sql = peers.get(row.what)
        if sql is not None:
            times = await _times(asking(_run, sql), 3)
            peer = "without columns for it" if sql is _INBOX else "by pattern"
            made.append(Row(**vars(row) | {"peer": peer, "ratio": statistics.median(times) / row.p50}))
        else:
            made.append(row)
    return made


async def _next_page(viewing: Viewing) -> Callable[[], Awaitable[object]]:
    first = await viewing.list_inbox(View.UNASSIGNED, limit=50)
    return lambda: viewing.list_inbox(View.UNASSIGNED, limit=50, before=first[-1].place)


_INBOX = (
    "SELECT c.id, c.title, max(m.id) AS last FROM chat c JOIN message m ON m.chat_id = c.id WHERE c.account_id = 1 "
    "GROUP BY c.id, c.title ORDER BY last DESC LIMIT 50"
)
_PATTERN = "SELECT id FROM message WHERE text LIKE '%{}%' ORDER BY id DESC LIMIT 50"


async def _run(connection: Any, sql: str) -> object:
    return (await connection.execute(text(sql))).all()


async def _hear(team: Team) -> list[Row]:
    """Let 25 clients in five processes listen while an agent's commits come; a sixth polls each second."""
    ears = [await _child("hear", team, name, str(CLIENTS // len(HEARERS))) for name in HEARERS]
    poller = await _child("poll", team, "eva")
    for ear in (*ears, poller):
        await ear.stdout.readline()
    box = Store(team.server("box"), lambda: _NOW)
    for _ in range(150):
        async with box.write() as unit:
            await unit.touch("beat", time.monotonic_ns())
        await asyncio.sleep(0.02)
    await asyncio.sleep(1.5)
    await box.close()
    heard = [float(one) for ear in ears for one in json.loads((await ear.communicate(b"stop\n"))[0])]
    polled = [float(one) for one in json.loads((await poller.communicate(b"stop\n"))[0])]
    row = _row(f"commit to {CLIENTS} clients' callbacks", "PostgreSQL", heard, 100.0)
    _say(f"heard {len(heard)} of {150 * CLIENTS}")
    return [Row(**vars(row) | {"peer": "a poll each second", "ratio": statistics.median(polled) / row.p50})]


async def _child(word: str, team: Team, who: str, *more: str) -> Any:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.team",
        word,
        *more,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    server = team.server(who)
    line = {
        "hosts": server.hosts,
        "database": server.database,
        "user": server.user,
        "password": server.password,
        "ca": server.ca,
    }
    process.stdin.write(json.dumps(line).encode() + b"\n")
    await process.stdin.drain()
    return process


async def _claim(team: Team, count: int) -> Row:
    """Let eight processes claim the same replies, each asked for by two of them."""
    async with team.as_() as root:
        # Made up by hand: nothing to enter into the audit log.
        await root.execute("ALTER TABLE outbox DISABLE TRIGGER USER")
        await root.execute(
            "INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) "
            "SELECT 'r' || n, 1, 1, 'x', 'bench', 'queued', now() FROM generate_series(1, $1::int) n", count
        )  # fmt: skip
        await root.execute("ALTER TABLE outbox ENABLE TRIGGER USER")
        await root.execute(
            "UPDATE account SET lease_holder = 'bench', lease_epoch = 1, lease_until = now() + interval '1 hour'"
        )
    workers = [await _child("claim", team, "box", str(number), str(count)) for number in range(CLAIMERS)]
    began = time.perf_counter()
    ends = [await worker.communicate() for worker in workers]
    took = time.perf_counter() - began
    claimed = sum(int(out) for out, _ in ends)
    async with team.as_() as root:
        state = await root.fetchrow("SELECT count(*) n, sum(attempts) tries FROM outbox WHERE state = 'claimed'")
    _say(f"{claimed} claims by {CLAIMERS} in {took:.0f} s; {claimed - count} doubled, {count - state['n']} left")
    if claimed != count or state["tries"] != count:
        raise AssertionError("a reply was claimed twice, or not at all")
    each = took / count * 1000
    return Row(f"claims by {CLAIMERS} processes, 0 doubled", "PostgreSQL", each, each, count)


async def _as_child(word: str, more: list[str]) -> None:
    """Be one of the processes: who and where comes on the first line."""
    values = json.loads(sys.stdin.readline())
    values["hosts"] = tuple((host, port) for host, port in values["hosts"])
    server = Server(**values)
    if word == "claim":
        sys.stdout.write(str(await _claim_some(server, int(more[0]), int(more[1]))))
        return
    heard: list[float] = []
    work = [_listen(server, heard) for _ in range(int(more[0]))] if word == "hear" else [_poll(server, heard)]
    tasks = [asyncio.get_running_loop().create_task(one) for one in work]
    await asyncio.sleep(3)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    sys.stdout.write(json.dumps(heard))


async def _listen(server: Server, heard: list[float]) -> None:
    async for found in ServerFeed(PostgresDatabase(server)).changes():
        now = time.monotonic_ns()
        heard += [(now - int(one.row_id)) / 1e6 for one in found if one.kind == "beat"]


async def _poll(server: Server, heard: list[float]) -> None:
    connection = await PostgresDatabase(server).connect()
    last = await connection.fetchval("SELECT coalesce(max(id), 0) FROM change")
    while True:
        for row in await connection.fetch("SELECT id, row_id FROM change WHERE id > $1 AND kind = 'beat'", last):
            last = max(last, row["id"])
            heard.append((time.monotonic_ns() - int(row["row_id"])) / 1e6)
        await asyncio.sleep(1)


async def _claim_some(server: Server, number: int, count: int) -> int:
    store, won = Store(server, lambda: _NOW), 0
    mine = [n for n in range(1, count + 1) if n % CLAIMERS in (number, (number + 1) % CLAIMERS)]
    random.Random(number).shuffle(mine)
    for one in mine:
        async with store.write() as unit:
            won += await replies.claim(unit, ReplyId(f"r{one}"), "bench", 1) is not None
    await store.close()
    return won


if __name__ == "__main__":
    asyncio.run(_as_child(sys.argv[1], sys.argv[2:]))
