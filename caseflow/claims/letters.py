"""Letters of a case as rows: which are in force, and when they are revoked. What they say is written in ``notices``."""

from datetime import datetime

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.letter_models import Letter
from caseflow.claims.models import Claim
from caseflow.claims.states import lock
from caseflow.errors import NotPossible
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.workflow.definition import Workflow
from caseflow.workflow.models import History

STANDING = frozenset({"payment", "after", "ended"})
# the next school year begins; what was decided of the one before stays decided
_GOES_ON = frozenset({"finish_year", "reopen_right"})
_LOOKED_AT_AGAIN = "Keputusannya dibatalkan atau diperiksa kembali."
_WITHDRAWN = "Laporannya dibatalkan."


def letters_of(session: Session, casefile_id: int) -> list[Letter]:
    """Return every letter of a case, the newest first."""
    rows = session.scalars(select(Letter).where(Letter.casefile_id == casefile_id).order_by(Letter.id.desc()))
    return list(rows)


def find_letter(session: Session, check_code: str) -> Letter | None:
    """Return the letter that carries this code (``identifiers.read_check_code``)."""
    return session.scalar(select(Letter).where(Letter.check_code == check_code))


def revoke_letter(
    session: Session, claim: Claim, letter_id: int, *, why: str, by: Actor, now: datetime
) -> Letter:
    """Revoke a letter in force; whoever checks it reads from then on that it no longer holds.

    :raises NotPermitted: not the actor's. :raises NotPossible: already revoked, or of another case.
    """
    policy.require(by, "letter.revoke")
    lock(session, claim)
    revoked = _revoke(session, claim.id, Letter.id == letter_id, why=why, by=by, now=now)
    if not revoked:
        raise NotPossible("Surat ini sudah dicabut, atau bukan surat kasus ini. Tidak ada yang berubah.")
    return session.get_one(Letter, revoked[0], populate_existing=True)


def revoke_former(session: Session, new: Letter, claim: Claim, *, by: Actor) -> list[int]:
    """Revoke what a new letter takes the place of, before it is written; return the keys of those.

    A decision has one letter in force, and so have a refusal and an invitation; a receipt stays true for ever.
    A scholarship is decided year by year: the letter of another year stays.
    """
    which = {
        "decision": Letter.decision_id == new.decision_id,
        "refusal": Letter.history_version == new.history_version
        if claim.program == "scholarship"
        else Letter.id.is_not(None),
        "invitation": Letter.id.is_not(None),
    }.get(new.kind)
    if which is None:
        return []
    why = f"Diganti surat nomor {new.number}."
    return _revoke(session, claim.id, Letter.kind == new.kind, which, why=why, by=by, now=new.issued_at)


def name_successor(session: Session, former: list[int], new: Letter) -> None:
    """Name a written letter as the successor of those that were revoked for it."""
    session.execute(
        update(Letter)
        .where(Letter.id.in_(former))
        .values(replaced_by_id=new.id)
        .execution_options(synchronize_session=False)
    )


def revoke_with_move(
    session: Session, claim: Claim, definition: Workflow, move: History, *, by: Actor
) -> None:
    """Revoke, in the transaction of a move, the letters that the move makes untrue.

    A decision that is void or looked at again takes its letter with it; a report taken back takes all.
    """
    if claim.state == "withdrawn":
        _revoke(session, claim.id, why=_WITHDRAWN, by=by, now=move.at)
        return
    stages = {name: state.stage for name, state in definition.states.items()}
    left = stages.get(move.from_state or "") in STANDING and stages.get(claim.state) not in STANDING
    if left and move.action not in _GOES_ON:
        about = Letter.kind.in_(("decision", "refusal"))
        _revoke(session, claim.id, about, why=_LOOKED_AT_AGAIN, by=by, now=move.at)


def _revoke(
    session: Session, casefile_id: int, *which: ColumnElement[bool], why: str, by: Actor, now: datetime
) -> list[int]:
    rows = session.execute(
        update(Letter)
        .where(Letter.casefile_id == casefile_id, Letter.revoked_at.is_(None), *which)
        .values(revoked_at=now, revoked_why=why, revoked_by=by.name)
        .returning(Letter.id, Letter.kind)
        .execution_options(synchronize_session=False)
    ).all()
    for row in rows:
        subject, details = f"letter:{row.id}", {"kind": row.kind}
        record(session, "letter.revoked", by=by, casefile_id=casefile_id, subject=subject, details=details)
    return [row.id for row in rows]
