"""Numbers for nominations, marks on a nominee, addresses of meetings; only untouched drafts may be deleted."""

import sqlalchemy as sa
from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

# a person who was ever put forward stays in the record; a draft that nobody saw may go with an undone import
_KEEP = """
CREATE FUNCTION keep_nominees() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' OR OLD.decided_at IS NOT NULL OR OLD.submitted_before THEN
        RAISE EXCEPTION 'a nominee who was put forward stays' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'ck_nominee_only_drafts_go', TABLE = 'nominee';
    END IF;
    RETURN OLD;
END $$
"""


def upgrade() -> None:
    """A number sequence of their own; the marks are no for everybody who is there."""
    op.execute("CREATE SEQUENCE nomination_serial")
    for name in ('own_household', 'submitted_before'):
        op.add_column('nominee', sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text('false')))
        op.alter_column('nominee', name, server_default=None)
    op.add_column('nominee', sa.Column('consent_told_on', sa.Date(), nullable=True))
    op.create_index('ix_nominee_born_on', 'nominee', ['born_on'], unique=False)
    op.add_column('meeting', sa.Column(
        'public_id', sa.Text(), nullable=False, server_default=sa.text("replace(gen_random_uuid()::text, '-', '')")
    ))
    op.create_unique_constraint(op.f('uq_meeting_public_id'), 'meeting', ['public_id'])
    op.execute(_KEEP)
    op.execute(
        "CREATE TRIGGER keep_nominees BEFORE DELETE ON nominee FOR EACH ROW EXECUTE FUNCTION keep_nominees()"
    )


def downgrade() -> None:
    """Back to nominees without marks."""
    op.execute("DROP TRIGGER keep_nominees ON nominee")
    op.execute("DROP FUNCTION keep_nominees")
    op.drop_constraint(op.f('uq_meeting_public_id'), 'meeting', type_='unique')
    op.drop_column('meeting', 'public_id')
    op.drop_index('ix_nominee_born_on', table_name='nominee')
    for name in ('consent_told_on', 'submitted_before', 'own_household'):
        op.drop_column('nominee', name)
    op.execute("DROP SEQUENCE nomination_serial")
