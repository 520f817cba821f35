"""A walk over every edge of the three workflows by ``fire`` itself, with rules that never object.

Roles, states, duties, reasons, versions, clocks and history are the real ones; the facts of a claim are not asked.
"""

from collections.abc import Callable
from typing import Any
from zlib import crc32

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.opening import Opening, open_claim
from caseflow.claims.rules import RULES
from caseflow.claims.workflows import book, definition_of
from caseflow.errors import Invalid, NotPermitted, NotPossible, Stale
from caseflow.people.actor import REPORTER, SYSTEM, Actor
from caseflow.registry import queries as registry
from caseflow.workflow.definition import Action
from caseflow.workflow.fire import Rule, fire
from tests.accident_story import adviser
from tests.stateful.ground import WITHOUT_MONEY, WORKFLOWS, Ground, broken, stuck
from tests.story import BRANCH

_WILLING: dict[str, Rule[Any]] = dict.fromkeys(RULES, lambda _session, _case: None)
EXPLORED = 8  # times in each run
_LOOKED_AT = 3  # of so many ends of ways one is checked with every query
_BY_DUTY = {"verify": "dedi", "approve": "bram", "release": "hadi", "reconcile": "lusi"}
_BY_ROLE = {
    "officer": "dedi",
    "branch_head": "bram",
    "finance": "lusi",
    "approver": "bram",
    "social_worker": "rina",
}


class EdgeWalk(RuleBasedStateMachine):
    """Cases of all three workflows, one step at a time; each step looks at every way that leads on.

    :ivar ground: where it is played; set on a subclass by whoever runs it.
    """

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.opened = self.ground.session()
        self.session: Session = self.opened.__enter__()
        self.adviser = adviser(self.ground.stage(self.session))
        self.calendar = registry.calendar(self.session, clock.today())
        self.cases: list[Claim] = []

    @initialize(order=st.integers(0, 2**31))
    def begin(self, order: int) -> None:
        """Every state is entered some times in drawn orders; then one case of each workflow stays."""
        for turn in range(EXPLORED):
            self._explore_all(f"{order} {turn}")
        self.cases = [self.open(workflow) for workflow in WORKFLOWS]

    def open(self, workflow: str) -> Claim:
        """A new case begins as a draft."""
        today = clock.today()
        opening = Opening(
            program=workflow,
            subject="Pekerja",
            region_code="13.03.99.2001",
            event_on=today,
            cause="unknown",
            died_on=today if workflow == "jkm" else None,
        )
        case = open_claim(self.session, opening, branch=BRANCH, by=SYSTEM, now=clock.now())
        self._seen(case)
        return case

    @rule(which=st.integers(0, 9), how=st.integers(0, 30))
    def step(self, which: int, how: int) -> None:
        """A case takes one of its steps, also into another workflow."""
        case = self._case(which)
        moves = definition_of(case).moves_from(case.state)
        if moves:
            self._fire(case, moves[how % len(moves)])

    @rule(which=st.integers(0, 9), how=st.integers(0, 30))
    def refused(self, which: int, how: int) -> None:
        """A stranger, somebody with an old page, somebody without a reason: nothing moves."""
        case = self._case(which)
        moves = definition_of(case).moves_from(case.state)
        if not moves:
            return
        move, before = moves[how % len(moves)], case.version
        stranger = self.ground.staff["aulia"]
        self._refused(NotPermitted, lambda: self._fire(case, move, by=stranger))
        self._refused(Stale, lambda: self._fire(case, move, version=before - 1))
        if move.reason == "required":
            self._refused(Invalid, lambda: self._fire(case, move, reason=False))
        other = next(a for a in definition_of(case).actions.values() if case.state not in a.sources)
        self._refused(NotPossible, lambda: self._fire(case, other))
        assert case.version == before

    @invariant()
    def sound(self) -> None:
        """History, edges and duties hold, and no case is forgotten."""
        assert broken(self.ground.connection, WITHOUT_MONEY) == {}
        assert [why for why in map(stuck, self.cases) if why] == []

    def teardown(self) -> None:
        """Take everything back."""
        self.opened.__exit__(None, None, None)

    def _explore_all(self, order: str) -> None:
        """A new case of each workflow goes to every state, each by the first way found in an order.

        Each step is taken back before the next way is tried, so that every state is entered once.
        """
        for workflow in WORKFLOWS:
            savepoint = self.session.begin_nested()
            case = self.open(workflow)
            self._explore(case, {case.state}, order)
            savepoint.rollback()

    def _explore(self, case: Claim, seen: set[str], order: str) -> None:
        moves = definition_of(case).steps_from(case.state)
        led_on = False
        for move in sorted(moves, key=lambda one: crc32(f"{order} {one.name}".encode())):
            if move.target not in seen:
                led_on = True
                seen.add(move.target)
                savepoint = self.session.begin_nested()
                self._fire(case, move)
                self._explore(case, seen, order)
                savepoint.rollback()
                self.session.expire(case)
        assert stuck(case) is None
        if not led_on and len(seen) % _LOOKED_AT == 0:
            assert broken(self.ground.connection, WITHOUT_MONEY) == {}

    def _case(self, which: int) -> Claim:
        return self.cases[which % len(self.cases)]

    def _seen(self, case: Claim) -> None:
        self.ground.visits[case.workflow, case.state] += 1
        event(f"{case.workflow}.{case.state}")

    def _refused(self, kind: type[Exception], act: Callable[[], None]) -> None:
        savepoint = self.session.begin_nested()
        try:
            act()
        except kind:
            savepoint.rollback()
            self.session.expire_all()
            return
        raise AssertionError(f"{kind.__name__} was not said")

    def _actor(self, case: Claim, move: Action) -> Actor:
        if move.duty == "medical":
            return self.adviser
        if move.duty is not None:
            return self.ground.staff[_BY_DUTY[move.duty]]
        if "system" in move.by:
            return SYSTEM
        role = next((role for role in _BY_ROLE if role in move.by), None)
        return self.ground.staff[_BY_ROLE[role]] if role is not None else REPORTER

    def _fire(
        self,
        case: Claim,
        move: Action,
        *,
        by: Actor | None = None,
        version: int | None = None,
        reason: bool = True,
    ) -> None:
        needed = reason and move.reason == "required"
        fire(
            self.session,
            case,
            move.name,
            by=by or self._actor(case, move),
            expected_version=case.version if version is None else version,
            definition=definition_of(case),
            calendar=self.calendar,
            rules=_WILLING,
            now=clock.now(),
            reason_code=move.reasons[0].code if needed and move.reasons else None,
            reason_text="Surat nomor 12 tanggal 20 November 2026." if needed else None,
            destination=book().latest(move.into) if move.into else None,
        )
        self._seen(case)
