"""Policy, consent and refusals as a user meets them: commands in processes of their own, on a simulated phone."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.end_to_end.test_command_line import DEADLINE_S, TITLE, User, until, user
from tests.fakes.shelf import ROOT, has_adb

__all__ = ["user"]
needs_adb = pytest.mark.skipif(not has_adb(), reason="this adbutils brings no adb")
STRANGER = "Anna Visser"


@needs_adb
def test_rules_hold_on_the_command_line_until_a_person_sets_them_aside(user: User) -> None:
    user.shelf.ask("add_chat", number="31612345679", name=STRANGER)
    user.shelf.ask("owner_types_by_hand", chat=STRANGER, text="Your parcel is here.")
    assert user.run("phones", "add", user.shelf.address, "--name", "Winkel").returncode == 0
    with user.bridge():
        until(lambda: user.texts() == ["until when are you open?"] and user.is_at_rest())
        _a_first_contact_takes_a_consent(user)
        _the_third_unanswered_takes_a_lead(user)
    _quiet_hours_are_waited_for(user)


def _a_first_contact_takes_a_consent(user: User) -> None:
    refused = user.run("reply", STRANGER, "Will you fetch it?", "--json")
    assert refused.returncode == 1
    told = json.loads(refused.stdout)
    assert (told["state"], told["reason"], told["may_override"]) == ("refused", "first_contact", None)
    assert "consent" in refused.stderr
    assert user.run("reply", STRANGER, "hello?", "--override", "first-contact", "--why", "x").returncode == 2
    made = user.json("consent", "add", STRANGER, "--source", "e-mail", "--note", "asked to be told")
    assert [one["id"] for one in user.json("consent", "list")] == [made["id"]]
    assert user.run("reply", STRANGER, "Will you fetch it?").returncode == 0
    kept = user.run("consent", "remove", str(made["id"]))
    assert kept.returncode == 1
    assert len(user.json("consent", "list")) == 1
    assert user.run("consent", "remove", str(made["id"]), "--yes").returncode == 0
    assert user.json("consent", "list") == []


def _the_third_unanswered_takes_a_lead(user: User) -> None:
    shown = user.json("policy", "set", "Winkel", "--gap", "1", "--unanswered", "1")
    assert (shown["gap_s"], shown["unanswered"]) == (1.0, 1)
    assert user.run("reply", TITLE, "Until 18:00.").returncode == 0
    refused = user.run("reply", TITLE, "Are you coming?")
    assert (refused.returncode, "ask a lead" in refused.stderr) == (1, True)
    words = ("reply", TITLE, "Are you coming?", "--override", "unanswered", "--why", "asked by phone")
    assert user.run(*words).returncode == 2
    (user.home / "settings.toml").write_text('agent = "Lea"\nrole = "lead"\n')
    # A colleague answered already: she says that she knows.
    sent = user.run(*words, "--anyway", "--json")
    assert sent.returncode == 0, sent.stderr
    (kept,) = json.loads(sent.stdout)["overrides"]
    assert (kept["rule"], kept["author"], kept["why"]) == ("unanswered", "Lea", "asked by phone")
    assert user.on_phone() == ["Until 18:00.", "Are you coming?"]


def _quiet_hours_are_waited_for(user: User) -> None:
    (user.home / "settings.toml").write_text('agent = "Lea"\n')
    now = datetime.now(UTC)
    here = now.astimezone(ZoneInfo(user.json("policy", "show", "Winkel")["zone"]))
    quiet = f"{here - timedelta(hours=3):%H:%M}-{here + timedelta(hours=3):%H:%M}"
    user.json("policy", "set", "Winkel", "--unanswered", "20", "--quiet", quiet)
    ran = user.run("reply", TITLE, "Tomorrow again.", "--anyway", "--wait", "30", "--json")
    assert ran.returncode == 1, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["state"], told["waits_for"]) == ("cancelled", "quiet_hours")
    until_at = datetime.fromisoformat(told["waits_until"].replace("Z", "+00:00"))
    assert now < until_at <= now + timedelta(hours=5)
    kept = user.run("reply", TITLE, "Tomorrow again.", "--anyway", "--keep", "--wait", "30")
    assert kept.returncode == 4, kept.stderr
    assert "quiet hours" in kept.stderr
    (waiting,) = [one for one in user.json("outbox") if one["state"] == "queued"]
    assert (waiting["waits_for"], bool(waiting["waits_until"])) == ("quiet_hours", True)
    assert "quiet_hours" in user.run("outbox").stdout
    why = "the customer is at the door"
    words = ("reply", TITLE, "We are closed now.", "--anyway", "--override", "quiet_hours", "--why", why)
    assert user.run("outbox", "--cancel", waiting["id"]).returncode == 0
    assert user.run(*words).returncode == 0
    assert user.on_phone()[-1] == "We are closed now."
    assert "Tomorrow again." not in user.on_phone()
    shown = user.run("policy", "show", "1")
    assert quiet in shown.stdout
    assert user.json("policy", "set", "1", "--quiet", "off", "--defaults")["quiet"] is None


@pytest.mark.parametrize(
    "words",
    [
        ["policy", "show", "nobody"],
        ["policy", "set", "nobody"],
        ["policy", "set", "nobody", "--quiet", "late"],
        ["consent", "add", "nobody", "--source", "e-mail", "--note", "yes"],
        ["consent", "remove", "7"],
        ["reply", "nobody", "hello", "--undo", "3"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_in_one_line_with_exit_2(tmp_path: Path, words: list[str]) -> None:
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "app", *words, "--home", str(tmp_path)], cwd=ROOT, capture_output=True, text=True,
        timeout=DEADLINE_S, check=False,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
    assert ran.stdout == ""
