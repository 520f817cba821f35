"""The second person: the queue, and one page from top to bottom that ends in a word."""

from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import benefit, operations, queries, workflows
from caseflow.claims.accident import GROUNDS
from caseflow.claims.content import content_of
from caseflow.claims.cover import cover_of
from caseflow.claims.later_papers import Proposed, waiting_proposals
from caseflow.claims.models import Claim
from caseflow.claims.operations import DECISIONS, approval_limit
from caseflow.errors import NotFound, NotPossible
from caseflow.formats import rupiah
from caseflow.law.accident import COST_LABELS, MODE_LABELS
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.casework import accident_words, casework, decision_reads, reads, words
from caseflow.web.casework.accident_reads import established
from caseflow.web.casework.actions import ActForm, act_form, checks_of, family_hints
from caseflow.web.casework.benefit import shown
from caseflow.web.casework.changes import changes_since
from caseflow.web.casework.due import Due, due_words
from caseflow.web.casework.eligibility import asked_of, cover_lines, event_month, month_cells, said_by
from caseflow.web.casework.evidence import Evidence, evidence_of
from caseflow.web.casework.frame import Refusal, calendar, fetch, render
from caseflow.web.casework.papers import label_of
from caseflow.web.casework.submit import seen_version, submit
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up
from caseflow.workflow.definition import Action
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.models import History

PAGE = 50
_DUTY = "approve"


@dataclass(frozen=True)
class Request:
    """One request in the queue, in words."""

    number: str
    name: str
    program: str
    region: str
    due: Due
    what: str
    amount: str
    asked_by: str
    asked_at: object
    own: bool


@casework.get("/persetujuan/")
@requires("approval.read")
def approval_queue() -> ResponseReturnValue:
    """Show what waits for a second person."""
    by, today, days = here.actor(), clock.today(), calendar()
    after = queries.read_key(request.args.get("setelah"))
    rows = decision_reads.waiting_queue(
        here.session(), by.branch_code or "", "awaiting_approval", after=after, limit=PAGE + 1
    )
    shown_rows = rows[:PAGE]
    requests = [
        Request(
            number=row.number,
            name=words.deceased(row.subject, row.honorific),
            program=row.program.upper(),
            region=row.region,
            due=due_words(row.due_on, today=today, calendar=days),
            what="Penolakan" if row.action == "propose_refusal" else "Pembayaran",
            amount=rupiah(row.total_idr) if row.total_idr and row.action != "propose_refusal" else "–",
            asked_by=row.asked_by,
            asked_at=row.asked_at,
            own=row.asked_by_person_id == by.person_id,
        )
        for row in shown_rows
    ]
    last = shown_rows[-1] if len(rows) > PAGE else None
    next_href = (
        url_for("casework.approval_queue", setelah=f"{last.sort_on.isoformat()}.{last.id}") if last else None
    )
    adjusting = (
        decision_reads.waiting_adjustments(here.session(), by.branch_code or "") if after is None else []
    )
    return render_template(
        "casework/approvals.html",
        requests=requests,
        next_href=next_href,
        adjusting=[
            (one, words.deceased(one.subject, one.honorific), one.proposed_by_person_id == by.person_id)
            for one in adjusting
        ],
        proposed=_proposed_papers(by) if after is None else [],
    )


def _proposed_papers(by: Actor) -> list[tuple[Proposed, str, str, bool]]:
    """Return the papers that officers want to ask for besides, each with whom it is about and what it is."""
    return [
        (
            one,
            words.deceased(one.subject, one.honorific),
            label_of(one.code),
            one.proposed_by_person_id == by.person_id,
        )
        for one in waiting_proposals(here.session(), by.branch_code or "")
    ]


@casework.get("/persetujuan/<number>")
@requires("approval.read")
def decision_page(number: str) -> ResponseReturnValue:
    """Show everything the word is about."""
    return _page(fetch(number), None)


@casework.get("/persetujuan/<number>/<action>")
@requires("approval.decide")
def decide_page(number: str, action: str) -> ResponseReturnValue:
    """Stop once more before the word, with what it does."""
    claim = fetch(number)
    move = _move(claim, action)
    seen = request.args.get("isi", "")
    if content_of(here.session(), claim).sha256 != seen:
        return redirect(url_for("casework.decision_page", number=claim.number))
    return _card(claim, act_form(move), move, None, seen=seen)


