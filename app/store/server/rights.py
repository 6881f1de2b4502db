"""Who may do what on a server, as one table: role, table, columns, rows. Whatever is not written here is refused.

Rows are SQL conditions; `session_user` is the person, also inside functions that run as the owner (store.md 5).
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("agent", "lead", "admin", "auditor", "bridge", "veiled")
"""`veiled` is an agent who does not see the numbers of customers (`veiling`)."""
ALL = "*"
"""Every column."""


@dataclass(frozen=True, slots=True)
class Right:
    """What a role may do with a table. Empty text: not at all."""

    rows: str = "true"
    """Which rows it sees, and changes where `changes` says nothing else."""
    select: str = ALL
    insert: str = ""
    update: str = ""
    may_delete: bool = False
    made: str = ""
    """What a row must be that it inserts; empty: as `rows`."""
    changes: str = ""
    """Which rows it may change or delete."""
    becomes: str = ""
    """What a changed row must be; empty: as `changes`."""


MINE = "account_id = ANY (ARRAY(SELECT my_accounts()))"
SENDS = "account_id = ANY (ARRAY(SELECT my_send_accounts()))"
"""Numbers on which the person may answer."""
CHAT_SEEN = "EXISTS (SELECT 1 FROM chat c WHERE c.id = chat_id)"
"""The row's chat is one that the person sees."""
ITS_REPLY = "EXISTS (SELECT 1 FROM outbox o WHERE o.uid = reply_uid)"
OWN_REPLY = "EXISTS (SELECT 1 FROM outbox o WHERE o.uid = reply_uid AND o.author = session_user AND o.state = 'queued')"
_NOT_ONLY_OWN = "NOT (SELECT sees_only_own())"
_OWN_CHATS = f"({_NOT_ONLY_OWN} OR assignee_id IS NULL OR assignee_id = (SELECT me()))"
_IN_OWN_CHATS = f"({_NOT_ONLY_OWN} OR {CHAT_SEEN})"
_MYSELF = "member_id = (SELECT me())"

AGENT: dict[str, Right] = {
    "account": Right("id = ANY (ARRAY(SELECT my_accounts()))"),
    "chat": Right(
        f"{MINE} AND {_OWN_CHATS}",
        update="state, assignee_id, waiting_since, stretch_paused_s, snoozed_until, snoozed_for_reply, paused_at, "
        "priority",
        changes=SENDS,
    ),
    "message": Right(f"{MINE} AND {_IN_OWN_CHATS}"),
    "revision": Right("EXISTS (SELECT 1 FROM message m WHERE m.id = message_id)"),
    "outbox": Right(
        f"{MINE} AND {_IN_OWN_CHATS}",
        insert="uid, account_id, chat_id, body, author, state, queued_at, not_before",
        update="state, reason, settled_at",
        made=f"author = session_user AND state = 'queued' AND {SENDS}",
        changes=SENDS,
    ),
    "reply_override": Right(
        ITS_REPLY, insert="reply_uid, rule, author, at, why", made=f"author = session_user AND {OWN_REPLY}"
    ),
    "reply_file": Right(ITS_REPLY, insert="reply_uid, sha256, name, kind, mime, size", made=OWN_REPLY),
    "reply_quote": Right(ITS_REPLY, insert="reply_uid, message_id, direction, text, sender, cut", made=OWN_REPLY),
    "entry_draft": Right(CHAT_SEEN),
    "consent": Right(
        CHAT_SEEN,
        insert="chat_id, source, note, author, at",
        update="withdrawn_by, withdrawn_at",
        made=f"author = session_user AND {CHAT_SEEN}",
        changes=CHAT_SEEN,
        becomes=f"withdrawn_by = session_user AND {CHAT_SEEN}",
    ),
    "chat_import": Right(CHAT_SEEN),
    "media_file": Right("EXISTS (SELECT 1 FROM media_link l WHERE l.file_id = media_file.id)"),
    "media_link": Right(f"{MINE} AND EXISTS (SELECT 1 FROM message m WHERE m.id = message_id)"),
    "fill_request": Right(
        CHAT_SEEN,
        insert="chat_id, since, author, asked_at, state",
        update="state, ended_at",
        made=f"author = session_user AND {CHAT_SEEN}",
        changes=CHAT_SEEN,
        becomes=f"state = 'cancelled' AND {CHAT_SEEN}",
    ),
    "change": Right(f"chat_id IS NULL OR {CHAT_SEEN}", insert="at, kind, row_id, chat_id", made="true"),
    "member": Right(),
    "membership": Right(),
    "app_meta": Right(),
    "alembic_version": Right(),
    "chat_case": Right(
        f"{MINE} AND {_IN_OWN_CHATS}",
        insert="chat_id, account_id, number, opened_at, is_ours, closed_at, reopen_count, first_inbound_at, "
        "first_answer_at, paused_s",
        update="closed_at, reopen_count, first_inbound_at, first_answer_at, paused_s",
        made=SENDS,
        changes=SENDS,
    ),
    "handling_event": Right(
        f"{MINE} AND {_IN_OWN_CHATS}",
        insert="chat_id, account_id, case_id, at, kind, actor, member_id, from_member_id, note, until, reply_uid",
        made=SENDS,
    ),
    "presence": Right(insert=ALL, update="state, since, seen_at", may_delete=True, made=_MYSELF, changes=_MYSELF),
    "chat_presence": Right(
        CHAT_SEEN,
        insert=ALL,
        update="mode, since, expires_at",
        may_delete=True,
        made=f"{_MYSELF} AND {CHAT_SEEN}",
        changes=_MYSELF,
    ),
    "draft": Right(
        _MYSELF,
        insert="chat_id, member_id, account_id, body, quote_id, last_seen_id, begun_at, changed_at",
        update="body, quote_id, last_seen_id, changed_at",
        may_delete=True,
        made=f"{_MYSELF} AND {MINE} AND {CHAT_SEEN}",
    ),
}

