"""Wishes to read chats further back; when a chat was open on the phone, whether it is behind or archived there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add a table and three columns; what is there stays as it is."""
    op.create_table(
        "fill_request",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("since", sa.String(length=10), nullable=True),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("windows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("added", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reached", sa.String(length=10), nullable=True),
        sa.Column("ended_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_fill_request_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fill_request")),
    )
    op.create_index(op.f("ix_fill_request_chat_id"), "fill_request", ["chat_id"], unique=False)
    op.create_index(op.f("ix_fill_request_state"), "fill_request", ["state"], unique=False)
    op.add_column("chat", sa.Column("opened_at", UtcTime(), nullable=True))
    op.add_column("chat", sa.Column("behind", sa.Boolean(), server_default="0", nullable=False))
    op.add_column("chat", sa.Column("archived", sa.Boolean(), server_default="0", nullable=False))
