"""Rows of history in words, each by the workflow that the case followed at that time: it may have moved since."""

from caseflow.claims import workflows
from caseflow.workflow.definition import Action, State, Workflow
from caseflow.workflow.models import History


def definition_then(row: History) -> Workflow:
    """Return the workflow of a row."""
    return workflows.book().get(row.workflow, row.workflow_version)


def action_of(row: History) -> Action | None:
    """Return the step that a row tells of; opening a case is none."""
    return definition_then(row).find_action(row.action)


def done(row: History) -> str:
    """Return what a step is called once it is done."""
    if row.action == "open":
        return "Kasus dibuka"
    action = action_of(row)
    return action.done if action else row.action


def why(row: History) -> str:
    """Return reason, words and note of a step in one paragraph; empty when none was given."""
    action = action_of(row)
    reason = action.find_reason(row.reason_code) if action else None
    parts = [
        f"Alasan: {reason.label}" if reason else None,
        row.reason_text,
        f"Catatan: {row.note}" if row.note else None,
    ]
    return ". ".join(part.rstrip(".") for part in parts if part)


def state_after(row: History) -> str:
    """Return the staff label of the state that a step came to."""
    action = action_of(row)
    if action is not None and action.into is not None:
        return target_of(definition_then(row), action).label
    return definition_then(row).label_of(row.state)


def onward(definition: Workflow, action: Action) -> Workflow:
    """Return the workflow in which a case is after a step."""
    return workflows.book().latest(action.into) if action.into is not None else definition


def target_of(definition: Workflow, action: Action) -> State:
    """Return the state that a step leads to, also in another workflow."""
    return onward(definition, action).states[action.target]
