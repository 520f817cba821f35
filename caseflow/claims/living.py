"""Nobody dead is paid, and no death of the living: whoever is chosen as payee, guardian or holder of the account is asked for in the registry.

Found by NIK, and where a family's papers gave none, among the people on the worker's own Kartu Keluarga by name.
Not here: whom the regulation names (``payee``), how a wrong word of death is put right (``registry.life``).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from caseflow.audit.operations import record
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.paid_before import paid_decisions
from caseflow.claims.states import lock
from caseflow.errors import Invalid, NotPossible
from caseflow.formats import instant_wib
from caseflow.people.actor import Actor
from caseflow.registry import names
from caseflow.registry.households import everybody_with
from caseflow.registry.life import corrected_at, dead_sentence, is_dead, last_alive_at
from caseflow.registry.models import Worker
from caseflow.registry.people_models import LifeEvent

_Column = ColumnElement[Any] | InstrumentedAttribute[Any]


def require_living(session: Session, claim: Claim, payee: FamilyMember, *, field: str) -> None:
    """Refuse a payee whom the registry knows as dead.

    :param field: which box of the form is told so. :raises Invalid: with the day, and what to do when it is wrong.
    """
    died_on = is_dead(session, payee.national_id)
    if died_on is None and payee.national_id is None:
        died_on = _dead_by_name(session, claim, payee.full_name, payee.born_on)
    if died_on is not None:
        raise Invalid({field: dead_sentence(payee.full_name, died_on)})


def require_living_guardian(session: Session, claim: Claim, guardian_name: str | None, *, field: str) -> None:
    """Refuse a guardian who is one of this family and known as dead; a guardian is known by name only.

    :raises Invalid: see :func:`require_living`.
    """
    died_on = _dead_by_name(session, claim, guardian_name, None) if guardian_name else None
    if guardian_name and died_on is not None:
        raise Invalid({field: dead_sentence(guardian_name, died_on)})


def require_death_stands(session: Session, claim: Claim) -> None:
    """Hold a death claim whose worker turned out to live: it is neither submitted, approved nor paid.

    :raises NotPossible: since when, and what to do.
    """
    if claim.died_on is None or claim.worker_id is None:
        return
    since = corrected_at(session, claim.worker_id) or _disproved_at(session, claim, claim.worker_id)
    if since is not None:
        raise NotPossible(
            f"{claim.subject} ternyata masih hidup menurut pembetulan {instant_wib(since)}. Kasus kematian ini ditahan: "
            "tidak ada yang diajukan, disetujui, atau dibayar. Periksa laporannya; bila ia memang hidup, usulkan "
            "penolakan dengan alasan itu."
        )


def of_a_false_word(
    opened_at: _Column, claimed_on: _Column, worker_id: Any, died_on: Any
) -> ColumnElement[bool]:
    """Whether a case is about a death that was put right since, and not about the one that stands now.

    :param opened_at: and :param claimed_on: of the case; :param worker_id: and :param died_on: as the registry has it.
    """
    word = (
        select(func.max(LifeEvent.recorded_at))
        .where(LifeEvent.worker_id == worker_id, LifeEvent.kind == "alive")
        .scalar_subquery()
    )
    return and_(func.coalesce(opened_at <= word, false()), claimed_on.is_distinct_from(died_on))


def give_up_false_cases(session: Session, worker: Worker, *, by: Actor) -> bool:
    """Free a worker from ended cases of a death that was put right; return whether no such case is left.

    One that is still open, or was paid, stays with the worker until an officer has ended it.
    """
    cases = session.scalars(
        select(Claim).where(
            Claim.worker_id == worker.id,
            Claim.died_on.is_not(None),
            Claim.program != "scholarship",
            of_a_false_word(Claim.opened_at, Claim.died_on, worker.id, worker.died_on),
        )
    ).all()
    left = False
    for claim in cases:
        lock(session, claim)
        if (claim.closed_at is None and claim.state != "refused") or paid_decisions(session, claim.id):
            left = True
            continue
        claim.worker_id = None
        session.flush()
        record(
            session, "claim.worker_given_up", by=by, casefile_id=claim.id, subject=claim.number,
            details={"worker": worker.id},
        )  # fmt: skip
    return not left


def _disproved_at(session: Session, claim: Claim, worker_id: int) -> datetime | None:
    """A later death on another day does not bring back a case of the first."""
    word = last_alive_at(session, worker_id)
    died_on = session.scalar(select(Worker.died_on).where(Worker.id == worker_id))
    return word if word is not None and claim.opened_at <= word and died_on != claim.died_on else None


def _dead_by_name(session: Session, claim: Claim, name: str, born_on: date | None) -> date | None:
    """The day of death of the one bearer of a name on the worker's card; two bearers of one name say nothing."""
    if claim.worker_id is None:
        return None
    bearers = [
        one
        for one in everybody_with(session, claim.worker_id)
        if names.compare(one.full_name, name).kind == "same"
        and (born_on is None or one.born_on is None or one.born_on == born_on)
    ]
    return bearers[0].died_on if len(bearers) == 1 else None
