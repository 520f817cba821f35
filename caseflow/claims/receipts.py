"""Whether the money arrived whole: asked three days after it was sent, answered by the family, looked after by us.

Whoever was asked for a share says so in a complaint (``complaints``); of that nothing is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims.complaint_models import Feedback, ReceiptAnswer
from caseflow.claims.models import Claim
from caseflow.claims.recipient import is_payee
from caseflow.claims.states import lock
from caseflow.errors import Invalid, NotPossible
from caseflow.people.actor import Actor
from caseflow.workflow.models import History, Outbox

ASKED_AFTER = timedelta(days=3)
ASKED_FOR = timedelta(days=60)  # then the status page stops asking; the answer is still taken
ANSWERS = ("full", "not_yet")
FACES = ("good", "fair", "bad")
LONGEST_FEEDBACK = 1000
_NOTICE = "received_in_full"
_PAID_STATES = ("paid", "accompanying", "closed", "waiting_year")


@dataclass(frozen=True)
class NotArrived:
    """A family whose money has not arrived, and since when it says so."""

    claim_id: int
    number: str
    subject: str
    said_by: str
    said_at: datetime


def asked_since(session: Session, claim: Claim) -> date | None:
    """Return the day from which the family is asked; ``None`` while nothing is paid, or it came back."""
    last = session.execute(
        select(History.action, History.at)
        .where(
            History.casefile_id == claim.id,
            History.action.in_(("confirm_payment", "report_payment_failure")),
        )
        .order_by(History.version.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.action != "confirm_payment" or claim.state not in _PAID_STATES:
        return None
    return clock.local(last.at).date() + ASKED_AFTER


def is_asked(session: Session, claim: Claim, *, today: date) -> bool:
    """Whether the question is put today; answered with "whole" it is not put again, and nobody is asked for ever."""
    since = asked_since(session, claim)
    if since is None or not since <= today <= since + ASKED_FOR:
        return False
    said = last_answer(session, claim.id, since)
    return said is None or said.answer != "full"


def last_answer(session: Session, casefile_id: int, since: date) -> ReceiptAnswer | None:
    """Return what the family said of the present payment, the newest first; an older payment's does not count."""
    found = session.scalar(
        select(ReceiptAnswer)
        .where(ReceiptAnswer.casefile_id == casefile_id)
        .order_by(ReceiptAnswer.id.desc())
        .limit(1)
    )
    return found if found is not None and clock.local(found.at).date() >= since else None


def answer_receipt(session: Session, claim: Claim, answer: str, *, by: Actor, now: datetime) -> ReceiptAnswer:
    """Keep what the family says; the newest answer counts. That something is missing anybody of the family may say;
    that all is there only who was paid.

    :raises Invalid: no such answer. :raises NotPossible: nothing was paid, the three days are not over, or somebody
        else would have to say so.
    """
    if answer not in ANSWERS:
        raise Invalid({"answer": "Pilih salah satu jawaban. Belum tersimpan."})
    lock(session, claim)
    if answer == "full" and by.kind == "family" and not is_payee(session, claim, by=by):
        raise NotPossible(
            "Yang menjawab “sudah utuh” hanya penerima uangnya sendiri. Jawaban ini belum tersimpan. "
            "Penerima bisa menjawab dari HP-nya atau menelepon petugas."
        )
    since = asked_since(session, claim)
    if since is None or clock.local(now).date() < since:
        raise NotPossible("Santunan belum tiga hari dikirim, jadi belum ditanyakan. Tidak ada yang berubah.")
    row = ReceiptAnswer(
        casefile_id=claim.id,
        answer=answer,
        said_by=by.name,
        at=now,
        device_id=by.device_id,
        user_id=by.user_id,
    )
    session.add(row)
    session.flush()
    record(session, "receipt.answered", by=by, casefile_id=claim.id, details={"answer": answer})
    return row


def not_arrived(session: Session, branch_code: str) -> Sequence[NotArrived]:
    """Return the claims of a branch whose family says that the money has not arrived, longest waiting first."""
    later = aliased(ReceiptAnswer)
    answered_again = (
        select(later.id)
        .where(later.casefile_id == ReceiptAnswer.casefile_id, later.id > ReceiptAnswer.id)
        .exists()
    )
    rows = session.execute(
        select(Claim.id, Claim.number, Claim.subject, ReceiptAnswer.said_by, ReceiptAnswer.at)
        .join(ReceiptAnswer, ReceiptAnswer.casefile_id == Claim.id)
        .where(Claim.branch_code == branch_code, ReceiptAnswer.answer == "not_yet", ~answered_again)
        .order_by(ReceiptAnswer.at)
    )
    return [NotArrived(*row) for row in rows]


def families_to_ask(session: Session, today: date) -> Sequence[int]:
    """Return the claims paid three days ago or earlier whose family was not yet asked; long ago paid is let be."""
    asked = (
        select(Outbox.id)
        .where(
            Outbox.casefile_id == Claim.id,
            Outbox.notice == _NOTICE,
            Outbox.history_version >= History.version,
        )
        .exists()
    )
    until = datetime.combine(today - ASKED_AFTER + timedelta(days=1), time(), clock.WIB)
    return session.scalars(
        select(Claim.id)
        .join(History, History.casefile_id == Claim.id)
        .where(
            Claim.state.in_(_PAID_STATES),
            History.action == "confirm_payment",
            History.at < until,
            History.at >= until - ASKED_FOR - timedelta(days=1),
            ~asked,
        )
        .distinct()
        .order_by(Claim.id)
    ).all()


def ask_family(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Owe the family the question, once a payment; :return: whether it was written now."""
    claim = session.get_one(Claim, casefile_id)
    lock(session, claim)
    since = asked_since(session, claim)
    if since is None or clock.local(now).date() < since:
        return False
    written = session.execute(
        insert(Outbox)
        .values(
            casefile_id=claim.id,
            history_version=claim.version,
            notice=_NOTICE,
            created_at=now,
            values={},
            occasion=since.isoformat(),
        )
        .on_conflict_do_nothing()
        .returning(Outbox.id)
    ).scalar_one_or_none()
    return written is not None


def give_feedback(
    session: Session, face: str, words: str, *, branch_code: str, key_sha256: str, now: datetime
) -> None:
    """Keep a face and perhaps a sentence, of nobody; the same form twice is one.

    :raises Invalid: no face, or the words are too long. Nothing is saved.
    """
    problems = {}
    if face not in FACES:
        problems["face"] = "Pilih salah satu gambar wajah. Belum terkirim."
    if len(words) > LONGEST_FEEDBACK:
        problems["words"] = f"Paling banyak {LONGEST_FEEDBACK} huruf. Belum terkirim."
    if problems:
        raise Invalid(problems)
    session.execute(
        insert(Feedback)
        .values(
            branch_code=branch_code,
            given_on=clock.local(now).date(),
            face=face,
            words=words.strip(),
            key_sha256=key_sha256,
        )
        .on_conflict_do_nothing()
    )
