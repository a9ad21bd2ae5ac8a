"""What an event of Loyalty Core, and all that came of it, has used of its budget."""

from alembic import op
import sqlalchemy as sa


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

COLUMNS = ('used_steps', 'used_effects', 'used_events')


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column('lc_events', sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))


def downgrade() -> None:
    for name in reversed(COLUMNS):
        op.drop_column('lc_events', name)
