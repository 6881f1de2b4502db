"""The file that a reply carries; its bytes lie in the vault."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add a table; what is there stays as it is."""
    op.create_table(
        "reply_file",
        sa.Column("reply_uid", sa.String(length=40), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("mime", sa.String(length=120), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["reply_uid"], ["outbox.uid"], name=op.f("fk_reply_file_reply_uid")),
        sa.PrimaryKeyConstraint("reply_uid", name=op.f("pk_reply_file")),
    )
    op.create_index(op.f("ix_reply_file_sha256"), "reply_file", ["sha256"], unique=False)
