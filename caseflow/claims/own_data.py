"""What one person of a family gave us and what was decided for them, as plain data to take away (UU 27/2022).

Nothing of other people: no other relative, no officer's note, no picture, and numbers only as far as a phone that
may be somebody else's should know them.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from caseflow.claims import family
from caseflow.claims.decided import approved_statement
from caseflow.claims.family_models import Consent, FamilyRequest
from caseflow.claims.models import Claim, Decision, FamilyMember
from caseflow.claims.queries import get_report
from caseflow.claims.recipient import is_payee
from caseflow.documents.models import Document, Requirement
from caseflow.formats import masked_account, masked_nik
from caseflow.law.statement import Statement
from caseflow.people.actor import Actor
from caseflow.people.devices import member_of
from caseflow.people.models import FamilyDevice, Slip


def own_data(session: Session, claim: Claim, *, by: Actor) -> dict[str, Any]:
    """Return everything of the person at this phone, section by section; what there is none of is left out."""
    member = _member(session, claim, by)
    phones = _phones(session, claim, by)
    found = {
        "number": claim.number,
        "name": by.name,
        "report": _report(session, claim, by),
        "relative": _relative(member),
        "papers_sent": _papers(session, claim, [phone.id for phone in phones]),
        "consents": _consents(session, claim, by, [phone.id for phone in phones]),
        "requests": _requests(session, claim, by),
        "slips": _slips(session, claim, by),
        "phones": [
            {"label": one.label, "opened_at": _instant(one.created_at), "closed_at": _instant(one.revoked_at)}
            for one in phones
        ],
        "account": _account(session, claim, member),
    }
    return {name: value for name, value in found.items() if value}


def decision_for(session: Session, claim: Claim, *, by: Actor) -> tuple[Decision, Statement] | None:
    """Return what was decided, when the person at this phone is who is paid (or keeps it for a minor)."""
    if family.current_heirs(session, claim.id) is None:
        return None
    return approved_statement(session, claim) if is_payee(session, claim, by=by) else None


def _member(session: Session, claim: Claim, by: Actor) -> FamilyMember | None:
    known = member_of(session, by.device_id or 0)
    return next((one for one in family.members(session, claim.id) if one.id == known), None)


def _phones(session: Session, claim: Claim, by: Actor) -> Sequence[FamilyDevice]:
    return session.scalars(
        select(FamilyDevice)
        .where(FamilyDevice.casefile_id == claim.id, FamilyDevice.holder_name == by.name)
        .order_by(FamilyDevice.id)
    ).all()


def _report(session: Session, claim: Claim, by: Actor) -> dict[str, Any] | None:
    report = get_report(session, claim.id)
    if report.reporter_name != by.name:
        return None
    return {
        "worker_name": report.worker_name,
        "worker_national_id": masked_nik(report.national_id or ""),
        "died_on": report.died_on.isoformat() if report.died_on else None,
        "region_code": report.region_code,
        "jorong": report.jorong,
        "your_relation": report.reporter_relation,
        "your_phone": report.reporter_phone,
        "contact_by": report.contact_by,
        "reported_at": _instant(report.reported_at),
    }


def _relative(member: FamilyMember | None) -> dict[str, Any] | None:
    if member is None:
        return None
    return {
        "full_name": member.full_name,
        "relation": member.relation,
        "born_on": member.born_on.isoformat() if member.born_on else None,
        "national_id": masked_nik(member.national_id or ""),
        "guardian_name": member.guardian_name,
        "source": member.source,
    }


def _papers(session: Session, claim: Claim, phones: Sequence[int]) -> list[dict[str, Any]]:
    rows = session.execute(
        select(
            Requirement.code, Document.display_name, Document.size_bytes, Document.sha256, Document.stored_at
        )
        .join(Requirement, Requirement.id == Document.requirement_id)
        .where(Document.casefile_id == claim.id, Document.device_id.in_(phones), Document.status == "stored")
        .order_by(Document.id)
    )
    return [
        {
            "paper": row.code,
            "file": row.display_name,
            "bytes": row.size_bytes,
            "sha256": row.sha256,
            "received_at": _instant(row.stored_at),
        }
        for row in rows
    ]


def _consents(session: Session, claim: Claim, by: Actor, phones: Sequence[int]) -> list[dict[str, Any]]:
    mine: ColumnElement[bool] = or_(Consent.said_by == by.name, Consent.device_id.in_(phones))
    rows = session.scalars(select(Consent).where(Consent.casefile_id == claim.id, mine).order_by(Consent.id))
    return [{"text": one.version, "given": one.given, "at": _instant(one.at)} for one in rows]


def _requests(session: Session, claim: Claim, by: Actor) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(FamilyRequest)
        .where(FamilyRequest.casefile_id == claim.id, FamilyRequest.asked_by == by.name)
        .order_by(FamilyRequest.id)
    )
    return [
        {"kind": one.kind, "words": one.words, "asked_at": _instant(one.asked_at), "answer": one.answer}
        for one in rows
    ]


def _slips(session: Session, claim: Claim, by: Actor) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Slip).where(Slip.casefile_id == claim.id, Slip.holder_name == by.name).order_by(Slip.id)
    )
    return [{"printed_at": _instant(one.issued_at), "void_since": _instant(one.revoked_at)} for one in rows]


def _account(session: Session, claim: Claim, member: FamilyMember | None) -> dict[str, Any] | None:
    account = family.current_account(session, claim.id)
    if account is None or member is None or account.member_id != member.id:
        return None
    return {
        "bank": account.bank_code,
        "number": masked_account(account.account_number),
        "holder": account.holder_name,
    }


def _instant(at: Any) -> str | None:
    return at.isoformat() if at is not None else None
