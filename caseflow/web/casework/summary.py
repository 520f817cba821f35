"""The first section of a case: what was reported, who it is, where it stands, who works on it."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import consents, handover, handover_queries, intake, queries, request_queries, workflows
from caseflow.claims.models import Claim
from caseflow.claims.states import EDITING
from caseflow.errors import NotFound, NotPermitted
from caseflow.monitoring import told
from caseflow.people import mandates, policy, relations
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.casework import accident_words, casework, moves, reads, words
from caseflow.web.casework.accident_reads import established
from caseflow.web.casework.due import clock_story
from caseflow.web.casework.frame import Refusal, calendar, fetch, may, reaches, render, worker_lives
from caseflow.web.casework.request_words import ShownRequest, shown_request
from caseflow.web.casework.scholarship import card_of
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, DayField, ReasonField
from caseflow.web.security import requires

_TAB = "casework.case"


class EventForm(BaseForm):
    """Facts of the event as papers tell them, with the paper."""

    event_on = DayField(
        "Tanggal meninggal", [InputRequired("Tulis tanggal meninggal seperti di surat kematian.")]
    )
    cause = RadioField("Sebab meninggal", choices=list(words.CAUSES.items()))
    honorific = SelectField("Sebutan", choices=list(words.HONORIFICS.items()))
    reason = ReasonField("Dasar perubahan", [InputRequired("Tulis dokumen mana yang menjadi dasar.")])


class ProviderNumberForm(BaseForm):
    """The number of the claim in the provider's own system."""

    # what such a number may hold is judged by the verb
    provider_claim_number = StringField("Nomor klaim di BPJS")


class AssignForm(BaseForm):
    """Who works on the case."""

    user_id = SelectField("Petugas", choices=[])


class UnmaskForm(BaseForm):
    """Why a whole NIK has to be seen."""

    reason = ReasonField("Untuk apa", [InputRequired("Tulis untuk apa NIK lengkap diperlukan.")])


@casework.get("/kasus/<number>")
@requires("claim.read")
def case(number: str) -> ResponseReturnValue:
    """Show the summary of a case."""
    return _summary(fetch(number))


def _summary(claim: Claim, *, form: UnmaskForm | None = None, unmasked: bool = False) -> str:
    """Render the summary; whole NIK only when this very answer was asked to show it."""
    session, today = here.session(), clock.today()
    definition = workflows.definition_of(claim)
    state = definition.states[claim.state]
    worker = registry.get_worker(session, claim.worker_id) if claim.worker_id else None
    return render(
        claim,
        _TAB,
        "summary.html",
        report=queries.get_report(session, claim.id),
        worker=worker,
        withdrawn=consents.taken_back(session, claim.id),
        came=handover_queries.received_note(session, claim.id),
        why_came=handover.WHY,
        visits=told.outcomes_of(session, claim.id),
        helpers=mandates.current(session, claim.id, now=here.now()),
        relation=relations.words,
        accident=established(session, claim) if claim.program == "jkk" else None,
        kk=accident_words,
        lives=worker_lives(claim),
        story=clock_story(claim, state, today=today, calendar=calendar()),
        last_move=_last_word(claim),
        may_edit=may("claim.intake") and claim.state in EDITING,
        may_intake=may("claim.intake"),
        may_number=may("claim.intake") and claim.closed_at is None,
        may_assign=may("claim.assign"),
        may_unmask=may("nik.unmask"),
        may_slip=may("slip.issue") or may("slip.revoke"),
        editing=claim.state in EDITING,
        state=state,
        scholarship=card_of(claim),
        requests=_open_requests(claim),
        may_answer=may("request.answer"),
        form=form,
        unmasked=unmasked,
    )


def _open_requests(claim: Claim) -> list[ShownRequest]:
    """Return what the family waits for, oldest first."""
    rows = request_queries.requests_of(here.session(), claim.id)
    return [one for one in map(shown_request, reversed(rows)) if one.answerable]


def _last_word(claim: Claim) -> str | None:
    """Return what the last move said, when an officer has to read it first (returned, on hold, failed)."""
    last = reads.last_move(here.session(), claim.id, claim.version)
    if last is None or not (last.reason_code or last.reason_text or last.note):
        return None
    return f"{moves.done(last)} oleh {last.actor_name}. {moves.why(last)}."


@casework.post("/kasus/<number>/nik")
@requires("nik.unmask")
def show_nik(number: str) -> ResponseReturnValue:
    """Show the whole NIK in this one answer, and write down who asked and why."""
    claim, form, by = fetch(number), UnmaskForm(), here.actor()
    if not reaches(claim, "nik.unmask"):
        raise NotPermitted(
            "NIK lengkap hanya untuk petugas yang menangani kasus ini, dan pejabat yang memutuskannya. Ambil dulu kasusnya, lalu ulangi."
        )
    if not form.validate():
        return _summary(claim, form=form), 422
    record(
        here.session(),
        "claim.nik_unmasked",
        by=by,
        casefile_id=claim.id,
        subject=f"worker:{claim.worker_id or 'report'}",
        details={"reason": form.reason.data},
    )
    return _summary(claim, unmasked=True)


