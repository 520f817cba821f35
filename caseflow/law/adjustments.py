"""Amounts that people set otherwise than the sum: the first amount stays beside the new one, with the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from caseflow.errors import NotPossible
from caseflow.formats import rupiah
from caseflow.law.statement import Line, MissingInput, Statement

_NOTHING_SAVED = "Penyesuaian tidak dibuat."


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Another amount for one line.

    :ivar reason: as the family may read it, without names; :ivar proposed_by, confirmed_by: two persons, for staff.
    """

    code: str
    amount_idr: int
    reason: str
    proposed_by: str
    confirmed_by: str


def adjust(statement: Statement, adjustments: Sequence[Adjustment]) -> Statement:
    """Return the statement with other amounts; what the law's sum gave is kept on each line.

    :raises MissingInput: a reason or one of the two persons is not named; all missing ones are named at once.
    :raises NotPossible: the line does not exist or occurs twice, the amount is negative or unchanged, one person would
        do both, nothing is payable, or nothing would be left.
    """
    if not adjustments:
        return statement
    _require_complete(adjustments)
    lines = {line.code: line for line in statement.lines}
    wrong = list(_wrong(statement, lines, adjustments))
    if wrong:
        raise NotPossible([*wrong, _NOTHING_SAVED])
    wanted = {one.code: one for one in adjustments}
    adjusted = tuple(
        _adjusted(line, wanted[line.code]) if line.code in wanted else line for line in statement.lines
    )
    total_idr = sum(line.amount_idr for line in adjusted)
    if not total_idr:
        raise NotPossible(
            f"Sesudah penyesuaian tidak ada lagi yang dibayarkan. {_NOTHING_SAVED} Bila memang tidak dapat dibayarkan, "
            "pakai penolakan dengan alasannya."
        )
    changed = [line for line in adjusted if line.code in wanted]
    return replace(
        statement,
        lines=adjusted,
        total_idr=total_idr,
        notes=(*statement.notes, *(_for_the_family(line) for line in changed)),
        open_questions=(
            *statement.open_questions,
            *(_for_staff(line, wanted[line.code]) for line in changed),
        ),
        schema=2,
    )


def _require_complete(adjustments: Sequence[Adjustment]) -> None:
    missing = [
        f"{what} ({one.code})"
        for one in adjustments
        for what, given in (
            ("alasan penyesuaian", one.reason),
            ("yang mengusulkan", one.proposed_by),
            ("yang menyetujui", one.confirmed_by),
        )
        if not given.strip()
    ]
    if missing:
        raise MissingInput(missing, f"{_NOTHING_SAVED} Yang belum ada: {'; '.join(missing)}.")


def _wrong(
    statement: Statement, lines: Mapping[str, Line], adjustments: Sequence[Adjustment]
) -> Iterator[str]:
    if statement.outcome == "not_payable":
        yield "Hitungan ini tidak membayarkan apa pun, sehingga tidak ada yang dapat disesuaikan."
    codes = [one.code for one in adjustments]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        yield f"Baris {code} disesuaikan dua kali sekaligus. Pilih satu."
    for one in adjustments:
        line = lines.get(one.code)
        if line is None:
            yield f"Baris {one.code} tidak ada dalam hitungan ini."
            continue
        if one.amount_idr < 0:
            yield f"{line.label}: jumlah tidak boleh kurang dari nol."
        if one.amount_idr == line.amount_idr:
            yield f"{line.label}: jumlahnya sama dengan hitungan, {rupiah(line.amount_idr)}."
        if one.proposed_by.strip() == one.confirmed_by.strip():
            yield f"{line.label}: yang mengusulkan dan yang menyetujui harus dua orang yang berbeda."


def _adjusted(line: Line, wanted: Adjustment) -> Line:
    first_idr = line.amount_idr if line.original_idr is None else line.original_idr
    return replace(
        line, amount_idr=wanted.amount_idr, original_idr=first_idr, adjustment=wanted.reason.strip()
    )


def _for_the_family(line: Line) -> str:
    return (
        f"{line.label}: menurut hitungan {rupiah(line.original_idr or 0)}, dibayarkan {rupiah(line.amount_idr)}. "
        f"Alasannya: {line.adjustment}"
    )


def _for_staff(line: Line, wanted: Adjustment) -> str:
    return (
        f"Disesuaikan: {line.label} dari {rupiah(line.original_idr or 0)} menjadi {rupiah(line.amount_idr)}; diusulkan "
        f"{wanted.proposed_by.strip()}, disetujui {wanted.confirmed_by.strip()}. Alasan: {line.adjustment}"
    )
