"""All families of one visitor given to others: asked what was promised, told how many moved and how many stayed."""

from collections.abc import Sequence

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import InputRequired

from caseflow.errors import Invalid, NotFound
from caseflow.monitoring import handing, visitors
from caseflow.monitoring.handing import Handed
from caseflow.notices import visit_order
from caseflow.people.models import StaffUser
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.field import field
from caseflow.web.forms import BaseForm, LongTextField, choices
from caseflow.web.security import requires

_SHARED = "-"


class HandOverForm(BaseForm):
    """To whom, and what they have to know."""

    to = RadioField("Kepada", validators=[InputRequired("Pilih petugas barunya.")], choices=[])
    note = LongTextField(
        "Pesan untuk petugas baru", [InputRequired("Tulis pesannya, paling sedikit 10 huruf.")]
    )


@field.get("/penyelia/serahkan/<username>")
@requires("visit.assign")
def hand_page(username: str) -> ResponseReturnValue:
    """Ask who goes on with the families of a visitor."""
    former = _former(username)
    return _page(former, _form(former, empty=True), [])


@field.post("/penyelia/serahkan/<username>")
@requires("visit.assign")
def hand_post(username: str) -> ResponseReturnValue:
    """Give them away."""
    form = _form(_former(username))

    def work() -> str:
        session, former = here.session(), _former(username)
        to = None
        if form.to.data != _SHARED:
            chosen = handing.find_visitor(session, form.to.data or "")
            if chosen is None:
                raise Invalid({"to": "Pilih petugas dari daftar ini. Belum ada yang pindah."})
            to = chosen.id
        places = [one.region_code for one in handing.held_by(session, former.id, by=here.actor())]
        done = handing.hand_over(
            session, former.id, to, form.note.data or "", by=here.actor(), now=here.now()
        )
        for region_code in places:
            visit_order.revoke_replaced(session, region_code, by=here.actor(), now=here.now())
        flash(_words(done))
        return url_for("field.supervisor")

    return attempt(work, lambda refused: _page(_former(username), form, refused), form)


def _former(username: str) -> StaffUser:
    """Return a visitor who has families in the actor's reach; anybody else is not there."""
    found = handing.find_visitor(here.session(), username)
    if found is None or not handing.held_by(here.session(), found.id, by=here.actor()):
        raise NotFound("Petugas ini tidak mendampingi keluarga di wilayah Anda. Tidak ada yang pindah.")
    return found


def _form(former: StaffUser, *, empty: bool = False) -> HandOverForm:
    form = HandOverForm(formdata=None) if empty else HandOverForm()
    others = [one for one in visitors.every(here.session()) if one.user_id != former.id]
    form.to.choices = choices(
        [*((one.username, one.name) for one in others), (_SHARED, "Bagi menurut nagari")] if others else []
    )
    return form


def _page(former: StaffUser, form: HandOverForm, refused: Sequence[str]) -> str:
    session = here.session()
    held = handing.held_by(session, former.id, by=here.actor())
    return render_template(
        "field/hand_over.html",
        former=former,
        name=visitors.name_of(session, former.id),
        held=held,
        families=sum(one.families for one in held),
        again=sum(one.again for one in held),
        form=form,
        hints={
            _SHARED: "Setiap nagari kepada petugas yang sudah berkunjung di sana, atau yang paling sedikit keluarganya."
        },
        refused=refused,
    )


def _words(done: Handed) -> str:
    parts = []
    if done.moved:
        parts.append(f"{done.moved} keluarga mendapat petugas baru dengan pesan Anda.")
    if done.again:
        parts.append(f"{done.again} kunjungan ulang ikut pindah.")
    if done.left:
        parts.append(
            f"{done.left} belum pindah: petugas baru tidak bisa mengambilnya. Pilih petugas lain untuk itu."
        )
    return " ".join(parts)
