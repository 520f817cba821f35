"""How each message reaches each recipient, what a gateway reports of it, and since when a family has heard nothing."""

import sqlalchemy as sa
from alembic import op


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """New tables; messages under way become tasks by hand: what nobody planned must not leave by itself."""
    op.create_table('family_silence',
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('heard_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('officer_on', sa.Date(), nullable=False),
    sa.Column('head_on', sa.Date(), nullable=False),
    sa.CheckConstraint('head_on > officer_on', name=op.f('ck_family_silence_officer_first')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_family_silence_casefile_id')),
    sa.PrimaryKeyConstraint('casefile_id', name=op.f('pk_family_silence'))
    )
    op.create_index('ix_family_silence_officer_on', 'family_silence', ['officer_on'], unique=False)
    op.create_table('family_word',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('how', sa.Text(), nullable=False),
    sa.Column('line', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("how IN ('call', 'in_person', 'whatsapp', 'sms')", name=op.f('ck_family_word_how_known')),
    sa.CheckConstraint('length(line) BETWEEN 3 AND 300', name=op.f('ck_family_word_one_line')),
    sa.ForeignKeyConstraint(['by_user_id'], ['staff_user.id'], name=op.f('fk_family_word_by_user_id')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_family_word_casefile_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_family_word'))
    )
    op.create_index('ix_family_word_casefile_id', 'family_word', ['casefile_id', 'id'], unique=False)
    op.create_table('delivery',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('outbox_id', sa.BigInteger(), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('recipient_name', sa.Text(), nullable=False),
    sa.Column('relation', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('channel', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('adapter', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('next_try_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempts', sa.BigInteger(), nullable=False),
    sa.Column('attempted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('words', sa.Text(), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.Column('provider_reference', sa.Text(), nullable=True),
    sa.Column('told_how', sa.Text(), nullable=True),
    sa.Column('told_by_user_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(state = 'waiting') = (next_try_at IS NOT NULL)", name=op.f('ck_delivery_waits_for_a_moment')),
    sa.CheckConstraint("adapter = 'hand' OR channel IN ('whatsapp', 'sms')", name=op.f('ck_delivery_only_texts_leave')),
    sa.CheckConstraint("adapter IN ('hand', 'gateway', 'log')", name=op.f('ck_delivery_adapter_known')),
    sa.CheckConstraint("address = '' OR address ~ '^[+][0-9]{8,15}$'", name=op.f('ck_delivery_address_e164')),
    sa.CheckConstraint("channel IN ('whatsapp', 'sms', 'call', 'in_person')", name=op.f('ck_delivery_channel_known')),
    sa.CheckConstraint("role IN ('family', 'helper')", name=op.f('ck_delivery_role_known')),
    sa.CheckConstraint("state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'unknown', 'by_hand', 'skipped')", name=op.f('ck_delivery_state_known')),
    sa.CheckConstraint("state NOT IN ('sending', 'sent', 'unknown') OR (words IS NOT NULL AND attempted_at IS NOT NULL)", name=op.f('ck_delivery_left_with_its_words')),
    sa.CheckConstraint('(told_how IS NULL) = (told_by_user_id IS NULL)', name=op.f('ck_delivery_told_by_somebody')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_delivery_casefile_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_delivery_outbox_id')),
    sa.ForeignKeyConstraint(['told_by_user_id'], ['staff_user.id'], name=op.f('fk_delivery_told_by_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('key', name=op.f('uq_delivery_key')),
    sa.UniqueConstraint('outbox_id', 'address', name=op.f('uq_delivery_outbox_id_address'))
    )
    op.create_index('ix_delivery_for_a_person', 'delivery', ['id'], unique=False, postgresql_where=sa.text("state IN ('by_hand', 'failed', 'unknown')"))
    op.create_index('ix_delivery_casefile_id', 'delivery', ['casefile_id'], unique=False)
    op.create_index('ix_delivery_sending', 'delivery', ['attempted_at'], unique=False, postgresql_where=sa.text("state = 'sending'"))
    op.create_index('ix_delivery_waiting', 'delivery', ['next_try_at'], unique=False, postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('delivery_report',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('delivery_id', sa.BigInteger(), nullable=False),
    sa.Column('signature', sa.Text(), nullable=False),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("status IN ('delivered', 'failed')", name=op.f('ck_delivery_report_status_known')),
    sa.ForeignKeyConstraint(['delivery_id'], ['delivery.id'], name=op.f('fk_delivery_report_delivery_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_report')),
    sa.UniqueConstraint('signature', name=op.f('uq_delivery_report_signature'))
    )
    op.create_index('ix_delivery_report_delivery_id', 'delivery_report', ['delivery_id'], unique=False)
    op.add_column('outbox', sa.Column('planned_at', sa.DateTime(timezone=True), nullable=True))
    op.create_index('ix_outbox_unplanned', 'outbox', ['id'], unique=False, postgresql_where=sa.text('planned_at IS NULL'))
    op.execute(
        "INSERT INTO delivery (outbox_id, casefile_id, recipient_name, relation, role, channel, address, adapter, state,"
        " key, created_at, attempts, delivered_at, told_how, told_by_user_id)"
        " SELECT outbox.id, casefile_id, reporter_name, reporter_relation, 'family', contact_by, reporter_phone, 'hand',"
        " CASE WHEN delivered_at IS NULL THEN 'by_hand' ELSE 'delivered' END, gen_random_uuid()::text, created_at, 0,"
        " delivered_at, CASE WHEN delivered_by_user_id IS NOT NULL THEN coalesce(delivered_how, 'call') END,"
        " delivered_by_user_id FROM outbox JOIN report USING (casefile_id)"
    )
    op.execute('UPDATE outbox SET planned_at = created_at')
    for table in ('delivery_report', 'family_word'):
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def downgrade() -> None:
    """Back to messages that only people pass on."""
    op.drop_index('ix_outbox_unplanned', table_name='outbox', postgresql_where=sa.text('planned_at IS NULL'))
    op.drop_column('outbox', 'planned_at')
    op.drop_index('ix_delivery_report_delivery_id', table_name='delivery_report')
    op.drop_table('delivery_report')
    op.drop_index('ix_delivery_waiting', table_name='delivery', postgresql_where=sa.text("state = 'waiting'"))
    op.drop_index('ix_delivery_sending', table_name='delivery', postgresql_where=sa.text("state = 'sending'"))
    op.drop_index('ix_delivery_casefile_id', table_name='delivery')
    op.drop_index('ix_delivery_for_a_person', table_name='delivery', postgresql_where=sa.text("state IN ('by_hand', 'failed', 'unknown')"))
    op.drop_table('delivery')
    op.drop_index('ix_family_word_casefile_id', table_name='family_word')
    op.drop_table('family_word')
    op.drop_index('ix_family_silence_officer_on', table_name='family_silence')
    op.drop_table('family_silence')
