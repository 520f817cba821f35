"""The objection form: what is wrong, in the family's own words, once a round, with a receipt."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, SelectMultipleField
from wtforms.validators import InputRequired, Length

from caseflow.claims import objection as verbs
from caseflow.claims.models import Claim
from caseflow.claims.queries import timeline
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.family.refusal import refusal_of
from caseflow.web.family.wording import helper_of, is_close, name_of, require_close
from caseflow.web.forms import BaseForm, LongTextField, choices
from caseflow.web.security import requires


class ObjectionForm(BaseForm):
    """What the family thinks is wrong."""

    version = HiddenField()
    points = SelectMultipleField(
        "Apa yang menurut Ibu/Bapak keliru?",
        [InputRequired("Pilih paling sedikit satu.")],
        choices=choices(verbs.POINTS.items()),
    )
    words = LongTextField(
        "Ceritakan dengan kata sendiri",
        [
            InputRequired("Tulis apa yang keliru."),
            Length(verbs.SHORTEST, verbs.LONGEST, "Tulis dengan 10 sampai 2.000 huruf."),
        ],
    )


@family.get("/keberatan")
@requires("family.objection")
def objection() -> ResponseReturnValue:
    """Ask what is wrong; once it is sent, show the receipt."""
    claim = own_claim()
    _require_may(claim)
    return _page(claim, ObjectionForm(formdata=None), [])


@family.post("/keberatan")
@requires("family.objection")
def send_objection() -> ResponseReturnValue:
    """Send the objection; what was typed is never lost, whatever is refused."""
    claim, form = own_claim(), ObjectionForm()
    _require_may(claim)

    def work() -> str:
        helper = helper_of(here.session(), by=here.actor())
        verbs.object_to(
            here.session(),
            claim,
            form.words.data or "",
            form.points.data or [],
            by=here.actor(),
            expected_version=whole_number(form.version.data),
            now=here.now(),
            helper=helper.helper_name if helper is not None else None,
        )
        flash("Keberatan sudah kami terima.")
        return url_for("family.objection")

    return attempt(work, lambda refused: _page(own_claim(), form, refused), form)


def _require_may(claim: Claim) -> None:
    """The worker, the family, and whoever helps it under a mandate, whose name is kept with it.

    :raises NotPermitted: who only gave the notice; with who may.
    """
    if not here.actor().is_helper:
        require_close(here.session(), claim, by=here.actor())


def _page(claim: Claim, form: ObjectionForm, refused: Sequence[str]) -> str:
    session = here.session()
    moves = timeline(session, claim.id)[::-1]
    sent = next((move for move in reversed(moves) if move.action == "object"), None)
    helper = helper_of(session, by=here.actor())
    return render_template(
        "family/objection.html",
        claim=claim,
        name=name_of(claim),
        form=form,
        barrier=verbs.why_not(session, claim),
        refusal=refusal_of(
            session,
            claim,
            moves,
            close=is_close(session, claim, by=here.actor()),
            helps=here.actor().is_helper,
        ),
        sent=sent if claim.state == "objection" else None,
        sent_points=[verbs.POINTS[point] for point in (sent.details.get("points", []) if sent else [])],
        helper=helper,
        errors=[("words", sentence) for sentence in refused],
    )
