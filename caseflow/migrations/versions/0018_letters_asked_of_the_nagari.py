"""Letters asked of the nagari that issued them: question, answer, other proof, the second person's word."""

import sqlalchemy as sa
from alembic import op


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


_TABLES = ("letter_check", "letter_answer", "letter_proof", "letter_proof_word")


def upgrade() -> None:
    """New tables; nothing in them is ever changed."""
    op.create_table('letter_check',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('letter_number', sa.Text(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind IN ('heir_letter', 'death_letter', 'domicile')", name=op.f('ck_letter_check_kind_known')),
    sa.CheckConstraint('length(letter_number) BETWEEN 1 AND 80', name=op.f('ck_letter_check_numbered')),
    sa.ForeignKeyConstraint(['asked_by_person_id'], ['person.id'], name=op.f('fk_letter_check_asked_by_person_id')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_letter_check_casefile_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_letter_check_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_check')),
    sa.UniqueConstraint('public_id', name=op.f('uq_letter_check_public_id'))
    )
    op.create_index('ix_letter_check_casefile_id', 'letter_check', ['casefile_id', 'kind', 'id'], unique=False)
    op.create_index('ix_letter_check_region_code', 'letter_check', ['region_code', 'id'], unique=False)
    op.create_table('letter_answer',
    sa.Column('check_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answered_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("verdict = 'matches' OR length(note) >= 10", name=op.f('ck_letter_answer_says_what_differs')),
    sa.CheckConstraint("verdict IN ('matches', 'differs', 'not_ours')", name=op.f('ck_letter_answer_verdict_known')),
    sa.ForeignKeyConstraint(['answered_by_person_id'], ['person.id'], name=op.f('fk_letter_answer_answered_by_person_id')),
    sa.ForeignKeyConstraint(['check_id'], ['letter_check.id'], name=op.f('fk_letter_answer_check_id')),
    sa.PrimaryKeyConstraint('check_id', name=op.f('pk_letter_answer'))
    )
    op.create_table('letter_proof',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('check_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_letter_proof_reason_given')),
    sa.ForeignKeyConstraint(['check_id'], ['letter_answer.check_id'], name=op.f('fk_letter_proof_check_id')),
    sa.ForeignKeyConstraint(['proposed_by_person_id'], ['person.id'], name=op.f('fk_letter_proof_proposed_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_proof')),
    sa.UniqueConstraint('id', 'proposed_by_person_id', name=op.f('uq_letter_proof_id_proposed_by_person_id'))
    )
    op.create_index('ix_letter_proof_check_id', 'letter_proof', ['check_id'], unique=False)
    op.create_table('letter_proof_word',
    sa.Column('proof_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('said_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("verdict IN ('confirmed', 'refused')", name=op.f('ck_letter_proof_word_verdict_known')),
    sa.CheckConstraint('length(note) >= 10', name=op.f('ck_letter_proof_word_note_given')),
    sa.CheckConstraint('said_by_person_id <> proposed_by_person_id', name=op.f('ck_letter_proof_word_by_a_second_person')),
    sa.ForeignKeyConstraint(['proof_id', 'proposed_by_person_id'], ['letter_proof.id', 'letter_proof.proposed_by_person_id'], name='fk_letter_proof_word_is_on_a_proof'),
    sa.ForeignKeyConstraint(['said_by_person_id'], ['person.id'], name=op.f('fk_letter_proof_word_said_by_person_id')),
    sa.PrimaryKeyConstraint('proof_id', name=op.f('pk_letter_proof_word'))
    )
    op.create_index(
        'ix_worker_died_on', 'worker', ['died_on', 'id'], postgresql_where=sa.text('died_on IS NOT NULL')
    )
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Back to letters that nobody asks about."""
    op.drop_index('ix_worker_died_on', table_name='worker')
    op.drop_table('letter_proof_word')
    op.drop_index('ix_letter_proof_check_id', table_name='letter_proof')
    op.drop_table('letter_proof')
    op.drop_table('letter_answer')
    op.drop_index('ix_letter_check_region_code', table_name='letter_check')
    op.drop_index('ix_letter_check_casefile_id', table_name='letter_check')
    op.drop_table('letter_check')
