"""Rows on results: pages of figures beside an empty page, and counting everything beside reading it once.

Everything that was paid gets a plan and three visits, so that a million claims have close to three million visits.
"""

import time
from functools import partial

import psycopg
from psycopg import sql
from sqlalchemy.orm import Session

from bench import results_sql as statements
from bench.clocks import backends, cpu_clock
from bench.lists import Desk, desk
from bench.plans import NEVER_WHOLE, Bound, row_of, visit
from bench.population import lift
from bench.result import Row, interleaved
from bench.world import START, World, staff_token
from bench.wsgi import build
from caseflow import clock
from caseflow.claims import workflows
from caseflow.extensions import db
from caseflow.launch.databases import libpq
from caseflow.monitoring.visit_models import BANDS, STAGES, TYPES, USES
from caseflow.reports.result_refresh import refresh

_EMPTY = "/privasi"  # a page of the same application that reads nothing
_PAGES = (("a", "layanan"), ("b", "pendampingan"), ("c", "ringkasan"))
_ROUNDS = 9
_OPEN = 10_000  # families that are followed now
_VISITORS = 38  # beside the two of the practice data
_TABLES = ("monitoring_plan", "planned_visit", "visit_record", "visit_use", "visit_child")
_FIELD = ("", "jadwal", "keluarga", "penyelia/", "penghidupan", "rujukan", "bantuan")
_OF_THE_SUPERVISOR = {"penyelia/", "bantuan"}
_GROWS = NEVER_WHOLE | {"monitoring_plan", "planned_visit", "visit_record", "visit_use", "visit_child"}
_LATELY = "SELECT count(*) FROM planned_visit WHERE done_on > %(start)s::date - 90"
_ALL = (
    "SELECT count(*), max(at), count(DISTINCT action) FROM history",
    "SELECT count(*), max(made_on), count(livelihood_stage) FROM visit_record",
)


def measure(world: World) -> list[Row]:
    """Measure the refresh, then the pages over what it counted."""
    plans, visits = _follow(world)
    rows = [_counting(world, plans, visits)]
    with desk(world, world.main) as here:
        rows += [_page(here, letter, name) for letter, name in _PAGES]
    return [*rows, _plans_of_pages(world)]


def _counting(world: World, plans: int, visits: int) -> Row:
    """Row 23: counting everything again, beside one reading of all moves and records."""
    first, _ = _count(world)
    took, counts = _count(world)
    begun = time.monotonic()
    with psycopg.connect(libpq(world.main.urls.admin)) as connection:
        for statement in _ALL:
            connection.execute(statement).fetchone()
    read = time.monotonic() - begun
    notes = [
        f"{took:.1f} s for {world.main.size.cases} claims, {plans} plans, {visits} visits; reading alone {read:.1f} s",
        f"the first time, with everything to write, {first:.1f} s; {counts} rows of counts",
    ]
    return Row("23", "count all results again", "one full reading of moves and records", took / read, 12, 6, high=False, unit=" ×", notes=notes)  # fmt: skip


def _count(world: World) -> tuple[float, int]:
    """Count as the job does; return how long it took, and the rows of counts."""
    begun = time.monotonic()
    with Session(world.main.engine) as session, session.begin():
        counts = refresh(session, now=clock.now())
    return time.monotonic() - begun, counts


def _page(here: Desk, letter: str, name: str) -> Row:
    """Row 24: a page of figures, beside an empty page of the same application."""
    address = f"/pengawasan/{name}"
    shown = here.read(address).body
    wrong = [] if "Penyebut:" in shown and "Data per" in shown else [f"{address}: no figures"]
    begun = time.monotonic()
    here.read(address)
    once = (time.monotonic() - begun) * 1000

    def find() -> list[int]:
        return [*here.served.workers, *backends(here.place.urls.admin, here.place.name)]

    pair = interleaved(
        partial(here.read, address), partial(here.read, _EMPTY), cpu_clock((), find=find),
        rounds=_ROUNDS, ours_calls=2, limit_calls=4,
    )  # fmt: skip
    notes = [pair.say("page", "empty page"), f"one load {once:.0f} ms, {len(shown) // 1024} kB"]
    return Row(f"24{letter}", f"figures: {name}", "an empty page", pair.ratio, 40, 15, high=False, unit=" ×", notes=notes, wrong=wrong)  # fmt: skip


def _plans_of_pages(world: World) -> Row:
    """Row RP: no page of figures, of a visitor or of a supervisor walks through what grows."""
    app = build(world.settings(world.main))
    tokens = {name: staff_token(world.main.engine, name) for name in ("dedi", "siska", "rina", "bupati")}
    asked = {
        "dedi": [f"/pengawasan/{name}" for _, name in _PAGES],
        "bupati": [f"/pengawasan/{name}" for _, name in _PAGES],
        "siska": ["/pengawasan/pendampingan", *(f"/pendamping/{page}" for page in _FIELD)],
        "rina": [f"/pendamping/{page}" for page in _FIELD if page not in _OF_THE_SUPERVISOR],
    }
    acts = {
        f"{name} {path}": visit(app, path, tokens[name]) for name, paths in asked.items() for path in paths
    }
    against = (
        "no sequential scan on cases, moves, plans or visits, no more rows than the desk and ninety days have"
    )
    try:
        with psycopg.connect(libpq(world.main.urls.admin)) as connection:
            lately = connection.execute(_LATELY, {"start": START}).fetchone()
        bound = Bound(_GROWS, 6 * _OPEN + (lately or (0,))[0], against)
        return row_of(app, "RP", "figures and visits that read too much", acts, bound, show=False)
    finally:
        with app.app_context():
            db.engine.dispose()


def _follow(world: World) -> tuple[int, int]:
    """Invent plans and visits; return how many."""
    flow = workflows.book().latest("monitoring")
    values = {
        "start": START,
        "open": _OPEN,
        "visitors": _VISITORS,
        "version": flow.version,
        "state": flow.initial,
        "stages": list(STAGES),
        "types": list(TYPES),
        "bands": list(BANDS),
        "uses": list(USES),
    }
    begun = time.monotonic()
    with psycopg.connect(libpq(world.main.urls.admin)) as connection:
        for setting in ("synchronous_commit = off", "work_mem = '128MB'", "maintenance_work_mem = '512MB'"):
            connection.execute(sql.SQL("SET ") + sql.SQL(setting))
        lifted = lift(connection, _TABLES)
        for statement in (*statements.VISITORS, *statements.PLANS, *statements.VISITS):
            connection.execute(statement, values)
        for definition in lifted:
            connection.execute(definition)
        plans = connection.execute("SELECT count(*) FROM monitoring_plan").fetchone()
        visits = connection.execute("SELECT count(*) FROM planned_visit").fetchone()
        connection.execute(
            "SELECT setval(pg_get_serial_sequence('casefile', 'id'), (SELECT max(id) FROM casefile))"
        )
    with psycopg.connect(libpq(world.main.urls.admin), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")
        connection.execute("CHECKPOINT")
    found = (plans or (0,))[0], (visits or (0,))[0]
    print(f"{found[0]} plans, {found[1]} visits, {time.monotonic() - begun:.0f} s", flush=True)
    return found
