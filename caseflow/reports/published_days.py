"""The days of closed cases by party as readers of aggregates may read them: no few families, nor who took longest.

A quarter is a population: its cases, and of each party those that waited for it and the others. All of these share how
many cases a row has, so they hide the same rows (``publication``); one filter at a time, and months that are over.

Not here: how the days of a case come about (``autopsy``), and what the branch reads of its own (``days``).
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.people.actor import Actor
from caseflow.reports import coverage_rows
from caseflow.reports.autopsy import Autopsy
from caseflow.reports.coverage_rows import Place
from caseflow.reports.days import MOST, PartyDays, Period, autopsies, closed_claims, median_of
from caseflow.reports.publication import Publication, Tree, publish
from caseflow.reports.published_results import PROGRAMS
from caseflow.workflow.definition import PARTIES, Party

_WAITED, _NOT = "waited", "not"


@dataclass(frozen=True, slots=True)
class _Case:
    """A closed case: where it lies, of which programme, and where its days went."""

    region_code: str
    program: str
    found: Autopsy


def closed_for_all(
    session: Session, since: date, until: date, *, by: Actor, program: str | None, today: date
) -> Period:
    """Return the time of the cases closed in a period, both days included, up to the last month that is over.

    :param program: one programme, or ``None`` for all; not asked of who reads a part of the places.
    """
    until = min(until, today.replace(day=1) - timedelta(days=1))
    claims = session.scalars(closed_claims(since, until)).all() if since <= until else []
    found = autopsies(session, claims[:MOST], now=clock.now())
    cases = [_Case(one.region_code, one.program, found[one.id]) for one in claims[:MOST]]
    places = coverage_rows.every_place(session)
    way, rows = _row(by, places, program)
    chosen = [one for one in cases if not way or _name(one, way, places) in rows]
    count = _told(publish(_ways(cases, places, None), shared={_WAITED}), (_WAITED,), way, rows)
    return Period(
        since,
        until,
        cases=count,
        left_out=len(claims) > MOST,
        median=median_of([one.found.total for one in chosen]) if count else None,
        parties=[
            _party(party, publish(_ways(cases, places, party), shared={_WAITED, _NOT}), chosen, way, rows)
            for party in PARTIES
        ],
        program=program if way == "program" else None,
    )


def _party(
    party: Party, told: Publication, chosen: Sequence[_Case], way: str, rows: Sequence[str]
) -> PartyDays:
    waited = _told(told, (_WAITED,), way, rows)
    days = [one.found.days[party] for one in chosen]
    return PartyDays(
        party,
        cases=waited,
        median=None if waited is None else median_of(days),
        longest=None,
        total=None if waited is None else sum(days),
    )


def _told(told: Publication, kinds: Sequence[str], way: str, rows: Sequence[str]) -> int | None:
    counts = [told.sum(kinds, way, row) for row in rows]
    return None if None in counts else sum(one or 0 for one in counts)


def _row(by: Actor, places: Sequence[Place], program: str | None) -> tuple[str, Sequence[str]]:
    """Return the one filter: the kecamatan of who reads a part of the places, else the programme."""
    mine = [
        one
        for one in places
        if any(one.code == code or one.code.startswith(f"{code}.") for code in by.region_codes)
    ]
    if by.region_codes and len(mine) < len(places):
        return "region", sorted({one.district_code for one in mine})
    return ("program", [program]) if program else ("", [""])


def _ways(cases: Sequence[_Case], places: Sequence[Place], party: Party | None) -> Mapping[str, Tree]:
    """Return the cases by place and by programme, split into those that waited for a party and the others.

    :param party: ``None``: not split.
    """
    regions: dict[str, dict[str, dict[str, int]]] = defaultdict(dict)
    programs: dict[str, dict[str, int]] = {one: {} for one in PROGRAMS}
    for place in places:
        regions[place.district_code][place.code] = {}
    districts = {one.code: one.district_code for one in places}
    for one in cases:
        kind = _WAITED if party is None or one.found.days[party] > 0 else _NOT
        district = regions[districts.get(one.region_code, "")]
        for rows, row in ((district, one.region_code), (programs, one.program)):
            counts = rows.setdefault(row, {})
            counts[kind] = counts.get(kind, 0) + 1
    return {"region": regions, "program": {"all": programs}}


def _name(one: _Case, way: str, places: Sequence[Place]) -> str:
    """Return the row of a case: its programme, or its kecamatan."""
    if way == "program":
        return one.program
    return next((place.district_code for place in places if place.code == one.region_code), "")
