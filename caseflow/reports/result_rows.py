"""Counts of results by row and kind, read from the tables once for a page. Not here: who may read them (``result_reading``)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from caseflow.claims.workflows import book
from caseflow.reports.published_results import DEATHS, FIRST, PAYMENTS, Kinds
from caseflow.reports.result_models import ResultCount, ResultMonth, ResultPlace
from caseflow.reports.result_tables import Counts, Days, Way, column, counts_for, days_for, row_name


class CountedRows:
    """The counts that a page asks for: under a choice, or of everybody where they are to be published."""

    def __init__(
        self,
        session: Session,
        whose: Callable[[Counts | Days], list[ColumnElement[bool]]],
        *,
        masked: bool,
        everywhere: bool,
        period: str,
        month: date,
    ) -> None:
        """Read nothing yet.

        :param whose: gives the conditions of what is counted; :param everywhere: whether all nagari are meant.
        :param month: the one that runs.
        """
        self._session, self._whose, self._masked, self._everywhere = session, whose, masked, everywhere
        self._period, self._month = period, month
        self._together: frozenset[str] = frozenset()
        self._topics: set[tuple[str, Way]] = set()
        self._read: dict[tuple[str, Way], dict[str, Kinds]] = {}

    @property
    def topics_read(self) -> int:
        """How many topics were read, each way to split for itself."""
        return len(self._topics)

    def read_together(self, *topics: str) -> None:
        """Say which topics a page asks for: they are read in one statement a way to split, at the first question."""
        self._together |= frozenset(topics)

    def split(self, population: str, way: Way) -> dict[str, Kinds]:
        """Return counts by row and kind: under the choice, or of everybody where they are to be published."""
        if population in {PAYMENTS, DEATHS}:
            if (population, way) not in self._read:
                self._read[population, way] = (
                    self._payments(way) if population == PAYMENTS else self._deaths(way)
                )
        elif (topic := population.partition("::")[0], way) not in self._topics:
            self._read_topics(sorted({topic, *self._together}), way)
        return self._read.get((population, way), {})

    def _read_topics(self, topics: Sequence[str], way: Way) -> None:
        """Read topics by key, and each key of them by part (``topic::key``)."""
        table = self._table(way)
        found: dict[str, dict[str, Kinds]] = defaultdict(lambda: defaultdict(lambda: defaultdict(int)))
        for topic, key, part, row, number in self._sums(table, topics, way, self._whose(table)):
            found[topic][row][key] += number
            found[f"{topic}::{key}"][row][part] += number
        if table is ResultPlace and self._masked:
            running = ResultCount.month >= self._month
            for topic, key, part, row, number in self._sums(ResultCount, topics, way, [running]):
                found[topic][row][key] -= number
                found[f"{topic}::{key}"][row][part] -= number
        self._read.update({(population, way): _told(rows) for population, rows in found.items()})
        self._topics.update((topic, way) for topic in topics)

    def _table(self, way: Way) -> Counts:
        if self._masked:
            return ResultPlace if way == "region" else ResultMonth
        return counts_for(way, everywhere=self._everywhere, period=self._period)

    def _sums(
        self, table: Counts, topics: Sequence[str], way: Way, where: Sequence[ColumnElement[bool]]
    ) -> Iterator[tuple[str, str, str, str, int]]:
        """Return topic, key, part, row and number."""
        split = column(table, way).label("row")
        rows = self._session.execute(
            select(table.topic, table.key, table.part, split, func.sum(table.number))
            .where(table.topic.in_(topics), *where)
            .group_by(table.topic, table.key, table.part, split)
        )
        for topic, key, part, row, number in rows:
            yield topic, key, part, row_name(row, way), int(number)

    def _payments(self, way: Way) -> dict[str, Kinds]:
        """Return transfers: the first of each case kept or late by the legal clock, and others."""
        table = days_for(way, everywhere=self._everywhere)
        days = column(table, way)
        found: dict[str, Kinds] = defaultdict(lambda: defaultdict(int))
        for name, kinds in self.split("paid", way).items():
            for kind, number in kinds.items():
                found[name]["unclocked" if kind == "first" else "other"] += number
        late = or_(*[(table.program == one) & (table.days > limit) for one, limit in limits().items()])
        for row, is_late, number in self._session.execute(
            select(days, late, func.sum(table.claims))
            .where(table.measure == "complete_to_paid", *self._whose(table))
            .group_by(days, late)
        ):
            counted = found[row_name(row, way)]
            counted["late" if is_late else "kept"] += int(number)
            counted["unclocked"] -= int(number)
        return _told(found)

    def _deaths(self, way: Way) -> dict[str, Kinds]:
        """Return the first transfers after a death, by programme (every JKM is one), and the others."""
        table = days_for(way, everywhere=self._everywhere)
        split = column(table, way)
        rows = self._session.execute(
            select(split, table.program, func.sum(table.claims))
            .where(table.measure == "death_to_paid", *self._whose(table))
            .group_by(split, table.program)
        )
        found: dict[str, Kinds] = {
            row: {"other": sum(kinds.get(one, 0) for one in FIRST)}
            for row, kinds in self.split(PAYMENTS, way).items()
        }
        for row, program, number in rows:
            counted = found.setdefault(row_name(row, way), {"other": 0})
            counted[f"death_{program}"] = int(number)
            counted["other"] -= int(number)
        return found


def _told(rows: Mapping[str, Kinds]) -> dict[str, Kinds]:
    """Return the rows and kinds that occur."""
    told = {row: {kind: number for kind, number in kinds.items() if number} for row, kinds in rows.items()}
    return {row: kinds for row, kinds in told.items() if kinds}


def limits() -> Mapping[str, int]:
    """Return, by programme, within how many working days of complete papers the law wants the money paid."""
    found = {name: book().latest(name).states["approved"].deadline for name in ("jkm", "jkk")}
    return {name: days for name, days in found.items() if days is not None}
