"""Who outside the family acts for it: the mandate is given, is in force until its last day, and can be ended.

Not here: the phones (``devices``), which ask at every request whether the mandate behind them still stands.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted
from caseflow.people import policy, relations
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate

USUAL_DAYS = 90
MOST_DAYS = 180
HOW = {"spoken": "lisan", "written": "tertulis"}
_ONLY_FAMILY = (
    "Ini hanya bisa dari HP keluarga, bukan dari HP pembantu. Tidak ada yang berubah. "
    "Keluarga membukanya dengan kode di slip keluarga."
)


@dataclass(frozen=True, kw_only=True)
class MandateFacts:
    """What is said when somebody may act for a family.

    :ivar helper_phone: E.164; empty for staff; :ivar given_by_relation: to the worker, or ``diri_sendiri``.
    :ivar given_how: ``spoken`` or ``written``; :ivar ends_on: last day on which the helper may act.
    """

    helper_name: str
    helper_relation: str
    helper_phone: str
    given_by_name: str
    given_by_relation: str
    given_how: str
    ends_on: date
    given_by_phone: str | None = None

    @property
    def actor(self) -> Actor:
        """Who sends a report under this mandate, before there is a phone."""
        return Actor(
            kind="family",
            name=self.helper_name,
            roles=frozenset({"family"}),
            helper_relation=self.helper_relation,
        )


@dataclass(frozen=True)
class Deed:
    """One act of a helper: what (as in the audit), to what, and when."""

    action: str
    subject: str
    at: datetime


def check(facts: MandateFacts, now: datetime) -> None:
    """Refuse a mandate that cannot be given.

    :raises Invalid: nobody gave it, the helper allowed it to themself or gave the own number as the family's, or
        its last day is past or too far.
    """
    problems: dict[str, str] = {}
    today = clock.local(now).date()
    if not today <= facts.ends_on <= today + timedelta(days=MOST_DAYS):
        problems["ends_on"] = f"Izin paling singkat hari ini dan paling lama {MOST_DAYS} hari. Ubah harinya."
    if len(facts.given_by_name.strip()) < 2 or facts.given_by_relation not in relations.GIVERS:
        problems["given_by_name"] = "Tulis siapa dari keluarga yang memberi izin, dan hubungannya."
    elif facts.given_by_name.strip().casefold() == facts.helper_name.strip().casefold():
        problems["given_by_name"] = "Izin diberikan oleh keluarga, bukan oleh pembantu sendiri."
    if facts.given_by_phone and facts.given_by_phone == facts.helper_phone:
        problems["given_by_phone"] = "Nomor ini milik pembantu. Tulis nomor keluarga sendiri, atau kosongkan."
    if facts.given_how not in HOW:
        problems["given_how"] = "Pilih bagaimana keluarga memberi izin."
    if problems:
        raise Invalid(problems)


def give(
    session: Session, casefile_id: int, facts: MandateFacts, *, by: Actor, now: datetime
) -> HelperMandate:
    """Write down that somebody may act for the family.

    :raises Invalid: see :func:`check`.
    """
    check(facts, now)
    mandate = HelperMandate(
        casefile_id=casefile_id,
        helper_name=facts.helper_name,
        helper_relation=facts.helper_relation,
        helper_phone=facts.helper_phone,
        given_by_name=facts.given_by_name,
        given_by_relation=facts.given_by_relation,
        given_how=facts.given_how,
        given_at=now,
        ends_on=facts.ends_on,
        given_by_phone=facts.given_by_phone,
        helped_by_user_id=by.user_id,
    )
    session.add(mandate)
    session.flush()
    record(session, "mandate.given", by=by, casefile_id=casefile_id, subject=f"mandate:{mandate.id}")
    return mandate


def end(session: Session, casefile_id: int, mandate_id: int, why: str, *, by: Actor, now: datetime) -> None:
    """End a mandate at once and close every phone under it. A family may, a helper only the own one.

    :raises NotPermitted: a helper who would end another's, or staff who may not close phones.
    :raises NotFound: not a mandate in force of this case.
    """
    if by.is_helper and by.mandate_id != mandate_id:
        raise NotPermitted(_ONLY_FAMILY)
    if by.kind == "family" and by.casefile_id != casefile_id:
        raise NotFound("Bantuan ini sudah berakhir, atau bukan di laporan ini. Tidak ada yang berubah.")
    if by.kind != "family":
        policy.require(by, "slip.revoke")
    ended = session.scalar(
        update(HelperMandate)
        .where(HelperMandate.id == mandate_id, HelperMandate.casefile_id == casefile_id, in_force(now))
        .values(ended_at=now, ended_why=why)
        .returning(HelperMandate.id)
        .execution_options(synchronize_session=False)
    )
    if ended is None:
        raise NotFound("Bantuan ini sudah berakhir, atau bukan di laporan ini. Tidak ada yang berubah.")
    session.execute(
        update(FamilyDevice)
        .where(FamilyDevice.mandate_id == mandate_id, FamilyDevice.revoked_at.is_(None))
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    record(session, "mandate.ended", by=by, casefile_id=casefile_id, subject=f"mandate:{mandate_id}")


def current(session: Session, casefile_id: int, *, now: datetime) -> list[HelperMandate]:
    """Return the mandates in force of a case, oldest first."""
    return list(session.scalars(_of(casefile_id).where(in_force(now))))


def every(session: Session, casefile_id: int) -> list[HelperMandate]:
    """Return all mandates of a case, past ones too, oldest first."""
    return list(session.scalars(_of(casefile_id)))


def is_in_force(mandate: HelperMandate, now: datetime) -> bool:
    """Whether a helper may act now: not ended, and the last day is not over in Sijunjung."""
    return mandate.ended_at is None and clock.local(now).date() <= mandate.ends_on


def in_force(now: datetime) -> ColumnElement[bool]:
    """Return the same as a condition."""
    return HelperMandate.ended_at.is_(None) & (HelperMandate.ends_on >= clock.local(now).date())


def deeds(session: Session, casefile_id: int, *, most: int = 100) -> dict[int, list[Deed]]:
    """Return what each helper of a case did with a phone, newest first, by mandate; looks are not deeds."""
    rows = session.execute(
        select(FamilyDevice.mandate_id, AuditEvent.action, AuditEvent.subject, AuditEvent.at)
        .join(FamilyDevice, FamilyDevice.id == AuditEvent.device_id)
        .where(
            AuditEvent.casefile_id == casefile_id,
            FamilyDevice.casefile_id == casefile_id,
            FamilyDevice.mandate_id.is_not(None),
            AuditEvent.action != "access.refused",
        )
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(most)
    )
    found: dict[int, list[Deed]] = {}
    for row in rows:
        found.setdefault(row.mandate_id, []).append(Deed(row.action, row.subject, row.at))
    return found


def require_family(by: Actor) -> None:
    """Refuse a helper what only the family may do.

    :raises NotPermitted: with where the family does it.
    """
    if by.is_helper:
        raise NotPermitted(_ONLY_FAMILY)


def _of(casefile_id: int) -> Select[HelperMandate]:
    return (
        select(HelperMandate)
        .where(HelperMandate.casefile_id == casefile_id)
        .order_by(HelperMandate.given_at, HelperMandate.id)
    )
