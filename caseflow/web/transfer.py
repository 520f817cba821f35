"""How answers travel to a phone on a slow line: packed, and static files only once.

A proxy in front packs better and spares our processors; only without one do we pack ourselves.
"""

import gzip
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, request

from caseflow.config import Settings

_PACKED = frozenset(
    {"text/html", "text/css", "text/javascript", "text/plain", "application/json", "image/svg+xml"}
)
_WORTH_IT = 500  # bytes; less fits into the same packet as the headers
_LEVEL = 6
_FOR_EVER = "public, max-age=31536000, immutable"
_STAMP = "v"


def init_transfer(app: Flask, settings: Settings) -> None:
    """Stamp the addresses of static files with their content, and pack where no proxy does."""
    app.url_defaults(_stamp)
    app.after_request(_keep_static)
    if not settings.proxy_hops:
        app.after_request(_pack)


def _stamp(endpoint: str, values: dict[str, Any]) -> None:
    """A changed file gets another address, so a browser may keep each for ever."""
    if endpoint == "static" and (stamp := _stamp_of(values.get("filename", ""))):
        values[_STAMP] = stamp


def _stamp_of(filename: str) -> str | None:
    path = Path(current_app.static_folder or "", filename)
    try:
        return _digest(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=200)
def _digest(path: Path, _changed_at_ns: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8]


def _keep_static(response: Response) -> Response:
    """Let a browser keep a static file that was asked for by the stamp of its present content."""
    if request.endpoint == "static" and response.status_code in {200, 304}:
        stamp = request.args.get(_STAMP)
        if stamp and stamp == _stamp_of((request.view_args or {}).get("filename", "")):
            response.headers["Cache-Control"] = _FOR_EVER
    return response


def _pack(response: Response) -> Response:
    if response.mimetype not in _PACKED or response.status_code in {204, 206, 304}:
        return response
    response.vary.add("Accept-Encoding")
    own_static = request.endpoint == "static"
    if (
        not request.accept_encodings.quality("gzip")
        or response.headers.get("Content-Encoding")
        or response.headers.get("Content-Range")
        or request.method == "HEAD"
        or (response.is_streamed and not own_static)
    ):
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < _WORTH_IT:
        return response
    response.set_data(gzip.compress(body, _LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same content, other bytes
    return response
