"""Objects in an S3 bucket, through ``minio``: the only file that imports it.

The traps of that library and how they are met: its default client retries for minutes (own timeouts, few
retries); a stream that returns more than asked for is swallowed whole (``_Measured`` cuts every read);
copying is refused by some stores over plain http (``move`` streams instead).
Unfinished parts of a killed process stay in the bucket: give it a life-cycle rule that aborts them.
"""

import hashlib
import io
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import SplitResult, unquote

from minio import Minio
from minio.error import InvalidResponseError, MinioException, S3Error
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from caseflow.documents.storage import (
    CHUNK,
    ObjectInfo,
    ObjectMissing,
    PutResult,
    StoreUnavailable,
    checked_key,
)

_PART = 5 * 1024 * 1024  # bytes in memory per upload; S3 allows no smaller parts
_CONNECT_S = 3.0
_READ_S = 20.0
_MISSING = {"NoSuchKey", "NotFound", "NoSuchObject"}


def open_s3(parts: SplitResult, options: dict[str, str]) -> "S3Store":
    """Return the store of an address ``s3://KEY@host:port/bucket/prefix?secret_file=…``."""
    unknown = set(options) - {"secret_file", "secure", "region"}
    if unknown:
        raise ValueError(f"s3 store: unknown option {sorted(unknown)[0]}")
    if parts.password is not None:
        raise ValueError("s3 store: the secret does not belong in the address; name a secret_file")
    bucket, _, prefix = unquote(parts.path).strip("/").partition("/")
    if not parts.hostname or not parts.username or not bucket or "secret_file" not in options:
        raise ValueError("s3 store: write s3://KEY@host:port/bucket?secret_file=/path")
    if options.get("secure", "1") not in {"0", "1"}:
        raise ValueError("s3 store: secure is 0 or 1")
    secret = Path(options["secret_file"]).read_text(encoding="utf-8").split("\n", 1)[0].strip()
    client = Minio(
        parts.hostname + (f":{parts.port}" if parts.port else ""),
        access_key=unquote(parts.username),
        secret_key=secret,
        secure=options.get("secure", "1") == "1",
        region=options.get("region", "us-east-1"),
        http_client=PoolManager(
            timeout=Timeout(connect=_CONNECT_S, read=_READ_S),
            retries=Retry(total=1, backoff_factor=0.2, status_forcelist=[500, 502, 503, 504]),
            maxsize=16,
            ssl_context=ssl.create_default_context(),
        ),
    )
    return S3Store(client, bucket, f"{checked_key(prefix)}/" if prefix else "")


class S3Store:
    """Objects of one bucket, all under ``prefix``."""

    def __init__(self, client: Minio, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    def prepare(self) -> None:
        """Make the bucket if it is not there."""
        with _refusals():
            if not self._client.bucket_exists(self._bucket):
                self._client.make_bucket(self._bucket)

    def ready(self) -> None:
        """Raise ``StoreUnavailable`` unless the bucket answers."""
        with _refusals():
            if not self._client.bucket_exists(self._bucket):
                raise StoreUnavailable

    def put(self, key: str, stream: BinaryIO, size_hint: int | None = None) -> PutResult:
        """Send the stream in parts of 5 MiB; a bucket shows an object only when its last part is there."""
        measured = _Measured(stream)
        length = -1 if size_hint is None else size_hint
        with _refusals():
            self._client.put_object(
                self._bucket,
                self._name(key),
                cast(BinaryIO, measured),
                length,
                part_size=_PART,
                num_parallel_uploads=1,
            )
        if length not in (-1, measured.size) or stream.read(1):
            self.delete(key)
            raise StoreUnavailable
        return PutResult(measured.size, measured.digest.hexdigest())

    def open(self, key: str) -> BinaryIO:
        """Return the body as it comes over the wire."""
        with _refusals():
            response = self._client.get_object(self._bucket, self._name(key))
        return io.BufferedReader(_Body(response), CHUNK)

    def stat(self, key: str) -> ObjectInfo | None:
        """Return size and last change, or ``None``."""
        try:
            with _refusals():
                found = self._client.stat_object(self._bucket, self._name(key))
        except ObjectMissing:
            return None
        if found.size is None or found.last_modified is None:
            raise StoreUnavailable
        return ObjectInfo(key, found.size, found.last_modified)

    def delete(self, key: str) -> None:
        """Remove the object."""
        try:
            with _refusals():
                self._client.remove_object(self._bucket, self._name(key))
        except ObjectMissing:
            return

    def move(self, key: str, new_key: str) -> None:
        """Copy through this process, then remove; between the two both are there, never none."""
        info = self.stat(key)
        if info is None:
            raise ObjectMissing(key)
        with self.open(key) as body:
            self.put(new_key, body, info.size)
        self.delete(key)

    def keys(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """Walk over the bucket, a thousand keys a request."""
        with _refusals():
            for found in self._client.list_objects(self._bucket, self._prefix + prefix, recursive=True):
                if found.object_name and found.last_modified and found.size is not None:
                    key = found.object_name.removeprefix(self._prefix)
                    yield ObjectInfo(key, found.size, found.last_modified)

    def _name(self, key: str) -> str:
        return self._prefix + checked_key(key)


class _Measured:
    """Counts and digests what is read, and never gives more than was asked for."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._rest = b""
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, wanted: int = -1) -> bytes:
        """Return at most ``wanted`` bytes, and at most one chunk when all are wanted."""
        limit = CHUNK if wanted < 0 else wanted
        have = self._rest or self._stream.read(min(limit, CHUNK))
        given, self._rest = have[:limit], have[limit:]
        self.size += len(given)
        self.digest.update(given)
        return given


class _Body(io.RawIOBase):
    """A response as a raw stream; closing gives its connection back."""

    def __init__(self, response: BaseHTTPResponse) -> None:
        self._response = response

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill the buffer from the wire."""
        view = memoryview(cast(bytearray, buffer))
        with _refusals():
            data = self._response.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Give the connection back; a body left half read is not worth keeping open."""
        if not self.closed:
            self._response.close()
            self._response.release_conn()
        super().close()


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the store says into the words of the interface."""
    try:
        yield
    except S3Error as error:
        if error.code in _MISSING:
            raise ObjectMissing(error.code) from error
        raise StoreUnavailable from error
    except InvalidResponseError as error:
        # some servers say it as text/xml, which the library does not read
        if "<Code>NoSuchKey</Code>" in str(error):
            raise ObjectMissing("NoSuchKey") from error
        raise StoreUnavailable from error
    except (MinioException, HTTPError, OSError) as error:
        raise StoreUnavailable from error
