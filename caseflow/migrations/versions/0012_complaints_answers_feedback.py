"""Complaints with their own role and row policy, what families say of their money, and feedback of nobody."""

import sqlalchemy as sa
from alembic import op


revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

_ROLES = (
    "(role IN ('officer', 'medical_adviser', 'approver', 'branch_head') AND role_family = 'branch')"
    " OR (role = 'finance' AND role_family = 'finance') OR (role = 'admin' AND role_family = 'admin')"
    " OR ({audit} AND role_family = 'audit')"
    " OR (role = 'nagari_operator' AND role_family = 'nagari')"
    " OR (role IN ('social_worker', 'social_supervisor') AND role_family = 'social')"
    " OR (role = 'regency_monitor' AND role_family = 'overview')"
)


def upgrade() -> None:
    """New tables; a complaint for the inspector is read only by a transaction that says so."""
    _rewrite_roles("role IN ('auditor', 'inspector')")
    op.create_check_constraint(
        op.f('ck_casefile_complaints_lie_apart'), 'casefile', "(kind = 'complaint') = (branch_code LIKE '%/%')"
    )
    op.execute("CREATE SEQUENCE complaint_serial")
    op.create_table('feedback',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('branch_code', sa.Text(), nullable=False),
    sa.Column('given_on', sa.Date(), nullable=False),
    sa.Column('face', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('key_sha256', sa.String(length=64), nullable=False),
    sa.CheckConstraint("face IN ('good', 'fair', 'bad')", name=op.f('ck_feedback_face_known')),
    sa.CheckConstraint('length(words) <= 1000', name=op.f('ck_feedback_words_in_bounds')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback')),
    sa.UniqueConstraint('key_sha256', name=op.f('uq_feedback_key_sha256'))
    )
    op.create_index('ix_feedback_branch_code_given_on', 'feedback', ['branch_code', 'given_on'], unique=False)
    op.create_table('complaint',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('category', sa.Text(), nullable=False),
    sa.Column('accused', sa.Text(), nullable=False),
    sa.Column('desk', sa.Text(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('code_hash', sa.Text(), nullable=False),
    sa.Column('key_sha256', sa.String(length=64), nullable=False),
    sa.Column('about_casefile_id', sa.BigInteger(), nullable=True),
    sa.Column('contact_name', sa.Text(), nullable=True),
    sa.Column('contact_phone', sa.Text(), nullable=True),
    sa.Column('shown_on_device_id', sa.BigInteger(), nullable=True),
    sa.Column('helped_by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("accused IN ('nagari', 'branch', 'bank', 'hospital', 'other', 'unknown')", name=op.f('ck_complaint_accused_known')),
    sa.CheckConstraint("category IN ('levy', 'slow', 'rude', 'wrong_data', 'wrong_decision', 'other')", name=op.f('ck_complaint_category_known')),
    sa.CheckConstraint("contact_phone IS NULL OR contact_phone ~ '^[+][0-9]{8,15}$'", name=op.f('ck_complaint_contact_phone_e164')),
    sa.CheckConstraint("desk = 'inspector' OR (category <> 'levy' AND accused <> 'branch')", name=op.f('ck_complaint_not_read_by_accused')),
    sa.CheckConstraint("desk IN ('inspector', 'branch_head')", name=op.f('ck_complaint_desk_known')),
    sa.CheckConstraint('length(words) BETWEEN 10 AND 2000', name=op.f('ck_complaint_told_in_words')),
    sa.ForeignKeyConstraint(['about_casefile_id'], ['claim.id'], name=op.f('fk_complaint_about_casefile_id')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['staff_user.id'], name=op.f('fk_complaint_helped_by_user_id')),
    sa.ForeignKeyConstraint(['id'], ['casefile.id'], name=op.f('fk_complaint_id')),
    sa.ForeignKeyConstraint(['shown_on_device_id'], ['family_device.id'], name=op.f('fk_complaint_shown_on_device_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('key_sha256', name=op.f('uq_complaint_key_sha256'))
    )
    op.create_index('ix_complaint_shown_on_device_id', 'complaint', ['shown_on_device_id'], unique=False)
    op.create_table('receipt_answer',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('said_by', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("answer IN ('full', 'not_yet')", name=op.f('ck_receipt_answer_answer_known')),
    sa.ForeignKeyConstraint(['casefile_id'], ['claim.id'], name=op.f('fk_receipt_answer_casefile_id')),
    sa.ForeignKeyConstraint(['device_id'], ['family_device.id'], name=op.f('fk_receipt_answer_device_id')),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_receipt_answer_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_receipt_answer'))
    )
    op.create_index('ix_receipt_answer_casefile_id', 'receipt_answer', ['casefile_id', 'id'], unique=False)
    for table in ('receipt_answer', 'feedback'):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    op.execute("ALTER TABLE complaint ENABLE ROW LEVEL SECURITY")
    op.execute("CREATE POLICY complaint_told ON complaint FOR INSERT WITH CHECK (true)")
    op.execute(
        "CREATE POLICY complaint_read ON complaint USING"
        " (desk <> 'inspector' OR current_setting('caseflow.complaints', true) = 'inspector')"
    )


def downgrade() -> None:
    """Back to cases without complaints; refused while there is one."""
    op.drop_constraint(op.f('ck_casefile_complaints_lie_apart'), 'casefile', type_='check')
    _rewrite_roles("role = 'auditor'")
    op.execute("DROP SEQUENCE complaint_serial")
    op.drop_index('ix_receipt_answer_casefile_id', table_name='receipt_answer')
    op.drop_table('receipt_answer')
    op.drop_index('ix_complaint_shown_on_device_id', table_name='complaint')
    op.drop_table('complaint')
    op.drop_index('ix_feedback_branch_code_given_on', table_name='feedback')
    op.drop_table('feedback')


def _rewrite_roles(audit: str) -> None:
    op.drop_constraint(op.f('ck_role_grant_role_in_its_family'), 'role_grant', type_='check')
    op.create_check_constraint(op.f('ck_role_grant_role_in_its_family'), 'role_grant', _ROLES.format(audit=audit))
