"""Nobody dead is paid, and no death of the living: whoever is chosen as payee, guardian or holder of the account is asked for in the registry.

Found by NIK, and where a family's papers gave none, among the people on the worker's own Kartu Keluarga by name.
Not here: whom the regulation names (``payee``), how a wrong word of death is put right (``registry.life``).
"""

from datetime import date

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim, FamilyMember
from caseflow.errors import Invalid, NotPossible
from caseflow.formats import instant_wib
from caseflow.registry import names
from caseflow.registry.households import everybody_with
from caseflow.registry.life import corrected_at, dead_sentence, is_dead


def require_living(session: Session, claim: Claim, payee: FamilyMember, *, field: str) -> None:
    """Refuse a payee whom the registry knows as dead.

    :param field: which box of the form is told so. :raises Invalid: with the day, and what to do when it is wrong.
    """
    died_on = is_dead(session, payee.national_id)
    if died_on is None and payee.national_id is None:
        died_on = _dead_by_name(session, claim, payee.full_name, payee.born_on)
    if died_on is not None:
        raise Invalid({field: dead_sentence(payee.full_name, died_on)})


def require_living_guardian(session: Session, claim: Claim, guardian_name: str | None, *, field: str) -> None:
    """Refuse a guardian who is one of this family and known as dead; a guardian is known by name only.

    :raises Invalid: see :func:`require_living`.
    """
    died_on = _dead_by_name(session, claim, guardian_name, None) if guardian_name else None
    if guardian_name and died_on is not None:
        raise Invalid({field: dead_sentence(guardian_name, died_on)})


def require_death_stands(session: Session, claim: Claim) -> None:
    """Hold a death claim whose worker turned out to live: it is neither submitted, approved nor paid.

    :raises NotPossible: since when, and what to do.
    """
    if claim.died_on is None or claim.worker_id is None:
        return
    since = corrected_at(session, claim.worker_id)
    if since is not None:
        raise NotPossible(
            f"{claim.subject} ternyata masih hidup menurut pembetulan {instant_wib(since)}. Kasus kematian ini ditahan: "
            "tidak ada yang diajukan, disetujui, atau dibayar. Periksa laporannya; bila ia memang hidup, usulkan "
            "penolakan dengan alasan itu."
        )


def _dead_by_name(session: Session, claim: Claim, name: str, born_on: date | None) -> date | None:
    """The day of death of the one bearer of a name on the worker's card; two bearers of one name say nothing."""
    if claim.worker_id is None:
        return None
    bearers = [
        one
        for one in everybody_with(session, claim.worker_id)
        if names.compare(one.full_name, name).kind == "same"
        and (born_on is None or one.born_on is None or one.born_on == born_on)
    ]
    return bearers[0].died_on if len(bearers) == 1 else None
