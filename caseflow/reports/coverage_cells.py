"""Counts of places, kecamatan and all together as they may be told to somebody.

From readers of aggregates few people are hidden as in the figures of their whole regency, also where they read a part of
it. Not here: how small counts are hidden (``suppression``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from caseflow.reports import coverage_rows as rows
from caseflow.reports.coverage_rows import Paid, Place
from caseflow.reports.suppression import Cell, suppressed

_REGENCY = len("13.03")
Cells = tuple[Mapping[str, Cell], Mapping[str, Cell], Cell]
Reach = tuple[Sequence[Place], Sequence[Place]]  # the places in reach, and all of their regencies


def regencies_of(session: Session, known: Sequence[Place]) -> Sequence[Place]:
    """Return all places of the regencies in which these lie."""
    codes = {place.code[:_REGENCY] for place in known}
    return [one for one in rows.every_place(session) if one.code[:_REGENCY] in codes]


class Counted:
    """Active workers by month, of places, kecamatan and all together, hidden where they must be."""

    def __init__(self, reach: Reach, paid: Sequence[Paid], masked: bool) -> None:
        counts: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for row in paid:
            counts[row.month][row.place] += row.workers
        self._reach, self._counts, self._masked = reach, counts, masked
        self._ready: dict[date, Cells] = {}

    def cells(self, month: date) -> Cells:
        """Return what may be told of one month."""
        if month not in self._ready:
            self._ready[month] = cells_of(self._reach, self._counts[month], self._masked)
        return self._ready[month]

    def of(self, month: date, area: str) -> Cell:
        """Return the count of what was chosen."""
        return narrowed(self.cells(month), area)


def cells_of(reach: Reach, counts: Mapping[str, int], masked: bool) -> Cells:
    """Return what may be told of these counts by place."""
    known, around = reach
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for place in around:
        groups[place.district_code][place.code] = counts.get(place.code, 0)
    if masked:
        return _of_reach(known, groups, suppressed(groups))
    sums = {group: sum(places.values()) for group, places in groups.items()}
    return (
        {code: Cell(count) for places in groups.values() for code, count in places.items()},
        {group: Cell(count) for group, count in sums.items()},
        Cell(sum(sums.values())),
    )


def _of_reach(known: Sequence[Place], groups: Mapping[str, Mapping[str, int]], cells: Cells) -> Cells:
    """Return of what may be told of whole regencies what lies in reach."""
    places, districts, _whole = cells
    mine: dict[str, list[str]] = defaultdict(list)
    for place in known:
        mine[place.district_code].append(place.code)
    if sum(map(len, mine.values())) == len(places):
        return cells
    tops = {
        code: districts[code] if len(inside) == len(groups[code]) else _sum([places[one] for one in inside])
        for code, inside in mine.items()
    }
    return {place.code: places[place.code] for place in known}, tops, _sum(list(tops.values()))


def _sum(cells: Sequence[Cell]) -> Cell:
    if any(one.value is None for one in cells):
        return Cell(None, "masked")
    return Cell(sum(one.value or 0 for one in cells))


def narrowed(cells: Cells, area: str) -> Cell:
    """Return the count of a place or kecamatan, or (empty) of all."""
    places, districts, whole = cells
    return whole if not area else places.get(area) or districts.get(area) or Cell(0)
