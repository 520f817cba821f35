"""Which states of a workflow are its main road, and which stand beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from caseflow.workflow.definition import STAGES, Action, Stage, Workflow


@dataclass(frozen=True)
class Roads:
    """The main road from beginning to end, and the states beside it by stage, in drawing order."""

    spine: tuple[str, ...]
    beside: Mapping[Stage, tuple[str, ...]]


def roads_of(definition: Workflow) -> Roads:
    """Find the longest way that only goes forward; what is not on it stands beside it."""
    spine = _longest_way(definition)
    beside: dict[Stage, tuple[str, ...]] = {}
    for stage in STAGES:
        members = [
            name for name, state in definition.states.items() if state.stage == stage and name not in spine
        ]
        beside[stage] = tuple(sorted(members, key=lambda name: _weight(definition, spine, name)))
    return Roads(spine=spine, beside=MappingProxyType(beside))


def rank(definition: Workflow, state: str) -> tuple[int, int]:
    """Return how far along a state is: its stage, then its place in the file."""
    stage = STAGES.index(definition.states[state].stage)
    return stage, list(definition.states).index(state)


def goes_forward(definition: Workflow, source: str, target: str) -> bool:
    """Tell whether a move leads to a later state."""
    return rank(definition, target) > rank(definition, source)


@lru_cache(maxsize=1024)
def onward(definition: Workflow, state: str) -> tuple[Action, ...]:
    """Return the actions that bring a case on from a state: to a later one, or to an end.

    A detour (a later state that only leads back) and a retreat do not. A state that has nothing else is itself a
    detour: there every action brings the case on.
    """
    leaving = definition.moves_from(state)
    forward = tuple(action for action in leaving if _brings_on(definition, state, action))
    return forward or leaving


def _brings_on(definition: Workflow, state: str, action: Action) -> bool:
    if action.into is not None or not goes_forward(definition, state, action.target):
        return False
    further = definition.steps_from(action.target)
    return definition.states[action.target].final or any(
        goes_forward(definition, state, step.target) for step in further
    )


def _longest_way(definition: Workflow) -> tuple[str, ...]:
    """Return the longest forward way from the initial state to one that only leads back, or to a final one.

    A case that comes round again, year after year, has its last step where it goes back.
    """
    ways: dict[str, tuple[str, ...]] = {}
    for name in sorted(definition.states, key=lambda state: rank(definition, state), reverse=True):
        onward = [
            ways[action.target]
            for action in definition.steps_from(name)
            if goes_forward(definition, name, action.target)
        ]
        ways[name] = (name, *max(onward, key=len, default=()))
    return ways[definition.initial]


def _weight(
    definition: Workflow, spine: tuple[str, ...], name: str, seen: frozenset[str] = frozenset()
) -> tuple[float, tuple[int, int]]:
    """Order states beside the road by where on the road one comes from; ``seen`` ends a circle of them."""
    sources = [source for _, source, target in definition.moves() if target == name and source in spine]
    places = [spine.index(source) for source in sources]
    # one that is only reached from another beside the road comes right after it
    mean = sum(places) / len(places) if places else len(spine) - 0.5
    own = rank(definition, name)
    if not places:
        before = [source for _, source, target in definition.moves() if target == name]
        mean = min(
            (
                _weight(definition, spine, source, seen | {name})[0] + 0.1
                for source in before
                if source not in spine and source not in seen | {name}
            ),
            default=mean,
        )
    return mean, own
