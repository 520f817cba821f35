"""The workers of a nagari: filtered and searched by the address, page by page, and as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock, sheets
from caseflow.errors import NotFound
from caseflow.formats import masked_nik
from caseflow.people import policy
from caseflow.registry import worker_list
from caseflow.registry.standing import KINDS, Kind, counts
from caseflow.registry.worker_list import Filters, WorkerRow
from caseflow.web import here
from caseflow.web.lists_out import List, send_list
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

_COLUMNS = (
    "Nama",
    "NIK (disamarkan)",
    "Nomor peserta",
    "Jorong",
    "Pekerjaan",
    "Tanggal lahir",
    "Status",
    "Iuran terakhir",
    "Terdaftar",
)
# the words of the address
_KIND_OF: dict[str, Kind] = {
    "aktif": "active",
    "menunggak": "arrears",
    "nonaktif": "inactive",
    "belum-ada-iuran": "never_paid",
    "meninggal": "died",
    "keluar": "left",
}
_WORD_OF = {kind: word for word, kind in _KIND_OF.items()}


@dataclass(frozen=True)
class Asked:
    """What the address asks for; ``region`` is the name of the nagari."""

    filters: Filters
    region: str
    choices: Sequence[tuple[str, str]]

    def query(self, **changes: str | None) -> dict[str, Any]:
        """Return the filters as words of an address, some of them otherwise; without a page."""
        words = {
            "nagari": self.filters.region_code if len(self.choices) > 1 else None,
            "status": _WORD_OF[self.filters.kind] if self.filters.kind else None,
            "jorong": self.filters.jorong,
            "cari": self.filters.search or None,
        }
        return {name: value for name, value in {**words, **changes}.items() if value}


@nagari.get("/pekerja")
@requires("worker.read")
def workers_page() -> ResponseReturnValue:
    """Show the workers of one nagari."""
    session, by, today = here.session(), here.actor(), clock.today()
    choices = worker_list.nagari_choices(session, by=by)
    asked = _asked(choices)
    if asked is None:
        return render_template("nagari/workers_which.html", choices=choices)
    found = worker_list.page(
        session, asked.filters, by=by, today=today, after=request.args.get("setelah", "")[:40] or None
    )
    return render_template(
        "nagari/workers.html",
        asked=asked,
        found=found,
        kinds=_kinds(asked, counts(session, asked.filters.region_code, today=today)),
        jorong=worker_list.jorong_choices(session, asked.filters.region_code, by=by),
        chips=_chips(asked),
        first_page="setelah" not in request.args,
        next_href=url_for("nagari.workers_page", **asked.query(setelah=found.after)) if found.after else None,
        may_edit=policy.allows(by, "worker.edit"),
        may_report=policy.allows(by, "worker.deceased"),
    )


@nagari.get("/pekerja/unduh.<kind>")
@requires("worker.read")
def workers_file(kind: str) -> Response:
    """Send the filtered list; who took it is written down."""
    session, by, today = here.session(), here.actor(), clock.today()
    asked = _asked(worker_list.nagari_choices(session, by=by))
    if asked is None:
        raise NotFound("Pilih dulu nagarinya, lalu unduh daftarnya.")
    rows = worker_list.every(session, asked.filters, by=by, today=today)
    return send_list(
        List(
            name="pekerja",
            permission="worker.read",
            columns=_COLUMNS,
            rows=_cells(rows),
            area=asked.region,
            on=today,
            notes=(
                "NIK hanya empat angka terakhir.",
                "Status dihitung dari bulan iuran terakhir; bulan yang sedang berjalan belum dihitung menunggak.",
            ),
        ),
        kind,
    )


def _asked(choices: Sequence[tuple[str, str]]) -> Asked | None:
    """Read the address; ``None`` while somebody with several nagari has chosen none."""
    code = request.args.get("nagari", "")
    name = dict(choices).get(code)
    if name is None:
        if code or not choices:
            raise NotFound("Nagari ini tidak ada di wilayah Anda.")
        if len(choices) > 1:
            return None
        code, name = choices[0]
    filters = Filters(
        code,
        kind=_KIND_OF.get(request.args.get("status", "")),
        jorong=request.args.get("jorong", "")[: worker_list.LONGEST_SEARCH] or None,
        search=request.args.get("cari", "")[: worker_list.LONGEST_SEARCH].strip(),
    )
    return Asked(filters, name, choices)


def _kinds(asked: Asked, found: dict[Kind, int]) -> list[dict[str, Any]]:
    tabs = [
        {
            "label": "Semua",
            "count": sum(found.values()),
            "href": url_for("nagari.workers_page", **asked.query(status=None)),
            "current": asked.filters.kind is None,
        }
    ]
    for word, kind in _KIND_OF.items():
        if found[kind] or asked.filters.kind == kind:
            tabs.append(
                {
                    "label": KINDS[kind],
                    "count": found[kind],
                    "href": url_for("nagari.workers_page", **asked.query(status=word)),
                    "current": asked.filters.kind == kind,
                    "sentiment": "danger" if kind == "inactive" else None,
                }
            )
    return tabs


def _chips(asked: Asked) -> list[dict[str, str]]:
    chips = []
    if asked.filters.jorong:
        href = url_for("nagari.workers_page", **asked.query(jorong=None))
        chips.append({"label": f"Jorong {asked.filters.jorong}", "remove_href": href})
    if asked.filters.search:
        href = url_for("nagari.workers_page", **asked.query(cari=None))
        chips.append({"label": f"Cari “{asked.filters.search}”", "remove_href": href})
    return chips


def _cells(rows: Iterator[WorkerRow]) -> Iterator[Sequence[sheets.Cell]]:
    for row in rows:
        yield (
            row.full_name,
            masked_nik(row.national_id),
            row.card_number,
            row.jorong,
            row.occupation,
            row.born_on,
            row.standing.label,
            cast(sheets.Cell, row.paid_until),
            row.registered_on,
        )
