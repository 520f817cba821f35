"""Every refusal as a page: what happened, whether anything was saved, what to do next. Never a stack of code."""

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask.globals import request_ctx
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import NoMoreData, ParseException
from markupsafe import escape
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, Invalid, NotPossible, TooMany
from caseflow.extensions import db
from caseflow.web import here, resend
from caseflow.web.identity import NotSignedIn

_log = structlog.get_logger("caseflow.web")
_NOT_SAVED = "Yang baru dikirim belum tersimpan."
# a sentence of a verb that already tells what became of what was sent
_SAYS_WHAT_BECAME_OF_IT = ("simpan", "berubah", "belum ada", "dibuat", "dikirim")
_SENTENCES = {
    401: "Perlu masuk dulu.",
    408: "Kiriman terputus di jalan. Coba lagi saat sinyal lebih baik.",
    414: "Alamat halaman terlalu panjang.",
    431: "Permintaan terlalu panjang. Hapus kuki situs ini, lalu coba lagi.",
}
_SERVER_ERROR = 500
# reports are written page by page into a draft
_KEEPS_DRAFTS = "/lapor/"


def init_refusals(app: Flask) -> None:
    """Answer every kind of error with a page of ours."""
    app.register_error_handler(CaseflowError, _refused)
    app.register_error_handler(NotSignedIn, _signed_out)
    app.register_error_handler(CSRFError, _page_expired)
    app.register_error_handler(DBAPIError, _database_refused)
    app.register_error_handler(PoolTimeoutError, _database_busy)
    app.register_error_handler(HTTPException, _http_error)
    # the web server reads the body while the form is asked for; what it cannot read is the sender's to repeat
    app.register_error_handler(ParseException, _broken_body)
    app.register_error_handler(NoMoreData, _broken_body)


def _refused(error: CaseflowError) -> ResponseReturnValue:
    sentences = error.sentences if isinstance(error, NotPossible) else None
    if isinstance(error, Invalid):
        sentences = list(error.fields.values())
    return with_wait(
        page(error.status, error.sentence, sentences if sentences and len(sentences) > 1 else None), error
    )


def with_wait(body: Response | str, error: CaseflowError) -> Response:
    """Answer with the status of a refusal, and with when the next try is allowed."""
    response = make_response(body, error.status)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _signed_out(error: NotSignedIn) -> ResponseReturnValue:
    return _render(
        "account/ended.html",
        error.status,
        error.sentence,
        door=error.door,
        fields=resend.fields(),
        action=request.path,
    )


def _page_expired(_error: CSRFError) -> ResponseReturnValue:
    kept = resend.fields()
    if kept is None:
        sentence = f"Halaman kedaluwarsa. {_NOT_SAVED} Kembali, muat ulang, lalu kirim lagi."
    else:
        sentence = "Halaman kedaluwarsa. Isiannya masih ada, kirim lagi."
    if request.path.startswith(_KEEPS_DRAFTS):
        sentence += " Jawaban pada halaman sebelumnya masih tersimpan di HP ini."
    return _render("account/expired.html", 403, sentence, fields=kept, action=request.path)


def _database_refused(error: DBAPIError) -> ResponseReturnValue:
    if isinstance(error, DataError):
        return page(400, f"Ada huruf atau angka yang tidak bisa disimpan. {_NOT_SAVED}")
    refusal = refusal_of(error)
    _log.error(
        "database_refused", endpoint=request.endpoint, kind=type(error).__name__, status=refusal.status
    )
    return _refused(refusal)


def _database_busy(_error: PoolTimeoutError) -> ResponseReturnValue:
    _log.error("database_busy", endpoint=request.endpoint)
    return page(503, "Layanan sedang sangat ramai. Tidak ada yang tersimpan; coba lagi sebentar lagi.")


def _broken_body(_error: Exception) -> ResponseReturnValue:
    return page(400, "Kiriman terputus atau rusak di jalan. Belum ada yang tersimpan; coba kirim lagi.")


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or _SERVER_ERROR
    if status < 400:  # a redirect that werkzeug raises
        return error
    if status >= _SERVER_ERROR:
        _log.error(
            "request_failed", endpoint=request.endpoint, exc_info=getattr(error, "original_exception", None)
        )
    response = page(status, _SENTENCES.get(status))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def page(status: int, sentence: str | None, sentences: list[str] | None = None) -> Response:
    """Return the page of a refusal; ``None`` lets the page use its own words for the status."""
    said = " ".join(sentences or [sentence or ""]).lower()
    silent = not any(word in said for word in _SAYS_WHAT_BECAME_OF_IT)
    saved = _NOT_SAVED if silent and request.method == "POST" else None
    return _render("errors/error.html", status, sentence, sentences=sentences, saved=saved)


def _render(template: str, status: int, sentence: str | None, **context: object) -> Response:
    """Render a page in the shell of whoever asked; when even that fails, plain words."""
    if request_ctx.url_adapter is None:  # a host that is not ours: no address can be built
        return make_response(_plain(sentence), status)
    try:
        db.session.rollback()
        by = here.find_actor()
        layout = "base_staff.html" if by is not None and by.kind == "staff" else "base_public.html"
        body = render_template(
            template,
            status=status,
            sentence=sentence,
            reference=g.get("reference"),
            layout=layout,
            back_href="/",
            back_label="Ke halaman depan",
            **context,
        )
    except Exception:
        _log.exception("refusal_page_failed", endpoint=request.endpoint, status=status)
        body = _plain(sentence)
    return make_response(body, status)


def _plain(sentence: str | None) -> str:
    said = escape(sentence or "Maaf, ada gangguan di sistem kami. Coba lagi beberapa menit lagi.")
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Maaf, ada gangguan</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>'
        f'<h1>Maaf, ada gangguan</h1><p>{said}</p><p>Bila masih sama, telepon <a href="tel:175">175</a> atau datang '
        'ke kantor nagari.</p><p><a href="/">Ke halaman depan</a></p></main></body></html>'
    )
