"""Who helps a family and until when, consent given and taken back, requests of a family, the PIN of its phone."""

import sqlalchemy as sa
from alembic import op


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; the consent of cases under way is carried over from their reports."""
    op.create_table('helper_mandate',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('helper_name', sa.Text(), nullable=False),
    sa.Column('helper_relation', sa.Text(), nullable=False),
    sa.Column('helper_phone', sa.Text(), nullable=False),
    sa.Column('given_by_name', sa.Text(), nullable=False),
    sa.Column('given_by_relation', sa.Text(), nullable=False),
    sa.Column('given_how', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('given_by_phone', sa.Text(), nullable=True),
    sa.Column('helped_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_why', sa.Text(), nullable=True),
    sa.CheckConstraint("ends_on <= (given_at AT TIME ZONE 'Asia/Jakarta')::date + 180", name=op.f('ck_helper_mandate_half_a_year')),
    sa.CheckConstraint("given_by_phone IS NULL OR given_by_phone ~ '^[+][0-9]{8,15}$'", name=op.f('ck_helper_mandate_given_by_phone_e164')),
    sa.CheckConstraint("given_how IN ('spoken', 'written')", name=op.f('ck_helper_mandate_given_how_known')),
    sa.CheckConstraint("helper_phone = '' OR helper_phone ~ '^[+][0-9]{8,15}$'", name=op.f('ck_helper_mandate_helper_phone_e164')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_why IS NULL)', name=op.f('ck_helper_mandate_ended_says_why')),
    sa.CheckConstraint('length(given_by_name) >= 2', name=op.f('ck_helper_mandate_somebody_gave_it')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_helper_mandate_casefile_id')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['staff_user.id'], name=op.f('fk_helper_mandate_helped_by_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_helper_mandate')),
    sa.UniqueConstraint('casefile_id', 'id', name=op.f('uq_helper_mandate_casefile_id_id'))
    )
    op.create_table('consent',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_consent_casefile_id')),
    sa.ForeignKeyConstraint(['device_id'], ['family_device.id'], name=op.f('fk_consent_device_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_consent_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    op.create_index('ix_consent_casefile_id', 'consent', ['casefile_id', 'id'], unique=False)
    op.create_table('family_request',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('asked_by', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('requirement_id', sa.BigInteger(), nullable=True),
    sa.Column('stuck_at', sa.Text(), nullable=True),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('remind_on', sa.Date(), nullable=True),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('helped_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.CheckConstraint("(kind = 'help_obtain') = (stuck_at IS NOT NULL)", name=op.f('ck_family_request_stuck_somewhere')),
    sa.CheckConstraint("(kind = 'remind') = (remind_on IS NOT NULL)", name=op.f('ck_family_request_reminder_has_day')),
    sa.CheckConstraint("(kind IN ('help_find', 'help_obtain', 'not_applicable', 'remind')) = (requirement_id IS NOT NULL)", name=op.f('ck_family_request_papers_have_a_paper')),
    sa.CheckConstraint("kind IN ('help_find', 'help_obtain', 'not_applicable', 'remind', 'withdraw', 'correct', 'question')", name=op.f('ck_family_request_kind_known')),
    sa.CheckConstraint("stuck_at IN ('nagari', 'district', 'civil_registry', 'hospital', 'bank', 'relatives', 'other')", name=op.f('ck_family_request_stuck_at_known')),
    sa.CheckConstraint('(answered_at IS NULL) = (answer IS NULL)', name=op.f('ck_family_request_answer_in_words')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['staff_user.id'], name=op.f('fk_family_request_answered_by_user_id')),
    sa.ForeignKeyConstraint(['casefile_id', 'requirement_id'], ['requirement.casefile_id', 'requirement.id'], name=op.f('fk_family_request_casefile_id_requirement_id')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_family_request_casefile_id')),
    sa.ForeignKeyConstraint(['device_id'], ['family_device.id'], name=op.f('fk_family_request_device_id')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['staff_user.id'], name=op.f('fk_family_request_helped_by_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family_request')),
    sa.UniqueConstraint('casefile_id', 'id', name=op.f('uq_family_request_casefile_id_id'))
    )
    op.create_index('ix_family_request_open', 'family_request', ['casefile_id'], unique=False, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_index('uq_family_request_one_open', 'family_request', ['casefile_id', 'requirement_id', 'kind'], unique=True, postgresql_where=sa.text('answered_at IS NULL AND requirement_id IS NOT NULL'))
    op.add_column('family_device', sa.Column('mandate_id', sa.BigInteger(), nullable=True))
    op.add_column('family_device', sa.Column('pin_hash', sa.Text(), nullable=True))
    op.add_column('family_device', sa.Column('unlocked_until', sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(op.f('fk_family_device_casefile_id_mandate_id'), 'family_device', 'helper_mandate', ['casefile_id', 'mandate_id'], ['casefile_id', 'id'])
    op.create_check_constraint(
        op.f('ck_family_device_unlocked_with_pin'),
        'family_device',
        'unlocked_until IS NULL OR pin_hash IS NOT NULL',
    )
    op.execute(
        "INSERT INTO consent (casefile_id, version, given, said_by, at, user_id, note)"
        " SELECT casefile_id, consent_version, true, reporter_name, reported_at, helped_by_user_id, '' FROM report"
    )
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON consent"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back to cases without helpers, requests and PIN."""
    op.drop_constraint(op.f('ck_family_device_unlocked_with_pin'), 'family_device', type_='check')
    op.drop_constraint(op.f('fk_family_device_casefile_id_mandate_id'), 'family_device', type_='foreignkey')
    op.drop_column('family_device', 'unlocked_until')
    op.drop_column('family_device', 'pin_hash')
    op.drop_column('family_device', 'mandate_id')
    op.drop_index('uq_family_request_one_open', table_name='family_request', postgresql_where=sa.text('answered_at IS NULL AND requirement_id IS NOT NULL'))
    op.drop_index('ix_family_request_open', table_name='family_request', postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_table('family_request')
    op.drop_index('ix_consent_casefile_id', table_name='consent')
    op.drop_table('consent')
    op.drop_table('helper_mandate')
