"""Signing in, the second factor, sessions, stepping up (d.5)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Response, request
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from caseflow import clock
from caseflow.app import CaseflowApp, create_app
from caseflow.audit.models import AuditEvent
from caseflow.extensions import db
from caseflow.people import accounts, hashing, totp
from caseflow.people.models import RoleGrant, StaffSession, StaffUser
from caseflow.training.people import PASSPHRASE
from caseflow.web.account.sign_in import WRONG
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up
from tests.conftest import FreshDatabase, csrf_of, make_settings

SignIn = Callable[[FlaskClient, str], None]
MINUTE = timedelta(minutes=1)
NEW = "perahu tua di lembah"


def send(client: FlaskClient, path: str, *, page: str | None = None, **typed: str) -> TestResponse:
    """Fill in a form of ours."""
    token = csrf_of(client.get(page or path).text)
    return client.post(path, data={**typed, "csrf_token": token})


def enter(
    client: FlaskClient, username: str, passphrase: str = PASSPHRASE, path: str = "/masuk"
) -> TestResponse:
    return send(client, path, username=username, passphrase=passphrase)


def later(by: timedelta) -> None:
    clock.set_start(clock.now() + by)


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("petugas")
    assert found is not None
    return found.value


@contextmanager
def process_of(database: FreshDatabase, folder: Path, **changes: object) -> Iterator[CaseflowApp]:
    """Another process over the same database."""
    built = create_app(make_settings(database.app_url, folder, **changes), TESTING=True)
    yield built
    with built.app_context():
        db.engine.dispose()


@pytest.fixture
def strict(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[CaseflowApp]:
    """The application of an installation where every account needs a second factor."""
    with process_of(fresh_database, tmp_path / "objects", totp_required=True) as built:
        yield built


def enrol(app: CaseflowApp, username: str) -> str:
    """Bind a phone to an account, some minutes ago."""
    secret = totp.new_secret()
    before = datetime.now(UTC) - 10 * MINUTE
    with app.app_context():
        facts = accounts.find_for_sign_in(db.session(), username)
        assert facts is not None
        first = pyotp.TOTP(secret).at(before)
        assert totp.enrol(db.session(), facts.user_id, secret, first, at=before, pepper="p" * 40)
        db.session.commit()
    return secret


# --- passphrase


@pytest.mark.parametrize(
    ("username", "home"),
    [("dedi", "/petugas/"), ("mega", "/petugas/persetujuan/"), ("nina", "/keuangan/"), ("admin", "/akun")],
)
def test_everybody_begins_at_their_own_work(client: FlaskClient, username: str, home: str) -> None:
    answer = enter(client, username)
    assert (answer.status_code, answer.location) == (303, home)
    assert client.get("/akun").status_code == 200


def test_signing_in_leads_back(client: FlaskClient) -> None:
    assert enter(client, "dedi", path="/masuk?next=/akun").location == "/akun"
    other = client.application.test_client()
    assert enter(other, "dedi", path="/masuk?next=//evil.example").location == "/petugas/"


def test_the_cookie_is_out_of_reach_of_scripts(client: FlaskClient) -> None:
    answer = enter(client, "dedi")
    given = next(one for one in answer.headers.getlist("Set-Cookie") if one.startswith("petugas="))
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in given.split(";")}


@pytest.mark.parametrize(
    ("username", "passphrase"),
    [
        ("dedi", "salah salah salah"),
        ("siapa-ini", PASSPHRASE),
        ("dedi' OR '1'='1", PASSPHRASE),
        ("dedi", PASSPHRASE.upper()),
    ],
)
def test_every_wrong_try_reads_the_same(client: FlaskClient, username: str, passphrase: str) -> None:
    answer = enter(client, username, passphrase)
    assert answer.status_code == 422
    assert WRONG in answer.text
    assert passphrase not in answer.text
    assert client.get_cookie("petugas") is None


def test_an_unknown_name_costs_the_same_slow_hash(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who measures the answer learns nothing: a known and an unknown name are compared once, against a hash alike."""
    compared: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 (the library's name)
            compared.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)

    monkeypatch.setattr(hashing, "_PASSPHRASES", Watched(time_cost=1, memory_cost=8, parallelism=1))
    for username in ("dedi", "siapa"):
        enter(client, username, "bukan frasa yang benar")
    known, unknown = compared
    assert known == unknown


