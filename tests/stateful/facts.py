"""What the rules of the workflows ask for, established through the real verbs: one function a rule.

A function is called when its rule objects, and leaves behind what the rule wants; where that is impossible the
verb refuses, and the walk goes another way.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from caseflow import clock
from caseflow.claims import (
    accident,
    adjustments,
    benefit,
    family,
    intake,
    medical,
    scholarship,
    worker_payee,
)
from caseflow.claims.eligibility import current_checks
from caseflow.claims.models import Claim, FamilyMember, Report
from caseflow.claims.questions import questions_of
from caseflow.claims.scholarship import YearFacts
from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.claims.school_years import child_of, paid_years, years_applied_for
from caseflow.law.scholarship import school_year_of
from caseflow.registry.queries import find_worker
from tests import accident_story
from tests.accident_story import fall_of_samsir
from tests.accidents import ERMAWATI, MARZUKI, SYAFRIL_HURT, Injured
from tests.story import NURBAITI, SAMSIR, Person, Stage, accept_papers, answer_questions, send_missing


def _fallen(person: Person) -> Injured:
    """Whose death is reported, and turns out to be that of somebody who fell from a tree the day before."""
    died_on = person.report.died_on
    return replace(
        ERMAWATI,
        event=replace(fall_of_samsir(), happened_on=died_on - _DAY, died_on=died_on),
        certificate=replace(ERMAWATI.certificate, condition_on=died_on, certified_on=died_on + _DAY),
        periods=(replace(ERMAWATI.periods[0], starts_on=died_on - _DAY, ends_on=died_on),),
        relatives=person.relatives,
        payee=person.payee,
        account=person.account,
    )


_DAY = timedelta(days=1)
CAST: Mapping[str, Injured] = {
    **{person.report.national_id or "": _fallen(person) for person in (SAMSIR, NURBAITI)},
    **{person.report.national_id or "": person for person in (MARZUKI, SYAFRIL_HURT, ERMAWATI)},
}
SCHOOL_ACCOUNT = ("118", "71000300013", "Hendri")
_FIVE_YEARS = timedelta(days=5 * 366)


def person_of(stage: Stage, claim: Claim) -> Injured:
    """Return the invented worker of a claim."""
    return CAST[stage.session.get_one(Report, claim.id).national_id or ""]


def account_of(stage: Stage, claim: Claim) -> tuple[str, str, str]:
    """Return the account that the payee of a claim has."""
    return SCHOOL_ACCOUNT if claim.program == "scholarship" else person_of(stage, claim).account


def wait(until: datetime) -> None:
    """Let the clock go on; it never goes back."""
    if until > clock.now():
        clock.set_start(until)


def _papers_sent(stage: Stage, claim: Claim) -> None:
    send_missing(stage, claim)


def _papers_accepted(stage: Stage, claim: Claim) -> None:
    send_missing(stage, claim)
    accept_papers(stage, claim)


def _linked(stage: Stage, claim: Claim) -> None:
    worker = find_worker(stage.session, stage.session.get_one(Report, claim.id).national_id or "")
    assert worker is not None
    intake.link_worker(stage.session, claim, worker.id, by=stage.verifier)


def _answered(stage: Stage, claim: Claim) -> None:
    given = current_checks(stage.session, claim.id)
    if any(question.code not in given for question in questions_of(claim)):
        answer_questions(stage, claim, {})


def _payee_decided(stage: Stage, claim: Claim) -> None:
    by, now, session = stage.verifier, clock.now(), stage.session
    if claim.program == "scholarship":
        scholarship.decide_payee(session, claim, by=by, now=now)
        return
    if claim.died_on is None:
        worker_payee.decide_worker(session, claim, by=by, now=now)
        return
    person, listed = person_of(stage, claim), family.members(session, claim.id)
    by_name = {member.full_name: member for member in listed}
    if person.payee not in by_name:
        by_name = accident_story.record_family(stage, claim, person)
    family.decide_heirs(
        session,
        claim,
        payee_member_id=by_name[person.payee].id,
        agreement="signed_agreement",
        note="Surat kuasa waris ditandatangani semua ahli waris.",
        by=by,
        now=now,
    )
    _papers_accepted(stage, claim)


def _account_entered(stage: Stage, claim: Claim) -> None:
    bank, number, holder = account_of(stage, claim)
    family.enter_account(
        stage.session,
        claim,
        bank_code=bank,
        account_number=number,
        holder_name=holder,
        name_note="",
        by=stage.verifier,
        now=clock.now(),
    )


def _computed(stage: Stage, claim: Claim) -> None:
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())


def _adjustments_answered(stage: Stage, claim: Claim) -> None:
    for one in adjustments.adjustments(stage.session, claim.id):
        if one.verdict is None:
            adjustments.answer(
                stage.session, claim, one.id, "confirmed", "", by=stage.decider, now=clock.now()
            )


def _event_recorded(stage: Stage, claim: Claim) -> None:
    event = person_of(stage, claim).event
    accident.record_event(stage.session, claim, event, by=stage.verifier, now=clock.now())


def _treatment_recorded(stage: Stage, claim: Claim) -> None:
    for period in person_of(stage, claim).periods:
        accident.add_period(stage.session, claim, period, by=stage.verifier, now=clock.now())


def _certified(stage: Stage, claim: Claim) -> None:
    certificate = person_of(stage, claim).certificate
    medical.record_certificate(stage.session, claim, certificate, by=stage.verifier, now=clock.now())


def _concluded_work(stage: Stage, claim: Claim) -> None:
    if accident.current_record(stage.session, claim.id) is None:
        _event_recorded(stage, claim)
    accident_story.write_conclusion(stage, claim, "work")


def _concluded_not_work(stage: Stage, claim: Claim) -> None:
    if accident.current_record(stage.session, claim.id) is None:
        _event_recorded(stage, claim)
    accident_story.write_conclusion(stage, claim, "not_work")


def _opinion_given(stage: Stage, claim: Claim) -> None:
    by = accident_story.adviser(stage)
    reason = "Sesuai dengan foto dan resume medis."
    medical.give_opinion(stage.session, claim, "agrees", reason, by=by, now=clock.now())


def _five_years_passed(_stage: Stage, claim: Claim) -> None:
    wait(datetime.combine(claim.event_on, time(3), clock.WIB) + _FIVE_YEARS)


def _bank_had_time(_stage: Stage, _claim: Claim) -> None:
    wait(clock.now() + timedelta(days=45))


def _year_asked(stage: Stage, claim: Claim) -> None:
    expected = child_of(stage.session, claim).school_expected_on
    if expected is not None:
        wait(datetime.combine(expected, time(12), clock.WIB))
    paid, this_year = paid_years(stage.session, claim.id), school_year_of(clock.today())
    year = next((year for year in range(this_year, this_year - 3, -1) if year not in paid), this_year + 1)
    asked = [YearFacts(year=year, level="sma", school="SMA Latihan")]
    scholarship.ask_year(stage.session, claim, asked, by=stage.verifier, now=clock.now())


def _study_proven(stage: Stage, claim: Claim) -> None:
    if not years_applied_for(stage.session, claim.id):
        _year_asked(stage, claim)
    proofs = {row.year: True for row in years_applied_for(stage.session, claim.id)}
    scholarship.prove_study(stage.session, claim, proofs, by=stage.verifier, now=clock.now())


def _married(stage: Stage, claim: Claim) -> None:
    facts = ChildFacts(married_on=clock.today(), employment="none")
    scholarship.correct_child(stage.session, claim, facts, by=stage.verifier, now=clock.now())


def child_name(stage: Stage, claim: Claim) -> str:
    """Return whom a scholarship case is about."""
    member_id = child_of(stage.session, claim).member_id
    return stage.session.scalars(select(FamilyMember.full_name).where(FamilyMember.id == member_id)).one()


ESTABLISH: Mapping[str, Callable[[Stage, Claim], None]] = {
    "all_required_submitted": _papers_sent,
    "documents_accepted": _papers_accepted,
    "payment_documents_accepted": _papers_accepted,
    "worker_linked": _linked,
    "eligibility_answered": _answered,
    "eligibility_good": _answered,
    "heirs_decided": _payee_decided,
    "account_entered": _account_entered,
    "benefit_computed": _computed,
    "benefit_current": _computed,
    "adjustments_confirmed": _adjustments_answered,
    "accident_facts_complete": _event_recorded,
    "accident_established": _event_recorded,
    "treatment_recorded": _treatment_recorded,
    "certificate_recorded": _certified,
    "concluded_as_work": _concluded_work,
    "concluded_as_not_work": _concluded_not_work,
    "not_yet_concluded": _concluded_not_work,
    "medical_opinion_given": _opinion_given,
    "five_years_passed": _five_years_passed,
    "bank_had_time": _bank_had_time,
    "objection_time_over": _bank_had_time,
    "year_claimable": _year_asked,
    "years_recorded": _study_proven,
    "scholarship_is_over": _married,
}
