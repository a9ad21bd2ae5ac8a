"""Points of purchase orders name the event that they were given for, so that an amended order can be judged again."""

from alembic import op
import sqlalchemy as sa


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.add_column('lc_order_points', sa.Column('event_id', big, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('lc_order_points') as batch:
        batch.drop_column('event_id')
