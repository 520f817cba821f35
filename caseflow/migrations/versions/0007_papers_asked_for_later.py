"""A paper asked for later needs a second person; a family can take a request back, and is reminded on its day."""

import sqlalchemy as sa
from alembic import op


revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables for proposed papers; indexes for requests that wait."""
    op.create_table('paper_proposal',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_paper_proposal_reason_given')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_paper_proposal_casefile_id')),
    sa.ForeignKeyConstraint(['proposed_by_person_id'], ['person.id'], name=op.f('fk_paper_proposal_proposed_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_proposal')),
    sa.UniqueConstraint('casefile_id', 'id', 'proposed_by_person_id', name=op.f('uq_paper_proposal_casefile_id_id_proposed_by_person_id'))
    )
    op.create_index('ix_paper_proposal_casefile_id', 'paper_proposal', ['casefile_id'], unique=False)
    op.create_table('paper_word',
    sa.Column('proposal_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('said_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(verdict = 'withdrawn') = (said_by_person_id = proposed_by_person_id)", name=op.f('ck_paper_word_by_a_second_person')),
    sa.CheckConstraint("verdict = 'withdrawn' OR length(note) >= 10", name=op.f('ck_paper_word_note_given')),
    sa.CheckConstraint("verdict IN ('confirmed', 'refused', 'withdrawn')", name=op.f('ck_paper_word_verdict_known')),
    sa.ForeignKeyConstraint(['casefile_id', 'proposal_id', 'proposed_by_person_id'], ['paper_proposal.casefile_id', 'paper_proposal.id', 'paper_proposal.proposed_by_person_id'], name='fk_paper_word_is_on_a_proposal'),
    sa.ForeignKeyConstraint(['said_by_person_id'], ['person.id'], name=op.f('fk_paper_word_said_by_person_id')),
    sa.PrimaryKeyConstraint('proposal_id', name=op.f('pk_paper_word'))
    )
    op.add_column('family_request', sa.Column('taken_back', sa.Boolean(), server_default=sa.text('false'), nullable=False))
    op.create_check_constraint(
        op.f('ck_family_request_taken_back_is_over'),
        'family_request',
        'NOT taken_back OR answered_at IS NOT NULL',
    )
    op.create_index('ix_family_request_casefile_id', 'family_request', ['casefile_id', 'id'], unique=False)
    op.create_index('ix_family_request_remind_on', 'family_request', ['remind_on'], unique=False, postgresql_where=sa.text("answered_at IS NULL AND kind = 'remind'"))
    op.create_index('ix_family_request_waiting', 'family_request', ['id'], unique=False, postgresql_where=sa.text("answered_at IS NULL AND kind <> 'remind'"))
    for table in ('paper_proposal', 'paper_word'):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Back to papers that one officer asks for alone."""
    op.drop_constraint(op.f('ck_family_request_taken_back_is_over'), 'family_request', type_='check')
    op.drop_index('ix_family_request_waiting', table_name='family_request', postgresql_where=sa.text("answered_at IS NULL AND kind <> 'remind'"))
    op.drop_index('ix_family_request_remind_on', table_name='family_request', postgresql_where=sa.text("answered_at IS NULL AND kind = 'remind'"))
    op.drop_index('ix_family_request_casefile_id', table_name='family_request')
    op.drop_column('family_request', 'taken_back')
    op.drop_table('paper_word')
    op.drop_index('ix_paper_proposal_casefile_id', table_name='paper_proposal')
    op.drop_table('paper_proposal')
