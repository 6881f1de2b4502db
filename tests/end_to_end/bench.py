"""The program's services on a phone in memory, without a worker: each step is made by the test."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from app.domain.errors import PhoneLost
from app.domain.ids import ChatId, ReplyId
from app.domain.ports import Phone
from app.domain.reply import Reply, ReplyState
from app.services.attaching import Attaching
from app.services.mirroring import Mirroring
from app.services.pacing import Pacing
from app.services.replying import Replying
from app.services.restraining import Restraining
from app.services.sending import Sending
from app.store import accounts, chats, messages, replies
from app.store.accounts import Account
from app.store.engine import Store
from app.store.vault import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.phone import FakePhone

T = TypeVar("T")
AT_ONCE = {"gap_s": 0, "per_hour": 600, "typing_cap_s": 0, "unanswered": 20}
"""A policy that holds nothing up, for tests of what else can happen to a reply."""


class SameThread:
    """Runs calls at once; implements `PhoneThread`."""

    def __init__(self, phone: FakePhone) -> None:
        self.phone = phone

    async def call(self, step: Callable[[Phone], T], deadline_s: float) -> T:
        return step(self.phone)

    def silence_s(self) -> float:
        return 0.0

    def is_undisturbed(self) -> bool:
        return self.phone.is_undisturbed


@dataclass
class Bench:
    """One account, its phone and the services."""

    store: Store
    clock: FakeClock
    phone: FakePhone
    account: Account
    vault: Vault

    def __post_init__(self) -> None:
        self.thread = SameThread(self.phone)
        self.mirroring = Mirroring(self.store, self.clock)
        self.attaching = Attaching(self.vault, self.clock)
        self.sending = Sending(self.store, self.clock, self.mirroring, self.attaching)
        self.pacing = Pacing(self.store, self.clock)
        self.replying = Replying(self.store, self.clock, "Eva")

    async def chat(self, title: str, number: str) -> ChatId:
        async with self.store.write() as unit:
            return await chats.add_chat(unit, self.account.id, title, "person", f"{number}@s.whatsapp.net")

    async def claim(self) -> Reply:
        found = await self.try_to_claim()
        assert found is not None
        return found

    async def try_to_claim(self) -> Reply | None:
        return (await self.pacing.claim_next(self.account.id, "pc", 1)).reply

    async def set_policy(self, **values: object) -> None:
        await Restraining(self.store, "Eva").set_policy(self.account.id, **values)

    async def queue(self, chat: ChatId, body: str) -> Reply:
        await self.replying.queue_reply(chat, body)
        return await self.claim()

    async def queue_file(self, chat: ChatId, path: Path, caption: str = "") -> Reply:
        await self.replying.queue_reply(chat, caption, file=self.attaching.take(path, caption))
        return await self.claim()

    async def deliver(self, reply: Reply, *, may_tap: bool = True) -> ReplyState:
        return await self.sending.deliver(self.thread, self.account, reply, lambda: may_tap)

    async def reply(self, uid: ReplyId) -> Reply:
        found = await self.replying.get_reply(uid)
        assert found is not None
        return found

    async def bring(self, reply: Reply, *states: ReplyState) -> None:
        """Move a reply as a run that then died did."""
        at = reply.state
        async with self.store.write() as unit:
            for state in states:
                assert await replies.move(unit, reply.id, at, state)
                at = state

    async def texts(self, chat: ChatId) -> list[str]:
        async with self.store.read() as connection:
            rows = await messages.list_messages(connection, chat, 1000)
        return [row.entry.content.text for row in rows if row.entry.content.kind != "system" and not row.entry.gone]


async def make_bench(store: Store, clock: FakeClock, phone: FakePhone, folder: Path) -> Bench:
    async with store.write() as unit:
        await accounts.add_account(unit, phone.serial, "com.whatsapp.w4b", "Winkel", "full")
    async with store.read() as connection:
        (account,) = await accounts.list_accounts(connection)
    made = Bench(store, clock, phone, account, Vault(folder / "media"))
    await made.set_policy(**AT_ONCE)
    return made


def lose(bench: Bench) -> Callable[[], None]:
    """Return what pulls the phone's cable."""

    def unplug() -> None:
        bench.phone.is_plugged = False
        raise PhoneLost("unplugged")

    return unplug
