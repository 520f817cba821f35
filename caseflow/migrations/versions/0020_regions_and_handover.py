"""Regions open and close, work is handed over, roles are proposed."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

_REGION = {
    "closed_after_opened": "closed_on > opened_on",
    "code_of_its_kecamatan": "level NOT IN ('nagari', 'desa') OR (code ~ '^[0-9]{2}[.][0-9]{2}[.][0-9]{2}[.][0-9]{4}$'"
        " AND code LIKE parent_code || '.%')",
}
_STAYS = """
CREATE FUNCTION region_code_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the code and the level of a region never change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'region_code_stays';
END $$
"""

def upgrade() -> None:
    """New tables; regions can be opened and closed, their codes stay; changes of settings are found by part."""
    op.create_table('region_alias',
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('alias', sa.Text(), nullable=False),
    sa.CheckConstraint('length(alias) BETWEEN 2 AND 60', name=op.f('ck_region_alias_named')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_region_alias_region_code')),
    sa.PrimaryKeyConstraint('region_code', 'alias', name=op.f('pk_region_alias'))
    )
    op.create_table('handover',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('from_user_id', sa.BigInteger(), nullable=False),
    sa.Column('to_user_id', sa.BigInteger(), nullable=True),
    sa.Column('why', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('cases', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(why = 'ownerless') = (by_user_id IS NULL)", name=op.f('ck_handover_somebody_gave_it')),
    sa.CheckConstraint("why = 'ownerless' OR length(note) >= 10", name=op.f('ck_handover_note_given')),
    sa.CheckConstraint("why IN ('leave', 'moved', 'left', 'ownerless')", name=op.f('ck_handover_why_known')),
    sa.CheckConstraint('cases > 0', name=op.f('ck_handover_something_moved')),
    sa.CheckConstraint('from_user_id <> to_user_id', name=op.f('ck_handover_to_another')),
    sa.ForeignKeyConstraint(['by_user_id'], ['staff_user.id'], name=op.f('fk_handover_by_user_id')),
    sa.ForeignKeyConstraint(['from_user_id'], ['staff_user.id'], name=op.f('fk_handover_from_user_id')),
    sa.ForeignKeyConstraint(['to_user_id'], ['staff_user.id'], name=op.f('fk_handover_to_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover')),
    sa.UniqueConstraint('public_id', name=op.f('uq_handover_public_id'))
    )
    op.create_index('ix_handover_at', 'handover', ['at'], unique=False)
    op.create_table('staff_proposal',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('scope_kind', sa.Text(), nullable=False),
    sa.Column('scope_code', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('username', sa.Text(), nullable=True),
    sa.Column('full_name', sa.Text(), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('national_id', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('accepted', sa.Boolean(), nullable=True),
    sa.CheckConstraint("scope_kind IN ('branch', 'nagari', 'regency')", name=op.f('ck_staff_proposal_scope_kind_known')),
    sa.CheckConstraint('(answered_at IS NULL) = (answered_by_user_id IS NULL) AND (answered_at IS NULL) = (accepted IS NULL)', name=op.f('ck_staff_proposal_answer_is_whole')),
    sa.CheckConstraint('(user_id IS NULL) = (username IS NOT NULL)', name=op.f('ck_staff_proposal_about_somebody')),
    sa.CheckConstraint('(username IS NULL) = (full_name IS NULL)', name=op.f('ck_staff_proposal_new_account_is_named')),
    sa.CheckConstraint('answered_by_user_id <> proposed_by_user_id', name=op.f('ck_staff_proposal_answered_by_a_second_person')),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_staff_proposal_reason_given')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['staff_user.id'], name=op.f('fk_staff_proposal_answered_by_user_id')),
    sa.ForeignKeyConstraint(['proposed_by_user_id'], ['staff_user.id'], name=op.f('fk_staff_proposal_proposed_by_user_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_staff_proposal_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_proposal')),
    sa.UniqueConstraint('public_id', name=op.f('uq_staff_proposal_public_id'))
    )
    op.create_index('uq_staff_proposal_open_role', 'staff_proposal', ['user_id', 'role', 'scope_code'], unique=True, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_index('uq_staff_proposal_open_username', 'staff_proposal', ['username'], unique=True, postgresql_where=sa.text('answered_at IS NULL'))
    op.create_table('handover_case',
    sa.Column('handover_id', sa.BigInteger(), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('to_user_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('requests_waiting', sa.BigInteger(), nullable=False),
    sa.Column('remind_on', sa.Date(), nullable=True),
    sa.CheckConstraint('requests_waiting >= 0', name=op.f('ck_handover_case_requests_counted')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_handover_case_casefile_id')),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_case_handover_id')),
    sa.ForeignKeyConstraint(['to_user_id'], ['staff_user.id'], name=op.f('fk_handover_case_to_user_id')),
    sa.PrimaryKeyConstraint('handover_id', 'casefile_id', name=op.f('pk_handover_case'))
    )
    op.create_index('ix_handover_case_casefile_id', 'handover_case', ['casefile_id', 'handover_id'], unique=False)
    for table in ('handover', 'handover_case'):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.create_index('ix_audit_event_part', 'audit_event', [sa.literal_column("split_part(action, '.', 1)"), 'id'], unique=False, postgresql_where=sa.text('casefile_id IS NULL'))
    op.create_index('ix_audit_event_subject', 'audit_event', ['subject', 'id'], unique=False, postgresql_where=sa.text('casefile_id IS NULL'))
    op.add_column('region', sa.Column('opened_on', sa.Date(), nullable=True))
    op.add_column('region', sa.Column('closed_on', sa.Date(), nullable=True))
    op.add_column('region', sa.Column('source', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('region', sa.Column('note', sa.Text(), nullable=False, server_default=sa.text("''")))
    for name, condition in _REGION.items():
        op.create_check_constraint(op.f(f'ck_region_{name}'), 'region', condition)
    op.execute(_STAYS)
    op.execute(
        "CREATE TRIGGER code_stays BEFORE UPDATE ON region FOR EACH ROW"
        " WHEN (OLD.code <> NEW.code OR OLD.level <> NEW.level) EXECUTE FUNCTION region_code_stays()"
    )
    op.add_column('staff_user', sa.Column('temporary_until', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Back to regions that nobody changes and work that nobody hands over."""
    op.drop_column('staff_user', 'temporary_until')
    op.execute("DROP TRIGGER code_stays ON region")
    op.execute("DROP FUNCTION region_code_stays")
    for name in _REGION:
        op.drop_constraint(op.f(f'ck_region_{name}'), 'region', type_='check')
    op.drop_column('region', 'note')
    op.drop_column('region', 'source')
    op.drop_column('region', 'closed_on')
    op.drop_column('region', 'opened_on')
    op.drop_index('ix_audit_event_subject', table_name='audit_event', postgresql_where=sa.text('casefile_id IS NULL'))
    op.drop_index('ix_audit_event_part', table_name='audit_event', postgresql_where=sa.text('casefile_id IS NULL'))
    op.drop_index('ix_handover_case_casefile_id', table_name='handover_case')
    op.drop_table('handover_case')
    op.drop_index('uq_staff_proposal_open_username', table_name='staff_proposal', postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_index('uq_staff_proposal_open_role', table_name='staff_proposal', postgresql_where=sa.text('answered_at IS NULL'))
    op.drop_table('staff_proposal')
    op.drop_index('ix_handover_at', table_name='handover')
    op.drop_table('handover')
    op.drop_table('region_alias')
