"""Bodies cut into pieces as they arrive, and pieces put together again; one piece in memory, never a file."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

import structlog

from caseflow.documents.storage import CHUNK, ObjectMissing, ObjectStore

PIECE = 512 * 1024  # bytes in memory per upload
_PATIENCE_S = 5.0  # what came over a slow line is made durable after this long
_log = structlog.get_logger("caseflow.documents")


@dataclass(frozen=True)
class Piece:
    """Where the bytes from ``from_byte`` on lie, and their SHA-256 (hex)."""

    from_byte: int
    object_key: str
    sha256: str


class PieceDamaged(Exception):
    """The store has lost or changed a piece; everything from ``from_byte`` on is needed again."""

    def __init__(self, from_byte: int) -> None:
        super().__init__(f"piece from byte {from_byte}")
        self.from_byte = from_byte


def pieces_of(body: BinaryIO, room: int) -> Iterator[bytes]:
    """Cut at most ``room`` bytes of a body into pieces; a line that breaks ends the last one early."""
    held = bytearray()
    began = time.monotonic()
    while room:
        chunk = read_some(body, min(CHUNK, room))
        held += chunk
        room -= len(chunk)
        late = time.monotonic() - began > _PATIENCE_S
        if held and (late or not chunk or not room or len(held) >= PIECE):
            yield bytes(held)
            held.clear()
            began = time.monotonic()
        if not chunk:
            return


@contextmanager
def assembled(store: ObjectStore, pieces: Sequence[Piece]) -> Iterator[BinaryIO]:
    """Give the pieces as one stream.

    :raises PieceDamaged: from the stream, when a piece is not what was put.
    """
    whole = _Assembled(store, pieces)
    try:
        yield cast(BinaryIO, whole)
    finally:
        whole.close()


def read_some(body: BinaryIO, most: int) -> bytes:
    """Return at most ``most`` bytes; a line that breaks reads as the end."""
    try:
        return body.read(most)
    except OSError:
        return b""


class _Assembled:
    """Reads one object after the other and compares each with its digest before it goes on to the next."""

    def __init__(self, store: ObjectStore, pieces: Sequence[Piece]) -> None:
        self._store = store
        self._waiting = list(reversed(pieces))
        self._piece: Piece | None = None
        self._object: BinaryIO | None = None
        self._digest = hashlib.sha256()

    def read(self, most: int) -> bytes:
        """Return at most ``most`` bytes, none at the end."""
        while self._object is not None or self._open_next():
            chunk = self._object.read(most) if self._object is not None else b""
            if chunk:
                self._digest.update(chunk)
                return chunk
            self._compare()
        return b""

    def close(self) -> None:
        """Close what is open."""
        if self._object is not None:
            self._object.close()
            self._object = None

    def _open_next(self) -> bool:
        if not self._waiting:
            return False
        self._piece = self._waiting.pop()
        self._digest = hashlib.sha256()
        try:
            self._object = self._store.open(self._piece.object_key)
        except ObjectMissing as error:
            _log.error("piece_lost", key=self._piece.object_key)
            raise PieceDamaged(self._piece.from_byte) from error
        return True

    def _compare(self) -> None:
        self.close()
        if self._piece is not None and self._digest.hexdigest() != self._piece.sha256:
            _log.error("piece_changed", key=self._piece.object_key)
            raise PieceDamaged(self._piece.from_byte)
