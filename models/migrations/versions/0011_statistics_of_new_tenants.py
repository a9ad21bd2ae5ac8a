"""PostgreSQL makes statistics of a table when 1 % of its rows have changed."""

from collections.abc import Sequence

from alembic import op

from models.planner_statistics import ANALYZED_SOON


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    _run(ANALYZED_SOON.make)


def downgrade() -> None:
    _run(ANALYZED_SOON.drop)


def _run(statements: Sequence[str]) -> None:
    if op.get_context().dialect.name == ANALYZED_SOON.dialect:
        for statement in statements:
            op.execute(statement)
