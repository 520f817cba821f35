"""How PostgreSQL finds what pages show: no list, search or case may walk through a whole table of cases."""

import json
from collections.abc import Callable, Iterator, Mapping
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
    """How one statement is answered.

    :ivar way: the scans in the order of the plan; :ivar most: the most rows that one of them read.
    :ivar whole: tables read too far.
    """

    statement: Statement
    took_ms: float
    way: str
    most: int
    whole: frozenset[str]


@dataclass(frozen=True)
class Bound:
    """How far statements may read: ``tables`` never from end to end, and never more than ``most`` rows of them."""

    tables: frozenset[str]
    most: int
    against: str


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
    against = "no sequential scan on cases, history or papers, no more rows than a branch has open"
    bound = Bound(NEVER_WHOLE, int(world.main.size.open_per_branch * 1.2), against)
    try:
        return [
            row_of(
                app,
                number,
                title,
                {path: visit(app, path, token) for path, token in pages.items()},
                bound,
                show=show,
            )
            for number, title, pages in (
                ("P1", "plans of lists", lists),
                ("P2", "plans of searches", searches),
                ("P3", "plans of a case", case),
            )
        ]
    finally:
        with app.app_context():
            db.engine.dispose()


def row_of(
    app: CaseflowApp,
    number: str,
    title: str,
    acts: Mapping[str, Callable[[], object]],
    bound: Bound,
    *,
    show: bool,
) -> Row:
    """Ask for the plan of every statement that some acts send; the value is how many read too far."""
    notes: list[str] = []
    found = 0
    for name, act in acts.items():
        plans = _plans(app, act, bound, show=show)
        total = sum(plan.took_ms for plan in plans)
        slowest = max(plans, key=lambda plan: plan.took_ms)
        most = max(plan.most for plan in plans)
        notes.append(
            f"{name}: {len(plans)} statements, {total:.1f} ms, at most {most} rows; "
            f"slowest {slowest.took_ms:.1f} ms: {slowest.way}"
        )
        for plan in plans:
            if plan.whole:
                found += 1
                notes.append(
                    f"    READS TOO MUCH OF {', '.join(sorted(plan.whole))}: {plan.took_ms:.1f} ms: {plan.way}"
                )
    return Row(number, title, bound.against, found, 0, 0, high=False, notes=notes)


def visit(app: CaseflowApp, path: str, token: str) -> Callable[[], None]:
    """Return the act of reading one page that must be there."""
    client = Client(app)
    client.set_cookie(STAFF_COOKIE, token)

    def read() -> None:
        answer = client.get(path)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status_code}")

    return read


def _plans(app: CaseflowApp, act: Callable[[], object], bound: Bound, *, show: bool) -> list[Plan]:
    with app.app_context():
        with _recorded() as statements:
            act()
        with db.engine.connect() as connection:
            return [_plan(connection, each, bound, show=show) for each in statements]


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


def _plan(connection: Connection, statement: Statement, bound: Bound, *, show: bool) -> Plan:
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
    known = [node for node in nodes if node.get("Relation Name") in bound.tables]
    too_far = {
        node["Relation Name"] for node in known if node["Node Type"] == "Seq Scan" or _rows(node) > bound.most
    }
    most = max(map(_rows, known), default=0)
    return Plan(statement, whole["Execution Time"], way or "no table", most, frozenset(too_far))


def _rows(node: dict[str, Any]) -> int:
    """How many rows a scan took up, whether it kept them or not."""
    taken = sum(
        float(node.get(name, 0))
        for name in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    )
    return round(taken * int(node["Actual Loops"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
