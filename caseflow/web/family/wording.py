"""How a case is spoken of on a family's phone: by programme, and never of a death that did not happen."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.models import Claim
from caseflow.claims.queries import get_report
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.errors import NotPermitted
from caseflow.people import mandates
from caseflow.people.actor import Actor
from caseflow.people.models import FamilyDevice, HelperMandate

_HONORIFICS = {
    "almarhum": "Almarhum",
    "almarhumah": "Almarhumah",
    "mendiang": "Mendiang",
    "": "Almarhum/almarhumah",
}
# who may give the first notice of an accident without being of the family (Permenaker 5/2021 jo. 1/2025 Art. 48A)
_HELPERS = frozenset({"nagari", "health_facility", "union", "officer"})


def is_about_a_death(claim: Claim) -> bool:
    """Whether the person whom the case is about has died; the child of a scholarship has not.

    Of a report that was taken back nobody says so: it may have been about somebody who lives.
    """
    return claim.program != "scholarship" and claim.died_on is not None and claim.state != "withdrawn"


def name_of(claim: Claim) -> str:
    """Return whom the case is about: ``Almarhum Samsir``; somebody who lives by the name alone."""
    return f"{_HONORIFICS[claim.honorific]} {claim.subject}" if is_about_a_death(claim) else claim.subject


def paper_honorific(claim: Claim) -> str:
    """Return the honorific for the words of a paper; none while the worker lives."""
    return claim.honorific if is_about_a_death(claim) else ""


def payee_of(claim: Claim) -> str:
    """Return whose account the money goes to."""
    if claim.program == "scholarship":
        return "anak atau walinya"
    return "ahli waris" if is_about_a_death(claim) else "pekerja sendiri"


def benefit_of(claim: Claim) -> str:
    """Return what is paid, in a word."""
    return "beasiswa" if claim.program == "scholarship" else "santunan"


def helper_of(session: Session, *, by: Actor) -> HelperMandate | None:
    """Return the mandate under which this phone was opened; ``None`` for the family's own."""
    return session.scalar(
        select(HelperMandate)
        .join(FamilyDevice, FamilyDevice.mandate_id == HelperMandate.id)
        .where(FamilyDevice.id == (by.device_id or 0))
    )


def is_close(session: Session, claim: Claim, *, by: Actor) -> bool:
    """Whether the phone belongs to the worker or the family, who alone read of care and money.

    Whoever helps, and a nagari, a health facility or a union that gave the notice, sees how far the case has come
    and what is still missing, and no more.
    """
    if by.is_helper:
        return False
    child = session.get(ScholarshipChild, claim.id)
    notice = session.get(AccidentNotice, child.origin_casefile_id if child else claim.id)
    if notice is None or notice.notifier_role not in _HELPERS:
        return True
    return by.name != get_report(session, claim.id).reporter_name


def require_close(session: Session, claim: Claim, *, by: Actor) -> None:
    """Refuse whoever helps, and who only gave the notice, what the worker or the family alone may do.

    :raises NotPermitted: with who may, and where.
    """
    mandates.require_family(by)
    if not is_close(session, claim, by=by):
        raise NotPermitted(
            "Ini hanya bisa dari HP pekerja atau keluarganya. Tidak ada yang berubah. "
            "Mereka membukanya dengan kode di slip keluarga."
        )
