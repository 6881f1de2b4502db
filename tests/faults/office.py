"""An office hour: three people at their own PCs, one of which drives the phone, one database with TLS, one phone.

Customers write, people answer, and again and again two of them answer the same chat at the same moment. What counts in
the end: double answers that nobody wanted, lost drafts, replies under a wrong name, replies lost or doubled on the
phone, and whether all three see the same.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.cli.demo import DemoPhones, demo_phones, demo_settings
from app.domain.errors import HostingFailed
from app.domain.server import Server
from app.hosting.binaries import find_binaries
from app.hosting.cluster import Cluster
from app.runtime.clock import SystemClock
from app.seat import Keys, Seat, save_seat
from app.services.founding import FOUNDER, Founding, Wishes
from app.services.teaming import Teaming, join_team
from app.store import accounts
from app.store.engine import Store
from tests.fakes.postgres import make, run_as, scratch
from tests.fakes.team import server_of
from tests.faults.stage import HURRY, Bridge

_SETTLE_S = 180.0
_WORDS = "levering bestelling morgen factuur wanneer kan ik komen retour maat prijs fiets band".split()  # noqa: SIM905


@dataclass(frozen=True)
class Hours:
    """How much happens."""

    messages: int = 300
    replies: int = 120
    collisions: int = 40
    seed: int = 5
    kills: int = 3
    """How often the PC that drives, and a client, are killed meanwhile."""


@dataclass
class Client:
    """One person's program, a process that does what it is told by lines of JSON."""

    name: str
    home: Path
    child: asyncio.subprocess.Process | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def start(self) -> None:
        """Start it and wait until its database is open."""
        self.child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.faults.office_client", str(self.home), limit=1 << 24,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        await self._line()

    async def ask(self, verb: str, **values: object) -> Any:
        """Have something done and return what came of it."""
        async with self.lock:
            assert self.child is not None
            assert self.child.stdin is not None
            self.child.stdin.write(json.dumps({"do": verb} | values).encode() + b"\n")
            await self.child.stdin.drain()
            return await self._line()

    async def _line(self) -> Any:
        assert self.child is not None
        assert self.child.stdout is not None
        return json.loads(await self.child.stdout.readline())

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.child is not None and self.child.returncode is None:
            self.child.send_signal(signal.SIGKILL)
            await self.child.wait()


@dataclass(frozen=True)
class Sent:
    """A reply that was taken."""

    name: str
    chat: int
    text: str
    begun_at: datetime
    is_anyway: bool


@dataclass
class Office:
    """Everybody, and what they did."""

    clients: list[Client]
    bridges: list[Bridge]
    phones: DemoPhones
    owner: Server
    logins: dict[str, str]
    dice: random.Random
    did: Counter[str] = field(default_factory=Counter)
    sent: dict[str, Sent] = field(default_factory=dict)
    """By uid."""
    begun: dict[tuple[str, int], str] = field(default_factory=dict)
    """When each person began what they write in a chat."""
    drafts: dict[tuple[str, int], str] = field(default_factory=dict)
    """What each person last saved and did not send."""

    @property
    def address(self) -> str:
        """Return the one phone."""
        return self.phones.addresses[0]

    def text(self, what: str) -> str:
        """Return a text that nobody else writes."""
        self.did["texts"] += 1
        return f"{what} {self.did['texts']}: {' '.join(self.dice.choices(_WORDS, k=self.dice.randint(1, 7)))}"

    async def write(self) -> None:
        """Let a customer write."""
        chats = await asyncio.to_thread(self.phones.ask, self.address, "truth")
        people = [chat["jid"] for chat in chats if chat["kind"] == "person" and chat["messages"]]
        jid = self.dice.choice(people)
        await asyncio.to_thread(self.phones.ask, self.address, "customer_writes", chat=jid, text=self.text("Vraag"))
        self.did["messages"] += 1

    async def answer(self, who: Client, chat: int, *, anyway: bool = False, types: bool = True) -> bool:
        """Let somebody answer as the window does: look, type, send; tell whether it was taken."""
        text = self.text("Antwoord")
        await self.begin(who, chat, text, types=types)
        return await self.send(who, chat, text, anyway=anyway)

    async def begin(self, who: Client, chat: int, text: str, *, types: bool) -> None:
        """Look, and begin to write."""
        self.begun[who.name, chat] = await who.ask("begin", chat=chat, text=text, types=types)
        self.drafts[who.name, chat] = text

    async def send(self, who: Client, chat: int, text: str, *, anyway: bool) -> bool:
        """Press send."""
        made = await who.ask("send", chat=chat, text=text, anyway=anyway)
        if "uid" in made:
            begun = datetime.fromisoformat(self.begun[who.name, chat])
            self.sent[made["uid"]] = Sent(who.name, chat, text, begun, anyway)
            self.drafts.pop((who.name, chat), None)
            self.did["replies"] += 1
            return True
        self.did[f"stopped: {made['why']}"] += 1
        return False

    async def collide(self, chat: int) -> None:
        """Let two people answer the same chat at the same moment, with or without having seen the other type."""
        one, two = self.dice.sample(self.clients, 2)
        types = self.dice.random() < 0.5
        texts = [self.text("Antwoord") for _ in range(2)]
        for who, text in zip((one, two), texts, strict=True):
            await self.begin(who, chat, text, types=types)
        got = await asyncio.gather(
            *(self.send(who, chat, text, anyway=False) for who, text in zip((one, two), texts, strict=True))
        )
        self.did["collisions"] += 1
        self.did["both got through"] += all(got)
        if self.dice.random() < 0.25 and not got[1]:
            await self.send(two, chat, texts[1], anyway=True)


