"""A corrected monthly report is mailed too: once a letter to each address, no longer once a month."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rows of one letter are of one month, so none is lost or double."""
    op.drop_constraint(op.f("pk_mailed_report"), "mailed_report", type_="primary")
    op.create_primary_key(op.f("pk_mailed_report"), "mailed_report", ["letter_id", "mailed_to"])


def downgrade() -> None:
    """Refused by the database where a correction went to an address that had the report before."""
    op.drop_constraint(op.f("pk_mailed_report"), "mailed_report", type_="primary")
    op.create_primary_key(op.f("pk_mailed_report"), "mailed_report", ["month", "mailed_to"])
