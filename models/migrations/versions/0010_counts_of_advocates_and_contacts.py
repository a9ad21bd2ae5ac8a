"""Lists of advocates and of Leat's contacts return totals that triggers keep."""

from alembic import op

from models.row_counts import counting


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

COUNTED = ('advocacy_advocates', 'leat_contacts')


def upgrade() -> None:
    dialect = op.get_context().dialect.name
    for table in COUNTED:
        triggers = counting(dialect, table)
        # A database that was older than 0006 has them already: that revision makes all that the tables declare today.
        # On PostgreSQL a trigger's creation locks the table against writes until the commit: nothing is written between it and the count.
        for statement in (*triggers.drop, *triggers.make):
            op.execute(statement)
        op.execute(f"DELETE FROM row_counts WHERE counted = '{table}'")
        op.execute(
            f"INSERT INTO row_counts (tenant_id, counted, value, shard, number) "
            f"SELECT tenant_id, '{table}', 0, 0, count(*) FROM {table} GROUP BY tenant_id"
        )


def downgrade() -> None:
    for table in COUNTED:
        for statement in counting(op.get_context().dialect.name, table).drop:
            op.execute(statement)
        op.execute(f"DELETE FROM row_counts WHERE counted = '{table}'")
