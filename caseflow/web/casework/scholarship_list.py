"""The calendar of scholarships: every right of the branch by the day on which somebody next thinks of it."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import scholarship_queries as queries
from caseflow.claims.cover import numbers
from caseflow.claims.scholarship_plan import WAITING
from caseflow.claims.scholarship_queries import RightRow
from caseflow.claims.workflows import book
from caseflow.formats import long_date, short_date
from caseflow.law.pupil import school_year_words
from caseflow.law.relatives import age_on
from caseflow.web import here
from caseflow.web.casework import casework, words
from caseflow.web.casework.due import Due
from caseflow.web.casework.scholarship_words import next_words
from caseflow.web.security import requires

# name in addresses, name in queries, label, what an empty one says
_FILTERS = (
    ("buka", "open", "Bisa diajukan", "Tidak ada tahun ajaran yang menunggu diajukan."),
    ("segera", "soon", "30 hari lagi", "Tidak ada pengingat dalam 30 hari."),
    ("sekolah", "school", "Akan masuk sekolah", "Tidak ada anak yang disimpan haknya sampai masuk sekolah."),
    ("berakhir", "ending", "Setahun lagi berakhir", "Tidak ada anak yang mendekati batas umur."),
    ("semua", "all", "Semua", "Beasiswa dibuka dari kasus yang sudah dibayar."),
)
_HEADINGS = ("Nomor", "Anak", "Nagari", "Lahir", "Keadaan", "Tanggal berikutnya", "Perihal", "Bisa diajukan")
# a cell that begins so would be run as a formula by a spreadsheet
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Line:
    """One right as it is read."""

    number: str
    name: str
    region: str
    age: str
    born: str
    due: Due
    state: str
    sentiment: str
    open_year: str


@casework.get("/beasiswa")
@requires("worklist.read")
def scholarship_list() -> ResponseReturnValue:
    """Show one part of the list."""
    by, today = here.actor(), clock.today()
    chosen = _chosen()
    after = request.args.get("setelah")
    page = queries.rights(here.session(), chosen[1], by=by, today=today, after=after)
    counts = queries.right_counts(here.session(), by=by, today=today)
    return render_template(
        "casework/scholarship_list.html",
        chosen=chosen,
        filters=[
            {
                "label": label,
                "href": url_for("casework.scholarship_list", bagian=name),
                "count": counts[key],
                "current": name == chosen[0],
            }
            for name, key, label, _ in _FILTERS
        ],
        lines=[_line(row, today) for row in page.rows],
        first_page=after is None,
        next_href=url_for("casework.scholarship_list", bagian=chosen[0], setelah=page.after)
        if page.after
        else None,
    )


@casework.get("/beasiswa/unduh")
@requires("worklist.read")
def scholarship_file() -> ResponseReturnValue:
    """Send the same part as a table for a spreadsheet; who took it is written down."""
    by, today, chosen = here.actor(), clock.today(), _chosen()
    rows = list(queries.every_right(here.session(), chosen[1], by=by, today=today))
    record(here.session(), "scholarship.list_taken", by=by, details={"part": chosen[0], "rows": len(rows)})
    return _file(f"beasiswa-{chosen[0]}-{today.isoformat()}.csv", (_cells(_line(row, today)) for row in rows))


def _chosen() -> tuple[str, str, str, str]:
    name = request.args.get("bagian", _FILTERS[0][0])
    return next((one for one in _FILTERS if one[0] == name), _FILTERS[-1])


def _line(row: RightRow, today: date) -> Line:
    definition = book().get(row.workflow, row.workflow_version)
    limit = numbers().on("scholarship_age_limit", today).value
    label = next_words(row.next_step, row.next_year, row.school_expected_on, limit)
    past = row.next_on <= today
    calm = "waiting" if past or row.next_on <= today + queries.SOON else "neutral"
    return Line(
        number=row.number,
        name=row.subject,
        region=row.region,
        age=f"{age_on(row.born_on, today)} tahun",
        born=long_date(row.born_on),
        due=Due(short_date(row.next_on), label, calm, row.next_on.isoformat(), long_date(row.next_on)),
        state=definition.label_of(row.state),
        sentiment=words.sentiment(definition, row.state),
        open_year=_claimable(row),
    )


def _claimable(row: RightRow) -> str:
    """Return since which school year something waits to be applied for."""
    if row.state not in WAITING:
        return "sedang diurus"
    return f"sejak {school_year_words(row.open_year)}" if row.open_year else "belum"


def _cells(line: Line) -> tuple[str, ...]:
    due_on = line.due.iso or ""
    return (
        line.number, line.name, line.region, line.born, line.state, due_on, line.due.label, line.open_year,
    )  # fmt: skip


def _file(name: str, rows: Iterable[tuple[str, ...]]) -> Response:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";")
    writer.writerow(_HEADINGS)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    # the mark at the beginning tells spreadsheets that it is UTF-8
    response = make_response(out.getvalue().encode("utf-8-sig"))
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
