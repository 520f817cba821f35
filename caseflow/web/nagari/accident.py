"""A first notice of an accident on one page, for somebody who helps and has done it before."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import BooleanField, SelectField
from wtforms.validators import StopValidation

from caseflow.claims.accident_reporting import AccidentReport, report_accident, similar_accidents
from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import Branch
from caseflow.errors import NotFound, NotPossible
from caseflow.identifiers import read_case_number
from caseflow.people import policy
from caseflow.web import accident_notice as notice
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.nagari import nagari
from caseflow.web.public.questions import nagari_choices
from caseflow.web.security import requires

_OTHER_NAGARI = "Pilih nagari dari daftar. Untuk nagari di luar wilayah Anda, keluarga melapor di halaman depan atau lewat 175."


class QuickForm(notice.WhoForm, notice.WhenForm, notice.WhatForm, notice.NotifierForm, notice.ConsentForm):
    """All questions at once; ``another`` is asked only when the accident seems to be reported already."""

    region_code = SelectField("Di nagari mana pekerja tinggal?", validate_choice=False)
    another = BooleanField("Ini kejadian lain, tetap kirim")

    def validate_region_code(self, field: SelectField) -> None:
        """Only where this person helps."""
        if not field.data or field.data not in {value for value, *_ in field.iter_choices()}:
            raise StopValidation(_OTHER_NAGARI)


@nagari.get("/kecelakaan/baru")
@requires("report.assist")
def accident_page() -> ResponseReturnValue:
    """Show the empty page."""
    return _page(_form(_first_words()))


@nagari.post("/kecelakaan/baru")
@requires("report.assist")
def accident_post() -> ResponseReturnValue:
    """Send the notice; the case remembers who helped."""
    form, similar = _form(), list[str]()

    def work() -> str:
        report = notice.report_of(form.data, consented=bool(form.consented.data))
        if not form.another.data:
            similar.extend(similar_accidents(here.session(), report))
            if similar:
                raise NotPossible(_already_known(similar))
        return _sent(report)

    return attempt(work, lambda refused: _page(form, refused, similar=bool(similar)), form)


@nagari.get("/kecelakaan/<number>")
@requires("report.assist")
def accident_sent(number: str) -> ResponseReturnValue:
    """Tell who helped what to give the family; the case itself does not open here."""
    row = (
        here.session()
        .execute(
            select(Claim.number, Claim.subject, Claim.due_on)
            .join(Report, Report.casefile_id == Claim.id)
            .where(
                Claim.number == (read_case_number(number) or ""),
                Claim.program == "jkk",
                Report.helped_by_user_id == here.actor().user_id,
            )
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound("Kabar dengan nomor ini tidak ditemukan di antara kabar yang Anda kirim.")
    return render_template("nagari/accident_sent.html", sent=row)


def _form(first: Mapping[str, Any] | None = None) -> QuickForm:
    form = QuickForm(data=first)
    listed = [choice for choice in nagari_choices(here.session()) if _is_own(choice.value)]
    form.region_code.choices = listed[1:] if len(listed) == 2 else listed
    return form


def _is_own(region_code: str) -> bool:
    """Whether this person helps families of a nagari: officers anywhere, others in their own area."""
    by = here.actor()
    if not region_code or policy.mark(by, "report.assist") == "full":
        return True
    return any(region_code == own or region_code.startswith(f"{own}.") for own in by.region_codes)


def _first_words() -> dict[str, str]:
    """Who helps in a nagari usually gives the notice, too; who sits at the branch writes down somebody's call."""
    by = here.actor()
    if policy.mark(by, "report.assist") == "full":
        return {"notifier_role": "family"}
    return {"notifier_role": "nagari", "notifier_name": by.name}


def _already_known(numbers: Sequence[str]) -> list[str]:
    """Name the cases only to those who may open them."""
    may_open = policy.mark(here.actor(), "claim.read") == "full"
    named = f": {', '.join(numbers)}" if may_open else ""
    return [
        f"Sudah ada kabar untuk pekerja ini pada hari yang sama atau berdekatan{named}.",
        "Kabar ini belum tersimpan. Bila kejadiannya memang lain, centang “Ini kejadian lain” di bawah, lalu kirim lagi.",
    ]


def _sent(report: AccidentReport) -> str:
    settings, by = here.settings(), here.actor()
    claim = report_accident(
        here.session(),
        report,
        branch=Branch(settings.branch_code, settings.regency_prefix),
        by=by,
        now=here.now(),
    )
    if policy.mark(by, "claim.read") == "full" and claim.branch_code == by.branch_code:
        flash(f"Kabar kecelakaan {claim.subject} dicatat dengan nomor {claim.number}.")
        return url_for("casework.case", number=claim.number)
    return url_for("nagari.accident_sent", number=claim.number)


def _page(form: QuickForm, refused: Sequence[str] = (), *, similar: bool = False) -> str:
    return render_template("nagari/accident.html", form=form, refused=refused, similar=similar)
