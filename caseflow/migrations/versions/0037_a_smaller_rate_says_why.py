"""A rate below the full one says why: both parts of it, not only JKM."""

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_NAME = "ck_contribution_rate_reduction_is_named"


def upgrade() -> None:
    """The same rule for JKK; the page has refused such a rate since rates are kept there."""
    op.drop_constraint(op.f(_NAME), "contribution_rate", type_="check")
    op.create_check_constraint(
        op.f(_NAME), "contribution_rate", "(jkk_idr >= 10000 AND jkm_idr >= 6800) OR reduction <> ''"
    )


def downgrade() -> None:
    """JKM alone."""
    op.drop_constraint(op.f(_NAME), "contribution_rate", type_="check")
    op.create_check_constraint(op.f(_NAME), "contribution_rate", "jkm_idr >= 6800 OR reduction <> ''")
