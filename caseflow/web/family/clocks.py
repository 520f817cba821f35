"""Both clocks of a case as a family reads them: whose turn it is, since when, by when, and the days of each side.

The days are those that the head of the branch sees (``reports.days``), counted in working days.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import objection, workflows
from caseflow.claims.models import Claim
from caseflow.formats import long_date, weekday_date
from caseflow.registry import queries as registry
from caseflow.reports.autopsy import Span
from caseflow.reports.days import autopsy_of
from caseflow.web.family.refusal import DECIDED_AGAINST, family_reason
from caseflow.workdays import Calendar
from caseflow.workflow.definition import Party
from caseflow.workflow.models import History

_DAY = timedelta(days=1)
_WAITING: dict[Party, str] = {
    "family": "Menunggu Ibu/Bapak",
    "nagari": "Menunggu kantor nagari",
    "hospital": "Menunggu rumah sakit",
    "branch": "Menunggu kami",
    "bank": "Menunggu bank",
    "authority": "Menunggu instansi lain",
}
# nobody is waited for: the money is out, the next school year is not there yet, or an objection was answered
_RESTING = frozenset({"paid", "accompanying", "waiting_school", "waiting_year"})
_SIDES: dict[Party, str] = {
    "branch": "Kami",
    "family": "Ibu/Bapak",
    "nagari": "Kantor nagari",
    "hospital": "Rumah sakit",
    "bank": "Bank",
    "authority": "Instansi lain",
}


@dataclass(frozen=True)
class Side:
    """One side and the working days that it has used so far."""

    label: str
    days: int


@dataclass(frozen=True)
class Pause:
    """A time in which the examination stood still, and why."""

    since: str
    until: str | None
    reason: str


@dataclass(frozen=True)
class Clocks:
    """What the two clocks show.

    :ivar turn: whose turn it is, or what it rests on; ``None`` once the case is over. :ivar since: since which day.
    :ivar sides: empty while it rests. :ivar promise: our promise in a sentence; honest when the day has passed. :ivar late: it has passed.
    """

    turn: str | None
    since: str
    promise: str | None
    late: bool
    sides: Sequence[Side]
    pauses: Sequence[Pause]


def clocks_of(session: Session, claim: Claim, moves: Sequence[History], *, close: bool = True) -> Clocks:
    """Read both clocks of a case.

    :param moves: its history, oldest first; :param close: the phone is the worker's or the family's, who read why it stood still.
    """
    now = clock.now()
    found, today = autopsy_of(session, claim, now=now), clock.local(now).date()
    state = workflows.definition_of(claim).states[claim.state]
    party = _turn(found.spans, state.waits_for)
    calendar = registry.calendar(session, today)
    rests = claim.state in _RESTING or (
        claim.state in DECIDED_AGAINST and objection.why_not(session, claim) is not None
    )
    late = claim.due_on is not None and claim.due_on < today and claim.closed_at is None
    return Clocks(
        turn=None if state.final else state.family_label if rests else _WAITING[party],
        since=long_date(clock.local(claim.entered_at).date()),
        promise=None if state.final else _promise(claim.due_on, today, calendar),
        late=late,
        sides=[] if rests else _sides(found.spans, calendar),
        pauses=_pauses(moves) if close else [],
    )


def _turn(spans: Sequence[Span], waits_for: Party) -> Party:
    """Return who has the ball: papers that only the nagari makes are its turn, as the head sees it."""
    last = spans[-1].party if spans else None
    return "nagari" if waits_for == "family" and last == "nagari" else waits_for


def _promise(due_on: date | None, today: date, calendar: Calendar) -> str | None:
    if due_on is None:
        return None
    if due_on >= today:
        return f"Kami kabari paling lambat {weekday_date(due_on)}."
    days = calendar.count(due_on, today)
    late = f"{days} hari kerja" if days else "sejak akhir pekan"
    return f"Janji kami {weekday_date(due_on)} sudah lewat {late}. Maaf. Silakan telepon, kami jelaskan sebabnya."


def _sides(spans: Sequence[Span], calendar: Calendar) -> list[Side]:
    used: Counter[Party] = Counter()
    for span in spans:
        if span.party is not None:
            used[span.party] += calendar.count(span.since - _DAY, span.until - _DAY)
    return [
        Side(label, used[party])
        for party, label in _SIDES.items()
        if used[party] or party in {"branch", "family"}
    ]


def _pauses(moves: Sequence[History]) -> list[Pause]:
    """Return every stop with its reason in the family's words."""
    pauses = []
    for place, move in enumerate(moves):
        if move.state == "on_hold":
            after = moves[place + 1] if place + 1 < len(moves) else None
            pauses.append(
                Pause(
                    _day(move),
                    _day(after) if after else None,
                    family_reason(move) or "ada yang dipastikan dulu",
                )
            )
    return pauses


def _day(move: History) -> str:
    return long_date(clock.local(move.at).date())
