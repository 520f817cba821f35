"""A second round of money on one case: what the database itself refuses, to the role the application signs in with."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import adjustments, benefit
from caseflow.claims.family import members
from caseflow.claims.models import Claim
from caseflow.claims.scholarship_opening import ChildFacts, open_right
from caseflow.db_refusals import SENTENCES, refusal_of
from caseflow.documents.storage import open_store
from caseflow.errors import NotPossible
from caseflow.people.actor import Actor
from tests.accident_story import ERMAWATI, approved, calculating, paid, sent
from tests.accidents import SYAFRIL_HURT
from tests.story import BRANCH, Stage

_COPY = (
    "INSERT INTO payment_instruction (casefile_id, member_id, component, amount_idr, account_id, account_check_id,"
    " decision_id, content_sha256, reference, state, version, created_at, replaces_id, follows_id)"
    " SELECT casefile_id, member_id, '{component}', amount_idr, account_id, account_check_id, decision_id,"
    " content_sha256, reference || 'X', 'queued', 0, created_at, NULL, {follows} FROM payment_instruction WHERE id = {id}"
)

_CHOSEN_BY = "Istri pekerja, di kantor cabang"


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def refused(stage: Stage, statement: str, **keys: int) -> str:
    """Try a statement as the application's role; return the constraint that refused it, whose words are known."""
    savepoint = stage.session.begin_nested()
    with pytest.raises(DBAPIError) as caught:
        stage.session.execute(text(statement), keys)
    savepoint.rollback()
    name = getattr(getattr(caught.value.orig, "diag", None), "constraint_name", "") or ""
    assert str(refusal_of(caught.value)) == SENTENCES[name]
    return name


def test_a_decision_pays_once(stage: Stage) -> None:
    """Neither as the first payment again, nor as one that follows itself, nor as one that follows nothing."""
    claim = paid(stage)
    (order,) = stage.session.execute(
        text("SELECT id FROM payment_instruction WHERE casefile_id = :id"), {"id": claim.id}
    ).scalars()
    again = _COPY.format(component="benefit", follows="NULL", id=order)
    itself = _COPY.format(component="benefit_2", follows=order, id=order)
    assert refused(stage, again) in {
        "uq_payment_instruction_one_live",
        "uq_payment_instruction_one_live_a_decision",
    }
    assert refused(stage, itself) == "ck_payment_instruction_follows_settled"


def test_nothing_follows_what_is_not_settled(stage: Stage) -> None:
    """Money that left and has not arrived is nothing to build on, not even for a later decision."""
    claim = approved(stage)
    order = sent(stage, claim, ("118", "71000300011", "Marzuki"))
    statement = _COPY.format(component="benefit_2", follows=order.id, id=order.id)
    assert refused(stage, statement) == "ck_payment_instruction_follows_settled"


def test_no_day_unable_to_work_is_counted_twice(stage: Stage) -> None:
    """Whatever the verb believes."""
    claim = calculating(stage)
    statement = (
        "INSERT INTO care_period (casefile_id, kind, starts_on, ends_on, facility, source, recorded_at,"
        " recorded_by_person_id) SELECT casefile_id, kind, ends_on, NULL, facility, source, recorded_at,"
        " recorded_by_person_id FROM care_period WHERE casefile_id = :claim AND kind = 'unable_to_work'"
    )
    assert refused(stage, statement, claim=claim.id) == "ex_care_period_no_day_twice"


def test_no_receipt_is_counted_twice(stage: Stage) -> None:
    claim = calculating(stage)
    statement = (
        "INSERT INTO cost_item (casefile_id, kind, amount_idr, spent_on, source, recorded_at, recorded_by_person_id,"
        " mode) SELECT casefile_id, kind, amount_idr, spent_on, source, recorded_at, recorded_by_person_id, mode"
        " FROM cost_item WHERE casefile_id = :claim"
    )
    assert refused(stage, statement, claim=claim.id) == "uq_cost_item_receipt_once"


def test_who_proposed_an_adjustment_does_not_confirm_it(stage: Stage) -> None:
    claim = calculating(stage)
    now = clock.now()
    row = adjustments.propose(
        stage.session,
        claim,
        benefit.computed_statement(stage.session, claim, now=now),
        "transport_land",
        100_000,
        "Kuitansi memuat dua perjalanan.",
        by=stage.verifier,
        now=now,
    )
    statement = (
        "INSERT INTO adjustment_word (adjustment_id, casefile_id, proposed_by_person_id, verdict, reason, said_at,"
        " said_by_person_id) SELECT id, casefile_id, proposed_by_person_id, 'confirmed', '', proposed_at,"
        " proposed_by_person_id FROM line_adjustment WHERE id = :row"
    )
    assert refused(stage, statement, row=row.id) == "ck_adjustment_word_by_a_second_person"


def test_an_opinion_is_of_whoever_holds_the_duty(stage: Stage) -> None:
    """The officer's person cannot be written under it."""
    claim = calculating(stage, SYAFRIL_HURT)
    statement = (
        "INSERT INTO medical_opinion (casefile_id, certificate_id, verdict, reason, given_at, person_id, duty)"
        " SELECT casefile_id, id, 'agrees', 'Sesuai resume medis.', recorded_at, recorded_by_person_id, 'medical'"
        " FROM medical_certificate WHERE casefile_id = :claim"
    )
    assert refused(stage, statement, claim=claim.id) == "fk_medical_opinion_duty_is_held"


def test_the_third_child_finds_no_place(stage: Stage) -> None:
    """In words from the verb, and from the database whatever place is written."""
    claim = paid(stage, ERMAWATI)
    children = [one for one in members(stage.session, claim.id) if one.relation == "child"]
    opened = [_open(stage, claim, child.id) for child in children[:2]]
    with pytest.raises(NotPossible, match="paling banyak 2 anak"):
        _open(stage, claim, children[2].id)
    with pytest.raises(NotPossible, match="sudah dibuka"):
        _open(stage, claim, children[0].id)
    move = "UPDATE scholarship_child SET {what} WHERE casefile_id = {id}"
    third = move.format(what="place = 3", id=opened[0].id)
    same = move.format(what="place = 2", id=opened[0].id)
    twice = move.format(what=f"origin_member_id = {children[1].id}", id=opened[0].id)
    assert refused(stage, third) == "ck_scholarship_child_at_most_two"
    assert refused(stage, same) == "uq_scholarship_child_place"
    assert refused(stage, twice) == "uq_scholarship_child_once"


def _open(stage: Stage, claim: Claim, member_id: int) -> Claim:
    facts = ChildFacts(employment="none")
    return open_right(
        stage.session,
        claim,
        member_id,
        facts,
        chosen_by=_CHOSEN_BY,
        branch=BRANCH,
        by=stage.verifier,
        now=clock.now(),
    )
