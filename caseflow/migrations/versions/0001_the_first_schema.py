"""The first schema: tables, what the database refuses, and the job queue."""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "history",
    "casefile_duty",
    "audit_event",
    "report",
    "heir_decision",
    "eligibility_check",
    "bank_account",
    "assessment",
    "assessment_line",
    "decision",
    "document_review",
    "account_check",
    "payment_event",
    "bank_statement",
    "statement_line",
    "statement_match",
    "policy_value",
)

REFUSE_CHANGE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added, never changed', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$
"""

KEEP_ORIGINAL = """
CREATE FUNCTION keep_original() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'documents are discarded, never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.casefile_id <> OLD.casefile_id OR NEW.object_key <> OLD.object_key
       OR (OLD.status = 'stored' AND (NEW.status <> 'stored' OR NEW.sha256 <> OLD.sha256
           OR NEW.size_bytes <> OLD.size_bytes OR NEW.media_type <> OLD.media_type
           OR NEW.stored_at <> OLD.stored_at)) THEN
        RAISE EXCEPTION 'a stored original never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

SUM_OF_LINES = """
CREATE FUNCTION sum_of_lines_is_total() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted bigint; lines bigint; which bigint;
BEGIN
    which := CASE WHEN TG_TABLE_NAME = 'assessment' THEN (to_jsonb(NEW) ->> 'id')::bigint
        ELSE (to_jsonb(NEW) ->> 'assessment_id')::bigint END;
    SELECT total_idr INTO wanted FROM assessment WHERE id = which;
    SELECT coalesce(sum(amount_idr), 0) INTO lines FROM assessment_line WHERE assessment_id = which;
    IF lines <> wanted THEN
        RAISE EXCEPTION 'lines of assessment % add up to %, not to %', which, lines, wanted
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_assessment_sum_of_lines';
    END IF;
    RETURN NULL;
END $$
"""

KEEP_INSTRUCTION = """
CREATE FUNCTION keep_instruction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(NEW) - 'state' - 'version' <> to_jsonb(OLD) - 'state' - 'version' THEN
        RAISE EXCEPTION 'of a payment instruction only the state moves on' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

LOCKED_BATCH = """
CREATE FUNCTION keep_locked_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.id <> OLD.id OR NEW.number <> OLD.number OR NEW.made_at <> OLD.made_at
       OR NEW.maker_person_id <> OLD.maker_person_id OR OLD.state IN ('released', 'voided') THEN
        RAISE EXCEPTION 'a batch keeps its maker, and a finished one never changes'
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state = 'locked' AND (NEW.state NOT IN ('locked', 'released', 'voided')
       OR NEW.file_bytes IS DISTINCT FROM OLD.file_bytes OR NEW.file_sha256 IS DISTINCT FROM OLD.file_sha256
       OR NEW.total_idr IS DISTINCT FROM OLD.total_idr OR NEW.line_count IS DISTINCT FROM OLD.line_count
       OR NEW.locked_at IS DISTINCT FROM OLD.locked_at) THEN
        RAISE EXCEPTION 'the file of a locked batch never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$
"""

OPEN_BATCH_ONLY = """
CREATE FUNCTION lines_of_open_batch_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE which bigint;
BEGIN
    which := CASE WHEN TG_OP = 'DELETE' THEN OLD.batch_id ELSE NEW.batch_id END;
    IF TG_OP = 'UPDATE' AND NEW.batch_id <> OLD.batch_id
       OR NOT EXISTS (SELECT FROM payment_batch WHERE id = which AND state = 'open') THEN
        RAISE EXCEPTION 'lines come and go only while their batch is open' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$
