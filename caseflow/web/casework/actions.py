"""Every button of the workflow through one pair of views: the file says who, from where, and what is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField

from caseflow.claims import operations, workflows
from caseflow.claims.accident_papers import facts_of
from caseflow.claims.asking import asked_besides
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.claims.states import PREPARING
from caseflow.errors import NotFound, NotPermitted
from caseflow.web import here
from caseflow.web.casework import casework, step_words, words
from caseflow.web.casework.frame import Refusal, fetch, render
from caseflow.web.casework.moves import onward, target_of
from caseflow.web.casework.papers import label_of
from caseflow.web.casework.submit import seen_version, submit
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.security import requires
from caseflow.web.step_up import require_step_up
from caseflow.workflow.definition import UNIT_LABELS, Action, State, Workflow

_TAB_PAGES = {
    "documents": "casework.papers_page",
    "worker": "casework.worker_page",
    "accident": "casework.accident_page",
    "eligibility": "casework.eligibility_page",
    "heirs": "casework.heirs_page",
    "benefit": "casework.benefit_page",
    "history": "casework.history_page",
    "years": "casework.years_page",
}

# money goes out again: it must be certain who asks for it
_CERTAIN = frozenset({"reissue_payment"})


class ActForm(BaseForm):
    """What a step may ask: a listed reason, words of one's own, a note."""

    # which of them are needed is judged by the workflow, not here
    reason_code = RadioField("Alasan", validate_choice=False)
    reason_text = LongTextField("Penjelasan")
    note = LongTextField("Catatan untuk petugas lain")


@dataclass(frozen=True)
class Check:
    """One condition of a step: fulfilled, or what is missing and where to see to it."""

    text: str
    ok: bool
    href: str | None = None
    label: str = "Buka"


@dataclass(frozen=True)
class Moving:
    """What becomes of a case that goes on in another programme."""

    changes: Sequence[str]
    stays: Sequence[str]
    asked: Sequence[str]


@casework.get("/kasus/<number>/<action>")
@requires("claim.act")
def act_page(number: str, action: str) -> ResponseReturnValue:
    """Explain a step and ask for what it needs."""
    claim = fetch(number)
    definition = workflows.definition_of(claim)
    move = _button(definition, action)
    if move.name in operations.DECISIONS:
        return redirect(url_for("casework.decision_page", number=claim.number))
    if here.actor().roles.isdisjoint(move.by):
        raise NotPermitted(f"“{move.label}” bukan bagian Anda. Tidak ada yang berubah.")
    form = act_form(move)
    if definition.target(claim.state, move.name) is None:
        return make_response(_page(claim, form, move, _not_now(definition, claim, move)), 409)
    return _page(claim, form, move, None)


@casework.post("/kasus/<number>/<action>")
@requires("claim.act")
def act_post(number: str, action: str) -> ResponseReturnValue:
    """Carry out a step of the workflow; decisions have a page of their own, with all that they ask."""
    claim = fetch(number)
    move = _button(workflows.definition_of(claim), action)
    if move.name in operations.DECISIONS:
        raise NotFound("Keputusan diambil di halaman persetujuan. Tidak ada yang berubah.")
    if move.name in _CERTAIN:
        require_step_up()
    form = act_form(move)

    def work(claim: Claim) -> str:
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
        )
        return f"{move.done}."

    return submit(
        number,
        form,
        work,
        lambda fresh, refusal: _page(fresh, form, move, refusal),
        to=url_for("casework.case", number=claim.number),
        own_version_check=True,
    )


def act_form(action: Action) -> ActForm:
    """Return the form of a step, with its own list of reasons."""
    form = ActForm()
    form.reason_code.choices = [(reason.code, reason.label) for reason in action.reasons]
    return form


def checks_of(claim: Claim, action: Action) -> list[Check]:
    """Return every condition of a step, fulfilled or not, in the order of the file."""
    found = []
    for name in action.when:
        objection = RULES[name](here.session(), claim)
        known = words.RULES.get(name)
        href = url_for(_TAB_PAGES[known.tab], number=claim.number) if known else None
        fine = known.fine if known else f"Syarat “{name}” terpenuhi."
        found.append(Check(objection or fine, objection is None, href))
    return found


def family_hints(reasons: Sequence[tuple[str, str | None]]) -> dict[str, str]:
    """Return what the family reads for each reason that tells them something."""
    return {code: f"Keluarga membaca: {family}." for code, family in reasons if family}


def _button(definition: Workflow, name: str) -> Action:
    action = definition.find_action(name)
    if action is None or not action.button:
        raise NotFound("Tindakan ini tidak ada. Tidak ada yang berubah.")
    return action


def _not_now(definition: Workflow, claim: Claim, action: Action) -> Refusal:
    sentence = (
        f"Kasus ini sekarang “{definition.label_of(claim.state)}”, jadi “{action.label}” tidak bisa. "
        "Tidak ada yang berubah."
    )
    return Refusal([sentence], stale=False, moves=[], acts=[])


def _page(claim: Claim, form: ActForm, action: Action, refusal: Refusal | None) -> str:
    definition = workflows.definition_of(claim)
    target = target_of(definition, action)
    possible = definition.target(claim.state, action.name) is not None
    checks = checks_of(claim, action) if possible else []
    template = "act.html" if possible else "act_over.html"
    return render(
        claim,
        "",
        template,
        refusal=refusal,
        form=form,
        action=action,
        target=target,
        checks=checks,
        blocked=sum(not check.ok for check in checks),
        locks=claim.state in PREPARING and target.name not in PREPARING and target.stage == "approval",
        unit=UNIT_LABELS[target.deadline_unit],
        can_be_reopened=_can_be_reopened(onward(definition, action), target),
        before=step_words.BEFORE.get(action.name),
        reason_hint=step_words.REASON_HINTS.get(action.name),
        move=_moving(claim, action) if possible else None,
        family_sentence=words.without_values(target.family_sentence),
        family_hints=family_hints([(reason.code, reason.family) for reason in action.reasons]),
    )


def _moving(claim: Claim, action: Action) -> Moving | None:
    """Return what a step into another programme changes, leaves, and asks the family for besides."""
    if action.into is None:
        return None
    changes, stays = step_words.moving(action.into)
    # a move is about a death, whatever the claim was reported as
    facts = replace(facts_of(here.session(), claim), worker_died=True)
    plans = asked_besides(here.session(), claim, facts, action.into)
    return Moving(changes, stays, [label_of(plan.code) for plan in plans if plan.need != "optional"])


def _can_be_reopened(definition: Workflow, state: State) -> bool:
    return any(action.reopens for action in definition.moves_from(state.name))
