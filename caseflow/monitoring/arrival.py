"""How a visit comes in, from a phone or from paper: exactly once, whole, in order, and never older than a withdrawal.

Locks in this order: the visit's own number, the phone, the plan. What is refused leaves a row that it came, and why;
never what it said. Not here: the pieces of photos (``photos``) and choosing between two values (``clashes``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import formats
from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import record
from caseflow.errors import CaseflowError, Invalid, NotFound
from caseflow.monitoring import consents, fields, flags, outcomes, photos, proposed_days, records, steps
from caseflow.monitoring.envelope import (
    MOST_SEQUENCE,
    Envelope,
    Times,
    corrected,
    read_envelope,
    require_in_time,
)
from caseflow.monitoring.envelope_parts import UUID
from caseflow.monitoring.household import children_of
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.refused import NOT_KEPT, Refused, invalid_visit, note
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitField, VisitPhoto, VisitRefused
from caseflow.people import policy
from caseflow.people.actor import Actor

PERMISSION = "visit.record"


@dataclass(frozen=True)
class Arrived:
    """What came: the visit's own number, what was said, and the phone it came from (``None``: written from paper)."""

    client_id: str
    said: Mapping[str, Any]
    device: FieldDevice | None = None


@dataclass(frozen=True)
class Arrival:
    """What became of a visit.

    :ivar again: it was there before. :ivar clashes: fields that wait for a person. :ivar photos_wanted: UUIDs of
        photos that are not stored yet. :ivar refusal: why it was not kept; then the rest is empty.
    """

    received_at: datetime
    again: bool = False
    clashes: Sequence[str] = ()
    photos_wanted: Sequence[str] = ()
    record_version: int = 0
    refusal: Refused | None = None


def receive(session: Session, content: Arrived, *, by: Actor, now: datetime) -> Arrival:
    """Take a visit in, or say why not; the same one again changes nothing and answers the same.

    A refusal is returned, not raised: the row that says it came is committed by the door.

    :raises NotPermitted: who sends it visits nobody. :raises Invalid: no number of its own.
    """
    policy.require(by, PERMISSION)
    if not UUID.fullmatch(content.client_id) or by.user_id is None:
        raise Invalid("Kunjungan ini tidak punya nomor sendiri. Belum ada yang tersimpan. Perbarui aplikasi.")
    # a twin of the same visit waits here and then finds the first
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(content.client_id, 1))))
    if content.device is not None:
        session.refresh(content.device, with_for_update=True)
    try:
        with session.begin_nested():
            return _take(session, content, by=by, now=now)
    except Refused as refused:
        _note_refused(session, content, refused, by=by, now=now)
        return Arrival(now, refusal=refused)


def note_revoked(
    session: Session, client_id: str, revoked: CaseflowError, *, by: Actor, now: datetime
) -> None:
    """Write down that a visit came from a phone that was taken back."""
    policy.require(by, PERMISSION)
    if UUID.fullmatch(client_id) and by.user_id is not None:
        note(session, client_id, None, "device_revoked", revoked.sentence, by=by, now=now)


def _take(session: Session, content: Arrived, *, by: Actor, now: datetime) -> Arrival:
    try:
        envelope = read_envelope(content.said, from_paper=content.device is None)
    except Invalid as invalid:
        raise invalid_visit(invalid) from invalid
    earlier = session.scalar(select(Visit).where(Visit.client_id == content.client_id))
    if earlier is not None:
        if earlier.visitor_user_id != by.user_id:
            raise Refused("not_assigned")
        if earlier.content_sha256 != envelope.digest:
            raise Refused("other_content")
        return _told(session, earlier, again=True)
    _require_turn(session, content.device, envelope)
    plan, planned = _find(session, envelope.visit)
    steps.lock(session, plan)
    session.refresh(planned)
    times = corrected(envelope, now=now, earliest=plan.opened_at)
    _require_assigned(session, plan, planned, times, by=by)
    _require_allowed(session, plan, times)
    _require_usable(session, plan, envelope, times)
    if envelope.why and _addendum_to(session, envelope, planned) is None:
        raise invalid_visit(Invalid({"why": "Kunjungan yang ditambah tidak ditemukan. Belum tersimpan."}))
    visit = _keep(session, content, planned, envelope, times, by=by, now=now)
    _count(content.device, visit.sequence, first=envelope.first)
    return _told(session, visit, again=False)


