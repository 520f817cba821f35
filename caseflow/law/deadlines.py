"""Days by which something has to be done. Lateness of a family is shown as a warning, never as a refusal."""

from datetime import date, datetime, timedelta

from caseflow import clock
from caseflow.law.numbers import NumberBook
from caseflow.workdays import Calendar

_HOUR = timedelta(hours=1)


def reported_late(happened_at: datetime, reported_at: datetime, *, book: NumberBook) -> int | None:
    """Return by how many begun hours a report of stage I or II came after its 2 × 24 hours, else ``None``.

    Permenaker 5/2021 jo. 1/2025 Pasal 8 and 19. What lateness means for a BPU worker was not found: a warning only.

    :param happened_at: instant of the accident or diagnosis (stage I), or of the doctor's final word (stage II).
    :raises ValueError: an instant without a time zone.
    :raises NoNumber: no rule is recorded for that day.
    """
    if happened_at.tzinfo is None or reported_at.tzinfo is None:
        raise ValueError("both instants need a time zone")
    allowed = book.on("jkk_report_hours", clock.local(happened_at).date()).value * _HOUR
    late = reported_at - happened_at - allowed
    return -(-late // _HOUR) if late > timedelta() else None


def lapses_on(happened_on: date, book: NumberBook) -> date:
    """Return the last day on which JKK can be claimed: the same day so many years later (PP 82/2019 Pasal 26).

    That the day itself still counts is inferred, in favour of the family.

    :raises NoNumber: the accident lies before the book.
    """
    return years_later(happened_on, book.on("jkk_claim_years", happened_on).value)


def pak_diagnosis_by(stopped_work_on: date, book: NumberBook) -> date:
    """Return the last day on which a diagnosis still counts as an occupational disease (Perpres 7/2019)."""
    return years_later(stopped_work_on, book.on("jkk_pak_years", stopped_work_on).value)


def conclude_by(stage_one_received_on: date, book: NumberBook) -> date:
    """Return the last day to conclude a suspected accident (PP 49/2023 Pasal 25A ayat (3)); calendar days."""
    days = book.on("jkk_conclusion_days", stage_one_received_on).value
    return stage_one_received_on + timedelta(days=days)


def answer_by(asked_on: date, *, calendar: Calendar, book: NumberBook) -> date:
    """Return the last day to give information that was asked for; the next working day is day 1."""
    return calendar.add(asked_on, book.on("answer_working_days", asked_on).value)


def years_later(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 1 March, in favour of the family."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
