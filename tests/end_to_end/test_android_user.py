"""The app of another Android user (a work profile, a clone), beside the owner's of the same name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.entry import app
from app.domain.errors import PhoneRefused, ScreenNotRecognised
from app.domain.ids import Serial
from app.domain.observation import ScreenKind
from app.domain.ports import ChatTarget
from devices.adb.phone import AdbPhone
from devices.health.reading import parse_app_users, parse_front_user
from devices.screens.notifications import parse_notifications
from devices.whatsapp.driver import WhatsAppPhone
from devices.whatsapp.sight import Sight
from tests.fakes.shelf import SimulatedShelf, files, has_adb, simulated_shelf

needs_adb = pytest.mark.skipif(not has_adb(), reason="no adb for this platform")
APP, WORK = "com.whatsapp.w4b", 10
EVA = ChatTarget("Eva", "31611111111")
START = ("am", "start", "-a", "android.intent.action.MAIN", "-n", f"{APP}/com.whatsapp.Main")


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[SimulatedShelf]:
    with simulated_shelf(tmp_path, "--chats", "0", "--user", str(WORK), "--twin") as shelf:
        shelf.ask("add_chat", number=EVA.number, name=EVA.title)
        shelf.ask("customer_writes", chat=EVA.title, text="hallo")
        yield shelf


def _driver(shelf: SimulatedShelf, user: int) -> WhatsAppPhone:
    return WhatsAppPhone(AdbPhone(shelf.adb, Serial(shelf.address)), Sight(APP, None, user), files())


@needs_adb
async def test_the_owners_app_of_the_same_name_is_never_taken_for_ours(shelf: SimulatedShelf) -> None:
    phone, adb = _driver(shelf, WORK), AdbPhone(shelf.adb, Serial(shelf.address))
    await asyncio.to_thread(phone.start)
    assert [row.title for row in (await asyncio.to_thread(phone.read_chat_list)).rows] == ["Eva"]
    await asyncio.to_thread(phone.open_chat, EVA)
    typed = await asyncio.to_thread(phone.type_reply, EVA, "we are open")
    assert typed.entry is not None
    assert typed.entry.text == "we are open"

    await asyncio.to_thread(adb.shell, *START)
    assert (await asyncio.to_thread(phone.look)).kind is ScreenKind.OTHER_APP
    with pytest.raises(ScreenNotRecognised):
        await asyncio.to_thread(phone.tap_send, EVA, typed)
    assert not any(one["own"] for one in shelf.ask("truth", chat="Eva")["messages"])
    assert [row.title for row in (await asyncio.to_thread(phone.read_chat_list)).rows] == ["Eva"]
    await asyncio.to_thread(phone.open_chat, EVA)
    await asyncio.to_thread(phone.tap_send, EVA, await asyncio.to_thread(phone.type_reply, EVA, "we are open"))
    assert [one["text"] for one in shelf.ask("truth", chat="Eva")["messages"] if one["own"]] == ["we are open"]
    await asyncio.to_thread(phone.stop)


@needs_adb
async def test_each_user_hears_of_their_own_notifications_only(shelf: SimulatedShelf) -> None:
    shelf.ask("go_home")
    shelf.ask("customer_writes", chat="Eva", text="are you there?")
    dump = AdbPhone(shelf.adb, Serial(shelf.address)).shell("dumpsys", "notification", "--noredact").out
    assert {seen.user for seen in parse_notifications(dump, APP)} == {WORK}
    assert {seen.title for seen in _driver(shelf, WORK).read_notifications()} == {"Eva"}
    assert _driver(shelf, 0).read_notifications() == []


@needs_adb
async def test_a_user_without_the_app_has_none(tmp_path: Path) -> None:
    with simulated_shelf(tmp_path, "--chats", "0", "--user", str(WORK)) as shelf:
        for user in (0, 11):
            with pytest.raises(PhoneRefused, match="app missing"):
                await asyncio.to_thread(_driver(shelf, user).start)
        users = AdbPhone(shelf.adb, Serial(shelf.address)).shell("pm", "list", "users").out
    assert "UserInfo{0:" in users
    assert "UserInfo{10:" in users


def test_what_a_phone_prints_of_its_users() -> None:
    about = (
        "  Package [com.whatsapp.w4b] (1f):\n    versionName=2\n    User 0: ceDataInode=1 installed=false\n"
        "    User 10: ceDataInode=9 installed=true hidden=false\n"
    )
    assert parse_app_users(about, APP) == {WORK}
    assert parse_app_users("Unable to find package", APP) == frozenset()
    window = (
        "  mCurrentFocus=Window{7a1 u0 NotificationShade}\n"
        "  mFocusedApp=ActivityRecord{1b u10 com.whatsapp.w4b/.Home t5}\n"
    )
    assert parse_front_user(window, APP) == WORK
    assert parse_front_user(window, "com.whatsapp") is None


def test_a_phone_is_added_for_a_user(tmp_path: Path) -> None:
    def run(*words: str) -> str:
        return CliRunner().invoke(app, ["phones", *words, "--home", str(tmp_path)]).output

    run("add", "127.0.0.1:1", "--user", "10", "--name", "Werk")
    assert '"user": 10' in run("--json")
    assert "com.whatsapp.w4b of user 10" in run("add", "127.0.0.1:1", "--name", "Winkel")
