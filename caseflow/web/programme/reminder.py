"""The reminder of dues (L9) to a nagari: what it says, issued, opened, revoked."""

from collections.abc import Sequence

from flask import Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import InputRequired

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.notices import registry_letters
from caseflow.notices.dues_reminder import due_of, dues_reminder
from caseflow.notices.registry_letters import About
from caseflow.registry import reach
from caseflow.registry.models import Region
from caseflow.registry.regions import nagari_of
from caseflow.web import dues_words as words
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, LongTextField
from caseflow.web.letters import path_of, programme_sender, send_draft, send_letter
from caseflow.web.programme import programme
from caseflow.web.security import requires

_KIND = "dues_reminder"


class RevokeForm(BaseForm):
    """Why a reminder no longer holds."""

    letter = HiddenField(validators=[InputRequired()])
    why = LongTextField("Alasan pencabutan", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")])


@programme.get("/tunggakan/<region_code>/teguran")
@requires("dues.remind")
def reminder(region_code: str) -> ResponseReturnValue:
    """Show what a nagari is behind with, and the reminders that were issued."""
    return _page(_region(region_code))


@programme.get("/tunggakan/<region_code>/teguran/pratinjau")
@requires("dues.remind")
def reminder_draft(region_code: str) -> ResponseReturnValue:
    """Show the reminder as it would be issued now."""
    region, sender = _region(region_code), programme_sender()
    said = dues_reminder(here.session(), region, sender, on=clock.today(), by=here.actor())
    return send_draft(registry_letters.preview_registry_letter(said, sender, now=here.now()))


@programme.post("/tunggakan/<region_code>/teguran")
@requires("dues.remind")
def reminder_post(region_code: str) -> ResponseReturnValue:
    """Issue the reminder; what says the same is the same letter."""
    region = _region(region_code)

    def work() -> str:
        sender, today = programme_sender(), clock.today()
        said = dues_reminder(here.session(), region, sender, on=today, by=here.actor())
        about = About(region.code, _KIND, f"{today:%Y-%m}", here.settings().programme_sign, "dues.remind")
        letter = registry_letters.issue_registry_letter(
            here.session(), here.store(), about, said, sender, by=here.actor(), now=here.now()
        )
        flash(f"Teguran nomor {letter.number} terbit. Nagari melihatnya di halaman Iuran.")
        return url_for("programme.reminder", region_code=region.code)

    return attempt(work, lambda refused: _page(region, refused))


@programme.post("/tunggakan/<region_code>/teguran/cabut")
@requires("dues.remind")
def revoke_post(region_code: str) -> ResponseReturnValue:
    """Revoke a reminder."""
    region, form = _region(region_code), RevokeForm()

    def work() -> str:
        letter = registry_letters.get_registry_letter(
            here.session(), str(form.letter.data), permission="dues.remind", by=here.actor()
        )
        registry_letters.revoke_registry_letter(
            here.session(),
            letter,
            why=str(form.why.data),
            permission="dues.remind",
            by=here.actor(),
            now=here.now(),
        )
        flash(f"Teguran nomor {letter.number} dicabut.")
        return url_for("programme.reminder", region_code=region.code)

    return attempt(work, lambda refused: _page(region, refused, form), form)


@programme.get("/surat/<number>")
@requires("dues.read")
def registry_letter(number: str) -> Response:
    """Open a reminder; the nagari that it went to may, too."""
    letter = registry_letters.get_registry_letter(
        here.session(), number, permission="dues.read", by=here.actor()
    )
    if letter.kind != _KIND:
        raise NotFound("Surat ini tidak ditemukan. Periksa nomornya.")
    body = registry_letters.open_registry_letter(here.session(), here.store(), letter, by=here.actor())
    return send_letter(letter, body, save=False)


def _region(region_code: str) -> Region:
    reach.require(region_code, here.actor(), "dues.remind")
    region = nagari_of(here.session(), region_code)
    if region is None:
        raise NotFound("Nagari ini tidak ditemukan.")
    return region


def _page(region: Region, refused: Sequence[str] = (), form: RevokeForm | None = None) -> str:
    by = here.actor()
    due = due_of(here.session(), region.code, on=clock.today(), by=by)
    letters = registry_letters.letters_of_region(
        here.session(), region.code, kind=_KIND, permission="dues.remind", by=by
    )
    return render_template(
        "programme/reminder.html",
        region=region,
        due=due,
        months=words.spans(due.months) if due else "",
        letters=[(letter, path_of(letter)) for letter in letters],
        refused=refused,
        form=form,
        revoke=form or RevokeForm(formdata=None),
    )
