"""What every request passes: hosts, bodies, headers, form tokens, default deny (d.3)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Response, redirect, request, url_for
from flask.testing import FlaskClient
from flask.typing import ResponseReturnValue

from caseflow.app import CaseflowApp, create_app
from caseflow.errors import NotFound, NotPossible, TooLarge, TooMany, Unavailable
from caseflow.extensions import db
from caseflow.launch.databases import DatabaseUrls
from caseflow.people.models import Person
from caseflow.people.policy import PolicyRefused
from caseflow.web.security import CONTENT_SECURITY_POLICY, permission_of, requires, safe_next
from tests.conftest import FreshDatabase, copy_of, csrf_of, make_settings

SignIn = Callable[[FlaskClient, str], None]
View = Callable[[], ResponseReturnValue]


@pytest.fixture(scope="module")
def database(cluster: DatabaseUrls, template: str) -> Iterator[FreshDatabase]:
    """One database for this file; hardly anything here writes."""
    yield from copy_of(cluster, template)


@contextmanager
def process_of(database: FreshDatabase, folder: Path, **changes: object) -> Iterator[CaseflowApp]:
    """The application, with pages that do what a page must never get away with."""
    app = create_app(make_settings(database.app_url, folder, **changes), TESTING=True)
    _add_probes(app)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def probes(database: FreshDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseflowApp]:
    """One of them for this file."""
    with process_of(database, tmp_path_factory.mktemp("objects")) as app:
        yield app


def _add_probes(app: CaseflowApp) -> None:
    def add(path: str, view: View, permission: str | None, method: str = "GET") -> None:
        marked = requires(permission)(view) if permission else view
        app.add_url_rule(path, endpoint=path.strip("/"), view_func=marked, methods=[method])

    def raises(error: Exception) -> View:
        def view() -> ResponseReturnValue:
            raise error

        return view

    def saves_then_fails() -> ResponseReturnValue:
        db.session.add(Person(full_name="Tidak Boleh Ada"))
        db.session.flush()
        raise NotPossible(["Alasan satu.", "Alasan dua."])

    def where_from() -> ResponseReturnValue:
        return {"from": request.remote_addr, "self": url_for("alamat", _external=True)}

    add("/uji/tanpa-izin", lambda: "rahasia", None)
    add("/uji/umum", lambda: "umum", "public.read")
    add("/uji/kasus", lambda: "kasus", "claim.read")
    add("/uji/berkas", lambda: "berkas", "family.read")
    add("/uji/kirim", lambda: Response(request.form.get("isi", "")), "public.read", "POST")
    add("/uji/kerja", lambda: Response(request.form.get("isi", "")), "claim.intake", "POST")
    add("/uji/tidak-ada", raises(NotFound()), "public.read")
    add("/uji/terlalu-sering", raises(TooMany("Coba lagi nanti.", retry_after=42)), "public.read")
    add("/uji/terlalu-besar", raises(TooLarge("Berkas lebih dari 20 MB.")), "public.read")
    add("/uji/mati", raises(Unavailable("Gudang berkas tidak menjawab.")), "public.read")
    add("/uji/setengah", saves_then_fails, "public.read")
    add("/uji/orang", lambda: str(db.session.get(Person, request.args["x"])), "public.read")
    add("/uji/rusak", raises(RuntimeError("postgresql://user:secret@host/db")), "public.read")
    add("/uji/pindah", lambda: redirect(safe_next(request.args.get("next"))), "public.read")
    app.add_url_rule("/uji/alamat", endpoint="alamat", view_func=requires("public.read")(where_from))


@pytest.fixture
def visitor(probes: CaseflowApp) -> FlaskClient:
    """A browser nobody is signed in with."""
    return probes.test_client()


@pytest.fixture
def outage(probes: CaseflowApp, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser of a server that shows errors as in production."""
    monkeypatch.setitem(probes.config, "PROPAGATE_EXCEPTIONS", False)
    return probes.test_client()


# --- default deny


def test_a_page_without_a_permission_answers_nobody(visitor: FlaskClient, sign_in: SignIn) -> None:
    answer = visitor.get("/uji/tanpa-izin")
    assert answer.status_code == 403
    assert "rahasia" not in answer.text
    sign_in(visitor, "admin")
    assert visitor.get("/uji/tanpa-izin").status_code == 403


def test_a_permission_that_does_not_exist_stops_the_start() -> None:
    with pytest.raises(PolicyRefused):
        requires("claim.raed")


def test_one_view_cannot_have_two_permissions() -> None:
    view = requires("public.read")(lambda: "x")
    with pytest.raises(PolicyRefused):
        requires("claim.read")(view)


def test_files_of_the_project_are_public(probes: CaseflowApp) -> None:
    assert permission_of(probes, "static") == "public.read"


def test_strangers_are_sent_to_sign_in_and_come_back(visitor: FlaskClient) -> None:
    answer = visitor.get("/uji/kasus?bagian=2")
    assert answer.status_code == 303
    assert answer.location == "/masuk?next=/uji/kasus%3Fbagian%3D2"


