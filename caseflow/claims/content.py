"""Everything a decision is about, as one document and its digest: what you approve is what is paid."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims import accident, medical
from caseflow.claims.benefit import current_assessment
from caseflow.claims.family import current_account, current_heirs
from caseflow.claims.models import Claim
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.school_years import school_years
from caseflow.documents.models import Document, Requirement
from caseflow.registry.models import Worker


@dataclass(frozen=True)
class Content:
    """What a decision is bound to.

    :ivar sha256: digest over the canonical JSON of ``document``.
    :ivar total_idr: whole rupiah to be paid; 0 while there is no computed benefit.
    """

    document: dict[str, Any]
    sha256: str
    total_idr: int
    assessment_id: int | None
    payee_member_id: int | None
    account_id: int | None


def content_of(session: Session, claim: Claim) -> Content:
    """Gather the claim's worker, heirs, account, benefit and accepted papers."""
    heirs = current_heirs(session, claim.id)
    account = current_account(session, claim.id)
    assessment = current_assessment(session, claim.id)
    worker = session.get(Worker, claim.worker_id) if claim.worker_id else None
    document: dict[str, Any] = {
        "claim": claim.number,
        "program": claim.program,
        "workflow": [claim.workflow, claim.workflow_version],
        "event_on": claim.event_on.isoformat(),
        "worker": [worker.id, worker.national_id_index, worker.full_name] if worker else None,
        "heirs": [heirs.id, heirs.rank, heirs.payee_member_id, heirs.agreement, heirs.family]
        if heirs
        else None,
        "account": (
            [account.id, account.member_id, account.bank_code, account.account_number, account.holder_name]
            if account
            else None
        ),
        "benefit": (
            [assessment.id, assessment.rule_version, assessment.total_idr, assessment.statement_sha256]
            if assessment
            else None
        ),
        "papers": _papers(session, claim.id),
        **_of_program(session, claim),
    }
    canonical = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Content(
        document=document,
        sha256=hashlib.sha256(canonical.encode()).hexdigest(),
        total_idr=assessment.total_idr if assessment else 0,
        assessment_id=assessment.id if assessment else None,
        payee_member_id=heirs.payee_member_id if heirs else None,
        account_id=account.id if account else None,
    )


def _of_program(session: Session, claim: Claim) -> dict[str, Any]:
    """Return what an accident or a scholarship adds; rows that are only added are named by their keys."""
    if claim.program == "jkm":
        return {}
    if claim.program == "scholarship":
        child = session.get_one(ScholarshipChild, claim.id)
        years = [
            [row.year, row.level, row.school, row.study_proven] for row in school_years(session, claim.id)
        ]
        married = child.married_on.isoformat() if child.married_on else None
        pupil = [child.member_id, child.origin_casefile_id, child.employment, married]
        return {"child": pupil, "school_years": years}
    facts = accident.current_record(session, claim.id)
    certificate = medical.current_certificate(session, claim.id)
    opinion = medical.current_opinion(session, claim.id)
    conclusion = accident.current_conclusion(session, claim.id)
    return {
        "died_on": claim.died_on.isoformat() if claim.died_on else None,
        "accident": facts.id if facts else None,
        "certificate": certificate.id if certificate else None,
        "opinion": opinion.id if opinion else None,
        "conclusion": conclusion.id if conclusion else None,
        "periods": [
            [row.id, row.starts_on.isoformat(), row.ends_on.isoformat() if row.ends_on else None]
            for row in accident.periods(session, claim.id)
        ],
        "costs": [row.id for row in accident.costs(session, claim.id)],
    }


def _papers(session: Session, casefile_id: int) -> list[list[str]]:
    rows = session.execute(
        select(Requirement.code, Requirement.status, Document.sha256)
        .outerjoin(
            Document,
            (Document.requirement_id == Requirement.id)
            & (Document.status == "stored")
            & Document.withdrawn_at.is_(None),
        )
        .where(Requirement.casefile_id == casefile_id)
        .order_by(Requirement.code, Document.id)
    )
    return [[row.code, row.status, row.sha256 or ""] for row in rows]
