"""Complaints: told by anybody, answered within five working days, asked again once.

Every function that reads what the inspector reads says so to the database first (``complaint_queries.reading``).
Not here: objections to a decision (``objection``), which are steps of the claim itself.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.audit.operations import record
from caseflow.claims import workflows
from caseflow.claims.complaint_models import Complaint
from caseflow.claims.complaint_queries import area, reading
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotPossible
from caseflow.people import hashing
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import queries as registry
from caseflow.registry.models import Region
from caseflow.workflow.fire import fire, open_case
from caseflow.workflow.models import FAR_AWAY, CaseFile, History, Outbox

CATEGORIES = {
    "levy": "Ada yang meminta uang atau bagian",
    "slow": "Terlalu lama",
    "rude": "Diperlakukan tidak baik",
    "wrong_data": "Data salah",
    "wrong_decision": "Keputusan terasa salah",
    "other": "Hal lain",
}
ACCUSED = {
    "nagari": "Orang di nagari atau jorong",
    "branch": "Petugas kantor cabang",
    "bank": "Bank",
    "hospital": "Rumah sakit atau puskesmas",
    "other": "Orang atau kantor lain",
    "unknown": "Tidak tahu",
}
LONGEST, SHORTEST = 2000, 10  # letters of what is told
# whoever complains acts under no name and with no phone: the history of a complaint never tells who it was
COMPLAINANT = Actor(kind="family", name="Pengadu", roles=frozenset({"family"}))
_PREFIX = "ADU"
_ANSWERS = frozenset({"answer", "answer_again"})
_SETTLED_AFTER = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What somebody complains of.

    :ivar key: the random key of the form; the same key is the same complaint.
    :ivar about: the claim it is about; ``None`` when nobody may know, or there is none.
    :ivar confidential: for the inspector alone, whatever it is about and whoever is accused.
    """

    category: str
    accused: str
    words: str
    key: str
    about: Claim | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    helped_by_user_id: int | None = None
    confidential: bool = False


@dataclass(frozen=True)
class Filed:
    """What belongs on paper. The code is kept only as a hash."""

    number: str
    code: str


def desk_of(category: str, accused: str) -> str:
    """Return who reads a complaint: never the office it accuses."""
    return "inspector" if category == "levy" or accused == "branch" else "branch_head"


def file_complaint(session: Session, told: Told, *, branch_code: str, now: datetime, pepper: str) -> Filed:
    """Write down a complaint and return its number and code; told twice with the same key it is one.

    :raises Invalid: unknown choice, or the words are missing or too long. Nothing is saved.
    """
    _check(told)
    reading(session)
    key = hashlib.sha256(_peppered("key", told.key, pepper)).hexdigest()
    code = _code_of(told.key, pepper)
    # a twin of the same form waits here and then finds the first
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
    number = session.scalar(select(Complaint.number).where(Complaint.key_sha256 == key))
    if number is not None:
        return Filed(number, code)
    complaint = _new(session, told, branch_code, key=key, now=now)
    definition = workflows.book().latest("complaint")
    calendar = registry.calendar(session, clock.local(now).date())
    open_case(session, complaint, by=COMPLAINANT, definition=definition, now=now, calendar=calendar)
    complaint.code_hash = hashing.hash_code(code, complaint.id, pepper=pepper)
    _owe(session, complaint, "complaint_received", version=0, now=now)
    session.flush()
    return Filed(complaint.number, code)


def act_on(
    session: Session,
    complaint: Complaint,
    action: str,
    *,
    by: Actor,
    expected_version: int,
    now: datetime,
    reason_code: str | None = None,
    reason_text: str | None = None,
    note: str | None = None,
) -> History:
    """Take a complaint a step further; an answer owes a message to whoever left a number.

    :raises NotPermitted: the role may not. :raises NotPossible: not from its present state.
    :raises Stale: somebody was quicker. :raises Invalid: reason or answer is missing.
    """
    reading(session)
    history = fire(
        session,
        complaint,
        action,
        by=by,
        expected_version=expected_version,
        definition=workflows.book().get(complaint.workflow, complaint.workflow_version),
        calendar=registry.calendar(session, clock.local(now).date()),
        rules={},
        now=now,
        reason_code=reason_code,
        reason_text=reason_text,
        note=note,
    )
    if action in _ANSWERS:
        _owe(session, complaint, "complaint_answered", version=history.version, now=now)
    return history


def show_on_phone(session: Session, complaint: Complaint, device_id: int | None, *, now: datetime) -> None:
    """Show a complaint on one phone from now on, or on none; only ever by whoever has its code."""
    reading(session)
    complaint.shown_on_device_id = device_id
    session.flush()
    what = "complaint.hidden" if device_id is None else "complaint.shown"
    record(session, what, by=COMPLAINANT, casefile_id=complaint.id)


