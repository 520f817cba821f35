"""Musyawarah nagari: those recorded, a new one, a better picture of its berita acara."""

from collections.abc import Sequence
from datetime import date

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.errors import Invalid
from caseflow.people import policy
from caseflow.registry import meetings, queries
from caseflow.registry.meetings import MeetingFacts
from caseflow.registry.nomination_models import RegistryFile
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, CountField, DayField, LongTextField, choices
from caseflow.web.nagari import nagari
from caseflow.web.proofs import FORM_BYTES, WITH_PAPER, kept
from caseflow.web.security import requires


class MeetingForm(BaseForm):
    """What was recorded of a musyawarah."""

    region = SelectField("Nagari", validators=[InputRequired("Pilih nagarinya.")])
    held_on = DayField("Tanggal musyawarah", [InputRequired("Isi tanggalnya.")])
    place = StringField("Tempat", [InputRequired("Tulis tempatnya."), Length(max=120)])
    minutes_number = StringField(
        "Nomor berita acara", [InputRequired("Tulis nomor berita acara."), Length(max=80)]
    )
    attendees = CountField("Jumlah yang hadir", [InputRequired("Tulis jumlahnya.")])
    decided = LongTextField("Yang diputuskan", [InputRequired("Tulis apa yang diputuskan.")])
    minutes = FileField("Foto atau PDF berita acara")


class MinutesForm(BaseForm):
    """A picture of the berita acara."""

    minutes = FileField("Foto atau PDF berita acara")


@nagari.get("/musyawarah")
@requires("nomination.read")
def meetings_page() -> ResponseReturnValue:
    """List the meetings, newest first."""
    return _page([])


@nagari.get("/musyawarah/baru")
@requires("nomination.edit")
def meeting_new() -> ResponseReturnValue:
    """Ask for a meeting."""
    return _new_page(_form(empty=True), [])


@nagari.post("/musyawarah/baru")
@requires("nomination.edit", max_bytes=FORM_BYTES, body_types=WITH_PAPER)
def meeting_add() -> ResponseReturnValue:
    """Write down a meeting, with its berita acara when there is a picture already."""
    form = _form()

    def work() -> str:
        region_code = form.region.data or ""
        paper = kept("minutes", "meeting_minutes", region_code, permission="nomination.edit")
        facts = MeetingFacts(
            held_on=form.held_on.data or date.max,
            place=form.place.data or "",
            minutes_number=form.minutes_number.data or "",
            attendees=int(form.attendees.data or 0),
            decided=form.decided.data or "",
        )
        session, by = here.session(), here.actor()
        meeting = meetings.record_meeting(session, region_code, facts, by=by, now=here.now())
        if paper is not None:
            meetings.attach_minutes(session, meeting, paper, by=by)
        flash(f"Musyawarah {meeting.minutes_number} dicatat.")
        return url_for("nagari.meetings_page")

    return attempt(work, lambda refused: _new_page(form, refused), form)


@nagari.post("/musyawarah/<public_id>/berita-acara")
@requires("nomination.edit", max_bytes=FORM_BYTES, body_types=WITH_PAPER)
def minutes_add(public_id: str) -> ResponseReturnValue:
    """Add or replace the picture of a berita acara."""
    session, by = here.session(), here.actor()
    meetings.get_meeting(session, public_id, by=by, permission="nomination.edit")

    def work() -> str:
        meeting = meetings.get_meeting(session, public_id, by=by, permission="nomination.edit")
        paper = kept("minutes", "meeting_minutes", meeting.region_code, permission="nomination.edit")
        if paper is None:
            raise Invalid({"minutes": "Pilih foto atau PDF-nya dulu. Belum ada yang tersimpan."})
        meetings.attach_minutes(session, meeting, paper, by=by)
        flash("Berita acara tersimpan.")
        return url_for("nagari.meetings_page")

    return attempt(work, _page)


def own_nagari() -> list[tuple[str, str]]:
    """Return the nagari that this person writes for: code and name."""
    codes = sorted(here.actor().region_codes)
    return [(code, queries.region_name(here.session(), code)) for code in codes]


def _form(*, empty: bool = False) -> MeetingForm:
    places = own_nagari()
    form = (
        MeetingForm(formdata=None, data={"region": places[0][0] if places else ""})
        if empty
        else MeetingForm()
    )
    form.region.choices = choices(places)
    return form


def _new_page(form: MeetingForm, refused: Sequence[str]) -> str:
    return render_template("nagari/meeting.html", form=form, several=len(own_nagari()) > 1, refused=refused)


def _page(refused: Sequence[str]) -> str:
    session, by = here.session(), here.actor()
    rows = [
        (
            one,
            queries.region_name(session, one.region_code),
            session.get(RegistryFile, one.minutes_file_id) if one.minutes_file_id else None,
        )
        for one in meetings.meetings(session, by=by)
    ]
    return render_template(
        "nagari/meetings.html", rows=rows, may_edit=policy.allows(by, "nomination.edit"), refused=refused
    )
