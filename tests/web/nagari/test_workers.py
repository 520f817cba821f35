"""The nagari's workers: the list and its file, one worker, data put right, leaving, the family, the branch's answers."""

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import create_app
from caseflow.extensions import db
from caseflow.launch.databases import DatabaseUrls
from caseflow.people.actor import Actor
from caseflow.registry import life
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.registry.people_models import Household, HouseholdMember, WorkerChange
from caseflow.registry.queries import find_worker
from caseflow.training.people import PASSPHRASE
from tests.conftest import START, FreshDatabase, copy_of, csrf_of, make_settings
from tests.files import samples
from tests.web.forms import fill, form_of

SignIn = Callable[[FlaskClient, str], None]
SAMSIR, ZULBAHRI = "1303991209760001", "1303991107720003"
KK = "1303990101250001"


@dataclass(frozen=True)
class Desk:
    """A browser of Fitri's over a database that no test of it changes much; one for the whole file."""

    client: FlaskClient
    database: FreshDatabase
    samsir: str


@pytest.fixture(scope="module")
def desk(cluster: DatabaseUrls, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Fitri signed in."""
    clock.set_start(START)
    for database in copy_of(cluster, template):
        settings = make_settings(database.app_url, tmp_path_factory.mktemp("objects"))
        app = create_app(settings, TESTING=True)
        app.extensions["caseflow_store"].prepare()
        client = app.test_client()
        token = csrf_of(client.get("/masuk").get_data(as_text=True))
        client.post("/masuk", data={"username": "fitri", "passphrase": PASSPHRASE, "csrf_token": token})
        yield Desk(client, database, f"/nagari/pekerja/{worker_of(database).public_id}")
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def samsir(fresh_database: FreshDatabase) -> str:
    """The address of Samsir's page."""
    return f"/nagari/pekerja/{worker_of(fresh_database).public_id}"


def worker_of(database: FreshDatabase, national_id: str = SAMSIR) -> Worker:
    with Session(database.engine, expire_on_commit=False) as session:
        worker = find_worker(session, national_id)
    assert worker is not None
    return worker


def text_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def names_in(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><span><a [^>]*>([^<]+)</a>', page)


# --- the list


def test_the_list_is_of_the_own_nagari_with_masked_nik(desk: Desk) -> None:
    client, samsir = desk.client, desk.samsir
    page = text_of(client, "/nagari/pekerja")
    assert len(names_in(page)) == 50
    assert "Zulbahri" not in page
    page = text_of(client, "/nagari/pekerja?cari=Samsir")
    assert names_in(page) == ["Samsir"]
    assert "•••• •••• •••• 0001" in page
    assert SAMSIR not in page
    assert f'href="{samsir}"' in page


def test_the_own_nagari_is_the_only_one(desk: Desk) -> None:
    """Another nagari's list, file, person and forms answer as if they were not there."""
    client, fresh_database = desk.client, desk.database
    other = f"/nagari/pekerja/{worker_of(fresh_database, ZULBAHRI).public_id}"
    for address in (
        "/nagari/pekerja?nagari=13.03.99.2002",
        "/nagari/pekerja/unduh.csv?nagari=13.03.99.2002",
        other,
        f"{other}/ubah",
        f"{other}/ubah/nik",
        f"{other}/keluar",
        f"{other}/rumah-tangga",
    ):
        answer = client.get(address)
        assert answer.status_code == 404, address
        assert "Zulbahri" not in answer.get_data(as_text=True)
    assert names_in(text_of(client, f"/nagari/pekerja?cari={ZULBAHRI}")) == []


def test_who_sees_several_nagari_chooses_one(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "desi")
    assert "Pilih nagari" in text_of(client, "/nagari/pekerja")
    assert "Zulbahri" in names_in(text_of(client, "/nagari/pekerja?nagari=13.03.99.2002"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cari=sams", ["Samsir"]),
        ("cari=1303+9912+0976+0001", ["Samsir"]),
        ("cari=Syamsir", ["Samsir"]),
        ("cari=Nurbaiti&jorong=Koto+Tangah", ["Nurbaiti"]),
        ("cari=Nurbaiti&jorong=Pasar", []),
        ("cari=Nurbaiti&status=aktif", ["Nurbaiti"]),
        ("cari=Nurbaiti&status=menunggak", []),
        ("cari=Samsir&status=ngawur", ["Samsir"]),
        ("cari=%25", []),
        ("cari=_", []),
        ("cari=%5C", []),
        ("cari=" + "x" * 5000, []),
        ("cari=Samsir&setelah=tidak-ada", ["Samsir"]),
        ("cari=Samsir&page=-1&per_page=100000&sort=password", ["Samsir"]),
    ],
)
def test_filters_lie_in_the_address(desk: Desk, query: str, found: list[str]) -> None:  # F40, F41
    assert names_in(text_of(desk.client, f"/nagari/pekerja?{query}")) == found


def test_the_file_holds_the_filtered_list_and_no_whole_nik(
    client: FlaskClient, sign_in: SignIn, fresh_database: FreshDatabase
) -> None:
    with Session(fresh_database.engine) as session:
        worker = find_worker(session, SAMSIR)
        assert worker is not None
        worker.full_name = "=HYPERLINK(1)"
        session.commit()
    sign_in(client, "fitri")
    with client.get("/nagari/pekerja/unduh.csv?jorong=Pasar") as csv:
        assert csv.status_code == 200
        body = csv.get_data().decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in body
    assert "Nurbaiti" not in body
    assert SAMSIR not in body
    with client.get("/nagari/pekerja/unduh.xlsx") as xlsx:
        book = openpyxl.load_workbook(io.BytesIO(xlsx.get_data()))
    names = [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert "'=HYPERLINK(1)" in names
    assert "Nurbaiti" in names


def test_an_empty_nagari_says_what_to_do(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "dedi")
    assert "Belum ada pekerja" in text_of(client, "/nagari/pekerja?nagari=13.03.08.2001")


# --- one worker


def test_the_page_of_a_worker_tells_months_and_payer(desk: Desk) -> None:
    page = text_of(desk.client, desk.samsir)
    assert "Petani karet" in page
    assert "APB nagari" in page
    assert "Laporkan meninggal" in page
    assert SAMSIR not in page


def test_a_reader_sees_no_buttons(client: FlaskClient, sign_in: SignIn, samsir: str) -> None:
    sign_in(client, "aulia")
    page = text_of(client, samsir)
    assert "Laporkan meninggal" not in page
    assert "Ubah data" not in page


# --- data put right


def test_what_weighs_little_changes_at_once(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "fitri")
    answer = fill(
        client,
        f"{samsir}/ubah",
        f"{samsir}/ubah",
        occupation="Tukang kayu",
        jorong="Pasar",
        phone="0812-6700-1234",
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    worker = worker_of(fresh_database)
    assert (worker.occupation, worker.phone, worker.version) == ("Tukang kayu", "+6281267001234", 1)


def test_two_at_once_lose_nothing_unseen(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "fitri")
    first = form_of(text_of(client, f"{samsir}/ubah"), "/ubah")
    fill(client, f"{samsir}/ubah", f"{samsir}/ubah", occupation="Tukang kayu", jorong="Pasar")
    fields = {name: values[0] for name, values in first.fields.items()}
    late = client.post(f"{samsir}/ubah", data={**fields, "occupation": "Sopir", "jorong": "Pasar"})
    assert late.status_code == 409
    assert "sudah berubah sejak halaman dibuka" in late.get_data(as_text=True)
    assert worker_of(fresh_database).occupation == "Tukang kayu"


def ask(client: FlaskClient, samsir: str, part: str, **typed: str) -> TestResponse:
    """Ask for a change with a picture as its proof."""
    page = text_of(client, f"{samsir}/ubah/{part}")
    fields = {name: values[0] for name, values in form_of(page, f"/ubah/{part}").fields.items() if values}
    proof = {"proof": (io.BytesIO(samples.jpeg("KTP")), "ktp.jpg")}
    words = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(
        f"{samsir}/ubah/{part}",
        data={**fields, "reason": "Salah ketik saat mendaftar.", **words, **proof},
        content_type="multipart/form-data",
    )


@pytest.mark.parametrize(
    ("part", "typed", "sentence"),
    [
        ("nik", {"new_value": "130399120976001"}, "NIK harus 16 angka; yang tertulis 15."),  # F01
        ("nik", {"new_value": "13039912097600011"}, "NIK harus 16 angka; yang tertulis 17."),  # F01
        ("nik", {"new_value": "130399120976000\x00"}, "tidak bisa dibaca"),  # F04
        ("nik", {"new_value": "0000000000000000"}, "tidak mungkin ada"),  # F05
        ("nik", {"new_value": "0013991209760001"}, "tidak mungkin ada"),  # F05
        ("nik", {"new_value": ZULBAHRI}, "sudah terdaftar untuk orang lain"),  # F08
        ("nik", {"new_value": SAMSIR}, "sama dengan yang tercatat"),
        ("kk", {"new_value": SAMSIR}, "tidak boleh sama dengan NIK"),  # F10
        ("tanggal-lahir", {"new_value__day": "1", "new_value__month": "1", "new_value__year": "2027"}, "tidak mungkin"),  # F11
        ("tanggal-lahir", {"new_value__day": "1", "new_value__month": "1", "new_value__year": "1876"}, "tidak ada"),  # F11
        ("tanggal-lahir", {"new_value__day": "1", "new_value__month": "1", "new_value__year": "2012"}, "tidak mungkin"),  # F11: 14 years
        ("tanggal-lahir", {"new_value__day": "29", "new_value__month": "2", "new_value__year": "2025"}, "tidak ada"),  # F14
        ("tanggal-lahir", {"new_value__day": "20260101", "new_value__month": "", "new_value__year": ""}, "Isi juga"),  # F14
        ("tanggal-lahir", {"new_value__day": "W01", "new_value__month": "1", "new_value__year": "2026"}, "dengan angka"),  # F14
        ("jenis-kelamin", {"new_value": "x"}, "Pilih salah satu"),
        ("nama", {"new_value": "😀"}, "Nama hanya berisi"),  # F23
        ("nama", {"new_value": "a" + "\u0301" * 500}, "bertumpuk tanda"),  # F23
        ("nama", {"new_value": "x" * 200}, "paling banyak 120"),  # F21
        ("nama", {"new_value": "Samsir\x00"}, "tidak bisa dibaca"),  # F23
        ("nama", {"new_value": "Syamsir", "reason": "."}, "paling sedikit 10 huruf"),  # F45
        ("nama", {"new_value": "Syamsir", "reason": "   "}, "alasan"),  # F45
        ("nama", {"new_value": "Syamsir", "reason": "x" * 1_000_00}, "Paling banyak 4000"),  # F26
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_and_nothing_kept(
    desk: Desk, part: str, typed: dict[str, str], sentence: str
) -> None:
    answer = ask(desk.client, desk.samsir, part, **typed)
    assert answer.status_code in {409, 422}
    assert sentence in answer.get_data(as_text=True)
    with Session(desk.database.engine) as session:
        assert session.scalar(select(WorkerChange.id)) is None
        proofs = select(RegistryFile.id).where(RegistryFile.kind == "change_proof")
        assert session.scalar(proofs) is None


@pytest.fixture(scope="module")
def card(desk: Desk) -> str:
    """The address of the family of Samsir, who stands on a card."""
    clock.set_start(START)  # before a test sets it
    page = f"{desk.samsir}/rumah-tangga"
    assert fill(desk.client, page, page, family_card_number=KK, relation="head").status_code == 303
    return page


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("１３０３９９４９０５０７００１２", "1303994905070012"),  # F03 full-width
        (" 1303-9949.0507 0013\n", "1303994905070013"),  # F04
        ("1303994905070014\u200b", "1303994905070014"),  # F04 zero-width
        ("1303997213760002", "1303997213760002"),  # F05: no date; the branch judges
    ],
)
def test_a_nik_is_stored_as_sixteen_ascii_digits(desk: Desk, card: str, typed: str, stored: str) -> None:
    answer = fill(
        desk.client, card, f"{card}/anggota", full_name="Rani", relation="child", sex="f", national_id=typed
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with Session(desk.database.engine) as session:
        newest = select(HouseholdMember).order_by(HouseholdMember.id.desc()).limit(1)
        assert session.scalars(newest).one().national_id == stored


@pytest.mark.parametrize(
    "name", ["O'Brien", "M. Yusuf Dt. Rajo", "Suharto", "Åse", "Ali", "null", "None", "NaN", "True", "x"]
)
def test_names_are_taken_as_people_write_them(desk: Desk, card: str, name: str) -> None:  # F21, F25
    answer = fill(desk.client, card, f"{card}/anggota", full_name=name, relation="child", sex="f")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with Session(desk.database.engine) as session:
        newest = select(HouseholdMember).order_by(HouseholdMember.id.desc()).limit(1)
        assert session.scalars(newest).one().full_name == name


def test_without_a_proof_nothing_is_asked(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "fitri")
    answer = fill(
        client,
        f"{samsir}/ubah/nama",
        f"{samsir}/ubah/nama",
        new_value="Syamsir",
        reason="Salah ketik di kartu.",
    )
    assert answer.status_code == 422
    assert "Pilih foto atau PDF buktinya" in answer.get_data(as_text=True)


def test_the_branch_accepts_and_the_worker_follows(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "fitri")
    answer = ask(client, samsir, "nik", new_value="1303991209760009")
    assert answer.status_code == 303
    assert "menunggu jawaban" in text_of(client, samsir)
    assert worker_of(fresh_database).full_name == "Samsir"  # still under the old number
    again = ask(client, samsir, "nik", new_value="1303991209760008")
    assert again.status_code == 409
    branch = client.application.test_client()
    sign_in(branch, "dedi")
    page = text_of(branch, "/program/perubahan")
    address = re.search(r'href="(/program/perubahan/[^"]+)"', page)
    assert address is not None
    shown = text_of(branch, address[1])
    assert "1303 9912 0976 0009" in shown
    with branch.get(f"{address[1]}/bukti") as proof:
        assert (proof.status_code, proof.mimetype) == (200, "image/jpeg")
    answer = fill(branch, address[1], address[1], answer="accept")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    assert worker_of(fresh_database, "1303991209760009").full_name == "Samsir"
    assert "Tidak ada perubahan yang menunggu" in text_of(branch, "/program/perubahan")


def test_who_asked_does_not_answer(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "dedi")
    assert ask(client, samsir, "nama", new_value="Syamsir").status_code == 303
    with Session(fresh_database.engine) as session:
        address = f"/program/perubahan/{session.scalars(select(WorkerChange)).one().public_id}"
    assert "oleh petugas cabang yang lain" in text_of(client, address)
    answer = client.post(address, data=keys(client) | {"answer": "accept"})
    assert answer.status_code == 409
    other = client.application.test_client()
    sign_in(other, "sari")
    refused = fill(other, address, address, answer="refuse", note="tidak")
    assert refused.status_code == 422
    assert (
        fill(other, address, address, answer="refuse", note="Nama di KTP memang Samsir.").status_code == 303
    )
    assert worker_of(fresh_database).full_name == "Samsir"


def keys(client: FlaskClient) -> dict[str, str]:
    """Token and key of any form that this person may open."""
    page = text_of(client, "/nagari/kematian/baru")
    fields = form_of(page, "/nagari/kematian/baru").fields
    return {name: fields[name][0] for name in ("csrf_token", "request_key")}


# --- leaving, dying, living


def test_leaving_says_why(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "fitri")
    answer = fill(client, f"{samsir}/keluar", f"{samsir}/keluar", reason="moved")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    worker = worker_of(fresh_database)
    assert (worker.left_on, worker.left_reason) == (date(2026, 11, 20), "moved")
    assert "pindah ke luar nagari" in text_of(client, samsir)
    again = fill(client, f"{samsir}/keluar", f"{samsir}/keluar", reason="moved")
    assert again.status_code == 409
    assert names_in(text_of(client, "/nagari/pekerja?status=keluar")) == ["Samsir"]


def test_the_branch_puts_a_living_person_right(
    client: FlaskClient,
    sign_in: SignIn,
    samsir: str,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
) -> None:
    """T4: told by the nagari, put right by the branch; both words stay to be read."""
    with Session(fresh_database.engine) as session:
        worker = find_worker(session, SAMSIR)
        assert worker is not None
        life.mark_deceased(
            session,
            worker,
            died_on=date(2026, 11, 17),
            told_by="Wali jorong",
            by=staff["fitri"],
            now=clock.now(),
        )
        session.commit()
        address = f"/program/pekerja/{worker.public_id}/status-hidup"
    sign_in(client, "fitri")
    assert "Tercatat meninggal pada 17 November 2026" in text_of(client, samsir)
    assert client.get(address).status_code == 403
    branch = client.application.test_client()
    sign_in(branch, "sari")
    assert "Betulkan status hidup" in text_of(branch, samsir)
    short = fill(branch, address, address, told_by="Samsir", reason="salah")
    assert short.status_code == 422
    done = fill(branch, address, address, told_by="Samsir sendiri", reason="Datang ke kantor dengan KTP.")
    assert done.status_code == 303, done.get_data(as_text=True)
    page = text_of(client, samsir)
    assert "Ternyata masih hidup" in page
    assert "Meninggal 17 November 2026" in page
    assert worker_of(fresh_database).died_on is None


# --- the family


def test_the_family_of_a_worker(
    client: FlaskClient, sign_in: SignIn, samsir: str, fresh_database: FreshDatabase
) -> None:
    sign_in(client, "fitri")
    page = f"{samsir}/rumah-tangga"
    same = fill(client, page, page, family_card_number=SAMSIR, relation="head")  # F10
    assert same.status_code == 422
    assert "tidak boleh sama dengan NIK" in same.get_data(as_text=True)
    assert fill(client, page, page, family_card_number=KK, relation="head").status_code == 303
    member = {"full_name": "Rani", "relation": "child", "sex": "f"}
    day = {"born_on__day": "9", "born_on__month": "5", "born_on__year": "2007"}
    added = fill(client, page, f"{page}/anggota", **member, **day, national_id="1303994905070012")
    assert added.status_code == 303, added.get_data(as_text=True)
    twice = fill(client, page, f"{page}/anggota", **member, national_id="1303994905070012")
    assert twice.status_code == 409
    card = fill(client, page, f"{page}/anggota", **member, national_id=KK)  # F10
    assert card.status_code == 422
    later = fill(client, page, f"{page}/anggota", **member, **{**day, "born_on__year": "2027"})  # F11
    assert later.status_code == 422
    second = fill(client, page, f"{page}/anggota", full_name="Yusra", relation="head", sex="f")
    assert second.status_code == 409
    shown = text_of(client, samsir)
    assert "Rani" in shown
    assert "19 tahun" in shown
    with Session(fresh_database.engine) as session:
        household = session.scalars(select(Household)).one()
        rani = session.scalars(select(HouseholdMember).where(HouseholdMember.full_name == "Rani")).one()
        assert household.head_member_id != rani.id
    assert fill(client, page, f"{page}/anggota/{rani.public_id}/kepala").status_code == 303
    assert fill(client, page, f"{page}/anggota/{rani.public_id}/keluar").status_code in {303, 409}


def test_nobody_dead_heads_a_family(
    client: FlaskClient,
    sign_in: SignIn,
    samsir: str,
    fresh_database: FreshDatabase,
    staff: Mapping[str, Actor],
) -> None:
    sign_in(client, "fitri")
    page = f"{samsir}/rumah-tangga"
    assert fill(client, page, page, family_card_number=KK, relation="spouse").status_code == 303
    with Session(fresh_database.engine) as session:
        worker = find_worker(session, SAMSIR)
        assert worker is not None
        life.mark_deceased(
            session,
            worker,
            died_on=date(2026, 11, 17),
            told_by="Wali jorong",
            by=staff["fitri"],
            now=clock.now(),
        )
        member = session.scalars(select(HouseholdMember)).one().public_id
        session.commit()
    fields = form_of(text_of(client, page), f"{page}/anggota").fields
    answer = client.post(
        f"{page}/anggota/{member}/kepala",
        data={name: fields[name][0] for name in ("csrf_token", "request_key")},
    )
    assert answer.status_code == 409
    assert "petugas cabang dapat membetulkan" in answer.get_data(as_text=True)