async def hour(plan: Hours) -> list[str]:
    """Play it and return what went against a promise, one line each."""
    folder = scratch()
    cluster = Cluster(folder / "server", await find_binaries(), run_as())
    postgres = await make(cluster)
    try:
        async with demo_phones(1, plan.seed, "none") as phones:
            office = await _open(folder, server_of(postgres, "office"), phones, plan.seed)
            try:
                await _play(office, plan)
                faults = await _judge(office)
                sys.stderr.write("".join(f"{what}: {count}\n" for what, count in sorted(office.did.items())))
                return faults
            finally:
                for one in office.clients:
                    await one.kill()
                for bridge in office.bridges:
                    await bridge.end()
    finally:
        await cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _open(folder: Path, owner: Server, phones: DemoPhones, seed: int) -> Office:
    """Make the team, have two colleagues join, and start everybody's program."""
    clock, homes = SystemClock(), {name: folder / name for name in ("eva", "bram", "carl")}
    file = Store(homes["eva"] / "phoneshelf.sqlite", clock.now)
    await file.open()
    async with file.write() as unit:
        await accounts.add_account(unit, phones.addresses[0], "com.whatsapp.w4b", "Winkel", "full")
    keys = Keys(homes["eva"], in_file=True)
    made = await Founding(owner, clock, keys).found(Wishes("Office", "Eva", "eva"), file, lambda *_: None)
    await file.close()
    save_seat(homes["eva"], Seat("Office", made.person, "Eva", FOUNDER, made.bridge))
    boss, logins = Store(made.person, clock.now), {"eva": made.person.user}
    for name in ("bram", "carl"):
        wish = await Teaming(boss, clock, made.person, "Office").invite(
            name.title(), ["agent"], [], valid_h=1, drives=name == "bram"
        )
        person, bridge = await join_team(wish, clock, Keys(homes[name], in_file=True))
        save_seat(homes[name], Seat("Office", person, name.title(), ("agent",), bridge))
        logins[name] = person.user
    async with boss.write() as unit:
        account = (await accounts.list_accounts(unit.connection))[0]
        await accounts.set_policy(unit, account.id, replace(account.policy, **HURRY))
    await boss.close()
    clients = [Client(name, home) for name, home in homes.items()]
    bridges = [Bridge(demo_settings(homes[name]), folder / f"{name}.log") for name in ("eva", "bram")]
    for one in (*bridges, *clients):
        await one.start()
    return Office(clients, bridges, phones, owner, logins, random.Random(seed))


async def _play(office: Office, plan: Hours) -> None:
    """Mix what is to happen by the seed, and do it one after the other as fast as the phone goes along."""
    deeds = ["write"] * plan.messages + ["answer"] * (plan.replies - plan.collisions)
    deeds += ["collide"] * plan.collisions + ["kill client", "kill driver"] * plan.kills
    office.dice.shuffle(deeds)
    chats = await office.clients[0].ask("chats", least=4)
    for number, deed in enumerate(deeds):
        if number % 50 == 0:
            sys.stderr.write(f"{number} of {len(deeds)}: {dict(office.did)}\n")
        chat = office.dice.choice(chats)
        if deed == "write":
            await office.write()
        elif deed == "answer":
            await office.answer(office.dice.choice(office.clients), chat)
        elif deed == "collide":
            await office.collide(chat)
        elif deed == "kill client":
            who = office.dice.choice(office.clients)
            await who.kill()
            await who.start()
            office.did["killed clients"] += 1
        else:
            bridge = office.dice.choice(office.bridges)
            await bridge.kill()
            await bridge.start()
            office.did["killed drivers"] += 1
        await asyncio.sleep(0.15)
    while office.did["replies"] < plan.replies:
        # The guard stopped some: they come after the customer wrote again.
        await office.write()
        await office.answer(office.dice.choice(office.clients), office.dice.choice(chats), types=False)


