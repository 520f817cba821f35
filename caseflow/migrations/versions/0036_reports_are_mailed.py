"""Monthly reports are mailed: a row for every month and address that one went to."""

import sqlalchemy as sa
from alembic import op


revision = "0036"
down_revision = '0035'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A new table; nothing was mailed before."""
    op.create_table('mailed_report',
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('mailed_to', sa.Text(), nullable=False),
    sa.Column('letter_id', sa.BigInteger(), nullable=False),
    sa.Column('mailed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('became', sa.Text(), nullable=False),
    sa.CheckConstraint("became IN ('sent', 'unknown', 'refused')", name=op.f('ck_mailed_report_became_known')),
    sa.CheckConstraint('extract(day FROM month) = 1', name=op.f('ck_mailed_report_month_begins')),
    sa.ForeignKeyConstraint(['letter_id'], ['registry_letter.id'], name=op.f('fk_mailed_report_letter_id_registry_letter')),
    sa.PrimaryKeyConstraint('month', 'mailed_to', name=op.f('pk_mailed_report'))
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON mailed_report"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Without what was mailed."""
    op.drop_table('mailed_report')
