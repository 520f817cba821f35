"""A workflow as a table: the twin of its picture, for whoever cannot see it or wants to search it."""

from collections.abc import Mapping
from dataclasses import dataclass

from caseflow.people.policy import policy
from caseflow.workflow.definition import PARTY_LABELS, STAGE_LABELS, UNIT_LABELS, Action, State, Workflow
from caseflow.workflow.queries import StateFigures


@dataclass(frozen=True)
class Exit:
    """A way out of a state, in words."""

    label: str
    target_label: str
    roles: tuple[str, ...]
    reopens: bool = False


@dataclass(frozen=True)
class Row:
    """One state in the table beside the picture."""

    state: State
    stage_label: str
    deadline: str
    figures: StateFigures | None
    waits_for: str = ""
    exits: tuple[Exit, ...] = ()


def rows(definition: Workflow, figures: Mapping[str, StateFigures] | None = None) -> list[Row]:
    """Return the picture as a table: one row a state, in the order of the file."""
    labels = {name: role.label for name, role in policy().roles.items()}
    return [
        Row(
            state=state,
            stage_label=STAGE_LABELS[state.stage],
            deadline=deadline_words(state),
            figures=(figures or {}).get(state.name),
            waits_for="" if state.final else PARTY_LABELS[state.waits_for],
            exits=tuple(
                Exit(
                    label=action.label,
                    target_label=target_words(definition, action),
                    roles=tuple(sorted(labels.get(role, role) for role in action.by)),
                    reopens=action.reopens,
                )
                for action in definition.moves_from(state.name)
            ),
        )
        for state in definition.states.values()
    ]


def target_words(definition: Workflow, action: Action) -> str:
    """Return where an action leads, in words; of another workflow its name."""
    return definition.label_of(action.target) if action.into is None else f"alur {action.into.upper()}"


def deadline_words(state: State) -> str:
    """Return the deadline of a state in words; empty if it has none."""
    if state.deadline is None:
        return ""
    since = {"complete": "sejak dokumen lengkap", "report": "sejak laporan"}.get(
        state.deadline_from, "sejak masuk"
    )
    return f"{state.deadline} {UNIT_LABELS[state.deadline_unit]} {since}"
