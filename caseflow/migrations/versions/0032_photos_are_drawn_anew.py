"""Photos of visits are kept as pictures drawn from what was sent: they have a digest of their own."""

import sqlalchemy as sa
from alembic import op

revision = '0032'
down_revision = '0031'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was stored before is what was sent."""
    op.add_column('visit_photo', sa.Column('stored_sha256', sa.String(length=64), nullable=True))
    op.execute("UPDATE visit_photo SET stored_sha256 = sha256 WHERE stored_at IS NOT NULL")
    op.create_check_constraint(
        op.f('ck_visit_photo_stored_has_a_digest'), 'visit_photo', '(stored_at IS NULL) = (stored_sha256 IS NULL)'
    )


def downgrade() -> None:
    """Without the second digest."""
    op.drop_constraint(op.f('ck_visit_photo_stored_has_a_digest'), 'visit_photo', type_='check')
    op.drop_column('visit_photo', 'stored_sha256')
