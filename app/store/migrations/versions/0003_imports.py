"""Imports of exported chats, and what each did to which message, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add two tables; what is there stays as it is. A message of an import may go, so rows only name it."""
    op.create_table(
        "chat_import",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=255), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("chat_before", sa.JSON(), nullable=False),
        sa.Column("chat_after", sa.JSON(), nullable=False),
        sa.Column("undone_by", sa.String(length=120), nullable=True),
        sa.Column("undone_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_import_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_import")),
    )
    op.create_index(op.f("ix_chat_import_chat_id"), "chat_import", ["chat_id"], unique=False)
    op.create_table(
        "chat_import_row",
        sa.Column("id", BigId, nullable=False),
        sa.Column("import_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["import_id"], ["chat_import.id"], name=op.f("fk_chat_import_row_import_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_import_row")),
    )
    op.create_index(op.f("ix_chat_import_row_import_id"), "chat_import_row", ["import_id"], unique=False)
    op.create_index(op.f("ix_chat_import_row_message_id"), "chat_import_row", ["message_id"], unique=False)
