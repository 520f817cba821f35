"""The import as a nagari meets it: format, upload, what is wrong row by row, import, correct, undo; in no other nagari."""

import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.jobs import run_waiting
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.registry import imports
from caseflow.registry.households import MemberFacts, add_member, open_household
from caseflow.registry.import_models import ImportFile, ImportRow
from caseflow.registry.life import Told, mark_member_deceased
from caseflow.registry.models import Jorong, Worker
from caseflow.registry.nomination_models import Nomination, Nominee, Quota
from caseflow.registry.nomination_queries import candidate_of
from caseflow.registry.nominees import edit_nominee
from caseflow.registry.queries import find_worker
from caseflow.training import sheets
from tests.conftest import FreshDatabase, csrf_of
from tests.registry.dues import paid, worker
from tests.web.forms import form_of, send

LATIHAN, CONTOH = "13.03.99.2001", "13.03.99.2002"
START = "/nagari/impor"
HEAD = "nik;nama_lengkap;jenis_kelamin;tanggal_lahir;jorong;pekerjaan\r\n"
KEYS = {code: f"{code}/csr/2027-01-01" for code in (LATIHAN, CONTOH)}
SignIn = Callable[[FlaskClient, str], None]


def line(serial: int, name: str = "Orang Latihan") -> str:
    return f"130399120976{serial:04d};{name};L;12/09/1976;Pasar;Petani karet\r\n"


@pytest.fixture
def prepared(fresh_database: FreshDatabase) -> FreshDatabase:
    """Both invented nagari have a hundred places next year, and Koto Latihan its jorong."""
    with Session(fresh_database.engine) as session:
        for code in KEYS:
            session.add(
                Quota(
                    region_code=code, funding_source="csr", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31),
                    slots=100, budgeted=90, source="Perna latihan", changed_at=clock.now(),
                )
            )  # fmt: skip
        known = set(session.scalars(select(Jorong.name).where(Jorong.region_code == LATIHAN)))
        session.add_all(Jorong(region_code=LATIHAN, name=name) for name in {"Pasar", "Koto Tuo"} - known)
        session.commit()
    return fresh_database


@pytest.fixture
def nagari(client: FlaskClient, prepared: FreshDatabase, sign_in: SignIn) -> FlaskClient:
    sign_in(client, "fitri")
    return client


def upload(
    client: FlaskClient, content: bytes, name: str = "daftar.csv", *, quota: str = KEYS[LATIHAN]
) -> TestResponse:
    token = csrf_of(client.get(START).get_data(as_text=True))
    return client.post(
        START, data={"csrf_token": token, "quota": quota, "file": (io.BytesIO(content), name)}, buffered=True
    )


def work(app: CaseflowApp) -> None:
    """Let the background worker do what waits."""
    run_waiting(app.extensions["caseflow_settings"], app.extensions["caseflow_store"])


def checked(app: CaseflowApp, client: FlaskClient, content: bytes, name: str = "daftar.csv") -> str:
    """Upload and check; return the address of the list."""
    answer = upload(client, content, name)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    work(app)
    return answer.location


