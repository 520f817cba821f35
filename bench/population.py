"""Invents as many cases as asked for, with everything that belongs to them, so that every constraint holds.

Foreign keys and secondary indexes are taken off while rows are added and made again afterwards: PostgreSQL
itself then proves each of them over all rows.

What a branch has open does not grow with its archive: it is what came in during the last weeks. So the number
of open cases is fixed, and a larger population means more closed ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from bench import population_sql as statements
from caseflow import identifiers, sealing
from caseflow.claims import workflows
from caseflow.documents.catalogue import Facts, catalogue
from caseflow.launch.databases import DatabaseUrls, libpq

BRANCHES = ("solok", "padang", "bukittinggi", "payakumbuh")
RARE = "Ungku Larasati"
SEALS = 1000
FIRST = [
    "Syafrizal",
    "Zulkarnaini",
    "Yusnidar",
    "Rosmaini",
    "Darmawati",
    "Nasrul",
    "Erizal",
    "Murniati",
    "Asnimar",
    "Bakhtiar",
    "Jusmaniar",
    "Marlis",
    "Nurhayati",
    "Rusdi",
    "Sawirman",
    "Tarmizi",
    "Upik",
    "Wirdanelis",
    "Yulisman",
    "Zainal",
    "Amrizal",
    "Busra",
    "Chairul",
    "Dahniar",
    "Elvi",
    "Fauzan",
    "Gusneti",
    "Hasanah",
    "Ismail",
    "Jamilah",
    "Kamaruddin",
    "Lismawati",
    "Mukhlis",
]
LAST = [
    "Koto",
    "Piliang",
    "Chaniago",
    "Sikumbang",
    "Tanjung",
    "Guci",
    "Jambak",
    "Melayu",
    "Caniago",
    "Panyalai",
    "Mandailiang",
    "Bendang",
    "Kampai",
    "Payobada",
    "Dalimo",
    "Simabur",
    "Pitopang",
    "Sumagek",
    "Tigolareh",
    "Domo",
    "Bodi",
    "Kutianyir",
    "Singkuang",
]
_TABLES = (
    "casefile",
    "claim",
    "report",
    "history",
    "casefile_duty",
    "requirement",
    "document",
    "outbox",
    "audit_event",
)
_PAID = (
    ("report", "family"), ("start_intake", "officer"), ("complete_documents", "system"),
    ("start_verification", "officer"), ("calculate", "officer"), ("submit", "officer"), ("approve", "approver"),
    ("send_payment", "releaser"), ("confirm_payment", "reconciler"), ("close", "officer"),
)  # fmt: skip
_WITHDRAWN = (("report", "family"), ("start_intake", "officer"), ("withdraw", "officer"))


@dataclass(frozen=True)
class Size:
    """How many cases there are, and how many of them are open in each branch."""

    cases: int
    open_per_branch: int

    @property
    def open(self) -> int:
        """All open cases; there cannot be more than cases."""
        return min(self.cases, self.open_per_branch * len(BRANCHES))


def populate(urls: DatabaseUrls, size: Size, *, start: datetime) -> None:
    """Fill a prepared database; case files that are there already, such as practice nominations, stay before ours."""
    values = _values(size, start)
    with psycopg.connect(libpq(urls.admin)) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("SET work_mem = '128MB'")
        connection.execute("SET maintenance_work_mem = '512MB'")
        before = _last_id(connection)
        values["before"] = before
        lifted = lift(connection, _TABLES)
        connection.execute(statements.DAMM)
        connection.execute(statements.LIFE)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO life VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", _life())
        seal_numbers(connection, range(before + 1, before + size.cases + 1), about="report.national_id")
        for statement in _ordered():
            connection.execute(statement, values)
        for definition in lifted:
            connection.execute(definition)
    with psycopg.connect(libpq(urls.admin), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    _check_numbers(urls)


def seal_numbers(
    connection: psycopg.Connection[Any], many: range, *, about: str, table: str = "sealed", kind: int = 99
) -> None:
    """Make a table with a NIK (or another kind of number) for each of ``many``: its own index, one of a thousand seals.

    Nothing searches in seals, so that as many kinds of them weigh as much as any; sealing each takes minutes.
    """
    name = sql.Identifier(table)
    connection.execute(
        sql.SQL("CREATE TEMP TABLE {} (n int, national_id text, national_id_index text)").format(name)
    )
    seals = [sealing.seal(national_id(n, kind), about=about) for n in many[:SEALS]]
    with (
        connection.cursor() as cursor,
        cursor.copy(sql.SQL("COPY {} FROM STDIN").format(name)) as lines,
    ):
        for place, n in enumerate(many):
            lines.write_row((n, seals[place % len(seals)], sealing.blind(national_id(n, kind))))
    connection.execute(sql.SQL("ANALYZE {}").format(name))


def national_id(n: int, kind: int = 99) -> str:
    """Return the invented NIK of the n-th case or worker; of another ``kind``, such as cards, another number."""
    return f"1303{kind}{n:010d}"


def bytes_a_case(urls: DatabaseUrls, cases: int) -> dict[str, float]:
    """Bytes of tables and indexes for one case, by table."""
    with psycopg.connect(libpq(urls.admin)) as connection:
        rows = connection.execute(
            "SELECT name, pg_total_relation_size(name::regclass) FROM unnest(%s::text[]) AS name",
            [list(_TABLES)],
        )
        return {str(name): int(size) / cases for name, size in rows}


def _ordered() -> list[LiteralString]:
    return [
        *statements.OFFICERS, statements.PLAN, *statements.CASES, *statements.MOVES, *statements.PAPERS,
        *statements.SERIALS,
    ]  # fmt: skip


def _values(size: Size, start: datetime) -> dict[str, Any]:
    definition = workflows.book().latest("jkm")
    papers = catalogue().derive(
        Facts(claimant_is_spouse=True, claimant_is_child=False, claimant_is_parent=False)
    )
    return {
        "cases": size.cases,
        "open": size.open,
        "start": start,
        "branches": list(BRANCHES),
        "damm": _damm_moves(),
        "rare": RARE,
        "first": FIRST,
        "last": LAST,
        "workflow": definition.name,
        "workflow_version": definition.version,
        "codes": [paper.code for paper in papers],
        "catalogues": [paper.catalogue_version for paper in papers],
        "positions": [paper.position for paper in papers],
        "needs": [paper.need for paper in papers],
    }


def _life() -> list[tuple[Any, ...]]:
    """The two lives of a case, with states, duties and messages as the workflow has them."""
    definition = workflows.book().latest("jkm")
    lines: list[tuple[Any, ...]] = []
    for path, moves in (("paid", _PAID), ("withdrawn", _WITHDRAWN)):
        state = definition.initial
        lines.append((path, 0, "open", None, state, None, None, "family"))
        for version, (name, actor) in enumerate(moves, start=1):
            action, target = definition.actions[name], definition.target(state, name)
            if target is None:
                raise ValueError(f"{name} does not leave {state}: the invented lives need a new path")
            lines.append((path, version, name, state, target, action.duty, action.notice, actor))
            state = target
    return lines


def _damm_moves() -> str:
    """The table of Damm's check digit, found through the public function."""
    of_digit = {identifiers.check_digit(str(digit)): digit for digit in range(10)}
    return "".join(
        identifiers.check_digit(f"{of_digit[str(interim)]}{digit}")
        for interim in range(10)
        for digit in range(10)
    )


