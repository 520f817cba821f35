"""Messages that the family is owed: read, passed on by hand, ticked off; and the silence of a family, broken."""

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.claims import silence
from caseflow.claims.contacts import recipients
from caseflow.claims.models import Claim
from caseflow.notices.messages import HOW, mark_delivered, messages_of
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, calendar, fetch, render
from caseflow.web.casework.message_words import shown_way
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires


class DeliveredForm(BaseForm):
    """How a message reached the family."""

    message = HiddenField(validators=[InputRequired()])
    to = HiddenField()
    how = RadioField(
        "Disampaikan lewat", choices=list(HOW.items()), validators=[InputRequired("Pilih salah satu.")]
    )


class ToldForm(BaseForm):
    """What an officer told the family beside any message."""

    told = RadioField(
        "Dikabari lewat", choices=list(HOW.items()), validators=[InputRequired("Pilih salah satu.")]
    )
    line = StringField(
        "Apa yang dikabarkan",
        validators=[
            InputRequired("Tulis satu baris tentang yang dikabarkan."),
            Length(max=silence.LONGEST_LINE, message="Paling banyak 300 huruf."),
        ],
    )


@casework.get("/kasus/<number>/pesan")
@requires("notice.deliver")
def messages_page(number: str) -> ResponseReturnValue:
    """Show what the family is owed to hear, to whom and how each goes, with a prepared text."""
    return _page(fetch(number), None, DeliveredForm(formdata=None), ToldForm(formdata=None))


@casework.post("/kasus/<number>/pesan")
@requires("notice.deliver")
def messages_post(number: str) -> ResponseReturnValue:
    """Tick a message off."""
    form = DeliveredForm()

    def work(claim: Claim) -> str:
        key = form.message.data or ""
        mark_delivered(
            here.session(),
            claim,
            int(key[:18]) if key.isascii() and key.isdigit() else 0,
            form.how.data,
            settings=here.settings(),
            by=here.actor(),
            now=here.now(),
            address=form.to.data,
        )
        return "Dicatat: pesan sudah disampaikan."

    return submit(
        number,
        form,
        work,
        lambda claim, refusal: _page(claim, refusal, form, ToldForm(formdata=None)),
        to=url_for("casework.messages_page", number=number),
        own_version_check=True,
    )


@casework.post("/kasus/<number>/kabar")
@requires("notice.deliver")
def told_post(number: str) -> ResponseReturnValue:
    """Note that the family was told something."""
    form = ToldForm()

    def work(claim: Claim) -> str:
        line = form.line.data or ""
        silence.tell(here.session(), claim, form.told.data, line, by=here.actor(), now=here.now())
        return "Dicatat: keluarga sudah dikabari."

    return submit(
        number,
        form,
        work,
        lambda claim, refusal: _page(claim, refusal, DeliveredForm(formdata=None), form),
        to=url_for("casework.messages_page", number=number),
        own_version_check=True,
    )


def _page(claim: Claim, refusal: Refusal | None, form: DeliveredForm, told_form: ToldForm) -> str:
    session, today = here.session(), clock.today()
    quiet = silence.silence_of(session, claim, today=today)
    since = clock.local(quiet.heard_at).date() if quiet else None
    messages = messages_of(session, claim, here.settings())
    return render(
        claim,
        "casework.messages_page",
        "messages.html",
        refusal=refusal,
        form=told_form if told_form.errors else form,
        told_form=told_form,
        messages=[(message, [shown_way(way) for way in message.ways]) for message in messages],
        contacts=recipients(session, claim),
        words_said=silence.words_of(session, claim.id),
        silent_since=since,
        silent_days=calendar().count(since, today) if since else 0,
        how=HOW,
    )
