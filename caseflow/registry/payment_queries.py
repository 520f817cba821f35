"""What screens read of payments and paid months: columns only, and only within somebody's reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, ScalarSelect, Select, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from caseflow.errors import NotFound
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import reach
from caseflow.registry.models import CoverMonth, Region, Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.registry.payment_models import ContributionPayment, PaymentLine

PAGE = 100


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """What was paid for one month by one payer, in one nagari.

    :ivar workers: also who died or left before the month; :ivar due: of them, who was registered and alive in it.
    """

    month: date
    funding_source: str
    workers: int
    due: int
    first_paid_on: date
    last_paid_on: date
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MonthDues:
    """One month of a nagari.

    :ivar due: workers who were registered and alive in it; :ivar paid: of them, paid; :ivar waiting: in a payment that
        the branch has not answered.
    """

    month: date
    due: int
    paid: int
    waiting: int
    by_payer: tuple[MonthPaid, ...]

    @property
    def state(self) -> str:
        """``none`` (nobody is due), ``paid``, ``partly`` or ``unpaid``."""
        if not self.due:
            return "none"
        return "paid" if self.paid >= self.due else "partly" if self.paid else "unpaid"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as a list shows it."""

    public_id: str
    region_code: str
    region_name: str
    funding_source: str
    first_month: date
    last_month: date
    paid_on: date
    receipt_number: str
    amount_idr: int
    expected_idr: int
    headcount: int
    state: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class PaidFor:
    """Whom a payment pays for, with the months and what became of them."""

    public_id: str
    full_name: str
    jorong: str
    died_on: date | None
    months: tuple[date, ...]
    amount_idr: int
    state: str
    note: str | None


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """One payment in full."""

    row: PaymentRow
    sector: str
    version: int
    difference_reason: str | None
    proof: RegistryFile
    recorded_by_person_id: int
    answered_at: datetime | None
    answered_by: str | None
    answer_note: str | None
    reversed_at: datetime | None
    reversed_by: str | None
    reversed_why: str | None
    workers: Sequence[PaidFor]


def months_of_region(
    session: Session, region_code: str, first: date, last: date, *, by: Actor
) -> Sequence[MonthDues]:
    """Return every month from ``first`` to ``last`` with who was due and who is paid, in three queries."""
    reach.require(region_code, by, "dues.read")
    series = func.generate_series(first, last, func.make_interval(0, 1)).table_valued("month")
    series = series.render_derived("series")
    month = cast(series.c.month, Date)
    due = session.execute(
        select(month, func.count(Worker.id))
        .select_from(series)
        .outerjoin(
            Worker,
            (Worker.region_code == region_code) & _is_due(month),
        )
        .group_by(month)
        .order_by(month)
    ).all()
    paid = _paid_by_month(session, region_code, first, last)
    waiting = _waiting_by_month(session, region_code, first, last)
    return [
        MonthDues(day, count, sum(one.due for one in paid.get(day, ())), waiting.get(day, 0), paid.get(day, ()))
        for day, count in due
    ]  # fmt: skip


def payments_of(
    session: Session,
    *,
    by: Actor,
    region_code: str | None = None,
    state: str | None = None,
    year: int | None = None,
    after: str | None = None,
    permission: str = "dues.read",
) -> Sequence[PaymentRow]:
    """Return payments within reach: those that wait the oldest first, others the newest first.

    :param year: only those of this year, all of them: paid in it, or for a month of it. Without it a page and one more
        row, which tells that there is another page; :param after: public id of the last row of the page before.
    """
    if region_code is not None:
        reach.require(region_code, by, permission)
    query = _rows().where(reach.within(ContributionPayment.region_code, by, permission))
    if region_code is not None:
        query = query.where(ContributionPayment.region_code == region_code)
    if state is not None:
        query = query.where(ContributionPayment.state == state)
    oldest_first = state == "recorded"
    query = query.limit(PAGE + 1) if year is None else query.where(_of_year(year))
    last = session.scalar(select(ContributionPayment.id).where(ContributionPayment.public_id == after))
    if last is not None:
        query = query.where(ContributionPayment.id > last if oldest_first else ContributionPayment.id < last)
    order = ContributionPayment.id if oldest_first else ContributionPayment.id.desc()
    return [PaymentRow(*row) for row in session.execute(query.order_by(order))]


def _of_year(year: int) -> ColumnElement[bool]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return or_(
        ContributionPayment.paid_on.between(first, last),
        and_(ContributionPayment.first_month <= last, ContributionPayment.last_month >= first),
    )


def waiting_count(session: Session, *, by: Actor, permission: str = "dues.confirm") -> int:
    """Return how many recorded payments wait for an answer within reach."""
    query = select(func.count()).where(
        ContributionPayment.state == "recorded",
        reach.within(ContributionPayment.region_code, by, permission),
    )
    return session.scalar(query) or 0


