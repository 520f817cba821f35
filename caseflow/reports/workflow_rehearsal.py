"""A draft of a workflow, tried on past cases: steps lost and added, days, deadlines, what rules would say today.

Reads only; no names of people.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median_low

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.claims.workflows import book
from caseflow.errors import CaseflowError
from caseflow.reports.past_cases import Budget, last_decisions
from caseflow.workdays import Calendar
from caseflow.workflow.deadlines import Beginnings, due_on
from caseflow.workflow.definition import State, Workflow
from caseflow.workflow.journey import Stay, Step, journey, stays
from caseflow.workflow.models import History
from caseflow.workflow.rehearsal import Fired, Replay, replay

_COMPLETE = "complete_documents"


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a case stays in a state.

    :ivar days: calendar days; ``None``: nobody can know. :ivar basis: where the days come from, in words.
    """

    state_label: str
    days: int | None
    basis: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A deadline that the draft changes, for one stay of one case."""

    state_label: str
    before: bool | None
    after: bool | None


@dataclass(frozen=True, slots=True)
class CaseInDraft:
    """What one case would have met.

    :ivar days: calendar days more (or fewer) than it took; estimates of added states, real days of dropped ones.
    :ivar objections: what rules that are new on its way would say to it today.
    :ivar newly_missed: labels of states whose promise it would have missed; :ivar newly_met: that it would have kept.
    """

    number: str
    program: str
    lost: Sequence[str]
    added: Sequence[str]
    days: int
    objections: Sequence[str]
    newly_missed: Sequence[str]
    newly_met: Sequence[str]
    broken: str | None

    @property
    def same(self) -> bool:
        """Return whether nothing would have been different."""
        told = self.lost, self.added, self.objections, self.newly_missed, self.newly_met
        return not (self.days or self.broken or any(told))


@dataclass(frozen=True, slots=True)
class WorkflowRehearsal:
    """What a draft of a workflow would have done.

    :ivar looked: how many cases went through this workflow: the denominator.
    :ivar estimates: for every state that a case would newly have come to, where its days come from.
    """

    looked: int
    changed: Sequence[CaseInDraft]
    estimates: Sequence[Estimate]
    left_out: bool

    @property
    def median_days(self) -> int:
        """Return the median of the days added, over all cases that were looked at."""
        days = [case.days for case in self.changed]
        return median_low([*days, *[0] * (self.looked - len(days))]) if self.looked else 0


@dataclass(frozen=True, slots=True)
class _Past:
    """A past case, read."""

    claim: Claim
    steps: Sequence[Step]
    stays: Sequence[Stay]


def rehearse_workflow(
    session: Session, draft: Workflow, *, branch_code: str, calendar: Calendar
) -> WorkflowRehearsal:
    """Walk every decided case of a branch that went through this workflow through a draft of it."""
    budget = Budget()
    cases = list(_cases(session, draft.name, branch_code, budget))
    measured = _measured(cases, draft.name)
    estimates: dict[str, Estimate] = {}
    changed = []
    for past in budget.within(cases):
        walked = replay(draft, past.steps, closed=past.claim.closed_at is not None)
        for name in walked.more:
            estimates.setdefault(name, _estimate(draft.states[name], measured, calendar))
        case = _case(session, past, draft, walked, estimates, calendar)
        if not case.same:
            changed.append(case)
    return WorkflowRehearsal(len(cases), changed, list(estimates.values()), budget.spent)


def _cases(session: Session, workflow: str, branch_code: str, budget: Budget) -> Iterator[_Past]:
    claims = [claim for claim, _ in budget.within(last_decisions(session, branch_code))]
    rows: dict[int, list[History]] = defaultdict(list)
    ids = [claim.id for claim in claims]
    query = select(History).where(History.casefile_id.in_(ids)).order_by(History.casefile_id, History.version)
    for row in session.scalars(query):
        rows[row.casefile_id].append(row)
    for claim in claims:
        if any(row.workflow == workflow for row in rows[claim.id]):
            steps = journey(rows[claim.id], claim, book())
            yield _Past(claim, steps, stays(steps))


def _measured(cases: Sequence[_Past], workflow: str) -> Mapping[str, list[int]]:
    """Return the calendar days of every finished stay, by state of this workflow."""
    found: dict[str, list[int]] = defaultdict(list)
    for past in cases:
        for stay in past.stays:
            if (
                stay.until is not None
                and stay.step.reached is not None
                and stay.step.reached.name == workflow
            ):
                found[stay.step.row.state].append(_days(stay))
    return found


def _estimate(state: State, measured: Mapping[str, list[int]], calendar: Calendar) -> Estimate:
    """Return how long a state takes: as measured in past cases, else its deadline."""
    found = measured.get(state.name)
    if found:
        return Estimate(state.label, median_low(found), f"median {len(found)} kasus dahulu")
    if state.deadline is None:
        return Estimate(
            state.label, None, "belum pernah dilewati dan tidak punya batas waktu: tidak dapat diperkirakan"
        )
    start = clock.today()
    end = (
        start + timedelta(days=state.deadline)
        if state.deadline_unit == "calendar_days"
        else calendar.add(start, state.deadline)
    )
    return Estimate(state.label, (end - start).days, "batas waktunya, karena belum pernah dilewati")


def _case(
    session: Session,
    past: _Past,
    draft: Workflow,
    walked: Replay,
    estimates: Mapping[str, Estimate],
    calendar: Calendar,
) -> CaseInDraft:
    promises = list(_promises(past, draft, calendar))
    return CaseInDraft(
        number=past.claim.number,
        program=past.claim.program,
        lost=[action.label for action in walked.lost],
        added=[f"{step.action.label} ({draft.label_of(step.source)})" for step in walked.added],
        days=_more_days(past, draft, walked, estimates),
        objections=list(_objections(session, past.claim, walked)),
        newly_missed=[one.state_label for one in promises if one.before is not False and one.after is False],
        newly_met=[one.state_label for one in promises if one.before is False and one.after is not False],
        broken=walked.broken,
    )


def _more_days(past: _Past, draft: Workflow, walked: Replay, estimates: Mapping[str, Estimate]) -> int:
    added = sum((estimates[name].days or 0) * times for name, times in walked.more.items())
    real: dict[str, list[int]] = defaultdict(list)
    for stay in past.stays:
        if _is_in(stay, draft.name):
            real[stay.step.row.state].append(_days(stay))
    return added - sum(sum(real[name][:times]) for name, times in walked.fewer.items())


def _objections(session: Session, claim: Claim, walked: Replay) -> Iterator[str]:
    """Give what the rules that are new on a case's way say to it today."""
    for step in walked.fired:
        for name in _new_rules(step):
            sentence = _said(session, claim, name)
            if sentence is not None:
                yield f"{step.action.label}: {sentence}"


