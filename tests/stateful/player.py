"""Plays any action of a workflow through the real verbs, by somebody whose part it is, and finds ways to states."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from caseflow import clock
from caseflow.claims import accident, operations
from caseflow.claims.benefit import current_assessment
from caseflow.claims.models import Claim
from caseflow.claims.papers import return_paper
from caseflow.claims.rules import RULES
from caseflow.claims.workflows import definition_of
from caseflow.db_refusals import SENTENCES, refusal_of
from caseflow.documents.models import Requirement
from caseflow.errors import CaseflowError, NotPossible, Stale
from caseflow.payments.models import Instruction
from caseflow.people.actor import SYSTEM, Actor
from caseflow.workflow.definition import Action
from tests import accident_story
from tests.stateful.facts import ESTABLISH, account_of
from tests.stateful.ground import way_to
from tests.story import Stage

_REFUSED = frozenset({"refused", "objection", "inspector_review", "minister_review"})
# steps that end a case, or lead round about: only on the way to these
_ONLY_FOR = {
    "propose_refusal": _REFUSED,
    "lapse": frozenset({"lapsed"}),
    "conclude_not_work": frozenset({"not_work"}),
}
_PASSES = 4
_WAYS = 20
_TEXT = "Surat nomor 12 tanggal 20 November 2026."


@dataclass
class Player:
    """One case in the hands of everybody whose part it is.

    :ivar refusals: sentences that verbs answered with, the newest last.
    """

    stage: Stage
    claim: Claim
    refusals: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """Where the case is."""
        return self.claim.state

    @property
    def actions(self) -> tuple[Action, ...]:
        """Every action that leaves the present state."""
        return definition_of(self.claim).moves_from(self.state)

    def attempt(self, action: Action) -> bool:
        """Play an action behind a savepoint; a refusal in words leaves everything as it was."""
        refusal = self.refusal_of(lambda: self.play(action))
        if refusal is not None:
            self.refusals.append(str(refusal))
        return refusal is None

    def refusal_of(self, act: Callable[[], object]) -> CaseflowError | None:
        """Do something behind a savepoint and return the refusal in words, if there was one."""
        session = self.stage.session
        try:
            with session.begin_nested():
                act()
        except CaseflowError as refusal:
            session.expire_all()
            return refusal
        except DBAPIError as error:
            session.expire_all()
            refused = refusal_of(error)
            if not isinstance(refused, Stale) and str(refused) not in SENTENCES.values():
                raise  # whatever the database refuses has a sentence of its own
            return refused
        return None

    def play(self, action: Action) -> None:
        """Establish what the rules of the action ask for, then carry it out.

        :raises CaseflowError: what the verbs say when it cannot be.
        """
        for _ in range(_PASSES):
            objecting = [name for name in action.when if self._objects(name)]
            for name in objecting:
                if self.state in action.sources and self._objects(name):
                    self._establish(name)
            if not objecting:
                break
        # what was established may have moved the case already: a paper returned, the last one sent
        if self.state in action.sources:
            self._carry_out(action)

    def towards(self, goal: str) -> bool:
        """Go to a state of the present workflow by the shortest way that nobody refuses."""
        closed: set[tuple[str, str]] = set()
        for _ in range(_WAYS):
            if self.state == goal:
                return True
            step = self._first_step(goal, closed)
            if step is None:
                return False
            came_from = self.state
            if not self.attempt(step):
                closed.add((came_from, step.name))
        return self.state == goal

    def actor_for(self, action: Action) -> Actor:
        """Return somebody whose part the action is, and who may do it to this case."""
        staff = self.stage.staff
        if "system" in action.by:
            return SYSTEM
        if "officer" in action.by:
            return self.stage.verifier
        if "medical_adviser" in action.by:
            return accident_story.adviser(self.stage)
        assessment = current_assessment(self.stage.session, self.claim.id)
        high = assessment is not None and assessment.total_idr > accident_story.APPROVER_LIMIT_IDR
        small = action.name in {"refuse", "return_to_officer"} or not high
        return staff["mega" if "approver" in action.by and small else "bram"]

    def act(self, action: Action, by: Actor, *, version: int | None = None, reason: bool = True) -> None:
        """Press the button of an action as it is, with the first reason that can be chosen."""
        needed = reason and action.reason == "required"
        code = action.reasons[0].code if needed and action.reasons else None
        needs_text = needed and (not action.reasons or action.reasons[0].needs_text)
        operations.act(
            self.stage.session,
            self.claim,
            action.name,
            by=by,
            expected_version=self.claim.version if version is None else version,
            now=clock.now(),
            reason_code=code,
            reason_text=_TEXT if needs_text else None,
        )

    def _carry_out(self, action: Action) -> None:
        match action.name:
            case "complete_documents":
                operations.papers_arrived(self.stage.session, self.claim, now=clock.now())
            case "request_replacement":
                self._return_a_paper()
            case "send_payment":
                accident_story.sent(self.stage, self.claim, account_of(self.stage, self.claim))
            case "confirm_payment":
                accident_story.settle(self.stage, self._transfer())
            case "report_payment_failure":
                accident_story.bring_back(self.stage, self._transfer())
            case _:
                self.act(action, self.actor_for(action))

    def _objects(self, rule: str) -> str | None:
        return RULES[rule](self.stage.session, self.claim)

    def _named(self, *names: str) -> None:
        for name in names:
            self.play(definition_of(self.claim).actions[name])

    def _establish(self, rule: str) -> None:
        match rule:
            case "payment_proposed":
                self._named("withdraw_submission", "recheck")
            case "refusal_proposed":
                self._named("withdraw_submission", "propose_refusal")
            case "something_returned":
                self._return_a_paper()
            case "benefit_payable" if not accident.periods(self.stage.session, self.claim.id):
                self._named("recheck")
                ESTABLISH["treatment_recorded"](self.stage, self.claim)
            case "inspector_has_determined":
                self._named("object", "refer_to_inspector", "inspector_says_not_work")
            case _ if rule in ESTABLISH:
                ESTABLISH[rule](self.stage, self.claim)
            case _:
                raise NotPossible(self._objects(rule) or rule)

    def _return_a_paper(self) -> None:
        code = self.stage.session.scalar(
            select(Requirement.code)
            .where(
                Requirement.casefile_id == self.claim.id,
                Requirement.need == "required",
                Requirement.status == "submitted",
            )
            .limit(1)
        )
        if code is None:
            raise NotPossible("Tidak ada dokumen yang dapat dikembalikan.")
        return_paper(self.stage.session, self.claim, code, "blurry", by=self.stage.verifier, now=clock.now())

    def _transfer(self) -> Instruction:
        found = self.stage.session.scalar(
            select(Instruction)
            .where(Instruction.casefile_id == self.claim.id, Instruction.state.in_(("sent", "settled")))
            .order_by(Instruction.id.desc())
            .limit(1)
        )
        if found is None:
            raise NotPossible("Tidak ada transfer.")
        return found

    def _first_step(self, goal: str, refused: set[tuple[str, str]]) -> Action | None:
        definition = definition_of(self.claim)
        pointless = {
            (state, name)
            for name, goals in _ONLY_FOR.items()
            for state in definition.states
            if goal not in goals
        }
        way = way_to(definition, self.state, goal, refused | pointless)
        return way[0] if way else None
