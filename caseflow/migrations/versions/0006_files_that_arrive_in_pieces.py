"""Files that arrive in pieces: what was announced, and which bytes of it are safe."""

import sqlalchemy as sa
from alembic import op


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('upload',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('casefile_id', sa.BigInteger(), nullable=False),
    sa.Column('requirement_id', sa.BigInteger(), nullable=False),
    sa.Column('device_id', sa.BigInteger(), nullable=True),
    sa.Column('request_key', sa.Text(), nullable=False),
    sa.Column('length_bytes', sa.BigInteger(), nullable=False),
    sa.Column('display_name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('refusal_status', sa.BigInteger(), nullable=True),
    sa.Column('refusal_sentence', sa.Text(), nullable=True),
    sa.Column('document_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("(state = 'refused') = (refusal_sentence IS NOT NULL) AND (refusal_sentence IS NULL) = (refusal_status IS NULL)", name=op.f('ck_upload_refused_says_why')),
    sa.CheckConstraint("(state = 'stored') = (document_id IS NOT NULL)", name=op.f('ck_upload_stored_is_a_document')),
    sa.CheckConstraint("state IN ('open', 'stored', 'refused', 'stopped', 'expired')", name=op.f('ck_upload_state_known')),
    sa.CheckConstraint('length_bytes BETWEEN 1 AND 20971520', name=op.f('ck_upload_length_in_bounds')),
    sa.ForeignKeyConstraint(['casefile_id', 'requirement_id'], ['requirement.casefile_id', 'requirement.id'], name=op.f('fk_upload_casefile_id_requirement_id')),
    sa.ForeignKeyConstraint(['casefile_id'], ['casefile.id'], name=op.f('fk_upload_casefile_id')),
    sa.ForeignKeyConstraint(['device_id'], ['family_device.id'], name=op.f('fk_upload_device_id')),
    sa.ForeignKeyConstraint(['document_id'], ['document.id'], name=op.f('fk_upload_document_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_upload')),
    sa.UniqueConstraint('casefile_id', 'request_key', name=op.f('uq_upload_casefile_id_request_key')),
    sa.UniqueConstraint('document_id', name=op.f('uq_upload_document_id')),
    sa.UniqueConstraint('id', 'length_bytes', name=op.f('uq_upload_id_length_bytes')),
    sa.UniqueConstraint('public_id', name=op.f('uq_upload_public_id'))
    )
    op.create_index('ix_upload_open', 'upload', ['casefile_id', 'changed_at'], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_table('upload_piece',
    sa.Column('upload_id', sa.BigInteger(), nullable=False),
    sa.Column('from_byte', sa.BigInteger(), nullable=False),
    sa.Column('to_byte', sa.BigInteger(), nullable=False),
    sa.Column('length_bytes', sa.BigInteger(), nullable=False),
    sa.Column('object_key', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('follows_byte', sa.BigInteger(), sa.Computed('NULLIF(from_byte, 0)', persisted=True), nullable=True),
    sa.CheckConstraint('from_byte >= 0 AND from_byte < to_byte', name=op.f('ck_upload_piece_has_bytes')),
    sa.CheckConstraint('to_byte <= length_bytes', name=op.f('ck_upload_piece_within_the_announced')),
    sa.ForeignKeyConstraint(['upload_id', 'follows_byte'], ['upload_piece.upload_id', 'upload_piece.to_byte'], name='fk_upload_piece_no_gap'),
    sa.ForeignKeyConstraint(['upload_id', 'length_bytes'], ['upload.id', 'upload.length_bytes'], name='fk_upload_piece_announced'),
    sa.PrimaryKeyConstraint('upload_id', 'from_byte', name=op.f('pk_upload_piece')),
    sa.UniqueConstraint('object_key', name=op.f('uq_upload_piece_object_key')),
    sa.UniqueConstraint('upload_id', 'to_byte', name=op.f('uq_upload_piece_upload_id_to_byte'))
    )


def downgrade() -> None:
    """Back to files in one request; unfinished ones are sent again."""
    op.drop_table('upload_piece')
    op.drop_index('ix_upload_open', table_name='upload', postgresql_where=sa.text("state = 'open'"))
    op.drop_table('upload')
