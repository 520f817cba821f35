"""Every state of a scholarship on the family's phone: whose it is, its school years, and what comes next."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from caseflow import clock
from caseflow.claims import scholarship, workflows
from caseflow.claims.models import FamilyMember
from caseflow.claims.scholarship import YearFacts
from caseflow.claims.scholarship_opening import ChildFacts, open_right
from tests.scholarship_story import paid_claim
from tests.story import BRANCH, Stage
from tests.web.family.test_accident_states import current_step, main_part
from tests.web.family.walk import Walk, begin

_CHOSEN_BY = "Istri pekerja, di kantor cabang"


def opened(stage: Stage, client: FlaskClient, name: str = "Rafi", facts: ChildFacts | None = None) -> Walk:
    """The right of one of his children."""
    paid = paid_claim(stage)
    member = stage.session.scalars(
        select(FamilyMember.id).where(FamilyMember.casefile_id == paid.id, FamilyMember.full_name == name)
    ).one()
    known = facts or ChildFacts(employment="none", guardian_name="Elmita", guardian_basis="court")
    claim = open_right(
        stage.session,
        paid,
        member,
        known,
        chosen_by=_CHOSEN_BY,
        branch=BRANCH,
        by=stage.verifier,
        now=clock.now(),
    )
    return begin(stage, client, claim, "Elmita")


def asked(walk: Walk) -> Walk:
    """The family applies for the school year that has begun."""
    year = YearFacts(year=2026, level="sd", school="SDN 1 Latihan")
    scholarship.ask_year(walk.session, walk.claim, [year], by=walk.officer, now=clock.now())
    return walk.look()


def proven(walk: Walk) -> Walk:
    """The papers prove that the child goes to school."""
    scholarship.prove_study(walk.session, walk.claim, {2026: True}, by=walk.officer, now=clock.now())
    return walk


@pytest.fixture
def whole_walk(stage: Stage, client: FlaskClient) -> Walk:
    """Rafi's school year 2026/2027, from the right to the money and the wait for the next year."""
    walk = asked(opened(stage, client)).papers().go("start_verification")
    walk.go("hold", reason="family_request").go("resume", "mega")
    proven(walk.checked()).payee("Elmita").go("calculate").computed().go("submit")
    walk.go("return_to_officer", "mega", reason="document").go("rework").go("calculate").until_approved()
    walk.go("send_payment", "hadi").go("report_payment_failure", "lusi", reason="bank_error")
    walk.go("reissue_payment", "mega").go("send_payment", "hadi").go("confirm_payment", "lusi")
    return walk


def test_every_state_names_the_child_and_its_sentence(whole_walk: Walk) -> None:
    """The name of the child alone; what is a death in the family is not told again on each page."""
    walk = whole_walk.later(5).go("finish_year")
    states = workflows.book().latest("scholarship").states
    elsewhere = {"draft", "waiting_school", "refused", "objection", "ended", "withdrawn"}
    assert set(states) == set(walk.read) | elsewhere
    for state, page in walk.read.items():
        assert "Beasiswa Rafi" in page
        assert re.search(r"\bAlm(\.|arhum)", main_part(page)) is None
        fixed = max(re.split(r"\{\w+\}", states[state].family_sentence), key=len).strip(" .,;")
        assert fixed[1:] in main_part(page), state


def test_the_calendar_tells_what_can_be_asked_for_now(whole_walk: Walk) -> None:
    page = whole_walk.page("waiting_year")
    assert "2026/2027: dapat diajukan sekarang (perkiraan jenjang SMP atau sederajat)." in page
    assert "2028/2029: dapat diajukan mulai 1 Juli 2028 (perkiraan jenjang SMP atau sederajat)." in page
    assert "Surat keterangan masih sekolah atau kuliah; Rapor atau transkrip terakhir" in page
    assert "Ajukan tahun ajaran ini" in page
    assert "Kami mengingatkan Ibu/Bapak lagi sekitar" in page
    assert "Rp1.500.000" in page
    assert "paling lama 6 tahun" in page


def test_one_school_year_after_another(whole_walk: Walk) -> None:
    """While it runs the year is named with its school; once paid it stands among the paid ones, and a new round begins."""
    pending = whole_walk.page("documents_pending")
    assert "2026/2027, SDN 1 Latihan" in pending
    assert "dapat diajukan sekarang" not in pending
    approved = whole_walk.page("approved")
    assert "Beasiswa yang disetujui" in approved
    assert "Rp1.500.000" in approved
    assert "ke rekening anak atau walinya" in approved
    assert current_step(whole_walk.page("payment_in_process")) == "Pembayaran"
    waiting = whole_walk.later(5).go("finish_year").page()
    assert re.search(r"2026/2027: sudah dibayar \([^)]+\): Rp1\.500\.000\.", waiting)
    assert current_step(waiting) == "Laporan"
    assert "step-done" not in waiting


def test_a_child_not_yet_at_school_is_kept(stage: Stage, client: FlaskClient) -> None:
    later = ChildFacts(
        employment="none",
        school_expected_on=date(2027, 7, 12),
        guardian_name="Elmita",
        guardian_basis="court",
    )
    page = opened(stage, client, facts=later).page("waiting_school")
    assert "Haknya tetap ada" in page
    assert "sekitar <strong>12 Juli 2027</strong>" in page


def test_refused_for_a_year_then_objected_to(stage: Stage, client: FlaskClient) -> None:
    """One rung only: an inspector of labour has no part in schools."""
    walk = asked(opened(stage, client)).papers().go("start_verification").checked()
    walk.go("propose_refusal", reason="not_studying").go("refuse", "mega", reason="not_studying")
    page = walk.page("refused")
    assert "Bukti sedang sekolah atau kuliah untuk tahun itu tidak ada." in page
    assert "Ajukan keberatan dari HP ini" in page
    assert "pengawas" not in page
    assert "Sekarang di tahap ini." in walk.go("object", words="Ini suratnya.").page("objection")


def test_a_right_that_ends_or_was_opened_wrongly(stage: Stage, client: FlaskClient) -> None:
    grown = ChildFacts(employment="none", married_on=date(2026, 11, 1))
    walk = opened(stage, client, "Nadia")
    scholarship.correct_child(stage.session, walk.claim, grown, by=stage.verifier, now=clock.now())
    ended = walk.go("end_right", reason="married").page("ended")
    assert "Hak beasiswa berakhir karena anak sudah menikah." in ended
    assert "Kami mengingatkan" not in ended


def test_withdrawn(stage: Stage, client: FlaskClient) -> None:
    page = opened(stage, client).go("withdraw", reason="mistaken").page("withdrawn")
    assert "Pengajuan beasiswa dibatalkan" in page
