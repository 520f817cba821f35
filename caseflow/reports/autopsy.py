"""Where the days of a case went: each calendar day to the one party that had the case at the end of it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from types import MappingProxyType

from caseflow import clock
from caseflow.documents.catalogue import IssuerKind
from caseflow.documents.spells import Spell
from caseflow.workflow.definition import PARTIES, Party
from caseflow.workflow.journey import Stay

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row that one party had the case in one state.

    :ivar party: ``None`` while the case was closed.
    :ivar since: the first day; :ivar until: the day on which it ended, not counted.
    :ivar happened: what was done on the first day or since the span before, in the words of the workflow files.
    :ivar papers: codes of the required papers that were missing on the last of its days.
    :ivar due_on: the last day that was promised for this state; :ivar left_on: when the case left the state.
    """

    party: Party | None
    since: date
    until: date
    state_label: str
    happened: tuple[str, ...]
    papers: tuple[str, ...]
    due_on: date | None
    left_on: date | None

    @property
    def days(self) -> int:
        """Return how many calendar days it holds."""
        return (self.until - self.since).days

    @property
    def days_late(self) -> int | None:
        """Return by how many days the promise was missed: 0 when it was kept, ``None`` when there is none yet."""
        if self.due_on is None or (self.left_on is None and self.until <= self.due_on):
            return None
        return max(((self.left_on or self.until) - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Autopsy:
    """The time of one case.

    :ivar days: party → calendar days; their sum is ``total``.
    :ivar closed_days: days between an end and a reopening; they are nobody's and not in the total.
    :ivar ending: what was done last, on the day it ended.
    """

    opened_on: date
    until: date
    spans: Sequence[Span]
    days: Mapping[Party, int]
    closed_days: int
    ending: tuple[str, ...]

    @property
    def total(self) -> int:
        """Return the calendar days that the case was open."""
        return sum(self.days.values())


@dataclass(frozen=True, slots=True)
class _Day:
    on: date
    place: int  # of the stay in force at the end of the day
    party: Party | None
    papers: tuple[str, ...]


def autopsy(
    stays: Sequence[Stay], spells: Iterable[Spell], issuers: Mapping[str, IssuerKind], *, until: datetime
) -> Autopsy:
    """Split the days of a case.

    A day belongs to whom the state at its end waits for. While the family collects papers it is the nagari's
    when every required paper still missing that day is made by the nagari.

    :param stays: every stay, oldest first; :param until: when it was closed, or now.
    """
    end = clock.local(until).date()
    days = list(_days(stays, list(spells), issuers, end))
    spans = list(_spans(stays, days))
    counted = Counter(day.party for day in days)
    seen = days[-1].place if days else -1
    return Autopsy(
        opened_on=_on(stays[0].since),
        until=end,
        spans=spans,
        days=MappingProxyType({party: counted[party] for party in PARTIES}),
        closed_days=counted[None],
        ending=tuple(stay.step.title for stay in stays[seen + 1 :]),
    )


def _days(
    stays: Sequence[Stay], spells: Sequence[Spell], issuers: Mapping[str, IssuerKind], end: date
) -> Iterator[_Day]:
    place, day = 0, _on(stays[0].since)
    while day < end:
        while place + 1 < len(stays) and _on(stays[place + 1].since) <= day:
            place += 1
        missing = tuple(sorted(spell.code for spell in spells if _lasts(spell, day)))
        yield _Day(day, place, *_whose(stays[place], missing, issuers))
        day += _DAY


def _whose(
    stay: Stay, missing: tuple[str, ...], issuers: Mapping[str, IssuerKind]
) -> tuple[Party | None, tuple[str, ...]]:
    state = stay.step.state
    if state is None:
        return "branch", ()  # a file that is gone cannot say; the house answers for it
    if state.final:
        return None, ()
    if state.waits_for != "family" or state.stage != "documents":
        return state.waits_for, ()
    of_the_nagari = bool(missing) and all(issuers.get(code) == "nagari" for code in missing)
    return ("nagari" if of_the_nagari else "family"), missing


def _spans(stays: Sequence[Stay], days: Sequence[_Day]) -> Iterator[Span]:
    told = 0
    for (place, party), group in groupby(days, key=lambda day: (day.place, day.party)):
        members = list(group)
        stay = stays[place]
        yield Span(
            party=party,
            since=members[0].on,
            until=members[-1].on + _DAY,
            state_label=stay.step.state_label,
            happened=tuple(one.step.title for one in stays[told : place + 1]),
            papers=members[-1].papers,
            due_on=stay.step.row.due_on,
            left_on=_on(stay.until) if stay.until else None,
        )
        told = place + 1


def _lasts(spell: Spell, day: date) -> bool:
    """Whether the paper is missing at the end of the day."""
    return _on(spell.since) <= day and (spell.until is None or _on(spell.until) > day)


def _on(instant: datetime) -> date:
    return clock.local(instant).date()
