"""A past case walked through a draft of its workflow: what would not be there any more, what would come in between.

Pure. What the steps cost in days, and what rules would say, is asked in ``reports``.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.fire import OPENING
from caseflow.workflow.journey import Step


@dataclass(frozen=True, slots=True)
class Fired:
    """A step of the draft. ``was``: the action of the past with that name, ``None`` for a step that is new to the case."""

    action: Action
    source: str
    was: Action | None


@dataclass(frozen=True, slots=True)
class Replay:
    """A case in the draft.

    :ivar fired: every step, in order; :ivar lost: past actions that the draft does not allow there.
    :ivar more: states it would have come to more often than it did; :ivar fewer: those it would never have come to,
        and how often it did.
    :ivar broken: the label of the state from which the draft knows no way on, ``None`` when there always is one.
    """

    fired: Sequence[Fired]
    lost: Sequence[Action]
    more: Mapping[str, int]
    fewer: Mapping[str, int]
    broken: str | None

    @property
    def added(self) -> list[Fired]:
        """Return the steps that come in addition to those of the past."""
        return [step for step in self.fired if step.was is None]

    @property
    def same(self) -> bool:
        """Return whether the case would have gone exactly as it did."""
        return not (self.lost or self.added or self.more or self.fewer or self.broken)


def replay(draft: Workflow, steps: Sequence[Step], *, closed: bool) -> Replay:
    """Walk a case through a draft; where a past action does not fit, take the shortest way to where it does.

    Only the parts of the way that belong to this workflow are walked.

    :param closed: the case ended, so it has to reach the same end in the draft.
    """
    walk = _Walk(draft)
    last = len(steps) - 1
    for number, step in enumerate(steps):
        walk.follow(step, must_arrive=closed and number == last)
        if walk.broken is not None:
            break
    came, went = Counter(walk.visited), Counter(walk.past)
    never = {state: times for state, times in went.items() if state not in came}
    return Replay(walk.fired, walk.lost, dict(came - went), never, walk.broken)


def shortest_way(
    draft: Workflow, source: str, arrived: Callable[[str], bool]
) -> list[tuple[Action, str]] | None:
    """Return the fewest steps from a state to one that will do, each with the state it leaves; ``None``: no way.

    Ends are not passed through.
    """
    ways: dict[str, list[tuple[Action, str]]] = {source: []}
    waiting = deque([source])
    while waiting:
        state = waiting.popleft()
        if arrived(state):
            return ways[state]
        if draft.states[state].final and state != source:
            continue
        for action in draft.steps_from(state):
            if action.target not in ways:
                ways[action.target] = [*ways[state], (action, state)]
                waiting.append(action.target)
    return None


@dataclass
class _Walk:
    """Where a case stands in the draft; ``at`` is ``None`` while it is in another workflow."""

    draft: Workflow
    at: str | None = None
    broken: str | None = None
    fired: list[Fired] = field(default_factory=list)
    lost: list[Action] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)
    past: list[str] = field(default_factory=list)

    def follow(self, step: Step, *, must_arrive: bool) -> None:
        """Go on by one step of the past."""
        ours = step.left is not None and step.left.name == self.draft.name
        onward = step.reached is None or step.reached.name != self.draft.name
        if not onward:
            self.past.append(step.row.state)
        if step.row.action == OPENING and ours:
            self._enter(self.draft.initial, step.state_label)
        elif ours and step.action is not None and self.at is not None:
            self._act(step.action, None if onward else step.row.state)
            if onward:
                self.at = None
            elif must_arrive:
                self._arrive(step.row.state)
        elif not ours and not onward:
            self._enter(step.row.state, step.state_label)

    def _enter(self, state: str, label: str) -> None:
        if state not in self.draft.states:
            self.broken = label
            return
        self.at = state
        self.visited.append(state)

    def _act(self, was: Action, target: str | None) -> None:
        """Fire an action of the past from where the case stands, or come by another way to where it led."""
        now = self.draft.find_action(was.name)
        sources = now.sources if now is not None else ()
        way = self._way(lambda state: state in sources)
        if now is not None and way is not None:
            self._take(way)
            self._fire(now, was)
            return
        self.lost.append(was)
        if target is not None and target in self.draft.states:
            self._arrive(target)

    def _arrive(self, state: str) -> None:
        way = self._way(lambda at: at == state)
        if way is None:
            self.broken = self.draft.label_of(self.at or "")
            return
        self._take(way)

    def _way(self, arrived: Callable[[str], bool]) -> list[tuple[Action, str]] | None:
        return shortest_way(self.draft, self.at, arrived) if self.at is not None else None

    def _take(self, way: Iterable[tuple[Action, str]]) -> None:
        for action, _ in way:
            self._fire(action, None)

    def _fire(self, action: Action, was: Action | None) -> None:
        self.fired.append(Fired(action, self.at or "", was))
        if action.into is None:
            self._enter(action.target, self.draft.label_of(action.target))
