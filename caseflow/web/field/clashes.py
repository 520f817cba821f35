"""Two values of one answer, side by side; a person chooses which one holds, and says why."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from caseflow.monitoring import clashes
from caseflow.monitoring.answer_words import in_words
from caseflow.monitoring.clashes import Clash
from caseflow.monitoring.questions import field_label
from caseflow.monitoring.titles import VISITS
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.field import field
from caseflow.web.forms import BaseForm, LongTextField, choices
from caseflow.web.security import requires

_FAMILY = "Data keluarga"


class ChooseForm(BaseForm):
    """Which value holds, and why."""

    which = RadioField("Isian mana yang dipakai?", [InputRequired("Pilih salah satu isian.")], choices=[])
    version = HiddenField()  # of the value that held on the page
    why = LongTextField("Alasan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@field.get("/beda")
@requires("visit.choose")
def clash_list() -> ResponseReturnValue:
    """List what waits for a choice."""
    rows = [(one, *_words(one)) for one in clashes.open_clashes(here.session(), by=here.actor())]
    return render_template("field/clashes.html", rows=rows)


@field.get("/beda/<clash_id>")
@requires("visit.choose")
def clash_page(clash_id: str) -> ResponseReturnValue:
    """Show both values."""
    clash = clashes.get_clash(here.session(), clash_id, by=here.actor())
    return _page(clash, _form(clash, empty=True), [])


@field.post("/beda/<clash_id>")
@requires("visit.choose")
def clash_choose(clash_id: str) -> ResponseReturnValue:
    """Let one of them hold."""
    clash = clashes.get_clash(here.session(), clash_id, by=here.actor())
    form = _form(clash)

    def work() -> str:
        clashes.choose(
            here.session(),
            clash_id,
            form.which.data or "",
            form.why.data or "",
            by=here.actor(),
            now=here.now(),
            seen=whole_number(form.version.data),
        )
        flash("Pilihan tersimpan. Isian yang lain tetap tercatat.")
        return url_for("field.clash_list")

    def again(refused: Sequence[str]) -> str:
        now = clashes.get_clash(here.session(), clash_id, by=here.actor())
        _offer(form, now)
        return _page(now, form, refused)

    return attempt(work, again, form)


def _form(clash: Clash, *, empty: bool = False) -> ChooseForm:
    form = ChooseForm(formdata=None) if empty else ChooseForm()
    _offer(form, clash)
    return form


def _offer(form: ChooseForm, clash: Clash) -> None:
    sides = {"standing": clash.standing, "contested": clash.contested}
    form.which.choices = choices((side, in_words(clash.field, one.value)) for side, one in sides.items())


def _page(clash: Clash, form: ChooseForm, refused: Sequence[str]) -> str:
    question, occasion = _words(clash)
    return render_template(
        "field/clash.html",
        clash=clash,
        form=form,
        refused=refused,
        question=question,
        occasion=occasion,
        sides=[
            (title, in_words(clash.field, one.value), one)
            for title, one in (("Berlaku sekarang", clash.standing), ("Datang kemudian", clash.contested))
        ],
    )


def _words(clash: Clash) -> tuple[str, str]:
    return field_label(clash.field), VISITS[clash.visit_kind] if clash.visit_kind else _FAMILY
