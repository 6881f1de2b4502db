"""What each phone taught of its language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add a column; what is there stays as it is, and knows no words yet."""
    op.add_column("account", sa.Column("words", sa.JSON(), nullable=True))
