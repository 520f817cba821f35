"""Who is alive: a death is told once, with the day and by whom; a mistake is put right by a second person.

Nothing is erased: every word about a life is a row. Not here: the claim that follows a death (claims).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, literal, select
from sqlalchemy.orm import Session

from caseflow import clock, sealing
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.formats import long_date
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser
from caseflow.registry import leaving, reach
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import RegistryFile
from caseflow.registry.people_models import Household, HouseholdMember, LifeEvent

DEATH_REASON = "Meninggal dunia"
SHORTEST_REASON = 10
_TOLD_BY = range(2, 121)  # letters


@dataclass(frozen=True)
class Told:
    """What somebody said of a death.

    :ivar told_by: who said it, in words a colleague can follow up: a name, or an office with the letter's number.
    """

    died_on: date
    told_by: str
    proof: RegistryFile | None = None


@dataclass(frozen=True)
class Word:
    """One word about a life, with the name of who wrote it down."""

    event: LifeEvent
    recorded_by: str


def mark_deceased(
    session: Session,
    worker: Worker,
    *,
    died_on: date,
    told_by: str,
    by: Actor,
    now: datetime,
    proof: RegistryFile | None = None,
) -> LifeEvent:
    """Record that a worker died: the row of the worker and of the household follow, the place of a quota is free.

    :raises Invalid: a day after today or before birth, nobody named. :raises NotPossible: recorded as dead already.
    :raises NotFound: out of reach.
    """
    reach.require(worker.region_code, by, "worker.deceased")
    session.refresh(worker, with_for_update=True)
    _require_alive(worker.full_name, worker.died_on)
    told = Told(died_on, _tidy(told_by), proof)
    _check_day(told, worker.born_on, now)
    before_registration = died_on < worker.registered_on
    if before_registration and policy.mark(by, "worker.deceased") != "full":
        raise Invalid(
            {
                "died_on": f"Hari meninggal sebelum hari terdaftar ({long_date(worker.registered_on)}). Belum ada yang "
                "tersimpan. Periksa tanggalnya; bila memang benar, hubungi petugas cabang."
            }
        )
    worker.died_on = died_on
    worker.version += 1
    for member in _as_member(session, worker):
        _let_go(session, member, died_on)
    event = _event(session, told, worker_id=worker.id, by=by, now=now)
    left = leaving.free(session, worker, left_on=died_on, reason=DEATH_REASON, by=by, now=now)
    record(
        session,
        "worker.deceased",
        by=by,
        subject=f"worker:{worker.public_id}",
        details={
            "event": event.id,
            "places_freed": len(left),
            "before_registration": before_registration,
        },
    )
    return event


def mark_member_deceased(
    session: Session, member: HouseholdMember, told: Told, *, by: Actor, now: datetime
) -> LifeEvent:
    """Record that somebody of a household died; a worker among them is marked as a worker.

    :raises Invalid, NotPossible, NotFound: as :func:`mark_deceased`.
    """
    if member.worker_id is not None:
        worker = session.get_one(Worker, member.worker_id)
        return mark_deceased(
            session, worker, died_on=told.died_on, told_by=told.told_by, by=by, now=now, proof=told.proof
        )
    region_code = session.get_one(Household, member.household_id).region_code
    reach.require(region_code, by, "worker.deceased")
    session.refresh(member, with_for_update=True)
    _require_alive(member.full_name, member.died_on)
    told = Told(told.died_on, _tidy(told.told_by), told.proof)
    _check_day(told, member.born_on, now)
    _let_go(session, member, told.died_on)
    event = _event(session, told, member_id=member.id, by=by, now=now)
    if member.national_id is not None:
        leaving.free_nominee(
            session,
            member.national_id,
            region_code,
            left_on=told.died_on,
            reason=DEATH_REASON,
            by=by,
            now=now,
        )
    record(
        session,
        "household.member_deceased",
        by=by,
        subject=f"household_member:{member.public_id}",
        details={"event": event.id},
    )
    return event


def correct_life(
    session: Session,
    event: LifeEvent,
    *,
    told_by: str,
    reason: str,
    by: Actor,
    now: datetime,
    proof: RegistryFile | None = None,
) -> LifeEvent:
    """Record that somebody who was said to be dead is alive. Places that were freed stay free.

    :raises NotPossible: whoever recorded the death corrects it, it is corrected already, or a later word stands.
    """
    policy.require(by, "life.correct")
    if by.user_id is None:
        raise NotPermitted
    person = _person_of(session, event)
    session.refresh(person, with_for_update=True)
    require_correctable(session, event, by=by)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Invalid({"reason": "Tulis alasan paling sedikit 10 huruf. Belum ada yang tersimpan."})
    told = _tidy(told_by)
    _require_told(told)
    correction = LifeEvent(
        kind="alive",
        told_by=told,
        reason=reason.strip(),
        recorded_at=now,
        recorded_by_user_id=by.user_id,
        worker_id=event.worker_id,
        member_id=event.member_id,
        proof_file_id=proof.id if proof else None,
        corrects_id=event.id,
        corrected_user_id=event.recorded_by_user_id,
    )
    session.add(correction)
    person.died_on = None
    if isinstance(person, Worker):
        person.version += 1
        for member in _as_member(session, person):
            member.died_on = None
    session.flush()
    record(
        session,
        "life.corrected",
        by=by,
        subject=f"worker:{person.public_id}"
        if isinstance(person, Worker)
        else f"household_member:{person.public_id}",
        details={"event": correction.id, "corrects": event.id},
    )
    return correction


def events_of(session: Session, worker_id: int) -> list[LifeEvent]:
    """Return every word about a worker's life, newest first."""
    return list(
        session.scalars(
            select(LifeEvent).where(LifeEvent.worker_id == worker_id).order_by(LifeEvent.id.desc())
        )
    )


