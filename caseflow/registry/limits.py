"""Dated limits of the branch and rates of contributions: new rows only, from this month or a later day on.

What was decided under an older row stays decided under it. Not here: the numbers of the law itself (``workflows/numbers.yaml``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid
from caseflow.formats import rupiah
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry.models import CoverMonth, PolicyValue, Worker
from caseflow.registry.nomination_models import FUNDING_SOURCES
from caseflow.registry.rate_models import FULL, PP_50_2025, SECTORS, STATE_MONEY, ContributionRate

CERTAIN, UNSURE = "V1", "verify"
_SOURCE = range(5, 301)  # letters
_AHEAD_YEARS = 5
# the largest value of each unit that can be meant
_MOST: Mapping[str, int] = MappingProxyType(
    {"idr": 1_000_000_000_000, "days": 3650, "months": 240, "flag": 1}
)
_MOST_RATE_IDR = 1_000_000


@dataclass(frozen=True)
class Limit:
    """A value of a limit from a day on. ``added_by``: who added it, as far as the trail knows."""

    name: str
    valid_from: date
    value: int
    unit: str
    source: str
    certainty: str


@dataclass(frozen=True)
class NewLimit:
    """A limit as told. ``sure``: somebody has the paper before them."""

    name: str
    valid_from: date
    value: int
    source: str
    sure: bool


@dataclass(frozen=True)
class NewRate:
    """A rate as told: the two parts of a month, in rupiah."""

    funding_source: str
    sector: str
    valid_from: date
    valid_to: date | None
    jkk_idr: int
    jkm_idr: int
    reduced: bool
    source: str
    sure: bool


def limits(session: Session) -> list[Limit]:
    """Return every limit with all its values, by name, the newest first."""
    rows = session.execute(
        select(
            PolicyValue.name,
            PolicyValue.valid_from,
            PolicyValue.value,
            PolicyValue.unit,
            PolicyValue.source,
            PolicyValue.certainty,
        ).order_by(PolicyValue.name, PolicyValue.valid_from.desc())
    )
    return [Limit(row.name, row.valid_from, row.value, row.unit, row.source, row.certainty) for row in rows]


def add_limit(session: Session, told: NewLimit, *, by: Actor, now: datetime) -> None:
    """Add a value that holds from today or a later day on; earlier ones stay as they were.

    :raises Invalid: a day that has passed or has a value already, an unknown limit, no source.
    """
    policy.require(by, "limit.edit")
    unit = session.scalar(
        select(PolicyValue.unit).where(PolicyValue.name == told.name).order_by(PolicyValue.valid_from.desc())
    )
    if unit is None:
        raise Invalid({"name": "Batas ini tidak dikenal. Belum tersimpan."})
    problems = _problems(told.valid_from, told.source, first=clock.local(now).date())
    if not 0 <= told.value <= _MOST[unit]:
        problems["value"] = "Nilai ini terlalu besar untuk satuannya. Belum tersimpan."
    if problems:
        raise Invalid(problems)
    added = session.execute(
        insert(PolicyValue)
        .values(
            name=told.name,
            valid_from=told.valid_from,
            value=told.value,
            unit=unit,
            source=told.source.strip(),
            certainty=CERTAIN if told.sure else UNSURE,
        )
        .on_conflict_do_nothing()
        .returning(PolicyValue.name)
    ).one_or_none()
    if added is None:
        raise Invalid(
            {"valid_from": "Batas ini sudah punya nilai mulai hari itu. Pilih hari lain. Belum tersimpan."}
        )
    details = {"from": told.valid_from.isoformat(), "value": told.value}
    record(session, "limit.added", by=by, subject=f"limit:{told.name}", details=details)


def rates(session: Session) -> Sequence[ContributionRate]:
    """Return every rate, by payer and kind of work, the newest first."""
    return session.scalars(
        select(ContributionRate).order_by(
            ContributionRate.funding_source,
            ContributionRate.sector,
            ContributionRate.valid_from.desc(),
            ContributionRate.id.desc(),
        )
    ).all()


def add_rate(session: Session, told: NewRate, *, by: Actor, now: datetime) -> ContributionRate:
    """Add a rate that holds from this month or a later one on; nothing that was paid changes.

    :raises Invalid: a month that has passed, not the first of a month, a reduction where the state pays, no source.
    """
    policy.require(by, "limit.edit")
    this_month = clock.local(now).date().replace(day=1)
    problems = _problems(told.valid_from, told.source, first=this_month)
    if told.valid_from.day != 1:
        problems["valid_from"] = "Tarif mulai pada tanggal 1. Belum tersimpan."
    if told.funding_source not in FUNDING_SOURCES:
        problems["funding_source"] = "Pilih pembayarnya. Belum tersimpan."
    if told.sector not in SECTORS:
        problems["sector"] = "Pilih jenis pekerjaannya. Belum tersimpan."
    if told.reduced and told.funding_source in STATE_MONEY:
        problems["reduced"] = (
            "Keringanan PP 50/2025 tidak berlaku untuk iuran yang dibayar APBN atau APBD. Belum tersimpan."
        )
    if told.valid_to is not None and told.valid_to <= told.valid_from:
        problems["valid_to"] = "Hari terakhir harus sesudah hari pertama. Belum tersimpan."
    problems |= _amount_problems(told)
    if problems:
        raise Invalid(problems)
    rate = ContributionRate(
        funding_source=told.funding_source,
        sector=told.sector,
        valid_from=told.valid_from,
        valid_to=told.valid_to,
        amount_idr=told.jkk_idr + told.jkm_idr,
        jkk_idr=told.jkk_idr,
        jkm_idr=told.jkm_idr,
        reduction=PP_50_2025 if told.reduced else "",
        source=told.source.strip(),
        certainty=CERTAIN if told.sure else UNSURE,
        added_at=now,
        added_by_user_id=by.user_id,
    )
    session.add(rate)
    session.flush()
    details = {"from": told.valid_from.isoformat(), "amount_idr": rate.amount_idr}
    record(session, "rate.added", by=by, subject=f"rate:{told.funding_source}.{told.sector}", details=details)
    return rate


def _amount_problems(told: NewRate) -> dict[str, str]:
    problems = {}
    if not 0 < told.jkk_idr <= _MOST_RATE_IDR:
        problems["jkk_idr"] = "Iuran JKK sebulan antara Rp1 dan Rp1.000.000. Belum tersimpan."
    if not 0 < told.jkm_idr <= _MOST_RATE_IDR:
        problems["jkm_idr"] = "Iuran JKM sebulan antara Rp1 dan Rp1.000.000. Belum tersimpan."
    if problems:
        return problems
    jkk, jkm = FULL
    if not told.reduced and (told.jkk_idr < jkk or told.jkm_idr < jkm):
        problems["reduced"] = (
            f"Di bawah tarif penuh (JKK {rupiah(jkk)}, JKM {rupiah(jkm)}): sebut keringanannya, atau perbaiki jumlahnya. "
            "Belum tersimpan."
        )
    if told.jkk_idr + told.jkm_idr > _MOST_RATE_IDR:
        problems["jkk_idr"] = "JKK dan JKM bersama paling banyak Rp1.000.000 sebulan. Belum tersimpan."
    return problems


def paid_last_month(session: Session, funding_source: str, *, on: date) -> int:
    """Return for how many living workers this payer paid the month before a day: whom a new rate would meet."""
    last = (on.replace(day=1) - date.resolution).replace(day=1)
    return (
        session.scalar(
            select(func.count())
            .select_from(CoverMonth)
            .join(Worker, Worker.id == CoverMonth.worker_id)
            .where(
                CoverMonth.month == last,
                CoverMonth.funding_source == funding_source,
                Worker.died_on.is_(None),
                Worker.left_on.is_(None),
            )
        )
        or 0
    )


def _problems(valid_from: date, source: str, *, first: date) -> dict[str, str]:
    problems = {}
    if valid_from < first:
        problems["valid_from"] = (
            "Yang sudah lewat tidak diubah: pilih hari ini atau sesudahnya. Belum tersimpan."
        )
    elif valid_from.year > first.year + _AHEAD_YEARS:
        problems["valid_from"] = "Paling jauh lima tahun ke depan. Belum tersimpan."
    if len(source.strip()) not in _SOURCE:
        problems["source"] = (
            "Tulis aturan atau surat yang menjadi dasar, 5 sampai 300 huruf. Belum tersimpan."
        )
    return problems
