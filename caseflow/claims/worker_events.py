"""A death or an accident told of somebody in the registry: life status and case in one transaction.

A case that is already there is linked, never doubled. Committed by the door.
Not here: reports of people whom nobody has found in the registry yet (``reporting``, ``accident_reporting``).
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.accident_reporting import AccidentReport, report_accident
from caseflow.claims.living import give_up_false_cases, of_a_false_word
from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import Branch
from caseflow.claims.reporting import DeathReport, report_death
from caseflow.claims.states import EDITING, lock
from caseflow.errors import NotPossible
from caseflow.formats import long_date
from caseflow.people.actor import Actor
from caseflow.registry import life, reach
from caseflow.registry.models import Worker

REPORT = "worker.report"


class KnownCase(NamedTuple):
    """A case that is there already. ``died_on``: as it says now; ``None`` of an accident that was survived so far."""

    claim_id: int
    number: str
    program: str
    state: str
    reported_on: date
    died_on: date | None
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class WorkerDeath:
    """What the nagari says of a worker's death.

    :ivar told_by: who told it. :ivar report: the family's side of it; ``None`` when a case is there already.
    :ivar of_accident: the worker died of the accident whose case is still open.
    """

    died_on: date
    told_by: str
    report: DeathReport | AccidentReport | None
    of_accident: bool = False


def death_case(session: Session, worker: Worker) -> KnownCase | None:
    """Return the case of a worker's death: linked to the worker, or reported with the same NIK.

    A case of a death that was put right since is none of the one that stands now.
    """
    stands = ~of_a_false_word(Claim.opened_at, Claim.died_on, worker.id, worker.died_on)
    linked = _case(session, Claim.worker_id == worker.id, Claim.died_on.is_not(None), stands)
    return linked or _case(
        session,
        Report.national_id_index == worker.national_id_index,
        Claim.worker_id.is_(None),
        Claim.died_on.is_not(None),
        Claim.state != "withdrawn",
        stands,
    )


def accident_case(session: Session, worker: Worker) -> KnownCase | None:
    """Return the newest open case of an accident that the worker, as far as it says, has survived."""
    return _case(
        session,
        Claim.worker_id == worker.id,
        Claim.program == "jkk",
        Claim.died_on.is_(None),
        Claim.closed_at.is_(None),
    )


def report_worker_death(
    session: Session, worker: Worker, death: WorkerDeath, *, branch: Branch, by: Actor, now: datetime
) -> Claim:
    """Mark a worker deceased, free the place, and return the case: the one that is there, or a new one.

    :raises NotFound: a worker of another area.
    :raises NotPossible: deceased on another day already, or no case is there and nobody told the family's side.
    :raises Invalid: what the report itself lacks. Nothing is saved.
    """
    reach.require(worker.region_code, by, REPORT)
    session.refresh(worker, with_for_update=True)
    if worker.died_on is None:
        life.mark_deceased(session, worker, died_on=death.died_on, told_by=death.told_by, by=by, now=now)
    elif worker.died_on != death.died_on:
        raise NotPossible(
            f"{worker.full_name} sudah dicatat meninggal {long_date(worker.died_on)}. Tidak ada yang berubah. "
            "Bila harinya keliru, ajukan perubahan data lebih dulu."
        )
    known = death_case(session, worker)
    if known is not None:
        return _linked(session, session.get_one(Claim, known.claim_id), worker, by=by)
    accident = accident_case(session, worker) if death.of_accident else None
    if accident is not None:
        claim = session.get_one(Claim, accident.claim_id)
        details = {"died_on": death.died_on.isoformat()}
        record(
            session, "claim.death_told", by=by, casefile_id=claim.id, subject=claim.number, details=details
        )
        return claim
    if death.report is None:
        raise NotPossible(
            "Laporan yang tadi ada sudah dibatalkan. Belum ada yang tersimpan. Isi laporan ini dengan lengkap."
        )
    return _opened(session, death.report, worker, branch=branch, by=by, now=now)


def report_worker_accident(
    session: Session, worker: Worker, report: AccidentReport, *, branch: Branch, by: Actor, now: datetime
) -> Claim:
    """Open the case of a worker's accident, linked to the worker.

    :raises NotFound: a worker of another area. :raises Invalid: what the report itself lacks.
    :raises NotPossible: the worker has died, or this accident has its case already.
    """
    reach.require(worker.region_code, by, REPORT)
    session.refresh(worker, with_for_update=True)
    if worker.died_on is not None:
        raise NotPossible(
            f"{worker.full_name} dicatat meninggal {long_date(worker.died_on)}, jadi kabar kecelakaan tidak dikirim. "
            "Pakai halaman laporan meninggal."
        )
    known = session.scalar(
        select(Claim.number).where(
            Claim.worker_id == worker.id, Claim.program == "jkk", Claim.event_on == report.happened_on
        )
    )
    if known is not None:
        raise NotPossible(
            f"Kabar kecelakaan {worker.full_name} pada {long_date(report.happened_on)} sudah ada dengan nomor {known}. "
            "Tidak dibuat lagi; berikan nomor itu kepada keluarga."
        )
    return _opened(session, report, worker, branch=branch, by=by, now=now)


def _case(session: Session, *conditions: ColumnElement[bool]) -> KnownCase | None:
    row: Any = session.execute(
        select(
            Claim.id,
            Claim.number,
            Claim.program,
            Claim.state,
            Claim.reported_on,
            Claim.died_on,
            Claim.due_on,
        )
        .join(Report, Report.casefile_id == Claim.id)
        .where(Claim.program != "scholarship", *conditions)
        .order_by(Claim.id.desc())
        .limit(1)
    ).one_or_none()
    return KnownCase(*row) if row is not None else None


def _opened(
    session: Session,
    report: DeathReport | AccidentReport,
    worker: Worker,
    *,
    branch: Branch,
    by: Actor,
    now: datetime,
) -> Claim:
    if isinstance(report, DeathReport):
        claim = report_death(session, report, branch=branch, by=by, now=now)
    else:
        claim = report_accident(session, report, branch=branch, by=by, now=now)
    return _linked(session, claim, worker, by=by)


def _linked(session: Session, claim: Claim, worker: Worker, *, by: Actor) -> Claim:
    """Say which worker a case is about, unless an officer has said so; locked contents stay as they are.

    While a case of a death that was put right is not ended, the new one waits for the officer to link it.
    """
    lock(session, claim)
    if claim.worker_id is None and claim.state in EDITING and give_up_false_cases(session, worker, by=by):
        claim.worker_id = worker.id
        claim.subject = worker.full_name
        session.flush()
        details = {"worker": worker.id}
        record(session, "claim.worker_linked", by=by, casefile_id=claim.id, details=details)
    return claim
