"""Somebody reports what is already reported: they are noted with the case that is there, and see nothing of it.

Not here: opening it to them; that is the slip, or the counter after an identity card was seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.models import Claim
from caseflow.errors import NotFound
from caseflow.formats import phone
from caseflow.people import relations
from caseflow.people.actor import Actor


@dataclass(frozen=True)
class Newcomer:
    """Who reports: name, relation to the worker (a code of ``people.relations``), telephone in E.164."""

    name: str
    relation: str
    phone: str


def ask_to_join(session: Session, numbers: Sequence[str], who: Newcomer, *, by: Actor, now: datetime) -> None:
    """Ask the officer of the newest of these cases to call somebody who belongs to it. Asked twice, it is one.

    :raises NotFound: none of the cases is there.
    """
    claim = session.scalars(select(Claim).where(Claim.number.in_(numbers)).order_by(Claim.id.desc())).first()
    if claim is None:
        raise NotFound("Laporan itu tidak ditemukan lagi. Laporan Ibu/Bapak masih tersimpan di HP ini.")
    words = (
        f"Ikut melapor, minta ditambahkan: {who.name} ({relations.words(who.relation)}), "
        f"nomor {phone(who.phone)}. Telepon, lalu cocokkan dengan keluarga."
    )
    asked = select(FamilyRequest.id).where(
        FamilyRequest.casefile_id == claim.id,
        FamilyRequest.kind == "question",
        FamilyRequest.words == words,
        FamilyRequest.answered_at.is_(None),
    )
    if session.scalar(asked.limit(1)) is not None:
        return
    session.add(
        FamilyRequest(
            casefile_id=claim.id,
            kind="question",
            asked_by=who.name,
            asked_at=now,
            words=words,
            helped_by_user_id=by.user_id,
        )
    )
    record(session, "report.join_asked", by=by, casefile_id=claim.id, subject=claim.number)
