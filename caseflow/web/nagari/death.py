"""A death on one page, written for a family by somebody who helps it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.reporting import DeathReport, report_death, similar_reports
from caseflow.people import relations
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.nagari import helping, nagari
from caseflow.web.nagari.helping import AssistedForm
from caseflow.web.public import questions
from caseflow.web.security import requires

# the same questions, put to somebody who asks them of a family
LABELS = {
    "worker_name": "Nama pekerja",
    "national_id": "NIK pekerja",
    "died_on": "Tanggal meninggal",
    "reporter_name": "Nama yang dihubungi",
    "reporter_relation": "Hubungannya dengan pekerja",
    "reporter_phone": "Nomor HP",
    "contact_by": "Boleh dihubungi lewat apa?",
    "given_by_relation": "Hubungan yang menyetujui dengan pekerja",
}


class QuickDeathForm(
    AssistedForm,
    questions.CauseForm,
    questions.WorkerNameForm,
    questions.NikForm,
    questions.DiedOnForm,
    questions.PlaceForm,
    questions.ReporterForm,
    questions.PhoneForm,
):
    """All questions at once; an unknown NIK is simply left open."""

    cause = RadioField(
        "Apa yang terjadi?",
        choices=[one for one in questions.CAUSES if one[0] != "accident"],
        validators=[InputRequired(questions.CHOOSE)],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for name, words in LABELS.items():
            self[name].label.text = words

    def relative(self) -> tuple[str, str] | None:
        """A relative who is the one to be called."""
        relation = self.reporter_relation.data or ""
        return (self.reporter_name.data or "", relation) if relation in relations.OF_THE_FAMILY else None


@nagari.get("/kematian/baru")
@requires("report.assist")
def death_page() -> ResponseReturnValue:
    """Show the empty page."""
    return _page(QuickDeathForm())


@nagari.post("/kematian/baru")
@requires("report.assist")
def death_post() -> ResponseReturnValue:
    """Send the report; the case remembers who helped."""
    form, similar = QuickDeathForm(), list[str]()

    def work() -> str:
        report = _report(form)
        if not form.another.data:
            similar.extend(similar_reports(here.session(), report))
            helping.require_new(similar)
        return _sent(report)

    return attempt(work, lambda refused: _page(form, refused, similar=bool(similar)), form)


@nagari.get("/kematian/<number>")
@requires("report.assist")
def death_sent(number: str) -> ResponseReturnValue:
    """Tell who helped what to give the family; the case itself does not open here."""
    return render_template("nagari/death_sent.html", sent=helping.sent_by_me(number, "jkm"))


def _report(form: QuickDeathForm) -> DeathReport:
    report = questions.report_of(form.data, helped=False)
    return replace(
        report,
        mandate=helping.staff_mandate(form, (report.reporter_name, report.reporter_phone)),
        consent_note=helping.consent_note(form),
    )


def _sent(report: DeathReport) -> str:
    claim = report_death(here.session(), report, branch=helping.branch(), by=here.actor(), now=here.now())
    if helping.opens_case(claim):
        flash(f"Laporan kematian {claim.subject} dicatat dengan nomor {claim.number}.")
        return url_for("casework.case", number=claim.number)
    return url_for("nagari.death_sent", number=claim.number)


def _page(form: QuickDeathForm, refused: Sequence[str] = (), *, similar: bool = False) -> str:
    return render_template(
        "nagari/death.html",
        form=form,
        refused=refused,
        similar=similar,
        consent=consents.text_on(clock.today()),
    )
