"""The virus scanner: clamd over TCP, asked with its INSTREAM command.

Not configured: files are marked ``no_scanner`` and every page says so. Configured but silent: files are kept
``waiting`` and nobody can open them until it has spoken (fails closed).
"""

import io
import socket
from dataclasses import dataclass
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.documents.admission import lock_case, locked_requirement
from caseflow.documents.models import Document
from caseflow.documents.preview import PREVIEW_TASK
from caseflow.documents.refusals import refusal
from caseflow.documents.sniff import SIGNATURE_BYTES, kind_of, run_child
from caseflow.documents.spool import Spooled, spool
from caseflow.documents.storage import CHUNK, ObjectStore
from caseflow.people.actor import SYSTEM
from caseflow.queue import enqueue

SCAN_TASK = "documents.scan"
UNSAFE = "unsafe"  # reason of a return that no officer gave
_TIMEOUT_S = 10.0


class ScannerDown(Exception):
    """The scanner does not answer, or not with a verdict."""


@dataclass(frozen=True)
class Clamd:
    """A clamd that listens on TCP."""

    host: str
    port: int

    def finds_nothing_in(self, stream: BinaryIO) -> bool:
        """Send the stream and return the verdict.

        :raises ScannerDown: no verdict within ten seconds of silence.
        """
        try:
            with socket.create_connection((self.host, self.port), timeout=_TIMEOUT_S) as connection:
                connection.sendall(b"zINSTREAM\0")
                while chunk := stream.read(CHUNK):
                    connection.sendall(len(chunk).to_bytes(4, "big") + chunk)
                connection.sendall((0).to_bytes(4, "big"))
                reply = connection.makefile("rb").read(4096).rstrip(b"\0\n")
        except OSError as error:
            raise ScannerDown(str(error)) from error
        if reply == b"stream: OK":
            return True
        if reply.endswith(b" FOUND"):
            return False
        raise ScannerDown(reply.decode("ascii", "replace"))


def open_scanner(address: str | None) -> Clamd | None:
    """Return the scanner at ``host:port``, or ``None`` where none is configured."""
    if not address:
        return None
    host, colon, port = address.rpartition(":")
    if not colon or not host or not port.isdigit():
        raise ValueError("scanner address: write host:port")
    return Clamd(host, int(port))


def first_word(scanner: Clamd | None, body: Spooled) -> str:
    """Return ``clean``, ``no_scanner`` or ``waiting`` for a body that just arrived.

    :raises Invalid: the scanner found something.
    """
    if scanner is None:
        return "no_scanner"
    try:
        clean = _is_clean(scanner, body)
    except ScannerDown:
        return "waiting"
    if not clean:
        raise refusal("file_unsafe")
    return "clean"


def run_scan(session: Session, store: ObjectStore, scanner: Clamd, document_id: int) -> None:
    """Scan a kept document that waits; harmless to repeat.

    What is found puts the document in quarantine for good and asks the family for another one.

    :raises ScannerDown: still silent; the job tries again later.
    """
    waiting = select(Document).where(
        Document.id == document_id, Document.status == "stored", Document.scan == "waiting"
    )
    document = session.scalar(waiting)
    if document is None:
        return
    with store.open(document.object_key) as original, spool(original) as body:
        clean = _is_clean(scanner, body)
    lock_case(session, document.casefile_id)
    requirement = locked_requirement(session, document.requirement_id)
    if clean:
        document.scan = "clean"
        enqueue(session, PREVIEW_TASK, document_id=document.id)
        return
    document.scan = "quarantined"
    document.withdrawn_at = clock.now()
    if requirement.status == "submitted":
        requirement.status = "returned"
        requirement.status_at = clock.now()
        requirement.return_reason = UNSAFE
        requirement.return_sentence = "Berkas ini tidak aman dibuka. Kirim foto dokumennya."
    record(
        session,
        "document.quarantined",
        by=SYSTEM,
        casefile_id=document.casefile_id,
        subject=f"document:{document.public_id}",
        details={"sha256": document.sha256},
    )


def _is_clean(scanner: Clamd, body: Spooled) -> bool:
    """Ask about the file, and about what a PDF carries; attachments that cannot be unpacked are not clean.

    :raises ScannerDown: no verdict.
    """
    if not scanner.finds_nothing_in(body.rewound()):
        return False
    if kind_of(body.rewound().read(SIGNATURE_BYTES)) != "pdf":
        return True
    carried = run_child(body, "carried", "pdf")
    return carried is not None and scanner.finds_nothing_in(io.BytesIO(carried))
