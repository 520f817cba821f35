"""A complaint from the family's own phone. Afterwards the phone says nothing of it, unless its holder wants that."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow.claims import complaint_queries
from caseflow.claims import complaints as verbs
from caseflow.claims.models import Claim
from caseflow.errors import Invalid, NotFound, TooMany
from caseflow.identifiers import read_case_number
from caseflow.web import complaints, here
from caseflow.web.complaints import CodeForm, ComplaintForm
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.security import requires


@family.get("/aduan")
@requires("family.complaint")
def complaint() -> ResponseReturnValue:
    """Say who reads it, ask, and show what this phone was told to show."""
    claim = own_claim()
    return _page(claim, ComplaintForm(formdata=None, data=complaints.first_data(claim)))


@family.post("/aduan")
@requires("family.complaint")
def send_complaint() -> ResponseReturnValue:
    """Write it down; of this phone and its case nothing is kept beside it but what was allowed."""
    claim, form = own_claim(), ComplaintForm()
    return complaints.tell(form, lambda: _page(claim, form), "family/complaint_sent.html", about=claim)


@family.post("/aduan/tampilkan")
@requires("family.complaint")
def show_complaint() -> ResponseReturnValue:
    """Show a complaint on this phone from now on; asked for a second time, with its code."""
    form = CodeForm()
    try:
        found = complaints.with_code(form)
    except (Invalid, TooMany) as refusal:
        here.session().rollback()
        flash(f"{refusal.sentence} Tidak ada yang berubah.", "warning")
        return redirect(url_for("family.complaint"), 303)
    verbs.show_on_phone(here.session(), found, here.actor().device_id, now=here.now())
    flash("Aduan ini sekarang tampil di HP ini.")
    return redirect(url_for("family.complaint"), 303)


@family.post("/aduan/sembunyikan")
@requires("family.complaint")
def hide_complaint() -> ResponseReturnValue:
    """Take a complaint off this phone; it goes on being examined."""
    number = read_case_number(request.form.get("number", ""))
    shown = complaint_queries.shown_on(here.session(), here.actor().device_id or 0)
    found = next((one for one in shown if one.number == number), None)
    if found is None:
        raise NotFound("Aduan ini tidak tampil di HP ini.")
    verbs.show_on_phone(here.session(), found, None, now=here.now())
    flash("Aduan itu tidak tampil lagi di HP ini. Aduannya tetap diperiksa.")
    return redirect(url_for("family.complaint"), 303)


def _page(claim: Claim, form: ComplaintForm) -> str:
    kept = complaint_queries.shown_on(here.session(), here.actor().device_id or 0)
    return render_template(
        "family/complaint.html",
        claim=claim,
        form=form,
        kept=[complaints.shown(one) for one in kept],
    )
