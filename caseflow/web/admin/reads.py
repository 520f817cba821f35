"""What the calendar screens read: the named days of one year, or one of them."""

from datetime import date
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.errors import NotFound
from caseflow.registry.models import HolidayRow
from caseflow.workdays import Holiday, HolidayKind


def holidays(session: Session, year: int) -> list[Holiday]:
    """Return the named days of a year, in order."""
    rows = session.execute(
        select(HolidayRow.on, HolidayRow.kind, HolidayRow.name)
        .where(HolidayRow.on >= date(year, 1, 1), HolidayRow.on <= date(year, 12, 31))
        .order_by(HolidayRow.on)
    )
    return [_named(*row) for row in rows]


def holiday(session: Session, day: str) -> Holiday:
    """Return one named day.

    :param day: as in an address: ``2026-12-24``.
    :raises NotFound: no such day in the calendar.
    """
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise NotFound("Hari ini tidak ada di kalender.") from None
    row = session.execute(
        select(HolidayRow.on, HolidayRow.kind, HolidayRow.name).where(HolidayRow.on == on)
    ).one_or_none()
    if row is None:
        raise NotFound("Hari ini tidak ada di kalender. Mungkin baru saja dihapus.")
    return _named(*row)


def _named(on: date, kind: str, name: str) -> Holiday:
    return Holiday(on, cast("HolidayKind", kind), name)
