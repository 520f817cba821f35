"""Verbs and lists of quotas: how many places a payer gives a nagari for a period, and for how many there is money.

A quota is never lowered below the places that are taken; the database refuses it whoever asks. Not here: who takes
the places (nominations).
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.registry import reach, regions
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import FUNDING_SOURCES, Quota

MOST_SLOTS = 100_000
SHORTEST_SOURCE = 5
LONGEST_SOURCE = 200
_FIRST_YEAR = 2020
_LONGEST_YEARS = 2


@dataclass(frozen=True)
class QuotaFacts:
    """A quota as told. ``starts_on`` and ``ends_on`` are its first and last day; ``source`` its decree."""

    region_code: str
    funding_source: str
    starts_on: date
    ends_on: date
    slots: int
    budgeted: int
    source: str


@dataclass(frozen=True)
class QuotaRow:
    """A quota as lists show it."""

    region_code: str
    nagari: str
    district: str
    funding_source: str
    starts_on: date
    ends_on: date
    slots: int
    budgeted: int
    taken: int
    source: str
    changed_at: datetime

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return self.slots - self.taken

    @property
    def facts(self) -> QuotaFacts:
        """The quota as it was told."""
        return QuotaFacts(
            self.region_code,
            self.funding_source,
            self.starts_on,
            self.ends_on,
            self.slots,
            self.budgeted,
            self.source,
        )


@dataclass(frozen=True)
class Copy:
    """What copying a year's quotas would do: ``fresh`` are written, ``there`` stand already."""

    fresh: list[QuotaRow]
    there: list[QuotaRow]


def add_quota(session: Session, facts: QuotaFacts, *, by: Actor, now: datetime) -> Quota:
    """Give a nagari places for a period.

    :raises Invalid: a field that cannot be used. :raises NotFound: no such nagari in reach.
    :raises NotPossible: this payer has a quota there in these days already.
    """
    reach.require(facts.region_code, by, "quota.edit")
    nagari = regions.nagari_of(session, facts.region_code)
    if nagari is None or not regions.is_open(session, facts.region_code, on=facts.starts_on):
        raise NotFound("Nagari ini tidak ditemukan, atau sudah ditutup. Kuota belum tersimpan.")
    _check(facts)
    quota = Quota(
        region_code=facts.region_code,
        funding_source=facts.funding_source,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        slots=facts.slots,
        budgeted=facts.budgeted,
        source=facts.source.strip(),
        changed_at=now,
        changed_by_user_id=by.user_id,
    )
    _add_once(session, quota, nagari.name)
    _record(session, "quota.added", quota, by=by)
    return quota


