"""Whose months can still be paid in a nagari: read before a payment is recorded, and again when it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Date, ScalarSelect, cast, exists, func, or_, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import Session

from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import Nominee, Quota
from caseflow.registry.payment_models import LIVING, PaymentLine


@dataclass(frozen=True, slots=True)
class Payable:
    """A worker with the months of a span that nobody has paid for yet, oldest first.

    :ivar funding_source: who is expected to pay: the payer of the quota they stand on in the first month of the span, else
        who paid last; ``None``: nobody is known.
    :ivar died_on: dues up to the month of the death may still be paid; whether they count the law says elsewhere.
    """

    worker_id: int
    public_id: str
    full_name: str
    jorong: str
    died_on: date | None
    left_on: date | None
    funding_source: str | None
    months: tuple[date, ...]


def payable(session: Session, region_code: str, first: date, last: date) -> Sequence[Payable]:
    """Return the workers of a nagari with open months from ``first`` to ``last``, by name.

    Open: since the registration, not after death or leaving, neither paid nor in a payment that waits.
    """
    series = (
        func.generate_series(first, last, func.make_interval(0, 1))
        .table_valued("month")
        .render_derived("series")
    )
    month = cast(series.c.month, Date)
    rows = session.execute(
        select(
            Worker.id,
            Worker.public_id,
            Worker.full_name,
            Worker.jorong,
            Worker.died_on,
            Worker.left_on,
            func.coalesce(_payer_of_quota(first), _last_payer()),
            func.array_agg(aggregate_order_by(month, month)),
        )
        .join_from(Worker, series, true())
        .where(
            Worker.region_code == region_code,
            month >= func.date_trunc("month", Worker.registered_on),
            or_(Worker.died_on.is_(None), month <= Worker.died_on),
            or_(Worker.left_on.is_(None), month <= Worker.left_on),
            ~exists().where(CoverMonth.worker_id == Worker.id, CoverMonth.month == month),
            ~exists().where(
                PaymentLine.worker_id == Worker.id,
                PaymentLine.month == month,
                PaymentLine.state.in_(LIVING),
            ),
        )
        .group_by(Worker.id)
        .order_by(Worker.full_name, Worker.id)
    )
    return [Payable(*row[:7], months=tuple(row[7])) for row in rows]


def _payer_of_quota(month: date) -> ScalarSelect[str]:
    """Who pays for the place that a worker holds in a month."""
    return (
        select(Quota.funding_source)
        .join(Nominee, Nominee.quota_id == Quota.id)
        .where(
            Nominee.worker_id == Worker.id,
            Nominee.state == "enrolled",
            Quota.starts_on <= month.replace(day=28),
            Quota.ends_on >= month,
        )
        .order_by(Quota.starts_on.desc())
        .limit(1)
        .correlate(Worker)
        .scalar_subquery()
    )


def _last_payer() -> ScalarSelect[str]:
    return (
        select(CoverMonth.funding_source)
        .where(CoverMonth.worker_id == Worker.id)
        .order_by(CoverMonth.month.desc())
        .limit(1)
        .correlate(Worker)
        .scalar_subquery()
    )
