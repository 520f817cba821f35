"""The figures of coverage as they are told: each with its denominator, its day and its source; words of payers.

Not here: how they come about (``coverage``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from caseflow.formats import permille
from caseflow.law.ledger import first_of, month_number
from caseflow.registry.cover_models import CoverageTarget
from caseflow.reports.coverage_rows import Place, Places
from caseflow.reports.suppression import Cell

Payer = Literal["nagari", "regency", "csr", "mandiri"]
PAYER_SOURCES: Mapping[Payer, tuple[str, ...]] = MappingProxyType(
    {
        "nagari": ("apb_nagari",),
        "regency": ("apbd", "dbh_sawit", "pokir"),
        "csr": ("csr",),
        "mandiri": ("mandiri",),
    }
)
PAYER_LABELS: Mapping[Payer, str] = MappingProxyType(
    {
        "nagari": "APB Nagari",
        "regency": "Kabupaten (APBD, DBH sawit, pokir)",
        "csr": "Perusahaan (CSR)",
        "mandiri": "Mandiri",
    }
)
HeatState = Literal["paid", "part", "unpaid", "running", "none", "few"]
MONTHS = 12
DUE_DAY = 15  # of the next month; the database counts with the same day
SOURCE = "caseflow, bulan iuran yang sudah dipastikan cabang"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that can be quoted: of how many, on which day, from where, and whether it stands or flows.

    :ivar value: may be hidden from readers of aggregates; :ivar of: the denominator, ``None`` where none is known.
    :ivar kind: ``stock`` is counted on a day, ``flow`` over a period.
    """

    value: Cell
    of: int | None
    meaning: str
    of_meaning: str
    on: date
    source: str
    kind: Literal["stock", "flow"] = "stock"

    @property
    def permille(self) -> int | None:
        """Return the share, where both are known; a denominator of nothing has none."""
        return permille(self.value.value, self.of)


@dataclass(frozen=True, slots=True)
class Line:
    """A nagari or kecamatan: active workers beside places and budget (``None``: no quota is in force)."""

    code: str
    name: str
    district: str
    active: Cell
    quota: Places | None

    @property
    def missing(self) -> int | None:
        """Return how many budgeted places are not active."""
        if self.quota is None or self.active.value is None:
            return None
        return max(0, self.quota.budgeted - self.active.value)


@dataclass(frozen=True, slots=True)
class Point:
    """One month of the line. ``rates``: contributions that cost otherwise than the month before, in words."""

    month: date
    active: Cell
    rates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HeatCell:
    """Of the members of a month, how many were paid by the due day; counts are hidden with state ``few``."""

    month: date
    state: HeatState
    in_time: int | None
    members: int | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """The months of one nagari."""

    code: str
    name: str
    district: str
    cells: Sequence[HeatCell]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything the page of coverage tells, for one month and what is chosen.

    :ivar by_payer: of all together; ``None`` where telling would betray few people.
    :ivar at_risk: by number of whole months unpaid, of all chosen; readers of aggregates get only the sum.
    """

    month: date
    today: date
    masked: bool
    area: str
    payer: Payer | None
    places: Sequence[Place]
    active: Figure
    of_quota: Figure | None
    by_payer: Mapping[Payer, Cell] | None
    target: CoverageTarget | None
    all_workers: CoverageTarget | None
    nagari: Sequence[Line]
    districts: Sequence[Line]
    trend: Sequence[Point]
    heat: Sequence[HeatRow]
    at_risk: Mapping[int, int] | None
    at_risk_all: Cell
    at_risk_by_place: Mapping[str, Cell]


@dataclass(frozen=True)
class Choice:
    """What a reader chose: a month, a kecamatan or nagari (empty: all), a payer (``None``: all)."""

    month: date
    area: str = ""
    payer: Payer | None = None


def last_due_month(today: date) -> date:
    """Return the newest month whose due day has passed: the first that is fair to judge."""
    return first_of(month_number(today) - (1 if today.day > DUE_DAY else 2))


def due_on(month: date) -> date:
    """Return the day by which a month is paid in time."""
    return first_of(month_number(month) + 1).replace(day=DUE_DAY)
