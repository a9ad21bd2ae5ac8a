"""Keys of the host that are sealed under TROTH_SECRET_KEY, so that they stay the same when that is changed."""

from alembic import op
import sqlalchemy as sa


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'vault_keys',
        sa.Column('name', sa.String(length=32), nullable=False),
        sa.Column('sealed', sa.LargeBinary(), nullable=False),
        sa.Column('created_ms', big, nullable=False),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_vault_keys')),
    )


def downgrade() -> None:
    op.drop_table('vault_keys')
