"""A worker of the registry has died: one page, one press; afterwards what happens next, in the family's words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from caseflow import clock
from caseflow.claims import consents, worker_events
from caseflow.claims.accident_reporting import SHORTEST_CHRONOLOGY, AccidentReport
from caseflow.claims.reporting import DeathReport, similar_reports
from caseflow.claims.worker_events import KnownCase, WorkerDeath
from caseflow.people import relations
from caseflow.registry.freed import freed_place
from caseflow.registry.models import Worker
from caseflow.web import accident_notice, here
from caseflow.web.attempts import attempt
from caseflow.web.casework.words import FUNDING
from caseflow.web.forms import BaseForm, DayField, LongTextField
from caseflow.web.nagari import helping, nagari
from caseflow.web.nagari.cover_words import cover_words
from caseflow.web.nagari.death import LABELS
from caseflow.web.nagari.helping import AgreedForm
from caseflow.web.nagari.workers import fetch_worker, way_back
from caseflow.web.public import questions
from caseflow.web.security import requires

_AT_WORK = "at_work"
_KINDS = [one for one in accident_notice.KINDS if one[0] != "disease"]
_LONGEST = 1000
# what a case that is there already still wants to know
_NEEDED = ("died_on", "died_about", "told_by", "of_accident")


class ToldForm(questions.DiedOnForm):
    """The day, and who told it: enough where the family has reported already."""

    told_by = StringField(
        "Siapa yang memberi tahu nagari?",
        validators=[DataRequired("Tulis siapa yang memberi tahu, misalnya wali jorong."), Length(max=120)],
    )


class WorkerDeathForm(AgreedForm, ToldForm, questions.ReporterForm, questions.PhoneForm):
    """Everything a report needs that the registry does not know."""

    cause = RadioField(
        "Apa yang terjadi?",
        choices=[one for one in questions.CAUSES if one[0] != "accident"],
        validators=[InputRequired(questions.CHOOSE)],
    )
    kind = SelectField("Kejadiannya apa?", choices=_KINDS, default="accident")
    happened_on = DayField("Tanggal kecelakaan, bila bukan hari meninggal", validators=[Optional()])
    place = StringField("Tempat kejadian", validators=[Length(max=200)])
    chronology = LongTextField("Ceritakan singkat apa yang terjadi", validators=[Length(max=_LONGEST)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, words in LABELS.items():
            if name in self:
                self[name].label.text = words

    @property
    def at_work(self) -> bool:
        """Whether the worker died at or through work."""
        return bool(self.cause.data == _AT_WORK)

    def relative(self) -> tuple[str, str] | None:
        """A relative who is the one to be called."""
        relation = self.reporter_relation.data or ""
        return (self.reporter_name.data or "", relation) if relation in relations.OF_THE_FAMILY else None

    def validate_place(self, field: StringField) -> None:
        """Asked only of an accident."""
        if self.at_work and not field.data:
            raise StopValidation("Tulis tempatnya, atau tulis “tidak tahu”.")

    def validate_chronology(self, field: LongTextField) -> None:
        """A word says too little to whoever calls back."""
        if self.at_work and len(field.data or "") < SHORTEST_CHRONOLOGY:
            raise StopValidation(f"Ceritakan singkat, paling sedikit {SHORTEST_CHRONOLOGY} huruf.")

    def validate_happened_on(self, field: DayField) -> None:
        """No accident comes after the death it caused."""
        if not self.at_work:
            field.data = None
        elif field.data and self.died_on.data and field.data > self.died_on.data:
            raise StopValidation("Kecelakaan tidak boleh sesudah hari meninggal. Periksa tanggalnya.")


class AfterAccidentForm(WorkerDeathForm):
    """The same while a case of an accident is open: did the worker die of it?"""

    of_accident = RadioField(
        "Meninggal karena kecelakaan itu?",
        choices=[
            ("yes", "Ya, atau mungkin; teruskan ke kasus itu"),
            ("no", "Bukan, sebab lain; buat laporan baru"),
        ],
        validators=[InputRequired(questions.CHOOSE)],
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A case that goes on needs the day, who told it, and nothing else."""
        valid = super().validate(extra_validators)
        if self.of_accident.data != "yes":
            return valid
        for field in self:
            if field.name not in _NEEDED:
                field.errors = []
        return not any(self[name].errors for name in _NEEDED)


@nagari.get("/pekerja/<public_id>/meninggal")
@requires("worker.report")
def worker_death_page(public_id: str) -> ResponseReturnValue:
    """Ask; or tell what happens next once it is known."""
    worker = fetch_worker(public_id)
    known = worker_events.death_case(here.session(), worker)
    if worker.died_on is not None:
        case = known or worker_events.accident_case(here.session(), worker)
        if case is not None:
            return _afterwards(worker, case, worker.died_on)
    return _page(worker, _form_for(worker, known, empty=True), known)