@casework.post("/persetujuan/<number>/<action>")
@requires("approval.decide")
def decide(number: str, action: str) -> ResponseReturnValue:
    """Approve, return or refuse exactly what the page showed."""
    claim = fetch(number)
    move = _move(claim, action)
    form = act_form(move)
    seen = request.form.get("seen_sha256", "")
    require_step_up()

    def work(claim: Claim) -> str:
        unopened = [one.title for one in _evidence(claim).papers if one.flagged and not one.opened]
        if unopened and move.name == "approve":
            raise NotPossible(
                f"Buka dulu dokumen yang ditandai: {', '.join(unopened)}. Keputusan belum tersimpan."
            )
        operations.act(
            here.session(),
            claim,
            move.name,
            by=here.actor(),
            expected_version=seen_version(),
            now=here.now(),
            reason_code=form.reason_code.data or None,
            reason_text=form.reason_text.data or None,
            note=form.note.data or None,
            seen_sha256=seen or "-",
        )
        return f"{move.done}: {words.deceased(claim.subject, claim.honorific)}."

    return submit(
        number,
        form,
        work,
        lambda fresh, refusal: _card(fresh, form, move, refusal, seen=seen),
        to=url_for("casework.approval_queue"),
        own_version_check=True,
    )


def _move(claim: Claim, name: str) -> Action:
    action = workflows.definition_of(claim).find_action(name)
    if action is None or action.name not in DECISIONS:
        raise NotFound("Keputusan ini tidak ada. Tidak ada yang berubah.")
    return action


def _evidence(claim: Claim) -> Evidence:
    return evidence_of(here.session(), claim, here.actor(), since=claim.entered_at)


def _page(claim: Claim, refusal: Refusal | None) -> str:
    session, by = here.session(), here.actor()
    # held, so that the verbs below find it in the session and not in the database again
    worker = registry.get_worker(session, claim.worker_id) if claim.worker_id else None
    cover = cover_of(session, claim)
    definition = workflows.definition_of(claim)
    content = content_of(session, claim)
    submission = reads.last_move(session, claim.id, claim.version)
    refusing = submission is not None and submission.action == "propose_refusal"
    moves = [
        move
        for move in definition.moves_from(claim.state)
        if move.name in DECISIONS and not by.roles.isdisjoint(move.by)
    ]
    return render(
        claim,
        "",
        "decision.html",
        refusal=refusal,
        content=content,
        submission=submission,
        refusing=refusing,
        reason=_reason(definition.find_action(submission.action), submission) if submission else None,
        guard=_guard(session, claim),
        moves=sorted(
            (move for move in moves if _fits(move, refusing=refusing)),
            key=lambda move: move.name != _main(refusing),
        ),
        checks=[check for move in moves if move.name == _main(refusing) for check in checks_of(claim, move)],
        over_limit=_over_limit(session, content.total_idr) if not refusing else None,
        payee=decision_reads.payee_facts(session, claim.id),
        account=decision_reads.account_facts(session, claim.id),
        evidence=_evidence(claim),
        asked=asked_of(claim),
        said_by=said_by,
        cover=cover,
        cover_lines=cover_lines(claim, cover),
        months=month_cells(claim),
        event=event_month(claim),
        worker=worker,
        found=established(session, claim) if claim.program == "jkk" else None,
        kk=accident_words,
        grounds=GROUNDS,
        cost_labels=COST_LABELS,
        mode_labels=MODE_LABELS,
        recording=False,
        changes=changes_since(session, claim, content.document),
        may_link=False,
        **shown(claim, benefit.current_assessment(session, claim.id)),
    )


def _card(claim: Claim, form: ActForm, move: Action, refusal: Refusal | None, *, seen: str) -> str:
    session = here.session()
    content = content_of(session, claim)
    guard = _guard(session, claim)
    possible = workflows.definition_of(claim).target(claim.state, move.name) is not None
    return render(
        claim,
        "",
        "decide.html",
        refusal=refusal,
        form=form,
        action=move,
        content=content,
        # after a refusal the person reads the newest contents before saying it again
        seen=content.sha256 if content.sha256 == seen else "",
        guard=guard,
        possible=possible,
        payee=decision_reads.payee_facts(session, claim.id),
        account=decision_reads.account_facts(session, claim.id),
        family_hints=family_hints([(reason.code, reason.family) for reason in move.reasons]),
    )


def _guard(session: Session, claim: Claim) -> str | None:
    """Return why this person may not decide here, if another duty stands in the way."""
    by = here.actor()
    held = next((one.duty for one in reads.duties(session, claim.id) if one.person_id == by.person_id), None)
    if held is None or held == _DUTY:
        return None
    return f"Anda {DUTIES[held].did} pada kasus ini, jadi keputusan harus oleh orang lain."


def _over_limit(session: Session, total_idr: int) -> str | None:
    """Return why this person's limit does not reach, if it does not."""
    limit_idr = approval_limit(session, here.actor(), here.now())
    if total_idr <= limit_idr:
        return None
    return f"Jumlah {rupiah(total_idr)} melebihi batas Anda, {rupiah(limit_idr)}. Minta kepala cabang."


def _main(refusing: bool) -> str:
    return "refuse" if refusing else "approve"


def _fits(move: Action, *, refusing: bool) -> bool:
    """Offer only what answers the request: yes or no to what was asked, and giving it back."""
    return move.name not in {"approve", "refuse"} or move.name == _main(refusing)


def _reason(action: Action | None, submission: History) -> str | None:
    found = action.find_reason(submission.reason_code) if action else None
    return found.label if found else submission.reason_text
