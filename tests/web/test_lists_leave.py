"""F35: whatever people typed, no list leaves with a cell that runs. Every address that answers CSV or Excel is pulled.

The addresses come from the application itself: a new list is pulled without a word here. A list whose address needs
something that is not in ``VALUES`` fails the test by name, so that nobody forgets it.
"""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.extensions import db
from caseflow.jobs import run_waiting
from caseflow.people import policy
from caseflow.reports import result_refresh
from caseflow.training.people import ACCOUNTS, PASSPHRASE
from caseflow.training.sheets import SHEETS
from caseflow.web.security import permission_of
from caseflow.workflow.models import CaseFile
from tests.conftest import START, FreshDatabase, copy_of, make_settings

LATIHAN = "13.03.99.2001"
HOSTILE = (
    '=HYPERLINK("http://contoh";"klik")',
    "+cmd|' /C calc'!A0",
    "@SUM(1+1)*9",
    "-2+3",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "＝1+1",
)
# what addresses ask for; "kind" of file and names of parts are tried all
VALUES: dict[str, tuple[str, ...]] = {
    "kind": ("csv", "xlsx"),
    "part": ("nagari", "kecamatan", "bulan", "iuran", "terancam", "menunggak"),
    "region_code": (LATIHAN,),
    "name": tuple(SHEETS),
}
# the format to fill in offers jorong as they are written, to be chosen: typed texts, without the apostrophe
CHOICES = {"nagari.import_format"}
# files that are not lists of ours: an upload given back as it came; the bank's own layout, read by the bank alone
NOT_LISTS = {"nagari.import_original", "programme.numbers_original", "finance.download"}
# a list that is the answer to a list: asked in its own test below
ANSWERS = {"nagari.import_answers"}
_FILE = re.compile(r"\.(csv|xlsx)$|<[^>]*kind>$|/unduh\b")
_RUNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")


class House:
    """One application, hostile words everywhere people can write, and a browser for every role."""

    def __init__(self, app: CaseflowApp, database: FreshDatabase) -> None:
        self.app = app
        self.browsers = {account.role: self._browser(account.username) for account in reversed(ACCOUNTS)}
        self.imports = {"/impor/": self._import(), "/nomor-peserta/": self._numbers()}
        with Session(database.engine) as session:
            _spoil(session)
            result_refresh.refresh(session, now=clock.now())
            session.commit()
            numbers = session.scalars(select(CaseFile.number).where(CaseFile.workflow == "nomination"))
            self.nominations = tuple(numbers)
        self.tables = self._tables()

    def _browser(self, username: str) -> FlaskClient:
        browser = self.app.test_client()
        answer = browser.post("/masuk", data={"username": username, "passphrase": PASSPHRASE})
        assert answer.status_code in {302, 303}
        return browser

    def _import(self) -> str:
        """Upload a list in which every row is wrong, so that it comes back to be corrected."""
        rows = "".join(
            f'12;"{word.strip().replace(chr(34), chr(34) * 2)}";L;x;"{word.strip()[:1]}x";y\r\n'
            for word in HOSTILE
        )
        content = f"nik;nama_lengkap;jenis_kelamin;tanggal_lahir;jorong;pekerjaan\r\n{rows}".encode()
        browser = self.browsers["nagari_operator"]
        start = browser.get("/nagari/impor").get_data(as_text=True)
        found = re.search(r'value="(13\.03\.99\.2001/[^"]+)"', start)
        assert found, "the practice nagari has no quota to import for"
        return self._upload("nagari_operator", "/nagari/impor", content, quota=found[1])

    def _numbers(self) -> str:
        """Upload a list of participant numbers of which none is one."""
        rows = "".join(f'12;"{word.strip().replace(chr(34), chr(34) * 2)}";besok\r\n' for word in HOSTILE)
        content = f"NIK;No. KPJ;Tanggal daftar\r\n{rows}".encode()
        return self._upload("officer", "/program/nomor-peserta", content)

    def _upload(self, role: str, address: str, content: bytes, **fields: str) -> str:
        answer = self.browsers[role].post(
            address, data={**fields, "file": (io.BytesIO(content), "daftar.csv")}, buffered=True
        )
        assert answer.status_code == 303, answer.get_data(as_text=True)
        run_waiting(self.app.extensions["caseflow_settings"], self.app.extensions["caseflow_store"])
        return answer.location.rstrip("/").rsplit("/", 1)[1]

    def _tables(self) -> tuple[str, ...]:
        """Return the keys of the tables of figures that the pages offer; two more are known by name."""
        pages = ("ringkasan", "layanan", "pendampingan")
        shown = "".join(
            self.browsers["branch_head"].get(f"/pengawasan/{page}").get_data(as_text=True) for page in pages
        )
        return tuple(sorted(set(re.findall(r"/unduh/([a-z0-9-]+)[.]csv", shown))))

    def values(self, rule: Rule) -> dict[str, tuple[str, ...]]:
        """Return what to try for the parts of an address; empty for one that is not known."""
        listed = tuple(one for place, one in self.imports.items() if place in rule.rule)
        own = {"public_id": listed} if listed else {}
        if "/usulan/" in rule.rule:
            own["number"] = self.nominations
        if "key" in rule.arguments:
            own["key"] = (*self.tables, "tepat-waktu", "kunjungan")
        return {name: {**VALUES, **own}.get(name, ()) for name in rule.arguments}


