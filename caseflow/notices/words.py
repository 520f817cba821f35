"""A message in the words of its reader: the text of the notice, filled with what is true of the case now."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.config import Settings
from caseflow.documents.catalogue import catalogue
from caseflow.documents.queries import RequirementRow, requirement_list
from caseflow.formats import short_date, weekday_date
from caseflow.notices import gsm
from caseflow.notices.texts import SIGNED, Text, texts
from caseflow.people.slips import live_slips
from caseflow.workflow.models import History, Outbox

_SIGNATURE = SIGNED.partition("{")[0]
_PROMISED = "hari yang dijanjikan"
_NO_PAPER = "lihat di halaman laporan"
_LONGEST_WORDS = 80
_MOST_PAPERS = 4


@dataclass(frozen=True)
class Office:
    """Who speaks: the branch's name, its telephone, and its name in an SMS."""

    name: str
    phone: str
    sender: str


def office_of(settings: Settings) -> Office:
    """Return the branch of this installation."""
    return Office(settings.branch_name, settings.branch_phone, settings.branch_sender)


@dataclass(frozen=True)
class CaseWords:
    """What is true of a case now, in words; and the two words of everybody who has a slip."""

    values: Mapping[str, str]
    phrases: Mapping[str, str]

    def render(self, row: Outbox, due_on: date | None, *, sms: bool, to: str) -> str:
        """Return the message as the person named ``to`` reads it, signed with their own words if they have any.

        :param due_on: the day that was promised when the message was owed.
        """
        text = texts()[row.notice]
        body = fill(text, self.values, {**row.values, **_due(due_on, sms=sms)}, sms=sms)
        phrase = self.phrases.get(to)
        return body + SIGNED.format(phrase=phrase) if phrase else body


def fill(text: Text, values: Mapping[str, str], said: Mapping[str, object], *, sms: bool) -> str:
    """Fill a text; what whoever owed it did not say is said in general words."""
    otherwise = {value.code: value.otherwise for value in text.values}
    told = {code: harmless(str(value)) for code, value in said.items()}
    body = (text.sms if sms else text.whatsapp).format_map({**values, **otherwise, **told})
    return gsm.plain(body) if sms else body


def harmless(words: str) -> str:
    """Return what somebody typed, such as a name, so that no phone makes an address or a number of it."""
    apart = re.sub(r"\.(?=\w)", ". ", re.sub(r"[^\w\s.,'’/()-]", "", words))
    return re.sub(r"[0-9]{5,}", "…", apart)[:_LONGEST_WORDS].strip()


def unsigned(text: str) -> str:
    """Return a message without the reader's two words, for a page that somebody else may see."""
    return text.rpartition(_SIGNATURE)[0] or text


def case_words(session: Session, claim: Claim, office: Office) -> CaseWords:
    """Read what the messages of a case say."""
    rows = requirement_list(session, claim.id)
    required = [row for row in rows if row.need == "required" and row.status in {"missing", "returned"}]
    returned = [row for row in rows if row.status == "returned"]
    values = {
        "office": office.name,
        "sender": office.sender,
        "phone": office.phone,
        "number": claim.number,
        "name": harmless(claim.subject),
        "papers": _names(required, claim.honorific),
        "returned": _names(returned, claim.honorific),
        "count": str(len(required)),
        "payee": _payee(claim),
        "benefit": "beasiswa" if claim.program == "scholarship" else "santunan",
    }
    phrases = {slip.holder_name: slip.phrase for slip in live_slips(session, claim.id)}
    return CaseWords(values, phrases)


def promised_on(session: Session, row: Outbox) -> date | None:
    """Return the deadline as it stood when the message was owed."""
    return session.scalar(
        select(History.due_on).where(
            History.casefile_id == row.casefile_id, History.version == row.history_version
        )
    )


def _due(due_on: date | None, *, sms: bool) -> dict[str, str]:
    if due_on is None:
        return {"due": _PROMISED}
    return {"due": short_date(due_on) if sms else weekday_date(due_on)}


def _payee(claim: Claim) -> str:
    if claim.program == "scholarship":
        return "anak atau walinya"
    return "ahli waris" if claim.died_on is not None else "pekerja"


def _names(rows: Sequence[RequirementRow], honorific: str) -> str:
    """Return the papers by name, as many as a message bears; the whole list is on the family's page."""
    papers = catalogue().papers
    names = [papers[row.code].words(honorific)["name"] for row in rows]
    if len(names) > _MOST_PAPERS:
        names[_MOST_PAPERS:] = [f"dan {len(names) - _MOST_PAPERS} dokumen lain"]
    return ", ".join(names) or _NO_PAPER
