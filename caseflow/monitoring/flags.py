"""Confidential flags of a visit: they go to the inspector alone, as a complaint and nothing else."""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow.claims.complaints import LONGEST, SHORTEST, Filed, Told, file_complaint
from caseflow.claims.models import Claim
from caseflow.monitoring.models import Plan
from caseflow.sealing import blind

_NO_WORDS = "Keluarga mengatakan ada yang meminta uang, tanpa cerita lebih lanjut."


def on_levy(session: Session, plan: Plan, words: str, key: str, now: datetime) -> Filed:
    """Tell the inspector that a visit heard of money asked for; the same visit tells it once.

    :param key: UUID of the visit. :param words: what the family told; may be empty.
    """
    told = words.strip()
    if len(told) < SHORTEST:
        told = f"{_NO_WORDS} {told}".strip()
    complaint = Told(
        category="levy",
        accused="unknown",
        words=told[:LONGEST],
        key=f"visit:{key}",
        about=session.get_one(Claim, plan.claim_id),
        helped_by_user_id=plan.visitor_user_id,
    )
    branch_code = plan.branch_code.partition("/")[0]
    # nobody is handed this code, so it answers to a secret of its own
    return file_complaint(
        session, complaint, branch_code=branch_code, now=now, pepper=blind("flags of visits")
    )
