"""Becoming a team from the command line: create, invite, join, remove, rotate; what goes wrong is one sentence."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from typer.testing import CliRunner

from app.cli.entry import app
from app.domain.change import MessageAdded
from app.domain.errors import BadInput, StoreFailed, StoreTooNew, StoreTooOld
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.hosting.certificates import make_authority
from app.runtime.clock import SystemClock
from app.seat import Keys, Timelines, load_seat
from app.services.founding import Founding, Wishes
from app.store import accounts, chats, messages
from app.store.engine import Store
from app.store.server import moving
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import HOST, Postgres, aside
from tests.fakes.team import server_of

RUN = CliRunner()
FoundUntil = Callable[[int], tuple[dict[str, int], list[tuple[str, int]]]]


@dataclass
class Office:
    """Profiles of several people, and an empty database that one of them may fill."""

    folder: Path
    postgres: Postgres
    database: str

    def home(self, name: str) -> Path:
        return self.folder / name

    def do(self, who: str, *words: str) -> tuple[int, str, str]:
        done = RUN.invoke(app, [*words, "--home", str(self.home(who))])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    def create(self) -> tuple[int, str, str]:
        place = f"postgresql://postgres@{HOST}:{self.postgres.port}/{self.database}"
        ca = str(self.postgres.authority)
        return self.do("eva", "team", "create", "Winkel", "--me", "Eva", "--on", place, "--ca", ca, "--secrets-in-file")

    def invite(self, name: str, *more: str) -> str:
        code, out, err = self.do("eva", "team", "invite", name, "--json", *more)
        assert code == 0, err
        return str(json.loads(out)["invitation"])

    def join(self, who: str, invitation: str) -> tuple[int, str, str]:
        return self.do(who, "team", "join", invitation, "--secrets-in-file")

    def sql(self, statement: str) -> None:
        aside(self.postgres.execute(statement, self.database))


async def fill(home: Path, texts: int) -> None:
    store = Store(home / "phoneshelf.sqlite", FakeClock().now)
    await store.open()
    async with store.write() as unit:
        account = await accounts.add_account(unit, "127.0.0.1:7600", "com.whatsapp.w4b", "Winkel", "full")
        chat = await chats.add_chat(unit, account, "Otto \x00", "person", "31600000001@s.whatsapp.net")
        rows = [
            MessageAdded(Direction.IN, Shown(700), Content(Kind.TEXT, f"text {n} \x00\U0001f642"), Origin.SCREEN, None)
            for n in range(texts)
        ]
        await messages.apply_changes(unit, chat, rows)
    await store.close()


@pytest.fixture
def office(tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("PHONESHELF_OWNER_PASSWORD", postgres.password)
    monkeypatch.setattr(keyring, "get_keyring", NoKeyring)
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    return Office(tmp_path, postgres, f"office_{secrets.token_hex(4)}")


@pytest.fixture
def team(office: Office) -> Office:
    asyncio.run(fill(office.home("eva"), 12))
    code, _, err = office.create()
    assert code == 0, err
    return office


def test_a_profile_becomes_a_team_and_keeps_its_file(team: Office) -> None:
    code, out, _ = team.do("eva", "messages", "1", "--json")
    assert code == 0
    assert len(json.loads(out)) == 12
    assert (team.home("eva") / "phoneshelf.sqlite").is_file()
    for name in ("team.toml", "team.secrets"):
        assert (team.home("eva") / name).stat().st_mode & 0o077 == 0
    assert "password" not in (team.home("eva") / "team.toml").read_text()
    code, _, err = team.create()
    assert (code, "belongs to a team already" in err) == (2, True)
    code, _, err = team.do("eva", "audit", "verify")
    assert (code, "all as they were written" in err) == (0, True)


def test_who_adds_a_phone_is_on_its_number(team: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHONESHELF_ADB_PORT", "15099")
    monkeypatch.setattr("app.cli.shelf._try_to_connect", lambda *_: "no")
    code, _, err = team.do("eva", "phones", "add", "127.0.0.1:7601", "--name", "Werkplaats")
    assert (code, "team numbers" in err) == (0, True), err
    code, out, _ = team.do("eva", "team", "members", "--json")
    assert [name for _, name, _ in json.loads(out)[0]["numbers"]] == ["Winkel", "Werkplaats"]


def test_a_colleague_joins_once_and_reads_what_is_theirs(team: Office) -> None:
    invitation = team.invite("Bram Ünlü", "--number", "Winkel:read")
    code, _, err = team.join("bram", invitation)
    assert code == 0, err
    code, out, _ = team.do("bram", "search", "text 7", "--json")
    assert code == 0
    assert len(json.loads(out)) >= 1
    code, out, _ = team.do("bram", "team", "members", "--json")
    assert [one["name"] for one in json.loads(out)] == ["Eva", "PC of Eva", "Bram Ünlü"]
    code, _, err = team.do("bram", "reply", "1", "hello", "--wait", "1")
    assert (code, "may not do that" in err) == (1, True)
    code, _, err = team.do("bram", "team", "invite", "Carl")
    assert (code, "ask an admin" in err) == (1, True)
    code, _, err = team.join("carl", invitation)
    assert (code, "used before" in err) == (2, True)
    assert load_seat(team.home("carl")) is None


def test_each_bad_invitation_has_its_sentence(team: Office) -> None:
    invitation = team.invite("Bram")
    for torn in ("", "hello", invitation[:-9], invitation[:40] + "A" + invitation[41:], "phoneshelf1:AAAA"):
        code, _, err = team.join("bram", torn)
        assert (code, "no whole invitation" in err) == (2, True)
    team.sql("UPDATE member SET invited_until = now() - interval '1 s' WHERE name = 'Bram'")
    code, _, err = team.join("bram", invitation)
    assert (code, "used before, or withdrawn" in err) == (2, True)
    later = team.invite("Carl")
    code, _, err = team.do("eva", "team", "remove", "Carl")
    assert code == 0, err
    code, _, err = team.join("carl", later)
    assert (code, "withdrawn" in err or "refuses" in err) == (2, True), err
    code, _, err = team.do("eva", "team", "invite", "Dirk", "--hours", "0.000001", "--json")
    assert code == 0
    code, _, err = team.join("dirk", json.loads(_)["invitation"])
    assert (code, "is over" in err) == (2, True)
    assert load_seat(team.home("bram")) is None


def test_without_a_keyring_nothing_is_used_up(team: Office) -> None:
    invitation = team.invite("Bram")
    code, _, err = team.do("bram", "team", "join", invitation)
    assert (code, "--secrets-in-file" in err) == (2, True)
    assert team.join("bram", invitation)[0] == 0


def test_a_server_that_is_not_the_teams_is_not_joined(team: Office, tmp_path: Path) -> None:
    seat = load_seat(team.home("eva"))
    assert seat is not None
    other = tmp_path / "other"
    other.write_bytes(make_authority("other", datetime.now(UTC)).certificate)
    (team.home("eva") / "team-authority.pem").write_bytes(other.read_bytes())
    code, _, err = team.do("eva", "chats")
    assert (code, "certificate is not the one of your team" in err) == (1, True)


def test_a_removed_member_is_out_and_the_last_admin_stays(team: Office) -> None:
    assert team.join("bram", team.invite("Bram"))[0] == 0
    assert team.do("eva", "team", "remove", "bram")[0] == 0
    code, _, err = team.do("bram", "chats")
    assert (code, "refuses" in err or "lets nobody in" in err) == (1, True)
    code, _, err = team.do("eva", "team", "remove", "Eva")
    assert (code, "make somebody else an admin" in err) == (2, True)


def test_new_passwords_replace_the_old_ones(team: Office) -> None:
    before = (team.home("eva") / "team.secrets").read_text()
    assert team.do("eva", "team", "rotate", "--secrets-in-file")[0] == 0
    assert team.do("eva", "chats")[0] == 0
    (team.home("eva") / "team.secrets").write_text(before)
    code, _, err = team.do("eva", "chats")
    assert (code, "refuses this password" in err) == (1, True)


@pytest.mark.parametrize(("step", "error", "says"), [("9999", StoreTooNew, "newer"), ("0009", StoreTooOld, "upgrade")])
def test_programs_of_other_versions_are_told_apart(team: Office, step: str, error: type, says: str) -> None:
    team.sql(f"UPDATE alembic_version SET version_num = '{step}'")  # noqa: S608
    code, _, err = team.do("eva", "chats")
    assert (code, says in err) == (1, True)
    seat = load_seat(team.home("eva"))
    assert seat is not None

    async def open_it() -> None:
        store = Store(seat.person, FakeClock().now)
        try:
            await store.open()
        finally:
            await store.close()

    with pytest.raises(error):
        asyncio.run(open_it())


BEFORE_THE_PAGES = """
DROP INDEX ix_chat_account_id_state_assignee_id, ix_chat_open_last_at_id, ix_chat_open_assignee_id_last_at_id,
    ix_chat_ended_state_last_at_id, ix_chat_unassigned_last_at_id, ix_chat_waiting_since_id;
