"""What is tried from people's own credentials, and what has to come of it. `{eva}` stands for Eva's login.

Eva is on numbers 1 and 2 of 3, and may only read on 2; Bram is on 3. Lea leads on all, Otto audits all, Ada is admin
and on none, Box is a bridge.
"""

from __future__ import annotations

DENIED, FOREIGN, FENCED = "42501", "23503", "PS001"
NUMBERS = """
INSERT INTO account (id, serial, package, name)
  SELECT n, 'phone' || n, 'com.whatsapp.w4b', 'N' || n FROM generate_series(1, 3) n;
INSERT INTO chat (id, account_id, title, title_key, jid)
  SELECT n, n, 'Customer ' || n, 'customer ' || n, '3161234567' || n || '@s.whatsapp.net' FROM generate_series(1, 3) n;
"""
BESIDE = """
INSERT INTO note (id, uid, chat_id, account_id, author, body, at) VALUES
  (1001, 'n-eva', 1, 1, '{eva}', 'x', now()), (1002, 'n-lea', 1, 1, '{lea}', 'x', now()),
  (1003, 'n-bram', 3, 3, '{bram}', 'x', now());
INSERT INTO mention (note_id, member_id) SELECT 1002, id FROM member WHERE login IN ('{eva}', '{lea}');
INSERT INTO label (id, uid, name, name_key, colour, author, at, removed_at, removed_by) VALUES
  (1001, 'l-1', 'urgent', 'urgent', '#d32f2f', '{lea}', now(), NULL, NULL),
  (1002, 'l-2', 'gone', 'gone', '#d32f2f', '{lea}', now(), now(), '{lea}');
INSERT INTO chat_label (id, chat_id, label_id, author, at, removed_at, removed_by) VALUES
  (1001, 1, 1001, '{lea}', now(), NULL, NULL), (1002, 3, 1001, '{lea}', now(), NULL, NULL),
  (1003, 2, 1001, '{lea}', now(), now(), '{lea}');
INSERT INTO chat_mark (owner, chat_id, star, at) VALUES ('{eva}', 1, true, now()), ('{lea}', 1, true, now());
INSERT INTO saved_view (id, uid, owner, name, query, shared, at) VALUES
  (1001, 'v-eva', '{eva}', 'a', '{}', false, now()), (1002, 'v-lea', '{lea}', 'b', '{}', true, now()),
  (1003, 'v-own', '{lea}', 'c', '{}', false, now());
INSERT INTO canned (id, uid, name_key, shortcut, title, body, language, account_id, files, changed_by, changed_at)
  VALUES (1001, 'c-1', 'a', 'a', 'a', 'x', 'any', NULL, '[]', '{lea}', now()),
  (1002, 'c-2', 'b', 'b', 'b', 'x', 'any', 1, '[]', '{lea}', now()),
  (1003, 'c-3', 'c', 'c', 'c', 'x', 'any', 3, '[]', '{lea}', now());
INSERT INTO canned_use (uid, canned_id, chat_id, variant, author, at) VALUES
  ('u-1', 1001, 1, 0, '{lea}', now()), ('u-3', 1001, 3, 0, '{lea}', now());
INSERT INTO contact (id, uid, name, name_key, fields, revisions, made_at, merged_into) VALUES
  (1001, 'k-1', 'Otto', 'otto', '{}', '{}', now(), NULL), (1003, 'k-3', 'Anna', 'anna', '{}', '{}', now(), NULL),
  (1004, 'k-4', 'Old', 'old', '{}', '{}', now(), 1001);
INSERT INTO contact_chat (chat_id, contact_id, number, at) VALUES
  (1, 1001, '+31612345671', now()), (3, 1003, '+31612345673', now());
INSERT INTO account_hours (account_id, hours, service, changed_by, changed_at)
  SELECT n, NULL, NULL, '{lea}', now() FROM generate_series(1, 2) n;
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
INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at, claimed_by, claim_epoch) VALUES
  ('in-hand', 3, 3, 'hello', '{bram}', 'submitted', now(), 'old', 1);
UPDATE account SET lease_holder = 'new', lease_epoch = 2, lease_until = now() + interval '1 hour' WHERE id = 3;
INSERT INTO media_file (id, sha256, size, mime, verdict, stored_at) VALUES (1, 'of-bram', 1, 'a', 'ok', now());
INSERT INTO media_link (message_id, account_id, state, file_id, at) VALUES (3, 3, 'linked', 1, now());
INSERT INTO media_blob VALUES ('of-bram', 0, 'x');
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
    + BESIDE
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
    ("eva", "UPDATE account SET colour = '#1f77b4'", DENIED),
    ("eva", "DELETE FROM media_blob", DENIED),
    ("eva", "UPDATE media_blob SET bytes = ''", DENIED),
    ("box", "UPDATE media_blob SET bytes = ''", DENIED),
    ("otto", "INSERT INTO media_blob VALUES ('a', 0, '')", DENIED),
    ("ada", "SELECT * FROM media_blob", DENIED),
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
    ("box", "UPDATE outbox SET state = 'failed' WHERE uid = 'in-hand'", FENCED),
    ("box", "UPDATE outbox SET state = 'unknown' WHERE uid = 'in-hand'", FENCED),
    ("box", "UPDATE outbox SET state = 'queued', claimed_by = 'old', claim_epoch = 1 WHERE uid = 'in-hand'", FENCED),
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
    ("eva", EVENT + "VALUES (1, 1, 1, now(), 'owner_away', NULL, NULL)", DENIED),
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
    ("otto", "UPDATE account SET rules = '{}'", DENIED),
    ("box", "UPDATE account SET rules = '{}'", DENIED),
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
    ("eva", "SELECT assign_chat(2, me())", DENIED),
    ("eva", "SELECT assign_chat(3, me())", DENIED),
    ("eva", "SELECT assign_chat(1, id) FROM member WHERE login = '{bram}'", DENIED),
    ("otto", "SELECT assign_chat(1, me())", DENIED),
    ("ada", "SELECT assign_chat(1, NULL)", DENIED),
    ("eva", "SELECT set_sees_numbers('{bram}', false)", DENIED),
    ("eva", "SELECT set_roles('{eva}')", DENIED),
    ("ada", "SELECT set_roles('{ada}')", DENIED),
    ("ada", "SELECT require_admin()", DENIED),
    ("lea", "SELECT remove_member('{bram}')", DENIED),
    ("otto", "SELECT set_sees_numbers('{bram}', false)", DENIED),
    ("eva", "SELECT veil('x')", DENIED),
    ("eva", "SELECT * FROM veiled.chat", DENIED),
]
UNSEEN = [
    ("eva", "SELECT 1 FROM media_blob"),
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
    ("box", "DELETE FROM presence RETURNING 1"),
    ("box", "DELETE FROM chat_presence RETURNING 1"),
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
    ("lea", "UPDATE account SET short = '06-11', colour = '#1f77b4' RETURNING 1", 3),
    ("bram", "SELECT 1 FROM media_blob", 1),
    ("eva", "WITH put AS (INSERT INTO media_blob VALUES ('new', 0, 'x') ON CONFLICT DO NOTHING) SELECT 1", 1),
    ("eva", "WITH put AS (INSERT INTO media_blob VALUES ('of-bram', 0, 'y') ON CONFLICT DO NOTHING) SELECT 1", 1),
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
    ("ada", "UPDATE account SET rules = '{}' RETURNING 1", 3),
    ("eva", "SELECT assign_chat(1, id) FROM member WHERE login = '{lea}'", 1),
    ("eva", "SELECT assign_chat(4, NULL)", 1),
    ("box", "SELECT assign_chat(3, member_of('{eva}'))", 1),
    (
        "box",
        "UPDATE outbox SET state = 'unknown', claimed_by = 'new', claim_epoch = 2 WHERE uid = 'in-hand' RETURNING 1",
        1,
    ),
    ("box", "UPDATE outbox SET state = 'sent' WHERE uid = 'in-hand' RETURNING 1", 1),
    ("lea", "UPDATE chat SET assignee_id = NULL WHERE id = 4 RETURNING 1", 1),
    ("otto", "SELECT 1 FROM handling_event WHERE note = 'a hand-over'", 4),
    ("otto", "SELECT 1 FROM presence", 3),
    ("box", "UPDATE chat SET state = 'open', assignee_id = member_of('{eva}') WHERE id = 1 RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'inbound', NULL, NULL) RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'owner_away', NULL, NULL) RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'human_out', '{eva}', 'read') RETURNING 1", 1),
    ("box", EVENT + "VALUES (1, 1, 1, now(), 'assign', '{eva}', NULL) RETURNING 1", 1),
    ("box", "UPDATE chat_case SET reopen_count = 1 WHERE id = 1 RETURNING 1", 1),
    ("box", "UPDATE message SET tick = 'read' RETURNING 1", 4),
    ("box", "UPDATE account SET lease_holder = 'box', lease_epoch = 1, lease_until = now() RETURNING 1", 3),
]

# -- what a team keeps beside the chats ---------------------------------------------------------------

NOTE = "INSERT INTO note (uid, chat_id, account_id, author, body, at) "
MENTION = "INSERT INTO mention (note_id, member_id) SELECT {0}, id FROM member WHERE login = "
LABEL = "INSERT INTO label (uid, name, name_key, colour, author, at) "
ON_CHAT = "INSERT INTO chat_label (chat_id, label_id, author, at) "
MARK = "INSERT INTO chat_mark (owner, chat_id, star, at) "
VIEW = "INSERT INTO saved_view (uid, owner, name, query, at) "
CANNED = (
    "INSERT INTO canned (uid, name_key, shortcut, title, body, language, account_id, files, changed_by, changed_at) "
)
USE = "INSERT INTO canned_use (uid, canned_id, chat_id, variant, author, at) "
CONTACT = "INSERT INTO contact (uid, name, name_key, fields, revisions, made_at) "
HOURS = "INSERT INTO account_hours (account_id, changed_by, changed_at) "
BESIDE_REFUSED = [
    ("eva", CANNED + "VALUES ('a', 'd', 'd', 'd', 'x', 'any', NULL, '[]', '{eva}', now())", DENIED),
    ("eva", "UPDATE canned SET body = 'x'", DENIED),
    ("eva", "UPDATE canned SET uses = 99", DENIED),
    ("eva", "DELETE FROM canned", DENIED),
    ("lea", CANNED + "VALUES ('a', 'd', 'd', 'd', 'x', 'any', NULL, '[]', '{eva}', now())", DENIED),
    ("lea", "UPDATE canned SET uses = 99", DENIED),
    ("lea", "DELETE FROM canned", DENIED),
    ("eva", USE + "VALUES ('a', 1001, 1, 0, '{lea}', now())", DENIED),
    ("eva", USE + "VALUES ('a', 1001, 3, 0, '{eva}', now())", DENIED),
    ("eva", USE + "VALUES ('a', 1003, 1, 0, '{eva}', now())", DENIED),
    ("eva", CONTACT + "VALUES ('a', 'a', 'a', '{}', '{}', now())", DENIED),
    ("eva", "UPDATE contact SET uid = 'a'", DENIED),
    ("eva", "UPDATE contact SET merged_into = 1003, merged_by = '{eva}' WHERE id = 1001", DENIED),
    ("eva", "UPDATE contact SET merged_into = 1003 WHERE id = 1001", DENIED),
    ("eva", "UPDATE contact SET merged_into = 1004 WHERE id = 1001", DENIED),
    ("eva", "UPDATE contact SET merged_into = 1001, merged_by = '{eva}' WHERE id = 1001", DENIED),
    ("eva", "UPDATE contact_chat SET contact_id = 1003 WHERE chat_id = 1", DENIED),
    ("eva", "UPDATE contact_chat SET number = '+31612345673'", DENIED),
    ("eva", "INSERT INTO contact_chat (chat_id, contact_id, number, at) VALUES (2, 1001, '+1', now())", DENIED),
    ("eva", "DELETE FROM contact", DENIED),
    ("eva", "SELECT chat_number(c) FROM chat c", DENIED),
    ("eva", "UPDATE account_hours SET service = NULL", DENIED),
    ("eva", HOURS + "VALUES (1, '{eva}', now())", DENIED),
    ("lea", HOURS + "VALUES (3, '{eva}', now())", DENIED),
    ("otto", "SELECT contact_for(2, 'a', 'a', 'a', false)", DENIED),
    ("otto", "UPDATE contact SET name = 'x'", DENIED),
    ("otto", "UPDATE canned SET body = 'x'", DENIED),
    ("otto", USE + "VALUES ('a', 1001, 1, 0, '{otto}', now())", DENIED),
    ("otto", "UPDATE account_hours SET service = NULL", DENIED),
    ("box", "SELECT contact_for(2, 'a', 'a', 'a', false)", DENIED),
    ("ada", "SELECT contact_for(2, 'a', 'a', 'a', false)", DENIED),
    *(
        (who, f"SELECT 1 FROM {table}", DENIED)
        for who in ("ada", "box")
        for table in ("canned", "canned_use", "contact", "contact_chat")
    ),
    ("ada", "SELECT 1 FROM account_hours", DENIED),
    ("box", "UPDATE account_hours SET service = NULL", DENIED),
    ("eva", LABEL + "VALUES ('a', 'a', 'a', '#000000', '{lea}', now())", DENIED),
    ("eva", "UPDATE label SET removed_at = now(), removed_by = '{lea}' WHERE id = 1001", DENIED),
    ("eva", "UPDATE label SET author = '{eva}'", DENIED),
    ("eva", "DELETE FROM label", DENIED),
    ("eva", ON_CHAT + "VALUES (2, 1001, '{lea}', now())", DENIED),
    ("eva", ON_CHAT + "VALUES (3, 1001, '{eva}', now())", DENIED),
    ("eva", "UPDATE chat_label SET removed_at = now(), removed_by = '{lea}' WHERE id = 1001", DENIED),
    ("eva", "UPDATE chat_label SET chat_id = 2", DENIED),
    ("eva", "DELETE FROM chat_label", DENIED),
    ("eva", MARK + "VALUES ('{lea}', 2, true, now())", DENIED),
    ("eva", MARK + "VALUES ('{eva}', 3, true, now())", DENIED),
    ("eva", VIEW + "VALUES ('a', '{lea}', 'a', '{}', now())", DENIED),
    ("eva", "UPDATE saved_view SET owner = '{lea}'", DENIED),
    ("otto", LABEL + "VALUES ('a', 'a', 'a', '#000000', '{otto}', now())", DENIED),
    ("otto", ON_CHAT + "VALUES (2, 1001, '{otto}', now())", DENIED),
    ("otto", MARK + "VALUES ('{otto}', 1, true, now())", DENIED),
    ("otto", VIEW + "VALUES ('a', '{otto}', 'a', '{}', now())", DENIED),
    *(
        (who, f"SELECT 1 FROM {table}", DENIED)
        for who in ("ada", "box")
        for table in ("label", "chat_label", "chat_mark", "saved_view")
    ),
    ("eva", NOTE + "VALUES ('a', 1, 1, '{lea}', 'x', now())", DENIED),
    ("eva", NOTE + "VALUES ('a', 3, 3, '{eva}', 'x', now())", DENIED),
    ("eva", NOTE + "VALUES ('a', 1, 3, '{eva}', 'x', now())", DENIED),
    ("eva", NOTE + "VALUES ('a', 1, 2, '{eva}', 'x', now())", FOREIGN),
    ("eva", "UPDATE note SET author = '{lea}'", DENIED),
    ("eva", "UPDATE note SET chat_id = 2", DENIED),
    ("eva", "DELETE FROM note", DENIED),
    ("eva", MENTION.format(1002) + "'{lea}'", DENIED),
    ("eva", MENTION.format(1001) + "'{bram}'", DENIED),
    ("eva", "DELETE FROM mention", DENIED),
    ("otto", NOTE + "VALUES ('a', 1, 1, '{otto}', 'x', now())", DENIED),
    ("otto", "UPDATE note SET body = 'x'", DENIED),
    ("otto", "UPDATE mention SET read_at = now()", DENIED),
    *((who, f"SELECT 1 FROM {table}", DENIED) for who in ("ada", "box") for table in ("note", "mention")),
    ("box", NOTE + "VALUES ('a', 1, 1, '{box}', 'x', now())", DENIED),
    ("box", "UPDATE note SET body = 'x'", DENIED),
    ("box", "DELETE FROM mention", DENIED),
]
BESIDE_UNSEEN = [
    ("eva", "SELECT 1 FROM canned WHERE account_id = 3"),
    ("eva", "SELECT 1 FROM canned_use WHERE chat_id = 3"),
    ("eva", "SELECT 1 FROM contact WHERE id = 1003"),
    ("eva", "SELECT 1 FROM contact_chat WHERE chat_id = 3"),
    ("eva", "UPDATE contact SET name = 'x' WHERE id = 1003 RETURNING 1"),
    ("eva", "SELECT 1 WHERE contact_for(3, 'a', 'a', 'a', false) IS NOT NULL"),
    ("eva", "SELECT 1 WHERE contact_for(4, 'a', 'a', 'a', false) IS NOT NULL"),
    ("bram", "SELECT 1 FROM contact WHERE id <> 1003"),
    ("bram", "SELECT 1 FROM account_hours"),
    ("eva", "UPDATE label SET name = 'x' WHERE id = 1002 RETURNING 1"),
    ("eva", "SELECT 1 FROM chat_label WHERE chat_id = 3"),
    ("eva", "UPDATE chat_label SET removed_at = now(), removed_by = '{eva}' WHERE id = 1003 RETURNING 1"),
    ("eva", "SELECT 1 FROM chat_mark WHERE owner = '{lea}'"),
    ("eva", "UPDATE chat_mark SET star = false WHERE owner = '{lea}' RETURNING 1"),
    ("eva", "SELECT 1 FROM saved_view WHERE uid = 'v-own'"),
    ("eva", "UPDATE saved_view SET name = 'x' WHERE uid = 'v-lea' RETURNING 1"),
    ("eva", "SELECT 1 FROM note WHERE chat_id = 3"),
    ("eva", "UPDATE note SET body = 'x' WHERE id = 1002 RETURNING 1"),
    ("lea", "UPDATE note SET body = 'x' WHERE id = 1001 RETURNING 1"),
    ("eva", "SELECT 1 FROM mention m JOIN member p ON p.id = m.member_id WHERE p.login = '{lea}'"),
    ("lea", "UPDATE mention SET read_at = now() WHERE member_id <> me() RETURNING 1"),
    ("bram", "SELECT 1 FROM mention"),
]
BESIDE_ALLOWED = [
    ("eva", "SELECT 1 FROM canned", 2),
    ("eva", USE + "VALUES ('a', 1001, 1, 0, '{eva}', now()) RETURNING 1", 1),
    ("lea", CANNED + "VALUES ('a', 'd', 'd', 'd', 'x', 'any', 2, '[]', '{lea}', now()) RETURNING 1", 1),
    ("lea", "UPDATE canned SET body = 'x', changed_by = '{lea}' RETURNING 1", 3),
    ("eva", "SELECT 1 FROM contact", 2),
    ("eva", "UPDATE contact SET name = 'x' WHERE id = 1001 RETURNING 1", 1),
    ("eva", "UPDATE contact SET merged_into = NULL WHERE id = 1004 RETURNING 1", 1),
    ("eva", "SELECT 1 WHERE contact_for(2, 'a', 'a', 'a', false) > 0", 1),
    ("eva", "SELECT 1 WHERE contact_for(1, 'a', 'a', 'a', false) = 1001", 1),
    ("eva", "SELECT 1 WHERE contact_for(1, 'a', 'a', 'a', true) <> 1001", 1),
    ("eva", "SELECT 1 FROM account_hours", 2),
    ("lea", "UPDATE account_hours SET service = NULL, changed_by = '{lea}' RETURNING 1", 2),
    ("lea", HOURS + "VALUES (3, '{lea}', now()) RETURNING 1", 1),
    ("otto", "SELECT 1 FROM canned", 3),
    ("otto", "SELECT 1 FROM contact", 3),
    ("otto", "SELECT 1 FROM account_hours", 2),
    ("box", "SELECT 1 FROM account_hours", 2),
    ("eva", LABEL + "VALUES ('a', 'Gone', 'gone', '#000000', '{eva}', now()) RETURNING 1", 1),
    ("eva", "UPDATE label SET name = 'x' WHERE id = 1001 RETURNING 1", 1),
    ("eva", "UPDATE label SET removed_at = now(), removed_by = '{eva}' WHERE id = 1001 RETURNING 1", 1),
    ("eva", ON_CHAT + "VALUES (2, 1001, '{eva}', now()) RETURNING 1", 1),
    ("eva", "UPDATE chat_label SET removed_at = now(), removed_by = '{eva}' WHERE id = 1001 RETURNING 1", 1),
    ("eva", MARK + "VALUES ('{eva}', 2, true, now()) RETURNING 1", 1),
    ("eva", "UPDATE chat_mark SET star = false RETURNING 1", 1),
    ("eva", "SELECT 1 FROM saved_view", 2),
    ("eva", VIEW + "VALUES ('a', '{eva}', 'a', '{}', now()) RETURNING 1", 1),
    ("eva", "UPDATE saved_view SET removed_at = now() WHERE uid = 'v-eva' RETURNING 1", 1),
    ("otto", "SELECT 1 FROM label", 2),
    ("otto", "SELECT 1 FROM chat_label", 3),
    ("otto", "SELECT 1 FROM chat_mark", 2),
    ("otto", "SELECT 1 FROM saved_view", 3),
    ("eva", NOTE + "VALUES ('a', 1, 1, '{eva}', 'x', now()) RETURNING 1", 1),
    ("eva", NOTE + "VALUES ('a', 2, 2, '{eva}', 'x', now()) RETURNING 1", 1),
    ("eva", "SELECT 1 FROM note", 2),
    ("eva", "UPDATE note SET body = 'y', edited_at = now() WHERE id = 1001 RETURNING 1", 1),
    ("eva", "UPDATE note SET removed_at = now() WHERE id = 1001 RETURNING 1", 1),
    ("eva", MENTION.format(1001) + "'{lea}' RETURNING 1", 1),
    ("eva", "UPDATE mention SET read_at = now() RETURNING 1", 1),
    ("lea", "SELECT 1 FROM mention", 2),
    ("otto", "SELECT 1 FROM note", 3),
    ("otto", "SELECT 1 FROM mention", 2),
]

# -- a member who does not see the numbers of customers ------------------------------------------------

VEILED_FILL = """
INSERT INTO account (id, serial, package, name)
  SELECT n, 'p' || n, 'com.whatsapp.w4b', 'N' || n FROM generate_series(1, 2) n;
