"""A short name and a colour for each of our numbers; members who do not see the numbers of customers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add three columns."""
    op.add_column("account", sa.Column("short", sa.String(length=20), server_default="", nullable=False))
    op.add_column("account", sa.Column("colour", sa.String(length=7), server_default="", nullable=False))
    op.add_column("member", sa.Column("sees_numbers", sa.Boolean(), server_default="1", nullable=False))