def _spoil(session: Session) -> None:
    """Put hostile words into whatever people write that lists show."""
    columns = {
        "worker": ("full_name", "jorong", "occupation", "address", "birth_place", "mothers_name"),
        "nominee": ("full_name", "jorong", "occupation", "address", "remark"),
        "quota": ("source",),
        "casefile": ("subject",),
        "jorong": ("name",),
    }
    words = {"words": list(HOSTILE), "all": len(HOSTILE)}
    for table, names in columns.items():
        one_of = "(CAST(:words AS text[]))[1 + id % :all]"
        unique = " || id" if table == "jorong" else ""
        changed = ", ".join(f"{name} = {one_of}{unique}" for name in names)
        session.execute(text(f"UPDATE {table} SET {changed}"), words)  # noqa: S608 (constants of this test)


@pytest.fixture(scope="module")
def house(cluster: object, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Sign everybody in once."""
    clock.set_start(START)
    for database in copy_of(cluster, template):  # type: ignore[arg-type]
        folder: Path = tmp_path_factory.mktemp("objects")
        app = create_app(make_settings(database.app_url, folder), TESTING=True, WTF_CSRF_ENABLED=False)
        app.extensions["caseflow_store"].prepare()
        yield House(app, database)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_no_list_leaves_with_a_cell_that_runs(house: House) -> None:
    """Each file of each role is read like a spreadsheet reads it; hostile words are text, with an apostrophe."""
    pulled: set[str] = set()
    defused = 0
    wrong: list[str] = []
    for rule in house.app.url_map.iter_rules():
        if "GET" not in (rule.methods or set()) or rule.endpoint in NOT_LISTS:
            continue
        for role, address, cells in _files(house, rule):
            pulled.add(rule.endpoint)
            defused += sum(cell.startswith("'") for cell in cells)
            if rule.endpoint not in CHOICES:
                wrong += [f"{role} {address}: {cell!r}" for cell in cells if _runs(cell)]
    assert wrong == []
    lists = {rule.endpoint for rule in house.app.url_map.iter_rules() if _FILE.search(rule.rule)}
    assert lists - NOT_LISTS - ANSWERS - pulled == set(), "give VALUES what these addresses ask for"
    assert defused > 50, "the lists showed nothing of what people wrote"


def test_the_answer_to_a_list_repeats_no_cell_that_runs(house: House) -> None:
    """Whatever stands where a NIK should, comes back as text."""
    listed = "".join(f'"{word.replace(chr(34), chr(34) * 2)}"\r\n' for word in HOSTILE)
    answer = house.browsers["nagari_operator"].post(
        "/nagari/impor/jawaban.xlsx",
        data={"file": (io.BytesIO(f"nik\r\n{listed}".encode()), "nik.csv")},
        buffered=True,
    )
    assert answer.status_code == 200
    cells = _cells(answer.mimetype, answer.get_data())
    assert cells is not None
    assert len(cells) > len(HOSTILE), "no answers came"
    assert [cell for cell in cells if _runs(cell)] == []


def _files(house: House, rule: Rule) -> Iterator[tuple[str, str, list[str]]]:
    """Give every file that an address answers: by which role, where, its cells."""
    permission = permission_of(house.app, rule.endpoint)
    assert permission is not None
    known = house.values(rule)
    marks = policy.policy().permission(permission).marks
    for role in [one for one in house.browsers if one in marks or "public" in marks][:3]:
        for choice in itertools.product(*known.values()):
            with house.app.test_request_context():
                address = house.app.url_map.bind("localhost").build(
                    rule.endpoint, dict(zip(known, choice, strict=True))
                )
            with house.browsers[role].get(address) as answer:
                cells = _cells(answer.mimetype, answer.get_data()) if answer.status_code == 200 else None
            if cells is not None:
                yield role, address, cells


def _cells(mimetype: str | None, body: bytes) -> list[str] | None:
    """Return the texts of a file's cells; ``None`` for what is neither CSV nor Excel."""
    if mimetype == "text/csv":
        table = body.decode("utf-8-sig")
        return [cell for row in csv.reader(io.StringIO(table, newline=""), delimiter=";") for cell in row]
    if "spreadsheetml" not in (mimetype or ""):
        return None
    found = []
    for sheet in load_workbook(io.BytesIO(body)).worksheets:
        for cell in itertools.chain.from_iterable(sheet.iter_rows()):
            assert cell.data_type != "f", cell.value
            if cell.data_type == "s":
                found.append(str(cell.value))
    return found


def _runs(cell: str) -> bool:
    """Whether a spreadsheet would take this text for a formula."""
    bare = cell.lstrip(" \t\r\n\u00a0\u200b\ufeff")
    return bare.startswith(_RUNS) and not _NUMBER.fullmatch(bare)
