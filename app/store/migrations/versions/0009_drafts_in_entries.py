"""Texts that people left in the entry of a chat: noted while a reply waits for them, kept while they are put aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add a table; what is there stays as it is."""
    op.create_table(
        "entry_draft",
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("aside", sa.Boolean(), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_entry_draft_chat_id")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_entry_draft")),
    )
