"""A case that was paid and is opened again pays only what is still owed, on a new decision by two people."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims import accident, adjustments, benefit, family, medical, operations
from caseflow.claims.models import Claim
from caseflow.claims.operations import papers_arrived
from caseflow.claims.paid_before import paid_before
from caseflow.documents.storage import open_store
from caseflow.errors import NotPermitted, NotPossible
from caseflow.payments.models import Instruction
from caseflow.people.actor import Actor
from tests.accident_story import (
    ERMAWATI,
    MARZUKI,
    SYAFRIL_HURT,
    approved,
    bring_back,
    calculating,
    computed,
    decide_payee,
    enter_account,
    paid,
    press,
    sent,
    settle,
    treated,
    write_conclusion,
)
from tests.accidents import ERMAWATI_IDR, MARZUKI_IDR
from tests.story import Stage, accept_papers, answer_questions, decide, move, send_missing


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def opened_again(stage: Stage, claim: Claim, reason_code: str = "new_facts") -> None:
    """The head of the branch opens a case again, once the bank can send nothing back."""
    if claim.state == "paid":
        clock.set_start(clock.now() + timedelta(days=15))
    press(stage, claim, "reopen_case", by=stage.staff["bram"], reason_code=reason_code)


def recomputed(stage: Stage, claim: Claim) -> int:
    """The officer carries a reopened accident to a new computation; return its total in rupiah."""
    send_missing(stage, claim)
    accept_papers(stage, claim)
    answer_questions(stage, claim, {})
    write_conclusion(stage, claim, "work")
    move(stage, claim, "conclude")
    if family.current_heirs(stage.session, claim.id) is not None:
        move(stage, claim, "calculate")
    return benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now()).total_idr


def orders_of(stage: Stage, claim: Claim) -> list[Instruction]:
    """Return every order to pay of a case, oldest first."""
    query = select(Instruction).where(Instruction.casefile_id == claim.id).order_by(Instruction.id)
    return list(stage.session.scalars(query))


def test_only_the_rest_is_paid(stage: Stage) -> None:
    """Another receipt turns up: 30,000 more, and not the car and the days a second time."""
    claim = paid(stage)
    opened_again(stage, claim)
    late = replace(
        MARZUKI.receipts[0], amount_idr=30_000, source="Kuitansi ojek 19/11", spent_on=date(2026, 11, 19)
    )
    accident.add_cost(stage.session, claim, late, by=stage.verifier, now=clock.now())
    assert recomputed(stage, claim) == 30_000
    move(stage, claim, "submit")
    paid(stage, claim=approved(stage, claim=claim))
    first, second = orders_of(stage, claim)
    assert (first.amount_idr, second.amount_idr) == (MARZUKI_IDR, 30_000)
    assert (second.follows_id, second.state, claim.state) == (first.id, "settled", "paid")
    assert sum(one.amount_idr for one in paid_before(stage.session, claim)) == MARZUKI_IDR + 30_000
    assert run_checks(stage.session.connection()) == {}


def test_nothing_more_is_owed(stage: Stage) -> None:
    """Without new facts there is nothing to submit; the case ends as it was."""
    claim = paid(stage)
    opened_again(stage, claim, "calculation_wrong")
    assert recomputed(stage, claim) == 0
    with pytest.raises(NotPossible, match="tidak ada yang dapat dibayar"):
        move(stage, claim, "submit")
    press(stage, claim, "close_again", by=stage.staff["bram"], reason_text="Tidak ada keterangan baru.")
    assert (claim.state, len(orders_of(stage, claim))) == ("closed", 1)
    assert run_checks(stage.session.connection()) == {}


def test_a_worker_who_dies_later_leaves_the_rest_to_the_family(stage: Stage) -> None:
    """What he was paid himself stays his; death grant, periodic benefit and funeral go to the heirs."""
    claim = paid(stage)
    opened_again(stage, claim, "died")
    dead = replace(MARZUKI.certificate, condition="died")
    medical.record_certificate(stage.session, claim, dead, by=stage.verifier, now=clock.now())
    send_missing(stage, claim)
    accept_papers(stage, claim)
    answer_questions(stage, claim, {})
    move(stage, claim, "conclude")
    person = replace(ERMAWATI, event=MARZUKI.event)
    decide_payee(stage, claim, person)
    enter_account(stage, claim, person)
    move(stage, claim, "calculate")
    total = benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now()).total_idr
    assert total == ERMAWATI_IDR
    move(stage, claim, "submit")
    paid(stage, person, claim=approved(stage, claim=claim))
    first, second = orders_of(stage, claim)
    assert (second.amount_idr, second.follows_id) == (ERMAWATI_IDR, first.id)
    assert second.member_id != first.member_id
    assert run_checks(stage.session.connection()) == {}


def test_money_that_came_back_is_owed_again(stage: Stage) -> None:
    """A payment that the bank sent back was none: the whole is computed again, and replaced, not followed."""
    claim = approved(stage)
    order = sent(stage, claim, MARZUKI.account)
    settle(stage, order)
    bring_back(stage, order)
    assert paid_before(stage.session, claim) == ()
    press(stage, claim, "reissue_payment", by=stage.decider)
    settle(stage, sent(stage, claim, MARZUKI.account))
    first, second = orders_of(stage, claim)
    assert (second.replaces_id, second.follows_id, second.amount_idr) == (first.id, None, MARZUKI_IDR)
    assert run_checks(stage.session.connection()) == {}


def test_a_closed_case_is_opened_by_the_head_of_the_branch_alone(stage: Stage) -> None:
    """With a reason; and it counts its days from then, not from its first papers."""
    claim = paid(stage, SYAFRIL_HURT)
    clock.set_start(clock.now() + timedelta(days=60))
    move(stage, claim, "close")
    assert claim.state == "closed"
    for who in ("dedi", "mega", "lusi"):
        with pytest.raises(NotPermitted):
            press(stage, claim, "reopen_case", by=stage.staff[who], reason_code="worse")
    opened_again(stage, claim, "worse")
    assert claim.state == "verifying"
    assert (claim.closed_at is None, claim.clock_started_on) == (True, clock.today())
    assert run_checks(stage.session.connection()) == {}


def test_whoever_opens_again_does_not_prepare(stage: Stage) -> None:
    """The head of the branch holds the duty to decide from then on."""
    claim = paid(stage)
    opened_again(stage, claim)
    with pytest.raises(NotPossible, match="orang lain"):
        accident.add_cost(
            stage.session,
            claim,
            replace(MARZUKI.receipts[0], amount_idr=1),
            by=stage.staff["bram"],
            now=clock.now(),
        )


def test_opening_again_twice_finds_the_case_moved_on(stage: Stage) -> None:
    """The second of two clicks."""
    claim = paid(stage)
    seen = claim.version
    opened_again(stage, claim)
    with pytest.raises(NotPossible, match="mengubah kasus ini"):
        operations.act(
            stage.session,
            claim,
            "reopen_case",
            by=stage.staff["bram"],
            expected_version=seen,
            now=clock.now(),
            reason_code="worse",
        )


def test_what_was_paid_is_not_taken_back(stage: Stage) -> None:
    """A reopened case cannot be withdrawn: the same accident could be reported and paid once more."""
    claim = paid(stage)
    opened_again(stage, claim)
    with pytest.raises(NotPossible, match="sudah pernah dibayar"):
        press(stage, claim, "withdraw", by=stage.verifier, reason_code="family_choice")


def test_money_of_an_earlier_decision_comes_back(stage: Stage) -> None:
    """Long after the case was opened again the bank returns the first transfer: that sum is owed, not the second."""
    claim = paid(stage)
    opened_again(stage, claim)
    first = orders_of(stage, claim)[0]
    bring_back(stage, first)
    assert claim.state == "verifying"
    assert paid_before(stage.session, claim) == ()
    assert recomputed(stage, claim) == MARZUKI_IDR


def test_an_amount_that_two_people_lowered_is_not_owed_again(stage: Stage) -> None:
    """The rest of the law's sum was settled with the adjustment."""
    claim = computed(stage)
    statement = benefit.computed_statement(stage.session, claim, now=clock.now())
    line = statement.lines[0]
    row = adjustments.propose(
        stage.session, claim, statement, line.code, line.amount_idr - 1_000, "Kuitansi dicoret sebagian.",
        by=stage.verifier, now=clock.now(),
    )  # fmt: skip
    adjustments.answer(stage.session, claim, row.id, "confirmed", "", by=stage.decider, now=clock.now())
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    move(stage, claim, "submit")
    paid(stage, claim=approved(stage, claim=claim))
    opened_again(stage, claim)
    assert recomputed(stage, claim) == 0


