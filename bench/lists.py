"""Rows 1 to 4: lists and pages, through the real web server, CPU of application and database together."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from psycopg import sql

from bench.clocks import backends, cpu_clock
from bench.result import Pair, Row, interleaved
from bench.web import Answer, Browser, Server, server
from bench.world import Place, World, numbers, staff, staff_token
from bench.wsgi import HELLO, KEEP, MEMORY
from caseflow.claims import queries

WORKLIST = "/petugas/?antrean=semua"
OWN = "/petugas/?antrean=saya"
_NUMBER = re.compile(r'href="/petugas/kasus/([A-Z0-9-]+)"')
_NEXT = re.compile(r'href="([^"]*setelah=[^"]*)"')
_ROUNDS = 25  # short turns: what disturbs the machine falls on both sides
_DEEP = 40  # the page that is compared with the first

_OPEN = sql.SQL(
    "SELECT number FROM casefile WHERE closed_at IS NULL AND branch_code = %s ORDER BY sort_on, id"
    " OFFSET %s LIMIT %s"
)
_MINE = sql.SQL(
    "SELECT number FROM casefile WHERE closed_at IS NULL AND branch_code = %s AND assignee_user_id = %s"
    # whose turn it is: of others, or of the family until the day on which somebody asks again
    " AND state NOT IN ('awaiting_approval', 'approved', 'payment_in_process', 'paid')"
    " AND (state <> 'documents_pending' OR follow_up_on <= '2026-11-20') ORDER BY sort_on, id LIMIT %s"
)
_ONE = sql.SQL(
    "SELECT number FROM casefile WHERE closed_at IS NULL AND branch_code = %s AND state = 'calculating'"
    " ORDER BY id LIMIT 1"
)


@dataclass(frozen=True)
class Desk:
    """An officer at a running server over one population."""

    place: Place
    served: Server
    browser: Browser

    def processes(self) -> list[int]:
        """The processes whose CPU counts: workers, and who serves them in PostgreSQL at this moment."""
        return [*self.served.workers, *backends(self.place.urls.admin, self.place.name)]

    def read(self, path: str, *, keep: bool = False) -> Answer:
        """Fetch a page that must be there; ``keep``: what it shows is wanted again, from memory."""
        answer = self.browser.get(path, {KEEP: "1"} if keep else None)
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path}: {answer.status}")
        return answer


@contextmanager
def desk(world: World, place: Place, username: str = "dedi") -> Iterator[Desk]:
    """Run the server over a population and sit an officer down at it."""
    with server("bench.wsgi:app", world.environment(place), world.folder / "web.log") as served:
        browser = Browser(served.port, staff_token(place.engine, username))
        try:
            yield Desk(place, served, browser)
        finally:
            browser.close()


def measure(world: World) -> list[Row]:
    """Measure all four rows."""
    with ExitStack() as stack:
        here = stack.enter_context(desk(world, world.main))
        small = stack.enter_context(desk(world, world.small))
        return [
            worklist(here),
            flatness(here, small),
            unchanged(here),
            *pages(here),
        ]


def worklist(here: Desk) -> Row:
    """Row 1: the officer's own queue against the same template over rows in memory."""
    me = staff(here.place.engine, "dedi").user_id
    expected = numbers(here.place, _MINE, ["solok", me, queries.PAGE])
    page = here.read(OWN, keep=True)
    memory = f"{MEMORY}/casework/worklist.html"
    wrong = _differences("own queue", expected, page) + _differences(
        "from memory", expected, here.read(memory)
    )
    pair = turns(lambda: here.read(OWN), lambda: here.read(memory), here)
    notes = [pair.say("page", "from memory"), f"{len(page.body) // 1024} kB of page, {len(expected)} rows"]
    against = "same template over rows in memory"
    return Row("1", "worklist, own queue", against, 1 / pair.ratio, 0.50, 0.80, notes=notes, wrong=wrong)


