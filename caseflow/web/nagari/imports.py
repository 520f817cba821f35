"""Lists of workers that a nagari keeps in Excel, on their way into a draft nomination."""

import io
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, cast

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.documents.spool import spool
from caseflow.errors import CaseflowError, Invalid, NotFound
from caseflow.registry import cover_answers, files, import_queries, import_sheets, reach, regions
from caseflow.web import here, importing
from caseflow.web.casework.words import FUNDING
from caseflow.web.importing import MOST_BYTES, Lists, Target
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

DOOR = Lists("nagari.import", ("workers", "deaths"), "Impor daftar pekerja", "Semua impor")
_MULTIPART = ("multipart/form-data",)


@nagari.get("/impor")
@requires("nomination.edit")
def import_start() -> ResponseReturnValue:
    """Offer the format, take a list, show the lists sent before."""
    return _start([])


@nagari.post("/impor")
@requires("nomination.edit", max_bytes=MOST_BYTES, body_types=_MULTIPART)
def import_upload() -> ResponseReturnValue:
    """Take a list in."""
    return importing.upload(DOOR, _target, _start)


@nagari.get("/impor/format/<region_code>.xlsx")
@requires("nomination.edit")
def import_format(region_code: str) -> ResponseReturnValue:
    """Send the empty format of a nagari, with its own jorong to choose from."""
    reach.require(region_code, here.actor(), "nomination.edit")
    place = regions.nagari_of(here.session(), region_code)
    if place is None:
        raise NotFound("Nagari ini tidak ditemukan.")
    sheet = io.BytesIO()
    names = [one.name for one in regions.jorong(here.session(), region_code, on=clock.today())]
    import_sheets.write_template(sheet, nagari=place.name, jorong=names)
    return importing.sheet_answer(sheet, f"format-pekerja-{region_code}.xlsx")


@nagari.get("/impor/latihan/<name>.xlsx")
@requires("nomination.edit")
def import_practice(name: str) -> ResponseReturnValue:
    """Send a list of invented people to practise with; only where everything is practice."""
    write = _practice_sheets().get(name)
    if write is None:
        raise NotFound("Berkas latihan ini tidak ditemukan.")
    sheet = io.BytesIO()
    write(sheet)
    return importing.sheet_answer(sheet, f"{name}.xlsx")


@nagari.post("/impor/jawaban.xlsx")
@requires("nomination.edit", max_bytes=MOST_BYTES, body_types=_MULTIPART)
def import_answers() -> ResponseReturnValue:
    """Answer a list of NIK: covered or not, until when. The list itself is not kept."""
    chosen = request.files.get("file")
    sheet = io.BytesIO()
    try:
        if chosen is None or not chosen.filename:
            raise Invalid({"file": "Pilih berkas daftar NIK dulu."})
        with spool(cast(BinaryIO, chosen.stream)) as body:
            media_type = files.sheet_type(body, chosen.filename)
            cover_answers.write_answers(
                here.session(), body.rewound(), media_type, sheet, by=here.actor(), today=clock.today()
            )
    except CaseflowError as refusal:
        here.session().rollback()
        return make_response(_start([refusal.sentence]), refusal.status)
    return importing.sheet_answer(sheet, "jawaban-perlindungan.xlsx")


@nagari.get("/impor/<public_id>")
@requires("nomination.edit")
def import_page(public_id: str) -> ResponseReturnValue:
    """Show a list at the step where it is."""
    return importing.page(DOOR, public_id)


@nagari.get("/impor/<public_id>/kemajuan")
@requires("nomination.edit")
def import_progress(public_id: str) -> ResponseReturnValue:
    """Tell how far the work is."""
    return importing.progress(DOOR, public_id)


@nagari.get("/impor/<public_id>/perbaikan.xlsx")
@requires("nomination.edit")
def import_correction(public_id: str) -> ResponseReturnValue:
    """Send the faulty rows to be corrected."""
    return importing.correction(DOOR, public_id)


@nagari.get("/impor/<public_id>/berkas")
@requires("nomination.edit")
def import_original(public_id: str) -> ResponseReturnValue:
    """Send the list as it came."""
    return importing.original(DOOR, public_id)


@nagari.post("/impor/<public_id>/kolom")
@requires("nomination.edit")
def import_columns(public_id: str) -> ResponseReturnValue:
    """Say which column is which."""
    return importing.columns(DOOR, public_id)


@nagari.post("/impor/<public_id>/mulai")
@requires("nomination.edit")
def import_go(public_id: str) -> ResponseReturnValue:
    """Import the rows without errors."""
    return importing.go(DOOR, public_id)


@nagari.post("/impor/<public_id>/batal")
@requires("nomination.edit")
def import_cancel(public_id: str) -> ResponseReturnValue:
    """Drop a list."""
    return importing.cancel(DOOR, public_id)


@nagari.post("/impor/<public_id>/urungkan")
@requires("nomination.edit")
def import_undo(public_id: str) -> ResponseReturnValue:
    """Take an import back."""
    return importing.undo(DOOR, public_id)


def _target() -> Target:
    if request.form.get("kind") == "deaths":
        return _target_of_deaths(request.form.get("region", ""))
    key = request.form.get("quota", "")
    for offer in _offers():
        if offer.key == key:
            return Target("workers", offer.region_code, offer.id)
    raise Invalid({"quota": "Pilih kuota untuk daftar ini. Belum ada yang tersimpan."})


def _target_of_deaths(region_code: str) -> Target:
    reach.require(region_code, here.actor(), "worker.deceased")
    return Target("deaths", region_code)


def _offers() -> list[import_queries.Offer]:
    return import_queries.offers(here.session(), by=here.actor(), today=clock.today())


def _start(refused: Sequence[str]) -> str:
    offers = _offers()
    return render_template(
        "importing/start.html",
        door=DOOR,
        offers=offers,
        nagari={one.region_code: one.nagari for one in offers},
        chosen=request.form.get("quota", ""),
        funding=FUNDING,
        earlier=import_queries.earlier(here.session(), DOOR.kinds, by=here.actor()),
        practice=tuple(_practice_sheets()),
        refused=refused,
    )


def _practice_sheets() -> Mapping[str, Callable[[BinaryIO], None]]:
    """Return the invented lists by name; none, and nothing loaded for them, where people are real."""
    if not here.settings().training:
        return {}
    from caseflow.training.sheets import SHEETS

    return SHEETS
