"""The children's scholarship by the real verbs, from the family's choice to the last school year."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims import benefit, eligibility, scholarship
from caseflow.claims.family import current_heirs
from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.claims.scholarship import Guardian, YearFacts
from caseflow.claims.scholarship_children import NewChild, children_of, record_child
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.claims.scholarship_rules import payee_fits_age
from caseflow.claims.school_years import paid_years, rights_of
from caseflow.documents.models import Requirement
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.payments.models import Instruction
from caseflow.people.actor import Actor
from tests.families import SAMSIR
from tests.scholarship_story import (
    answer_all,
    asked,
    checked,
    days_pass,
    on_day,
    opened,
    paid_claim,
    pay,
    payee_decided,
    year_approved,
)
from tests.story import Stage, approved, decide, move

MOTHER = Guardian("Elmita", "surviving_parent")


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.fixture
def origin(stage: Stage) -> Claim:
    """Firdaus died after 47 paid months; the benefit has arrived."""
    return paid_claim(stage)


def child_of(stage: Stage, claim: Claim) -> ScholarshipChild:
    return stage.session.get_one(ScholarshipChild, claim.id)


def finish(stage: Stage, claim: Claim) -> None:
    """The bank has had its time."""
    days_pass(31)
    move(stage, claim, "finish_year")


def test_the_page_of_choice_tells_what_the_law_says_of_each(stage: Stage, origin: Claim) -> None:
    """The eldest first; who is 23 cannot, and of the others two things have to be asked."""
    found = {one.member.full_name: one for one in children_of(stage.session, origin, today=clock.today())}
    assert list(found) == ["Yandri", "Nadia", "Rafi", "Salwa"]
    assert "23 tahun" in (found["Yandri"].why_not or "")
    assert found["Rafi"].why_not is None
    assert len(found["Rafi"].missing) == 2


def test_the_third_child_is_refused_kindly(stage: Stage, origin: Claim) -> None:
    """Two places; the choice is the family's and stays theirs."""
    opened(stage, origin, "Nadia")
    opened(stage, origin, "Rafi")
    with pytest.raises(NotPossible, match="paling banyak 2 anak"):
        opened(stage, origin, "Salwa", ChildFacts(school_expected_on=date(2029, 7, 9)))
    assert [right.place for right in rights_of(stage.session, origin.id)] == [1, 2]


def test_a_withdrawn_choice_frees_its_place(stage: Stage, origin: Claim) -> None:
    """The family may choose another child."""
    first = opened(stage, origin, "Nadia")
    opened(stage, origin, "Rafi")
    move(stage, first, "withdraw", reason_code="family_choice")
    third = opened(stage, origin, "Salwa", ChildFacts(school_expected_on=date(2029, 7, 9)))
    assert (child_of(stage, third).place, child_of(stage, first).next_on) == (1, None)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (ChildFacts(married_on=date(2026, 1, 1)), "child"),
        (ChildFacts(employment="pu_longer"), "child"),
        (ChildFacts(employment="soldier"), "employment"),  # type: ignore[arg-type]
    ],
)
def test_what_the_law_excludes_opens_nothing(
    stage: Stage, origin: Claim, facts: ChildFacts, field: str
) -> None:
    """Married or working: the reason is told, nothing is saved."""
    with pytest.raises(Invalid) as refused:
        opened(stage, origin, "Nadia", facts)
    assert field in refused.value.fields
    assert not rights_of(stage.session, origin.id)


def test_too_few_paid_months_open_nothing(stage: Stage) -> None:
    """Samsir was paid for fifteen months; three years are needed."""
    claim = approved(stage, SAMSIR)
    pay(stage, claim, account=SAMSIR.account[1], holder="Yusra")
    with pytest.raises(NotPossible, match="15 bulan, syaratnya 36 bulan"):
        opened(stage, claim, "Deni")


def test_before_the_money_arrived_nothing_opens(stage: Stage) -> None:
    """First the benefit, then the scholarship."""
    claim = approved(stage)
    with pytest.raises(NotPossible, match="sesudah santunannya dibayar"):
        opened(stage, claim, "Deni")


def test_a_child_nobody_had_written_down_is_added(stage: Stage, origin: Claim) -> None:
    """After the payment too; what was paid stays as it was."""
    facts = NewChild(full_name="Zahra", relation="child", born_on=date(2016, 5, 5), source="Akta kelahiran")
    record_child(stage.session, origin, facts, by=stage.verifier, now=clock.now())
    assert opened(stage, origin, "Zahra").state == "waiting_year"
    with pytest.raises(Invalid):
        record_child(
            stage.session,
            origin,
            NewChild(full_name="X", relation="widow", born_on=None, source="KK"),
            by=stage.verifier,
            now=clock.now(),
        )


