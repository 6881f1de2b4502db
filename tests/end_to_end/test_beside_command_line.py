"""Notes, labels, canned replies, contacts and hours on the command line, in a profile without a phone."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.entry import app
from app.store import accounts, chats
from app.store.engine import Store
from tests.fakes.clock import FakeClock

TITLE, ANNA = "Otto Bakker", "Anna Visser"


@dataclass
class Profile:
    """A profile with one number and two chats."""

    home: Path

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(app, [*words, "--home", str(self.home)])

    def json(self, *words: str) -> Any:
        ran = self.run(*words, "--json")
        assert ran.exit_code == 0, ran.stderr
        return json.loads(ran.stdout)

    def refused(self, *words: str) -> str:
        ran = self.run(*words)
        assert ran.exit_code in (1, 2), ran.output
        assert ran.exception is None or isinstance(ran.exception, SystemExit)
        assert len(ran.stderr.strip().splitlines()) == 1
        return ran.stderr

    def log(self) -> str:
        return "".join(path.read_text("utf-8") for path in (self.home / "logs").glob("*.log"))


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    (tmp_path / "settings.toml").write_text('agent = "Eva"\nrole = "lead"\n')
    asyncio.run(_fill(tmp_path / "phoneshelf.sqlite"))
    before = list(logging.getLogger().handlers)
    yield Profile(tmp_path)
    for handler in [one for one in logging.getLogger().handlers if one not in before]:
        logging.getLogger().removeHandler(handler)
        handler.close()


async def _fill(path: Path) -> None:
    store = Store(path, FakeClock().now)
    await store.open()
    async with store.write() as unit:
        account = await accounts.add_account(unit, "127.0.0.1:7600", "com.whatsapp.w4b", "Winkel", "full")
        await chats.add_chat(unit, account, TITLE, "person", "31612345678@s.whatsapp.net")
        await chats.add_chat(unit, account, ANNA, "person", "31687654321@s.whatsapp.net")
    await store.close()


def test_notes(profile: Profile) -> None:
    made = profile.json("note", "add", TITLE, "call back @lea", "--uid", "n-1")
    assert (made["text"], made["author"]) == ("call back @lea", "Eva")
    assert profile.json("note", "add", TITLE, "call back @lea", "--uid", "n-1") == made
    assert profile.json("note", "list", TITLE) == [made]
    assert "call back" in profile.run("note", "list", "1").stdout
    assert "no chat" in profile.refused("note", "add", "Nobody", "x")
    assert "empty" in profile.refused("note", "add", TITLE, " ")
    assert profile.json("outbox") == []
    assert "call back" not in profile.log()


def test_labels(profile: Profile) -> None:
    made = profile.json("label", "add", "spoed", "--colour", "#D32F2F", "--uid", "l-1")
    assert profile.json("label", "add", "spoed", "--uid", "l-1") == made
    assert profile.json("label", "set", TITLE, "Spoed") == [made]
    assert "already" in profile.run("label", "set", TITLE, "spoed").stderr
    assert profile.json("label", "list") == [made | {"chats": 1}]
    assert profile.json("label", "unset", TITLE, "spoed") == []
    assert profile.run("label", "remove", "spoed").exit_code == 0
    assert profile.run("label", "list").stdout.splitlines() == ["name  colour  chats  made by"]
    assert "no label" in profile.refused("label", "set", TITLE, "spoed")
    assert "#d32f2f" in profile.refused("label", "add", "x", "--colour", "red")


def test_canned_replies(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "card.txt"
    path.write_text("our address")
    made = profile.json("canned", "add", "open", "{{aanhef}} {{voornaam}}!", "--language", "nl", "--file", str(path))
    assert [one["name"] for one in made["files"]] == ["card.txt"]
    shown = profile.run("canned", "show", "open", "--chat", TITLE)
    assert (shown.exit_code, shown.stdout.strip().endswith(" Otto!")) == (0, True)
    changed = profile.json("canned", "edit", "open", "--text", "{{?why}}", "--title", "Open")
    assert (changed["text"], changed["id"]) == ("{{?why}}", made["id"])
    held = profile.run("canned", "show", "/open", "--chat", TITLE, "--json")
    assert (held.exit_code, json.loads(held.stdout)["may_be_sent"], "?why" in held.stderr) == (1, False, True)
    table = tmp_path / "canned.csv"
    assert profile.run("canned", "export", str(table)).exit_code == 0
    assert "there already" in profile.refused("canned", "export", str(table))
    assert profile.json("canned", "import", str(table)) == {"added": 0, "changed": 0, "unchanged": 1}
    assert profile.run("canned", "remove", "open").exit_code == 0
    assert profile.json("canned", "list") == []
    assert [one["id"] for one in profile.json("canned", "list", "--removed")] == [made["id"]]
    assert profile.json("canned", "remove", "open", "--undo")["removed_at"] is None
    assert [one["id"] for one in profile.json("canned", "list", "ope")] == [made["id"]]
    assert "say what to change" in profile.refused("canned", "edit", "open")
    assert "cannot be read" in profile.refused("canned", "import", str(tmp_path / "none.csv"))


def test_contacts(profile: Profile) -> None:
    shown = profile.json("contact", "show", TITLE)
    assert (shown["parts"]["name"], shown["numbers"]) == (TITLE, ["+31612345678"])
    changed = profile.json("contact", "set", TITLE, "company", "Bakker BV", "--seen", "1")
    assert changed["parts"]["company"] == "Bakker BV"
    stale = profile.refused("contact", "set", TITLE, "company", "Other", "--seen", "1")
    assert ("Bakker BV" in stale, "theirs was kept" in stale) == (True, True)
    assert [one["contact"] for one in profile.json("contact", "find", "06-12345678")] == [shown["id"]]
    trial = profile.json("contact", "merge", TITLE, ANNA, "--theirs", "name", "--dry-run")
    assert (trial["trial"], trial["parts"][0]["value"]) == (True, ANNA)
    assert len(profile.json("contact", "show", TITLE)["chats"]) == 1
    assert "unmerge" in profile.run("contact", "merge", TITLE, ANNA, "--theirs", "name").stderr
    assert profile.json("contact", "show", TITLE)["parts"]["name"] == ANNA
    assert profile.json("contact", "unmerge", TITLE)["parts"] == changed["parts"]
    assert profile.json("contact", "link", ANNA, "--to", TITLE)["id"] == shown["id"]
    assert profile.json("contact", "link", ANNA)["parts"]["name"] == ANNA
    assert "nothing was merged" in profile.refused("contact", "unmerge", TITLE)
    assert "Bakker BV" in profile.run("contact", "show", TITLE).stdout
    assert "Bakker" not in profile.log()


def test_hours(profile: Profile, tmp_path: Path) -> None:
    week = "mon-fri 09:00-12:30 13:00-17:30; sat 10:00-14:00"
    assert profile.json("hours", "show", "Winkel")["week"] is None
    shown = profile.json(
        "hours", "set", "Winkel", week, "--zone", "Europe/Amsterdam", "--first", "20", "--resolution", "0"
    )
    assert (shown["week"], shown["first_minutes"], shown["resolution_minutes"]) == (week, 20, None)
    path = tmp_path / "days.ics"
    path.write_bytes(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\nEND:VCALENDAR\n")
    assert "1 holidays are new" in profile.run("hours", "holidays", "Winkel", str(path)).stderr
    assert profile.json("hours", "show", "1")["holidays"] == ["2026-12-25"]
    assert week[:20] in profile.run("hours", "show", "1").stdout
    assert "mon-fri" in profile.refused("hours", "set", "Winkel", "always")
    assert "say what" in profile.refused("hours", "set", "Winkel")
