"""What people may do with the database from their own credentials, by hand: all of it is tried, most of it is refused.

Eva is on numbers 1 and 2 of 3, and may only read on 2; Bram is on 3. Lea leads on all, Otto audits all, Ada is admin
and on none, Box is a bridge.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import asyncpg
import pytest

from app.store.server.installing import install
from tests.fakes.postgres import Postgres, aside
from tests.fakes.team import PEOPLE, Team, server_of, team_database
from tests.store.server.attempts import (
    ALLOWED,
    BESIDE_ALLOWED,
    BESIDE_REFUSED,
    BESIDE_UNSEEN,
    FILL,
    LABEL,
    NUMBERS,
    REFUSED,
    UNSEEN,
)


@pytest.fixture(scope="module")
def team(postgres: Postgres) -> Iterator[Team]:
    """One team for all attempts: each is taken back."""
    name = f"rights_{secrets.token_hex(4)}"
    team = Team(server_of(postgres, name))

    async def fill() -> None:
        # Not from a template: who may connect is not copied.
        await postgres.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        await install(team.owner)
        for person, roles in PEOPLE.items():
            await team.add(person, roles)
        async with team.as_() as owner:
            await owner.execute(_named(team, FILL))

    aside(fill())
    yield team
    aside(team.end())
    aside(postgres.execute(f"DROP DATABASE {name} WITH (FORCE)"))


def _named(team: Team, sql: str) -> str:
    for name in PEOPLE:
        sql = sql.replace("{" + name + "}", team.login(name))
    return sql


async def _try(team: Team, who: str, sql: str) -> int:
    """Run a statement to its end, checks at the commit included, take it back, and return how many rows it gave."""
    async with team.as_(who) as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            rows = await connection.fetch(_named(team, sql))
            await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        finally:
            await transaction.rollback()
    return len(rows)


@pytest.mark.parametrize(("who", "sql", "state"), REFUSED)
async def test_it_is_refused(team: Team, who: str, sql: str, state: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await _try(team, who, sql)
    assert refused.value.sqlstate == state


@pytest.mark.parametrize(("who", "sql"), UNSEEN)
async def test_it_is_not_seen(team: Team, who: str, sql: str) -> None:
    assert await _try(team, who, sql) == 0


@pytest.mark.parametrize(("who", "sql", "rows"), ALLOWED)
async def test_it_is_allowed(team: Team, who: str, sql: str, rows: int) -> None:
    assert await _try(team, who, sql) == rows


async def test_who_sees_only_their_own_sees_neither_chat_nor_message_of_a_colleague(team: Team) -> None:
    async def narrow(flag: bool) -> None:
        async with team.as_("ada") as admin:
            assert await admin.fetchval("SELECT set_only_own($1, $2)", team.login("eva"), flag)

    await narrow(True)
    try:
        assert await _try(team, "eva", "SELECT 1 FROM chat WHERE id = 4") == 0
        assert await _try(team, "eva", "SELECT 1 FROM message WHERE chat_id = 4") == 0
        assert await _try(team, "eva", "SELECT 1 FROM search_messages('', 'word 4', 50)") == 0
        assert await _try(team, "eva", "SELECT 1 FROM message WHERE chat_id = 1") == 1
    finally:
        await narrow(False)
    assert await _try(team, "eva", "SELECT 1 FROM message WHERE chat_id = 4") == 1


async def test_who_owns_a_chat_is_in_the_audit_log_with_who_said_so(team: Team) -> None:
    async with team.as_("lea") as lea:
        await lea.execute("UPDATE chat SET assignee_id = me() WHERE id = 2")
        await lea.execute("UPDATE chat SET priority = 1 WHERE id = 2")
    async with team.as_("otto") as otto:
        query = "SELECT login, subject, details FROM audit_entry WHERE action = 'chat assigned' AND subject = 'chat 2'"
        (row,) = await otto.fetch(query)
        who = await otto.fetchval("SELECT id FROM member WHERE login = $1", team.login("lea"))
    assert tuple(row) == (team.login("lea"), "chat 2", f"member {who}")


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        ("UPDATE audit_entry SET login = 'nobody' WHERE id = 3", 3),
        ("DELETE FROM audit_entry WHERE id = 3", 4),
        ("DELETE FROM audit_entry WHERE id = (SELECT max(id) FROM audit_entry)", 0),
        ("DELETE FROM audit_entry", 0),
    ],
)
async def test_the_audit_log_shows_where_it_was_altered(team: Team, deed: str, found: int) -> None:
    async with team.as_() as owner:
        transaction = owner.transaction()
        await transaction.start()
        assert await owner.fetchval("SELECT first_wrong FROM verify_audit()") is None
        await owner.execute(deed)
        assert await owner.fetchval("SELECT first_wrong FROM verify_audit()") == found
        await transaction.rollback()


async def test_a_removed_member_sees_nothing_more_in_the_session_that_is_open(postgres: Postgres) -> None:
    async with team_database(postgres) as owner:
        team = Team(owner)
        member = await team.add("eva", "agent")
        async with team.as_() as root, team.as_("eva") as eva:
            await root.execute(NUMBERS)
            await root.execute("INSERT INTO membership VALUES (1, $1, true)", member)
            assert await eva.fetchval("SELECT count(*) FROM chat") == 1
            assert await root.fetchval("SELECT remove_member($1)", team.login("eva"))
            with pytest.raises(asyncpg.PostgresError):
                await eva.fetchval("SELECT count(*) FROM chat")
        with pytest.raises(Exception, match="refuses"):
            async with team.as_("eva"):
                pass
        await team.end()


async def test_rights_are_the_same_after_they_are_put_there_again(team: Team) -> None:
    query = "SELECT tablename, policyname, cmd, roles::text, qual, with_check FROM pg_policies ORDER BY 1, 2"
    async with team.as_() as owner:
        before = await owner.fetch(query)
        await install(team.owner)
        assert await owner.fetch(query) == before
    assert await _try(team, "eva", "SELECT 1 FROM message WHERE chat_id IN (1, 2)") == 2


async def test_a_stranger_without_a_password_learns_nothing(postgres: Postgres) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await postgres.connect(password=secrets.token_hex(8))
    assert refused.value.sqlstate == "28P01"
    async with Team(server_of(postgres, "postgres")).as_() as owner:
        version = str(owner.get_server_version().major)
    assert version not in str(refused.value)


@pytest.mark.parametrize(("who", "sql", "state"), BESIDE_REFUSED)
async def test_beside_the_chats_it_is_refused(team: Team, who: str, sql: str, state: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as refused:
        await _try(team, who, sql)
    assert refused.value.sqlstate == state


@pytest.mark.parametrize(("who", "sql"), BESIDE_UNSEEN)
async def test_beside_the_chats_it_is_not_seen(team: Team, who: str, sql: str) -> None:
    assert await _try(team, who, sql) == 0


@pytest.mark.parametrize(("who", "sql", "rows"), BESIDE_ALLOWED)
async def test_beside_the_chats_it_is_allowed(team: Team, who: str, sql: str, rows: int) -> None:
    assert await _try(team, who, sql) == rows


@pytest.mark.parametrize("table", ["note", "mention"])
async def test_the_bridge_and_the_admin_hold_no_right_to_notes_whatever_it_is(team: Team, table: str) -> None:
    async with team.as_() as owner:
        for role in ("phoneshelf_bridge", "phoneshelf_admin"):
            words = ("SELECT", "INSERT", "UPDATE", "REFERENCES")
            held = [await owner.fetchval("SELECT has_any_column_privilege($1, $2, $3)", role, table, w) for w in words]
            assert not any(held)
            assert not await owner.fetchval("SELECT has_table_privilege($1, $2, 'DELETE, TRUNCATE')", role, table)


@pytest.mark.parametrize(
    ("who", "deed", "entered"),
    [
        (
            "lea",
            "UPDATE account_hours SET service = NULL, changed_by = '{lea}' WHERE account_id = 1",
            "hours account 1 ",
        ),
        ("lea", "UPDATE canned SET body = 'y', changed_by = '{lea}' WHERE id = 1001", "canned update canned 1001 "),
        ("eva", "UPDATE label SET colour = '#000000' WHERE id = 1001", "label update label 1001 "),
        (
            "eva",
            "UPDATE label SET removed_at = now(), removed_by = '{eva}' WHERE id = 1001",
            "label removed label 1001 ",
        ),
        ("eva", "UPDATE contact SET merged_into = NULL WHERE id = 1004", "contact parted contact 1004 contact 1001"),
        ("lea", "UPDATE account SET policy = '{}' WHERE id = 1", "number update account 1 "),
        (
            "lea",
            """UPDATE account SET rules = '{"most_open": 3}' WHERE id = 1""",
            'rules account 1 {"most_open": 3}',
        ),
    ],
)
async def test_what_is_changed_beside_the_chats_is_in_the_audit_log(
    team: Team, who: str, deed: str, entered: str
) -> None:
    query = "SELECT login, concat_ws(' ', action, subject, details) FROM audit_entry ORDER BY id DESC LIMIT 1"
    async with team.as_(who) as person, team.as_() as owner:
        await person.execute(_named(team, deed))
        assert tuple(await owner.fetchrow(query)) == (team.login(who), entered)
        undo = (
            "UPDATE account SET rules = NULL; UPDATE label SET removed_at = NULL, removed_by = NULL WHERE id = 1001; "
        )
        await owner.execute(undo + "UPDATE contact SET merged_into = 1001 WHERE id = 1004")


async def test_a_label_is_in_the_audit_log_from_its_making_to_its_removal(team: Team) -> None:
    made = LABEL + "VALUES ('l-9', 'new', 'new', '#d32f2f', '{eva}', now())"
    removed = "UPDATE label SET removed_at = now(), removed_by = '{eva}' WHERE uid = 'l-9'"
    query = "SELECT action FROM audit_entry WHERE subject = 'label ' || $1 AND details = '' ORDER BY id"
    async with team.as_("eva") as eva, team.as_() as owner:
        for deed in (made, "UPDATE label SET name = 'newer' WHERE uid = 'l-9'", removed):
            await eva.execute(_named(team, deed))
        number = await owner.fetchval("SELECT id FROM label WHERE uid = 'l-9'")
        said = [row["action"] for row in await owner.fetch(query, str(number))]
        assert said == ["label insert", "label update", "label removed"]
        await owner.execute("DELETE FROM label WHERE uid = 'l-9'")
