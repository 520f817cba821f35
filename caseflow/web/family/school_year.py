"""Applying for school years from the phone: one level and one school for each year; the officer checks afterwards."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import Length, Optional

from caseflow import clock
from caseflow.claims import scholarship
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.claims.scholarship import YearFacts, askable_years
from caseflow.claims.scholarship_plan import WAITING
from caseflow.errors import NotFound, NotPossible
from caseflow.law.pupil import school_year_words
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.family import family
from caseflow.web.family.pages import own_claim
from caseflow.web.forms import BaseForm, choices
from caseflow.web.security import requires

_LONGEST_SCHOOL = 120


@family.get("/tahun-ajaran")
@requires("family.school")
def school_year() -> ResponseReturnValue:
    """Offer the school years that the law still gives."""
    claim, years = _askable()
    return _page(claim, years, _form(years, formdata=None), [])


@family.post("/tahun-ajaran")
@requires("family.school")
def ask_school_year() -> ResponseReturnValue:
    """Apply for the years that were filled in; their papers then stand in the list."""
    claim, years = _askable()
    form = _form(years)

    def work() -> str:
        asked = [
            YearFacts(year=year, level=form[f"level_{year}"].data, school=form[f"school_{year}"].data or "")
            for year in years
            if form[f"level_{year}"].data
        ]
        if not asked:
            raise NotPossible("Pilih jenjang untuk paling sedikit satu tahun ajaran. Belum terkirim.")
        if claim.state not in WAITING:
            raise NotPossible(
                "Tahun ajaran sedang diproses. Tidak ada yang berubah; telepon petugas bila perlu."
            )
        scholarship.ask_year(here.session(), claim, asked, by=here.actor(), now=here.now())
        flash("Tahun ajaran sudah diajukan. Sekarang kirim dokumennya.")
        return url_for("family.documents")

    return attempt(work, lambda refused: _page(claim, years, form, refused), form)


def _askable() -> tuple[Claim, Sequence[int]]:
    """Return the case and its years.

    :raises NotFound: it is no scholarship. :raises NotPossible: nothing can be applied for now.
    """
    claim = own_claim()
    if claim.program != "scholarship":
        raise NotFound("Halaman ini hanya untuk beasiswa anak.")
    years = askable_years(here.session(), claim, today=clock.today())
    if claim.state not in WAITING or not years:
        raise NotPossible("Belum ada tahun ajaran yang dapat diajukan sekarang. Tidak ada yang berubah.")
    return claim, years


def _form(years: Sequence[int], **options: Any) -> BaseForm:
    """Return a form with a level and a school for each year."""
    known = numbers().tables.levels.items()
    levels = [
        ("", "Tidak diajukan"),
        *((code, level.label[:1].upper() + level.label[1:]) for code, level in known),
    ]
    fields: dict[str, Any] = {}
    for year in years:
        fields[f"level_{year}"] = SelectField("Jenjang", [Optional()], choices=choices(levels))
        fields[f"school_{year}"] = StringField(
            "Nama sekolah, kampus, atau tempat pelatihan",
            [Length(max=_LONGEST_SCHOOL, message="Paling banyak 120 huruf.")],
        )
    form: BaseForm = type("YearsForm", (BaseForm,), fields)(**options)
    return form


def _page(claim: Claim, years: Sequence[int], form: BaseForm, refused: Sequence[str]) -> str:
    return render_template(
        "family/school_year.html",
        claim=claim,
        form=form,
        years=[(year, school_year_words(year)) for year in years],
        errors=[(f"level_{years[0]}", sentence) for sentence in refused],
    )
