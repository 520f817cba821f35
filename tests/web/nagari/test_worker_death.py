"""A death in one step: status, case, cover in words, the place in the quota; or nothing of it."""

import re
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.claims.models import Claim, Report
from caseflow.claims.reporting import report_death
from caseflow.people.actor import REPORTER, Actor
from caseflow.people.models import HelperMandate
from caseflow.registry.models import Worker
from caseflow.registry.people_models import LifeEvent
from tests.conftest import FreshDatabase, csrf_of
from tests.story import BRANCH, SAMSIR, SYAFRIL
from tests.web.forms import fill

SignIn = Callable[[FlaskClient, str], None]
TYPED = {
    "died_on__day": "17",
    "died_on__month": "11",
    "died_on__year": "2026",
    "told_by": "Yusra, istri",
    "cause": "illness_or_other",
    "reporter_name": "Yusra",
    "reporter_relation": "istri",
    "reporter_phone": "081234567890",
    "phone_owner": "sendiri",
    "contact_by": "call",
    "given_how": "spoken",
    "consented": "y",
}
AT_WORK = {
    "cause": "at_work",
    "kind": "accident",
    "place": "Kebun karet di Pasar",
    "chronology": "Tertimpa dahan saat menyadap.",
}


def page_of(database: FreshDatabase, name: str = "Samsir", what: str = "meninggal") -> str:
    """The address of the page for one invented worker."""
    with Session(database.engine) as session:
        public_id = session.scalars(select(Worker.public_id).where(Worker.full_name == name)).one()
    return f"/nagari/pekerja/{public_id}/{what}"


def send(client: FlaskClient, page: str, **changes: str) -> TestResponse:
    """Fill in the page and send it."""
    return fill(client, page, page, **{**TYPED, **changes})


