"""Groups of states by what may be done to a claim's contents there."""

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.errors import NotPossible
from caseflow.workflow import locks

# a work accident before its papers: notified, treated, waiting for the doctor
_TREATED = frozenset({"notified", "suspected", "treatment", "recovering", "awaiting_certificate"})
# papers may come in as long as nobody has decided, and again while an objection is looked at
OPEN_FOR_PAPERS = _TREATED | frozenset(
    {
        "reported",
        "documents_pending",
        "documents_complete",
        "verifying",
        "field_check",
        "medical_review",
        "on_hold",
        "concluded",
        "calculating",
        "objection",
    }
)
REVIEWING = _TREATED | frozenset(
    {"reported", "documents_pending", "documents_complete", "verifying", "field_check", "medical_review"}
)
EDITING = REVIEWING
PREPARING = frozenset({"verifying", "field_check", "medical_review", "concluded", "calculating"})
# what is established of an accident stands still once it is concluded
RECORDING = REVIEWING - {"medical_review"}
COMPUTING = frozenset({"calculating"})
CONCLUDING = frozenset({"suspected", "treatment", "recovering", "verifying", "field_check"})

# the next step is somebody else's: the second person's, finance's, the bank's, another office's
ELSEWHERE = frozenset(
    {
        "awaiting_approval",
        "medical_review",
        "on_hold",
        "approved",
        "payment_in_process",
        "paid",
        "objection",
        "inspector_review",
        "minister_review",
        "accompanying",
    }
)
# the family or the hospital has the next word; the officer's turn comes once it is time to ask
AWAITED = frozenset({"documents_pending", "recovering", "awaiting_certificate", "refused", "lapsed"})


def is_in_care(claim: Claim) -> bool:
    """Whether the worker is treated: the papers of stage II cannot be there yet, and nobody is pressed for them."""
    return claim.program == "jkk" and claim.died_on is None and claim.state in _TREATED


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
