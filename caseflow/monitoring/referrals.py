"""Families sent on to help, and the answer that comes with its day; every change is a row of its own.

Whoever is sent on may stay away: attendance goes back into the trail and to nobody who pays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.formats import long_date
from caseflow.identifiers import public_id
from caseflow.monitoring import plans
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.offers import taken_of
from caseflow.monitoring.referral_models import HELP_KINDS, Offer, Referral, ReferralEvent
from caseflow.people.actor import Actor
from caseflow.people.models import Person, StaffUser

STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "asked": "Menunggu jawaban",
        "accepted": "Diterima",
        "attended": "Sudah hadir",
        "completed": "Selesai",
        "declined": "Tidak diterima",
        "no_answer": "Tidak ada jawaban",
        "withdrawn": "Ditarik",
    }
)
# what an answer may become; a late one still counts
NEXT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "asked": ("accepted", "declined", "no_answer", "withdrawn"),
        "accepted": ("attended", "declined", "withdrawn"),
        "attended": ("completed", "withdrawn"),
        "no_answer": ("accepted", "declined", "withdrawn"),
        "completed": (),
        "declined": (),
        "withdrawn": (),
    }
)
USUAL_WAIT = timedelta(days=14)
_LONGEST_WAIT = timedelta(days=180)
_FOR_WHOM, _TO_WHOM, _WORDS, _ANSWER = range(2, 121), range(3, 161), 600, range(3, 601)
_CHANGED = (
    "Rujukan ini baru saja diubah orang lain. Yang Anda kirim belum tersimpan. "
    "Keadaan terbaru ada di bawah; kirim lagi bila masih perlu."
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a family is sent on for.

    :ivar offer: which offer; ``None``: somebody who is not on the list. :ivar visit: where the need was told.
    """

    kind: str
    for_whom: str
    to_whom: str
    words: str
    answer_by_on: date
    offer: Offer | None = None
    visit: PlannedVisit | None = None


@dataclass(frozen=True)
class Answered:
    """What came back: the new state, in words, and the day on which it was said or happened."""

    state: str
    words: str
    on: date


def send_on(session: Session, plan: Plan, asked: Asked, *, by: Actor, now: datetime) -> Referral:
    """Send a family on.

    :param plan: fetched with ``plans.get_plan`` for ``referral.edit``.
    :raises Invalid: something is missing. :raises NotPossible: the offer is closed or full. Nothing is saved.
    """
    today = clock.local(now).date()
    _check(asked, today)
    if asked.visit is not None and asked.visit.plan_id != plan.id:
        raise NotFound("Kunjungan ini tidak ditemukan.")
    if asked.offer is not None:
        _hold_a_place(session, asked.offer, today)
    referral = Referral(
        public_id=public_id(),
        plan_id=plan.id,
        kind=asked.kind,
        for_whom=asked.for_whom,
        to_whom=asked.to_whom,
        words=asked.words,
        state="asked",
        asked_on=today,
        asked_by_user_id=by.user_id or 0,
        answer_by_on=asked.answer_by_on,
        changed_at=now,
        offer_id=asked.offer.id if asked.offer is not None else None,
        planned_visit_id=asked.visit.id if asked.visit is not None else None,
        changed_by_user_id=by.user_id,
    )
    session.add(referral)
    session.flush()
    _note(session, referral, asked.words, by=by)
    return referral


def answer(
    session: Session, referral: Referral, said: Answered, *, by: Actor, expected_version: int, now: datetime
) -> None:
    """Write down what came back.

    :raises Stale: somebody was quicker. :raises NotPossible: not from its present state.
    :raises Invalid: the day or the words cannot be. Nothing is saved.
    """
    session.refresh(referral, with_for_update=True)
    if referral.version != expected_version:
        raise Stale(_CHANGED)
    if said.state not in NEXT[referral.state]:
        label = STATE_LABELS[referral.state].lower()
        raise NotPossible(
            f"Rujukan ini {label}, jadi jawaban itu tidak bisa dicatat. Tidak ada yang berubah."
        )
    _check_answer(referral, said, clock.local(now).date())
    if said.state == "accepted" and referral.state == "no_answer" and referral.offer_id is not None:
        _hold_a_place(session, session.get_one(Offer, referral.offer_id), None)
    referral.state, referral.answer, referral.answered_on = said.state, said.words, said.on
    referral.version += 1
    referral.changed_at, referral.changed_by_user_id = now, by.user_id
    session.flush()
    _note(session, referral, said.words, by=by)


