"""Who is covered, as a page: how many, which nagari lag behind, is it paid every month, who is at risk.

One page for the regency and the branch (``/pengawasan/kepesertaan``) and, with its own nagari fixed, for a nagari
(``/nagari/kepesertaan``). What is chosen stands in the address. Tables leave as CSV and Excel.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow import clock
from caseflow.claims.cover import numbers
from caseflow.errors import NotFound
from caseflow.formats import month_year
from caseflow.law.ledger import first_of, month_number
from caseflow.people import policy
from caseflow.reports import coverage_charts, coverage_map, coverage_rows
from caseflow.reports.coverage import coverage
from caseflow.reports.coverage_figures import (
    PAYER_LABELS,
    SOURCE,
    Choice,
    Coverage,
    Payer,
    due_on,
    last_due_month,
)
from caseflow.reports.coverage_rows import Place
from caseflow.web import here
from caseflow.web.lists_out import List, send_list
from caseflow.web.oversight import coverage_lists, coverage_words, oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires

READ, READ_NAGARI, NAMES = "coverage.read", "coverage.read_nagari", "worker.read"
MAP = "peta"
_MONTHS_BACK = 36
_NAMES_SHOWN = 20


@dataclass(frozen=True)
class Door:
    """By which address and right somebody looks."""

    page: str
    file: str
    permission: str


OVERSIGHT = Door("oversight.coverage_page", "oversight.coverage_file", READ)


@oversight.get("/kepesertaan")
@requires(READ)
def coverage_page() -> ResponseReturnValue:
    """Show the figures of the regency."""
    return show(OVERSIGHT, tabs=tabs("oversight.coverage_page"))


@oversight.get("/kepesertaan/unduh/<part>.<kind>")
@requires(READ)
def coverage_file(part: str, kind: str) -> ResponseReturnValue:
    """Send one table of the page."""
    return send(OVERSIGHT, part, kind)


def show(door: Door, *, tabs: list[dict[str, Any]]) -> str:
    """Return the page as it looks from this door."""
    by, choice = here.actor(), chosen(clock.today())
    found = coverage(here.session(), choice, by=by, permission=door.permission, today=clock.today())
    as_map = request.args.get("tampilan") == MAP
    asked = _asked(choice, tampilan=MAP if as_map else "")
    names = list(_names(found, limit=_NAMES_SHOWN + 1)) if policy.allows(by, NAMES) else None
    return render_template(
        "oversight/coverage.html",
        tabs=tabs,
        door=door,
        found=found,
        words=coverage_words,
        choice=choice,
        months=_months(clock.today()),
        areas=_areas(found.places),
        payers=PAYER_LABELS,
        chips=_chips(door, choice, found, view=asked.get("tampilan", "")),
        asked=asked,
        views=[
            (
                label,
                url_for(door.page, **_asked(choice, tampilan=view), _anchor="nagari"),
                as_map == bool(view),
            )
            for label, view in (("Batang", ""), ("Peta petak", MAP))
        ],
        groups=coverage_map.groups(found.nagari) if as_map else None,
        charts=_charts(found),
        heat_words=coverage_words.HEAT_WORDS,
        heat_signs=coverage_words.HEAT_SIGNS,
        due=due_on(choice.month),
        grace=numbers().on("grace_months", clock.today()).value,
        source=SOURCE,
        names=names[:_NAMES_SHOWN] if names is not None else None,
        more_names=names is not None and len(names) > _NAMES_SHOWN,
        area_name=area_name(found, choice.area),
    )


def send(door: Door, part: str, kind: str) -> ResponseReturnValue:
    """Return one table of the page as a file.

    :raises NotFound: no such table.
    """
    found = coverage(
        here.session(),
        chosen(clock.today()),
        by=here.actor(),
        permission=door.permission,
        today=clock.today(),
    )
    area = area_name(found, found.area)
    if part == "menunggak":
        return send_list(_names_list(found, area), kind)
    table = coverage_lists.table_of(found, part, area=area, permission=door.permission)
    if table is None:
        raise NotFound("Tabel ini tidak ada. Kembali ke halaman kepesertaan.")
    return send_list(table, kind)


def chosen(today: date) -> Choice:
    """Return what the address asks for; the newest month that is fair to judge, where it asks for none."""
    month = last_due_month(today)
    try:
        asked = date.fromisoformat(f"{request.args.get('bulan', '')}-01")
    except ValueError:
        asked = month
    if asked in _months(today):
        month = asked
    payer: Payer | None = next((one for one in PAYER_LABELS if one == request.args.get("pembayar")), None)
    return Choice(month, request.args.get("wilayah", ""), payer)


def area_name(found: Coverage, area: str) -> str:
    """Return what is looked at, in words."""
    for place in found.places:
        if area == place.code:
            return f"Nagari {place.name}"
        if area == place.district_code:
            return f"Kecamatan {place.district}"
    if len(found.places) == 1:
        return f"Nagari {found.places[0].name}"
    return "Semua nagari"


def _names(found: Coverage, *, limit: int | None = None) -> Any:
    return coverage_rows.unpaid_names(
        here.session(),
        found.today,
        numbers().on("grace_months", found.today).value,
        by=here.actor(),
        permission=NAMES,
        area=found.area,
        limit=limit,
    )


def _names_list(found: Coverage, area: str) -> List:
    columns = (
        "Nama", "Nagari", "Kecamatan", "Jorong", "Pekerjaan", "Iuran terakhir", "Bulan belum dibayar", "Bayar paling lambat",
    )  # fmt: skip
    policy.require(here.actor(), NAMES)
    rows = (
        (one.name, one.place, one.district, one.jorong, one.occupation, one.last_month, one.step, one.pay_by)
        for one in _names(found)
    )
    return List(
        "menunggak", NAMES, columns, rows, area=area, on=found.today, notes=coverage_lists.notes(found)
    )


def _charts(found: Coverage) -> dict[str, Any]:
    nagari, districts = (coverage_charts.largest_of(many) for many in (found.nagari, found.districts))
    target = found.target
    drawn = {
        "nagari": {one.code: coverage_charts.line_bar(one, nagari) for one in found.nagari},
        "districts": {one.code: coverage_charts.line_bar(one, districts) for one in found.districts},
    }
    return {
        **{name: {code: Markup(bar) for code, bar in bars.items()} for name, bars in drawn.items()},  # noqa: S704 - drawn by ourselves
        "trend": Markup(coverage_charts.trend_line(found.trend, target.value if target else None)),  # noqa: S704
        "bullet": Markup(coverage_charts.bullet(found.active.value.value, target.value, target.population))  # noqa: S704
        if target and target.population
        else None,
    }


def _months(today: date) -> Sequence[date]:
    now = month_number(today)
    return [first_of(now - back) for back in range(_MONTHS_BACK)]


def _areas(places: Sequence[Place]) -> list[tuple[str, str, list[Place]]]:
    return [
        (code, name, list(inside))
        for (code, name), inside in groupby(places, key=lambda one: (one.district_code, one.district))
    ]


def _asked(choice: Choice, **other: str) -> dict[str, Any]:
    """Return the address of what is chosen, with something else."""
    asked = {
        "bulan": f"{choice.month:%Y-%m}",
        "wilayah": choice.area,
        "pembayar": choice.payer or "",
        **other,
    }
    return {name: value for name, value in asked.items() if value}


def _chips(door: Door, choice: Choice, found: Coverage, *, view: str) -> list[dict[str, str]]:
    chips = []

    def without(name: str) -> str:
        return url_for(door.page, **_asked(choice, **{"tampilan": view, name: ""}))

    if choice.month != last_due_month(found.today):
        chips.append({"label": month_year(choice.month), "remove_href": without("bulan")})
    if choice.area:
        label = area_name(found, choice.area)
        chips.append({"label": label, "remove_href": without("wilayah")})
    if found.payer:
        label = f"Dibayar {PAYER_LABELS[found.payer]}"
        chips.append({"label": label, "remove_href": without("pembayar")})
    return chips
