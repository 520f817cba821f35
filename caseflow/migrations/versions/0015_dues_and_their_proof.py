"""Dues and their proof: rates, transfers with the months they pay, alarms, letters that belong to a nagari."""

import sqlalchemy as sa
from alembic import op

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

_APPEND_ONLY = ("contribution_rate", "cover_alarm")
# what was recorded stays; only the branch's answer and its reversal are added
_KEEP_PAYMENT = """
CREATE FUNCTION keep_contribution_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['state', 'version', 'answered_at', 'answered_by_user_id', 'answered_by_person_id',
        'answered_branch', 'answer_note', 'reversed_at', 'reversed_by_user_id', 'reversed_why'];
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - may_change <> to_jsonb(OLD) - may_change
       OR (OLD.state, NEW.state) NOT IN
          (('recorded', 'recorded'), ('recorded', 'confirmed'), ('recorded', 'refused'), ('confirmed', 'reversed'))
       OR (OLD.answered_at IS NOT NULL AND (NEW.answered_at, NEW.answered_by_person_id, NEW.answered_branch)
          IS DISTINCT FROM (OLD.answered_at, OLD.answered_by_person_id, OLD.answered_branch)) THEN
        RAISE EXCEPTION 'a payment that was recorded is answered once, and may be reversed once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
_KEEP_LINE = """
CREATE FUNCTION keep_payment_line() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' - 'note' <> to_jsonb(OLD) - 'state' - 'note'
       OR (OLD.state, NEW.state) NOT IN
          (('recorded', 'confirmed'), ('recorded', 'refused'), ('confirmed', 'reversed')) THEN
        RAISE EXCEPTION 'a line of a payment is answered once, and may be reversed once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""
# cover exists only while the branch stands by the money
_PROVE_COVER = """
CREATE FUNCTION prove_cover_month() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    found text;
BEGIN
    IF TG_OP = 'DELETE' THEN
        SELECT state INTO found FROM payment_line
            WHERE payment_id = OLD.payment_id AND worker_id = OLD.worker_id AND month = OLD.month;
        IF found IS DISTINCT FROM 'reversed' THEN
            RAISE EXCEPTION 'a paid month goes only when its payment was reversed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.payment_id IS NOT NULL THEN
        SELECT state INTO found FROM payment_line
            WHERE payment_id = NEW.payment_id AND worker_id = NEW.worker_id AND month = NEW.month;
        IF found IS DISTINCT FROM 'confirmed' THEN
            RAISE EXCEPTION 'a paid month rests on a line that the branch confirmed' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
_TRIGGERS = (
    ("keep_contribution_payment", "contribution_payment", "BEFORE UPDATE OR DELETE"),
    ("keep_payment_line", "payment_line", "BEFORE UPDATE OR DELETE"),
    ("prove_cover_month", "cover_month", "BEFORE INSERT OR UPDATE OR DELETE"),
    ("keep_registry_letter", "registry_letter", "BEFORE UPDATE OR DELETE"),
)
_KEEP_LETTER = """
CREATE FUNCTION keep_registry_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
       OR to_jsonb(NEW) - 'revoked_at' - 'revoked_why' - 'revoked_by'
          <> to_jsonb(OLD) - 'revoked_at' - 'revoked_why' - 'revoked_by'
       OR OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'a letter that was issued never changes; it is revoked once'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""