def test_a_hash_of_weaker_times_is_renewed_when_its_owner_signs_in(
    client: FlaskClient, app: CaseflowApp
) -> None:
    weaker = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSPHRASE)
    dedi = StaffUser.username == "dedi"
    with app.app_context():
        db.session.execute(update(StaffUser).where(dedi).values(password_hash=weaker))
        db.session.commit()
    assert enter(client, "dedi").status_code == 303
    with app.app_context():
        renewed = db.session.scalars(select(StaffUser.password_hash).where(dedi)).one()
    assert renewed != weaker
    assert hashing.passphrase_matches(renewed, PASSPHRASE)


def test_guessing_waits_and_says_until_when(client: FlaskClient) -> None:
    for _ in range(5):
        assert enter(client, "dedi", "salah salah salah").status_code == 422
    answer = enter(client, "dedi")
    assert answer.status_code == 429
    assert "Coba lagi pukul 10.01 WIB" in answer.text
    later(timedelta(seconds=31))
    assert enter(client, "dedi").status_code == 303


def test_a_refused_sign_in_leaves_a_trace(client: FlaskClient, app: CaseflowApp) -> None:
    enter(client, "dedi", "salah salah salah")
    with app.app_context():
        found = db.session.scalars(
            select(AuditEvent.action).where(AuditEvent.action.startswith("staff."))
        ).all()
    assert "staff.sign_in_refused" in found


def test_a_planted_cookie_is_not_taken_over(client: FlaskClient) -> None:
    client.set_cookie("petugas", "dipasang-orang-lain")
    enter(client, "dedi")
    first = cookie(client)
    assert first != "dipasang-orang-lain"
    enter(client, "dedi")
    assert cookie(client) != first
    client.set_cookie("petugas", first)
    assert client.get("/akun").status_code == 303


def test_an_account_without_a_role_opens_nothing(client: FlaskClient, fresh_database: FreshDatabase) -> None:
    with fresh_database.engine.begin() as connection:
        connection.execute(update(RoleGrant).values(revoked_at=clock.now()))
    answer = enter(client, "dedi")
    assert answer.status_code == 403
    assert "belum punya peran" in answer.text


# --- the end of a session


def test_signing_out_ends_it_everywhere(client: FlaskClient, app: CaseflowApp) -> None:
    enter(client, "dedi")
    replay = app.test_client()
    replay.set_cookie("petugas", cookie(client))
    assert replay.get("/akun").status_code == 200
    send(client, "/keluar", page="/akun")
    assert client.get_cookie("petugas") is None
    assert replay.get("/akun").status_code == 303


def test_it_ends_on_other_processes_with_the_next_request(
    client: FlaskClient, fresh_database: FreshDatabase, tmp_path: Path
) -> None:
    enter(client, "dedi")
    with process_of(fresh_database, tmp_path / "other") as app:
        other = app.test_client()
        other.set_cookie("petugas", cookie(client))
        assert other.get("/akun").status_code == 200
        with fresh_database.engine.begin() as connection:
            connection.execute(update(RoleGrant).values(revoked_at=clock.now()))
        assert other.get("/akun").status_code == 403
        with fresh_database.engine.begin() as connection:
            connection.execute(update(StaffUser).values(active=False))
        assert other.get("/akun").status_code == 303
    assert client.get("/akun").status_code == 303


def test_half_an_hour_of_silence_ends_it(client: FlaskClient) -> None:
    enter(client, "dedi")
    later(20 * MINUTE)
    assert client.get("/akun").status_code == 200
    later(20 * MINUTE)
    assert client.get("/akun").status_code == 200
    later(31 * MINUTE)
    assert client.get("/akun").status_code == 303


