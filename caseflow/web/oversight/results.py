"""Figures people can trust, as pages: service (D7–D12), what became of families (D13–D17), the eight headline figures.

What is chosen stands in the address. Every table leaves as CSV and Excel; print gives two sheets. Not here: coverage.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.formats import month_year
from caseflow.law.ledger import first_of, month_number
from caseflow.people import policy
from caseflow.people.models import Person, StaffUser
from caseflow.reports.headlines import headlines
from caseflow.reports.money_results import PROGRAM_LABELS
from caseflow.reports.published_results import PROGRAMS
from caseflow.reports.result_charts import swatch
from caseflow.reports.result_choice import Choice, Reader, freshness
from caseflow.reports.result_figures import Indicator, ground_of, period_of, words_of
from caseflow.reports.result_reading import Results
from caseflow.reports.service_results import service_results
from caseflow.reports.visit_results import visit_results
from caseflow.web import here
from caseflow.web.lists_out import List, send_list
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires

_MONTHS_BACK = 36


@dataclass(frozen=True)
class Board:
    """A page of figures: its name in addresses, its right, its words, and what it shows."""

    name: str
    permission: str
    heading: str
    lead: str
    build: Callable[[Results], Sequence[Indicator]]


def _after_the_money(results: Results) -> Sequence[Indicator]:
    return visit_results(results, _names if policy.allows(here.actor(), "visit.supervise") else None)


SUMMARY = Board(
    "ringkasan", "results.read", "Delapan angka utama",
    "Dari hari meninggal sampai uang diterima, dan dari uang sampai penghidupan.", headlines,
)  # fmt: skip
SERVICE = Board(
    "layanan", "service.read", "Layanan klaim",
    "Berapa lama, di mana kasus berhenti, tepat waktu atau tidak, dan berapa rupiah yang sampai.", service_results,
)  # fmt: skip
AFTER = Board(
    "pendampingan", "results.read", "Sesudah santunan diterima",
    "Apakah keluarga dikunjungi, dan apakah santunan menjadi penghidupan.", _after_the_money,
)  # fmt: skip


@oversight.get("/ringkasan")
@requires("results.read")
def summary_page() -> ResponseReturnValue:
    """Show the eight headline figures."""
    return _show(SUMMARY)


@oversight.get("/ringkasan/unduh/<key>.<kind>")
@requires("results.read")
def summary_file(key: str, kind: str) -> ResponseReturnValue:
    """Send one table of the headline figures."""
    return _send(SUMMARY, key, kind)


@oversight.get("/layanan")
@requires("service.read")
def service_page() -> ResponseReturnValue:
    """Show the figures of the service."""
    return _show(SERVICE)


@oversight.get("/layanan/unduh/<key>.<kind>")
@requires("service.read")
def service_file(key: str, kind: str) -> ResponseReturnValue:
    """Send one table of the service."""
    return _send(SERVICE, key, kind)


@oversight.get("/pendampingan")
@requires("results.read")
def after_page() -> ResponseReturnValue:
    """Show what became of families."""
    return _show(AFTER)


@oversight.get("/pendampingan/unduh/<key>.<kind>")
@requires("results.read")
def after_file(key: str, kind: str) -> ResponseReturnValue:
    """Send one table of what became of families."""
    return _send(AFTER, key, kind)


_ENDPOINTS = {"ringkasan": "summary", "layanan": "service", "pendampingan": "after"}


def _show(board: Board) -> str:
    results, fresh = _results(board), freshness(here.session())
    shown = board.build(results) if fresh is not None else []
    page, choice = f"oversight.{_ENDPOINTS[board.name]}_page", results.choice
    half = -(-len(shown) // 2)
    return render_template(
        "oversight/results.html",
        tabs=tabs(page),
        board=board,
        page=page,
        file=f"oversight.{_ENDPOINTS[board.name]}_file",
        sheets=[sheet for sheet in (shown[:half], shown[half:]) if sheet],
        charts={one.key: Markup(one.chart) for one in shown},  # noqa: S704 - drawn by ourselves
        heads={
            one.key: [{"label": each.label, "number": each.number} for each in one.columns] for one in shown
        },
        words_of=words_of,
        swatches=[Markup(swatch(place)) for place in range(6)],  # noqa: S704 - drawn by ourselves
        fresh=fresh,
        masked=results.masked,
        choice=choice,
        area_name=area_name(results),
        looked_at=looked_at(results),
        narrowed=results.applied != choice,
        periods=periods(clock.today()),
        areas=_areas(results),
        programs={one: PROGRAM_LABELS[one] for one in PROGRAMS},
        asked=_asked(choice),
        chips=_chips(page, choice, results),
    )


def _send(board: Board, key: str, kind: str) -> ResponseReturnValue:
    results = _results(board)
    found = next((one for one in board.build(results) if one.key == key), None)
    if found is None:
        raise NotFound("Tabel ini tidak ada. Kembali ke halaman angkanya.")
    fresh = freshness(here.session())
    ground = ground_of(found, looked_at=looked_at(results), on=fresh.at if fresh else None)
    notes = [
        found.title, *(f"{name}: {value}" for name, value in ground if value is not None), found.definition,
        "Aliran: boleh dijumlahkan antarbulan." if found.kind == "flow" else "Keadaan: tidak boleh dijumlahkan antarbulan.",
    ]  # fmt: skip
    table = List(
        found.key,
        board.permission,
        [one.label + (" (per seribu)" if one.unit == "percent" else "") for one in found.columns],
        found.rows,
        area=area_name(results),
        on=fresh.until if fresh else None,
        notes=notes,
        ground=ground,
    )
    return send_list(table, kind)


def _results(board: Board) -> Results:
    return Results(
        here.session(), Reader(here.actor(), board.permission), chosen(clock.today()), today=clock.today()
    )


def chosen(today: date) -> Choice:
    """Return what the address asks for; what nobody could choose counts as not chosen."""
    period, program = request.args.get("periode", ""), request.args.get("program", "")
    known = {key for key, _ in periods(today)}
    return Choice(
        period if period in known else "",
        request.args.get("wilayah", ""),
        program if program in PROGRAMS else "",
    )


def periods(today: date) -> list[tuple[str, str]]:
    """Return the years and months that can be chosen, newest first."""
    now = month_number(today)
    months = [first_of(now - back) for back in range(_MONTHS_BACK)]
    years = sorted({one.year for one in months}, reverse=True)
    return [(str(year), f"Tahun {year}") for year in years] + [
        (f"{one:%Y-%m}", month_year(one)) for one in months
    ]


def area_name(results: Results) -> str:
    """Return what is looked at, in words."""
    for place in results.places:
        if results.applied.area == place.code:
            return f"Nagari {place.name}"
        if results.applied.area == place.district_code:
            return f"Kecamatan {place.district}"
    names = {place.district_code: place.district for place in results.places}
    return ", ".join(f"Kecamatan {names[code]}" for code in results.districts) or "Semua nagari"


def looked_at(results: Results) -> str:
    """Return the filters that are in effect, and the last month that is counted, in words."""
    program = PROGRAM_LABELS.get(results.applied.program, "semua program")
    return f"{area_name(results)}; {program}; {period_of(results)}"


def _names(keys: Sequence[str]) -> dict[str, str]:
    rows = here.session().execute(
        select(StaffUser.id, Person.full_name)
        .join(Person, Person.id == StaffUser.person_id)
        .where(StaffUser.id.in_([int(key) for key in keys]))
    )
    return {str(row.id): row.full_name for row in rows}


def _areas(results: Results) -> list[tuple[str, str, list[Any]]]:
    return [
        (code, name, list(inside))
        for (code, name), inside in groupby(results.places, key=lambda one: (one.district_code, one.district))
    ]


def _asked(choice: Choice, **other: str) -> dict[str, Any]:
    asked = {"periode": choice.period, "wilayah": choice.area, "program": choice.program, **other}
    return {name: value for name, value in asked.items() if value}


def _chips(page: str, choice: Choice, results: Results) -> list[dict[str, str]]:
    chips = []
    if choice.period:
        label = dict(periods(results.today))[choice.period]
        chips.append({"label": label, "remove_href": url_for(page, **_asked(choice, periode=""))})
    if choice.area:
        chips.append(
            {"label": area_name(results), "remove_href": url_for(page, **_asked(choice, wilayah=""))}
        )
    if choice.program:
        label = PROGRAM_LABELS[choice.program]
        chips.append({"label": label, "remove_href": url_for(page, **_asked(choice, program=""))})
    return chips
