"""The account of time of one case, and of all that were closed in a period, as the meeting every quarter reads it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median_low
from types import MappingProxyType

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.workflows import book
from caseflow.documents.catalogue import IssuerKind, catalogue
from caseflow.documents.spells import missing_spells
from caseflow.people.actor import Actor
from caseflow.reports.autopsy import Autopsy, autopsy
from caseflow.workflow.definition import PARTIES, Party
from caseflow.workflow.journey import journey, stays
from caseflow.workflow.models import CaseFile, History

FEWEST = 5  # below that a median tells of single families, not of the service
MOST = 1000


@dataclass(frozen=True, slots=True)
class PartyDays:
    """Days of one party over several cases.

    :ivar cases: how many of them waited for it at all; ``None``: hidden, and so are the days.
    :ivar median: over all cases, also those with none; ``None`` when they are too few.
    :ivar longest: the most days in one case, ``None`` for readers of aggregates; :ivar total: all days together.
    """

    party: Party
    cases: int | None
    median: int | None
    longest: int | None
    total: int | None


@dataclass(frozen=True, slots=True)
class Period:
    """What the cases closed in a period took.

    :ivar cases: the denominator, ``None``: hidden; :ivar left_out: closed cases beyond the largest number that is read.
    :ivar median: of whole cases, in calendar days; :ivar program: the one that is looked at, ``None``: all.
    """

    since: date
    until: date
    cases: int | None
    left_out: bool
    median: int | None
    parties: Sequence[PartyDays]
    program: str | None = None


def issuers() -> Mapping[str, IssuerKind]:
    """Return who makes each paper of the catalogue."""
    return MappingProxyType({code: paper.issuer_kind for code, paper in catalogue().papers.items()})


def autopsy_of(session: Session, case: CaseFile, *, now: datetime) -> Autopsy:
    """Return where the days of one case went, until it was closed or until now."""
    return autopsies(session, [case], now=now)[case.id]


def autopsies(session: Session, cases: Collection[CaseFile], *, now: datetime) -> dict[int, Autopsy]:
    """Return the same for several cases, by key, in a few statements for all of them."""
    ids = [case.id for case in cases]
    rows: dict[int, list[History]] = defaultdict(list)
    for row in session.scalars(
        select(History).where(History.casefile_id.in_(ids)).order_by(History.casefile_id, History.version)
    ):
        rows[row.casefile_id].append(row)
    spells, makers = missing_spells(session, ids), issuers()
    return {
        case.id: autopsy(
            stays(journey(rows[case.id], case, book())),
            spells.get(case.id, []),
            makers,
            until=case.closed_at or now,
        )
        for case in cases
    }


def closed_between(
    session: Session, since: date, until: date, *, by: Actor, program: str | None, everywhere: bool
) -> Period:
    """Return the time of all cases closed in a period, both days included.

    :param program: one programme, or ``None`` for all.
    :param everywhere: the whole service, of the person's own regions; otherwise their branch.
    """
    query = closed_claims(since, until)
    if program is not None:
        query = query.where(Claim.program == program)
    query = query.where(_of_regions(by) if everywhere else Claim.branch_code == (by.branch_code or ""))
    claims = session.scalars(query).all()
    found = list(autopsies(session, claims[:MOST], now=clock.now()).values())
    return Period(
        since,
        until,
        cases=len(found),
        left_out=len(claims) > MOST,
        median=median_of([one.total for one in found]),
        parties=[_party_days(party, [one.days[party] for one in found]) for party in PARTIES],
        program=program,
    )


def closed_claims(since: date, until: date) -> Select[Claim]:
    """Return the choosing of the cases closed in a period, the newest first: one more than are read."""
    return (
        select(Claim)
        .where(Claim.closed_at >= _midnight(since), Claim.closed_at < _midnight(until + timedelta(days=1)))
        .order_by(Claim.closed_at.desc(), Claim.id.desc())
        .limit(MOST + 1)
    )


def _party_days(party: Party, days: Sequence[int]) -> PartyDays:
    return PartyDays(
        party,
        cases=sum(each > 0 for each in days),
        median=median_of(days),
        longest=max(days, default=0),
        total=sum(days),
    )


def median_of(days: Sequence[int]) -> int | None:
    """Return the middle one, of two the lower; ``None`` below five."""
    return median_low(days) if len(days) >= FEWEST else None


def _of_regions(by: Actor) -> ColumnElement[bool]:
    """Where the person's own regions lie; somebody without any is not bound to one."""
    codes = sorted(by.region_codes)
    within = [or_(Claim.region_code == code, Claim.region_code.startswith(f"{code}.")) for code in codes]
    return or_(*within) if within else true()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), clock.WIB)
