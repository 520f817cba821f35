"""What trust.md d.3 can send through the application: headers on every answer, cookies, targets, odd words."""

import ast
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from caseflow import clock
from caseflow.config import ROOT
from caseflow.people import slips
from caseflow.people.actor import SYSTEM
from caseflow.people.devices import device_for_reporter
from caseflow.training.people import PASSPHRASE
from caseflow.web.security import CONTENT_SECURITY_POLICY
from tests.web.bad.door import House, Sender, words_of

PEPPER = "p" * 40
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# beside every address of the house: what is no address, and what is static
OTHERS = ("/tidak-ada", "/static/css/base.css", "/static/tidak-ada.css", "/static/../app.py", "/.env")
# the worklist is kept by the officer's own browser, which must ask each time whether it is still true
ASKED_AGAIN = ("/petugas/",)
# figures and state of the service: the same for every reader, so that a cache may serve them for some minutes
FOR_EVERYBODY = ("/statistik", "/statistik.csv", "/statistik.json", "/layanan")
ELSEWHERE = ("//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "javascript:alert(1)",
             "/a%0d%0aSet-Cookie: x=1", "/a\r\nSet-Cookie: x=1")  # fmt: skip
PROGRAMS = ("{{7*7}}", "${7*7}", "' OR '1'='1' --", '{"$gt":""}', "*)(uid=*))(|(uid=*", "; cat /etc/passwd", "`id`",
            "<script>alert(1)</script>", "%(7)s", "{0.__class__}")  # fmt: skip
# the only modules that may open a line to another machine
FETCHERS = {
    "documents/scan.py",
    "documents/storage/s3.py",
    "launch/problems.py",
    "launch/supervisor.py",
    "notices/adapters/gateway.py",
    "notices/adapters/mail.py",
}
NETWORK = {
    "urllib.request",
    "http.client",
    "httpx",
    "requests",
    "urllib3",
    "aiohttp",
    "smtplib",
    "socket",
    "ftplib",
}


