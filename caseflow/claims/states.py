"""Groups of states by what may be done to a claim's contents there."""

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.errors import NotPossible
from caseflow.workflow import locks

# papers may come in as long as nobody has decided
OPEN_FOR_PAPERS = frozenset(
    {
        "reported",
        "documents_pending",
        "documents_complete",
        "verifying",
        "field_check",
        "on_hold",
        "calculating",
    }
)
REVIEWING = frozenset({"reported", "documents_pending", "documents_complete", "verifying", "field_check"})
EDITING = REVIEWING
PREPARING = frozenset({"verifying", "field_check", "calculating"})


def lock(session: Session, claim: Claim) -> None:
    """Hold the claim's row until the transaction ends and read it afresh: first lock of every verb.

    A verb inside another finds the row held: nobody else can have changed it, so it is not read again.
    """
    session.flush()
    if not locks.holds(session, claim.id):
        session.refresh(claim, with_for_update={"of": Claim})
        locks.note(session, claim.id)


def require_state(session: Session, claim: Claim, states: frozenset[str]) -> None:
    """Lock the claim and refuse a change of contents in a state that does not allow it.

    :raises NotPossible: with what to do next.
    """
    lock(session, claim)
    if claim.state not in states:
        raise NotPossible(
            "Isi kasus ini sedang terkunci pada tahap sekarang. Belum ada yang berubah. "
            "Tarik kembali pengajuan atau minta kasus dikembalikan bila harus diubah."
        )
