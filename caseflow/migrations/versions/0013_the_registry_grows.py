"""The registry grows: jorong, quotas, meetings, nominations, proofs; more about a worker; a role for the regency."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


_ROLES = (
    "(role IN ('officer', 'medical_adviser', 'approver', 'branch_head') AND role_family = 'branch')"
    " OR (role = 'finance' AND role_family = 'finance') OR (role = 'admin' AND role_family = 'admin')"
    " OR (role IN ('auditor', 'inspector') AND role_family = 'audit')"
    " OR (role = 'nagari_operator' AND role_family = 'nagari')"
    " OR (role IN ('social_worker', 'social_supervisor') AND role_family = 'social')"
    " OR (role = 'regency_monitor' AND role_family = 'overview')"
)
_PROGRAMME = " OR (role = 'programme_officer' AND role_family = 'programme')"
_APART = {"complaints": "(kind = 'complaint') = (branch_code LIKE '%/%')",
          "others": "(kind IN ('complaint', 'nomination')) = (branch_code LIKE '%/%')"}
_WORKER = {
    "hazard_known": "hazard IN ('', 'low', 'medium', 'high')",
    "decile_in_bounds": "welfare_decile BETWEEN 1 AND 10",
    "died_after_birth": "died_on > born_on",
    "left_says_why": "(left_on IS NULL) = (left_reason IS NULL)",
    "left_reason_known":
        "left_reason IN ('moved', 'stopped_working', 'duplicate', 'own_wish', 'too_old', 'other')",
}
# the places of a quota are counted here, so that nobody can fill it over: the row of the quota is locked by the count
_COUNT = """
CREATE FUNCTION count_quota_places() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before_id bigint; after_id bigint;
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.state IN ('proposed', 'held', 'accepted', 'enrolled') THEN before_id := OLD.quota_id; END IF;
    IF TG_OP <> 'DELETE' AND NEW.state IN ('proposed', 'held', 'accepted', 'enrolled') THEN after_id := NEW.quota_id; END IF;
    IF before_id IS NOT DISTINCT FROM after_id THEN RETURN NULL; END IF;
    UPDATE quota SET taken = taken + CASE WHEN id = after_id THEN 1 ELSE -1 END WHERE id IN (before_id, after_id);
    RETURN NULL;
