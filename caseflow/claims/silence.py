"""The silence alarm: which families have heard nothing from us, since when, and whose task that is by now.

A family hears from us by a message that was delivered, by an officer's word, or by a step that its own page shows.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.models import Claim
from caseflow.claims.silence_models import FamilySilence, FamilyWord
from caseflow.claims.states import lock
from caseflow.claims.workflows import definition_of
from caseflow.errors import Invalid, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry.queries import calendar
from caseflow.workflow.models import FAR_AWAY, CaseFile, History, Outbox

OFFICER_AFTER_DAYS = 6  # working days without a word
HEAD_AFTER_DAYS = 8
SHORTEST_LINE, LONGEST_LINE = 3, 300
# years may pass here, and the family knows it
_YEARS = frozenset({"waiting_school", "waiting_year"})
# decided: once the family was told, nothing more is owed
_DECIDED = frozenset({"paid", "refused", "lapsed"})
_OVER = frozenset({"after", "ended"})
_NEVER = (date(9999, 12, 30), FAR_AWAY)


def stale_cases(session: Session) -> Sequence[int]:
    """Return open cases that moved since their silence was worked out, the oldest first."""
    return session.scalars(
        select(Claim.id)
        .outerjoin(FamilySilence, FamilySilence.casefile_id == Claim.id)
        .where(
            Claim.closed_at.is_(None),
            or_(FamilySilence.version.is_(None), FamilySilence.version != Claim.version),
        )
        .order_by(Claim.id)
    ).all()


def open_cases(session: Session) -> Sequence[int]:
    """Return every open case, for the night: holidays may have been added."""
    return session.scalars(select(Claim.id).where(Claim.closed_at.is_(None)).order_by(Claim.id)).all()


def listen(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Work out since when the family of one case has heard nothing.

    :return: whether somebody is to call them by now.
    """
    claim = session.get_one(Claim, casefile_id)
    heard_at = _heard_at(session, claim)
    officer_on, head_on = _NEVER
    if _counts(session, claim):
        days = calendar(session, clock.local(now).date())
        since = clock.local(heard_at).date()
        officer_on, head_on = days.add(since, OFFICER_AFTER_DAYS), days.add(since, HEAD_AFTER_DAYS)
    found = {"version": claim.version, "heard_at": heard_at, "officer_on": officer_on, "head_on": head_on}
    session.execute(
        insert(FamilySilence)
        .values(casefile_id=claim.id, **found)
        .on_conflict_do_update(index_elements=["casefile_id"], set_=found)
    )
    return officer_on <= clock.local(now).date()


def silence_of(session: Session, claim: Claim, *, today: date) -> FamilySilence | None:
    """Return the silence of a case that somebody should break by now."""
    return session.scalar(
        select(FamilySilence)
        .where(
            FamilySilence.casefile_id == claim.id,
            FamilySilence.version == claim.version,
            FamilySilence.officer_on <= today,
        )
        .execution_options(populate_existing=True)
    )


def tell(session: Session, claim: Claim, how: str, line: str, *, by: Actor, now: datetime) -> FamilyWord:
    """Note what an officer told the family, in one line.

    :raises Invalid: no line, or a long one. :raises NotPossible: the case is closed.
    """
    lock(session, claim)
    said = " ".join(line.split())
    if not SHORTEST_LINE <= len(said) <= LONGEST_LINE:
        raise Invalid(
            {"line": f"Tulis satu baris, paling banyak {LONGEST_LINE} huruf. Belum ada yang tersimpan."}
        )
    if claim.closed_at is not None:
        raise NotPossible("Kasus ini sudah selesai. Tidak ada yang disimpan.")
    word = FamilyWord(casefile_id=claim.id, how=how, line=said, at=now, by_user_id=by.user_id or 0)
    session.add(word)
    session.flush()
    record(
        session, "family.told", by=by, casefile_id=claim.id, subject=f"word:{word.id}", details={"how": how}
    )
    listen(session, claim.id, now=now)
    return word


def words_of(session: Session, casefile_id: int, limit: int = 50) -> Sequence[FamilyWord]:
    """Return what officers told the family, newest first."""
    return session.scalars(
        select(FamilyWord)
        .where(FamilyWord.casefile_id == casefile_id)
        .order_by(FamilyWord.id.desc())
        .limit(limit)
    ).all()


def silent_families(session: Session, branch_code: str, *, today: date) -> Sequence[tuple[str, date]]:
    """Return number and silent-since day of the cases that by now are the branch head's, the longest first."""
    rows = session.execute(
        select(CaseFile.number, FamilySilence.heard_at)
        .join(FamilySilence, FamilySilence.casefile_id == CaseFile.id)
        .where(
            CaseFile.branch_code == branch_code,
            CaseFile.closed_at.is_(None),
            FamilySilence.version == CaseFile.version,
            FamilySilence.head_on <= today,
        )
        .order_by(FamilySilence.heard_at, CaseFile.id)
    )
    return [(row.number, clock.local(row.heard_at).date()) for row in rows]


def _counts(session: Session, claim: Claim) -> bool:
    """Whether a family waits for news in this state."""
    state = definition_of(claim).states[claim.state]
    if state.final or state.stage in _OVER or state.name in _YEARS or claim.closed_at is not None:
        return False
    return state.name not in _DECIDED or not _was_told(session, claim)


def _was_told(session: Session, claim: Claim) -> bool:
    """Whether the family knows of the decision: an older message that arrived late says nothing of it."""
    delivered = session.scalar(
        select(Outbox.id)
        .where(
            Outbox.casefile_id == claim.id,
            Outbox.created_at >= claim.entered_at,
            Outbox.delivered_at >= claim.entered_at,
        )
        .limit(1)
    )
    word = session.scalar(
        select(FamilyWord.id)
        .where(FamilyWord.casefile_id == claim.id, FamilyWord.at >= claim.entered_at)
        .limit(1)
    )
    return delivered is not None or word is not None


def _heard_at(session: Session, claim: Claim) -> datetime:
    delivered = session.scalar(select(func.max(Outbox.delivered_at)).where(Outbox.casefile_id == claim.id))
    told = session.scalar(select(func.max(FamilyWord.at)).where(FamilyWord.casefile_id == claim.id))
    return max(at for at in (_last_visible_step(session, claim), delivered, told) if at is not None)


def _last_visible_step(session: Session, claim: Claim) -> datetime:
    """Return when the family's own page last said something else."""
    labels = {name: state.family_label for name, state in definition_of(claim).states.items()}
    moves = session.execute(
        select(History.at, History.from_state, History.state)
        .where(History.casefile_id == claim.id)
        .order_by(History.version.desc())
    )
    for move in moves:
        if labels.get(move.from_state or "") != labels.get(move.state):
            seen_at: datetime = move.at
            return seen_at
    return claim.opened_at
