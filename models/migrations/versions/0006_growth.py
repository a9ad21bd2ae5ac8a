"""What half a million users need: counts of rows, indexes for searches of text, and for terms of a member and stats of an account."""

from alembic import op
import sqlalchemy as sa

from models import row_counts  # noqa: F401  declares its extras
from models.kernel.extras import extras_of
from models.loyalty_core.ledger import tables as _ledger  # noqa: F401  declares its extras
from models.loyalty_core.members import tables as _members  # noqa: F401  declares its extras
from models.saasquatch import tables as _tables  # noqa: F401  declares its extras
from models.saasquatch.users import search


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

COUNTED = {
    'sq_users': (None,),
    'sq_referrals': (None,),
    'lc_members': (None,),
    'lc_enrolments': ('program_id', 'tier_id'),
    'lc_transactions': ('account_id',),
}


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table(
        'row_counts',
        sa.Column('tenant_id', big, nullable=False),
        sa.Column('counted', sa.String(length=64), nullable=False),
        sa.Column('value', big, autoincrement=False, nullable=False),
        sa.Column('shard', big, autoincrement=False, nullable=False),
        sa.Column('number', big, nullable=False),
        sa.PrimaryKeyConstraint('tenant_id', 'counted', 'value', 'shard', name=op.f('pk_row_counts')),
    )
    for table, columns in COUNTED.items():
        for column in columns:
            counted, value = (table, 0) if column is None else (f'{table}.{column}', column)
            where = '' if column is None else f'WHERE {column} IS NOT NULL'
            op.execute(
                f"INSERT INTO row_counts (tenant_id, counted, value, shard, number) "
                f"SELECT tenant_id, '{counted}', {value}, 0, count(*) FROM {table} {where} GROUP BY tenant_id, 2, 3"
            )
    op.drop_index('ix_lc_member_terms_member', table_name='lc_member_terms')
    op.create_index('ix_lc_member_terms_member', 'lc_member_terms', ['tenant_id', 'member_id', 'term'])
    op.create_index(
        'ix_lc_transactions_stats',
        'lc_transactions',
        ['tenant_id', 'account_id', 'created_ms', 'type', 'status', 'captured_amount'],
    )
    dialect = op.get_context().dialect.name
    for extra in extras_of(dialect):
        for statement in extra.make:
            op.execute(statement)
    if dialect == 'sqlite' and search.has_trigrams():
        op.execute(
            'INSERT INTO sq_user_numbers (tenant_id, account_id, user_id) SELECT tenant_id, account_id, id FROM sq_users'
        )
        op.execute(
            'INSERT INTO sq_user_search (rowid, search) SELECT number, search FROM sq_user_numbers AS numbers JOIN sq_users '
            'ON sq_users.tenant_id = numbers.tenant_id AND sq_users.account_id = numbers.account_id AND sq_users.id = user_id'
        )


def downgrade() -> None:
    for extra in extras_of(op.get_context().dialect.name):
        for statement in extra.drop:
            op.execute(statement)
    op.drop_index('ix_lc_transactions_stats', table_name='lc_transactions')
    op.drop_index('ix_lc_member_terms_member', table_name='lc_member_terms')
    op.create_index('ix_lc_member_terms_member', 'lc_member_terms', ['tenant_id', 'member_id'])
    op.drop_table('row_counts')
