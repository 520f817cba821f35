"""The trail of one family: shares of beans, stages over time, what was said of the money, what to say of school."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseflow import clock
from caseflow.claims import receipts
from caseflow.claims.models import Claim
from caseflow.errors import NotFound, NotPermitted, NotPossible
from caseflow.monitoring import plans, receipt_told, survival, validation
from caseflow.monitoring.models import Plan
from caseflow.monitoring.trail import shares_of, trail_of
from caseflow.monitoring.visit_models import USES
from tests.scholarship_story import asked, opened
from tests.story import Stage
from tests.told import other, told
from tests.visit_story import days_pass, followed, visit_of

M3, M6 = (
    datetime.fromisoformat("2027-02-22T10:00:00+07:00"),
    datetime.fromisoformat("2027-05-24T10:00:00+07:00"),
)


def lived(stage: Stage) -> Plan:
    """Firdaus' family: a shop that begins and runs; school is paid; a course is wanted."""
    plan = followed(stage)
    told(
        stage, visit_of(stage, plan, "m3"), M3, livelihood_stage="started", livelihood_type="shop",
        income_band="under_500k", household_change="heavier", uses={"school": 1, "business_capital": 2},
        needs=["training"], schooling=[child("Nadia", attends=True), child("Rafi", attends=False)],
        received_in_full="full",
    )  # fmt: skip
    told(
        stage, visit_of(stage, plan, "m6"), M6, livelihood_stage="running", livelihood_type="shop",
        income_band="500k_1m", household_change="same", needs=["capital", "scholarship"], received_in_full="not_yet",
    )  # fmt: skip
    return plan


def child(name: str, *, attends: bool) -> dict[str, object]:
    """What is said of one child."""
    return {"member": None, "first_name": name, "attends": attends, "reason": "", "scholarship_asked": None}


def test_trail_tells_uses_stages_school_and_needs_in_order(stage: Stage) -> None:
    plan = lived(stage)
    trail = trail_of(stage.session, plan, today=clock.today())
    assert [(step.title, step.stage, step.band) for step in trail.steps] == [
        ("Kunjungan 3 bulan", "Mulai", "Di bawah Rp500.000"),
        ("Kunjungan 6 bulan", "Berjalan", "Rp500.000 sampai Rp1.000.000"),
    ]
    assert [(share.label, share.percent) for share in trail.shares] == [
        ("Modal usaha", 67),
        ("Sekolah anak", 33),
    ]
    assert trail.trade == "shop"
    assert trail.open_needs == ["capital", "scholarship"]
    assert [step.is_alive for step in trail.steps] == [False, True]
    assert [(child.first_name, child.attends) for child in trail.steps[0].children] == [
        ("Nadia", True),
        ("Rafi", False),
    ]


def test_worked_example_of_beans() -> None:
    shares = shares_of({"school": 1, "debts": 1, "business_capital": 1, "medical": 0})
    assert [share.percent for share in shares] == [34, 33, 33, 0]
    assert shares_of({}) == []
    assert [share.percent for share in shares_of({"not_used_yet": 0})] == [0]


@given(st.lists(st.integers(0, 4), max_size=len(USES)))
def test_shares_always_add_up_to_the_whole(counts: list[int]) -> None:
    beans = dict(zip(USES, counts, strict=False))
    shares = shares_of(beans)
    assert sum(share.percent for share in shares) == (100 if any(beans.values()) else 0)
    for share in shares:
        exact = 100 * share.beans / (sum(beans.values()) or 1)
        assert abs(share.percent - exact) < 1


def test_missing_money_told_at_a_visit_is_shown_beside_what_was_paid(stage: Stage) -> None:
    plan = lived(stage)
    money = receipt_told.received(stage.session, plan)
    assert money.paid_idr == 42_000_000
    assert [said.answer for said in money.at_visits] == ["full", "not_yet"]
    assert money.mismatch is not None
    assert "Rp42.000.000" in money.mismatch
    assert "24 Mei 2027" in money.mismatch
    # nothing of it has reached the branch by itself
    assert list(receipts.not_arrived(stage.session, "solok")) == []


