"""Out to BPJS Ketenagakerjaan and back: the accepted as a registration list, their participant numbers as a list again."""

import io
from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow.registry import import_queries, import_sheets, registration_sheet
from caseflow.web import here, importing
from caseflow.web.importing import MOST_BYTES, Lists, Target
from caseflow.web.programme import programme
from caseflow.web.security import requires

DOOR = Lists("programme.numbers", ("numbers",), "Nomor peserta", "Semua daftar nomor")


@programme.get("/nomor-peserta")
@requires("worker.enrol")
def numbers_start() -> ResponseReturnValue:
    """Offer the registration list, take the numbers, show the lists sent before."""
    return _start([])


@programme.post("/nomor-peserta")
@requires("worker.enrol", max_bytes=MOST_BYTES, body_types=("multipart/form-data",))
def numbers_upload() -> ResponseReturnValue:
    """Take a list of numbers in."""
    return importing.upload(DOOR, _target, _start)


@programme.get("/nomor-peserta/pendaftaran.xlsx")
@requires("worker.enrol")
def numbers_registration() -> ResponseReturnValue:
    """Send everybody who waits for a number, in the columns of the registration."""
    sheet = io.BytesIO()
    registration_sheet.write_registration(here.session(), sheet, by=here.actor())
    return importing.sheet_answer(sheet, "pendaftaran-bpjs.xlsx")


@programme.get("/nomor-peserta/format.xlsx")
@requires("worker.enrol")
def numbers_format() -> ResponseReturnValue:
    """Send the empty format for the numbers."""
    sheet = io.BytesIO()
    import_sheets.write_numbers_template(sheet)
    return importing.sheet_answer(sheet, "format-nomor-peserta.xlsx")


@programme.get("/nomor-peserta/<public_id>")
@requires("worker.enrol")
def numbers_page(public_id: str) -> ResponseReturnValue:
    """Show a list at the step where it is."""
    return importing.page(DOOR, public_id)


@programme.get("/nomor-peserta/<public_id>/kemajuan")
@requires("worker.enrol")
def numbers_progress(public_id: str) -> ResponseReturnValue:
    """Tell how far the work is."""
    return importing.progress(DOOR, public_id)


@programme.get("/nomor-peserta/<public_id>/perbaikan.xlsx")
@requires("worker.enrol")
def numbers_correction(public_id: str) -> ResponseReturnValue:
    """Send the faulty rows to be corrected."""
    return importing.correction(DOOR, public_id)


@programme.get("/nomor-peserta/<public_id>/berkas")
@requires("worker.enrol")
def numbers_original(public_id: str) -> ResponseReturnValue:
    """Send the list as it came."""
    return importing.original(DOOR, public_id)


@programme.post("/nomor-peserta/<public_id>/kolom")
@requires("worker.enrol")
def numbers_columns(public_id: str) -> ResponseReturnValue:
    """Say which column is which."""
    return importing.columns(DOOR, public_id)


@programme.post("/nomor-peserta/<public_id>/mulai")
@requires("worker.enrol")
def numbers_go(public_id: str) -> ResponseReturnValue:
    """Enrol the people of the rows without errors."""
    return importing.go(DOOR, public_id)


@programme.post("/nomor-peserta/<public_id>/batal")
@requires("worker.enrol")
def numbers_cancel(public_id: str) -> ResponseReturnValue:
    """Drop a list."""
    return importing.cancel(DOOR, public_id)


def _target() -> Target:
    return Target("numbers", import_queries.province(here.session()))


def _start(refused: Sequence[str]) -> str:
    return render_template(
        "importing/numbers.html",
        door=DOOR,
        waiting=registration_sheet.waiting_for_number(here.session(), by=here.actor()),
        unverified=registration_sheet.UNVERIFIED,
        earlier=import_queries.earlier(here.session(), DOOR.kinds, by=here.actor()),
        refused=refused,
    )