def require_correctable(session: Session, event: LifeEvent, *, by: Actor) -> None:
    """Refuse whoever recorded the death, and a word that was corrected.

    :raises NotPossible: see there. :raises NotFound: no word of a death.
    """
    if event.kind != "died":
        raise NotFound("Catatan kematian ini tidak ditemukan.")
    if event.recorded_by_user_id == by.user_id:
        raise NotPossible(
            "Anda sendiri yang mencatat kematian ini. Pembetulan harus oleh orang kedua di kantor cabang. "
            "Tidak ada yang berubah."
        )
    if session.scalar(select(LifeEvent.id).where(LifeEvent.corrects_id == event.id)) is not None:
        raise NotPossible("Catatan ini sudah dibetulkan. Tidak ada yang berubah.")


def words_of(session: Session, worker_id: int) -> list[Word]:
    """Return every word about a worker's life with who wrote it down, newest first."""
    rows = session.execute(
        select(LifeEvent, Person.full_name)
        .join(StaffUser, StaffUser.id == LifeEvent.recorded_by_user_id)
        .join(Person, Person.id == StaffUser.person_id)
        .where(LifeEvent.worker_id == worker_id)
        .order_by(LifeEvent.id.desc())
    )
    return [Word(event, name) for event, name in rows]


def standing_death(session: Session, worker_id: int) -> LifeEvent | None:
    """Return the word of death of a worker that stands, if any."""
    return _standing(session, LifeEvent.worker_id == worker_id)


def standing_death_of_member(session: Session, member_id: int) -> LifeEvent | None:
    """Return the word of death of somebody on a family card that stands, if any."""
    return _standing(session, LifeEvent.member_id == member_id)


