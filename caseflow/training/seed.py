"""Loads the practice data once, through the same verbs as everybody."""

from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.people import accounts
from caseflow.people.actor import SYSTEM
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.queries import find_worker
from caseflow.training.people import ACCOUNTS, PASSPHRASE, WORKERS, TrainingWorker
from caseflow.training.registry import load_registry

MONTHLY_IDR = 16_800


def load_training(session: Session) -> bool:
    """Add practice accounts, workers and their paid months.

    :return: whether anything was added; a second run adds nothing.
    """
    if find_worker(session, WORKERS[0].national_id) is not None:
        return False
    now = clock.now()
    load_accounts(session, now)
    known = [load_worker(session, worker) for worker in WORKERS]
    for paid in load_registry(session, known):
        load_months(session, paid.worker, paid.first, paid.last, "apb_nagari")
    session.flush()
    return True


def load_regions(session: Session) -> None:
    """Add the invented kecamatan and nagari; needs the owner's rights."""
    session.execute(
        text(
            "INSERT INTO region (code, level, name, parent_code, training) VALUES"
            " ('13.03.99', 'kecamatan', 'Latihan', '13.03', true),"
            " ('13.03.99.2001', 'nagari', 'Koto Latihan', '13.03.99', true),"
            " ('13.03.99.2002', 'nagari', 'Koto Contoh', '13.03.99', true) ON CONFLICT DO NOTHING"
        )
    )


def load_accounts(session: Session, now: datetime) -> None:
    """Create the practice accounts, all with the same printed passphrase."""
    for account in ACCOUNTS:
        user = accounts.create_user(
            session, account.username, account.full_name, PASSPHRASE, by=SYSTEM, now=now, title=account.title
        )
        accounts.grant_role(
            session,
            user.person_id,
            account.role,
            accounts.Scope(account.scope_kind, account.scope_code),
            by=SYSTEM,
            now=now,
        )


def load_worker(session: Session, invented: TrainingWorker) -> Worker:
    """Register an invented worker with their months."""
    worker = Worker(
        national_id=invented.national_id,
        full_name=invented.full_name,
        born_on=invented.born_on,
        sex=invented.sex,
        region_code=invented.region_code,
        jorong=invented.jorong,
        occupation=invented.occupation,
        registered_on=invented.registered_on,
    )
    session.add(worker)
    session.flush()
    load_months(session, worker, invented.first, invented.last, invented.funding_source)
    return worker


def load_months(session: Session, worker: Worker, first: date, last: date, funding_source: str) -> None:
    """Write the months paid for a worker, from ``first`` to ``last`` without a gap."""
    month = first
    while month <= last:
        session.add(
            CoverMonth(
                worker_id=worker.id,
                month=month,
                paid_on=month + timedelta(days=9),
                funding_source=funding_source,
                amount_idr=MONTHLY_IDR,
                receipt_number=f"LAT-{month:%Y%m}-{worker.id:03d}",
            )
        )
        month = _next_month(month)


def _next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
