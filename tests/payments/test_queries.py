"""What the finance screens read, and how many statements they cost."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.payments import queries, reconciliation
from caseflow.payments.instructions import mark_unknown, resolve_by_letter
from caseflow.payments.models import Batch, Instruction, StatementLine
from caseflow.payments.statements import load_statement, match_line
from caseflow.web.family.view import family_status
from tests.payments.world import AMOUNT, World, row, statement


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Collect the statements that are sent."""
    session.flush()
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, text: str, *_: Any) -> None:
        sent.append(text)

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_waiting_claims_page_by_page(world: World) -> None:
    claims = [world.approved_claim(amount_idr=amount) for amount in (10_000_000, 42_000_000, 42_000_000)]
    world.approved_claim(branch_code="padang")
    world.prepare(claims[2])
    with counted(world.session) as sent:
        first = queries.waiting_claims(world.session, "solok", limit=1)
    assert len(sent) == 1
    second = queries.waiting_claims(world.session, "solok", after=(first[0].entered_at, first[0].id), limit=9)
    assert [one.id for one in first + second] == [claims[0].id, claims[1].id]
    assert [one.total_idr for one in first + second] == [10_000_000, 42_000_000]


def test_a_claim_whose_transfer_has_left_waits_for_nothing(world: World) -> None:
    claim = world.approved_claim()
    world.sent(claim)
    assert queries.waiting_claims(world.session, "solok") == []


def test_queue_batches_and_lines(world: World) -> None:
    made = [world.prepare(world.approved_claim()) for _ in range(3)]
    with counted(world.session) as sent:
        queued = queries.queued_instructions(world.session, "solok", after_id=made[0].id)
    assert ([one.id for one in queued], len(sent)) == ([made[1].id, made[2].id], 1)
    batch = world.batch(made[2], made[0])
    (listed,) = queries.batches(world.session)
    assert (listed.state, listed.line_count, listed.total_idr, listed.maker_name) == (
        "open",
        2,
        2 * AMOUNT,
        "Nina Oktavia",
    )
    assert [one.id for one in queries.batch_lines(world.session, batch.id, "solok")] == [
        made[2].id,
        made[0].id,
    ]
    assert queries.batch_lines(world.session, batch.id, "padang") == []
    assert queries.find_batch(world.session, batch.id) == listed
    assert queries.find_batch(world.session, 10**12) is None
    assert queries.batches(world.session, before_id=batch.id) == []
    assert [step.state for step in queries.payment_steps(world.session, made[0].id)] == ["queued", "batched"]


def test_suggestions_cost_two_statements_a_page(world: World) -> None:
    sent = [world.sent() for _ in range(3)]
    load_statement(
        world.session, "a.csv", by=world.staff["lusi"], now=world.now,
        data=statement(
            row(f"TRF {sent[0].reference}", debit=AMOUNT),
            row("BIAYA ADMIN", debit=2500, ref="F2"),
            row(f"TRF {sent[1].reference}", debit=AMOUNT - 1, ref="F3"),
            row(f"{sent[1].reference} {sent[2].reference}", debit=AMOUNT, ref="F4"),
            row(f"RETUR {sent[2].reference}", credit=AMOUNT, ref="F5"),
        ),
    )  # fmt: skip
    with counted(world.session) as statements:
        found = reconciliation.suggest_matches(world.session)
    assert len(statements) == 2
    assert [(one.instruction_id, one.fits) for one in found] == [
        (sent[0].id, True), (None, False), (sent[1].id, False), (None, False), (sent[2].id, True),
    ]  # fmt: skip
    assert "Jumlah berbeda" in found[2].advice
    page = reconciliation.suggest_matches(world.session, after_id=found[1].id, limit=1)
    assert [one.id for one in page] == [found[2].id]
    match_line(world.session, found[0].id, sent[0].id, by=world.staff["lusi"], now=world.now)
    assert found[0].id not in [one.id for one in reconciliation.suggest_matches(world.session)]


def test_totals_of_the_day_and_of_a_batch(world: World) -> None:
    sent = [world.sent() for _ in range(2)]
    load_statement(
        world.session, "a.csv", statement(row(sent[0].reference, debit=AMOUNT)),
        by=world.staff["lusi"], now=world.now,
    )  # fmt: skip
    line = world.session.scalars(select(StatementLine.id)).one()
    match_line(world.session, line, sent[0].id, by=world.staff["lusi"], now=world.now)
    batch = world.session.scalars(select(Batch).order_by(Batch.id)).first()
    assert batch is not None
    assert batch.released_at is not None
    found = reconciliation.totals(world.session, "solok", since=batch.released_at)
    assert [(one.state, one.count, one.amount_idr) for one in found] == [
        ("sent", 1, AMOUNT),
        ("settled", 1, AMOUNT),
    ]
    assert reconciliation.totals(world.session, "padang", since=batch.released_at) == []
    assert [one.state for one in reconciliation.batch_totals(world.session, batch.id)] == ["settled"]


def letter(world: World, sent: Instruction, outcome: str) -> None:
    """Read a letter of the bank, three days old."""
    mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason="Jawaban bank hilang", now=world.now)
    resolve_by_letter(
        world.session,
        sent.id,
        by=world.staff["lusi"],
        outcome=outcome,
        letter_number="12/BN/2026",
        letter_on=(world.now - timedelta(days=3)).date(),
        reason_code=None if outcome == "settled" else "account_dormant",
        now=world.now,
    )


def test_the_day_of_payment_is_the_banks(world: World) -> None:
    sent = world.sent()
    assert queries.paid_on(world.session, sent.casefile_id) is None
    tomorrow = (world.now + timedelta(days=1)).date()
    load_statement(
        world.session,
        "a.csv",
        statement(
            row(sent.reference, debit=AMOUNT, on=tomorrow),
            row(f"RETUR {sent.reference}", credit=AMOUNT, ref="FT2", on=tomorrow),
        ),
        by=world.staff["lusi"],
        now=world.now,
    )
    debit, credit = world.session.scalars(select(StatementLine.id).order_by(StatementLine.id))
    match_line(world.session, debit, sent.id, by=world.staff["lusi"], now=world.now)
    assert queries.paid_on(world.session, sent.casefile_id) == tomorrow
    match_line(
        world.session, credit, sent.id, by=world.staff["lusi"], now=world.now, reason_code="account_dormant"
    )
    assert queries.paid_on(world.session, sent.casefile_id) is None


def test_the_day_of_payment_by_letter_and_what_the_family_reads(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the world's claims carry no written statement of the benefit
    monkeypatch.setattr("caseflow.web.family.view.approved_statement", lambda *_: None)
    first = world.sent()
    letter(world, first, "failed")
    claim = world.session.get_one(Claim, first.casefile_id)
    assert queries.paid_on(world.session, claim.id) is None
    world.move(claim, "reissue_payment", "mega")
    letter(world, world.sent(claim), "settled")
    assert claim.state == "paid"
    assert queries.paid_on(world.session, claim.id) == (world.now - timedelta(days=3)).date()
    assert "Santunan dikirim 17 November 2026." in family_status(world.session, claim, 0, close=True).sentence
