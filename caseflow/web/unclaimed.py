"""Deaths without a report as a list, for the nagari and for those above it: the same page, each its own people."""

from collections.abc import Iterator, Sequence

from flask import Response, render_template

from caseflow import clock, sheets
from caseflow.claims.unclaimed import MOST, Unclaimed, unclaimed
from caseflow.formats import masked_nik
from caseflow.people import policy
from caseflow.registry import queries
from caseflow.web import here
from caseflow.web.lists_out import List, send_list

SOON_DAYS = 180
DUES = {"yes": "dibayar", "officer_decides": "petugas memutuskan"}
_COLUMNS = (
    "Nama", "NIK", "Nagari", "Jorong", "Meninggal", "Iuran pada hari itu", "Keterangan", "Hari terakhir",
    "Sisa hari",
)  # fmt: skip


def unclaimed_list(*, at_home: bool) -> str:
    """Render the list.

    :param at_home: the nagari's own page: its name stands above, not in every row.
    """
    today, by = clock.today(), here.actor()
    return render_template(
        "nagari/unclaimed.html",
        rows=[(row, row.days_left(today)) for row in unclaimed(here.session(), by=by)],
        may_report=policy.allows(by, "worker.report"),
        at_home=at_home,
        dues=DUES,
        soon=SOON_DAYS,
        most=MOST,
        file_endpoint="nagari.unclaimed_file" if at_home else "programme.unclaimed_file",
    )


def unclaimed_sheet(kind: str, permission: str) -> Response:
    """Send the same list as a file; numbers of people stay masked."""
    by, today = here.actor(), clock.today()
    places = [queries.region_name(here.session(), code) for code in sorted(by.region_codes)]
    rows = _cells(unclaimed(here.session(), by=by, limit=None))
    return send_list(
        List("belum-ada-laporan", permission, _COLUMNS, rows, " ".join(places) or "semua", on=today), kind
    )


def _cells(rows: Sequence[Unclaimed]) -> Iterator[Sequence[sheets.Cell]]:
    today = clock.today()
    for one in rows:
        yield (
            one.full_name, masked_nik(one.national_id), one.region, one.jorong, one.died_on, DUES[one.active],
            one.sentence, one.last_day, one.days_left(today),
        )  # fmt: skip
