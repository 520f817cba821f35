"""How PostgreSQL finds what pages show: no list, search or case may walk through a whole table of cases."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from psycopg import sql
from sqlalchemy import Connection, event
from werkzeug.test import Client

from bench.population import RARE, national_id
from bench.result import Row
from bench.world import World, numbers, staff_token
from bench.wsgi import build
from caseflow.app import CaseflowApp
from caseflow.extensions import db
from caseflow.web.identity import STAFF_COOKIE

NEVER_WHOLE = frozenset(
    {"casefile", "claim", "history", "requirement", "document", "report", "audit_event", "casefile_duty"}
)
_ANY = sql.SQL(
    "SELECT number FROM casefile WHERE closed_at IS NULL AND branch_code = 'solok' AND state = %s ORDER BY id LIMIT 1"
)
_FIRST = sql.SQL("SELECT min(id) FROM casefile WHERE branch_code = 'solok'")


@dataclass(frozen=True)
class Statement:
    """A statement that a page sent."""

    text: str
    values: Any


@dataclass(frozen=True)
class Plan:
    """How one statement is answered. ``way``: the scans in the order of the plan; ``whole``: tables read too far."""

    statement: Statement
    took_ms: float
    way: str
    whole: frozenset[str]


def measure(world: World, *, show: bool) -> list[Row]:
    """Read the pages once, and ask for the plan of every statement that they sent.

    :param show: print whole plans.
    """
    app = build(world.settings(world.main))
    officer, approver = (staff_token(world.main.engine, name) for name in ("dedi", "mega"))
    number = numbers(world.main, _ANY, ["calculating"])[0]
    waiting = numbers(world.main, _ANY, ["awaiting_approval"])[0]
    deep = "setelah=2026-11-20.0"
    lists = {
        f"/petugas/?antrean={queue}": officer for queue in ("saya", "bebas", "persetujuan", "lewat", "semua")
    }
    lists |= {f"/petugas/?antrean=semua&{deep}": officer, "/petugas/persetujuan/": approver}
    words = {
        "number": number,
        "NIK": national_id(int(numbers(world.main, _FIRST, [])[0])),
        "part of a name": "Piliang",
        "rare": RARE,
    }
    searches = {f"/petugas/cari?q={word.replace(' ', '+')}": officer for word in words.values()}
    sections = ("", "/dokumen", "/kelayakan", "/ahli-waris", "/perhitungan", "/pembayaran", "/riwayat")
    case = {f"/petugas/kasus/{number}{section}": officer for section in sections}
    case[f"/petugas/persetujuan/{waiting}"] = approver
    # counting the queues reads what the branch has open, once; nothing needs more
    most = int(world.main.size.open_per_branch * 1.2)
    try:
        return [
            _row(app, "P1", "plans of lists", lists, most, show=show),
            _row(app, "P2", "plans of searches", searches, most, show=show),
            _row(app, "P3", "plans of a case", case, most, show=show),
        ]
    finally:
        with app.app_context():
            db.engine.dispose()


def _row(
    app: CaseflowApp, number: str, title: str, pages: Mapping[str, str], most: int, *, show: bool
) -> Row:
    notes: list[str] = []
    found = 0
    for path, token in pages.items():
        plans = _plans(app, path, token, most, show=show)
        total = sum(plan.took_ms for plan in plans)
        slowest = max(plans, key=lambda plan: plan.took_ms)
        notes.append(
            f"{path}: {len(plans)} statements, {total:.1f} ms; slowest {slowest.took_ms:.1f} ms: {slowest.way}"
        )
        for plan in plans:
            if plan.whole:
                found += 1
                notes.append(
                    f"    READS TOO MUCH OF {', '.join(sorted(plan.whole))}: {plan.took_ms:.1f} ms: {plan.way}"
                )
    against = "no sequential scan on cases, history or papers, no more rows than a branch has open"
    return Row(number, title, against, found, 0, 0, high=False, notes=notes)


def _plans(app: CaseflowApp, path: str, token: str, most: int, *, show: bool) -> list[Plan]:
    client = Client(app)
    client.set_cookie(STAFF_COOKIE, token)
    with app.app_context():
        with _recorded() as statements:
            answer = client.get(path)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status_code}")
        with db.engine.connect() as connection:
            return [_plan(connection, each, most, show=show) for each in statements]


@contextmanager
def _recorded() -> Iterator[list[Statement]]:
    """Collect the reading statements of a block."""
    statements: list[Statement] = []

    def keep(_connection: Any, _cursor: Any, text: str, values: Any, _context: Any, _many: bool) -> None:
        if text.lstrip().upper().startswith(("SELECT", "WITH")):
            statements.append(Statement(text, values))

    event.listen(db.engine, "before_cursor_execute", keep)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", keep)


def _plan(connection: Connection, statement: Statement, most: int, *, show: bool) -> Plan:
    answer = connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, FORMAT JSON) {statement.text}", statement.values
    ).scalar_one()
    whole = (answer if isinstance(answer, list) else json.loads(answer))[0]
    nodes = list(_nodes(whole["Plan"]))
    if show:
        lines = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement.text}", statement.values)
        print(statement.text, *(line[0] for line in lines), "", sep="\n")
    way = " < ".join(
        f"{node['Node Type']} {node.get('Index Name') or node.get('Relation Name')}"
        for node in nodes
        if "Relation Name" in node or "Index Name" in node
    )
    walked = {node.get("Relation Name") for node in nodes if _walks(node, most)}
    return Plan(statement, whole["Execution Time"], way or "no table", NEVER_WHOLE & walked)


def _walks(node: dict[str, Any], most: int) -> bool:
    """Whether a table is read from end to end, or further than ``most`` rows by an index."""
    rows = float(node["Actual Rows"]) + float(node.get("Rows Removed by Filter", 0))
    return str(node["Node Type"]) == "Seq Scan" or rows * int(node["Actual Loops"]) > most


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
