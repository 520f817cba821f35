"""The calendar: read by all staff, changed by few, and what a change does to open cases."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.app import CaseflowApp
from caseflow.audit.models import AuditEvent
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.registry.models import HolidayRow
from caseflow.workflow.models import CaseFile
from tests import story
from tests.conftest import FreshDatabase
from tests.web.forms import fill, form_of, send

PATH = "/admin/kalender"
TUESDAY = {"on__day": "24", "on__month": "11", "on__year": "2026"}


@pytest.fixture
def bram(app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]) -> FlaskClient:
    """The head of the branch at a browser."""
    browser = app.test_client()
    sign_in(browser, "bram")
    return browser


@pytest.fixture
def due(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> Callable[[], date | None]:
    """A claim whose documents were complete on Friday 20 November; tells when it is due."""
    with Session(fresh_database.engine) as session:
        store = open_store(f"folder://{tmp_path / 'papers'}")
        story.with_papers(story.Stage(session, store, staff))
        session.commit()

    def found() -> date | None:
        with Session(fresh_database.engine) as session:
            return session.scalars(select(CaseFile.due_on).where(CaseFile.kind == "claim")).one()

    return found


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def add(browser: FlaskClient, **typed: str) -> str:
    answer = fill(browser, f"{PATH}/tambah", "/tambah", **typed)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def test_all_staff_read_it_and_few_change_it(
    app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]
) -> None:
    for username in ("dedi", "nina", "fitri", "rina", "bupati", "aulia"):
        browser = app.test_client()
        sign_in(browser, username)
        said = page(browser, f"{PATH}?tahun=2026")
        assert "Kenaikan Yesus Kristus" in said
        assert "Tambah hari libur" not in said
        assert "Hapus" not in said
        assert browser.get(f"{PATH}/tambah").status_code == 403


def test_a_year_is_listed_with_kinds_and_estimates(bram: FlaskClient) -> None:
    said = page(bram, f"{PATH}?tahun=2027")
    assert "Rabu, 10 Maret 2027" in said
    assert "Hari Raya Idul Fitri <" in said, "the note is a tag, not part of the name"
    for words in ("Perkiraan", "Libur nasional", "Cuti bersama", "19 hari kerja"):
        assert words in said


def test_a_year_without_data_warns(bram: FlaskClient) -> None:
    assert "Hari libur 2028 belum diisi" in page(bram, f"{PATH}?tahun=2028")
    assert "belum diisi" not in page(bram, f"{PATH}?tahun=2026")


def test_strange_years_show_this_one(bram: FlaskClient) -> None:
    for asked in ("", "x", "-5", "99999999999999999999", "1999", "2026.5"):
        assert "Kalender hari kerja 2026" in page(bram, f"{PATH}?tahun={asked}")


_EXAMPLES = (
    ("13", "5", "paling lambat dibayar <strong>Rabu, 20 Mei 2026"),
    ("14", "8", "paling lambat dibayar <strong>Kamis, 20 Agustus 2026"),
    ("20", "11", "paling lambat dibayar <strong>Rabu, 25 November 2026"),
    ("23", "12", "paling lambat dibayar <strong>Rabu, 30 Desember 2026"),
    ("31", "2", "Tanggal 31 Februari 2026 tidak ada."),
    ("", "2", "Isi juga tanggal."),
)


def test_the_example_counts_three_working_days(bram: FlaskClient) -> None:
    for day, month, words in _EXAMPLES:
        query = f"complete_on-day={day}&complete_on-month={month}&complete_on-year=2026"
        assert words in page(bram, f"{PATH}?tahun=2026&{query}")


def test_the_example_names_what_was_skipped(bram: FlaskClient) -> None:
    said = page(bram, f"{PATH}?complete_on-day=23&complete_on-month=12&complete_on-year=2026")
    assert "Cuti Bersama Hari Raya Natal (24 Des 2026), Hari Raya Natal (25 Des 2026)" in said
    beyond = page(bram, f"{PATH}?complete_on-day=30&complete_on-month=12&complete_on-year=2027")
    assert "Hari libur 2028 belum diisi" in beyond


def test_it_adds_a_day_and_writes_down_who(bram: FlaskClient, fresh_database: FreshDatabase) -> None:
    location = add(bram, **TUESDAY, kind="penutupan_kantor", name="Kantor  tutup karena banjir", estimate="y")
    said = page(bram, location)
    assert "Kantor tutup karena banjir" in said
    assert "Selasa, 24 November 2026" in said
    with Session(fresh_database.engine) as session:
        row = session.get_one(HolidayRow, date(2026, 11, 24))
        assert (row.kind, row.name) == ("penutupan_kantor", "Kantor tutup karena banjir (perkiraan)")
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "calendar.holiday_added")).one()
        assert (event.actor_name, event.subject) == ("Bram Wijaya", "holiday:2026-11-24")


_WRONG: tuple[tuple[dict[str, str], str], ...] = (
    ({"on__day": "25", "on__month": "12", "on__year": "2026"}, "sudah ada di kalender: Hari Raya Natal"),
    ({"on__day": "31", "on__month": "4"}, "Tanggal 31 April 2026 tidak ada"),
    ({"on__year": "1999"}, "Tahun 2020 sampai 2031 saja"),
    ({"kind": "hari_baik"}, "Pilih salah satu dari daftar"),
    ({"name": ""}, "Tulis nama hari libur."),
    ({"name": "ab"}, "3 sampai 100 huruf"),
    ({"name": "x" * 101}, "Tulis paling banyak 100 huruf."),
)


def test_it_keeps_what_was_typed_when_something_is_wrong(bram: FlaskClient) -> None:
    for typed, sentence in _WRONG:
        asked = {**TUESDAY, "kind": "cuti_bersama", "name": "Cuti bersama tambahan", **typed}
        answer = fill(bram, f"{PATH}/tambah", "/tambah", **asked)
        said = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in said
        assert f'value="{asked["on__day"]}"' in said
        assert f'value="{asked["name"]}"' in said


def test_it_removes_a_day_once(bram: FlaskClient, fresh_database: FreshDatabase) -> None:
    path = f"{PATH}/hapus/2026-12-24"
    assert "Hapus Cuti Bersama Hari Raya Natal?" in page(bram, path)
    form = form_of(page(bram, path), path)
    renamed = send(bram, form, name="Hari lain", request_key="r" * 20)
    assert renamed.status_code == 409
    assert "Belum ada yang dihapus" in renamed.get_data(as_text=True)
    assert send(bram, form).status_code == 303
    assert bram.get(path).status_code == 404
    for day in ("2026-02-30", "x", "2026-11-23"):
        assert bram.get(f"{PATH}/hapus/{day}").status_code == 404
    with Session(fresh_database.engine) as session:
        assert session.get(HolidayRow, date(2026, 12, 24)) is None


def test_a_change_shows_what_it_does_before_anything_moves(
    bram: FlaskClient, due: Callable[[], date | None], fresh_database: FreshDatabase
) -> None:
    assert due() == date(2026, 11, 25)
    location = add(bram, **TUESDAY, kind="penutupan_kantor", name="Kantor tutup")
    assert location.endswith("/hitung-ulang")
    preview = page(bram, location)
    assert "Ubah batas 1 kasus?" in preview
    assert "Rabu, 25 November 2026" in preview
    assert "Kamis, 26 November 2026" in preview
    assert due() == date(2026, 11, 25)
    answer = send(bram, form_of(preview, "/hitung-ulang"))
    assert "Batas waktu 1 kasus dihitung ulang." in page(bram, answer.location)
    assert due() == date(2026, 11, 26)
    with Session(fresh_database.engine) as session:
        sorted_by = session.scalars(select(CaseFile.sort_on).where(CaseFile.kind == "claim")).one()
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "case.due_recomputed")).one()
    assert sorted_by == date(2026, 11, 26)
    assert event.details == {"from": "2026-11-25", "to": "2026-11-26"}
    assert "Semua batas sudah sesuai kalender" in page(bram, f"{PATH}/hitung-ulang")


def test_a_calendar_changed_since_the_preview_moves_nothing(
    bram: FlaskClient, due: Callable[[], date | None]
) -> None:
    preview = page(bram, add(bram, **TUESDAY, kind="penutupan_kantor", name="Kantor tutup"))
    add(bram, **{**TUESDAY, "on__day": "25"}, kind="penutupan_kantor", name="Kantor masih tutup")
    answer = send(bram, form_of(preview, "/hitung-ulang"))
    assert answer.status_code == 409
    assert "Kalender berubah sejak pratinjau ini dibuat." in answer.get_data(as_text=True)
    assert due() == date(2026, 11, 25)


def test_an_admin_sees_counts_and_no_cases(
    app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None], due: Callable[[], date | None]
) -> None:
    browser = app.test_client()
    sign_in(browser, "admin")
    said = page(browser, add(browser, **TUESDAY, kind="penutupan_kantor", name="Kantor tutup"))
    assert "Ubah batas 1 kasus?" in said
    assert "SJJ-26" not in said
    assert due() == date(2026, 11, 25)
