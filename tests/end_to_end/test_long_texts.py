"""Texts that the app cuts are read in full on a simulated phone, and what cannot be is marked."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.domain.ids import ChatId, Serial
from app.domain.message import Content, Kind
from app.services.completing import Completing
from app.services.mirroring import Mirroring
from app.store import accounts, chats, messages
from app.store.accounts import Account
from app.store.engine import Store
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.end_to_end.bench import SameThread
from tests.fakes.clock import FakeClock
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="no adb for this platform")
NAME, NUMBER = "Otto de Lange", "31612345678"
LONG = " ".join(f"regel {n} over de levering van dinsdag" for n in range(60))
VERY_LONG = " ".join(f"alinea {n}, met alle maten van het kozijn en de deur" for n in range(400))


@pytest.fixture(scope="module", params=["2025", "2026"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    folder = tmp_path_factory.mktemp("shelf")
    with simulated_shelf(folder, "--chats", "0", "--layout", request.param) as shelf:
        yield shelf


@dataclass
class Desk:
    """Services on a simulated phone."""

    store: Store
    thread: SameThread
    account: Account
    mirroring: Mirroring
    completing: Completing

    async def read(self, number: str) -> ChatId:
        async with self.store.write() as unit:
            known = await chats.find_by_title(unit.connection, self.account.id, NAME)
            chat = known[0].id if known else await chats.add_chat(
                unit, self.account.id, NAME, "person", f"{number}@s.whatsapp.net"
            )  # fmt: skip
        await self.mirroring.read_chat(self.thread, self.account, chat, lambda: False)
        return chat

    async def contents(self, chat: ChatId) -> list[Content]:
        async with self.store.read() as connection:
            window = await messages.load_window(connection, chat)
        return [e.content for e in window.entries if not e.gone and e.content.kind is Kind.TEXT]


@pytest.fixture
async def desk(shelf: SimulatedShelf, tmp_path: Path) -> AsyncIterator[Desk]:
    clock = FakeClock()
    store = Store(tmp_path / "phoneshelf.db", clock.now)
    await store.open()
    async with store.write() as unit:
        await accounts.add_account(unit, Serial(shelf.address), "com.whatsapp.w4b", "Winkel", "full")
    async with store.read() as connection:
        (account,) = await accounts.list_accounts(connection)
    phone = WhatsAppPhone(AdbPhone(shelf.adb, Serial(shelf.address)), "com.whatsapp.w4b", files())
    phone.start()
    mirroring = Mirroring(store, clock)
    yield Desk(store, SameThread(phone), account, mirroring, Completing(store, mirroring))
    phone.stop()
    await store.close()


async def test_cut_texts_are_read_in_full_and_stay_so(desk: Desk, shelf: SimulatedShelf) -> None:
    number = f"{NUMBER}1"
    shelf.ask("add_chat", number=number, name=NAME)
    shelf.ask("customer_writes", chat=NAME, text="Hallo, een paar vragen")
    shelf.ask("customer_writes", chat=NAME, text=LONG)
    shelf.ask("owner_types_by_hand", chat=NAME, text="Ik kijk ernaar")
    shelf.ask("customer_writes", chat=NAME, text=VERY_LONG)
    shelf.ask("customer_writes", chat=NAME, text="Dat was het")
    chat = await desk.read(number)
    assert [one.cut for one in await desk.contents(chat)] == [False, True, False, True, False]

    assert await desk.completing.complete(desk.thread, chat, lambda: False) == 2
    whole = ["Hallo, een paar vragen", LONG, "Ik kijk ernaar", VERY_LONG, "Dat was het"]
    assert [one.text for one in await desk.contents(chat)] == whole
    assert not any(one.cut for one in await desk.contents(chat))

    desk.thread.phone.leave_chat()
    shelf.ask("customer_writes", chat=NAME, text="Nog iets")
    await desk.mirroring.read_chat(desk.thread, desk.account, chat, lambda: False)
    assert [one.text for one in await desk.contents(chat)] == [*whole, "Nog iets"]
    assert await desk.completing.complete(desk.thread, chat, lambda: False) == 0
    async with desk.store.read() as connection:
        window = await messages.load_window(connection, chat)
        for entry in window.entries:
            assert await messages.earlier_texts(connection, entry.id) == []


async def test_two_equal_long_texts_in_one_minute_stay_marked_as_cut(desk: Desk, shelf: SimulatedShelf) -> None:
    number, name = f"{NUMBER}2", "Twee Keer"
    shelf.ask("add_chat", number=number, name=name)
    shelf.ask("customer_writes", chat=name, text=LONG)
    shelf.ask("customer_writes", chat=name, text=LONG)
    async with desk.store.write() as unit:
        chat = await chats.add_chat(unit, desk.account.id, name, "person", f"{number}@s.whatsapp.net")
    await desk.mirroring.read_chat(desk.thread, desk.account, chat, lambda: False)
    await desk.completing.complete(desk.thread, chat, lambda: False)
    assert all(LONG.startswith(one.text) for one in await desk.contents(chat))
    assert len(await desk.contents(chat)) == 2
