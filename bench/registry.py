"""Rows W: the registry of a whole regency: was somebody covered on a day, the list of a nagari, who is covered.

The registry has databases of its own, the one asked for and a small one; no cases lie in them.
"""

import re
import time
import tracemalloc
from contextlib import ExitStack
from functools import partial

from sqlalchemy import create_engine
from werkzeug.test import Client

from bench import registry_checks as checks
from bench.clocks import cpu_clock
from bench.lists import Desk, desk, turns
from bench.plans import Bound, row_of, visit
from bench.population import RARE, Size, national_id
from bench.registry_answers import DAY, answers
from bench.registry_population import populate
from bench.result import Row
from bench.world import START, TEMPLATE, Place, World, staff_token
from bench.wsgi import MEMORY, build
from caseflow.extensions import db
from caseflow.launch.databases import create_from_template
from caseflow.registry import ledger, queries
from caseflow.reports.coverage_figures import last_due_month
from caseflow.web.identity import STAFF_COOKIE
from caseflow.web.lists_out import KINDS

COVERAGE = "/pengawasan/kepesertaan"
SMALL = 10_000
TABLES = frozenset({"worker", "cover_month", "cover_end", "payment_line", "household", "household_member"})
_PART = "Piliang"
_LARGEST = """
SELECT region_code, count(*) AS people FROM worker WHERE left(region_code, 8) <> '13.03.99'
GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1
"""
_LAST_OF = "SELECT public_id FROM worker WHERE region_code = %s ORDER BY id DESC LIMIT 1"
_NOBODY = "Xantippe"
_BEHIND = "SELECT count(*) FROM cover_end WHERE last_month BETWEEN '2026-07-01' AND '2026-09-01'"
_MONTHS_OF_ONE = 60
_NEXT = re.compile(r'href="([^"]*setelah=[^"]*)"')
_DEEP = 3


def measure(world: World, workers: int, *, show: bool) -> list[Row]:
    """Fill both registries and measure all rows.

    :param show: print whole plans.
    """
    large, small = _registry(world, "bench_workers", workers), _registry(world, "bench_few_workers", SMALL)
    try:
        with ExitStack() as stack:
            here, there = (stack.enter_context(desk(world, place)) for place in (large, small))
            nagari, other = Nagari(here), Nagari(there)
            return [
                *plans(world, large, nagari, show=show),
                *answers(large, small, f"{SMALL} workers"),
                *nagari.pages(),
                nagari.flatness(other),
                *coverage(here, there),
                export(world, nagari, other),
            ]
    finally:
        large.engine.dispose()
        small.engine.dispose()


def _registry(world: World, name: str, workers: int) -> Place:
    begun = time.monotonic()
    create_from_template(world.main.urls.admin, TEMPLATE, name)
    urls = world.main.urls.named(name)
    populate(urls, workers, start=START)
    print(f"{name}: {workers} workers, {time.monotonic() - begun:.0f} s", flush=True)
    return Place(urls, create_engine(urls.app, pool_size=2), Size(0, 0))


class Nagari:
    """The list of one nagari, read by an officer."""

    def __init__(self, here: Desk) -> None:
        self.here = here
        self.code, self.people = self._largest()
        self.first = f"/nagari/pekerja?nagari={self.code}"
        self.search = f"{self.first}&cari={_PART}"

    def pages(self) -> list[Row]:
        """Rows W3 and W4: the first page and a search against the same template over rows in memory."""
        rows = []
        for number, title, path, part in (
            ("W3", "list of a nagari", self.first, ""), ("W4", "search in a nagari", self.search, _PART),
        ):  # fmt: skip
            page = self.here.read(path, keep=True)
            memory = f"{MEMORY}/nagari/workers.html"
            wrong = checks.wrong_list(title, self.here.place, page, self.code, part)
            wrong += checks.wrong_list(
                f"{title} from memory", self.here.place, self.here.read(memory), self.code, part
            )
            pair = turns(partial(self.here.read, path), partial(self.here.read, memory), self.here)
            notes = [pair.say("page", "from memory"), f"{self.people} workers in the nagari"]
            if part:
                notes.append(f"nobody found, so that all names are compared: {self._nobody_ms():.0f} ms")
            against = "same template over rows in memory"
            rows.append(Row(number, title, against, 1 / pair.ratio, 0.50, 0.80, notes=notes, wrong=wrong))
        return rows

    def flatness(self, small: "Nagari") -> Row:
        """Row W5: the registry grows, the list does not notice; a later page costs what the first costs."""
        deep = self._deep()
        wrong = checks.wrong_list(
            f"page {_DEEP}", self.here.place, self.here.read(deep), self.code, page_number=_DEEP
        )
        wrong += checks.wrong_list("small", small.here.place, small.here.read(small.first), small.code)
        grown = turns(
            partial(self.here.read, self.first), partial(small.here.read, small.first), self.here, small.here
        )
        further = turns(partial(self.here.read, deep), partial(self.here.read, self.first), self.here)
        notes = [
            f"{small.people} → {self.people} workers in the nagari: {grown.ratio:.3f} ({grown.say('large', 'small')})",
            f"page 1 → page {_DEEP}: {further.ratio:.3f} ({further.say('deep', 'first')})",
        ]
        worst = max(grown.ratio, further.ratio)
        against = f"{SMALL} workers; page 1"
        return Row(
            "W5",
            "list of a nagari, flat",
            against,
            worst,
            1.10,
            1.03,
            high=False,
            unit=" ×",
            notes=notes,
            wrong=wrong,
        )

    def _nobody_ms(self) -> float:
        read, path = cpu_clock(self.here.processes()), f"{self.first}&cari={_NOBODY}"
        begun = read()
        self.here.read(path)
        return (read() - begun) / 1e6

    def _largest(self) -> tuple[str, int]:
        row = checks.rows(self.here.place, _LARGEST, [])[0]
        return row["region_code"], row["people"]

    def _deep(self) -> str:
        path = self.first
        for _ in range(_DEEP - 1):
            path = _NEXT.findall(self.here.read(path).body)[-1].replace("&amp;", "&")
        return path


