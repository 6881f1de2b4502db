"""Stored files, each once by its hash, and which message has which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add two tables and an index; what is there stays as it is. The bytes lie in files, not here."""
    op.create_table(
        "media_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mime", sa.String(length=80), nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("thumbnail", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("stored_at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_file")),
        sa.UniqueConstraint("sha256", name=op.f("uq_media_file_sha256")),
    )
    op.create_table(
        "media_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("file_id", BigId, nullable=True),
        sa.Column("name", sa.String(length=255), server_default="", nullable=False),
        sa.Column("phone_path", sa.Text(), nullable=True),
        sa.Column("phone_size", sa.BigInteger(), nullable=True),
        sa.Column("phone_changed_s", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("try_at", UtcTime(), nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_media_link_account_id")),
        sa.ForeignKeyConstraint(["file_id"], ["media_file.id"], name=op.f("fk_media_link_file_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_media_link_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_media_link")),
        sa.UniqueConstraint("message_id", "place", name=op.f("uq_media_link_message_id_place")),
    )
    op.create_index("ix_message_shown_day", "message", ["shown_day"], unique=False)
    op.create_index("ix_media_link_account_id_state", "media_link", ["account_id", "state"], unique=False)
    op.create_index("ix_media_link_file_id", "media_link", ["file_id"], unique=False)
