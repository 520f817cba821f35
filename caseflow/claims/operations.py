"""``act``: the one verb behind every button of a claim's workflow."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import letters, workflows
from caseflow.claims.consequences import AFTER, BEFORE, start_late_clock
from caseflow.claims.content import Content, content_of
from caseflow.claims.living import require_death_stands
from caseflow.claims.models import Claim, Decision
from caseflow.claims.rules import RULES
from caseflow.claims.states import lock
from caseflow.errors import NotPossible
from caseflow.formats import rupiah
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import queries as registry
from caseflow.workflow.definition import Workflow
from caseflow.workflow.fire import fire
from caseflow.workflow.models import History

_TOWARDS_PAYMENT = frozenset({"submit", "approve", "reissue_payment"})
DECISIONS = {"approve": "approved", "return_to_officer": "returned", "refuse": "refused"}
_SUBMISSIONS = frozenset({"submit", "propose_refusal"})
_WHO_REFUSED = (
    select(Decision.person_id)
    .where(Decision.casefile_id == bindparam("casefile_id"), Decision.outcome == "refused")
    .order_by(Decision.id.desc())
    .limit(1)
)
_WHO_STOPPED = (
    select(History.actor_person_id)
    .where(History.casefile_id == bindparam("casefile_id"), History.action == "hold")
    .order_by(History.version.desc())
    .limit(1)
)
# all papers may be there already when the case comes to the family
_MAY_BE_COMPLETE = frozenset({"receive_certificate", "move_to_jkk", "move_to_jkm"})
_NOT_WHO_STOPPED = "Kasus ini Anda sendiri yang menangguhkan. Minta pejabat lain melanjutkannya."
# what nobody does after an act of their own: whose act it was, and the sentence
_BY_SOMEBODY_ELSE: dict[str, tuple[Select[Any], str]] = {
    "uphold_refusal": (
        _WHO_REFUSED,
        "Penolakan ini keputusan Anda sendiri. Keberatan ditetapkan pejabat lain, atau periksa kembali.",
    ),
    "resume": (_WHO_STOPPED, _NOT_WHO_STOPPED),
    "resume_collecting": (_WHO_STOPPED, _NOT_WHO_STOPPED),
}


def act(
    session: Session,
    claim: Claim,
    action: str,
    *,
    by: Actor,
    expected_version: int,
    now: datetime,
    reason_code: str | None = None,
    reason_text: str | None = None,
    note: str | None = None,
    seen_sha256: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> History:
    """Carry out an action of the claim's workflow, with what belongs to it.

    :param expected_version: the version the person saw.
    :param about: ids kept with the history row, such as the decision that was paid.
    :param seen_sha256: for decisions: digest of the contents that the page showed.
    :raises NotPermitted: the role may not. :raises NotPossible: state or rules forbid it, all reasons named.
    :raises Stale: somebody else was quicker. :raises Invalid: a reason is missing.
    """
    lock(session, claim)
    details: dict[str, Any] = dict(about or {})
    content: Content | None = None
    if action in _SUBMISSIONS or action in DECISIONS:
        content = content_of(session, claim)
        details["content_sha256"] = content.sha256
    if action in DECISIONS and content is not None:
        _check_decision(session, content, action, by=by, now=now, seen_sha256=seen_sha256)
    if action in _BY_SOMEBODY_ELSE:
        _check_person(session, claim, action, by=by)
    if action in _TOWARDS_PAYMENT:
        require_death_stands(session, claim)
    if action == "reissue_payment":
        _check_limit(session, _approved_total(session, claim), by=by, now=now)
    if action in BEFORE:
        BEFORE[action](session, claim)
    definition = workflows.definition_of(claim)
    history = fire(
        session,
        claim,
        action,
        by=by,
        expected_version=expected_version,
        definition=definition,
        calendar=registry.calendar(session, clock.local(now).date()),
        rules=RULES,
        now=now,
        reason_code=reason_code,
        reason_text=reason_text,
        note=note,
        details=details,
        destination=_destination(definition, action),
    )
    if content is not None and action in DECISIONS:
        _write_decision(session, claim, content, DECISIONS[action], history, by=by)
    if action in AFTER:
        AFTER[action](session, claim, by)
    letters.revoke_with_move(session, claim, definition, history, by=by)
    if action in _MAY_BE_COMPLETE:
        papers_arrived(session, claim, now=now)
    return history


def _destination(definition: Workflow, action: str) -> Workflow | None:
    """Return the workflow that an action leads into, in the version that new cases begin with."""
    move = definition.find_action(action)
    return workflows.book().latest(move.into) if move is not None and move.into is not None else None


def papers_arrived(session: Session, claim: Claim, *, now: datetime) -> History | None:
    """Move the case on by itself once every required paper was sent; otherwise leave it."""
    # two phones may send the last two papers at once: the second one sees what the first one did
    lock(session, claim)
    action = workflows.definition_of(claim).find_action("complete_documents")
    start_late_clock(session, claim)
    if action is None or claim.state not in action.sources:
        return None
    if RULES["all_required_submitted"](session, claim) is not None:
        return None
    return act(session, claim, "complete_documents", by=SYSTEM, expected_version=claim.version, now=now)


def barred_person(session: Session, casefile_id: int, action: str) -> int | None:
    """Return who may not carry out an action because it would answer an act of their own; mostly nobody."""
    if action not in _BY_SOMEBODY_ELSE:
        return None
    person_id: int | None = session.scalar(_BY_SOMEBODY_ELSE[action][0], {"casefile_id": casefile_id})
    return person_id


def approval_limit(session: Session, by: Actor, now: datetime) -> int:
    """Return the largest total in rupiah that this person may approve today.

    Limits are dated rows of the branch (start values: Rp50 juta and Rp150 juta).
    """
    today = clock.local(now).date()
    if "branch_head" in by.roles:
        return registry.policy(session, "approval_limit_2_idr", today)
    return registry.policy(session, "approval_limit_1_idr", today)


def _check_decision(
    session: Session, content: Content, action: str, *, by: Actor, now: datetime, seen_sha256: str | None
) -> None:
    if seen_sha256 is not None and seen_sha256 != content.sha256:
        raise NotPossible(
            "Isi kasus berubah sejak halaman ini dibuka. Keputusan belum tersimpan; baca lagi lalu putuskan."
        )
    if action == "approve":
        _check_limit(session, content.total_idr, by=by, now=now)


def _check_limit(session: Session, total_idr: int, *, by: Actor, now: datetime) -> None:
    """Refuse a total above the person's limit; rupiah."""
    limit = approval_limit(session, by, now)
    if total_idr > limit:
        raise NotPossible(
            f"Jumlah {rupiah(total_idr)} melebihi batas Anda ({rupiah(limit)}). "
            "Minta pejabat dengan batas lebih tinggi."
        )


def _approved_total(session: Session, claim: Claim) -> int:
    """Return the rupiah of the last approval; a payment made again is never more than that."""
    query = (
        select(Decision.total_idr)
        .where(Decision.casefile_id == claim.id, Decision.outcome == "approved")
        .order_by(Decision.id.desc())
        .limit(1)
    )
    return session.scalar(query) or 0


def _check_person(session: Session, claim: Claim, action: str, *, by: Actor) -> None:
    """Refuse to let a person answer for an act of their own: a refusal upheld, a stop lifted."""
    did = barred_person(session, claim.id, action)
    if did is not None and did == by.person_id:
        raise NotPossible(_BY_SOMEBODY_ELSE[action][1])


def _write_decision(
    session: Session, claim: Claim, content: Content, outcome: str, history: History, *, by: Actor
) -> None:
    session.add(
        Decision(
            casefile_id=claim.id,
            assessment_id=content.assessment_id,
            outcome=outcome,
            person_id=by.person_id or 0,
            duty="approve",
            content_sha256=content.sha256,
            content=content.document,
            total_idr=content.total_idr if outcome == "approved" else 0,
            reason_code=history.reason_code,
            reason_text=history.reason_text,
            decided_at=history.at,
        )
    )
    session.flush()
