"""A report in writing, found again by a cookie on the reporter's phone."""

from datetime import timedelta

from flask import Response, request
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow.claims.models import ReportDraft
from caseflow.identifiers import random_token, token_digest
from caseflow.web import here

COOKIE = "laporan"
LASTS = timedelta(days=14)


def find_draft(session: Session, *, lock: bool = False) -> ReportDraft | None:
    """Return the draft of this browser, if it is still kept."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    statement = select(ReportDraft).where(
        ReportDraft.token_sha256 == token_digest(token), ReportDraft.expires_at > here.now()
    )
    return session.scalar(statement.with_for_update() if lock else statement)


def new_draft(session: Session, response: Response) -> None:
    """Begin a draft and leave its cookie with the browser."""
    token = random_token()
    now = here.now()
    session.add(
        ReportDraft(token_sha256=token_digest(token), created_at=now, changed_at=now, expires_at=now + LASTS)
    )
    session.flush()
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(LASTS.total_seconds()),
        httponly=True,
        secure=here.settings().secure_cookies,
        samesite="Lax",
        path="/",
    )


def note_opened(session: Session, casefile_id: int) -> None:
    """Remember that the receipt was seen: from now on the draft opens the case on no phone again."""
    session.execute(
        update(ReportDraft)
        .where(ReportDraft.casefile_id == casefile_id, ReportDraft.opened_at.is_(None))
        .values(opened_at=here.now())
        .execution_options(synchronize_session=False)
    )


def may_open(draft: ReportDraft) -> bool:
    """Whether the draft may still open its case here: only while the first answer may have been lost."""
    return draft.opened_at is None


def forget_draft(response: Response) -> None:
    """Take the cookie back: nothing of the report stays on the phone."""
    response.delete_cookie(COOKIE, path="/")
