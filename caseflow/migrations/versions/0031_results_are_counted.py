"""Results are counted: rows rewritten whole by a job; checks of the service; works told beforehand."""

import sqlalchemy as sa
from alembic import op


revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; they hold nothing that cannot be counted again, but for works told beforehand."""
    op.create_table('planned_work',
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(words) BETWEEN 10 AND 300', name=op.f('ck_planned_work_words_in_bounds')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_planned_work_ends_after_start')),
    sa.PrimaryKeyConstraint('public_id', name=op.f('pk_planned_work'))
    )
    op.create_index('ix_planned_work_ends_at', 'planned_work', ['ends_at'], unique=False)
    op.create_table('result_count',
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('extract(day FROM month) = 1', name=op.f('ck_result_count_month_begins')),
    sa.CheckConstraint('number > 0', name=op.f('ck_result_count_number_positive')),
    sa.PrimaryKeyConstraint('topic', 'month', 'region_code', 'program', 'key', 'part', name=op.f('pk_result_count'))
    )
    op.create_index('ix_result_count_region_code', 'result_count', ['region_code', 'topic'], unique=False)
    op.create_table('result_day',
    sa.Column('measure', sa.Text(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('program', sa.Text(), nullable=False),
    sa.Column('days', sa.BigInteger(), nullable=False),
    sa.Column('claims', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("measure IN ('report_to_paid', 'complete_to_paid', 'death_to_paid', 'death_to_report')", name=op.f('ck_result_day_measure_known')),
    sa.CheckConstraint('claims > 0', name=op.f('ck_result_day_claims_positive')),
    sa.CheckConstraint('extract(day FROM month) = 1', name=op.f('ck_result_day_month_begins')),
    sa.PrimaryKeyConstraint('measure', 'month', 'region_code', 'program', 'days', name=op.f('pk_result_day'))
    )
    op.create_table('result_refresh',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('refreshed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('milliseconds', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_result_refresh_only_one')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_result_refresh'))
    )
    op.create_table('service_check',
    sa.Column('part', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('up', sa.Boolean(), nullable=False),
    sa.CheckConstraint("part IN ('form', 'upload', 'messages', 'dashboard')", name=op.f('ck_service_check_part_known')),
    sa.PrimaryKeyConstraint('part', 'at', name=op.f('pk_service_check'))
    )


def downgrade() -> None:
    """Without results."""
    op.drop_table('service_check')
    op.drop_table('result_refresh')
    op.drop_table('result_day')
    op.drop_index('ix_result_count_region_code', table_name='result_count')
    op.drop_table('result_count')
    op.drop_index('ix_planned_work_ends_at', table_name='planned_work')
    op.drop_table('planned_work')
