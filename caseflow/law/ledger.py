"""The month-by-month ledger of contributions: what was paid, and how it looks on the officer's grid."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseflow.formats import long_date, month_year

CellStatus = Literal["paid", "late", "unpaid", "grace", "before_registration"]


@dataclass(frozen=True, slots=True)
class PaidMonth:
    """One month whose contribution was paid; an unpaid month has no entry.

    :ivar month: its first day.
    :ivar paid_on: the day the money came in; ``None`` when nobody recorded it.
    :ivar funding_source: who paid, as written in the registry (``APBD Kabupaten``, ``APB Nagari``, ``mandiri``…).
    """

    month: date
    paid_on: date | None
    funding_source: str

    def __post_init__(self) -> None:
        if self.month.day != 1:
            raise ValueError(f"a month is named by its first day, not {self.month.isoformat()}")

    @property
    def late(self) -> bool:
        """Whether the money came only after the month had ended (no due day inside the month was found) [I]."""
        return self.paid_on is not None and month_number(self.paid_on) > month_number(self.month)


@dataclass(frozen=True, slots=True)
class Cell:
    """One month on the grid.

    :ivar status: ``late`` is paid after the month had ended; ``grace`` is unpaid, but within the months after which
        membership has not yet ended.
    :ivar after_event: paid only after the day the grid runs to (the death).
    :ivar sentence: the whole cell in words, for a screen reader and for the tooltip.
    """

    month: date
    status: CellStatus
    paid_on: date | None
    funding_source: str
    after_event: bool
    sentence: str


def month_number(day: date) -> int:
    """Return the number of the month ``day`` lies in; neighbouring months differ by one."""
    return day.year * 12 + day.month - 1


def first_of(number: int) -> date:
    """Return the first day of the month with that number."""
    return date(number // 12, number % 12 + 1, 1)


def by_month(paid: Iterable[PaidMonth]) -> dict[int, PaidMonth]:
    """Return one entry a month, in order; of two payments for one month the earliest recorded one stands."""
    months: dict[int, PaidMonth] = {}
    for entry in sorted(paid, key=lambda row: (row.month, row.paid_on or date.max, row.funding_source)):
        months.setdefault(month_number(entry.month), entry)
    return months


def paid_twice(paid: Iterable[PaidMonth]) -> tuple[date, ...]:
    """Return the months that were paid more than once, in order."""
    seen: set[date] = set()
    twice = set()
    for entry in paid:
        if entry.month in seen:
            twice.add(entry.month)
        seen.add(entry.month)
    return tuple(sorted(twice))


def grid(
    paid: Iterable[PaidMonth], until: date, months: int = 24, *, registered_on: date, grace_months: int
) -> tuple[Cell, ...]:
    """Return the last ``months`` months up to and including that of ``until``, oldest first.

    :param until: the day of death (or today, before a death is known).
    :param grace_months: the number ``grace_months`` in force on that day.
    """
    ledger = by_month(paid)
    last = month_number(until)
    return tuple(
        _cell(number, ledger, until, registered_on, grace_months)
        for number in range(last - months + 1, last + 1)
    )


def _cell(
    number: int, ledger: dict[int, PaidMonth], until: date, registered_on: date, grace_months: int
) -> Cell:
    month, entry = first_of(number), ledger.get(number)
    if entry is not None:
        after = entry.paid_on is not None and entry.paid_on > until
        return Cell(
            month=month,
            status="late" if entry.late else "paid",
            paid_on=entry.paid_on,
            funding_source=entry.funding_source,
            after_event=after,
            sentence=_paid_sentence(entry, after=after),
        )
    status: CellStatus
    if number < month_number(registered_on) and not any(earlier < number for earlier in ledger):
        status, words = "before_registration", "belum terdaftar"
    elif any(number - back in ledger for back in range(1, grace_months + 1)):
        status, words = "grace", "belum dibayar, masih dalam masa tenggang"
    else:
        status, words = "unpaid", "belum dibayar"
    return Cell(month, status, None, "", after_event=False, sentence=f"{month_year(month)}: {words}.")


def _paid_sentence(entry: PaidMonth, *, after: bool) -> str:
    if entry.paid_on is None:
        when = "lunas, tanggal bayar tidak tercatat"
    elif after:
        when = f"dibayar {long_date(entry.paid_on)}, sesudah hari meninggal"
    elif entry.late:
        when = f"terlambat, dibayar {long_date(entry.paid_on)}"
    else:
        when = f"lunas, dibayar {long_date(entry.paid_on)}"
    return f"{month_year(entry.month)}: {when} ({entry.funding_source})."
