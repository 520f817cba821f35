"""A guardian holds a slip for each child beside an own one; a reprint voids only the one for the same part."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_NAME = "uq_slip_one_live_per_holder"
_LIVE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    """Whoever had one live slip has one still."""
    op.drop_index(_NAME, "slip")
    parts = ["casefile_id", "holder_name", sa.text("coalesce(guardian_of, '')")]
    op.create_index(_NAME, "slip", parts, unique=True, postgresql_where=_LIVE)


def downgrade() -> None:
    """One a person: the newest stays, as a reprint did before."""
    op.execute(
        "UPDATE slip s SET revoked_at = now(), revoked_why = 'cetak ulang' WHERE revoked_at IS NULL AND EXISTS"
        " (SELECT FROM slip n WHERE n.revoked_at IS NULL AND n.casefile_id = s.casefile_id"
        " AND n.holder_name = s.holder_name AND n.id > s.id)"
    )
    op.drop_index(_NAME, "slip")
    op.create_index(_NAME, "slip", ["casefile_id", "holder_name"], unique=True, postgresql_where=_LIVE)
