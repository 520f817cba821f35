"""Lists as files: names, rights, a trace, and little memory however long the list is."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from flask import Response, g
from openpyxl import load_workbook
from sqlalchemy import select

from caseflow.app import CaseflowApp
from caseflow.audit.models import AuditEvent
from caseflow.errors import NotFound, NotPermitted
from caseflow.extensions import db
from caseflow.people.actor import Actor
from caseflow.web.lists_out import List, send_list

OFFICER = Actor(kind="staff", name="Dedi", roles=frozenset({"officer"}), branch_code="solok")
MONITOR = Actor(kind="staff", name="Bupati", roles=frozenset({"regency_monitor"}))


def _people(rows: int, name: str = "menunggak") -> List:
    numbered: Iterator[tuple[str, int]] = ((f"=Pekerja {number}", number) for number in range(rows))
    return List(
        name, "worker.read", ("Nama", "Bulan"), numbered, area="Nagari Koto Latihan", on=date(2026, 11, 20)
    )


def _sent(app: CaseflowApp, table: List, kind: str, by: Actor = OFFICER) -> Response:
    with app.test_request_context("/"):
        g.actor = by
        answer = send_list(table, kind)
        db.session.commit()
        return answer


def test_a_list_is_named_after_what_it_tells_and_is_never_kept(app: CaseflowApp) -> None:
    """List, area, day; not in any cache."""
    answer = _sent(app, _people(3), "csv")
    assert answer.headers["Content-Disposition"].endswith("''menunggak_nagari-koto-latihan_2026-11-20.csv")
    assert answer.headers["Cache-Control"] == "private, no-store"
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines == ["Nama;Bulan", "'=Pekerja 0;0", "'=Pekerja 1;1", "'=Pekerja 2;2"]
    assert answer.content_length == len(answer.get_data())
    answer.close()


def test_excel_opens(app: CaseflowApp) -> None:
    """The same rows, typed."""
    answer = _sent(app, _people(2), "xlsx")
    sheet = load_workbook(BytesIO(answer.get_data())).active
    answer.close()
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Nama", "Bulan"],
        ["'=Pekerja 0", 0],
        ["'=Pekerja 1", 1],
    ]


def test_who_took_how_many_is_put_down_without_any_name(app: CaseflowApp) -> None:
    """The trace tells list, kind, right and number of rows; nobody's data."""
    _sent(app, _people(7), "xlsx").close()
    with app.app_context():
        row = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "list.exported")).one()
        assert (row.subject, row.details) == (
            "list:menunggak",
            {"kind": "xlsx", "rows": 7, "right": "worker.read"},
        )


def test_the_right_is_asked_again(app: CaseflowApp) -> None:
    """A page that forgot to ask still sends nothing."""
    with pytest.raises(NotPermitted):
        _sent(app, _people(1), "csv", by=MONITOR)
    with pytest.raises(NotFound):
        _sent(app, _people(1), "exe")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_stays_flat(app: CaseflowApp, kind: str) -> None:
    """Ten times the rows, not ten times the memory."""
    _peak(app, kind, 100)  # what is loaded once
    few, many = _peak(app, kind, 1_000), _peak(app, kind, 10_000)
    assert many < few * 2 + 1_000_000


def _peak(app: CaseflowApp, kind: str, rows: int) -> int:
    tracemalloc.start()
    answer = _sent(app, _people(rows, name=f"daftar {rows}"), kind)
    assert sum(len(piece) for piece in answer.response) > rows
    answer.close()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
