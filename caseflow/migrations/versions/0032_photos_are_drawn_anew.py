"""Pictures drawn from photos have a digest of their own; addenda say why; a proposed day that cannot be is kept."""

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
    op.add_column('visit', sa.Column('after_why', sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f('ck_visit_addendum_says_why'), 'visit',
        'after_why IS NULL OR (after_id IS NOT NULL AND length(after_why) BETWEEN 10 AND 500)',
    )  # fmt: skip
    op.add_column('planned_visit', sa.Column('proposed_on', sa.Date(), nullable=True))
    op.add_column('planned_visit', sa.Column('proposed_why_not', sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f('ck_planned_visit_proposal_says_why_not'), 'planned_visit',
        '(proposed_on IS NULL) = (proposed_why_not IS NULL)',
    )  # fmt: skip
    op.create_check_constraint(
        op.f('ck_planned_visit_why_not_known'), 'planned_visit',
        "proposed_why_not IN ('past', 'free_day', 'mourning', 'handed_over', 'refused')",
    )  # fmt: skip


def downgrade() -> None:
    """Without them."""
    op.drop_constraint(op.f('ck_planned_visit_why_not_known'), 'planned_visit', type_='check')
    op.drop_constraint(op.f('ck_planned_visit_proposal_says_why_not'), 'planned_visit', type_='check')
    op.drop_column('planned_visit', 'proposed_why_not')
    op.drop_column('planned_visit', 'proposed_on')
    op.drop_constraint(op.f('ck_visit_addendum_says_why'), 'visit', type_='check')
    op.drop_column('visit', 'after_why')
    op.drop_constraint(op.f('ck_visit_photo_stored_has_a_digest'), 'visit_photo', type_='check')
    op.drop_column('visit_photo', 'stored_sha256')
