"""L6, the letter of duty of a visitor for one family: who may come, until when, and how anybody checks it.

It names the family by initials only, and no case: who finds it learns nothing of the family.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import ObjectStore
from caseflow.errors import NotPossible
from caseflow.formats import initials, long_date
from caseflow.monitoring import handing, plans, visitors
from caseflow.monitoring.models import Plan, VisitOrder
from caseflow.notices import registry_letters
from caseflow.notices.letters.frame import Said, Sender, box, facts, items, paragraph
from caseflow.notices.letters.people import signature
from caseflow.notices.registry_letters import About
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import queries as registry
from caseflow.registry.letter_models import RegistryLetter

KIND = "visit_order"
_LASTS = timedelta(days=180)
_REPLACED = "Petugas keluarga ini sudah diganti."


@dataclass(frozen=True)
class Order:
    """An issued letter of duty and whom it names."""

    order: VisitOrder
    letter: RegistryLetter
    visitor: str | None


def orders_of(session: Session, plan: Plan) -> Sequence[Order]:
    """Return the letters of duty for a family, the newest first."""
    rows = session.execute(
        select(VisitOrder, RegistryLetter)
        .join(RegistryLetter, RegistryLetter.id == VisitOrder.letter_id)
        .where(VisitOrder.plan_id == plan.id)
        .order_by(VisitOrder.id.desc())
    )
    return [Order(row[0], row[1], visitors.name_of(session, row[0].visitor_user_id)) for row in rows]


def issue_order(
    session: Session, store: ObjectStore, plan: Plan, sender: Sender, *, sign: str, by: Actor, now: datetime
) -> RegistryLetter:
    """Issue the letter for the present visitor of a family, or return the one that says the same.

    :param sign: of the office, in the letter's number.
    :raises NotPossible: nobody visits the family, or it is not followed now.
    """
    plans.get_plan(session, plan.public_id, by=by, permission="visit.assign")
    visitor = visitors.name_of(session, plan.visitor_user_id)
    if visitor is None or plan.visitor_user_id is None or plan.state != "following":
        raise NotPossible(
            "Surat tugas hanya untuk keluarga yang didampingi dan sudah ada petugasnya. Belum ada surat yang terbit."
        )
    starts_on = clock.local(now).date()
    ends_on = starts_on + _LASTS
    about = About(plan.region_code, KIND, plan.number, sign, "visit.assign")
    said = _said(session, plan, visitor, starts_on, ends_on, sender, by=by)
    letter = registry_letters.issue_registry_letter(session, store, about, said, sender, by=by, now=now)
    known = session.scalar(select(VisitOrder.id).where(VisitOrder.letter_id == letter.id))
    if known is None:
        session.add(
            VisitOrder(
                plan_id=plan.id,
                visitor_user_id=plan.visitor_user_id,
                letter_id=letter.id,
                starts_on=starts_on,
                ends_on=ends_on,
                issued_at=now,
                issued_by_user_id=by.user_id or 0,
            )
        )
        session.flush()
    return letter


def revoke_replaced(session: Session, region_code: str, *, by: Actor, now: datetime) -> int:
    """Revoke the letters of visitors who lost their family, in one nagari; return how many."""
    letters = session.scalars(
        select(RegistryLetter)
        .join(VisitOrder, VisitOrder.letter_id == RegistryLetter.id)
        .join(Plan, Plan.id == VisitOrder.plan_id)
        .where(
            Plan.region_code == region_code,
            RegistryLetter.revoked_at.is_(None),
            VisitOrder.visitor_user_id.is_distinct_from(Plan.visitor_user_id),
        )
    ).all()
    for letter in letters:
        registry_letters.revoke_registry_letter(
            session, letter, why=_REPLACED, permission="visit.assign", by=by, now=now
        )
    return len(letters)


def give_from_gone(session: Session, plan_id: int, *, now: datetime) -> bool:
    """Give a family away whose visitor is gone, see :func:`handing.give_from_gone`; that visitor's letter ends."""
    if not handing.give_from_gone(session, plan_id, now=now):
        return False
    plan = session.get_one(Plan, plan_id)
    revoke_replaced(session, plan.region_code, by=SYSTEM, now=now)
    return True


def give_all_from_gone(session: Session, *, now: datetime) -> int:
    """Give every such family away; return how many moved."""
    return sum(give_from_gone(session, key, now=now) for key in handing.without_visitor(session))


def _said(
    session: Session, plan: Plan, visitor: str, starts_on: date, ends_on: date, sender: Sender, *, by: Actor
) -> Said:
    return Said(
        title="Surat tugas",
        about="Tugas kunjungan pendampingan",
        to=["Kepada", visitor, "Petugas sosial"],
        blocks=[
            paragraph("Orang yang namanya tertulis di bawah ini ditugaskan mengunjungi satu keluarga."),
            facts(
                [
                    ("Petugas", visitor),
                    (
                        "Keluarga",
                        f"{initials(plan.contact_name)}, {registry.region_name(session, plan.region_code)}",
                    ),
                    ("Nomor pendampingan", plan.number),
                    ("Keperluan", "Menanyakan keadaan keluarga sesudah santunan diterima"),
                    ("Berlaku", f"{long_date(starts_on)} sampai {long_date(ends_on)}"),
                ]
            ),
            items(
                [
                    "Petugas menyebut dua kata pengenal di slip keluarga sebelum dipersilakan masuk.",
                    "Keluarga boleh menolak dikunjungi tanpa memberi alasan. Santunannya tidak berubah.",
                    "Petugas tidak meminta uang, PIN, kode, atau buku tabungan, dan tidak membawa uang.",
                ]
            ),
        ],
        closing=[
            box(
                "Ragu?",
                f"Periksa kode surat ini, atau telepon {sender.name}: {sender.phone}. Pungutan dilaporkan ke 175.",
            )
        ],
        signed=signature(session, by.person_id or 0, sender),
    )
