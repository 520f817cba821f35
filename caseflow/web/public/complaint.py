"""A complaint by anybody, also without a name, and its answer by number and code."""

from collections.abc import Sequence

from flask import make_response, render_template
from flask.typing import ResponseReturnValue

from caseflow.claims import complaints as verbs
from caseflow.errors import CaseflowError, Invalid, NotPossible, TooMany
from caseflow.web import complaints, here
from caseflow.web.complaints import AgainForm, CodeForm, ComplaintForm
from caseflow.web.public import public
from caseflow.web.security import requires


@public.get("/aduan")
@requires("complaint.create")
def complaint() -> ResponseReturnValue:
    """Say who reads it, and ask."""
    return _page(ComplaintForm(formdata=None, data=complaints.first_data(None)))


@public.post("/aduan")
@requires("complaint.create")
def send_complaint() -> ResponseReturnValue:
    """Write it down and give number and code, once, to be kept on paper."""
    form = ComplaintForm()
    return complaints.tell(form, lambda: _page(form), "public/complaint_sent.html")


@public.get("/aduan/jawaban")
@requires("complaint.create")
def complaint_answer() -> ResponseReturnValue:
    """Ask for number and code. Neither is ever in an address."""
    return render_template("public/complaint_code.html", form=CodeForm(formdata=None))


@public.post("/aduan/jawaban")
@requires("complaint.create")
def read_complaint_answer() -> ResponseReturnValue:
    """Show how far it is and what was answered; nothing is left on this phone."""
    form = CodeForm()
    if not form.validate():
        return render_template("public/complaint_code.html", form=form), 422
    try:
        found = complaints.with_code(form)
    except (Invalid, TooMany) as refusal:
        return _refused(form, refusal)
    return _answer(complaints.shown(found), AgainForm(formdata=None, data=form.data))


@public.post("/aduan/lagi")
@requires("complaint.create")
def complaint_again() -> ResponseReturnValue:
    """Ask once more when the answer is not enough."""
    form = AgainForm()
    try:
        found = complaints.with_code(form)
    except (Invalid, TooMany) as refusal:
        return _refused(CodeForm(), refusal)
    if not form.validate():
        return _answer(complaints.shown(found), form), 422
    try:
        verbs.act_on(
            here.session(),
            found,
            "ask_again",
            by=verbs.COMPLAINANT,
            expected_version=found.version,
            now=here.now(),
            reason_text=form.words.data,
        )
    except NotPossible as refusal:
        here.session().rollback()
        form.words.errors = [refusal.sentence]
        return _answer(complaints.shown(complaints.with_code(form)), form), refusal.status
    return _answer(complaints.shown(found), form)


def _page(form: ComplaintForm) -> str:
    by = here.find_actor()
    return render_template("public/complaint.html", form=form, helps=by is not None)


def _answer(shown: complaints.ShownComplaint, form: AgainForm) -> str:
    return render_template("public/complaint_answer.html", complaint=shown, form=form)


def _refused(form: CodeForm, refusal: CaseflowError) -> ResponseReturnValue:
    here.session().rollback()
    errors: Sequence[tuple[str, str]] = (
        list(refusal.fields.items()) if isinstance(refusal, Invalid) else [("code", refusal.sentence)]
    )
    response = make_response(
        render_template("public/complaint_code.html", form=form, errors=errors), refusal.status
    )
    if isinstance(refusal, TooMany):
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
