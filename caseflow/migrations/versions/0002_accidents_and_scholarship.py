"""Work accidents, the children's scholarship, adjusted lines, a second payment on a later decision."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "accident_notice",
    "accident_record",
    "medical_certificate",
    "certified_injury",
    "medical_opinion",
    "conclusion",
    "line_adjustment",
    "adjustment_word",
)
# name of a check: what it says now, what it said before
CHECKS = (
    ("claim", "program_known", "program IN ('jkm', 'jkk', 'scholarship')", "program IN ('jkm', 'jkk')"),
    (
        "family_member",
        "relation_known",
        "relation IN ('self', 'widow', 'widower', 'child', 'adopted_child', 'parent', 'grandparent', 'grandchild',"
        " 'sibling', 'parent_in_law', 'appointee', 'child_in_law', 'mamak', 'kemenakan', 'other')",
        "relation IN ('widow', 'widower', 'child', 'adopted_child', 'parent', 'grandparent', 'grandchild',"
        " 'sibling', 'parent_in_law', 'appointee', 'child_in_law', 'mamak', 'kemenakan', 'other')",
    ),
    (
        "heir_decision",
        "agreement_known",
        "agreement IN ('worker', 'sole_heir', 'signed_agreement', 'guardian', 'court', 'burial')",
        "agreement IN ('sole_heir', 'signed_agreement', 'guardian', 'court', 'burial')",
    ),
    (
        "assessment",
        "outcome_known",
        "outcome IN ('full', 'funeral_only', 'payable', 'not_payable')",
        "outcome IN ('full', 'funeral_only', 'not_payable')",
    ),
)
FOLLOWS_SETTLED = """
CREATE FUNCTION follows_what_was_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.follows_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM payment_instruction p WHERE p.id = NEW.follows_id AND p.casefile_id = NEW.casefile_id
            AND p.state = 'settled' AND p.decision_id < NEW.decision_id) THEN
        RAISE EXCEPTION 'a second payment follows a settled one, on a later decision'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_payment_instruction_follows_settled';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """New tables, new columns with their values, and what the database refuses about them."""
    op.create_table('accident_record',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('happened_at', sa.Time(), nullable=True),
    sa.Column('place_kind', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('activity', sa.Text(), nullable=False),
    sa.Column('chronology', sa.Text(), nullable=False),
    sa.Column('injured_part', sa.Text(), nullable=False),
    sa.Column('first_aid', sa.Text(), nullable=False),
    sa.Column('first_aid_network', sa.Text(), nullable=False),
    sa.Column('witnesses', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('police_report', sa.Text(), nullable=False),
    sa.Column('reported_income_idr', sa.BigInteger(), nullable=True),
    sa.Column('work_days', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("first_aid_network IN ('plkk', 'not_plkk', 'none')", name=op.f('ck_accident_record_network_known')),
    sa.CheckConstraint("kind IN ('accident', 'disease', 'violence', 'sudden_death')", name=op.f('ck_accident_record_kind_known')),
    sa.CheckConstraint("place_kind IN ('workplace', 'commute', 'duty_travel', 'outside')", name=op.f('ck_accident_record_place_kind_known')),
    sa.CheckConstraint('reported_income_idr > 0', name=op.f('ck_accident_record_income_positive')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_accident_record_casefile_id')),
    sa.ForeignKeyConstraint(['recorded_by_person_id'], ['person.id'], name=op.f('fk_accident_record_recorded_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_accident_record'))
    )
    op.create_index('ix_accident_record_casefile_id', 'accident_record', ['casefile_id', 'id'], unique=False)
    op.create_table('accident_notice',
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('happened_at', sa.Time(), nullable=True),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('chronology', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('notifier_role', sa.Text(), nullable=False),
    sa.Column('participant_number', sa.Text(), nullable=True),
    sa.Column('injury', sa.Text(), nullable=False),
    sa.Column('facility', sa.Text(), nullable=False),
    sa.Column('disease', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.CheckConstraint("kind IN ('accident', 'disease', 'violence', 'sudden_death')", name=op.f('ck_accident_notice_kind_known')),
    sa.CheckConstraint("notifier_role IN ('family', 'worker', 'nagari', 'health_facility', 'union', 'officer')", name=op.f('ck_accident_notice_notifier_role_known')),
    sa.CheckConstraint("result IN ('injured', 'died', 'unknown')", name=op.f('ck_accident_notice_result_known')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_accident_notice_casefile_id')),
    sa.PrimaryKeyConstraint('casefile_id', name=op.f('pk_accident_notice'))
    )
    op.create_table('care_period',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('facility', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    postgresql.ExcludeConstraint((sa.column('casefile_id'), '='), (sa.text("daterange(starts_on, ends_on, '[]')"), '&&'), where=sa.text("kind = 'unable_to_work' AND removed_at IS NULL"), using='gist', name='ex_care_period_no_day_twice'),
    sa.CheckConstraint("kind IN ('inpatient', 'outpatient', 'unable_to_work')", name=op.f('ck_care_period_kind_known')),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', name=op.f('ck_care_period_ends_after_start')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_care_period_casefile_id')),
    sa.ForeignKeyConstraint(['recorded_by_person_id'], ['person.id'], name=op.f('fk_care_period_recorded_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_period'))
    )
    op.create_index('ix_care_period_casefile_id', 'care_period', ['casefile_id', 'starts_on'], unique=False)
    op.create_table('cost_item',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('amount_idr', sa.BigInteger(), nullable=False),
    sa.Column('spent_on', sa.Date(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=True),
    sa.Column('reference_price_idr', sa.BigInteger(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(kind = 'home_care') = (starts_on IS NOT NULL)", name=op.f('ck_cost_item_home_care_has_days')),
    sa.CheckConstraint("(kind = 'transport') = (mode IS NOT NULL)", name=op.f('ck_cost_item_transport_has_mode')),
    sa.CheckConstraint("kind IN ('transport', 'treatment', 'home_care', 'prosthesis', 'orthosis', 'denture', 'hearing_aid', 'glasses', 'diagnostics')", name=op.f('ck_cost_item_kind_known')),
    sa.CheckConstraint("mode IN ('land', 'sea', 'air')", name=op.f('ck_cost_item_mode_known')),
    sa.CheckConstraint('(starts_on IS NULL) = (ends_on IS NULL) AND ends_on >= starts_on', name=op.f('ck_cost_item_days_in_order')),
    sa.CheckConstraint('amount_idr > 0 AND amount_idr <= 10000000000', name=op.f('ck_cost_item_amount_in_bounds')),
    sa.CheckConstraint('reference_price_idr > 0', name=op.f('ck_cost_item_reference_price_positive')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_cost_item_casefile_id')),
    sa.ForeignKeyConstraint(['recorded_by_person_id'], ['person.id'], name=op.f('fk_cost_item_recorded_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cost_item'))
    )
    op.create_index('uq_cost_item_receipt_once', 'cost_item', ['casefile_id', 'kind', 'spent_on', 'amount_idr', 'source'], unique=True, postgresql_where=sa.text('removed_at IS NULL'))
    op.create_table('line_adjustment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('line_code', sa.Text(), nullable=False),
    sa.Column('computed_idr', sa.BigInteger(), nullable=False),
    sa.Column('amount_idr', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_idr >= 0 AND amount_idr <= 10000000000', name=op.f('ck_line_adjustment_amount_in_bounds')),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_line_adjustment_reason_given')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_line_adjustment_casefile_id')),
    sa.ForeignKeyConstraint(['proposed_by_person_id'], ['person.id'], name=op.f('fk_line_adjustment_proposed_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_line_adjustment')),
    sa.UniqueConstraint('id', 'casefile_id', 'proposed_by_person_id', name=op.f('uq_line_adjustment_id_casefile_id_proposed_by_person_id'))
    )
    op.create_index('ix_line_adjustment_casefile_id', 'line_adjustment', ['casefile_id', 'line_code', 'id'], unique=False)
    op.create_table('medical_certificate',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('condition', sa.Text(), nullable=False),
    sa.Column('condition_on', sa.Date(), nullable=False),
    sa.Column('certified_on', sa.Date(), nullable=False),
    sa.Column('doctor_name', sa.Text(), nullable=False),
    sa.Column('facility', sa.Text(), nullable=False),
    sa.Column('dominant_hand', sa.Text(), nullable=True),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint("condition IN ('still_treated', 'recovered', 'partial_anatomical', 'partial_functional', 'total_permanent', 'died')", name=op.f('ck_medical_certificate_condition_known')),
    sa.CheckConstraint("dominant_hand IN ('right', 'left')", name=op.f('ck_medical_certificate_dominant_hand_known')),
    sa.CheckConstraint('condition_on <= certified_on', name=op.f('ck_medical_certificate_certified_after')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_medical_certificate_casefile_id')),
    sa.ForeignKeyConstraint(['recorded_by_person_id'], ['person.id'], name=op.f('fk_medical_certificate_recorded_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_medical_certificate')),
    sa.UniqueConstraint('casefile_id', 'id', name=op.f('uq_medical_certificate_casefile_id_id'))
    )
    op.create_table('adjustment_word',
    sa.Column('adjustment_id', sa.BigInteger(), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('proposed_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('said_by_person_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("verdict = 'withdrawn' OR said_by_person_id <> proposed_by_person_id", name=op.f('ck_adjustment_word_by_a_second_person')),
    sa.CheckConstraint("verdict IN ('confirmed', 'refused', 'withdrawn')", name=op.f('ck_adjustment_word_verdict_known')),
    sa.ForeignKeyConstraint(['adjustment_id', 'casefile_id', 'proposed_by_person_id'], ['line_adjustment.id', 'line_adjustment.casefile_id', 'line_adjustment.proposed_by_person_id'], name=op.f('fk_adjustment_word_adjustment_id_casefile_id_proposed_by_person_id')),
    sa.ForeignKeyConstraint(['said_by_person_id'], ['person.id'], name=op.f('fk_adjustment_word_said_by_person_id')),
    sa.PrimaryKeyConstraint('adjustment_id', name=op.f('pk_adjustment_word'))
    )
    op.create_table('certified_injury',
    sa.Column('certificate_id', sa.BigInteger(), nullable=False),
    sa.Column('position', sa.BigInteger(), nullable=False),
    sa.Column('row_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('side', sa.Text(), nullable=True),
    sa.Column('loss_permille', sa.BigInteger(), nullable=True),
    sa.Column('set_permille', sa.BigInteger(), nullable=True),
    sa.Column('units', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("kind <> 'functional' OR loss_permille IS NOT NULL", name=op.f('ck_certified_injury_functional_has_loss')),
    sa.CheckConstraint("kind IN ('anatomical', 'functional')", name=op.f('ck_certified_injury_kind_known')),
    sa.CheckConstraint("side IN ('right', 'left')", name=op.f('ck_certified_injury_side_known')),
    sa.CheckConstraint('loss_permille BETWEEN 1 AND 1000', name=op.f('ck_certified_injury_loss_in_bounds')),
    sa.CheckConstraint('set_permille BETWEEN 1 AND 1000', name=op.f('ck_certified_injury_set_in_bounds')),
    sa.CheckConstraint('units BETWEEN 1 AND 20', name=op.f('ck_certified_injury_units_in_bounds')),
    sa.ForeignKeyConstraint(['certificate_id'], ['medical_certificate.id'], name=op.f('fk_certified_injury_certificate_id')),
    sa.PrimaryKeyConstraint('certificate_id', 'position', name=op.f('pk_certified_injury'))
    )
    op.create_table('conclusion',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('grounds', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('concluded_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('accident_record_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("verdict IN ('work', 'not_work')", name=op.f('ck_conclusion_verdict_known')),
    sa.CheckConstraint('jsonb_array_length(grounds) > 0', name=op.f('ck_conclusion_grounds_given')),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_conclusion_reason_given')),
    sa.ForeignKeyConstraint(['accident_record_id'], ['accident_record.id'], name=op.f('fk_conclusion_accident_record_id')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_conclusion_casefile_id')),
    sa.ForeignKeyConstraint(['concluded_by_person_id'], ['person.id'], name=op.f('fk_conclusion_concluded_by_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conclusion'))
    )
    op.create_index('ix_conclusion_casefile_id', 'conclusion', ['casefile_id', 'id'], unique=False)
    op.create_table('medical_opinion',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('certificate_id', sa.BigInteger(), nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('duty', sa.Text(), nullable=False),
    sa.CheckConstraint("duty = 'medical'", name=op.f('ck_medical_opinion_duty_is_medical')),
    sa.CheckConstraint("verdict IN ('agrees', 'differs', 'needs_examination')", name=op.f('ck_medical_opinion_verdict_known')),
    sa.CheckConstraint('length(reason) >= 10', name=op.f('ck_medical_opinion_reason_given')),
    sa.ForeignKeyConstraint(['casefile_id', 'certificate_id'], ['medical_certificate.casefile_id', 'medical_certificate.id'], name=op.f('fk_medical_opinion_casefile_id_certificate_id')),
    sa.ForeignKeyConstraint(['casefile_id', 'person_id', 'duty'], ['casefile_duty.casefile_id', 'casefile_duty.person_id', 'casefile_duty.duty'], name='fk_medical_opinion_duty_is_held'),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_medical_opinion_casefile_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_medical_opinion'))
    )
    op.create_table('scholarship_child',
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('origin_casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('origin_member_id', sa.BigInteger(), nullable=False),
    sa.Column('origin', sa.Text(), nullable=False),
    sa.Column('member_id', sa.BigInteger(), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=False),
    sa.Column('place', sa.BigInteger(), nullable=True),
    sa.Column('chosen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('school_expected_on', sa.Date(), nullable=True),
    sa.Column('married_on', sa.Date(), nullable=True),
    sa.Column('employment', sa.Text(), nullable=False),
    sa.CheckConstraint("employment IN ('none', 'pu_up_to_6_months', 'pu_longer', 'bpu', 'intern', 'unknown')", name=op.f('ck_scholarship_child_employment_known')),
    sa.CheckConstraint("origin IN ('jkm', 'jkk_death', 'jkk_total_disability')", name=op.f('ck_scholarship_child_origin_known')),
    sa.CheckConstraint('place IN (1, 2)', name=op.f('ck_scholarship_child_at_most_two')),
    sa.ForeignKeyConstraint(['casefile_id', 'member_id'], ['family_member.casefile_id', 'family_member.id'], name=op.f('fk_scholarship_child_casefile_id_member_id')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_scholarship_child_casefile_id')),
    sa.ForeignKeyConstraint(['origin_casefile_id', 'origin_member_id'], ['family_member.casefile_id', 'family_member.id'], name=op.f('fk_scholarship_child_origin_casefile_id_origin_member_id')),
    sa.ForeignKeyConstraint(['origin_casefile_id'], ['claim.id'], name=op.f('fk_scholarship_child_origin_casefile_id')),
    sa.PrimaryKeyConstraint('casefile_id', name=op.f('pk_scholarship_child'))
    )
    op.create_index('uq_scholarship_child_once', 'scholarship_child', ['origin_member_id'], unique=True, postgresql_where=sa.text('place IS NOT NULL'))
    op.create_index('uq_scholarship_child_place', 'scholarship_child', ['origin_casefile_id', 'place'], unique=True, postgresql_where=sa.text('place IS NOT NULL'))
    op.create_table('school_year',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('year', sa.BigInteger(), nullable=False),
    sa.Column('level', sa.Text(), nullable=False),
    sa.Column('study_proven', sa.Boolean(), nullable=True),
    sa.Column('school', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("level IN ('tk', 'sd', 'smp', 'sma', 'higher', 'training')", name=op.f('ck_school_year_level_known')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2100', name=op.f('ck_school_year_year_in_bounds')),
    sa.ForeignKeyConstraint(['casefile_id'], ['scholarship_child.casefile_id'], name=op.f('fk_school_year_casefile_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_school_year')),
    sa.UniqueConstraint('casefile_id', 'id', name=op.f('uq_school_year_casefile_id_id'))
    )
    op.create_index('uq_school_year_once', 'school_year', ['casefile_id', 'year'], unique=True, postgresql_where=sa.text('removed_at IS NULL'))
    op.add_column('casefile', sa.Column('follow_up_on', sa.Date(), nullable=True))
    op.add_column('casefile', sa.Column('reported_on', sa.Date(), nullable=True))
    op.add_column('claim', sa.Column('died_on', sa.Date(), nullable=True))
    op.create_index('uq_claim_one_accident_a_day', 'claim', ['worker_id', 'event_on'], unique=True, postgresql_where=sa.text("program = 'jkk' AND worker_id IS NOT NULL"))
    op.add_column('payment_instruction', sa.Column('follows_id', sa.BigInteger(), nullable=True))
    op.create_unique_constraint(op.f('uq_payment_instruction_casefile_id_id'), 'payment_instruction', ['casefile_id', 'id'])
    op.create_index('uq_payment_instruction_one_live_a_decision', 'payment_instruction', ['decision_id'], unique=True, postgresql_where=sa.text("state NOT IN ('failed', 'cancelled')"))
    op.create_index('uq_payment_instruction_one_live_follower', 'payment_instruction', ['follows_id'], unique=True, postgresql_where=sa.text("state NOT IN ('failed', 'cancelled')"))
    op.create_foreign_key(op.f('fk_payment_instruction_casefile_id_follows_id'), 'payment_instruction', 'payment_instruction', ['casefile_id', 'follows_id'], ['casefile_id', 'id'])
    op.alter_column('report', 'died_on',
               existing_type=sa.DATE(),
               nullable=True)
    _fill_new_columns()
    for table, name, now, _ in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, now)
    op.create_check_constraint(
        op.f("ck_claim_jkm_is_about_a_death"), "claim", "program <> 'jkm' OR (died_on IS NOT NULL AND died_on = event_on)"
    )
    op.create_check_constraint(
        op.f("ck_claim_died_after_event"), "claim", "died_on IS NULL OR died_on >= event_on"
    )
    op.create_check_constraint(
        op.f("ck_casefile_open_has_a_day"),
        "casefile",
        "closed_at IS NOT NULL OR due_on IS NOT NULL OR follow_up_on IS NOT NULL",
    )
    op.create_check_constraint(
        op.f("ck_payment_instruction_first_or_follows"),
        "payment_instruction",
        "(component = 'benefit') = (follows_id IS NULL)",
    )
    op.drop_index("uq_claim_one_death_per_worker", "claim")
    op.create_index(
        "uq_claim_one_death_per_worker",
        "claim",
        ["worker_id"],
        unique=True,
        postgresql_where=sa.text(
            "died_on IS NOT NULL AND worker_id IS NOT NULL AND program <> 'scholarship'"
        ),
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(FOLLOWS_SETTLED)
    op.execute(
        "CREATE TRIGGER follows_what_was_settled BEFORE INSERT ON payment_instruction"
        " FOR EACH ROW EXECUTE FUNCTION follows_what_was_settled()"
    )


def _fill_new_columns() -> None:
    """Give cases that are under way what new ones are born with."""
    op.execute("UPDATE claim SET died_on = event_on WHERE program = 'jkm'")
    op.execute("UPDATE casefile SET reported_on = (opened_at AT TIME ZONE 'Asia/Jakarta')::date")
    op.execute(
        "UPDATE casefile SET follow_up_on = (entered_at AT TIME ZONE 'Asia/Jakarta')::date + 21"
        " WHERE closed_at IS NULL AND due_on IS NULL"
    )
    # the checks below are added in the same transaction; deferred keys have to speak first
    op.execute("SET CONSTRAINTS ALL IMMEDIATE")


def downgrade() -> None:
    """Back to death claims alone; refused by the old checks while newer kinds of claims are there."""
    op.execute("DROP TRIGGER follows_what_was_settled ON payment_instruction")
    op.execute("DROP FUNCTION follows_what_was_settled()")
    op.drop_index("uq_claim_one_death_per_worker", "claim")
    op.create_index(
        "uq_claim_one_death_per_worker",
        "claim",
        ["worker_id"],
        unique=True,
        postgresql_where=sa.text("program = 'jkm' AND worker_id IS NOT NULL"),
    )
    for table, name in (
        ("payment_instruction", "first_or_follows"),
        ("casefile", "open_has_a_day"),
        ("claim", "died_after_event"),
        ("claim", "jkm_is_about_a_death"),
    ):
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    for table, name, _, before in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, before)
    op.alter_column('report', 'died_on',
               existing_type=sa.DATE(),
               nullable=False)
    op.drop_constraint(op.f('fk_payment_instruction_casefile_id_follows_id'), 'payment_instruction', type_='foreignkey')
    op.drop_index('uq_payment_instruction_one_live_follower', table_name='payment_instruction', postgresql_where=sa.text("state NOT IN ('failed', 'cancelled')"))
    op.drop_index('uq_payment_instruction_one_live_a_decision', table_name='payment_instruction', postgresql_where=sa.text("state NOT IN ('failed', 'cancelled')"))
    op.drop_constraint(op.f('uq_payment_instruction_casefile_id_id'), 'payment_instruction', type_='unique')
    op.drop_column('payment_instruction', 'follows_id')
    op.drop_index('uq_claim_one_accident_a_day', table_name='claim', postgresql_where=sa.text("program = 'jkk' AND worker_id IS NOT NULL"))
    op.drop_column('claim', 'died_on')
    op.drop_column('casefile', 'reported_on')
    op.drop_column('casefile', 'follow_up_on')
    op.drop_index('uq_school_year_once', table_name='school_year', postgresql_where=sa.text('removed_at IS NULL'))
    op.drop_table('school_year')
    op.drop_index('uq_scholarship_child_place', table_name='scholarship_child', postgresql_where=sa.text('place IS NOT NULL'))
    op.drop_index('uq_scholarship_child_once', table_name='scholarship_child', postgresql_where=sa.text('place IS NOT NULL'))
    op.drop_table('scholarship_child')
    op.drop_table('medical_opinion')
    op.drop_index('ix_conclusion_casefile_id', table_name='conclusion')
    op.drop_table('conclusion')
    op.drop_table('certified_injury')
    op.drop_table('adjustment_word')
    op.drop_table('medical_certificate')
    op.drop_index('ix_line_adjustment_casefile_id', table_name='line_adjustment')
    op.drop_table('line_adjustment')
    op.drop_index('uq_cost_item_receipt_once', table_name='cost_item', postgresql_where=sa.text('removed_at IS NULL'))
    op.drop_table('cost_item')
    op.drop_index('ix_care_period_casefile_id', table_name='care_period')
    op.drop_table('care_period')
    op.drop_table('accident_notice')
    op.drop_index('ix_accident_record_casefile_id', table_name='accident_record')
    op.drop_table('accident_record')
