"""The tables, once, for every engine. Migrations build them; a test compares both."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect


class UtcTime(TypeDecorator[dt.datetime]):
    """An aware UTC time; SQLite gives naive ones back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Refuse a naive time."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a naive time")
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Return an aware time."""
        return None if value is None else value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMES)
BigId = BigInteger().with_variant(Integer, "sqlite")

account = Table(
    "account",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("serial", String(255), nullable=False),
    Column("package", String(64), nullable=False),
    Column("android_user", Integer, nullable=False, server_default="0"),
    Column("name", String(120), nullable=False),
    Column("reading", String(12), nullable=False, server_default="full"),
    Column("policy", JSON),
    Column("state", String(20), nullable=False, server_default="stopped"),
    Column("detail", String(200), nullable=False, server_default=""),
    Column("state_since", UtcTime()),
    Column("seen_at", UtcTime()),
    Column("verified_until", UtcTime()),
    Column("facts", JSON),
    Column("health", JSON),
    Column("words", JSON),
    Column("lease_holder", String(64)),
    Column("lease_epoch", Integer, nullable=False, server_default="0"),
    Column("lease_until", UtcTime()),
    Column("removed", Boolean, nullable=False, server_default="0"),
    Column("rules", JSON),
    Column("short", String(20), nullable=False, server_default=""),
    Column("colour", String(7), nullable=False, server_default=""),
    UniqueConstraint("serial", "package", "android_user"),
)

_OPEN = "state IN ('new', 'open', 'waiting')"


def _partial(name: str, where: str, *columns: str) -> Index:
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


chat = Table(
    "chat",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("title", Text, nullable=False),
    Column("title_key", Text, nullable=False),
    Column("jid", String(120)),
    Column("kind", String(10), nullable=False, server_default="person"),
    Column("state", String(12), nullable=False, server_default="new"),
    Column("unread", Integer, nullable=False, server_default="0"),
    Column("preview", Text, nullable=False, server_default=""),
    Column("list_when", String(40), nullable=False, server_default=""),
    Column("list_mark", Text, nullable=False, server_default=""),
    Column("last_at", UtcTime()),
    Column("last_order", BigInteger, nullable=False, server_default="0"),
    Column("verified_until", UtcTime()),
    Column("complete", Boolean, nullable=False, server_default="0"),
    Column("has_gap", Boolean, nullable=False, server_default="0"),
    Column("opened_at", UtcTime()),
    Column("behind", Boolean, nullable=False, server_default="0"),
    Column("archived", Boolean, nullable=False, server_default="0"),
    Column("assignee_id", BigId),
    Column("waiting_since", UtcTime()),
    Column("stretch_paused_s", Integer, nullable=False, server_default="0"),
    Column("snoozed_until", UtcTime()),
    Column("snoozed_for_reply", Boolean, nullable=False, server_default="0"),
    Column("paused_at", UtcTime()),
    Column("priority", Integer, nullable=False, server_default="0"),
    UniqueConstraint("account_id", "jid"),
    Index("ix_chat_account_id_title_key", "account_id", "title_key"),
    Index("ix_chat_last_at", "last_at"),
    Index("ix_chat_account_id_state_assignee_id", "account_id", "state", "assignee_id"),
    # The pages of the inbox, each from one of these in its order; the rows outside are most of an old office's.
    _partial("ix_chat_open_last_at_id", _OPEN, "last_at", "id"),
    _partial("ix_chat_open_assignee_id_last_at_id", _OPEN, "assignee_id", "last_at", "id"),
    _partial("ix_chat_ended_state_last_at_id", "state NOT IN ('new', 'open', 'waiting')", "state", "last_at", "id"),
    _partial("ix_chat_unassigned_last_at_id", f"{_OPEN} AND assignee_id IS NULL", "last_at", "id"),
    _partial("ix_chat_waiting_since_id", "waiting_since IS NOT NULL", "waiting_since", "id"),
    Index("ix_chat_snoozed_until", "snoozed_until"),
)

message = Table(
    "message",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("direction", String(3), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("shown_day", String(10)),
    Column("shown_minute", Integer),
    Column("tick", String(10)),
    Column("sender", Text),
    Column("edited", Boolean, nullable=False, server_default="0"),
    Column("forwarded", Boolean, nullable=False, server_default="0"),
    Column("cut", Boolean, nullable=False, server_default="0"),
    Column("reactions", JSON, nullable=False),
    Column("quoted", JSON),
    Column("media", JSON),
    Column("origin", String(12), nullable=False),
    Column("time_ms", BigInteger),
    Column("gone", Boolean, nullable=False, server_default="0"),
    Column("gap_before", Boolean, nullable=False, server_default="0"),
    Column("reply_uid", String(40)),
    Column("first_seen_at", UtcTime(), nullable=False),
    Column("account_id", BigId),
    UniqueConstraint("chat_id", "position"),
    Index("ix_message_shown_day", "shown_day"),
    UniqueConstraint("reply_uid"),
)

revision = Table(
    "revision",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("message_id", BigId, ForeignKey("message.id"), nullable=False, index=True),
    Column("replaced_at", UtcTime(), nullable=False),
    Column("content", JSON, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    Column("uid", String(40), primary_key=True),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("author", String(120), nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", String(40)),
    Column("queued_at", UtcTime(), nullable=False),
    Column("not_before", UtcTime()),
    Column("claimed_by", String(64)),
    Column("claim_epoch", Integer),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("baseline", Integer, nullable=False, server_default="0"),
    Column("submitted_at", UtcTime()),
    Column("settled_at", UtcTime()),
    Index("ix_outbox_account_id_state_queued_at", "account_id", "state", "queued_at"),
    Index("ix_outbox_chat_id_state", "chat_id", "state"),
    Index("ix_outbox_account_id_submitted_at", "account_id", "submitted_at"),
)

reply_override = Table(
    "reply_override",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("reply_uid", String(40), ForeignKey("outbox.uid"), nullable=False, index=True),
    Column("rule", String(40), nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("why", Text, nullable=False),
)

reply_file = Table(
    "reply_file",
    metadata,
    Column("reply_uid", String(40), ForeignKey("outbox.uid"), primary_key=True),
    Column("sha256", String(64), nullable=False, index=True),
    Column("name", String(255), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("mime", String(120), nullable=False),
    Column("size", BigInteger, nullable=False),
)

reply_quote = Table(
    "reply_quote",
    metadata,
    Column("reply_uid", String(40), ForeignKey("outbox.uid"), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Column("direction", String(3), nullable=False),
    Column("text", Text, nullable=False),
    Column("sender", Text, nullable=False),
    Column("cut", Boolean, nullable=False),
)
"""No foreign key to the message: one that only an import showed may go with it, the reply stays."""

entry_draft = Table(
    "entry_draft",
    metadata,
    Column("chat_id", BigId, ForeignKey("chat.id"), primary_key=True),
    Column("text", Text, nullable=False),
    Column("aside", Boolean, nullable=False),
    Column("since", UtcTime(), nullable=False),
)
"""What a person left in the entry of a chat; `aside`: it was taken out for a reply and is still to be put back."""

consent = Table(
    "consent",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False, index=True),
    Column("source", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("withdrawn_by", String(120)),
    Column("withdrawn_at", UtcTime()),
)

chat_import = Table(
    "chat_import",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False, index=True),
    Column("source", String(255), nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("counts", JSON, nullable=False),
    Column("chat_before", JSON, nullable=False),
    Column("chat_after", JSON, nullable=False),
    Column("undone_by", String(120)),
    Column("undone_at", UtcTime()),
)

chat_import_row = Table(
    "chat_import_row",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("import_id", BigId, ForeignKey("chat_import.id"), nullable=False, index=True),
    Column("message_id", BigId, nullable=False, index=True),
    Column("what", String(8), nullable=False),
    Column("before", JSON),
    Column("after", JSON),
)

media_file = Table(
    "media_file",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mime", String(80), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("thumbnail", Boolean, nullable=False, server_default="0"),
    Column("stored_at", UtcTime(), nullable=False),
    UniqueConstraint("sha256"),
)

media_link = Table(
    "media_link",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("message_id", BigId, ForeignKey("message.id"), nullable=False),
    Column("place", Integer, nullable=False, server_default="0"),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("state", String(16), nullable=False),
    Column("file_id", BigId, ForeignKey("media_file.id")),
    Column("name", String(255), nullable=False, server_default=""),
    Column("phone_path", Text),
    Column("phone_size", BigInteger),
    Column("phone_changed_s", BigInteger),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("try_at", UtcTime()),
    Column("at", UtcTime(), nullable=False),
    UniqueConstraint("message_id", "place"),
    Index("ix_media_link_account_id_state", "account_id", "state"),
    Index("ix_media_link_file_id", "file_id"),
)

media_blob = Table(
    "media_blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("part", Integer, primary_key=True),
    Column("bytes", LargeBinary, nullable=False),
)
"""A file's bytes in a team's database, in parts of a mebibyte; part -1 is its small picture."""

fill_request = Table(
    "fill_request",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False, index=True),
    Column("since", String(10)),
    Column("author", String(120), nullable=False),
    Column("asked_at", UtcTime(), nullable=False),
    Column("state", String(10), nullable=False, index=True),
    Column("windows", Integer, nullable=False, server_default="0"),
    Column("added", Integer, nullable=False, server_default="0"),
    Column("reached", String(10)),
    Column("ended_at", UtcTime()),
)

change = Table(
    "change",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", UtcTime(), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("row_id", String(40), nullable=False),
    Column("chat_id", BigId),
    sqlite_autoincrement=True,
)

member = Table(
    "member",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("login", String(63), nullable=False),
    Column("name", String(120), nullable=False),
    Column("roles", String(80), nullable=False, server_default="agent"),
    Column("only_own", Boolean, nullable=False, server_default="0"),
    Column("invited_at", UtcTime()),
    Column("invited_until", UtcTime()),
    Column("joined_at", UtcTime()),
    Column("removed_at", UtcTime()),
    Column("sees_numbers", Boolean, nullable=False, server_default="1"),
    UniqueConstraint("login"),
)

membership = Table(
    "membership",
    metadata,
    Column("account_id", BigId, ForeignKey("account.id"), primary_key=True),
    Column("member_id", BigId, ForeignKey("member.id"), primary_key=True, index=True),
    Column("may_send", Boolean, nullable=False, server_default="1"),
)

audit_entry = Table(
    "audit_entry",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("at", UtcTime(), nullable=False),
    Column("login", String(63), nullable=False),
    Column("action", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("details", Text, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Written by the server alone, each entry's hash over the one before; a file on one PC has none."""

