"""A case that changes its programme keeps its number, papers and history, and is asked only for what is missing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims import accident, benefit, cover, eligibility, family, medical, operations, worker_payee
from caseflow.claims.family import MemberFacts
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.db_refusals import refusal_of
from caseflow.documents.models import Document, Requirement
from caseflow.documents.review import get_requirement
from caseflow.documents.storage import open_store
from caseflow.errors import NotPossible
from caseflow.law.numbers import NUMBERS_FILE, parse_numbers
from caseflow.people.actor import Actor
from caseflow.workflow.models import History
from tests import story
from tests.accident_story import (
    ERMAWATI,
    MARZUKI,
    approved,
    computed,
    concluded,
    decide_payee,
    enter_account,
    fall_of_samsir,
    moved_to_jkk,
    moved_to_jkm,
    paid,
    press,
    stage_one,
    treated,
    verifying,
    with_payee,
    write_conclusion,
)
from tests.accidents import ERMAWATI_IDR
from tests.story import SAMSIR, Stage, accept_papers, answer_questions, move, send_missing

DIED = replace(ERMAWATI.certificate, condition_on=date(2026, 11, 17), certified_on=date(2026, 11, 18))


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def papers_of(stage: Stage, claim: Claim) -> dict[str, str]:
    """Return what is asked of a case, and how it stands."""
    rows = stage.session.execute(
        select(Requirement.code, Requirement.status).where(Requirement.casefile_id == claim.id)
    )
    return {row.code: row.status for row in rows}


def files_of(stage: Stage, claim: Claim) -> set[int]:
    """Return the keys of the files that count."""
    found = select(Document.id).where(Document.casefile_id == claim.id, Document.withdrawn_at.is_(None))
    return set(stage.session.scalars(found))


def examined(stage: Stage, claim: Claim) -> None:
    """The family sends what is asked for, and the officer begins again."""
    send_missing(stage, claim)
    operations.papers_arrived(stage.session, claim, now=clock.now())
    move(stage, claim, "start_verification")


def test_a_death_that_work_caused_goes_on_as_an_accident(stage: Stage) -> None:
    """Number, files and history stay; the day of the accident selects the rules; the death keeps its own day."""
    claim = story.verifying(stage)
    number, before, files = claim.number, papers_of(stage, claim), files_of(stage, claim)
    moved_to_jkk(stage, claim=claim)
    after = papers_of(stage, claim)
    assert (claim.number, claim.state, claim.program, claim.workflow) == (
        number,
        "documents_pending",
        "jkk",
        "jkk",
    )
    assert (claim.event_on, claim.died_on) == (date(2026, 11, 16), date(2026, 11, 17))
    assert files_of(stage, claim) == files
    assert {code: after[code] for code in before} == before
    assert {after[code] for code in after.keys() - before.keys()} == {"missing"}
    assert "accident_report_stage_1" in after.keys() - before.keys()
    assert claim.clock_started_on is None
    steps = stage.session.scalars(
        select(History.action).where(History.casefile_id == claim.id).order_by(History.version)
    ).all()
    assert steps[-1] == "move_to_jkk"
    assert steps[:2] == ["open", "report"]
    assert run_checks(stage.session.connection()) == {}


def test_every_question_is_open_again_after_the_move(stage: Stage) -> None:
    """An answer was about another programme."""
    claim = moved_to_jkk(stage, claim=story.verified(stage))
    assert eligibility.current_checks(stage.session, claim.id) == {}


def test_a_moved_death_is_paid_by_the_rules_of_accidents(stage: Stage) -> None:
    """To the money, and only once: 70 million and no death claim beside it."""
    claim = moved_to_jkk(stage)
    examined(stage, claim)
    medical.record_certificate(stage.session, claim, DIED, by=stage.verifier, now=clock.now())
    send_missing(stage, claim)
    accept_papers(stage, claim)
    answer_questions(stage, claim, {})
    write_conclusion(stage, claim, "work")
    move(stage, claim, "conclude")
    person = replace(ERMAWATI, relatives=SAMSIR.relatives, payee=SAMSIR.payee, account=SAMSIR.account)
    decide_payee(stage, claim, person)
    enter_account(stage, claim, person)
    move(stage, claim, "calculate")
    assert (
        benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now()).total_idr
        == 70_000_000
    )
    move(stage, claim, "submit")
    paid(stage, person, claim=approved(stage, claim=claim))
    assert claim.state == "paid"
    assert run_checks(stage.session.connection()) == {}


def test_an_accident_that_work_did_not_cause_goes_on_as_a_death(stage: Stage) -> None:
    claim = verifying(stage, ERMAWATI)
    before, files = papers_of(stage, claim), files_of(stage, claim)
    moved_to_jkm(stage, claim=claim)
    after = papers_of(stage, claim)
    assert (claim.program, claim.workflow, claim.event_on) == ("jkm", "jkm", date(2026, 11, 10))
    assert files_of(stage, claim) == files
    assert {code: after[code] for code in before} == before
    # everything that a death needs had been sent for the accident: the case is complete by itself
    assert claim.state == "documents_complete"


def test_a_bereaved_family_is_not_asked_for_forms_of_accidents(stage: Stage) -> None:
    """Concluded before any paper came: what only an accident needs may be left out, until the case moves back."""
    claim = stage_one(stage, ERMAWATI)
    write_conclusion(stage, claim, "not_work")
    move(stage, claim, "conclude_not_work")
    press(stage, claim, "move_to_jkm", by=stage.verifier, reason_text="Bukan jalan pulang dari mengajar.")
    form = get_requirement(stage.session, claim.id, "accident_report_stage_1")
    letter = get_requirement(stage.session, claim.id, "death_letter")
    assert (form.need, letter.need) == ("optional", "required")
    examined(stage, claim)
    assert (claim.state, form.status) == ("verifying", "missing")
    press(stage, claim, "move_to_jkk", by=stage.verifier, reason_text="Saksi kedua menyebut jalan pulang.")
    assert (form.need, claim.state) == ("required", "documents_pending")


def test_there_and_back(stage: Stage) -> None:
    """A case may be moved twice; nothing is asked for a second time."""
    claim = moved_to_jkk(stage)
    asked = set(papers_of(stage, claim))
    examined(stage, claim)
    moved_to_jkm(stage, claim=claim)
    assert (claim.program, claim.state, claim.event_on) == ("jkm", "documents_complete", date(2026, 11, 17))
    move(stage, claim, "start_verification")
    moved_to_jkk(stage, claim=claim)
    assert (claim.program, claim.event_on) == ("jkk", date(2026, 11, 16))
    assert set(papers_of(stage, claim)) == asked
    assert run_checks(stage.session.connection()) == {}


def test_a_move_needs_its_facts(stage: Stage) -> None:
    """No accident, no JKK; no death, no JKM; and not while work is what was concluded."""
    death, hurt = story.verifying(stage), verifying(stage)
    with pytest.raises(NotPossible, match="Catat dulu fakta kecelakaannya"):
        press(stage, death, "move_to_jkk", by=stage.verifier, reason_text="Saksi menyebut kecelakaan.")
    with pytest.raises(NotPossible) as refused:
        press(stage, hurt, "move_to_jkm", by=stage.verifier, reason_text="Bukan kecelakaan kerja.")
    assert refused.value.sentences == [
        "Pekerja tidak tercatat meninggal, jadi tidak ada klaim kematian.",
        "Yang ditulis: kecelakaan kerja.",
    ]


def test_the_same_accident_is_not_carried_by_two_cases(stage: Stage) -> None:
    """Samsir's fall was notified too: his death cannot become a second case of it, and that is said in words."""
    report = replace(MARZUKI.report, national_id=SAMSIR.report.national_id, happened_on=date(2026, 11, 16))
    fallen = replace(MARZUKI, report=report, event=replace(fall_of_samsir(), died_on=None))
    treated(stage, fallen)
    claim = story.verifying(stage)
    with pytest.raises(IntegrityError) as refused, stage.session.begin_nested():
        moved_to_jkk(stage, claim=claim)
    assert "pada hari itu" in str(refusal_of(refused.value))


