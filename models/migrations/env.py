"""Alembic environment: runs on the connection that `troth.migrate` gives it."""

from alembic import context

from models.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True, compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
