"""A statement line settles, fails or says nothing; it never pays twice and is never taken twice."""

import io
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.payments.instructions import mark_unknown, resolve_by_letter
from caseflow.payments.models import BankStatement, Instruction, PaymentEvent, StatementLine, StatementMatch
from caseflow.payments.reconciliation import suggest_matches
from caseflow.payments.statements import load_statement, match_line
from tests.payments.world import AMOUNT, World, row, statement


def load(world: World, *rows: str) -> list[int]:
    """Load a file and return the ids of all lines known now, oldest first."""
    done = load_statement(
        world.session, "mutasi.csv", statement(*rows), by=world.staff["lusi"], now=world.now
    )
    assert done.bad == []
    return list(world.session.scalars(select(StatementLine.id).order_by(StatementLine.id)))


def match(world: World, line: int, sent: Instruction, by: str = "lusi", **said: str) -> str:
    return match_line(world.session, line, sent.id, by=world.staff[by], now=world.now, **said)


def claim_of(world: World, sent: Instruction) -> Claim:
    return world.session.get_one(Claim, sent.casefile_id)


def test_a_debit_settles_and_the_claim_is_paid(world: World) -> None:
    sent = world.sent()
    (line,) = load(world, row(f"TRF {sent.reference} YUSRA", debit=AMOUNT))
    assert match(world, line, sent) == "settled"
    assert (sent.state, claim_of(world, sent).state) == ("settled", "paid")
    assert run_checks(world.session.connection()) == {}


def test_sent_is_not_paid(world: World) -> None:
    assert claim_of(world, world.sent()).state == "payment_in_process"


@pytest.mark.parametrize("username", ["nina", "hadi"])
def test_maker_and_releaser_do_not_reconcile(world: World, username: str) -> None:
    """SoD-2: refused by the key of the duty table."""
    sent = world.sent()
    (line,) = load(world, row(sent.reference, debit=AMOUNT))
    with pytest.raises(NotPossible, match="orang lain"):
        match(world, line, sent, by=username)


@pytest.mark.parametrize("username", ["dedi", "mega", "bram", "admin"])
def test_only_finance_loads_and_matches(world: World, username: str) -> None:
    sent = world.sent()
    (line,) = load(world, row(sent.reference, debit=AMOUNT))
    with pytest.raises(NotPermitted):
        match(world, line, sent, by=username)
    with pytest.raises(NotPermitted):
        load_statement(world.session, "a.csv", b"", by=world.staff[username], now=world.now)


def test_a_wrong_amount_changes_nothing(world: World) -> None:
    """S14: one rupiah more or less is another transfer."""
    sent = world.sent()
    lines = load(
        world, row(sent.reference, debit=AMOUNT - 1), row(sent.reference, debit=AMOUNT + 1, ref="FT2")
    )
    for line in lines:
        with pytest.raises(NotPossible, match="Jumlah berbeda"):
            match(world, line, sent, note="Saya yakin ini transfernya")
    assert sent.state == "sent"
    assert world.session.scalar(select(func.count()).select_from(StatementMatch)) == 0


def test_a_line_without_reference_needs_a_persons_word(world: World) -> None:
    sent = world.sent()
    (line,) = load(world, row("TRANSFER KELUAR YUSRA", debit=AMOUNT))
    with pytest.raises(Invalid):
        match(world, line, sent)
    assert match(world, line, sent, note="Jumlah dan nama cocok dengan bukti bank") == "settled"
    step = world.session.scalars(select(PaymentEvent).where(PaymentEvent.state == "settled")).one()
    assert step.details == {
        "statement_line_id": line,
        "confirmation": "Jumlah dan nama cocok dengan bukti bank",
    }


def test_a_line_with_the_reference_of_another_is_refused(world: World) -> None:
    sent, other = world.sent(), world.sent()
    (line,) = load(world, row(other.reference, debit=AMOUNT))
    with pytest.raises(NotPossible, match=other.reference):
        match(world, line, sent, note="Saya yakin ini transfernya")


