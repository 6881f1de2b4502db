"""How an account sends, which rules were set aside for a reply, and consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add a column, an index and two tables; what is there stays as it is."""
    op.add_column("account", sa.Column("policy", sa.JSON(), nullable=True))
    op.create_index("ix_outbox_account_id_submitted_at", "outbox", ["account_id", "submitted_at"], unique=False)
    op.create_table(
        "reply_override",
        sa.Column("id", BigId, nullable=False),
        sa.Column("reply_uid", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reply_uid"], ["outbox.uid"], name=op.f("fk_reply_override_reply_uid")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_override")),
    )
    op.create_index(op.f("ix_reply_override_reply_uid"), "reply_override", ["reply_uid"], unique=False)
    op.create_table(
        "consent",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=120), nullable=True),
        sa.Column("withdrawn_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_consent_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    op.create_index(op.f("ix_consent_chat_id"), "consent", ["chat_id"], unique=False)