def _new_rules(step: Fired) -> list[str]:
    known = step.was.when if step.was is not None else ()
    return [name for name in step.action.when if name not in known]


def _said(session: Session, claim: Claim, name: str) -> str | None:
    try:
        return RULES[name](session, claim)
    except CaseflowError as refusal:
        return refusal.sentence


def _promises(past: _Past, draft: Workflow, calendar: Calendar) -> Iterator[Promise]:
    """Compare what was promised for each stay with what the draft would have promised."""
    complete_on: date | None = None
    for stay in past.stays:
        if stay.step.row.action == _COMPLETE:
            complete_on = clock.local(stay.since).date()
        old, new = stay.step.state, draft.states.get(stay.step.row.state)
        if not _is_in(stay, draft.name) or old is None or new is None or _times(old) == _times(new):
            continue
        start = Beginnings(stay.since, complete_on or past.claim.clock_started_on, past.claim.reported_on)
        yield Promise(
            new.label,
            before=_kept(stay, stay.step.row.due_on),
            after=_kept(stay, due_on(new, start, calendar)),
        )


def _is_in(stay: Stay, workflow: str) -> bool:
    return stay.step.reached is not None and stay.step.reached.name == workflow


def _times(state: State) -> tuple[object, ...]:
    return state.deadline, state.deadline_unit, state.deadline_from


def _kept(stay: Stay, due: date | None) -> bool | None:
    """Whether a case left a state in time; ``None`` without a deadline."""
    left = clock.local(stay.until).date() if stay.until is not None else clock.today()
    return left <= due if due is not None else None


def _days(stay: Stay) -> int:
    since, until = clock.local(stay.since).date(), clock.local(stay.until or clock.now()).date()
    return (until - since).days
