"""A worker of the registry had an accident: five answers, the rest is in the registry."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.accident_reporting import AccidentReport, similar_accidents
from caseflow.claims.worker_events import report_worker_accident
from caseflow.people import relations
from caseflow.registry.models import Worker
from caseflow.web import accident_notice as notice
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.forms import LongTextField, PhoneField
from caseflow.web.nagari import helping, nagari
from caseflow.web.nagari.helping import AgreedForm
from caseflow.web.nagari.workers import fetch_worker, way_back
from caseflow.web.security import requires

# a death has its own page, a disease its own questions
_KINDS = [one for one in notice.KINDS if one[0] in {"accident", "violence"}]
_RESULTS = [one for one in notice.RESULTS if one[0] != "died"]


class WorkerAccidentForm(AgreedForm, notice.WhenForm):
    """When, where, what, how the worker is, and whom to call."""

    kind = SelectField("Kejadiannya apa?", choices=_KINDS, default="accident")
    chronology = LongTextField(
        "Ceritakan singkat apa yang terjadi",
        validators=[
            DataRequired("Ceritakan singkat, satu kalimat pun cukup."),
            Length(min=10, max=1000, message="Tulis 10 sampai 1000 huruf, supaya petugas mengerti."),
        ],
    )
    result = RadioField(
        "Bagaimana keadaan pekerja?",
        choices=_RESULTS,
        validators=[InputRequired("Pilih salah satu.")],
    )
    facility = StringField("Dirawat di mana?", validators=[Length(max=200)])
    notifier_phone = PhoneField(
        "Nomor yang bisa dihubungi", validators=[DataRequired("Tulis nomor yang bisa dihubungi.")]
    )

    def relative(self) -> tuple[str, str] | None:
        """Who gives the notice is the nagari itself; somebody of the family is always named."""
        return None


@nagari.get("/pekerja/<public_id>/kecelakaan")
@requires("worker.report")
def worker_accident_page(public_id: str) -> ResponseReturnValue:
    """Show the page with what the registry knows."""
    worker = fetch_worker(public_id)
    return _page(worker, WorkerAccidentForm(data=_known(worker), formdata=None))


@nagari.post("/pekerja/<public_id>/kecelakaan")
@requires("worker.report")
def worker_accident_post(public_id: str) -> ResponseReturnValue:
    """Send the notice; its case is linked to the worker from the first day."""
    worker, similar = fetch_worker(public_id), list[str]()
    form = WorkerAccidentForm()

    def work() -> str:
        report = _report(form, worker)
        if not form.another.data:
            similar.extend(similar_accidents(here.session(), report))
            helping.require_new(similar)
        claim = report_worker_accident(
            here.session(), worker, report, branch=helping.branch(), by=here.actor(), now=here.now()
        )
        if helping.opens_case(claim):
            flash(f"Kabar kecelakaan {claim.subject} dicatat dengan nomor {claim.number}.")
            return url_for("casework.case", number=claim.number)
        return url_for("nagari.accident_sent", number=claim.number)

    def again(refused: Sequence[str]) -> str:
        return _page(fetch_worker(public_id), form, refused, similar=bool(similar))

    return attempt(work, again, form)


def _known(worker: Worker) -> Mapping[str, Any]:
    """The worker lives and agrees for themself, unless somebody says otherwise."""
    return {
        "notifier_phone": worker.phone,
        "given_by_name": worker.full_name,
        "given_by_relation": relations.SELF,
    }


def _report(form: WorkerAccidentForm, worker: Worker) -> AccidentReport:
    by, phone, values = here.actor(), form.notifier_phone.data or "", dict(form.data)
    return AccidentReport(
        worker_name=worker.full_name,
        national_id=worker.national_id,
        participant_number=worker.card_number,
        region_code=worker.region_code,
        jorong=worker.jorong,
        kind=form.kind.data,
        happened_on=values["happened_on"],
        happened_at=form.happened_at.data,
        place=form.place.data or "",
        chronology=form.chronology.data or "",
        result=form.result.data,
        facility=form.facility.data or "",
        notifier_role="nagari",
        notifier_name=by.name,
        notifier_phone=phone,
        phone_owner="lain",
        contact_by="call",
        consented=bool(form.consented.data),
        mandate=helping.staff_mandate(form, (by.name, "")),
        consent_note=helping.consent_note(form),
    )


def _page(
    worker: Worker, form: WorkerAccidentForm, refused: Sequence[str] = (), *, similar: bool = False
) -> str:
    return render_template(
        "nagari/worker_accident.html",
        worker=worker,
        back=way_back(worker),
        form=form,
        refused=refused,
        similar=similar,
        consent=consents.text_on(clock.today()),
    )
