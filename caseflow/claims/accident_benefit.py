"""The facts of a work accident claim as the law wants them."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal, cast

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident, family, medical
from caseflow.claims.accident_models import CertifiedInjury, CostItem, MedicalCertificate
from caseflow.claims.cover import cover_of
from caseflow.claims.death_benefit import answer_to, burial_arranger, funeral_paid_elsewhere
from caseflow.claims.eligibility import current_checks
from caseflow.claims.models import Claim, EligibilityCheck
from caseflow.claims.paid_before import paid_before
from caseflow.law.accident import AccidentFacts, Cost, Incapacity, Injury
from caseflow.law.lateness import Lateness, lateness
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import MissingInput
from caseflow.registry import queries as registry

_VERDICTS: Mapping[str | None, Literal["work", "not_work", "unknown"]] = {
    "work": "work",
    "not_work": "not_work",
    None: "unknown",
}


def accident_facts(
    session: Session,
    claim: Claim,
    *,
    book: NumberBook,
    now: datetime,
    late_on: date,
    before_decision: int | None = None,
) -> AccidentFacts:
    """Gather what is established.

    :param late_on: the day up to which lateness of the payment counts.
    :param before_decision: see :func:`paid_before`.
    :raises MissingInput: no worker is linked, so nothing about cover is known.
    """
    if claim.worker_id is None:
        raise MissingInput(["data peserta: hubungkan pekerja dengan registrasi"])
    checks = current_checks(session, claim.id)
    event = accident.current_record(session, claim.id)
    conclusion = accident.current_conclusion(session, claim.id)
    certificate = medical.current_certificate(session, claim.id)
    died = claim.died_on is not None
    return AccidentFacts(
        happened_on=claim.event_on,
        verdict=_VERDICTS[conclusion.verdict if conclusion else None],
        active=cast(Literal["yes", "no", "unknown"], answer_to(checks, "active_on_event")),
        active_because=_because(session, claim, checks, book),
        reported_income_idr=event.reported_income_idr if event else None,
        condition=cast(Any, certificate.condition) if certificate else None,
        condition_on=certificate.condition_on if certificate else None,
        died_on=claim.died_on,
        incapacity=tuple(
            Incapacity(row.starts_on, row.ends_on, row.source)
            for row in accident.periods(session, claim.id)
            if row.kind == "unable_to_work"
        ),
        injuries=_injuries(session, certificate),
        dominant_hand=cast(Any, certificate.dominant_hand) if certificate else None,
        costs=tuple(_cost(row) for row in accident.costs(session, claim.id)),
        heirs=family.ranking(session, claim, clock.local(now).date()) if died else None,
        other_membership_funeral_paid=funeral_paid_elsewhere(checks) if died else None,
        burial_arranged_by=burial_arranger(session, claim) if died else None,
        already_paid=paid_before(session, claim, before_decision=before_decision),
        late=late_of(session, claim, book, late_on),
    )


def _because(session: Session, claim: Claim, checks: Mapping[str, EligibilityCheck], book: NumberBook) -> str:
    """Say what the ledger tells of cover, and that an officer judged it otherwise; an officer's note is no word for families."""
    cover = cover_of(session, claim, book)
    if cover is None:
        return ""
    answer = answer_to(checks, "active_on_event")
    judged = answer != "unknown" and answer != cover.active
    return (
        f"{cover.active_sentence} Ini diputuskan petugas dengan alasan tertulis."
        if judged
        else cover.active_sentence
    )


def _injuries(session: Session, certificate: MedicalCertificate | None) -> tuple[Injury, ...]:
    if certificate is None:
        return ()
    source = f"surat dokter {certificate.facility or certificate.doctor_name}"
    return tuple(_injury(row, source) for row in medical.injuries_of(session, certificate.id))


def _injury(row: CertifiedInjury, source: str) -> Injury:
    return Injury(
        row_code=row.row_code,
        side=cast(Any, row.side),
        kind=cast(Any, row.kind),
        loss_permille=row.loss_permille,
        set_permille=row.set_permille,
        units=row.units,
        source=source,
    )


def _cost(row: CostItem) -> Cost:
    return Cost(
        kind=cast(Any, row.kind),
        amount_idr=row.amount_idr,
        spent_on=row.spent_on,
        source=row.source,
        mode=cast(Any, row.mode),
        reference_price_idr=row.reference_price_idr,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def late_of(session: Session, claim: Claim, book: NumberBook, late_on: date) -> Lateness | None:
    """Return how late a payment on a day is; ``None`` while it is in time or no clock runs."""
    if claim.clock_started_on is None:
        return None
    return lateness(
        complete_on=claim.clock_started_on,
        as_of=late_on,
        calendar=registry.calendar(session, late_on),
        book=book,
        program="jkk",
    )
