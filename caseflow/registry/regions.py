"""Nagari and jorong by the ways people write them.

Aia, Aie and Air, Lubuak and Lubuk are one word; an alias that people recorded counts like the name.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from caseflow.registry.models import Jorong, JorongAlias, Region, RegionAlias
from caseflow.registry.names import plain

_SAME_WORDS = (
    (r"\bai[ae]\b", "air"),
    (r"\blubuak\b", "lubuk"),
    (r"\bkoto\b|\bkota\b", "koto"),
    (r"\btanjuang\b", "tanjung"),
    (r"\bpadang\b|\bpadong\b", "padang"),
    (r"\bkampuang\b", "kampung"),
    (r"\bjorong\b|\bdusun\b|\bnagari\b|\bdesa\b", ""),
)


@dataclass(frozen=True)
class Place:
    """A jorong as people choose it."""

    id: int
    name: str


def spelled(text: str) -> str:
    """Return the name of a place without the differences that Minang and Indonesian spelling make."""
    found = plain(text)
    for pattern, same in _SAME_WORDS:
        found = re.sub(pattern, same, found)
    return re.sub(r"(.)\1+", r"\1", "".join(found.split()))


def jorong(session: Session, region_code: str, *, on: date) -> Sequence[Place]:
    """Return the jorong of a nagari on a day, by name; empty while nobody entered them."""
    rows = session.execute(
        select(Jorong.id, Jorong.name)
        .where(Jorong.region_code == region_code, or_(Jorong.closed_on.is_(None), Jorong.closed_on > on))
        .order_by(Jorong.name)
    )
    return [Place(row.id, row.name) for row in rows]


def find_jorong(session: Session, region_code: str, written: str, *, on: date) -> Place | None:
    """Return the jorong that somebody meant: by name, by alias, by spelling; ``None`` when none or several fit."""
    places = jorong(session, region_code, on=on)
    exact = [one for one in places if plain(one.name) == plain(written)]
    if exact:
        return exact[0]
    alias = session.scalar(
        select(JorongAlias.jorong_id).where(
            JorongAlias.region_code == region_code, JorongAlias.alias == plain(written)
        )
    )
    found = [one for one in places if one.id == alias] or [
        one for one in places if spelled(one.name) == spelled(written)
    ]
    return found[0] if len(found) == 1 else None


def nagari_of(session: Session, region_code: str) -> Region | None:
    """Return a nagari or desa; ``None`` for other codes."""
    return session.scalar(
        select(Region).where(Region.code == region_code, Region.level.in_(("nagari", "desa")))
    )


def find_nagari(session: Session, written: str, *, on: date) -> Sequence[Region]:
    """Return the nagari that somebody may mean, by name: the whole name before a part, an alias like a name.

    :param written: as typed; spelling does not matter (Muaro, Muara; Aia Angek, Air Angat is another word).
    :param on: nagari that were closed by this day are left out.
    """
    wanted = spelled(written)
    if not wanted:
        return []
    rows = session.scalars(
        select(Region)
        .where(Region.level.in_(("nagari", "desa")), or_(Region.closed_on.is_(None), Region.closed_on > on))
        .order_by(Region.name, Region.code)
    ).all()
    ways: dict[str, set[str]] = {row.code: {spelled(row.name)} for row in rows}
    for alias in session.execute(select(RegionAlias.region_code, RegionAlias.alias)):
        if alias.region_code in ways:
            ways[alias.region_code].add(spelled(alias.alias))
    exact = [row for row in rows if wanted in ways[row.code]]
    return exact or [row for row in rows if any(wanted in way for way in ways[row.code])]


def is_open(session: Session, region_code: str, *, on: date) -> bool:
    """Whether a nagari is there and not closed on a day."""
    region = nagari_of(session, region_code)
    return region is not None and (region.closed_on is None or region.closed_on > on)
