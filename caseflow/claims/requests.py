"""What a family asks of us besides sending papers: help with one, a reminder, a question. Each is answered in words.

Not here: reading lists of requests (``request_queries``), and taking a whole report back.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.models import Claim
from caseflow.claims.operations import papers_arrived
from caseflow.claims.owing import owe
from caseflow.claims.papers import waive_paper
from caseflow.claims.states import OPEN_FOR_PAPERS, lock
from caseflow.documents.catalogue import catalogue
from caseflow.documents.models import Requirement
from caseflow.documents.review import get_requirement
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor

STUCK_AT = ("nagari", "district", "civil_registry", "hospital", "bank", "relatives", "other")
REMIND_AFTER_DAYS = (1, 3, 7)
ABOUT_PAPERS = ("help_find", "help_obtain", "not_applicable", "remind")
QUESTIONS = ("question", "correct")
SHORTEST = 10  # letters of a reason, a question or an answer
LONGEST = 1000
MOST_QUESTIONS = 5  # open ones of a case
_NOT_THERE = frozenset({"missing", "returned"})
_REMINDED = "Sudah kami ingatkan."
_NO_NEED = "Dokumennya sudah ada, jadi kami tidak mengingatkan lagi."
_TAKEN_BACK = "Dibatalkan oleh Ibu/Bapak."


@dataclass(frozen=True)
class PaperAsk:
    """What is asked about a paper: ``stuck_at`` with ``help_obtain``, ``words`` with ``not_applicable``, days with
    ``remind``.
    """

    kind: str
    stuck_at: str | None = None
    words: str = ""
    remind_after_days: int | None = None


def ask_about_paper(
    session: Session, claim: Claim, code: str, ask: PaperAsk, *, by: Actor, now: datetime
) -> FamilyRequest:
    """Ask for help with a paper that is not there. Asked a second time, the open request is returned unchanged.

    :raises Invalid: something of the question is missing. :raises NotPossible: the paper came, or is not needed now.
    """
    lock(session, claim)
    if claim.state not in OPEN_FOR_PAPERS:
        raise NotPossible("Berkas ini sedang diputuskan, jadi tidak ada yang disimpan. Telepon petugas saja.")
    requirement = get_requirement(session, claim.id, code)
    if requirement.status not in _NOT_THERE:
        raise NotPossible(
            "Dokumen ini sudah dikirim. Tidak ada yang perlu diminta, dan tidak ada yang disimpan."
        )
    found = _open(session, claim.id, ask.kind, requirement.id)
    if found is not None:
        return found
    request = _new(claim, ask.kind, by, now)
    request.requirement_id = requirement.id
    _fill(request, ask, now)
    return _put_down(session, request, by)


def ask_question(
    session: Session, claim: Claim, kind: str, words: str, *, by: Actor, now: datetime
) -> FamilyRequest:
    """Put a question to the officer, or say that a name is wrong. The same words are one question.

    Whoever wants to be added to the report (``joining``) does not count among the family's own.

    :raises Invalid: too short, or neither a question nor a correction. :raises NotPossible: five wait already.
    """
    if kind not in QUESTIONS:
        raise Invalid({"kind": "Pilih salah satu. Belum ada yang terkirim."})
    said = _words(words, "Tulis pertanyaannya, paling sedikit 10 huruf. Belum ada yang terkirim.")
    lock(session, claim)
    waiting = session.scalars(
        select(FamilyRequest).where(
            FamilyRequest.casefile_id == claim.id,
            FamilyRequest.kind.in_(QUESTIONS),
            FamilyRequest.answered_at.is_(None),
        )
    ).all()
    same = next((one for one in waiting if (one.kind, one.words) == (kind, said)), None)
    if same is not None:
        return same
    if sum(one.device_id is not None for one in waiting) >= MOST_QUESTIONS:
        raise NotPossible(
            "Lima pertanyaan Ibu/Bapak masih menunggu jawaban. Yang ini belum terkirim. Telepon petugas bila mendesak."
        )
    request = _new(claim, kind, by, now)
    request.words = said
    return _put_down(session, request, by)


def take_back(session: Session, claim: Claim, request_id: int, *, by: Actor, now: datetime) -> FamilyRequest:
    """Withdraw one's own open request; nothing else changes.

    :raises NotFound: not this person's. :raises NotPossible: it was answered meanwhile.
    """
    lock(session, claim)
    request = _locked(session, claim, request_id)
    if by.kind != "family" or request.asked_by != by.name or request.kind not in ABOUT_PAPERS + QUESTIONS:
        raise NotFound("Permintaan ini tidak ditemukan.")
    if request.taken_back:
        return request
    if request.answered_at is not None:
        raise NotPossible("Permintaan ini sudah dijawab petugas. Tidak ada yang berubah.")
    _close(request, _TAKEN_BACK, now)
    request.taken_back = True
    session.flush()
    _audit(session, request, "request.taken_back", by)
    return request


def answer(
    session: Session, claim: Claim, request_id: int, sentence: str, *, by: Actor, now: datetime
) -> FamilyRequest:
    """Answer in a sentence that the family reads; a message tells it that there is an answer.

    Of somebody who only wants to be added (``joining``) the family knows nothing: that answer is a telephone call.

    :raises Invalid: no sentence. :raises NotPossible: answered or taken back meanwhile.
    """
    if by.kind != "staff" or by.user_id is None:
        raise NotPermitted
    said = _words(sentence, "Tulis jawaban untuk keluarga, paling sedikit 10 huruf. Belum ada yang disimpan.")
    lock(session, claim)
    request = _locked(session, claim, request_id)
    if request.kind == "remind":
        raise NotPossible("Pengingat dikirim sendiri pada harinya. Tidak ada yang berubah.")
    if request.answered_at is not None:
        gone = "dibatalkan keluarga" if request.taken_back else "dijawab"
        raise NotPossible(
            f"Permintaan ini sudah {gone}. Tidak ada yang berubah; muat ulang untuk melihatnya."
        )
    _close(request, said, now)
    request.answered_by_user_id = by.user_id
    session.flush()
    _audit(session, request, "request.answered", by)
    if request.device_id is not None:
        owe(session, claim, "request_answered", occasion=f"request-{request.id}", now=now)
    return request


def answer_by_waiving(
    session: Session, claim: Claim, request_id: int, sentence: str, *, by: Actor, now: datetime
) -> FamilyRequest:
    """Agree that a paper is not needed: do without it, with the sentence as reason and as answer.

    Was it the last one, the case moves on and its clock starts.

    :raises NotPossible: the regulation demands the paper, or its stage is over; then nothing is answered.
    """
    lock(session, claim)
    request = _locked(session, claim, request_id)
    if request.kind != "not_applicable":
        raise NotPossible("Keluarga tidak menyebut dokumen ini tidak perlu. Tidak ada yang berubah.")
    requirement = session.get_one(Requirement, request.requirement_id)
    waive_paper(session, claim, requirement.code, sentence, by=by, now=now)
    request = answer(session, claim, request_id, sentence, by=by, now=now)
    papers_arrived(session, claim, now=now)
    return request


def remind(session: Session, request_id: int, *, now: datetime) -> bool:
    """Remind the family on the day it chose, unless the paper came meanwhile; the request is over either way.

    :return: whether a message was written; a second run of the same day writes none.
    """
    request = session.get_one(FamilyRequest, request_id)
    claim = session.get_one(Claim, request.casefile_id)
    lock(session, claim)
    session.refresh(request)
    today = clock.local(now).date()
    if request.answered_at is not None or request.remind_on is None or request.remind_on > today:
        return False
    requirement = session.get_one(Requirement, request.requirement_id, populate_existing=True)
    still_missing = requirement.status in _NOT_THERE and claim.state in OPEN_FOR_PAPERS
    if still_missing:
        paper = catalogue().papers[requirement.code].words(claim.honorific)["name"]
        owe(
            session,
            claim,
            "paper_reminder",
            occasion=f"request-{request.id}",
            now=now,
            values={"papers": paper, "count": "1"},
        )
    _close(request, _REMINDED if still_missing else _NO_NEED, now)
    session.flush()
    return still_missing


def _fill(request: FamilyRequest, ask: PaperAsk, now: datetime) -> None:
    """Put in what goes with the kind of question.

    :raises Invalid: it is missing.
    """
    match ask.kind:
        case "help_find":
            return
        case "help_obtain":
            if ask.stuck_at not in STUCK_AT:
                raise Invalid({"stuck_at": "Pilih di mana tertahannya. Belum ada yang terkirim."})
            request.stuck_at = ask.stuck_at
            request.words = " ".join(ask.words.split())[:LONGEST]
        case "not_applicable":
            request.words = _words(
                ask.words, "Tulis sebabnya, paling sedikit 10 huruf. Belum ada yang terkirim."
            )
        case "remind":
            if ask.remind_after_days not in REMIND_AFTER_DAYS:
                raise Invalid({"days": "Pilih kapan diingatkan. Belum ada yang disimpan."})
            request.remind_on = _day_after(now, ask.remind_after_days)
        case _:
            raise Invalid("Pilih salah satu. Belum ada yang terkirim.")


def _day_after(now: datetime, days: int) -> date:
    return clock.local(now).date() + timedelta(days=days)


def _words(words: str, otherwise: str) -> str:
    plain = " ".join(words.split())
    if len(plain) < SHORTEST:
        raise Invalid({"words": otherwise})
    if len(plain) > LONGEST:
        raise Invalid({"words": f"Paling banyak {LONGEST} huruf. Belum ada yang terkirim. Singkatkan dulu."})
    return plain


def _new(claim: Claim, kind: str, by: Actor, now: datetime) -> FamilyRequest:
    helper = by.user_id if by.kind == "staff" else None
    return FamilyRequest(
        casefile_id=claim.id,
        kind=kind,
        asked_by=by.name,
        asked_at=now,
        device_id=by.device_id,
        helped_by_user_id=helper,
    )


def _put_down(session: Session, request: FamilyRequest, by: Actor) -> FamilyRequest:
    session.add(request)
    session.flush()
    _audit(session, request, "request.asked", by)
    return request


def _open(session: Session, casefile_id: int, kind: str, requirement_id: int) -> FamilyRequest | None:
    return session.scalar(
        select(FamilyRequest).where(
            FamilyRequest.casefile_id == casefile_id,
            FamilyRequest.requirement_id == requirement_id,
            FamilyRequest.kind == kind,
            FamilyRequest.answered_at.is_(None),
        )
    )


def _locked(session: Session, claim: Claim, request_id: int) -> FamilyRequest:
    # the claim is locked now: read the row as it is, not as this session saw it before
    request = session.get(FamilyRequest, request_id, populate_existing=True)
    if request is None or request.casefile_id != claim.id:
        raise NotFound("Permintaan ini tidak ditemukan pada kasus ini.")
    return request


def _close(request: FamilyRequest, words: str, now: datetime) -> None:
    request.answered_at, request.answer = now, words


def _audit(session: Session, request: FamilyRequest, action: str, by: Actor) -> None:
    details = {"request": request.id, "kind": request.kind}
    record(session, action, by=by, casefile_id=request.casefile_id, details=details)