async def _judge(office: Office) -> list[str]:
    """Wait until nothing is open, then hold everything against the promises."""
    still = await office.clients[0].ask("settle", within_s=_SETTLE_S)
    faults = [f"{still} replies are still open"] if still else []
    faults += await _on_the_phone(office) + await _doubles(office)
    for client in office.clients:
        kept = {int(chat): text for chat, text in (await client.ask("drafts")).items()}
        for (name, chat), text in office.drafts.items():
            if name == client.name and kept.get(chat) != text:
                faults.append(f"a draft of {name} is lost")
    orders = await _same_order(office)
    faults += [] if len(set(orders)) == 1 else ["the three do not see the same messages in the same order"]
    return faults


async def _same_order(office: Office) -> list[str]:
    for _ in range(20):
        orders = [await client.ask("order") for client in office.clients]
        if len(set(orders)) == 1:
            break
        await asyncio.sleep(0.5)
    return orders


async def _on_the_phone(office: Office) -> list[str]:
    """Every reply that was taken stands on the phone once, or certainly not; under its author's name."""
    truth = await asyncio.to_thread(office.phones.ask, office.address, "truth")
    shown = Counter(m["text"] for chat in truth for m in chat["messages"] if m["own"])
    rows = await office.clients[0].ask("replies")
    faults = []
    for uid, one in office.sent.items():
        row = rows.get(uid)
        if row is None:
            faults.append(f"reply {uid} of {one.name} is lost")
            continue
        wanted = {"failed": 0, "cancelled": 0}.get(row["state"], 1)
        if shown[one.text] != wanted:
            faults.append(f"reply {uid} is {row['state']} and stands {shown[one.text]} times on the phone")
        if row["author"] != office.logins[one.name] or row["chat"] != one.chat:
            faults.append(f"reply {uid} of {one.name} stands under another name or chat")
        office.did[f"state {row['state']}"] += 1
    return faults


async def _doubles(office: Office) -> list[str]:
    """Two people answered the same words of a customer, the second without having seen the first or said `anyway`."""
    query = (
        "SELECT chat_id, at, uid, author FROM ("
        "SELECT chat_id, queued_at AS at, uid, author FROM outbox WHERE state <> 'cancelled' "
        "UNION ALL SELECT chat_id, first_seen_at, '', '' FROM message WHERE direction = 'in') x ORDER BY chat_id, at"
    )
    store = Store(office.owner, SystemClock().now)
    try:
        async with store.read() as connection:
            rows = (await connection.exec_driver_sql(query)).all()
    finally:
        await store.close()
    faults, last = [], (0, datetime.min.replace(tzinfo=UTC), "")
    for chat, at, uid, author in rows:
        one = office.sent.get(uid)
        is_second = last[0] == chat and last[2] not in ("", author)
        if one is not None and is_second and not one.is_anyway and last[1] > one.begun_at:
            faults.append(f"chat {chat} was answered twice, the second time by {author}, without `anyway`")
        last = (chat, at, author)
    return faults


def main(words: Sequence[str]) -> int:
    """Play an hour and print what came of it."""
    parser = argparse.ArgumentParser(prog="run.py storm --team", description=__doc__)
    parser.add_argument("--messages", type=int, default=Hours.messages)
    parser.add_argument("--replies", type=int, default=Hours.replies)
    parser.add_argument("--collisions", type=int, default=Hours.collisions)
    parser.add_argument("--seed", type=int, default=Hours.seed)
    parser.add_argument("--kills", type=int, default=Hours.kills)
    chosen = parser.parse_args(words)
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    plan = Hours(chosen.messages, chosen.replies, chosen.collisions, chosen.seed, chosen.kills)
    began = time.monotonic()
    try:
        asyncio.run(find_binaries())
    except HostingFailed as missing:
        sys.stderr.write(f"skipped: {missing}\n")
        return 0
    faults = asyncio.run(hour(plan))
    sys.stdout.write("\n".join([*faults, f"{len(faults)} promises broken in {time.monotonic() - began:.0f} s"]) + "\n")
    return 1 if faults else 0
