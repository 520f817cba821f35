"""Is the person at a phone the one whose account is paid? By the slip given to them, else by name.

Not here: who should be paid (``payee``, the law of heirs), and what a phone may do at all (permissions).
"""

from sqlalchemy.orm import Session

from caseflow.claims import family
from caseflow.claims.models import Claim, FamilyMember
from caseflow.people.actor import Actor
from caseflow.people.devices import member_of
from caseflow.registry import names


def is_payee(session: Session, claim: Claim, *, by: Actor) -> bool:
    """Whether this is who is paid, or keeps it for a minor. Where no heirs are decided (a worker who lives): yes."""
    heirs = family.current_heirs(session, claim.id)
    if heirs is None:
        return True
    payee = session.get_one(FamilyMember, heirs.payee_member_id)
    known = member_of(session, by.device_id or 0)
    if known is not None:
        return known == payee.id
    called = (payee.full_name, payee.guardian_name)
    return any(names.compare(by.name, name).kind == "same" for name in called if name)