@casework.get("/kasus/<number>/fakta")
@requires("claim.intake")
def event_page(number: str) -> ResponseReturnValue:
    """Ask for the facts as papers tell them; those of an accident have a page of their own."""
    claim = fetch(number)
    if claim.program != "jkm":
        return redirect(url_for("casework.accident_page", number=claim.number))
    form = EventForm(data={"event_on": claim.event_on, "cause": claim.cause, "honorific": claim.honorific})
    return _event(claim, form, None)


@casework.post("/kasus/<number>/fakta")
@requires("claim.intake")
def event_post(number: str) -> ResponseReturnValue:
    """Put the facts of the event right."""
    form = EventForm()

    def work(claim: Claim) -> str:
        if form.event_on.data is None:
            raise NotFound
        facts = intake.EventFacts(
            event_on=form.event_on.data,
            cause=form.cause.data,
            honorific=form.honorific.data,
            reason=form.reason.data or "",
        )
        intake.correct_event(here.session(), claim, facts, by=here.actor(), now=here.now())
        return "Fakta kejadian sudah dibetulkan. Laporan pertama tetap tersimpan seperti aslinya."

    to = url_for(_TAB, number=number)
    changed_by_others = ("claim.event_corrected",)
    return submit(number, form, work, lambda c, r: _event(c, form, r), to=to, watching=changed_by_others)


def _event(claim: Claim, form: EventForm, refusal: Refusal | None) -> str:
    report = queries.get_report(here.session(), claim.id)
    return render(claim, _TAB, "event.html", refusal=refusal, form=form, report=report)


@casework.get("/kasus/<number>/nomor-bpjs")
@requires("claim.intake")
def provider_number_page(number: str) -> ResponseReturnValue:
    """Ask for the number in the provider's own system."""
    claim = fetch(number)
    form = ProviderNumberForm(formdata=None, data={"provider_claim_number": claim.provider_claim_number})
    return _provider_number(claim, form, None)


@casework.post("/kasus/<number>/nomor-bpjs")
@requires("claim.intake")
def provider_number_post(number: str) -> ResponseReturnValue:
    """Note the number, or take it off when nothing was typed."""
    form = ProviderNumberForm()

    def work(claim: Claim) -> str:
        typed = form.provider_claim_number.data or None
        intake.set_provider_number(here.session(), claim, typed, by=here.actor(), now=here.now())
        return "Nomor BPJS sudah dicatat." if typed else "Nomor BPJS sudah dikosongkan."

    to = url_for(_TAB, number=number)
    watching = ("claim.provider_number_set",)
    return submit(number, form, work, lambda c, r: _provider_number(c, form, r), to=to, watching=watching)


def _provider_number(claim: Claim, form: ProviderNumberForm, refusal: Refusal | None) -> str:
    return render(claim, _TAB, "provider_number.html", refusal=refusal, form=form)


@casework.get("/kasus/<number>/petugas")
@requires("claim.assign")
def assign_page(number: str) -> ResponseReturnValue:
    """Ask who shall work on the case."""
    claim = fetch(number)
    form = _assign_form(data={"user_id": str(claim.assignee_user_id or here.actor().user_id or "")})
    return _assign(claim, form, None)


@casework.post("/kasus/<number>/petugas")
@requires("claim.assign")
def assign_post(number: str) -> ResponseReturnValue:
    """Give the case to an officer, or put it back into the common queue."""
    form = _assign_form()
    by = here.actor()

    def work(claim: Claim) -> str:
        chosen = int(form.user_id.data) if form.user_id.data else None
        own = claim.assignee_user_id in {None, by.user_id}
        if policy.mark(by, "claim.assign") == "own" and not own and chosen != by.user_id:
            raise NotPermitted(
                "Kasus ini tugas petugas lain. Anda bisa mengambilnya, atau minta ia menyerahkannya."
            )
        intake.assign(here.session(), claim, chosen, by=by)
        return "Kasus sudah ditugaskan." if chosen else "Kasus kembali ke antrean Belum ditugaskan."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _assign(c, form, r), to=to, watching=("claim.assigned",))


def _assign_form(data: dict[str, str] | None = None) -> AssignForm:
    form = AssignForm(data=data)
    people = queries.officers(here.session(), by=here.actor())
    form.user_id.choices = [(str(key), name) for key, name in people] + [("", "Belum ditugaskan")]
    return form


def _assign(claim: Claim, form: AssignForm, refusal: Refusal | None) -> str:
    return render(claim, _TAB, "assign.html", refusal=refusal, form=form)
