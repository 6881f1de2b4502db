"""`chat`, `inbox` and `presence` as people type them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.entry import app
from app.cli.forms import blocked_form
from app.domain.errors import AnswerBlocked
from app.domain.ids import ChatId, MessageId, ReplyId
from app.domain.message import Content, Direction, Kind, Shown
from app.runtime.clock import SystemClock
from app.services.browsing import MessageRow
from app.services.guarding import Obstacle, ObstacleKind
from app.services.handling import Handling
from app.services.hearing import Heard, News, hear
from app.services.replying import Replying
from app.store import accounts, chats
from app.store.engine import Store
from tests.fakes.postgres import aside

Ask = Callable[..., Any]


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return what runs a command on a profile with one chat whose customer wrote, and gives its JSON."""
    monkeypatch.setenv("PHONESHELF_AGENT", "Eva")
    monkeypatch.setattr("app.cli.common.start_logging", lambda home, verbose: None)

    async def fill() -> None:
        store = Store(tmp_path / "phoneshelf.sqlite", lambda: datetime.now(UTC))
        await store.open()
        async with store.write() as unit:
            account = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
            chat = await chats.add_chat(unit, account, "Otto", "person")
            await hear(unit, chat, News((Heard(unit.now, "hello"),)))
        await store.close()

    aside(fill())

    def run(*words: str, code: int = 0) -> Any:
        ran = CliRunner().invoke(app, [*words, "--home", str(tmp_path), "--json"])
        assert ran.exit_code == code, ran.output
        return json.loads(ran.stdout) if code == 0 else ran.output

    return run


def test_a_chat_goes_through_a_day(ask: Ask) -> None:
    assert ask("chat", "take", "Otto")["owner"] == "Eva"
    assert ask("chat", "priority", "Otto", "high")["priority"] == "high"
    (row,) = ask("inbox", "mine")["chats"]
    assert (row["title"], row["owner"], row["priority"]) == ("Otto", "Eva", "high")
    assert ask("chat", "snooze", "Otto", "--preset", "tomorrow")["snoozed_until"]
    assert ask("chat", "snooze", "Otto", "--until-reply")["snoozed_until"] is None
    assert ask("inbox", "snoozed")["counts"]["snoozed"] == 1
    assert ask("chat", "wake", "Otto")["state"] == "open"
    assert ask("chat", "release", "Otto")["owner"] is None
    assert ask("chat", "assign", "Otto", "eva")["owner"] == "Eva"
    assert ask("chat", "done", "Otto")["state"] == "done"
    assert ask("chat", "reopen", "Otto")["state"] == "open"
    assert ask("chat", "spam", "Otto")["state"] == "spam"
    assert ask("chat", "not-spam", "Otto")["state"] == "open"


def test_what_cannot_be_is_said_and_changes_nothing(ask: Ask) -> None:
    for words in (
        ("chat", "take", "Nobody"),
        ("chat", "assign", "Otto", "nobody"),
        ("chat", "snooze", "Otto"),
        ("chat", "snooze", "Otto", "--until-reply", "--preset", "hour"),
        ("chat", "snooze", "Otto", "--until", "2020-01-01T09:00"),
        ("chat", "priority", "Otto", "huge"),
        ("inbox", "elsewhere"),
    ):
        ask(*words, code=2)
    (row,) = ask("inbox")["chats"]
    assert (row["state"], row["owner"], row["priority"]) == ("new", None, "normal")


def test_presence_is_said_and_shown(ask: Ask) -> None:
    assert ask("presence") == []
    (eva,) = ask("presence", "break")
    assert (eva["name"], eva["state"]) == ("Eva", "break")
    assert ask("presence", "off") == []


