"""Was somebody covered on a day, by whom, for how long: one query over the paid months of one worker.

The rule is the law's own (``law.cover``), said once more in SQL so that a list of a million stays an index look-up; a
test holds both against each other. Where the law leaves it open the answer is ``officer_decides``, never a guess.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Date, TextClause, bindparam, text
from sqlalchemy.orm import Session

from caseflow.errors import NotFound
from caseflow.law.ledger import first_of
from caseflow.law.numbers import NumberBook, load_numbers
from caseflow.law.readings import Active

# Two readings: the months whose money came in by the day, and all of them (money that came after it). A step of more
# than one month breaks the run; of more than the grace months it ends the membership.
_COVER = text(
    """
WITH paid AS (
    SELECT month, paid_on, funding_source, receipt_number, payment_id,
           (extract(year FROM month) * 12 + extract(month FROM month))::int - 1 AS n, paid_on <= :day AS in_time
    FROM cover_month WHERE worker_id = :worker_id AND month <= :day
), step AS (
    SELECT reading.late, n, n - lag(n) OVER (PARTITION BY reading.late ORDER BY n) AS ahead
    FROM paid JOIN (VALUES (false), (true)) AS reading (late) ON paid.in_time OR reading.late
), read AS (
    SELECT late, max(n) AS last, count(*) AS months,
           max(n) FILTER (WHERE ahead IS NULL OR ahead > :grace + 1) AS period_start,
           max(n) FILTER (WHERE ahead IS NULL OR ahead > 1) AS run_start
    FROM step GROUP BY late
)
SELECT worker.registered_on, sure.last, sure.period_start, sure.run_start, late.last AS last_with_late,
       coalesce(late.months, 0) - coalesce(sure.months, 0) AS paid_after,
       proof.paid_on, proof.funding_source, proof.receipt_number, contribution_payment.public_id AS payment
FROM worker
LEFT JOIN read AS sure ON NOT sure.late
LEFT JOIN read AS late ON late.late
LEFT JOIN paid AS proof ON proof.n = sure.last
LEFT JOIN contribution_payment ON contribution_payment.id = proof.payment_id
WHERE worker.id = :worker_id
"""
).bindparams(bindparam("day"), bindparam("worker_id"), bindparam("grace"))

# months in a row have the same distance to their number in the row
_THROUGH = text(
    """
SELECT max(month) FROM (
    SELECT month, month - make_interval(months => row_number() OVER (ORDER BY month)::int - 1) AS began
    FROM cover_month WHERE worker_id = :worker_id AND month >= :first
) AS ahead WHERE began = :first
"""
).columns(max=Date)


@dataclass(frozen=True, slots=True)
class CoverOn:
    """What the ledger says of one day.

    :ivar covered: ``yes``, ``no``, or ``officer_decides`` where the law is silent.
    :ivar first_month: first paid month of the present membership; :ivar last_month: last one paid by the day.
    :ivar consecutive_months: paid without a gap up to ``last_month``; :ivar unpaid_months: whole months since.
    :ivar paid_after: months up to the day whose money came in only after it; never counted by themselves.
    :ivar funding_source: who paid ``last_month``, with ``paid_on``, ``receipt_number`` and, if the branch confirmed
        it here, the public id of the ``payment``.
    """

    covered: Active
    first_month: date | None
    last_month: date | None
    consecutive_months: int
    unpaid_months: int
    paid_after: int
    funding_source: str | None
    paid_on: date | None
    receipt_number: str | None
    payment: str | None


@cache
def numbers() -> NumberBook:
    """Return the numbers of law."""
    return load_numbers()


def grace_months(day: date) -> int:
    """Return after how many unpaid months a membership ends, as it stands on a day."""
    return numbers().on("grace_months", day).value


def statement() -> TextClause:
    """Return the one query, with ``worker_id``, ``day`` and ``grace``; for measuring it."""
    return _COVER


def cover_on(session: Session, worker_id: int, day: date) -> CoverOn:
    """Return whether a worker was covered on a day, by whom, and since when.

    :raises NotFound: no such worker.
    """
    grace = grace_months(day)
    row = session.execute(_COVER, {"worker_id": worker_id, "day": day, "grace": grace}).one_or_none()
    if row is None:
        raise NotFound("Pekerja ini tidak ditemukan.")
    today = day.year * 12 + day.month - 1
    return CoverOn(
        covered=_covered(row.last, row.last_with_late, today, grace, registered_later=row.registered_on > day),
        first_month=_month(row.period_start),
        last_month=_month(row.last),
        consecutive_months=0 if row.last is None else row.last - row.run_start + 1,
        unpaid_months=0 if row.last is None else max(0, today - row.last - 1),
        paid_after=row.paid_after,
        funding_source=row.funding_source,
        paid_on=row.paid_on,
        receipt_number=row.receipt_number,
        payment=row.payment,
    )  # fmt: skip


def paid_through(session: Session, worker_id: int, day: date) -> date | None:
    """Return the last of the months paid without a gap from the month of a day on; ``None``: it is not paid itself."""
    found: date | None = session.scalar(_THROUGH, {"worker_id": worker_id, "first": day.replace(day=1)})
    return found


def _covered(
    last: int | None, last_with_late: int | None, today: int, grace: int, *, registered_later: bool
) -> Active:
    """Put both readings together: they agree, or an officer decides."""
    if registered_later and last is None:
        return "no"
    readings = {_standing(last, today, grace), _standing(last_with_late, today, grace)}
    if readings == {"no"}:
        return "no"
    return "yes" if readings == {"yes"} and not registered_later else "officer_decides"


def _standing(last: int | None, today: int, grace: int) -> Active:
    if last is None or today - last - 1 > grace:
        return "no"
    return "yes" if last == today else "officer_decides"


def _month(number: int | None) -> date | None:
    return None if number is None else first_of(number)