def test_the_whole_road_of_two_years(stage: Stage, origin: Claim) -> None:
    """Applied, checked, paid; next year again, and the second payment follows the first."""
    right = opened(stage, origin, "Rafi")
    year_approved(stage, right, 2026, guardian=MOTHER)
    pay(stage, right)
    assert (right.state, paid_years(stage.session, right.id)) == ("paid", {2026})
    finish(stage, right)
    assert right.state == "waiting_year"
    on_day("2027-08-02")
    year_approved(stage, right, 2027)
    pay(stage, right)
    orders = stage.session.scalars(
        select(Instruction).where(Instruction.casefile_id == right.id).order_by(Instruction.id)
    ).all()
    assert [order.amount_idr for order in orders] == [2_000_000, 2_000_000]
    assert orders[1].follows_id == orders[0].id
    assert paid_years(stage.session, right.id) == {2026, 2027}
    assert run_checks(stage.session.connection()) == {}


def test_each_year_is_asked_and_answered_anew(stage: Stage, origin: Claim) -> None:
    """Last year's papers and answers count for last year."""
    right = opened(stage, origin, "Rafi")
    year_approved(stage, right, 2026, guardian=MOTHER)
    pay(stage, right)
    finish(stage, right)
    on_day("2027-08-02")
    asked(stage, right, 2027)
    assert eligibility.current_checks(stage.session, right.id) == {}
    rows = stage.session.execute(
        select(Requirement.code, Requirement.status).where(Requirement.casefile_id == right.id)
    )
    statuses = {row.code: row.status for row in rows}
    assert statuses["study_certificate"] == "missing"
    assert statuses["child_birth_certificate"] == "accepted"


def test_three_missed_years_in_one_application(stage: Stage, origin: Claim) -> None:
    """This year and what was missed before, each on its line; a fourth missed year is lost."""
    right = opened(stage, origin, "Rafi")
    on_day("2029-11-20")
    with pytest.raises(Invalid) as refused:
        asked(stage, right, 2025)
    assert "2025/2026" in refused.value.fields["year"]
    years = [YearFacts(year=2026, level="smp", school="SMP"), YearFacts(year=2027, level="smp", school="SMP")]
    years += [YearFacts(year=year, level="sma", school="SMA") for year in (2028, 2029)]
    scholarship.ask_year(stage.session, right, years, by=stage.verifier, now=clock.now())
    checked(stage, right)
    payee_decided(stage, right, MOTHER)
    move(stage, right, "calculate")
    made = benefit.compute_benefit(stage.session, right, by=stage.verifier, now=clock.now())
    assert made.total_idr == 2 * 2_000_000 + 2 * 3_000_000


def test_a_child_not_yet_at_school_is_kept_for_years(stage: Stage, origin: Claim) -> None:
    """Salwa was three; the right waits, and the first day of its school year is on the list."""
    right = opened(stage, origin, "Salwa", ChildFacts(school_expected_on=date(2029, 7, 9)))
    child = child_of(stage, right)
    assert (right.state, child.next_step, child.next_on) == ("waiting_school", "school", date(2029, 7, 1))
    assert (child.open_year, right.follow_up_on) == (None, date(2029, 7, 1))
    with pytest.raises(Invalid):
        asked(stage, right, 2026, level="tk")
    on_day("2029-07-20")
    year_approved(stage, right, 2029, level="sd", guardian=MOTHER)
    pay(stage, right)
    assert paid_years(stage.session, right.id) == {2029}


def test_without_a_day_a_small_child_is_asked_for_one(stage: Stage, origin: Claim) -> None:
    """Nobody guesses when a child goes to school."""
    with pytest.raises(Invalid) as refused:
        opened(stage, origin, "Salwa")
    assert "school_expected_on" in refused.value.fields


def test_a_skipped_year_stays_claimable(stage: Stage, origin: Claim) -> None:
    """The family brings the papers another time."""
    right = asked(stage, opened(stage, origin, "Rafi"), 2026)
    move(stage, right, "skip_year", reason_code="papers_missing")
    assert (right.state, child_of(stage, right).open_year) == ("waiting_year", 2026)
    on_day("2027-09-01")
    asked(stage, right, 2026, 2027)
    assert right.state == "documents_pending"


def test_a_refused_year_can_be_objected_to_and_the_right_stays(stage: Stage, origin: Claim) -> None:
    """No proof of study: nothing for this year; after the time for an objection the next year is waited for."""
    right = checked(stage, asked(stage, opened(stage, origin, "Rafi"), 2026), proven=False)
    move(stage, right, "propose_refusal", reason_code="not_studying")
    decide(stage, right, "refuse", reason_code="not_studying")
    with pytest.raises(NotPossible, match="keberatan"):
        move(stage, right, "finish_year")
    act(
        stage.session,
        right,
        "object",
        by=stage.verifier,
        expected_version=right.version,
        now=clock.now(),
        reason_text="Surat sekolah baru terbit minggu ini.",
    )
    act(
        stage.session,
        right,
        "reopen",
        by=stage.staff["bram"],
        expected_version=right.version,
        now=clock.now(),
    )
    assert right.state == "verifying"


