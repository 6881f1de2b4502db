"""What a team keeps beside the chats: notes, labels, marks, views, canned replies, contacts, opening hours.

On PostgreSQL the chat of a note must be one of the number that the note names.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0012"
down_revision = "0011"
_LIVING = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Add tables; what is there stays as it is."""
    op.create_table(
        "note",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("edited_at", UtcTime(), nullable=True),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_note_chat_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_note_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("uid", name=op.f("uq_note_uid")),
    )
    op.create_index(op.f("ix_note_chat_id"), "note", ["chat_id"])
    op.create_table(
        "mention",
        sa.Column("note_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("read_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_mention_note_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_mention_member_id")),
        sa.PrimaryKeyConstraint("note_id", "member_id", name=op.f("pk_mention")),
    )
    op.create_index(op.f("ix_mention_member_id"), "mention", ["member_id"])
    op.create_table(
        "label",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("removed_by", sa.String(length=120), nullable=True),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_label")),
        sa.UniqueConstraint("uid", name=op.f("uq_label_uid")),
    )
    op.create_index(
        "ix_label_name_key", "label", ["name_key"], unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING
    )
    op.create_table(
        "chat_label",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("label_id", BigId, nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("removed_by", sa.String(length=120), nullable=True),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_label_chat_id")),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name=op.f("fk_chat_label_label_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_label")),
    )
    op.create_index(
        "ix_chat_label_chat_id_label_id",
        "chat_label",
        ["chat_id", "label_id"],
        unique=True,
        sqlite_where=_LIVING,
        postgresql_where=_LIVING,
    )
    op.create_index(op.f("ix_chat_label_label_id"), "chat_label", ["label_id"])
    op.create_table(
        "chat_mark",
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("star", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("follow", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_mark_chat_id")),
        sa.PrimaryKeyConstraint("owner", "chat_id", name=op.f("pk_chat_mark")),
    )
    op.create_index(op.f("ix_chat_mark_chat_id"), "chat_mark", ["chat_id"])
    op.create_table(
        "saved_view",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("shared", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("uid", name=op.f("uq_saved_view_uid")),
    )
    op.create_index(op.f("ix_saved_view_owner"), "saved_view", ["owner"])
    op.create_table(
        "canned",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("shortcut", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("account_id", BigId, nullable=True),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_used_at", UtcTime(), nullable=True),
        sa.Column("removed_by", sa.String(length=120), nullable=True),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_canned_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned")),
        sa.UniqueConstraint("uid", name=op.f("uq_canned_uid")),
    )
    op.create_index(op.f("ix_canned_account_id"), "canned", ["account_id"])
    op.create_index(
        "ix_canned_name_key", "canned", ["name_key"], unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING
    )
    op.create_table(
        "canned_use",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("canned_id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["canned_id"], ["canned.id"], name=op.f("fk_canned_use_canned_id")),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_canned_use_chat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_use")),
        sa.UniqueConstraint("uid", name=op.f("uq_canned_use_uid")),
    )
    op.create_index(op.f("ix_canned_use_chat_id_canned_id"), "canned_use", ["chat_id", "canned_id"])
    op.create_table(
        "contact",
        sa.Column("id", BigId, nullable=False),
        sa.Column("uid", sa.String(length=40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("company", sa.Text(), server_default="", nullable=False),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="1", nullable=False),
        sa.Column("revisions", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcTime(), nullable=False),
        sa.Column("merged_into", BigId, nullable=True),
        sa.Column("merged_at", UtcTime(), nullable=True),
        sa.Column("merged_by", sa.String(length=120), nullable=True),
        sa.Column("merge", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["contact.id"], name=op.f("fk_contact_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("uid", name=op.f("uq_contact_uid")),
    )
    op.create_index(op.f("ix_contact_merged_into"), "contact", ["merged_into"])
    op.create_table(
        "contact_chat",
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("contact_id", BigId, nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_contact_chat_chat_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_chat_contact_id")),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_contact_chat")),
    )
    op.create_index(op.f("ix_contact_chat_contact_id"), "contact_chat", ["contact_id"])
    op.create_index(op.f("ix_contact_chat_number"), "contact_chat", ["number"])
    op.create_table(
        "account_hours",
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("hours", sa.JSON(), nullable=True),
        sa.Column("service", sa.JSON(), nullable=True),
        sa.Column("changed_by", sa.String(length=120), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_hours_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_hours")),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE note ADD CONSTRAINT fk_note_chat_account "
            "FOREIGN KEY (chat_id, account_id) REFERENCES chat (id, account_id)"
        )