"""


def upgrade() -> None:
    for extension in ("btree_gist", "btree_gin", "pg_trgm"):
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    op.execute("CREATE SEQUENCE case_serial")
    op.create_table(
        "answered_request",
        sa.Column("actor_key", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request_sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("location", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("actor_key", "route", "key", name=op.f("pk_answered_request")),
    )
    op.create_table(
        "bank",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("account_lengths", sa.Text(), nullable=False),
        sa.CheckConstraint("code ~ '^[0-9]{3}$'", name=op.f("ck_bank_code_3_digits")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_bank")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("national_id", name=op.f("uq_person_national_id")),
    )
    op.create_table(
        "policy_value",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("certainty", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "unit IN ('idr', 'days', 'months', 'flag')", name=op.f("ck_policy_value_unit_known")
        ),
        sa.PrimaryKeyConstraint("name", "valid_from", name=op.f("pk_policy_value")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("training", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "level IN ('provinsi', 'kabupaten', 'kecamatan', 'nagari', 'desa')",
            name=op.f("ck_region_level_known"),
        ),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("fk_region_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
    )
    op.create_index("ix_region_parent_code", "region", ["parent_code"], unique=False)
    op.create_table(
        "sign_in_try",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_try")),
    )
    op.create_index("ix_sign_in_try_kind_address_at", "sign_in_try", ["kind", "address", "at"], unique=False)
    op.create_index("ix_sign_in_try_kind_key_at", "sign_in_try", ["kind", "key", "at"], unique=False)
    op.create_table(
        "trashed_object",
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("trashed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("object_key", name=op.f("pk_trashed_object")),
    )
    op.create_table(
        "workflow_edge",
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("workflow_version", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint(
            "workflow", "workflow_version", "action", "from_state", "to_state", name=op.f("pk_workflow_edge")
        ),
    )
    op.create_table(
        "bank_statement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("loaded_by_person_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["loaded_by_person_id"], ["person.id"], name=op.f("fk_bank_statement_loaded_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_statement")),
        sa.UniqueConstraint("file_sha256", name=op.f("uq_bank_statement_file_sha256")),
    )
    op.create_table(
        "payment_batch",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("maker_person_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("line_count", sa.BigInteger(), nullable=True),
        sa.Column("total_idr", sa.BigInteger(), nullable=True),
        sa.Column("file_bytes", sa.LargeBinary(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("releaser_person_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(state = 'released') = (releaser_person_id IS NOT NULL AND released_at IS NOT NULL)",
            name=op.f("ck_payment_batch_released_names_who"),
        ),
        sa.CheckConstraint(
            "state = 'open' OR (file_sha256 IS NOT NULL AND line_count > 0 AND total_idr > 0 AND locked_at IS NOT NULL)",
            name=op.f("ck_payment_batch_locked_is_whole"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'locked', 'released', 'voided')", name=op.f("ck_payment_batch_state_known")
        ),
        sa.CheckConstraint(
            "releaser_person_id IS NULL OR releaser_person_id <> maker_person_id",
            name=op.f("ck_payment_batch_released_by_another"),
        ),
        sa.ForeignKeyConstraint(
            ["maker_person_id"], ["person.id"], name=op.f("fk_payment_batch_maker_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["releaser_person_id"], ["person.id"], name=op.f("fk_payment_batch_releaser_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_batch_number")),
    )
    op.create_table(
        "staff_user",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shortcuts_on", sa.Boolean(), nullable=False),
        sa.CheckConstraint("username = lower(username)", name=op.f("ck_staff_user_username_lower")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_user_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_user")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_user_username")),
    )
    op.create_table(
        "worker",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("national_id", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("jorong", sa.Text(), nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("card_number", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("family_card_number", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.CheckConstraint("national_id ~ '^[0-9]{16}$'", name=op.f("ck_worker_national_id_16_digits")),
        sa.CheckConstraint("sex IN ('f', 'm')", name=op.f("ck_worker_sex_known")),
        sa.CheckConstraint("born_on < registered_on", name=op.f("ck_worker_born_before_registration")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_worker_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("card_number", name=op.f("uq_worker_card_number")),
        sa.UniqueConstraint("national_id", name=op.f("uq_worker_national_id")),
    )
    op.create_index("ix_worker_region_code", "worker", ["region_code"], unique=False)
    op.create_table(
        "casefile",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("workflow_version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("branch_code", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sort_on", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("clock_started_on", sa.Date(), nullable=True),
        sa.Column("assignee_user_id", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("version >= 0", name=op.f("ck_casefile_version_not_negative")),
        sa.ForeignKeyConstraint(
            ["assignee_user_id"], ["staff_user.id"], name=op.f("fk_casefile_assignee_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["id", "version", "state"],
            ["history.casefile_id", "history.version", "history.state"],
            name="fk_casefile_state_has_history",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_casefile_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_casefile")),
        sa.UniqueConstraint("number", name=op.f("uq_casefile_number")),
    )
    op.create_index(
        "ix_casefile_branch_subject",
        "casefile",
        ["branch_code", "subject"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"subject": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_casefile_open_by_assignee",
        "casefile",
        ["branch_code", "assignee_user_id", "sort_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_casefile_open_by_due",
        "casefile",
        ["branch_code", "sort_on", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index(
        "ix_casefile_open_by_state",
        "casefile",
        ["state", "entered_at"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_casefile_region_code", "casefile", ["region_code"], unique=False)
    op.create_table(
        "cover_month",
        sa.Column("worker_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column("funding_source", sa.Text(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=False),
        sa.Column("receipt_number", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "funding_source IN ('apb_nagari', 'apbd', 'dbh_sawit', 'pokir', 'csr', 'mandiri')",
            name=op.f("ck_cover_month_funding_source_known"),
        ),
        sa.CheckConstraint("amount_idr > 0", name=op.f("ck_cover_month_amount_positive")),
        sa.CheckConstraint("extract(day FROM month) = 1", name=op.f("ck_cover_month_first_of_month")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_cover_month_worker_id")),
        sa.PrimaryKeyConstraint("worker_id", "month", name=op.f("pk_cover_month")),
    )
    op.create_table(
        "holiday",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_by_user_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('libur_nasional', 'cuti_bersama', 'penutupan_kantor')",
            name=op.f("ck_holiday_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_user_id"], ["staff_user.id"], name=op.f("fk_holiday_changed_by_user_id")
        ),
        sa.PrimaryKeyConstraint("on", name=op.f("pk_holiday")),
    )
    op.create_table(
        "role_grant",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("role_family", sa.Text(), nullable=False),
        sa.Column("scope_kind", sa.Text(), nullable=False),
        sa.Column("scope_code", sa.Text(), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_user_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("person_id"), "="),
            (sa.column("role_family"), "<>"),
            where=sa.text("revoked_at IS NULL"),
            using="gist",
            name="ex_role_grant_one_family",
        ),
        sa.CheckConstraint(
            "(role IN ('officer', 'medical_adviser', 'approver', 'branch_head') AND role_family = 'branch') OR (role = 'finance' AND role_family = 'finance') OR (role = 'admin' AND role_family = 'admin') OR (role = 'auditor' AND role_family = 'audit') OR (role = 'nagari_operator' AND role_family = 'nagari') OR (role IN ('social_worker', 'social_supervisor') AND role_family = 'social') OR (role = 'regency_monitor' AND role_family = 'overview')",
            name=op.f("ck_role_grant_role_in_its_family"),
        ),
        sa.CheckConstraint(
            "scope_kind IN ('branch', 'nagari', 'regency')", name=op.f("ck_role_grant_scope_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["granted_by_user_id"], ["staff_user.id"], name=op.f("fk_role_grant_granted_by_user_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    op.create_index(
        "uq_role_grant_live",
        "role_grant",
        ["person_id", "role", "scope_kind", "scope_code"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "staff_session",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("second_factor_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_staff_session_user_id")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_staff_session")),
    )
    op.create_index("ix_staff_session_user_id", "staff_session", ["user_id"], unique=False)
    op.create_table(
        "statement_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("line_number", sa.BigInteger(), nullable=False),
        sa.Column("value_on", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=False),
        sa.Column("bank_reference", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("line_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint("kind IN ('debit', 'credit')", name=op.f("ck_statement_line_kind_known")),
        sa.CheckConstraint("amount_idr > 0", name=op.f("ck_statement_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["bank_statement.id"], name=op.f("fk_statement_line_statement_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_line")),
        sa.UniqueConstraint("id", "kind", "amount_idr", name=op.f("uq_statement_line_id_kind_amount_idr")),
        sa.UniqueConstraint("line_sha256", name=op.f("uq_statement_line_line_sha256")),
    )
    op.create_index("ix_statement_line_bank_reference", "statement_line", ["bank_reference"], unique=False)
    op.create_index("ix_statement_line_statement_id", "statement_line", ["statement_id"], unique=False)
    op.create_table(
        "casefile_duty",
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "duty IN ('verify', 'medical', 'approve', 'make_batch', 'release', 'reconcile')",
            name=op.f("ck_casefile_duty_duty_known"),
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_casefile_duty_casefile_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_casefile_duty_person_id")),
        sa.PrimaryKeyConstraint("casefile_id", "person_id", name=op.f("pk_casefile_duty")),
        sa.UniqueConstraint(
            "casefile_id", "person_id", "duty", name=op.f("uq_casefile_duty_casefile_id_person_id_duty")
        ),
    )
    op.create_table(
        "claim",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("program", sa.Text(), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("honorific", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_claim_number", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cause IN ('illness_or_other', 'at_work', 'unknown')", name=op.f("ck_claim_cause_known")
        ),
        sa.CheckConstraint(
            "honorific IN ('almarhum', 'almarhumah', 'mendiang', '')", name=op.f("ck_claim_honorific_known")
        ),
        sa.CheckConstraint("program IN ('jkm', 'jkk')", name=op.f("ck_claim_program_known")),
        sa.ForeignKeyConstraint(["id"], ["casefile.id"], name=op.f("fk_claim_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_claim_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(
        "uq_claim_one_death_per_worker",
        "claim",
        ["worker_id"],
        unique=True,
        postgresql_where=sa.text("program = 'jkm' AND worker_id IS NOT NULL"),
    )
    op.create_table(
        "report",
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("worker_name", sa.Text(), nullable=False),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("region_code", sa.Text(), nullable=False),
        sa.Column("jorong", sa.Text(), nullable=False),
        sa.Column("reporter_name", sa.Text(), nullable=False),
        sa.Column("reporter_relation", sa.Text(), nullable=False),
        sa.Column("reporter_phone", sa.Text(), nullable=False),
        sa.Column("phone_owner", sa.Text(), nullable=False),
        sa.Column("contact_by", sa.Text(), nullable=False),
        sa.Column("consent_version", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("helped_by_user_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "contact_by IN ('whatsapp', 'sms', 'call')", name=op.f("ck_report_contact_by_known")
        ),
        sa.CheckConstraint(
            "national_id IS NULL OR national_id ~ '^[0-9]{16}$'", name=op.f("ck_report_national_id_16_digits")
        ),
        sa.CheckConstraint("reporter_phone ~ '^[+][0-9]{8,15}$'", name=op.f("ck_report_phone_e164")),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_report_casefile_id")),
        sa.ForeignKeyConstraint(
            ["helped_by_user_id"], ["staff_user.id"], name=op.f("fk_report_helped_by_user_id")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_report_region_code")),
        sa.PrimaryKeyConstraint("casefile_id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_national_id", "report", ["national_id"], unique=False)
    op.create_index("ix_report_region_code_died_on", "report", ["region_code", "died_on"], unique=False)
    op.create_table(
        "report_draft",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_report_draft_casefile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_report_draft_token_sha256")),
    )
    op.create_index("ix_report_draft_expires_at", "report_draft", ["expires_at"], unique=False)
    op.create_table(
        "requirement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.Column("return_sentence", sa.Text(), nullable=True),
        sa.Column("original_seen", sa.Boolean(), nullable=False),
        sa.Column("added_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "need IN ('required', 'before_payment', 'optional')", name=op.f("ck_requirement_need_known")
        ),
        sa.CheckConstraint(
            "status <> 'returned' OR return_sentence IS NOT NULL",
            name=op.f("ck_requirement_returned_says_why"),
        ),
        sa.CheckConstraint(
            "status IN ('missing', 'submitted', 'returned', 'accepted', 'not_applicable')",
            name=op.f("ck_requirement_status_known"),
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_requirement_casefile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
        sa.UniqueConstraint("casefile_id", "code", name=op.f("uq_requirement_casefile_id_code")),
        sa.UniqueConstraint("casefile_id", "id", name=op.f("uq_requirement_casefile_id_id")),
    )
    op.create_table(
        "slip",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("phrase", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_user_id", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_slip_casefile_id")),
        sa.ForeignKeyConstraint(
            ["issued_by_user_id"], ["staff_user.id"], name=op.f("fk_slip_issued_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
    )
    op.create_index(
        "uq_slip_one_live_per_holder",
        "slip",
        ["casefile_id", "holder_name"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "assessment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("total_idr", sa.BigInteger(), nullable=False),
        sa.Column("rule_version", sa.Text(), nullable=False),
        sa.Column("statement", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("statement_sha256", sa.String(length=64), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_by_person_id", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "(outcome = 'not_payable') = (total_idr = 0)",
            name=op.f("ck_assessment_nothing_only_if_not_payable"),
        ),
        sa.CheckConstraint(
            "outcome IN ('full', 'funeral_only', 'not_payable')", name=op.f("ck_assessment_outcome_known")
        ),
        sa.CheckConstraint(
            "total_idr >= 0 AND total_idr <= 10000000000", name=op.f("ck_assessment_total_in_bounds")
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["claim.id"], name=op.f("fk_assessment_casefile_id")),
        sa.ForeignKeyConstraint(
            ["computed_by_person_id"], ["person.id"], name=op.f("fk_assessment_computed_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("casefile_id", "id", name=op.f("uq_assessment_casefile_id_id")),
    )
    op.create_table(
        "document_review",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("requirement_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("method", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "outcome <> 'not_applicable' OR length(sentence) >= 10",
            name=op.f("ck_document_review_not_applicable_says_why"),
        ),
        sa.CheckConstraint(
            "outcome <> 'returned' OR length(sentence) >= 10",
            name=op.f("ck_document_review_returned_says_why"),
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'returned', 'not_applicable', 'reopened')",
            name=op.f("ck_document_review_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "requirement_id"],
            ["requirement.casefile_id", "requirement.id"],
            name=op.f("fk_document_review_casefile_id_requirement_id"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_document_review_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_review")),
    )
    op.create_index(
        "ix_document_review_casefile_id",
        "document_review",
        ["casefile_id", "requirement_id", "id"],
        unique=False,
    )
    op.create_table(
        "eligibility_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_person_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'unknown')", name=op.f("ck_eligibility_check_answer_known")
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["claim.id"], name=op.f("fk_eligibility_check_casefile_id")),
        sa.ForeignKeyConstraint(
            ["checked_by_person_id"], ["person.id"], name=op.f("fk_eligibility_check_checked_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility_check")),
    )
    op.create_index(
        "ix_eligibility_check_casefile_id_code",
        "eligibility_check",
        ["casefile_id", "code", "id"],
        unique=False,
    )
    op.create_table(
        "family_device",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("slip_id", sa.BigInteger(), nullable=True),
        sa.Column("slip_ordinal", sa.BigInteger(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_family_device_casefile_id")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_family_device_slip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_device")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_family_device_token_sha256")),
    )
    op.create_index("ix_family_device_casefile_id", "family_device", ["casefile_id"], unique=False)
    op.create_index(
        "uq_family_device_one_per_code",
        "family_device",
        ["slip_id", "slip_ordinal"],
        unique=True,
        postgresql_where=sa.text("slip_id IS NOT NULL"),
    )
    op.create_table(
        "family_member",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_person_id", sa.BigInteger(), nullable=False),
        sa.Column("alive", sa.Boolean(), nullable=True),
        sa.Column("died_on", sa.Date(), nullable=True),
        sa.Column("documented", sa.Boolean(), nullable=True),
        sa.Column("other_parent_id", sa.BigInteger(), nullable=True),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("national_id", sa.Text(), nullable=True),
        sa.Column("guardian_name", sa.Text(), nullable=True),
        sa.Column("guardian_basis", sa.Text(), nullable=True),
        sa.Column("arranged_burial", sa.Boolean(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "guardian_basis IS NULL OR guardian_basis IN ('surviving_parent', 'court', 'other')",
            name=op.f("ck_family_member_guardian_basis_known"),
        ),
        sa.CheckConstraint(
            "national_id IS NULL OR national_id ~ '^[0-9]{16}$'",
            name=op.f("ck_family_member_national_id_16_digits"),
        ),
        sa.CheckConstraint(
            "relation IN ('widow', 'widower', 'child', 'adopted_child', 'parent', 'grandparent', 'grandchild', 'sibling', 'parent_in_law', 'appointee', 'child_in_law', 'mamak', 'kemenakan', 'other')",
            name=op.f("ck_family_member_relation_known"),
        ),
        sa.CheckConstraint(
            "(guardian_name IS NULL) = (guardian_basis IS NULL)",
            name=op.f("ck_family_member_guardian_with_basis"),
        ),
        sa.CheckConstraint(
            "died_on IS NULL OR alive IS FALSE", name=op.f("ck_family_member_only_the_dead_have_died")
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["claim.id"], name=op.f("fk_family_member_casefile_id")),
        sa.ForeignKeyConstraint(
            ["other_parent_id"], ["family_member.id"], name=op.f("fk_family_member_other_parent_id")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_person_id"], ["person.id"], name=op.f("fk_family_member_recorded_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_member")),
        sa.UniqueConstraint("casefile_id", "id", name=op.f("uq_family_member_casefile_id_id")),
    )
    op.create_table(
        "history",
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("workflow", sa.Text(), nullable=False),
        sa.Column("workflow_version", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("prev_version", sa.BigInteger(), nullable=True),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("actor_person_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_user_id", sa.BigInteger(), nullable=True),
        sa.Column("duty", sa.Text(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "actor_kind <> 'staff' OR actor_person_id IS NOT NULL", name=op.f("ck_history_staff_has_person")
        ),
        sa.CheckConstraint(
            "actor_kind IN ('staff', 'family', 'system')", name=op.f("ck_history_actor_kind_known")
        ),
        sa.CheckConstraint(
            "(version = 0 AND prev_version IS NULL AND from_state IS NULL) OR (version > 0 AND prev_version = version - 1 AND from_state IS NOT NULL)",
            name=op.f("ck_history_no_gap"),
        ),
        sa.CheckConstraint(
            "duty IS NULL OR actor_person_id IS NOT NULL", name=op.f("ck_history_duty_has_person")
        ),
        sa.ForeignKeyConstraint(["actor_person_id"], ["person.id"], name=op.f("fk_history_actor_person_id")),
        sa.ForeignKeyConstraint(["actor_user_id"], ["staff_user.id"], name=op.f("fk_history_actor_user_id")),
        sa.ForeignKeyConstraint(
            ["casefile_id", "actor_person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_history_duty_is_held",
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "prev_version", "from_state"],
            ["history.casefile_id", "history.version", "history.state"],
            name="fk_history_follows_the_row_before",
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id"],
            ["casefile.id"],
            name=op.f("fk_history_casefile_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["workflow", "workflow_version", "action", "from_state", "state"],
            [
                "workflow_edge.workflow",
                "workflow_edge.workflow_version",
                "workflow_edge.action",
                "workflow_edge.from_state",
                "workflow_edge.to_state",
            ],
            name="fk_history_only_known_edges",
        ),
        sa.PrimaryKeyConstraint("casefile_id", "version", name=op.f("pk_history")),
        sa.UniqueConstraint(
            "casefile_id", "version", "state", name=op.f("uq_history_casefile_id_version_state")
        ),
    )
    op.create_table(
        "slip_code",
        sa.Column("slip_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ordinal BETWEEN 1 AND 3", name=op.f("ck_slip_code_three_codes")),
        sa.ForeignKeyConstraint(["slip_id"], ["slip.id"], name=op.f("fk_slip_code_slip_id")),
        sa.PrimaryKeyConstraint("slip_id", "ordinal", name=op.f("pk_slip_code")),
    )
    op.create_table(
        "assessment_line",
        sa.Column("assessment_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("amount_idr > 0", name=op.f("ck_assessment_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_line_assessment_id")
        ),
        sa.PrimaryKeyConstraint("assessment_id", "position", name=op.f("pk_assessment_line")),
        sa.UniqueConstraint("assessment_id", "code", name=op.f("uq_assessment_line_assessment_id_code")),
    )
    op.create_table(
        "audit_event",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("actor_person_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_user_id", sa.BigInteger(), nullable=True),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("casefile_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "actor_kind IN ('staff', 'family', 'system', 'public')",
            name=op.f("ck_audit_event_actor_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_person_id"], ["person.id"], name=op.f("fk_audit_event_actor_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["actor_user_id"], ["staff_user.id"], name=op.f("fk_audit_event_actor_user_id")
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_audit_event_casefile_id")),
        sa.ForeignKeyConstraint(["device_id"], ["family_device.id"], name=op.f("fk_audit_event_device_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_casefile_id_at", "audit_event", ["casefile_id", "at"], unique=False)
    op.create_table(
        "bank_account",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("bank_code", sa.Text(), nullable=False),
        sa.Column("account_number", sa.Text(), nullable=False),
        sa.Column("holder_name", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("name_match", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_person_id", sa.BigInteger(), nullable=False),
        sa.Column("name_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "account_number ~ '^[0-9]{5,20}$'", name=op.f("ck_bank_account_account_number_digits")
        ),
        sa.CheckConstraint("held_by IN ('heir', 'guardian')", name=op.f("ck_bank_account_held_by_known")),
        sa.CheckConstraint(
            "name_match = 'same' OR (name_match = 'similar' AND length(name_note) >= 10)",
            name=op.f("ck_bank_account_holder_is_payee"),
        ),
        sa.ForeignKeyConstraint(["bank_code"], ["bank.code"], name=op.f("fk_bank_account_bank_code")),
        sa.ForeignKeyConstraint(
            ["casefile_id", "member_id"],
            ["family_member.casefile_id", "family_member.id"],
            name=op.f("fk_bank_account_casefile_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["claim.id"], name=op.f("fk_bank_account_casefile_id")),
        sa.ForeignKeyConstraint(
            ["entered_by_person_id"], ["person.id"], name=op.f("fk_bank_account_entered_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("casefile_id", "id", name=op.f("uq_bank_account_casefile_id_id")),
    )
    op.create_table(
        "decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("assessment_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("content", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("total_idr", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason_text", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'approved') = (total_idr > 0)", name=op.f("ck_decision_only_approval_pays")
        ),
        sa.CheckConstraint("duty = 'approve'", name=op.f("ck_decision_duty_is_approve")),
        sa.CheckConstraint(
            "outcome <> 'approved' OR assessment_id IS NOT NULL",
            name=op.f("ck_decision_approval_has_assessment"),
        ),
        sa.CheckConstraint(
            "outcome IN ('approved', 'returned', 'refused')", name=op.f("ck_decision_outcome_known")
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "assessment_id"],
            ["assessment.casefile_id", "assessment.id"],
            name=op.f("fk_decision_casefile_id_assessment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_decision_duty_is_held",
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["claim.id"], name=op.f("fk_decision_casefile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint(
            "casefile_id",
            "id",
            "content_sha256",
            "total_idr",
            name=op.f("uq_decision_casefile_id_id_content_sha256_total_idr"),
        ),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("public_id", sa.Text(), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("requirement_id", sa.BigInteger(), nullable=False),
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("uploaded_kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.BigInteger(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scan", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("preview_pages", sa.BigInteger(), nullable=False),
        sa.Column("flags", sa.Text(), nullable=False),
        sa.Column("device_id", sa.BigInteger(), nullable=True),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "preview IN ('waiting', 'ready', 'failed')", name=op.f("ck_document_preview_known")
        ),
        sa.CheckConstraint(
            "scan IN ('waiting', 'clean', 'no_scanner', 'quarantined')", name=op.f("ck_document_scan_known")
        ),
        sa.CheckConstraint(
            "status <> 'stored' OR (sha256 IS NOT NULL AND size_bytes > 0 AND media_type IS NOT NULL AND stored_at IS NOT NULL)",
            name=op.f("ck_document_stored_is_whole"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'stored', 'discarded')", name=op.f("ck_document_status_known")
        ),
        sa.CheckConstraint(
            "uploaded_kind IN ('family', 'staff')", name=op.f("ck_document_uploaded_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "requirement_id"],
            ["requirement.casefile_id", "requirement.id"],
            name=op.f("fk_document_casefile_id_requirement_id"),
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["casefile.id"], name=op.f("fk_document_casefile_id")),
        sa.ForeignKeyConstraint(["device_id"], ["family_device.id"], name=op.f("fk_document_device_id")),
        sa.ForeignKeyConstraint(["user_id"], ["staff_user.id"], name=op.f("fk_document_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint(
            "casefile_id", "idempotency_key", name=op.f("uq_document_casefile_id_idempotency_key")
        ),
        sa.UniqueConstraint("object_key", name=op.f("uq_document_object_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_document_public_id")),
    )
    op.create_index(
        "ix_document_pending",
        "document",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index("ix_document_requirement_id", "document", ["requirement_id"], unique=False)
    op.create_index("ix_document_sha256", "document", ["sha256"], unique=False)
    op.create_table(
        "heir_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("payee_member_id", sa.BigInteger(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("agreement", sa.Text(), nullable=False),
        sa.Column("family", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_person_id", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "agreement IN ('sole_heir', 'signed_agreement', 'guardian', 'court', 'burial')",
            name=op.f("ck_heir_decision_agreement_known"),
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "payee_member_id"],
            ["family_member.casefile_id", "family_member.id"],
            name=op.f("fk_heir_decision_casefile_id_payee_member_id"),
        ),
        sa.ForeignKeyConstraint(["casefile_id"], ["claim.id"], name=op.f("fk_heir_decision_casefile_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_person_id"], ["person.id"], name=op.f("fk_heir_decision_decided_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heir_decision")),
        sa.UniqueConstraint("casefile_id", "id", name=op.f("uq_heir_decision_casefile_id_id")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("history_version", sa.BigInteger(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_how", sa.Text(), nullable=True),
        sa.Column("delivered_by_user_id", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["casefile_id", "history_version"],
            ["history.casefile_id", "history.version"],
            name=op.f("fk_outbox_casefile_id_history_version"),
        ),
        sa.ForeignKeyConstraint(
            ["delivered_by_user_id"], ["staff_user.id"], name=op.f("fk_outbox_delivered_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "casefile_id",
            "history_version",
            "notice",
            name=op.f("uq_outbox_casefile_id_history_version_notice"),
        ),
    )
    op.create_index(
        "ix_outbox_waiting", "outbox", ["id"], unique=False, postgresql_where=sa.text("delivered_at IS NULL")
    )
    op.create_table(
        "account_check",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_name_found", sa.Text(), nullable=False),
        sa.Column("name_match", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_person_id", sa.BigInteger(), nullable=False),
        sa.Column("name_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "name_match = 'same' OR (name_match = 'similar' AND length(name_note) >= 10)",
            name=op.f("ck_account_check_holder_is_payee"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.id"], name=op.f("fk_account_check_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_person_id"], ["person.id"], name=op.f("fk_account_check_checked_by_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_check")),
    )
    op.create_index("ix_account_check_account_id", "account_check", ["account_id"], unique=False)
    op.create_table(
        "payment_instruction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.BigInteger(), nullable=False),
        sa.Column("component", sa.Text(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("account_check_id", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.BigInteger(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("replaces_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'batched', 'sent', 'settled', 'failed', 'unknown', 'cancelled')",
            name=op.f("ck_payment_instruction_state_known"),
        ),
        sa.CheckConstraint(
            "amount_idr > 0 AND amount_idr <= 10000000000",
            name=op.f("ck_payment_instruction_amount_in_bounds"),
        ),
        sa.ForeignKeyConstraint(
            ["account_check_id"], ["account_check.id"], name=op.f("fk_payment_instruction_account_check_id")
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "account_id"],
            ["bank_account.casefile_id", "bank_account.id"],
            name=op.f("fk_payment_instruction_casefile_id_account_id"),
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "decision_id", "content_sha256", "amount_idr"],
            ["decision.casefile_id", "decision.id", "decision.content_sha256", "decision.total_idr"],
            name="fk_payment_instruction_is_what_was_approved",
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id", "member_id"],
            ["family_member.casefile_id", "family_member.id"],
            name=op.f("fk_payment_instruction_casefile_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["casefile_id"], ["claim.id"], name=op.f("fk_payment_instruction_casefile_id")
        ),
        sa.ForeignKeyConstraint(
            ["id", "version", "state"],
            ["payment_event.instruction_id", "payment_event.version", "payment_event.state"],
            name="fk_payment_instruction_state_has_event",
            initially="DEFERRED",
            deferrable=True,
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["payment_instruction.id"], name=op.f("fk_payment_instruction_replaces_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_instruction")),
        sa.UniqueConstraint(
            "id", "casefile_id", "amount_idr", name=op.f("uq_payment_instruction_id_casefile_id_amount_idr")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_payment_instruction_reference")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_payment_instruction_replaces_id")),
    )
    op.create_index(
        "ix_payment_instruction_casefile_id", "payment_instruction", ["casefile_id"], unique=False
    )
    op.create_index(
        "ix_payment_instruction_queue",
        "payment_instruction",
        ["id"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "uq_payment_instruction_one_live",
        "payment_instruction",
        ["casefile_id", "component"],
        unique=True,
        postgresql_where=sa.text("state NOT IN ('failed', 'cancelled')"),
    )
    op.create_table(
        "payment_batch_line",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("instruction_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["payment_batch.id"], name=op.f("fk_payment_batch_line_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["instruction_id"], ["payment_instruction.id"], name=op.f("fk_payment_batch_line_instruction_id")
        ),
        sa.PrimaryKeyConstraint("batch_id", "position", name=op.f("pk_payment_batch_line")),
        sa.UniqueConstraint("instruction_id", name=op.f("uq_payment_batch_line_instruction_id")),
    )
    op.create_table(
        "payment_event",
        sa.Column("instruction_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("prev_version", sa.BigInteger(), nullable=True),
        sa.Column("from_state", sa.Text(), nullable=True),
        sa.Column("actor_person_id", sa.BigInteger(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "(version = 0 AND from_state IS NULL AND prev_version IS NULL AND state = 'queued') OR (version > 0 AND prev_version = version - 1 AND (from_state, state) IN (('queued', 'batched'), ('queued', 'cancelled'), ('batched', 'queued'), ('batched', 'cancelled'), ('batched', 'sent'), ('sent', 'settled'), ('sent', 'failed'), ('sent', 'unknown'), ('unknown', 'settled'), ('unknown', 'failed'), ('settled', 'failed')))",
            name=op.f("ck_payment_event_known_step"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_person_id"], ["person.id"], name=op.f("fk_payment_event_actor_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["instruction_id", "prev_version", "from_state"],
            ["payment_event.instruction_id", "payment_event.version", "payment_event.state"],
            name="fk_payment_event_follows_the_row_before",
        ),
        sa.ForeignKeyConstraint(
            ["instruction_id"],
            ["payment_instruction.id"],
            name=op.f("fk_payment_event_instruction_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("instruction_id", "version", name=op.f("pk_payment_event")),
        sa.UniqueConstraint(
            "instruction_id", "version", "state", name=op.f("uq_payment_event_instruction_id_version_state")
        ),
    )
    op.create_table(
        "statement_match",
        sa.Column("statement_line_id", sa.BigInteger(), nullable=False),
        sa.Column("instruction_id", sa.BigInteger(), nullable=False),
        sa.Column("casefile_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_idr", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("matched_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("duty = 'reconcile'", name=op.f("ck_statement_match_duty_is_reconcile")),
        sa.ForeignKeyConstraint(
            ["casefile_id", "person_id", "duty"],
            ["casefile_duty.casefile_id", "casefile_duty.person_id", "casefile_duty.duty"],
            name="fk_statement_match_duty_is_held",
        ),
        sa.ForeignKeyConstraint(
            ["instruction_id", "casefile_id", "amount_idr"],
            ["payment_instruction.id", "payment_instruction.casefile_id", "payment_instruction.amount_idr"],
            name=op.f("fk_statement_match_instruction_id_casefile_id_amount_idr"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_line_id", "kind", "amount_idr"],
            ["statement_line.id", "statement_line.kind", "statement_line.amount_idr"],
            name=op.f("fk_statement_match_statement_line_id_kind_amount_idr"),
        ),
        sa.PrimaryKeyConstraint("statement_line_id", name=op.f("pk_statement_match")),
        sa.UniqueConstraint("instruction_id", "kind", name=op.f("uq_statement_match_instruction_id_kind")),
    )
    op.create_foreign_key(
        "fk_casefile_state_has_history",
        "casefile",
        "history",
        ["id", "version", "state"],
        ["casefile_id", "version", "state"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_foreign_key(
        "fk_payment_instruction_state_has_event",
        "payment_instruction",
        "payment_event",
        ["id", "version", "state"],
        ["instruction_id", "version", "state"],
        deferrable=True,
        initially="DEFERRED",
    )
    for function in (
        REFUSE_CHANGE,
        KEEP_ORIGINAL,
        SUM_OF_LINES,
        KEEP_INSTRUCTION,
        LOCKED_BATCH,
        OPEN_BATCH_ONLY,
    ):
        op.execute(function)
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute(
        "CREATE TRIGGER keep_original BEFORE UPDATE OR DELETE ON document"
        " FOR EACH ROW EXECUTE FUNCTION keep_original()"
    )
    for table in ("assessment", "assessment_line"):
        op.execute(
            f"CREATE CONSTRAINT TRIGGER sum_of_lines AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION sum_of_lines_is_total()"
        )
    for table, events, function in (
        ("payment_instruction", "UPDATE OR DELETE", "keep_instruction"),
        ("payment_batch", "UPDATE OR DELETE", "keep_locked_batch"),
        ("payment_batch_line", "INSERT OR UPDATE OR DELETE", "lines_of_open_batch_only"),
    ):
        op.execute(
            f"CREATE TRIGGER {function} BEFORE {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
        )
    # the queue's own tables; the driver runs the many statements at once
    driver = op.get_bind().connection.driver_connection
    driver.execute(SchemaManager.get_schema())


def downgrade() -> None:
    """There is nothing before the first schema: everything goes but the version table."""
    op.execute(
        """
        DO $$ DECLARE thing record;
        BEGIN
            FOR thing IN SELECT tablename FROM pg_tables
                WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
                EXECUTE format('DROP TABLE %I CASCADE', thing.tablename);
            END LOOP;
            FOR thing IN SELECT p.oid::regprocedure AS name FROM pg_proc p
                WHERE pronamespace = 'public'::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', thing.name);
            END LOOP;
            FOR thing IN SELECT t.oid::regtype AS name FROM pg_type t
                WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'c')
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')
                AND (typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND c.relkind = 'c')) LOOP
                EXECUTE format('DROP TYPE %s CASCADE', thing.name);
            END LOOP;
            DROP SEQUENCE IF EXISTS case_serial;
        END $$
        """
    )