def corrected_at(session: Session, worker_id: int) -> datetime | None:
    """Return when a worker who had been said to be dead was put right as living; ``None``: no such word stands."""
    newest = session.execute(
        select(LifeEvent.kind, LifeEvent.recorded_at)
        .where(LifeEvent.worker_id == worker_id)
        .order_by(LifeEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return newest.recorded_at if newest is not None and newest.kind == "alive" else None


def last_alive_at(session: Session, worker_id: int) -> datetime | None:
    """Return when it was last put right that a worker lives, also when a death was told since."""
    return session.scalar(
        select(func.max(LifeEvent.recorded_at)).where(
            LifeEvent.worker_id == worker_id, LifeEvent.kind == "alive"
        )
    )


def is_dead(session: Session, national_id: str | None) -> date | None:
    """Return the day on which somebody with this NIK is recorded to have died, as worker or in a household."""
    if not national_id:
        return None
    index = sealing.blind(national_id)
    return dead_among(session, (index,)).get(index)


def dead_among(session: Session, indexes: Collection[str]) -> dict[str, date]:
    """Return blind index → day of death for those of these NIK who are recorded to have died; the worker's day first."""
    workers = select(Worker.national_id_index, Worker.died_on, literal(1).label("told")).where(
        Worker.national_id_index.in_(indexes), Worker.died_on.is_not(None)
    )
    members = select(
        HouseholdMember.national_id_index, HouseholdMember.died_on, literal(0).label("told")
    ).where(HouseholdMember.national_id_index.in_(indexes), HouseholdMember.died_on.is_not(None))
    rows = session.execute(members.union_all(workers).order_by("told"))
    return {index: died_on for index, died_on, _ in rows if index is not None and died_on is not None}


def dead_on_cards(session: Session, indexes: Collection[str]) -> dict[str, str]:
    """Return blind index → nagari of the family card for those of these NIK who died as somebody of a card."""
    rows = session.execute(
        select(HouseholdMember.national_id_index, Household.region_code)
        .join(Household, Household.id == HouseholdMember.household_id)
        .where(HouseholdMember.national_id_index.in_(indexes), HouseholdMember.died_on.is_not(None))
    )
    return {index: code for index, code in rows if index is not None}


def dead_sentence(full_name: str, died_on: date) -> str:
    """Return why somebody cannot be chosen, and what to do when it is wrong."""
    return (
        f"{full_name} tercatat meninggal pada {long_date(died_on)}, jadi tidak bisa dipilih. Belum tersimpan. "
        "Bila ia masih hidup, petugas cabang dapat membetulkan status hidupnya."
    )


def _standing(session: Session, whose: ColumnElement[bool]) -> LifeEvent | None:
    newest = session.scalar(select(LifeEvent).where(whose).order_by(LifeEvent.id.desc()).limit(1))
    return newest if newest is not None and newest.kind == "died" else None


def _as_member(session: Session, worker: Worker) -> list[HouseholdMember]:
    """The rows of a worker on family cards, by link or by number."""
    return list(
        session.scalars(
            select(HouseholdMember)
            .where(
                (HouseholdMember.worker_id == worker.id)
                | (HouseholdMember.national_id_index == sealing.blind(worker.national_id))
            )
            .order_by(HouseholdMember.id)
            .with_for_update()
        )
    )


def _let_go(session: Session, member: HouseholdMember, died_on: date) -> None:
    """A head who died heads no more: the household waits for another to be named."""
    household = session.get_one(Household, member.household_id, with_for_update=True)
    if household.head_member_id == member.id:
        household.head_member_id = None
        household.version += 1
        session.flush()
    member.died_on = died_on


def _event(
    session: Session,
    told: Told,
    *,
    by: Actor,
    now: datetime,
    worker_id: int | None = None,
    member_id: int | None = None,
) -> LifeEvent:
    if by.user_id is None:
        raise NotPermitted
    event = LifeEvent(
        kind="died",
        died_on=told.died_on,
        told_by=told.told_by,
        recorded_at=now,
        recorded_by_user_id=by.user_id,
        worker_id=worker_id,
        member_id=member_id,
        proof_file_id=told.proof.id if told.proof else None,
    )
    session.add(event)
    session.flush()
    return event


def _require_alive(full_name: str, died_on: date | None) -> None:
    if died_on is not None:
        raise NotPossible(
            f"{full_name} sudah tercatat meninggal pada {long_date(died_on)}. Tidak ada yang dicatat lagi. "
            "Bila tanggalnya salah, petugas cabang dapat membetulkan status hidupnya."
        )


def _check_day(told: Told, born_on: date | None, now: datetime) -> None:
    if told.died_on > clock.local(now).date():
        raise Invalid({"died_on": "Hari meninggal tidak boleh setelah hari ini. Belum ada yang tersimpan."})
    if born_on is not None and told.died_on <= born_on:
        raise Invalid(
            {
                "died_on": f"Hari meninggal harus sesudah hari lahir ({long_date(born_on)}). Belum ada yang tersimpan."
            }
        )
    _require_told(told.told_by)


def _require_told(told_by: str) -> None:
    if len(told_by) not in _TOLD_BY:
        raise Invalid(
            {
                "told_by": "Tulis siapa yang memberi tahu, 2 sampai 120 huruf, misalnya nama anaknya. "
                "Belum ada yang tersimpan."
            }
        )


def _tidy(words: str) -> str:
    return " ".join(words.split())


def _person_of(session: Session, event: LifeEvent) -> Worker | HouseholdMember:
    if event.worker_id is not None:
        return session.get_one(Worker, event.worker_id)
    return session.get_one(HouseholdMember, event.member_id)
