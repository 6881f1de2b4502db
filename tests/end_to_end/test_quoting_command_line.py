"""`reply --quote` as a user runs it, also one whose process is killed in the middle."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.test_command_line import TITLE, User, until
from tests.fakes.shelf import ROOT, has_adb, simulated_shelf

pytestmark = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
ASKED = "the blue one?"


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    with simulated_shelf(tmp_path, "--chats", "1", "--messages", "4") as shelf:
        shelf.ask("add_chat", number="31612345678", name=TITLE)
        for text in (ASKED, "or the red one?"):
            shelf.ask("customer_writes", chat=TITLE, text=text)
        found = User(shelf, tmp_path / "home")
        assert found.run("phones", "add", shelf.address).returncode == 0
        yield found


def truth(user: User) -> dict[str, Any]:
    found: dict[str, Any] = user.shelf.ask("truth", chat=TITLE)
    return found


def sent(user: User) -> list[tuple[str, str]]:
    own = [one for one in truth(user)["messages"] if one["own"]]
    return [(one["text"], one["quote"]["text"] if one["quote"] else "") for one in own]


def asked(user: User) -> str:
    """Read the chat and return the id of what was asked."""
    with user.bridge():
        until(lambda: user.texts() == [ASKED, "or the red one?"] and user.is_at_rest())
    (message,) = [one["message"] for one in user.json("messages", TITLE) if one["text"] == ASKED]
    return str(message)


def test_a_quote_goes_out_and_is_named_wherever_the_reply_is(user: User) -> None:
    message = asked(user)
    assert message in user.run("messages", TITLE).stdout
    ran = user.run("reply", TITLE, "That one.", "--quote", message, "--json")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["quote"] == {"message": int(message), "direction": "in", "text": ASKED}
    assert sent(user) == [("That one.", ASKED)]
    assert f"[quotes {message}] That one." in user.run("outbox").stdout
    told = [one["quoted"]["text"] for one in user.json("messages", TITLE) if one["quoted"]]
    assert told == [ASKED]


def test_what_cannot_be_quoted_is_refused_in_words(user: User, tmp_path: Path) -> None:
    message = asked(user)
    photo = tmp_path / "bike.jpg"
    photo.write_bytes(b"\xff\xd8\xff\xe0")
    wrong = user.run("reply", TITLE, "That one.", "--quote", "999999")
    both = user.run("reply", TITLE, "", "--quote", message, "--file", str(photo))
    assert (wrong.returncode, both.returncode) == (2, 2)
    assert "no message 999999" in wrong.stderr
    assert "a file quotes nothing" in both.stderr
    assert user.json("outbox") == []
    user.shelf.ask("settings", dead_swipes=9)
    refused = user.run("reply", TITLE, "That one.", "--quote", message)
    assert refused.returncode == 1, refused.stderr
    assert "did not quote that message" in refused.stderr
    assert sent(user) == []


def test_a_process_killed_under_the_quote_leaves_one_reply_to_send(user: User) -> None:
    message = asked(user)
    command = [sys.executable, "-m", "app", "reply", TITLE, "That one.", "--quote", message]
    env = user.shelf.environment(user.home)
    with subprocess.Popen(  # noqa: S603
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as child:
        until(lambda: truth(user)["quoting"] != 0 or bool(sent(user)))
        child.kill()
        child.wait(30)
    with user.bridge():
        until(lambda: user.json("outbox")[0]["state"] in ("sent", "delivered", "read", "failed"))
    (reply,) = user.json("outbox")
    assert sent(user) == ([("That one.", ASKED)] if reply["state"] != "failed" else [])
    assert (truth(user)["draft"], truth(user)["quoting"]) == ("", 0)
