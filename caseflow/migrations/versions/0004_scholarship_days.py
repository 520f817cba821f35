"""The day on which somebody next thinks of a scholarship, and messages that belong to a day instead of a move."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New columns with their values; a message is owed once for each occasion."""
    op.add_column('scholarship_child', sa.Column('branch_code', sa.Text(), nullable=True))
    op.add_column('scholarship_child', sa.Column('chosen_by', sa.Text(), nullable=True))
    op.execute(
        "UPDATE scholarship_child s SET branch_code = c.branch_code, chosen_by = 'belum dicatat saat dibuka'"
        " FROM casefile c WHERE c.id = s.casefile_id"
    )
    op.alter_column('scholarship_child', 'branch_code', nullable=False)
    op.alter_column('scholarship_child', 'chosen_by', nullable=False)
    op.add_column('scholarship_child', sa.Column('next_on', sa.Date(), nullable=True))
    op.add_column('scholarship_child', sa.Column('next_step', sa.Text(), nullable=True))
    op.add_column('scholarship_child', sa.Column('next_year', sa.BigInteger(), nullable=True))
    op.add_column('scholarship_child', sa.Column('open_year', sa.BigInteger(), nullable=True))
    # rights opened before this version are looked at in the first night
    op.execute(
        "UPDATE scholarship_child s SET next_on = current_date, next_step = 'year' FROM casefile c"
        " WHERE c.id = s.casefile_id AND c.closed_at IS NULL"
    )
    op.create_check_constraint(
        op.f("ck_scholarship_child_next_step_known"),
        "scholarship_child",
        "next_step IN ('school', 'year', 'age', 'over')",
    )
    op.create_check_constraint(
        op.f("ck_scholarship_child_next_has_step"),
        "scholarship_child",
        "(next_on IS NULL) = (next_step IS NULL)",
    )
    op.create_check_constraint(
        op.f("ck_scholarship_child_choice_is_told"), "scholarship_child", "length(chosen_by) >= 10"
    )
    op.create_index(
        'ix_scholarship_child_next_on',
        'scholarship_child',
        ['branch_code', 'next_on', 'casefile_id'],
        unique=False,
        postgresql_where=sa.text('next_on IS NOT NULL'),
    )
    op.add_column('outbox', sa.Column('occasion', sa.Text(), server_default='', nullable=False))
    op.drop_constraint(op.f('uq_outbox_casefile_id_history_version_notice'), 'outbox', type_='unique')
    op.create_unique_constraint(
        op.f('uq_outbox_casefile_id_history_version_notice_occasion'),
        'outbox',
        ['casefile_id', 'history_version', 'notice', 'occasion'],
    )
    op.create_index(
        'uq_outbox_one_an_occasion',
        'outbox',
        ['casefile_id', 'notice', 'occasion'],
        unique=True,
        postgresql_where=sa.text("occasion <> ''"),
    )


def downgrade() -> None:
    """Back to messages of moves alone; refused while one move owes two messages of a kind."""
    op.drop_index('uq_outbox_one_an_occasion', table_name='outbox')
    op.drop_constraint(
        op.f('uq_outbox_casefile_id_history_version_notice_occasion'), 'outbox', type_='unique'
    )
    op.create_unique_constraint(
        op.f('uq_outbox_casefile_id_history_version_notice'),
        'outbox',
        ['casefile_id', 'history_version', 'notice'],
    )
    op.drop_column('outbox', 'occasion')
    op.drop_index('ix_scholarship_child_next_on', table_name='scholarship_child')
    for name in ("choice_is_told", "next_has_step", "next_step_known"):
        op.drop_constraint(op.f(f"ck_scholarship_child_{name}"), "scholarship_child", type_="check")
    for column in ("open_year", "next_year", "next_step", "next_on", "chosen_by", "branch_code"):
        op.drop_column('scholarship_child', column)
