"""Alembic environment: runs on the connection that `troth.database.migrate` gives it."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON

from models.kernel.base import Base
from models.kernel.extras import is_extra


def plain_types(kind: str, value: Any, _context: Any) -> str | Literal[False]:
    """Revisions name SQLAlchemy's own types: what ours add concerns objects in memory, not columns."""
    return "sa.JSON()" if kind == "type" and isinstance(value, JSON) else False


def is_ours(_object: Any, name: str | None, _kind: str, reflected: bool, _other: Any) -> bool:
    """Whether SQLAlchemy knows something: extras are made by themselves."""
    return not (reflected and is_extra(connection.dialect.name, name or ""))


connection = context.config.attributes["connection"]
if context.is_offline_mode():  # `troth migrate --sql`: statements are printed, not run
    context.configure(
        dialect_name=connection.dialect.name,
        target_metadata=Base.metadata,
        literal_binds=True,
        output_buffer=context.config.output_buffer,
    )
else:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        compare_server_default=False,
        render_item=plain_types,
        include_object=is_ours,
    )
with context.begin_transaction():
    context.run_migrations()
