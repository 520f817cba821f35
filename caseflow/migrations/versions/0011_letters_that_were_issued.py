"""Letters that were issued: numbered, checkable by strangers, revoked but never changed."""

import sqlalchemy as sa
from alembic import op


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


KEEP_LETTER = """
CREATE FUNCTION keep_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(NEW) - 'revoked_at' - 'revoked_why' - 'revoked_by' - 'replaced_by_id'
          <> to_jsonb(OLD) - 'revoked_at' - 'revoked_why' - 'revoked_by' - 'replaced_by_id'
       OR (OLD.revoked_at IS NOT NULL AND (NEW.revoked_at, NEW.revoked_why, NEW.revoked_by)
          IS DISTINCT FROM (OLD.revoked_at, OLD.revoked_why, OLD.revoked_by))
       OR (OLD.replaced_by_id IS NOT NULL AND NEW.replaced_by_id IS DISTINCT FROM OLD.replaced_by_id) THEN
        RAISE EXCEPTION 'a letter that was issued never changes; it is revoked once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """Two new tables; cases under way have no letters yet."""
    op.create_table('letter_serial',
    sa.Column('branch_code', sa.Text(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('last >= 0', name=op.f('ck_letter_serial_last_not_negative')),
    sa.PrimaryKeyConstraint('branch_code', 'year', name=op.f('pk_letter_serial'))
    )
    op.create_table('letter',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('paper', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('check_code', sa.Text(), nullable=False),
    sa.Column('history_version', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.Column('pdf_sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('pages', sa.BigInteger(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by', sa.Text(), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=True),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('duty', sa.Text(), nullable=True),
    sa.Column('decision_id', sa.BigInteger(), nullable=True),
    sa.Column('decision_sha256', sa.String(length=64), nullable=True),
    sa.Column('total_idr', sa.BigInteger(), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_why', sa.Text(), nullable=True),
    sa.Column('revoked_by', sa.Text(), nullable=True),
    sa.Column('replaced_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(kind = 'decision') = (decision_id IS NOT NULL) AND (decision_id IS NULL) = (decision_sha256 IS NULL) AND (decision_id IS NULL) = (total_idr IS NULL) AND (total_idr IS NULL OR total_idr > 0)", name=op.f('ck_letter_decision_is_named')),
    sa.CheckConstraint("(kind = 'refusal' AND duty IS NOT NULL AND duty = 'verify' AND person_id IS NOT NULL) OR (kind <> 'refusal' AND duty IS NULL)", name=op.f('ck_letter_refusal_read_by_another')),
    sa.CheckConstraint("kind <> 'refusal' OR state IN ('refused', 'lapsed')", name=op.f('ck_letter_refusal_of_a_refusal')),
    sa.CheckConstraint("check_code ~ '^[2-9BCDFGHJKLMNPQRSTVWXYZ]{16}$'", name=op.f('ck_letter_check_code_readable')),
    sa.CheckConstraint("kind IN ('receipt', 'document_request', 'decision', 'refusal', 'invitation')", name=op.f('ck_letter_kind_known')),
    sa.CheckConstraint("paper = 'a4' OR kind = 'receipt'", name=op.f('ck_letter_small_papers_are_receipts')),
    sa.CheckConstraint("paper IN ('a4', 'counter', 'roll')", name=op.f('ck_letter_paper_known')),
    sa.CheckConstraint("person_id IS NOT NULL OR (device_id IS NOT NULL AND kind = 'receipt')", name=op.f('ck_letter_families_take_receipts')),
    sa.CheckConstraint('(revoked_at IS NULL) = (revoked_why IS NULL) AND (revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_why IS NULL OR length(revoked_why) >= 10)', name=op.f('ck_letter_revoked_says_why')),
    sa.CheckConstraint('replaced_by_id IS NULL OR replaced_by_id <> id', name=op.f('ck_letter_not_its_own_successor')),
    sa.CheckConstraint('replaced_by_id IS NULL OR revoked_at IS NOT NULL', name=op.f('ck_letter_replaced_is_revoked')),
    sa.CheckConstraint('size_bytes > 0 AND pages > 0', name=op.f('ck_letter_not_empty')),
    sa.ForeignKeyConstraint(['casefile_id', 'decision_id', 'decision_sha256', 'total_idr'], ['decision.casefile_id', 'decision.id', 'decision.content_sha256', 'decision.total_idr'], name='fk_letter_states_the_decision'),
    sa.ForeignKeyConstraint(['casefile_id', 'history_version', 'state'], ['history.casefile_id', 'history.version', 'history.state'], name='fk_letter_states_what_was'),
    sa.ForeignKeyConstraint(['casefile_id', 'person_id', 'duty'], ['casefile_duty.casefile_id', 'casefile_duty.person_id', 'casefile_duty.duty'], name='fk_letter_duty_is_held'),
    sa.ForeignKeyConstraint(['casefile_id', 'replaced_by_id'], ['letter.casefile_id', 'letter.id'], name='fk_letter_replaced_in_its_case'),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_letter_casefile_id')),
    sa.ForeignKeyConstraint(['device_id'], ['family_device.id'], name=op.f('fk_letter_device_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_letter_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('casefile_id', 'id', name=op.f('uq_letter_casefile_id_id')),
    sa.UniqueConstraint('check_code', name=op.f('uq_letter_check_code')),
    sa.UniqueConstraint('number', name=op.f('uq_letter_number')),
    sa.UniqueConstraint('object_key', name=op.f('uq_letter_object_key'))
    )
    op.create_index('ix_letter_casefile_id', 'letter', ['casefile_id', 'id'], unique=False)
    op.create_index('uq_letter_one_a_decision', 'letter', ['casefile_id', 'decision_id'], unique=True, postgresql_where=sa.text('revoked_at IS NULL AND decision_id IS NOT NULL'))
    op.create_index('uq_letter_one_a_refusal', 'letter', ['casefile_id', 'history_version'], unique=True, postgresql_where=sa.text("revoked_at IS NULL AND kind = 'refusal'"))
    op.create_index('uq_letter_one_invitation', 'letter', ['casefile_id'], unique=True, postgresql_where=sa.text("revoked_at IS NULL AND kind = 'invitation'"))
    op.create_index('uq_letter_said_once', 'letter', ['casefile_id', 'kind', 'paper', 'content_sha256'], unique=True, postgresql_where=sa.text('revoked_at IS NULL'))
    op.execute(KEEP_LETTER)
    op.execute(
        "CREATE TRIGGER keep_letter BEFORE UPDATE OR DELETE ON letter"
        " FOR EACH ROW EXECUTE FUNCTION keep_letter()"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE TRUNCATE ON letter FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back to cases without letters."""
    op.drop_index('uq_letter_said_once', table_name='letter', postgresql_where=sa.text('revoked_at IS NULL'))
    op.drop_index('uq_letter_one_invitation', table_name='letter', postgresql_where=sa.text("revoked_at IS NULL AND kind = 'invitation'"))
    op.drop_index('uq_letter_one_a_refusal', table_name='letter', postgresql_where=sa.text("revoked_at IS NULL AND kind = 'refusal'"))
    op.drop_index('uq_letter_one_a_decision', table_name='letter', postgresql_where=sa.text('revoked_at IS NULL AND decision_id IS NOT NULL'))
    op.drop_index('ix_letter_casefile_id', table_name='letter')
    op.drop_table('letter')
    op.drop_table('letter_serial')
    op.execute('DROP FUNCTION keep_letter()')
