"""Consent to visits: the texts read to families, what each said and when, refusing and allowing again.

Refusing needs no reason and changes nothing about the money. Not here: consent to the use of data (``claims.consents``).
"""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.consents import ConsentText, read
from caseflow.config import ROOT
from caseflow.errors import NotFound
from caseflow.monitoring import steps
from caseflow.monitoring.models import Plan, VisitConsent
from caseflow.monitoring.visit_models import PhotoPiece, VisitPhoto
from caseflow.people import mandates, policy
from caseflow.people.actor import Actor

FILE = ROOT / "workflows" / "visit_consent.yaml"


@cache
def texts() -> Sequence[ConsentText]:
    """Return every version that was ever read to a family, oldest first."""
    return read(FILE)


def text_on(day: date) -> ConsentText:
    """Return the version in use on a day; before the first one, the first."""
    return next((one for one in reversed(texts()) if one.since <= day), texts()[0])


def get_text(version: str) -> ConsentText:
    """Return a version by name.

    :raises NotFound: no such version was ever read.
    """
    found = next((one for one in texts() if one.version == version), None)
    if found is None:
        raise NotFound("Tulisan persetujuan kunjungan versi ini tidak ditemukan.")
    return found


def standing(session: Session, plan_id: int) -> VisitConsent | None:
    """Return what the family said last, whenever it was recorded; ``None``: it was not asked yet."""
    return session.scalar(
        select(VisitConsent)
        .where(VisitConsent.plan_id == plan_id)
        .order_by(VisitConsent.said_at.desc(), VisitConsent.id.desc())
        .limit(1)
    )


def withdrawn_after(session: Session, plan_id: int, at: datetime) -> VisitConsent | None:
    """Return the withdrawal that forbids keeping a visit of that instant: said later than it, or standing now."""
    last = standing(session, plan_id)
    return session.scalar(
        select(VisitConsent)
        .where(
            VisitConsent.plan_id == plan_id,
            VisitConsent.given.is_(False),
            or_(VisitConsent.said_at > at, VisitConsent.id == (last.id if last is not None else None)),
        )
        .order_by(VisitConsent.said_at.desc(), VisitConsent.id.desc())
        .limit(1)
    )


def history(session: Session, plan_id: int) -> Sequence[VisitConsent]:
    """Return what was said of being visited, newest first."""
    return session.scalars(
        select(VisitConsent)
        .where(VisitConsent.plan_id == plan_id)
        .order_by(VisitConsent.said_at.desc(), VisitConsent.id.desc())
    ).all()


def give(
    session: Session,
    plan: Plan,
    *,
    said_by: str,
    by: Actor,
    now: datetime,
    said_at: datetime | None = None,
    version: str | None = None,
    note: str = "",
) -> VisitConsent:
    """Write down that the family agrees to be visited; visits that it had stopped go on.

    :param said_at: when it was said, if that was earlier; :param version: of the text read, if not today's.
    :raises NotPermitted: a helper, or another family's phone.
    """
    return _say(
        session, plan, True, said_by=said_by, by=by, now=now, said_at=said_at, version=version, note=note
    )


def withdraw(
    session: Session,
    plan: Plan,
    *,
    said_by: str,
    by: Actor,
    now: datetime,
    said_at: datetime | None = None,
    version: str | None = None,
    note: str = "",
) -> VisitConsent:
    """Write down that the family does not want to be visited; the plan pauses, nothing of it is cancelled.

    What arrived before stays; a visit or photo that is still on its way is not kept (``withdrawn_after``).

    :raises NotPermitted: a helper, or another family's phone.
    """
    return _say(
        session, plan, False, said_by=said_by, by=by, now=now, said_at=said_at, version=version, note=note
    )


def _say(
    session: Session,
    plan: Plan,
    given: bool,
    *,
    said_by: str,
    by: Actor,
    now: datetime,
    said_at: datetime | None,
    version: str | None,
    note: str,
) -> VisitConsent:
    """The word said last counts, in whatever order words arrive; only it moves the plan."""
    _require(plan, by)
    steps.lock(session, plan)
    word = VisitConsent(
        plan_id=plan.id,
        version=get_text(version).version if version else text_on(clock.local(now).date()).version,
        given=given,
        said_by=said_by,
        said_at=said_at or now,
        recorded_at=now,
        device_id=by.device_id,
        user_id=by.user_id,
        note=note,
    )
    session.add(word)
    session.flush()
    last = standing(session, plan.id)
    if last is not None and last.id == word.id:
        if given and plan.state == "paused":
            steps.step(session, plan, "resume", by=by, now=now)
        elif not given and plan.state == "following":
            steps.step(session, plan, "pause", by=by, now=now)
    if not given:
        _forget_photos_on_their_way(session, plan)
    action = "visit.consent_given" if given else "visit.consent_withdrawn"
    record(
        session, action, by=by, casefile_id=plan.id, subject=plan.number, details={"version": word.version}
    )
    return word


def _forget_photos_on_their_way(session: Session, plan: Plan) -> None:
    """Under the locks of the photos: a piece that comes at the same moment is let go, too, or refused."""
    on_their_way = session.scalars(
        select(VisitPhoto.id)
        .where(VisitPhoto.plan_id == plan.id, VisitPhoto.stored_at.is_(None))
        .with_for_update()
    ).all()
    session.execute(delete(PhotoPiece).where(PhotoPiece.photo_id.in_(on_their_way)))


def _require(plan: Plan, by: Actor) -> None:
    if by.kind == "system":
        return
    if by.kind != "family":
        policy.require(by, "visit.plan")
        return
    policy.require(by, "family.visits")
    mandates.require_family(by)
    if by.casefile_id != plan.claim_id:
        raise NotFound
