"""An instruction is what was approved, made once, to an account that was looked at twice."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.checks import run_checks
from caseflow.audit.models import AuditEvent
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.payments.instructions import (
    cancel_instruction,
    mark_unknown,
    prepare_instruction,
    resolve_by_letter,
)
from caseflow.payments.models import AccountCheck, Instruction, PaymentEvent
from caseflow.payments.references import is_reference
from caseflow.workflow.models import Duty
from tests.payments.world import ACCOUNT, AMOUNT, HOLDER, World

LOST = "Koneksi ke bank putus setelah unggah"


def prepare(world: World, claim: Claim, by: str = "nina", **typed: str) -> Instruction:
    words = {"account_number_again": ACCOUNT, "holder_name_found": HOLDER, "name_note": "", **typed}
    return prepare_instruction(world.session, claim.id, by=world.staff[by], now=world.now, **words)


def count(session: Session, table: type[object]) -> int:
    return len(session.scalars(select(table)).all())


def test_it_carries_what_was_approved(world: World) -> None:
    claim = world.approved_claim()
    made = prepare(world, claim, account_number_again=" 0071-234 567 ")
    assert (made.amount_idr, made.state, made.replaces_id) == (AMOUNT, "queued", None)
    assert is_reference(made.reference)
    assert world.session.scalar(select(Duty.duty).where(Duty.person_id == world.staff["nina"].person_id)) == (
        "make_batch"
    )
    assert world.session.scalars(select(PaymentEvent.state)).all() == ["queued"]
    assert "payment.instruction_prepared" in world.session.scalars(select(AuditEvent.action)).all()
    assert run_checks(world.session.connection()) == {}


def test_a_second_one_is_refused_in_words(world: World) -> None:
    claim = world.approved_claim()
    prepare(world, claim)
    with pytest.raises(NotPossible, match="sudah ada"):
        prepare(world, claim)
    assert count(world.session, Instruction) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"account_number_again": "0071234568"}, "account_number_again"),
        ({"account_number_again": "71234567"}, "account_number_again"),  # leading zeros are digits
        ({"account_number_again": ""}, "account_number_again"),
        ({"holder_name_found": "Yunizar"}, "holder_name_found"),
        ({"holder_name_found": "  "}, "holder_name_found"),
        ({"holder_name_found": "Hj. Yusra", "name_note": "beda"}, "name_note"),
    ],
)
def test_a_look_at_the_account_that_does_not_fit_saves_nothing(
    world: World, typed: dict[str, str], field: str
) -> None:
    claim = world.approved_claim()
    with pytest.raises(Invalid) as refusal:
        prepare(world, claim, **typed)
    assert list(refusal.value.fields) == [field]
    assert ACCOUNT not in str(refusal.value)
    assert count(world.session, AccountCheck) == count(world.session, Instruction) == 0


def test_a_name_written_otherwise_needs_a_note(world: World) -> None:
    made = prepare(
        world, world.approved_claim(), holder_name_found="Hj. Yusra", name_note="Gelar haji ditulis oleh bank"
    )
    check = world.session.get_one(AccountCheck, made.account_check_id)
    assert (check.name_match, check.name_note) == ("similar", "Gelar haji ditulis oleh bank")


@pytest.mark.parametrize("username", ["dedi", "mega", "bram", "rina", "admin", "aulia"])
def test_only_finance_prepares(world: World, username: str) -> None:
    with pytest.raises(NotPermitted):
        prepare(world, world.approved_claim(), by=username)


def test_a_claim_of_another_branch_does_not_exist(world: World) -> None:
    with pytest.raises(NotFound):
        prepare(world, world.approved_claim(branch_code="padang"))
    with pytest.raises(NotFound):
        prepare_instruction(
            world.session, 10**12, by=world.staff["nina"], account_number_again=ACCOUNT,
            holder_name_found=HOLDER, name_note="", now=world.now,
        )  # fmt: skip


def test_changed_content_voids_the_approval(world: World) -> None:
    """S08: the account changed between approval and instruction."""
    claim = world.approved_claim()
    world.add_account(claim, "999888777")
    with pytest.raises(NotPossible, match="berubah sejak disetujui"):
        prepare(world, claim, account_number_again="999888777")
    world.decide(claim)
    assert prepare(world, claim, account_number_again="999888777").amount_idr == AMOUNT


@pytest.mark.parametrize("state", ["awaiting_approval", "calculating", "verifying", "reported"])
def test_a_claim_that_is_not_approved_is_not_paid(world: World, state: str) -> None:
    """S05: skipping a step by posting the later one."""
    with pytest.raises(NotPossible, match="tidak sedang disetujui"):
        prepare(world, world.claim_in(state))


def test_a_cancelled_reference_is_never_used_again(world: World) -> None:
    claim = world.approved_claim()
    first = prepare(world, claim)
    with pytest.raises(Invalid):
        cancel_instruction(world.session, first.id, by=world.staff["nina"], reason="x", now=world.now)
    cancel_instruction(
        world.session, first.id, by=world.staff["nina"], reason="Salah pilih kasus", now=world.now
    )
    second = prepare(world, claim)
    assert second.reference != first.reference
    assert second.replaces_id is None
    assert run_checks(world.session.connection()) == {}


def test_an_unknown_outcome_is_never_replaced(world: World) -> None:
    """S17: neither a new instruction nor a cancellation while the outcome is unknown."""
    sent = world.sent()
    with pytest.raises(Invalid):
        mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason="", now=world.now)
    mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason=LOST, now=world.now)
    claim = world.session.get_one(Claim, sent.casefile_id)
    assert claim.state == "payment_in_process"
    with pytest.raises(NotPossible, match="belum pasti"):
        prepare(world, claim)
    with pytest.raises(NotPossible):
        cancel_instruction(world.session, sent.id, by=world.staff["nina"], reason=LOST, now=world.now)
    with pytest.raises(NotPossible):
        mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason=LOST, now=world.now)
    assert run_checks(world.session.connection()) == {}


@pytest.mark.parametrize(("outcome", "state"), [("settled", "paid"), ("failed", "payment_failed")])
def test_a_letter_ends_an_unknown_outcome(world: World, outcome: str, state: str) -> None:
    sent = world.sent()
    mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason=LOST, now=world.now)
    by_letter(world, sent, outcome, "lusi")
    claim = world.session.get_one(Claim, sent.casefile_id)
    assert (sent.state, claim.state) == (outcome, state)
    assert run_checks(world.session.connection()) == {}


def test_a_letter_is_read_by_a_third_person_and_only_while_open(world: World) -> None:
    sent = world.sent()
    with pytest.raises(NotPossible):
        by_letter(world, sent, "settled", "lusi")  # sent money is settled by the statement alone
    mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason=LOST, now=world.now)
    for username in ("nina", "hadi"):
        with pytest.raises(NotPossible, match="orang lain"):
            by_letter(world, sent, "settled", username)
    for outcome, number in (("lunas", "12/BN/2026"), ("settled", " ")):
        with pytest.raises(Invalid):
            by_letter(world, sent, outcome, "lusi", number)
    with pytest.raises(Invalid):
        by_letter(world, sent, "failed", "lusi", reason_code="perhaps")


def test_a_failed_transfer_is_replaced_once_and_the_original_stays(world: World) -> None:
    first = world.sent()
    by_letter(world, first, "failed", "lusi")
    claim = world.session.get_one(Claim, first.casefile_id)
    with pytest.raises(NotPossible, match="tidak sedang disetujui"):
        prepare(world, claim)
    world.move(claim, "reissue_payment", "mega")
    second = prepare(world, claim)
    assert second.replaces_id == first.id
    assert second.reference != first.reference
    cancel_instruction(
        world.session, second.id, by=world.staff["nina"], reason="Salah ketik nama", now=world.now
    )
    third = world.sent(claim)
    assert (third.replaces_id, first.state) == (second.id, "failed")
    assert run_checks(world.session.connection()) == {}


def by_letter(
    world: World,
    sent: Instruction,
    outcome: str,
    username: str,
    number: str = "12/BN/2026",
    reason_code: str = "account_dormant",
) -> None:
    resolve_by_letter(
        world.session,
        sent.id,
        by=world.staff[username],
        outcome=outcome,
        letter_number=number,
        letter_on=(world.now - timedelta(days=1)).date(),
        reason_code=None if outcome == "settled" else reason_code,
        now=world.now,
    )