LEAD: dict[str, Right] = {
    "account": Right("id = ANY (ARRAY(SELECT my_accounts()))", update="name, reading, policy, rules, short, colour"),
}
"""On top of an agent's."""

AUDITOR: dict[str, Right] = {
    name: Right(right.rows, right.select) for name, right in AGENT.items() if name not in ("change", "draft")
} | {"change": Right(f"chat_id IS NULL OR {CHAT_SEEN}"), "audit_entry": Right()}
"""Reads what an agent reads, and the audit log; changes nothing."""

ADMIN: dict[str, Right] = {
    "account": Right(
        insert="serial, package, android_user, name, reading",
        update="serial, package, android_user, name, reading, policy, rules, removed, short, colour",
    ),
    "member": Right(),
    "membership": Right(insert="account_id, member_id, may_send", update="may_send", may_delete=True),
    "change": Right("chat_id IS NULL", insert="at, kind, row_id, chat_id", made="true"),
    "app_meta": Right(),
    "alembic_version": Right(),
    "audit_entry": Right(),
}
"""Looks after numbers and people, and reads no message."""

_STATE = (
    "state, detail, state_since, seen_at, verified_until, facts, health, words, lease_holder, lease_epoch, lease_until"
)
_ANY = "true"
BRIDGE: dict[str, Right] = {
    "account": Right(update=_STATE),
    "chat": Right(insert=ALL, update=ALL),
    "message": Right(insert=ALL, update=ALL),
    "revision": Right(insert=ALL),
    "outbox": Right(
        update="state, reason, not_before, claimed_by, claim_epoch, attempts, baseline, submitted_at, settled_at"
    ),
    "reply_override": Right(),
    "reply_file": Right(),
    "reply_quote": Right(update="message_id, direction, text, sender, cut"),
    "entry_draft": Right(insert=ALL, update=ALL, may_delete=True),
    "consent": Right(),
    "chat_import": Right(insert=ALL, update=ALL),
    "chat_import_row": Right(insert=ALL, update=ALL),
    "media_file": Right(insert=ALL, update=ALL),
    "media_link": Right(insert=ALL, update=ALL, may_delete=True),
    "fill_request": Right(update="state, windows, added, reached, ended_at"),
    "change": Right(insert="at, kind, row_id, chat_id", may_delete=True),
    "app_meta": Right(),
    "alembic_version": Right(),
    "chat_case": Right(insert=ALL, update=ALL),
    "handling_event": Right(
        select="id, chat_id, account_id, case_id, at, kind, actor, member_id, from_member_id, until, reply_uid",
        insert=ALL,
    ),
    "presence": Right(may_delete=True, changes="seen_at < clock_timestamp() - interval '1 hour'"),
    "chat_presence": Right(may_delete=True, changes="expires_at < clock_timestamp() - interval '1 hour'"),
    "membership": Right(),
    "account_hours": Right(),
}
"""Writes what phones showed and what became of replies; neither members nor notes."""

