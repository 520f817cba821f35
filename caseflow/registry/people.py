"""Workers of the registry: fetched within reach, put right where it weighs little, taken off the lists, compared.

Not here: enrolment (nominations), deaths (``life``), changes that need a proof (``changes``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple

from sqlalchemy import extract, or_, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import long_date
from caseflow.people.actor import Actor
from caseflow.registry import leaving, names, reach
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nominee, Quota

LEFT_REASONS: Mapping[str, str] = MappingProxyType(
    {
        "moved": "Pindah ke luar nagari",
        "stopped_working": "Tidak bekerja lagi",
        "duplicate": "Tercatat dua kali",
        "own_wish": "Permintaan sendiri",
        "too_old": "Lewat batas umur",
        "other": "Sebab lain",
    }
)
_NAMESAKES = 400  # rows compared at most; born on one day or in one year in one nagari
_SHORT, _LONG = 80, 400


@dataclass(frozen=True)
class LightFacts:
    """What may be put right at once, because no right of anybody depends on it."""

    jorong: str
    occupation: str
    hazard: str = ""
    phone: str | None = None
    address: str = ""
    birth_place: str = ""
    mothers_name: str = ""
    welfare_decile: int | None = None


@dataclass(frozen=True)
class Lookalike:
    """A registered worker who may be the person somebody writes down.

    :ivar because: the reasons, each a sentence; nothing is decided here.
    """

    worker: Worker
    because: tuple[str, ...]


class OnList(NamedTuple):
    """A place of a worker on a list, with the payer and the period."""

    state: str
    reason: str | None
    starts_on: date
    ends_on: date
    funding_source: str


def get_worker(session: Session, public_id: str, *, by: Actor, permission: str = "worker.read") -> Worker:
    """Return a worker of somebody's reach.

    :raises NotFound: not there, or not theirs: the answer is the same.
    """
    worker = session.scalar(select(Worker).where(Worker.public_id == public_id))
    if worker is None:
        raise NotFound("Data ini tidak ditemukan.")
    reach.require(worker.region_code, by, permission)
    return worker


def edit_worker(session: Session, worker: Worker, facts: LightFacts, *, by: Actor) -> tuple[str, ...]:
    """Put right what weighs little and return the names of what changed.

    :raises Invalid: an empty or too long field. :raises NotPossible: the worker is dead.
    """
    reach.require(worker.region_code, by, "worker.edit")
    session.refresh(worker, with_for_update=True)
    _require_here(worker)
    _check_light(facts)
    changed = tuple(name for name, value in vars(facts).items() if getattr(worker, name) != value)
    for name in changed:
        setattr(worker, name, getattr(facts, name))
    worker.version += 1
    session.flush()
    if changed:
        record(session, "worker.edited", by=by, subject=_subject(worker), details={"fields": list(changed)})
    return changed


def note_left(
    session: Session, worker: Worker, *, left_on: date, reason: str, by: Actor, now: datetime
) -> None:
    """Take a living worker off the lists, with the reason; the place of a quota is free.

    :param reason: see :data:`LEFT_REASONS`.
    :raises Invalid: a day after today or before registration, no reason. :raises NotPossible: dead, or gone already.
    """
    reach.require(worker.region_code, by, "worker.edit")
    session.refresh(worker, with_for_update=True)
    _require_here(worker)
    wrong = {}
    if reason not in LEFT_REASONS:
        wrong["reason"] = "Pilih sebabnya. Belum ada yang tersimpan."
    if left_on > clock.local(now).date():
        wrong["left_on"] = "Tanggalnya tidak boleh setelah hari ini. Belum ada yang tersimpan."
    elif left_on < worker.registered_on:
        wrong["left_on"] = (
            f"Tanggalnya sebelum hari terdaftar ({long_date(worker.registered_on)}). Belum ada yang tersimpan."
        )
    if wrong:
        raise Invalid(wrong)
    worker.left_on, worker.left_reason = left_on, reason
    worker.version += 1
    left = leaving.free(session, worker, left_on=left_on, reason=LEFT_REASONS[reason], by=by, now=now)
    record(
        session,
        "worker.left",
        by=by,
        subject=_subject(worker),
        details={"reason": reason, "places_freed": len(left)},
    )


def lookalikes(session: Session, name: str, born_on: date, region_code: str) -> Sequence[Lookalike]:
    """Return who of a nagari may be the same person: a like name, born on the same day or almost; never decides."""
    near = session.scalars(
        select(Worker)
        .where(
            Worker.region_code == region_code,
            or_(Worker.born_on == born_on, extract("year", Worker.born_on) == born_on.year),
        )
        .order_by((Worker.born_on == born_on).desc(), Worker.id)
        .limit(_NAMESAKES)
    )
    found = [Lookalike(worker, _alike(worker, name, born_on)) for worker in near]
    return [one for one in found if one.because]


def lists_of(session: Session, worker_id: int) -> Sequence[OnList]:
    """Return the lists on which a worker stood, newest first."""
    rows = session.execute(
        select(Nominee.state, Nominee.reason, Nominee.starts_on, Nominee.ends_on, Quota.funding_source)
        .join(Quota, Quota.id == Nominee.quota_id)
        .where(Nominee.worker_id == worker_id)
        .order_by(Nominee.starts_on.desc(), Nominee.id.desc())
    )
    return [OnList(*row) for row in rows]


def _alike(worker: Worker, name: str, born_on: date) -> tuple[str, ...]:
    match = names.resembles(name, worker.full_name)
    if match.kind == "different":
        return ()
    if worker.born_on == born_on:
        return (match.because, "Tanggal lahir sama.")
    if (worker.born_on.day, worker.born_on.month) == (born_on.month, born_on.day):
        return (match.because, "Tanggal dan bulan lahir tertukar.")
    if worker.born_on.day == born_on.day or worker.born_on.month == born_on.month:
        return (match.because, f"Tanggal lahir hampir sama: {long_date(worker.born_on)}.")
    return ()


def _require_here(worker: Worker) -> None:
    if worker.died_on is not None:
        raise NotPossible(
            f"{worker.full_name} tercatat meninggal pada {long_date(worker.died_on)}. Tidak ada yang berubah. "
            "Bila ia masih hidup, petugas cabang dapat membetulkan status hidupnya."
        )
    if worker.left_on is not None:
        raise NotPossible(
            f"{worker.full_name} sudah keluar dari daftar pada {long_date(worker.left_on)}. Tidak ada yang berubah."
        )


def _check_light(facts: LightFacts) -> None:
    wrong = {}
    for name, words in (("jorong", "jorong"), ("occupation", "pekerjaan")):
        if not 1 <= len(getattr(facts, name).strip()) <= _SHORT:
            wrong[name] = f"Tulis {words}, paling banyak {_SHORT} huruf. Belum ada yang tersimpan."
    if len(facts.address) > _LONG:
        wrong["address"] = f"Alamat paling banyak {_LONG} huruf. Belum ada yang tersimpan."
    if facts.welfare_decile is not None and not 1 <= facts.welfare_decile <= 10:
        wrong["welfare_decile"] = "Desil ditulis 1 sampai 10. Belum ada yang tersimpan."
    if facts.hazard not in {"", "low", "medium", "high"}:
        wrong["hazard"] = "Pilih risikonya dari daftar. Belum ada yang tersimpan."
    if wrong:
        raise Invalid(wrong)


def _subject(worker: Worker) -> str:
    return f"worker:{worker.public_id}"
