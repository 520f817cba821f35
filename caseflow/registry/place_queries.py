"""What the pages of places read: nagari by kecamatan, one nagari with its jorong and spellings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from caseflow.errors import NotFound
from caseflow.people.actor import Actor
from caseflow.registry import reach, regions
from caseflow.registry.models import Jorong, JorongAlias, Region, RegionAlias


@dataclass(frozen=True)
class JorongPlace:
    """A jorong with the ways in which it is also written."""

    id: int
    name: str
    closed_on: date | None
    aliases: Sequence[str]


@dataclass(frozen=True)
class NagariPlace:
    """A nagari or desa."""

    code: str
    name: str
    level: str
    district: str
    opened_on: date | None
    closed_on: date | None
    source: str
    note: str
    jorong: Sequence[JorongPlace] = ()
    aliases: Sequence[str] = ()


def by_district(
    session: Session, *, by: Actor, written: str = "", on: date
) -> list[tuple[str, list[NagariPlace]]]:
    """Return the nagari that somebody keeps, under their kecamatan; closed ones too.

    :param written: only those that this may mean, however it is spelled.
    """
    query = _rows().where(reach.within(Region.code, by, "jorong.edit"))
    if written:
        meant = [one.code for one in regions.find_nagari(session, written, on=on)]
        query = query.where(Region.code.in_(meant))
    grouped: dict[str, list[NagariPlace]] = {}
    for row in session.execute(query):
        place = NagariPlace(*row)
        grouped.setdefault(place.district, []).append(place)
    return list(grouped.items())


def get_place(session: Session, code: str, *, by: Actor) -> NagariPlace:
    """Return one nagari with its jorong, open ones first. :raises NotFound: not there, or out of reach."""
    row = session.execute(
        _rows().where(Region.code == code, reach.within(Region.code, by, "jorong.edit"))
    ).one_or_none()
    if row is None:
        raise NotFound("Nagari ini tidak ditemukan.")
    spellings: dict[int, list[str]] = {}
    for alias in session.execute(
        select(JorongAlias.jorong_id, JorongAlias.alias)
        .where(JorongAlias.region_code == code)
        .order_by(JorongAlias.alias)
    ):
        spellings.setdefault(alias.jorong_id, []).append(alias.alias)
    found = session.execute(
        select(Jorong.id, Jorong.name, Jorong.closed_on)
        .where(Jorong.region_code == code)
        .order_by(Jorong.closed_on.is_not(None), Jorong.name)
    )
    return replace(
        NagariPlace(*tuple(row)),
        jorong=[JorongPlace(one.id, one.name, one.closed_on, spellings.get(one.id, [])) for one in found],
        aliases=session.scalars(
            select(RegionAlias.alias).where(RegionAlias.region_code == code).order_by(RegionAlias.alias)
        ).all(),
    )


def _rows() -> Select[Any]:
    district = aliased(Region)
    columns: tuple[Any, ...] = (
        Region.code,
        Region.name,
        Region.level,
        district.name,
        Region.opened_on,
        Region.closed_on,
        Region.source,
        Region.note,
    )
    return (
        select(*columns)
        .join_from(Region, district, district.code == Region.parent_code)
        .where(Region.level.in_(("nagari", "desa")))
        .order_by(district.name, Region.name, Region.code)
    )