def get_payment(
    session: Session, payment_id: str, *, by: Actor, permission: str = "dues.read"
) -> PaymentPage:
    """Return one payment with everybody on it.

    :raises NotFound: not there, or out of reach.
    """
    row = session.execute(
        _rows()
        .add_columns(
            ContributionPayment,
            RegistryFile,
            _name_of(ContributionPayment.answered_by_user_id),
            _name_of(ContributionPayment.reversed_by_user_id),
        )
        .join(RegistryFile, RegistryFile.id == ContributionPayment.proof_file_id)
        .where(ContributionPayment.public_id == payment_id)
    ).one_or_none()
    if row is None:
        raise NotFound("Pembayaran ini tidak ditemukan.")
    *shown, payment, proof, answered_by, reversed_by = row
    reach.require(payment.region_code, by, permission)
    return PaymentPage(
        row=PaymentRow(*shown),
        sector=payment.sector,
        version=payment.version,
        difference_reason=payment.difference_reason,
        proof=proof,
        recorded_by_person_id=payment.recorded_by_person_id,
        answered_at=payment.answered_at,
        answered_by=answered_by,
        answer_note=payment.answer_note,
        reversed_at=payment.reversed_at,
        reversed_by=reversed_by,
        reversed_why=payment.reversed_why,
        workers=_paid_for(session, payment.id),
    )


def _name_of(user_id: InstrumentedAttribute[Any]) -> ScalarSelect[str]:
    """The name of whoever holds an account."""
    return (
        select(Person.full_name)
        .join(StaffUser, StaffUser.person_id == Person.id)
        .where(StaffUser.id == user_id)
        .scalar_subquery()
    )


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            ContributionPayment.public_id, ContributionPayment.region_code, Region.name,
            ContributionPayment.funding_source, ContributionPayment.first_month, ContributionPayment.last_month,
            ContributionPayment.paid_on, ContributionPayment.receipt_number, ContributionPayment.amount_idr,
            ContributionPayment.expected_idr, ContributionPayment.headcount, ContributionPayment.state,
            ContributionPayment.recorded_at,
            _name_of(ContributionPayment.recorded_by_user_id),
        )
        .join(Region, Region.code == ContributionPayment.region_code)
    )  # fmt: skip


def _paid_for(session: Session, payment_id: int) -> Sequence[PaidFor]:
    rows = session.execute(
        select(
            Worker.public_id, Worker.full_name, Worker.jorong, Worker.died_on,
            func.array_agg(PaymentLine.month), func.sum(PaymentLine.amount_idr), PaymentLine.state, PaymentLine.note,
        )
        .join(Worker, Worker.id == PaymentLine.worker_id)
        .where(PaymentLine.payment_id == payment_id)
        .group_by(Worker.id, PaymentLine.state, PaymentLine.note)
        .order_by(Worker.full_name, Worker.id)
    )  # fmt: skip
    return [PaidFor(*row[:4], tuple(sorted(row[4])), int(row[5]), row[6], row[7]) for row in rows]


def _is_due(month: ColumnElement[date] | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """Whether a worker was registered, alive and on a list in a month."""
    return and_(
        func.date_trunc("month", Worker.registered_on) <= month,
        or_(Worker.died_on.is_(None), Worker.died_on >= month),
        or_(Worker.left_on.is_(None), Worker.left_on >= month),
    )


def _paid_by_month(
    session: Session, region_code: str, first: date, last: date
) -> Mapping[date, tuple[MonthPaid, ...]]:
    rows = session.execute(
        select(
            CoverMonth.month,
            CoverMonth.funding_source,
            func.count(),
            func.count().filter(_is_due(CoverMonth.month)),
            func.min(CoverMonth.paid_on),
            func.max(CoverMonth.paid_on),
            func.array_agg(CoverMonth.receipt_number.distinct()),
        )
        .join(Worker, Worker.id == CoverMonth.worker_id)
        .where(Worker.region_code == region_code, CoverMonth.month.between(first, last))
        .group_by(CoverMonth.month, CoverMonth.funding_source)
        .order_by(CoverMonth.month, CoverMonth.funding_source)
    )
    found: dict[date, tuple[MonthPaid, ...]] = {}
    for row in rows:
        one = MonthPaid(*row[:6], receipts=tuple(sorted(row[6])))
        found[one.month] = (*found.get(one.month, ()), one)
    return found


def _waiting_by_month(session: Session, region_code: str, first: date, last: date) -> Mapping[date, int]:
    rows = session.execute(
        select(PaymentLine.month, func.count())
        .join(Worker, Worker.id == PaymentLine.worker_id)
        .where(Worker.region_code == region_code, PaymentLine.state == "recorded")
        .where(PaymentLine.month.between(first, last), _is_due(PaymentLine.month))
        .group_by(PaymentLine.month)
    )
    return {row[0]: row[1] for row in rows}
