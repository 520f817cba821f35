"""A first notice of an accident on one page, for somebody who helps and has done it before."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.accident_reporting import AccidentReport, report_accident, similar_accidents
from caseflow.people import policy, relations
from caseflow.web import accident_notice as notice
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.nagari import helping, nagari
from caseflow.web.nagari.helping import AssistedForm
from caseflow.web.security import requires


class QuickForm(
    AssistedForm, notice.WhoForm, notice.WhenForm, notice.WhatForm, notice.NotifierForm, notice.ReachForm
):
    """All questions at once."""

    def relative(self) -> tuple[str, str] | None:
        """The worker, or a relative who gives the notice."""
        name = self.notifier_name.data or ""
        if self.notifier_role.data == "worker":
            return name, relations.SELF
        return (name, self.relation.data) if self.notifier_role.data == "family" else None


@nagari.get("/kecelakaan/baru")
@requires("report.assist")
def accident_page() -> ResponseReturnValue:
    """Show the empty page."""
    return _page(QuickForm(data=_first_words()))


@nagari.post("/kecelakaan/baru")
@requires("report.assist")
def accident_post() -> ResponseReturnValue:
    """Send the notice; the case remembers who helped."""
    form, similar = QuickForm(), list[str]()

    def work() -> str:
        report = _report(form)
        if not form.another.data:
            similar.extend(similar_accidents(here.session(), report))
            helping.require_new(similar)
        return _sent(report)

    return attempt(work, lambda refused: _page(form, refused, similar=bool(similar)), form)


@nagari.get("/kecelakaan/<number>")
@requires("report.assist")
def accident_sent(number: str) -> ResponseReturnValue:
    """Tell who helped what to give the family; the case itself does not open here."""
    return render_template("nagari/accident_sent.html", sent=helping.sent_by_me(number, "jkk"))


def _first_words() -> Mapping[str, Any]:
    """Who helps in a nagari usually gives the notice, too; who sits at the branch writes down somebody's call."""
    by = here.actor()
    if policy.mark(by, "report.assist") == "full":
        return {"notifier_role": "family"}
    return {"notifier_role": "nagari", "notifier_name": by.name}


def _report(form: QuickForm) -> AccidentReport:
    # whoever gave the notice, the helper is the one who is signed in
    report = notice.report_of(form.data, consented=bool(form.consented.data))
    return replace(
        report,
        mandate=helping.staff_mandate(form, (report.notifier_name, report.notifier_phone)),
        consent_note=helping.consent_note(form),
    )


def _sent(report: AccidentReport) -> str:
    claim = report_accident(here.session(), report, branch=helping.branch(), by=here.actor(), now=here.now())
    if helping.opens_case(claim):
        flash(f"Kabar kecelakaan {claim.subject} dicatat dengan nomor {claim.number}.")
        return url_for("casework.case", number=claim.number)
    return url_for("nagari.accident_sent", number=claim.number)


def _page(form: QuickForm, refused: Sequence[str] = (), *, similar: bool = False) -> str:
    return render_template(
        "nagari/accident.html",
        form=form,
        refused=refused,
        similar=similar,
        consent=consents.text_on(clock.today()),
    )