def get_referral(session: Session, public: str, *, by: Actor) -> tuple[Referral, Plan]:
    """Return a referral of a family that is theirs, with the plan.

    :raises NotFound: not there, or another's family.
    """
    found = session.execute(
        select(Referral, Plan.public_id)
        .join(Plan, Plan.id == Referral.plan_id)
        .where(Referral.public_id == public)
    ).one_or_none()
    if found is None:
        raise NotFound("Rujukan ini tidak ditemukan. Periksa alamatnya.")
    referral, plan_id = found
    return referral, plans.get_plan(session, plan_id, by=by, permission="referral.edit")


def is_overdue(referral: Referral, today: date) -> bool:
    """Whether an answer was promised for a day that has passed."""
    return referral.state == "asked" and referral.answer_by_on < today


def referrals_of(session: Session, plan_id: int) -> Sequence[Referral]:
    """Return the referrals of a family, the newest first."""
    return session.scalars(
        select(Referral).where(Referral.plan_id == plan_id).order_by(Referral.id.desc())
    ).all()


def events_of(session: Session, referral_id: int) -> list[tuple[ReferralEvent, str]]:
    """Return what happened to a referral with the name of who wrote it, in order."""
    rows = session.execute(
        select(ReferralEvent, Person.full_name)
        .outerjoin(StaffUser, StaffUser.id == ReferralEvent.by_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .where(ReferralEvent.referral_id == referral_id)
        .order_by(ReferralEvent.version)
    )
    return [(event, name or "") for event, name in rows]


def _hold_a_place(session: Session, offer: Offer, on: date | None) -> None:
    """Wait for whoever takes a place at the same time, then see whether one is left."""
    session.refresh(offer, with_for_update=True)
    if offer.closed_at is not None or (on is not None and offer.ends_on is not None and offer.ends_on < on):
        raise NotPossible("Bantuan ini sudah ditutup. Rujukan belum tersimpan. Pilih bantuan lain.")
    if offer.places is not None and taken_of(session, offer.id) >= offer.places:
        raise NotPossible("Tempat di bantuan ini sudah penuh. Rujukan belum tersimpan. Pilih bantuan lain.")


def _note(session: Session, referral: Referral, words: str, *, by: Actor) -> None:
    session.add(
        ReferralEvent(
            referral_id=referral.id,
            version=referral.version,
            state=referral.state,
            words=words,
            at=referral.changed_at,
            by_user_id=by.user_id,
        )
    )
    session.flush()
    details = {"state": referral.state, "kind": referral.kind}
    record(session, "referral.changed", by=by, casefile_id=referral.plan_id, details=details)


def _check(asked: Asked, today: date) -> None:
    problems = {}
    if asked.kind not in HELP_KINDS:
        problems["kind"] = "Pilih jenis bantuannya."
    if len(asked.for_whom) not in _FOR_WHOM:
        problems["for_whom"] = "Tulis untuk siapa, misalnya nama ibu atau anaknya."
    if len(asked.to_whom) not in _TO_WHOM:
        problems["to_whom"] = "Tulis kepada siapa keluarga dirujuk, 3 sampai 160 huruf."
    if len(asked.words) > _WORDS:
        problems["words"] = f"Paling banyak {_WORDS} huruf."
    if not today < asked.answer_by_on <= today + _LONGEST_WAIT:
        problems["answer_by_on"] = (
            f"Pilih hari sesudah {long_date(today)}, paling lama {_LONGEST_WAIT.days} hari lagi."
        )
    if problems:
        raise Invalid({name: f"{sentence} Belum tersimpan." for name, sentence in problems.items()})


def _check_answer(referral: Referral, said: Answered, today: date) -> None:
    problems = {}
    if len(said.words) not in _ANSWER:
        problems["words"] = "Tulis jawabannya, 3 sampai 600 huruf. Belum tersimpan."
    if not referral.asked_on <= said.on <= today:
        problems["on"] = f"Harinya antara {long_date(referral.asked_on)} dan hari ini. Belum tersimpan."
    if problems:
        raise Invalid(problems)