setting = Table(
    "app_meta",
    metadata,
    Column("key", String(40), primary_key=True),
    Column("value", Text, nullable=False),
)

chat_case = Table(
    "chat_case",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("opened_at", UtcTime(), nullable=False),
    Column("is_ours", Boolean, nullable=False, server_default="0"),
    Column("closed_at", UtcTime()),
    Column("reopen_count", Integer, nullable=False, server_default="0"),
    Column("first_inbound_at", UtcTime()),
    Column("first_answer_at", UtcTime()),
    Column("paused_s", Integer, nullable=False, server_default="0"),
    UniqueConstraint("chat_id", "number"),
    Index("ix_chat_case_account_id_opened_at", "account_id", "opened_at"),
)
"""Countable stretches of chats."""

handling_event = Table(
    "handling_event",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("case_id", BigId, ForeignKey("chat_case.id")),
    Column("at", UtcTime(), nullable=False),
    Column("kind", String(12), nullable=False),
    Column("actor", String(120)),
    Column("member_id", BigId),
    Column("from_member_id", BigId),
    Column("note", Text, nullable=False, server_default=""),
    Column("until", UtcTime()),
    Column("reply_uid", String(40)),
    UniqueConstraint("reply_uid"),
    Index("ix_handling_event_chat_id_at", "chat_id", "at"),
    Index("ix_handling_event_account_id_kind_at", "account_id", "kind", "at"),
)
"""What happened to chats, for good: never changed, never removed. An answer is in it once."""

