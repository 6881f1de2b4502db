"""Runs the steps on the connection that the store hands over."""

from alembic import context

from app.store import beside  # noqa: F401 - its tables belong to the same metadata
from app.store.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
