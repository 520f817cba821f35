"""What every page of a case shares: who it is about, its deadline, its sections and its next steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import g, render_template, url_for

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import note_look
from caseflow.claims import queries, workflows
from caseflow.claims.models import Claim
from caseflow.claims.operations import DECISIONS
from caseflow.claims.scholarship_opening import ORIGIN_STATES
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.errors import NotFound
from caseflow.people import policy
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.casework import moves, reads, words
from caseflow.web.casework.due import Due, due_words
from caseflow.workdays import Calendar
from caseflow.workflow import fire
from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.models import History
from caseflow.workflow.spine import goes_forward, roads_of


@dataclass(frozen=True)
class Tab:
    """A section of the case. ``count`` stands beside its name."""

    label: str
    href: str
    current: bool
    count: str | int | None = None


@dataclass(frozen=True)
class Step:
    """A button of the workflow. ``direct``: pressed at once; otherwise a page asks or explains first."""

    name: str
    label: str
    href: str
    direct: bool
    target: str
    main: bool


@dataclass(frozen=True)
class Refusal:
    """Why what was sent is not saved, and what others did meanwhile.

    :ivar typed: whether the page shows again what was typed.
    """

    sentences: Sequence[str]
    stale: bool
    moves: Sequence[History]
    acts: Sequence[AuditEvent]
    typed: bool = False


@dataclass(frozen=True)
class Head:
    """The sticky header of a case."""

    claim: Claim
    definition: Workflow
    name: str
    facts: reads.HeadFacts
    due: Due
    state_label: str
    sentiment: str
    tabs: list[Tab]
    steps: list[Step]
    seen: int


ADVISER = "medical_adviser"
MEDICAL_REVIEW = "medical_review"
# not yet, or never, before those who decide
_UNDECIDED = (OPEN_FOR_PAPERS - {"objection"}) | {"draft", "withdrawn"}

# what a case without a running clock waits for, when it is not papers
_WAITS_FOR = {"hospital": "sedang dirawat", "authority": "menunggu instansi"}
_ACCIDENT = "Kecelakaan"
# label, endpoint, permission
_TABS = (
    ("Ringkasan", "casework.case", "claim.read"),
    (_ACCIDENT, "casework.accident_page", "claim.read"),
    ("Dokumen", "casework.papers_page", "claim.read"),
    ("Kelayakan", "casework.eligibility_page", "claim.read"),
    ("Ahli waris", "casework.heirs_page", "claim.read"),
    ("Perhitungan", "casework.benefit_page", "claim.read"),
    ("Pembayaran", "casework.payment_page", "claim.read"),
    ("Pesan", "casework.messages_page", "notice.deliver"),
    ("Surat", "casework.letters_page", "letter.read"),
    ("Riwayat", "casework.history_page", "history.read"),
)


def fetch(number: str) -> Claim:
    """Return the claim of that number if this person may read it, and leave a trace that they did.

    :raises NotFound: also for a case of the branch, when this person only opens those given to them.
    """
    by = here.actor()
    claim = queries.get_claim(here.session(), number, by=by)
    if policy.mark(by, "claim.read") in {"assigned", "own"} and not reaches(claim, "claim.read"):
        raise NotFound("Kasus ini tidak ditemukan. Periksa lagi nomornya.")
    note_look(here.session(), claim.id, by=by)
    return claim


def reaches(claim: Claim, permission: str) -> bool:
    """Whether a permission of this person goes as far as this claim.

    ``assigned``: it was given to them; ``own``: it has come to those who decide, or to the medical adviser
    (permissions.yaml).
    """
    return any(_role_reaches(role, claim, permission) for role in here.actor().roles)


def only_as_adviser(claim: Claim) -> bool:
    """Whether this person opens papers of the claim as its medical adviser and in no other part."""
    others = here.actor().roles - {ADVISER}
    return not any(_role_reaches(role, claim, "document.read") for role in others)


def _role_reaches(role: str, claim: Claim, permission: str) -> bool:
    user_id = here.actor().user_id
    match policy.policy().permission(permission).marks.get(role):
        case "full":
            return True
        case "assigned":
            return user_id is not None and claim.assignee_user_id == user_id
        case "own":
            return _has_come_to(role, claim)
        case _:
            return False


def _has_come_to(role: str, claim: Claim) -> bool:
    if role == ADVISER:
        return claim.state == MEDICAL_REVIEW
    return claim.state not in _UNDECIDED


def head_of(claim: Claim, tab: str) -> Head:
    """Gather the header of a case.

    :param tab: endpoint of the section that is shown.
    """
    definition = workflows.definition_of(claim)
    facts = reads.head_facts(here.session(), claim)
    return Head(
        claim=claim,
        definition=definition,
        name=words.deceased(claim.subject, claim.honorific),
        facts=facts,
        due=_due(claim, definition),
        state_label=definition.label_of(claim.state),
        sentiment=words.sentiment(definition, claim.state),
        tabs=_tabs(claim, facts, tab),
        steps=steps(claim, definition),
        seen=facts.seen,
    )


def calendar() -> Calendar:
    """Return the working days, read once a request."""
    if "calendar" not in g:
        g.calendar = registry.calendar(here.session(), clock.today())
    found: Calendar = g.calendar
    return found


def steps(claim: Claim, definition: Workflow) -> list[Step]:
    """Return the buttons that the workflow gives this person's roles now."""
    by = here.actor()
    if not policy.allows(by, "claim.act"):
        return []
    return [
        Step(
            name=action.name,
            label=action.label,
            href=_step_href(claim, action),
            direct=is_direct(definition, action),
            target=moves.target_of(definition, action).label,
            main=_is_main(definition, claim, action),
        )
        for action in sorted(
            fire.available(definition, claim, by.roles),
            key=lambda action: not _is_main(definition, claim, action),
        )
    ]


