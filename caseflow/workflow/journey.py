"""The way of one case through its workflows, read from its history.

A row of history names the file its action stands in. The state it reached stands in the file of the next row: an
action that goes on in another workflow leaves one file and reaches a state of another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from caseflow.workflow.definition import Action, State, Workflow, WorkflowBook
from caseflow.workflow.diagram import Trail
from caseflow.workflow.fire import OPENING
from caseflow.workflow.models import CaseFile, History

_OPENED = "Kasus dibuka"


@dataclass(frozen=True, slots=True)
class Step:
    """One row of history and the files that explain it; ``None``: the server holds that file no longer.

    :ivar left: the workflow whose action it was; :ivar reached: the one whose state it reached.
    """

    row: History
    left: Workflow | None
    reached: Workflow | None

    @property
    def action(self) -> Action | None:
        """Return the action as its own file describes it; ``None`` for the opening of the case."""
        return self.left.find_action(self.row.action) if self.left is not None else None

    @property
    def state(self) -> State | None:
        """Return the state it reached as its own file describes it."""
        return self.reached.states.get(self.row.state) if self.reached is not None else None

    @property
    def title(self) -> str:
        """Return what was done, in the words of its own file."""
        if self.row.action == OPENING:
            return _OPENED
        return self.action.done if self.action is not None else self.row.action

    @property
    def state_label(self) -> str:
        """Return what the reached state is called in its own file."""
        return self.state.label if self.state is not None else self.row.state


@dataclass(frozen=True, slots=True)
class Stay:
    """The time from one step to the next; ``until`` is ``None`` while it lasts."""

    step: Step
    since: datetime
    until: datetime | None


def journey(rows: Sequence[History], case: CaseFile, book: WorkflowBook) -> list[Step]:
    """Explain the history of a case.

    :param rows: every row, oldest first.
    """
    files = [book.find(row.workflow, row.workflow_version) for row in rows]
    now_in = book.find(case.workflow, case.workflow_version)
    return [
        Step(row, left, reached) for row, left, reached in zip(rows, files, [*files[1:], now_in], strict=True)
    ]


def stays(steps: Sequence[Step]) -> list[Stay]:
    """Return how long the case stayed where each step brought it."""
    ends: list[datetime | None] = [step.row.at for step in steps[1:]]
    return [Stay(step, step.row.at, until) for step, until in zip(steps, [*ends, None], strict=True)]


def trails(steps: Sequence[Step]) -> list[tuple[Workflow, Trail]]:
    """Return the way of a case in each workflow that it went through, in the order of its first step there."""
    last = steps[-1]
    files = dict.fromkeys(file for step in steps for file in (step.left, step.reached) if file is not None)
    return [
        (file, Trail(last.row.state if last.reached is file else None, list(_moves(steps, file))))
        for file in files
    ]


def _moves(steps: Sequence[Step], file: Workflow) -> Iterator[tuple[str, str]]:
    for step in steps:
        if step.left is file and step.row.from_state is not None:
            yield step.row.from_state, step.row.action
