"""The bank's statement: loaded whole or not at all, and what it brought."""

from collections.abc import Sequence

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import RequestEntityTooLarge
from wtforms import FileField

from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, Invalid, NotPossible, TooLarge, UnsupportedType
from caseflow.payments.statement_file import BadRow
from caseflow.payments.statements import LoadedStatement, load_statement
from caseflow.web import here
from caseflow.web.attempts import whole_number
from caseflow.web.finance import file_reads, finance
from caseflow.web.finance.overview import may
from caseflow.web.forms import BaseForm
from caseflow.web.security import requires

STATEMENT_BYTES = 2_000_000
_REST_OF_FORM = 65_536
_SHOWN_BAD_ROWS = 100
_TOO_LARGE = (
    "File lebih dari 2 MB. Tidak ada yang tersimpan. Unduh rekening koran per hari atau per minggu dari bank."
)


class StatementForm(BaseForm):
    """A statement file."""

    file = FileField("File rekening koran (CSV)")


@finance.get("/rekening-koran")
@requires("statement.load")
def statements_page() -> ResponseReturnValue:
    """Ask for a file, and show those loaded before."""
    return _page(StatementForm(formdata=None))


@finance.post("/rekening-koran")
@requires("statement.load", max_bytes=STATEMENT_BYTES + _REST_OF_FORM, body_types=("multipart/form-data",))
def load_post() -> ResponseReturnValue:
    """Load a file.

    The file itself is the key that makes this happen once: its digest is unique, and its lines are too.
    """
    form = StatementForm(formdata=None)
    try:
        loaded = _load(request.files.get("file"))
    except (Invalid, NotPossible, TooLarge, UnsupportedType) as refusal:
        return _refused(form, refusal)
    except DBAPIError as error:
        if not isinstance(refusal_of(error), NotPossible):
            raise
        return _refused(form, refusal_of(error))
    if loaded.statement_id is None:
        here.session().rollback()
        return make_response(_page(form, bad=loaded.bad), 422)
    if loaded.passed_over:
        flash(
            f"{len(loaded.passed_over)} baris dilewati karena bukan transfer rupiah bulat (saldo, bunga, pajak): "
            f"baris {_list(loaded.passed_over)}.",
            "info",
        )
    return redirect(url_for("finance.statement_result", statement_id=loaded.statement_id), 303)


@finance.get("/rekening-koran/<statement_id>")
@requires("statement.load")
def statement_result(statement_id: str) -> ResponseReturnValue:
    """Show what a file brought."""
    result = file_reads.file_result(here.session(), whole_number(statement_id, 0), here.actor().branch_code)
    return render_template("finance/statement_result.html", result=result, may=may())


@finance.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Say how large a statement may be; the general page speaks of photos."""
    here.session().rollback()
    if request.endpoint != "finance.load_post":
        return make_response(render_template("finance/too_large.html"), 413)
    return _refused(StatementForm(formdata=None), TooLarge(_TOO_LARGE))


def _load(upload: FileStorage | None) -> LoadedStatement:
    if upload is None or not upload.filename:
        raise Invalid({"file": "Pilih file rekening koran dulu. Belum ada yang tersimpan."})
    data = upload.read(STATEMENT_BYTES + 1)
    if len(data) > STATEMENT_BYTES:
        raise TooLarge(_TOO_LARGE)
    return load_statement(here.session(), upload.filename, data, by=here.actor(), now=here.now())


def _refused(form: StatementForm, refusal: CaseflowError) -> ResponseReturnValue:
    """Show the page again. A browser never keeps a file: every sentence stands at the one field."""
    here.session().rollback()
    form.file.errors = list(refusal.fields.values()) if isinstance(refusal, Invalid) else [refusal.sentence]
    return make_response(_page(form), refusal.status)


def _page(form: StatementForm, *, bad: Sequence[BadRow] = ()) -> str:
    return render_template(
        "finance/statements.html",
        form=form,
        bad=bad[:_SHOWN_BAD_ROWS],
        bad_count=len(bad),
        files=file_reads.loaded_files(here.session(), here.actor().branch_code),
        may=may(),
    )


def _list(rows: Sequence[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:10])
    return f"{shown}, …" if len(rows) > 10 else shown