def _is_main(definition: Workflow, claim: Claim, action: Action) -> bool:
    """Whether a step goes on along the main road of the workflow."""
    onward = action.into is None and goes_forward(definition, claim.state, action.target)
    return onward and action.target in _main_road(definition)


@cache
def _main_road(definition: Workflow) -> tuple[str, ...]:
    return roads_of(definition).spine


def is_direct(definition: Workflow, action: Action) -> bool:
    """Whether nothing has to be asked or explained before the button works."""
    asks = action.reason != "none" or action.when or action.name in DECISIONS or action.into
    return not asks and not definition.states[action.target].final


def render(claim: Claim, tab: str, template: str, *, refusal: Refusal | None = None, **context: Any) -> str:
    """Render a section of a case."""
    head = head_of(claim, tab)
    return render_template(
        f"casework/{template}",
        head=head,
        claim=claim,
        refusal=refusal,
        act_words=words.act,
        move_words=moves.done,
        words=words,
        **context,
    )


def may(permission: str) -> bool:
    """Whether this person may do something at all."""
    return policy.allows(here.actor(), permission)


def _step_href(claim: Claim, action: Action) -> str:
    if action.name in DECISIONS:
        return url_for("casework.decision_page", number=claim.number)
    return url_for("casework.act_page", number=claim.number, action=action.name)


def _due(claim: Claim, definition: Workflow) -> Due:
    state = definition.states.get(claim.state)
    waiting = "menunggu dokumen" if state and state.stage in {"report", "documents"} else ""
    if state and state.final:
        waiting = "kasus selesai"
    elif state and state.waits_for in _WAITS_FOR:
        waiting = _WAITS_FOR[state.waits_for]
    unit = state.deadline_unit if state else "working_days"
    return due_words(claim.due_on, today=clock.today(), calendar=calendar(), waiting=waiting, unit=unit)


def _tabs(claim: Claim, facts: reads.HeadFacts, current: str) -> list[Tab]:
    counts: dict[str, str | int | None] = {
        "casework.papers_page": f"{facts.papers_accepted}/{facts.papers}",
        "casework.heirs_page": facts.relatives or None,
    }
    return [
        Tab(
            _tab_label(claim, label),
            url_for(endpoint, number=claim.number),
            endpoint == current,
            counts.get(endpoint),
        )
        for label, endpoint, permission in _with_scholarship(claim)
        if may(permission) and (label != _ACCIDENT or endpoint == current or _about_accident(claim, facts))
    ]


def _with_scholarship(claim: Claim) -> tuple[tuple[str, str, str], ...]:
    """A child's own case shows its school years, with the payee; a paid claim whom the family chose."""
    if claim.program == "scholarship":
        years = ("Tahun ajaran", "casework.years_page", "claim.read")
        return (_TABS[0], years, *(tab for tab in _TABS[1:] if tab[1] != "casework.heirs_page"))
    if claim.state in ORIGIN_STATES:
        return (*_TABS, ("Beasiswa", "casework.scholarship_page", "claim.read"))
    return _TABS


def _about_accident(claim: Claim, facts: reads.HeadFacts) -> bool:
    """A death claim has this section once somebody suspects that work caused the death."""
    return claim.program == "jkk" or facts.accident or (claim.program == "jkm" and claim.cause == "at_work")


def _tab_label(claim: Claim, label: str) -> str:
    """While the worker lives nobody inherits."""
    return "Penerima" if label == "Ahli waris" and worker_lives(claim) else label


def worker_lives(claim: Claim) -> bool:
    """Whether the benefit is the worker's own."""
    return claim.program == "jkk" and claim.died_on is None
