"""The calendar that deadlines are counted with: read by all staff, changed by a few, and what a change does."""

from collections.abc import Sequence
from datetime import date

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.audit import changes
from caseflow.claims import workflows
from caseflow.formats import long_date
from caseflow.people import policy
from caseflow.registry import operations, queries
from caseflow.web import here
from caseflow.web.admin import admin, change_words, reads
from caseflow.web.admin.year import KINDS, Example, example, months_of
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm, DayField
from caseflow.web.security import requires
from caseflow.workdays import Calendar


class HolidayForm(BaseForm):
    """A day on which deadlines do not run."""

    on = DayField("Tanggal", [InputRequired("Isi tanggalnya.")])
    kind = RadioField(
        "Jenis",
        choices=[(code, label) for code, (label, _) in KINDS.items()],
        validators=[InputRequired("Pilih jenis harinya.")],
    )
    name = StringField("Nama hari", [InputRequired("Tulis nama hari libur."), Length(max=100)])
    estimate = BooleanField("Masih perkiraan: belum ada keputusan resmi")


class ExampleForm(BaseForm):
    """A day on which the documents were complete."""

    complete_on = DayField("Dokumen lengkap pada")


@admin.get("/kalender")
@requires("calendar.read")
def calendar_page() -> ResponseReturnValue:
    """Show a year, and how three working days are counted in it."""
    today = clock.local(here.now()).date()
    year = _year(request.args.get("tahun"), today.year)
    days = queries.calendar(here.session(), today)
    form = _example_form(today)
    may_edit = policy.allows(here.actor(), "calendar.edit")
    return render_template(
        "admin/calendar.html",
        year=year,
        years=[one for one in _years(today.year) if one != year],
        months=months_of(year, reads.holidays(here.session(), year), days, today),
        covered=days.covers(year),
        blind_years=[one for one in (today.year, today.year + 1) if not days.covers(one)],
        kinds=KINDS,
        form=form,
        example=_example(form, days),
        may_edit=may_edit,
        changes=change_words.lines(changes.changes(here.session(), "calendar")) if may_edit else [],
    )


@admin.get("/kalender/tambah")
@requires("calendar.edit")
def add_page() -> ResponseReturnValue:
    """Ask for a day."""
    return _add_page(HolidayForm(formdata=None), [])


@admin.post("/kalender/tambah")
@requires("calendar.edit")
def add_post() -> ResponseReturnValue:
    """Add a day."""
    form = HolidayForm()

    def work() -> str:
        on = form.on.data or date.min
        name = (form.name.data or "").strip()
        operations.add_holiday(
            here.session(),
            on,
            kind=form.kind.data or "",
            name=f"{name} {operations.ESTIMATE}" if form.estimate.data else name,
            by=here.actor(),
            now=here.now(),
        )
        flash(f"{name}, {long_date(on)}, ditambahkan ke kalender.")
        return _after_change(on.year)

    return attempt(work, lambda refused: _add_page(form, refused), form)


@admin.get("/kalender/hapus/<day>")
@requires("calendar.edit")
def remove_page(day: str) -> ResponseReturnValue:
    """Say what is taken out."""
    return _remove_page(day, [])


@admin.post("/kalender/hapus/<day>")
@requires("calendar.edit")
def remove_post(day: str) -> ResponseReturnValue:
    """Take a day out of the calendar."""
    found = reads.holiday(here.session(), day)

    def work() -> str:
        operations.remove_holiday(
            here.session(), found.on, expected_name=request.form.get("name", ""), by=here.actor()
        )
        flash(f"{found.name}, {long_date(found.on)}, dihapus dari kalender.")
        return _after_change(found.on.year)

    return attempt(work, lambda refused: _remove_page(day, refused))


@admin.get("/kalender/hitung-ulang")
@requires("calendar.edit")
def recompute_page() -> ResponseReturnValue:
    """Show what recomputing would change, before anything does."""
    return _recompute_page([])


@admin.post("/kalender/hitung-ulang")
@requires("calendar.edit")
def recompute_post() -> ResponseReturnValue:
    """Bring the deadlines of open cases up to date."""

    def work() -> str:
        changed = operations.recompute_due_dates(
            here.session(),
            workflows.book(),
            seen_sha256=request.form.get("version", ""),
            by=here.actor(),
            now=here.now(),
        )
        flash(f"Batas waktu {changed} kasus dihitung ulang.")
        return url_for("admin.calendar_page")

    return attempt(work, _recompute_page)


def _add_page(form: HolidayForm, refused: Sequence[str]) -> str:
    return render_template("admin/holiday_add.html", form=form, refused=refused)


def _remove_page(day: str, refused: Sequence[str]) -> str:
    found = reads.holiday(here.session(), day)
    return render_template("admin/holiday_remove.html", day=found, kind=KINDS[found.kind][0], refused=refused)


def _recompute_page(refused: Sequence[str]) -> str:
    preview = operations.preview_due_changes(here.session(), workflows.book(), now=here.now())
    return render_template(
        "admin/recompute.html",
        preview=preview,
        refused=refused,
        sees_cases=policy.allows(here.actor(), "claim.read"),
    )


def _after_change(year: int) -> str:
    """Go on to the preview when the change moves a deadline, back to the year when it does not."""
    preview = operations.preview_due_changes(here.session(), workflows.book(), now=here.now())
    if preview.count:
        return url_for("admin.recompute_page")
    return url_for("admin.calendar_page", tahun=year)


def _example_form(today: date) -> ExampleForm:
    asked = "complete_on-day" in request.args
    form = ExampleForm(formdata=request.args if asked else None, data={"complete_on": today})
    if asked:
        form.validate()
    return form


def _example(form: ExampleForm, days: Calendar) -> Example | None:
    if form.errors or form.complete_on.data is None:
        return None
    return example(form.complete_on.data, days)


def _years(this_year: int) -> range:
    return range(this_year - 1, this_year + operations.YEARS_AHEAD)


def _year(asked: str | None, this_year: int) -> int:
    year = whole_number(asked, this_year)
    return year if operations.FIRST_YEAR <= year <= this_year + operations.YEARS_AHEAD else this_year