def mark_told(
    session: Session, complaint: Complaint, outbox_id: int, how: str, *, by: Actor, now: datetime
) -> None:
    """Note that a person passed a message on to the complainant.

    :raises NotPossible: somebody already did, or there is no such message.
    """
    marked = session.scalar(
        update(Outbox)
        .where(Outbox.id == outbox_id, Outbox.casefile_id == complaint.id, Outbox.delivered_at.is_(None))
        .values(delivered_at=now, delivered_how=how, delivered_by_user_id=by.user_id)
        .returning(Outbox.notice)
        .execution_options(synchronize_session=False)
    )
    if marked is None:
        raise NotPossible("Pesan ini sudah dicatat disampaikan. Tidak ada yang berubah.")
    record(
        session, "notice.delivered", by=by, casefile_id=complaint.id, details={"notice": marked, "how": how}
    )


def note_read(session: Session, complaint: Complaint, *, by: Actor) -> None:
    """Put down who of the staff opened a complaint; at the complaint, never at the claim."""
    record(session, "complaint.opened", by=by, casefile_id=complaint.id, subject=complaint.number)


def settled_complaints(session: Session, now: datetime) -> Sequence[int]:
    """Return the complaints whose answer nobody has questioned for thirty days."""
    return session.scalars(
        select(CaseFile.id)
        .where(
            CaseFile.kind == "complaint",
            CaseFile.state == "answered",
            CaseFile.entered_at <= now - _SETTLED_AFTER,
        )
        .order_by(CaseFile.id)
    ).all()


def close_settled(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Close one of them; :return: whether it moved."""
    reading(session)
    complaint = session.get_one(Complaint, casefile_id)
    if complaint.state != "answered":
        return False
    act_on(session, complaint, "close", by=SYSTEM, expected_version=complaint.version, now=now)
    return True


def _new(session: Session, told: Told, branch_code: str, *, key: str, now: datetime) -> Complaint:
    today = clock.local(now).date()
    desk = "inspector" if told.confidential else desk_of(told.category, told.accused)
    serial = session.execute(text("SELECT nextval('complaint_serial')")).scalar_one()
    definition = workflows.book().latest("complaint")
    return Complaint(
        kind="complaint",
        number=identifiers.case_number(_PREFIX, today.year, serial),
        workflow=definition.name,
        workflow_version=definition.version,
        state=definition.initial,
        subject="Aduan",
        region_code=told.about.region_code if told.about is not None else _regency(session),
        branch_code=area(branch_code, desk),
        opened_at=now,
        entered_at=now,
        sort_on=FAR_AWAY,
        reported_on=today,
        category=told.category,
        accused=told.accused,
        desk=desk,
        words=told.words.strip(),
        code_hash="",
        key_sha256=key,
        about_casefile_id=told.about.id if told.about is not None else None,
        contact_name=told.contact_name,
        contact_phone=told.contact_phone,
        helped_by_user_id=told.helped_by_user_id,
    )


def _check(told: Told) -> None:
    problems = {}
    if told.category not in CATEGORIES:
        problems["category"] = "Pilih aduan ini tentang apa. Belum terkirim."
    if told.accused not in ACCUSED:
        problems["accused"] = "Pilih siapa yang diadukan, atau “Tidak tahu”. Belum terkirim."
    if not SHORTEST <= len(told.words.strip()) <= LONGEST:
        problems["words"] = f"Ceritakan dengan {SHORTEST} sampai {LONGEST} huruf. Belum terkirim."
    if problems:
        raise Invalid(problems)
    if not told.key:
        raise Invalid(
            "Formulir ini tidak lengkap, jadi tidak ada yang disimpan. Muat ulang halaman, lalu kirim lagi."
        )


def _regency(session: Session) -> str:
    """Return the region of a complaint that is about no claim: the whole regency."""
    return session.scalars(
        select(Region.code).where(Region.level == "kabupaten").order_by(Region.code).limit(1)
    ).one()


def _owe(session: Session, complaint: Complaint, notice: str, *, version: int, now: datetime) -> None:
    """Owe a message, which says nothing of what it is about; without a number there is nobody to tell."""
    if complaint.contact_phone is not None:
        session.add(Outbox(casefile_id=complaint.id, history_version=version, notice=notice, created_at=now))


def _code_of(key: str, pepper: str) -> str:
    """Return the code of a form: the same for the same form, and nobody can work it out without the pepper."""
    body = f"{int.from_bytes(_peppered('code', key, pepper)) % 10**11:011d}"
    return body + identifiers.check_digit(body)


def _peppered(what: str, key: str, pepper: str) -> bytes:
    return hmac.digest(pepper.encode(), f"complaint:{what}:{key}".encode(), "sha256")