def change_quota(
    session: Session, facts: QuotaFacts, *, seen_at: datetime, by: Actor, now: datetime
) -> Quota:
    """Raise or lower a quota; nagari, payer and period stay.

    :param seen_at: when the quota that the person saw was last changed.
    :raises Invalid: fewer places than are taken, or a field that cannot be used. :raises Stale: changed since.
    :raises NotFound: no such quota in reach.
    """
    reach.require(facts.region_code, by, "quota.edit")
    quota = session.scalar(
        select(Quota)
        .where(
            Quota.region_code == facts.region_code,
            Quota.funding_source == facts.funding_source,
            Quota.starts_on == facts.starts_on,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if quota is None:
        raise NotFound("Kuota ini tidak ditemukan.")
    if quota.changed_at != seen_at:
        raise Stale(
            "Kuota ini baru saja diubah orang lain. Yang Anda kirim belum tersimpan; lihat dulu angkanya."
        )
    _check(replace(facts, ends_on=quota.ends_on))
    if facts.slots < quota.taken:
        raise Invalid(
            {
                "slots": f"{quota.taken} tempat sudah terisi, jadi kuota tidak bisa lebih kecil. Belum tersimpan."
            }
        )
    before = {"slots": quota.slots, "budgeted": quota.budgeted}
    quota.slots, quota.budgeted, quota.source = facts.slots, facts.budgeted, facts.source.strip()
    quota.changed_at, quota.changed_by_user_id = now, by.user_id
    session.flush()
    _record(session, "quota.changed", quota, by=by, before=before)
    return quota


def rows(
    session: Session,
    *,
    by: Actor,
    on: date | None = None,
    year: int | None = None,
    district: str | None = None,
    funding_source: str | None = None,
) -> list[QuotaRow]:
    """Return the quotas that somebody may see, by kecamatan and nagari.

    :param on: only those whose period holds this day; :param year: some day of this year.
    """
    query = _rows().where(reach.within(Quota.region_code, by, "quota.read"))
    if on is not None:
        query = query.where(Quota.starts_on <= on, Quota.ends_on >= on)
    if year is not None:
        query = query.where(Quota.starts_on <= date(year, 12, 31), Quota.ends_on >= date(year, 1, 1))
    if district:
        query = query.where(Region.parent_code == district)
    if funding_source:
        query = query.where(Quota.funding_source == funding_source)
    return [QuotaRow(*row) for row in session.execute(query)]


def get_row(
    session: Session, region_code: str, funding_source: str, starts_on: date, *, by: Actor
) -> QuotaRow:
    """Return one quota. :raises NotFound: not there, or out of reach."""
    row = session.execute(
        _rows().where(
            reach.within(Quota.region_code, by, "quota.read"),
            Quota.region_code == region_code,
            Quota.funding_source == funding_source,
            Quota.starts_on == starts_on,
        )
    ).one_or_none()
    if row is None:
        raise NotFound("Kuota ini tidak ditemukan.")
    return QuotaRow(*row)


def subject_of(session: Session, row: QuotaRow) -> str:
    """Return under which subject the changes of a quota are put down (``quota:7``)."""
    key = session.scalar(
        select(Quota.id).where(
            Quota.region_code == row.region_code,
            Quota.funding_source == row.funding_source,
            Quota.starts_on == row.starts_on,
        )
    )
    return f"quota:{key}"


def years(session: Session, *, by: Actor) -> list[int]:
    """Return the years in which a visible quota begins, the latest first."""
    year = func.extract("year", Quota.starts_on)
    found = session.scalars(select(year).where(reach.within(Quota.region_code, by, "quota.read")).distinct())
    return sorted((int(one) for one in found), reverse=True)


def preview_copy(session: Session, from_year: int, *, by: Actor) -> Copy:
    """Return what :func:`copy_year` would write. Changes nothing."""
    regions_in_reach = reach.within(Quota.region_code, by, "quota.edit")
    of_year = session.execute(
        _rows().where(
            regions_in_reach,
            or_(Region.closed_on.is_(None), Region.closed_on > date(from_year + 1, 1, 1)),
            Quota.starts_on >= date(from_year, 1, 1),
            Quota.starts_on <= date(from_year, 12, 31),
        )
    )
    standing = session.execute(
        select(Quota.region_code, Quota.funding_source, Quota.starts_on, Quota.ends_on).where(
            regions_in_reach, Quota.ends_on > date(from_year, 12, 31)
        )
    ).all()
    found = Copy([], [])
    for row in (QuotaRow(*one) for one in of_year):
        first, last = _year_later(row.starts_on), _year_later(row.ends_on)
        taken = any(
            (one.region_code, one.funding_source) == (row.region_code, row.funding_source)
            and one.starts_on <= last
            and one.ends_on >= first
            for one in standing
        )
        (found.there if taken else found.fresh).append(row)
    return found


def copy_year(
    session: Session, from_year: int, *, source: str, expected: int, by: Actor, now: datetime
) -> int:
    """Give every nagari in the next year the places it has in this one; what stands already is left alone.

    :param expected: how many the person saw in the preview. :return: how many were written.
    :raises Invalid: the decree is missing. :raises Stale: the quotas changed since the preview.
    """
    if not SHORTEST_SOURCE <= len(source.strip()) <= LONGEST_SOURCE:
        raise Invalid({"source": "Tulis SK atau pos anggaran tahun baru. Belum ada yang disalin."})
    found = preview_copy(session, from_year, by=by)
    if len(found.fresh) != expected:
        raise Stale("Kuota berubah sejak pratinjau ini dibuat. Belum ada yang disalin; lihat lagi.")
    if not found.fresh:
        raise NotPossible("Tidak ada kuota yang perlu disalin. Tidak ada yang berubah.")
    for row in found.fresh:
        facts = replace(
            row.facts,
            starts_on=_year_later(row.starts_on),
            ends_on=_year_later(row.ends_on),
            source=source.strip(),
        )
        add_quota(session, facts, by=by, now=now)
    return len(found.fresh)


def _rows() -> Select[Any]:
    district = aliased(Region)
    columns: tuple[Any, ...] = (
        Quota.region_code,
        Region.name,
        func.coalesce(district.name, ""),
        Quota.funding_source,
        Quota.starts_on,
        Quota.ends_on,
        Quota.slots,
        Quota.budgeted,
        Quota.taken,
        Quota.source,
        Quota.changed_at,
    )
    return (
        select(*columns)
        .join_from(Quota, Region, Region.code == Quota.region_code)
        .outerjoin(district, district.code == Region.parent_code)
        .order_by(district.name, Region.name, Quota.starts_on.desc(), Quota.funding_source)
    )


def _check(facts: QuotaFacts) -> None:
    problems = {}
    if facts.funding_source not in FUNDING_SOURCES:
        problems["funding_source"] = "Pilih siapa yang membayar. Belum tersimpan."
    if facts.starts_on >= facts.ends_on or facts.ends_on > _plus_years(facts.starts_on, _LONGEST_YEARS):
        problems["ends_on"] = (
            "Hari terakhir harus sesudah hari pertama, paling lama dua tahun. Belum tersimpan."
        )
    if facts.starts_on.year < _FIRST_YEAR:
        problems["starts_on"] = f"Periode paling awal tahun {_FIRST_YEAR}. Belum tersimpan."
    if not 1 <= facts.slots <= MOST_SLOTS:
        problems["slots"] = "Kuota adalah angka dari 1 sampai 100.000. Belum tersimpan."
    if not 0 <= facts.budgeted <= max(facts.slots, 0):
        problems["budgeted"] = "Yang dianggarkan dari 0 sampai sebanyak kuotanya. Belum tersimpan."
    if not SHORTEST_SOURCE <= len(facts.source.strip()) <= LONGEST_SOURCE:
        problems["source"] = "Tulis SK atau pos anggarannya, 5 sampai 200 huruf. Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _add_once(session: Session, quota: Quota, name: str) -> None:
    """Write the quota, or say in words that one stands there; the database decides which."""
    try:
        with session.begin_nested():
            session.add(quota)
            session.flush()
    except IntegrityError as error:
        if "ex_quota_one_a_period" not in str(error):
            raise
        raise NotPossible(
            f"{name} sudah punya kuota dari pembayar ini pada hari-hari itu. Ubah kuota yang ada. Belum tersimpan."
        ) from error


def _record(
    session: Session, action: str, quota: Quota, *, by: Actor, before: dict[str, int] | None = None
) -> None:
    details = {
        "region": quota.region_code,
        "funding_source": quota.funding_source,
        "starts_on": quota.starts_on.isoformat(),
        "slots": quota.slots,
        "budgeted": quota.budgeted,
        "before": before or {},
    }
    record(session, action, by=by, subject=f"quota:{quota.id}", details=details)


def _year_later(day: date) -> date:
    return _plus_years(day, 1)


def _plus_years(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
