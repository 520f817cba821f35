"""The section about a work accident: what was reported, what is established, what the law says by when."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import accident
from caseflow.claims.accident import GROUNDS, EventRecord
from caseflow.claims.accident_models import AccidentNotice, AccidentRecord
from caseflow.claims.models import Claim
from caseflow.claims.queries import get_report
from caseflow.claims.states import CONCLUDING, RECORDING
from caseflow.errors import Invalid
from caseflow.law.accident import COST_LABELS, MODE_LABELS
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.casework import accident_words, casework
from caseflow.web.casework.accident_forms import ConcludeForm, RecordForm
from caseflow.web.casework.accident_reads import established, late_report, legal_days
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.submit import submit
from caseflow.web.security import requires

TAB = "casework.accident_page"
# what others do to the accident while a page is open
WATCHED = (
    "claim.accident_recorded",
    "claim.period_added",
    "claim.period_ended",
    "claim.period_removed",
    "claim.cost_added",
    "claim.cost_removed",
    "claim.certificate_recorded",
    "claim.concluded",
)


@casework.get("/kasus/<number>/kecelakaan")
@requires("claim.read")
def accident_page(number: str) -> ResponseReturnValue:
    """Show everything about the accident, also of a death claim that may turn out to be one."""
    return show_accident(fetch(number), None)


def show_accident(claim: Claim, refusal: Refusal | None) -> str:
    """Render the section."""
    session = here.session()
    found = established(session, claim)
    recording = may("accident.record") and claim.state in RECORDING
    return render(
        claim,
        TAB,
        "accident.html",
        refusal=refusal,
        found=found,
        kk=accident_words,
        grounds=GROUNDS,
        cost_labels=COST_LABELS,
        mode_labels=MODE_LABELS,
        days=legal_days(session, claim, found.record),
        late=late_report(session, claim, found.record),
        recording=recording,
        concluding=may("accident.conclude") and claim.state in CONCLUDING,
        locked=may("accident.record") and not recording,
        report=get_report(session, claim.id),
    )


@casework.get("/kasus/<number>/kecelakaan/fakta")
@requires("accident.record")
def record_page(number: str) -> ResponseReturnValue:
    """Ask for the event as form 3 KK 1 does, beginning with what is known."""
    claim = fetch(number)
    return _record(claim, RecordForm(formdata=None, data=_known(claim)), None)


@casework.post("/kasus/<number>/kecelakaan/fakta")
@requires("accident.record")
def record_post(number: str) -> ResponseReturnValue:
    """Establish the facts of the event; the former ones stay for the record."""
    form = RecordForm()

    def work(claim: Claim) -> str:
        accident.record_event(here.session(), claim, _event(form), by=here.actor(), now=here.now())
        return "Fakta kejadian sudah dicatat. Kabar pertama tetap tersimpan seperti aslinya."

    to = url_for(TAB, number=number)
    return submit(number, form, work, lambda c, r: _record(c, form, r), to=to, watching=WATCHED)


@casework.get("/kasus/<number>/kecelakaan/kesimpulan")
@requires("accident.conclude")
def conclude_page(number: str) -> ResponseReturnValue:
    """Ask whether work caused it, by which grounds, and why."""
    claim = fetch(number)
    known = accident.current_conclusion(here.session(), claim.id)
    data = {"verdict": known.verdict, "grounds": known.grounds, "reason": known.reason} if known else {}
    return _conclude(claim, ConcludeForm(formdata=None, data=data), None)


@casework.post("/kasus/<number>/kecelakaan/kesimpulan")
@requires("accident.conclude")
def conclude_post(number: str) -> ResponseReturnValue:
    """Write the conclusion down; moving the case is a button of its own."""
    form = ConcludeForm()

    def work(claim: Claim) -> str:
        made = accident.conclude(
            here.session(),
            claim,
            form.verdict.data or "",
            form.grounds.data or [],
            form.reason.data or "",
            by=here.actor(),
            now=here.now(),
        )
        return f"Kesimpulan tersimpan: {accident_words.VERDICTS[made.verdict].lower()}. Jalankan langkahnya di menu Tindakan."

    to = url_for(TAB, number=number, _anchor="kesimpulan")
    return submit(number, form, work, lambda c, r: _conclude(c, form, r), to=to, watching=WATCHED)


def render_form(claim: Claim, template: str, refusal: Refusal | None, **context: Any) -> str:
    """Render a form about the accident; it says when the claim takes nothing of it now."""
    return render(claim, TAB, template, refusal=refusal, open=claim.state in RECORDING, **context)


def _record(claim: Claim, form: RecordForm, refusal: Refusal | None) -> str:
    return render_form(claim, "accident_record.html", refusal, form=form)


def _conclude(claim: Claim, form: ConcludeForm, refusal: Refusal | None) -> str:
    found = established(here.session(), claim)
    return render(
        claim,
        TAB,
        "accident_conclude.html",
        refusal=refusal,
        form=form,
        found=found,
        kk=accident_words,
        open=claim.state in CONCLUDING,
    )


def _known(claim: Claim) -> dict[str, object]:
    """Return what the form begins with: the newest facts, else what the first notice and the registry say."""
    session = here.session()
    record = accident.current_record(session, claim.id)
    if record is not None:
        return _data_of(record) | {"died_on": claim.died_on if claim.program == "jkk" else None}
    notice = session.get(AccidentNotice, claim.id)
    known: dict[str, object] = {"died_on": claim.died_on} if claim.program == "jkk" else {}
    if notice is not None:
        known |= {
            "kind": notice.kind,
            "happened_on": notice.happened_on,
            "happened_at": notice.happened_at,
            "place": notice.place,
            "chronology": notice.chronology,
            "injured_part": notice.injury,
            "first_aid": notice.facility,
        }
    if claim.worker_id is not None:
        known["activity"] = registry.get_worker(session, claim.worker_id).occupation
    return known


def _data_of(record: AccidentRecord) -> dict[str, object]:
    same = ("kind", "happened_on", "happened_at", "place_kind", "place", "activity", "chronology", "injured_part",
            "first_aid", "first_aid_network", "police_report", "reported_income_idr", "work_days")  # fmt: skip
    return {name: getattr(record, name) for name in same} | {"witnesses": "\n".join(record.witnesses)}


def _event(form: RecordForm) -> EventRecord:
    if form.happened_on.data is None:
        raise Invalid({"happened_on": "Tulis tanggal kejadian. Belum tersimpan."})
    lines = (form.witnesses.data or "").splitlines()
    return EventRecord(
        kind=form.kind.data,
        happened_on=form.happened_on.data,
        happened_at=form.happened_at.data,
        place_kind=form.place_kind.data,
        place=form.place.data or "",
        activity=form.activity.data or "",
        chronology=form.chronology.data or "",
        injured_part=form.injured_part.data or "",
        first_aid=form.first_aid.data or "",
        first_aid_network=form.first_aid_network.data,
        witnesses=tuple(line.strip() for line in lines if line.strip()),
        police_report=form.police_report.data or "",
        reported_income_idr=form.reported_income_idr.data,
        work_days=form.work_days.data or "",
        died_on=form.died_on.data,
    )
