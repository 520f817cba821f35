"""Whom we tell about a case, and how they wish to be reached."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim, Report

Channel = Literal["whatsapp", "sms", "call"]
Role = Literal["family", "helper"]


@dataclass(frozen=True)
class Contact:
    """Somebody who hears from us.

    :ivar relation: to the worker, as in the report; :ivar phone: E.164; :ivar channel: ``call``: never a text.
    """

    name: str
    relation: str
    phone: str
    channel: Channel
    role: Role


def recipients(session: Session, claim: Claim) -> list[Contact]:
    """Return who is told: whoever reported, in the way they asked for."""
    report = session.get(Report, claim.id)
    if report is None:
        return []
    channel: Channel = "call"
    if report.contact_by == "whatsapp":
        channel = "whatsapp"
    elif report.contact_by == "sms":
        channel = "sms"
    return [Contact(report.reporter_name, report.reporter_relation, report.reporter_phone, channel, "family")]
