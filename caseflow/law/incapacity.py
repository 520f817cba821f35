"""STMB: money for the time in which the worker could not work, counted in months and days over all periods."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from caseflow.formats import long_date, rupiah
from caseflow.law.accident import AccidentFacts, Incapacity
from caseflow.law.dated import Number
from caseflow.law.headings import Heading
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import Input

_DAY = timedelta(days=1)


class Span(NamedTuple):
    """A length of time: whole calendar months and the days that are left over."""

    months: int
    days: int


def stmb(facts: AccidentFacts, wage: Number, book: NumberBook) -> Iterator[Heading]:
    """Yield the full and, after the twelfth month, the half benefit.

    A month is a calendar month from the first day of a period; days that do not fill one count as so many thirtieths,
    which add up over the periods. Periods that touch are one. Broken rupiah are rounded up in favour of the worker.
    """
    if not facts.incapacity:
        return
    day = facts.happened_on
    per_month = book.on("jkk_stmb_days_per_month", day)
    full_months = book.on("jkk_stmb_full_months", day)
    span = span_of(facts.incapacity, per_month.value)
    total = span.months * per_month.value + span.days
    full = min(total, full_months.value * per_month.value)
    shared = (full_months, per_month, wage)
    inputs = tuple(_inputs(facts.incapacity, span))
    full_percent = book.on("jkk_stmb_full_percent", day)
    yield replace(_heading("stmb_full", full, full_percent, shared), facts=inputs)
    if total > full:
        half_percent = book.on("jkk_stmb_half_percent", day)
        yield replace(_heading("stmb_half", total - full, half_percent, shared), facts=inputs)


def span_of(periods: Iterable[Incapacity], days_per_month: int) -> Span:
    """Return how long all periods last together; full ``days_per_month`` of left-over days make a month.

    :param periods: closed periods that do not overlap.
    """
    months = days = 0
    for starts_on, ends_on in _joined(periods):
        whole = 0
        while _months_later(starts_on, whole + 1) <= ends_on + _DAY:
            whole += 1
        months += whole
        days += (ends_on + _DAY - _months_later(starts_on, whole)).days
    return Span(months + days // days_per_month, days % days_per_month)


def _joined(periods: Iterable[Incapacity]) -> list[tuple[date, date]]:
    joined: list[tuple[date, date]] = []
    for period in sorted(periods, key=lambda one: one.starts_on):
        if period.ends_on is None:
            raise ValueError("an open period cannot be counted")
        if joined and joined[-1][1] + _DAY == period.starts_on:
            joined[-1] = (joined[-1][0], period.ends_on)
        else:
            joined.append((period.starts_on, period.ends_on))
    return joined


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the last of the month where that day does not exist."""
    number = day.year * 12 + day.month - 1 + months
    first = date(number // 12, number % 12 + 1, 1)
    last = date((number + 1) // 12, (number + 1) % 12 + 1, 1) - _DAY
    return first.replace(day=min(day.day, last.day))


def _heading(code: str, parts: int, percent: Number, shared: tuple[Number, Number, Number]) -> Heading:
    """Return one heading for ``parts`` thirtieths of a month."""
    full_months, per_month, wage = shared
    months, days = divmod(parts, per_month.value)
    whole = per_month.value * 100
    amount_idr = -(-wage.value * parts * percent.value // whole)
    length = " + ".join(
        part
        for part, holds in ((f"{months} bulan", months), (f"{days}/{per_month.value} bulan", days))
        if holds
    )
    rounded = "" if wage.value * parts * percent.value % whole == 0 else ", dibulatkan ke atas"
    when = "sampai" if code == "stmb_full" else "sesudah"
    return Heading(
        code=code,
        label=f"Santunan sementara tidak mampu bekerja {when} bulan ke-{full_months.value}",
        amount_idr=amount_idr,
        formula=f"{f'({length})' if months and days else length} × {percent.value} persen × {rupiah(wage.value)}{rounded}",
        numbers=(percent, full_months, per_month, wage) if days or code == "stmb_half" else (percent, wage),
    )


def _inputs(periods: Sequence[Incapacity], span: Span) -> Iterator[Input]:
    for period in sorted(periods, key=lambda one: one.starts_on):
        until = long_date(period.ends_on) if period.ends_on else "belum berakhir"
        yield Input("Tidak mampu bekerja", f"{long_date(period.starts_on)} s.d. {until}", period.source)
    yield Input(
        "Lamanya seluruhnya", f"{span.months} bulan {span.days} hari", "dihitung dari semua masa di atas"
    )
