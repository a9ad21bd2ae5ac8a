"""Jobs of the outbox know the endpoint that they deliver to; deliveries and internal jobs have indexes of their own."""

from alembic import op
import sqlalchemy as sa


revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

INTERNAL, DELIVERIES = 'endpoint_id IS NULL', 'endpoint_id IS NOT NULL'


def upgrade() -> None:
    op.drop_index('ix_jobs_tenant_due', table_name='jobs')
    op.drop_index('ix_jobs_due', table_name='jobs')
    op.add_column('jobs', sa.Column('endpoint_id', sa.String(length=64), nullable=True))
    op.execute("UPDATE jobs SET endpoint_id = COALESCE((SELECT deliveries.endpoint_id FROM deliveries "
               "WHERE deliveries.tenant_id = jobs.tenant_id AND deliveries.id = jobs.subject), '') WHERE kind = 'delivery'")
    for name, columns, condition in (
        ('ix_jobs_internal', ['sandbox_id', 'due_at_ms', 'tenant_id', 'id'], INTERNAL),
        ('ix_jobs_tenant_internal', ['tenant_id', 'due_at_ms', 'id'], INTERNAL),
        ('ix_jobs_deliveries', ['sandbox_id', 'due_at_ms', 'tenant_id', 'id'], DELIVERIES),
        ('ix_jobs_endpoint', ['sandbox_id', 'tenant_id', 'endpoint_id', 'due_at_ms', 'id'], DELIVERIES),
    ):
        op.create_index(name, 'jobs', columns, unique=False, sqlite_where=sa.text(condition), postgresql_where=sa.text(condition))


def downgrade() -> None:
    for name in ('ix_jobs_endpoint', 'ix_jobs_deliveries', 'ix_jobs_tenant_internal', 'ix_jobs_internal'):
        op.drop_index(name, table_name='jobs')
    op.drop_column('jobs', 'endpoint_id')
    op.create_index('ix_jobs_due', 'jobs', ['sandbox_id', 'due_at_ms', 'tenant_id', 'id'], unique=False)
    op.create_index('ix_jobs_tenant_due', 'jobs', ['tenant_id', 'due_at_ms', 'id'], unique=False)