def coverage(here: Desk, there: Desk) -> list[Row]:
    """Rows W6 and W7: who is covered, by nagari and month, for the whole regency."""
    page = here.read(COVERAGE, keep=True)
    memory = f"{MEMORY}/oversight/coverage.html"
    month = last_due_month(START.date())
    wrong = checks.wrong_coverage(here.place, page, month)
    wrong += checks.wrong_coverage(there.place, there.read(COVERAGE), month)
    pair = turns(partial(here.read, COVERAGE), partial(here.read, memory), here)
    grown = turns(partial(here.read, COVERAGE), partial(there.read, COVERAGE), here, there)
    against = "same template over rows in memory"
    return [
        Row("W6", "who is covered", against, 1 / pair.ratio, 0.50, 0.80, notes=[pair.say("page", "from memory")],
            wrong=wrong),
        Row("W7", "who is covered, flat", f"{SMALL} workers", grown.ratio, 1.10, 1.03, high=False, unit=" ×",
            notes=[grown.say("large", "small")], wrong=wrong),
    ]  # fmt: skip


def plans(world: World, place: Place, nagari: Nagari, *, show: bool) -> list[Row]:
    """Rows WP1 to WP3: how PostgreSQL finds all this."""
    app = build(world.settings(place))
    token = staff_token(place.engine, "dedi")
    last, behind = checks.one(place, "SELECT max(id) FROM worker", []), checks.one(place, _BEHIND, [])
    key = Bound(TABLES, _MONTHS_OF_ONE, "what one worker has")
    whole = Bound(
        TABLES,
        int(nagari.people * 1.2),
        "no sequential scan on people and months, no more rows than the nagari has",
    )
    counts = Bound(
        TABLES,
        int(behind * 1.2),
        "no sequential scan on people and months, no more rows than are behind with dues",
    )
    nik = national_id(int(checks.one(place, _LAST_OF, [nagari.code]), 16))
    asked = [f"&cari={word}" for word in (_PART, RARE.replace(" ", "+"), _NOBODY, nik)]
    asked += ["&status=menunggak", "&jorong=Pasar"]
    pages = [f"{nagari.first}{more}" for more in ("", *asked)]
    one = {
        "one worker on a day": lambda: ledger.cover_on(db.session(), last, DAY),
        "one name among all": lambda: queries.search_workers(db.session(), RARE),
    }
    many, figures = ({path: visit(app, path, token) for path in paths} for paths in (pages, (COVERAGE,)))
    try:
        return [
            row_of(app, number, title, acts, bound, show=show)
            for number, title, acts, bound in (
                ("WP1", "plans of an answer", one, key),
                ("WP2", "plans of a nagari", many, whole),
                ("WP3", "plans of coverage", figures, counts),
            )
        ]
    finally:
        with app.app_context():
            db.engine.dispose()


def export(world: World, large: Nagari, small: Nagari) -> Row:
    """Row W8: the list of a nagari as a file, in little memory whatever its length."""
    notes, most = [], 0
    for kind in KINDS:
        many, few = (_peak(world, one, kind) for one in (large, small))
        most = max(most, many)
        notes.append(
            f"{kind}: {few / 1e6:.2f} MB for {small.people} rows, {many / 1e6:.2f} MB for {large.people}"
        )
    return Row(
        "W8", "file of a nagari, memory", "nothing", most / 1e6, 4, 2, high=False, unit=" MB", notes=notes
    )


def _peak(world: World, nagari: Nagari, kind: str) -> int:
    """Return the most memory of Python that sending the file took."""
    app = build(world.settings(nagari.here.place))
    client = Client(app)
    client.set_cookie(STAFF_COOKIE, staff_token(nagari.here.place.engine, "dedi"))
    path = f"/nagari/pekerja/unduh.{kind}?nagari={nagari.code}"
    try:
        for counted in (False, True):  # once for what is loaded once
            if counted:
                tracemalloc.start()
            answer = client.get(path)
            for _ in answer.response:
                pass
            answer.close()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        with app.app_context():
            db.engine.dispose()