def test_a_confirmed_adjustment_goes_back_to_the_sum_of_the_law(stage: Stage) -> None:
    """By the same two people's words."""
    claim = computed(stage)
    given = benefit.computed_statement(stage.session, claim, now=clock.now())
    line = given.lines[0]
    for amount in (line.amount_idr + 5_000, line.amount_idr):
        row = adjustments.propose(
            stage.session, claim, given, line.code, amount, "Kuitansi dibaca sekali lagi.",
            by=stage.verifier, now=clock.now(),
        )  # fmt: skip
        adjustments.answer(stage.session, claim, row.id, "confirmed", "", by=stage.decider, now=clock.now())
    assert benefit.statement_of(stage.session, claim, now=clock.now()).digest() == given.digest()


def test_lateness_counts_from_complete_papers(stage: Stage) -> None:
    """A refused case that is looked at again while papers are missing has no clock until they are there."""
    claim = concluded_early_as_not_work(stage)
    clock.set_start(clock.now() + timedelta(days=1))
    press(stage, claim, "object", by=stage.verifier, reason_text="Ia jatuh saat bekerja.")
    press(stage, claim, "reopen", by=stage.staff["bram"])
    assert claim.clock_started_on is None
    clock.set_start(clock.now() + timedelta(days=70))
    send_missing(stage, claim)
    papers_arrived(stage.session, claim, now=clock.now())
    assert claim.clock_started_on == clock.today()


