"""Dated limits and rates: seen as they hold, added for a day to come, never changed."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from caseflow.app import CaseflowApp
from caseflow.registry import queries, rates
from tests.conftest import FreshDatabase
from tests.web.forms import fill, form_of, send

LIMIT = "/admin/batas/approval_limit_1_idr"
DAY = {"valid_from__day": "1", "valid_from__month": "12", "valid_from__year": "2026"}
RATE = {"funding_source": "mandiri", "sector": "other", "jkk_idr": "11.000", "jkm_idr": "6.800", **DAY}


@pytest.fixture
def bram(app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]) -> FlaskClient:
    """The head of the branch at a browser."""
    browser = app.test_client()
    sign_in(browser, "bram")
    return browser


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_limits_are_read_in_words_and_unsure_ones_say_so(bram: FlaskClient) -> None:
    said = page(bram, "/admin/batas")
    assert "Batas persetujuan penyetuju: Rp50.000.000" in said
    assert "Cuti bersama menghentikan hitungan hari kerja: Ya" in said
    assert "Keberatan diajukan paling lambat: 30 hari" in said
    assert "belum terverifikasi" in said


def test_a_limit_to_come_leaves_today_alone(bram: FlaskClient, fresh_database: FreshDatabase) -> None:
    done = fill(
        bram, LIMIT, "/approval_limit_1_idr", value="60.000.000", source="Surat delegasi 7/2026", **DAY
    )
    assert done.status_code == 303
    with Session(fresh_database.engine) as session:
        assert queries.policy(session, "approval_limit_1_idr", date(2026, 11, 30)) == 50_000_000
        assert queries.policy(session, "approval_limit_1_idr", date(2026, 12, 1)) == 60_000_000
    said = page(bram, "/admin/batas")
    assert "Batas persetujuan penyetuju: Rp50.000.000" in said
    assert "akan berlaku" in said
    assert "menambah batas: berlaku mulai 2026-12-01" in said
    again = fill(bram, LIMIT, "/approval_limit_1_idr", value="70", source="Surat delegasi 8/2026", **DAY)
    assert again.status_code == 422
    assert "sudah punya nilai mulai hari itu" in again.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"valid_from__month": "10"}, "Yang sudah lewat tidak diubah"),
        ({"valid_from__year": "2040"}, "Paling jauh lima tahun"),
        ({"value": "99999999999999"}, "terlalu besar"),
        ({"value": "lima"}, "angka bulat"),
        ({"source": "ya"}, "5 sampai 300 huruf"),
    ],
)
def test_what_cannot_be_a_limit(bram: FlaskClient, typed: dict[str, str], said: str) -> None:
    told = {"value": "60.000.000", "source": "Surat delegasi 7/2026", **DAY, **typed}
    answer = fill(bram, LIMIT, "/approval_limit_1_idr", **told)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_a_rate_is_seen_before_it_is_added(bram: FlaskClient, fresh_database: FreshDatabase) -> None:
    form = form_of(page(bram, "/admin/tarif/baru"), "/baru")
    looked = send(bram, form, step="lihat", source="PP 99/2026 Pasal 3", **RATE)
    said = looked.get_data(as_text=True)
    assert "Bayar sendiri membayar Rp17.800 sebulan mulai Desember 2026" in said
    assert "Belum tersimpan" in said
    with Session(fresh_database.engine) as session:
        before = rates.rate_on(session, "mandiri", "other", date(2026, 12, 1)).amount_idr
    assert before != 17_800
    added = send(bram, form_of(said, "/baru"), step="simpan", source="PP 99/2026 Pasal 3", **RATE)
    assert added.status_code == 303
    with Session(fresh_database.engine) as session:
        found = rates.rate_on(session, "mandiri", "other", date(2026, 12, 1))
        assert (found.amount_idr, found.certainty) == (17_800, "verify")
        assert rates.rate_on(session, "mandiri", "other", date(2026, 11, 1)).amount_idr != 17_800
    assert "Rp17.800" in page(bram, "/admin/tarif?bulan=2026-12")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"funding_source": "apbd", "reduced": "y"}, "tidak berlaku untuk iuran yang dibayar APBN atau APBD"),
        ({"valid_from__month": "10"}, "Yang sudah lewat tidak diubah"),
        ({"valid_from__day": "2"}, "mulai pada tanggal 1"),
        ({"jkm_idr": "3.400"}, "sebut keringanannya"),
        ({"funding_source": "apbd", "jkk_idr": "1.600", "jkm_idr": "6.800"}, "sebut keringanannya"),
        ({"jkk_idr": "999.000", "jkm_idr": "6.800"}, "bersama paling banyak"),
    ],
)
def test_what_cannot_be_a_rate(bram: FlaskClient, typed: dict[str, str], said: str) -> None:
    told = {**RATE, "source": "PP 99/2026 Pasal 3", "step": "simpan", **typed}
    answer = fill(bram, "/admin/tarif/baru", "/baru", **told)
    assert answer.status_code in {409, 422}
    assert said in answer.get_data(as_text=True)


def test_who_reads_and_who_adds(app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]) -> None:
    for who in ("dedi", "desi", "nina"):
        browser = app.test_client()
        sign_in(browser, who)
        assert "Nilai baru" not in page(browser, "/admin/batas")
        page(browser, "/admin/tarif?bulan=junk")
        assert browser.get(LIMIT).status_code == 403
    fitri = app.test_client()
    sign_in(fitri, "fitri")
    assert fitri.get("/admin/batas").status_code == 403
