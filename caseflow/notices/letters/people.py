"""How a letter speaks of people: the worker, whom it is addressed to, who signs."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.contacts import family_name
from caseflow.claims.models import Claim, Report
from caseflow.claims.queries import get_report
from caseflow.notices.letters.frame import Sender
from caseflow.people.models import Person, StaffUser
from caseflow.registry.queries import region_name

_HONORIFICS = {
    "almarhum": "Almarhum ",
    "almarhumah": "Almarhumah ",
    "mendiang": "Mendiang ",
    "": "Almarhum/almarhumah ",  # nobody told whether a man or a woman
}


def is_about_a_death(claim: Claim) -> bool:
    """Whether the person whom the case is about has died: not a child, nor whoever a withdrawn report was about."""
    return claim.program != "scholarship" and claim.died_on is not None and claim.state != "withdrawn"


def name_of(claim: Claim) -> str:
    """Return whom the case is about, in full: ``Almarhum Samsir``; somebody who lives by the name alone."""
    return f"{_HONORIFICS[claim.honorific]}{claim.subject}" if is_about_a_death(claim) else claim.subject


def honorific_of(claim: Claim) -> str:
    """Return the honorific for the words of a paper; none while the worker lives."""
    return claim.honorific if is_about_a_death(claim) else ""


def about(claim: Claim) -> str:
    """Return what the letter is about: ``Laporan SJJ-26-0042-7, Almarhum Samsir``."""
    return f"Laporan {claim.number}, {name_of(claim)}"


def kind_of_case(claim: Claim) -> str:
    """Return what the case is about, without an abbreviation."""
    return {
        "jkm": "Jaminan Kematian",
        "jkk": "Jaminan Kecelakaan Kerja",
        "scholarship": "Beasiswa anak pekerja",
    }[claim.program]


def to_family(session: Session, claim: Claim, name: str | None = None) -> list[str]:
    """Return the lines of the addressee: who is named, else the family, also where a helper reported for it."""
    report = get_report(session, claim.id)
    return [
        "Kepada Yth.",
        f"Ibu/Bapak {name or family_name(session, claim)}",
        f"Jorong {report.jorong}, {_place(session, report)}" if report.jorong else _place(session, report),
    ]


def _place(session: Session, report: Report) -> str:
    return f"Nagari {region_name(session, report.region_code)}"


def signature(session: Session, person_id: int, sender: Sender, *more: str) -> list[str]:
    """Return who signs: office, title, name."""
    name = session.get_one(Person, person_id).full_name
    title = session.scalar(
        select(StaffUser.title).where(StaffUser.person_id == person_id).order_by(StaffUser.id.desc()).limit(1)
    )
    return [sender.name, title or "Petugas", "", name, *more]
