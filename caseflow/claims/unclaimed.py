"""Deaths that the registry knows and nobody has reported: the family may have a right it has not heard of."""

from contextlib import closing
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select
from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.claims.living import of_a_false_word
from caseflow.claims.models import Claim, Report
from caseflow.law.cover import assess_cover
from caseflow.law.dated import NoNumber
from caseflow.law.deadlines import lapses_on
from caseflow.law.ledger import PaidMonth
from caseflow.law.readings import Active
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.models import CoverMonth, Region, Worker
from caseflow.workflow.models import CaseFile

READ = "unclaimed.read"
OWN = "nagari.read"
MOST = 500
_READ_AT_ONCE = 200


@dataclass(frozen=True)
class Unclaimed:
    """A worker who died and has no case.

    :ivar active: whether the dues were paid on the day: ``yes`` or ``officer_decides``.
    :ivar last_day: five years after the death, the limit that is written for work accidents (PP 82/2019 Pasal 26);
        for other deaths none was found, so it is counted with caution. ``None``: the law of that day is not recorded.
    """

    public_id: str
    full_name: str
    national_id: str
    region: str
    jorong: str
    died_on: date
    active: Active
    sentence: str
    last_day: date | None

    def days_left(self, today: date) -> int | None:
        """Days until the last day; negative when it has passed."""
        return None if self.last_day is None else (self.last_day - today).days


def unclaimed(session: Session, *, by: Actor, limit: int | None = MOST) -> list[Unclaimed]:
    """Return deaths without a case in somebody's reach that were, or may have been, covered; oldest first.

    One query: the deaths by their index, then a look-up each for a case and for the months. Who was not covered counts
    nothing towards the limit: they stay without a case for ever, and would in time hide all others.

    :param limit: ``None``: all of them.
    """
    permission = OWN if policy.allows(by, OWN) else READ
    rows = session.execute(
        select(
            Worker.public_id, Worker.full_name, Worker.national_id, Region.name, Worker.jorong, Worker.died_on,
            Worker.registered_on, _months(),
        )
        .join(Region, Region.code == Worker.region_code)
        .where(
            Worker.died_on.is_not(None),
            reach.within(Worker.region_code, by, permission),
            ~_death_claim().exists(),
            ~_open_accident().exists(),
            ~_report().exists(),
        )
        .order_by(Worker.died_on, Worker.id)
        .execution_options(yield_per=_READ_AT_ONCE)
    )  # fmt: skip
    with closing(rows):
        found = (_read(row) for row in rows)
        return list(islice((one for one in found if one.active != "no"), limit))


def _death_claim() -> Select[Any]:
    claims, cases = Claim.__table__, CaseFile.__table__
    return (
        select(claims.c.id)
        .join(cases, cases.c.id == claims.c.id)
        .where(
            claims.c.worker_id == Worker.id,
            claims.c.worker_id.is_not(None),
            claims.c.died_on.is_not(None),
            claims.c.program != "scholarship",
            ~of_a_false_word(cases.c.opened_at, claims.c.died_on, Worker.id, Worker.died_on),
        )
        .correlate(Worker)
    )


def _open_accident() -> Select[Any]:
    claims, cases = Claim.__table__, CaseFile.__table__
    return (
        select(claims.c.id)
        .join(cases, cases.c.id == claims.c.id)
        .where(
            claims.c.worker_id == Worker.id,
            claims.c.worker_id.is_not(None),
            claims.c.program == "jkk",
            cases.c.closed_at.is_(None),
        )
        .correlate(Worker)
    )


def _report() -> Select[Any]:
    """A report with the same NIK that nobody has linked yet."""
    cases = CaseFile.__table__
    return (
        select(Report.casefile_id)
        .join(cases, cases.c.id == Report.casefile_id)
        .where(
            Report.national_id_index == Worker.national_id_index,
            Report.died_on.is_not(None),
            cases.c.state != "withdrawn",
            ~of_a_false_word(cases.c.opened_at, Report.died_on, Worker.id, Worker.died_on),
        )
        .correlate(Worker)
    )


def _months() -> ScalarSelect[Any]:
    month = func.json_build_array(CoverMonth.month, CoverMonth.paid_on, CoverMonth.funding_source)
    return (
        select(func.json_agg(month))
        .where(CoverMonth.worker_id == Worker.id)
        .correlate(Worker)
        .scalar_subquery()
    )


def _read(row: Any) -> Unclaimed:
    public_id, full_name, national_id, region, jorong, died_on, registered_on, months = row
    paid = [
        PaidMonth(month=date.fromisoformat(month), paid_on=date.fromisoformat(paid_on), funding_source=source)
        for month, paid_on, source in months or ()
    ]
    active: Active
    try:
        answer = assess_cover(paid, registered_on=registered_on, died_on=died_on, book=numbers())
        active, sentence, last_day = answer.active, answer.active_sentence, lapses_on(died_on, numbers())
    except NoNumber:
        active, sentence, last_day = "officer_decides", "Aturan untuk hari itu tidak tersimpan di sini.", None
    return Unclaimed(public_id, full_name, national_id, region, jorong, died_on, active, sentence, last_day)
