"""Archived chats of a simulated phone: they do not notify, and are mirrored and answered all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.domain.ids import ChatId, Serial
from app.domain.observation import ScreenKind
from app.domain.ports import ChatTarget
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
GROUP = "120363000000000001@g.us"


@pytest.fixture(scope="module", params=["2025", "2026"])
def shelf(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedShelf]:
    folder = tmp_path_factory.mktemp("shelf")
    with simulated_shelf(folder, "--chats", "3", "--layout", request.param) as shelf:
        for number in range(15):
            name = f"Archief {number}"
            shelf.ask("add_chat", number=f"3161000{number:04}", name=name, is_archived=True)
            shelf.ask("customer_writes", chat=name, text=f"vraag {number}")
        shelf.ask("add_chat", jid=GROUP, name="Team", members={"31699@s.whatsapp.net": "Bo"}, is_archived=True)
        shelf.ask("customer_writes", chat=GROUP, text="wie is er?", sender="Bo")
        yield shelf


@pytest.fixture(scope="module")
def phone(shelf: SimulatedShelf) -> Iterator[WhatsAppPhone]:
    phone = WhatsAppPhone(AdbPhone(shelf.adb, Serial(shelf.address)), "com.whatsapp.w4b", files())
    phone.start()
    yield phone
    phone.stop()


@pytest.fixture
async def account(tmp_path: Path) -> AsyncIterator[tuple[Store, Account, Mirroring]]:
    clock = FakeClock()
    store = Store(tmp_path / "phoneshelf.db", clock.now)
    await store.open()
    async with store.write() as unit:
        await accounts.add_account(unit, Serial("SIM"), "com.whatsapp.w4b", "Winkel", "full")
    async with store.read() as connection:
        (one,) = await accounts.list_accounts(connection)
    yield store, one, Mirroring(store, clock)
    await store.close()


def test_all_of_them_are_read_and_the_way_back_leads_home(phone: WhatsAppPhone) -> None:
    titles = {row.title for seen in phone.read_archive() for row in seen.rows}
    assert titles == {"Team", *(f"Archief {n}" for n in range(15))}
    assert phone.look().kind is ScreenKind.ARCHIVE
    assert not titles & {row.title for row in phone.leave_chat().rows}
    assert phone.look().kind is ScreenKind.CHAT_LIST


def test_they_do_not_notify(phone: WhatsAppPhone) -> None:
    assert not [one for one in phone.read_notifications() if one.title.startswith(("Archief", "Team"))]


def test_one_without_a_number_is_opened_by_its_row(phone: WhatsAppPhone) -> None:
    seen = phone.open_chat(ChatTarget("Team", is_group=True, is_archived=True))
    assert seen.title == "Team"
    assert [row.content.text for row in seen.rows][-1] == "wie is er?"
    phone.leave_chat()


async def test_what_is_archived_is_mirrored(
    phone: WhatsAppPhone, shelf: SimulatedShelf, account: tuple[Store, Account, Mirroring]
) -> None:
    store, mine, mirroring = account
    behind = [one for seen in phone.read_archive() for one in await mirroring.take_list(mine, seen, is_archive=True)]
    assert len({chat for chat, _ in behind}) == 16
    async with store.read() as connection:
        known = {chat.title: chat for chat in await chats.list_chats(connection)}
    assert all(chat.archived for chat in known.values())
    wanted = known["Archief 3"].id
    await mirroring.read_chat(SameThread(phone), mine, ChatId(wanted), lambda: False)  # type: ignore[arg-type]
    async with store.read() as connection:
        window = await messages.load_window(connection, ChatId(wanted))
    assert [entry.content.text for entry in window.entries][-1] == "vraag 3"
    phone.leave_chat()
    assert shelf.ask("truth", chat="Archief 3")["archived"] is True
