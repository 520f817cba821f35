"""Indexes that keep the pages of a large registry short: people by jorong, by part of a name, gone, and by last month."""

import sqlalchemy as sa
from alembic import op


revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only indexes; what there is stays as it is."""
    op.create_index('ix_worker_region_jorong', 'worker', ['region_code', 'jorong', 'full_name', 'id'], unique=False)
    op.create_index(
        'ix_worker_gone', 'worker', ['region_code', 'died_on', 'left_on'], unique=False,
        postgresql_where=sa.text('died_on IS NOT NULL OR left_on IS NOT NULL'),
    )  # fmt: skip
    op.create_index(
        'ix_worker_name_part', 'worker', ['region_code', 'full_name'], unique=False,
        postgresql_using='gin', postgresql_ops={'full_name': 'gin_trgm_ops'},
    )  # fmt: skip
    op.create_index('ix_cover_end_last_month', 'cover_end', ['last_month', 'region_code', 'worker_id'], unique=False)


def downgrade() -> None:
    """Back to slower pages."""
    op.drop_index('ix_cover_end_last_month', table_name='cover_end')
    op.drop_index('ix_worker_name_part', table_name='worker')
    op.drop_index('ix_worker_gone', table_name='worker')
    op.drop_index('ix_worker_region_jorong', table_name='worker')