CREATE INDEX ix_chat_state_last_at ON chat (state, last_at);
CREATE INDEX ix_chat_account_id_state_last_at ON chat (account_id, state, last_at);
CREATE INDEX ix_chat_assignee_id_state_last_at ON chat (assignee_id, state, last_at);
CREATE INDEX ix_chat_waiting_since ON chat (waiting_since);
UPDATE alembic_version SET version_num = '0014'
"""
"""Takes a database back to the step before the pages of the inbox."""


def test_an_older_database_is_backed_up_brought_up_to_date_and_used_on(team: Office) -> None:
    assert team.join("bram", team.invite("Bram"))[0] == 0
    team.sql(BEFORE_THE_PAGES)
    for who in ("eva", "bram"):
        code, _, err = team.do(who, "chats")
        assert (code, "phoneshelf team upgrade" in err) == (1, True), err
    place = f"postgresql://postgres@{HOST}:{team.postgres.port}/{team.database}"
    code, _, err = team.do("eva", "team", "upgrade", "--on", place, "--ca", str(team.postgres.authority))
    assert (code, "stood at 0014" in err) == (0, True), err
    (backup,) = (team.home("eva") / "backups").glob("*.dump")
    assert backup.read_bytes()[:5] == b"PGDMP"
    code, out, _ = team.do("bram", "messages", "1", "--json")
    assert (code, len(json.loads(out))) == (0, 12)
    code, _, err = team.do("bram", "chat", "take", "1")
    assert code == 0, err


@pytest.fixture
def found_until(office: Office, monkeypatch: pytest.MonkeyPatch) -> FoundUntil:
    """Make a team, cut off when so many messages were moved."""
    monkeypatch.setattr(moving, "PART", 10)
    home = office.home("eva")
    asyncio.run(fill(home, 45))
    owner = server_of(office.postgres, office.database)

    async def found(stop_at: int) -> tuple[dict[str, int], list[tuple[str, int]]]:
        told: list[tuple[str, int]] = []

        def tell(what: str, done: int, total: int) -> None:
            told.append((what, done))
            if what == "message" and done == stop_at:
                raise KeyboardInterrupt

        source = Store(home / "phoneshelf.sqlite", FakeClock().now)
        await source.open()
        try:
            made = await Founding(owner, SystemClock(), Keys(home, in_file=True)).found(
                Wishes("Winkel", "Eva", "eva"), source, tell
            )
        except KeyboardInterrupt:
            return {}, told
        finally:
            await source.close()
        return made.moved, told

    return lambda stop_at: asyncio.run(found(stop_at))


def test_a_move_that_is_cut_off_goes_on(office: Office, found_until: FoundUntil) -> None:
    assert found_until(20)[0] == {}
    moved, told = found_until(-1)
    assert moved["message"] == 45
    assert [done for what, done in told if what == "message"] == [20, 30, 40, 45]
    with closing(sqlite3.connect(office.home("eva") / "phoneshelf.sqlite")) as raw:
        assert raw.execute("SELECT count(*) FROM message").fetchone() == (45,)


_ON = [20, 30, 40, 45]


@pytest.mark.parametrize(
    ("change", "steps"),
    [
        # As a bridge does that drives the phones meanwhile.
        ("UPDATE account SET state = 'locked', verified_until = '2026-11-22 10:00:00.000000'", _ON),
        ("UPDATE message SET text = 'other' WHERE id = 3", _ON),
        ("DELETE FROM message WHERE id = 3", [20, 30, 40, 45, 0, 10, 20, 30, 40, 44]),
        # A row that is moved later stands where one stood that was moved before.
        (
            "UPDATE message SET position = position + 5 WHERE id = 3;"
            "UPDATE message SET position = (SELECT position - 5 FROM message WHERE id = 3) WHERE id = 44",
            [20, 30, 40, 0, 10, 20, 30, 40, 45],
        ),
    ],
)
def test_a_file_that_was_used_after_the_cut_is_moved_as_it_is_now(
    office: Office, found_until: FoundUntil, change: str, steps: list[int]
) -> None:
    found_until(20)
    with closing(sqlite3.connect(office.home("eva") / "phoneshelf.sqlite")) as raw, raw:
        raw.executescript(change)
        left = raw.execute("SELECT count(*) FROM message").fetchone()[0]
    _, told = found_until(-1)
    assert [done for what, done in told if what == "message"] == steps
    assert steps[-1] == left


def test_a_row_that_was_changed_on_the_way_is_noticed(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = office.home("eva")
    asyncio.run(fill(home, 5))
    real = moving.Moving._finish

    async def forge(self: moving.Moving, tell: moving.Progress) -> None:
        await real(self, tell)
        await self._target.execute("UPDATE message SET text = 'forged' WHERE id = 3")

    monkeypatch.setattr(moving.Moving, "_finish", forge)
    code, _, err = office.create()
    assert (code, "not what was sent" in err) == (1, True)
    assert load_seat(home) is None


def test_a_file_whose_phones_are_driven_is_not_moved(office: Office) -> None:
    home = office.home("eva")
    asyncio.run(fill(home, 3))
    until = (datetime.now(UTC) + timedelta(seconds=60)).replace(tzinfo=None).isoformat(" ")
    with closing(sqlite3.connect(home / "phoneshelf.sqlite")) as raw, raw:
        raw.execute("UPDATE account SET lease_holder = 'pc', lease_until = ?", (until,))
    code, _, err = office.create()
    assert (code, "drives phones now" in err) == (2, True)


@pytest.mark.parametrize(
    "url",
    ["mysql://a@b/c", "postgresql://b/c", "postgresql://a@b", "postgresql://a:secret@b/c", "postgresql://a@b:x/c"],
)
def test_a_place_that_cannot_be_is_refused_before_anything_is_done(office: Office, url: str) -> None:
    code, _, err = office.do("eva", "team", "create", "W", "--me", "Eva", "--on", url)
    assert (code, "--on" in err) == (2, True)
    assert not office.home("eva").exists() or not any(office.home("eva").iterdir())


def test_an_old_primary_is_refused_for_good(tmp_path: Path) -> None:
    guard = Timelines(tmp_path / "timeline")
    guard((7, 1))
    guard((7, 3))
    with pytest.raises(StoreFailed, match="stopped being"):
        guard((7, 2))
    with pytest.raises(StoreFailed, match="another server"):
        guard((8, 9))
    with pytest.raises(StoreFailed, match="stopped being"):
        Timelines(tmp_path / "timeline")((7, 2))
    Timelines(tmp_path / "timeline")((7, 3))


def test_a_torn_seat_is_said_and_nothing_else_is_opened(tmp_path: Path) -> None:
    (tmp_path / "team.toml").write_text("team = ")
    with pytest.raises(BadInput, match="join"):
        load_seat(tmp_path)
