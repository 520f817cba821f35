"""The letter that goes with an approval: the approved statement line by line, for paper."""

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims.decided import approved_statement
from caseflow.errors import NotPossible
from caseflow.people.models import Person
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads, words
from caseflow.web.casework.frame import fetch
from caseflow.web.security import requires
from caseflow.web.statement_words import shown_statement

SHOWN_OF_DIGEST = 12  # letters of the digest: enough to compare a paper with the screen


@casework.get("/kasus/<number>/surat-rincian")
@requires("claim.read")
def benefit_letter(number: str) -> ResponseReturnValue:
    """Show the letter for printing; its lines are those of the decision, nothing is computed here."""
    claim, session = fetch(number), here.session()
    found = approved_statement(session, claim)
    if found is None:
        raise NotPossible(
            "Surat rincian ada setelah santunan disetujui. Kasus ini belum, atau tidak lagi, disetujui."
        )
    decision, statement = found
    return render_template(
        "casework/letter.html",
        claim=claim,
        name=words.deceased(claim.subject, claim.honorific),
        payee=decision_reads.payee_facts(session, claim.id),
        account=decision_reads.account_facts(session, claim.id),
        decision=decision,
        decided_on=clock.local(decision.decided_at).date(),
        statement=shown_statement(statement),
        approver=session.get_one(Person, decision.person_id).full_name,
        digest=decision.content_sha256[:SHOWN_OF_DIGEST],
    )
