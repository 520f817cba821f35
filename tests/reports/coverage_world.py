"""People and months for the figures of coverage: invented, in two kecamatan."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.law.ledger import first_of, month_number
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import Quota

KOTO_LATIHAN, KOTO_CONTOH = "13.03.99.2001", "13.03.99.2002"
OCTOBER = date(2026, 10, 1)
_TEN_YEARS = 3653  # days


def no_months(session: Session) -> None:
    """Begin without anybody counted: the practice workers left long ago, and their quotas are over."""
    session.execute(update(Worker).values(left_on=date(2020, 1, 1), left_reason="other"))
    session.execute(
        update(Quota).values(starts_on=Quota.starts_on - _TEN_YEARS, ends_on=Quota.ends_on - _TEN_YEARS)
    )


def worker(session: Session, number: int, region: str, **facts: Any) -> Worker:
    """Register an invented worker."""
    values: dict[str, Any] = {
        "national_id": f"13039902027{number:05}",
        "full_name": f"Pekerja Contoh {number}",
        "born_on": date(1971, 2, 2),
        "sex": "f",
        "region_code": region,
        "jorong": "Pasar",
        "occupation": "Petani",
        "registered_on": date(2024, 1, 1),
    }
    found = Worker(**{**values, **facts})
    session.add(found)
    session.flush()
    return found


def pay(
    session: Session,
    paid: Worker,
    first: date,
    last: date,
    *,
    source: str = "apb_nagari",
    days_late: int = 0,
    idr: int = 16_800,
) -> None:
    """Pay every month from ``first`` to ``last``, on the due day or some days after it."""
    for number in range(month_number(first), month_number(last) + 1):
        due = first_of(number + 1).replace(day=15)
        session.add(
            CoverMonth(
                worker_id=paid.id,
                month=first_of(number),
                paid_on=due + timedelta(days=days_late),
                funding_source=source,
                amount_idr=idr,
                receipt_number="UJI-7",
            )
        )
    session.flush()


def quota(session: Session, region: str, slots: int, budgeted: int, source: str = "apb_nagari") -> None:
    """Give places for the whole of 2026."""
    session.add(
        Quota(
            region_code=region,
            funding_source=source,
            starts_on=date(2026, 1, 1),
            ends_on=date(2026, 12, 31),
            slots=slots,
            budgeted=budgeted,
            source="SK uji",
            changed_at=clock.now(),
        )
    )
    session.flush()
