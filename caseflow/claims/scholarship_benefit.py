"""The facts of one application for the scholarship as the law wants them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.cover import cover_of
from caseflow.claims.death_benefit import answer_to
from caseflow.claims.eligibility import current_checks
from caseflow.claims.models import Claim, EligibilityCheck, FamilyMember
from caseflow.claims.paid_before import paid_before
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.school_years import LINE_PREFIX, child_of, school_years
from caseflow.errors import NotPossible
from caseflow.law.numbers import NumberBook
from caseflow.law.scholarship import Award, Child, ScholarshipFacts, YearAsked

_ENOUGH: Mapping[str, Literal["yes", "no", "officer_decides"]] = {
    "yes": "yes",
    "no": "no",
    "unknown": "officer_decides",
}


def scholarship_facts(
    session: Session, claim: Claim, *, book: NumberBook, now: datetime, before_decision: int | None = None
) -> ScholarshipFacts:
    """Gather what is established of the child and of the school years that are asked for.

    :param before_decision: see :func:`paid_before`.
    """
    child = child_of(session, claim)
    member = session.get_one(FamilyMember, child.member_id)
    if member.died_on is not None:
        raise NotPossible(
            f"{member.full_name} telah meninggal, jadi beasiswanya berakhir. Perhitungan tidak dibuat."
        )
    checks = current_checks(session, claim.id)
    years = school_years(session, claim.id)
    awarded = awards(session, claim, before_decision=before_decision)
    paid = {award.school_year for award in awarded}
    return ScholarshipFacts(
        origin=cast(Any, child.origin),
        event_on=claim.event_on,
        paid_months_enough=_ENOUGH[answer_to(checks, "contributions_enough")],
        paid_months_sentence=_sentence(session, claim, child, checks, book),
        child=_child(child, checks),
        chosen=child.place is not None,
        applied_on=clock.local(now).date(),
        years=tuple(
            YearAsked(row.year, cast(Any, row.level), row.study_proven)
            for row in years
            if row.year not in paid
        ),
        awarded=awarded,
    )


def awards(session: Session, claim: Claim, *, before_decision: int | None = None) -> tuple[Award, ...]:
    """Return the school years that the bank confirmed as paid; ``before_decision`` as in :func:`paid_before`."""
    levels = {row.year: row.level for row in school_years(session, claim.id)}
    found = []
    for paid in paid_before(session, claim, before_decision=before_decision):
        if paid.code.startswith(LINE_PREFIX):
            year = int(paid.code.removeprefix(LINE_PREFIX))
            found.append(Award(year, cast(Any, levels[year]), paid.amount_idr))
    return tuple(found)


def _child(child: ScholarshipChild, checks: Mapping[str, EligibilityCheck]) -> Child:
    """What the officer answered counts; what was never asked is unknown, and so is what contradicts the answer."""
    unmarried = answer_to(checks, "unmarried")
    married: bool | None = True if child.married_on else {"yes": False, "no": True}.get(unmarried)
    employment, idle = child.employment, answer_to(checks, "not_working")
    if idle == "yes" and employment == "unknown":
        employment = "none"
    elif idle != "yes" and employment == "none":
        employment = "unknown"
    return Child(
        ref=str(child.member_id), born_on=child.born_on, married=married, employment=cast(Any, employment)
    )


def _sentence(
    session: Session,
    claim: Claim,
    child: ScholarshipChild,
    checks: Mapping[str, EligibilityCheck],
    book: NumberBook,
) -> str:
    """Say what the ledger tells of the contribution period, and that an officer judged it otherwise."""
    if child.origin != "jkm":
        return "Beasiswa dari JKK tidak mensyaratkan masa iuran."
    cover = cover_of(session, claim, book)
    if cover is None:
        return ""
    given = {"not_yet": "no"}.get(cover.scholarship.outlook, "yes")
    judged = answer_to(checks, "contributions_enough") not in {"unknown", given}
    said = cover.scholarship.sentence
    return f"{said} Ini diputuskan petugas dengan alasan tertulis." if judged else said
