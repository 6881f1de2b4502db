"""The copy on a member's PC: what the person sees and nothing else, as changes tell, gone when it is seen no more."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa

from app.domain.change import MessageAdded
from app.domain.errors import LoginRefused, ServerAway, StoreFailed
from app.domain.ids import ChatId
from app.domain.message import Content, Direction, Kind, Origin, Shown
from app.runtime.clock import SystemClock
from app.services import caching
from app.services.browsing import Browsing
from app.services.caching import Caching, Superseded
from app.services.drafting import Drafting
from app.services.noting import Noting
from app.services.replying import Replying
from app.store import accounts, chats, messages
from app.store.engine import Reader, Store
from app.store.postgres import say_failure
from tests.fakes.postgres import HOST, Postgres, free_port
from tests.fakes.team import Team, team_of

OTTO, PETRA, ELSEWHERE = ChatId(1), ChatId(2), ChatId(3)


@dataclass
class Place:
    """A team with two numbers, of which Bram is on the first, and his PC."""

    team: Team
    root: Store
    bram: Store
    path: Path

    def copy_of(self, server: Store, days: int = 30) -> Caching:
        return Caching(server, self.path, SystemClock(), days)

    async def refresh(self) -> set[int]:
        """Bring the copy up to date and return its chats."""
        if await self.copy_of(self.bram).refresh() is None:
            return set()
        async with self.opened() as browsing:
            return {one.id for one in await browsing.list_chats()}

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Browsing]:
        store = self.copy_of(self.bram).open_file()
        try:
            yield Browsing(store, SystemClock())
        finally:
            await store.close()

    async def texts(self, chat: ChatId) -> list[str]:
        async with self.opened() as browsing:
            return [row.content.text for row in await browsing.list_messages(chat)]

    async def writes(self, chat: ChatId, text: str) -> None:
        async with self.root.write() as unit:
            window = await messages.load_window(unit.connection, chat)
            last = window.entries[-1].id if window.entries else None
            new = MessageAdded(Direction.IN, Shown(700), Content(Kind.TEXT, text), Origin.SCREEN, last)
            await messages.apply_changes(unit, chat, [new])

    async def sql(self, statement: str, **values: object) -> None:
        async with self.root.write() as unit:
            await unit.connection.execute(sa.text(statement), values)

    async def forge(self, chat: ChatId) -> None:
        """Alter the copy, to see what is copied anew."""
        store = self.copy_of(self.bram).open_file()
        async with store.write() as unit:
            await unit.connection.execute(sa.text("UPDATE message SET text = 'forged' WHERE chat_id = :c"), {"c": chat})
        await store.close()

    def holds(self, words: str) -> bool:
        return words.encode() in self.path.read_bytes()


@pytest.fixture
async def place(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Place]:
    async with team_of(postgres, {"eva": "agent", "bram": "agent", "ada": "admin"}) as team:
        now = SystemClock().now
        root, bram = Store(team.owner, now), Store(team.server("bram"), now)
        async with root.write() as unit:
            first = await accounts.add_account(unit, "phone", "com.whatsapp.w4b", "Winkel", "full")
            second = await accounts.add_account(unit, "other", "com.whatsapp.w4b", "Werkplaats", "full")
            for account, name in ((first, "Otto"), (first, "Petra"), (second, "Quint")):
                await chats.add_chat(unit, account, name, "person", f"31612345{len(name)}{account}0@s.whatsapp.net")
            await unit.connection.execute(sa.text("INSERT INTO membership SELECT id, 1, true FROM account"))
            await unit.connection.execute(sa.text("INSERT INTO membership SELECT 1, 2, true"))
        made = Place(team, root, bram, tmp_path / "offline.sqlite")
        for chat, text in ((OTTO, "otto asks"), (PETRA, "petra asks"), (ELSEWHERE, "quint asks")):
            await made.writes(chat, text)
        yield made
        await root.close()
        await bram.close()


async def test_the_file_holds_what_the_person_sees_and_nothing_else(place: Place) -> None:
    eva = Store(place.team.server("eva"), SystemClock().now)
    await Noting(eva, place.team.login("eva")).add(OTTO, "secret note")
    await Drafting(eva, SystemClock(), place.team.login("eva")).save(OTTO, "evas own draft")
    await Replying(eva, SystemClock(), place.team.login("eva")).queue_reply(OTTO, "evas reply")
    await eva.close()
    await Drafting(place.bram, SystemClock(), place.team.login("bram")).save(PETRA, "brams own draft")
    assert await place.refresh() == {OTTO, PETRA}
    assert place.path.stat().st_mode & 0o077 == 0
    async with place.opened() as browsing:
        (asked, reply) = await browsing.list_messages(OTTO)
        assert (asked.content.text, reply.content.text, reply.author) == ("otto asks", "evas reply", "Eva")
        assert [hit.chat for hit in await browsing.search("petra")] == [PETRA]
    assert place.holds("brams own draft")
    for words in ("secret note", "evas own draft", "quint asks", "Quint", "Werkplaats", *place.team.passwords.values()):
        assert not place.holds(words), words


async def test_only_what_changed_is_copied_again(place: Place) -> None:
    await place.refresh()
    for chat in (OTTO, PETRA):
        await place.forge(chat)
    await place.writes(PETRA, "and today?")
    await place.refresh()
    assert await place.texts(OTTO) == ["forged"]
    assert await place.texts(PETRA) == ["petra asks", "and today?"]


async def test_a_change_that_commits_late_is_not_passed_over(place: Place) -> None:
    await place.refresh()
    async with place.root.write() as slow:
        await slow.touch("chat", OTTO, OTTO)
        await slow.enter()
        slow.touched.clear()
        other = Store(place.team.owner, SystemClock().now)
        async with other.write() as unit:
            await unit.connection.execute(sa.text("UPDATE chat SET title = 'Petra B' WHERE id = 2"))
            await unit.touch("chat", PETRA, PETRA)
        await other.close()
        await place.refresh()
        await slow.connection.execute(sa.text("UPDATE chat SET title = 'Otto B' WHERE id = 1"))
        async with place.opened() as browsing:
            assert {one.title for one in await browsing.list_chats()} == {"Otto", "Petra B"}
    await place.refresh()
    async with place.opened() as browsing:
        assert {one.title for one in await browsing.list_chats()} == {"Otto B", "Petra B"}


async def test_who_was_away_for_too_long_copies_everything_again(place: Place) -> None:
    await place.refresh()
    await place.writes(OTTO, "more")
    await place.refresh()
    await place.forge(PETRA)
    await place.sql("DELETE FROM change")
    await place.refresh()
    assert await place.texts(PETRA) == ["petra asks"]


async def test_a_chat_that_went_out_of_sight_leaves_no_byte(place: Place) -> None:
    await place.sql("UPDATE member SET only_own = true WHERE name = 'Bram'")
    assert await place.refresh() == {OTTO, PETRA}
    await place.sql("UPDATE chat SET assignee_id = (SELECT id FROM member WHERE name = 'Eva') WHERE id = 2")
    assert await place.refresh() == {OTTO}
    assert not place.holds("petra")
    assert place.holds("otto asks")
    await place.sql("UPDATE chat SET assignee_id = NULL WHERE id = 2")
    assert await place.refresh() == {OTTO, PETRA}
    await place.sql("DELETE FROM membership WHERE member_id = (SELECT id FROM member WHERE name = 'Bram')")
    assert await place.refresh() == set()
    assert not place.holds("otto")


@pytest.mark.parametrize("runs", [True, False])
async def test_numbers_that_are_hidden_later_leave_the_copy(place: Place, runs: bool) -> None:
    await place.sql("UPDATE chat SET title = '+31 6 12345678' WHERE id = 1")
    await place.refresh()
    assert place.holds("12345678")
    async with place.team.as_("ada") as ada:
        assert await ada.fetchval("SELECT set_sees_numbers($1, false)", place.team.login("bram"))
    if runs:
        # A session from before is refused what it asks for.
        assert await place.refresh() == set()
        assert not place.path.exists()
    anew = Store(place.team.server("bram"), SystemClock().now)
    try:
        copied = await place.copy_of(anew).refresh()
    finally:
        await anew.close()
    assert copied is not None
    assert copied.chats == 2
    assert not place.holds("12345678")
    assert not place.holds("31612345")


async def test_a_login_that_is_refused_is_told_from_a_server_that_is_away(place: Place) -> None:
    server, now = place.team.server("bram"), SystemClock().now
    login = place.team.login("bram")
    for prepare, expected in (
        ("", None),
        (f"ALTER ROLE {login} NOLOGIN", LoginRefused),
        (f"ALTER ROLE {login} LOGIN PASSWORD NULL", LoginRefused),
    ):
        if prepare:
            await place.sql(prepare)
        found: type[Exception] | None = None
        store = Store(server, now)
        try:
            await store.open()
        except StoreFailed as error:
            found = type(error)
        finally:
            await store.close()
        assert found is expected, prepare
    closed = Store(replace(server, hosts=((HOST, free_port()),)), now)
    with pytest.raises(ServerAway):
        await closed.open()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (asyncpg.AdminShutdownError("x"), ServerAway),
        (asyncpg.CrashShutdownError("x"), ServerAway),
        (asyncpg.CannotConnectNowError("x"), ServerAway),
        (asyncpg.ConnectionDoesNotExistError("x"), ServerAway),
        (asyncpg.InterfaceError("x"), ServerAway),
        (TimeoutError(), ServerAway),
        (ConnectionRefusedError(), ServerAway),
        (asyncpg.InvalidPasswordError("x"), LoginRefused),
        # Who is refused by the server's list of addresses may be a member all the same.
        (asyncpg.InvalidAuthorizationSpecificationError("x"), StoreFailed),
        (asyncpg.DiskFullError("x"), StoreFailed),
        (asyncpg.QueryCanceledError("x"), StoreFailed),
        (ssl.SSLCertVerificationError("x"), StoreFailed),
    ],
)
def test_only_a_server_that_does_not_answer_is_away(error: Exception, kind: type[StoreFailed]) -> None:
    assert type(say_failure("db", error)) is kind


async def test_a_value_that_never_left_is_no_sign_of_a_server_that_is_away(place: Place) -> None:
    with pytest.raises(StoreFailed) as failed:
        async with place.bram.read() as connection:
            await connection.execute(sa.text("SELECT CAST(:n AS integer)"), {"n": "seven"})
    assert type(failed.value) is StoreFailed


async def test_who_was_removed_keeps_no_copy_though_the_session_lives(place: Place) -> None:
    await place.refresh()
    async with place.team.as_("ada") as ada:
        assert await ada.fetchval("SELECT remove_member($1)", place.team.login("bram"))
    assert await place.refresh() == set()
    assert not place.path.exists()


async def test_old_chats_stay_away_and_a_long_one_is_cut_where_it_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caching, "MOST_MESSAGES", 2)
    for text in ("two", "three"):
        await place.writes(OTTO, text)
    long_ago = SystemClock().now() - timedelta(days=40)
    await place.sql("UPDATE chat SET last_at = :at, waiting_since = NULL WHERE id = 2", at=long_ago)
    assert await place.refresh() == {OTTO}
    async with place.opened() as browsing:
        rows = await browsing.list_messages(OTTO)
        assert [(row.content.text, row.gap_before) for row in rows] == [("two", True), ("three", False)]


class Late(Store):
    """A server that another program asks first."""

    before: Caching

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Reader]:
        await self.before.refresh()
        async with super().read() as connection:
            yield connection


async def test_of_two_programs_the_one_that_began_last_goes_on(place: Place) -> None:
    late = Late(place.team.server("bram"), SystemClock().now)
    late.before = place.copy_of(place.bram)
    try:
        with pytest.raises(Superseded):
            await place.copy_of(late).refresh()
    finally:
        await late.close()
    assert (await late.before.describe()).chats == 2


async def test_an_auditor_has_a_copy_and_an_admin_has_none(place: Place) -> None:
    for name, roles in (("otto", "auditor"), ("ada", None)):
        if roles:
            await place.team.add(name, roles)
            await place.sql("INSERT INTO membership SELECT 1, max(id), false FROM member")
        store = Store(place.team.server(name), SystemClock().now)
        copied = await place.copy_of(store).refresh()
        await store.close()
        assert (copied.chats if copied is not None else None) == (2 if roles else None)
        assert place.path.exists() is bool(roles)


async def test_a_profile_of_another_login_begins_anew(place: Place) -> None:
    eva = Store(place.team.server("eva"), SystemClock().now)
    copied = await place.copy_of(eva).refresh()
    await eva.close()
    assert copied is not None
    assert (copied.chats, place.holds("quint asks")) == (3, True)
    assert await place.refresh() == {OTTO, PETRA}
    assert not place.holds("quint asks")