def wrong_headers(answer: Response) -> dict[str, str | None]:
    """Headers that are not as they must be."""
    expected = HEADERS
    if answer.mimetype == "application/pdf":  # what is handed out as a letter may do even less
        expected = {**HEADERS, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return {
        name: answer.headers.get(name)
        for name, value in expected.items()
        if answer.headers.get(name) != value
    }


def test_every_answer_of_the_house(house: House) -> None:
    """H09, H10, H11: whoever asks, whatever the answer; nothing is kept by a browser or a proxy but static files."""
    browsers = {"nobody": house.app.test_client(), "family": house.family().browser, "officer": house.officer}
    wrong: list[str] = []
    for rule in house.app.url_map.iter_rules():
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<{name}>", "x").replace(f"<int:{name}>", "1").replace(f"<path:{name}>", "x")
        for who, browser in browsers.items():
            for method in ("GET", "POST") if "/keluar" not in path and "/tutup" not in path else ("GET",):
                with browser.open(path, method=method) as answer:
                    wrong += [f"{who} {method} {path}: {what}" for what in _faults(answer, path)]
    for path in OTHERS:
        with browsers["nobody"].get(path) as answer:
            wrong += [f"{path}: {what}" for what in _faults(answer, path)]
    assert wrong == []


def _faults(answer: Response, path: str) -> list[str]:
    found = [f"{name} is {value}" for name, value in wrong_headers(answer).items()]
    if (
        not path.startswith("/static/")
        and path not in ASKED_AGAIN
        and not (path in FOR_EVERYBODY and answer.status_code == 200)
        and "no-store" not in answer.headers.get("Cache-Control", "")
    ):
        found.append(f"may be kept: {answer.headers.get('Cache-Control')}")
    if answer.status_code >= 500 and path != "/readyz":
        found.append(str(answer.status_code))
    return found


@pytest.mark.parametrize("path", FOR_EVERYBODY)
def test_what_a_cache_may_keep_is_the_same_for_every_reader(house: House, path: str) -> None:
    """H09: nothing of who asks is in it, and no cookie goes with it."""
    bodies = set()
    for browser in (house.app.test_client(), house.family().browser, house.officer):
        with browser.get(path) as answer:
            assert answer.status_code == 200
            assert "Set-Cookie" not in answer.headers
            bodies.add(answer.get_data())
    assert len(bodies) == 1


def test_over_https_the_browser_remembers_it(house: House) -> None:
    """H10: on pages, refusals and static files."""
    browser = house.app.test_client()
    for path in ("/", "/tidak-ada", "/static/css/base.css"):
        with browser.get(path, base_url="https://localhost") as answer:
            assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(house: House, target: str) -> None:
    """H06: also where the way back is given by the address."""
    form = {"username": "mega", "passphrase": PASSPHRASE}
    answer = house.app.test_client().post(
        "/masuk", query_string={"next": target}, data={**form, "next": target}
    )
    assert answer.status_code == 303
    assert answer.location.startswith("/")
    assert "evil" not in answer.location
    assert "x=1" not in str(answer.headers.getlist("Set-Cookie"))


def test_a_cookie_opens_only_its_own_door(house: House) -> None:
    """H08: the phone's token says nothing to the staff's door, and the other way round."""
    with Session(house.engine) as session, session.begin():
        phone = device_for_reporter(session, house.family().casefile_id, "Yusra", now=clock.now())
    cookie = house.officer.get_cookie("petugas")
    assert cookie is not None
    stranger, other = house.app.test_client(), house.app.test_client()
    stranger.set_cookie("petugas", phone)
    other.set_cookie("kel", cookie.value)
    assert stranger.get("/petugas/").location == "/masuk?next=/petugas/"
    assert other.get("/berkas").location == "/masuk-keluarga"


@pytest.mark.parametrize("word", PROGRAMS)
def test_words_that_are_programs_elsewhere(house: House, word: str) -> None:
    """H13: shown as they were typed, and the same answer as for any other nonsense."""
    browser = house.app.test_client()
    usual = browser.post("/masuk-keluarga", data={"number": "nonsense", "code": "nonsense"})
    answer = browser.post("/masuk-keluarga", data={"number": word, "code": word})
    page = answer.get_data(as_text=True)
    assert answer.status_code == usual.status_code == 422
    assert "<script>alert" not in page
    assert not {"49", "root:", "uid="} & set(words_of(answer).replace(word, "").split())
    signed = browser.post("/masuk", data={"username": word, "passphrase": word})
    assert signed.status_code == 422 or "Nama pengguna" in words_of(signed)
    assert signed.status_code < 500


def test_of_a_field_sent_twice_the_first_counts(house: House) -> None:
    """H15: the rule of the whole house, in the address and in the form."""
    browser = house.app.test_client()
    page = browser.get("/masuk-keluarga?nomor=SJJ-26-0001-7&nomor=SJJ-26-0002-5").get_data(as_text=True)
    assert "SJJ-26-0001-7" in page
    assert "SJJ-26-0002-5" not in page
    body = "number=SJJ-26-0001-7&number=SJJ-26-0002-5&code="
    answer = browser.post("/masuk-keluarga", data=body, content_type="application/x-www-form-urlencoded")
    assert "SJJ-26-0001-7" in answer.get_data(as_text=True)
    assert "SJJ-26-0002-5" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("origin", ["null", "https://evil.example"])
def test_no_other_site_may_read(house: House, origin: str) -> None:
    """H20: no header that lets it, no answer wrapped in a function."""
    browser = house.family().browser
    for method in ("GET", "OPTIONS"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        answer = browser.open("/berkas?callback=ambil&jsonp=ambil", method=method, headers=headers)
        assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118
        assert "ambil(" not in answer.get_data(as_text=True)


def test_nothing_here_fetches_addresses() -> None:
    """H24: no user gives an address that we would fetch; only these modules open a line at all."""
    found = {
        path.relative_to(ROOT / "caseflow").as_posix()
        for path in (ROOT / "caseflow").rglob("*.py")
        if _imports(path) & NETWORK
    }
    assert found <= FETCHERS


def _imports(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def issued(house: House, sender: Sender) -> list[str]:
    """The codes of a slip of the sender's case."""
    with Session(house.engine) as session, session.begin():
        printed = slips.issue_slip(
            session, sender.casefile_id, "Yusra", by=SYSTEM, now=clock.now(), pepper=PEPPER
        )
    return list(printed.codes)


def test_a_robot_at_the_slip_changes_nothing(house: House) -> None:
    """H25: looking at the address of a slip, with whatever behind it, spends no code and opens no case."""
    sender = house.family()
    code = issued(house, sender)[0]
    robot = house.app.test_client()
    for method in ("GET", "HEAD"):
        answer = robot.open(
            "/masuk-keluarga",
            method=method,
            query_string={"nomor": sender.number, "code": code, "kode": code},
        )
        assert answer.status_code == 200
        assert robot.get_cookie("kel") is None
        assert code not in answer.get_data(as_text=True)
    assert _open(robot, sender.number, code).status_code == 303


def _open(browser: FlaskClient, number: str, code: str) -> TestResponse:
    return browser.post("/masuk-keluarga", data={"number": number, "code": code, "owner": "sendiri"})


def test_many_phones_behind_one_address_are_served(house: House) -> None:
    """H26: who guesses at one case waits, with the time in words and header; the neighbours behind the same mast do not."""
    guessed, neighbour = house.family(), house.family()
    issued(house, guessed)
    right = issued(house, neighbour)[0]
    browser = house.app.test_client()
    wrong = issued(house, house.family())[0]
    statuses = [_open(browser, guessed.number, wrong) for _ in range(8)]
    last = statuses[-1]
    assert last.status_code == 429
    assert int(last.headers["Retry-After"]) > 0
    assert "Coba lagi pukul" in words_of(last)
    assert _open(house.app.test_client(), neighbour.number, right).status_code == 303
    for _ in range(60):
        with house.family().browser.get("/berkas") as page:
            assert page.status_code == 200