def test_the_own_page_ends_other_sessions(client: FlaskClient, app: CaseflowApp) -> None:
    enter(client, "dedi")
    phone, tablet = app.test_client(), app.test_client()
    for one in (phone, tablet):
        enter(one, "dedi")
    short_id = re.search(r'name="session_id" value="(\w{16})"', client.get("/akun").text)
    assert short_id is not None
    send(client, "/akun/sesi/cabut", page="/akun", session_id=short_id[1])
    assert sorted(one.get("/akun").status_code for one in (phone, tablet)) == [200, 303]
    send(client, "/akun/sesi/cabut-semua", page="/akun")
    assert [one.get("/akun").status_code for one in (phone, tablet, client)] == [303, 303, 200]


def test_another_persons_session_cannot_be_ended(client: FlaskClient, app: CaseflowApp) -> None:
    enter(client, "dedi")
    mega = app.test_client()
    enter(mega, "mega")
    with app.app_context():
        stored = db.session.scalars(select(StaffSession.token_sha256)).all()
    for token_sha256 in stored:
        send(mega, "/akun/sesi/cabut", page="/akun", session_id=token_sha256[:16])
        if mega.get("/akun").status_code != 200:
            enter(mega, "mega")
    assert client.get("/akun").status_code == 200


# --- passphrase change


def test_a_new_passphrase_ends_other_sessions(client: FlaskClient, app: CaseflowApp) -> None:
    enter(client, "dedi")
    other = app.test_client()
    enter(other, "dedi")
    answer = send(client, "/akun/frasa-sandi", passphrase=PASSPHRASE, new_passphrase=NEW)
    assert answer.status_code == 303
    assert other.get("/akun").status_code == 303
    assert client.get("/akun").status_code == 200
    assert enter(app.test_client(), "dedi").status_code == 422
    assert enter(app.test_client(), "dedi", NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("salah salah salah", NEW, "tidak cocok"),
        (PASSPHRASE, "pendek", "15 huruf"),
        (PASSPHRASE, "dedi dan kerbau tua", "dedi"),
    ],
)
def test_a_change_may_be_refused(
    client: FlaskClient, app: CaseflowApp, old: str, new: str, said: str
) -> None:
    enter(client, "dedi")
    answer = send(client, "/akun/frasa-sandi", passphrase=old, new_passphrase=new)
    assert answer.status_code == 422
    assert said in answer.text
    assert enter(app.test_client(), "dedi").status_code == 303


# --- second factor


def test_a_passphrase_alone_opens_nothing_when_a_phone_is_bound(
    client: FlaskClient, app: CaseflowApp
) -> None:
    secret = enrol(app, "dedi")
    assert enter(client, "dedi").location == "/masuk/kode"
    half = cookie(client)
    assert client.get("/akun").status_code == 303
    assert client.get("/petugas/").status_code in {303, 404}
    assert send(client, "/masuk/kode", code="000000").status_code == 422
    code = pyotp.TOTP(secret).now()
    assert send(client, "/masuk/kode", code=code).location == "/petugas/"
    assert cookie(client) != half
    again = app.test_client()
    enter(again, "dedi")
    assert send(again, "/masuk/kode", code=code).status_code == 422


def test_codes_cannot_be_tried_for_long(client: FlaskClient, app: CaseflowApp) -> None:
    enrol(app, "dedi")
    enter(client, "dedi")
    for _ in range(5):
        assert send(client, "/masuk/kode", code="000000").status_code == 422
    assert send(client, "/masuk/kode", code="000000").status_code == 429


def test_the_code_page_needs_the_passphrase_first(client: FlaskClient) -> None:
    for path in ("/masuk/kode", "/masuk/daftar-kode"):
        assert client.get(path).location == "/masuk"
    assert client.get("/masuk/daftar-kode/gambar.svg").status_code == 404


