"""The program as a user runs it: commands in processes of their own, on a simulated phone over a real adb."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.pictures import picture
from tests.fakes.shelf import ROOT, SimulatedShelf, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
DEADLINE_S = 60.0
TITLE = "Otto Bakker"


@dataclass
class User:
    """Somebody at a command line with a profile."""

    shelf: SimulatedShelf
    home: Path

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603
            [sys.executable, "-m", "app", *words], cwd=ROOT, env=self.shelf.environment(self.home), capture_output=True,
            text=True, timeout=DEADLINE_S * 2, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def json(self, *words: str) -> Any:
        ran = self.run(*words, "--json")
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    @contextmanager
    def bridge(self) -> Iterator[None]:
        command = [sys.executable, "-m", "app", "bridge", "--json", "--for", str(DEADLINE_S * 2)]
        env = self.shelf.environment(self.home)
        with subprocess.Popen(  # noqa: S603
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as child:
            try:
                yield
            finally:
                child.terminate()
                child.wait(DEADLINE_S)

    def _ask(self, query: str) -> list[str]:
        """Look into the database: a command of its own for each look would take most of the time."""
        with closing(sqlite3.connect(f"file:{self.home}/phoneshelf.sqlite?mode=ro", uri=True)) as raw:
            return [str(row[0]) for row in raw.execute(query)]

    def state(self) -> str:
        return self._ask("SELECT state FROM account")[0]

    def is_at_rest(self) -> bool:
        """Tell whether the first reading is over: a dialog that comes while a link opens a chat goes with it."""
        return self._ask("SELECT count(*) FROM account WHERE verified_until IS NOT NULL") == ["1"]

    def texts(self) -> list[str]:
        return self._ask(
            f"SELECT text FROM message WHERE kind='text' AND chat_id=(SELECT id FROM chat WHERE title='{TITLE}') "  # noqa: S608
            "ORDER BY position"
        )

    def on_phone(self) -> list[str]:
        truth = self.shelf.ask("truth", chat=TITLE)
        return [one["text"] for one in truth["messages"] if one["own"]]


def until(check: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    """Wait for a condition, at most the deadline; looking again now and then."""
    end = time.monotonic() + deadline_s
    while not check():
        assert time.monotonic() < end, "the condition did not come true"
        threading.Event().wait(0.1)


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with simulated_shelf(tmp_path, "--chats", "1", "--messages", "4") as shelf:
        shelf.ask("add_chat", number="31612345678", name=TITLE)
        shelf.ask("customer_writes", chat=TITLE, text="until when are you open?")
        yield User(shelf, tmp_path / "home")


def test_a_message_comes_in_and_a_reply_goes_out(user: User) -> None:
    added = user.run("phones", "add", user.shelf.address, "--name", "Winkel")
    assert added.returncode == 0, added.stderr
    with user.bridge():
        until(lambda: user.texts() == ["until when are you open?"])
        sent = user.run("reply", TITLE, "Until 18:00.", "--json")
        assert sent.returncode == 0, sent.stderr
        assert json.loads(sent.stdout)["state"] in ("sent", "delivered", "read")
        assert user.on_phone() == ["Until 18:00."]
        user.shelf.ask("customer_writes", chat=TITLE, text="thanks")
        until(lambda: user.texts() == ["until when are you open?", "Until 18:00.", "thanks"])
    told = user.json("messages", TITLE)
    assert [one["text"] for one in told if one["kind"] == "text"] == user.texts()
    assert user.json("phones")[0]["serial"] == user.shelf.address


def test_a_reply_without_a_phone_is_taken_back_and_says_so(user: User) -> None:
    assert user.run("phones", "add", user.shelf.address).returncode == 0
    assert user.run("bridge", "--for", "5").returncode == 0
    user.shelf.ask("strike", name="unplug", seconds=600)
    ran = user.run("reply", TITLE, "Until 18:00.", "--wait", "3")
    assert ran.returncode == 1, ran.stderr
    (reply,) = user.json("outbox")
    assert reply["state"] in ("cancelled", "failed")
    user.shelf.ask("lift", name="unplug")
    assert user.on_phone() == []


def test_a_file_goes_out_and_is_named_wherever_the_reply_is(user: User, tmp_path: Path) -> None:
    assert user.run("phones", "add", user.shelf.address).returncode == 0
    photo = tmp_path / "bike.jpg"
    photo.write_bytes(picture())
    with user.bridge():
        until(lambda: user.texts() == ["until when are you open?"])
        ran = user.run("reply", TITLE, "", "--file", str(photo), "--json")
        assert ran.returncode == 0, ran.stderr
        sent = json.loads(ran.stdout)
        assert sent["state"] in ("sent", "delivered", "read")
        assert (sent["text"], sent["file"]["name"], sent["file"]["kind"]) == ("", "bike.jpg", "photo")
    truth = user.shelf.ask("truth", chat=TITLE)
    assert [one["kind"] for one in truth["messages"] if one["own"]] == ["photo"]
    assert "[bike.jpg]" in user.run("outbox").stdout
    tool = tmp_path / "bike.exe"
    tool.write_bytes(b"MZ")
    for words, says in ((("--file", str(tool)), "can run"), (("--file", str(tmp_path / "none.jpg")), "no such file")):
        refused = user.run("reply", TITLE, "", *words)
        assert refused.returncode == 2
        assert says in refused.stderr
    assert user.run("reply", TITLE, "").returncode == 2


def test_a_phone_in_trouble_says_so_and_goes_on_afterwards(user: User) -> None:
    ask = user.shelf.ask
    troubles: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        (
            "blocked",
            lambda: ask("show", screen="dialog", text="New?", buttons=["Agree"]),
            lambda: ask("show", screen="none"),
        ),
        ("locked", lambda: ask("lock", pin="1234"), lambda: ask("unlock")),
        ("", lambda: ask("strike", name="server_crash"), lambda: None),
        ("unplugged", lambda: ask("strike", name="unplug", seconds=600), lambda: ask("lift", name="unplug")),
    ]
    assert user.run("phones", "add", user.shelf.address).returncode == 0
    with user.bridge():
        until(lambda: user.state() == "ready" and len(user.texts()) == 1 and user.is_at_rest())
        for number, (state, strike, lift) in enumerate(troubles):
            strike()
            if state:
                until(lambda state=state: user.state() == state, 20)  # type: ignore[misc]
            lift()
            ask("customer_writes", chat=TITLE, text=f"after trouble {number}")
            until(lambda number=number: user.texts()[-1:] == [f"after trouble {number}"] and user.state() == "ready")  # type: ignore[misc]
        assert user.run("reply", TITLE, "All well.").returncode == 0
    assert user.on_phone() == ["All well."]


@pytest.mark.parametrize(
    "words",
    [
        ["reply", "nobody of that name", "hello"],
        ["phones", "add", "bad serial; rm"],
        ["inspect", "no-such-file.xml"],
        ["bridge", "--for", "1"],
        ["no-such-command"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_cannot_be_done_is_said_in_one_line_with_exit_2(tmp_path: Path, words: list[str]) -> None:
    home = [] if words[0] in ("inspect", "no-such-command") else ["--home", str(tmp_path)]
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "app", *words, *home], cwd=ROOT, capture_output=True, text=True, timeout=DEADLINE_S,
        check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert ran.stderr.strip()
    assert ran.stdout == ""
