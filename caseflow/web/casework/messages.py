"""Messages that the family is owed: read, passed on by hand, ticked off."""

from urllib.parse import quote

from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from caseflow.claims.models import Claim
from caseflow.notices.messages import HOW, Office, mark_delivered, messages_of, reporter_phone
from caseflow.web import here
from caseflow.web.casework import casework
from caseflow.web.casework.frame import Refusal, fetch, render
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires


class DeliveredForm(BaseForm):
    """How a message reached the family."""

    message = HiddenField(validators=[InputRequired()])
    how = RadioField(
        "Disampaikan lewat", choices=list(HOW.items()), validators=[InputRequired("Pilih salah satu.")]
    )


@casework.get("/kasus/<number>/pesan")
@requires("notice.deliver")
def messages_page(number: str) -> ResponseReturnValue:
    """Show what the family is owed to hear, with a prepared WhatsApp text."""
    return _page(fetch(number), None, DeliveredForm(formdata=None))


@casework.post("/kasus/<number>/pesan")
@requires("notice.deliver")
def messages_post(number: str) -> ResponseReturnValue:
    """Tick a message off."""
    form = DeliveredForm()

    def work(claim: Claim) -> str:
        key = form.message.data or ""
        outbox_id = int(key[:18]) if key.isascii() and key.isdigit() else 0
        mark_delivered(here.session(), claim, outbox_id, form.how.data, by=here.actor(), now=here.now())
        return "Dicatat: pesan sudah disampaikan."

    return submit(
        number,
        form,
        work,
        lambda claim, refusal: _page(claim, refusal, form),
        to=f"/petugas/kasus/{number}/pesan",
        own_version_check=True,
    )


def _page(claim: Claim, refusal: Refusal | None, form: DeliveredForm) -> str:
    settings = here.settings()
    messages = messages_of(here.session(), claim, Office(settings.branch_name, settings.branch_phone))
    phone = reporter_phone(here.session(), claim)
    links = {
        message.outbox_id: f"https://wa.me/{phone.lstrip('+')}?text={quote(message.text)}"
        for message in messages
    }
    return render(
        claim,
        "casework.messages_page",
        "messages.html",
        refusal=refusal,
        form=form,
        messages=messages,
        links=links,
        phone=phone,
        how=HOW,
    )
