"""The officer's, the medical adviser's and the approver's doors: worklist, case, opinion, decision.

Views fetch, call one verb and answer. Not here: rules of a claim, law, money.
"""

from flask import Blueprint

casework = Blueprint("casework", __name__, url_prefix="/petugas")

from caseflow.web.casework import (  # noqa: E402 - views register themselves
    accident,
    account,
    actions,
    adjustments,
    approvals,
    benefit,
    care,
    certificate,
    days,
    eligibility,
    files,
    flow,
    heirs,
    history,
    messages,
    opinion,
    paper_acts,
    papers,
    payment,
    relatives,
    returning,
    scholarship,
    scholarship_list,
    scholarship_years,
    slip,
    summary,
    worker,
    worker_payee,
    worklist,
)

__all__ = [
    "accident",
    "account",
    "actions",
    "adjustments",
    "approvals",
    "benefit",
    "care",
    "casework",
    "certificate",
    "days",
    "eligibility",
    "files",
    "flow",
    "heirs",
    "history",
    "messages",
    "opinion",
    "paper_acts",
    "papers",
    "payment",
    "relatives",
    "returning",
    "scholarship",
    "scholarship_list",
    "scholarship_years",
    "slip",
    "summary",
    "worker",
    "worker_payee",
    "worklist",
]
