"""The workflow book, loaded once, with the vocabulary that claims give it."""

from functools import cache

from caseflow.claims import accident_rules as accident_rules
from caseflow.claims import scholarship_rules as scholarship_rules
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.config import ROOT
from caseflow.people.policy import policy
from caseflow.registry.nomination_rules import RULES as NOMINATION_RULES
from caseflow.workflow.definition import Workflow
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.loader import Vocabulary, WorkflowBook, load_book

WORKFLOWS_DIR = ROOT / "workflows"
# every one has its words in workflows/messages.yaml; the service does not start without them
NOTICES = frozenset(
    {
        "reported",
        "docs_needed",
        "doc_returned",
        "complete",
        "approved",
        "paid",
        "payment_failed",
        "refused",
        "accident_noticed",
        "stage_one",
        "concluded",
        "stage_two",
        "not_work",
        "lapsed",
        "moved_to_jkk",
        "moved_to_jkm",
        "scholarship_kept",
        "scholarship_open",
        "scholarship_reminder",
        "scholarship_school",
        "paper_reminder",
        "paper_added",
        "request_answered",
        "received_in_full",
        "complaint_received",
        "complaint_answered",
        "helper_named",
        "slip_printed",
    }
)
PLACEHOLDERS = frozenset({"due_date", "missing_count", "reason", "account_tail", "paid_date", "month"})


def vocabulary() -> Vocabulary:
    """Return every name that a workflow file may use."""
    return Vocabulary(
        roles=policy().roles,
        rules={*RULES, *NOMINATION_RULES},
        notices=NOTICES,
        duties=DUTIES,
        placeholders=PLACEHOLDERS,
    )


@cache
def book() -> WorkflowBook:
    """Return all workflows in every version that a case may still run on."""
    return load_book(WORKFLOWS_DIR, vocabulary())


def definition_of(claim: Claim) -> Workflow:
    """Return the definition in the version the case began with."""
    return book().get(claim.workflow, claim.workflow_version)
