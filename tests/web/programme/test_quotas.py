"""The page of quotas: set by the programme, seen by the nagari, taken along as a file."""

import io
from collections.abc import Callable

import openpyxl
import pytest
from flask.testing import FlaskClient

from caseflow.app import CaseflowApp
from tests.web.forms import fill, form_of, send

PATH = "/program/kuota"
NEW = {
    "nagari": "13.03.99.2001",
    "funding_source": "csr",
    "starts_on__day": "1",
    "starts_on__month": "1",
    "starts_on__year": "2031",
    "ends_on__day": "31",
    "ends_on__month": "12",
    "ends_on__year": "2031",
    "slots": "1.000",
    "budgeted": "90",
    "source": "=SUM(1) SK Bupati",
}
ONE = f"{PATH}/13.03.99.2001/csr/2031-01-01"


@pytest.fixture
def desi(app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]) -> FlaskClient:
    """Disnakertrans at a browser, with one quota of 2031."""
    browser = app.test_client()
    sign_in(browser, "desi")
    made = fill(browser, f"{PATH}/baru", "/baru", **NEW)
    assert made.status_code == 303, made.get_data(as_text=True)
    return browser


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def taken(browser: FlaskClient, kind: str) -> bytes:
    """Take the file of 2031 along."""
    with browser.get(f"{PATH}/unduh.{kind}?tahun=2031") as answer:
        assert answer.status_code == 200
        return answer.get_data()


def test_a_quota_is_listed_with_sums_and_history(desi: FlaskClient) -> None:
    said = page(desi, f"{PATH}?tahun=2031")
    assert "0 dari 1000 tempat terisi." in said
    assert "Koto Latihan" in said
    assert "menetapkan kuota: Koto Latihan: 1000 orang, dianggarkan 90" in said


def test_it_is_raised_and_lowered(desi: FlaskClient) -> None:
    form = form_of(page(desi, ONE), "/2031-01-01")
    assert send(desi, form, slots="120", budgeted="100", source="SK Bupati 2").status_code == 303
    assert "dari 1000 menjadi 120 orang" in page(desi, ONE)
    stale = send(desi, form, slots="130", budgeted="100", source="SK Bupati 3", request_key="x" * 20)
    assert stale.status_code == 409
    assert "baru saja diubah orang lain" in stale.get_data(as_text=True)
    over = fill(desi, ONE, "/2031-01-01", slots="10", budgeted="11", source="SK Bupati 3")
    assert over.status_code == 422


def test_the_same_days_twice_are_refused_in_words(desi: FlaskClient) -> None:
    again = fill(desi, f"{PATH}/baru", "/baru", **NEW)
    assert again.status_code == 409
    assert "sudah punya kuota dari pembayar ini" in again.get_data(as_text=True)
    assert "1000" in again.get_data(as_text=True), "what was typed is still there"


def test_a_year_is_copied_after_a_look(desi: FlaskClient) -> None:
    asked = f"{PATH}/salin?tahun=2031"
    said = page(desi, asked)
    assert "Salin 1 kuota 2031 ke 2032?" in said
    assert fill(desi, asked, "/salin", source="SK Bupati 9/2031").status_code == 303
    assert "Koto Latihan" in page(desi, f"{PATH}?tahun=2032")
    assert "Tidak ada yang perlu disalin" in page(desi, asked)


def test_files_hold_the_list_and_no_formula(desi: FlaskClient) -> None:
    assert "'=SUM(1) SK Bupati" in taken(desi, "csv").decode()
    book = openpyxl.load_workbook(io.BytesIO(taken(desi, "xlsx")))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("Kode nagari", "Nagari", "Kecamatan")
    assert rows[1][6:10] == (1000, 90, 0, 1000)
    assert rows[1][10] == "'=SUM(1) SK Bupati"


def test_a_nagari_sees_its_own_and_changes_nothing(
    app: CaseflowApp, desi: FlaskClient, sign_in: Callable[[FlaskClient, str], None]
) -> None:
    fill(desi, f"{PATH}/baru", "/baru", **{**NEW, "nagari": "13.03.99.2002"})
    fitri = app.test_client()
    sign_in(fitri, "fitri")
    said = page(fitri, f"{PATH}?tahun=2031")
    assert "Koto Latihan" in said
    assert "Koto Contoh" not in said
    assert "Kuota baru" not in said
    assert "Simpan perubahan" not in page(fitri, ONE)
    assert fitri.get(ONE.replace("2001", "2002")).status_code == 404
    assert "Koto Contoh" not in taken(fitri, "csv").decode()
    assert fitri.get(f"{PATH}/baru").status_code == 403


@pytest.mark.parametrize(
    "path", ["x/csv/2031-01-01", "13.03.99.2001/csv/2031-02-30", "13.03.99.2001/emas/2031-01-01"]
)
def test_junk_addresses_are_not_there(desi: FlaskClient, path: str) -> None:
    assert desi.get(f"{PATH}/{path}").status_code == 404
