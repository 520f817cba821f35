"""Money of a case that left and was not matched: neither a letter nor an approver sends it a second time."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.errors import NotPossible
from caseflow.payments.batches import lock_batch
from caseflow.payments.instructions import resolve_by_letter
from caseflow.payments.models import Instruction, StatementLine
from caseflow.payments.open_debits import open_debits
from caseflow.payments.references import is_reference
from caseflow.payments.releases import release_batch
from caseflow.payments.statements import load_statement, match_line
from tests.payments.world import AMOUNT, World, row, statement

NOT_MATCHED = r"uang keluar Rp42\.000\.000 .*nomor bank FT1.*belum dicocokkan\. Cocokkan dulu"


def load(world: World, *rows: str) -> int:
    """Load a file and return the key of its last line."""
    done = load_statement(
        world.session, "mutasi.csv", statement(*rows), by=world.staff["lusi"], now=world.now
    )
    assert done.bad == []
    return world.session.scalar(select(func.max(StatementLine.id))) or 0


def failed_by_letter(world: World, sent: Instruction) -> Claim:
    """Read a letter of the bank: this transfer failed."""
    resolve_by_letter(
        world.session,
        sent.id,
        by=world.staff["lusi"],
        outcome="failed",
        letter_number="12/BN/2026",
        letter_on=(world.now - timedelta(days=1)).date(),
        reason_code="account_dormant",
        now=world.now,
    )
    return world.session.get_one(Claim, sent.casefile_id)


def test_a_letter_does_not_outweigh_a_booking_of_the_bank(world: World) -> None:
    sent = world.sent()
    line = load(world, row(f"TRF {sent.reference} YUSRA", debit=AMOUNT))
    with pytest.raises(NotPossible, match=NOT_MATCHED):
        failed_by_letter(world, sent)
    assert sent.state == "sent"
    match_line(world.session, line, sent.id, by=world.staff["lusi"], now=world.now)
    assert sent.state == "settled"
    assert run_checks(world.session.connection()) == {}


def test_no_second_order_while_the_first_is_booked(world: World) -> None:
    """The statement comes after the letter."""
    sent = world.sent()
    claim = failed_by_letter(world, sent)
    load(world, row(sent.reference, debit=AMOUNT))
    world.move(claim, "reissue_payment", "mega")
    with pytest.raises(NotPossible, match=NOT_MATCHED):
        world.prepare(claim)
    credit = load(world, row(f"RETUR {sent.reference}", credit=AMOUNT, ref="FT2"))
    for line in (credit, credit - 1):
        match_line(
            world.session, line, sent.id, by=world.staff["lusi"], now=world.now, reason_code="account_dormant"
        )
    assert world.sent(claim).replaces_id == sent.id
    assert run_checks(world.session.connection()) == {}


def test_a_booking_that_comes_later_stops_the_batch(world: World) -> None:
    sent = world.sent()
    claim = failed_by_letter(world, sent)
    world.move(claim, "reissue_payment", "mega")
    again = world.prepare(claim)
    batch = world.batch(again)
    load(world, row(sent.reference, debit=AMOUNT))
    (removed,) = lock_batch(world.session, batch.id, by=world.staff["nina"], now=world.now)
    assert removed.reference == again.reference
    assert "belum dicocokkan" in removed.sentences[0]
    assert (again.state, batch.state) == ("cancelled", "open")


def test_a_booking_that_comes_last_stops_the_release(world: World) -> None:
    sent = world.sent()
    claim = failed_by_letter(world, sent)
    world.move(claim, "reissue_payment", "mega")
    again = world.prepare(claim)
    batch = world.locked(again)
    load(world, row(sent.reference, debit=AMOUNT))
    with pytest.raises(NotPossible, match="belum dicocokkan"):
        release_batch(world.session, batch.id, by=world.staff["hadi"], now=world.now)
    assert (again.state, batch.state) == ("batched", "locked")


@pytest.mark.parametrize(
    ("written", "counts"),
    [
        ("trf {} yusra", True),
        ("TRF{}YUSRA", True),
        ("\uff34\uff32\uff26 {}", True),
        ("TRF YUSRA", False),
    ],
)
def test_how_the_bank_writes_the_reference(world: World, written: str, *, counts: bool) -> None:
    sent = world.sent()
    load(world, row(written.format(sent.reference.lower()), debit=AMOUNT))
    assert bool(open_debits(world.session, sent.casefile_id)) is counts


def test_what_is_not_an_open_debit_of_this_case(world: World) -> None:
    sent, other = world.sent(), world.sent()
    longer = next(f"{sent.reference}{one}" for one in "0123456789" if is_reference(f"{sent.reference}{one}"))
    load(
        world,
        row(f"RETUR {sent.reference}", credit=AMOUNT),
        row(other.reference, debit=AMOUNT, ref="FT2"),
        row(longer, debit=AMOUNT, ref="FT3"),
    )
    assert open_debits(world.session, sent.casefile_id) == []
    assert open_debits(world.session, world.approved_claim().id) == []