# ---------------------------------------------------------------- who is paid, when life and death turn out otherwise


def test_a_payee_of_a_living_worker_is_not_one_of_a_dead(stage: Stage) -> None:
    """The worker died after the payee was decided: the family has to be asked."""
    claim = with_payee(stage)
    move(stage, claim, "calculate")
    move(stage, claim, "recheck")
    dead = replace(MARZUKI.certificate, condition="died")
    medical.record_certificate(stage.session, claim, dead, by=stage.verifier, now=clock.now())
    assert "masih hidup" in (RULES["heirs_decided"](stage.session, claim) or "")
    with pytest.raises(NotPossible, match="penerimanya ahli waris"):
        worker_payee.decide_worker(stage.session, claim, by=stage.verifier, now=clock.now())


def test_a_widow_is_not_paid_what_is_the_living_workers(stage: Stage) -> None:
    """The day of death was a mistake: what was decided for the family counts no longer."""
    claim = with_payee(stage, ERMAWATI)
    press(stage, claim, "reconsider", by=stage.verifier, reason_text="Orangnya ternyata masih hidup.")
    event = replace(ERMAWATI.event, died_on=None)
    accident.record_event(stage.session, claim, event, by=stage.verifier, now=clock.now())
    assert claim.died_on is None
    assert "masih hidup" in (RULES["heirs_decided"](stage.session, claim) or "")


