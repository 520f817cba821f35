"""NIK and KK numbers are sealed where they lie, with a blind index to find them; what was decided names the index.

A digest of what was decided covers no number in the clear any more: whoever holds a copy of the database could
otherwise try numbers until a digest fits. Decisions keep what they say and get the digest of it in the new form,
together with everything that is bound to it. Downgrading opens all of it again.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from caseflow import sealing

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

_FORM = "^[^:]+:[A-Za-z0-9+/]{59}=$"
_PAGE = 2000
_DRAFT = 'report_draft.answers'
# table, its key, column, index of the column, whether there may be none
_NUMBERS = (
    ('worker', 'id', 'national_id', 'national_id_index', False),
    ('worker', 'id', 'family_card_number', 'family_card_index', True),
    ('person', 'id', 'national_id', 'national_id_index', True),
    ('report', 'casefile_id', 'national_id', 'national_id_index', True),
    ('family_member', 'id', 'national_id', 'national_id_index', True),
)
_UNIQUE = ('worker', 'person')
_INDEXED = (
    ('worker', 'family_card_index'),
    ('report', 'national_id_index'),
    ('family_member', 'national_id_index'),
)
_CHECKED = ('worker', 'report', 'family_member')
_KEPT = ('report', 'heir_decision', 'decision', 'history', 'letter', 'payment_instruction')
# table, column that repeats a decision's digest, its foreign key, column that repeats the total
_BOUND = (
    ('payment_instruction', 'content_sha256', 'fk_payment_instruction_is_what_was_approved', 'amount_idr'),
    ('letter', 'decision_sha256', 'fk_letter_states_the_decision', 'total_idr'),
)


def upgrade() -> None:
    """Seal every number, row by row; the keys of the installation are needed as soon as there is one."""
    _quiet('DISABLE')
    for table in _CHECKED:
        op.drop_constraint(op.f(f'ck_{table}_national_id_16_digits'), table, type_='check')
    for table in _UNIQUE:
        op.drop_constraint(op.f(f'uq_{table}_national_id'), table, type_='unique')
    op.drop_index('ix_report_national_id', table_name='report')
    for table, key, column, index, optional in _NUMBERS:
        op.add_column(table, sa.Column(index, sa.String(64), nullable=True))
        for row in _rows(table, key, column):
            sealed = sealing.seal(row.said, about=f"{table}.{column}")
            _write(table, key, row.id, {column: sealed, index: sealing.blind(row.said)})
        if not optional:
            op.alter_column(table, index, nullable=False)
        name = 'family_card' if column == 'family_card_number' else column
        op.create_check_constraint(op.f(f'ck_{table}_{name}_sealed'), table, f"{column} ~ '{_FORM}'")
    for table in _UNIQUE:
        op.create_unique_constraint(op.f(f'uq_{table}_national_id_index'), table, ['national_id_index'])
    for table, column in _INDEXED:
        op.create_index(f'ix_{table}_{column}', table, [column])
    _say_otherwise(sealing.blind, 'national_id', 'national_id_index')
    op.add_column('report_draft', sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE report_draft SET opened_at = changed_at, answers = answers - 'opened' WHERE answers ? 'opened'")
    _drafts(sa.Text(), lambda said: sealing.seal(json.dumps(said, ensure_ascii=False), about=_DRAFT))
    _quiet('ENABLE')


def downgrade() -> None:
    """Open every number again."""
    _quiet('DISABLE')
    known = {
        row.said: sealing.unseal(row.sealed, about=f"{table}.{column}")
        for table, _, column, index, _ in _NUMBERS
        for row in op.get_bind().execute(
            sa.text(f"SELECT {index} AS said, {column} AS sealed FROM {table} WHERE {column} IS NOT NULL")
        )
    }
    _drafts(JSONB(), lambda said: json.loads(sealing.unseal(said, about=_DRAFT)))
    op.execute("UPDATE report_draft SET answers = answers || '{\"opened\": true}' WHERE opened_at IS NOT NULL")
    op.drop_column('report_draft', 'opened_at')
    _say_otherwise(lambda said: known.get(said, said), 'national_id_index', 'national_id')
    for table, column in _INDEXED:
        op.drop_index(f'ix_{table}_{column}', table_name=table)
    for table in _UNIQUE:
        op.drop_constraint(op.f(f'uq_{table}_national_id_index'), table, type_='unique')
    for table, key, column, index, _ in _NUMBERS:
        name = 'family_card' if column == 'family_card_number' else column
        op.drop_constraint(op.f(f'ck_{table}_{name}_sealed'), table, type_='check')
        for row in _rows(table, key, column):
            _write(table, key, row.id, {column: sealing.unseal(row.said, about=f"{table}.{column}")})
        op.drop_column(table, index)
    op.create_index('ix_report_national_id', 'report', ['national_id'])
    for table in _UNIQUE:
        op.create_unique_constraint(op.f(f'uq_{table}_national_id'), table, ['national_id'])
    for table in _CHECKED:
        none = '' if table == 'worker' else 'national_id IS NULL OR '
        rule = f"{none}national_id ~ '^[0-9]{{16}}$'"
        op.create_check_constraint(op.f(f'ck_{table}_national_id_16_digits'), table, rule)
    _quiet('ENABLE')


def _quiet(how: str) -> None:
    """Rows that nobody may change are written anew here, and only here."""
    for table in _KEPT:
        op.execute(f"ALTER TABLE {table} {how} TRIGGER USER")


def _rows(table: str, key: str, column: str) -> Iterator[sa.Row[Any]]:
    """Every row that holds a number, a page at a time."""
    page = sa.text(
        f"SELECT {key} AS id, {column} AS said FROM {table}"
        f" WHERE {key} > :last AND {column} IS NOT NULL ORDER BY {key} LIMIT {_PAGE}"
    )
    last = -1
    while rows := op.get_bind().execute(page, {"last": last}).all():
        yield from rows
        last = rows[-1].id


def _write(table: str, key: str, number: int, values: dict[str, Any]) -> None:
    named = sa.table(table, sa.column(key), *(sa.column(one) for one in values))
    op.get_bind().execute(named.update().where(named.c[key] == number).values(**values))


def _say_otherwise(number: Callable[[str], str], old: str, new: str) -> None:
    """Write the documents of decisions anew, and the digests that stand for them."""

    def told(family: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {new if key == old else key: number(value) if key == old and value else value for key, value in one.items()}
            for one in family
        ]

    connection = op.get_bind()
    for row in connection.execute(sa.text("SELECT id, family FROM heir_decision")).all():
        _write_document('heir_decision', row.id, {'family': told(row.family)})
    for table, _, name, _ in _BOUND:
        op.drop_constraint(name, table, type_='foreignkey')
    for row in connection.execute(sa.text("SELECT id, casefile_id, content, content_sha256 FROM decision")).all():
        content = dict(row.content)
        if content.get('worker'):
            content['worker'] = [content['worker'][0], number(content['worker'][1]), *content['worker'][2:]]
        if content.get('heirs'):
            content['heirs'] = [*content['heirs'][:4], told(content['heirs'][4])]
        if _digest(row.content) != row.content_sha256:
            raise ValueError(f"decision {row.id} does not say what its digest says; ask the auditor before upgrading")
        _write_document('decision', row.id, {'content': content})
        _bind_again(row.casefile_id, row.content_sha256, _digest(content))
    for table, column, name, total in _BOUND:
        op.create_foreign_key(
            name, table, 'decision', ['casefile_id', 'decision_id', column, total],
            ['casefile_id', 'id', 'content_sha256', 'total_idr'],
        )  # fmt: skip


def _bind_again(casefile_id: int, before: str, after: str) -> None:
    values = {"casefile": casefile_id, "before": before, "after": after}
    for table, column in (('decision', 'content_sha256'), *((table, column) for table, column, *_ in _BOUND)):
        op.get_bind().execute(
            sa.text(f"UPDATE {table} SET {column} = :after WHERE casefile_id = :casefile AND {column} = :before"), values
        )
    op.get_bind().execute(
        sa.text(
            "UPDATE history SET details = details || jsonb_build_object('content_sha256', CAST(:after AS text))"
            " WHERE casefile_id = :casefile AND details ->> 'content_sha256' = :before"
        ),
        values,
    )


def _write_document(table: str, number: int, values: dict[str, Any]) -> None:
    named = sa.table(table, sa.column('id'), *(sa.column(one, JSONB()) for one in values))
    op.get_bind().execute(named.update().where(named.c.id == number).values(**values))


def _digest(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _drafts(kind: sa.types.TypeEngine[Any], written: Callable[[Any], Any]) -> None:
    """Reports that somebody is still writing hold numbers, too."""
    op.add_column('report_draft', sa.Column('rewritten', kind, nullable=True))
    drafts = sa.table('report_draft', sa.column('id'), sa.column('rewritten', kind))
    for row in op.get_bind().execute(sa.text("SELECT id, answers FROM report_draft")).all():
        op.get_bind().execute(drafts.update().where(drafts.c.id == row.id).values(rewritten=written(row.answers)))
    op.drop_column('report_draft', 'answers')
    op.alter_column('report_draft', 'rewritten', new_column_name='answers', nullable=False)
