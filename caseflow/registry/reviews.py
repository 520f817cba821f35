"""What reviewers say of a list, row by row: first Disnakertrans or DPMN, then BPJS Ketenagakerjaan.

A returned or refused row frees its place by the database's own count; the branch can still take back an accepted one
who gets no number after all. Not here: participant numbers (``enrolment``).
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.registry import enrolment, nomination_steps, reach
from caseflow.registry.nomination_models import Nomination, Nominee

Verdict = Literal["forward", "accept", "hold", "return", "refuse"]
VERDICTS = {
    "forward": "Teruskan",
    "accept": "Terima",
    "hold": "Tahan",
    "return": "Kembalikan",
    "refuse": "Tolak",
}
# in which state of the list who may say what
_REGENCY = frozenset({"programme_officer"})
_BRANCH = frozenset({"officer", "branch_head"})
DESKS: dict[str, tuple[frozenset[str], tuple[Verdict, ...]]] = {
    "submitted": (_REGENCY, ("forward", "hold", "return")),
    "forwarded": (_BRANCH, ("accept", "hold", "return", "refuse")),
    "accepted": (_BRANCH, ("return", "refuse")),
}
_STATE = {
    "forward": "proposed",
    "accept": "accepted",
    "hold": "held",
    "return": "returned",
    "refuse": "refused",
}
_WITH_REASON = frozenset({"hold", "return", "refuse"})
_SHORTEST, _LONGEST = 10, 500


def verdicts_for(nomination: Nomination, by: Actor) -> tuple[Verdict, ...]:
    """Return what somebody may say of the rows of a list now."""
    roles, verdicts = DESKS.get(nomination.state, (frozenset(), ()))
    return verdicts if by.roles & roles else ()


def wave_for(nomination: Nomination, by: Actor) -> Verdict | None:
    """Return what may be said of all undecided rows at once: never anything that wants a reason."""
    return next((one for one in verdicts_for(nomination, by) if one not in _WITH_REASON), None)


def review(
    session: Session,
    nominee: Nominee,
    verdict: Verdict,
    *,
    reason: str | None = None,
    expected_version: int,
    by: Actor,
    now: datetime,
) -> None:
    """Say something of one person on a list. Until the list goes on it can be said anew.

    :raises Invalid: a reason is missing. :raises NotPossible: not theirs to say now. :raises Stale: somebody was
        quicker. :raises NotFound: out of reach.
    """
    reach.require(nominee.region_code, by, "nomination.review")
    nomination_steps.lock(session, nominee.nomination_id)
    nomination = session.get_one(Nomination, nominee.nomination_id, populate_existing=True)
    if verdict not in verdicts_for(nomination, by):
        raise NotPossible(_not_now(nomination))
    row = session.get(Nominee, nominee.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("Orang ini sudah tidak ada di daftar. Tidak ada yang berubah.")
    if row.version != expected_version:
        raise Stale("Baris ini baru saja diputuskan orang lain. Tidak ada yang berubah; lihat dulu.")
    if row.state not in {"proposed", "held", "accepted"}:
        raise NotPossible("Baris ini sudah tidak di meja Anda. Tidak ada yang berubah.")
    said = _reason(reason) if verdict in _WITH_REASON else None
    row.state, row.reason = _STATE[verdict], said
    row.decided_at, row.decided_by_user_id = (None, None) if verdict == "hold" else (now, by.user_id)
    row.version += 1
    session.flush()
    record(
        session, f"nominee.{_STATE[verdict]}" if verdict != "forward" else "nominee.forwarded", by=by,
        casefile_id=nomination.id, subject=f"nominee:{row.public_id}",
        details={"reason": said, "own_household": row.own_household},
    )  # fmt: skip
    enrolment.finish_when_done(session, nomination.id, by=by, now=now)


def review_rest(
    session: Session, nomination: Nomination, *, expected_version: int, by: Actor, now: datetime
) -> int:
    """Forward or accept every row that nobody has decided or held; return how many.

    Rows of an operator's own household are never among them: each is looked at by itself.

    :raises NotPossible: not theirs to say now. :raises Stale: the list moved since the page was read.
    """
    reach.require(nomination.region_code, by, "nomination.review")
    nomination_steps.lock(session, nomination.id)
    session.refresh(nomination, ["state", "version"])
    if nomination.version != expected_version:
        raise Stale("Usulan ini sudah berpindah sejak halaman dibuka. Tidak ada yang berubah; lihat dulu.")
    wave = wave_for(nomination, by)
    if wave is None:
        raise NotPossible(_not_now(nomination))
    found = session.scalars(
        update(Nominee)
        .where(
            Nominee.nomination_id == nomination.id,
            Nominee.state == "proposed",
            Nominee.decided_at.is_(None),
            Nominee.own_household.is_(False),
        )
        .values(
            state=_STATE[wave],
            decided_at=now,
            decided_by_user_id=by.user_id,
            version=Nominee.version + 1,
        )
        .returning(Nominee.id),
        execution_options={"synchronize_session": False},
    ).all()
    session.expire_all()
    record(
        session, f"nomination.rest_{wave}ed", by=by, casefile_id=nomination.id, subject=nomination.number,
        details={"rows": len(found)},
    )  # fmt: skip
    return len(found)


def take_step(
    session: Session,
    nomination: Nomination,
    action: str,
    *,
    expected_version: int,
    by: Actor,
    now: datetime,
    reason_code: str | None = None,
    reason_text: str | None = None,
) -> None:
    """Move a whole list: forward, accept, give back, end. See :func:`caseflow.workflow.fire.fire` for refusals.

    Going on, every row begins unread at the next desk; given back, every row is a draft again and its place free.
    """
    reach.require(nomination.region_code, by, "nomination.review")
    nomination_steps.lock(session, nomination.id)
    nomination_steps.step(
        session,
        nomination,
        action,
        by=by,
        expected_version=expected_version,
        now=now,
        reason_code=reason_code,
        reason_text=reason_text,
    )
    enrolment.finish_when_done(session, nomination.id, by=by, now=now)
    rows = update(Nominee).where(
        Nominee.nomination_id == nomination.id, Nominee.state.in_(("proposed", "held"))
    )
    if nomination.state == "forwarded":
        rows = rows.values(decided_at=None, decided_by_user_id=None, version=Nominee.version + 1)
    elif nomination.state == "returned":
        rows = rows.values(state="draft", reason=None, decided_at=None, version=Nominee.version + 1)
    else:
        return
    session.execute(rows.execution_options(synchronize_session=False))
    session.expire_all()


def _not_now(nomination: Nomination) -> str:
    label = nomination_steps.definition(nomination.workflow_version).label_of(nomination.state)
    return (
        f"Usulan ini sekarang “{label}”, jadi barisnya tidak diputuskan di meja Anda. Tidak ada yang berubah."
    )


def _reason(typed: str | None) -> str:
    clean = (typed or "").strip()
    if len(clean) < _SHORTEST or len(clean) > _LONGEST or len(set(clean)) < 3:
        raise Invalid(
            {
                "reason": f"Tulis alasan untuk nagari, {_SHORTEST} sampai {_LONGEST} huruf. Belum ada yang tersimpan."
            }
        )
    return clean
