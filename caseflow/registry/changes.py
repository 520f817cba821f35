"""Changes of what identifies a worker: asked with a proof and a reason, answered by a second person of the branch.

Not here: what weighs little and changes at once (``people.edit_worker``).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import households, reach
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nominee, RegistryFile
from caseflow.registry.people_models import HouseholdMember, WorkerChange
from caseflow.registry.queries import find_worker

FIELD_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "full_name": "Nama",
        "national_id": "NIK",
        "born_on": "Tanggal lahir",
        "sex": "Jenis kelamin",
        "family_card_number": "Nomor KK",
    }
)
SHORTEST_REASON = 10
YOUNGEST_YEARS = 15  # younger is no worker; the age of membership itself is a rule of law
PAGE = 25
_NUMBER = re.compile(r"[0-9]{16}")
_CHANGES = (
    select(WorkerChange, Worker, Person.full_name)
    .join(Worker, Worker.id == WorkerChange.worker_id)
    .join(StaffUser, StaffUser.id == WorkerChange.asked_by_user_id)
    .join(Person, Person.id == StaffUser.person_id)
)


@dataclass(frozen=True)
class Wish:
    """One change as somebody asks for it.

    :ivar new_value: as text: a day as ISO, the sex as ``f`` or ``m``, numbers as sixteen digits.
    """

    field: str
    new_value: str
    reason: str
    proof: RegistryFile


@dataclass(frozen=True)
class OpenChange:
    """A change with whom it is about and the name of who asked for it."""

    change: WorkerChange
    worker: Worker
    asked_by: str


def ask_change(session: Session, worker: Worker, wish: Wish, *, by: Actor, now: datetime) -> WorkerChange:
    """Ask for a change of what identifies a worker. Nothing changes before the answer.

    :raises Invalid: a value that cannot be, or no reason. :raises NotPossible: a NIK of somebody else, or the same
        change waits already.
    """
    reach.require(worker.region_code, by, "worker.edit")
    if by.user_id is None:
        raise NotPermitted
    session.refresh(worker, with_for_update=True)
    check_value(session, worker, wish.field, wish.new_value, now=now)
    if len(wish.reason.strip()) < SHORTEST_REASON:
        raise Invalid({"reason": "Tulis alasan paling sedikit 10 huruf. Belum ada yang tersimpan."})
    waiting = select(WorkerChange.id).where(
        WorkerChange.worker_id == worker.id,
        WorkerChange.field == wish.field,
        WorkerChange.answered_at.is_(None),
    )
    if session.scalar(waiting) is not None:
        raise NotPossible(
            f"Perubahan {FIELD_LABELS[wish.field]} sudah diminta dan menunggu jawaban. Tidak ada yang dicatat lagi."
        )
    change = WorkerChange(
        worker_id=worker.id,
        field=wish.field,
        old_value=_written(worker, wish.field),
        new_value=wish.new_value,
        reason=wish.reason.strip(),
        proof_file_id=wish.proof.id,
        asked_at=now,
        asked_by_user_id=by.user_id,
    )
    session.add(change)
    session.flush()
    record(
        session,
        "worker.change_asked",
        by=by,
        subject=f"worker:{worker.public_id}",
        details={"change": change.public_id, "field": wish.field},
    )
    return change


def answer_change(
    session: Session, change: WorkerChange, *, accept: bool, note: str, by: Actor, now: datetime
) -> None:
    """Answer a change; accepted, the worker follows in the same step.

    :raises NotPossible: answered already, asked by the same person, the worker has changed since, or the NIK has
        become somebody else's.
    """
    policy.require(by, "change.answer")
    if by.user_id is None:
        raise NotPermitted
    worker = session.get_one(Worker, change.worker_id, with_for_update=True, populate_existing=True)
    session.refresh(change, with_for_update=True)
    if change.answered_at is not None:
        raise NotPossible("Perubahan ini sudah dijawab. Tidak ada yang berubah.")
    if change.asked_by_user_id == by.user_id:
        raise NotPossible(
            "Anda sendiri yang meminta perubahan ini. Jawabannya oleh orang lain di kantor cabang. Tidak ada yang "
            "berubah."
        )
    if not accept and len(note.strip()) < SHORTEST_REASON:
        raise Invalid({"note": "Tulis alasan penolakan paling sedikit 10 huruf. Belum ada yang tersimpan."})
    if accept:
        _apply(session, worker, change, now=now)
    change.answered_at, change.answered_by_user_id = now, by.user_id
    change.answer, change.answer_note = ("accepted" if accept else "refused"), note.strip()
    session.flush()
    record(
        session,
        "worker.change_answered",
        by=by,
        subject=f"worker:{worker.public_id}",
        details={"change": change.public_id, "field": change.field, "answer": change.answer},
    )


def check_value(session: Session, worker: Worker, field: str, value: str, *, now: datetime) -> None:
    """Refuse a value that a worker cannot have.

    :raises Invalid: with what is wrong. :raises NotPossible: a NIK that is registered for another person.
    """
    if field not in FIELD_LABELS:
        raise Invalid({"field": "Pilih apa yang diubah. Belum ada yang tersimpan."})
    if value == _written(worker, field):
        raise Invalid({"new_value": "Isi barunya sama dengan yang tercatat. Belum ada yang tersimpan."})
    _CHECKS[field](worker, value, now)
    if field == "national_id" and find_worker(session, value) is not None:
        raise NotPossible(
            "NIK ini sudah terdaftar untuk orang lain. Tidak ada yang tersimpan. Periksa KTP-nya; bila orangnya "
            "tercatat dua kali, keluarkan salah satu dengan alasan “Tercatat dua kali”."
        )


def get_change(session: Session, public_id: str, *, by: Actor) -> OpenChange:
    """Return a change for who answers.

    :raises NotFound: there is none.
    """
    row = session.execute(_CHANGES.where(WorkerChange.public_id == public_id)).one_or_none()
    if row is None:
        raise NotFound("Perubahan ini tidak ditemukan.")
    reach.require(row[1].region_code, by, "change.answer")
    return OpenChange(*row)


def open_changes(session: Session, *, by: Actor, after: str | None = None) -> Sequence[OpenChange]:
    """Return changes that wait, the oldest first: a page and one more row, which tells that there is another page.

    :param after: public id of the last row of the page before.
    """
    reachable = reach.within(Worker.region_code, by, "change.answer")
    statement = (
        _CHANGES.where(WorkerChange.answered_at.is_(None), reachable)
        .order_by(WorkerChange.asked_at, WorkerChange.id)
        .limit(PAGE + 1)
    )
    if after is not None:
        last = session.execute(
            select(WorkerChange.asked_at, WorkerChange.id).where(WorkerChange.public_id == after)
        ).one_or_none()
        if last is not None:
            statement = statement.where(
                tuple_(WorkerChange.asked_at, WorkerChange.id) > tuple_(last.asked_at, last.id)
            )
    return [OpenChange(*row) for row in session.execute(statement)]


def changes_of(session: Session, worker_id: int) -> Sequence[WorkerChange]:
    """Return every change asked for a worker, newest first."""
    return session.scalars(
        select(WorkerChange).where(WorkerChange.worker_id == worker_id).order_by(WorkerChange.id.desc())
    ).all()


def _apply(session: Session, worker: Worker, change: WorkerChange, *, now: datetime) -> None:
    if _written(worker, change.field) != change.old_value:
        raise NotPossible(
            f"{FIELD_LABELS[change.field]} sudah berubah sejak perubahan ini diminta. Tidak ada yang berubah; tolak "
            "dengan alasan itu, lalu minta lagi bila masih perlu."
        )
    check_value(session, worker, change.field, change.new_value, now=now)
    value: Any = date.fromisoformat(change.new_value) if change.field == "born_on" else change.new_value
    setattr(worker, change.field, value)
    worker.version += 1
    for member in session.scalars(select(HouseholdMember).where(HouseholdMember.worker_id == worker.id)):
        # the card itself is changed by moving to another card
        if change.field != "family_card_number":
            setattr(member, change.field, value)
    if change.field == "national_id":
        # the places of this person are found by the NIK: under the old one they would be given away twice
        for place in session.scalars(select(Nominee).where(Nominee.worker_id == worker.id)):
            place.national_id = change.new_value
    session.flush()


def _written(worker: Worker, field: str) -> str:
    value = getattr(worker, field)
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _check_name(_worker: Worker, value: str, _now: datetime) -> None:
    if not 1 <= len(value.strip()) <= 120:
        raise Invalid({"new_value": "Nama ditulis 1 sampai 120 huruf. Belum ada yang tersimpan."})


def _check_nik(worker: Worker, value: str, _now: datetime) -> None:
    if not _NUMBER.fullmatch(value):
        raise Invalid({"new_value": "NIK harus 16 angka. Belum ada yang tersimpan."})
    if value == worker.family_card_number:
        raise Invalid({"new_value": "NIK tidak boleh sama dengan nomor KK. Belum ada yang tersimpan."})


def _check_card(worker: Worker, value: str, _now: datetime) -> None:
    if not _NUMBER.fullmatch(value):
        raise Invalid({"new_value": "Nomor KK harus 16 angka. Belum ada yang tersimpan."})
    if value == worker.national_id:
        raise Invalid({"new_value": "Nomor KK tidak boleh sama dengan NIK. Belum ada yang tersimpan."})


def _check_birth(worker: Worker, value: str, now: datetime) -> None:
    try:
        born_on = date.fromisoformat(value)
    except ValueError:
        raise Invalid({"new_value": "Tulis tanggal lahir dengan angka. Belum ada yang tersimpan."}) from None
    today = clock.local(now).date()
    if not YOUNGEST_YEARS <= today.year - born_on.year <= households.OLDEST_AGE or born_on > today:
        raise Invalid(
            {"new_value": "Tanggal lahir ini tidak mungkin untuk pekerja. Belum ada yang tersimpan."}
        )
    if born_on >= worker.registered_on or (worker.died_on is not None and born_on >= worker.died_on):
        raise Invalid({"new_value": "Tanggal lahir harus sebelum hari terdaftar. Belum ada yang tersimpan."})


def _check_sex(_worker: Worker, value: str, _now: datetime) -> None:
    if value not in {"f", "m"}:
        raise Invalid({"new_value": "Pilih laki-laki atau perempuan. Belum ada yang tersimpan."})


_CHECKS: Mapping[str, Callable[[Worker, str, datetime], None]] = MappingProxyType(
    {
        "full_name": _check_name,
        "national_id": _check_nik,
        "born_on": _check_birth,
        "sex": _check_sex,
        "family_card_number": _check_card,
    }
)
