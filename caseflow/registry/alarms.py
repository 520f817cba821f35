"""Alarms before cover ends: a row once a block and step, put down by the night and read by nagari and regency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import reach
from caseflow.registry.arrears import gaps_ahead
from caseflow.registry.models import Region
from caseflow.registry.payment_models import CoverAlarm


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm that was raised."""

    region_code: str
    region_name: str
    funding_source: str
    last_month: date
    step: int
    workers: int
    raised_at: datetime


def raise_alarms(session: Session, *, now: datetime) -> int:
    """Put down every alarm that is due today and was not raised before; return how many are new."""
    ending = gaps_ahead(session, on=clock.local(now).date(), by=SYSTEM, permission="arrears.read")
    new = 0
    for block in ending:
        row = insert(CoverAlarm).values(
            region_code=block.region_code, funding_source=block.funding_source, last_month=block.last_month,
            step=block.step, workers=block.workers, raised_at=now,
        )  # fmt: skip
        raised = session.scalar(row.on_conflict_do_nothing().returning(CoverAlarm.step))
        if raised is not None:
            new += 1
            subject = f"cover_alarm:{block.region_code}:{block.funding_source}:{block.last_month:%Y-%m}"
            record(session, "dues.alarm_raised", by=SYSTEM, subject=subject, details={"step": block.step})
    return new


def alarms(
    session: Session, region_code: str | None = None, *, since: date, by: Actor, permission: str = "dues.read"
) -> Sequence[Alarm]:
    """Return the alarms about blocks that end in or after the month of a day, the newest first."""
    if region_code is not None:
        reach.require(region_code, by, permission)
    query = (
        select(
            CoverAlarm.region_code, Region.name, CoverAlarm.funding_source, CoverAlarm.last_month,
            CoverAlarm.step, CoverAlarm.workers, CoverAlarm.raised_at,
        )
        .join(Region, Region.code == CoverAlarm.region_code)
        .where(reach.within(CoverAlarm.region_code, by, permission))
        .where(CoverAlarm.last_month >= since.replace(day=1))
        .order_by(CoverAlarm.raised_at.desc(), Region.name, CoverAlarm.step)
    )  # fmt: skip
    if region_code is not None:
        query = query.where(CoverAlarm.region_code == region_code)
    return [Alarm(*row) for row in session.execute(query)]
