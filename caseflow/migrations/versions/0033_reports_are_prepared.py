"""Monthly reports are prepared: a row a month once its figures have settled."""

import sqlalchemy as sa
from alembic import op


revision = '0033'
down_revision = '0032'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table; nothing was prepared before."""
    op.create_table('prepared_report',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('counted_on', sa.Date(), nullable=False),
    sa.Column('content_sha256', sa.Text(), nullable=False),
    sa.CheckConstraint('extract(day FROM month) = 1', name=op.f('ck_prepared_report_month_begins')),
    sa.PrimaryKeyConstraint('month', name=op.f('pk_prepared_report'))
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON prepared_report"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Without what was prepared."""
    op.drop_table('prepared_report')
