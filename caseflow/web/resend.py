"""Keeps what was typed when a form comes too late: the same form again, with one button."""

import json

from flask import request

_SECRET = frozenset({"csrf_token", "passphrase", "new_passphrase", "code", "second_factor", "pin", "again"})
_MOST_FIELDS = 100
_MOST_LETTERS = 50_000


def fields() -> list[tuple[str, str]] | None:
    """Return the fields of the request's form, to be sent again by the person; ``None`` when that cannot be.

    Only for a form that came from a page of ours (the browser says so; a foreign site cannot), and never
    with secrets or files.
    """
    if request.headers.get("Sec-Fetch-Site") != "same-origin" or request.method != "POST":
        return None
    if request.mimetype != "application/x-www-form-urlencoded":
        return None
    found = [(name, value) for name, value in request.form.items(multi=True) if name not in _SECRET]
    if not found or len(found) > _MOST_FIELDS or sum(len(value) for _, value in found) > _MOST_LETTERS:
        return None
    if any(name in _SECRET - {"csrf_token", "second_factor"} for name in request.form):
        return None
    return found


def folded(kept: list[tuple[str, str]]) -> str:
    """Return kept fields as one, to travel through another form."""
    return json.dumps(kept, ensure_ascii=False)


def unfolded(text: str) -> list[tuple[str, str]] | None:
    """Return fields that were folded; ``None`` for anything else."""
    if not 0 < len(text) <= 2 * _MOST_LETTERS:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, list) or len(found) > _MOST_FIELDS:
        return None
    pairs = [tuple(one) for one in found if isinstance(one, list) and len(one) == 2]
    whole = len(pairs) == len(found) and all(isinstance(part, str) for pair in pairs for part in pair)
    return [(name, value) for name, value in pairs if name not in _SECRET] if whole and pairs else None
