"""The living worker is paid: nothing to choose, one button, and the account."""

from flask import url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import family, worker_payee
from caseflow.claims.models import Claim
from caseflow.claims.states import PREPARING
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads
from caseflow.web.casework.frame import Refusal, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

_TAB = "casework.heirs_page"
_WATCHED = ("claim.heirs_decided", "claim.account_entered", "claim.worker_linked", "claim.accident_recorded")


class WorkerPayeeForm(BaseForm):
    """The law says who is paid; nothing is asked."""


@casework.post("/kasus/<number>/penerima")
@requires("heirs.decide")
def worker_payee_post(number: str) -> ResponseReturnValue:
    """Record that the worker is paid."""

    def work(claim: Claim) -> str:
        worker_payee.decide_worker(here.session(), claim, by=here.actor(), now=here.now())
        return "Penerima ditetapkan: pekerja sendiri. Catat rekeningnya."

    to = url_for(_TAB, number=number)
    return submit(number, WorkerPayeeForm(), work, show_worker_payee, to=to, watching=_WATCHED)


def show_worker_payee(claim: Claim, refusal: Refusal | None) -> str:
    """Render the section of a work accident whose worker lives."""
    session = here.session()
    decision = family.current_heirs(session, claim.id)
    decided = decision is not None and decision.agreement == "worker"
    editable = claim.state in PREPARING
    return render(
        claim,
        _TAB,
        "worker_payee.html",
        refusal=refusal,
        payee=decision_reads.payee_facts(session, claim.id) if decided else None,
        account=decision_reads.account_facts(session, claim.id),
        may_decide=may("heirs.decide") and editable and claim.worker_id is not None,
        may_enter=may("account.enter") and editable and decided,
        may_link=may("claim.intake") and claim.worker_id is None,
        editable=editable,
    )
