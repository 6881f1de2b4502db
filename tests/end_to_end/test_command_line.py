"""The program as a user runs it: commands in processes of their own, on a simulated phone over a real adb."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

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
            text=True, timeout=DEADLINE_S * 2, check=False,
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

    def state(self) -> str:
        (phone,) = self.json("phones")
        return str(phone["state"])

    def texts(self) -> list[str]:
        ran = self.run("messages", TITLE, "--json")
        if ran.returncode:
            return []
        return [one["text"] for one in json.loads(ran.stdout) if one["kind"] == "text"]

    def on_phone(self) -> list[str]:
        truth = self.shelf.ask("truth", chat=TITLE)
        return [one["text"] for one in truth["messages"] if one["own"]]


def until(check: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    """Wait for a condition, at most the deadline; each look is a command of its own."""
    end = time.monotonic() + deadline_s
    while not check():
        assert time.monotonic() < end, "the condition did not come true"


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
    assert user.run("search", "thanks", "--json").returncode == 0


def test_a_reply_without_a_phone_is_taken_back_and_says_so(user: User) -> None:
    assert user.run("phones", "add", user.shelf.address).returncode == 0
    assert user.run("bridge", "--for", "8").returncode == 0
    assert user.texts() == ["until when are you open?"]
    user.shelf.ask("strike", name="unplug", seconds=600)
    ran = user.run("reply", TITLE, "Until 18:00.", "--wait", "3")
    assert ran.returncode == 1, ran.stderr
    (reply,) = user.json("outbox")
    assert reply["state"] in ("cancelled", "failed")
    user.shelf.ask("lift", name="unplug")
    assert user.on_phone() == []


@pytest.mark.parametrize("fault", ["unplug", "dialog", "pin", "server"])
def test_a_phone_in_trouble_says_so_and_goes_on_afterwards(user: User, fault: str) -> None:
    assert user.run("phones", "add", user.shelf.address).returncode == 0
    strike = {
        "unplug": lambda: user.shelf.ask("strike", name="unplug", seconds=600),
        "dialog": lambda: user.shelf.ask("show", screen="dialog", text="Something new?", buttons=["Agree"]),
        "pin": lambda: user.shelf.ask("lock", pin="1234"),
        "server": lambda: user.shelf.ask("strike", name="server_crash"),
    }[fault]
    lift = {
        "unplug": lambda: user.shelf.ask("lift", name="unplug"),
        "dialog": lambda: user.shelf.ask("show", screen="none"),
        "pin": lambda: user.shelf.ask("unlock"),
        "server": lambda: None,
    }[fault]
    states = {"unplug": {"unplugged"}, "dialog": {"blocked"}, "pin": {"locked"}, "server": None}[fault]
    with user.bridge():
        until(lambda: user.state() == "ready" and user.texts() == ["until when are you open?"])
        strike()
        if states:
            until(lambda: user.state() in states, 20)
        lift()
        user.shelf.ask("customer_writes", chat=TITLE, text="are you there?")
        until(lambda: user.state() == "ready" and user.texts()[-1:] == ["are you there?"])
        assert user.run("reply", TITLE, "Yes.").returncode == 0
    assert user.on_phone() == ["Yes."]


@pytest.mark.parametrize(
    "words",
    [
        ["messages", "nobody of that name"],
        ["reply", "nobody of that name", "hello"],
        ["phones", "add", "bad serial; rm"],
        ["phones", "add", "127.0.0.1:1", "--app", "com.example"],
        ["phones", "remove", "99"],
        ["inspect", "no-such-file.xml"],
        ["bridge", "--for", "1"],
        ["outbox", "--settle", "no-such-reply"],
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