@nagari.post("/pekerja/<public_id>/meninggal")
@requires("worker.report")
def worker_death_post(public_id: str) -> ResponseReturnValue:
    """Mark the worker deceased and open, or join, the case: all or nothing."""
    worker, similar = fetch_worker(public_id), list[str]()
    known = worker_events.death_case(here.session(), worker)
    form = _form_for(worker, known, empty=False)

    def work() -> str:
        death = _death(form, worker)
        if isinstance(death.report, DeathReport) and not form["another"].data:
            similar.extend(similar_reports(here.session(), death.report))
            helping.require_new(similar)
        worker_events.report_worker_death(
            here.session(), worker, death, branch=helping.branch(), by=here.actor(), now=here.now()
        )
        return url_for("nagari.worker_death_page", public_id=public_id)

    def again(refused: Sequence[str]) -> str:
        found = fetch_worker(public_id)
        now_known = worker_events.death_case(here.session(), found)
        return _page(found, form, now_known, refused, similar=bool(similar))

    return attempt(work, again, form)


def _form_for(worker: Worker, known: KnownCase | None, *, empty: bool) -> BaseForm:
    """Return the shortest form that asks what nobody has said yet."""
    first: dict[str, Any] = {"died_on": worker.died_on or (known.died_on if known else None)}
    kwargs: dict[str, Any] = {"data": first, "formdata": None} if empty else {}
    if known is not None:
        return ToldForm(**kwargs)
    if worker_events.accident_case(here.session(), worker) is not None:
        return AfterAccidentForm(**kwargs)
    return WorkerDeathForm(**kwargs)


def _death(form: Any, worker: Worker) -> WorkerDeath:
    of_accident = isinstance(form, AfterAccidentForm) and form.of_accident.data == "yes"
    report = None if of_accident or not isinstance(form, WorkerDeathForm) else _report(form, worker)
    return WorkerDeath(
        died_on=form.died_on.data, told_by=form.told_by.data, report=report, of_accident=of_accident
    )


def _report(form: WorkerDeathForm, worker: Worker) -> DeathReport | AccidentReport:
    mandate = helping.staff_mandate(form, (form.reporter_name.data or "", form.reporter_phone.data or ""))
    note, values = helping.consent_note(form), dict(form.data)
    if form.at_work:
        return _accident(values, worker, mandate, note)
    return DeathReport(
        worker_name=worker.full_name,
        national_id=worker.national_id,
        died_on=values["died_on"],
        died_about=bool(values["died_about"]),
        cause=values["cause"],
        region_code=worker.region_code,
        jorong=worker.jorong,
        reporter_name=values["reporter_name"],
        reporter_relation=values["reporter_relation"],
        reporter_phone=values["reporter_phone"],
        phone_owner=values["phone_owner"],
        contact_by=values["contact_by"],
        consented=bool(values["consented"]),
        mandate=mandate,
        consent_note=note,
    )


def _accident(values: dict[str, Any], worker: Worker, mandate: Any, note: str) -> AccidentReport:
    of_family = values["reporter_relation"] in relations.OF_THE_FAMILY
    return AccidentReport(
        worker_name=worker.full_name,
        national_id=worker.national_id,
        kind=values["kind"],
        happened_on=values["happened_on"] or values["died_on"],
        happened_at=None,
        place=values["place"],
        chronology=values["chronology"],
        result="died",
        region_code=worker.region_code,
        notifier_role="family" if of_family else "nagari",
        notifier_name=values["reporter_name"],
        relation=values["reporter_relation"] if of_family else "lain",
        notifier_phone=values["reporter_phone"],
        phone_owner=values["phone_owner"],
        contact_by=values["contact_by"],
        consented=bool(values["consented"]),
        jorong=worker.jorong,
        participant_number=worker.card_number,
        died_on=values["died_on"],
        mandate=mandate,
        consent_note=note,
    )


def _page(
    worker: Worker,
    form: BaseForm,
    known: KnownCase | None,
    refused: Sequence[str] = (),
    *,
    similar: bool = False,
) -> str:
    return render_template(
        "nagari/worker_death.html",
        worker=worker,
        back=way_back(worker),
        form=form,
        known=known,
        whole=isinstance(form, WorkerDeathForm),
        accident=worker_events.accident_case(here.session(), worker),
        refused=refused,
        similar=similar,
        consent=consents.text_on(clock.today()),
    )


def _afterwards(worker: Worker, known: KnownCase, died_on: date) -> str:
    event_on = known.died_on or died_on
    return render_template(
        "nagari/worker_death_done.html",
        worker=worker,
        back=way_back(worker),
        died_on=died_on,
        sources=FUNDING,
        known=known,
        cover=cover_words(here.session(), worker, event_on, "death"),
        freed=freed_place(here.session(), worker),
    )
