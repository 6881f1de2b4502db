"""Each page of the inbox is read from an index in its order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_OPEN = "state IN ('new', 'open', 'waiting')"


def upgrade() -> None:
    """Change indexes; no row changes."""
    for old in ("state_last_at", "account_id_state_last_at", "assignee_id_state_last_at", "waiting_since"):
        op.drop_index(f"ix_chat_{old}", "chat")
    op.create_index("ix_chat_account_id_state_assignee_id", "chat", ["account_id", "state", "assignee_id"])
    for name, columns, where in (
        ("open_last_at_id", ["last_at", "id"], _OPEN),
        ("ended_state_last_at_id", ["state", "last_at", "id"], "state NOT IN ('new', 'open', 'waiting')"),
        ("open_assignee_id_last_at_id", ["assignee_id", "last_at", "id"], _OPEN),
        ("unassigned_last_at_id", ["last_at", "id"], f"{_OPEN} AND assignee_id IS NULL"),
        ("waiting_since_id", ["waiting_since", "id"], "waiting_since IS NOT NULL"),
    ):
        op.create_index(
            f"ix_chat_{name}", "chat", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
