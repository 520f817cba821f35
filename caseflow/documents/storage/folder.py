"""Objects as files of this machine: written aside, made durable, then named in one step."""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from caseflow.documents.storage import (
    CHUNK,
    ObjectInfo,
    ObjectMissing,
    PutResult,
    StoreUnavailable,
    checked_key,
)

_ASIDE = ".aside"
_FORGOTTEN_AFTER = 24 * 3600  # seconds until a half-written file of a killed process is removed


class FolderStore:
    """Files under ``root``; key ``trash/abcd`` lies in ``root/trash/ab_/abcd``, so no folder grows too long."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._aside = root / _ASIDE

    def prepare(self) -> None:
        """Make the folder, readable by its owner only, and clear away what killed processes left."""
        with self._refusals():
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._aside.mkdir(mode=0o700, exist_ok=True)
            for forgotten in self._aside.iterdir():
                with suppress(FileNotFoundError):
                    if time.time() - forgotten.stat().st_mtime > _FORGOTTEN_AFTER:
                        forgotten.unlink()

    def ready(self) -> None:
        """Raise ``StoreUnavailable`` unless a file can be written."""
        with self._refusals():
            probe = self._aside / f"ready-{secrets.token_hex(8)}"
            probe.write_bytes(b"1")
            probe.unlink()

    def put(self, key: str, stream: BinaryIO, size_hint: int | None = None) -> PutResult:
        """Write aside, make durable, then rename: other readers see all of it or none."""
        place = self._place(key)
        aside = self._aside / secrets.token_hex(16)
        with self._refusals():
            try:
                result = _write(aside, stream)
                if size_hint is not None and result.size != size_hint:
                    raise StoreUnavailable
                self._make_folder(place.parent)
                aside.rename(place)
                _make_durable(place.parent)
            finally:
                aside.unlink(missing_ok=True)
        return result

    def open(self, key: str) -> BinaryIO:
        """Return the open file."""
        with self._refusals():
            return self._place(key).open("rb")

    def stat(self, key: str) -> ObjectInfo | None:
        """Return size and last change, or ``None``."""
        place = self._place(key)
        try:
            with self._refusals():
                found = place.stat()
        except ObjectMissing:
            return None
        return ObjectInfo(key, found.st_size, datetime.fromtimestamp(found.st_mtime, UTC))

    def delete(self, key: str) -> None:
        """Remove the file and make the removal durable."""
        place = self._place(key)
        with suppress(ObjectMissing), self._refusals():
            place.unlink()
            _make_durable(place.parent)

    def move(self, key: str, new_key: str) -> None:
        """Rename the file; its age starts anew, as it does in a bucket."""
        place, new_place = self._place(key), self._place(new_key)
        with self._refusals():
            os.utime(place)
            self._make_folder(new_place.parent)
            place.rename(new_place)
            _make_durable(new_place.parent)
            _make_durable(place.parent)

    def keys(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Walk over the files; one that vanishes meanwhile is passed over."""
        *above, begin = prefix.split("/")
        if ".." in above:
            raise ValueError(f"not the beginning of a key: {prefix!r}")
        top = self.root.joinpath(*above)
        top = top / f"{begin[:2]}_" if len(begin) > 1 else top
        with self._refusals():
            self._aside.stat()
            for folder, folders, names in os.walk(top):
                if _ASIDE in folders:
                    folders.remove(_ASIDE)
                parent = Path(folder).relative_to(self.root).parent
                for name in names:
                    key = (parent / name).as_posix()
                    info = self.stat(key) if key.startswith(prefix) else None
                    if info is not None:
                        yield info

    def _place(self, key: str) -> Path:
        *above, name = checked_key(key).split("/")
        return self.root.joinpath(*above, f"{name[:2]}_", name)

    def _make_folder(self, folder: Path) -> None:
        """Make the folders between root and here durable, the upper ones first."""
        below_root = [step for step in (folder, *folder.parents) if self.root in step.parents]
        for step in reversed(below_root):
            if not step.exists():
                step.mkdir(mode=0o700, exist_ok=True)
                _make_durable(step.parent)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Turn what the file system says into the words of the interface."""
        try:
            yield
        except FileNotFoundError as error:
            # the folder itself is gone (a mount that dropped out): that says nothing about the object
            if not self._aside.is_dir():
                raise StoreUnavailable from error
            raise ObjectMissing(str(error)) from error
        except OSError as error:
            raise StoreUnavailable from error


def _write(path: Path, stream: BinaryIO) -> PutResult:
    digest = hashlib.sha256()
    size = 0
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return PutResult(size, digest.hexdigest())


def _make_durable(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
