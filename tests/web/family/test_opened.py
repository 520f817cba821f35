"""Who opened the file: every door through which staff read a case leaves a trace that its family reads."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from caseflow import clock
from caseflow.app import CaseflowApp
from caseflow.audit.operations import note_look, record
from caseflow.claims.models import Claim
from caseflow.claims.traces import Trace, traces
from caseflow.documents.models import Document
from caseflow.people.devices import device_for_reporter
from caseflow.web.casework.words import ACTS
from caseflow.web.family.opened import WORDS
from tests import story
from tests.story import Stage

PAGE = "/berkas/pembuka"
SignIn = Callable[[FlaskClient, str], None]


def with_phone(stage: Stage, client: FlaskClient, claim: Claim, holder: str = "Yusra") -> FlaskClient:
    """Give the browser the phone of a holder."""
    client.set_cookie("kel", device_for_reporter(stage.session, claim.id, holder, now=clock.now()))
    stage.session.commit()
    return client


def read(client: FlaskClient, query: str = "") -> str:
    """The family's page."""
    answer = client.get(PAGE + query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def test_every_small_act_has_the_familys_words() -> None:
    """What staff read of it in the history, families read here."""
    assert set(ACTS) <= set(WORDS)


def test_the_list_says_who_when_and_what(stage: Stage, client: FlaskClient) -> None:
    claim = story.with_papers(stage)
    paper = stage.session.scalars(select(Document.public_id).limit(1)).one()
    for name in ("dedi", "aulia"):
        note_look(stage.session, claim.id, by=stage.staff[name])
    for number in (1, 2):
        record(
            stage.session,
            "document.opened",
            by=stage.verifier,
            casefile_id=claim.id,
            subject=f"document:{paper}",
            details={"page": number},
        )
    record(stage.session, "claim.nik_unmasked", by=stage.verifier, casefile_id=claim.id)
    record(stage.session, "complaint.received", by=None, casefile_id=claim.id)
    page = read(with_phone(stage, client, claim))
    for words in (
        "Jumat, 20 November 2026",
        "Pukul 10.00 WIB",
        "Dedi, petugas klaim",
        "Auditor",
        "Membuka berkas",
        "Melihat dokumen: KTP almarhum (2 kali)",
        "Menampilkan nomor KTP lengkap",
        "Ibu/Bapak sendiri",
        "HP lain atas nama Ibu/Bapak",
        "Yang melapor",
        'href="/berkas/aduan"',
    ):
        assert words in page
    for words in ("Putra", "aulia", "Aulia", "complaint", "document.opened", "Sistem"):
        assert words not in page


def test_other_relatives_and_helpers_are_not_named(stage: Stage, client: FlaskClient) -> None:
    claim = story.reported(stage)
    device_for_reporter(stage.session, claim.id, "Rani", now=clock.now())
    page = read(with_phone(stage, client, claim))
    assert "HP lain dari keluarga" in page
    assert "Rani" not in page


def test_a_case_shows_nobody_of_another_case(stage: Stage, client: FlaskClient) -> None:
    claim, other = story.reported(stage), story.reported(stage, story.NURBAITI)
    note_look(stage.session, other.id, by=stage.staff["mega"])
    device_for_reporter(stage.session, other.id, "Afrizal", now=clock.now())
    page = read(with_phone(stage, client, claim))
    for name in ("Mega", "Afrizal", "Nurbaiti"):
        assert name not in page


def test_one_person_one_case_one_hour_is_one_row(stage: Stage) -> None:
    session, claim, other = stage.session, story.reported(stage), story.reported(stage, story.NURBAITI)
    for who in ("dedi", "dedi", "mega", "dedi"):
        note_look(session, claim.id, by=stage.staff[who])
    note_look(session, other.id, by=stage.verifier)
    note_look(session, claim.id, by=story.phone_of(stage, claim))  # a family's own reading is its own
    session.flush()
    assert [(one.name, one.role) for one in _looks(session, claim)] == [
        ("Mega Yulia", "approver"),
        ("Dedi Putra", "officer"),
    ]
    clock.set_start(clock.now() + timedelta(hours=2))
    note_look(session, claim.id, by=stage.verifier)
    session.flush()
    assert len(_looks(session, claim)) == 3


def _looks(session: Session, claim: Claim) -> list[Trace]:
    return [one for one in traces(session, claim.id, limit=99) if one.action == "case.looked"]


def test_the_list_goes_on_over_pages_without_a_gap(stage: Stage, client: FlaskClient) -> None:
    claim = story.reported(stage)
    for number in range(70):
        record(
            stage.session, "claim.assigned", by=stage.verifier, casefile_id=claim.id, subject=f"n:{number}"
        )
    browser = with_phone(stage, client, claim)
    first = read(browser)
    older = first.split('href="/berkas/pembuka?sebelum=', 1)[1].split('"', 1)[0]
    second = read(browser, f"?sebelum={older}")
    assert "Menentukan petugas yang mengurus (49 kali)" in first  # and the phone that was opened
    assert "Menentukan petugas yang mengurus (21 kali)" in second
    assert "Yang lebih lama" not in second
    assert "Tidak ada catatan yang lebih lama." in read(browser, "?sebelum=1")


@pytest.mark.parametrize("junk", ["", "-1", "x", "9" * 30, "%00"])
def test_junk_in_the_address_shows_the_newest_or_nothing(
    stage: Stage, client: FlaskClient, junk: str
) -> None:
    browser = with_phone(stage, client, story.reported(stage))
    assert browser.get(f"{PAGE}?sebelum={junk}").status_code in {200, 400}


# --- every door

READERS = {"casework": ("mega", "dedi"), "finance": ("nina",)}
# values for what stands in an address beside the number of the case
VALUES: dict[str, object] = {"code": "active_on_event", "action": "return_to_officer", "page": 1}


def doors(app: CaseflowApp) -> list[Rule]:
    """Addresses of staff by which one case is read; those of a payment batch are of no single case."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and rule.endpoint.split(".")[0] in READERS
        and "number" in rule.arguments
        and not rule.endpoint.startswith("casework.back_to_form")
        and not rule.rule.startswith("/keuangan/berkas/")
    ]


def test_every_reading_door_leaves_a_trace(
    stage: Stage, app: CaseflowApp, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each door on its own, as if the hour of the look before were over."""
    monkeypatch.setattr("caseflow.audit.operations._LOOKS_EVERY", timedelta(0))
    claim = story.approved(stage)
    stage.session.commit()
    browsers = {who: app.test_client() for who in ("mega", "dedi", "nina")}
    for who, browser in browsers.items():
        sign_in(browser, who)
    silent, opened = [], 0
    for rule in doors(app):
        values = {name: VALUES.get(name, 1) for name in rule.arguments} | {"number": claim.number}
        path = app.url_map.bind("localhost").build(rule.endpoint, values, method="GET")
        for who in READERS[rule.endpoint.split(".")[0]]:
            before = _traces(stage.session, claim)
            answer = browsers[who].get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                opened += 1
                silent += [f"{who} {rule.rule}"] if _traces(stage.session, claim) == before else []
    assert silent == []
    assert opened > 30


def test_a_refused_door_leaves_none(stage: Stage, app: CaseflowApp, sign_in: SignIn) -> None:
    """Who may not read the case has seen nothing of it."""
    claim = story.reported(stage)
    stage.session.commit()
    for who in ("fitri", "rosa", "nina"):
        browser = app.test_client()
        sign_in(browser, who)
        assert browser.get(f"/petugas/kasus/{claim.number}").status_code in {403, 404}
    assert _looks(stage.session, claim) == []


def _traces(session: Session, claim: Claim) -> int:
    session.rollback()
    return len(traces(session, claim.id, limit=500))
