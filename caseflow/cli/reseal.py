"""A new data key: every number that an older key sealed is sealed again, page by page.

Restartable: what was sealed again is committed with its page, and only what is left is looked for. Runs beside the
service, as the owner of the tables, since some of them take no changes from the service itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    TableClause,
    Text,
    and_,
    column,
    func,
    literal,
    or_,
    select,
    table,
    text,
    tuple_,
    union_all,
)

from caseflow import sealing
from caseflow.cli.setup import settings
from caseflow.db import Base
from caseflow.migrations.run import owner_engine
from caseflow.sealing import SealBroken, SealedDocument, SealedText

PAGE = 500
_BEGINNING: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns, seen without their types: what lies there is handled as it lies.

    :ivar key: names of its primary key; :ivar about: column → what its seals are bound to.
    """

    bare: TableClause
    key: tuple[str, ...]
    about: dict[str, str]
    append_only: bool


@dataclass
class Outcome:
    """What became of a table: values sealed again, and values that no key here opens."""

    resealed: int = 0
    broken: int = 0


def sealed_tables() -> Iterator[SealedTable]:
    """Every table with something sealed, from the tables themselves: a new one needs no word here."""
    for each in Base.metadata.sorted_tables:
        about = {
            one.name: one.type.about
            for one in each.columns
            if isinstance(one.type, SealedText | SealedDocument)
        }
        if about:
            key = tuple(one.name for one in each.primary_key.columns)
            plain = (column(one.name, one.type) for one in each.primary_key.columns)
            bare = table(each.name, *plain, *(column(name, Text()) for name in about))
            yield SealedTable(bare, key, about, bool(each.info.get("append_only")))


def rows_by_key(connection: Connection) -> dict[str, int]:
    """Return how many sealed values lie under each key, by its name."""
    named = [
        select(func.split_part(one.bare.c[name], ":", 1).label("name")).where(one.bare.c[name].is_not(None))
        for one in sealed_tables()
        for name in one.about
    ]
    every = union_all(*named).subquery()
    found = connection.execute(
        select(every.c.name, func.count().label("rows")).group_by(every.c.name).order_by(every.c.name)
    )
    return {row.name: row.rows for row in found}


def reseal_page(
    connection: Connection, where: SealedTable, after: tuple[Any, ...] | None, outcome: Outcome
) -> tuple[Any, ...] | None:
    """Seal a page of rows again within the transaction of the connection; return its last key, or ``None``.

    :param after: last key of the page before; ``None`` at the beginning.
    """
    if where.append_only:
        connection.execute(text(f"ALTER TABLE {where.bare.name} DISABLE TRIGGER append_only"))
    rows = connection.execute(_page(where, after)).mappings().all()
    for row in rows:
        values = _again(where, row, outcome)
        if values:
            itself = [where.bare.c[name] == row[name] for name in where.key]
            connection.execute(where.bare.update().where(*itself).values(**values))
    if where.append_only:
        connection.execute(text(f"ALTER TABLE {where.bare.name} ENABLE TRIGGER append_only"))
    return tuple(rows[-1][name] for name in where.key) if rows else None


def _again(where: SealedTable, row: RowMapping, outcome: Outcome) -> dict[str, str]:
    current = f"{sealing.key_names()[0]}:"
    values: dict[str, str] = {}
    for name, about in where.about.items():
        if row[name] is None or row[name].startswith(current):
            continue
        try:
            values[name] = sealing.reseal(row[name], about=about)
        except SealBroken:
            outcome.broken += 1
    outcome.resealed += len(values)
    return values


def _page(where: SealedTable, after: tuple[Any, ...] | None) -> Select[Any]:
    current, columns = sealing.key_names()[0], where.bare.c
    keys = [columns[name] for name in where.key]
    older = or_(
        *(
            and_(columns[name].is_not(None), func.split_part(columns[name], ":", 1) != current)
            for name in where.about
        )
    )
    page = select(where.bare).where(older).order_by(*keys).limit(PAGE).with_for_update()
    if after is None:
        return page
    last = (literal(value, key.type) for key, value in zip(keys, after, strict=True))
    return page.where(tuple_(*keys) > tuple_(*last))


@click.command("reseal")
@with_appcontext
def reseal_command() -> None:
    """Seal what older data keys sealed with the current one; may be stopped and run again."""
    given = settings()
    engine = owner_engine(given.owner_url or given.database_url)
    broken = 0
    for where in sealed_tables():
        outcome, after = Outcome(), _BEGINNING
        while True:
            with engine.begin() as connection:
                after = reseal_page(connection, where, after, outcome)
            if after is None:
                break
        broken += outcome.broken
        click.echo(f"{where.bare.name}: {outcome.resealed} disegel ulang.")
    engine.dispose()
    if broken:
        raise click.ClickException(
            f"{broken} segel tidak terbuka dengan kunci yang ada. flask check menyebut kuncinya; "
            "kembalikan kunci itu, lalu jalankan lagi. Yang lain sudah disegel ulang."
        )
    click.echo(f"Semua segel memakai kunci “{sealing.key_names()[0]}”.")
