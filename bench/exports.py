"""Lists that leave: a hundred thousand rows take no more memory than a thousand."""

import tracemalloc
from collections.abc import Iterator, Sequence

from flask import g

from bench.result import Row
from bench.world import World
from bench.wsgi import build
from caseflow.app import CaseflowApp
from caseflow.extensions import db
from caseflow.people.actor import Actor
from caseflow.sheets import Cell
from caseflow.web.lists_out import KINDS, List, send_list

_FEW, _MANY = 1_000, 100_000
_COLUMNS = ("Nama", "NIK", "Jorong", "Pekerjaan", "Bulan iuran terakhir", "Keterangan")
_READER = Actor(kind="staff", name="Bench", roles=frozenset({"officer"}), branch_code="solok")


def measure(world: World) -> list[Row]:
    """Send the same list short and long, as CSV and as Excel, and compare the most memory it took."""
    app = build(world.settings(world.main))
    notes, worst = [], 0.0
    try:
        for kind in KINDS:
            _peak(app, kind, 10)  # what is loaded once
            few, many = _peak(app, kind, _FEW), _peak(app, kind, _MANY)
            worst = max(worst, many / few)
            notes.append(f"{kind}: {few / 1e6:.2f} MB for {_FEW} rows, {many / 1e6:.2f} MB for {_MANY}")
    finally:
        with app.app_context():
            db.engine.dispose()
    against = f"peak memory of {_MANY} rows to that of {_FEW}, the worse of CSV and Excel"
    return [Row("X1", "export", against, worst, 2, 1.5, high=False, notes=notes)]


def _peak(app: CaseflowApp, kind: str, rows: int) -> int:
    tracemalloc.start()
    with app.test_request_context("/"):
        g.actor = _READER
        answer = send_list(List("bench", "worker.read", _COLUMNS, _rows(rows), area="Semua nagari"), kind)
        for _ in answer.response:
            pass
        answer.close()
        db.session.rollback()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def _rows(number: int) -> Iterator[Sequence[Cell]]:
    for place in range(number):
        yield (
            f"Pekerja {place}",
            f"•••• {place % 10_000:04}",
            "Pasar",
            "Petani karet",
            "Oktober 2026",
            f"baris {place}",
        )
