"""First work on a report: who takes it, which participant it is about, facts put right."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.living import give_up_false_cases
from caseflow.claims.models import Claim
from caseflow.claims.states import EDITING, lock, require_state
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import instant_wib
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.registry import life
from caseflow.registry.models import Worker

SHORTEST_REASON = 10
_PROVIDER_NUMBER = re.compile(r"[A-Z0-9/-]{1,40}")


@dataclass(frozen=True)
class EventFacts:
    """Facts of the event as the papers tell them."""

    event_on: date
    cause: str
    honorific: str
    reason: str


def assign(session: Session, claim: Claim, user_id: int | None, *, by: Actor) -> None:
    """Give the case to an officer, or put it back into the common queue with ``None``."""
    if user_id is not None:
        # held until the end: an account that is being closed hands over what it has, and takes nothing after
        user = session.get(StaffUser, user_id, with_for_update={"read": True}, populate_existing=True)
        if user is None or not user.active:
            raise NotFound("Petugas ini tidak ditemukan. Kasus tidak berubah.")
    claim.assignee_user_id = user_id
    session.flush()
    record(session, "claim.assigned", by=by, casefile_id=claim.id, details={"user": user_id})


def link_worker(session: Session, claim: Claim, worker_id: int, *, by: Actor) -> Worker:
    """Say which participant the report is about. A worker has one death claim at most.

    Whoever does prepares the claim; the questions of eligibility are open again.

    :raises NotPossible: another case already carries this worker; its number is named.
    :raises Invalid: the worker was born after the day of death, so it is somebody else.
    """
    require_state(session, claim, EDITING)
    worker = session.get(Worker, worker_id)
    if worker is None:
        raise NotFound("Pekerja ini tidak ada di registrasi. Kasus tidak berubah.")
    give_up_false_cases(session, worker, by=by)
    other = _other_case(session, claim, worker_id)
    if other is not None:
        raise NotPossible(f"{worker.full_name} sudah punya kasus {other} untuk ini. Kasus ini tidak berubah.")
    take_verify_duty(session, claim, by=by, now=clock.now())
    claim.worker_id = worker.id
    claim.subject = worker.full_name
    session.flush()
    record(session, "claim.worker_linked", by=by, casefile_id=claim.id, details={"worker": worker.id})
    _note_life(session, claim, worker, by=by)
    return worker


def _note_life(session: Session, claim: Claim, worker: Worker, *, by: Actor) -> None:
    """The registry learns of the death too, so that nobody dead is nominated or paid for.

    Should the worker turn out to live, a second person corrects it (``registry.life``).
    """
    if claim.died_on is not None and worker.died_on is None and claim.program != "scholarship":
        told_by = f"laporan {claim.number}"
        life.mark_deceased(session, worker, died_on=claim.died_on, told_by=told_by, by=by, now=clock.now())


def _other_case(session: Session, claim: Claim, worker_id: int) -> str | None:
    """Return the case of the same death, or of an accident on the same day, that this worker already has."""
    same_death = Claim.died_on.is_not(None) if claim.died_on is not None else false()
    same_accident = (Claim.event_on == claim.event_on) if claim.program == "jkk" else false()
    return session.scalar(
        select(Claim.number).where(
            Claim.worker_id == worker_id,
            Claim.id != claim.id,
            Claim.program != "scholarship",
            same_death | (same_accident & (Claim.program == "jkk")),
        )
    )


def correct_event(session: Session, claim: Claim, facts: EventFacts, *, by: Actor, now: datetime) -> None:
    """Put the facts of the event right, with the reason; the first notice stays as it was given.

    Whoever does prepares the claim; the questions of eligibility are open again.

    :raises Invalid: a day in the future or a reason that is too short.
    """
    require_state(session, claim, EDITING)
    if claim.program != "jkm":
        raise NotPossible("Fakta kecelakaan dicatat di halaman Kecelakaan. Tidak ada yang berubah.")
    problems = {}
    if facts.event_on > clock.local(now).date():
        problems["event_on"] = "Tanggal meninggal tidak boleh setelah hari ini. Belum tersimpan."
    if len(facts.reason.strip()) < SHORTEST_REASON:
        problems["reason"] = (
            "Tulis dokumen mana yang menjadi dasar, paling sedikit 10 huruf. Belum tersimpan."
        )
    if problems:
        raise Invalid(problems)
    take_verify_duty(session, claim, by=by, now=now)
    before = {"event_on": claim.event_on.isoformat(), "cause": claim.cause}
    claim.event_on = claim.died_on = facts.event_on
    claim.cause, claim.honorific = facts.cause, facts.honorific
    session.flush()
    after = {"event_on": claim.event_on.isoformat(), "cause": claim.cause, "reason": facts.reason.strip()}
    record(
        session,
        "claim.event_corrected",
        by=by,
        casefile_id=claim.id,
        details={"before": before, "after": after},
    )


def set_provider_number(
    session: Session, claim: Claim, number: str | None, *, by: Actor, now: datetime
) -> None:
    """Note the claim's number in the provider's own system; nothing typed takes it off again.

    :param number: up to 40 letters A–Z (small ones are made large), digits, dashes and slashes.
    :raises NotPossible: the case is closed; :raises Invalid: not such a number. Nothing is saved.
    """
    lock(session, claim)
    if claim.closed_at is not None:
        raise NotPossible(
            f"Kasus ini sudah ditutup {instant_wib(claim.closed_at)}, jadi nomor BPJS tidak diubah lagi."
        )
    wanted = (number or "").strip().upper() or None
    if wanted is not None and not _PROVIDER_NUMBER.fullmatch(wanted):
        raise Invalid(
            {
                "provider_claim_number": "Nomor BPJS hanya huruf A sampai Z, angka, tanda - dan /, "
                "paling banyak 40. Belum tersimpan."
            }
        )
    if wanted == claim.provider_claim_number:
        return
    claim.provider_claim_number = wanted
    session.flush()
    record(
        session,
        "claim.provider_number_set",
        by=by,
        casefile_id=claim.id,
        details={"set": wanted is not None},
    )
