"""The clock of JKM: pay within so many working days of a complete file, and what each late day costs."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseflow.law.numbers import Certainty, NumberBook
from caseflow.workdays import Calendar

_COUNTED_BECAUSE = (
    "Aturan menyebut “setiap hari keterlambatan”, bukan hari kerja, maka dihitung hari kalender sejak hari sesudah "
    "batas waktu (disimpulkan)."
)


@dataclass(frozen=True, slots=True)
class LateExposure:
    """What is owed to the heirs for lateness, up to one day.

    :ivar days_late: days after ``pay_by_on``; 0 while in time.
    :ivar per_day_idr: compensation for each late day, rupiah, broken rupiah rounded up in favour of the heirs.
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


def pay_by(complete_on: date, *, calendar: Calendar, book: NumberBook) -> date:
    """Return the last day on which JKM is paid in time (PP 44/2015 Pasal 40 ayat (3)).

    :param complete_on: day on which the application was complete; the next working day is day 1.
    """
    return calendar.add(complete_on, book.on("jkm_payment_working_days", complete_on).value)


def late_exposure(
    amount_idr: int, *, complete_on: date, as_of: date, calendar: Calendar, book: NumberBook
) -> LateExposure:
    """Return the compensation for lateness (PP 44/2015 Pasal 40 ayat (4)) if paid on, or still unpaid on, ``as_of``.

    :param amount_idr: the benefit that has to be paid, rupiah.
    :raises ValueError: a negative amount.
    :raises NoNumber: no rule is recorded for ``complete_on``.
    """
    if amount_idr < 0:
        raise ValueError(f"a benefit cannot be negative ({amount_idr})")
    due_on = pay_by(complete_on, calendar=calendar, book=book)
    percent = book.on("lateness_percent_per_day", complete_on)
    days_late = max(0, (as_of - due_on).days)
    per_day_idr = -(-amount_idr * percent.value // 100)
    return LateExposure(
        days_late=days_late,
        per_day_idr=per_day_idr,
        total_idr=days_late * per_day_idr,
        pay_by_on=due_on,
        counted="calendar_days",
        assumption=_COUNTED_BECAUSE,
        assumption_certainty="I",
        article=percent.article,
        certainty=percent.certainty,
        rule_version=book.rule_version(percent, book.on("jkm_payment_working_days", complete_on)),
        uncovered_years=tuple(
            year for year in range(complete_on.year, due_on.year + 1) if not calendar.covers(year)
        ),
    )
