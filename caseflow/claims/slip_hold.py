"""The day on which nothing moves: after a family's slip was made anew, who is paid and where to stays as it is."""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.errors import NotPossible
from caseflow.formats import instant_wib
from caseflow.people import slips


def require_no_hold(session: Session, claim: Claim, *, now: datetime) -> None:
    """Refuse to change who is paid, or where to, on the day on which somebody was given a new slip.

    :raises NotPossible: until when.
    """
    until = slips.held_until(session, claim.id, now=now)
    if until is not None:
        raise NotPossible(
            "Slip keluarga baru saja dicetak ulang. Rekening dan ahli waris baru bisa diubah sesudah "
            f"{instant_wib(until)}. Belum ada yang tersimpan."
        )