def test_where_a_second_factor_is_due_it_is_bound_first(strict: CaseflowApp) -> None:
    client = strict.test_client()
    assert enter(client, "dedi", path="/masuk?next=/akun").location == "/masuk/daftar-kode?next=%2Fakun"
    assert client.get("/akun").status_code == 303
    page = client.get("/masuk/daftar-kode?next=/akun").text
    picture = client.get("/masuk/daftar-kode/gambar.svg")
    assert picture.mimetype == "image/svg+xml"
    assert b"<svg" in picture.data
    assert b"style" not in picture.data
    secret = re.search(r'class="mono">([A-Z2-7 ]+)<', page)
    assert secret is not None
    code = pyotp.TOTP(secret[1].replace(" ", "")).now()
    assert send(client, "/masuk/daftar-kode?next=/akun", code="000000").status_code == 422
    answer = send(client, "/masuk/daftar-kode?next=/akun", code=code)
    assert (answer.status_code, answer.location) == (303, "/akun")
    assert "Terpasang" in client.get("/akun").text


def test_whoever_knows_only_the_passphrase_cannot_bind_another_phone(strict: CaseflowApp) -> None:
    enrol(strict, "dedi")
    client = strict.test_client()
    assert enter(client, "dedi").location == "/masuk/kode"
    assert client.get("/masuk/daftar-kode").location == "/masuk"
    assert client.get("/akun/kode").status_code == 303


def test_binding_another_phone_asks_for_the_first(client: FlaskClient, app: CaseflowApp) -> None:
    secret = enrol(app, "dedi")
    enter(client, "dedi")
    send(client, "/masuk/kode", code=pyotp.TOTP(secret).at(datetime.now(UTC) - timedelta(seconds=30)))
    later(6 * MINUTE)
    answer = send(client, "/akun/kode", code="123456")
    assert answer.status_code == 401
    assert "Kode 6 angka" in answer.text


# --- stepping up


@pytest.fixture
def sensitive(app: CaseflowApp) -> CaseflowApp:
    """An application with one act that needs certainty."""

    def decide() -> Response:
        require_step_up()
        return Response(f"disetujui: {request.form['alasan']}")

    app.add_url_rule("/uji/setujui", "setujui", requires("approval.decide")(decide), methods=["POST"])
    return app


def decided(client: FlaskClient, **typed: str) -> TestResponse:
    token = csrf_of(client.get("/akun").text)
    return client.post(
        "/uji/setujui",
        data={"alasan": "lengkap & benar", **typed, "csrf_token": token},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def test_soon_after_signing_in_nothing_more_is_asked(sensitive: CaseflowApp) -> None:
    client = sensitive.test_client()
    enter(client, "mega")
    assert decided(client).text == "disetujui: lengkap & benar"


def test_later_the_passphrase_is_asked_and_nothing_typed_is_lost(sensitive: CaseflowApp) -> None:
    client = sensitive.test_client()
    enter(client, "mega")
    later(6 * MINUTE)
    asked = decided(client)
    assert asked.status_code == 401
    assert 'name="alasan" value="lengkap &amp; benar"' in asked.text
    wrong = decided(client, second_factor="salah salah salah")
    assert wrong.status_code == 401
    assert "tidak cocok" in wrong.text
    assert "salah salah" not in wrong.text
    assert decided(client, second_factor=PASSPHRASE).text == "disetujui: lengkap & benar"
    assert decided(client).status_code == 200


def test_with_a_phone_only_a_code_counts(sensitive: CaseflowApp) -> None:
    secret = enrol(sensitive, "mega")
    client = sensitive.test_client()
    enter(client, "mega")
    send(client, "/masuk/kode", code=pyotp.TOTP(secret).at(datetime.now(UTC) - timedelta(seconds=30)))
    later(6 * MINUTE)
    assert decided(client, second_factor=PASSPHRASE).status_code == 401
    assert decided(client, second_factor=pyotp.TOTP(secret).now()).status_code == 200


def test_stepping_up_cannot_be_guessed(sensitive: CaseflowApp) -> None:
    client = sensitive.test_client()
    enter(client, "mega")
    later(6 * MINUTE)
    for _ in range(5):
        assert decided(client, second_factor="salah salah salah").status_code == 401
    assert decided(client, second_factor=PASSPHRASE).status_code == 429
