"""A database with one account and one chat, and time moved by hand: a file, and one on a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.change import Change, MessageAdded
from app.domain.ids import AccountId, ChatId, MessageId, ReplyId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.reply import Reply, ReplyState
from app.domain.server import Server
from app.store import accounts, chats, messages, replies
from app.store.engine import Store
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres
from tests.fakes.team import team_database


@dataclass
class Desk:
    """A store with an account and a chat."""

    store: Store
    clock: FakeClock
    account: AccountId
    chat: ChatId
    place: Path | Server

    def another(self) -> Store:
        """Return a store on the same database, as another process has it."""
        return Store(self.place, self.clock.now)

    @property
    def path(self) -> Path:
        """Return the file."""
        assert isinstance(self.place, Path)
        return self.place

    async def apply(self, *changes: Change) -> list[MessageId]:
        async with self.store.write() as unit:
            return await messages.apply_changes(unit, self.chat, changes)

    async def add(self, *texts: str, after: MessageId | None = None) -> list[MessageId]:
        return await self.apply(*[added(text, after) for text in texts])

    async def texts(self) -> list[str]:
        async with self.store.read() as connection:
            window = await messages.load_window(connection, self.chat)
        return [entry.content.text for entry in window.entries]

    async def queue(self, uid: str, body: str = "hello", chat: ChatId | None = None) -> ReplyId:
        reply = Reply(ReplyId(uid), self.account, chat or self.chat, body, "Eva", ReplyState.QUEUED, self.clock.now())
        async with self.store.write() as unit:
            await replies.add_reply(unit, reply)
        return reply.id

    async def reply(self, uid: ReplyId) -> Reply:
        async with self.store.read() as connection:
            found = await replies.get_reply(connection, uid)
        assert found is not None
        return found


def added(text: str, after: MessageId | None = None, kind: Kind = Kind.TEXT) -> MessageAdded:
    return MessageAdded(Direction.IN, Shown(700), Content(kind, text), Origin.SCREEN, after)


async def seated(place: Path | Server) -> Desk:
    clock = FakeClock()
    store = Store(place, clock.now)
    await store.open()
    async with store.write() as unit:
        account = await accounts.add_account(unit, "127.0.0.1:7600", "com.whatsapp.w4b", "Winkel", "full")
        chat = await chats.add_chat(unit, account, "Otto", "person")
    return Desk(store, clock, account, chat, place)


@pytest.fixture(params=["sqlite", "postgresql"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Desk]:
    """The same on both engines."""
    async with AsyncExitStack() as stack:
        place: Path | Server = tmp_path / "phoneshelf.db"
        if request.param == "postgresql":
            place = await stack.enter_async_context(team_database(request.getfixturevalue("postgres")))
        desk = await seated(place)
        yield desk
        await desk.store.close()


@pytest.fixture
async def file_desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """What only a file has."""
    desk = await seated(tmp_path / "phoneshelf.db")
    yield desk
    await desk.store.close()


@pytest.fixture
async def server_desk(postgres: Postgres) -> AsyncIterator[Desk]:
    """What only a server has."""
    async with team_database(postgres) as server:
        desk = await seated(server)
        yield desk
        await desk.store.close()
