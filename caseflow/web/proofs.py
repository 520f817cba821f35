"""Files that prove something in the registry: taken in with a form, opened again by whoever may.

Not here: papers of claims (``family``, ``casework``), and who may see which file.
"""

from typing import BinaryIO, cast

from flask import Response, request
from sqlalchemy.orm import Session, sessionmaker

from caseflow.audit.operations import record
from caseflow.documents.intake import digest_of
from caseflow.documents.queries import OpenedDocument
from caseflow.documents.refusals import MAX_FILE_BYTES, MEGABYTE
from caseflow.documents.scan import open_scanner
from caseflow.documents.storage import ObjectMissing
from caseflow.errors import Invalid, NotFound, TooLarge, UnsupportedType
from caseflow.extensions import db
from caseflow.registry import files
from caseflow.registry.files import Sent
from caseflow.registry.nomination_models import RegistryFile
from caseflow.web import here
from caseflow.web.streaming import streamed

WITH_PAPER = ("multipart/form-data", "application/x-www-form-urlencoded")
FORM_BYTES = MAX_FILE_BYTES + MEGABYTE  # one paper and the rest of the form
_GONE = "Berkas ini tidak dapat dibuka lagi. Tambahkan sekali lagi, dan beri tahu pengelola sistem."


def kept(name: str, kind: str, region_code: str, *, permission: str) -> RegistryFile | None:
    """Store the file that was chosen in a field of this form; ``None``: none was chosen.

    :raises Invalid: it cannot be taken, at its field. :raises StoreUnavailable: the store is silent.
    """
    file = request.files.get(name)
    if file is None or not file.filename:
        return None
    try:
        return files.keep(
            sessionmaker(db.engine, class_=Session),
            here.store(),
            Sent(cast(BinaryIO, file.stream), file.filename, region_code, kind),
            permission=permission,
            by=here.actor(),
            now=here.now(),
            scanner=open_scanner(here.settings().clamd_address),
        )
    except (TooLarge, UnsupportedType) as refused:
        raise Invalid({name: refused.sentence}) from refused


def opened(row: RegistryFile, *, attachment: bool = False) -> Response:
    """Return the answer that opens a stored file; who looked is written down.

    :raises NotFound: it was never finished, or its bytes are gone or changed.
    """
    if row.stored_at is None:
        raise NotFound("Berkas ini tidak ditemukan.")
    try:
        if digest_of(here.store(), row.object_key) != row.sha256:
            raise NotFound(_GONE)
        body = here.store().open(row.object_key)
    except ObjectMissing as gone:
        raise NotFound(_GONE) from gone
    record(here.session(), "registry.file_opened", by=here.actor(), subject=f"registry_file:{row.public_id}")
    return streamed(OpenedDocument(body, row.media_type, row.display_name, attachment=attachment))