def flatness(here: Desk, small: Desk) -> Row:
    """Row 2: the archive grows, the list does not notice; page 40 costs what page 1 costs."""
    wrong = _differences(
        "page 1", numbers(here.place, _OPEN, ["solok", 0, queries.PAGE]), here.read(WORKLIST)
    )
    deep = _deep(here)
    expected = numbers(here.place, _OPEN, ["solok", (_DEEP - 1) * queries.PAGE, queries.PAGE])
    wrong += _differences(f"page {_DEEP}", expected, here.read(deep))
    grown = turns(lambda: here.read(WORKLIST), lambda: small.read(WORKLIST), here, small)
    further = turns(lambda: here.read(deep), lambda: here.read(WORKLIST), here)
    sizes = f"{small.place.size.cases} → {here.place.size.cases} cases"
    notes = [
        f"{sizes}: {grown.ratio:.3f} ({grown.say('large', 'small')})",
        f"page 1 → page {_DEEP}: {further.ratio:.3f} ({further.say('deep', 'first')})",
    ]
    worst = max(grown.ratio, further.ratio)
    return Row(
        "2",
        "flat",
        "10,000 cases; page 1",
        worst,
        1.10,
        1.03,
        high=False,
        unit=" ×",
        notes=notes,
        wrong=wrong,
    )


def unchanged(here: Desk) -> Row:
    """Row 3: a list that did not change is answered without a page."""
    mark = here.read(OWN).headers.get("etag", "")
    asked = {"If-None-Match": mark}
    first = here.browser.get(OWN, asked)
    good = (first.status, first.body) == (HTTPStatus.NOT_MODIFIED, "")
    wrong = [] if good else [f"unchanged list: {first.status}, {len(first.body)} bytes"]
    changed = here.browser.get(WORKLIST, asked).status
    wrong += [] if changed == HTTPStatus.OK else [f"another queue with this mark: {changed}"]
    pair = turns(lambda: here.browser.get(OWN, asked), lambda: here.read(HELLO), here)
    notes = [pair.say("304", "hello")]
    return Row(
        "3",
        "unchanged worklist (304)",
        "bare Flask hello",
        1 / pair.ratio,
        0.33,
        0.60,
        notes=notes,
        wrong=wrong,
    )


def pages(here: Desk) -> list[Row]:
    """Row 4: the sections of a case with its history and its papers."""
    number = numbers(here.place, _ONE, ["solok"])[0]
    foreign = numbers(here.place, _ONE, ["padang"])[0]
    closed_door = here.browser.get(f"/petugas/kasus/{foreign}").status
    strange = [] if closed_door == HTTPStatus.NOT_FOUND else [f"case of another branch: {closed_door}"]
    rows = []
    for letter, path, template, words in (
        ("a", "", "summary", ("Ringkasan", number)),
        ("b", "/dokumen", "papers", ("Surat", number)),
        ("c", "/riwayat", "history", ("Verifikasi dimulai", number)),
    ):
        address, memory = f"/petugas/kasus/{number}{path}", f"{MEMORY}/casework/{template}.html"
        real, again = here.read(address, keep=True), here.read(memory)
        wrong = strange + [f"{template}: no “{word}”" for word in words if word not in again.body]
        # the two differ only in what every form has anew
        if len(real.body) != len(again.body):
            wrong.append(
                f"{template} from memory is another page: {len(real.body)}, {len(again.body)} letters"
            )
        pair = turns(partial(here.read, address), partial(here.read, memory), here)
        notes = [pair.say("page", "from memory")]
        title, against = f"open a case: {template}", "same page from memory"
        rows.append(Row(f"4{letter}", title, against, 1 / pair.ratio, 0.40, 0.70, notes=notes, wrong=wrong))
    return rows


def turns(ours: Callable[[], object], limit: Callable[[], object], *desks: Desk) -> Pair:
    """Measure two pages in turns, by the CPU of everything behind these desks."""

    def find() -> list[int]:
        return [pid for each in desks for pid in each.processes()]

    return interleaved(ours, limit, cpu_clock((), find=find), rounds=_ROUNDS, ours_calls=4, limit_calls=4)


def _deep(here: Desk) -> str:
    """Walk to the deep page by the links of the pages themselves, as a reader does."""
    path = WORKLIST
    for _ in range(_DEEP - 1):
        links = _NEXT.findall(here.read(path).body)
        if not links:
            raise RuntimeError(f"no next page after {path}: too few open cases for page {_DEEP}")
        path = links[-1].replace("&amp;", "&")
    return path


def _differences(name: str, expected: list[str], page: Answer) -> list[str]:
    found = _NUMBER.findall(page.body)
    if not expected:
        return [f"{name}: nothing to compare with"]
    return [] if found == expected else [f"{name}: other cases or another order than the database gives"]
