"""Dues on the pages: the nagari records with a proof, the branch confirms, the regency sees who is behind."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow.audit.models import AuditEvent
from caseflow.formats import rupiah
from caseflow.notices.dues_reminder import due_of
from caseflow.people.actor import Actor
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.registry.payment_models import ContributionPayment, PaymentLine
from caseflow.registry.rates import FUNDING_LABELS
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.registry.dues import KOTO_CONTOH, KOTO_LATIHAN, paid, recorded, transfer, worker
from tests.registry.lists import Lists
from tests.web.forms import fill, form_of, forms_of

SignIn = Callable[[FlaskClient, str], None]
Staff = Mapping[str, Actor]
RECORD = "/nagari/iuran/catat?dari=2026-09&sampai=2026-11"
FACTS = {
    "paid_on-day": "18", "paid_on-month": "11", "paid_on-year": "2026",
    "receipt_number": "BKU-0117/2026", "amount_idr": "100.800",
}  # fmt: skip


@contextmanager
def writing(database: FreshDatabase) -> Iterator[Session]:
    """A session that commits."""
    with Session(database.engine, expire_on_commit=False) as session:
        yield session
        session.commit()


@pytest.fixture
def two(fresh_database: FreshDatabase) -> list[Worker]:
    """Two people of Koto Latihan, three months of whom are open; one of Koto Contoh."""
    with writing(fresh_database) as session:
        rows = [worker(session, name, region_code=KOTO_LATIHAN) for name in ("Afrizal", "Marlis")]
        for row in rows:
            paid(session, row, [date(2026, 8, 1)])
        other = worker(session, "KENARI", region_code=KOTO_CONTOH)
        paid(session, other, [date(2026, 8, 1)], source="dbh_sawit")
    return rows


def send(client: FlaskClient, workers: list[Worker], proof: bytes = b"", **changes: str) -> TestResponse:
    """Fill in the form as a browser does."""
    page = client.get(RECORD).get_data(as_text=True)
    form = next(one for one in forms_of(page) if "request_key" in one.fields)
    data: dict[str, object] = {
        **{name: values[0] for name, values in form.fields.items()}, **FACTS, **changes, "workers": [one.public_id for one in workers],
        "proof": (io.BytesIO(proof or samples.jpeg("BUKTI")), "bukti.jpg"),
    }  # fmt: skip
    return client.post("/nagari/iuran/catat", data=data, content_type="multipart/form-data")


def test_from_the_receipt_to_paid_months(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, two: list[Worker]
) -> None:
    """The nagari records, sees it waiting; the branch confirms; the nagari sees the months paid."""
    sign_in(client, "fitri")
    page = client.get(RECORD).get_data(as_text=True)
    assert "Afrizal" in page
    assert "September s.d. November 2026" in page
    assert "KENARI" not in page
    answer = send(client, two)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    with Session(fresh_database.engine) as session:
        payment = session.scalars(select(ContributionPayment)).one()
        proof = session.scalars(select(RegistryFile).where(RegistryFile.kind == "payment_proof")).one()
        assert (payment.amount_idr, payment.expected_idr, payment.headcount) == (100_800, 100_800, 2)
        assert (proof.kind, proof.region_code) == ("payment_proof", KOTO_LATIHAN)
        before = session.scalar(select(func.count()).select_from(CoverMonth))
    shown = client.get(answer.location).get_data(as_text=True)
    assert "Menunggu cabang" in shown
    assert client.get(f"{answer.location}/bukti").mimetype == "image/jpeg"
    assert "Menunggu cabang" in client.get("/nagari/iuran").get_data(as_text=True)

    branch = client.application.test_client()
    sign_in(branch, "dedi")
    assert "BKU-0117/2026" in branch.get("/program/iuran").get_data(as_text=True)
    desk = f"/program/iuran/{payment.public_id}"
    assert fill(branch, desk, f"{desk}/pastikan").status_code == 303
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(CoverMonth)) == (before or 0) + 6
    assert "Sudah dipastikan" in client.get(answer.location).get_data(as_text=True)
    token = form_of(branch.get(desk).get_data(as_text=True), "/batalkan").fields["csrf_token"][0]
    again = branch.post(
        f"{desk}/pastikan", data={"csrf_token": token, "request_key": "k" * 20, "version": "0"}
    )
    assert again.status_code == 409
    assert "sudah dijawab" in again.get_data(as_text=True)


def test_a_wrong_sum_keeps_what_was_typed(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, two: list[Worker]
) -> None:
    sign_in(client, "fitri")
    answer = send(client, two, amount_idr="90.000")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "kurang Rp10.800" in page
    assert 'value="90.000"' in page
    assert "BKU-0117/2026" in page
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(ContributionPayment)) == 0
        assert not session.scalars(select(RegistryFile).where(RegistryFile.kind == "payment_proof")).all()
    sent = send(client, two, amount_idr="90.000", reason="Bank memotong biaya kirim.")
    assert sent.status_code == 303


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"paid_on-day": "31", "paid_on-month": "2"}, "Tanggal"),
        ({"paid_on-year": "2027"}, "belum tiba"),
        ({"receipt_number": ""}, "Tulis nomor bukti bayar"),
        ({"amount_idr": "seratus ribu"}, "angka"),
        ({"dana": "zakat"}, None),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    client: FlaskClient, sign_in: SignIn, two: list[Worker], changes: dict[str, str], words: str | None
) -> None:
    sign_in(client, "fitri")
    answer = send(client, two, b"", **changes)
    if words is None:
        assert answer.status_code == 303  # a payer that is not in the list is the first of the list
        return
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


def test_a_proof_that_is_no_picture_is_refused(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, two: list[Worker]
) -> None:
    sign_in(client, "fitri")
    answer = send(client, two, proof=b"MZ\x90\x00 not a picture")
    assert answer.status_code in {415, 422}
    assert answer.status_code < 500
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(func.count()).select_from(PaymentLine)) == 0


def test_another_nagari_finds_nothing(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Staff, two: list[Worker]
) -> None:
    with writing(fresh_database) as session:
        other = session.scalars(select(Worker).where(Worker.full_name == "KENARI")).one()
        told = transfer([other], date(2026, 9, 1), date(2026, 9, 1), 16_800, source="dbh_sawit")
        payment = recorded(session, told, by=staff["desi"])
    sign_in(client, "fitri")
    for path in (
        f"/nagari/iuran?nagari={KOTO_CONTOH}",
        f"/nagari/iuran/catat?nagari={KOTO_CONTOH}",
        f"/nagari/iuran/{payment.public_id}",
        f"/nagari/iuran/{payment.public_id}/bukti",
        "/nagari/iuran?nagari=13.03",
        "/nagari/iuran/tidakada",
    ):
        assert client.get(path).status_code == 404, path
    assert "KENARI" not in client.get("/nagari/iuran").get_data(as_text=True)


def test_the_branch_refuses_and_the_nagari_reads_why(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Staff, two: list[Worker]
) -> None:
    with writing(fresh_database) as session:
        rows = list(session.scalars(select(Worker).where(Worker.full_name.in_(("Afrizal", "Marlis")))))
        told = transfer(rows, date(2026, 9, 1), date(2026, 9, 1), 33_600)
        payment = recorded(session, told, by=staff["fitri"])
    sign_in(client, "dedi")
    desk = f"/program/iuran/{payment.public_id}"
    assert fill(client, desk, f"{desk}/tolak", tolak__why="pendek").status_code == 422
    why = "Di rekening koran belum ada uang sebesar ini."
    assert fill(client, desk, f"{desk}/tolak", tolak__why=why).status_code == 303
    reader = client.application.test_client()
    sign_in(reader, "fitri")
    assert why in reader.get(f"/nagari/iuran/{payment.public_id}").get_data(as_text=True)


def test_somebody_is_left_out_and_a_payment_is_reversed(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Staff, two: list[Worker]
) -> None:
    with writing(fresh_database) as session:
        rows = list(session.scalars(select(Worker).where(Worker.full_name.in_(("Afrizal", "Marlis")))))
        payment = recorded(
            session, transfer(rows, date(2026, 9, 1), date(2026, 9, 1), 33_600), by=staff["fitri"]
        )
    sign_in(client, "dedi")
    desk = f"/program/iuran/{payment.public_id}"
    bare = fill(client, desk, f"{desk}/pastikan", left_out=[two[1].public_id])
    assert bare.status_code == 422
    assert "Tulis sebab mereka dikecualikan" in bare.get_data(as_text=True)
    why = "Sudah pindah ke nagari lain."
    kept = fill(client, desk, f"{desk}/pastikan", left_out=[two[1].public_id], why_left_out=why)
    assert kept.status_code == 303
    with Session(fresh_database.engine) as session:
        assert session.scalars(
            select(CoverMonth.worker_id).where(CoverMonth.payment_id == payment.id)
        ).all() == [two[0].id]
    back = fill(client, desk, f"{desk}/batalkan", batal__why="Uangnya ditarik kembali oleh bank.")
    assert back.status_code == 303
    with Session(fresh_database.engine) as session:
        assert not session.scalars(select(CoverMonth).where(CoverMonth.payment_id == payment.id)).all()


def test_the_regency_sees_every_nagari_and_takes_the_lists(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, two: list[Worker]
) -> None:
    with writing(fresh_database) as session:
        evil = worker(session, '=HYPERLINK("http://contoh";"klik")', region_code=KOTO_CONTOH)
        paid(session, evil, [date(2026, 8, 1)])
    sign_in(client, "desi")
    page = client.get("/program/tunggakan").get_data(as_text=True)
    assert "Koto Latihan" in page
    assert "Koto Contoh" in page
    assert client.get("/program/tunggakan?langkah=two").status_code == 200
    rows = list(
        csv.reader(
            io.StringIO(client.get("/program/tunggakan/pekerja.csv").get_data().decode("utf-8-sig")),
            delimiter=";",
        )
    )
    assert ["Koto Latihan", "Afrizal", "Pasar", "Agustus 2026", "APB nagari", "2", "30 November 2026"] in rows
    assert [row[1] for row in rows if "HYPERLINK" in row[1]] == ['\'=HYPERLINK("http://contoh";"klik")']
    book = load_workbook(io.BytesIO(client.get("/program/tunggakan/nagari.xlsx").get_data()))
    table = {row[1]: row for row in book["Data"].iter_rows(values_only=True)}
    assert int(str(table["Koto Latihan"][4])) >= 2
    with Session(fresh_database.engine) as session:
        taken = session.scalars(select(AuditEvent.subject).where(AuditEvent.action == "list.exported")).all()
    assert sorted(taken) == ["list:tunggakan nagari", "list:tunggakan pekerja"]


def test_who_keeps_several_nagari_is_led_to_the_list(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "desi")
    assert client.get("/nagari/iuran").location == "/program/tunggakan"
    assert "Iuran Nagari Koto Contoh" in client.get(f"/nagari/iuran?nagari={KOTO_CONTOH}").get_data(
        as_text=True
    )


def test_the_reminder_goes_to_the_nagari(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Staff, two: list[Worker]
) -> None:
    sign_in(client, "desi")
    path = f"/program/tunggakan/{KOTO_LATIHAN}/teguran"
    page = client.get(path).get_data(as_text=True)
    assert "September s.d. Oktober 2026" in page
    with Session(fresh_database.engine) as session:
        due = due_of(session, KOTO_LATIHAN, on=date(2026, 11, 20), by=staff["desi"])
    assert due is not None
    assert due.owed_idr is not None
    assert due.owed_idr >= 67_200
    assert rupiah(due.owed_idr) in page
    assert client.get(f"{path}/pratinjau").get_data().startswith(b"%PDF-")
    assert fill(client, path, path).status_code == 303
    issued = client.get(path).get_data(as_text=True)
    assert "0001/TI/DPMN/XI/2026" in issued
    reader = client.application.test_client()
    sign_in(reader, "fitri")
    assert "0001/TI/DPMN/XI/2026" in reader.get("/nagari/iuran").get_data(as_text=True)
    assert reader.get("/program/surat/0001-TI-DPMN-XI-2026").get_data().startswith(b"%PDF-")
    assert reader.get(path).status_code == 403
    assert fill(client, path, f"{path}/cabut", why="Iurannya ternyata sudah dibayar.").status_code == 303
    assert "0001/TI/DPMN" not in reader.get("/nagari/iuran").get_data(as_text=True)


def test_at_first_those_are_ticked_whom_this_payer_pays_for(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Staff
) -> None:
    """Two payers in one nagari: the people of the other would be paid for, and counted, by mistake."""
    with writing(fresh_database) as session:
        lists = Lists(session, staff)
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        quota = lists.quota(funding_source="pokir", starts_on=first, ends_on=last)
        row = lists.rows(lists.accepted(quota, 1))[0]
        fresh = lists.enrol(row, on=date(2026, 9, 1))
        by_now = {
            source: worker(session, f"Orang {source}", region_code=KOTO_LATIHAN)
            for source in ("csr", "dbh_sawit")
        }
        for source, one in by_now.items():
            paid(session, one, [date(2026, 8, 1)], source=source)
        ids = {"pokir": fresh.public_id, **{source: one.public_id for source, one in by_now.items()}}
    sign_in(client, "fitri")
    for source in ids:
        page = client.get(f"{RECORD}&dana={source}").get_data(as_text=True)
        ticked = {one for one in ids if f'value="{ids[one]}" checked' in page}
        assert ticked == {source}
        assert (f"Biasanya dibayar {FUNDING_LABELS['csr']}" in page) == (source != "csr")
    everybody = client.get(f"{RECORD}&dana=mandiri").get_data(as_text=True)
    assert all(f'value="{one}" checked' in everybody for one in ids.values())
