"""Who belongs to a team and on which numbers, what they did that counts, and whose number a message came to.

On PostgreSQL a reply's chat must be one of the number that it names, and changes know their transaction.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.store.schema import BigId, UtcTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add tables and a column, and fill it; what is there stays as it is."""
    op.create_table(
        "member",
        sa.Column("id", BigId, nullable=False),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("roles", sa.String(length=80), server_default="agent", nullable=False),
        sa.Column("only_own", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("invited_at", UtcTime(), nullable=True),
        sa.Column("invited_until", UtcTime(), nullable=True),
        sa.Column("joined_at", UtcTime(), nullable=True),
        sa.Column("removed_at", UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("login", name=op.f("uq_member_login")),
    )
    op.create_table(
        "membership",
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("member_id", BigId, nullable=False),
        sa.Column("may_send", sa.Boolean(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_membership_account_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_membership_member_id")),
        sa.PrimaryKeyConstraint("account_id", "member_id", name=op.f("pk_membership")),
    )
    op.create_index(op.f("ix_membership_member_id"), "membership", ["member_id"])
    op.create_table(
        "audit_entry",
        sa.Column("id", BigId, nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("login", sa.String(length=63), nullable=False),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.add_column("chat", sa.Column("assignee_id", BigId, nullable=True))
    op.add_column("message", sa.Column("account_id", BigId, nullable=True))
    op.execute("UPDATE message SET account_id = (SELECT c.account_id FROM chat c WHERE c.id = message.chat_id)")
    if op.get_bind().dialect.name == "postgresql":
        _only_on_a_server()


def _only_on_a_server() -> None:
    op.execute("ALTER TABLE change ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id()")
    op.execute("CREATE INDEX ix_change_xid ON change (xid, id)")
    op.execute("ALTER TABLE chat ADD CONSTRAINT uq_chat_id_account_id UNIQUE (id, account_id)")
    for table in ("outbox", "message"):
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT fk_{table}_chat_account "
            "FOREIGN KEY (chat_id, account_id) REFERENCES chat (id, account_id)"
        )
    op.execute("CREATE TABLE audit_head (is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one), hash text NOT NULL)")
    op.execute("INSERT INTO audit_head (hash) VALUES ('')")
    op.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    # Letters and digits in small, without accents, each run a word: what an index may hold, and queries are put in.
    op.execute(
        "CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS "
        "$$ SELECT regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, $1)), "
        "'[^[:alnum:]]+', ' ', 'g') $$"
    )
    # Kept, not computed: a search that walks back from the newest message looks at many rows that do not match.
    op.execute("ALTER TABLE message ADD COLUMN search_text text GENERATED ALWAYS AS (plain(text)) STORED")
    op.execute(
        "ALTER TABLE message ADD COLUMN search_words tsvector "
        "GENERATED ALWAYS AS (to_tsvector('simple', plain(text))) STORED"
    )
    for name, what in (("words", "search_words"), ("parts", "search_text gin_trgm_ops")):
        op.execute(f"CREATE INDEX ix_message_{name} ON message USING gin ({what}) WITH (fastupdate=off)")
    # With few words in the statistics the planner takes rare ones for common and walks the whole table.
    op.execute("ALTER TABLE message ALTER COLUMN search_words SET STATISTICS 1000")
