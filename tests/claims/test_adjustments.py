"""Another amount for a line: proposed with a reason, in force once a second person agrees, the first sum kept."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims import adjustments, benefit
from caseflow.claims.models import Claim, LineAdjustment
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from tests.accident_story import SYAFRIL_HURT, approved, calculating, paid, submitted
from tests.accidents import MARZUKI_IDR
from tests.story import Stage, move

REASON = "Kuitansi sewa mobil memuat dua perjalanan."


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def propose(
    stage: Stage,
    claim: Claim,
    amount_idr: int,
    *,
    line: str = "transport_land",
    reason: str = REASON,
    who: str = "dedi",
) -> LineAdjustment:
    """Somebody proposes another amount for the car."""
    now = clock.now()
    statement = benefit.computed_statement(stage.session, claim, now=now)
    return adjustments.propose(
        stage.session, claim, statement, line, amount_idr, reason, by=stage.staff[who], now=now
    )


def answer(stage: Stage, claim: Claim, row: int, verdict: str, who: str, words: str = "") -> None:
    """Somebody answers a proposal."""
    adjustments.answer(stage.session, claim, row, verdict, words, by=stage.staff[who], now=clock.now())


def total(stage: Stage, claim: Claim) -> int:
    """Return what the law and the people give now, in rupiah."""
    return benefit.statement_of(stage.session, claim, now=clock.now()).total_idr


@pytest.mark.parametrize(
    ("amount_idr", "line", "reason", "field"),
    [
        (100_000, "glasses", REASON, "line_code"),
        (150_000, "transport_land", REASON, "amount_idr"),
        (-1, "transport_land", REASON, "amount_idr"),
        (10_000_000_001, "transport_land", REASON, "amount_idr"),
        (100_000, "transport_land", " pendek ", "reason"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused(
    stage: Stage, amount_idr: int, line: str, reason: str, field: str
) -> None:
    claim = calculating(stage)
    with pytest.raises(Invalid) as refused:
        propose(stage, claim, amount_idr, line=line, reason=reason)
    assert list(refused.value.fields) == [field]
    assert adjustments.adjustments(stage.session, claim.id) == []


def test_it_counts_once_a_second_person_agrees(stage: Stage) -> None:
    """Until then nothing is submitted; the first sum stays on the line, and the money follows the new one."""
    claim = calculating(stage)
    row = propose(stage, claim, 100_000)
    assert total(stage, claim) == MARZUKI_IDR
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    with pytest.raises(NotPossible, match="1 penyesuaian baris masih menunggu"):
        move(stage, claim, "submit")
    with pytest.raises(NotPossible, match="masih menunggu pejabat kedua"):
        propose(stage, claim, 90_000)
    answer(stage, claim, row.id, "confirmed", "mega")
    with pytest.raises(NotPossible, match="Hitung lagi"):
        move(stage, claim, "submit")
    assessment = benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    line = next(one for one in assessment.statement["lines"] if one["code"] == "transport_land")
    assert (assessment.total_idr, line["amount_idr"]) == (MARZUKI_IDR - 50_000, 100_000)
    assert "150000" in str(line).replace(".", "")
    move(stage, claim, "submit")
    assert paid(stage, claim=approved(stage, claim=claim)).state == "paid"
    assert run_checks(stage.session.connection()) == {}


def test_the_second_person_is_another_one_who_may_decide(stage: Stage) -> None:
    """Neither the proposer, nor another officer; a refusal has a reason; one word is enough."""
    claim = calculating(stage)
    row = propose(stage, claim, 100_000)
    for who in ("dedi", "sari", "lusi"):
        with pytest.raises(NotPermitted, match="pejabat kedua"):
            answer(stage, claim, row.id, "confirmed", who)
    for verdict, words, field in (("perhaps", "", "verdict"), ("refused", "tidak", "reason")):
        with pytest.raises(Invalid) as refused:
            answer(stage, claim, row.id, verdict, "mega", words)
        assert list(refused.value.fields) == [field]
    answer(stage, claim, row.id, "refused", "mega", "Kuitansinya terbaca jelas.")
    with pytest.raises(NotPossible, match="sudah dijawab"):
        answer(stage, claim, row.id, "confirmed", "hana")
    assert total(stage, claim) == MARZUKI_IDR


def test_only_the_proposer_takes_a_proposal_back(stage: Stage) -> None:
    claim = calculating(stage)
    row = propose(stage, claim, 100_000)
    with pytest.raises(NotPermitted, match="Hanya pengusul"):
        answer(stage, claim, row.id, "withdrawn", "sari")
    answer(stage, claim, row.id, "withdrawn", "dedi")
    propose(stage, claim, 90_000)


def test_a_proposal_of_another_case_does_not_exist(stage: Stage) -> None:
    claim, other = calculating(stage), calculating(stage, SYAFRIL_HURT)
    row = propose(stage, claim, 100_000)
    for key in (row.id, 10**9):
        with pytest.raises(NotFound):
            answer(stage, other, key, "confirmed", "mega")


def test_whoever_prepared_the_case_confirms_nothing(stage: Stage) -> None:
    """Mega proposed first: from then on she can never be the second person of this case."""
    claim = calculating(stage)
    propose(stage, claim, 90_000, line="stmb_full", who="mega")
    row = propose(stage, claim, 100_000)
    with pytest.raises(NotPossible, match="orang lain"):
        answer(stage, claim, row.id, "confirmed", "mega")


def test_what_the_law_gives_otherwise_now_is_adjusted_anew(stage: Stage) -> None:
    """An adjustment was agreed against one sum; against another it counts no longer."""
    claim = calculating(stage)
    row = propose(stage, claim, 100_000)
    answer(stage, claim, row.id, "confirmed", "mega")
    statement = benefit.computed_statement(stage.session, claim, now=clock.now())
    assert [one.code for one in adjustments.in_force(stage.session, claim.id, statement)] == [
        "transport_land"
    ]
    stage.session.add(
        LineAdjustment(
            casefile_id=claim.id,
            line_code="stmb_full",
            computed_idr=1,
            amount_idr=2,
            reason=REASON,
            proposed_at=clock.now(),
            proposed_by_person_id=stage.verifier.person_id or 0,
        )
    )
    stage.session.flush()
    stale = adjustments.adjustments(stage.session, claim.id)[-1]
    answer(stage, claim, stale.id, "confirmed", "mega")
    assert total(stage, claim) == MARZUKI_IDR - 50_000


def test_nothing_is_adjusted_outside_the_computation(stage: Stage) -> None:
    claim = submitted(stage)
    with pytest.raises(NotPossible, match="terkunci"):
        propose(stage, claim, 100_000)
