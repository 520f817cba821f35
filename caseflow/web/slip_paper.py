"""The printed slip: what stands on the paper, with initials only. The codes are in this one answer and nowhere else."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import queries as papers
from caseflow.documents.catalogue import catalogue
from caseflow.formats import initials
from caseflow.people.slips import PrintedSlip
from caseflow.web import here
from caseflow.web.qr import qr_svg


@dataclass(frozen=True)
class SlipPaper:
    """What the template prints.

    :ivar codes: each in three groups of four digits, for phone 1, 2 and 3.
    :ivar address: where to type, without what a person need not type; ``qr``: the same with the first code.
    :ivar missing: names of papers still to be sent; ``promised_on``: when the family hears from us at the latest.
    """

    number: str
    worker: str
    holder: str
    guardian_of: str | None
    codes: tuple[tuple[str, ...], ...]
    phrase: str
    address: str
    qr: Markup
    printed_on: date
    valid_until: date
    missing: list[str]
    promised_on: date | None


def paper_of(session: Session, claim: Claim, slip: PrintedSlip) -> SlipPaper:
    """Put the paper together for the slip that was just made."""
    base = here.settings().base_url
    short = url_for("public.slip_short")
    return SlipPaper(
        number=claim.number,
        worker=initials(claim.subject),
        holder=initials(slip.holder_name),
        guardian_of=initials(slip.guardian_of) if slip.guardian_of else None,
        codes=tuple((code[:4], code[4:8], code[8:]) for code in slip.codes),
        phrase=slip.phrase,
        address=f"{urlsplit(base).netloc}{short}",
        qr=qr_svg(f"{base}{short}#{claim.number}.{slip.codes[0]}"),
        printed_on=clock.local(slip.issued_at).date(),
        valid_until=clock.local(slip.codes_expire_at).date(),
        missing=_missing(session, claim) if claim.state in OPEN_FOR_PAPERS else [],
        promised_on=claim.due_on if claim.due_on and claim.due_on >= clock.today() else None,
    )


def _missing(session: Session, claim: Claim) -> list[str]:
    honorific = claim.honorific if claim.program != "scholarship" and claim.died_on is not None else ""
    return [
        catalogue().papers[row.code].words(honorific)["name"]
        for row in papers.requirement_list(session, claim.id)
        if row.status in {"missing", "returned"} and row.need != "optional" and row.code in catalogue().papers
    ]
