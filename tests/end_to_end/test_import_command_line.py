"""`import` as a user runs it: a process of its own, a file that the phone exported, and back again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.store import accounts, chats
from app.store.engine import Store
from tests.fakes.chat import PhoneChat
from tests.fakes.clock import FakeClock
from tests.fakes.export import CUSTOMER, FORMS, SHOP, exported
from tests.fakes.shelf import ROOT
from tests.store.test_imports import a_chat


class User:
    """Somebody at a command line with a profile in which one customer is known."""

    def __init__(self, folder: Path) -> None:
        self.home, self.folder = folder / "home", folder

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app", *words, "--home", str(self.home)], cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def json(self, *words: str) -> Any:
        ran = self.run(*words, "--json")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    def file(self, chat: PhoneChat, form: str = "nl") -> str:
        path = self.folder / "WhatsApp-chat.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(f"WhatsApp-chat met {CUSTOMER}.txt", exported(chat.sent, FORMS[form]))
        return str(path)


@pytest.fixture
async def user(tmp_path: Path) -> User:
    found = User(tmp_path)
    store = Store(found.home / "phoneshelf.sqlite", FakeClock().now)
    await store.open()
    async with store.write() as unit:
        account = await accounts.add_account(unit, "127.0.0.1:7600", "com.whatsapp.w4b", "Winkel", "full")
        await chats.add_chat(unit, account, CUSTOMER, "person")
    await store.close()
    return found


def test_import_trial_import_again_and_undo(user: User) -> None:
    chat = a_chat()
    file = user.file(chat)
    assert user.json("import", CUSTOMER, file, "--dry-run")["added"] == 7
    done = user.json("import", CUSTOMER, file, "--me", SHOP)
    assert (done["import"], done["added"], done["not_placed"]) == (1, 7, 0)
    assert [m["text"] for m in user.json("messages", "1")] == [one.text for one in chat.sent]
    assert user.json("import", "1", file)["import"] is None
    assert [one["added"] for one in user.json("import", "list")] == [7]
    assert user.run("import", "undo", "1").returncode != 0  # nobody answered whether to
    assert user.json("import", "undo", "1") == {"import": 1, "removed": 7, "kept": 0, "restored": 0}
    assert user.json("messages", "1") == []


def test_people_read_what_was_done_and_no_text_is_logged(user: User) -> None:
    ran = user.run("import", CUSTOMER, user.file(a_chat()))
    assert ran.returncode == 0
    assert "import undo 1" in ran.stderr
    assert "added" in ran.stdout
    logged = (user.home / "logs" / "phoneshelf.log").read_text("utf-8")
    assert "import 1 added 7 messages" in logged
    assert "text 1" not in logged
    assert CUSTOMER not in logged


def test_what_cannot_be_read_is_one_line_and_exit_2(user: User) -> None:
    bad = user.folder / "bad.zip"
    bad.write_bytes(b"PK\x03\x04")
    unclear = user.folder / "unclear.txt"
    unclear.write_text(f"5/2/22, 16:21 - {CUSTOMER}: hello\n", "utf-8")
    for file, words in (
        (bad, "damaged"),
        (unclear, "--order dmy or --order mdy"),
        (user.folder / "no", "cannot be read"),
    ):
        ran = user.run("import", CUSTOMER, str(file))
        assert (ran.returncode, ran.stdout) == (2, "")
        assert words in ran.stderr
        assert ran.stderr.count("\n") == 1
    assert user.json("import", CUSTOMER, str(unclear), "--order", "mdy")["first_day"] == "2022-05-02"
