"""A colleague whose server is away: reads the copy, writes on top of it, and each reply is handed over once."""

from __future__ import annotations

import asyncio
import json
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring

from app.cli.answering import _Order
from app.cli.common import opened
from app.domain.change import MessageAdded
from app.domain.ids import ChatId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.domain.policy import Policy
from app.services.guarding import Facts
from app.store import accounts, chats, messages
from app.store.engine import RowChanged, Store
from app.store.listening import BACK
from tests.end_to_end.test_team_command_line import Office
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres, aside, running_server
from tests.fakes.team import server_of
from tests.team_faults.stage import until

pytestmark = pytest.mark.timeout(180)
ROOT = Path(__file__).resolve().parent.parent.parent
T = TypeVar("T")
THREE = ("Otto", "Petra", "Quint")
_KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from app.cli.common import opened
from app.store.kept import KeptFile

async def die(self, uid, source):
    os.kill(os.getpid(), signal.SIGKILL)

KeptFile.end = die

async def work():
    async with opened(Path(sys.argv[1])):
        pass

asyncio.run(work())
"""
"""A command that dies when the server has the first reply, and before that is noted."""


@pytest.fixture(scope="module")
def stoppable() -> Iterator[Postgres]:
    """A server that these tests stop and start."""
    with running_server() as server:
        yield server


@dataclass
class Bram:
    """A member who reads and answers, with colleagues and customers who go on."""

    office: Office

    @property
    def home(self) -> Path:
        return self.office.home("bram")

    def do(self, *words: str) -> tuple[int, str, str]:
        return self.office.do("bram", *words)

    def ok(self, *words: str) -> str:
        code, out, err = self.do(*words)
        assert code == 0, err
        return out

    def away(self) -> None:
        aside(self.office.postgres.cluster.stop())

    def back(self) -> None:
        aside(self.office.postgres.cluster.start())

    def write(self, chat: str, text: str, *more: str) -> str:
        """Reply without the server and return the uid."""
        code, out, err = self.do("reply", chat, text, "--json", *more)
        assert (code, "OFFLINE" in err) == (4, True), err
        return str(json.loads(out)["id"])

    def outbox(self) -> list[tuple[str, str, str]]:
        """Return what the server has, in the order of the outbox: text, author, state."""
        query = (
            "SELECT o.body, m.name, o.state FROM outbox o JOIN member m ON m.login = o.author ORDER BY queued_at, uid"
        )
        return [tuple(row) for row in self.rows(query)]  # type: ignore[misc]

    def rows(self, query: str) -> list[Any]:
        async def ask() -> list[Any]:
            connection = await self.office.postgres.connect(self.office.database)
            try:
                return list(await connection.fetch(query))
            finally:
                await connection.close()

        return aside(ask())

    def owner(self, work: Callable[[Store], Coroutine[Any, Any, T]]) -> T:
        async def do() -> T:
            store = Store(server_of(self.office.postgres, self.office.database), FakeClock().now)
            try:
                return await work(store)
            finally:
                await store.close()

        return aside(do())

    def customer_writes(self, chat: int, text: str) -> None:
        async def put(store: Store) -> None:
            async with store.write() as unit:
                window = await messages.load_window(unit.connection, ChatId(chat))
                last = window.entries[-1].id if window.entries else None
                new = MessageAdded(Direction.IN, Shown(701), Content(Kind.TEXT, text), Origin.SCREEN, last)
                await messages.apply_changes(unit, ChatId(chat), [new])

        self.owner(put)

    def eva_answers(self, chat: int, text: str) -> None:
        async def answer() -> None:
            async with opened(self.office.home("eva")) as program:
                await program.replying.knowing(Facts(is_anyway=True)).queue_reply(ChatId(chat), text)

        aside(answer())


async def furnish(home: Path) -> None:
    store = Store(home / "phoneshelf.sqlite", FakeClock().now)
    await store.open()
    async with store.write() as unit:
        account = await accounts.add_account(unit, "127.0.0.1:7600", "com.whatsapp.w4b", "Winkel", "full")
        await accounts.set_policy(unit, account, Policy(unanswered=20))
        for number, name in enumerate(THREE):
            chat = await chats.add_chat(unit, account, name, "person", f"3160000000{number}@s.whatsapp.net")
            asked = MessageAdded(Direction.IN, Shown(700), Content(Kind.TEXT, f"{name} asks"), Origin.SCREEN, None)
            await messages.apply_changes(unit, chat, [asked])
    await store.close()


@pytest.fixture
def bram(tmp_path: Path, stoppable: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bram]:
    monkeypatch.setenv("PHONESHELF_OWNER_PASSWORD", stoppable.password)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(keyring, "get_keyring", NoKeyring)
    monkeypatch.setattr(keyring.core, "_keyring_backend", NoKeyring())
    office = Office(tmp_path, stoppable, f"office_{secrets.token_hex(4)}")
    asyncio.run(furnish(office.home("eva")))
    code, _, err = office.create()
    assert code == 0, err
    assert office.join("bram", office.invite("Bram", "--number", "Winkel"))[0] == 0
    who = Bram(office)
    who.ok("offline")
    yield who
    if not aside(stoppable.cluster.is_running()):
        who.back()


def test_the_copy_is_read_and_says_how_old_it_is(bram: Bram) -> None:
    online = {words: json.loads(bram.ok(*words.split(), "--json")) for words in ("chats", "messages 1", "inbox")}
    bram.customer_writes(1, "too late for the copy")
    bram.away()
    for words, before in online.items():
        code, out, err = bram.do(*words.split(), "--json")
        assert (code, json.loads(out)) == (0, before)
        assert "OFFLINE" in err
        assert "complete until 20" in err
    code, out, _ = bram.do("search", "Petra", "asks", "--json")
    assert [hit["chat"] for hit in json.loads(out)] == [2]
    code, _, err = bram.do("note", "add", "1", "never kept")
    assert (code, "`reply` and `draft` work without it" in err) == (1, True)
    for name in ("offline.sqlite", "offline.since"):
        assert (bram.home / name).stat().st_mode & 0o077 == 0
    bram.back()
    code, out, err = bram.do("messages", "1", "--json")
    assert (code, err, json.loads(out)[-1]["text"]) == (0, "", "too late for the copy")
    assert not (bram.home / "offline.since").exists()


def test_replies_and_drafts_are_handed_over_once_and_in_order(bram: Bram) -> None:
    bram.away()
    texts = ["first", "second", "third"]
    for chat, text in zip(("1", "2", "1"), texts, strict=True):
        bram.write(chat, text)
    bram.ok("draft", "set", "3", "half a thou")
    bram.ok("draft", "set", "3", "half a thought")
    shown = json.loads(bram.ok("outbox", "--json"))
    assert [(one["text"], one["state"], one["on_this_pc"]) for one in shown] == [(t, "queued", True) for t in texts]
    assert (bram.home / "kept.sqlite").stat().st_mode & 0o077 == 0
    bram.back()
    code, _, err = bram.do("chats")
    assert (code, "4 written without the server" in err) == (0, True), err
    assert bram.outbox() == [(text, "Bram", "queued") for text in texts]
    assert bram.rows("SELECT body FROM draft")[0]["body"] == "half a thought"
    code, _, err = bram.do("outbox", "--json")
    assert (err, len(bram.outbox())) == ("", 3)


def test_a_killed_hand_over_goes_on_and_doubles_nothing(bram: Bram) -> None:
    bram.away()
    for number in range(4):
        bram.write("1", f"reply {number}")
    bram.back()
    ran = subprocess.run([sys.executable, "-c", _KILLED, str(bram.home)], cwd=ROOT, check=False)  # noqa: S603
    assert ran.returncode == -9
    assert [body for body, _, _ in bram.outbox()] == ["reply 0"]
    pair = [
        subprocess.Popen([sys.executable, "-m", "app", "outbox", "--home", str(bram.home)], cwd=ROOT)  # noqa: S603
        for _ in range(2)
    ]
    assert [one.wait(60) for one in pair] == [0, 0]
    assert bram.outbox() == [(f"reply {number}", "Bram", "queued") for number in range(4)]
    with closing(sqlite3.connect(bram.home / "kept.sqlite")) as raw:
        assert raw.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_what_came_meanwhile_makes_a_draft_of_a_reply_and_says_why(bram: Bram) -> None:
    bram.away()
    bram.write("1", "we close at five")
    bram.write("1", "and on sunday too")
    bram.write("2", "yes")
    anyway = bram.write("3", "no", "--anyway")
    bram.back()
    bram.eva_answers(1, "we close at six")
    bram.customer_writes(2, "or rather no?")
    bram.eva_answers(3, "maybe")
    code, _, err = bram.do("chats")
    assert code == 0
    assert "Otto" in err
    assert "Eva answered \u201cwe close at six\u201d" in err
    assert "Petra" in err
    assert "the customer wrote 1 more" in err
    assert "the reply before it was not sent" in err
    assert ("no", "Bram", "queued") in bram.outbox()
    assert len(bram.outbox()) == 3
    drafts = {one["chat"]: one["text"] for one in json.loads(bram.ok("draft", "list", "--json"))}
    assert drafts == {1: "we close at five", 2: "yes"}
    left = [one for one in json.loads(bram.ok("outbox", "--json")) if one["on_this_pc"]]
    assert [(one["text"], one["state"]) for one in left] == [("and on sunday too", "failed")]
    code, _, err = bram.do("chats")
    assert err == ""
    bram.ok("outbox", "--cancel", left[0]["id"])
    assert all(not one["on_this_pc"] for one in json.loads(bram.ok("outbox", "--json")))
    assert anyway


async def test_a_server_that_goes_while_it_is_asked_has_the_reply_once(bram: Bram) -> None:
    order = _Order("1", "just now", None, None, None, Facts())
    lost = _Order("2", "acknowledged to nobody", None, None, None, Facts())
    async with opened(bram.home, may_read_copy=True) as program:
        (_, is_kept) = await lost.put_or_keep(program, {})
        assert not is_kept
        await asyncio.to_thread(bram.away)
        for one in (order, lost):
            ((queued, _), is_kept) = await one.put_or_keep(program, {})
            assert (queued.id, is_kept) == (one.uid, True)
    await asyncio.to_thread(bram.back)
    code, _, err = await asyncio.to_thread(bram.do, "chats")
    assert (code, "2 written without the server" in err) == (0, True), err
    assert sorted(body for body, _, _ in await asyncio.to_thread(bram.outbox)) == ["acknowledged to nobody", "just now"]


def test_a_reply_that_was_withdrawn_here_never_goes(bram: Bram) -> None:
    bram.away()
    gone, stays = bram.write("1", "oops"), bram.write("2", "fine")
    code, _, err = bram.do("outbox", "--cancel", gone)
    assert (code, "on this PC alone" in err) == (0, True), err
    code, _, err = bram.do("outbox", "--cancel", "unknown")
    assert (code, "with the team already" in err) == (2, True), err
    bram.back()
    bram.ok("chats")
    assert [(body, state) for body, _, state in bram.outbox()] == [("fine", "queued")]
    bram.ok("outbox", "--cancel", stays)
    assert [state for _, _, state in bram.outbox()] == ["cancelled"]


def test_rules_hold_without_the_server_as_well(bram: Bram) -> None:
    bram.eva_answers(1, "I am on it")
    bram.owner(lambda store: _limit(store, 2))
    bram.ok("offline")
    bram.away()
    code, _, err = bram.do("reply", "1", "me too")
    assert (code, "Eva answered" in err) == (1, True), err
    bram.write("2", "one")
    bram.write("2", "two")
    code, out, err = bram.do("reply", "2", "three", "--json")
    assert (code, json.loads(out)["reason"]) == (1, "unanswered"), err
    code, _, err = bram.do("reply", "2", "", "--file", str(ROOT / "LICENSE"))
    assert (code, "a file goes only by the team's server" in err) == (2, True), err


async def _limit(store: Store, unanswered: int) -> None:
    async with store.write() as unit:
        for account in await accounts.list_accounts(unit.connection):
            await accounts.set_policy(unit, account.id, Policy(unanswered=unanswered))


def test_who_is_no_member_any_more_has_no_copy(bram: Bram) -> None:
    assert (bram.home / "offline.sqlite").is_file()
    assert bram.office.do("eva", "team", "remove", "Bram")[0] == 0
    code, _, err = bram.do("chats")
    assert (code, "The copy of the chats on this PC was deleted" in err) == (1, True), err
    assert not (bram.home / "offline.sqlite").exists()
    bram.away()
    code, out, err = bram.do("chats")
    assert (code, out, "no copy of the chats" in err) == (1, "", True), err


def test_without_a_copy_nothing_lies_on_the_disk(bram: Bram) -> None:
    (bram.home / "settings.toml").write_text("offline_days = 0\n")
    bram.ok("chats")
    assert not (bram.home / "offline.sqlite").exists()
    bram.away()
    code, _, err = bram.do("reply", "1", "hello")
    assert (code, "cannot be reached" in err) == (1, True), err
    assert not (bram.home / "kept.sqlite").exists()


async def test_a_running_program_hands_over_when_the_server_is_back(bram: Bram) -> None:
    async with opened(bram.home) as program:
        apart, heard = program.apart, list[RowChanged]()
        program.store.listen(heard.extend)
        assert apart is not None

        async def handed() -> bool:
            is_done = not await apart.kept.list_all() and not (bram.home / "offline.since").exists()
            # Nobody is half way into a connection when all is stopped.
            return is_done and BACK in heard

        tasks = program.begin()
        try:
            await asyncio.to_thread(bram.away)
            await asyncio.to_thread(bram.write, "1", "from the road")
            await asyncio.to_thread(bram.back)
            await until(handed, "what was written is handed over")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    assert await asyncio.to_thread(bram.outbox) == [("from the road", "Bram", "queued")]
