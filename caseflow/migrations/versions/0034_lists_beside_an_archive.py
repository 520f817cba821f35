"""Indexes for lists of visits beside a large archive: those to come and those made lately, each by day."""

import sqlalchemy as sa
from alembic import op


revision = '0034'
down_revision = '0033'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Only indexes; what there is stays as it is."""
    op.drop_index('ix_planned_visit_due_by_region', table_name='planned_visit')
    op.create_index(
        'ix_planned_visit_due', 'planned_visit', ['due_on', 'id'], unique=False, postgresql_where=sa.text("state = 'due'")
    )  # fmt: skip
    op.create_index(
        'ix_planned_visit_done_on', 'planned_visit', ['done_on'], unique=False, postgresql_where=sa.text("state = 'done'")
    )  # fmt: skip
    op.drop_index('ix_visit_record_made_on', table_name='visit_record')
    op.create_index('ix_visit_record_made_on', 'visit_record', ['made_on'], unique=False)


def downgrade() -> None:
    """Back to the indexes by nagari, which no list used."""
    op.drop_index('ix_visit_record_made_on', table_name='visit_record')
    op.create_index('ix_visit_record_made_on', 'visit_record', ['region_code', 'made_on'], unique=False)
    op.drop_index('ix_planned_visit_done_on', table_name='planned_visit')
    op.drop_index('ix_planned_visit_due', table_name='planned_visit')
    op.create_index('ix_planned_visit_due_by_region', 'planned_visit', ['region_code', 'due_on', 'id'], unique=False)
