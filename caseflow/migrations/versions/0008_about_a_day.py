"""A report may know the day of a death only about."""

import sqlalchemy as sa
from alembic import op


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One more column of the first notice; reports already here named the very day."""
    op.add_column('report', sa.Column('died_about', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_check_constraint(
        op.f('ck_report_about_a_day'), 'report', 'NOT died_about OR died_on IS NOT NULL'
    )


def downgrade() -> None:
    """Back to reports that name a day without a doubt."""
    op.drop_constraint(op.f('ck_report_about_a_day'), 'report', type_='check')
    op.drop_column('report', 'died_about')
