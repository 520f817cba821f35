"""Reporting a death page by page, as a phone without JavaScript does it."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.claims import consents
from caseflow.claims.models import Claim, Report, ReportDraft
from caseflow.extensions import db
from caseflow.people.models import FamilyDevice
from tests.conftest import FreshDatabase, csrf_of

ANSWERS: Mapping[str, Mapping[str, str]] = {
    "apa": {"cause": "illness_or_other"},
    "nama": {"worker_name": "Samsir"},
    "nik": {"national_id": "1303 9912 0976 0001"},
    "kapan": {"died_on-day": "17", "died_on-month": "11", "died_on-year": "2026"},
    "di-mana": {"region_code": "13.03.99.2001", "jorong": "Pasar"},
    "pelapor": {"reporter_name": "Yusra", "reporter_relation": "istri"},
    "telepon": {"reporter_phone": "0812-3456-7890", "phone_owner": "sendiri", "contact_by": "whatsapp"},
    "persetujuan": {"consented": "y"},
}
STATIC = Path("caseflow/static")


def post(
    client: FlaskClient, path: str, fields: Mapping[str, str], form_at: str | None = None
) -> TestResponse:
    """Send a form with the token of its page."""
    page = client.get(form_at or path).get_data(as_text=True)
    return client.post(path, data={**fields, "csrf_token": csrf_of(page)})


def answer_all(client: FlaskClient, changes: Mapping[str, Mapping[str, str]] | None = None) -> None:
    """Fill in every page up to the summary."""
    post(client, "/lapor", {})
    for name, fields in {**ANSWERS, **(changes or {})}.items():
        answer = post(client, f"/lapor/{name}", fields)
        assert answer.status_code == 303, answer.get_data(as_text=True)


def send(client: FlaskClient, fields: Mapping[str, str] | None = None) -> TestResponse:
    """Press "Kirim laporan"."""
    return post(client, "/lapor/kirim", fields or {}, form_at="/lapor/periksa")


def count(database: FreshDatabase, table: type) -> int:
    """How many rows a table holds."""
    with Session(database.engine) as session:
        return session.execute(select(func.count()).select_from(table)).scalar_one()


def test_eight_answers_become_a_case_and_a_receipt(
    client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """The receipt shows the number and the day by which somebody calls."""
    answer_all(client)
    answer = send(client)
    assert answer.status_code == 303
    assert answer.location == "/berkas/tanda-terima"
    page = client.get(answer.location).get_data(as_text=True)
    with Session(fresh_database.engine) as session:
        claim = session.scalars(select(Claim)).one()
    assert "Laporan diterima" in page
    assert all(part in page for part in claim.number.split("-"))
    assert "Senin, 23 November 2026" in page


def test_sent_twice_it_is_one_report(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """A double press on a slow line opens one case; the second press leads to the same receipt."""
    answer_all(client)
    page = client.get("/lapor/periksa").get_data(as_text=True)
    fields = {"csrf_token": csrf_of(page)}
    first, second = client.post("/lapor/kirim", data=fields), client.post("/lapor/kirim", data=fields)
    assert first.location == second.location == "/berkas/tanda-terima"
    assert count(fresh_database, Report) == 1


def test_it_goes_on_where_somebody_stopped(client: FlaskClient) -> None:
    """The phone was put away after three answers; the fourth question is next."""
    post(client, "/lapor", {})
    for name in ("apa", "nama", "nik"):
        post(client, f"/lapor/{name}", ANSWERS[name])
    assert "Lanjutkan laporan" in client.get("/lapor").get_data(as_text=True)
    assert post(client, "/lapor", {}).location == "/lapor/kapan"


def test_typed_answers_stay_when_something_is_wrong(client: FlaskClient) -> None:
    """Nothing is typed twice: the wrong NIK is still there beside its sentence."""
    post(client, "/lapor", {})
    answer = post(client, "/lapor/nik", {"national_id": "130399"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "NIK harus 16 angka; yang tertulis 6" in page
    assert 'value="130399"' in page
    assert "<title>Ada yang perlu diperbaiki" in page


@pytest.mark.parametrize(
    ("name", "fields", "sentence"),
    [
        ("apa", {}, "Pilih salah satu"),
        ("nama", {"worker_name": "  "}, "Tulis namanya"),
        ("nik", {}, "centang “Tidak tahu NIK-nya”"),
        (
            "kapan",
            {"died_on-day": "31", "died_on-month": "11", "died_on-year": "2026"},
            "31 November 2026 tidak ada",
        ),
        (
            "kapan",
            {"died_on-day": "21", "died_on-month": "11", "died_on-year": "2026"},
            "tidak boleh setelah hari ini",
        ),
        ("kapan", {}, "Tulis tanggal"),
        ("di-mana", {"region_code": "", "jorong": "Pasar"}, "Pilih nagari"),
        ("di-mana", {"region_code": "99", "jorong": "Pasar"}, "Pilih"),
        ("telepon", {**ANSWERS["telepon"], "reporter_phone": "12"}, "HP"),
        ("persetujuan", {}, "Tanpa persetujuan"),
    ],
)
def test_wrong_answers_get_a_sentence(
    client: FlaskClient, name: str, fields: Mapping[str, str], sentence: str
) -> None:
    """What is wrong and what to do, beside the question, and never a 500."""
    post(client, "/lapor", {})
    answer = post(client, f"/lapor/{name}", fields)
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)


def test_not_knowing_the_nik_is_an_answer(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """A report without a NIK is as good as any."""
    answer_all(client, {"nik": {"not_known": "y"}})
    assert send(client).status_code == 303
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(Report.national_id)).one() is None


def test_a_second_report_of_the_same_death_is_asked_about_kindly(
    client: FlaskClient, app: object, fresh_database: FreshDatabase
) -> None:
    """No data of the first reporter is shown, the typed answers stay, and it can still be sent."""
    answer_all(client)
    send(client)
    second: FlaskClient = client.application.test_client()
    answer_all(second, {"pelapor": {"reporter_name": "Rani", "reporter_relation": "anak"}})
    asked = send(second)
    page = asked.get_data(as_text=True)
    assert asked.status_code == 409
    assert "Sudah ada laporan untuk nama ini" in page
    assert "Yusra" not in page
    assert "SJJ-" not in page
    assert count(fresh_database, Report) == 1
    sure = second.post("/lapor/kirim", data={"confirm": "1", "csrf_token": csrf_of(page)})
    assert sure.status_code == 303
    assert count(fresh_database, Report) == 2


def test_an_accident_is_told_where_to_report(client: FlaskClient) -> None:
    """Accidents are reported by voice for now; the page says so instead of losing the person."""
    post(client, "/lapor", {})
    answer = post(client, "/lapor/apa", {"cause": "accident"})
    assert answer.location == "/lapor/kecelakaan"


def test_forgetting_clears_the_phone(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    """On a borrowed phone nothing of the report may stay."""
    post(client, "/lapor", {})
    post(client, "/lapor/nama", ANSWERS["nama"])
    answer = post(client, "/lapor/hapus", {}, form_at="/lapor")
    assert answer.status_code == 303
    assert count(fresh_database, ReportDraft) == 0
    assert client.get("/lapor/nik").location == "/lapor"


def test_nobody_sees_a_case_without_its_phone(client: FlaskClient) -> None:
    """Another phone is sent to the slip page; the number alone opens nothing."""
    answer_all(client)
    send(client)
    stranger: FlaskClient = client.application.test_client()
    for path in ("/berkas", "/berkas/dokumen", "/berkas/tanda-terima", "/berkas/dokumen/family_card"):
        assert stranger.get(path).location == "/masuk-keluarga"


def test_the_slip_is_printed_once_and_opens_another_phone(client: FlaskClient) -> None:
    """Its codes are on the page once; a second print is for the counter; one code opens one phone."""
    answer_all(client)
    send(client)
    page = post(client, "/berkas/slip", {}, form_at="/berkas/tanda-terima").get_data(as_text=True)
    codes = [part.split("<")[0].replace(" ", "") for part in page.split('<span class="mono">')[1:]]
    assert len(codes) == 3
    again = post(client, "/berkas/slip", {}, form_at="/berkas")
    assert again.status_code == 409
    number = page.split('class="slip-number">')[1].split("<")[0]
    other: FlaskClient = client.application.test_client()
    opened = post(other, "/masuk-keluarga", {"number": number, "code": codes[0], "owner": "sendiri"})
    assert opened.location == "/berkas"
    assert "Almarhum Samsir" in other.get("/berkas").get_data(as_text=True)
    third: FlaskClient = client.application.test_client()
    assert post(
        third, "/masuk-keluarga", {"number": number, "code": codes[0], "owner": "sendiri"}
    ).status_code in {409, 422}


def test_leaving_the_phone_closes_it(client: FlaskClient) -> None:
    """After "Tutup laporan di HP ini" the next request is a stranger's."""
    answer_all(client)
    send(client)
    left = post(client, "/berkas/tutup", {}, form_at="/berkas")
    # not "storage": a visitor who lends the phone has visits there that no server holds yet
    assert left.headers["Clear-Site-Data"] == '"cache"'
    assert client.get("/berkas").location == "/masuk-keluarga"