def test_strangers_who_send_something_are_told_it_was_not_saved(visitor: FlaskClient) -> None:
    answer = visitor.post(
        "/uji/kerja", data={"isi": "dua jam kerja"}, headers={"Sec-Fetch-Site": "same-origin"}
    )
    assert answer.status_code == 401
    assert "belum tersimpan" in answer.text
    assert 'name="isi" value="dua jam kerja"' in answer.text


def test_families_are_sent_to_their_own_door(visitor: FlaskClient) -> None:
    assert visitor.get("/uji/berkas").location == "/masuk-keluarga"


def test_the_wrong_role_is_refused_in_words(visitor: FlaskClient, sign_in: SignIn) -> None:
    sign_in(visitor, "nina")
    answer = visitor.get("/uji/kasus")
    assert answer.status_code == 403
    assert "Petugas klaim" in answer.text


# --- headers


PATHS = [
    "/uji/umum",
    "/uji/kasus",
    "/uji/tanpa-izin",
    "/uji/tidak-ada",
    "/uji/mati",
    "/tidak-ada",
    "/static/tidak-ada.css",
    "/masuk",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "TRACE", "FOO", "OPTIONS"])
def test_every_answer_carries_every_header(visitor: FlaskClient, path: str, method: str) -> None:
    headers = visitor.open(path, method=method).headers
    assert {
        name: headers.get(name)
        for name in (
            "Content-Security-Policy",
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Resource-Policy",
            "X-Frame-Options",
        )
    } == {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cache-Control"] == "no-store" or path.startswith("/static/")
    assert len(headers["X-Request-ID"]) == 8


def test_the_policy_allows_nothing_inline_and_nobody_around() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY


def test_every_page_carries_them(probes: CaseflowApp) -> None:
    """Every GET address without arguments, whatever it answers."""
    client = probes.test_client()
    for rule in probes.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments and not rule.rule.startswith("/uji/"):
            answer = client.get(rule.rule)
            assert answer.status_code < 500 or rule.rule == "/readyz", rule.rule
            assert answer.headers["Content-Security-Policy"], rule.rule
            assert answer.headers["X-Content-Type-Options"] == "nosniff", rule.rule


def test_https_is_remembered_only_over_https(visitor: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in visitor.get("/uji/umum").headers
    assert (
        "max-age="
        in visitor.get("/uji/umum", base_url="https://localhost").headers["Strict-Transport-Security"]
    )


# --- hosts and proxies


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "evil.example:80", "a b", ""])
def test_an_unknown_host_gets_nothing(visitor: FlaskClient, host: str) -> None:
    answer = visitor.get("/uji/umum", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert answer.headers["Content-Security-Policy"]


FORGED = {
    "X-Forwarded-For": "6.6.6.6, 10.0.0.7",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
}


def test_nobody_is_believed_about_a_proxy(visitor: FlaskClient) -> None:
    assert visitor.get("/uji/alamat", headers=FORGED).json == {
        "from": "127.0.0.1",
        "self": "http://localhost/uji/alamat",
    }


def test_the_last_proxy_is_believed_when_there_is_one(database: FreshDatabase, tmp_path: Path) -> None:
    with process_of(database, tmp_path, proxy_hops=1) as app:
        answer = app.test_client().get("/uji/alamat", headers=FORGED)
    assert answer.json == {"from": "10.0.0.7", "self": "https://localhost/uji/alamat"}


# --- where to go next


@pytest.mark.parametrize(
    "target",
    ["//evil", "/\\evil", "https:evil", "https://evil", "javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "\\\\evil", "",
     "evil", " /petugas", "/\tx", "/" + "a" * 600, "/\u2028x", "data:text/html,x"],
)  # fmt: skip
def test_nobody_is_sent_away_from_here(target: str, visitor: FlaskClient) -> None:
    assert safe_next(target, "/petugas") == "/petugas"
    answer = visitor.get("/uji/pindah", query_string={"next": target})
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("target", ["/", "/petugas/SJJ-26-0042-7?bagian=2", "/petugas/cari?q=Siti%20A"])
def test_a_page_of_ours_is_a_good_place(target: str) -> None:
    assert safe_next(target) == target


# --- bodies


def test_a_form_without_token_is_kept_and_sent_again_by_hand(visitor: FlaskClient) -> None:
    answer = visitor.post("/uji/kirim", data={"isi": "Pasar <b>"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 403
    assert "Isiannya masih ada, kirim lagi" in answer.text
    assert 'name="isi" value="Pasar &lt;b&gt;"' in answer.text
    again = visitor.post("/uji/kirim", data={"isi": "Pasar <b>", "csrf_token": csrf_of(answer.text)})
    assert again.text == "Pasar <b>"


@pytest.mark.parametrize("token", ["", "x", "IjEyMyI.aaaa.bbbb"])
def test_another_or_no_token_is_refused(visitor: FlaskClient, token: str) -> None:
    answer = visitor.post("/uji/kirim", data={"isi": "rahasia", "csrf_token": token})
    assert answer.status_code == 403
    assert "Halaman kedaluwarsa" in answer.text
    assert "rahasia" not in answer.text


def test_a_token_of_another_browser_is_refused(probes: CaseflowApp) -> None:
    mine, other = probes.test_client(), probes.test_client()
    token = csrf_of(other.get("/masuk").text)
    mine.get("/masuk")
    assert mine.post("/uji/kirim", data={"isi": "x", "csrf_token": token}).status_code == 403


def test_secrets_are_not_kept_in_a_page(visitor: FlaskClient) -> None:
    headers = {"Sec-Fetch-Site": "same-origin"}
    answer = visitor.post(
        "/masuk", data={"username": "dedi", "passphrase": "lesung kabut sendok"}, headers=headers
    )
    assert answer.status_code == 403
    assert "lesung" not in answer.text


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_site_cannot_send_our_forms(visitor: FlaskClient, site: str) -> None:
    token = csrf_of(visitor.get("/masuk").text)
    answer = visitor.post(
        "/uji/kirim", data={"isi": "x", "csrf_token": token}, headers={"Sec-Fetch-Site": site}
    )
    assert answer.status_code == 403
    assert 'name="isi"' not in answer.text


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/xml", "text/xml"])
def test_only_forms_are_read(visitor: FlaskClient, kind: str) -> None:
    assert visitor.post("/uji/kirim", data="{}", content_type=kind).status_code == 415


def test_packed_bodies_are_not_opened(visitor: FlaskClient) -> None:
    assert (
        visitor.post("/uji/kirim", data={"isi": "x"}, headers={"Content-Encoding": "gzip"}).status_code == 415
    )


def test_a_large_body_is_refused_in_words(visitor: FlaskClient) -> None:
    answer = visitor.post("/uji/kirim", data={"isi": "x" * (1 << 21)})
    assert answer.status_code == 413
    assert "belum tersimpan" in answer.text


def test_a_thousand_fields_are_refused(visitor: FlaskClient) -> None:
    assert (
        visitor.post(
            "/uji/kirim", data={f"f{n}": "x" for n in range(1000)}, content_type="multipart/form-data"
        ).status_code
        == 413
    )


# --- refusals


def test_refusals_name_status_reason_and_number(visitor: FlaskClient) -> None:
    answer = visitor.get("/uji/setengah")
    assert answer.status_code == 409
    assert "Alasan satu." in answer.text
    assert "Alasan dua." in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_a_refused_act_saves_nothing(visitor: FlaskClient, probes: CaseflowApp) -> None:
    visitor.get("/uji/setengah")
    with probes.app_context():
        assert db.session.query(Person).filter_by(full_name="Tidak Boleh Ada").count() == 0


def test_too_many_says_when(visitor: FlaskClient) -> None:
    answer = visitor.get("/uji/terlalu-sering")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "42")


@pytest.mark.parametrize(
    ("path", "status"), [("/uji/terlalu-besar", 413), ("/uji/mati", 503), ("/uji/tidak-ada", 404)]
)
def test_every_refusal_has_its_status(visitor: FlaskClient, path: str, status: int) -> None:
    assert visitor.get(path).status_code == status


@pytest.mark.parametrize(
    "path",
    ["/%2e%2e/etc/passwd", "//evil", "/;jsessionid=1", "/.git/config", "/.env", "/static/../app.py", "/openapi.json",
     "/metrics", "/debug", "/static/%2e%2e/app.py", "/%c0%af", "/" + "a" * 8000],
)  # fmt: skip
def test_odd_addresses_are_not_found(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code in {308, 400, 404}


@pytest.mark.parametrize("path", ["/uji/umum?x=%00", "/uji/umum?x=a%00b&y=1"])
def test_a_nul_in_the_address_is_a_bad_request(visitor: FlaskClient, path: str) -> None:
    assert visitor.get(path).status_code == 400


def test_what_the_database_cannot_store_is_a_bad_request(visitor: FlaskClient) -> None:
    assert visitor.get("/uji/orang?x=99999999999999999999999").status_code == 400


def test_other_methods_are_named(visitor: FlaskClient) -> None:
    answer = visitor.get("/uji/kirim")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_crash_says_nothing_about_itself(outage: FlaskClient) -> None:
    answer = outage.get("/uji/rusak")
    assert answer.status_code == 500
    assert "gangguan" in answer.text
    assert "secret" not in answer.text
    assert answer.headers["Content-Security-Policy"]


def test_even_the_page_of_refusals_may_fail(outage: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise RuntimeError("template gone")

    monkeypatch.setattr("caseflow.web.refusals.render_template", broken)
    answer = outage.get("/uji/rusak")
    assert answer.status_code == 500
    assert "telepon" in answer.text


def test_cookies_are_bound_to_host_and_https(database: FreshDatabase, tmp_path: Path) -> None:
    with process_of(database, tmp_path, base_url="https://localhost", secure_cookies=True) as app:
        answer = app.test_client().get("/masuk", base_url="https://localhost")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-isian=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert "Expires" in cookie