END $$
"""


def upgrade() -> None:
    """New tables; the count of places is kept by a trigger."""
    _roles(_ROLES + _PROGRAMME)
    _apart("complaints", "others")
    op.create_table('jorong',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.CheckConstraint('length(name) BETWEEN 2 AND 60', name=op.f('ck_jorong_named')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_jorong_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_jorong')),
    sa.UniqueConstraint('region_code', 'name', name=op.f('uq_jorong_region_code_name'))
    )
    op.create_table('jorong_alias',
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('alias', sa.Text(), nullable=False),
    sa.Column('jorong_id', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['jorong_id'], ['jorong.id'], name=op.f('fk_jorong_alias_jorong_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_jorong_alias_region_code')),
    sa.PrimaryKeyConstraint('region_code', 'alias', name=op.f('pk_jorong_alias'))
    )
    op.create_table('quota',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('funding_source', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('slots', sa.BigInteger(), nullable=False),
    sa.Column('budgeted', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('taken', sa.BigInteger(), server_default=sa.text('0'), nullable=False),
    postgresql.ExcludeConstraint((sa.column('region_code'), '='), (sa.column('funding_source'), '='), (sa.text("daterange(starts_on, ends_on, '[]')"), '&&'), using='gist', name='ex_quota_one_a_period'),
    sa.CheckConstraint("funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')", name=op.f('ck_quota_funding_source_known')),
    sa.CheckConstraint('budgeted BETWEEN 0 AND slots', name=op.f('ck_quota_budgeted_within_slots')),
    sa.CheckConstraint('slots BETWEEN 1 AND 100000', name=op.f('ck_quota_slots_in_bounds')),
    sa.CheckConstraint('starts_on < ends_on', name=op.f('ck_quota_ends_after_start')),
    sa.CheckConstraint('taken BETWEEN 0 AND slots', name=op.f('ck_quota_not_overfilled')),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['staff_user.id'], name=op.f('fk_quota_changed_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_quota_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
    sa.UniqueConstraint('id', 'starts_on', 'ends_on', name=op.f('uq_quota_id_starts_on_ends_on'))
    )
    op.create_table('registry_file',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.Column('display_name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('scan', sa.Text(), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("kind IN ('meeting_minutes', 'decree', 'payment_proof', 'import', 'change_proof', 'letter')", name=op.f('ck_registry_file_kind_known')),
    sa.CheckConstraint('size_bytes > 0', name=op.f('ck_registry_file_not_empty')),
    sa.ForeignKeyConstraint(['created_by_user_id'], ['staff_user.id'], name=op.f('fk_registry_file_created_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_registry_file_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_file')),
    sa.UniqueConstraint('object_key', name=op.f('uq_registry_file_object_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_registry_file_public_id'))
    )
    op.create_index('ix_registry_file_region_code', 'registry_file', ['region_code', 'created_at'], unique=False)
    op.create_table('meeting',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('minutes_number', sa.Text(), nullable=False),
    sa.Column('attendees', sa.BigInteger(), nullable=False),
    sa.Column('decided', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('minutes_file_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('attendees BETWEEN 1 AND 5000', name=op.f('ck_meeting_attendees_in_bounds')),
    sa.CheckConstraint('length(minutes_number) BETWEEN 1 AND 80', name=op.f('ck_meeting_minutes_numbered')),
    sa.ForeignKeyConstraint(['minutes_file_id'], ['registry_file.id'], name=op.f('fk_meeting_minutes_file_id')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['staff_user.id'], name=op.f('fk_meeting_recorded_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_meeting_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('region_code', 'minutes_number', name=op.f('uq_meeting_region_code_minutes_number'))
    )
    op.create_table('nomination',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('quota_id', sa.BigInteger(), nullable=False),
    sa.Column('meeting_id', sa.BigInteger(), nullable=True),
    sa.Column('decree_number', sa.Text(), nullable=True),
    sa.Column('decree_on', sa.Date(), nullable=True),
    sa.Column('decree_signed_by', sa.Text(), nullable=True),
    sa.Column('decree_file_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(decree_number IS NULL) = (decree_on IS NULL) AND (decree_number IS NULL) = (decree_signed_by IS NULL)', name=op.f('ck_nomination_decree_is_whole')),
    sa.ForeignKeyConstraint(['decree_file_id'], ['registry_file.id'], name=op.f('fk_nomination_decree_file_id')),
    sa.ForeignKeyConstraint(['id'], ['casefile.id'], name=op.f('fk_nomination_id')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_nomination_meeting_id')),
    sa.ForeignKeyConstraint(['quota_id'], ['quota.id'], name=op.f('fk_nomination_quota_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nomination'))
    )
    op.create_index('ix_nomination_quota_id', 'nomination', ['quota_id'], unique=False)
    op.create_table('nominee',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('nomination_id', sa.BigInteger(), nullable=False),
    sa.Column('quota_id', sa.BigInteger(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('national_id', sa.Text(), nullable=False),
    sa.Column('full_name', sa.Text(), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=False),
    sa.Column('sex', sa.Text(), nullable=False),
    sa.Column('jorong', sa.Text(), nullable=False),
    sa.Column('occupation', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('added_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('national_id_index', sa.String(length=64), nullable=False),
    sa.Column('family_card_number', sa.Text(), nullable=True),
    sa.Column('family_card_index', sa.String(length=64), nullable=True),
    sa.Column('birth_place', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('hazard', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('mothers_name', sa.Text(), nullable=False),
    sa.Column('welfare_decile', sa.BigInteger(), nullable=True),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('waiting_place', sa.BigInteger(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('worker_id', sa.BigInteger(), nullable=True),
    sa.Column('replaces_nominee_id', sa.BigInteger(), nullable=True),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    postgresql.ExcludeConstraint((sa.column('national_id_index'), '='), (sa.text("daterange(starts_on, ends_on, '[]')"), '&&'), where=sa.text("state NOT IN ('refused', 'left')"), using='gist', name='ex_nominee_one_nik_a_period'),
    sa.CheckConstraint("(state = 'left') = (left_on IS NOT NULL)", name=op.f('ck_nominee_left_has_a_day')),
    sa.CheckConstraint("(state = 'waiting') = (waiting_place IS NOT NULL)", name=op.f('ck_nominee_waiting_has_a_place')),
    sa.CheckConstraint("hazard IN ('', 'low', 'medium', 'high')", name=op.f('ck_nominee_hazard_known')),
    sa.CheckConstraint("sex IN ('f', 'm')", name=op.f('ck_nominee_sex_known')),
    sa.CheckConstraint("state <> 'enrolled' OR worker_id IS NOT NULL", name=op.f('ck_nominee_enrolled_is_a_worker')),
    sa.CheckConstraint("state IN ('draft', 'waiting', 'returned', 'proposed', 'held', 'accepted', 'enrolled', 'refused', 'left')", name=op.f('ck_nominee_state_known')),
    sa.CheckConstraint("state NOT IN ('returned', 'held', 'refused', 'left') OR length(reason) >= 3", name=op.f('ck_nominee_says_why')),
    sa.CheckConstraint('welfare_decile BETWEEN 1 AND 10', name=op.f('ck_nominee_decile_in_bounds')),
    sa.ForeignKeyConstraint(['added_by_user_id'], ['staff_user.id'], name=op.f('fk_nominee_added_by_user_id')),
    sa.ForeignKeyConstraint(['decided_by_user_id'], ['staff_user.id'], name=op.f('fk_nominee_decided_by_user_id')),
    sa.ForeignKeyConstraint(['nomination_id'], ['nomination.id'], name=op.f('fk_nominee_nomination_id')),
    sa.ForeignKeyConstraint(['quota_id', 'starts_on', 'ends_on'], ['quota.id', 'quota.starts_on', 'quota.ends_on'], name=op.f('fk_nominee_quota_id_starts_on_ends_on'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_nominee_region_code')),
    sa.ForeignKeyConstraint(['replaces_nominee_id'], ['nominee.id'], name=op.f('fk_nominee_replaces_nominee_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_nominee_worker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_nominee')),
    sa.UniqueConstraint('public_id', name=op.f('uq_nominee_public_id'))
    )
    op.create_index('ix_nominee_family_card_index', 'nominee', ['family_card_index'], unique=False)
    op.create_index('ix_nominee_national_id_index', 'nominee', ['national_id_index'], unique=False)
    op.create_index('ix_nominee_nomination_id', 'nominee', ['nomination_id', 'state', 'id'], unique=False)
    op.create_index('ix_nominee_region', 'nominee', ['region_code', 'state', 'id'], unique=False)
    op.create_index('ix_nominee_worker_id', 'nominee', ['worker_id'], unique=False)
    op.create_index('uq_nominee_replaces', 'nominee', ['replaces_nominee_id'], unique=True, postgresql_where=sa.text("state NOT IN ('refused', 'left')"))
    op.create_index('uq_nominee_waiting_place', 'nominee', ['quota_id', 'waiting_place'], unique=True, postgresql_where=sa.text("state = 'waiting'"))
    for name in ('birth_place', 'mothers_name', 'hazard'):
        op.add_column('worker', sa.Column(name, sa.Text(), nullable=False, server_default=''))
        op.alter_column('worker', name, server_default=None)
    op.add_column('worker', sa.Column('welfare_decile', sa.BigInteger(), nullable=True))
    op.add_column('worker', sa.Column('died_on', sa.Date(), nullable=True))
    op.add_column('worker', sa.Column('left_on', sa.Date(), nullable=True))
    op.add_column('worker', sa.Column('left_reason', sa.Text(), nullable=True))
    op.add_column('worker', sa.Column('version', sa.BigInteger(), nullable=False, server_default='0'))
    op.alter_column('worker', 'version', server_default=None)
    op.add_column('worker', sa.Column(
        'public_id', sa.Text(), nullable=False, server_default=sa.text("replace(gen_random_uuid()::text, '-', '')")
    ))
    op.create_unique_constraint(op.f('uq_worker_public_id'), 'worker', ['public_id'])
    for name, condition in _WORKER.items():
        op.create_check_constraint(op.f(f'ck_worker_{name}'), 'worker', condition)
    op.execute(_COUNT)
    op.execute(
        "CREATE TRIGGER count_quota_places AFTER INSERT OR DELETE OR UPDATE OF state, quota_id ON nominee"
        " FOR EACH ROW EXECUTE FUNCTION count_quota_places()"
    )


def downgrade() -> None:
    """Back to a registry without nominations; refused while somebody holds the new role, or a nomination is there."""
    _roles(_ROLES)
    _apart("others", "complaints")
    for name in _WORKER:
        op.drop_constraint(op.f(f'ck_worker_{name}'), 'worker', type_='check')
    op.drop_column('worker', 'public_id')
    op.drop_column('worker', 'version')
    op.drop_column('worker', 'left_reason')
    op.drop_column('worker', 'left_on')
    op.drop_column('worker', 'died_on')
    op.drop_column('worker', 'welfare_decile')
    op.drop_column('worker', 'hazard')
    op.drop_column('worker', 'mothers_name')
    op.drop_column('worker', 'birth_place')
    op.drop_index('uq_nominee_waiting_place', table_name='nominee', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index('uq_nominee_replaces', table_name='nominee', postgresql_where=sa.text("state NOT IN ('refused', 'left')"))
    op.drop_index('ix_nominee_worker_id', table_name='nominee')
    op.drop_index('ix_nominee_region', table_name='nominee')
    op.drop_index('ix_nominee_nomination_id', table_name='nominee')
    op.drop_index('ix_nominee_national_id_index', table_name='nominee')
    op.drop_index('ix_nominee_family_card_index', table_name='nominee')
    op.drop_table('nominee')
    op.execute("DROP FUNCTION count_quota_places")
    op.drop_index('ix_nomination_quota_id', table_name='nomination')
    op.drop_table('nomination')
    op.drop_table('meeting')
    op.drop_index('ix_registry_file_region_code', table_name='registry_file')
    op.drop_table('registry_file')
    op.drop_table('quota')
    op.drop_table('jorong_alias')
    op.drop_table('jorong')


def _roles(rule: str) -> None:
    op.drop_constraint(op.f('ck_role_grant_role_in_its_family'), 'role_grant', type_='check')
    op.create_check_constraint(op.f('ck_role_grant_role_in_its_family'), 'role_grant', rule)


def _apart(old: str, new: str) -> None:
    op.drop_constraint(op.f(f'ck_casefile_{old}_lie_apart'), 'casefile', type_='check')
    op.create_check_constraint(op.f(f'ck_casefile_{new}_lie_apart'), 'casefile', _APART[new])
