"""The money of a case, to be read only: finance works on its own pages."""

from itertools import groupby

from flask.typing import ResponseReturnValue

from caseflow.claims.models import Claim
from caseflow.payments.queries import instructions_of_claim
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads
from caseflow.web.casework.frame import fetch, render
from caseflow.web.security import requires


@casework.get("/kasus/<number>/pembayaran")
@requires("claim.read")
def payment_page(number: str) -> ResponseReturnValue:
    """Show every order to pay with its steps, the newest first."""
    claim = fetch(number)
    steps = {
        key: list(found)
        for key, found in groupby(
            decision_reads.payment_steps(here.session(), claim.id), lambda step: step.instruction_id
        )
    }
    instructions = instructions_of_claim(here.session(), claim.id)
    return render(
        claim,
        "casework.payment_page",
        "payment.html",
        instructions=instructions[::-1],
        steps=steps,
        waits_for=_waits_for(claim),
    )


def _waits_for(claim: Claim) -> str:
    """Return why there is no order yet."""
    if claim.state in {"approved", "payment_failed"}:
        return "Keuangan menyiapkan perintah bayar."
    if claim.state in {"refused", "objection", "withdrawn", "closed"}:
        return "Kasus ini tidak dibayar."
    return "Pembayaran disiapkan setelah kasus disetujui."
