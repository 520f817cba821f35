"""Workers, paid months and transfers for tests of dues. Nothing commits; names are invented."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.identifiers import object_key, public_id
from caseflow.people.actor import Actor
from caseflow.registry import payments
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.registry.payment_models import ContributionPayment
from caseflow.registry.payments import Transfer

KOTO_LATIHAN, KOTO_CONTOH = "13.03.99.2001", "13.03.99.2002"
_serial = itertools.count(1)


def worker(
    session: Session,
    name: str = "Yusrizal",
    *,
    region_code: str = KOTO_CONTOH,
    registered_on: date = date(2024, 1, 1),
    died_on: date | None = None,
    left_on: date | None = None,
    national_id: str | None = None,
) -> Worker:
    """Register somebody without a paid month."""
    row = Worker(
        national_id=national_id or f"130399010170{next(_serial):04d}",
        full_name=name,
        born_on=date(1970, 1, 1),
        sex="m",
        region_code=region_code,
        jorong="Pasar",
        occupation="Petani",
        registered_on=registered_on,
        died_on=died_on,
        left_on=left_on,
        left_reason="moved" if left_on else None,
    )
    session.add(row)
    session.flush()
    return row


def paid(
    session: Session, row: Worker, months: Sequence[date], *, source: str = "apb_nagari", days: int = 9
) -> None:
    """Months that were paid before transfers were recorded here, each on its tenth day."""
    session.add_all(
        [
            CoverMonth(
                worker_id=row.id,
                month=month,
                paid_on=month.replace(day=1 + days),
                funding_source=source,
                amount_idr=16_800,
                receipt_number=f"LAMA-{month:%Y%m}",
            )
            for month in months
        ]
    )
    session.flush()


def proof(session: Session, by: Actor, region_code: str = KOTO_CONTOH) -> RegistryFile:
    """A picture of a receipt that was stored."""
    assert by.user_id is not None
    row = RegistryFile(
        public_id=public_id(),
        region_code=region_code,
        kind="payment_proof",
        object_key=object_key(),
        display_name="bukti.jpg",
        media_type="image/jpeg",
        size_bytes=1000,
        sha256="0" * 64,
        created_at=clock.now(),
        created_by_user_id=by.user_id,
        stored_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def transfer(
    workers: Sequence[Worker],
    first: date,
    last: date,
    amount_idr: int,
    *,
    source: str = "apb_nagari",
    paid_on: date = date(2026, 11, 18),
    receipt: str | None = None,
    reason: str = "",
) -> Transfer:
    """A transfer as somebody tells it."""
    return Transfer(
        region_code=workers[0].region_code,
        funding_source=source,
        sector="other",
        first_month=first,
        last_month=last,
        paid_on=paid_on,
        receipt_number=receipt or f"BKU-{next(_serial):04d}/2026",
        amount_idr=amount_idr,
        workers=[one.public_id for one in workers],
        reason=reason,
    )


def recorded(session: Session, told: Transfer, *, by: Actor) -> ContributionPayment:
    """Record a transfer with a proof of its own."""
    return payments.record_payment(
        session, told, proof(session, by, told.region_code), by=by, now=clock.now()
    )


def confirmed(
    session: Session, told: Transfer, staff: Mapping[str, Actor], *, by: str = "fitri"
) -> ContributionPayment:
    """Record a transfer, and the branch confirms it."""
    payment = recorded(session, told, by=staff[by])
    return payments.confirm_payment(session, payment.public_id, by=staff["dedi"], now=clock.now())
