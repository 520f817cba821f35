"""Which papers an accident calls for, from what is established of it so far."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from caseflow.claims.accident_models import AccidentRecord, CostItem, MedicalCertificate
from caseflow.claims.asking import ask_for_missing
from caseflow.claims.models import Claim
from caseflow.documents.catalogue import Facts
from caseflow.people.actor import Actor

_DEVICES = ("prosthesis", "orthosis", "denture", "hearing_aid", "glasses")
_CARE = ("treatment", "home_care", "diagnostics")
_DISABLED = ("partial_anatomical", "partial_functional", "total_permanent")


def ask(session: Session, claim: Claim, *, by: Actor) -> None:
    """Ask for what the facts of a work accident claim call for now; a death claim keeps its own list."""
    if claim.program == "jkk":
        ask_for_missing(session, claim, facts_of(session, claim), by=by)


def facts_of(session: Session, claim: Claim) -> Facts:
    """Return what the list of papers depends on."""
    event = session.execute(
        select(AccidentRecord.kind, AccidentRecord.place_kind)
        .where(AccidentRecord.casefile_id == claim.id)
        .order_by(AccidentRecord.id.desc())
        .limit(1)
    ).one_or_none()
    condition = session.scalar(
        select(MedicalCertificate.condition)
        .where(MedicalCertificate.casefile_id == claim.id)
        .order_by(MedicalCertificate.id.desc())
        .limit(1)
    )
    return Facts(
        worker_died=claim.died_on is not None,
        traffic=event is not None and event.place_kind == "commute",
        violence=event is not None and event.kind == "violence",
        disabled=condition in _DISABLED,
        has_treatment_costs=_has_cost(session, claim, _CARE),
        has_transport_costs=_has_cost(session, claim, ("transport",)),
        has_device_costs=_has_cost(session, claim, _DEVICES),
    )


def _has_cost(session: Session, claim: Claim, kinds: tuple[str, ...]) -> bool:
    query = select(
        exists().where(
            CostItem.casefile_id == claim.id, CostItem.kind.in_(kinds), CostItem.removed_at.is_(None)
        )
    )
    return bool(session.scalar(query))
