"""Which table of counts answers which question, and how its rows are chosen: cells, or sums of them kept ready.

Sums of all nagari know no place and sums of all months no month: each is asked only where that is not chosen.
"""

from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, literal, or_
from sqlalchemy.orm import InstrumentedAttribute

from caseflow.reports.result_models import ResultCount, ResultDay, ResultMonth, ResultMonthDay, ResultPlace

Way = Literal["", "region", "month", "program"]
Counts = type[ResultCount] | type[ResultMonth] | type[ResultPlace]
Days = type[ResultDay] | type[ResultMonthDay]


def counts_for(way: Way, *, everywhere: bool, period: str) -> Counts:
    """Return the table of counts for a split, the smallest that has what is asked.

    :param everywhere: whether all nagari are meant.
    """
    if way != "month" and not period:
        return ResultPlace
    return ResultMonth if everywhere and way != "region" else ResultCount


def days_for(way: Way, *, everywhere: bool) -> Days:
    """Return the table of days for a split."""
    return ResultMonthDay if everywhere and way != "region" else ResultDay


def column(table: Any, way: Way) -> Any:
    """Return what a table is split by."""
    match way:
        case "region":
            return table.region_code
        case "month":
            return table.month
        case "program":
            return table.program
        case _:
            return literal("").label("all")


def row_name(row: Any, way: Way) -> str:
    """Return the name of a row of a split."""
    return f"{row:%Y-%m}" if way == "month" else str(row)


def in_period(table: Any, period: str) -> list[ColumnElement[bool]]:
    """Return the condition that a row lies in a year (``2026``) or month (``2026-10``); empty: any."""
    if not period:
        return []
    if len(period) == 4:
        return [table.month.between(date(int(period), 1, 1), date(int(period), 12, 1))]
    return [table.month == date.fromisoformat(f"{period}-01")]


def under(region_code: InstrumentedAttribute[Any], code: str) -> ColumnElement[bool]:
    """Return the condition that a nagari is this one or lies below it."""
    return or_(region_code == code, region_code.startswith(f"{code}.", autoescape=True))