INSERT INTO membership SELECT 1, id, true FROM member WHERE login IN ('{vera}', '{eva}');
INSERT INTO membership SELECT 2, id, false FROM member WHERE login = '{vera}';
INSERT INTO chat (id, account_id, title, title_key, jid, kind, preview, list_mark) VALUES
  (1, 1, '+31 6 12345678', '+31 6 12345678', '31612345678@s.whatsapp.net', 'person', 'hello', '+31 6 12345678|hello'),
  (2, 1, 'Anna', 'anna', '31687654321@s.whatsapp.net', 'person', '', ''),
  (3, 1, 'Club', 'club', '31612345678-1400000000@g.us', 'group', '+31 6 12345678: hi', ''),
  (4, 2, 'Read', 'read', '31611111111@s.whatsapp.net', 'person', '', '');
INSERT INTO message (id, chat_id, account_id, position, direction, kind, text, sender, quoted, reactions, origin,
  first_seen_at) VALUES
  (1, 1, 1, 1, 'in', 'text', 'my secret', NULL, NULL, '[]', 'screen', now()),
  (2, 3, 1, 2, 'in', 'text', 'in the club', '+31 6 12345678', '{"author": "+31 6 12345678", "text": "x"}', '[]',
   'screen', now()),
  (3, 3, 1, 3, 'in', 'system', '+31 6 12345678 joined', NULL, NULL, '[]', 'screen', now());
