"""A walk of whole cases through the real verbs: right people and wrong ones, old pages, returned papers, days that
pass, money that comes back, cases that change their programme; and after every step everything that must be true.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from zlib import crc32

from hypothesis import event
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from caseflow import clock
from caseflow.claims import adjustments, benefit, family
from caseflow.claims.models import AssessmentLine, Claim, Decision
from caseflow.claims.states import PREPARING
from caseflow.claims.workflows import definition_of
from caseflow.errors import CaseflowError, Invalid, NotPermitted, NotPossible, Stale
from caseflow.payments.models import Instruction
from caseflow.workflow.definition import Action
from tests.stateful.facts import account_of
from tests.stateful.ground import TEMPLATES, Ground, broken, entered, stuck
from tests.stateful.player import Player

_PLACES = st.integers(0, 2**31)
PEOPLE = ("dedi", "sari", "mega", "hana", "bram", "nina", "hadi", "lusi", "rina", "aulia", "admin")
# what the law gives these workers for their event, whatever happens to the case; rupiah
MOST_IDR: Mapping[str, int] = {
    "death_grant": 48_000_000,
    "periodic_benefit": 12_000_000,
    "funeral_cost": 10_000_000,
    "stmb_full": 100_000,
    "disability_1": 12_000_000,
    "transport_land": 0,
}


class CaseWalk(RuleBasedStateMachine):
    """One case, from a prepared beginning, in everybody's hands.

    :ivar ground: where it is played; set on a subclass by whoever runs it.
    """

    ground: Ground

    def __init__(self) -> None:
        super().__init__()
        self.opened = self.ground.session()
        self.session = self.opened.__enter__()
        self.stage = self.ground.stage(self.session)
        self.case: Player | None = None
        self.counted = -1
        self.touched = True

    @property
    def player(self) -> Player:
        """The case of this run."""
        assert self.case is not None
        return self.case

    @property
    def claim(self) -> Claim:
        """The claim of this run."""
        return self.player.claim

    @initialize(template=st.sampled_from(sorted(TEMPLATES)), goal=_PLACES, then=_PLACES)
    def begin(self, template: str, goal: int, then: int) -> None:
        """Take one of the prepared cases and bring it somewhere."""
        claim = self.session.get_one(Claim, self.ground.templates[template])
        self.case = Player(self.stage, claim)
        event(f"begins as {template}")
        self.make_progress(goal, then)

    @rule(goal=_PLACES, then=_PLACES)
    def make_progress(self, goal: int, then: int) -> None:
        """Go towards some states by the next legal steps, with the facts that the rules object to."""
        for place in (goal, then):
            states = list(definition_of(self.claim).states)
            self.player.towards(states[crc32(str(place).encode()) % len(states)])
            self.touched = True
            self.everything_holds()

    @rule(how=st.integers(0, 30))
    def play_any(self, how: int) -> None:
        """Do any step that leaves the present state, if its rules can be satisfied."""
        action = self._pick(how)
        if action is not None:
            self.touched = self.player.attempt(action)

    @rule(how=st.integers(0, 90), who=st.sampled_from(PEOPLE))
    def press_anything(self, how: int, who: str) -> None:
        """Anybody presses any button of the workflow: what is not theirs, or not now, is refused."""
        actions = list(definition_of(self.claim).actions.values())
        action, by = actions[how % len(actions)], self.ground.staff[who]
        before = (self.claim.version, self.claim.state)
        refusal = self.player.refusal_of(lambda: self.player.act(action, by))
        if by.roles.isdisjoint(action.by) or before[1] not in action.sources:
            assert isinstance(refusal, (NotPermitted, NotPossible))
        self.touched = (self.claim.version, self.claim.state) != before
        assert self.touched == (refusal is None)

    @rule(how=st.integers(0, 30), slip=st.sampled_from(("old page", "second click", "no reason")))
    def press_wrongly(self, how: int, slip: str) -> None:
        """The right person, from a page that is no longer true, or twice, or without a reason: nothing moves."""
        action = self._pick(how)
        if action is None or not action.button:
            return
        by, seen = self.player.actor_for(action), self.claim.version
        if slip == "no reason" and action.reason == "required":
            self._refused((Invalid, NotPossible), lambda: self.player.act(action, by, reason=False))
        elif slip == "old page":
            self._refused((Stale, NotPossible), lambda: self.player.act(action, by, version=seen - 1))
        elif slip == "second click" and self.player.attempt(action) and self.claim.version == seen + 1:
            self.touched = True
            self._refused((Stale, NotPossible), lambda: self.player.act(action, by, version=seen))

    @rule(days=st.sampled_from((1, 3, 30, 200)))
    def let_days_pass(self, days: int) -> None:
        """The clock goes on, over weekends and ends of months."""
        clock.set_start(clock.now() + timedelta(days=days))

    @rule()
    def change_the_account(self) -> None:
        """Another account, at any time: refused once the case is submitted, decided anew before."""
        bank, number, holder = account_of(self.stage, self.claim)

        def enter() -> None:
            family.enter_account(
                self.session,
                self.claim,
                bank_code=bank,
                account_number=f"{number}9",
                holder_name=holder,
                name_note="",
                by=self.stage.verifier,
                now=clock.now(),
            )

        self.touched = self.player.refusal_of(enter) is None
        assert not self.touched or self.claim.state in PREPARING

    @rule(confirmed=st.booleans())
    def adjust_a_line(self, confirmed: bool) -> None:
        """One rupiah less for the first line; it counts only when a second person agrees."""
        if self.claim.state != "calculating":
            return
        verdict = "confirmed" if confirmed else "refused"
        self.touched = self.player.refusal_of(lambda: self._adjust(verdict)) is None

    @invariant()
    def everything_holds(self) -> None:
        """No checker of the rows, no deferred constraint, no list of work has anything against it."""
        if self.case is None or not self.touched:
            return
        self.touched = False
        self.session.flush()
        self._count()
        assert broken(self.ground.connection) == {}
        assert stuck(self.claim) is None
        assert self._paid_too_much() == {}

    def teardown(self) -> None:
        """From wherever it stands, the case can be brought to an end; then everything is taken back."""
        try:
            if self.case is not None:
                self._to_an_end()
                self._count()
        finally:
            self.opened.__exit__(None, None, None)

    def _to_an_end(self) -> None:
        definition = definition_of(self.claim)
        if definition.states[self.claim.state].final:
            return
        ends = ("closed", "ended", "withdrawn")
        assert any(end in definition.states and self.player.towards(end) for end in ends), (
            f"{definition.name}.{self.claim.state}: {self.player.refusals[-3:]}"
        )

    def _pick(self, how: int) -> Action | None:
        actions = self.player.actions
        return actions[how % len(actions)] if actions else None

    def _refused(self, kinds: tuple[type[CaseflowError], ...], act: Callable[[], None]) -> None:
        before = (self.claim.version, self.claim.state)
        assert isinstance(self.player.refusal_of(act), kinds)
        assert (self.claim.version, self.claim.state) == before

    def _adjust(self, verdict: str) -> None:
        now = clock.now()
        statement = benefit.computed_statement(self.session, self.claim, now=now)
        line = statement.lines[0]
        row = adjustments.propose(
            self.session,
            self.claim,
            statement,
            line.code,
            line.amount_idr - 1,
            "Kuitansi tidak terbaca seluruhnya.",
            by=self.stage.verifier,
            now=now,
        )
        words = "" if verdict == "confirmed" else "Kuitansinya dapat dibaca."
        adjustments.answer(self.session, self.claim, row.id, verdict, words, by=self.stage.decider, now=now)

    def _count(self) -> None:
        for step in entered(self.session, self.claim, after=self.counted):
            self.ground.seen_by_verbs(step)
            event(".".join(step))
        self.counted = self.claim.version

    def _paid_too_much(self) -> dict[str, int]:
        paid = (
            select(AssessmentLine.code, func.sum(AssessmentLine.amount_idr))
            .join(Decision, Decision.assessment_id == AssessmentLine.assessment_id)
            .join(Instruction, Instruction.decision_id == Decision.id)
            .where(Decision.casefile_id == self.claim.id, Instruction.state == "settled")
            .group_by(AssessmentLine.code)
        )
        rows = self.session.execute(paid).all()
        return {code: idr for code, idr in rows if idr > MOST_IDR.get(code, idr)}
