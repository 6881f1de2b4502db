"""The tables of what a team keeps beside the phones' chats. None of them is ever read by what sends."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from app.store.schema import BigId, UtcTime, metadata

_LIVING = text("removed_at IS NULL")

note = Table(
    "note",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False, index=True),
    Column("account_id", BigId, ForeignKey("account.id"), nullable=False),
    Column("author", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("edited_at", UtcTime()),
    Column("removed_at", UtcTime()),
)

mention = Table(
    "mention",
    metadata,
    Column("note_id", BigId, ForeignKey("note.id"), primary_key=True),
    Column("member_id", BigId, ForeignKey("member.id"), primary_key=True, index=True),
    Column("read_at", UtcTime()),
)

label = Table(
    "label",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("name", String(60), nullable=False),
    Column("name_key", Text, nullable=False),
    Column("colour", String(7), nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("removed_by", String(120)),
    Column("removed_at", UtcTime()),
    Index("ix_label_name_key", "name_key", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
)

chat_label = Table(
    "chat_label",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False),
    Column("label_id", BigId, ForeignKey("label.id"), nullable=False, index=True),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Column("removed_by", String(120)),
    Column("removed_at", UtcTime()),
    Index(
        "ix_chat_label_chat_id_label_id", "chat_id", "label_id",
        unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING,
    ),
)  # fmt: skip
"""A row for each time that a label was put on a chat; taken off, it stays as its history."""

chat_mark = Table(
    "chat_mark",
    metadata,
    Column("owner", String(120), primary_key=True),
    Column("chat_id", BigId, ForeignKey("chat.id"), primary_key=True, index=True),
    Column("star", Boolean, nullable=False, server_default="0"),
    Column("follow", Boolean, nullable=False, server_default="0"),
    Column("at", UtcTime(), nullable=False),
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("owner", String(120), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("query", JSON, nullable=False),
    Column("shared", Boolean, nullable=False, server_default="0"),
    Column("at", UtcTime(), nullable=False),
    Column("removed_at", UtcTime()),
)

canned = Table(
    "canned",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("name_key", Text, nullable=False),
    Column("shortcut", String(40), nullable=False),
    Column("title", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("language", String(3), nullable=False),
    Column("account_id", BigId, ForeignKey("account.id"), index=True),
    Column("files", JSON, nullable=False),
    Column("changed_by", String(120), nullable=False),
    Column("changed_at", UtcTime(), nullable=False),
    Column("uses", Integer, nullable=False, server_default="0"),
    Column("last_used_at", UtcTime()),
    Column("removed_by", String(120)),
    Column("removed_at", UtcTime()),
    Index("ix_canned_name_key", "name_key", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
)
"""`name_key`: number, language and folded shortcut, which only one living reply has together."""

canned_use = Table(
    "canned_use",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("canned_id", BigId, ForeignKey("canned.id"), nullable=False),
    Column("chat_id", BigId, ForeignKey("chat.id"), nullable=False),
    Column("variant", Integer, nullable=False),
    Column("author", String(120), nullable=False),
    Column("at", UtcTime(), nullable=False),
    Index("ix_canned_use_chat_id_canned_id", "chat_id", "canned_id"),
)

contact = Table(
    "contact",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("uid", String(40), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("language", String(8), nullable=False, server_default=""),
    Column("company", Text, nullable=False, server_default=""),
    Column("remark", Text, nullable=False, server_default=""),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("revisions", JSON, nullable=False),
    Column("made_at", UtcTime(), nullable=False),
    Column("merged_into", BigId, ForeignKey("contact.id"), index=True),
    Column("merged_at", UtcTime()),
    Column("merged_by", String(120)),
    Column("merge", JSON),
)
"""`revisions`: the revision at which each part was last changed."""

contact_chat = Table(
    "contact_chat",
    metadata,
    Column("chat_id", BigId, ForeignKey("chat.id"), primary_key=True),
    Column("contact_id", BigId, ForeignKey("contact.id"), nullable=False, index=True),
    Column("number", String(20), nullable=False, index=True),
    Column("at", UtcTime(), nullable=False),
)
