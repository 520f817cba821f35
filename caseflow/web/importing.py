"""What the doors for lists share: upload, progress, what was found, import, cancel, undo.

The nagari sends lists of workers, the branch lists of participant numbers; each door names its pages in :class:`Lists`.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from caseflow.errors import Invalid, NotFound, NotPossible, TooLarge, UnsupportedType
from caseflow.registry import import_columns, import_queries, import_sheets, imports
from caseflow.registry.import_models import ImportFile
from caseflow.registry.nomination_models import RegistryFile
from caseflow.sheets import XLSX
from caseflow.web import here, proofs
from caseflow.web.attempts import attempt, whole_number

# more than a list may have, so that who sends too much reads a sentence about lists
MOST_BYTES = 20 * 1024 * 1024
_NO_FILE = "Pilih berkas Excel atau CSV dulu. Belum ada yang tersimpan."
_WORKING = ("checking", "importing")


@dataclass(frozen=True)
class Lists:
    """A door for lists.

    :ivar pages: beginning of the names of its pages; ``<pages>_start``, ``<pages>_page``, ``<pages>_go``, …
    :ivar kinds: of lists that it takes.
    """

    pages: str
    kinds: Sequence[str]
    title: str
    again: str  # the way back, in words

    def href(self, page: str, **values: Any) -> str:
        """Return the address of one of its pages."""
        return url_for(f"{self.pages}_{page}", _external=False, **values)


@dataclass(frozen=True)
class Target:
    """Where a list goes: which nagari or regency, which kind, which quota."""

    kind: str
    region_code: str
    quota_id: int | None = None


def upload(
    door: Lists, target: Callable[[], Target], again: Callable[[Sequence[str]], str]
) -> ResponseReturnValue:
    """Keep a list and put it in line to be checked.

    The list itself is the key that makes this happen once: the same one that is still open is taken up again.
    """
    try:
        place = target()
        stored = _keep(place)
        file = imports.begin(
            here.session(), stored, kind=place.kind, quota_id=place.quota_id, by=here.actor(), now=here.now()
        )
        return redirect(door.href("page", public_id=file.public_id), 303)
    except (Invalid, NotPossible, TooLarge, UnsupportedType) as refusal:
        here.session().rollback()
        sentences = list(refusal.fields.values()) if isinstance(refusal, Invalid) else [refusal.sentence]
        return make_response(again(sentences), refusal.status)


def _keep(place: Target) -> RegistryFile:
    here.session().rollback()  # no connection is held while bytes travel
    stored = proofs.kept("file", "import", place.region_code, permission=imports.PERMISSIONS[place.kind])
    if stored is None:
        raise Invalid({"file": _NO_FILE})
    return stored


def page(door: Lists, public_id: str, refused: Sequence[str] = ()) -> str:
    """Show a list at the step where it is."""
    file = get(door, public_id)
    after = whole_number(request.args.get("sesudah"), 0)
    rows = import_queries.faulty_rows(here.session(), file, after=after)
    shown = rows[: import_queries.SHOWN_ROWS]
    return render_template(
        "importing/file.html",
        door=door,
        file=file,
        facts=import_queries.facts(here.session(), file),
        rows=shown,
        after=after,
        more_after=shown[-1].line if len(rows) > len(shown) else None,
        columns=import_columns.KINDS[file.kind],
        labels={one.name: one.label for one in import_columns.KINDS[file.kind]},
        lacking=import_columns.missing(file.mapped, file.kind),
        undo_until=file.imported_at + imports.UNDO_WITHIN if file.imported_at else None,
        no_undo=imports.undo_refused(here.session(), file, now=here.now()),
        working=file.state in _WORKING,
        refused=refused,
    )


def get(door: Lists, public_id: str, *, lock: bool = False) -> ImportFile:
    """Return a list of this door."""
    file = imports.get_import(here.session(), public_id[:40], by=here.actor(), lock=lock)
    if file.kind not in door.kinds:
        raise NotFound("Daftar ini tidak ditemukan.")
    return file


def progress(door: Lists, public_id: str) -> ResponseReturnValue:
    """Tell a waiting page how far the work is."""
    file = get(door, public_id)
    facts = import_queries.facts(here.session(), file)
    return {"state": file.state, "done": facts.done, "total": facts.total}


def correction(door: Lists, public_id: str) -> ResponseReturnValue:
    """Send the rows with errors, each with what is wrong and how it is cured."""
    file = get(door, public_id)
    sheet = io.BytesIO()
    import_sheets.write_correction(sheet, file.kind, import_queries.rows_to_correct(here.session(), file))
    return sheet_answer(sheet, f"perbaiki-{file.public_id}.xlsx")


def original(door: Lists, public_id: str) -> ResponseReturnValue:
    """Send the file as it came, to be saved and never opened here."""
    file = get(door, public_id)
    return proofs.opened(here.session().get_one(RegistryFile, file.file_id), attachment=True)


def columns(door: Lists, public_id: str) -> ResponseReturnValue:
    """Read the columns as somebody says, and check again."""
    chosen = {
        name.removeprefix("kolom-"): whole_number(value, -1)
        for name, value in request.form.items()
        if name.startswith("kolom-") and value
    }

    def work() -> str:
        file = get(door, public_id, lock=True)
        imports.rename_columns(here.session(), file, chosen, by=here.actor(), seen=_seen())
        return door.href("page", public_id=public_id)

    return attempt(work, lambda refused: page(door, public_id, refused))


def go(door: Lists, public_id: str) -> ResponseReturnValue:
    """Import the rows without errors."""

    def work() -> str:
        file = get(door, public_id, lock=True)
        imports.start(here.session(), file, by=here.actor(), now=here.now(), seen=_seen())
        return door.href("page", public_id=public_id)

    return attempt(work, lambda refused: page(door, public_id, refused))


def cancel(door: Lists, public_id: str) -> ResponseReturnValue:
    """Drop a list of which nothing was imported."""

    def work() -> str:
        imports.cancel(here.session(), get(door, public_id, lock=True), by=here.actor(), seen=_seen())
        flash("Daftar dibatalkan. Tidak ada yang diimpor.")
        return door.href("start")

    return attempt(work, lambda refused: page(door, public_id, refused))


def undo(door: Lists, public_id: str) -> ResponseReturnValue:
    """Take an import back."""

    def work() -> str:
        file = get(door, public_id, lock=True)
        count = imports.undo(here.session(), file, by=here.actor(), now=here.now(), seen=_seen())
        flash(f"Impor diurungkan: {count} orang dikeluarkan dari draf usulan.")
        return door.href("page", public_id=public_id)

    return attempt(work, lambda refused: page(door, public_id, refused))


def sheet_answer(sheet: io.BytesIO, name: str) -> Response:
    """Return a sheet to be saved."""
    sheet.seek(0)
    answer = send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _seen() -> int:
    return whole_number(request.form.get("version"))
