"""The one door to ``transitions``: a shared machine for each definition, fired on a bare position.

A row is never given to the library. It would write its initial state over a loaded row, and a false
condition would be silence instead of a sentence; so rules, duties and history stay in ``fire``.
"""

import logging
from weakref import WeakKeyDictionary

from transitions import Machine, MachineError

from caseflow.workflow.definition import Workflow

logging.getLogger("transitions").setLevel(logging.WARNING)

_machines: WeakKeyDictionary[Workflow, Machine] = WeakKeyDictionary()


class _Position:
    """Where a case is, as the library wants to see it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class NoSuchMove(ValueError):
    """The action does not leave that state."""


def machine_for(definition: Workflow) -> Machine:
    """Return the shared machine of a definition, built at its first use."""
    machine = _machines.get(definition)
    if machine is None:
        machine = _machines.setdefault(definition, _build(definition))
    return machine


def next_state(definition: Workflow, state: str, action: str) -> str:
    """Return the state that ``action`` reaches from ``state``.

    :raises NoSuchMove: the action is unknown or does not leave that state.
    """
    position = _Position(state)
    try:
        machine_for(definition).events[action].trigger(position)
    except (MachineError, KeyError, ValueError) as error:
        raise NoSuchMove(f"{action} does not leave {state} in {definition.name}") from error
    return position.state


def _build(definition: Workflow) -> Machine:
    machine = Machine(
        model=None,
        states=list(definition.states),
        initial=definition.initial,
        auto_transitions=False,
        send_event=True,
        model_attribute="state",
    )
    for action in definition.actions.values():
        machine.add_transition(action.name, list(action.sources), action.target)
    return machine
