"""Papers that a nagari adds to prove something (berita acara, SK), and the way to look at them again."""

from typing import BinaryIO, cast

from flask import Response, request
from sqlalchemy.orm import Session, sessionmaker

from caseflow.audit.operations import record
from caseflow.documents.intake import digest_of
from caseflow.documents.queries import OpenedDocument
from caseflow.documents.scan import open_scanner
from caseflow.documents.storage import ObjectMissing
from caseflow.errors import Invalid, NotFound, TooLarge, UnsupportedType
from caseflow.extensions import db
from caseflow.registry import files
from caseflow.registry.files import Sent
from caseflow.registry.nomination_models import RegistryFile
from caseflow.web import here
from caseflow.web.nagari import nagari
from caseflow.web.security import requires
from caseflow.web.streaming import streamed

PAPER_BYTES = 21 * 1024 * 1024  # a paper of 20 MB and the rest of the form
WITH_PAPER = ("multipart/form-data", "application/x-www-form-urlencoded")
_GONE = "Berkas ini tidak dapat dibuka lagi. Tambahkan sekali lagi, dan beri tahu pengelola sistem."
_KINDS = ("meeting_minutes", "decree")


def kept(name: str, kind: str, region_code: str, *, permission: str) -> RegistryFile | None:
    """Store the file that was chosen in a field of this form; ``None``: none was chosen.

    :raises Invalid: it cannot be taken, at its field. :raises StoreUnavailable: the store is silent.
    """
    chosen = request.files.get(name)
    if chosen is None or not chosen.filename:
        return None
    sent = Sent(cast(BinaryIO, chosen.stream), chosen.filename, region_code, kind)
    try:
        return files.keep(
            sessionmaker(db.engine, class_=Session),
            here.store(),
            sent,
            permission=permission,
            by=here.actor(),
            now=here.now(),
            scanner=open_scanner(here.settings().clamd_address),
        )
    except (TooLarge, UnsupportedType) as refused:
        raise Invalid({name: refused.sentence}) from refused


@nagari.get("/berkas/<public_id>")
@requires("nomination.read")
def proof(public_id: str) -> Response:
    """Show a berita acara or an SK to whoever may read the nominations of its nagari."""
    session, by = here.session(), here.actor()
    row = files.get_file(session, public_id, permission="nomination.read", by=by)
    if row.kind not in _KINDS:
        raise NotFound("Berkas ini tidak ditemukan.")
    try:
        if digest_of(here.store(), row.object_key) != row.sha256:
            raise NotFound(_GONE)
        body = here.store().open(row.object_key)
    except ObjectMissing as gone:
        raise NotFound(_GONE) from gone
    record(session, "registry.file_opened", by=by, subject=f"registry_file:{row.public_id}")
    return streamed(OpenedDocument(body, row.media_type, row.display_name, attachment=True))
