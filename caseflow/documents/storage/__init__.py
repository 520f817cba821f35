"""Where bytes lie: one small interface, a folder and S3 behind it. Nothing here knows cases or people.

Address of a store (``CASEFLOW_STORAGE_URL``):

``folder:///var/lib/caseflow/objects``
    Files in a folder of this machine.
``s3://ACCESS_KEY@host:port/bucket/prefix?secret_file=/run/secrets/s3&secure=1&region=us-east-1``
    A bucket; the secret key is the first line of a file, never part of the address. ``prefix`` and
    ``region`` may be left out; ``secure=0`` speaks plain http and is for tests.

Keys are small letters, digits, ``.``, ``_``, ``-`` and ``/``; they carry no name and no number of a person.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import parse_qsl, unquote, urlsplit

from caseflow.errors import Unavailable

CHUNK = 64 * 1024
NOT_STORED = (
    "Penyimpanan sedang tidak bisa dihubungi. Dokumen BELUM tersimpan."
    " Jangan buang fotonya, coba lagi sebentar lagi."
)
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")


class StoreUnavailable(Unavailable):
    """The store does not answer, refuses us, or gave back something else than it was given."""

    def __init__(self, sentence: str = NOT_STORED) -> None:
        super().__init__(sentence)


class ObjectMissing(Exception):
    """The store answers, and has no such object."""


@dataclass(frozen=True)
class PutResult:
    """What was sent: bytes and their SHA-256 (hex), counted on the way out."""

    size: int
    sha256: str


@dataclass(frozen=True)
class ObjectInfo:
    """What the store says of an object; ``modified_at`` is by the clock of the store."""

    key: str
    size: int
    modified_at: datetime


class ObjectStore(Protocol):
    """A place for objects. Every method raises ``StoreUnavailable`` when the place does not answer."""

    def prepare(self) -> None:
        """Make the folder or bucket if it is not there; harmless to repeat."""

    def ready(self) -> None:
        """Return when the store can be reached, within seconds."""

    def put(self, key: str, stream: BinaryIO, size_hint: int | None = None) -> PutResult:
        """Store the stream whole or not at all, replacing what the key held; memory stays bounded.

        ``size_hint`` in bytes spares an S3 store the parts of an upload of unknown length; a stream that
        ends elsewhere is a failure.
        """

    def open(self, key: str) -> BinaryIO:
        """Return the bytes as a stream that the caller closes; ``ObjectMissing`` when there are none."""

    def stat(self, key: str) -> ObjectInfo | None:
        """Return size and age, or ``None`` when there is no such object."""

    def delete(self, key: str) -> None:
        """Remove the object; removing what is not there is no failure."""

    def move(self, key: str, new_key: str) -> None:
        """Give the object another key; ``ObjectMissing`` when there is none."""

    def keys(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Walk over the objects whose key starts with ``prefix``, in no order."""


def checked_key(key: str) -> str:
    """Return the key, or raise ``ValueError`` when it could leave its place."""
    if len(key) > 200 or not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def open_store(url: str) -> ObjectStore:
    """Return the store at an address; ``ValueError`` names what is wrong with the address."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.scheme == "folder":
        from caseflow.documents.storage.folder import FolderStore

        path = unquote(parts.path)
        if parts.netloc or not path.startswith("/") or options:
            raise ValueError("folder store: write folder:///absolute/path")
        return FolderStore(Path(path))
    if parts.scheme == "s3":
        from caseflow.documents.storage.s3 import open_s3

        return open_s3(parts, options)
    raise ValueError("storage address: begin with folder:// or s3://")
