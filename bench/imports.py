"""A list of ten thousand workers checked and imported, against only reading the same workbook; and the memory of it."""

import io
import time
import tracemalloc
from datetime import date

import openpyxl
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from bench.result import Row
from bench.world import Place, World, staff
from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.registry import files, imports
from caseflow.registry.import_checking import run_check
from caseflow.registry.import_models import ImportFile
from caseflow.registry.import_writing import run_write
from caseflow.registry.nomination_models import Nominee, Quota, RegistryFile
from caseflow.sheets import write_xlsx

MEGABYTE = 1024 * 1024
LATIHAN = "13.03.99.2001"
ROWS = 10_000
SMALL_YEAR = 2032
_COLUMNS = (
    "nik",
    "nama_lengkap",
    "jenis_kelamin",
    "tanggal_lahir",
    "jorong",
    "pekerjaan",
    "nomor_kk",
    "tempat_lahir",
)


def measure(world: World) -> list[Row]:
    """Measure time and memory of an import; the memory also against a list a tenth as long."""
    door = _Door(world)
    content = _workbook(ROWS, series=0)
    begun = time.perf_counter()
    for _row in openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0].iter_rows():
        pass
    bare = time.perf_counter() - begun
    began = time.perf_counter()
    wrong = door.import_list(content, ROWS, year=2031)
    took = time.perf_counter() - began
    small, large = (
        door.memory(_workbook(ROWS // 10, series=1), year=SMALL_YEAR),
        door.memory(content, year=2033),
    )
    notes = [
        f"{ROWS} rows in {took:.1f} s, read alone in {bare:.1f} s",
        f"a tenth of the rows needs {small:.1f} MB",
    ]
    return [
        Row("imp", "10,000 workers imported", "reading the workbook", took / bare, 20, 12, high=False, unit=" ×",
            notes=notes, wrong=wrong),
        Row("impm", "memory of an import", "nothing", large, 48, 24, high=False, unit=" MB", wrong=wrong),
    ]  # fmt: skip


class _Door:
    """Where lists go in, each for a year of its own."""

    def __init__(self, world: World) -> None:
        self._place: Place = world.main
        self._store = open_store(world.settings(world.main).storage_url)
        self._store.prepare()
        self._sessions = sessionmaker(world.main.engine, class_=Session)
        self._by: Actor = staff(world.main.engine, "fitri")

    def import_list(self, content: bytes, rows: int, *, year: int) -> list[str]:
        """Send, check and import a list; return what was not right."""
        key = self._send(content, self._quota(rows, year))
        run_check(self._sessions, self._store, key, now=clock.now())
        with self._sessions() as session, session.begin():
            file = session.get_one(ImportFile, key)
            if file.state != "checked":
                return [f"the list is {file.state}: {file.problem}"]
            imports.start(session, file, by=self._by, now=clock.now(), seen=file.version)
        run_write(self._sessions, key, branch_code="solok", now=clock.now())
        with self._sessions() as session:
            count = session.execute(
                select(func.count()).select_from(Nominee).where(Nominee.starts_on == date(year, 1, 1))
            ).scalar_one()
        return [] if count == rows else [f"{count} of {rows} people were imported"]

    def memory(self, content: bytes, *, year: int) -> float:
        """Return how many MB of Python's memory an import needs at most."""
        rows = ROWS // 10 if year == SMALL_YEAR else ROWS
        tracemalloc.start()
        try:
            self.import_list(content, rows, year=year)
            return tracemalloc.get_traced_memory()[1] / MEGABYTE
        finally:
            tracemalloc.stop()

    def _quota(self, rows: int, year: int) -> int:
        with self._sessions() as session, session.begin():
            quota = Quota(
                region_code=LATIHAN, funding_source="csr", starts_on=date(year, 1, 1), ends_on=date(year, 12, 31),
                slots=rows, budgeted=rows, source="measurement", changed_at=clock.now(),
            )  # fmt: skip
            session.add(quota)
            session.flush()
            return quota.id

    def _send(self, content: bytes, quota_id: int) -> int:
        sent = files.Sent(io.BytesIO(content), "daftar.xlsx", LATIHAN, "import")
        stored: RegistryFile = files.keep(
            self._sessions, self._store, sent, permission="nomination.edit", by=self._by, now=clock.now()
        )
        with self._sessions() as session, session.begin():
            return imports.begin(
                session, stored, kind="workers", quota_id=quota_id, by=self._by, now=clock.now()
            ).id


def _workbook(rows: int, *, series: int) -> bytes:
    """Return a list of people who can be told apart, in bytes."""
    target = io.BytesIO()
    write_xlsx(
        target,
        _COLUMNS,
        (
            (
                f"1303{series:02d}120976{serial:04d}" if serial % 10_000 else f"1303{50 + series:02d}1209760001",
                f"Orang Latihan {serial}", "L", "12/09/1976", "Pasar", "Petani karet",
                f"13039901{serial:06d}01", "Koto Latihan",
            )
            for serial in range(1, rows + 1)
        ),
    )  # fmt: skip
    return target.getvalue()
