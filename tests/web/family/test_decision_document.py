"""The approved statement as data, an adjusted line in words, and whose phone reads what."""

import json
from collections.abc import Mapping
from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow import clock
from caseflow.claims import adjustments
from caseflow.claims.benefit import computed_statement, current_assessment
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from tests import story
from tests.story import Stage
from tests.web.family.walk import Walk, begin, notified

RINCIAN = "/berkas/rincian.json"
REASON = "Sopir mengembalikan lima puluh ribu rupiah."


def until_submitted(walk: Walk) -> Walk:
    """The short way: concluded, certified, one receipt, handed in."""
    walk.link().event().go("report_stage_one").care().concluded("work", "at_work").certified()
    walk.go("receive_certificate").papers().go("start_verification").checked().go("conclude")
    return walk.payee("Marzuki").go("calculate")


def adjusted(walk: Walk) -> Walk:
    """An officer proposes another amount, an approver agrees."""
    statement = computed_statement(walk.session, walk.claim, now=clock.now())
    row = adjustments.propose(
        walk.session,
        walk.claim,
        statement,
        "transport_land",
        300_000,
        REASON,
        by=walk.officer,
        now=clock.now(),
    )
    adjustments.answer(
        walk.session, walk.claim, row.id, "confirmed", "", by=walk.stage.staff["mega"], now=clock.now()
    )
    return walk


@pytest.fixture
def walk(stage: Stage, client: FlaskClient) -> Walk:
    """Marzuki's claim, ready to be computed."""
    return until_submitted(notified(stage, client))


def test_there_is_nothing_before_the_decision(walk: Walk) -> None:
    """Computed and handed in is not decided."""
    walk.computed().go("submit")
    answer = walk.phone.get(RINCIAN)
    assert answer.status_code == 404
    assert "Rinciannya belum ada" in answer.get_data(as_text=True)


def test_it_is_the_stored_statement_without_what_is_for_staff(walk: Walk, staff: Mapping[str, Actor]) -> None:
    walk.until_approved()
    answer = walk.phone.get(RINCIAN)
    assert answer.mimetype == "application/json"
    text = answer.get_data(as_text=True)
    told = json.loads(text)
    assessment = current_assessment(walk.session, walk.claim.id)
    assert assessment is not None
    assert told["number"] == walk.claim.number
    assert told["total_idr"] == assessment.total_idr == sum(line["amount_idr"] for line in told["lines"])
    assert [line["code"] for line in told["lines"]] == [
        line["code"] for line in assessment.statement["lines"]
    ]
    assert told["notes"] == assessment.statement["notes"]
    assert "open_questions" not in text
    assert "certainty" not in text
    assert [actor.name for actor in staff.values() if actor.name in text] == []


def test_an_adjusted_line_keeps_both_amounts_and_the_reason(walk: Walk, staff: Mapping[str, Actor]) -> None:
    """On the page once, in the line; in the data as numbers; who agreed is for staff."""
    page = adjusted(walk).computed().go("submit").go("approve", "mega").page("approved")
    assert "Rp300.000" in page
    assert f"Menurut hitungan Rp350.000. Disesuaikan: {REASON}" in page
    assert page.count(REASON) == 1
    text = walk.phone.get(RINCIAN).get_data(as_text=True)
    line = next(line for line in json.loads(text)["lines"] if line["adjustment"])
    assert (line["amount_idr"], line["original_idr"], line["adjustment"]) == (300_000, 350_000, REASON)
    assert [
        actor.name
        for actor in staff.values()
        if actor.name in text + page.split("<main")[1].split("petugas-judul")[0]
    ] == []


def test_it_goes_away_when_the_approval_is_taken_back(walk: Walk) -> None:
    walk.until_approved().go("void_approval", reason="facts_changed")
    assert walk.phone.get(RINCIAN).status_code == 404
    assert "Santunan yang disetujui" not in walk.page("returned")


def test_a_death_claim_has_it_too(stage: Stage, client: FlaskClient) -> None:
    death = begin(stage, client, story.approved(stage), "Yusra")
    told = death.phone.get(RINCIAN).get_json()
    assert (told["program"], told["total_idr"]) == ("jkm", 42_000_000)
    assert "Almarhum Samsir" in death.page("approved")
    assert "ke rekening ahli waris" in death.page("approved")


def test_one_phone_never_sees_another_case(walk: Walk, stage: Stage, client: FlaskClient) -> None:
    """The address names no case: each phone gets its own, and a stranger is asked for a code."""
    walk.until_approved()
    other = notified(stage, client, national_id=None, worker_name="Bustamam", notifier_name="Rosmi")
    assert "Marzuki" not in other.page("notified")
    assert other.phone.get(RINCIAN).status_code == 404
    assert client.get(RINCIAN).location == "/masuk-keluarga"


def test_who_only_helped_reads_how_far_it_is_and_no_more(stage: Stage, client: FlaskClient) -> None:
    """A clinic gave the notice: its phone shows steps, no care, no money; the family's slip shows all."""
    clinic = until_submitted(
        notified(stage, client, notifier_role="health_facility", notifier_name="Klinik Latihan")
    )
    clinic.until_approved()
    page = clinic.page("approved")
    assert "Santunan disetujui" in page
    assert "Rp350.000" not in page
    assert "Rawat inap" not in clinic.page("verifying")
    assert "hanya tampil di HP pekerja atau keluarganya" in page
    assert clinic.phone.get(RINCIAN).status_code == 404
    token = device_for_reporter(stage.session, clinic.claim.id, "Yulia", now=clock.now())
    stage.session.commit()
    clinic.phone.set_cookie("kel", token)
    assert "Rp350.000" in unescape(clinic.phone.get("/berkas").get_data(as_text=True))
    assert clinic.phone.get(RINCIAN).status_code == 200
