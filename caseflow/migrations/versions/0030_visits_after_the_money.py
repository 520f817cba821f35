"""Visits after the money: plans, planned visits, phones, what arrived field by field, records, referrals, offers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0030'
down_revision = '0022'
branch_labels = None
depends_on = None

_APPEND_ONLY = (
    "planned_visit_day_change", "visit_consent", "visit_order", "visit", "visit_refused", "referral_event",
)
_LETTERS = {
    "registry": "kind IN ('dues_reminder', 'nomination_recap')",
    "visits": "kind IN ('dues_reminder', 'nomination_recap', 'visit_order', 'visit_report', 'monthly_report')",
}
_APART = {
    "nominations": "(kind IN ('complaint', 'nomination')) = (branch_code LIKE '%/%')",
    "plans": "(kind IN ('complaint', 'nomination', 'monitoring')) = (branch_code LIKE '%/%')",
}


def upgrade() -> None:
    """New tables; what happened is only added to."""
    _apart("plans")
    _letters("visits")
    op.create_table('field_device',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('prepared_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_sequence', sa.BigInteger(), nullable=False),
    sa.Column('waiting', sa.BigInteger(), nullable=False),
    sa.Column('waiting_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('pack_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('revoked_why', sa.Text(), nullable=True),
    sa.Column('forgotten_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(revoked_at IS NULL) = (revoked_why IS NULL)', name=op.f('ck_field_device_revoked_says_why')),
    sa.CheckConstraint('(waiting = 0) = (waiting_since IS NULL)', name=op.f('ck_field_device_waiting_since_when')),
    sa.CheckConstraint('length(name) BETWEEN 1 AND 60', name=op.f('ck_field_device_named')),
    sa.ForeignKeyConstraint(['revoked_by_user_id'], ['staff_user.id'], name=op.f('fk_field_device_revoked_by_user_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_field_device_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_device')),
    sa.UniqueConstraint('public_id', name=op.f('uq_field_device_public_id')),
    sa.UniqueConstraint('user_id', 'id', name=op.f('uq_field_device_user_id_id'))
    )
    op.create_index('ix_field_device_user_id', 'field_device', ['user_id', 'id'], unique=False)
    op.create_table('help_offer',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('provider', sa.Text(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('trades', sa.Text(), nullable=False),
    sa.Column('contact', sa.Text(), nullable=False),
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('places', sa.BigInteger(), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("kind IN ('training', 'credit', 'school', 'health', 'papers', 'social')", name=op.f('ck_help_offer_kind_known')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_help_offer_ends_after_start')),
    sa.CheckConstraint('length(title) BETWEEN 3 AND 120', name=op.f('ck_help_offer_titled')),
    sa.CheckConstraint('places BETWEEN 1 AND 10000', name=op.f('ck_help_offer_places_in_bounds')),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['staff_user.id'], name=op.f('fk_help_offer_changed_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_help_offer_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_help_offer')),
    sa.UniqueConstraint('public_id', name=op.f('uq_help_offer_public_id'))
    )
    op.create_index('ix_help_offer_kind', 'help_offer', ['kind', 'region_code'], unique=False)
    op.create_table('region_place',
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('latitude', sa.Numeric(precision=4, scale=2), nullable=False),
    sa.Column('longitude', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('latitude BETWEEN -11.5 AND 6.5 AND longitude BETWEEN 94.5 AND 141.5', name=op.f('ck_region_place_in_indonesia')),
    sa.CheckConstraint('length(source) >= 3', name=op.f('ck_region_place_says_from_where')),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['staff_user.id'], name=op.f('fk_region_place_changed_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_region_place_region_code')),
    sa.PrimaryKeyConstraint('region_code', name=op.f('pk_region_place'))
    )
    op.create_table('visit_refused',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("reason IN ('invalid', 'consent_withdrawn', 'device_revoked', 'not_assigned', 'other_content', 'too_early')", name=op.f('ck_visit_refused_reason_known')),
    sa.ForeignKeyConstraint(['device_id'], ['field_device.id'], name=op.f('fk_visit_refused_device_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_visit_refused_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_refused'))
    )
    op.create_index('ix_visit_refused_user_id', 'visit_refused', ['user_id', 'at'], unique=False)
    op.create_table('monitoring_plan',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('claim_id', sa.BigInteger(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('livelihood_from_on', sa.Date(), nullable=False),
    sa.Column('contact_name', sa.Text(), nullable=False),
    sa.Column('contact_phone', sa.Text(), nullable=True),
    sa.Column('jorong', sa.Text(), nullable=False),
    sa.Column('landmark', sa.Text(), nullable=False),
    sa.Column('visitor_user_id', sa.BigInteger(), nullable=True),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.CheckConstraint('length(landmark) <= 200', name=op.f('ck_monitoring_plan_landmark_in_bounds')),
    sa.ForeignKeyConstraint(['claim_id'], ['claim.id'], name=op.f('fk_monitoring_plan_claim_id')),
    sa.ForeignKeyConstraint(['id'], ['casefile.id'], name=op.f('fk_monitoring_plan_id')),
    sa.ForeignKeyConstraint(['visitor_user_id'], ['staff_user.id'], name=op.f('fk_monitoring_plan_visitor_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_monitoring_plan')),
    sa.UniqueConstraint('claim_id', name=op.f('uq_monitoring_plan_claim_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_monitoring_plan_public_id'))
    )
    op.create_index('ix_monitoring_plan_visitor_user_id', 'monitoring_plan', ['visitor_user_id'], unique=False)
    op.create_table('planned_visit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asks_livelihood', sa.Boolean(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('visitor_user_id', sa.BigInteger(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('cancelled_why', sa.Text(), nullable=True),
    sa.Column('checks_visit_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(kind = 'revisit') = (checks_visit_id IS NOT NULL)", name=op.f('ck_planned_visit_revisit_checks_one')),
    sa.CheckConstraint("(state = 'cancelled') = (cancelled_why IS NOT NULL)", name=op.f('ck_planned_visit_cancelled_says_why')),
    sa.CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name=op.f('ck_planned_visit_done_has_a_day')),
    sa.CheckConstraint("kind IN ('m1', 'm3', 'm6', 'm12', 'm24', 'extra', 'revisit')", name=op.f('ck_planned_visit_kind_known')),
    sa.CheckConstraint("outcome IN ('met', 'another_day', 'declined', 'moved', 'not_found')", name=op.f('ck_planned_visit_outcome_known')),
    sa.CheckConstraint("state <> 'done' OR outcome IN ('met', 'declined', 'moved', 'not_found')", name=op.f('ck_planned_visit_done_says_how')),
    sa.CheckConstraint("state IN ('due', 'done', 'cancelled')", name=op.f('ck_planned_visit_state_known')),
    sa.ForeignKeyConstraint(['checks_visit_id'], ['planned_visit.id'], name=op.f('fk_planned_visit_checks_visit_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['monitoring_plan.id'], name=op.f('fk_planned_visit_plan_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_planned_visit_region_code')),
    sa.ForeignKeyConstraint(['visitor_user_id'], ['staff_user.id'], name=op.f('fk_planned_visit_visitor_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_visit')),
    sa.UniqueConstraint('plan_id', 'id', name=op.f('uq_planned_visit_plan_id_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_planned_visit_public_id'))
    )
    op.create_index('ix_planned_visit_due_by_region', 'planned_visit', ['region_code', 'due_on', 'id'], unique=False)
    op.create_index('ix_planned_visit_due_by_visitor', 'planned_visit', ['visitor_user_id', 'due_on', 'id'], unique=False, postgresql_where=sa.text("state = 'due'"))
    op.create_index('uq_planned_visit_checked_once', 'planned_visit', ['checks_visit_id'], unique=True)
    op.create_index('uq_planned_visit_one_a_milestone', 'planned_visit', ['plan_id', 'kind'], unique=True, postgresql_where=sa.text("kind IN ('m1', 'm3', 'm6', 'm12', 'm24')"))
    op.create_table('visit_order',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('visitor_user_id', sa.BigInteger(), nullable=False),
    sa.Column('letter_id', sa.BigInteger(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by_user_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('starts_on < ends_on', name=op.f('ck_visit_order_ends_after_start')),
    sa.ForeignKeyConstraint(['issued_by_user_id'], ['staff_user.id'], name=op.f('fk_visit_order_issued_by_user_id')),
    sa.ForeignKeyConstraint(['letter_id'], ['registry_letter.id'], name=op.f('fk_visit_order_letter_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['monitoring_plan.id'], name=op.f('fk_visit_order_plan_id')),
    sa.ForeignKeyConstraint(['visitor_user_id'], ['staff_user.id'], name=op.f('fk_visit_order_visitor_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_order')),
    sa.UniqueConstraint('letter_id', name=op.f('uq_visit_order_letter_id'))
    )
    op.create_index('ix_visit_order_plan_id', 'visit_order', ['plan_id', 'id'], unique=False)
    op.create_table('planned_visit_day_change',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('from_on <> to_on', name=op.f('ck_planned_visit_day_change_another_day')),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_planned_visit_day_change_says_why')),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['staff_user.id'], name=op.f('fk_planned_visit_day_change_changed_by_user_id')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['planned_visit.id'], name=op.f('fk_planned_visit_day_change_planned_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_visit_day_change'))
    )
    op.create_index('ix_planned_visit_day_change_planned_visit_id', 'planned_visit_day_change', ['planned_visit_id', 'id'], unique=False)
    op.create_table('referral',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('for_whom', sa.Text(), nullable=False),
    sa.Column('to_whom', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('asked_on', sa.Date(), nullable=False),
    sa.Column('asked_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('answer_by_on', sa.Date(), nullable=False),
    sa.Column('offer_id', sa.BigInteger(), nullable=True),
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_on', sa.Date(), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(state = 'asked') = (answered_on IS NULL)", name=op.f('ck_referral_answered_has_a_day')),
    sa.CheckConstraint("kind IN ('training', 'credit', 'school', 'health', 'papers', 'social')", name=op.f('ck_referral_kind_known')),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'attended', 'completed', 'declined', 'no_answer', 'withdrawn')", name=op.f('ck_referral_state_known')),
    sa.CheckConstraint('answered_on >= asked_on AND answer_by_on > asked_on', name=op.f('ck_referral_answers_come_later')),
    sa.ForeignKeyConstraint(['asked_by_user_id'], ['staff_user.id'], name=op.f('fk_referral_asked_by_user_id')),
    sa.ForeignKeyConstraint(['changed_by_user_id'], ['staff_user.id'], name=op.f('fk_referral_changed_by_user_id')),
    sa.ForeignKeyConstraint(['offer_id'], ['help_offer.id'], name=op.f('fk_referral_offer_id')),
    sa.ForeignKeyConstraint(['plan_id', 'planned_visit_id'], ['planned_visit.plan_id', 'planned_visit.id'], name=op.f('fk_referral_plan_id_planned_visit_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['monitoring_plan.id'], name=op.f('fk_referral_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_referral')),
    sa.UniqueConstraint('public_id', name=op.f('uq_referral_public_id'))
    )
    op.create_index('ix_referral_plan_id', 'referral', ['plan_id', 'id'], unique=False)
    op.create_index('ix_referral_state', 'referral', ['state', 'answer_by_on'], unique=False)
    op.create_table('visit',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('visitor_user_id', sa.BigInteger(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('received_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('consent_version', sa.Text(), nullable=True),
    sa.Column('clock_skew_seconds', sa.BigInteger(), nullable=False),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('sequence', sa.BigInteger(), nullable=True),
    sa.Column('after_id', sa.BigInteger(), nullable=True),
    sa.Column('from_paper', sa.Boolean(), nullable=False),
    sa.CheckConstraint("client_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'", name=op.f('ck_visit_client_id_uuid')),
    sa.CheckConstraint("outcome <> 'met' OR consent_version IS NOT NULL", name=op.f('ck_visit_met_with_consent')),
    sa.CheckConstraint("outcome IN ('met', 'another_day', 'declined', 'moved', 'not_found')", name=op.f('ck_visit_outcome_known')),
    sa.CheckConstraint('(device_id IS NULL) = (sequence IS NULL)', name=op.f('ck_visit_numbered_on_its_phone')),
    sa.CheckConstraint('finished_at >= started_at', name=op.f('ck_visit_ends_after_start')),
    sa.CheckConstraint('from_paper = (device_id IS NULL)', name=op.f('ck_visit_paper_or_phone')),
    sa.ForeignKeyConstraint(['after_id'], ['visit.id'], name=op.f('fk_visit_after_id')),
    sa.ForeignKeyConstraint(['plan_id', 'planned_visit_id'], ['planned_visit.plan_id', 'planned_visit.id'], name=op.f('fk_visit_plan_id_planned_visit_id')),
    sa.ForeignKeyConstraint(['visitor_user_id', 'device_id'], ['field_device.user_id', 'field_device.id'], name=op.f('fk_visit_visitor_user_id_device_id')),
    sa.ForeignKeyConstraint(['visitor_user_id'], ['staff_user.id'], name=op.f('fk_visit_visitor_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit')),
    sa.UniqueConstraint('client_id', name=op.f('uq_visit_client_id')),
    sa.UniqueConstraint('device_id', 'sequence', name=op.f('uq_visit_device_id_sequence')),
    sa.UniqueConstraint('plan_id', 'id', name=op.f('uq_visit_plan_id_id'))
    )
    op.create_index('ix_visit_planned_visit_id', 'visit', ['planned_visit_id', 'id'], unique=False)
    op.create_index('ix_visit_received_at', 'visit', ['received_at'], unique=False)
    op.create_table('visit_record',
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('visitor_user_id', sa.BigInteger(), nullable=False),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('minutes', sa.BigInteger(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('livelihood_stage', sa.Text(), nullable=True),
    sa.Column('livelihood_type', sa.Text(), nullable=True),
    sa.Column('income_band', sa.Text(), nullable=True),
    sa.Column('household_change', sa.Text(), nullable=True),
    sa.Column('stopped_why', sa.Text(), nullable=True),
    sa.Column('levy_reported', sa.Boolean(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('validated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('validated_by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("household_change IN ('much_heavier', 'heavier', 'same', 'lighter')", name=op.f('ck_visit_record_change_known')),
    sa.CheckConstraint("income_band IN ('under_500k', '500k_1m', '1m_2m', 'over_2m', 'unknown')", name=op.f('ck_visit_record_band_known')),
    sa.CheckConstraint("livelihood_stage IN ('none', 'planned', 'started', 'running', 'growing', 'stopped')", name=op.f('ck_visit_record_stage_known')),
    sa.CheckConstraint("livelihood_type IN ('shop', 'livestock', 'farm', 'sewing_or_crafts', 'transport', 'food', 'services', 'other')", name=op.f('ck_visit_record_type_known')),
    sa.CheckConstraint("outcome IN ('met', 'another_day', 'declined', 'moved', 'not_found')", name=op.f('ck_visit_record_outcome_known')),
    sa.CheckConstraint('length(note) <= 600', name=op.f('ck_visit_record_note_in_bounds')),
    sa.CheckConstraint('minutes BETWEEN 0 AND 1440', name=op.f('ck_visit_record_minutes_in_bounds')),
    sa.ForeignKeyConstraint(['plan_id'], ['monitoring_plan.id'], name=op.f('fk_visit_record_plan_id')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['planned_visit.id'], name=op.f('fk_visit_record_planned_visit_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_visit_record_region_code')),
    sa.ForeignKeyConstraint(['validated_by_user_id'], ['staff_user.id'], name=op.f('fk_visit_record_validated_by_user_id')),
    sa.ForeignKeyConstraint(['visitor_user_id'], ['staff_user.id'], name=op.f('fk_visit_record_visitor_user_id')),
    sa.PrimaryKeyConstraint('planned_visit_id', name=op.f('pk_visit_record')),
    sa.UniqueConstraint('plan_id', 'planned_visit_id', name=op.f('uq_visit_record_plan_id_planned_visit_id'))
    )
    op.create_index('ix_visit_record_made_on', 'visit_record', ['region_code', 'made_on'], unique=False)
    op.create_index('ix_visit_record_visitor', 'visit_record', ['visitor_user_id', 'made_on'], unique=False)
    op.create_table('referral_event',
    sa.Column('referral_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("state IN ('asked', 'accepted', 'attended', 'completed', 'declined', 'no_answer', 'withdrawn')", name=op.f('ck_referral_event_state_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['staff_user.id'], name=op.f('fk_referral_event_by_user_id')),
    sa.ForeignKeyConstraint(['referral_id'], ['referral.id'], name=op.f('fk_referral_event_referral_id')),
    sa.PrimaryKeyConstraint('referral_id', 'version', name=op.f('pk_referral_event'))
    )
    op.create_table('visit_child',
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=True),
    sa.Column('first_name', sa.Text(), nullable=False),
    sa.Column('attends', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('scholarship_asked', sa.Boolean(), nullable=True),
    sa.CheckConstraint('length(reason) <= 200', name=op.f('ck_visit_child_reason_in_bounds')),
    sa.CheckConstraint('position BETWEEN 1 AND 20', name=op.f('ck_visit_child_position_in_bounds')),
    sa.ForeignKeyConstraint(['member_id'], ['family_member.id'], name=op.f('fk_visit_child_member_id')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['visit_record.planned_visit_id'], name=op.f('fk_visit_child_planned_visit_id')),
    sa.PrimaryKeyConstraint('planned_visit_id', 'position', name=op.f('pk_visit_child'))
    )
    op.create_table('visit_consent',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.Text(), nullable=False),
    sa.Column('given', sa.Boolean(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['family_device.id'], name=op.f('fk_visit_consent_device_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['monitoring_plan.id'], name=op.f('fk_visit_consent_plan_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_visit_consent_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_consent'))
    )
    op.create_index('ix_visit_consent_plan_id', 'visit_consent', ['plan_id', 'id'], unique=False)
    op.create_table('visit_field',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('field', sa.Text(), nullable=False),
    sa.Column('value', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('base_version', sa.BigInteger(), nullable=False),
    sa.Column('standing', sa.Text(), nullable=False),
    sa.Column('visit_id', sa.BigInteger(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=True),
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(standing IN ('current', 'superseded')) = (version IS NOT NULL)", name=op.f('ck_visit_field_accepted_has_a_version')),
    sa.CheckConstraint("standing IN ('current', 'superseded', 'contested', 'put_aside')", name=op.f('ck_visit_field_standing_known')),
    sa.CheckConstraint('base_version >= 0 AND version > 0', name=op.f('ck_visit_field_versions_count')),
    sa.ForeignKeyConstraint(['plan_id', 'planned_visit_id'], ['planned_visit.plan_id', 'planned_visit.id'], name=op.f('fk_visit_field_plan_id_planned_visit_id')),
    sa.ForeignKeyConstraint(['plan_id', 'visit_id'], ['visit.plan_id', 'visit.id'], name=op.f('fk_visit_field_plan_id_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_field')),
    sa.UniqueConstraint('plan_id', 'id', name=op.f('uq_visit_field_plan_id_id'))
    )
    op.create_index('ix_visit_field_visit_id', 'visit_field', ['visit_id'], unique=False)
    op.create_index('uq_visit_field_one_current', 'visit_field', ['plan_id', 'planned_visit_id', 'field'], unique=True, postgresql_nulls_not_distinct=True, postgresql_where=sa.text("standing = 'current'"))
    op.create_index('uq_visit_field_version', 'visit_field', ['plan_id', 'planned_visit_id', 'field', 'version'], unique=True, postgresql_nulls_not_distinct=True, postgresql_where=sa.text('version IS NOT NULL'))
    op.create_table('visit_need',
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('need', sa.Text(), nullable=False),
    sa.CheckConstraint("need IN ('training', 'capital', 'bank_access', 'child_papers', 'scholarship', 'health', 'comfort', 'none')", name=op.f('ck_visit_need_need_known')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['visit_record.planned_visit_id'], name=op.f('fk_visit_need_planned_visit_id')),
    sa.PrimaryKeyConstraint('planned_visit_id', 'need', name=op.f('pk_visit_need'))
    )
    op.create_table('visit_photo',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('visit_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('shows', sa.Text(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('latitude', sa.Double(), nullable=True),
    sa.Column('longitude', sa.Double(), nullable=True),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('scan', sa.Text(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("scan IN ('waiting', 'clean', 'no_scanner')", name=op.f('ck_visit_photo_scan_known')),
    sa.CheckConstraint("shows IN ('business', 'family', 'house', 'paper')", name=op.f('ck_visit_photo_shows_known')),
    sa.CheckConstraint('(latitude IS NULL) = (longitude IS NULL)', name=op.f('ck_visit_photo_place_is_whole')),
    sa.CheckConstraint('latitude * 10 = round(latitude * 10) AND longitude * 10 = round(longitude * 10)', name=op.f('ck_visit_photo_place_rounded')),
    sa.CheckConstraint('latitude BETWEEN -11.5 AND 6.5 AND longitude BETWEEN 94.5 AND 141.5', name=op.f('ck_visit_photo_place_in_indonesia')),
    sa.CheckConstraint('position BETWEEN 1 AND 5', name=op.f('ck_visit_photo_at_most_five')),
    sa.CheckConstraint('size_bytes BETWEEN 1 AND 2000000', name=op.f('ck_visit_photo_size_in_bounds')),
    sa.ForeignKeyConstraint(['plan_id', 'visit_id'], ['visit.plan_id', 'visit.id'], name=op.f('fk_visit_photo_plan_id_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_photo')),
    sa.UniqueConstraint('client_id', name=op.f('uq_visit_photo_client_id')),
    sa.UniqueConstraint('object_key', name=op.f('uq_visit_photo_object_key')),
    sa.UniqueConstraint('visit_id', 'position', name=op.f('uq_visit_photo_visit_id_position'))
    )
    op.create_index('ix_visit_photo_plan_id', 'visit_photo', ['plan_id', 'id'], unique=False)
    op.create_table('visit_respondent',
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.CheckConstraint('length(name) BETWEEN 1 AND 120', name=op.f('ck_visit_respondent_named')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['visit_record.planned_visit_id'], name=op.f('fk_visit_respondent_planned_visit_id')),
    sa.PrimaryKeyConstraint('planned_visit_id', 'position', name=op.f('pk_visit_respondent'))
    )
    op.create_table('visit_use',
    sa.Column('planned_visit_id', sa.BigInteger(), nullable=False),
    sa.Column('use', sa.Text(), nullable=False),
    sa.Column('beans', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("use IN ('daily_needs', 'school', 'business_capital', 'debts', 'redeem_land', 'funeral_and_prayers', 'pilgrimage', 'house_repair', 'savings_or_gold', 'medical', 'given_to_family', 'not_used_yet', 'rather_not_say')", name=op.f('ck_visit_use_use_known')),
    sa.CheckConstraint('beans BETWEEN 0 AND 4', name=op.f('ck_visit_use_beans_in_bounds')),
    sa.ForeignKeyConstraint(['planned_visit_id'], ['visit_record.planned_visit_id'], name=op.f('fk_visit_use_planned_visit_id')),
    sa.PrimaryKeyConstraint('planned_visit_id', 'use', name=op.f('pk_visit_use'))
    )
    op.create_table('visit_field_clash',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('plan_id', sa.BigInteger(), nullable=False),
    sa.Column('standing_field_id', sa.BigInteger(), nullable=False),
    sa.Column('contested_field_id', sa.BigInteger(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('chosen', sa.Text(), nullable=True),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('chosen_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('chosen_why', sa.Text(), nullable=True),
    sa.CheckConstraint("chosen IN ('standing', 'contested')", name=op.f('ck_visit_field_clash_chosen_known')),
    sa.CheckConstraint('(chosen IS NULL) = (chosen_at IS NULL) AND (chosen IS NULL) = (chosen_by_user_id IS NULL) AND (chosen IS NULL) = (chosen_why IS NULL)', name=op.f('ck_visit_field_clash_chosen_by_somebody')),
    sa.ForeignKeyConstraint(['chosen_by_user_id'], ['staff_user.id'], name=op.f('fk_visit_field_clash_chosen_by_user_id')),
    sa.ForeignKeyConstraint(['plan_id', 'contested_field_id'], ['visit_field.plan_id', 'visit_field.id'], name=op.f('fk_visit_field_clash_plan_id_contested_field_id')),
    sa.ForeignKeyConstraint(['plan_id', 'standing_field_id'], ['visit_field.plan_id', 'visit_field.id'], name=op.f('fk_visit_field_clash_plan_id_standing_field_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_visit_field_clash')),
    sa.UniqueConstraint('contested_field_id', name=op.f('uq_visit_field_clash_contested_field_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_visit_field_clash_public_id'))
    )
    op.create_index('ix_visit_field_clash_open', 'visit_field_clash', ['plan_id'], unique=False, postgresql_where=sa.text('chosen IS NULL'))
    op.create_table('visit_photo_piece',
    sa.Column('photo_id', sa.BigInteger(), nullable=False),
    sa.Column('starts_at', sa.BigInteger(), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.CheckConstraint('size_bytes > 0 AND starts_at >= 0', name=op.f('ck_visit_photo_piece_in_bounds')),
    sa.ForeignKeyConstraint(['photo_id'], ['visit_photo.id'], name=op.f('fk_visit_photo_piece_photo_id')),
    sa.PrimaryKeyConstraint('photo_id', 'starts_at', name=op.f('pk_visit_photo_piece')),
    sa.UniqueConstraint('object_key', name=op.f('uq_visit_photo_piece_object_key'))
    )


    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute("CREATE SEQUENCE monitoring_serial")


def downgrade() -> None:
    """Back to a house that ends with the payment; refused while a plan is there."""
    op.execute("DROP SEQUENCE monitoring_serial")
    op.drop_table('visit_photo_piece')
    op.drop_index('ix_visit_field_clash_open', table_name='visit_field_clash', postgresql_where=sa.text('chosen IS NULL'))
    op.drop_table('visit_field_clash')
    op.drop_table('visit_use')
    op.drop_table('visit_respondent')
    op.drop_index('ix_visit_photo_plan_id', table_name='visit_photo')
    op.drop_table('visit_photo')
    op.drop_table('visit_need')
    op.drop_index('uq_visit_field_version', table_name='visit_field', postgresql_nulls_not_distinct=True, postgresql_where=sa.text('version IS NOT NULL'))
    op.drop_index('uq_visit_field_one_current', table_name='visit_field', postgresql_nulls_not_distinct=True, postgresql_where=sa.text("standing = 'current'"))
    op.drop_index('ix_visit_field_visit_id', table_name='visit_field')
    op.drop_table('visit_field')
    op.drop_index('ix_visit_consent_plan_id', table_name='visit_consent')
    op.drop_table('visit_consent')
    op.drop_table('visit_child')
    op.drop_table('referral_event')
    op.drop_index('ix_visit_record_visitor', table_name='visit_record')
    op.drop_index('ix_visit_record_made_on', table_name='visit_record')
    op.drop_table('visit_record')
    op.drop_index('ix_visit_received_at', table_name='visit')
    op.drop_index('ix_visit_planned_visit_id', table_name='visit')
    op.drop_table('visit')
    op.drop_index('ix_referral_state', table_name='referral')
    op.drop_index('ix_referral_plan_id', table_name='referral')
    op.drop_table('referral')
    op.drop_index('ix_planned_visit_day_change_planned_visit_id', table_name='planned_visit_day_change')
    op.drop_table('planned_visit_day_change')
    op.drop_index('ix_visit_order_plan_id', table_name='visit_order')
    op.drop_table('visit_order')
    op.drop_index('uq_planned_visit_one_a_milestone', table_name='planned_visit', postgresql_where=sa.text("kind IN ('m1', 'm3', 'm6', 'm12', 'm24')"))
    op.drop_index('uq_planned_visit_checked_once', table_name='planned_visit')
    op.drop_index('ix_planned_visit_due_by_visitor', table_name='planned_visit', postgresql_where=sa.text("state = 'due'"))
    op.drop_index('ix_planned_visit_due_by_region', table_name='planned_visit')
    op.drop_table('planned_visit')
    op.drop_index('ix_monitoring_plan_visitor_user_id', table_name='monitoring_plan')
    op.drop_table('monitoring_plan')
    op.drop_index('ix_visit_refused_user_id', table_name='visit_refused')
    op.drop_table('visit_refused')
    op.drop_table('region_place')
    op.drop_index('ix_help_offer_kind', table_name='help_offer')
    op.drop_table('help_offer')
    op.drop_index('ix_field_device_user_id', table_name='field_device')
    op.drop_table('field_device')
    _apart("nominations")
    _letters("registry")


def _apart(which: str) -> None:
    op.drop_constraint(op.f('ck_casefile_others_lie_apart'), 'casefile', type_='check')
    op.create_check_constraint(op.f('ck_casefile_others_lie_apart'), 'casefile', _APART[which])


def _letters(which: str) -> None:
    op.drop_constraint(op.f('ck_registry_letter_kind_known'), 'registry_letter', type_='check')
    op.create_check_constraint(op.f('ck_registry_letter_kind_known'), 'registry_letter', _LETTERS[which])