def read(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def press(client: FlaskClient, address: str, act: str) -> TestResponse:
    return send(client, form_of(read(client, address), f"{address}/{act}"))


def imported(app: CaseflowApp, client: FlaskClient, address: str) -> str:
    assert press(client, address, "mulai").status_code == 303
    work(app)
    return read(client, address)


def count_nominees(database: FreshDatabase) -> int:
    with Session(database.engine) as session:
        return session.execute(
            select(func.count()).select_from(Nominee).join(ImportRow, ImportRow.nominee_id == Nominee.id)
        ).scalar_one()


def practice(name: str) -> bytes:
    sheet = io.BytesIO()
    sheets.SHEETS[name](sheet)
    return sheet.getvalue()


def test_ninety_six_rows_are_checked_imported_and_taken_back(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    address = checked(app, nagari, practice("pekerja-96"), "pekerja-96.xlsx")
    page = read(nagari, address)
    assert "Periksa 96 baris" in page
    assert "<strong>88</strong> siap" in page
    assert "<strong>3</strong> siap dengan peringatan" in page
    assert "<strong>5</strong> perlu diperbaiki" in page
    for said in (
        "NIK terbaca sebagai angka; angka terakhir hilang.",
        "Ubah kolom menjadi Teks lalu ketik ulang.",
        "Tanggal lahir 15-02-80, NIK menunjukkan 05-02-80.",
        "NIK wajib diisi.",
        "Usia 66 tahun pada 1 Jan 2027 — di luar batas.",
        "Sudah ada di baris 22",
    ):
        assert said in page
    assert "1303991209760000" not in page
    assert "Unduh 5 baris bermasalah" in page
    assert "Impor 91 baris" in page
    assert count_nominees(prepared) == 0
    assert "91 orang masuk ke draf usulan USL-26-" in imported(app, nagari, address)
    assert count_nominees(prepared) == 91
    assert "Fitri Handayani" in read(nagari, START)
    assert press(nagari, address, "urungkan").status_code == 303
    assert count_nominees(prepared) == 0
    assert "Impor ini diurungkan." in read(nagari, address)


def test_the_correction_file_names_the_faults_and_comes_back_corrected(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    address = checked(app, nagari, practice("pekerja-96"), "pekerja-96.xlsx")
    imported(app, nagari, address)
    book = openpyxl.load_workbook(io.BytesIO(nagari.get(f"{address}/perbaikan.xlsx").data))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    assert head[-1] == "Kesalahan"
    assert sheet.max_row == 6
    assert "angka terakhir hilang" in str(sheet.cell(2, len(head)).value)
    for row, nik in ((2, "1303991209769991"), (3, "1303991209769992")):
        sheet.cell(row, 1).value = nik
        sheet.cell(row, head.index("tanggal_lahir") + 1).value = "12/09/1976"
        sheet.cell(row, head.index("jenis_kelamin") + 1).value = "L"
    again = io.BytesIO()
    book.save(again)
    second = checked(app, nagari, again.getvalue(), "perbaikan.xlsx")
    page = read(nagari, second)
    assert "Impor 2 baris" in page
    imported(app, nagari, second)
    assert count_nominees(prepared) == 93


def test_the_same_file_again_changes_nothing(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    content = practice("pekerja-20")
    address = checked(app, nagari, content, "pekerja-20.xlsx")
    assert upload(nagari, content, "pekerja-20.xlsx").location == address
    imported(app, nagari, address)
    assert count_nominees(prepared) == 20
    second = checked(app, nagari, content, "pekerja-20.xlsx")
    assert second != address
    page = read(nagari, second)
    assert "<strong>20</strong> sudah tercatat" in page
    assert "Impor 20 baris" not in page
    assert count_nominees(prepared) == 20


def test_two_operators_at_once_have_one_winner(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase, sign_in: SignIn
) -> None:
    """The same people in two files, both checked before either was imported."""
    colleague = app.test_client()
    sign_in(colleague, "jon")
    first = checked(app, nagari, (HEAD + line(1) + line(2)).encode())
    second = checked(app, colleague, (HEAD + line(2) + line(1)).encode())
    assert press(nagari, first, "mulai").status_code == 303
    assert press(colleague, second, "mulai").status_code == 303
    work(app)
    assert "2 orang masuk" in read(nagari, first)
    assert "Tidak ada yang baru di daftar ini." in read(colleague, second)
    assert count_nominees(prepared) == 2


def test_a_header_with_letters_nobody_sees_is_read(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    """The database keeps no NUL: the check would fail and the list wait for ever."""
    page = read(nagari, checked(app, nagari, (HEAD.replace("nama_lengkap", "nama\0") + line(1)).encode()))
    assert "Impor 1 baris" in page


def test_a_list_whose_job_was_lost_goes_on_when_it_is_sent_again(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    content = (HEAD + line(1)).encode()
    first = upload(nagari, content)
    with prepared.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_jobs"))
    again = upload(nagari, content)
    assert again.location == first.location
    work(app)
    assert "Impor 1 baris" in read(nagari, first.location)


def test_pressing_twice_imports_once(app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase) -> None:
    address = checked(app, nagari, (HEAD + line(1)).encode())
    form = form_of(read(nagari, address), f"{address}/mulai")
    assert send(nagari, form).status_code == 303
    assert send(nagari, form).status_code == 303
    other = {**form.fields, "request_key": ["z" * 43]}
    form.fields = other
    assert send(nagari, form).status_code == 409
    work(app)
    assert count_nominees(prepared) == 1


def test_another_nagari_sees_and_touches_nothing(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase, sign_in: SignIn
) -> None:
    address = checked(app, nagari, (HEAD + line(1)).encode())
    stranger = app.test_client()
    sign_in(stranger, "desi")
    assert stranger.get(address).status_code == 403
    assert upload(nagari, HEAD.encode(), quota=KEYS[CONTOH]).status_code == 422
    assert nagari.get(f"{START}/format/{CONTOH}.xlsx").status_code == 404
    with Session(prepared.engine) as session:
        session.execute(update(ImportFile).values(region_code=CONTOH))
        session.commit()
    for page in ("", "/kemajuan", "/perbaikan.xlsx", "/berkas"):
        assert nagari.get(address + page).status_code == 404, page
    assert "daftar.csv" not in read(nagari, START)


def test_columns_with_other_names_are_asked_for(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    odd = "Angka KTP;Nama;JK;Lahir;Dusun;Kerja\r\n" + line(1)
    address = checked(app, nagari, odd.encode())
    page = read(nagari, address)
    assert "Judul kolom belum dikenali." in page
    assert "NIK, Pekerjaan" in page
    form = form_of(page, f"{address}/kolom")
    chosen = {"nik": "0", "nama_lengkap": "1", "jenis_kelamin": "2", "tanggal_lahir": "3", "jorong": "4"}
    fields = {f"kolom-{name}": [place] for name, place in chosen.items()}
    form.fields |= fields
    assert "Pilih juga kolom untuk: Pekerjaan." in send(nagari, form).get_data(as_text=True)
    form = form_of(read(nagari, address), f"{address}/kolom")
    form.fields |= fields | {"kolom-pekerjaan": ["5"]}
    assert send(nagari, form).status_code == 303
    work(app)
    assert "Impor 1 baris" in read(nagari, address)


def test_the_quota_cannot_be_exceeded_by_a_list(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    content = HEAD + "".join(line(serial) for serial in range(1, 106))
    page = read(nagari, checked(app, nagari, content.encode()))
    assert "Baris 102 dan seterusnya melebihi kuota." in page
    assert "Baris 92 dan seterusnya melebihi anggaran." in page
    assert "Impor 100 baris" in page


def test_the_format_offers_the_jorong_and_its_example_is_not_imported(
    app: CaseflowApp, nagari: FlaskClient
) -> None:
    content = nagari.get(f"{START}/format/{LATIHAN}.xlsx").data
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Data"]
    assert [cell.value for cell in sheet[1]] == [
        "nik", "nama_lengkap", "nomor_kk", "jenis_kelamin", "tempat_lahir", "tanggal_lahir", "jorong", "alamat",
        "pekerjaan", "risiko", "no_hp", "nama_ibu_kandung", "desil", "keterangan",
    ]  # fmt: skip
    assert sheet.column_dimensions["A"].number_format == "@" or sheet["A2"].number_format == "@"
    assert {str(rule.sqref)[0] for rule in sheet.data_validations.dataValidation} == {
        "D",
        "G",
        "I",
        "J",
    }
    assert "Pasar" in [cell.value for cell in book["Pilihan"]["B"]]
    address = checked(app, nagari, content, "format.xlsx")
    assert "Periksa 0 baris" in read(nagari, address)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "kosong.csv", ""),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 40, "foto.png", "bukan Excel"),
        (b"a" * (5 * 1024 * 1024 + 1), "besar.csv", "lebih dari 5 MB"),
    ],
)
def test_what_is_no_list_is_refused_at_the_door(
    nagari: FlaskClient, content: bytes, name: str, said: str
) -> None:
    answer = upload(nagari, content, name)
    assert answer.status_code in {413, 422}
    assert said in answer.get_data(as_text=True)


def test_a_list_without_a_file_or_quota_is_asked_for(nagari: FlaskClient) -> None:
    token = csrf_of(read(nagari, START))
    answer = nagari.post(
        START, data={"csrf_token": token, "quota": KEYS[LATIHAN]}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "Pilih berkas Excel atau CSV dulu." in answer.get_data(as_text=True)
    assert "Pilih kuota" in upload(nagari, HEAD.encode(), quota="x").get_data(as_text=True)


def test_practice_lists_are_there_only_for_practice(nagari: FlaskClient, tmp_path: Path) -> None:
    assert nagari.get(f"{START}/latihan/pekerja-96.xlsx").status_code == 200
    assert nagari.get(f"{START}/latihan/gaji.xlsx").status_code == 404


def test_deaths_known_to_the_nagaris_own_system_are_recorded_once(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    """Only workers of this nagari; who is somebody else's is not even named."""
    content = (
        b"NIK;Tgl. Meninggal\r\n1303990304880002;18/11/2026\r\n1303990304880099;18/11/2026\r\n"
        b"1303991209760001;2026-W01-1\r\n"
    )
    token = csrf_of(read(nagari, START))
    form = {"csrf_token": token, "kind": "deaths", "region": LATIHAN}
    answer = nagari.post(START, data={**form, "file": (io.BytesIO(content), "mati.csv")}, buffered=True)
    assert answer.status_code == 303
    work(app)
    page = read(nagari, answer.location)
    assert "Bukan pekerja terdaftar di nagari ini." in page
    assert "Tanggal meninggal tidak terbaca." in page
    assert "Impor 1 baris" in page
    assert "1 kematian dicatat." in imported(app, nagari, answer.location)
    with Session(prepared.engine) as session:
        worker = find_worker(session, "1303990304880002")
        assert worker is not None
        assert worker.died_on == date(2026, 11, 18)
    second = nagari.post(START, data={**form, "file": (io.BytesIO(content), "mati.csv")}, buffered=True)
    work(app)
    assert "<strong>1</strong> sudah tercatat" in read(nagari, second.location)
    foreign = nagari.post(
        START, data={**form, "region": CONTOH, "file": (io.BytesIO(content), "mati.csv")}, buffered=True
    )
    assert foreign.status_code == 404


def test_the_answer_says_covered_or_not_and_nothing_else(
    nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    with Session(prepared.engine) as session:
        worker = find_worker(session, "1303990304880002")
        assert worker is not None
        worker.card_number = "26123456789"
        other = find_worker(session, "1303991209760001")
        assert other is not None
        other.region_code = CONTOH
        session.commit()
    content = b"NIK\r\n1303990304880002\r\n1303991209760001\r\n1303990304889999\r\n123\r\n"
    token = csrf_of(read(nagari, START))
    answer = nagari.post(
        f"{START}/jawaban.xlsx",
        data={"csrf_token": token, "file": (io.BytesIO(content), "nik.csv")},
        buffered=True,
    )
    assert answer.status_code == 200
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert rows[0] == ("nik", "jawaban", "sampai")
    assert [row[1] for row in rows[1:]] == [
        "terlindungi", "bukan dari nagari ini", "bukan dari nagari ini", "NIK tidak terbaca",
    ]  # fmt: skip
    assert str(rows[1][2])[:10] == "2026-11-30"
    assert b"26123456789" not in answer.data
    refused = nagari.post(
        f"{START}/jawaban.xlsx",
        data={"csrf_token": token, "file": (io.BytesIO(b"a;b\r\n1;2\r\n"), "x.csv")},
        buffered=True,
    )
    assert refused.status_code == 422
    assert "Kolom NIK tidak ditemukan." in refused.get_data(as_text=True)


def test_the_answer_tells_how_far_is_paid_ahead_and_denies_nothing_to_the_dead(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    with Session(prepared.engine) as session:
        marzuki, samsir = (find_worker(session, nik) for nik in ("1303990304880002", "1303991209760001"))
        assert marzuki is not None
        assert samsir is not None
        paid(session, marzuki, [date(2026, 12, 1), date(2027, 2, 1)], days=0)
        samsir.died_on = date(2026, 11, 17)
        session.commit()
    content = b"NIK\r\n1303990304880002\r\n1303991209760001\r\n"
    token = csrf_of(read(nagari, START))
    data = {"csrf_token": token, "file": (io.BytesIO(content), "nik.csv")}
    answer = nagari.post(f"{START}/jawaban.xlsx", data=data, buffered=True)
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))[1:]
    assert (rows[0][1], str(rows[0][2])[:10]) == ("terlindungi", "2026-12-31")
    assert (rows[1][1], rows[1][2]) == ("perlu dicek petugas", None)


@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+cmd|calc", "@SUM(A1)", "-2+3 a"])
def test_formulas_stay_text_on_their_way_in_and_out(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase, name: str
) -> None:
    content = HEAD + line(1, name) + line(2, name).replace("Petani karet", "")
    address = checked(app, nagari, content.encode())
    imported(app, nagari, address)
    with Session(prepared.engine) as session:
        stored = session.scalars(
            select(Nominee.full_name).join(ImportRow, ImportRow.nominee_id == Nominee.id)
        ).one()
    assert stored == name
    sheet = openpyxl.load_workbook(io.BytesIO(nagari.get(f"{address}/perbaikan.xlsx").data)).worksheets[0]
    assert (sheet["B2"].value, sheet["B2"].data_type) == (f"'{name}", "s")


def test_a_row_of_another_nagari_and_people_registered_elsewhere_stay_out(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    """F39 and F08: the nagari learns that a NIK is taken, never where or by whom."""
    with Session(prepared.engine) as session:
        worker = find_worker(session, "1303991209760001")
        assert worker is not None
        worker.region_code = CONTOH
        session.commit()
    head = HEAD.replace("\r\n", ";Nama Desa\r\n")
    rows = line(7).replace("\r\n", ";Koto Contoh\r\n") + line(8).replace("\r\n", ";Nagari KOTO LATIHAN\r\n")
    page = read(nagari, checked(app, nagari, (head + rows + line(1)).encode()))
    assert "Baris ini untuk nagari lain: Koto Contoh." in page
    assert "NIK ini sudah terdaftar." in page
    assert "Impor 1 baris" in page
    assert page.count("Koto Contoh") == 2  # only what the row itself says


def test_the_dead_of_a_family_card_stay_out_and_another_nagari_is_not_told(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase, staff: Mapping[str, Actor]
) -> None:
    with Session(prepared.engine) as session:
        for place, code in enumerate((LATIHAN, CONTOH), start=1):
            by = replace(staff["fitri"], region_codes=frozenset({code}))
            head = worker(session, f"Kepala {place}", region_code=code)
            household = open_household(
                session, head, f"130399010115999{place}", relation="head", by=by, now=clock.now()
            )
            facts = MemberFacts("Orang Latihan", "sibling", "m", national_id=line(place)[:16])
            member = add_member(session, household, facts, by=by, now=clock.now())
            mark_member_deceased(session, member, Told(date(2026, 11, 1), "jorong"), by=by, now=clock.now())
        session.commit()
    page = read(nagari, checked(app, nagari, (HEAD + line(1) + line(2) + line(3)).encode()))
    assert page.count("tercatat sudah meninggal") == 1
    assert page.count("NIK ini sudah terdaftar.") == 1
    assert "Impor 1 baris" in page


def test_undo_ends_after_a_day_and_once_somebody_was_worked_on(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    address = checked(app, nagari, (HEAD + line(1)).encode())
    assert "Urungkan impor ini" in imported(app, nagari, address)
    with Session(prepared.engine) as session:
        file = session.scalars(select(ImportFile)).one()
        assert imports.undo_refused(session, file, now=clock.now() + timedelta(hours=23)) is None
        refusal = imports.undo_refused(session, file, now=clock.now() + timedelta(hours=25))
        assert refusal is not None
        assert "dalam 24 jam" in refusal
    form = form_of(read(nagari, address), f"{address}/urungkan")
    with Session(prepared.engine) as session:
        session.execute(update(Nominee).where(Nominee.full_name == "Orang Latihan").values(state="proposed"))
        session.commit()
    answer = send(nagari, form)
    assert answer.status_code == 409
    assert "sudah diproses" in answer.get_data(as_text=True)
    assert count_nominees(prepared) == 1


def test_undo_does_not_throw_away_what_was_put_right_by_hand(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    address = checked(app, nagari, (HEAD + line(1) + line(2)).encode())
    imported(app, nagari, address)
    form = form_of(read(nagari, address), f"{address}/urungkan")
    with Session(prepared.engine) as session:
        operator = session.scalars(select(StaffUser.id).where(StaffUser.username == "fitri")).one()
        by = actor_of(session, operator)
        assert by is not None
        row = session.scalars(select(Nominee).where(Nominee.full_name == "Orang Latihan")).first()
        assert row is not None
        who = replace(candidate_of(row), full_name="Zulbahri Latihan", birth_place="Koto Latihan")
        edit_nominee(session, row, who, expected_version=0, by=by, now=clock.now())
        session.commit()
    answer = send(nagari, form)
    assert answer.status_code == 409
    assert "misalnya Zulbahri Latihan; perbaikan itu akan hilang" in answer.get_data(as_text=True)
    assert count_nominees(prepared) == 2


def test_one_impossible_row_of_a_list_of_deaths_keeps_no_other_out(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    """A day before the registration is told at its row; who was recorded meanwhile is passed over."""
    with Session(prepared.engine) as session:
        samsir = find_worker(session, "1303991209760001")
        assert samsir is not None
        early = samsir.registered_on - timedelta(days=1)
    content = f"NIK;Tgl. Meninggal\r\n1303991209760001;{early:%d/%m/%Y}\r\n1303990304880002;18/11/2026\r\n"
    form = {"csrf_token": csrf_of(read(nagari, START)), "kind": "deaths", "region": LATIHAN}
    data = {**form, "file": (io.BytesIO(content.encode()), "mati.csv")}
    address = nagari.post(START, data=data, buffered=True).location
    work(app)
    page = read(nagari, address)
    assert "Tanggal meninggal sebelum hari terdaftar" in page
    assert "Impor 1 baris" in page
    with Session(prepared.engine) as session:
        session.execute(
            update(Worker).where(Worker.full_name == "Marzuki").values(died_on=date(2026, 11, 18))
        )
        session.commit()
    assert "Daftar ini tidak bisa diimpor." not in imported(app, nagari, address)


def test_junk_in_addresses_and_forms_is_answered_kindly(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    address = checked(app, nagari, (HEAD + line(1)).encode())
    for junk in ("x", "0", "%F0%9F%92%A9", "-1", "1e9", "' OR 1=1", "a" * 400):
        for page in ("", "/kemajuan", "/perbaikan.xlsx", "/berkas"):
            assert nagari.get(f"{START}/{junk}{page}").status_code == 404, (junk, page)
        assert nagari.get(f"{address}?sesudah={junk}").status_code == 200, junk
        assert nagari.get(f"{START}/format/{junk}.xlsx").status_code == 404, junk
    form = form_of(read(nagari, address), f"{address}/kolom")
    for junk in ("999999", "-1", "1e9", "", "nik", "0" * 400):
        form.fields |= {"kolom-nik": [junk], "kolom-hantu": ["0"], "request_key": [f"{junk:k<40}"[:40]]}
        assert send(nagari, form).status_code == 422, junk
    form.fields |= {"kolom-nik": ["0"], "version": ["x"], "request_key": ["v" * 40]}
    assert send(nagari, form).status_code == 409
    with Session(prepared.engine) as session:
        assert session.scalars(select(ImportFile.state)).all() == ["checked"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"PK\x03\x04" + b"\x00" * 200, "rusak.xlsx", "rusak dan tidak bisa dibaca"),
        (b"\r\n;;;\r\n \r\n", "kosong.csv", "Berkas ini kosong."),
        (HEAD.encode(), "judul.csv", "Tidak ada baris di bawah judul kolom."),
        (
            (HEAD + line(1) + "x" * 200_000).encode(),
            "panjang.csv",
            "Baris 3 berisi satu kotak yang terlalu panjang",
        ),
    ],
)
def test_a_list_that_cannot_be_read_says_so_and_imports_nothing(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase, content: bytes, name: str, said: str
) -> None:
    page = read(nagari, checked(app, nagari, content, name))
    assert "Daftar ini tidak bisa diimpor." in page
    assert said in page
    with Session(prepared.engine) as session:
        assert session.scalars(select(ImportRow.line)).all() == []


def test_who_came_by_a_list_is_taken_off_again_one_by_one(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    """The list says what it brought; who was taken off since neither hinders the undo nor stays out for ever."""
    content = (HEAD + line(1, "Rahmat Contoh") + line(2, "Yusuf Contoh")).encode()
    address = checked(app, nagari, content)
    imported(app, nagari, address)
    with Session(prepared.engine) as session:
        row = session.scalars(select(Nominee).where(Nominee.full_name == "Rahmat Contoh")).one()
        number = session.get_one(Nomination, row.nomination_id).number
        act = f"/nagari/usulan/{number}/orang/{row.public_id}/keluarkan"
    answer = send(nagari, form_of(read(nagari, f"/nagari/usulan/{number}"), act))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert count_nominees(prepared) == 1
    again = checked(app, nagari, content)
    assert "<strong>1</strong> siap" in read(nagari, again)
    assert press(nagari, address, "urungkan").status_code == 303
    assert count_nominees(prepared) == 0


def test_a_row_of_another_nagari_stays_one_when_the_correction_is_sent_again(
    app: CaseflowApp, nagari: FlaskClient, prepared: FreshDatabase
) -> None:
    head = HEAD.replace("\r\n", ";Nama Desa\r\n")
    address = checked(app, nagari, (head + line(7).replace("\r\n", ";Koto Contoh\r\n")).encode())
    assert "Baris ini untuk nagari lain: Koto Contoh." in read(nagari, address)
    corrected = nagari.get(f"{address}/perbaikan.xlsx").data
    page = read(nagari, checked(app, nagari, corrected, "perbaikan.xlsx"))
    assert "Baris ini untuk nagari lain: Koto Contoh." in page
    assert "<strong>0</strong> siap" in page