def test_an_intern_still_studies(stage: Stage, origin: Claim) -> None:
    """Art. 103(3a): working as an intern ends nothing; the answer and the record have to agree."""
    right = checked(
        stage, asked(stage, opened(stage, origin, "Nadia"), 2026, level="sma"), answers={"not_working": "no"}
    )
    payee_decided_adult(stage, right)
    move(stage, right, "calculate")
    with pytest.raises(NotPossible, match="apakah anak bekerja"):
        benefit.statement_of(stage.session, right, now=clock.now())
    facts = ChildFacts(employment="intern")
    scholarship.correct_child(stage.session, right, facts, by=stage.verifier, now=clock.now())
    # other facts of the child open the questions again
    answer_all(stage, right, {"not_working": "no"})
    assert benefit.statement_of(stage.session, right, now=clock.now()).total_idr == 3_000_000


def payee_decided_adult(stage: Stage, right: Claim) -> None:
    """Nadia is of age: the money is hers."""
    payee_decided(stage, right, account="71000888002")
    decision = current_heirs(stage.session, right.id)
    assert decision is not None
    assert decision.agreement == "sole_heir"


def test_who_has_come_of_age_receives_alone(stage: Stage, origin: Claim) -> None:
    """The guardian of last year is not paid for a child that is of age now."""
    right = opened(stage, origin, "Rafi")
    on_day("2030-11-20")
    checked(stage, asked(stage, right, 2030, level="sma"))
    payee_decided(stage, right, MOTHER)
    assert payee_fits_age(stage.session, right) is None
    on_day("2031-02-20")
    assert "sudah dewasa" in (payee_fits_age(stage.session, right) or "")
    with pytest.raises(NotPossible, match="sudah dewasa"):
        move(stage, right, "calculate")


def test_a_minor_needs_a_guardian(stage: Stage, origin: Claim) -> None:
    """No money to a child of thirteen."""
    right = checked(stage, asked(stage, opened(stage, origin, "Rafi"), 2026))
    with pytest.raises(Invalid) as refused:
        scholarship.decide_payee(stage.session, right, by=stage.verifier, now=clock.now())
    assert "walinya" in refused.value.fields["payee"]


def test_at_23_the_right_ends_and_not_before(stage: Stage, origin: Claim) -> None:
    """The plan names the day; ending before needs a fact."""
    right = opened(stage, origin, "Nadia")
    with pytest.raises(NotPossible, match="belum berakhir"):
        move(stage, right, "end_right", reason_code="age")
    on_day("2031-06-03")
    move(stage, right, "end_right", reason_code="age")
    child = child_of(stage, right)
    assert (right.state, child.next_on, child.place) == ("ended", None, 1)


def test_a_child_that_died_ends_the_right(stage: Stage, origin: Claim) -> None:
    """The day is recorded, then the right can end."""
    right = opened(stage, origin, "Rafi")
    facts = ChildFacts(employment="none", died_on=date(2026, 11, 18))
    scholarship.correct_child(stage.session, right, facts, by=stage.verifier, now=clock.now())
    assert child_of(stage, right).next_step == "over"
    move(stage, right, "end_right", reason_code="died")
    assert right.state == "ended"


def test_what_ended_by_mistake_is_opened_again(stage: Stage, origin: Claim) -> None:
    """By the head of the branch, with the reason; the plan is made anew."""
    right = opened(stage, origin, "Rafi")
    married = ChildFacts(married_on=date(2026, 11, 10))
    scholarship.correct_child(stage.session, right, married, by=stage.verifier, now=clock.now())
    move(stage, right, "end_right", reason_code="married")
    act(
        stage.session,
        right,
        "reopen_right",
        by=stage.staff["bram"],
        expected_version=right.version,
        now=clock.now(),
        reason_code="ended_wrongly",
    )
    assert right.state == "waiting_year"
    assert child_of(stage, right).next_on is not None


@pytest.mark.parametrize(
    ("years", "field"),
    [
        ([], "year"),
        ([YearFacts(year=2026, level="smp", school="SMP")] * 2, "year"),
        ([YearFacts(year=2027, level="smp", school="SMP")], "year"),
        ([YearFacts(year=2025, level="smp", school="SMP")], "year"),
        ([YearFacts(year=2026, level="s2", school="UI")], "level"),
        ([YearFacts(year=2026, level="smp", school="  ")], "school"),
    ],
)
def test_wrong_years_are_named(stage: Stage, origin: Claim, years: list[YearFacts], field: str) -> None:
    """None, twice, not begun, before the death, an unknown level, no school."""
    right = opened(stage, origin, "Rafi")
    with pytest.raises(Invalid) as refused:
        scholarship.ask_year(stage.session, right, years, by=stage.verifier, now=clock.now())
    assert "Belum tersimpan" in refused.value.fields[field]
    assert right.state == "waiting_year"


def test_unanswered_questions_stop_the_calculation(stage: Stage, origin: Claim) -> None:
    """The four questions are there every year."""
    right = checked(stage, asked(stage, opened(stage, origin, "Rafi"), 2026))
    answer_all(stage, right, {"unmarried": "unknown"})
    payee_decided(stage, right, MOTHER)
    with pytest.raises(NotPossible, match="belum terjawab"):
        move(stage, right, "calculate")
