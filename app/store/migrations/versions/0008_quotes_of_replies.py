"""The message that a reply quotes, with what the mirror had of it when the reply was queued."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add a table; what is there stays as it is."""
    op.create_table(
        "reply_quote",
        sa.Column("reply_uid", sa.String(length=40), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["reply_uid"], ["outbox.uid"], name=op.f("fk_reply_quote_reply_uid")),
        sa.PrimaryKeyConstraint("reply_uid", name=op.f("pk_reply_quote")),
    )
