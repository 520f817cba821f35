"""Slips are given to named persons after a card was seen; phones may be borrowed, and unlocked without a PIN."""

import sqlalchemy as sa
from alembic import op


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New columns; slips printed until now were seen by whoever printed them, or came from the phone that reported."""
    op.add_column('family_device', sa.Column('borrowed', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column('family_device', 'borrowed', server_default=None)
    op.drop_constraint(op.f('ck_family_device_unlocked_with_pin'), 'family_device', type_='check')
    op.add_column('slip', sa.Column('issued_where', sa.Text(), nullable=True))
    op.add_column('slip', sa.Column('seen', sa.Text(), nullable=True))
    op.add_column('slip', sa.Column('relation', sa.Text(), nullable=True))
    op.add_column('slip', sa.Column('member_id', sa.BigInteger(), nullable=True))
    op.add_column('slip', sa.Column('guardian_of', sa.Text(), nullable=True))
    op.execute(
        "UPDATE slip SET relation = '', seen = CASE WHEN issued_by_user_id IS NULL THEN 'none' ELSE 'ktp' END,"
        " issued_where = CASE WHEN issued_by_user_id IS NULL THEN 'phone' ELSE 'counter' END"
    )
    for column in ('issued_where', 'seen', 'relation'):
        op.alter_column('slip', column, nullable=False)
    op.create_check_constraint(
        op.f('ck_slip_issued_where_known'), 'slip', "issued_where IN ('phone', 'counter', 'nagari', 'visit')"
    )
    op.create_check_constraint(op.f('ck_slip_seen_known'), 'slip', "seen IN ('none', 'ktp', 'kk', 'both')")
    op.create_check_constraint(op.f('ck_slip_card_seen'), 'slip', "(issued_where = 'phone') = (seen = 'none')")
    op.create_foreign_key(op.f('fk_slip_casefile_id_member_id'), 'slip', 'family_member', ['casefile_id', 'member_id'], ['casefile_id', 'id'])


def downgrade() -> None:
    """Back to slips that do not say who saw what; phones without a PIN are locked again."""
    op.drop_constraint(op.f('fk_slip_casefile_id_member_id'), 'slip', type_='foreignkey')
    for check in ('card_seen', 'seen_known', 'issued_where_known'):
        op.drop_constraint(op.f(f'ck_slip_{check}'), 'slip', type_='check')
    for column in ('guardian_of', 'member_id', 'relation', 'seen', 'issued_where'):
        op.drop_column('slip', column)
    op.execute("UPDATE family_device SET unlocked_until = NULL WHERE pin_hash IS NULL")
    op.create_check_constraint(
        op.f('ck_family_device_unlocked_with_pin'),
        'family_device',
        'unlocked_until IS NULL OR pin_hash IS NOT NULL',
    )
    op.drop_column('family_device', 'borrowed')
