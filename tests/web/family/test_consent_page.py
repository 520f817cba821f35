"""The family reads what was agreed to, takes it back after reading what happens, and gives it again."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from tests.conftest import FreshDatabase, csrf_of
from tests.story import Stage
from tests.web.family.walk import notified
from tests.web.forms import fill
from tests.web.public.test_report_pages import answer_all, post, send

PAGE = "/berkas/persetujuan"


def test_taken_back_and_given_again(
    client: FlaskClient, fresh_database: FreshDatabase, sign_in: Callable[[FlaskClient, str], None]
) -> None:
    """First what happens then, in plain words; the officer sees it on the case until it is given again."""
    answer_all(client)
    send(client)
    page = client.get(PAGE).get_data(as_text=True)
    for words in ("Persetujuan berlaku.", "Oleh Yusra", "setiap pembukaan dicatat", "Versi 2026-11-20"):
        assert words in page
    with Session(fresh_database.engine) as session:
        case = f"/petugas/kasus/{session.scalars(select(Claim.number)).one()}"
    officer: FlaskClient = client.application.test_client()
    sign_in(officer, "dedi")
    assert "Persetujuan ditarik" not in officer.get(case).get_data(as_text=True)
    before = client.get(f"{PAGE}/tarik").get_data(as_text=True)
    assert "Tidak ada yang terhapus sendiri" in before
    assert "santunan tidak bisa diperiksa dan dibayar" in before
    assert fill(client, f"{PAGE}/tarik", f"{PAGE}/tarik").location == PAGE
    taken = client.get(PAGE).get_data(as_text=True)
    assert "Persetujuan sudah ditarik." in taken
    status = client.get("/berkas").get_data(as_text=True)
    assert "Tidak ada. Persetujuan sudah ditarik, dan petugas menelepon Ibu/Bapak." in status
    assert "dokumen lagi." not in status
    assert "dokumen lagi." not in client.get("/berkas/dokumen").get_data(as_text=True)
    asked = client.get("/berkas/tanya").get_data(as_text=True)
    assert "Membatalkan laporan" not in asked
    assert client.get(f"{PAGE}/tarik").location == PAGE
    again = post(client, f"{PAGE}/tarik", {}, form_at=PAGE)
    assert again.status_code == 409
    assert "sudah ditarik" in again.get_data(as_text=True)
    assert "Persetujuan ditarik oleh Yusra" in officer.get(case).get_data(as_text=True)
    unticked = fill(client, PAGE, f"{PAGE}/beri")
    assert unticked.status_code == 422
    assert fill(client, PAGE, f"{PAGE}/beri", consented="y").location == PAGE
    assert "Persetujuan berlaku." in client.get(PAGE).get_data(as_text=True)
    assert "Persetujuan ditarik" not in officer.get(case).get_data(as_text=True)
    twice = post(client, f"{PAGE}/beri", {"consented": "y"}, form_at="/berkas")
    assert twice.status_code == 409


def test_nobody_reads_it_without_the_phone(client: FlaskClient) -> None:
    for path in (PAGE, f"{PAGE}/tarik", "/berkas/pembantu"):
        assert client.get(path).location == "/masuk-keluarga"


def test_who_only_gave_the_notice_acts_not_as_family(stage: Stage, client: FlaskClient) -> None:
    """A clinic has no mandate, and is not the family: no consent, slip, PIN or objection from its phone."""
    clinic = notified(stage, client, notifier_role="health_facility", notifier_name="Klinik Latihan").phone
    token = csrf_of(clinic.get("/berkas").text)
    for path in (f"{PAGE}/tarik", f"{PAGE}/beri", "/berkas/slip", "/berkas/keberatan", "/berkas/kunci"):
        fields = {"csrf_token": token, "consented": "y", "pin": "802417", "again": "802417"}
        answer = clinic.post(path, data=fields)
        assert answer.status_code == 403, path
        assert "HP pekerja atau keluarganya" in answer.text
    ended = clinic.post("/berkas/pembantu/hentikan", data={"csrf_token": token, "mandate_id": "1"})
    assert ended.status_code == 403
    for path in (f"{PAGE}/tarik", "/berkas/keberatan"):
        assert clinic.get(path).status_code == 403, path
    assert "Hanya keluarga yang dapat menarik" in clinic.get(PAGE).text
    assert "Buat slip keluarga" not in clinic.get("/berkas/tanda-terima").text
