"""Issuing the monthly report: the first of a month, and corrections, each of which takes the place of the one before.

Not here: what a report says (``monthly_report``), how letters are kept (``registry_letters``), mailing (``report_mail``).
"""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import ObjectStore
from caseflow.notices.letters.frame import Sender
from caseflow.notices.monthly_report import monthly_report
from caseflow.notices.registry_letters import About, issue_registry_letter, revoke_registry_letter
from caseflow.people.actor import Actor
from caseflow.registry.letter_models import RegistryLetter

KIND, RIGHT = "monthly_report", "monthly.issue"


def issue_monthly_report(
    session: Session, store: ObjectStore, month: date, sender: Sender, *, regency: str, office: str, by: Actor, now: datetime
) -> RegistryLetter:  # fmt: skip
    """Issue the report of a month, or return the one in force when it says the same.

    One that says something else says which it replaces, and the one before is revoked.

    :param office: sign of the office in the number. :raises NotPossible: the month has no report yet.
    :raises NotPermitted: not the actor's to issue. :raises Unavailable: press or store do not work; nothing was issued.
    """
    subject = f"{month:%Y-%m}"
    about = About(regency, KIND, subject, office, RIGHT)
    # held to the end: of two people who correct at once the second finds the first one's
    former = session.scalars(
        select(RegistryLetter)
        .where(
            RegistryLetter.region_code == regency,
            RegistryLetter.kind == KIND,
            RegistryLetter.subject == subject,
        )
        .order_by(RegistryLetter.id)
        .with_for_update()
    ).all()
    today = clock.local(now).date()
    if former and former[-1].revoked_at is None:
        replaced = former[-2] if len(former) > 1 else None
        same = monthly_report(session, month, regency=regency, today=today, replaces=replaced)
        if same.sha256 == former[-1].content_sha256:
            return former[-1]
    last = former[-1] if former else None
    said = monthly_report(session, month, regency=regency, today=today, replaces=last)
    letter = issue_registry_letter(session, store, about, said, sender, by=by, now=now)
    for one in former:
        if one.revoked_at is None:
            why = f"Diperbaiki. Digantikan oleh laporan nomor {letter.number}."
            revoke_registry_letter(session, one, why=why, permission=RIGHT, by=by, now=now)
    return letter
