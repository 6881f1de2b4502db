"""The phone's contract, against the phone in memory and against the driver on a simulated phone over a real adb."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.ids import Serial
from app.domain.observation import ScreenKind
from app.domain.ports import Phone
from devices.adb.phone import AdbPhone
from devices.whatsapp.driver import WhatsAppPhone
from tests.contract.phone_contract import FilesContract, PhoneContract, QuotesContract, Rig
from tests.fakes.phone import FakeChat, FakePhone
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf


class FakeRig:
    """The phone in memory."""

    def __init__(self) -> None:
        self.fake = FakePhone()
        self.phone: Phone = self.fake

    def _chat(self, title: str) -> FakeChat:
        return next(chat for chat in self.fake.chats if chat.title == title)

    def add_chat(self, title: str, number: str) -> None:
        self.fake.add_chat(title, number)

    def customer_writes(self, title: str, text: str) -> None:
        self.fake.customer_writes(self._chat(title), text)

    def owner_types(self, title: str, text: str) -> None:
        self.fake.owner_types(self._chat(title), text)

    def leave_draft(self, title: str, text: str) -> None:
        self._chat(title).entry = text

    def own_texts(self, title: str) -> list[str]:
        return [one.text for one in self._chat(title).content.sent if one.direction == "out"]

    def show_dialog(self) -> None:
        self.fake.show(ScreenKind.DIALOG)

    def clear_dialog(self) -> None:
        self.fake.front = None

    def on_phone(self) -> list[bytes]:
        return list(self.fake.pushed.values())

    def add_recipient(self, title: str) -> None:
        self.fake.on_composer = (lambda composer: composer.recipients.append(title)) if title else None

    def take_draft_along(self) -> None:
        self.fake.is_draft_caption = True

    def ignore_sends(self, count: int) -> None:
        self.fake.dead_taps = count

    def spoil_swipes(self, *, dead: int = 0, slipped: int = 0) -> None:
        self.fake.dead_swipes, self.fake.slipped_swipes = dead, slipped

    def quote_by_hand(self, title: str, text: str) -> None:
        chat = self._chat(title)
        chat.quoting = next(one for one in chat.content.sent if one.text == text)

    def own_quotes(self, title: str) -> list[str]:
        return [one.quoted.text for one in self._chat(title).content.sent if one.quoted is not None]


class SimulatedRig:
    """The driver on a simulated phone."""

    def __init__(self, shelf: SimulatedShelf) -> None:
        self.shelf = shelf
        self._adb = AdbPhone(shelf.adb, Serial(shelf.address))
        self.phone: Phone = WhatsAppPhone(self._adb, "com.whatsapp.w4b", files())

    def add_chat(self, title: str, number: str) -> None:
        self.shelf.ask("add_chat", number=number, name=title)

    def customer_writes(self, title: str, text: str) -> None:
        self.shelf.ask("customer_writes", chat=title, text=text)

    def owner_types(self, title: str, text: str) -> None:
        self.shelf.ask("owner_types_by_hand", chat=title, text=text)

    def leave_draft(self, title: str, text: str) -> None:
        number = self.shelf.ask("truth", chat=title)["jid"].partition("@")[0]
        self.shelf.ask("add_chat", number=number, draft=text)

    def own_texts(self, title: str) -> list[str]:
        return [one["text"] for one in self.shelf.ask("truth", chat=title)["messages"] if one["own"]]

    def show_dialog(self) -> None:
        self.shelf.ask("show", screen="dialog", text="Something new. Do you agree?", buttons=["Agree"])

    def clear_dialog(self) -> None:
        self.shelf.ask("show", screen="none")

    def on_phone(self) -> list[bytes]:
        found = self._adb.shell("find", "/sdcard/Phoneshelf", "-type", "f").out.split("\n")
        return [base64.b64decode(self._adb.shell("base64", path).out) for path in found if path.startswith("/")]

    def add_recipient(self, title: str) -> None:
        self.shelf.ask("settings", extra_recipients=[title] if title else [])

    def take_draft_along(self) -> None:
        self.shelf.ask("settings", is_draft_caption=True)

    def ignore_sends(self, count: int) -> None:
        self.shelf.ask("settings", dead_sends=count)

    def spoil_swipes(self, *, dead: int = 0, slipped: int = 0) -> None:
        self.shelf.ask("settings", dead_swipes=dead, slipped_swipes=slipped)

    def quote_by_hand(self, title: str, text: str) -> None:
        truth = self.shelf.ask("truth", chat=title)
        message = next(one["id"] for one in truth["messages"] if one["text"] == text)
        self.shelf.ask("add_chat", number=truth["jid"].partition("@")[0], quoting=message)

    def own_quotes(self, title: str) -> list[str]:
        return [one["quote"]["text"] for one in self.shelf.ask("truth", chat=title)["messages"] if one["quote"]]

    def reset(self) -> None:
        self.shelf.ask("settings", extra_recipients=[], is_draft_caption=False, dead_sends=0)
        self.spoil_swipes()


class TestFakePhone(PhoneContract, FilesContract, QuotesContract):
    """The fake keeps the contract."""

    @pytest.fixture
    def rig(self) -> Rig:
        rig = FakeRig()
        rig.phone.start()
        return rig


@pytest.fixture(scope="module")
def shared_rig(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedRig]:
    folder: Path = tmp_path_factory.mktemp("shelf")
    with simulated_shelf(folder, "--chats", "2", "--messages", "6") as shelf:
        rig = SimulatedRig(shelf)
        rig.phone.start()
        yield rig
        rig.phone.stop()


@pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
class TestDriver(PhoneContract, FilesContract, QuotesContract):
    """The driver keeps the contract."""

    @pytest.fixture
    def rig(self, shared_rig: SimulatedRig) -> Rig:
        shared_rig.reset()
        return shared_rig
