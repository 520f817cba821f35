"""Lists that are imported: the file, its rows, how far the work is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; nothing that was there changes."""
    op.create_table('import_file',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('file_id', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('header_line', sa.BigInteger(), nullable=False),
    sa.Column('headers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('mapped', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('uploaded_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('quota_id', sa.BigInteger(), nullable=True),
    sa.Column('nomination_id', sa.BigInteger(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=True),
    sa.Column('first_over_quota', sa.BigInteger(), nullable=True),
    sa.Column('first_over_budget', sa.BigInteger(), nullable=True),
    sa.Column('trimmed', sa.BigInteger(), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('imported', sa.BigInteger(), nullable=False),
    sa.Column('imported_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('imported_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(kind = 'workers') = (quota_id IS NOT NULL)", name=op.f('ck_import_file_workers_have_a_quota')),
    sa.CheckConstraint("(state = 'failed') = (problem IS NOT NULL)", name=op.f('ck_import_file_failed_says_why')),
    sa.CheckConstraint("(state = 'undone') = (undone_at IS NOT NULL)", name=op.f('ck_import_file_undone_has_a_time')),
    sa.CheckConstraint("kind IN ('workers', 'numbers', 'deaths')", name=op.f('ck_import_file_kind_known')),
    sa.CheckConstraint("state IN ('uploaded', 'checking', 'checked', 'importing', 'done', 'undone', 'cancelled', 'failed')", name=op.f('ck_import_file_state_known')),
    sa.CheckConstraint("state NOT IN ('done', 'undone') OR (imported_at IS NOT NULL AND imported_by_user_id IS NOT NULL)", name=op.f('ck_import_file_imported_by_somebody')),
    sa.ForeignKeyConstraint(['file_id'], ['registry_file.id'], name=op.f('fk_import_file_file_id')),
    sa.ForeignKeyConstraint(['imported_by_user_id'], ['staff_user.id'], name=op.f('fk_import_file_imported_by_user_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_import_file_nomination_id')),
    sa.ForeignKeyConstraint(['quota_id'], ['quota.id'], name=op.f('fk_import_file_quota_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_import_file_region_code')),
    sa.ForeignKeyConstraint(['undone_by_user_id'], ['staff_user.id'], name=op.f('fk_import_file_undone_by_user_id')),
    sa.ForeignKeyConstraint(['uploaded_by_user_id'], ['staff_user.id'], name=op.f('fk_import_file_uploaded_by_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_file')),
    sa.UniqueConstraint('public_id', name=op.f('uq_import_file_public_id'))
    )
    op.create_index('ix_import_file_region_code', 'import_file', ['region_code', 'uploaded_at'], unique=False)
    op.create_index('uq_import_file_open_once', 'import_file', ['region_code', 'kind', 'sha256', sa.literal_column('coalesce(quota_id, 0)')], unique=True, postgresql_where=sa.text("state IN ('uploaded', 'checking', 'checked', 'importing')"))
    op.create_table('import_progress',
    sa.Column('import_file_id', sa.BigInteger(), nullable=False),
    sa.Column('done', sa.BigInteger(), nullable=False),
    sa.Column('total', sa.BigInteger(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('done BETWEEN 0 AND total', name=op.f('ck_import_progress_done_within_total')),
    sa.ForeignKeyConstraint(['import_file_id'], ['import_file.id'], name=op.f('fk_import_progress_import_file_id')),
    sa.PrimaryKeyConstraint('import_file_id', name=op.f('pk_import_progress'))
    )
    op.create_table('import_row',
    sa.Column('import_file_id', sa.BigInteger(), nullable=False),
    sa.Column('line', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('problems', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('national_id_index', sa.String(length=64), nullable=True),
    sa.Column('nominee_id', sa.BigInteger(), nullable=True),
    sa.Column('worker_id', sa.BigInteger(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("verdict IN ('ready', 'warning', 'error', 'same')", name=op.f('ck_import_row_verdict_known')),
    sa.CheckConstraint('line >= 1', name=op.f('ck_import_row_line_counted_from_1')),
    sa.ForeignKeyConstraint(['import_file_id'], ['import_file.id'], name=op.f('fk_import_row_import_file_id')),
    sa.ForeignKeyConstraint(['nominee_id'], ['nominee.id'], name=op.f('fk_import_row_nominee_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_import_row_worker_id')),
    sa.PrimaryKeyConstraint('import_file_id', 'line', name=op.f('pk_import_row'))
    )
    op.create_index('ix_import_row_nominee_id', 'import_row', ['nominee_id'], unique=False)
    op.create_index('ix_import_row_verdict', 'import_row', ['import_file_id', 'verdict', 'line'], unique=False)


def downgrade() -> None:
    """Back to a registry without lists; people who came in by one stay."""
    op.drop_index('ix_import_row_verdict', table_name='import_row')
    op.drop_index('ix_import_row_nominee_id', table_name='import_row')
    op.drop_table('import_row')
    op.drop_table('import_progress')
    op.drop_index('uq_import_file_open_once', table_name='import_file', postgresql_where=sa.text("state IN ('uploaded', 'checking', 'checked', 'importing')"))
    op.drop_index('ix_import_file_region_code', table_name='import_file')
    op.drop_table('import_file')