_NOTE_SEEN = "EXISTS (SELECT 1 FROM note n WHERE n.id = note_id)"
_OWN_NOTE = "EXISTS (SELECT 1 FROM note n WHERE n.id = note_id AND n.author = session_user)"
_NAMED_ON_OWN_NOTE = (
    "EXISTS (SELECT 1 FROM note n JOIN membership s ON s.account_id = n.account_id "
    "WHERE n.id = note_id AND n.author = session_user AND s.member_id = mention.member_id)"
)
_MY_MENTION = "member_id = (SELECT me())"
AGENT |= {
    "note": Right(
        f"{MINE} AND {CHAT_SEEN}",
        insert="uid, chat_id, account_id, author, body, at",
        update="body, edited_at, removed_at",
        made=f"author = session_user AND {MINE} AND {CHAT_SEEN}",
        changes=f"author = session_user AND {MINE} AND {CHAT_SEEN}",
    ),
    "mention": Right(
        f"{_MY_MENTION} OR {_OWN_NOTE}",
        insert="note_id, member_id",
        update="read_at",
        made=_NAMED_ON_OWN_NOTE,
        changes=_MY_MENTION,
    ),
}
AUDITOR |= {"note": Right(f"{MINE} AND {CHAT_SEEN}"), "mention": Right(_NOTE_SEEN)}
"""What a team keeps beside the chats: the bridge and the admin have no right to it at all."""

_OWN_ROW = "owner = session_user"
AGENT |= {
    "label": Right(
        insert="uid, name, name_key, colour, author, at",
        update="name, name_key, colour, removed_by, removed_at",
        made="author = session_user AND removed_at IS NULL",
        changes="removed_at IS NULL",
        becomes="removed_at IS NULL OR removed_by = session_user",
    ),
    "chat_label": Right(
        CHAT_SEEN,
        insert="chat_id, label_id, author, at",
        update="removed_by, removed_at",
        made=f"author = session_user AND {CHAT_SEEN}",
        changes=f"removed_at IS NULL AND {CHAT_SEEN}",
        becomes=f"removed_by = session_user AND {CHAT_SEEN}",
    ),
    "chat_mark": Right(
        f"{_OWN_ROW} AND {CHAT_SEEN}", insert="owner, chat_id, star, follow, at", update="star, follow, at"
    ),
    "saved_view": Right(
        f"{_OWN_ROW} OR shared AND removed_at IS NULL",
        insert="uid, owner, name, query, shared, at",
        update="name, query, shared, removed_at",
        made=_OWN_ROW,
        changes=_OWN_ROW,
    ),
}
AUDITOR |= {
    "label": Right(),
    "chat_label": Right(CHAT_SEEN),
    "chat_mark": Right(CHAT_SEEN),
    "saved_view": Right(),
}

_CANNED_SEEN = f"account_id IS NULL OR {MINE}"
_CANNED_VALUES = "name_key, shortcut, title, body, language, account_id, files, changed_by, changed_at"
AGENT |= {
    "canned": Right(_CANNED_SEEN),
    "canned_use": Right(
        CHAT_SEEN,
        insert="uid, canned_id, chat_id, variant, author, at",
        made=f"author = session_user AND {CHAT_SEEN} AND EXISTS (SELECT 1 FROM canned o WHERE o.id = canned_id)",
    ),
}
LEAD |= {
    "canned": Right(
        _CANNED_SEEN,
        insert=f"uid, {_CANNED_VALUES}",
        update=f"{_CANNED_VALUES}, removed_by, removed_at",
        made=f"changed_by = session_user AND ({_CANNED_SEEN})",
        becomes=f"changed_by = session_user AND ({_CANNED_SEEN})",
    ),
}
AUDITOR |= {"canned": Right(_CANNED_SEEN), "canned_use": Right(CHAT_SEEN)}

_CONTACT_SEEN = "id IN (SELECT my_contacts())"
AGENT |= {
    "contact": Right(
        _CONTACT_SEEN,
        update="name, name_key, fields, language, company, remark, revision, revisions, merged_into, merged_at, "
        "merged_by, merge",
        becomes=f"{_CONTACT_SEEN} AND (merged_into IS NULL "
        "OR merged_by = session_user AND merged_into <> id AND merged_into IN (SELECT my_contacts()))",
    ),
    "contact_chat": Right(
        CHAT_SEEN, update="contact_id", becomes=f"{CHAT_SEEN} AND contact_id IN (SELECT my_contacts())"
    ),
    "account_hours": Right(MINE),
}
LEAD |= {
    "account_hours": Right(
        MINE,
        insert="account_id, hours, service, changed_by, changed_at",
        update="hours, service, changed_by, changed_at",
        made=f"changed_by = session_user AND {MINE}",
        becomes=f"changed_by = session_user AND {MINE}",
    ),
}
AUDITOR |= {
    "contact": Right(_CONTACT_SEEN),
    "contact_chat": Right(CHAT_SEEN),
    "account_hours": Right(MINE),
}

