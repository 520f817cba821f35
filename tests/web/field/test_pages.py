"""Pages of visits at a desk: the fifteen questions as a form, two values of one answer, phones."""

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit, VisitConsent
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitPhoto, VisitRecord
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase, csrf_of
from tests.files import samples
from tests.monitoring.visiting import made, phone, send
from tests.story import Stage
from tests.visit_story import followed, visit_of

SignIn = Callable[[FlaskClient, str], None]
FILLED = {
    "way": "direct", "made_on-day": "24", "made_on-month": "2", "made_on-year": "2027", "began": "09.30", "minutes": "12",
    "outcome": "met", "agreed": "y", "said_by": "Elmita", "met_1": "Elmita", "met_1_relation": "istri",
    "use_business_capital": "3", "use_school": "1", "livelihood_stage": "running", "livelihood_type": "shop",
    "income_band": "500k_1m", "household_change": "same", "needs": ["training", "health"], "note": "Warung buka.",
    "contact_phone": "0812-3456-7890", "landmark": "Belakang surau",
}  # fmt: skip


class Desk:
    """Firdaus's family, given to Rina, at its third month."""

    def __init__(self, database: FreshDatabase, staff: dict[str, Actor], app: CaseflowApp) -> None:
        self.database, self.staff = database, staff
        with Session(database.engine) as session:
            plan = followed(Stage(session, app.extensions["caseflow_store"], staff))
            visit = visit_of(Stage(session, app.extensions["caseflow_store"], staff), plan, "m3")
            plan.visitor_user_id = visit.visitor_user_id = staff["rina"].user_id
            session.commit()
            self.plan, self.visit = plan.public_id, visit.public_id
        clock.set_start(clock.now().replace(year=2027, month=2, day=24))
        self.address = f"/pendamping/kunjungan/{self.visit}/isi"

    def rows(self, table: Any) -> list[Any]:
        """All rows of a table."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(table)))

    def fill(self, client: FlaskClient, **changes: Any) -> Any:
        """Open the form, fill it in, send it."""
        page = client.get(self.address)
        assert page.status_code == 200
        text = page.get_data(as_text=True)
        hidden = dict(re.findall(r'<input type="hidden" name="([\w_]+)" value="([^"]*)"', text))
        said = {**hidden, "csrf_token": csrf_of(text), **FILLED, **changes}
        self.last = said
        return client.post(self.address, data=said, content_type="multipart/form-data")


@pytest.fixture
def desk(fresh_database: FreshDatabase, staff: dict[str, Actor], app: CaseflowApp) -> Desk:
    """The family."""
    return Desk(fresh_database, staff, app)


def test_a_visit_written_at_a_desk_arrives_like_any_other(
    desk: Desk, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, "rina")
    answer = desk.fill(client)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    (visit,) = desk.rows(Visit)
    assert (visit.from_paper, visit.device_id, visit.outcome) == (True, None, "met")
    assert clock.local(visit.started_at).strftime("%Y-%m-%d %H.%M") == "2027-02-24 09.30"
    (record,) = desk.rows(VisitRecord)
    assert (record.livelihood_stage, record.note, record.minutes) == ("running", "Warung buka.", 12)
    (plan,) = desk.rows(Plan)
    assert (plan.contact_phone, plan.landmark) == ("+6281234567890", "Belakang surau")
    again = client.post(desk.address, data=desk.last, content_type="multipart/form-data")
    assert again.status_code == 303
    assert len(desk.rows(Visit)) == 1


def test_a_long_visit_is_taken_as_long_as_it_was(desk: Desk, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "rina")
    answer = desk.fill(client, began="07.00", minutes="150")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    (record,) = desk.rows(VisitRecord)
    assert record.minutes == 150


def test_who_said_no_is_written_down_and_later_words_are_refused_at_the_desk(
    desk: Desk, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, "rina")
    assert desk.fill(client, agreed="", outcome="declined").status_code == 422  # answers, and nobody was met
    kept = ("csrf_token", "number", "way", "made_on-day", "made_on-month", "made_on-year", "began", "minutes")
    said = {name: desk.last[name] for name in kept} | {"outcome": "declined", "said_by": "Nofrizal"}

    def sent(**more: str) -> Any:
        data = {**said, **more, "request_key": str(uuid.uuid4())}
        return client.post(desk.address, data=data, content_type="multipart/form-data")

    assert sent().status_code == 303
    assert [(one.given, one.said_by) for one in desk.rows(VisitConsent)] == [(False, "Nofrizal")]
    changed = sent(note="Lain.")
    page = changed.get_data(as_text=True)
    assert (changed.status_code, "sudah tersimpan dengan isi lain" in page) == (409, True)


def test_copied_from_paper_it_needs_a_photo_of_the_paper(
    desk: Desk, client: FlaskClient, sign_in: SignIn
) -> None:
    sign_in(client, "rina")
    missing = desk.fill(client, way="paper")
    assert missing.status_code == 422
    assert "Pilih foto formulir kertasnya" in missing.get_data(as_text=True)
    assert desk.rows(Visit) == []
    kept = desk.fill(client, way="paper", paper=(io.BytesIO(samples.jpeg("FORMULIR")), "kertas.jpg"))
    assert kept.status_code == 303, kept.get_data(as_text=True)
    (photo,) = desk.rows(VisitPhoto)
    assert (photo.shows, photo.scan, photo.stored_at is None) == ("paper", "no_scanner", False)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"agreed": ""}, "Bacakan persetujuan"),
        ({"met_1": "", "met_1_relation": ""}, "siapa yang ditemui"),
        ({"met_1": ""}, "Tulis juga namanya"),
        ({"met_1_relation": ""}, "hubungan"),
        ({"use_school": "4"}, "paling banyak 4"),
        ({"began": "pagi"}, "Tulis jam"),
        ({"made_on-year": "2029"}, "paling akhir hari ini"),
        ({"made_on-year": "1999"}, "sesudah santunan dibayar"),
        ({"contact_phone": "12"}, "Nomor HP"),
        ({"outcome": ""}, "Pilih jawabannya"),
        ({"note": "x" * 601}, "600"),
        ({"number": "x"}, "nomor sendiri"),
        ({"began": "23.50"}, "belum tiba"),
        ({"minutes": "240"}, "belum selesai"),
        ({"met_2_relation": "anak"}, "Tulis juga namanya"),
        ({"child_1_reason": "Tidak ada sepatu."}, "Pilih Ya atau Tidak dulu"),
        ({"child_1_asked": "y"}, "Pilih Ya atau Tidak dulu"),
        ({"outcome": "declined"}, "persetujuan dicentang"),
        ({"minutes": "721"}, "dari 1 sampai 720"),
        ({"minutes": "0"}, "dari 1 sampai 720"),
        ({"minutes": "-5"}, "angka bulat"),
        ({"minutes": "90,5"}, "angka bulat"),
        ({"levy_words": "Ada yang meminta bagian."}, "belum dipilih"),
        ({"levy_words": "Ada yang meminta bagian.", "levy_reported": "no"}, "belum dipilih"),
    ],
)
def test_wrong_input_is_said_and_nothing_typed_is_lost(
    desk: Desk, client: FlaskClient, sign_in: SignIn, changes: dict[str, Any], says: str
) -> None:
    sign_in(client, "rina")
    answer = desk.fill(client, **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422, page
    assert says in page
    assert "Warung buka." in page or "note" in changes
    assert 'value="Belakang surau"' in page
    assert desk.rows(Visit) == []


def test_the_form_is_only_for_who_has_the_family(desk: Desk, client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "yoga")
    assert client.get(desk.address).status_code == 404


def _two_values(desk: Desk) -> str:
    with Session(desk.database.engine) as session:
        visit = session.scalars(select(PlannedVisit).where(PlannedVisit.public_id == desk.visit)).one()
        rina, yoga = desk.staff["rina"], desk.staff["yoga"]
        first = send(
            session, phone(session, rina), made(visit, answers={"household_change": "same"}), by=rina
        )
        assert first.refusal is None
        visit.visitor_user_id = yoga.user_id
        second = made(visit, answers={"household_change": "heavier"})
        assert list(send(session, phone(session, yoga, "HP Yoga"), second, by=yoga).clashes) == [
            "household_change"
        ]
        session.commit()
        return session.scalars(select(FieldClash.public_id)).one()


def test_a_person_chooses_between_two_values(desk: Desk, client: FlaskClient, sign_in: SignIn) -> None:
    clash = _two_values(desk)
    sign_in(client, "siska")
    assert "Dibanding sebelum ditinggal" in client.get("/pendamping/beda").get_data(as_text=True)
    page = client.get(f"/pendamping/beda/{clash}").get_data(as_text=True)
    for words in ("Rina Marlina", "Yoga Pratama", "HP Yoga", "Sama", "Lebih berat"):
        assert words in page
    token, key = csrf_of(page), re.findall(r'name="request_key" value="([^"]*)"', page)[0]
    wrong = client.post(
        f"/pendamping/beda/{clash}",
        data={"csrf_token": token, "request_key": key, "version": "1", "which": "contested", "why": "ya"},
    )
    assert (wrong.status_code, "10 sampai 500 huruf" in wrong.get_data(as_text=True)) == (422, True)
    data = {
        "csrf_token": token,
        "request_key": str(uuid.uuid4()),
        "version": re.findall(r'name="version" value="([^"]*)"', page)[0],
        "which": "contested",
        "why": "Sudah ditanyakan lagi.",
    }
    older = client.post(
        f"/pendamping/beda/{clash}", data={**data, "version": "7", "request_key": str(uuid.uuid4())}
    )
    assert (older.status_code, "Sudah ditanyakan lagi." in older.get_data(as_text=True)) == (409, True)
    assert "berubah sejak halaman dibuka" in older.get_data(as_text=True)
    for _ in range(2):  # a double press
        assert client.post(f"/pendamping/beda/{clash}", data=data).status_code == 303
    assert [one.household_change for one in desk.rows(VisitRecord)] == ["heavier"]
    assert "Tidak ada isian yang berbeda" in client.get("/pendamping/beda").get_data(as_text=True)
    again = client.post(f"/pendamping/beda/{clash}", data={**data, "request_key": str(uuid.uuid4())})
    assert again.status_code == 409


def test_a_supervisor_takes_a_phone_back(
    desk: Desk, client: FlaskClient, sign_in: SignIn, app: CaseflowApp
) -> None:
    with Session(desk.database.engine) as session:
        uuid_of = phone(session, desk.staff["rina"]).public_id
        session.commit()
    yogas = app.test_client()
    sign_in(yogas, "yoga")
    assert "Belum ada HP" in yogas.get("/pendamping/perangkat").get_data(as_text=True)
    assert yogas.get(f"/pendamping/perangkat/{uuid_of}/cabut").status_code == 404
    sign_in(client, "siska")
    assert "Rina Marlina" in client.get("/pendamping/perangkat").get_data(as_text=True)
    page = client.get(f"/pendamping/perangkat/{uuid_of}/cabut").get_data(as_text=True)
    data = {"csrf_token": csrf_of(page), "request_key": str(uuid.uuid4()), "why": "HP hilang di pasar."}
    assert client.post(f"/pendamping/perangkat/{uuid_of}/cabut", data=data).status_code == 303
    assert [one.revoked_why for one in desk.rows(FieldDevice)] == ["HP hilang di pasar."]
