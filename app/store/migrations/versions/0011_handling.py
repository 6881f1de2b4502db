"""How the team stands to each chat: its owner, waiting and cases, what happened to it, who is there, and their drafts.

A chat that stood open, waiting or new stays so and gets its first case; one of which nothing is known is done.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add columns and tables, and fill them from what is there."""
    op.add_column("account", sa.Column("rules", sa.JSON(), nullable=True))
    for column in (
        sa.Column("waiting_since", UtcTime(), nullable=True),
        sa.Column("stretch_paused_s", sa.Integer(), server_default="0", nullable=False),
        sa.Column("snoozed_until", UtcTime(), nullable=True),
        sa.Column("snoozed_for_reply", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("paused_at", UtcTime(), nullable=True),
        sa.Column("priority", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("chat", column)
    for columns in (
        ["state", "last_at"],
        ["account_id", "state", "last_at"],
        ["assignee_id", "state", "last_at"],
        ["waiting_since"],
        ["snoozed_until"],
    ):
        op.create_index(op.f("ix_chat_" + "_".join(columns)), "chat", columns)
    _cases_and_events()
    _presence_and_drafts()
    _fill()


def _cases_and_events() -> None:
    op.create_table(
        "chat_case",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcTime(), nullable=False),
        sa.Column("is_ours", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("closed_at", UtcTime(), nullable=True),
        sa.Column("reopen_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_inbound_at", UtcTime(), nullable=True),
        sa.Column("first_answer_at", UtcTime(), nullable=True),
        sa.Column("paused_s", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_case_chat_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_chat_case_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chat_case")),
        sa.UniqueConstraint("chat_id", "number", name=op.f("uq_chat_case_chat_id_number")),
    )
    op.create_index(op.f("ix_chat_case_account_id_opened_at"), "chat_case", ["account_id", "opened_at"])
    op.create_table(
        "handling_event",
        sa.Column("id", BigId, nullable=False),
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("case_id", BigId, nullable=True),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=True),
        sa.Column("member_id", BigId, nullable=True),
        sa.Column("from_member_id", BigId, nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("until", UtcTime(), nullable=True),
        sa.Column("reply_uid", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_handling_event_chat_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_handling_event_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["chat_case.id"], name=op.f("fk_handling_event_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handling_event")),
        sa.UniqueConstraint("reply_uid", name=op.f("uq_handling_event_reply_uid")),
    )
    op.create_index(op.f("ix_handling_event_chat_id_at"), "handling_event", ["chat_id", "at"])
    op.create_index(op.f("ix_handling_event_account_id_kind_at"), "handling_event", ["account_id", "kind", "at"])


def _presence_and_drafts() -> None:
    op.create_table(
        "presence",
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("seen_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_presence_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_presence")),
    )
    op.create_table(
        "chat_presence",
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("mode", sa.String(length=4), nullable=False),
        sa.Column("since", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_chat_presence_chat_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_chat_presence_member_id")),
        sa.PrimaryKeyConstraint("chat_id", "member_id", name=op.f("pk_chat_presence")),
    )
    op.create_index(op.f("ix_chat_presence_member_id"), "chat_presence", ["member_id"])
    op.create_table(
        "draft",
        sa.Column("chat_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.BigInteger(), nullable=True),
        sa.Column("last_seen_id", sa.BigInteger(), nullable=True),
        sa.Column("begun_at", UtcTime(), nullable=False),
        sa.Column("changed_at", UtcTime(), nullable=False),
        sa.Column("handed_by", BigId, nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], name=op.f("fk_draft_chat_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_draft_member_id")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_draft_account_id")),
        sa.ForeignKeyConstraint(["handed_by"], ["member.id"], name=op.f("fk_draft_handed_by")),
        sa.PrimaryKeyConstraint("chat_id", "member_id", name=op.f("pk_draft")),
    )
    op.create_index(op.f("ix_draft_member_id"), "draft", ["member_id"])


def _fill() -> None:
    heard = "EXISTS (SELECT 1 FROM message m WHERE m.chat_id = chat.id AND m.direction = 'in' AND NOT m.gone)"
    answered = "EXISTS (SELECT 1 FROM message m WHERE m.chat_id = chat.id AND m.direction = 'out' AND NOT m.gone)"
    for statement in (
        f"UPDATE chat SET state = 'done' WHERE state = 'new' AND NOT {heard}",  # noqa: S608
        "INSERT INTO chat_case (chat_id, account_id, number, opened_at, first_inbound_at, first_answer_at) "  # noqa: S608
        "SELECT id, account_id, 1, coalesce(last_at, :now), coalesce(last_at, :now), "
        f"CASE WHEN {answered} THEN coalesce(last_at, :now) END "
        "FROM chat WHERE state IN ('new', 'open', 'waiting')",
        "UPDATE chat SET waiting_since = coalesce(last_at, :now) WHERE state IN ('new', 'open')",
        "UPDATE chat SET paused_at = coalesce(last_at, :now) WHERE state = 'waiting'",
    ):
        text = sa.text(statement)
        if ":now" in statement:
            text = text.bindparams(sa.bindparam("now", datetime.now(UTC), type_=UtcTime()))
        op.execute(text)
