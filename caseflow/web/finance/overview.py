"""The money of the branch at a glance: what waits for whom, and whether sent and settled add up."""

from datetime import datetime

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.payments import queries, reconciliation
from caseflow.people import policy
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.casework.words import PAYMENT_STATES
from caseflow.web.finance import file_reads, finance, reads, words
from caseflow.web.security import requires

PAGE = 50
_MAY = ("payment.instruct", "payment.batch", "payment.release", "statement.load", "payment.reconcile")


def may() -> dict[str, bool]:
    """Return which acts of money this person's roles open, by the last word of the permission."""
    return {name.split(".")[1]: policy.allows(here.actor(), name) for name in _MAY}


@finance.get("/")
@requires("payment.read")
def overview() -> ResponseReturnValue:
    """Show everything that is not paid yet, and this month's reconciliation."""
    session, branch = here.session(), here.actor().branch_code or ""
    waiting = queries.waiting_claims(session, branch, after=_after("siap"), limit=PAGE)
    queued = queries.queued_instructions(
        session, branch, after_id=whole_number(request.args.get("antre"), 0), limit=PAGE
    )
    sent = reads.transfers(
        session, branch, ["sent"], after_id=whole_number(request.args.get("jalan"), 0), limit=PAGE
    )
    batches = queries.batches(session, before_id=_before("berkas"), limit=PAGE)
    own = file_reads.own_batches(session, [batch.id for batch in batches], branch)
    since = clock.local(here.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    held = reads.held_duties(session, here.actor().person_id, [row.number for row in waiting])
    return render_template(
        "finance/overview.html",
        may=may(),
        waiting=waiting,
        guards={row.number: words.duty_guard(held.get(row.number), "make_batch") for row in waiting},
        waiting_sum=reads.waiting_sum(session, branch),
        queued=queued,
        sent=sent,
        unknown=reads.transfers(session, branch, ["unknown"], limit=PAGE),
        batches=[batch for batch in batches if batch.id in own],
        failed=reads.failed_transfers(session, branch),
        sums=reads.sums_by_state(session, branch),
        nothing=reads.Sum(),
        totals=reconciliation.totals(session, branch, since=since),
        since=since,
        page=PAGE,
        order_states=PAYMENT_STATES,
        batch_states=words.BATCH_STATES,
        failure_reason=words.failure_reason,
    )


def _after(name: str) -> tuple[datetime, int] | None:
    """Read the key of the last row of the page before: ``<instant>~<id>``."""
    instant, _, key = request.args.get(name, "").partition("~")
    try:
        found = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return (found, whole_number(key, 0)) if found.tzinfo is not None else None


def _before(name: str) -> int | None:
    return whole_number(request.args.get(name), 0) or None
