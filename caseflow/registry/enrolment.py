"""A person on an accepted list becomes a participant. Nothing else makes workers.

Being nominated is not being covered: the branch enrols, with the participant number of BPJS Ketenagakerjaan.
"""

import re
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import long_date
from caseflow.identifiers import ascii_digits
from caseflow.people.actor import Actor
from caseflow.registry import households, life, nomination_steps, queries, reach
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nomination, Nominee

# eleven signs as far as known, letters possible; not verified, so neither is asked for
_NUMBER = re.compile(r"(?=.*[0-9])[0-9A-Z]{6,20}")
_NOTHING_SAVED = " Orang ini belum didaftarkan."


def enrol(
    session: Session,
    nominee: Nominee,
    *,
    participant_number: str,
    registered_on: date,
    by: Actor,
    now: datetime,
) -> Worker:
    """Make the worker of an accepted nominee, or find the one with this NIK, and finish the list with the last.

    The same number again changes nothing and gives the same worker.

    :raises Invalid: number or day cannot be; the person was dead on that day. :raises NotPossible: not accepted.
    :raises NotFound: out of reach.
    """
    reach.require(nominee.region_code, by, "worker.enrol")
    nomination_steps.lock(session, nominee.nomination_id)
    locked = session.get(Nominee, nominee.id, with_for_update=True, populate_existing=True)
    if locked is None:
        raise NotFound("Orang ini sudah tidak ada di daftar. Tidak ada yang berubah.")
    number = read_participant_number(participant_number)
    if locked.state == "enrolled":
        return _same_again(session, locked, number)
    if locked.state != "accepted":
        raise NotPossible("Orang ini belum diterima atau sudah keluar dari daftar." + _NOTHING_SAVED)
    known = queries.find_worker(session, locked.national_id)
    died_on = life.is_dead(session, locked.national_id)
    _check_day(locked, died_on, registered_on, today=clock.local(now).date())
    _check_number(session, number, known)
    if known is None:
        worker = _new_worker(locked, number, registered_on)
        session.add(worker)
    else:
        worker = known
        _join_again(worker, locked, number, registered_on)
        session.flush()
        households.leave_card_of_another_nagari(session, worker, by=by, now=now)
    session.flush()
    locked.state, locked.worker_id, locked.reason = "enrolled", worker.id, None
    locked.decided_at, locked.decided_by_user_id = now, by.user_id
    locked.version += 1
    session.flush()
    record(
        session,
        "worker.enrolled",
        by=by,
        casefile_id=locked.nomination_id,
        subject=f"worker:{worker.public_id}",
        details={
            "nominee": locked.public_id,
            "registered_on": registered_on.isoformat(),
            "new": known is None,
        },
    )
    finish_when_done(session, locked.nomination_id, by=by, now=now)
    return worker


def read_participant_number(typed: str) -> str:
    """Return a participant number without spaces, dots and dashes, in capitals.

    :raises Invalid: it cannot be one.
    """
    number = ascii_digits(typed).upper()
    if not _NUMBER.fullmatch(number):
        raise Invalid(
            {
                "participant_number": "Nomor peserta berisi angka dan huruf saja, biasanya 11."
                " Salin dari kartu atau daftar BPJS Ketenagakerjaan." + _NOTHING_SAVED
            }
        )
    return number


def _same_again(session: Session, nominee: Nominee, number: str) -> Worker:
    worker = queries.get_worker(session, nominee.worker_id or 0)
    if worker.card_number == number:
        return worker
    raise NotPossible(
        "Orang ini sudah terdaftar dengan nomor peserta lain. Tidak ada yang berubah; periksa nomornya."
    )


def _check_day(nominee: Nominee, died_on: date | None, registered_on: date, *, today: date) -> None:
    """Nobody is enrolled ahead, and nobody on the day of their death or after it."""
    if registered_on > today:
        raise Invalid({"registered_on": "Tanggal daftar ada di depan. Periksa tanggalnya." + _NOTHING_SAVED})
    if registered_on <= nominee.born_on:
        raise Invalid(
            {"registered_on": "Tanggal daftar sebelum hari lahir. Periksa tahunnya." + _NOTHING_SAVED}
        )
    if died_on is not None and registered_on >= died_on:
        raise Invalid(
            {
                "registered_on": f"Orang ini meninggal {long_date(died_on)}, jadi tidak dapat didaftarkan sejak hari"
                " itu. Periksa tanggal daftar; bila status hidupnya keliru, betulkan dulu." + _NOTHING_SAVED
            }
        )


def _check_number(session: Session, number: str, known: Worker | None) -> None:
    """One number is one person's, and nobody's number changes by a list."""
    if known is not None and known.card_number is not None:
        if known.card_number != number:
            raise Invalid(
                {
                    "participant_number": "NIK ini sudah punya nomor peserta lain. Cocokkan dengan data BPJS"
                    " Ketenagakerjaan." + _NOTHING_SAVED
                }
            )
        return
    if session.scalar(select(exists().where(Worker.card_number == number))):
        raise Invalid(
            {
                "participant_number": "Nomor peserta ini sudah dipakai orang lain. Periksa nomornya."
                + _NOTHING_SAVED
            }
        )


def _new_worker(nominee: Nominee, number: str, registered_on: date) -> Worker:
    return Worker(
        national_id=nominee.national_id,
        full_name=nominee.full_name,
        born_on=nominee.born_on,
        sex=nominee.sex,
        region_code=nominee.region_code,
        jorong=nominee.jorong,
        occupation=nominee.occupation,
        registered_on=registered_on,
        card_number=number,
        phone=nominee.phone,
        family_card_number=nominee.family_card_number,
        address=nominee.address,
        birth_place=nominee.birth_place,
        mothers_name=nominee.mothers_name,
        hazard=nominee.hazard,
        welfare_decile=nominee.welfare_decile,
    )


def _join_again(worker: Worker, nominee: Nominee, number: str, registered_on: date) -> None:
    """Somebody who was a participant before: name and birthday stay, where and how they live are newer here."""
    if worker.left_on is not None:
        worker.left_on, worker.left_reason = None, None
        worker.registered_on = registered_on
    worker.card_number = number
    worker.region_code, worker.jorong = nominee.region_code, nominee.jorong
    worker.occupation = nominee.occupation
    worker.family_card_number = nominee.family_card_number or worker.family_card_number
    worker.phone = nominee.phone or worker.phone
    worker.address = nominee.address or worker.address
    worker.birth_place = nominee.birth_place or worker.birth_place
    worker.mothers_name = nominee.mothers_name or worker.mothers_name
    worker.hazard = nominee.hazard or worker.hazard
    if nominee.welfare_decile is not None:
        worker.welfare_decile = nominee.welfare_decile
    worker.version += 1


def finish_when_done(session: Session, nomination_id: int, *, by: Actor, now: datetime) -> None:
    """End an accepted list when nobody on it waits for a number any more."""
    waiting = exists().where(
        Nominee.nomination_id == nomination_id, Nominee.state.in_(("accepted", "proposed", "held"))
    )
    if session.scalar(select(waiting)):
        return
    nomination = session.get_one(Nomination, nomination_id, populate_existing=True)
    if nomination.state == "accepted":
        nomination_steps.step(
            session, nomination, "finish", by=by, expected_version=nomination.version, now=now
        )
