"""The mirror, the outbox, the feed of changes and full-text search.

The tables are written out, not taken from the schema: a step never changes once it has run somewhere.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text  # noqa: F401

from app.store.schema import SEARCH, BigId, UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "account",
        sa.Column("id", BigId, nullable=False),
        sa.Column("serial", sa.String(length=255), nullable=False),
        sa.Column("package", sa.String(length=64), nullable=False),
        sa.Column("android_user", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("reading", sa.String(length=12), server_default="full", nullable=False),
        sa.Column("state", sa.String(length=20), server_default="stopped", nullable=False),
        sa.Column("detail", sa.String(length=200), server_default="", nullable=False),
        sa.Column("state_since", UtcTime(), nullable=True),
        sa.Column("seen_at", UtcTime(), nullable=True),
        sa.Column("verified_until", UtcTime(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=True),
        sa.Column("health", sa.JSON(), nullable=True),
        sa.Column("lease_holder", sa.String(length=64), nullable=True),
        sa.Column("lease_epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_until", UtcTime(), nullable=True),
        sa.Column("removed", sa.Boolean(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("serial", "package", "android_user", name=op.f("uq_account_serial_package_android_user")),
    )
    op.create_table(
        "app_meta",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_app_meta")),
    )
    op.create_table(
        "change",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("chat_id", BigId, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "chat",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("jid", sa.String(length=120), nullable=True),
        sa.Column("kind", sa.String(length=10), server_default="person", nullable=False),
        sa.Column("state", sa.String(length=12), server_default="new", nullable=False),
        sa.Column("unread", sa.Integer(), server_default="0", nullable=False),
        sa.Column("preview", sa.Text(), server_default="", nullable=False),
        sa.Column("list_when", sa.String(length=40), server_default="", nullable=False),
        sa.Column("list_mark", sa.Text(), server_default="", nullable=False),
        sa.Column("last_at", UtcTime(), nullable=True),
        sa.Column("last_order", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("verified_until", UtcTime(), nullable=True),
        sa.Column("complete", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("has_gap", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_chat_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat")),
        sa.UniqueConstraint("account_id", "jid", name=op.f("uq_chat_account_id_jid")),
    )
    op.create_index("ix_chat_account_id_title_key", "chat", ["account_id", "title_key"], unique=False)
    op.create_index("ix_chat_last_at", "chat", ["last_at"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("shown_day", sa.String(length=10), nullable=True),
        sa.Column("shown_minute", sa.Integer(), nullable=True),
        sa.Column("tick", sa.String(length=10), nullable=True),
        sa.Column("sender", sa.Text(), nullable=True),
        sa.Column("edited", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("forwarded", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("cut", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("reactions", sa.JSON(), nullable=False),
        sa.Column("quoted", sa.JSON(), nullable=True),
        sa.Column("media", sa.JSON(), nullable=True),
        sa.Column("origin", sa.String(length=12), nullable=False),
        sa.Column("time_ms", sa.BigInteger(), nullable=True),
        sa.Column("gone", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("gap_before", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("reply_uid", sa.String(length=40), nullable=True),
        sa.Column("first_seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_message_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("chat_id", "position", name=op.f("uq_message_chat_id_position")),
        sa.UniqueConstraint("reply_uid", name=op.f("uq_message_reply_uid")),
    )
    op.create_table(
        "outbox",
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("queued_at", UtcTime(), nullable=False),
        sa.Column("not_before", UtcTime(), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claim_epoch", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("baseline", sa.Integer(), server_default="0", nullable=False),
        sa.Column("submitted_at", UtcTime(), nullable=True),
        sa.Column("settled_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outbox_account_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_outbox_chat_id")),
        sa.PrimaryKeyConstraint("uid", name=op.f("pk_outbox")),
    )
    op.create_index(
        "ix_outbox_account_id_state_queued_at", "outbox", ["account_id", "state", "queued_at"], unique=False
    )
    op.create_index("ix_outbox_chat_id_state", "outbox", ["chat_id", "state"], unique=False)
    op.create_table(
        "revision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("replaced_at", UtcTime(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_revision_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    op.create_index(op.f("ix_revision_message_id"), "revision", ["message_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for statement in SEARCH:
            op.execute(statement)
