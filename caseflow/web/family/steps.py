"""The five steps of a case as a family sees them. Within one round they never go backwards.

A round begins with the report, with a case that is looked at again, and with every school year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from caseflow import clock
from caseflow.claims import workflows
from caseflow.claims.models import Claim
from caseflow.formats import weekday_date
from caseflow.workflow.definition import STAGE_LABELS, Stage
from caseflow.workflow.models import History

STEPS: tuple[Stage, ...] = ("report", "documents", "examination", "approval", "payment")
_BAD_ENDS = frozenset({"refused", "lapsed"})
_ENDS = _BAD_ENDS | {
    "paid", "accompanying", "closed", "objection", "inspector_review", "minister_review", "ended", "withdrawn",
}  # fmt: skip
_UNDECIDED: frozenset[Stage] = frozenset({"report", "documents", "examination"})
_BETWEEN_SCHOOL_YEARS = frozenset({"waiting_school", "waiting_year"})


@dataclass(frozen=True)
class Step:
    """One of the five steps; ``state`` is done, current, future or decision."""

    label: str
    state: str
    date: str | None
    note: str | None


def steps_of(claim: Claim, moves: Sequence[History], sentence: str) -> list[Step]:
    """Return the five steps of the present round, the present one with the sentence of the state."""
    round_ = present_round(moves)
    reached: dict[Stage, datetime] = {}
    for move in round_:
        reached.setdefault(stage_of(move), move.at)
    furthest = max((STEPS.index(stage) for stage in reached if stage in STEPS), default=0)
    refused = was_refused(round_)
    if refused:
        furthest = len(STEPS) - 1
    finished = claim.state in {"paid", "accompanying"} or (claim.state == "closed" and not refused)
    return [
        _step(index, furthest, reached, sentence, finished=finished, refused=refused)
        for index in range(len(STEPS))
    ]


def present_round(moves: Sequence[History]) -> Sequence[History]:
    """Return the moves since the case was last taken up anew."""
    start = 0
    for place, (before, move) in enumerate(pairwise(moves), start=1):
        again = before.state in _ENDS and stage_of(move) in _UNDECIDED
        if again or move.state in _BETWEEN_SCHOOL_YEARS:
            start = place
    return moves[start:]


def was_refused(moves: Sequence[History]) -> bool:
    """Whether the last decision among these moves was that nothing is paid."""
    decided = [move.state for move in moves if move.state in _BAD_ENDS or move.state in {"approved", "paid"}]
    return bool(decided) and decided[-1] in _BAD_ENDS


def stage_of(move: History) -> Stage:
    """Return the step that the state reached by a move belongs to; a move may lead into another workflow."""
    definition = workflows.book().get(move.workflow, move.workflow_version)
    action = definition.find_action(move.action)
    if action is not None and action.into is not None:
        definition = workflows.book().latest(action.into)
    return definition.states[move.state].stage


def _step(
    index: int,
    furthest: int,
    reached: Mapping[Stage, datetime],
    sentence: str,
    *,
    finished: bool,
    refused: bool,
) -> Step:
    stage = STEPS[index]
    last = index == len(STEPS) - 1
    label = "Keputusan" if refused and last else STAGE_LABELS[stage]
    at = reached.get(stage)
    day = weekday_date(clock.local(at).date()) if at else None
    if refused and last:
        return Step(label, "decision", day, sentence)
    if index < furthest or finished:
        return Step(label, "done", day, None)
    if index == furthest:
        return Step(label, "current", None, sentence)
    return Step(label, "future", None, None)
