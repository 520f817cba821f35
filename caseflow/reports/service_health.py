"""Whether the parts of the service work: looked at now, kept every five minutes, told for thirty days; works planned.

Not here: alarms (notices). A part that nobody looked at is told as such, never as working.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

import structlog
from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.claims.models import ReportDraft
from caseflow.documents.storage import ObjectStore
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPermitted
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.reports.result_models import PlannedWork, ResultRefresh, ServiceCheck
from caseflow.workflow.models import Outbox

PARTS: Mapping[str, str] = MappingProxyType(
    {
        "form": "Formulir laporan",
        "upload": "Pengiriman dokumen",
        "messages": "Pesan kepada keluarga",
        "dashboard": "Halaman angka",
    }
)
DAYS = 30
EVERY = timedelta(minutes=5)
KEPT = timedelta(days=40)
_LATELY = 3 * EVERY  # what is older says nothing of now
_STUCK = timedelta(hours=1)  # a message that nobody has planned by then waits too long
_STALE = timedelta(minutes=45)  # figures are counted every ten minutes
_LONGEST_WORK = timedelta(days=7)
_log = structlog.get_logger("caseflow.reports")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen at the last look, and when; ``at`` is ``None`` when nobody looked lately, and no part is told of."""

    at: datetime | None
    parts: Mapping[str, bool]


@dataclass(frozen=True, slots=True)
class PartDay:
    """One part on one day. ``state``: up, part (some checks failed), down (all did), unknown (nobody looked)."""

    state: Literal["up", "part", "down", "unknown"]
    checks: int
    failed: int


@dataclass(frozen=True, slots=True)
class HealthDay:
    """All parts on one day."""

    on: date
    parts: Mapping[str, PartDay]


def look(session: Session, store: ObjectStore, *, now: datetime) -> Mapping[str, bool]:
    """Look at every part now; one that cannot be looked at does not work."""
    looks: Mapping[str, Callable[[], bool]] = {
        "form": lambda: session.scalar(select(func.count()).select_from(select(ReportDraft.id).limit(1).subquery())) is not None,
        "upload": lambda: _store_answers(store),
        "messages": lambda: not session.scalar(
            select(Outbox.id).where(Outbox.planned_at.is_(None), Outbox.created_at < now - _STUCK).limit(1)
        ),
        "dashboard": lambda: _is_fresh(session, now),
    }  # fmt: skip
    return {part: _holds(session, part, looks[part]) for part in PARTS}


def keep(session: Session, store: ObjectStore, *, now: datetime) -> Mapping[str, bool]:
    """Look and put down what was seen; forget what is older than is told."""
    found = look(session, store, now=now)
    rows = [{"part": part, "at": now, "up": up} for part, up in found.items()]
    session.execute(insert(ServiceCheck).values(rows).on_conflict_do_nothing())
    session.execute(delete(ServiceCheck).where(ServiceCheck.at < now - KEPT))
    return found


def last_seen(session: Session, *, now: datetime) -> Seen:
    """Return what the last look found, without looking again: a page that everybody loads costs one statement."""
    newest = select(func.max(ServiceCheck.at)).where(ServiceCheck.at > now - _LATELY).scalar_subquery()
    rows = session.execute(
        select(ServiceCheck.part, ServiceCheck.at, ServiceCheck.up).where(ServiceCheck.at == newest)
    ).all()
    return Seen(rows[0].at if rows else None, {row.part: row.up for row in rows})


def last_days(session: Session, *, today: date) -> Sequence[HealthDay]:
    """Return the last thirty days, the newest first."""
    day = func.date(func.timezone("Asia/Jakarta", ServiceCheck.at))
    rows = session.execute(
        select(day.label("on"), ServiceCheck.part, func.count().label("checks"), func.count().filter(~ServiceCheck.up).label("failed"))
        .where(ServiceCheck.at > clock.now() - timedelta(days=DAYS + 2))
        .group_by(day, ServiceCheck.part)
    )  # fmt: skip
    found: dict[date, dict[str, PartDay]] = defaultdict(dict)
    for row in rows:
        state: Literal["up", "part", "down"] = (
            "up" if not row.failed else "down" if row.failed == row.checks else "part"
        )
        found[row.on][row.part] = PartDay(state, row.checks, row.failed)
    nobody = PartDay("unknown", 0, 0)
    return [
        HealthDay(on, {part: found[on].get(part, nobody) for part in PARTS})
        for on in (today - timedelta(days=back) for back in range(DAYS))
    ]


def planned(session: Session, *, now: datetime) -> Sequence[PlannedWork]:
    """Return works that are not over, the next one first."""
    return session.scalars(
        select(PlannedWork)
        .where(PlannedWork.withdrawn_at.is_(None), PlannedWork.ends_at > now)
        .order_by(PlannedWork.starts_at, PlannedWork.public_id)
    ).all()


def announce(
    session: Session, starts_at: datetime, ends_at: datetime, words: str, *, by: Actor, now: datetime
) -> PlannedWork:  # fmt: skip
    """Tell everybody of works beforehand.

    :raises Invalid: no such span, or words that are too short or too long.
    """
    policy.require(by, "work.announce")
    if by.user_id is None:
        raise NotPermitted
    said = " ".join(words.split())
    wrong = {}
    if not now < ends_at or not starts_at < ends_at <= starts_at + _LONGEST_WORK:
        wrong["ends_on"] = (
            "Selesai harus sesudah mulai, belum lewat, dan paling lama 7 hari. Belum tersimpan."
        )
    if len(said) not in range(10, 301):
        wrong["words"] = "Tulis apa yang terganggu, 10 sampai 300 huruf. Belum tersimpan."
    if wrong:
        raise Invalid(wrong)
    work = PlannedWork(
        public_id=identifiers.public_id(),
        starts_at=starts_at,
        ends_at=ends_at,
        words=said,
        written_at=now,
        written_by_user_id=by.user_id,
    )
    session.add(work)
    session.flush()
    record(session, "service.work_announced", by=by, subject=f"planned_work:{work.public_id}")
    return work


def withdraw(session: Session, public_id: str, *, by: Actor, now: datetime) -> None:
    """Take a notice of works back; twice is the same as once.

    :raises NotFound: no such works.
    """
    policy.require(by, "work.announce")
    work = session.scalar(select(PlannedWork).where(PlannedWork.public_id == public_id).with_for_update())
    if work is None:
        raise NotFound("Pengumuman ini tidak ada.")
    if work.withdrawn_at is None:
        work.withdrawn_at = now
        record(session, "service.work_withdrawn", by=by, subject=f"planned_work:{public_id}")


def _holds(session: Session, part: str, test: Callable[[], bool]) -> bool:
    try:
        with session.begin_nested():
            session.execute(text("SET LOCAL statement_timeout = '5s'"))
            good = test()
            session.execute(text("SET LOCAL statement_timeout = DEFAULT"))
            return good
    except (CaseflowError, DBAPIError, OSError) as error:
        _log.warning("part_does_not_work", part=part, error=type(error).__name__)
        return False


def _store_answers(store: ObjectStore) -> bool:
    store.ready()
    return True


def _is_fresh(session: Session, now: datetime) -> bool:
    at = session.scalar(select(ResultRefresh.refreshed_at).where(ResultRefresh.id == 1))
    return at is not None and now - at < _STALE
