"""What every store promises, asked of a folder and of two S3 servers; then what each does alone."""

import hashlib
import io
import os
import secrets
import signal
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from caseflow.documents.storage import ObjectMissing, ObjectStore, StoreUnavailable, open_store
from tests.documents import stores

MEGABYTE = 1024 * 1024


class Endless:
    """A stream of unknown length, made while it is read: no byte of it lies in memory or on disk."""

    def __init__(self, size: int, *, fail_at: int | None = None) -> None:
        self.left = size
        self.given = 0
        self.fail_at = fail_at
        self.digest = hashlib.sha256()

    def read(self, wanted: int = -1) -> bytes:
        """Give bytes, or fail half-way as a lost connection does."""
        if self.fail_at is not None and self.given >= self.fail_at:
            raise OSError("connection lost")
        size = min(self.left, 64 * 1024 if wanted < 0 else wanted)
        self.left -= size
        self.given += size
        chunk = (self.given.to_bytes(8, "big") * (size // 8 + 1))[:size]
        self.digest.update(chunk)
        return chunk


@pytest.fixture(scope="session")
def rclone_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = stores.free_port()
    with stores.rclone(tmp_path_factory.mktemp("rclone"), port):
        yield port


@pytest.fixture(scope="session")
def ministack_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = stores.free_port()
    with stores.ministack(tmp_path_factory.mktemp("ministack"), port):
        yield port


@pytest.fixture(
    params=[
        "folder",
        pytest.param("ministack", marks=pytest.mark.store),
        pytest.param("rclone", marks=pytest.mark.store),
    ]
)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty store of each kind."""
    if request.param == "folder":
        url = f"folder://{tmp_path}/objects"
    else:
        port = request.getfixturevalue(f"{request.param}_port")
        url = stores.s3_url(port, tmp_path, f"b{secrets.token_hex(6)}")
    opened = open_store(url)
    opened.prepare()
    return opened


def put(store: ObjectStore, key: str, content: bytes) -> None:
    store.put(key, io.BytesIO(content), len(content))


def read(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as body:
        return body.read()


def keys(store: ObjectStore, prefix: str = "") -> list[str]:
    return sorted(info.key for info in store.keys(prefix))


def test_what_is_put_is_what_is_read(store: ObjectStore) -> None:
    content = bytes(range(256)) * 400
    result = store.put("abcdef", io.BytesIO(content), len(content))
    assert (result.size, result.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert read(store, "abcdef") == content


def test_it_says_size_and_age(store: ObjectStore) -> None:
    put(store, "abcdef", b"twelve bytes")
    info = store.stat("abcdef")
    assert info is not None
    assert info.key == "abcdef"
    assert info.size == 12
    assert info.modified_at.tzinfo is not None
    assert store.stat("absent") is None


def test_what_is_not_there_is_missing_and_not_a_dead_store(store: ObjectStore) -> None:
    with pytest.raises(ObjectMissing):
        store.open("absent")
    with pytest.raises(ObjectMissing):
        store.move("absent", "trash/absent")
    store.delete("absent")


def test_a_second_put_replaces_the_first(store: ObjectStore) -> None:
    put(store, "abcdef", b"first, and longer")
    put(store, "abcdef", b"second")
    assert read(store, "abcdef") == b"second"


def test_delete_removes(store: ObjectStore) -> None:
    put(store, "abcdef", b"x")
    store.delete("abcdef")
    assert store.stat("abcdef") is None
    assert keys(store) == []


def test_it_lists_by_beginning(store: ObjectStore) -> None:
    names = ["abc1", "abc1.p1.jpg", "abd2", "trash/abc3", "f"]
    for name in names:
        put(store, name, b"x")
    assert keys(store) == sorted(names)
    assert keys(store, "abc") == ["abc1", "abc1.p1.jpg"]
    assert keys(store, "trash/") == ["trash/abc3"]
    assert keys(store, "zz") == []


def test_move_gives_another_key(store: ObjectStore) -> None:
    put(store, "abcdef", b"content")
    store.move("abcdef", "trash/abcdef")
    assert keys(store) == ["trash/abcdef"]
    assert read(store, "trash/abcdef") == b"content"


def test_it_prepares_twice_and_is_ready(store: ObjectStore) -> None:
    store.prepare()
    store.ready()
    assert keys(store) == []


def test_a_long_stream_of_unknown_length_stays_out_of_memory(store: ObjectStore) -> None:
    stream = Endless(60 * MEGABYTE)
    tracemalloc.start()
    try:
        result = store.put("abcdef", cast(BinaryIO, stream))
        digest = hashlib.sha256()
        with store.open("abcdef") as body:
            while chunk := body.read(64 * 1024):
                digest.update(chunk)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert result.size == 60 * MEGABYTE
    assert result.sha256 == stream.digest.hexdigest() == digest.hexdigest()
    assert peak < 30 * MEGABYTE


def test_half_an_upload_leaves_nothing(store: ObjectStore) -> None:
    with pytest.raises(StoreUnavailable):
        store.put("abcdef", cast(BinaryIO, Endless(20 * MEGABYTE, fail_at=12 * MEGABYTE)))
    assert store.stat("abcdef") is None
    assert keys(store) == []


def test_a_stream_shorter_or_longer_than_said_leaves_nothing(store: ObjectStore) -> None:
    for said in (10, 3):
        with pytest.raises(StoreUnavailable):
            store.put("abcdef", io.BytesIO(b"five!"), said)
    assert keys(store) == []


@pytest.mark.parametrize("key", ["../x", "a/../b", "/abs", "a//b", "", "Ä", ".aside/x", "a\x00b", "x" * 201])
def test_a_key_cannot_leave_its_place(store: ObjectStore, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        store.put(key, io.BytesIO(b"x"), 1)
    with pytest.raises(ValueError, match="not a key"):
        store.open(key)


@pytest.mark.store
def test_a_wrong_secret_is_refused(rclone_port: int, tmp_path: Path) -> None:
    good = open_store(stores.s3_url(rclone_port, tmp_path, "secrets"))
    good.prepare()
    put(good, "abcdef", b"x")
    bad = open_store(stores.s3_url(rclone_port, tmp_path, "secrets", secret="wrong"))
    for attempt in (bad.ready, lambda: put(bad, "abc", b"y"), lambda: bad.open("abcdef").close()):
        with pytest.raises(StoreUnavailable):
            attempt()
    assert keys(good) == ["abcdef"]


@pytest.mark.store
def test_a_server_killed_and_started_again_still_has_what_it_took(tmp_path: Path) -> None:
    port = stores.free_port()
    with stores.rclone(tmp_path, port):
        store = open_store(stores.s3_url(port, tmp_path, "bucket"))
        store.prepare()
        put(store, "abcdef", b"kept")
    with pytest.raises(StoreUnavailable) as refusal:
        put(store, "abd", b"x")
    assert refusal.value.status == 503
    assert "BELUM tersimpan" in refusal.value.sentence
    with stores.rclone(tmp_path, port):
        assert read(store, "abcdef") == b"kept"
        assert keys(store) == ["abcdef"]


@pytest.mark.store
def test_a_server_killed_in_the_middle_of_an_upload_shows_no_half(tmp_path: Path) -> None:
    class Killer(Endless):
        def read(self, wanted: int = -1) -> bytes:
            if self.given >= 12 * MEGABYTE and self.fail_at is None:
                self.fail_at = 10**12
                os.kill(pid, signal.SIGKILL)
            return super().read(wanted)

    port = stores.free_port()
    with stores.rclone(tmp_path, port) as pid:
        store = open_store(stores.s3_url(port, tmp_path, "bucket"))
        store.prepare()
        put(store, "abcdef", b"kept")
        with pytest.raises(StoreUnavailable):
            store.put("abd", cast(BinaryIO, Killer(20 * MEGABYTE)))
    with stores.rclone(tmp_path, port):
        assert keys(store) == ["abcdef"]
        put(store, "abd", b"again")
        assert read(store, "abd") == b"again"


def test_a_folder_that_dropped_out_is_a_dead_store_and_not_a_missing_object(tmp_path: Path) -> None:
    store = open_store(f"folder://{tmp_path}/objects")
    for attempt in (
        store.ready,
        lambda: put(store, "abc", b"x"),
        lambda: store.stat("abc"),
        lambda: keys(store),
    ):
        with pytest.raises(StoreUnavailable):
            attempt()


def test_preparing_a_folder_clears_what_a_killed_process_left(tmp_path: Path) -> None:
    store = open_store(f"folder://{tmp_path}")
    store.prepare()
    for name, age_s in (("old", 90_000), ("young", 0)):
        left = tmp_path / ".aside" / name
        left.write_bytes(b"half")
        os.utime(left, (left.stat().st_atime, left.stat().st_mtime - age_s))
    store.prepare()
    assert [left.name for left in (tmp_path / ".aside").iterdir()] == ["young"]
    assert keys(store) == []


@pytest.mark.parametrize(
    "url",
    [
        "folder://relative/path",
        "folder:///x?secure=0",
        "ftp://x",
        "/var/lib",
        "s3://host/bucket",
        "s3://key@host/bucket",
        "s3://key:secret@host/bucket?secret_file=/x",
        "s3://key@host/?secret_file=/x",
        "s3://key@host/bucket?secret_file=/x&secure=yes",
        "s3://key@host/bucket?secret_file=/x&colour=red",
    ],
)
def test_a_wrong_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="stor"):
        open_store(url)
