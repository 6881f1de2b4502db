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

DENIED, FOREIGN, FENCED = "42501", "23503", "PS001"
NUMBERS = """
INSERT INTO account (id, serial, package, name)
  SELECT n, 'phone' || n, 'com.whatsapp.w4b', 'N' || n FROM generate_series(1, 3) n;
INSERT INTO chat (id, account_id, title, title_key, jid)
  SELECT n, n, 'Customer ' || n, 'customer ' || n, '3161234567' || n || '@s.whatsapp.net' FROM generate_series(1, 3) n;
"""
FILL = (
    NUMBERS
    + """
INSERT INTO chat (id, account_id, title, title_key, assignee_id)
  SELECT 4, 1, 'Of Lea', 'of lea', id FROM member WHERE login = '{lea}';
INSERT INTO message (id, chat_id, account_id, position, direction, kind, text, reactions, origin, first_seen_at)
  SELECT c.id, c.id, c.account_id, c.id, 'in', 'text', 'secret word ' || c.id, '[]', 'screen', now() FROM chat c;
INSERT INTO membership SELECT 1, id, true FROM member WHERE login = '{eva}';
INSERT INTO membership SELECT 2, id, false FROM member WHERE login = '{eva}';
INSERT INTO membership SELECT 3, id, true FROM member WHERE login = '{bram}';
INSERT INTO membership SELECT a, id, true FROM member, generate_series(1, 3) a WHERE login IN ('{lea}', '{otto}');
INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) VALUES
  ('of-eva', 1, 1, 'hello', '{eva}', 'queued', now()), ('of-lea', 1, 1, 'hello', '{lea}', 'queued', now()),
  ('of-bram', 3, 3, 'hello', '{bram}', 'queued', now()), ('lost', 1, 1, 'hello', '{eva}', 'unknown', now()),
  ('read', 1, 1, 'hello', '{eva}', 'read', now());
INSERT INTO consent (chat_id, source, note, author, at) VALUES (1, 'mail', 'x', '{lea}', now());
INSERT INTO entry_draft (chat_id, text, aside, since) VALUES (1, 'left', false, now());
INSERT INTO chat_case (id, chat_id, account_id, number, opened_at) SELECT id, id, account_id, 1, now() FROM chat;
SELECT setval('chat_case_id_seq', 10);
INSERT INTO handling_event (chat_id, account_id, case_id, at, kind, actor, note)
  SELECT id, account_id, id, now(), 'assign', '{lea}', 'a hand-over' FROM chat;
INSERT INTO presence SELECT id, 'available', now(), now() FROM member WHERE login IN ('{lea}', '{bram}', '{eva}');
INSERT INTO chat_presence
  SELECT 1, id, 'type', now(), now() + interval '1 hour' FROM member WHERE login IN ('{lea}', '{eva}');
INSERT INTO draft (chat_id, member_id, account_id, body, begun_at, changed_at)
  SELECT c, id, 1, 'a draft', now(), now() FROM member, unnest(ARRAY[1, 4]) c WHERE login = '{lea}';
INSERT INTO draft (chat_id, member_id, account_id, body, begun_at, changed_at)
  SELECT 1, id, 1, 'my draft', now(), now() FROM member WHERE login = '{eva}';
"""
)
MESSAGE = (
    "INSERT INTO message (chat_id, account_id, position, direction, kind, text, reactions, origin, first_seen_at) "
)
REPLY = "INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) "
EVENT = "INSERT INTO handling_event (chat_id, account_id, case_id, at, kind, actor, reply_uid) "
DRAFT = "INSERT INTO draft (chat_id, member_id, account_id, body, begun_at, changed_at) "
CONSENT = "INSERT INTO consent (chat_id, source, note, author, at) "
INVITE = "SELECT invite_member('mallory_x', 'M', 'admin', 'SCRAM-SHA-256$x', now())"
REFUSED = [
    ("eva", "DELETE FROM message", DENIED),
    ("eva", "UPDATE message SET text = 'x'", DENIED),
    ("eva", MESSAGE + "VALUES (1, 1, 99, 'in', 'text', 'x', '[]', 'screen', now())", DENIED),
    ("eva", "TRUNCATE message", DENIED),
    ("eva", "DELETE FROM outbox", DENIED),
    ("eva", "DELETE FROM chat", DENIED),
    ("eva", "UPDATE chat SET title = 'x'", DENIED),
    ("eva", "UPDATE chat SET account_id = 1 WHERE id = 3", DENIED),
    ("eva", REPLY + "VALUES ('a', 1, 1, 'x', '{bram}', 'queued', now())", DENIED),
    ("eva", REPLY + "VALUES ('a', 1, 1, 'x', '{eva}', 'sent', now())", DENIED),
    ("eva", REPLY + "VALUES ('a', 3, 3, 'x', '{eva}', 'queued', now())", DENIED),
    ("eva", REPLY + "VALUES ('a', 2, 2, 'x', '{eva}', 'queued', now())", DENIED),
    ("eva", REPLY + "VALUES ('a', 1, 3, 'x', '{eva}', 'queued', now())", FOREIGN),
    ("eva", REPLY.replace("body", "body, attempts") + "VALUES ('a', 1, 1, 'x', 9, '{eva}', 'queued', now())", DENIED),
    ("eva", "UPDATE outbox SET state = 'sent' WHERE uid = 'of-eva'", DENIED),
    ("eva", "UPDATE outbox SET state = 'queued' WHERE uid = 'read'", DENIED),
    ("eva", "UPDATE outbox SET state = 'queued' WHERE uid = 'lost'", DENIED),
    ("eva", "UPDATE outbox SET state = 'cancelled' WHERE uid = 'of-lea'", DENIED),
    ("eva", "UPDATE outbox SET body = 'x' WHERE uid = 'of-eva'", DENIED),
    ("eva", "UPDATE outbox SET author = '{bram}' WHERE uid = 'of-eva'", DENIED),
    (
        "eva",
        "INSERT INTO reply_override (reply_uid, rule, author, at, why) "
        "VALUES ('of-eva', 'unanswered', '{eva}', now(), 'x')",
        DENIED,
    ),
    (
        "eva",
        "INSERT INTO reply_file (reply_uid, sha256, name, kind, mime, size) "
        "VALUES ('of-lea', 'a', 'a', 'photo', 'a', 1)",
        DENIED,
    ),
    (
        "eva",
        "INSERT INTO reply_quote (reply_uid, message_id, direction, text, sender, cut) "
        "VALUES ('of-bram', 1, 'in', '', '', false)",
        DENIED,
    ),
    ("eva", CONSENT + "VALUES (1, 'a', 'a', '{bram}', now())", DENIED),
    ("eva", CONSENT + "VALUES (3, 'a', 'a', '{eva}', now())", DENIED),
    ("eva", "UPDATE consent SET withdrawn_by = '{bram}', withdrawn_at = now()", DENIED),
    ("eva", "UPDATE consent SET note = 'x'", DENIED),
    ("eva", "DELETE FROM entry_draft", DENIED),
    (
        "eva",
        "INSERT INTO fill_request (chat_id, author, asked_at, state) VALUES (1, '{bram}', now(), 'waiting')",
        DENIED,
    ),
    ("eva", "UPDATE account SET policy = NULL", DENIED),
    ("eva", "UPDATE account SET lease_holder = 'me', lease_until = now() + interval '1 day'", DENIED),
    ("eva", "INSERT INTO membership VALUES (3, (SELECT id FROM member WHERE login = '{eva}'), true)", DENIED),
    ("eva", "UPDATE membership SET may_send = true", DENIED),
    ("eva", "UPDATE member SET roles = 'admin' WHERE login = '{eva}'", DENIED),
    ("eva", INVITE, DENIED),
    ("eva", "SELECT remove_member('{bram}')", DENIED),
    ("eva", "SELECT set_only_own('{bram}', true)", DENIED),
    ("eva", "SELECT enter_audit('x', 'x', 'x')", DENIED),
    ("eva", "SELECT audit_event('reply sent', 'x')", DENIED),
    ("eva", "SELECT * FROM audit_entry", DENIED),
    ("eva", "SELECT * FROM audit_head", DENIED),
    ("eva", "SELECT verify_audit()", DENIED),
    ("eva", "SET ROLE phoneshelf_bridge", DENIED),
    ("eva", "SET ROLE phoneshelf_owner", DENIED),
    ("eva", "SET SESSION AUTHORIZATION '{bram}'", DENIED),
    ("eva", "CREATE TABLE mine (a int)", DENIED),
    ("eva", "CREATE TEMP TABLE message (a int)", DENIED),
    ("eva", "CREATE FUNCTION me() RETURNS bigint LANGUAGE sql AS 'SELECT 1::bigint'", DENIED),
    ("eva", "ALTER TABLE message DISABLE ROW LEVEL SECURITY", DENIED),
    ("eva", "DROP POLICY agent_sees ON message", DENIED),
    ("eva", "ALTER TABLE outbox DISABLE TRIGGER outbox_guarded", DENIED),
    ("eva", "CREATE ROLE mallory LOGIN", DENIED),
    ("eva", "ALTER ROLE {bram} PASSWORD 'x'", DENIED),
    ("eva", "ALTER ROLE {eva} VALID UNTIL 'infinity'", DENIED),
    ("eva", "SELECT pg_read_file('PG_VERSION')", DENIED),
    ("eva", "COPY message TO PROGRAM 'cat'", DENIED),
    ("eva", "COPY outbox TO '/tmp/phoneshelf-out'", DENIED),
    ("eva", "SELECT rolpassword FROM pg_authid", DENIED),
    ("eva", "SELECT lo_create(0)", DENIED),
    ("bram", REPLY + "VALUES ('a', 1, 1, 'x', '{bram}', 'queued', now())", DENIED),
    ("otto", "UPDATE outbox SET state = 'cancelled'", DENIED),
    ("otto", REPLY + "VALUES ('a', 1, 1, 'x', '{otto}', 'queued', now())", DENIED),
    ("otto", "DELETE FROM audit_entry", DENIED),
    ("otto", "UPDATE audit_entry SET login = 'x'", DENIED),
    ("lea", "DELETE FROM message", DENIED),
    ("lea", "UPDATE outbox SET body = 'x'", DENIED),
    ("lea", "SELECT * FROM audit_entry", DENIED),
    ("ada", "SELECT * FROM message", DENIED),
    ("ada", "SELECT body FROM outbox", DENIED),
    ("ada", "DELETE FROM message", DENIED),
    ("ada", "DELETE FROM audit_entry", DENIED),
    ("ada", "CREATE ROLE mallory LOGIN", DENIED),
    ("ada", "UPDATE member SET roles = 'bridge'", DENIED),
    ("ada", "SELECT search_messages('secret', '', 5)", DENIED),
    ("box", "DELETE FROM message", DENIED),
    ("box", "UPDATE message SET text = 'forged' WHERE id = 1", DENIED),
    ("box", "UPDATE outbox SET body = 'x'", DENIED),
    ("box", "UPDATE outbox SET author = 'x'", DENIED),
    ("box", REPLY + "VALUES ('a', 1, 1, 'x', '{box}', 'queued', now())", DENIED),
    ("box", "UPDATE outbox SET state = 'claimed', claimed_by = 'box', claim_epoch = 1 WHERE uid = 'of-eva'", FENCED),
    ("box", "SELECT * FROM member", DENIED),
    ("box", "SELECT * FROM audit_entry", DENIED),
    ("box", INVITE, DENIED),
    # The team's hand on chats.
    ("eva", "UPDATE chat SET jid = 'x' WHERE id = 1", DENIED),
    ("eva", "UPDATE chat SET preview = 'x' WHERE id = 1", DENIED),
    ("eva", "UPDATE chat SET state = 'done', account_id = 2 WHERE id = 1", DENIED),
    ("eva", "DELETE FROM handling_event", DENIED),
    ("eva", "UPDATE handling_event SET note = 'x'", DENIED),
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'assign', '{bram}', NULL)", DENIED),
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'inbound', NULL, NULL)", DENIED),
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'human_out', '{eva}', 'of-eva')", DENIED),
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'human_out', '{lea}', 'read')", DENIED),
    ("eva", EVENT + "VALUES (2, 2, 2, now(), 'close', '{eva}', NULL)", DENIED),
    ("eva", EVENT + "VALUES (3, 3, 3, now(), 'close', '{eva}', NULL)", DENIED),
    ("eva", EVENT + "VALUES (1, 2, 1, now(), 'close', '{eva}', NULL)", FOREIGN),
    ("eva", EVENT + "VALUES (1, 1, 4, now(), 'close', '{eva}', NULL)", FOREIGN),
    ("eva", "UPDATE chat_case SET number = 9", DENIED),
    ("eva", "DELETE FROM chat_case", DENIED),
    ("eva", "INSERT INTO chat_case (chat_id, account_id, number, opened_at) VALUES (2, 2, 2, now())", DENIED),
    ("eva", "INSERT INTO presence SELECT id, 'break', now(), now() FROM member WHERE login = '{otto}'", DENIED),
    ("eva", "INSERT INTO chat_presence SELECT 1, id, 'type', now(), now() FROM member WHERE login = '{bram}'", DENIED),
    ("eva", "INSERT INTO chat_presence SELECT 3, id, 'type', now(), now() FROM member WHERE login = '{eva}'", DENIED),
    ("eva", DRAFT + "SELECT 4, id, 1, 'x', now(), now() FROM member WHERE login = '{bram}'", DENIED),
    ("eva", DRAFT + "SELECT 3, id, 3, 'x', now(), now() FROM member WHERE login = '{eva}'", DENIED),
    ("eva", "UPDATE draft SET member_id = 1", DENIED),
    ("eva", "UPDATE draft SET handed_by = 1", DENIED),
    ("eva", "UPDATE account SET rules = '{}'", DENIED),
    ("otto", "SELECT * FROM draft", DENIED),
    ("otto", "UPDATE chat SET state = 'done'", DENIED),
    ("otto", EVENT + "VALUES (1, 1, 1, now(), 'close', '{otto}', NULL)", DENIED),
    ("ada", "SELECT * FROM draft", DENIED),
    ("ada", "SELECT * FROM handling_event", DENIED),
    ("ada", "SELECT * FROM chat", DENIED),
    ("box", "SELECT * FROM draft", DENIED),
    ("box", "SELECT note FROM handling_event", DENIED),
    ("box", "UPDATE handling_event SET kind = 'x'", DENIED),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'assign', '{bram}', NULL)", DENIED),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'human_out', '{eva}', 'of-eva')", DENIED),
    ("box", "SELECT hand_draft(1, 1)", DENIED),
]
UNSEEN = [
    ("eva", "SELECT 1 FROM message WHERE chat_id = 3"),
    ("eva", "SELECT 1 FROM chat WHERE account_id = 3"),
    ("eva", "SELECT 1 FROM account WHERE id = 3"),
    ("eva", "SELECT 1 FROM outbox WHERE account_id = 3"),
    ("eva", "SELECT 1 FROM search_messages('''3''', '', 50)"),
    ("eva", "SELECT 1 FROM search_messages('', 'word 3', 50)"),
    ("eva", "UPDATE outbox SET state = 'cancelled' WHERE uid = 'of-bram' RETURNING 1"),
    ("eva", "SELECT 1 FROM pg_stats WHERE tablename = 'message'"),
    ("bram", "SELECT 1 FROM message WHERE chat_id <> 3"),
    ("bram", "SELECT 1 FROM entry_draft"),
    ("bram", "SELECT 1 FROM consent"),
    ("eva", "UPDATE chat SET state = 'done' WHERE id = 2 RETURNING 1"),
    ("eva", "UPDATE chat SET state = 'done' WHERE id = 3 RETURNING 1"),
    ("eva", "SELECT 1 FROM chat WHERE id = 2 FOR UPDATE"),
    ("eva", "UPDATE chat_case SET closed_at = now() WHERE id IN (2, 3) RETURNING 1"),
    ("eva", "SELECT 1 FROM handling_event WHERE chat_id = 3"),
    ("eva", "SELECT 1 FROM draft WHERE chat_id = 4"),
    ("eva", "SELECT 1 FROM draft WHERE body = 'a draft'"),
    ("eva", "UPDATE draft SET body = 'x' WHERE chat_id = 4 RETURNING 1"),
    ("eva", "DELETE FROM presence WHERE member_id <> me() RETURNING 1"),
    ("eva", "UPDATE presence SET state = 'break' WHERE member_id <> me() RETURNING 1"),
    ("eva", "DELETE FROM chat_presence WHERE member_id <> me() RETURNING 1"),
    ("bram", "SELECT 1 FROM chat_presence"),
    ("bram", "SELECT 1 FROM draft"),
    ("lea", "SELECT 1 FROM draft WHERE body = 'my draft'"),
    ("eva", "SELECT 1 WHERE hand_draft(4, 1) <> 'none'"),
    ("eva", "SELECT 1 FROM member WHERE login = '{bram}' AND hand_draft(1, id) <> 'stranger'"),
    ("eva", "SELECT 1 FROM member WHERE login = '{lea}' AND hand_draft(1, id) <> 'taken'"),
]
ALLOWED = [
    ("eva", "SELECT 1 FROM message WHERE chat_id IN (1, 2)", 2),
    ("eva", "SELECT 1 FROM search_messages('''secret'' & ''wor'':*', '', 50)", 3),
    ("eva", "SELECT 1 FROM search_messages('', 'ecret', 50)", 3),
    ("eva", REPLY + "VALUES ('a', 1, 1, 'x', '{eva}', 'queued', now()) RETURNING 1", 1),
    ("eva", "UPDATE outbox SET state = 'cancelled' WHERE uid = 'of-eva' RETURNING 1", 1),
    ("eva", "UPDATE outbox SET state = 'sent' WHERE uid = 'lost' RETURNING 1", 1),
    ("lea", "UPDATE outbox SET state = 'cancelled' WHERE uid = 'of-eva' RETURNING 1", 1),
    ("lea", "UPDATE account SET policy = NULL RETURNING 1", 3),
    ("lea", CONSENT + "VALUES (1, 'a', 'a', '{lea}', now()) RETURNING 1", 1),
    ("otto", "SELECT 1 FROM message", 4),
    ("otto", "SELECT 1 FROM verify_audit() WHERE first_wrong IS NULL AND entries > 0", 1),
    ("ada", "SELECT 1 FROM member", 6),
    ("ada", "DELETE FROM membership WHERE account_id = 3 RETURNING 1", 3),
    (
        "box",
        MESSAGE.replace("chat_id", "id, chat_id", 1)
        + "VALUES (9, 1, 1, 99, 'in', 'text', 'x', '[]', 'screen', now()) RETURNING 1",
        1,
    ),
    ("eva", "UPDATE chat SET state = 'done', assignee_id = me(), priority = 1 WHERE id = 1 RETURNING 1", 1),
    ("eva", "UPDATE chat SET assignee_id = me() WHERE id = 4 RETURNING 1", 1),
    ("eva", "SELECT 1 FROM chat WHERE id = 1 FOR UPDATE", 1),
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'close', '{eva}', NULL) RETURNING 1", 1),
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'human_out', '{eva}', 'read') RETURNING 1", 1),
    ("eva", "UPDATE chat_case SET closed_at = now() WHERE id = 1 RETURNING 1", 1),
    (
        "eva",
        "INSERT INTO chat_case (chat_id, account_id, number, opened_at) VALUES (1, 1, 2, now()) RETURNING 1",
        1,
    ),
    ("eva", "UPDATE presence SET state = 'break' WHERE member_id = me() RETURNING 1", 1),
    ("eva", "DELETE FROM chat_presence WHERE member_id = me() RETURNING 1", 1),
    ("eva", "SELECT 1 FROM presence", 3),
    ("eva", "UPDATE draft SET body = 'more' WHERE member_id = me() RETURNING 1", 1),
    ("eva", "DELETE FROM draft RETURNING 1", 1),
    ("lea", "SELECT 1 FROM member WHERE login = '{eva}' AND hand_draft(4, id) = 'done'", 1),
    ("lea", "UPDATE account SET rules = '{}' RETURNING 1", 3),
    ("lea", "UPDATE chat SET assignee_id = NULL WHERE id = 4 RETURNING 1", 1),
    ("otto", "SELECT 1 FROM handling_event WHERE note = 'a hand-over'", 4),
    ("otto", "SELECT 1 FROM presence", 3),
    ("box", "UPDATE chat SET state = 'open', assignee_id = member_of('{eva}') WHERE id = 1 RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'inbound', NULL, NULL) RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'human_out', '{eva}', 'read') RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'assign', '{eva}', NULL) RETURNING 1", 1),
    ("box", "UPDATE chat_case SET reopen_count = 1 WHERE id = 1 RETURNING 1", 1),
    ("box", "UPDATE message SET tick = 'read' RETURNING 1", 4),
    ("box", "UPDATE account SET lease_holder = 'box', lease_epoch = 1, lease_until = now() RETURNING 1", 3),
]


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
