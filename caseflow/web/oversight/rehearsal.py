"""A changed number, table or workflow tried on past cases: a draft comes in, figures go out, nothing is kept."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from caseflow.audit.operations import record
from caseflow.claims.cover import numbers
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import OUTCOME_LABELS
from caseflow.registry import queries as registry
from caseflow.reports import drafts
from caseflow.reports.drafts import DraftRefused, OneNumber
from caseflow.reports.number_rehearsal import NumberRehearsal, rehearse_numbers
from caseflow.reports.past_cases import MOST_CASES, looking_only
from caseflow.reports.rehearsal_table import numbers_csv, workflow_csv
from caseflow.reports.workflow_rehearsal import WorkflowRehearsal, rehearse_workflow
from caseflow.web import here
from caseflow.web.forms import BaseForm, DayField, choices
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import tabs
from caseflow.web.security import requires

_UNPROCESSABLE = 422
Found = NumberRehearsal | WorkflowRehearsal


class NumberForm(BaseForm):
    """Another value of one number, from a day on."""

    number = SelectField("Angka", [InputRequired("Pilih angkanya.")], choices=[])
    value = StringField(
        "Nilai baru",
        [
            InputRequired("Tulis nilai barunya."),
            Regexp(r"^[0-9][0-9.]{0,13}$", message="Tulis bilangan bulat, misalnya 20.000.000."),
        ],
    )
    since = DayField("Berlaku sejak", [InputRequired("Isi tanggal mulai berlakunya.")])
    article = StringField("Dasar", [Length(max=200)])

    def whole(self) -> int:
        """Return the value without the dots between thousands."""
        return int((self.value.data or "0").replace(".", ""))


@dataclass(frozen=True)
class Kind:
    """What can be changed.

    :ivar text: gives the file as it is now, by the name of a workflow or nothing; ``None``: a small form instead.
    """

    label: str
    about: str
    text: Callable[[str], str] | None = None


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "angka": Kind("Satu angka", "Ganti satu angka hukum sejak suatu hari."),
        "berkas-angka": Kind(
            "Berkas angka", "Ubah isi workflows/numbers.yaml di bawah.", lambda _: drafts.numbers_text()
        ),
        "tabel": Kind(
            "Berkas tabel", "Ubah isi workflows/tables.yaml di bawah.", lambda _: drafts.tables_text()
        ),
        "alur": Kind(
            "Alur kerja",
            "Tambah, ubah, atau hapus tahap, langkah, aturan, atau batas waktu di bawah.",
            drafts.workflow_text,
        ),
    }
)


@oversight.get("/uji-aturan")
@requires("rules.rehearse")
def rehearsal_page() -> ResponseReturnValue:
    """Ask what should be tried."""
    kind = _kind(request.args.get("jenis"))
    name = _workflow(request.args.get("alur"))
    text = KINDS[kind].text
    return _page(kind, name, _number_form(formdata=None), text(name) if text else "")


@oversight.post("/uji-aturan")
@requires("rules.rehearse")
def rehearsal_post() -> ResponseReturnValue:
    """Try the draft on past cases and show what would have been different; or hand it over as a table."""
    kind = _kind(request.form.get("jenis"))
    name = _workflow(request.form.get("alur"))
    text = request.form.get("draft", "").replace("\r\n", "\n")
    form = _number_form()
    if kind == "angka" and not form.validate():
        return make_response(_page(kind, name, form, text), _UNPROCESSABLE)
    try:
        found = _try(kind, name, form, text)
    except DraftRefused as refused:
        return make_response(_page(kind, name, form, text, problems=refused.problems), _UNPROCESSABLE)
    by = here.actor()
    record(here.session(), "rules.rehearsed", by=by, subject=f"draft:{name if kind == 'alur' else kind}")
    if request.form.get("format") == "csv":
        return _download(found)
    return _page(kind, name, form, text, found=found)


def _try(kind: str, name: str, form: NumberForm, text: str) -> Found:
    """Read the draft, then look at past cases in a transaction that can write nothing."""
    branch = here.actor().branch_code or ""
    if kind == "alur":
        draft = drafts.read_workflow(name, text)
        with looking_only(here.session().get_bind()) as session:
            calendar = registry.calendar(session, here.now().date())
            return rehearse_workflow(session, draft, branch_code=branch, calendar=calendar)
    book = _draft_book(kind, form, text)
    with looking_only(here.session().get_bind()) as session:
        return rehearse_numbers(session, book, branch_code=branch)


def _draft_book(kind: str, form: NumberForm, text: str) -> NumberBook:
    match kind:
        case "berkas-angka":
            return drafts.read_numbers(text)
        case "tabel":
            return drafts.read_tables(text)
        case _:
            if form.since.data is None:
                raise DraftRefused(["Isi tanggal mulai berlakunya."])
            article = (form.article.data or "").strip() or "rancangan"
            return drafts.with_one_number(
                OneNumber(form.number.data or "", form.whole(), form.since.data, article)
            )


def _download(found: Found) -> Response:
    table = numbers_csv(found) if isinstance(found, NumberRehearsal) else workflow_csv(found)
    response = Response(table, mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="uji-aturan.csv"'
    return response


def _page(
    kind: str,
    name: str,
    form: NumberForm,
    text: str,
    *,
    problems: Sequence[str] = (),
    found: Found | None = None,
) -> str:
    values: dict[str, Any] = {"numbers": None, "flow": None}
    if found is not None:
        values["numbers" if isinstance(found, NumberRehearsal) else "flow"] = found
    return render_template(
        "oversight/rehearsal.html",
        tabs=tabs("oversight.rehearsal_page"),
        kinds=KINDS,
        kind=kind,
        names=drafts.workflow_names(),
        name=name,
        form=form,
        draft=text,
        problems=problems,
        most=MOST_CASES,
        outcome_labels=OUTCOME_LABELS,
        **values,
    )


def _number_form(**options: Any) -> NumberForm:
    form = NumberForm(**options)
    form.number.choices = choices(
        (name, f"{periods[-1].label} ({periods[-1].unit.replace('_', ' ')})")
        for name, periods in numbers().periods.items()
    )
    return form


def _kind(asked: str | None) -> str:
    return asked if asked is not None and asked in KINDS else "angka"


def _workflow(asked: str | None) -> str:
    return asked if asked is not None and asked in drafts.workflow_names() else "jkm"
