"""What the law gives under one heading, and the line it becomes once earlier payments are taken off."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from caseflow.formats import rupiah
from caseflow.law.dated import Certainty, Number, weakest
from caseflow.law.death import PaidBefore
from caseflow.law.numbers import NumberBook
from caseflow.law.shown import number_input
from caseflow.law.statement import Input, Line, PayableTo

DISABILITY = "disability_"


@dataclass(frozen=True, slots=True)
class Heading:
    """What the law gives under one heading, before anything paid earlier is taken off.

    :ivar amount_idr: rupiah; :ivar formula: the sum in words; :ivar numbers: the numbers of law in it, the one whose
        article the line cites first.
    :ivar facts: what people established; :ivar doubts: certainties of what is no number.
    """

    code: str
    label: str
    amount_idr: int
    formula: str
    numbers: tuple[Number, ...]
    facts: tuple[Input, ...] = ()
    doubts: tuple[Certainty, ...] = ()


def lines_of(
    headings: Iterable[Heading], paid: Sequence[PaidBefore], book: NumberBook, *, payable_to: PayableTo
) -> Iterator[Line]:
    """Turn headings into lines: what the law gives, less what was paid for it before.

    Disabilities share what was paid for any of them, because their numbering follows the doctor's list.
    """
    left = _paid_by_pool(paid)
    shown: set[str] = set()
    for heading in headings:
        pool = _pool(heading.code)
        taken_idr = min(left.get(pool, 0), heading.amount_idr)
        left[pool] = left.get(pool, 0) - taken_idr
        before = [] if pool in shown else _ordered(paid, pool)
        shown.add(pool)
        minus = f"; dikurangi {rupiah(taken_idr)} yang sudah dibayar" if taken_idr else ""
        yield Line(
            code=heading.code,
            label=heading.label,
            amount_idr=heading.amount_idr - taken_idr,
            formula=f"{heading.formula}{minus}",
            inputs=(
                *(number_input(number) for number in heading.numbers),
                *(Input("Sudah dibayar", rupiah(entry.amount_idr), entry.source) for entry in before),
                *heading.facts,
            ),
            article=heading.numbers[0].article,
            certainty=weakest(*(number.certainty for number in heading.numbers), *heading.doubts),
            rule_version=book.rule_version(*heading.numbers),
            payable_to=payable_to,
        )


def overpaid_idr(headings: Iterable[Heading], paid: Sequence[PaidBefore]) -> int:
    """Return how many rupiah were paid before beyond what these headings give."""
    given: dict[str, int] = {}
    for heading in headings:
        pool = _pool(heading.code)
        given[pool] = given.get(pool, 0) + heading.amount_idr
    return sum(max(0, amount_idr - given.get(pool, 0)) for pool, amount_idr in _paid_by_pool(paid).items())


def _pool(code: str) -> str:
    return DISABILITY if code.startswith(DISABILITY) else code


def _paid_by_pool(paid: Sequence[PaidBefore]) -> dict[str, int]:
    found: dict[str, int] = {}
    for entry in paid:
        pool = _pool(entry.code)
        found[pool] = found.get(pool, 0) + entry.amount_idr
    return found


def _ordered(paid: Sequence[PaidBefore], pool: str) -> list[PaidBefore]:
    same = [entry for entry in paid if _pool(entry.code) == pool]
    return sorted(same, key=lambda entry: (entry.source, entry.amount_idr))