def test_the_branch_learns_it_only_when_a_person_passes_it_on_and_no_payment_moves(stage: Stage) -> None:
    plan = lived(stage)
    with pytest.raises(NotPermitted):
        receipt_told.pass_on(stage.session, plan, by=stage.staff["rina"], now=clock.now())
    receipt_told.pass_on(stage.session, plan, by=stage.staff["siska"], now=clock.now())
    (waiting,) = receipts.not_arrived(stage.session, "solok")
    assert waiting.claim_id == plan.claim_id
    assert receipt_told.received(stage.session, plan).paid_idr == 42_000_000
    with pytest.raises(NotPossible):
        receipt_told.pass_on(stage.session, plan, by=stage.staff["siska"], now=clock.now())


def test_whole_at_the_visit_and_missing_by_the_family_do_not_fit(stage: Stage) -> None:
    plan = followed(stage)
    days_pass(4)
    claim = stage.session.get_one(Claim, plan.claim_id)
    receipts.answer_receipt(stage.session, claim, "not_yet", by=stage.verifier, now=clock.now())
    told(stage, visit_of(stage, plan, "m1"), received_in_full="full")
    mismatch = receipt_told.received(stage.session, plan).mismatch
    assert mismatch is not None
    assert "jawabannya sendiri 24 November 2026: belum utuh" in mismatch


def test_nothing_told_of_the_money_is_no_mismatch(stage: Stage) -> None:
    plan = followed(stage)
    told(stage, visit_of(stage, plan, "m1"))
    money = receipt_told.received(stage.session, plan)
    assert (money.mismatch, money.may_pass_on, money.last) == (None, False, None)


def test_children_whose_year_was_not_applied_for_are_spoken_of(stage: Stage) -> None:
    plan = followed(stage)
    claim = stage.session.get_one(Claim, plan.claim_id)
    today = date(2026, 11, 20)
    before = trail_of(stage.session, plan, today=today).school
    # Salwa is three years old, Yandri twenty-four
    assert [one.child for one in before] == ["Nadia", "Rafi"]
    right = opened(stage, claim, "Rafi")
    opened(stage, claim, "Nadia")
    reminded = {one.child: one.words for one in trail_of(stage.session, plan, today=today).school}
    assert set(reminded) == {"Nadia", "Rafi"}
    assert "2026/2027 belum diajukan" in reminded["Rafi"]
    asked(stage, right, 2026)
    assert [one.child for one in trail_of(stage.session, plan, today=today).school] == ["Nadia"]


def test_a_visit_is_validated_once_by_somebody_else(stage: Stage) -> None:
    plan = lived(stage)
    visit, siska = visit_of(stage, plan, "m3"), stage.staff["siska"]
    with pytest.raises(NotPermitted):
        validation.validate(stage.session, visit, by=stage.staff["rina"], now=clock.now())
    found = validation.validate(stage.session, visit, by=siska, now=M6)
    assert (found.validated_at, found.validated_by_user_id) == (M6, siska.user_id)
    with pytest.raises(NotPossible):
        validation.validate(stage.session, visit, by=siska, now=clock.now())
    with pytest.raises(NotFound):
        validation.validate(stage.session, visit_of(stage, plan, "m12"), by=siska, now=clock.now())


def test_the_supervisor_does_not_validate_an_own_visit(stage: Stage) -> None:
    plan = followed(stage)
    siska = stage.staff["siska"]
    told(stage, visit_of(stage, plan, "m1")).visitor_user_id = siska.user_id or 0
    with pytest.raises(NotPermitted):
        validation.validate(stage.session, visit_of(stage, plan, "m1"), by=siska, now=clock.now())


def test_survival_counts_the_visits_that_were_due_of_ones_own_families(stage: Stage) -> None:
    plan = lived(stage)
    siska = stage.staff["siska"]
    where = plans.reachable(siska, "trail.read")
    three, six = survival.curve(survival.alike(survival.told_until(stage.session, clock.today(), where)))
    assert (three.due, three.seen, three.alive) == (1, 1, 0)
    assert (six.due, six.seen, six.matched_alive) == (1, 1, 1)
    theirs = plans.reachable(other(stage, plan), "trail.read")
    assert survival.alike(survival.told_until(stage.session, clock.today(), theirs)) == []
