"""The clock of payment: so many working days from a complete file, and what each late day costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal, NamedTuple

from caseflow.law.numbers import Certainty, Number, NumberBook
from caseflow.workdays import Calendar

Program = Literal["jkm", "jkk"]


class _Clock(NamedTuple):
    working_days: str
    percent_per_day: str


_CLOCKS: Mapping[Program, _Clock] = MappingProxyType(
    {
        "jkm": _Clock("jkm_payment_working_days", "lateness_percent_per_day"),
        "jkk": _Clock("jkk_payment_working_days", "jkk_lateness_percent_per_day"),
    }
)

COUNTED_BECAUSE = (
    "Aturan menyebut “setiap hari keterlambatan”, bukan hari kerja, maka dihitung hari kalender sejak hari sesudah "
    "batas waktu (disimpulkan)."
)


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late a payment is, as a fact for the statement.

    :ivar days: calendar days after ``pay_by_on``, at least one.
    :ivar complete_on: day on which the application was complete; selects the rule.
    """

    days: int
    pay_by_on: date
    complete_on: date

    def __post_init__(self) -> None:
        if self.days < 1 or self.pay_by_on < self.complete_on:
            raise ValueError(f"not late: {self.days} days after {self.pay_by_on.isoformat()}")


@dataclass(frozen=True, slots=True)
class LateExposure:
    """What is owed for lateness, up to one day: to the heirs (JKM) or to the participant (JKK).

    :ivar days_late: days after ``pay_by_on``; 0 while in time.
    :ivar per_day_idr: compensation for each late day, rupiah, broken rupiah rounded up in favour of the family.
    :ivar total_idr: ``days_late × per_day_idr``.
    :ivar pay_by_on: last day in time.
    :ivar counted: how late days are counted; :ivar assumption: why; :ivar assumption_certainty: how sure that is.
    :ivar uncovered_years: years touched for which no holiday is recorded: the dates may then be too early.
    """

    days_late: int
    per_day_idr: int
    total_idr: int
    pay_by_on: date
    counted: Literal["calendar_days"]
    assumption: str
    assumption_certainty: Certainty
    article: str
    certainty: Certainty
    rule_version: str
    uncovered_years: tuple[int, ...]


def pay_by(complete_on: date, *, calendar: Calendar, book: NumberBook, program: Program = "jkm") -> date:
    """Return the last day on which is paid in time (PP 44/2015: JKM Pasal 40 ayat (3), JKK Pasal 37 ayat (2)).

    :param complete_on: day on which the application was complete; the next working day is day 1.
    """
    return calendar.add(complete_on, book.on(_CLOCKS[program].working_days, complete_on).value)


def lateness(
    *, complete_on: date, as_of: date, calendar: Calendar, book: NumberBook, program: Program
) -> Lateness | None:
    """Return how late a payment on ``as_of`` is, or ``None`` while it is in time.

    :raises NoNumber: no rule is recorded for ``complete_on``.
    """
    due_on = pay_by(complete_on, calendar=calendar, book=book, program=program)
    return Lateness((as_of - due_on).days, due_on, complete_on) if as_of > due_on else None


def late_percent(complete_on: date, book: NumberBook, *, program: Program) -> Number:
    """Return the per cent a day that is owed for lateness.

    :raises NoNumber: no rule is recorded for ``complete_on``.
    """
    return book.on(_CLOCKS[program].percent_per_day, complete_on)


def per_day_idr(amount_idr: int, percent: int) -> int:
    """Return the compensation for one late day, a broken rupiah rounded up in favour of the family."""
    return -(-amount_idr * percent // 100)


def late_exposure(
    amount_idr: int,
    *,
    complete_on: date,
    as_of: date,
    calendar: Calendar,
    book: NumberBook,
    program: Program = "jkm",
) -> LateExposure:
    """Return the compensation for lateness if paid on, or still unpaid on, ``as_of``.

    PP 44/2015: JKM Pasal 40 ayat (4), JKK Pasal 37 ayat (3).

    :param amount_idr: the benefit that has to be paid, rupiah.
    :raises ValueError: a negative amount.
    :raises NoNumber: no rule is recorded for ``complete_on``.
    """
    if amount_idr < 0:
        raise ValueError(f"a benefit cannot be negative ({amount_idr})")
    due_on = pay_by(complete_on, calendar=calendar, book=book, program=program)
    percent = late_percent(complete_on, book, program=program)
    days_late = max(0, (as_of - due_on).days)
    day_idr = per_day_idr(amount_idr, percent.value)
    return LateExposure(
        days_late=days_late,
        per_day_idr=day_idr,
        total_idr=days_late * day_idr,
        pay_by_on=due_on,
        counted="calendar_days",
        assumption=COUNTED_BECAUSE,
        assumption_certainty="I",
        article=percent.article,
        certainty=percent.certainty,
        rule_version=book.rule_version(percent, book.on(_CLOCKS[program].working_days, complete_on)),
        uncovered_years=tuple(
            year for year in range(complete_on.year, due_on.year + 1) if not calendar.covers(year)
        ),
    )