def count(database: FreshDatabase, table: type) -> int:
    """How many rows of one kind there are."""
    with Session(database.engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_one_press_marks_the_worker_and_opens_the_case(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn, staff: Mapping[str, Actor]
) -> None:
    """Who it is comes from the registry; the case is linked; the next page tells number, cover and what to say."""
    sign_in(client, "fitri")
    page = page_of(fresh_database)
    shown = client.get(page).get_data(as_text=True)
    assert "Laporkan meninggal: Samsir" in shown
    assert "1303991209760001" not in shown
    answer = send(client, page)
    assert answer.location == page
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        worker = session.get_one(Worker, claim.worker_id)
        report = session.get_one(Report, claim.id)
        told = session.scalars(select(LifeEvent)).one()
        mandate = session.scalars(select(HelperMandate)).one()
        assert (claim.program, claim.state, claim.died_on) == ("jkm", "reported", date(2026, 11, 17))
        assert (worker.full_name, worker.died_on) == ("Samsir", date(2026, 11, 17))
        assert (told.told_by, told.recorded_by_user_id) == ("Yusra, istri", staff["fitri"].user_id)
        assert (report.national_id, report.jorong) == (worker.national_id, worker.jorong)
        assert (mandate.given_by_name, mandate.helped_by_user_id) == ("Yusra", staff["fitri"].user_id)
        number = claim.number
    done = client.get(page).get_data(as_text=True)
    assert f"Berikan nomor {number} kepada keluarga" in done
    assert "Iurannya dibayar pada hari itu" in done
    assert "15 bulan dibayar berturut-turut" in done
    assert "Rp" not in re.sub(r"<script.*?</script>", "", done)
    assert f"slip-keluarga?number={number}" in done


def test_a_death_at_work_is_a_work_accident(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    assert send(client, page_of(fresh_database), **AT_WORK).status_code == 303
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        assert (claim.program, claim.state, claim.cause) == ("jkk", "notified", "at_work")
        assert (claim.event_on, claim.died_on) == (date(2026, 11, 17), date(2026, 11, 17))
        assert session.get_one(Worker, claim.worker_id).died_on == date(2026, 11, 17)


def test_the_family_was_first(client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn) -> None:
    """Its report is linked, not doubled, and the page asks only what is left to ask."""
    with Session(fresh_database.engine) as session:
        first = report_death(session, SAMSIR.report, branch=BRANCH, by=REPORTER, now=clock.now())
        number, died_on = first.number, first.died_on
        session.commit()
    sign_in(client, "fitri")
    page = page_of(fresh_database)
    shown = client.get(page).get_data(as_text=True)
    assert f"Laporan untuk Samsir sudah ada: {number}" in shown
    assert "Siapa yang menyetujui" not in shown
    assert fill(client, page, page, told_by="Yusra, istri").location == page
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
        worker = session.get_one(Worker, claim.worker_id)
        assert (worker.full_name, worker.died_on) == ("Samsir", died_on)
    assert number in client.get(page).get_data(as_text=True)


def test_two_operators_at_once_make_one_case(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """The second had the page open already; the same day is no quarrel, and no second report."""
    sign_in(client, "fitri")
    colleague = client.application.test_client()
    sign_in(colleague, "jon")
    page = page_of(fresh_database)
    before = re.findall(
        r'name="(csrf_token|request_key)" value="([^"]+)"', colleague.get(page).get_data(as_text=True)
    )
    send(client, page)
    fields = {name.replace("__", "-"): value for name, value in TYPED.items()}
    assert colleague.post(page, data={**fields, **dict(before)}).location == page
    assert (count(fresh_database, Claim), count(fresh_database, LifeEvent)) == (1, 1)


def test_another_day_is_asked_about(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    sign_in(client, "fitri")
    colleague = client.application.test_client()
    sign_in(colleague, "jon")
    page = page_of(fresh_database)
    before = re.findall(
        r'name="(csrf_token|request_key)" value="([^"]+)"', colleague.get(page).get_data(as_text=True)
    )
    send(client, page)
    fields = {name.replace("__", "-"): value for name, value in {**TYPED, "died_on__day": "16"}.items()}
    answer = colleague.post(page, data={**fields, **dict(before)})
    assert answer.status_code == 409
    assert "sudah dicatat meninggal 17 November 2026" in answer.get_data(as_text=True)
    assert count(fresh_database, Claim) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"died_on__day": "30"}, "Tanggal tidak boleh setelah hari ini"),
        ({"died_on__year": "1970"}, "lebih dari 20 tahun lalu"),
        ({"died_on__day": "31"}, "31 November 2026 tidak ada"),
        ({"told_by": ""}, "Tulis siapa yang memberi tahu"),
        ({"consented": ""}, "Tanpa persetujuan"),
        ({"reporter_relation": "tetangga"}, "Tulis siapa dari keluarga yang menyetujui"),
        ({"cause": "accident"}, "Pilih salah satu dari daftar"),
        ({**AT_WORK, "chronology": "jatuh"}, "paling sedikit 10 huruf"),
        ({**AT_WORK, "place": ""}, "Tulis tempatnya"),
        ({**AT_WORK, "happened_on__day": "18", "happened_on__month": "11", "happened_on__year": "2026"},
         "Kecelakaan tidak boleh sesudah hari meninggal"),
        ({"died_on__day": "1", "died_on__month": "8", "died_on__year": "2025"}, "sebelum hari terdaftar"),
    ],
)  # fmt: skip
def test_a_wrong_answer_saves_nothing_at_all(
    client: FlaskClient,
    fresh_database: FreshDatabase,
    sign_in: SignIn,
    changes: dict[str, str],
    sentence: str,
) -> None:
    sign_in(client, "fitri")
    answer = send(client, page_of(fresh_database), **changes)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert sentence in page
    assert 'value="Yusra"' in page
    assert (count(fresh_database, Claim), count(fresh_database, LifeEvent)) == (0, 0)
    with Session(fresh_database.engine) as session:
        assert session.scalar(select(Worker.died_on).where(Worker.full_name == "Samsir")) is None


def test_a_worker_of_another_nagari_is_not_there(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """Reading, sending, and the accident page alike; the branch reaches everybody."""
    sign_in(client, "fitri")
    token = csrf_of(client.get(page_of(fresh_database)).get_data(as_text=True))
    for what in ("meninggal", "kecelakaan"):
        page = page_of(fresh_database, "Syafril", what)
        assert client.get(page).status_code == 404
        assert client.post(page, data={**TYPED, "csrf_token": token}).status_code == 404
    assert count(fresh_database, Claim) == 0
    officer = client.application.test_client()
    sign_in(officer, "dedi")
    assert "Syafril" in officer.get(page_of(fresh_database, "Syafril")).get_data(as_text=True)


def test_not_covered_is_told_without_closing_the_door(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: SignIn
) -> None:
    """Zulbahri's dues ended in May 2025: the report is taken all the same, and the words promise nothing."""
    sign_in(client, "dedi")
    page = page_of(fresh_database, "Zulbahri")
    assert send(client, page).location == page
    done = client.get(page).get_data(as_text=True)
    assert "Menurut catatan, iurannya sudah berhenti" in done
    assert "Keluarga tetap boleh melapor" in done
    assert SYAFRIL.report.worker_name not in done