presence = Table(
    "presence",
    metadata,
    Column("member_id", BigId, ForeignKey("member.id"), primary_key=True),
    Column("state", String(10), nullable=False),
    Column("since", UtcTime(), nullable=False),
    Column("seen_at", UtcTime(), nullable=False),
)

chat_presence = Table(
    "chat_presence",
    metadata,
    Column("chat_id", BigId, ForeignKey("chat.id"), primary_key=True),
    Column("member_id", BigId, ForeignKey("member.id"), primary_key=True, index=True),
    Column("mode", String(4), nullable=False),
    Column("since", UtcTime(), nullable=False),
    Column("expires_at", UtcTime(), nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("chat_id", BigId, ForeignKey("chat.id"), primary_key=True),
    Column("member_id", BigId, ForeignKey("member.id"), primary_key=True, index=True),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("quote_id", BigInteger),
    Column("last_seen_id", BigInteger),
    Column("begun_at", UtcTime(), nullable=False),
    Column("changed_at", UtcTime(), nullable=False),
    Column("handed_by", BigId, ForeignKey("member.id")),
)
"""An answer that an agent writes; what stands in the entry on the phone is an `entry_draft`."""

account_hours = Table(
    "account_hours",
    metadata,
    Column("account_id", BigId, ForeignKey("account.id"), primary_key=True),
    Column("hours", JSON),
    Column("service", JSON),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", UtcTime(), nullable=False),
)

SEARCH = (
    "CREATE VIRTUAL TABLE message_words USING fts5(text, content='message', content_rowid='id', "
    "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')",
    "CREATE TRIGGER message_words_insert AFTER INSERT ON message BEGIN "
    "INSERT INTO message_words(rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER message_words_delete AFTER DELETE ON message BEGIN "
    "INSERT INTO message_words(message_words, rowid, text) VALUES ('delete', old.id, old.text); END",
    "CREATE TRIGGER message_words_update AFTER UPDATE OF text ON message BEGIN "
    "INSERT INTO message_words(message_words, rowid, text) VALUES ('delete', old.id, old.text); "
    "INSERT INTO message_words(rowid, text) VALUES (new.id, new.text); END",
)
"""Full-text search on SQLite. Batch migrations drop triggers silently: make these again after each (store.md 9)."""
