"""The family's slip: a sheet with three one-time codes and two words by which they know us.

Codes are printed once and kept only as hashes. Not here: typing and spending a code (``slip_codes``), the phone
that it opens (``devices``).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound
from caseflow.identifiers import slip_code
from caseflow.people import devices, hashing, policy, words
from caseflow.people.actor import Actor
from caseflow.people.models import Person, Slip, SlipCode, StaffUser

CODES_LAST = timedelta(days=30)
CODES = 3
HOLD = timedelta(hours=24)  # after a slip was made anew nothing is changed at the counter that moves money
SEEN = (("ktp", "KTP asli"), ("kk", "KK asli"), ("both", "KTP dan KK asli"))


@dataclass(frozen=True)
class Proof:
    """Who the person at the counter is, and which card showed it.

    :ivar relation: to the worker, in words. :ivar seen: one of ``SEEN``.
    :ivar member_id: the recorded relative to whom, or for whom, it is given.
    :ivar guardian_of: the minor whose slip the holder keeps.
    """

    relation: str
    seen: str
    member_id: int | None = None
    guardian_of: str | None = None


@dataclass(frozen=True)
class PrintedSlip:
    """What the paper shows. The codes exist nowhere else in readable form.

    :ivar codes: twelve digits each, for phone 1, 2 and 3.
    """

    slip_id: int
    casefile_id: int
    holder_name: str
    codes: tuple[str, ...]
    phrase: str
    issued_at: datetime
    codes_expire_at: datetime
    guardian_of: str | None


@dataclass(frozen=True)
class LiveSlip:
    """A slip in force, for staff and for checking our own two words.

    :ivar issued_by: who printed it; ``None``: the phone that reported.
    """

    slip_id: int
    holder_name: str
    phrase: str
    issued_at: datetime
    issued_where: str
    seen: str
    relation: str
    member_id: int | None
    guardian_of: str | None
    issued_by: str | None
    codes_used: int


def issue_slip(
    session: Session,
    casefile_id: int,
    holder_name: str,
    *,
    by: Actor,
    now: datetime,
    pepper: str,
    proof: Proof | None = None,
) -> PrintedSlip:
    """Make a slip for one person. A former one for the same part is void, with the codes not yet used on it.

    A guardian holds one for each child beside an own one; all that a person holds carry the same two words.

    Phones that were already opened stay open; :func:`revoke_slip` closes those too.

    :param proof: what was seen; only the phone that sent the report (``SYSTEM``) goes without.
    :raises NotPermitted: not the actor's to print. :raises Invalid: ``seen``: no card was seen.
    """
    policy.require(by, "slip.issue")
    if proof is None and by.kind != "system":
        raise Invalid({"seen": "Lihat dulu KTP atau KK aslinya. Slip belum dibuat."})
    shown = proof or Proof(relation="", seen="none")
    codes = tuple(slip_code() for _ in range(CODES))
    hashes = [hashing.hash_code(code, casefile_id, pepper=pepper) for code in codes]
    held = (Slip.casefile_id == casefile_id, Slip.holder_name == holder_name)
    void_slips(
        session, *held, Slip.guardian_of.is_not_distinct_from(shown.guardian_of), why="cetak ulang", now=now
    )
    phrase = session.scalar(
        select(Slip.phrase).where(*held, Slip.revoked_at.is_(None)).order_by(Slip.id).limit(1)
    )
    slip = Slip(
        casefile_id=casefile_id,
        holder_name=holder_name,
        phrase=phrase or words.phrase(),
        issued_at=now,
        issued_where=_where(by),
        seen=shown.seen,
        relation=shown.relation,
        member_id=shown.member_id,
        guardian_of=shown.guardian_of,
        issued_by_user_id=by.user_id,
    )
    session.add(slip)
    session.flush()
    expires_at = now + CODES_LAST
    session.add_all(
        SlipCode(slip_id=slip.id, ordinal=ordinal, code_hash=hashed, expires_at=expires_at)
        for ordinal, hashed in enumerate(hashes, start=1)
    )
    session.flush()
    details = {"where": slip.issued_where, "seen": slip.seen}
    record(session, "slip.issued", by=by, casefile_id=casefile_id, subject=f"slip:{slip.id}", details=details)
    return PrintedSlip(
        slip.id, casefile_id, holder_name, codes, slip.phrase, now, expires_at, shown.guardian_of
    )


def held_until(session: Session, casefile_id: int, *, now: datetime) -> datetime | None:
    """Return until when nothing of level 3 is done on a case, because a slip was made anew for somebody.

    A thief who talks a new slip out of the counter does not get the account changed on the same visit; and the
    family, whose old slip is void, has a day to notice.
    """
    former = aliased(Slip)
    again = (
        select(former.id)
        .where(
            former.casefile_id == Slip.casefile_id,
            former.holder_name == Slip.holder_name,
            former.guardian_of.is_not_distinct_from(Slip.guardian_of),
            former.id < Slip.id,
        )
        .exists()
    )
    newest = session.scalar(
        select(func.max(Slip.issued_at)).where(Slip.casefile_id == casefile_id, Slip.seen != "none", again)
    )
    return newest + HOLD if newest is not None and now < newest + HOLD else None


def had_slip(session: Session, casefile_id: int, holder_name: str) -> bool:
    """Return whether a person ever had a slip, also one that is void: a further one is made in person."""
    found = select(Slip.id).where(Slip.casefile_id == casefile_id, Slip.holder_name == holder_name)
    return session.scalar(found.limit(1)) is not None


def revoke_slip(session: Session, slip_id: int, *, by: Actor, why: str, now: datetime) -> None:
    """Void a lost or stolen slip and close every phone that was opened with it. Needs no proof.

    :raises NotFound: already void, or never there.
    """
    policy.require(by, "slip.revoke")
    voided = void_slips(session, Slip.id == slip_id, why=why, now=now)
    if not voided:
        raise NotFound("Slip ini sudah tidak berlaku.")
    devices.revoke_of_slip(session, slip_id, now=now)
    record(session, "slip.revoked", by=by, casefile_id=voided[0], subject=f"slip:{slip_id}")


def live_slips(session: Session, casefile_id: int) -> list[LiveSlip]:
    """Return the slips in force of a case, oldest first."""
    used = (
        select(func.count(SlipCode.used_at))
        .where(SlipCode.slip_id == Slip.id)
        .correlate(Slip)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Slip.id,
            Slip.holder_name,
            Slip.phrase,
            Slip.issued_at,
            Slip.issued_where,
            Slip.seen,
            Slip.relation,
            Slip.member_id,
            Slip.guardian_of,
            Person.full_name,
            used,
        )
        .outerjoin(StaffUser, StaffUser.id == Slip.issued_by_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .where(Slip.casefile_id == casefile_id, Slip.revoked_at.is_(None))
        .order_by(Slip.issued_at, Slip.id)
    )
    return [LiveSlip(*row) for row in rows]


def _where(by: Actor) -> str:
    """Return where a slip is printed, by who prints it."""
    if by.kind == "system":
        return "phone"
    if "nagari_operator" in by.roles:
        return "nagari"
    return "visit" if "social_worker" in by.roles else "counter"


def void_slips(session: Session, *which: ColumnElement[bool], why: str, now: datetime) -> list[int]:
    """Void the slips in force among these; return the ids of their cases."""
    voided = session.scalars(
        update(Slip)
        .where(*which, Slip.revoked_at.is_(None))
        .values(revoked_at=now, revoked_why=why)
        .returning(Slip.casefile_id)
        .execution_options(synchronize_session=False)
    )
    return list(voided.all())