def test_relatives_on_the_list_do_not_keep_the_worker_from_being_paid(stage: Stage) -> None:
    """The decision holds everybody who is on the list, so that it is current."""
    claim = concluded(stage)
    facts = MemberFacts(full_name="Desi", relation="widow", source="Kartu Keluarga")
    family.record_member(stage.session, claim, facts, by=stage.verifier, now=clock.now())
    worker_payee.decide_worker(stage.session, claim, by=stage.verifier, now=clock.now())
    assert RULES["heirs_decided"](stage.session, claim) is None


def test_the_worker_is_paid_only_once_known(stage: Stage) -> None:
    claim = verifying(stage)
    claim.worker_id = None
    with pytest.raises(NotPossible, match="belum dihubungkan"):
        worker_payee.decide_worker(stage.session, claim, by=stage.verifier, now=clock.now())
    with pytest.raises(NotPossible, match="penerimanya ahli waris"):
        worker_payee.decide_worker(stage.session, story.verifying(stage), by=stage.verifier, now=clock.now())


# ---------------------------------------------------------------- a rule that changes


def test_a_rule_of_tomorrow_does_not_touch_yesterdays_accident(stage: Stage) -> None:
    """The same case, asked with a book whose funeral cost doubles tomorrow, gives the same to the rupiah."""
    claim, tomorrow = computed(stage, ERMAWATI), clock.today() + timedelta(days=1)
    before, after = NUMBERS_FILE.read_text(encoding="utf-8").split("  - name: jkk_funeral\n")
    doubled = f"      - since: {tomorrow}\n        value: 20_000_000\n        article: contoh\n"
    values = "    values:\n"
    changed = after.replace(values, f"{values}{doubled}        source: [G3]\n        certainty: V2\n", 1)
    text = f"{before}  - name: jkk_funeral\n{changed}"
    book = parse_numbers(text, tables=cover.numbers().tables)
    assert book.on("jkk_funeral", tomorrow).value == 20_000_000
    now_given = benefit.statement_of(stage.session, claim, now=clock.now(), book=book)
    assert now_given.total_idr == ERMAWATI_IDR
    assert benefit.is_current(stage.session, claim)