def test_every_family_page_is_light(client: FlaskClient) -> None:
    """At most 60 KB compressed with everything the page loads; it loads two style sheets and one script."""
    answer_all(client)
    send(client)
    shared = sum(
        len(gzip.compress((STATIC / name).read_bytes()))
        for name in ("css/base.css", "css/family.css", "js/forms.js", "img/mark.svg")
    )
    for path in ("/", "/lapor/di-mana", "/berkas", "/berkas/dokumen", "/berkas/dokumen/family_card"):
        assert len(gzip.compress(client.get(path, follow_redirects=True).data)) + shared <= 60_000


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 1),
        ("/berkas", 16),
        ("/berkas/dokumen", 6),
        ("/berkas/tanda-terima", 9),
        ("/berkas/hp", 5),
        ("/berkas/pembantu", 7),
        ("/berkas/persetujuan", 5),
    ],
)
def test_a_family_page_asks_the_database_a_fixed_number_of_times(
    client: FlaskClient, path: str, most: int
) -> None:
    """However many papers and moves a case has: no statement in a loop."""
    answer_all(client)
    send(client)
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len(asked) <= most, "\n".join(asked)


def phones(database: FreshDatabase) -> int:
    """How many phones are open."""
    with Session(database.engine) as session:
        return session.execute(
            select(func.count()).select_from(FamilyDevice).where(FamilyDevice.revoked_at.is_(None))
        ).scalar_one()


