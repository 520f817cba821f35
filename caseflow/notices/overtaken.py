"""Whether what a message says is no longer true when it is about to leave.

Messages wait for office hours, over a weekend or for an officer who passes them on. Nobody is asked for papers that
have come, told of an approval that was taken back, or written to about a report that is no more.
"""

from collections.abc import Mapping

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from caseflow.claims import paper_reminders
from caseflow.claims.models import Claim
from caseflow.documents.models import Requirement
from caseflow.workflow.models import History, Outbox

# what each of them asks for; once none of it is open the message asks for nothing
_ASKS_FOR: Mapping[str, tuple[str, ...]] = {
    "docs_needed": ("missing", "returned"),
    "doc_returned": ("returned",),
    "paper_added": ("missing", "returned"),
}
# the step after which the message is no longer true
_UNDONE_BY: Mapping[str, str] = {"approved": "void_approval", "paid": "report_payment_failure"}
# about a report that was taken back only this is still said
_SAID_ANYWAY = frozenset({"request_answered", "slip_printed", "helper_named"})
CAN_BE = (*_ASKS_FOR, *_UNDONE_BY)


def is_overtaken(session: Session, claim: Claim, row: Outbox) -> bool:
    """Whether a message of a case has come true, or untrue, before it left."""
    if claim.state == "withdrawn" and row.notice not in _SAID_ANYWAY:
        return True
    if row.notice in _ASKS_FOR:
        return claim.closed_at is not None or not _is_open(session, claim, _ASKS_FOR[row.notice])
    if row.notice in _UNDONE_BY:
        return _came_later(session, row, _UNDONE_BY[row.notice])
    return paper_reminders.is_overtaken(session, claim, row.notice, row.occasion)


def _is_open(session: Session, claim: Claim, statuses: tuple[str, ...]) -> bool:
    """Whether a paper that the case needs stands so."""
    found = exists().where(
        Requirement.casefile_id == claim.id,
        Requirement.need != "optional",
        Requirement.status.in_(statuses),
    )
    return bool(session.scalar(select(found)))


def _came_later(session: Session, row: Outbox, action: str) -> bool:
    found = exists().where(
        History.casefile_id == row.casefile_id,
        History.action == action,
        History.version > row.history_version,
    )
    return bool(session.scalar(select(found)))