INSERT INTO revision (message_id, replaced_at, content) VALUES
  (2, now(), '{"kind": "text", "text": "in", "sender": "+31 6 12345678", "quoted": {"author": "+31 6 12345678"}}');
INSERT INTO outbox (uid, account_id, chat_id, body, author, state, queued_at) VALUES
  ('r1', 1, 3, 'hello', '{eva}', 'cancelled', now());
INSERT INTO reply_quote (reply_uid, message_id, direction, text, sender, cut)
  VALUES ('r1', 2, 'in', 'in the club', '+31 6 12345678', false);
INSERT INTO contact (id, uid, name, name_key, fields, revisions, made_at)
  VALUES (1001, 'k1', '06-12345678', '0612345678', '{}', '{}', now());
INSERT INTO contact_chat (chat_id, contact_id, number, at) VALUES (1, 1001, '+31612345678', now());
INSERT INTO chat_import (chat_id, source, author, at, counts, chat_before, chat_after) VALUES
  (1, 'WhatsApp Chat with +31 6 12345678.zip', '{eva}', now(), '{}', '{"title": "+31 6 12345678"}', '{}');
"""
VEILED_REFUSED = [
    *(
        f"SELECT {column} FROM public.{table}"
        for table, columns in {
            "chat": ("jid", "title", "title_key", "preview", "list_mark", "*", "c FROM public.chat c --"),
            "message": ("sender", "text", "quoted", "search_text", "search_words", "*"),
            "revision": ("content",),
            "reply_quote": ("sender",),
            "contact": ("name", "name_key", "*"),
            "contact_chat": ("number", "*"),
            "chat_import": ("source", "chat_before", "chat_after"),
        }.items()
        for column in columns
    ),
    "SELECT id FROM public.chat WHERE jid = '31612345678@s.whatsapp.net'",
    "SELECT id FROM public.chat ORDER BY title",
    "SELECT contact_id FROM public.contact_chat WHERE number = '+31612345678'",
    "UPDATE public.chat SET state = 'open' WHERE id = 1 RETURNING title",
    "UPDATE public.chat SET state = 'open' WHERE title LIKE '+31%'",
    "UPDATE chat SET title = 'x'",
    "UPDATE chat SET jid = 'x'",
    "UPDATE chat SET state = 'done' WHERE id = 4",
    "DELETE FROM chat",
    "INSERT INTO chat (id) VALUES (9)",
    "UPDATE message SET text = 'x'",
    "DELETE FROM message",
    "COPY public.chat (title) TO STDOUT",
    "SELECT chat_number(c) FROM public.chat c",
    "SELECT set_roles('{vera}')",
    "SELECT set_sees_numbers('{vera}', true)",
    "SET ROLE phoneshelf_agent",
    "CREATE VIEW veiled.mine AS SELECT 1",
    "CREATE FUNCTION veiled.my_accounts() RETURNS SETOF bigint LANGUAGE sql AS 'SELECT 1::bigint'",
    "ALTER VIEW veiled.chat RESET (security_barrier)",
]
"""Each from the credentials of a member who is on number 1, and may read on 2."""
VEILED_UNSEEN = [
    "SELECT 1 FROM chat WHERE jid = '31612345678@s.whatsapp.net'",
    "SELECT 1 FROM chat WHERE title LIKE '%12345%'",
    "SELECT 1 FROM contact_chat WHERE number = '+31612345678' OR number LIKE '%5678'",
    "SELECT 1 FROM search_messages('''31'' <-> ''6'' <-> ''12345678'':*', '', 50)",
    "SELECT 1 FROM search_messages('', '12345678', 50)",
    "SELECT 1 FROM pg_stats WHERE tablename IN ('chat', 'message', 'contact', 'contact_chat')",
    "SELECT 1 FROM public.message WHERE id = 2 AND chat_id <> 3",
    "UPDATE chat SET state = 'done' WHERE id = 99 RETURNING 1",
]
VEILED_TABLES = ("chat", "message", "revision", "reply_quote", "contact", "contact_chat", "chat_import")
