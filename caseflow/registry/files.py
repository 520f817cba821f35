"""Files that prove something in the registry, kept whole or not at all.

In the order of ``documents.intake``: body checked → pending row → object → digest read back → stored. A row that was
never finished is invisible, and its object goes to the trash with the other orphans.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import BinaryIO

from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from caseflow.audit.operations import record
from caseflow.documents.intake import transfer
from caseflow.documents.names import clean_name
from caseflow.documents.scan import Clamd, first_word
from caseflow.documents.sniff import inspect
from caseflow.documents.spool import Spooled, spool
from caseflow.documents.storage import ObjectStore, StoreUnavailable
from caseflow.errors import Invalid, NotFound, NotPermitted
from caseflow.identifiers import object_key, public_id
from caseflow.people.actor import Actor
from caseflow.registry import reach
from caseflow.registry.nomination_models import RegistryFile

Sessions = Callable[[], Session]
MAX_SHEET_BYTES = 5 * 1024 * 1024
SHEETS: Mapping[str, str] = MappingProxyType(
    {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv": "text/csv",
    }
)
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Sent:
    """A file on its way in.

    :ivar kind: see :class:`RegistryFile`; ``import`` takes sheets (xlsx, csv, at most 5 MB), all others papers
        (photo or PDF, at most 20 MB).
    """

    stream: BinaryIO
    name: str | None
    region_code: str
    kind: str
    announced: int | None = None


def keep(
    sessions: Sessions,
    store: ObjectStore,
    sent: Sent,
    *,
    permission: str,
    by: Actor,
    now: datetime,
    scanner: Clamd | None = None,
) -> RegistryFile:
    """Store one file and return its row. Commits two short transactions of its own; nothing of the caller's.

    :raises CaseflowError: 400, 413, 415, 422 or 503, with what is saved and what to do. :raises NotFound: the nagari
        is out of reach.
    """
    if by.user_id is None:
        raise NotPermitted
    reach.require(sent.region_code, by, permission)
    with spool(sent.stream, announced=sent.announced) as body:
        media_type = sheet_type(body, sent.name) if sent.kind == "import" else inspect(body).media_type
        verdict = first_word(scanner, body)
        if verdict == "waiting":
            raise StoreUnavailable(
                "Pemeriksa virus sedang tidak menjawab. Berkas BELUM tersimpan. Coba lagi beberapa menit lagi."
            )
        row = RegistryFile(
            public_id=public_id(),
            region_code=sent.region_code,
            kind=sent.kind,
            object_key=object_key(),
            display_name=clean_name(sent.name, ordinal=1),
            media_type=media_type,
            size_bytes=body.size,
            sha256=body.sha256,
            created_at=now,
            created_by_user_id=by.user_id,
            scan=verdict,
        )
        try:
            with sessions() as session, session.begin():
                session.add(row)
                session.flush()
                session.expunge(row)
            transfer(store, row.object_key, body)
            with sessions() as session, session.begin():
                session.execute(update(RegistryFile).where(RegistryFile.id == row.id).values(stored_at=now))
                record(
                    session,
                    "registry.file_stored",
                    by=by,
                    subject=f"registry_file:{row.public_id}",
                    details={"kind": row.kind, "sha256": row.sha256, "size": row.size_bytes},
                )
        except (OperationalError, InterfaceError, NoConnection) as error:
            raise StoreUnavailable from error
    row.stored_at = now
    return row


def get_file(session: Session, public_id: str, *, permission: str, by: Actor) -> RegistryFile:
    """Return a stored file within somebody's reach.

    :raises NotFound: not there, not finished, or not theirs.
    """
    row = session.scalar(
        select(RegistryFile).where(RegistryFile.public_id == public_id, RegistryFile.stored_at.is_not(None))
    )
    if row is None:
        raise NotFound("Berkas ini tidak ditemukan.")
    reach.require(row.region_code, by, permission)
    return row


def sheet_type(body: Spooled, name: str | None) -> str:
    """Say what a list is, by its bytes; a picture of a list is refused with the way out."""
    if body.size > MAX_SHEET_BYTES:
        raise Invalid(
            {
                "file": "Berkas lebih dari 5 MB. Belum ada yang tersimpan. Bagi daftarnya, lalu kirim satu per satu."
            }
        )
    head = body.rewound().read(4096)
    if head.startswith(_ZIP):
        return SHEETS["xlsx"]
    if head.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xd8\xff", b"\x89PNG", b"MZ")):
        raise Invalid(
            {
                "file": "Berkas ini bukan Excel (.xlsx) atau CSV. Belum ada yang tersimpan. Buka daftarnya di Excel, pilih Simpan Sebagai .xlsx, lalu kirim lagi."
            }
        )
    if (name or "").lower().endswith(".xlsx"):
        raise Invalid(
            {
                "file": "Berkas Excel ini rusak dan tidak bisa dibuka. Belum ada yang tersimpan. Simpan ulang di Excel, lalu kirim lagi."
            }
        )
    return SHEETS["csv"]
