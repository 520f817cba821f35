"""Counts of results as somebody may read them: all of them in reach, or, for readers of aggregates, what is published.

Both kinds of reader ask the same questions (``Results``). Who reads aggregates looks through one filter at a time, at
months that are over, and gets ``None`` where few people would show. Not here: what the counts mean.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from caseflow.errors import NotFound
from caseflow.registry import reach
from caseflow.reports import coverage_rows, kept_publications
from caseflow.reports.coverage_rows import Place
from caseflow.reports.publication import Publication
from caseflow.reports.published_results import AFTER_A_DEATH, DEATHS, FIRST, PAYMENTS, published
from caseflow.reports.result_choice import Choice, Reader
from caseflow.reports.result_models import ResultCount, ResultMonth, ResultPlace
from caseflow.reports.result_rows import CountedRows
from caseflow.reports.result_tables import (
    Counts,
    Days,
    Way,
    column,
    days_for,
    in_period,
    row_name,
    under,
)
from caseflow.reports.suppression import FLOOR

ROUNDED_TO_IDR = 50_000_000
# of the transfers, what the days of a measure tell too: nine of ten in time say how many were late at most
_TOLD_BY: Mapping[str, tuple[tuple[str, ...], ...]] = {"complete_to_paid": (("kept",), ("late",))}


class Results:
    """The counts that one reader may see under one choice."""

    def __init__(self, session: Session, reader: Reader, choice: Choice, *, today: date) -> None:
        """Look who reads what.

        :raises NotPermitted: not theirs at all. :raises NotFound: an area that is not in reach, or not there.
        """
        self.session, self.reader, self.choice, self.today = session, reader, choice, today
        if choice.area and not any(_lies_in(place, choice.area) for place in self.places):
            raise NotFound("Wilayah ini tidak ditemukan. Pilih wilayah lain.")
        self._published: dict[str, Publication] = {}
        self._steady = (-1, False)

    @property
    def masked(self) -> bool:
        """Whether few people are hidden."""
        return self.reader.masked

    @cached_property
    def applied(self) -> Choice:
        """What is really looked through: readers of aggregates look through one filter of those that they chose."""
        if not self.masked:
            return self.choice
        way = self._row()[0]
        return Choice(
            self.choice.period if way == "month" else "",
            self.choice.area,
            self.choice.program if way == "program" else "",
        )

    @property
    def last_month(self) -> date:
        """The last month that is counted, as a day in it: readers of aggregates are told of months that are over."""
        return self._month - timedelta(days=1) if self.masked else self.today

    @cached_property
    def districts(self) -> Sequence[str]:
        """The codes of the kecamatan that are looked at where no area is chosen and not all are in reach; else none."""
        if self.choice.area or len(self.places) == len(self.all_places):
            return []
        return sorted({one.district_code for one in self.places})

    @property
    def of_all_months(self) -> "Results":
        """The same without the month or year that a reader of aggregates chose.

        For counts of the same families at several visits: those of one visit's month are those of another visit's other
        month, so months of one would tell of months of the other.
        """
        if not self.masked or self._row()[0] != "month":
            return self
        found = Results(self.session, self.reader, replace(self.choice, period=""), today=self.today)
        found._published = self._published
        found._rows = self._rows  # what is published is read whole, whatever is chosen
        return found

    @cached_property
    def all_places(self) -> Sequence[Place]:
        """Every nagari there is."""
        return coverage_rows.every_place(self.session)

    @cached_property
    def places(self) -> Sequence[Place]:
        """The nagari in reach."""
        if self.reader.by is None:
            return self.all_places
        codes = reach.regions(self.reader.by, self.reader.permission)
        if codes is None:
            return self.all_places
        return [one for one in self.all_places if any(_under(one.code, code) for code in codes)]

    def read_together(self, *topics: str) -> None:
        """Say which topics a page asks for: they are read in one statement a way to split, at the first question."""
        self._rows.read_together(*topics)

    def count(self, population: str, kinds: Collection[str]) -> int | None:
        """Return how many of these kinds there are under the choice; ``None``: hidden."""
        if not self.masked:
            found = self._rows.split(population, "").get("", {})
            return sum(found.get(kind, 0) for kind in kinds)
        way, rows = self._row()
        if way == "month" and rows[0] >= f"{self._month:%Y-%m}":
            return None  # a month that still runs
        told = [self.publication(population).sum(kinds, way, row) for row in rows]
        return None if None in told else sum(one or 0 for one in told)

    def along(self, population: str, way: Way, kinds: Collection[str]) -> dict[str, int | None] | None:
        """Return the same by month (``2026-10``), place or programme; ``None``: not under this choice."""
        if not self.masked:
            found = self._rows.split(population, way)
            return {row: sum(counts.get(kind, 0) for kind in kinds) for row, counts in sorted(found.items())}
        if self._row() != ("", [""]):
            return None
        told = self.publication(population)
        if not told.told or way not in told.ways:
            return {}
        return {row: told.sum(kinds, way, row) for row in told.ways[way].rows}

    def kinds(self, population: str) -> Sequence[str]:
        """Return the kinds that occur under the choice, or anywhere for who reads what is published."""
        if self.masked:
            told = self.publication(population).kinds
            return sorted({*told.whole, *told.mute})
        return sorted(self._rows.split(population, "").get("", {}))

    def days(self, measure: str) -> Mapping[int, int] | None:
        """Return how many claims took how many days; ``None``: so few that it is hidden."""
        table = days_for("", everywhere=self._everywhere)
        rows = self.session.execute(
            select(table.days, func.sum(table.claims))
            .where(table.measure == measure, *self._where(table))
            .group_by(table.days)
            .order_by(table.days)
        )
        found = {days: int(claims) for days, claims in rows}
        if not self.masked:
            return found
        # how many there are is told beside the transfers, and must not tell of few of them
        counted = [self.count(PAYMENTS, kinds) for kinds in (FIRST, *_TOLD_BY.get(measure, ()))]
        if measure == "death_to_paid":
            counted.append(self.count(DEATHS, AFTER_A_DEATH))
        return None if None in counted or 0 < sum(found.values()) < FLOOR else found

    def rupiah(self, way: Way = "") -> dict[str, int]:
        """Return the rupiah paid, by row; to readers of aggregates of published rows, in units of fifty million.

        By law a death pays 42 or 10 million: exact sums of few payments would tell which they were.
        """
        table: Counts = ResultMonth if self._everywhere and way != "region" else ResultCount
        split = column(table, way)
        rows = self.session.execute(
            select(split, func.sum(table.number))
            .where(table.topic == "paid_idr", *self._where(table))
            .group_by(split)
        )
        found = {row_name(row, way): int(number) for row, number in rows}
        if not self.masked:
            return found
        about = {row: rounded for row, number in found.items() if (rounded := _rounded(number))}
        if not way:
            return about if self.count(PAYMENTS, (*FIRST, "other")) is not None else {}
        told = self.along(PAYMENTS, way, (*FIRST, "other")) or {}
        return {row: number for row, number in about.items() if told.get(row) is not None}

    def publication(self, population: str) -> Publication:
        """Return what is published of a population; the same for everybody."""
        if population not in self._published:
            found = kept_publications.find(self._mark, population)
            if found is None:
                found = published(population, self._rows.split, self.all_places)
                if self._mark and self._is_steady():
                    kept_publications.keep(self._mark, population, found)
            self._published[population] = found
        return self._published[population]

    def _row(self) -> tuple[Way, list[str]]:
        """Return the one filter of who reads aggregates: area, else period, else programme, else reach."""
        if self.choice.area:
            return "region", [self.choice.area]
        if len(self.places) < len(self.all_places):
            return "region", [*self.districts]
        if self.choice.period:
            return "month", [self.choice.period]
        if self.choice.program:
            return "program", [self.choice.program]
        return "", [""]

    @cached_property
    def _rows(self) -> CountedRows:
        return CountedRows(
            self.session,
            self._whose,
            masked=self.masked,
            everywhere=self.masked or self._everywhere,
            period=self.choice.period,
            month=self._month,
        )

    @cached_property
    def _everywhere(self) -> bool:
        """Whether all nagari are meant: none is chosen, and all are in reach."""
        if self.masked:
            return self._row()[0] != "region"
        return not self.choice.area and len(self.places) == len(self.all_places)

    @cached_property
    def _mark(self) -> kept_publications.Mark | None:
        return kept_publications.mark(self.session, self._month)

    def _is_steady(self) -> bool:
        """Return whether all that was read so far was of the same counts; asked again only when more was read."""
        if self._rows.topics_read != self._steady[0]:
            same = kept_publications.mark(self.session, self._month) == self._mark
            self._steady = (self._rows.topics_read, same)
        return self._steady[1]

    @property
    def _month(self) -> date:
        """The month that is running: until it is over it would tell readers of aggregates what each day adds."""
        return self.today.replace(day=1)

    def _whose(self, table: Counts | Days) -> list[ColumnElement[bool]]:
        if not self.masked:
            return self._where(table)
        return [] if table is ResultPlace else [column(table, "month") < self._month]

    def _where(self, table: Counts | Days) -> list[ColumnElement[bool]]:
        if self.masked:
            way, rows = self._row()
            over = column(table, "month") < self._month
            if way == "month":
                return [over, *in_period(table, rows[0])]
            if way == "program":
                return [over, table.program == rows[0]]
            return [over, *([or_(*(under(column(table, way), row) for row in rows))] if way else [])]
        by = self.reader.by
        assert by is not None  # nobody reads everything without a name  # noqa: S101
        conditions = []
        if not self._everywhere:
            conditions.append(reach.within(column(table, "region"), by, self.reader.permission))
        if self.choice.area:
            conditions.append(under(column(table, "region"), self.choice.area))
        if self.choice.program:
            conditions.append(table.program == self.choice.program)
        return [*conditions, *in_period(table, self.choice.period)]


def _rounded(amount_idr: int) -> int:
    return (amount_idr + ROUNDED_TO_IDR // 2) // ROUNDED_TO_IDR * ROUNDED_TO_IDR


def _under(code: str, above: str) -> bool:
    return code == above or code.startswith(f"{above}.")


def _lies_in(place: Place, area: str) -> bool:
    return area in {place.code, place.district_code}