def concluded_early_as_not_work(stage: Stage) -> Claim:
    """Refused before the family sent a single paper."""
    claim = treated(stage)
    write_conclusion(stage, claim, "not_work")
    move(stage, claim, "conclude_not_work")
    answer_questions(stage, claim, {})
    move(stage, claim, "propose_refusal", reason_code="not_work")
    decide(stage, claim, "refuse", reason_code="not_work")
    return claim


def test_lateness_counts_on_what_is_really_paid(stage: Stage) -> None:
    """A line that two people lowered lowers the compensation with it."""
    claim = calculating(stage)
    claim.clock_started_on = date(2026, 11, 2)
    given = benefit.computed_statement(stage.session, claim, now=clock.now())
    amounts = {line.code: line.amount_idr for line in given.lines}
    days, rest = divmod(
        amounts["late_compensation"], (sum(amounts.values()) - amounts["late_compensation"]) // 100
    )
    assert (days > 0, rest) == (True, 0)
    row = adjustments.propose(
        stage.session, claim, given, "transport_land", 50_000, "Sebagian bukan ongkos ke rumah sakit.",
        by=stage.verifier, now=clock.now(),
    )  # fmt: skip
    adjustments.answer(stage.session, claim, row.id, "confirmed", "", by=stage.decider, now=clock.now())
    anew = benefit.statement_of(stage.session, claim, now=clock.now())
    paid_now = {line.code: line.amount_idr for line in anew.lines}
    assert paid_now["late_compensation"] == days * (anew.total_idr - paid_now["late_compensation"]) // 100
    assert paid_now["late_compensation"] < amounts["late_compensation"]
