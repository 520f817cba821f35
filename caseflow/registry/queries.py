"""What screens and verbs read from the registry: columns only."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import cast

from sqlalchemy import bindparam, or_, select, true
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.registry.models import Bank, CoverMonth, HolidayRow, PolicyValue, Region, Worker
from caseflow.sealing import blind
from caseflow.workdays import Calendar, Holiday, HolidayKind

_JOINT_LEAVE = "joint_leave_stops_clock"
_VALUE = (
    select(PolicyValue.value)
    .where(
        PolicyValue.name == bindparam("name", type_=PolicyValue.name.type),
        PolicyValue.valid_from <= bindparam("day", type_=PolicyValue.valid_from.type),
    )
    .order_by(PolicyValue.valid_from.desc())
    .limit(1)
)
_STOPS = select(_VALUE.scalar_subquery().label("value")).subquery("stops")
# built once, as it stands before every page and every move; the policy is told without holidays, too
_CALENDAR = (
    select(_STOPS.c.value, HolidayRow.on, HolidayRow.kind, HolidayRow.name)
    .outerjoin_from(_STOPS, HolidayRow, true())
    .order_by(HolidayRow.on)
)


def calendar(session: Session, on: date) -> Calendar:
    """Return the calendar of working days; ``on`` decides which policy about joint leave is in force."""
    rows = session.execute(_CALENDAR, {"name": _JOINT_LEAVE, "day": on}).all()
    stops = _in_force(rows[0].value, _JOINT_LEAVE, on)
    return _calendar(tuple((row.on, row.kind, row.name) for row in rows if row.on is not None), stops == 1)


@lru_cache(maxsize=8)
def _calendar(rows: tuple[tuple[date, str, str], ...], joint_leave_stops: bool) -> Calendar:
    return Calendar.of(
        [Holiday(on, cast(HolidayKind, kind), name) for on, kind, name in rows],
        joint_leave_stops=joint_leave_stops,
    )


def policy(session: Session, name: str, on: date) -> int:
    """Return a limit of the branch as it stood on a day.

    :raises NotFound: when no value is in force; an unknown limit never has a default.
    """
    return _in_force(session.scalar(_VALUE, {"name": name, "day": on}), name, on)


def _in_force(value: int | None, name: str, on: date) -> int:
    if value is None:
        raise NotFound(f"Batas “{name}” belum ditetapkan untuk {on:%d-%m-%Y}. Minta admin mengisinya.")
    return value


def nagari_by_district(session: Session) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return kecamatan names, each with its open nagari (code, name), in alphabetical order."""
    district = select(Region.code, Region.name).where(Region.level == "kecamatan").subquery()
    rows = session.execute(
        select(district.c.name.label("district"), Region.code, Region.name)
        .join(district, Region.parent_code == district.c.code)
        .where(
            Region.level.in_(("nagari", "desa")),
            or_(Region.closed_on.is_(None), Region.closed_on > clock.today()),
        )
        .order_by(district.c.name, Region.name)
    )
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        grouped.setdefault(row.district, []).append((row.code, row.name))
    return list(grouped.items())


def region_name(session: Session, code: str) -> str:
    """Return the name of a region; the code itself when unknown."""
    return session.scalar(select(Region.name).where(Region.code == code)) or code


def get_worker(session: Session, worker_id: int) -> Worker:
    """Return a worker.

    :raises NotFound: when there is none.
    """
    worker = session.get(Worker, worker_id)
    if worker is None:
        raise NotFound("Pekerja ini tidak ditemukan.")
    return worker


def find_worker(session: Session, national_id: str) -> Worker | None:
    """Return the worker with this NIK, if registered."""
    return session.scalar(select(Worker).where(Worker.national_id_index == blind(national_id)))


def search_workers(session: Session, text: str, limit: int = 20) -> Sequence[Worker]:
    """Return workers by NIK, card number or part of the name; the text is taken literally."""
    literal = text.strip()[:120]
    return session.scalars(
        select(Worker)
        .where(
            (Worker.national_id_index == blind(literal))
            | (Worker.card_number == literal)
            | Worker.full_name.icontains(literal, autoescape=True)
        )
        .order_by(Worker.full_name, Worker.id)
        .limit(limit)
    ).all()


def cover_months(session: Session, worker_id: int) -> Sequence[CoverMonth]:
    """Return all months paid for a worker, oldest first."""
    return session.scalars(
        select(CoverMonth).where(CoverMonth.worker_id == worker_id).order_by(CoverMonth.month)
    ).all()


def banks(session: Session) -> list[tuple[str, str]]:
    """Return bank codes and names, by name."""
    return [(row.code, row.name) for row in session.execute(select(Bank.code, Bank.name).order_by(Bank.name))]


def regency_code(session: Session) -> str:
    """Return the code of the regency whose nagari are registered; empty before regions are loaded."""
    return session.scalar(select(Region.code).where(Region.level == "kabupaten").order_by(Region.code)) or ""


def districts(session: Session) -> list[tuple[str, str]]:
    """Return codes and names of the kecamatan, by name."""
    rows = session.execute(
        select(Region.code, Region.name).where(Region.level == "kecamatan").order_by(Region.name)
    )
    return [(row.code, row.name) for row in rows]
