"""Figures for everybody, without anybody in them: as a page, as CSV and as JSON; and whether the service works.

Light and kept by caches for some minutes: the same for every reader, and no cookie is read or written for it.
"""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from caseflow import clock, sheets
from caseflow.reports import service_health
from caseflow.reports.money_results import rupiah_paid
from caseflow.reports.public_coverage import public_coverage
from caseflow.reports.result_charts import swatch
from caseflow.reports.result_choice import Choice, Freshness, Reader, freshness
from caseflow.reports.result_figures import HIDDEN, Cell, Indicator, ground_of, words_of
from caseflow.reports.result_reading import Results
from caseflow.reports.service_results import days_of
from caseflow.reports.visit_results import livelihood
from caseflow.web import here
from caseflow.web.public import public
from caseflow.web.security import requires

_LOOKED_AT = "Semua nagari; semua program"
_UNITS = {"": "", "idr": "rupiah", "percent": "per seribu"}
_CACHE = "public, max-age=300"
METHOD = (
    "Angka 1 sampai 4 tidak ditulis. Bersamanya disamarkan angka lain yang dapat dipakai menghitungnya.",
    "Median dan sembilan dari sepuluh hanya ditulis bila kasusnya cukup: 5 dan 10.",
    "Bulan yang masih berjalan belum dihitung. Angka lama dapat berubah bila datanya diperbaiki.",
    "Keadaan dilihat pada satu saat dan tidak dijumlahkan antarbulan; aliran terjadi selama satu masa.",
)


@public.get("/statistik")
@requires("public.read")
def statistics_page() -> ResponseReturnValue:
    """Show the figures."""
    figures, fresh = _figures()
    page = render_template(
        "public/statistics.html",
        figures=figures,
        charts={one.key: Markup(one.chart) for one in figures},  # noqa: S704 - drawn by ourselves
        heads={
            one.key: [{"label": each.label, "number": each.number} for each in one.columns] for one in figures
        },
        words_of=words_of,
        swatches=[Markup(swatch(place)) for place in range(6)],  # noqa: S704 - drawn by ourselves
        fresh=fresh,
        method=METHOD,
    )
    return _cached(make_response(page))


@public.get("/statistik.csv")
@requires("public.read")
def statistics_csv() -> ResponseReturnValue:
    """Send every table as lines: figure, row, column, value."""
    figures, fresh = _figures()
    on = fresh.at if fresh else clock.now()
    rows = [
        (one.code, one.title, *line, *(value for _, value in ground_of(one, looked_at=_LOOKED_AT, on=on)))
        for one in figures
        for line in _lines(one)
    ]
    grounds = [name for name, _ in ground_of(figures[0], looked_at=_LOOKED_AT, on=on)]
    columns = ("Angka", "Judul", "Baris", "Kolom", "Nilai", "Satuan", *grounds)
    body = b"".join(sheets.csv_pieces(columns, rows))
    answer = Response(body, content_type=sheets.CSV)
    answer.headers["Content-Disposition"] = "attachment; filename=statistik-santunan.csv"
    return _cached(answer)


@public.get("/statistik.json")
@requires("public.read")
def statistics_json() -> ResponseReturnValue:
    """Send the same for programs."""
    figures, fresh = _figures()
    return _cached(
        jsonify(
            refreshed_at=fresh.at.isoformat() if fresh else None,
            method=METHOD,
            figures=[_as_data(one) for one in figures],
        )
    )


@public.get("/layanan")
@requires("public.read")
def status_page() -> ResponseReturnValue:
    """Say which parts of the service worked at the last look, how the last thirty days were, and which works are planned."""
    now = clock.now()
    page = render_template(
        "public/service.html",
        parts=service_health.PARTS,
        seen=service_health.last_seen(here.session(), now=now),
        days=service_health.last_days(here.session(), today=clock.today()),
        works=service_health.planned(here.session(), now=now),
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "public, max-age=60"
    return answer


def _figures() -> tuple[Sequence[Indicator], Freshness | None]:
    session, today = here.session(), clock.today()
    covered = public_coverage(session, today=today)
    fresh = freshness(session)
    if fresh is None:
        return covered, None
    results = Results(session, Reader(None, "public.read"), Choice(), today=today)
    days = days_of(
        results, "report_to_paid", "laporan", "Dari laporan sampai cair",
        "hari kalender sejak laporan diterima sampai uang sampai",
    )  # fmt: skip
    return [*covered, days, rupiah_paid(results), livelihood(results, "matched")], fresh


def _lines(one: Indicator) -> Sequence[tuple[str, str, Cell, str]]:
    """Return the cells of a figure's table by row, column, value and unit; one without rows says why."""
    if not one.rows:
        return [("", "", HIDDEN if one.little or one.denominator is None else "belum ada", "")]
    return [
        (str(row[0]), column.label, cell, _UNITS[column.unit])
        for row in one.rows
        for column, cell in zip(one.columns[1:], row[1:], strict=True)
    ]


def _as_data(one: Indicator) -> dict[str, Any]:
    return {
        "code": one.code,
        "title": one.title,
        "value": one.numerator,
        "of": one.denominator,
        "unit": one.unit,
        "of_meaning": one.of,
        "period": one.period,
        "source": one.source,
        "kind": one.kind,
        "definition": one.definition,
        "columns": [{"label": each.label, "unit": each.unit} for each in one.columns],
        "rows": [list(row) for row in one.rows],
    }


def _cached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = _CACHE
    return answer
