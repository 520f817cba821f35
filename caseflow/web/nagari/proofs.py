"""The way to look again at what proves a nomination: berita acara and SK."""

from flask import Response

from caseflow.errors import NotFound
from caseflow.registry import files
from caseflow.web import here, proofs
from caseflow.web.nagari import nagari
from caseflow.web.security import requires

_KINDS = ("meeting_minutes", "decree")


@nagari.get("/berkas/<public_id>")
@requires("nomination.read")
def proof(public_id: str) -> Response:
    """Show a berita acara or an SK to whoever may read the nominations of its nagari."""
    row = files.get_file(here.session(), public_id, permission="nomination.read", by=here.actor())
    if row.kind not in _KINDS:
        raise NotFound("Berkas ini tidak ditemukan.")
    return proofs.opened(row, attachment=True)