def lift(connection: psycopg.Connection[Any], tables: Sequence[str]) -> list[sql.SQL]:
    """Take foreign keys and secondary indexes off; return the statements that make them again."""
    keys = connection.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [list(tables)],
    ).fetchall()
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND NOT EXISTS"
        " (SELECT FROM pg_constraint WHERE conname = indexname)",
        [list(tables)],
    ).fetchall()
    again: list[Any] = []
    for table, name, definition in keys:
        names = {"table": sql.Identifier(table), "name": sql.Identifier(name)}
        connection.execute(sql.SQL("ALTER TABLE {table} DROP CONSTRAINT {name}").format(**names))
        again.append(
            sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} ").format(**names) + sql.SQL(definition)
        )
    for name, definition in indexes:
        connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        again.insert(0, sql.SQL(definition))
    return again


def _last_id(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute("SELECT coalesce(max(id), 0) FROM casefile").fetchone()
    return int(row[0]) if row else 0


def _check_numbers(urls: DatabaseUrls) -> None:
    with psycopg.connect(libpq(urls.admin)) as connection:
        for (number,) in connection.execute("SELECT number FROM casefile ORDER BY id DESC LIMIT 50"):
            if identifiers.read_case_number(number) != number:
                raise ValueError(f"{number} is not a case number")