def _keep(
    session: Session,
    content: Arrived,
    planned: PlannedVisit,
    envelope: Envelope,
    times: Times,
    *,
    by: Actor,
    now: datetime,
) -> Visit:
    """Write the visit and all that follows from it, in one transaction."""
    plan = session.get_one(Plan, planned.plan_id)
    consent, device = envelope.consent, content.device
    visit = Visit(
        client_id=content.client_id,
        plan_id=plan.id,
        planned_visit_id=planned.id,
        visitor_user_id=by.user_id or 0,
        outcome=envelope.outcome,
        started_at=times.started_at,
        finished_at=times.finished_at,
        received_at=now,
        content_sha256=envelope.digest,
        content=dict(envelope.kept),
        consent_version=consent.version if consent is not None else None,
        clock_skew_seconds=times.skew_seconds,
        device_id=device.id if device is not None else None,
        sequence=_number_of(session, device, envelope),
        after_id=_addendum_to(session, envelope, planned),
        from_paper=device is None,
        after_why=envelope.why or None,
    )
    session.add(visit)
    session.flush()
    fields.write(session, plan, visit, envelope.answers.fields, now=now)
    photos.announce(session, visit, envelope.photos, now=now)
    if consent is not None and consent.agreed and not envelope.why:
        consents.give(
            session, plan, said_by=consent.said_by, by=by, now=now,
            said_at=times.started_at, version=consent.version, note=_witness(consent.witness),
        )  # fmt: skip
    told = outcomes.Outcome(
        outcome=envelope.outcome,
        at=times.started_at,
        another_day_on=envelope.another_day_on,
        said_by=consent.said_by if consent is not None else "",
        consent_version=consent.version if consent is not None else None,
        not_after=times.not_after,
    )
    outcomes.settle(session, planned, told, by=by, now=now)
    records.write(session, plan, planned, now=now)
    proposed_days.follow(session, plan, visit, by=by, now=now)
    levy = envelope.answers.fields.get("levy_reported")
    # a story without its "yes" is told all the same
    if (levy is not None and levy.value) or envelope.answers.levy_words:
        flags.on_levy(
            session, plan, envelope.answers.levy_words, content.client_id, user_id=by.user_id, now=now
        )
    if device is not None:
        device.last_seen_at = now
    record(
        session, "visit.arrived", by=by, casefile_id=plan.id, subject=f"visit:{content.client_id}",
        details={"outcome": envelope.outcome, "sha256": envelope.digest},
    )  # fmt: skip
    return visit


def _told(session: Session, visit: Visit, *, again: bool) -> Arrival:
    clashes = session.scalars(
        select(VisitField.field)
        .join(FieldClash, FieldClash.contested_field_id == VisitField.id)
        .where(VisitField.visit_id == visit.id)
        .order_by(VisitField.id)
    ).all()
    wanted = session.scalars(
        select(VisitPhoto.client_id)
        .where(
            VisitPhoto.visit_id == visit.id, VisitPhoto.stored_at.is_(None), VisitPhoto.removed_at.is_(None)
        )
        .order_by(VisitPhoto.position)
    ).all()
    version = session.get_one(PlannedVisit, visit.planned_visit_id).version
    return Arrival(visit.received_at, again, clashes, wanted, version)


def _require_turn(session: Session, device: FieldDevice | None, envelope: Envelope) -> None:
    """Hold a visit until what the phone wrote before has come, kept or refused for good.

    What the phone says it does not hold any more is not waited for: a visit that somebody removed would hold all later
    ones for ever.
    """
    if device is None or envelope.sequence is None or envelope.first:
        return
    if envelope.sequence > device.last_sequence + 1:
        raise Refused("too_early", wait_for=envelope.after)
    if envelope.after is not None and not _is_known(session, envelope.after):
        raise Refused("too_early", wait_for=envelope.after)


def _number_of(session: Session, device: FieldDevice | None, envelope: Envelope) -> int | None:
    """Return the visit's place among those of its phone; a phone that began to count anew goes on from here."""
    if device is None or envelope.sequence is None:
        return None
    taken = session.scalar(
        select(Visit.id).where(Visit.device_id == device.id, Visit.sequence == envelope.sequence)
    )
    return envelope.sequence if taken is None else device.last_sequence + 1