def test_a_credit_fails_the_transfer_with_the_banks_reason(world: World) -> None:
    sent = world.sent()
    (line,) = load(world, row(f"RETUR {sent.reference}", credit=AMOUNT))
    for wrong in ({}, {"reason_code": "perhaps"}, {"reason_code": "other"}):
        with pytest.raises(Invalid), world.session.begin_nested():
            match(world, line, sent, **wrong)
    world.session.expire_all()
    assert match(world, line, sent, reason_code="account_closed") == "failed"
    assert (sent.state, claim_of(world, sent).state) == ("failed", "payment_failed")
    assert run_checks(world.session.connection()) == {}


def test_money_that_comes_back_after_it_was_paid(world: World) -> None:
    """The bank books a debit, then returns it: paid becomes failed, and only then a replacement is possible."""
    sent = world.sent()
    debit, credit = load(
        world, row(sent.reference, debit=AMOUNT), row(f"RETUR {sent.reference}", credit=AMOUNT, ref="FT2")
    )
    match(world, debit, sent)
    claim = claim_of(world, sent)
    with pytest.raises(NotPossible, match="sudah dibayar"):
        world.prepare(claim)
    assert match(world, credit, sent, reason_code="account_dormant") == "failed"
    assert (sent.state, claim.state) == ("failed", "payment_failed")
    world.move(claim, "reissue_payment", "mega")
    again = world.sent(claim)
    assert again.replaces_id == sent.id
    (line,) = load(world, row(again.reference, debit=AMOUNT, ref="FT3"))[-1:]
    match(world, line, again)
    assert claim.state == "paid"
    assert run_checks(world.session.connection()) == {}


def test_the_return_may_be_matched_before_the_debit(world: World) -> None:
    """S14: out of order; the end is the same."""
    sent = world.sent()
    debit, credit = load(
        world, row(sent.reference, debit=AMOUNT), row(f"RETUR {sent.reference}", credit=AMOUNT, ref="FT2")
    )
    assert match(world, credit, sent, reason_code="account_closed") == "failed"
    assert match(world, debit, sent) == "noted"
    assert (sent.state, claim_of(world, sent).state) == ("failed", "payment_failed")
    assert run_checks(world.session.connection()) == {}


def test_a_line_explains_once_and_a_second_debit_is_an_alert(world: World) -> None:
    """S13: the file was uploaded twice; the second debit stays unexplained and shouts."""
    sent, other = world.sent(), world.sent()
    first, second = load(
        world, row(sent.reference, debit=AMOUNT), row(sent.reference, debit=AMOUNT, ref="FT2")
    )
    match(world, first, sent)
    with pytest.raises(NotPossible, match="dua kali"):
        match(world, first, sent)
    with pytest.raises(NotPossible, match="dua kali"):
        match(world, second, sent)
    with pytest.raises(NotPossible, match=sent.reference):
        match(world, first, other, note="Saya yakin ini transfernya")
    (alert,) = suggest_matches(world.session)
    assert (alert.id, alert.fits) == (second, False)
    assert "dua kali" in alert.advice
    assert run_checks(world.session.connection()) == {}


def test_one_line_without_reference_explains_one_instruction(world: World) -> None:
    sent, other = world.sent(), world.sent()
    (line,) = load(world, row("TRANSFER KELUAR", debit=AMOUNT))
    match(world, line, sent, note="Jumlah dan nama cocok dengan bukti bank")
    with pytest.raises(NotPossible, match="sudah dicocokkan"):
        match(world, line, other, note="Jumlah dan nama cocok dengan bukti bank")
    assert other.state == "sent"


def test_a_line_before_the_release_or_without_one_is_refused(world: World) -> None:
    """S14: before send."""
    sent, queued = world.sent(), world.prepare(world.approved_claim())
    early, never = load(
        world,
        row(sent.reference, debit=AMOUNT, on=(world.now - timedelta(days=1)).date()),
        row(queued.reference, debit=AMOUNT, ref="FT2"),
    )
    with pytest.raises(NotPossible, match="lebih awal"):
        match(world, early, sent)
    with pytest.raises(NotPossible, match="belum dilepas"):
        match(world, never, queued)
    with pytest.raises(NotFound):
        match(world, 10**12, sent)


