"""The bytes of files, so that every PC of a team has them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add a table; on one PC it stays empty."""
    op.create_table(
        "media_blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", "part", name=op.f("pk_media_blob")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Pictures and sounds do not get smaller; a part is read whole.
        op.execute("ALTER TABLE media_blob ALTER COLUMN bytes SET STORAGE EXTERNAL")
        op.execute(
            "ALTER TABLE media_blob ADD CONSTRAINT ck_media_blob_size "
            "CHECK (octet_length(bytes) <= 1048576 AND part < 4096)"
        )