def _is_known(session: Session, client_id: str) -> bool:
    if session.scalar(select(Visit.id).where(Visit.client_id == client_id)) is not None:
        return True
    refused = select(VisitRefused.id).where(
        VisitRefused.client_id == client_id, VisitRefused.reason != "too_early"
    )
    return session.scalar(refused.limit(1)) is not None


def _find(session: Session, public_id: str) -> tuple[Plan, PlannedVisit]:
    planned = session.scalar(select(PlannedVisit).where(PlannedVisit.public_id == public_id))
    if planned is None:
        raise Refused("not_assigned")
    return session.get_one(Plan, planned.plan_id), planned


def _require_assigned(
    session: Session, plan: Plan, planned: PlannedVisit, times: Times, *, by: Actor
) -> None:
    """Take a visit of who had the family when it was made: given to somebody else since, it still happened.

    A visit that looks again at another is made by whom it was given to, and by nobody else.
    """
    if by.user_id == planned.visitor_user_id:
        return
    if planned.kind == "revisit":
        raise Refused("not_assigned")
    if by.user_id == plan.visitor_user_id:
        return
    given_away = session.scalars(
        select(AuditEvent.details["from"].as_integer())
        .where(
            AuditEvent.casefile_id == plan.id,
            AuditEvent.action == "visit.assigned",
            AuditEvent.at > times.started_at,
        )
        .order_by(AuditEvent.at, AuditEvent.id)
        .limit(1)
    ).one_or_none()
    if given_away != by.user_id:
        raise Refused("not_assigned")


def _require_allowed(session: Session, plan: Plan, times: Times) -> None:
    withdrawn = consents.withdrawn_after(session, plan.id, times.not_before)
    if withdrawn is not None:
        raise Refused(
            "consent_withdrawn",
            f"Keluarga tidak mau dikunjungi sejak {formats.instant_wib(withdrawn.said_at)}. {NOT_KEPT} "
            "Salinannya di HP dihapus. Tidak ada yang perlu dilakukan.",
        )


def _require_usable(session: Session, plan: Plan, envelope: Envelope, times: Times) -> None:
    """What only the rows can tell: the text that was read, the children that are known, the days."""
    problems: dict[str, str] = {}
    if envelope.consent is not None:
        try:
            consents.get_text(envelope.consent.version)
        except NotFound:
            problems["consent"] = (
                "Tulisan persetujuan ini tidak dikenal. Ambil data terbaru, lalu bacakan lagi."
            )
    schooling = envelope.answers.fields.get("schooling")
    if schooling is not None and schooling.value:
        known = {child.number for child in children_of(session, plan.claim_id)}
        if not {child["member"] for child in schooling.value} <= {None, *known}:
            problems["schooling"] = "Ada anak yang tidak dikenal keluarga ini. Hapus, lalu tulis namanya."
    if photos.known(session, envelope.photos):
        problems["photos"] = "Ada foto dari kunjungan lain. Hapus fotonya, lalu ambil sekali lagi."
    try:
        require_in_time(envelope, times, plan.livelihood_from_on)
    except Invalid as invalid:
        problems.update(invalid.fields)
    if problems:
        raise invalid_visit(Invalid(problems))


def _addendum_to(session: Session, envelope: Envelope, planned: PlannedVisit) -> int | None:
    """Return the visit that this one adds to: the one it names, of the same planned visit."""
    if envelope.after is None:
        return None
    return session.scalar(
        select(Visit.id).where(Visit.client_id == envelope.after, Visit.planned_visit_id == planned.id)
    )


def _count(device: FieldDevice | None, sequence: int | None, *, first: bool) -> None:
    """Let what the phone made next be awaited; with ``first`` whatever is missing before is not."""
    if device is None or sequence is None:
        return
    if sequence == device.last_sequence + 1 or (first and sequence > device.last_sequence):
        device.last_sequence = sequence


def _note_refused(session: Session, content: Arrived, refused: Refused, *, by: Actor, now: datetime) -> None:
    """Write down that a visit came and why it was not kept; later ones need not wait for it."""
    note(session, content.client_id, content.device, refused.reason, refused.sentence, by=by, now=now)
    sequence = content.said.get("sequence")
    if refused.reason != "too_early" and type(sequence) is int and sequence <= MOST_SEQUENCE:
        _count(content.device, sequence, first=content.said.get("first") is True)
    session.flush()


def _witness(name: str) -> str:
    return f"Saksi: {name}." if name else ""
