"""The officer's and the approver's doors: worklist, case, decision. Views fetch, call one verb and answer.

Not here: rules of a claim, law, money.
"""

from flask import Blueprint

casework = Blueprint("casework", __name__, url_prefix="/petugas")

from caseflow.web.casework import (  # noqa: E402 - views register themselves
    account,
    actions,
    approvals,
    benefit,
    eligibility,
    files,
    flow,
    heirs,
    history,
    messages,
    paper_acts,
    papers,
    payment,
    relatives,
    scholarship,
    scholarship_list,
    scholarship_years,
    slip,
    summary,
    worker,
    worklist,
)

__all__ = [
    "account",
    "actions",
    "approvals",
    "benefit",
    "casework",
    "eligibility",
    "files",
    "flow",
    "heirs",
    "history",
    "messages",
    "paper_acts",
    "papers",
    "payment",
    "relatives",
    "scholarship",
    "scholarship_list",
    "scholarship_years",
    "slip",
    "summary",
    "worker",
    "worklist",
]
