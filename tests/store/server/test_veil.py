"""A member who does not see the numbers of customers: by no query of their own, and the program works."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator

import asyncpg
import pytest
import sqlalchemy as sa

from app.domain.errors import BadInput, NotAllowed
from app.domain.ids import ChatId, MessageId
from app.services.browsing import Browsing
from app.services.contacting import Contacting
from app.services.guarding import Facts
from app.services.handling import Handling
from app.services.noting import Noting
from app.services.replying import Replying
from app.services.teaming import Teaming
from app.services.viewing import View, Viewing
from app.store.engine import Store
from app.store.server.installing import install
from app.team.numbers import mask_number
from tests.fakes.clock import FakeClock
from tests.fakes.postgres import Postgres, aside
from tests.fakes.team import Team, server_of, team_of
from tests.store.server.attempts import (
    DENIED,
    VEILED_FILL,
    VEILED_REFUSED,
    VEILED_TABLES,
    VEILED_UNSEEN,
)

PEOPLE = {"vera": "agent", "eva": "agent", "ada": "admin", "otto": "auditor"}
NUMBER = re.compile(r"6?\D?12345678|31612345678|87654321")


def _named(team: Team, sql: str) -> str:
    for name in PEOPLE:
        sql = sql.replace("{" + name + "}", team.login(name))
    return sql


async def fill(team: Team) -> None:
    async with team.as_() as owner:
        await owner.execute(_named(team, VEILED_FILL))
    async with team.as_("ada") as ada:
        assert await ada.fetchval("SELECT set_sees_numbers($1, false)", team.login("vera"))


@pytest.fixture(scope="module")
def team(postgres: Postgres) -> Iterator[Team]:
    """One team for all attempts: each is taken back."""
    name = f"veil_{secrets.token_hex(4)}"
    team = Team(server_of(postgres, name))

    async def make() -> None:
        await postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        await install(team.owner)
        for person, roles in PEOPLE.items():
            await team.add(person, roles)
        await fill(team)

    aside(make())
    yield team
    aside(team.end())
    aside(postgres.execute(f"DROP DATABASE {name} WITH (FORCE)"))


async def _try(team: Team, who: str, sql: str) -> list[asyncpg.Record]:
    async with team.as_(who) as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            return list(await connection.fetch(_named(team, sql)))
        finally:
            await transaction.rollback()


@pytest.mark.parametrize("sql", VEILED_REFUSED)
async def test_it_is_refused(team: Team, sql: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await _try(team, "vera", sql)
    assert refused.value.sqlstate in (DENIED, "0A000")


@pytest.mark.parametrize("sql", VEILED_UNSEEN)
async def test_it_is_not_seen(team: Team, sql: str) -> None:
    assert await _try(team, "vera", sql) == []


@pytest.mark.parametrize("table", VEILED_TABLES)
async def test_every_row_is_there_and_none_holds_a_number(team: Team, table: str) -> None:
    query = f"SELECT t::text FROM {table} t"
    hidden, shown = await _try(team, "vera", query), await _try(team, "eva", query)
    assert any(NUMBER.search(row[0]) for row in shown)
    assert not [row[0] for row in hidden if NUMBER.search(row[0])]
    others = 1 if table == "chat" else 0
    assert len(hidden) == len(shown) + others


@pytest.mark.parametrize(
    "number", ["+31612345678", "+12025550123", "+4915112345678", "+35312345678", "+3197010253", "+7912345678"]
)
async def test_a_number_is_masked_as_the_program_masks_it(team: Team, number: str) -> None:
    (row,) = await _try(team, "vera", f"SELECT veil('{number}'), veil('to {number}.')")
    assert tuple(row) == (mask_number(number), f"to {mask_number(number)}.")


async def test_no_lock_tells_the_number_of_a_contact_that_is_made(team: Team) -> None:
    query = "SELECT (classid::bigint << 32 | objid::bigint) AS key FROM pg_locks WHERE locktype = 'advisory'"
    async with team.as_("vera") as vera:
        keys = []
        for chat in (1, 2):
            async with vera.transaction():
                await vera.fetchval("SELECT contact_for($1, 'u', '', '', false)", chat)
                keys.append(sorted(row["key"] for row in await vera.fetch(query)))
    assert keys[0]
    assert keys[0] == keys[1]


async def test_only_from_a_plain_agent_numbers_are_hidden(team: Team) -> None:
    (row,) = await _try(team, "ada", "SELECT set_sees_numbers('{otto}', false) OR set_sees_numbers('nobody', false)")
    assert row[0] is False


async def test_the_program_works_for_who_does_not_see_numbers(postgres: Postgres) -> None:
    async with team_of(postgres, PEOPLE) as team:
        await fill(team)
        clock = FakeClock()
        login = team.login("vera")
        vera, root = Store(team.server("vera"), clock.now), Store(team.owner, clock.now)
        await vera.open()
        browsing, chat = Browsing(vera, clock), ChatId(1)
        listed = {one.id: one for one in await browsing.list_chats()}
        assert (listed[chat].title, listed[chat].number) == ("+31 6 •• •• •• 78", "+31 6 •• •• •• 78")
        assert await browsing.find_chats("0612345678") == []
        assert next(one.content.sender for one in await browsing.list_messages(ChatId(3))) == "+31 6 •• •• •• 78"
        assert [hit.chat_title for hit in await browsing.search("secret")] == ["+31 6 •• •• •• 78"]
        handling = Handling(vera, clock, login)
        await handling.take(chat)
        assert chat in [row.chat for row in await Viewing(vera, clock, login).list_inbox(View.TEAM)]
        with pytest.raises(NotAllowed):
            await handling.take(ChatId(4))
        replying = Replying(vera, clock, login).knowing(Facts(is_anyway=True))
        await replying.queue_reply(chat, "yes")
        quoting = await replying.queue_quote(ChatId(3), "in there", MessageId(2))
        await Noting(vera, login).add(chat, "called back")
        contacting = Contacting(vera, login)
        assert (await contacting.open(chat)).numbers == ("+31 6 •• •• •• 78",)
        await contacting.set_part(chat, "company", "Otto & Sons")
        assert await contacting.open(ChatId(2))
        for text in ("0612345678", "+31612345678", "5678", "87654321"):
            assert [one for one in await contacting.find(text) if one.contact or one.numbers] == []
        async with root.read() as connection:
            (sender,) = (
                await connection.execute(
                    sa.text("SELECT sender FROM reply_quote WHERE reply_uid = :uid"), {"uid": quoting.id}
                )
            ).one()
            kept = (await connection.execute(sa.text("SELECT name, company FROM contact WHERE id = 1001"))).one()
        # The phone is told whom it really was, and what was shown masked is not written back.
        assert (sender, tuple(kept)) == ("+31 6 12345678", ("06-12345678", "Otto & Sons"))
        await vera.close()
        await root.close()


async def test_an_admin_hides_and_shows_and_it_is_in_the_audit_log(postgres: Postgres) -> None:
    async with team_of(postgres, PEOPLE) as team:
        clock = FakeClock()
        ada = Store(team.server("ada"), clock.now)
        teaming = Teaming(ada, clock, team.server("ada"), "team")
        await teaming.set_sees_numbers("Vera", flag=False)
        assert [one.sees_numbers for one in await teaming.list_members() if one.name == "Vera"] == [False]
        with pytest.raises(BadInput, match="only from an agent"):
            await teaming.set_sees_numbers("Otto", flag=False)
        await teaming.set_sees_numbers("Vera", flag=True)
        details = [one.details for one in await teaming.list_audit(50) if one.action == "member update"]
        assert details[-2:] == ["agent, numbers hidden", "agent"]
        async with team.as_("vera") as vera:
            assert await vera.fetchval("SHOW search_path") == '"$user", public'
            assert await vera.fetch("SELECT title FROM chat") == []
        await ada.close()
