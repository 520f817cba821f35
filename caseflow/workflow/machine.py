"""Where an action leads, by a table; and the one door to ``transitions``, which proves the table.

The library's machine is built once from a definition, when the file is loaded, and fired from every
state: where it and the table disagree, the file is not used. A row is never given to the library. It
would write its initial state over a loaded row, and a false condition would be silence instead of a
sentence; so rules, duties and history stay in ``fire``.
"""

import logging

from transitions import Machine, MachineError

from caseflow.workflow.definition import Action, Workflow

logging.getLogger("transitions").setLevel(logging.WARNING)


class _Position:
    """Where a case is, as the library wants to see it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class NoSuchMove(ValueError):
    """The action does not leave that state."""


def next_state(definition: Workflow, state: str, action: str) -> str:
    """Return the state that ``action`` reaches from ``state``.

    :raises NoSuchMove: the action is unknown or does not leave that state.
    """
    target = definition.target(state, action)
    if target is None:
        raise NoSuchMove(f"{action} does not leave {state} in {definition.name}")
    return target


def disagreements(definition: Workflow) -> list[str]:
    """Return every move about which the library's machine and the table of the definition disagree."""
    machine = machine_of(definition)
    found = []
    for state in definition.states:
        for action in definition.actions:
            target, into = definition.target(state, action), definition.actions[action].into
            expected = target if target is None or into is None else f"{into}:{target}"
            reached = _fired(machine, state, action)
            if expected != reached:
                found.append(f"{action} dari {state}: tabel {expected}, mesin {reached}.")
    return found


def machine_of(definition: Workflow) -> Machine:
    """Build the library's machine of a definition."""
    machine = Machine(
        model=None,
        states=[
            *definition.states,
            *dict.fromkeys(_place(action) for action, _, _ in definition.departures()),
        ],
        initial=definition.initial,
        auto_transitions=False,
        send_event=True,
        model_attribute="state",
    )
    for action in definition.actions.values():
        machine.add_transition(action.name, list(action.sources), _place(action))
    return machine


def _place(action: Action) -> str:
    """Name what an action reaches; a state of another workflow by both names."""
    return action.target if action.into is None else f"{action.into}:{action.target}"


def _fired(machine: Machine, state: str, action: str) -> str | None:
    """Fire an action on a bare position and return where it led, ``None`` when nowhere."""
    position = _Position(state)
    try:
        machine.events[action].trigger(position)
    except MachineError:
        return None
    return position.state
