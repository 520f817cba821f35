"""Whom a notice about a case goes to: the family always, and whoever helps it while the mandate lasts.

Not here: what is said, and how it travels (``notices``).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.queries import get_report
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.people import mandates, relations
from caseflow.people.models import HelperMandate

Role = Literal["family", "helper"]
# of a number that somebody else gave we know no more than that it is a telephone
_UNASKED_CHANNEL = "sms"


@dataclass(frozen=True)
class Contact:
    """Somebody who hears from us.

    :ivar relation: to the worker, a code of ``people.relations``; :ivar phone: E.164.
    :ivar channel: ``whatsapp``, ``sms`` or ``call``, as they said.
    """

    name: str
    relation: str
    phone: str
    channel: str
    role: Role


def family_name(session: Session, claim: Claim) -> str:
    """Return who of the family stands for it: whoever allowed the helper that reported, else the reporter."""
    reporter = get_report(session, claim.id).reporter_name
    given = [one for one in _mandates(session, claim) if one.helper_name == reporter]
    return given[-1].given_by_name if given else reporter


def recipients(session: Session, claim: Claim, *, now: datetime | None = None) -> list[Contact]:
    """Return who gets the notices of a case, family first; each number once.

    A helper whose mandate is over gets none. Nobody left means: no number is known, somebody must go there.
    """
    at = now or clock.now()
    report = get_report(session, claim.id)
    given = _mandates(session, claim)
    found = [
        Contact(one.given_by_name, one.given_by_relation, one.given_by_phone, _UNASKED_CHANNEL, "family")
        for one in given
        if one.given_by_phone
    ]
    helps = [one for one in given if one.helper_name == report.reporter_name]
    if not helps:
        relation = report.reporter_relation
        role: Role = "helper" if relations.is_helper(relation) else "family"
        reporter = Contact(report.reporter_name, relation, report.reporter_phone, report.contact_by, role)
        found.insert(0, reporter)
    found += [
        Contact(
            one.helper_name,
            one.helper_relation,
            one.helper_phone,
            report.contact_by if one in helps else _UNASKED_CHANNEL,
            "helper",
        )
        for one in given
        if one.helper_phone and mandates.is_in_force(one, at)
    ]
    return list({contact.phone: contact for contact in reversed(found)}.values())[::-1]


def _mandates(session: Session, claim: Claim) -> list[HelperMandate]:
    """Return the mandates of a case, oldest first; a scholarship has those of the case it comes from."""
    child = session.get(ScholarshipChild, claim.id)
    return mandates.every(session, child.origin_casefile_id if child else claim.id)
