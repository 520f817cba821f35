"""Sums of results kept beside their counts: of all nagari together, and of all months together."""

import sqlalchemy as sa
from alembic import op


revision = '0035'
down_revision = '0034'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables, summed from what was counted last, so that pages say the same until the next count."""
    op.create_table('result_month',
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_result_month_number_positive')),
    sa.PrimaryKeyConstraint('topic', 'month', 'program', 'key', 'part', name=op.f('pk_result_month'))
    )
    op.create_table('result_place',
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('number > 0', name=op.f('ck_result_place_number_positive')),
    sa.PrimaryKeyConstraint('topic', 'region_code', 'program', 'key', 'part', name=op.f('pk_result_place'))
    )
    op.create_table('result_month_day',
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('days', sa.BigInteger(), nullable=False),
    sa.Column('claims', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('claims > 0', name=op.f('ck_result_month_day_claims_positive')),
    sa.PrimaryKeyConstraint('measure', 'month', 'program', 'days', name=op.f('pk_result_month_day'))
    )
    op.create_index('ix_result_day_region_code', 'result_day', ['region_code', 'measure'], unique=False)
    op.execute(
        "INSERT INTO result_month SELECT topic, month, program, key, part, sum(number) FROM result_count"
        " GROUP BY topic, month, program, key, part"
    )
    op.execute(
        "INSERT INTO result_place SELECT topic, region_code, program, key, part, sum(number) FROM result_count"
        " GROUP BY topic, region_code, program, key, part"
    )
    op.execute(
        "INSERT INTO result_month_day SELECT measure, month, program, days, sum(claims) FROM result_day"
        " GROUP BY measure, month, program, days"
    )


def downgrade() -> None:
    """Without sums; the counts stay."""
    op.drop_index('ix_result_day_region_code', table_name='result_day')
    op.drop_table('result_month_day')
    op.drop_table('result_place')
    op.drop_table('result_month')