def copy_of_draft(client: FlaskClient, app: CaseflowApp) -> FlaskClient:
    """Another browser with only the cookie of the draft, kept back before it was taken away."""
    kept = client.get_cookie("laporan")
    assert kept is not None
    other = app.test_client()
    other.set_cookie("laporan", kept.value)
    return other


def test_a_phone_that_was_closed_does_not_open_again(
    app: CaseflowApp, client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """The draft opens the case only until the receipt was seen; closing takes its cookie too."""
    answer_all(client)
    send(client)
    kept = copy_of_draft(client, app)
    assert client.get("/berkas/tanda-terima").status_code == 200
    assert client.get_cookie("laporan") is None
    assert post(client, "/berkas/tutup", {}, form_at="/berkas/tanda-terima").status_code == 303
    assert phones(fresh_database) == 0
    assert kept.get("/lapor/nama", follow_redirects=True).request.path == "/masuk-keluarga"
    assert kept.get("/lapor/nama").location == "/lapor"
    assert phones(fresh_database) == 0


def test_a_phone_closed_by_the_office_does_not_open_again(
    app: CaseflowApp, client: FlaskClient, fresh_database: FreshDatabase
) -> None:
    """Also when its receipt was never seen."""
    answer_all(client)
    send(client)
    with Session(fresh_database.engine) as session:
        session.execute(update(FamilyDevice).values(revoked_at=clock.now()))
        session.commit()
    assert client.get("/lapor/nama", follow_redirects=True).request.path == "/masuk-keluarga"
    assert phones(fresh_database) == 0


@pytest.mark.parametrize(
    ("username", "to"),
    [("dedi", "/petugas/kasus/"), ("fitri", "/lapor/terkirim"), ("nina", "/lapor/terkirim")],
)
def test_staff_who_report_do_not_become_the_family(
    client: FlaskClient,
    fresh_database: FreshDatabase,
    sign_in: Callable[[FlaskClient, str], None],
    username: str,
    to: str,
) -> None:
    """An officer is led to the case, a helper gets the number for the family; no phone is opened."""
    sign_in(client, username)
    answer_all(client)
    answer = send(client)
    assert answer.location.startswith(to)
    page = client.get(answer.location)
    assert page.status_code == 200
    with Session(fresh_database.engine) as session:
        number = session.scalars(select(Claim.number)).one()
    assert number.split("-")[2] in page.get_data(as_text=True)
    assert client.get_cookie("kel") is None
    assert client.get("/lapor/nama").location == answer.location
    client.delete_cookie("petugas")
    client.get("/lapor/nama", follow_redirects=True)
    assert count(fresh_database, FamilyDevice) == 0


def test_no_connection_is_held_while_files_travel(app: CaseflowApp, client: FlaskClient) -> None:
    """Who asks is known before the body is read; on a slow line the body takes minutes."""
    answer_all(client)
    client.get(send(client).location)
    held: list[int] = []
    app.before_request_funcs[None].insert(2, lambda: held.append(db.engine.pool.checkedout()))  # type: ignore[attr-defined]
    client.post("/berkas/dokumen/family_card", data={"camera": (BytesIO(b"x"), "kk.jpg")})
    assert held == [0]


def test_a_consent_to_words_that_changed_is_asked_for_again(
    client: FlaskClient, fresh_database: FreshDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ticked, put away, and the words changed meanwhile: the new ones are read before anything is sent."""
    answer_all(client)
    known = consents.texts()
    newer = replace(known[-1], version="2026-12-01", agree="Ya, dengan kata-kata baru")
    monkeypatch.setattr(consents, "texts", lambda: (*known, newer))
    assert client.get("/lapor/periksa").location == "/lapor/persetujuan"
    assert "Ya, dengan kata-kata baru" in client.get("/lapor/persetujuan").get_data(as_text=True)
    assert post(client, "/lapor/kirim", {}, "/lapor/persetujuan").location == "/lapor/persetujuan"
    assert count(fresh_database, Report) == 0
    assert post(client, "/lapor/persetujuan", ANSWERS["persetujuan"]).location == "/lapor/periksa"
    assert send(client).location == "/berkas/tanda-terima"
    with Session(fresh_database.engine) as session:
        assert session.scalars(select(Report)).one().consent_version == "2026-12-01"
