"""A body on its way in: to a file on disk, never into memory, counted and digested as it passes."""

import hashlib
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from caseflow.documents.refusals import MAX_FILE_BYTES, refusal
from caseflow.documents.storage import CHUNK, StoreUnavailable


@dataclass(frozen=True)
class Spooled:
    """A whole body in a nameless temporary file; size in bytes, SHA-256 in hex."""

    file: BinaryIO
    size: int
    sha256: str

    def rewound(self) -> BinaryIO:
        """Return the file, at its beginning."""
        self.file.seek(0)
        return self.file


@contextmanager
def spool(stream: BinaryIO, *, announced: int | None = None) -> Iterator[Spooled]:
    """Take a body in; the file is gone when the block ends.

    ``announced`` is the length that the sender gave, in bytes, where there is one.

    :raises CaseflowError: 413 more than 20 MB (disk use stops there), 400 ended too early, 422 empty,
        503 no room on disk.
    """
    digest = hashlib.sha256()
    size = 0
    # unbuffered: the child that inspects it inherits the position of the file
    with tempfile.TemporaryFile(prefix="caseflow-", suffix=".in", buffering=0) as file:
        while chunk := _next_chunk(stream):
            size += len(chunk)
            if size > MAX_FILE_BYTES:
                raise refusal("file_too_big")
            digest.update(chunk)
            _write(file, chunk)
        if announced is not None and size != announced:
            raise refusal("file_cut")
        if size == 0:
            raise refusal("file_empty")
        yield Spooled(cast(BinaryIO, file), size, digest.hexdigest())


def _next_chunk(stream: BinaryIO) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as error:
        raise refusal("file_cut") from error


def _write(file: io.FileIO, chunk: bytes) -> None:
    try:
        if file.write(chunk) == len(chunk):
            return
    except OSError as error:
        raise StoreUnavailable from error
    raise StoreUnavailable
