"""Faults planted on purpose, each with a short walk that meets it: the proof that the proof would notice.

A walk does only what people do. Where a sound system refuses, the walk goes on; what a fault lets through has to be
caught by a key of the database, by a checker of the rows, or by what the walk itself knows to be true.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DBAPIError

from caseflow import clock
from caseflow.claims import (
    accident,
    accident_benefit,
    adjustments,
    benefit,
    consequences,
    family,
    operations,
    scholarship_opening,
)
from caseflow.claims.asking import ask_for_program
from caseflow.claims.content import content_of
from caseflow.claims.models import AssessmentLine, Claim, Decision
from caseflow.claims.rules import RULES
from caseflow.claims.scholarship_opening import ChildFacts, open_right
from caseflow.claims.states import PREPARING
from caseflow.documents.models import Document
from caseflow.errors import CaseflowError
from caseflow.payments import approval, instructions
from caseflow.payments.models import Instruction
from caseflow.workflow import fire
from caseflow.workflow.models import CaseFile
from tests import accident_story, story
from tests.accident_story import MARZUKI
from tests.accidents import ERMAWATI, MARZUKI_IDR
from tests.story import BRANCH, Stage, move


@dataclass(frozen=True)
class Fault:
    """What is broken, and the walk on which it matters."""

    plant: Callable[[pytest.MonkeyPatch], None]
    walk: Callable[[Stage], None]


def tried(stage: Stage, act: Callable[[], object]) -> bool:
    """Do what a sound system refuses; say whether it went through. A refusal by the database is given on."""
    try:
        with stage.session.begin_nested():
            act()
    except CaseflowError as refusal:
        stage.session.expire_all()
        if isinstance(refusal.__cause__, DBAPIError):
            raise refusal.__cause__ from refusal
        return False
    return True


# ---------------------------------------------------------------- history, duties, days


def _no_history(patch: pytest.MonkeyPatch) -> None:
    def write_only_the_state(
        session: Any, case_id: int, _before: int, *, state: Mapping[str, Any], **_rest: Any
    ) -> bool:
        session.execute(update(CaseFile).where(CaseFile.id == case_id).values(dict(state)))
        return True

    patch.setattr(fire, "write_move", write_only_the_state)


def _contacted(stage: Stage) -> None:
    claim = story.reported(stage)
    move(stage, claim, "start_intake")


def _begun(stage: Stage) -> None:
    claim = story.with_papers(stage)
    move(stage, claim, "start_verification")


def _elsewhere(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fire, "next_state", lambda *_: "paid")


def _no_duty(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fire, "take_duty", lambda *_, **__: None)


def _one_person_prepares_and_approves(stage: Stage) -> None:
    claim = story.submitted(stage)
    both = replace(stage.verifier, roles=frozenset({"officer", "approver"}))
    tried(stage, lambda: accident_story.press(stage, claim, "approve", by=both))


def _no_day_to_look_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(fire, "follow_up_on", lambda *_, **__: None)


def _any_version(patch: pytest.MonkeyPatch) -> None:
    def careless(session: Any, case: CaseFile, action: str, **rest: Any) -> Any:
        return fire.fire(session, case, action, **{**rest, "expected_version": case.version})

    patch.setattr(operations, "fire", careless)


def _two_clicks(stage: Stage) -> None:
    claim = story.verifying(stage)
    seen = claim.version
    move(stage, claim, "start_field_check")
    old = {"by": stage.verifier, "expected_version": seen, "now": clock.now()}
    through = tried(
        stage,
        lambda: operations.act(stage.session, claim, "finish_field_check", **old),  # type: ignore[arg-type]
    )
    assert not through, "an act from an old page went through"


def _days_of_greenwich(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(clock, "local", lambda instant: instant.astimezone(UTC))


def _reported_after_midnight(stage: Stage) -> None:
    clock.set_start(datetime(2026, 11, 22, 18, 0, tzinfo=UTC))  # one o'clock on Monday the 23rd in Sijunjung
    claim = story.reported(stage)
    assert claim.reported_on == date(2026, 11, 23), "reported on the day before"
    assert claim.due_on == date(2026, 11, 24), "due on another day"


def _clock_from_the_look(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        operations,
        "BEFORE",
        {**consequences.BEFORE, "complete_documents": consequences.BEFORE["reopen_case"]},
    )


def _looked_at_days_later(stage: Stage) -> None:
    claim = story.reported(stage)
    story.send_missing(stage, claim)
    clock.set_start(clock.now() + timedelta(days=3))
    operations.papers_arrived(stage.session, claim, now=clock.now())
    assert claim.clock_started_on == date(2026, 11, 20), "the family's days were not counted"


# ---------------------------------------------------------------- sums and approvals


def _lines(change: Callable[[int], Any]) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        def line(**columns: Any) -> AssessmentLine:
            return AssessmentLine(**{**columns, "amount_idr": change(columns["amount_idr"])})

        patch.setattr(benefit, "AssessmentLine", line)

    return plant


def _computed(stage: Stage) -> None:
    accident_story.computed(stage)


def _account_open_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(family, "PREPARING", PREPARING | {"approved"})

    def as_approved(session: Any, claim: Claim) -> Any:
        last = select(Decision.content_sha256).where(Decision.casefile_id == claim.id)
        digest = session.scalars(last.order_by(Decision.id.desc()).limit(1)).one()
        return replace(content_of(session, claim), sha256=digest)

    patch.setattr(approval, "content_of", as_approved)
    patch.setitem(RULES, "content_unchanged", lambda *_: None)


def _account_changed_after_approval(stage: Stage) -> None:
    claim = accident_story.approved(stage)
    other = replace(MARZUKI, account=("118", "71000999999", "Marzuki"))
    if tried(stage, lambda: accident_story.enter_account(stage, claim, other)):
        accident_story.sent(stage, claim, other.account)


def _adjusts_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(adjustments, "_check_answer", lambda *_: None)
    patch.setattr(adjustments, "take_duty", lambda *_, **__: None)


def _adjusted_by_one_person(stage: Stage) -> None:
    claim, now = accident_story.calculating(stage), clock.now()
    statement = benefit.computed_statement(stage.session, claim, now=now)
    why = "Kuitansi memuat dua perjalanan."
    by, session = stage.verifier, stage.session
    row = adjustments.propose(session, claim, statement, "transport_land", 9_000_000, why, by=by, now=now)
    tried(stage, lambda: adjustments.answer(session, claim, row.id, "confirmed", "", by=by, now=now))


# ---------------------------------------------------------------- money


def _orders_forgotten(patch: pytest.MonkeyPatch) -> None:
    serial = count(7)
    patch.setattr(instructions, "_earlier", lambda *_: instructions._Earlier(None, None, 0, next(serial)))


def _ordered_twice(stage: Stage) -> None:
    claim = accident_story.approved(stage)
    accident_story.ordered(stage, claim, MARZUKI.account)
    tried(stage, lambda: accident_story.ordered(stage, claim, MARZUKI.account))


def _paid_again_on_one_decision(patch: pytest.MonkeyPatch) -> None:
    real = approval.approved

    def once_approved(session: Any, claim: Claim) -> Any:
        patch.setattr(approval, "NOT_APPROVED", "")
        state, claim.__dict__["state"] = claim.state, "approved"
        try:
            return real(session, claim)
        finally:
            claim.__dict__["state"] = state

    def follows(session: Any, claim: Claim) -> Any:
        last = select(func.max(Instruction.id)).where(Instruction.casefile_id == claim.id)
        found = session.scalar(last)
        return instructions._Earlier(None, found, 1 if found else 0, 7 if found else 0)

    patch.setattr(instructions, "approved", once_approved)
    patch.setattr(instructions, "_earlier", follows)


def _ordered_after_it_was_paid(stage: Stage) -> None:
    claim = accident_story.paid(stage)
    tried(stage, lambda: accident_story.ordered(stage, claim, MARZUKI.account))


def _nothing_was_paid(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accident_benefit, "paid_before", lambda *_, **__: ())


def _reopened_and_paid(stage: Stage) -> None:
    claim = accident_story.paid(stage)
    clock.set_start(clock.now() + timedelta(days=15))
    accident_story.press(stage, claim, "reopen_case", by=stage.staff["bram"], reason_code="new_facts")
    story.answer_questions(stage, claim, {})
    move(stage, claim, "conclude")
    move(stage, claim, "calculate")
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    if tried(stage, lambda: move(stage, claim, "submit")):
        accident_story.paid(stage, claim=accident_story.approved(stage, claim=claim))
    settled = select(func.sum(Instruction.amount_idr)).where(
        Instruction.casefile_id == claim.id, Instruction.state == "settled"
    )
    assert stage.session.scalar(settled) == MARZUKI_IDR, "more was paid than the law gives"


# ---------------------------------------------------------------- papers, days of rest, children


def _papers_thrown_away(patch: pytest.MonkeyPatch) -> None:
    def ask(session: Any, claim: Claim, facts: Any) -> None:
        here = Document.casefile_id == claim.id
        session.execute(update(Document).where(here).values(withdrawn_at=clock.now()))
        ask_for_program(session, claim, facts)

    patch.setattr(consequences, "ask_for_program", ask)


def _moved_with_its_papers(stage: Stage) -> None:
    claim = story.verifying(stage)
    files = select(func.count()).where(Document.casefile_id == claim.id, Document.withdrawn_at.is_(None))
    before = stage.session.scalar(files)
    accident_story.moved_to_jkk(stage, claim=claim)
    assert stage.session.scalar(files) == before, "papers were lost on the way"


def _days_unchecked(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(accident, "_check_period", lambda *_: None)


def _the_same_days_twice(stage: Stage) -> None:
    claim = accident_story.treated(stage)
    days = MARZUKI.periods[1]
    by = stage.verifier
    tried(stage, lambda: accident.add_period(stage.session, claim, days, by=by, now=clock.now()))


def _always_a_place(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(scholarship_opening, "_free_place", lambda *_: 1)


def _three_children(stage: Stage) -> None:
    claim = accident_story.paid(stage, ERMAWATI)
    by, now = stage.verifier, clock.now()
    for child in family.members(stage.session, claim.id):
        facts = ChildFacts(employment="none")
        tried(
            stage,
            lambda child=child, facts=facts: open_right(  # type: ignore[misc]
                stage.session,
                claim,
                child.id,
                facts,
                chosen_by="Hendri, di kantor",
                branch=BRANCH,
                by=by,
                now=now,
            ),
        )


FAULTS: Mapping[str, Fault] = {
    "a step leaves no history": Fault(_no_history, _contacted),
    "a step leads elsewhere": Fault(_elsewhere, _contacted),
    "duties are not taken": Fault(_no_duty, _begun),
    "whoever prepares may approve": Fault(_no_duty, _one_person_prepares_and_approves),
    "no day to look again": Fault(_no_day_to_look_again, _contacted),
    "an old page is accepted": Fault(_any_version, _two_clicks),
    "days are those of Greenwich": Fault(_days_of_greenwich, _reported_after_midnight),
    "the clock starts when somebody looks": Fault(_clock_from_the_look, _looked_at_days_later),
    "lines do not add up": Fault(_lines(lambda idr: idr + 1), _computed),
    "lines go through floats": Fault(_lines(lambda idr: idr * 0.99999), _computed),
    "another account keeps the approval": Fault(_account_open_for_ever, _account_changed_after_approval),
    "an adjustment needs no second person": Fault(_adjusts_alone, _adjusted_by_one_person),
    "earlier orders are forgotten": Fault(_orders_forgotten, _ordered_twice),
    "a decision pays twice": Fault(_paid_again_on_one_decision, _ordered_after_it_was_paid),
    "what was paid is owed again": Fault(_nothing_was_paid, _reopened_and_paid),
    "a move throws papers away": Fault(_papers_thrown_away, _moved_with_its_papers),
    "days of rest are counted twice": Fault(_days_unchecked, _the_same_days_twice),
    "there is always a place for a child": Fault(_always_a_place, _three_children),
}
