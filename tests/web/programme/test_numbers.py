"""Out to BPJS Ketenagakerjaan and back: who was accepted leaves as a list, participant numbers come back as one."""

import io
from collections.abc import Callable, Mapping

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.app import CaseflowApp
from caseflow.people.actor import Actor
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nominee
from caseflow.registry.queries import find_worker
from tests.conftest import FreshDatabase, csrf_of
from tests.registry.lists import Lists
from tests.web.forms import form_of, send
from tests.web.nagari.test_imports import read, work

START = "/program/nomor-peserta"
SignIn = Callable[[FlaskClient, str], None]


@pytest.fixture
def accepted(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> list[str]:
    """Three people of Koto Latihan are accepted; return their NIK."""
    with Session(fresh_database.engine) as session:
        lists = Lists(session, staff)
        nomination = lists.draft(lists.quota(slots=5), 3)
        first = lists.rows(nomination)[0]
        first.full_name = "=HYPERLINK(1)"
        lists.submit(nomination)
        lists.rest(nomination, "desi")
        lists.step(nomination, "forward", "desi")
        lists.rest(nomination, "dedi")
        lists.step(nomination, "accept", "dedi")
        found = [row.national_id for row in lists.rows(nomination)]
        session.commit()
        return found


def upload(client: FlaskClient, content: str) -> str:
    token = csrf_of(read(client, START))
    answer = client.post(
        START, data={"csrf_token": token, "file": (io.BytesIO(content.encode()), "nomor.csv")}, buffered=True
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer.location


def test_the_accepted_leave_as_a_list_in_which_nothing_runs(
    client: FlaskClient, accepted: list[str], sign_in: SignIn
) -> None:
    sign_in(client, "dedi")
    assert "[verify] tata letak BPU terbaru" in read(client, START)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{START}/pendaftaran.xlsx").data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:3] == ("No", "NIK", "Nama lengkap")
    assert set(accepted) <= {row[1] for row in rows[1:]}
    assert "'=HYPERLINK(1)" in {row[2] for row in rows[1:]}
    assert "[verify]" in str(book["Keterangan"]["A1"].value)


def test_numbers_come_back_and_make_participants_once(
    app: CaseflowApp, client: FlaskClient, accepted: list[str], fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "dedi")
    first, second, third = accepted
    content = (
        "NIK;No. KPJ;Tanggal daftar\r\n"
        f"{first};26 0000 0001 1;18/11/2026\r\n{second};2,6E+10;18/11/2026\r\n{third};26000000013;21/11/2026\r\n"
        "1303991209769999;26000000014;18/11/2026\r\n"
    )
    address = upload(client, content)
    work(app)
    page = read(client, address)
    for said in (
        "Excel merusak nomor peserta.",
        "Tanggal daftar belum terjadi.",
        "Tidak ada di usulan yang diterima.",
    ):
        assert said in page
    assert "Impor 1 baris" in page
    assert send(client, form_of(page, f"{address}/mulai")).status_code == 303
    work(app)
    assert "1 nomor peserta dicatat" in read(client, address)
    with Session(fresh_database.engine) as session:
        worker = find_worker(session, first)
        assert worker is not None
        assert worker.card_number == "26000000011"
        states = {row.national_id: row.state for row in session.scalars(select(Nominee))}
        assert (states[first], states[second]) == ("enrolled", "accepted")
        count = len(session.scalars(select(Worker.id)).all())
    again = upload(client, content)
    work(app)
    assert "<strong>1</strong> sudah tercatat" in read(client, again)
    with Session(fresh_database.engine) as session:
        assert len(session.scalars(select(Worker.id)).all()) == count


def test_a_number_of_somebody_else_is_told_at_its_row_and_keeps_no_other_out(
    app: CaseflowApp, client: FlaskClient, accepted: list[str], fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "dedi")
    with Session(fresh_database.engine) as session:
        taken = session.scalars(select(Worker.card_number).where(Worker.card_number.is_not(None))).first()
    first, second, third = accepted
    content = (
        f"NIK;No. KPJ;Tanggal daftar\r\n{first};26000000011;18/11/2026\r\n"
        f"{second};26000000011;18/11/2026\r\n{third};{taken};18/11/2026\r\n"
    )
    address = upload(client, content)
    work(app)
    page = read(client, address)
    assert "Nomor peserta ini sudah ada di baris 2." in page
    assert "Nomor peserta ini sudah dipakai orang lain." in page
    assert send(client, form_of(page, f"{address}/mulai")).status_code == 303
    work(app)
    assert "1 nomor peserta dicatat" in read(client, address)


def test_nobody_else_may_bring_numbers(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "desi")
    assert client.get(START).status_code == 403
