"""The monthly report by e-mail: once issued, it goes to the leaders whom the settings name, once to each; so do corrections.

The report holds figures as they are published, so the whole letter goes along. Not here: what it says
(``monthly_report``), issuing it (``registry_letters``).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.documents.storage import ObjectStore
from caseflow.formats import month_year
from caseflow.notices import registry_letters
from caseflow.notices.adapters import Outcome
from caseflow.notices.adapters.mail import Mail
from caseflow.people.actor import SYSTEM
from caseflow.registry.letter_models import RegistryLetter
from caseflow.reports.result_models import MailedReport

_KIND = "monthly_report"
_FRESH = timedelta(days=14)  # an older report is no news: addresses that are named later get the next one


def unmailed(
    session: Session, regency: str, to: Sequence[str], *, now: datetime
) -> Sequence[tuple[int, str]]:
    """Return issued reports and addresses that they have not gone to, the oldest first."""
    letters = session.scalars(
        select(RegistryLetter)
        .where(
            RegistryLetter.region_code == regency,
            RegistryLetter.kind == _KIND,
            RegistryLetter.revoked_at.is_(None),
            RegistryLetter.issued_at > now - _FRESH,
        )
        .order_by(RegistryLetter.id)
    ).all()
    of_letters = MailedReport.letter_id.in_([letter.id for letter in letters])
    gone = {(row.letter_id, row.mailed_to) for row in session.scalars(select(MailedReport).where(of_letters))}
    return [(letter.id, one) for letter in letters for one in to if (letter.id, one) not in gone]


def mail_report(
    session: Session, store: ObjectStore, mail: Mail, letter_id: int, to: str, *, base_url: str, now: datetime
) -> Outcome | None:
    """Send a report to one address, and keep that it went; a server that takes nothing now is asked again later.

    :return: what became of it; ``None``: it went there before, or was replaced since.
    """
    # held until it is known what became of the letter: another worker waits, and then finds the row
    letter = session.get_one(RegistryLetter, letter_id, with_for_update=True)
    month = month_of(letter)
    if session.get(MailedReport, (to, letter.id)) is not None or letter.revoked_at is not None:
        return None
    replaced = replaced_by(session, letter)
    with registry_letters.open_registry_letter(session, store, letter, by=SYSTEM) as stored:
        pdf = (f"laporan-bulanan-{letter.subject}.pdf", stored.read())
    outcome = mail.send(
        to,
        f"Laporan bulanan {month_year(month)}{' (diperbaiki)' if replaced else ''}",
        _words(letter, replaced, base_url),
        pdf=pdf,
    )
    if outcome.became == "again":
        return outcome
    session.add(
        MailedReport(month=month, mailed_to=to, letter_id=letter.id, mailed_at=now, became=outcome.became)
    )
    details = {"to": to, "became": outcome.became}
    record(
        session, "report.monthly_mailed", by=SYSTEM, subject=f"registry_letter:{letter.id}", details=details
    )
    return outcome


def mailed_of(session: Session, letter_ids: Sequence[int]) -> Mapping[int, int]:
    """Return how many addresses each of these letters has gone to."""
    rows = session.execute(
        select(MailedReport.letter_id, func.count())
        .where(MailedReport.letter_id.in_(letter_ids), MailedReport.became != "refused")
        .group_by(MailedReport.letter_id)
    )
    return {row[0]: row[1] for row in rows}


def replaced_by(session: Session, letter: RegistryLetter) -> RegistryLetter | None:
    """Return the report that this one corrects; ``None``: it is the first of its month."""
    return session.scalars(
        select(RegistryLetter)
        .where(
            RegistryLetter.region_code == letter.region_code,
            RegistryLetter.kind == _KIND,
            RegistryLetter.subject == letter.subject,
            RegistryLetter.id < letter.id,
        )
        .order_by(RegistryLetter.id.desc())
        .limit(1)
    ).first()


def month_of(letter: RegistryLetter) -> date:
    """Return the month that a report tells of."""
    return date.fromisoformat(f"{letter.subject}-01")


def _words(letter: RegistryLetter, replaced: RegistryLetter | None, base_url: str) -> str:
    return "\n".join(
        [
            f"Terlampir laporan bulanan perlindungan pekerja rentan, {month_year(month_of(letter))},",
            f"nomor {letter.number}.",
            "",
            *(
                [
                    f"Laporan ini diperbaiki. Ia menggantikan nomor {replaced.number},",
                    "yang tidak berlaku lagi.",
                    "",
                ]
                if replaced
                else []
            ),
            "Laporan ini tidak menyebut siapa pun. Angka 1 sampai 4 tidak ditulis.",
            f"Keasliannya dapat diperiksa di {base_url}/periksa dengan kode di laporan.",
            f"Angka terbaru ada di {base_url}/statistik.",
        ]
    )
