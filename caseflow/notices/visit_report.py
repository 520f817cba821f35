"""L7, the report of one visit: whole for the office, and a copy for the family without what could be read as a score.

The family's copy leaves out the stage and income of the business, how the household does, the visitor's note, and the
photo of a paper form, which says all of it. Photos are printed small, and only those that the scanner let pass.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import ObjectStore
from caseflow.errors import NotFound, NotPossible
from caseflow.formats import long_date
from caseflow.monitoring import lists, pictures, titles, visitors
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.offers import KIND_LABELS
from caseflow.monitoring.questions import RELATIONS
from caseflow.monitoring.referrals import STATE_LABELS
from caseflow.monitoring.trail import PROMISE, Step, Trail, trail_of
from caseflow.monitoring.visit_models import RespondentMet
from caseflow.notices import registry_letters
from caseflow.notices.letters import frame
from caseflow.notices.letters.frame import Block, Said, Sender, box, facts, heading, items, paragraph, table
from caseflow.notices.letters.people import signature
from caseflow.notices.registry_letters import About
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser
from caseflow.registry import queries as registry
from caseflow.registry.letter_models import RegistryLetter

KIND = "visit_report"
Copy = Literal["office", "family"]
_COPIES: tuple[Copy, ...] = ("office", "family")
_NOTHING = "Kunjungan ini belum ada isinya, jadi belum ada laporan. Tidak ada surat yang dibuat."


def visit_report(
    session: Session, store: ObjectStore, visit: PlannedVisit, sender: Sender, copy: Copy
) -> Said:
    """Return what the report of a visit says.

    :raises NotFound: nothing came of the visit yet. :raises StoreUnavailable: its photos cannot be read now.
    """
    plan = session.get_one(Plan, visit.plan_id)
    trail = trail_of(session, plan, today=clock.today())
    step = next((one for one in trail.steps if one.visit.id == visit.id), None)
    if step is None:
        raise NotFound(_NOTHING)
    family = lists.name_of(trail.honorific, trail.subject)
    told = _for_family(step, trail) if copy == "family" else _for_office(session, step, trail)
    return Said(
        title=f"Laporan kunjungan {plan.number}",
        about=f"Laporan {step.title.lower()}",
        to=["Kepada Yth.", plan.contact_name]
        if copy == "family"
        else ["Kepada Yth.", "Penyelia pendampingan", sender.name],
        blocks=[_frame(session, step, plan, family), *told, *_photos(session, store, step, copy)],
        closing=[box("Untuk apa catatan ini", PROMISE), _to_sign(session, step, plan)],
        signed=_visitor(session, step, sender),
    )


def issue_report(
    session: Session,
    store: ObjectStore,
    visit: PlannedVisit,
    copy: Copy,
    sender: Sender,
    *,
    sign: str,
    by: Actor,
    now: datetime,
) -> RegistryLetter:
    """Issue the report of a visit that was fetched for ``visit.validate``, or return the one that says the same.

    :param sign: of the office, in the letter's number. :raises NotFound: nothing came of the visit yet.
    """
    plan = session.get_one(Plan, visit.plan_id)
    said = visit_report(session, store, visit, sender, copy)
    about = About(plan.region_code, KIND, _subject(visit, copy), sign, "visit.validate")
    return registry_letters.issue_registry_letter(session, store, about, said, sender, by=by, now=now)


def find_report(session: Session, visit: PlannedVisit, copy: Copy) -> RegistryLetter | None:
    """Return the report in force that was issued last; the visit was fetched before."""
    return session.scalar(
        select(RegistryLetter)
        .where(
            RegistryLetter.kind == KIND,
            RegistryLetter.subject == _subject(visit, copy),
            RegistryLetter.revoked_at.is_(None),
        )
        .order_by(RegistryLetter.id.desc())
        .limit(1)
    )


def reports_in_force(
    session: Session, visits: Sequence[PlannedVisit]
) -> Mapping[int, Sequence[RegistryLetter]]:
    """Return the reports of visits that were fetched and still hold, both copies, by planned visit, oldest first."""
    subjects = {_subject(visit, copy): visit.id for visit in visits for copy in _COPIES}
    found: dict[int, list[RegistryLetter]] = {}
    for letter in session.scalars(
        select(RegistryLetter)
        .where(
            RegistryLetter.kind == KIND,
            RegistryLetter.subject.in_(subjects),
            RegistryLetter.revoked_at.is_(None),
        )
        .order_by(RegistryLetter.id)
    ):
        found.setdefault(subjects[letter.subject], []).append(letter)
    return found


def revoke_reports(
    session: Session, visit: PlannedVisit, why: str, *, by: Actor, now: datetime
) -> Sequence[RegistryLetter]:
    """Revoke every report of a visit that still holds, the office's and the family's, and return them.

    :raises Invalid: no reason. :raises NotPossible: none holds, or somebody else was faster.
    """
    letters = reports_in_force(session, [visit]).get(visit.id, ())
    if not letters:
        raise NotPossible("Tidak ada laporan kunjungan ini yang berlaku. Tidak ada yang dicabut.")
    for letter in letters:
        registry_letters.revoke_registry_letter(
            session, letter, why=why, permission="visit.validate", by=by, now=now
        )
    return letters


def _subject(visit: PlannedVisit, copy: Copy) -> str:
    return f"{visit.public_id}:{copy}"


def _frame(session: Session, step: Step, plan: Plan, family: str) -> Block:
    met = session.scalars(
        select(RespondentMet)
        .where(RespondentMet.planned_visit_id == step.visit.id)
        .order_by(RespondentMet.position)
    ).all()
    return facts(
        [
            ("Keluarga", family),
            ("Nomor pendampingan", plan.number),
            ("Nagari", registry.region_name(session, plan.region_code)),
            ("Kunjungan", step.title),
            ("Hari", long_date(step.record.made_on)),
            ("Petugas", visitors.name_of(session, step.record.visitor_user_id) or ""),
            ("Hasil", titles.OUTCOMES[step.record.outcome].capitalize()),
            (
                "Ditemui",
                ", ".join(f"{one.name} ({RELATIONS.get(one.relation, one.relation).lower()})" for one in met),
            ),
        ]
    )


def _for_family(step: Step, trail: Trail) -> list[Block]:
    blocks = [paragraph("Terima kasih sudah menerima petugas kami. Ini ringkasan kunjungan itu.")]
    if step.need_words:
        blocks += [heading("Bantuan yang diperlukan"), items(step.need_words)]
    blocks += _referrals(trail)
    if trail.school:
        blocks += [heading("Beasiswa"), items([f"{one.child}: {one.words}" for one in trail.school])]
    blocks.append(
        items(
            [
                "Keluarga boleh berhenti dikunjungi kapan saja tanpa memberi alasan. Santunan tidak berubah.",
                "Bila ada isi surat ini yang tidak benar, sampaikan kepada petugas atau telepon nomor di atas.",
            ]
        )
    )
    return blocks


def _for_office(session: Session, step: Step, trail: Trail) -> list[Block]:
    blocks: list[Block] = []
    if step.shares:
        rows = [(one.label, f"{one.percent} %" if one.beans else "disebut saja") for one in step.shares]
        columns: list[Block] = [{"label": "Dipakai untuk", "wide": True}, {"label": "Bagian", "number": True}]
        blocks += [heading("Pemakaian uang"), table("Bagian dari butir yang dibagi keluarga", columns, rows)]
    blocks += [
        heading("Penghidupan"),
        facts(
            [
                ("Usaha", step.stage or "tidak diceritakan"),
                ("Jenis usaha", step.trade or ""),
                ("Sebab berhenti", step.record.stopped_why or ""),
                ("Penghasilan sebulan", step.band or ""),
                ("Rumah tangga", step.change or ""),
                ("Bantuan yang diperlukan", ", ".join(step.need_words)),
                ("Catatan petugas", step.record.note),
                ("Diperiksa penyelia", _validated(session, step)),
            ]
        ),
    ]
    if step.children:
        told = [
            f"{one.first_name}: {'bersekolah' if one.attends else 'tidak bersekolah'}{', ' + one.reason if one.reason else ''}"
            for one in step.children
        ]
        blocks += [heading("Sekolah anak"), items(told)]
    return [*blocks, *_referrals(trail)]


def _referrals(trail: Trail) -> list[Block]:
    if not trail.referrals:
        return []
    rows = [
        (
            one.to_whom,
            f"{KIND_LABELS[one.kind]} untuk {one.for_whom}",
            STATE_LABELS[one.state] + (f", {long_date(one.answered_on)}" if one.answered_on else ""),
        )
        for one in trail.referrals
    ]
    columns: list[Block] = [
        {"label": "Dirujuk kepada", "wide": True},
        {"label": "Untuk", "wide": True},
        {"label": "Keadaan"},
    ]
    return [heading("Rujukan"), table("Rujukan keluarga ini", columns, rows)]


def _photos(session: Session, store: ObjectStore, step: Step, copy: Copy) -> list[Block]:
    shown = []
    for photo in pictures.photos_of(session, [step.visit.id]).get(step.visit.id, ()):
        if not pictures.may_be_seen(photo) or (copy == "family" and photo.shows == "paper"):
            continue
        small = pictures.small_picture(store, photo)
        if small is not None:
            shown.append((small, f"Foto {pictures.SHOWS[photo.shows]}"))
    return [heading("Foto"), frame.pictures(shown)] if shown else []


def _to_sign(session: Session, step: Step, plan: Plan) -> Block:
    visitor = visitors.name_of(session, step.record.visitor_user_id) or ""
    return frame.signatures([("Keluarga", plan.contact_name), ("Petugas", visitor)])


def _validated(session: Session, step: Step) -> str:
    if step.record.validated_at is None:
        return "belum"
    name = visitors.name_of(session, step.record.validated_by_user_id) or ""
    return f"{name}, {long_date(clock.local(step.record.validated_at).date())}"


def _visitor(session: Session, step: Step, sender: Sender) -> Sequence[str]:
    visitor = session.get_one(StaffUser, step.record.visitor_user_id)
    return signature(session, visitor.person_id, sender)