_A_FILE_SEEN = (
    "EXISTS (SELECT 1 FROM media_file f WHERE f.sha256 = media_blob.sha256) "
    "OR EXISTS (SELECT 1 FROM reply_file r WHERE r.sha256 = media_blob.sha256)"
)
AGENT |= {"media_blob": Right(_A_FILE_SEEN, insert=ALL, made="true")}
AUDITOR |= {"media_blob": Right(_A_FILE_SEEN)}
BRIDGE |= {"media_blob": Right(insert=ALL)}
# What somebody puts there under a wrong name is not used: whoever takes it computes its hash.

RIGHTS: dict[str, dict[str, Right]] = {
    "agent": AGENT, "lead": LEAD, "admin": ADMIN, "auditor": AUDITOR, "bridge": BRIDGE,
}  # fmt: skip
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "me()": ("agent", "auditor", "admin"),
    "my_accounts()": ("agent", "auditor"),
    "my_send_accounts()": ("agent", "auditor"),
    "sees_only_own()": ("agent", "auditor"),
    "search_messages(text, text, integer)": ("agent", "auditor", "bridge"),
    "audit_event(text, text)": ROLES,
    "member_of(text)": ("agent", "bridge"),
    "hand_draft(bigint, bigint)": ("agent",),
    "plain(text)": ("agent", "auditor", "bridge"),
    "enter_audit(text, text, text)": (),
    "audit_hash(text, audit_entry)": (),
    "verify_audit()": ("auditor", "admin"),
    "accept_invitation(text)": ROLES,
    "invite_member(text, text, text, text, timestamptz)": ("admin",),
    "remove_member(text)": ("admin",),
    "set_only_own(text, boolean)": ("admin",),
    "renew_password(text)": ROLES,
    "my_contacts()": ("agent", "auditor"),
    "chat_number(chat)": (),
    "contact_for(bigint, text, text, text, boolean)": ("agent",),
    "set_sees_numbers(text, boolean)": ("admin",),
    "set_roles(text)": (),
    "require_admin()": (),
    "assign_chat(bigint, bigint)": ("agent", "bridge"),
    "is_veiled()": ("veiled",),
    "veil(text)": ("veiled",),
    "veil_run(text)": ("veiled",),
    "veil_jid(text)": ("veiled",),
    "veil_quote(json)": ("veiled",),
    "veil_content(json)": ("veiled",),
}
"""Who may call what. Nobody else may."""


def right_statements(tables: list[str], sequences: list[str], veiled: dict[str, Right]) -> list[str]:
    """Return the statements that make the rights of a database exactly these.

    Args:
        tables: All its tables.
        sequences: All its sequences.
        veiled: What an agent may who does not see the numbers of customers.
    """
    made = ["REVOKE ALL ON SCHEMA public FROM PUBLIC"]
    for role in ROLES:
        made.append(f"GRANT USAGE ON SCHEMA public TO phoneshelf_{role}")
        made += [f"REVOKE ALL ON {table} FROM phoneshelf_{role}" for table in tables]
        if sequences:
            made.append(f"GRANT USAGE ON SEQUENCE {', '.join(sequences)} TO phoneshelf_{role}")
    for table in tables:
        made += [f"REVOKE ALL ON {table} FROM PUBLIC", f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    for role, rights in (RIGHTS | {"veiled": veiled}).items():
        for table, right in rights.items():
            made += _grants(role, table, right) + _policies(role, table, right)
    for function, roles in FUNCTIONS.items():
        made.append(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
        able = dict.fromkeys((*roles, "veiled") if "agent" in roles else roles)
        made += [f"GRANT EXECUTE ON FUNCTION {function} TO phoneshelf_{role}" for role in able]
    return made


def _grants(role: str, table: str, right: Right) -> list[str]:
    words = (("SELECT", right.select), ("INSERT", right.insert), ("UPDATE", right.update))
    made = [
        f"GRANT {word}{'' if columns == ALL else f' ({columns})'} ON {table} TO phoneshelf_{role}"
        for word, columns in words
        if columns
    ]
    return [*made, f"GRANT DELETE ON {table} TO phoneshelf_{role}"] if right.may_delete else made


def _policies(role: str, table: str, right: Right) -> list[str]:
    changes, who = right.changes or right.rows, f"TO phoneshelf_{role}"
    made = [f"CREATE POLICY {role}_sees ON {table} FOR SELECT {who} USING ({right.rows})"]
    if right.insert:
        made.append(f"CREATE POLICY {role}_adds ON {table} FOR INSERT {who} WITH CHECK ({right.made or right.rows})")
    if right.update:
        check = right.becomes or changes
        made.append(f"CREATE POLICY {role}_changes ON {table} FOR UPDATE {who} USING ({changes}) WITH CHECK ({check})")
    if right.may_delete:
        made.append(f"CREATE POLICY {role}_removes ON {table} FOR DELETE {who} USING ({changes})")
    return made