def test_a_statement_ends_an_unknown_outcome(world: World) -> None:
    sent = world.sent()
    mark_unknown(world.session, sent.id, by=world.staff["hadi"], reason="Jawaban bank hilang", now=world.now)
    (line,) = load(world, row(sent.reference, debit=AMOUNT))
    assert match(world, line, sent) == "settled"
    assert claim_of(world, sent).state == "paid"


@pytest.mark.parametrize("kind", ["debit", "credit"])
def test_a_debit_of_what_a_letter_called_failed_is_an_alert(world: World, kind: str) -> None:
    sent = world.sent()
    resolve_by_letter(
        world.session, sent.id, by=world.staff["lusi"], outcome="failed", letter_number="1/BN",
        letter_on=world.now.date(), reason_code="bank_error", now=world.now,
    )  # fmt: skip
    (line,) = load(
        world, row(sent.reference, debit=AMOUNT * (kind == "debit"), credit=AMOUNT * (kind == "credit"))
    )
    if kind == "debit":
        with pytest.raises(NotPossible, match="Jangan membuat pengganti"):
            match(world, line, sent)
    else:
        assert match(world, line, sent) == "noted"
    assert sent.state == "failed"
    assert run_checks(world.session.connection()) == {}


def test_the_same_file_is_refused_a_hundred_times(world: World) -> None:
    """S14, S15: replays change nothing."""
    sent = world.sent()
    data = statement(row(sent.reference, debit=AMOUNT))
    (line,) = load(world, row(sent.reference, debit=AMOUNT))
    match(world, line, sent)
    before = _counts(world)
    for _ in range(100):
        with pytest.raises(NotPossible, match="sudah dimuat"):
            load_statement(world.session, "lagi.csv", data, by=world.staff["lusi"], now=world.now)
        with pytest.raises(NotPossible):
            match(world, line, sent)
    assert _counts(world) == before
    assert claim_of(world, sent).state == "paid"


def test_overlapping_files_bring_each_line_once(world: World) -> None:
    """S15: overlapping days."""
    rows = [row(f"BIAYA {number}", debit=number, ref=f"F{number}") for number in range(1, 6)]
    load(world, *rows[:3])
    done = load_statement(
        world.session, "b.csv", io.BytesIO(statement(*rows[1:])), by=world.staff["lusi"], now=world.now
    )
    assert (done.new_lines, done.known_lines) == (2, 2)
    assert world.session.scalar(select(func.count()).select_from(StatementLine)) == 5


def test_an_edited_line_is_named_and_nothing_is_saved(world: World) -> None:
    """S15: the same booking with another amount."""
    load(world, row("TRF X", debit=1000, ref="FT9"))
    done = load_statement(
        world.session, "b.csv", statement(row("BARU", debit=5), row("TRF X", debit=2000, ref="FT9")),
        by=world.staff["lusi"], now=world.now,
    )  # fmt: skip
    assert (done.statement_id, [bad.number for bad in done.bad]) == (None, [3])
    assert world.session.scalar(select(func.count()).select_from(StatementLine)) == 1


def test_one_bad_row_keeps_the_whole_file_out(world: World) -> None:
    done = load_statement(
        world.session, "b.csv", statement(row("A", debit=5), "32/13/2026;B;1;0;F"),
        by=world.staff["lusi"], now=world.now,
    )  # fmt: skip
    assert done.statement_id is None
    assert [(bad.number, bad.column, bad.value) for bad in done.bad] == [(3, "tanggal", "32/13/2026")]
    assert world.session.scalar(select(func.count()).select_from(BankStatement)) == 0


def test_a_file_name_is_only_shown(world: World) -> None:
    name = "../../etc/<b>\x00\nmutasi.csv" + "x" * 300
    load_statement(world.session, name, statement(row("A", debit=5)), by=world.staff["lusi"], now=world.now)
    stored = world.session.scalars(select(BankStatement.file_name)).one()
    assert stored.startswith("<b>mutasi.csv")
    assert len(stored) <= 120


def _counts(world: World) -> list[int | None]:
    tables = (BankStatement, StatementLine, StatementMatch, PaymentEvent, Instruction)
    return [world.session.scalar(select(func.count()).select_from(table)) for table in tables]
