"""Papers behind changes of people (KTP, Kartu Keluarga, letters): taken in with a form, looked at by who answers."""

from typing import BinaryIO, cast

from flask import Response, request
from sqlalchemy.orm import Session, sessionmaker

from caseflow.audit.operations import record
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

FORM_BYTES = MAX_FILE_BYTES + MEGABYTE  # one paper and the rest of the form


def chosen(name: str) -> bool:
    """Return whether a file was chosen in this field."""
    file = request.files.get(name)
    return file is not None and bool(file.filename)


def kept(name: str, region_code: str, *, permission: str) -> RegistryFile:
    """Store the paper of this field of the form.

    :raises Invalid: none was chosen, or it cannot be taken, at its field. :raises StoreUnavailable: no store.
    """
    file = request.files.get(name)
    if file is None or not file.filename:
        raise Invalid({name: "Pilih foto atau PDF buktinya. Belum ada yang tersimpan."})
    sent = Sent(cast(BinaryIO, file.stream), file.filename, region_code, "change_proof")
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


def shown(file_id: int) -> Response:
    """Return the answer that shows a stored paper; who looked is written down.

    :raises NotFound: it was never finished, or its bytes are gone.
    """
    row = here.session().get(RegistryFile, file_id)
    if row is None or row.stored_at is None:
        raise NotFound("Berkas ini tidak ditemukan.")
    try:
        body = here.store().open(row.object_key)
    except ObjectMissing as gone:
        raise NotFound("Berkas ini tidak ada lagi di penyimpanan. Minta bukti yang baru.") from gone
    record(here.session(), "registry.file_opened", by=here.actor(), subject=f"registry_file:{row.public_id}")
    return streamed(OpenedDocument(body, row.media_type, row.display_name, attachment=False))