def upgrade() -> None:
    """New tables; months that were paid before name no payment."""
    op.create_table('cover_alarm',
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('funding_source', sa.Text(), nullable=False),
    sa.Column('last_month', sa.Date(), nullable=False),
    sa.Column('step', sa.BigInteger(), nullable=False),
    sa.Column('workers', sa.BigInteger(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')", name=op.f('ck_cover_alarm_funding_source_known')),
    sa.CheckConstraint('extract(day FROM last_month) = 1', name=op.f('ck_cover_alarm_first_of_month')),
    sa.CheckConstraint('step IN (60, 30, 7)', name=op.f('ck_cover_alarm_step_known')),
    sa.CheckConstraint('workers > 0', name=op.f('ck_cover_alarm_somebody_is_at_risk')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_cover_alarm_region_code')),
    sa.PrimaryKeyConstraint('region_code', 'funding_source', 'last_month', 'step', name=op.f('pk_cover_alarm'))
    )
    op.create_table('contribution_rate',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('funding_source', sa.Text(), nullable=False),
    sa.Column('sector', sa.Text(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('amount_idr', sa.BigInteger(), nullable=False),
    sa.Column('jkk_idr', sa.BigInteger(), nullable=False),
    sa.Column('jkm_idr', sa.BigInteger(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('certainty', sa.Text(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('reduction', sa.Text(), nullable=False),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('added_by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("certainty IN ('V2', 'V1', 'I', 'M', 'verify')", name=op.f('ck_contribution_rate_certainty_known')),
    sa.CheckConstraint("funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')", name=op.f('ck_contribution_rate_funding_source_known')),
    sa.CheckConstraint("jkm_idr >= 6800 OR reduction <> ''", name=op.f('ck_contribution_rate_reduction_is_named')),
    sa.CheckConstraint("reduction = '' OR funding_source NOT IN ('apbd', 'dbh_sawit', 'pokir')", name=op.f('ck_contribution_rate_state_money_pays_in_full')),
    sa.CheckConstraint("reduction IN ('', 'pp_50_2025')", name=op.f('ck_contribution_rate_reduction_known')),
    sa.CheckConstraint("sector IN ('transport', 'other')", name=op.f('ck_contribution_rate_sector_known')),
    sa.CheckConstraint('amount_idr = jkk_idr + jkm_idr', name=op.f('ck_contribution_rate_sum_of_parts')),
    sa.CheckConstraint('extract(day FROM valid_from) = 1', name=op.f('ck_contribution_rate_from_first_of_month')),
    sa.CheckConstraint('jkk_idr > 0 AND jkm_idr > 0 AND amount_idr <= 1000000', name=op.f('ck_contribution_rate_amount_in_bounds')),
    sa.CheckConstraint('length(source) >= 5', name=op.f('ck_contribution_rate_says_source')),
    sa.CheckConstraint('valid_to > valid_from', name=op.f('ck_contribution_rate_ends_after_start')),
    sa.ForeignKeyConstraint(['added_by_user_id'], ['staff_user.id'], name=op.f('fk_contribution_rate_added_by_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contribution_rate'))
    )
    op.create_index('ix_contribution_rate_of', 'contribution_rate', ['funding_source', 'sector', 'valid_from'], unique=False)
    op.create_table('registry_letter',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('number', sa.Text(), nullable=False),
    sa.Column('check_code', sa.Text(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.Column('pdf_sha256', sa.String(length=64), nullable=False),
    sa.Column('size_bytes', sa.BigInteger(), nullable=False),
    sa.Column('pages', sa.BigInteger(), nullable=False),
    sa.Column('issued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('issued_by', sa.Text(), nullable=False),
    sa.Column('issued_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('revoked_why', sa.Text(), nullable=True),
    sa.Column('revoked_by', sa.Text(), nullable=True),
    sa.CheckConstraint("check_code ~ '^[2-9BCDFGHJKLMNPQRSTVWXYZ]{16}$'", name=op.f('ck_registry_letter_check_code_readable')),
    sa.CheckConstraint("kind IN ('dues_reminder', 'nomination_recap')", name=op.f('ck_registry_letter_kind_known')),
    sa.CheckConstraint('(revoked_at IS NULL) = (revoked_why IS NULL) AND (revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_why IS NULL OR length(revoked_why) >= 10)', name=op.f('ck_registry_letter_revoked_says_why')),
    sa.CheckConstraint('size_bytes > 0 AND pages > 0', name=op.f('ck_registry_letter_not_empty')),
    sa.ForeignKeyConstraint(['issued_by_user_id'], ['staff_user.id'], name=op.f('fk_registry_letter_issued_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_registry_letter_region_code')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registry_letter')),
    sa.UniqueConstraint('check_code', name=op.f('uq_registry_letter_check_code')),
    sa.UniqueConstraint('number', name=op.f('uq_registry_letter_number')),
    sa.UniqueConstraint('object_key', name=op.f('uq_registry_letter_object_key'))
    )
    op.create_index('ix_registry_letter_region', 'registry_letter', ['region_code', 'issued_at'], unique=False)
    op.create_index('uq_registry_letter_said_once', 'registry_letter', ['region_code', 'kind', 'subject', 'content_sha256'], unique=True, postgresql_where=sa.text('revoked_at IS NULL'))
    op.create_table('contribution_payment',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('region_code', sa.Text(), nullable=False),
    sa.Column('funding_source', sa.Text(), nullable=False),
    sa.Column('sector', sa.Text(), nullable=False),
    sa.Column('first_month', sa.Date(), nullable=False),
    sa.Column('last_month', sa.Date(), nullable=False),
    sa.Column('paid_on', sa.Date(), nullable=False),
    sa.Column('receipt_number', sa.Text(), nullable=False),
    sa.Column('amount_idr', sa.BigInteger(), nullable=False),
    sa.Column('expected_idr', sa.BigInteger(), nullable=False),
    sa.Column('headcount', sa.BigInteger(), nullable=False),
    sa.Column('proof_file_id', sa.BigInteger(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger(), nullable=False),
    sa.Column('recorded_by_person_id', sa.BigInteger(), nullable=False),
    sa.Column('difference_reason', sa.Text(), nullable=True),
    sa.Column('quota_id', sa.BigInteger(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('answered_by_person_id', sa.BigInteger(), nullable=True),
    sa.Column('answered_branch', sa.Text(), nullable=True),
    sa.Column('answer_note', sa.Text(), nullable=True),
    sa.Column('reversed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reversed_by_user_id', sa.BigInteger(), nullable=True),
    sa.Column('reversed_why', sa.Text(), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(state = 'recorded') = (answered_at IS NULL) AND (answered_at IS NULL) = (answered_by_user_id IS NULL) AND (answered_at IS NULL) = (answered_by_person_id IS NULL) AND (answered_at IS NULL) = (answered_branch IS NULL)", name=op.f('ck_contribution_payment_answered_by_the_branch')),
    sa.CheckConstraint("(state = 'reversed') = (reversed_at IS NOT NULL) AND (reversed_at IS NULL) = (reversed_by_user_id IS NULL) AND (reversed_at IS NULL) = (reversed_why IS NULL) AND (reversed_why IS NULL OR length(reversed_why) >= 10)", name=op.f('ck_contribution_payment_reversed_says_why')),
    sa.CheckConstraint("funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')", name=op.f('ck_contribution_payment_funding_source_known')),
    sa.CheckConstraint("last_month <= (date_trunc('month', paid_on::timestamp) + interval '12 months')::date", name=op.f('ck_contribution_payment_not_too_far_ahead')),
    sa.CheckConstraint("sector IN ('transport', 'other')", name=op.f('ck_contribution_payment_sector_known')),
    sa.CheckConstraint("state <> 'refused' OR (answer_note IS NOT NULL AND length(answer_note) >= 10)", name=op.f('ck_contribution_payment_refused_says_why')),
    sa.CheckConstraint("state IN ('recorded', 'confirmed', 'refused', 'reversed')", name=op.f('ck_contribution_payment_state_known')),
    sa.CheckConstraint('amount_idr = expected_idr OR (difference_reason IS NOT NULL AND length(difference_reason) >= 10)', name=op.f('ck_contribution_payment_difference_says_why')),
    sa.CheckConstraint('amount_idr > 0 AND expected_idr > 0', name=op.f('ck_contribution_payment_amount_positive')),
    sa.CheckConstraint('answered_by_person_id <> recorded_by_person_id', name=op.f('ck_contribution_payment_by_a_second_person')),
    sa.CheckConstraint('extract(day FROM first_month) = 1 AND extract(day FROM last_month) = 1', name=op.f('ck_contribution_payment_whole_months')),
    sa.CheckConstraint('headcount BETWEEN 1 AND 100000', name=op.f('ck_contribution_payment_headcount_in_bounds')),
    sa.CheckConstraint('last_month >= first_month', name=op.f('ck_contribution_payment_months_in_order')),
    sa.CheckConstraint('length(receipt_number) BETWEEN 3 AND 80', name=op.f('ck_contribution_payment_receipt_numbered')),
    sa.ForeignKeyConstraint(['answered_by_person_id'], ['person.id'], name=op.f('fk_contribution_payment_answered_by_person_id')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['staff_user.id'], name=op.f('fk_contribution_payment_answered_by_user_id')),
    sa.ForeignKeyConstraint(['proof_file_id'], ['registry_file.id'], name=op.f('fk_contribution_payment_proof_file_id')),
    sa.ForeignKeyConstraint(['quota_id'], ['quota.id'], name=op.f('fk_contribution_payment_quota_id')),
    sa.ForeignKeyConstraint(['recorded_by_person_id'], ['person.id'], name=op.f('fk_contribution_payment_recorded_by_person_id')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['staff_user.id'], name=op.f('fk_contribution_payment_recorded_by_user_id')),
    sa.ForeignKeyConstraint(['region_code'], ['region.code'], name=op.f('fk_contribution_payment_region_code')),
    sa.ForeignKeyConstraint(['reversed_by_user_id'], ['staff_user.id'], name=op.f('fk_contribution_payment_reversed_by_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contribution_payment')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contribution_payment_public_id'))
    )
    op.create_index('ix_contribution_payment_region', 'contribution_payment', ['region_code', 'last_month'], unique=False)
    op.create_index('ix_contribution_payment_waiting', 'contribution_payment', ['recorded_at'], unique=False, postgresql_where=sa.text("state = 'recorded'"))
    op.create_index('uq_contribution_payment_receipt', 'contribution_payment', ['region_code', 'funding_source', 'receipt_number'], unique=True, postgresql_where=sa.text("state IN ('recorded', 'confirmed')"))
    op.create_table('payment_line',
    sa.Column('payment_id', sa.BigInteger(), nullable=False),
    sa.Column('worker_id', sa.BigInteger(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('amount_idr', sa.BigInteger(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.CheckConstraint("state <> 'refused' OR (note IS NOT NULL AND length(note) >= 10)", name=op.f('ck_payment_line_refused_says_why')),
    sa.CheckConstraint("state IN ('recorded', 'confirmed', 'refused', 'reversed')", name=op.f('ck_payment_line_state_known')),
    sa.CheckConstraint('amount_idr > 0', name=op.f('ck_payment_line_amount_positive')),
    sa.CheckConstraint('extract(day FROM month) = 1', name=op.f('ck_payment_line_first_of_month')),
    sa.ForeignKeyConstraint(['payment_id'], ['contribution_payment.id'], name=op.f('fk_payment_line_payment_id')),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_payment_line_worker_id')),
    sa.PrimaryKeyConstraint('payment_id', 'worker_id', 'month', name=op.f('pk_payment_line'))
    )
    op.create_index('uq_payment_line_month_once', 'payment_line', ['worker_id', 'month'], unique=True, postgresql_where=sa.text("state IN ('recorded', 'confirmed')"))
    op.add_column('cover_month', sa.Column('payment_id', sa.BigInteger(), nullable=True))
    op.create_index('ix_cover_month_payment_id', 'cover_month', ['payment_id'], unique=False, postgresql_where=sa.text('payment_id IS NOT NULL'))
    op.create_foreign_key('fk_cover_month_is_a_line', 'cover_month', 'payment_line', ['payment_id', 'worker_id', 'month'], ['payment_id', 'worker_id', 'month'])
    for function in (_KEEP_PAYMENT, _KEEP_LINE, _PROVE_COVER, _KEEP_LETTER):
        op.execute(function)
    for name, table, when in _TRIGGERS:
        op.execute(f"CREATE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    for table in _APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Back to paid months without a payment behind them; what was paid stays paid."""
    op.execute("DROP TRIGGER prove_cover_month ON cover_month")
    op.drop_constraint('fk_cover_month_is_a_line', 'cover_month', type_='foreignkey')
    op.drop_index('ix_cover_month_payment_id', table_name='cover_month', postgresql_where=sa.text('payment_id IS NOT NULL'))
    op.drop_column('cover_month', 'payment_id')
    op.drop_index('uq_payment_line_month_once', table_name='payment_line', postgresql_where=sa.text("state IN ('recorded', 'confirmed')"))
    op.drop_table('payment_line')
    op.drop_index('uq_contribution_payment_receipt', table_name='contribution_payment', postgresql_where=sa.text("state IN ('recorded', 'confirmed')"))
    op.drop_index('ix_contribution_payment_waiting', table_name='contribution_payment', postgresql_where=sa.text("state = 'recorded'"))
    op.drop_index('ix_contribution_payment_region', table_name='contribution_payment')
    op.drop_table('contribution_payment')
    op.drop_index('uq_registry_letter_said_once', table_name='registry_letter', postgresql_where=sa.text('revoked_at IS NULL'))
    op.drop_index('ix_registry_letter_region', table_name='registry_letter')
    op.drop_table('registry_letter')
    op.drop_index('ix_contribution_rate_of', table_name='contribution_rate')
    op.drop_table('contribution_rate')
    op.drop_table('cover_alarm')
    for name in ("keep_contribution_payment", "keep_payment_line", "prove_cover_month", "keep_registry_letter"):
        op.execute(f"DROP FUNCTION {name}()")