def test_chats_say_on_which_number_they_are_once_there_are_two(ask: Ask, tmp_path: Path) -> None:
    async def second() -> None:
        store = Store(tmp_path / "phoneshelf.sqlite", lambda: datetime.now(UTC))
        await store.open()
        async with store.write() as unit:
            desk = await accounts.add_account(unit, "other", "com.whatsapp.w4b", "Balie", "full")
            await hear(unit, await chats.add_chat(unit, desk, "Otto", "person"), News((Heard(unit.now, "here too"),)))
        await store.close()

    def table(*words: str) -> str:
        return CliRunner().invoke(app, [*words, "--home", str(tmp_path)]).stdout

    assert " on " not in table("chats").splitlines()[0]
    aside(second())
    CliRunner().invoke(app, ["phones", "set", "1", "--short", "06-11", "--colour", "#1f77b4", "--home", str(tmp_path)])
    for words in (("chats",), ("inbox",)):
        heading, *rows = table(*words).splitlines()
        assert " on " in heading
        assert sum("06-11" in row for row in rows) == sum("Balie" in row for row in rows) == 1
    by_account = {row["account"]: (row["short"], row["colour"]) for row in ask("inbox")["chats"]}
    assert by_account == {1: ("06-11", "#1f77b4"), 2: ("", "")}
    assert {row["account"]: row["short"] for row in ask("chats")} == {1: "06-11", 2: ""}


def test_a_reply_that_somebody_has_to_look_at_first_is_json_without_a_text(ask: Ask, tmp_path: Path) -> None:
    async def answered() -> None:
        store = Store(tmp_path / "phoneshelf.sqlite", lambda: datetime.now(UTC))
        await store.open()
        async with store.read() as connection:
            (chat,) = await chats.list_chats(connection)
        await Handling(store, SystemClock(), "Bram").me()
        await Replying(store, SystemClock(), "Bram").queue_reply(
            chat.id, "we are open until six", reply_id=ReplyId("r1")
        )
        await store.close()

    aside(answered())
    ran = CliRunner().invoke(app, ["reply", "Otto", "until six", "--json", "--home", str(tmp_path)])
    said = json.loads(ran.stdout)
    assert (ran.exit_code, said["state"], said["reason"], said["id"]) == (1, "blocked", "answered", None)
    ((obstacle),) = said["obstacles"]
    assert [(one["id"], one["author"]) for one in obstacle["replies"]] == [("r1", "Bram")]
    assert obstacle["replies"][0]["at"]
    assert set(obstacle["says"]) == {"en", "nl"}
    assert "until six" not in ran.stdout
    assert [one["state"] for one in ask("outbox")] == ["queued"]


def test_what_the_customer_wrote_meanwhile_is_named_by_id_author_and_time() -> None:
    row = MessageRow(
        "m7", ChatId(1), 3, Direction.IN, Shown(None), Content(Kind.TEXT, "secret", sender="Otto"), None,
        first_seen_at=datetime(2026, 8, 18, 9, 0, tzinfo=UTC),
    )  # fmt: skip
    unread = Obstacle(ObstacleKind.UNREAD, messages=(MessageId(7), MessageId(8)))
    form = blocked_form(AnswerBlocked((unread,), "the customer wrote 2 more"), {}, {MessageId(7): row})
    assert form["obstacles"][0]["messages"] == [
        {"id": 7, "author": "Otto", "at": "2026-08-18T09:00:00Z"},
        {"id": 8, "author": None, "at": None},
    ]
    assert "secret" not in json.dumps(form)


def test_the_rules_of_a_number_are_shown_and_changed(ask: Ask) -> None:
    assert ask("rules", "show", "Winkel") == {
        "account": 1, "name": "Winkel", "auto_assign": False, "most_open": 5, "new_case_hours": 72,
        "alert_minutes": 10, "first_minutes": 15, "next_minutes": None, "resolution_minutes": 60,
    }  # fmt: skip
    ask("hours", "set", "Winkel", "--first", "20")
    changed = ask("rules", "set", "1", "--auto-assign", "--most-open", "3")
    assert (changed["auto_assign"], changed["most_open"], changed["first_minutes"]) == (True, 3, 20)
    assert ask("rules", "set", "1", "--no-auto-assign")["auto_assign"] is False
    assert "a whole number from 1 to 500" in ask("rules", "set", "1", "--most-open", "0", code=2)
    assert "say what to change" in ask("rules", "set", "1", code=2)
    ask("rules", "set", "1", "--alert-minutes", "soon", code=2)
    ask("rules", "show", "Nobody", code=2)
    assert ask("rules", "show", "1")["most_open"] == 3
