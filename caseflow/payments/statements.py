"""Verbs of the third person: load the bank's statement, tie its lines to instructions."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.clock import local
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import instant_wib
from caseflow.payments import outcomes, steps
from caseflow.payments.models import BankStatement, Instruction, StatementLine, StatementMatch
from caseflow.payments.references import references_in
from caseflow.payments.rules import Booking, Effect, Standing, effect_of, only
from caseflow.payments.statement_file import MAX_BYTES, BadRow, FileLine, read_statement
from caseflow.people.actor import Actor
from caseflow.workflow import fire

_CHUNK = 1000
_LOADING = 0x73746D74  # key of the advisory lock of statement lines
_NOTE_LENGTH = 10


@dataclass(frozen=True)
class LoadedStatement:
    """What loading a file did.

    :ivar statement_id: ``None`` when a row was bad: then nothing at all was saved.
    :ivar new_lines: lines now known for the first time; :ivar known_lines: lines of an earlier file.
    :ivar passed_over: row numbers of sums and of bookings with sen, which are no transfers of ours.
    """

    statement_id: int | None
    new_lines: int
    known_lines: int
    bad: list[BadRow]
    passed_over: list[int]


def load_statement(
    session: Session, file_name: str, data: bytes | IO[bytes], *, by: Actor, now: datetime
) -> LoadedStatement:
    """Read a statement file whole or not at all. A line that an earlier file brought is not taken twice.

    :raises NotPossible: the same file again; :raises Invalid, TooLarge, UnsupportedType: no such file.
    """
    loader = only(by, "finance")
    content = data if isinstance(data, bytes) else data.read(MAX_BYTES + 1)
    digest = hashlib.sha256(content).hexdigest()
    _refuse_same_file(session, digest)
    read = read_statement(content, today=local(now).date())
    bad = read.bad + _edited(session, read.lines)
    if bad:
        return LoadedStatement(None, 0, 0, bad, read.passed_over)
    statement = BankStatement(
        file_name=_plain_name(file_name),
        file_sha256=digest,
        line_count=len(read.lines),
        loaded_at=now,
        loaded_by_person_id=loader,
    )
    steps.insert(session, statement)
    added = _add_lines(session, statement.id, read.lines)
    _audit(session, "statement_loaded", f"statement:{statement.id}", by, sha256=digest, new_lines=added)
    return LoadedStatement(statement.id, added, len(read.lines) - added, [], read.passed_over)


def match_line(
    session: Session,
    line_id: int,
    instruction_id: int,
    *,
    by: Actor,
    now: datetime,
    reason_code: str | None = None,
    note: str = "",
) -> Effect:
    """Say that a statement line is this instruction's: a debit settles it, a credit (money back) fails it.

    The amount must be equal to the rupiah. When the description does not carry the reference, the person
    confirms with a note. A credit needs the bank's reason.

    :return: ``settled``, ``failed``, or ``noted`` when the outcome was known already (bank letter).
    """
    person_id = only(by, "finance")
    claim, instruction = steps.claim_and_instruction(session, instruction_id, by=by)
    line = session.get(StatementLine, line_id)
    if line is None:
        raise NotFound
    _require_its_reference(line, instruction, note)
    effect, sentence = effect_of(
        Booking(line.kind, line.amount_idr, line.value_on), standing_of(session, instruction)
    )
    if effect is None:
        raise NotPossible(sentence)
    fire.take_duty(session, claim, "reconcile", by=by, now=now)
    steps.insert(session, _match(line, instruction, person_id, now))
    said = {"confirmation": note.strip()} if note.strip() else {}
    details = {"statement_line_id": line.id, **said}
    if effect == "settled":
        outcomes.settle(session, claim, instruction, by=by, now=now, **details)
    elif effect == "failed":
        outcomes.fail(
            session, claim, instruction, by=by, now=now, reason_code=reason_code, note=note, **details
        )
    _audit(
        session,
        "line_matched",
        f"statement_line:{line.id}",
        by,
        claim.id,
        effect=effect,
        confirmed=bool(said),
    )
    return effect


def standing_of(session: Session, instruction: Instruction) -> Standing:
    """Return where an instruction stands, with the bookings that explain it already."""
    kinds = session.scalars(
        select(StatementMatch.kind).where(StatementMatch.instruction_id == instruction.id)
    )
    return Standing(
        instruction.state, instruction.amount_idr, steps.sent_on(session, instruction.id), frozenset(kinds)
    )


def _refuse_same_file(session: Session, digest: str) -> None:
    earlier = session.execute(
        select(BankStatement.file_name, BankStatement.loaded_at).where(BankStatement.file_sha256 == digest)
    ).one_or_none()
    if earlier is not None:
        raise NotPossible(
            f"File ini sudah dimuat pada {instant_wib(earlier.loaded_at)} (“{earlier.file_name}”). "
            "Tidak ada yang berubah dan tidak ada yang perlu dilakukan."
        )


def _edited(session: Session, lines: list[FileLine]) -> list[BadRow]:
    """Name the lines whose booking is known with another amount: the file was edited, or the bank must explain."""
    numbers = sorted({line.bank_reference for line in lines if line.bank_reference})
    known: dict[tuple[str, str, date, str], set[int]] = {}
    for start in range(0, len(numbers), _CHUNK):
        rows = session.execute(
            select(
                StatementLine.bank_reference,
                StatementLine.kind,
                StatementLine.value_on,
                StatementLine.description,
                StatementLine.amount_idr,
            ).where(StatementLine.bank_reference.in_(numbers[start : start + _CHUNK]))
        )
        for row in rows:
            known.setdefault(_booking(row), set()).add(row.amount_idr)
    return [
        BadRow(
            line.number,
            "jumlah",
            str(line.amount_idr),
            f"Transaksi {line.bank_reference} sudah dimuat dengan jumlah lain. Pakai file asli; tanyakan ke bank.",
        )
        for line in lines
        if line.amount_idr not in known.get(_booking(line), {line.amount_idr})
    ]


def _booking(line: Any) -> tuple[str, str, date, str]:
    """Return what tells one booking of the bank from another, but for its amount: of a file or a row."""
    return (line.bank_reference, line.kind, line.value_on, line.description)


def _add_lines(session: Session, statement_id: int, lines: list[FileLine]) -> int:
    """Insert in the order of the file. One file at a time: overlapping ones would wait for each other in a ring."""
    session.execute(select(func.pg_advisory_xact_lock(_LOADING)))
    rows = [
        {
            "statement_id": statement_id, "line_number": line.number, "value_on": line.value_on,
            "kind": line.kind, "amount_idr": line.amount_idr, "bank_reference": line.bank_reference,
            "description": line.description, "line_sha256": line.sha256,
        }
        for line in lines
    ]  # fmt: skip
    added = 0
    for start in range(0, len(rows), _CHUNK):
        statement = (
            insert(StatementLine)
            .values(rows[start : start + _CHUNK])
            .on_conflict_do_nothing(index_elements=["line_sha256"])
            .returning(StatementLine.id)
        )
        added += len(session.execute(statement).all())
    return added


def _require_its_reference(line: StatementLine, instruction: Instruction, note: str) -> None:
    carried = references_in(line.description)
    if instruction.reference in carried:
        return
    if carried:
        raise NotPossible(
            f"Baris ini membawa referensi {carried[0]}, bukan {instruction.reference}. Tidak ada yang dicocokkan."
        )
    if len(note.strip()) < _NOTE_LENGTH:
        raise Invalid(
            {
                "note": "Keterangan bank tidak memuat referensi. Jelaskan mengapa baris ini transfer itu, "
                "paling sedikit 10 huruf. Belum ada yang tersimpan."
            }
        )


def _match(line: StatementLine, instruction: Instruction, person_id: int, now: datetime) -> StatementMatch:
    return StatementMatch(
        statement_line_id=line.id,
        instruction_id=instruction.id,
        casefile_id=instruction.casefile_id,
        kind=line.kind,
        amount_idr=line.amount_idr,
        person_id=person_id,
        duty="reconcile",
        matched_at=now,
    )


def _audit(
    session: Session, action: str, subject: str, by: Actor, casefile_id: int | None = None, **details: Any
) -> None:
    record(session, f"payment.{action}", by=by, casefile_id=casefile_id, subject=subject, details=details)


def _plain_name(file_name: str) -> str:
    """Return the last part of the name, printable and short; it is shown, never opened."""
    last = re.split(r"[\\/]", file_name)[-1]
    return "".join(ch for ch in last if ch.isprintable())[:120].strip() or "rekening-koran.csv"
