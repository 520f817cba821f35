"""The papers that the law asks for once it is known who is paid."""

from sqlalchemy.orm import Session

from caseflow.claims.asking import ask_for_missing
from caseflow.claims.models import Claim, FamilyMember
from caseflow.documents.catalogue import Facts
from caseflow.law.heirs import HeirRanking
from caseflow.law.relatives import CHILDREN
from caseflow.people.actor import Actor


def ask_for_heir_papers(
    session: Session, claim: Claim, found: HeirRanking, payee: FamilyMember, *, by: Actor
) -> None:
    """Add what the list of papers lacks for this payee (Permenaker 5/2021 Art. 79); the reason is the paper's own.

    What was asked for before stays as it is, whoever was to be paid then.
    """
    ask_for_missing(session, claim, _facts(found, payee), by=by)


def _facts(found: HeirRanking, payee: FamilyMember) -> Facts:
    return Facts(
        has_child_heir=payee.relation in CHILDREN,
        has_minor_heir=any(minor.ref == str(payee.id) for minor in found.minors),
        several_heirs=len(found.entitled) > 1,
        heir_by_will=payee.relation == "appointee",
    )
