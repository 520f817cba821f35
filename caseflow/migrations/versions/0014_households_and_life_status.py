"""Households with a living head, life status as dated rows, changes with a proof and a second person."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; the head of a household is tied to a row that says alive."""
    op.create_table('household',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('family_card_number', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('family_card_index', sa.String(length=64), nullable=False),
    sa.Column('head_member_id', sa.BigInteger(), nullable=True),
    sa.Column('head_alive', sa.Boolean(), server_default=sa.text('true'), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('head_alive', name=op.f('ck_household_head_lives')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['staff_user.id'], name=op.f('fk_household_recorded_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_household_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('family_card_index', name=op.f('uq_household_family_card_index')),
    sa.UniqueConstraint('public_id', name=op.f('uq_household_public_id'))
    )
    op.create_index('ix_household_region_code', 'household', ['region_code'], unique=False)
    op.create_table('household_member',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('household_id', sa.BigInteger(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.Column('full_name', sa.Text(), nullable=False),
    sa.Column('sex', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=True),
    sa.Column('national_id', sa.Text(), nullable=True),
    sa.Column('national_id_index', sa.String(length=64), nullable=True),
    sa.Column('worker_id', sa.BigInteger(), nullable=True),
    sa.Column('died_on', sa.Date(), nullable=True),
    sa.Column('alive', sa.Boolean(), sa.Computed('died_on IS NULL', persisted=True), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.CheckConstraint("relation IN ('head', 'spouse', 'child', 'parent', 'sibling', 'grandchild', 'in_law', 'other')", name=op.f('ck_household_member_relation_known')),
    sa.CheckConstraint("sex IN ('f', 'm')", name=op.f('ck_household_member_sex_known')),
    sa.CheckConstraint('died_on >= born_on', name=op.f('ck_household_member_died_after_birth')),
    sa.CheckConstraint('length(full_name) BETWEEN 1 AND 120', name=op.f('ck_household_member_named')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_member_household_id')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['staff_user.id'], name=op.f('fk_household_member_recorded_by_user_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_household_member_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_member')),
    sa.UniqueConstraint('id', 'household_id', 'alive', name=op.f('uq_household_member_id_household_id_alive')),
    sa.UniqueConstraint('public_id', name=op.f('uq_household_member_public_id'))
    )
    op.create_index('ix_household_member_household_id', 'household_member', ['household_id', 'id'], unique=False)
    op.create_index('ix_household_member_national_id_index', 'household_member', ['national_id_index'], unique=False)
    op.create_index('uq_household_member_one_card', 'household_member', ['national_id_index'], unique=True, postgresql_where=sa.text('left_on IS NULL'))
    op.create_index('uq_household_member_worker', 'household_member', ['worker_id'], unique=True, postgresql_where=sa.text('left_on IS NULL'))
    op.create_table('worker_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('worker_id', sa.BigInteger(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('old_value', sa.Text(), nullable=False),
    sa.Column('new_value', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proof_file_id', sa.BigInteger(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answer_note', sa.Text(), nullable=False),
    sa.CheckConstraint("answer <> 'refused' OR length(answer_note) >= 10", name=op.f('ck_worker_change_refusal_says_why')),
    sa.CheckConstraint("answer IN ('accepted', 'refused')", name=op.f('ck_worker_change_answer_known')),
    sa.CheckConstraint("field IN ('full_name', 'national_id', 'born_on', 'sex', 'family_card_number')", name=op.f('ck_worker_change_field_known')),
    sa.CheckConstraint('(answered_at IS NULL) = (answer IS NULL) AND (answered_at IS NULL) = (answered_by_user_id IS NULL)', name=op.f('ck_worker_change_answer_is_whole')),
    sa.CheckConstraint('answered_by_user_id <> asked_by_user_id', name=op.f('ck_worker_change_answered_by_another')),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_worker_change_reason_given')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['staff_user.id'], name=op.f('fk_worker_change_answered_by_user_id')),
    sa.ForeignKeyConstraint(['asked_by_user_id'], ['staff_user.id'], name=op.f('fk_worker_change_asked_by_user_id')),
    sa.ForeignKeyConstraint(['proof_file_id'], ['registry_file.id'], name=op.f('fk_worker_change_proof_file_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_worker_change_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker_change')),
    sa.UniqueConstraint('public_id', name=op.f('uq_worker_change_public_id'))
    )
    op.create_index('ix_worker_change_open', 'worker_change', ['asked_at', 'id'], unique=False, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_index('ix_worker_change_worker_id', 'worker_change', ['worker_id', 'id'], unique=False)
    op.create_index('uq_worker_change_one_open', 'worker_change', ['worker_id', 'field'], unique=True, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('life_event',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('told_by', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('worker_id', sa.BigInteger(), nullable=True),
    sa.Column('member_id', sa.BigInteger(), nullable=True),
    sa.Column('died_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proof_file_id', sa.BigInteger(), nullable=True),
    sa.Column('corrects_id', sa.BigInteger(), nullable=True),
    sa.Column('corrected_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(kind = 'alive') = (corrects_id IS NOT NULL) AND (corrects_id IS NULL) = (corrected_user_id IS NULL)", name=op.f('ck_life_event_correction_names_its_row')),
    sa.CheckConstraint("(kind = 'died') = (died_on IS NOT NULL)", name=op.f('ck_life_event_death_has_a_day')),
    sa.CheckConstraint("kind = 'died' OR length(reason) >= 10", name=op.f('ck_life_event_correction_says_why')),
    sa.CheckConstraint("kind IN ('died', 'alive')", name=op.f('ck_life_event_kind_known')),
    sa.CheckConstraint('(worker_id IS NULL) <> (member_id IS NULL)', name=op.f('ck_life_event_about_one_person')),
    sa.CheckConstraint('corrected_user_id <> recorded_by_user_id', name=op.f('ck_life_event_corrected_by_another')),
    sa.CheckConstraint('length(told_by) BETWEEN 2 AND 120', name=op.f('ck_life_event_somebody_told')),
    sa.ForeignKeyConstraint(['corrects_id', 'corrected_user_id'], ['life_event.id', 'life_event.recorded_by_user_id'], name=op.f('fk_life_event_corrects_id_corrected_user_id')),
    sa.ForeignKeyConstraint(['member_id'], ['household_member.id'], name=op.f('fk_life_event_member_id')),
    sa.ForeignKeyConstraint(['proof_file_id'], ['registry_file.id'], name=op.f('fk_life_event_proof_file_id')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['staff_user.id'], name=op.f('fk_life_event_recorded_by_user_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_life_event_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_life_event')),
    sa.UniqueConstraint('corrects_id', name=op.f('uq_life_event_corrects_id')),
    sa.UniqueConstraint('id', 'recorded_by_user_id', name=op.f('uq_life_event_id_recorded_by_user_id'))
    )
    op.create_index('ix_life_event_member_id', 'life_event', ['member_id', 'id'], unique=False)
    op.create_index('ix_life_event_worker_id', 'life_event', ['worker_id', 'id'], unique=False)
    op.create_foreign_key(
        'fk_household_head_is_alive', 'household', 'household_member',
        ['head_member_id', 'id', 'head_alive'], ['id', 'household_id', 'alive'],
    )
    op.create_index('ix_worker_region_name', 'worker', ['region_code', 'full_name', 'id'], unique=False)
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON life_event"
        " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    """Back to workers without households; what was told of deaths stays in ``worker.died_on``."""
    op.drop_index('ix_worker_region_name', table_name='worker')
    op.drop_constraint('fk_household_head_is_alive', 'household', type_='foreignkey')
    op.drop_index('ix_life_event_worker_id', table_name='life_event')
    op.drop_index('ix_life_event_member_id', table_name='life_event')
    op.drop_table('life_event')
    op.drop_index('uq_worker_change_one_open', table_name='worker_change', postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_index('ix_worker_change_worker_id', table_name='worker_change')
    op.drop_index('ix_worker_change_open', table_name='worker_change', postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_table('worker_change')
    op.drop_index('uq_household_member_worker', table_name='household_member', postgresql_where=sa.text('left_on IS NULL'))
    op.drop_index('uq_household_member_one_card', table_name='household_member', postgresql_where=sa.text('left_on IS NULL'))
    op.drop_index('ix_household_member_national_id_index', table_name='household_member')
    op.drop_index('ix_household_member_household_id', table_name='household_member')
    op.drop_table('household_member')
    op.drop_index('ix_household_region_code', table_name='household')
    op.drop_table('household')
