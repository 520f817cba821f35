"""Every way of reading a ledger: membership on the day, and the three-month rule counted by months and by days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, Self

from caseflow.law.ledger import first_of, month_number
from caseflow.law.numbers import Certainty, Number, NumberBook
from caseflow.law.statement import Outcome

Active = Literal["yes", "no", "officer_decides"]

CountCode = Literal["months", "days", "months_since_registration"]


@dataclass(frozen=True, slots=True)
class Count:
    """One way of counting the three-month rule.

    :ivar counted: months or days found; :ivar needed: months or days the rule asks for on the day of death.
    :ivar met: the verdict of this count alone.
    """

    code: CountCode
    counted: int
    needed: int
    met: bool
    sentence: str
    article: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Rule:
    """The numbers on cover that are in force on one day of death."""

    months: Number
    days: Number
    grace: Number
    scholarship: Number

    @classmethod
    def on(cls, died_on: date, book: NumberBook) -> Self:
        """Pick the numbers for a death on ``died_on``.

        :raises NoNumber: the book begins later.
        """
        return cls(
            months=book.on("jkm_min_consecutive_months", died_on),
            days=book.on("jkm_min_cover_days", died_on),
            grace=book.on("grace_months", died_on),
            scholarship=book.on("jkm_scholarship_min_months", died_on),
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What one set of paid months leads to; months are numbered as in the ledger.

    :ivar period_start: first paid month since membership last lapsed; :ivar run_start: first of the last unbroken run.
    :ivar unpaid: whole months between the last paid month and the month of death.
    :ivar restarted: an earlier membership had lapsed before ``period_start``.
    """

    active: Active
    period_start: int | None
    run_start: int | None
    last: int | None
    unpaid: int
    restarted: bool
    counts: tuple[Count, ...]

    @property
    def run(self) -> int:
        """Paid months without a gap, up to the last paid one."""
        return 0 if self.last is None or self.run_start is None else self.last - self.run_start + 1

    @property
    def possible(self) -> frozenset[Outcome]:
        """Every outcome this reading supports; more than one where the law is silent."""
        if self.active == "no":
            return frozenset({"not_payable"})
        outcomes: set[Outcome] = {"full" if count.met else "funeral_only" for count in self.counts}
        if self.active == "officer_decides":
            outcomes.add("not_payable")
        return frozenset(outcomes)


def read(months: Sequence[int], registered_on: date, died_on: date, rule: Rule) -> Reading:
    """Read a rising list of paid month numbers, none after the month of death."""
    death = month_number(died_on)
    if not months:
        return Reading("no", None, None, None, 0, False, _counts(0, None, None, registered_on, died_on, rule))
    period_start = run_start = months[0]
    restarted = False
    for earlier, later in pairwise(months):
        if later - earlier > 1:
            run_start = later
        if later - earlier - 1 > rule.grace.value:
            period_start, restarted = later, True
    last = months[-1]
    unpaid = max(0, death - last - 1)
    active: Active = "yes" if last == death else "no" if unpaid > rule.grace.value else "officer_decides"
    counts = _counts(last - run_start + 1, period_start, last, registered_on, died_on, rule)
    return Reading(active, period_start, run_start, last, unpaid, restarted, counts)


def _counts(
    run: int, period_start: int | None, last: int | None, registered_on: date, died_on: date, rule: Rule
) -> tuple[Count, ...]:
    registered = month_number(registered_on)
    days = 0
    if period_start is not None:
        # membership begins with the first contribution, inside the month of registration with the registration itself
        began_on = registered_on if period_start == registered else first_of(period_start)
        days = max(0, (died_on - began_on).days)
    counts = [_count("months", run, rule.months), _count("days", days, rule.days)]
    if period_start is not None and last is not None and period_start < registered:
        # a registration renewed in the middle of paid months: whether the count starts anew was not found
        since = min(run, max(0, last - registered + 1))
        counts.append(_count("months_since_registration", since, rule.months))
    return tuple(counts)


def _count(code: CountCode, counted: int, number: Number) -> Count:
    met = counted >= number.value
    words: Mapping[CountCode, str] = {
        "months": f"{counted} bulan iuran berturut-turut",
        "days": f"{counted} hari sejak iuran pertama",
        "months_since_registration": f"{counted} bulan iuran berturut-turut sejak pendaftaran terakhir",
    }
    if number.value == 0:
        verdict = "aturan pada hari meninggal belum mensyaratkan lama iuran."
    elif met:
        verdict = f"memenuhi syarat {number.value} {number.unit}."
    else:
        verdict = f"belum mencapai {number.value} {number.unit}."
    sentence = f"{words[code]}: {verdict}"
    return Count(code, counted, number.value, met, sentence, number.article, number.certainty)
