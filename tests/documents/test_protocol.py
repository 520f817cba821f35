"""Nothing that was acknowledged is lost, whatever breaks: every crash point × every fault of the store × retry.

A crash is an exception that nobody catches, thrown where a process could die; what was committed stays, the rest
is gone. The sweeper then runs twice, as if a quarter of an hour had passed.
"""

import hashlib
import io
import itertools
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any, BinaryIO

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from caseflow.documents.intake import Place, Receipt, Sessions, begin, finish, keep, transfer
from caseflow.documents.models import Document
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectInfo, ObjectStore, PutResult, StoreUnavailable
from caseflow.documents.sweep import SweepReport, check_stored, sweep
from tests.documents.cases import OPEN_IN, Case, checked, make_case
from tests.files import samples

CONTENT = samples.jpeg()
CRASHES = [
    "never",
    "before commit 1",
    "after commit 1",
    "before put",
    "after put",
    "before read",
    "after read",
    "before commit 2",
    "after commit 2",
]
FAULTS = ["none", "put reply lost", "put refused", "put truncated", "bit flipped", "read refused"]


class Crash(BaseException):
    """The process dies here."""


class Script:
    """Dies once, at one point; the store fails once, in one way."""

    def __init__(self, crash: str, fault: str) -> None:
        self.crash = crash
        self.fault = fault

    def reach(self, point: str) -> None:
        """Die when this is the point."""
        if self.crash == point:
            self.crash = "never"
            raise Crash(point)

    def fails(self, fault: str) -> bool:
        """Say whether the store fails so, now; the next time it works."""
        if self.fault != fault:
            return False
        self.fault = "none"
        return True


class FailingStore:
    """A store on a bad day."""

    def __init__(self, store: ObjectStore, script: Script) -> None:
        self._store = store
        self._script = script

    def put(self, key: str, stream: BinaryIO, size_hint: int | None = None) -> PutResult:
        """Put, or not, or something else."""
        self._script.reach("before put")
        if self._script.fails("put refused"):
            raise StoreUnavailable
        content = stream.read()
        if self._script.fails("put truncated"):
            content = content[: len(content) // 2]
        if self._script.fails("bit flipped"):
            content = content[:100] + bytes([content[100] ^ 1]) + content[101:]
        result = self._store.put(key, io.BytesIO(content))
        if self._script.fails("put reply lost"):
            raise StoreUnavailable
        self._script.reach("after put")
        return result

    def open(self, key: str) -> BinaryIO:
        """Open, or not."""
        self._script.reach("before read")
        if self._script.fails("read refused"):
            raise StoreUnavailable
        with self._store.open(key) as body:
            content = body.read()
        self._script.reach("after read")
        return io.BytesIO(content)

    def move(self, key: str, new_key: str) -> None:
        """Move."""
        self._store.move(key, new_key)

    def keys(self, prefix: str = "") -> Iterator[ObjectInfo]:
        """List."""
        return self._store.keys(prefix)

    def stat(self, key: str) -> ObjectInfo | None:
        """Look."""
        return self._store.stat(key)

    def delete(self, key: str) -> None:
        """Remove."""
        self._store.delete(key)

    def prepare(self) -> None:
        """Be there."""

    def ready(self) -> None:
        """Be ready."""


def failing_sessions(engine: Engine, script: Script) -> Sessions:
    """Return sessions of which the first or second commit may be the last thing that happens."""
    numbers = itertools.count(1)

    def make() -> Session:
        number = next(numbers)
        session = Session(engine)
        begin = session.begin

        def begin_with_crashes(*arguments: Any, **options: Any) -> Any:
            transaction = begin(*arguments, **options)
            commit = transaction.commit

            def dying_commit(*args: Any, **kwargs: Any) -> None:
                script.reach(f"before commit {number}")
                commit(*args, **kwargs)
                script.reach(f"after commit {number}")

            transaction.commit = dying_commit  # type: ignore[method-assign]
            return transaction

        session.begin = begin_with_crashes  # type: ignore[method-assign]
        return session

    return make


def attempt(sessions: Sessions, store: ObjectStore, case: Case, place: Place) -> Receipt | None:
    """Send once; a receipt is an acknowledgement, anything else is none."""
    with suppress(Crash, StoreUnavailable), spool(io.BytesIO(CONTENT)) as body:
        return keep(sessions, store, place, checked(body), by=case.family, open_in=OPEN_IN)
    return None


def swept(sessions: Sessions, store: ObjectStore) -> SweepReport:
    return sweep(sessions, store, grace=timedelta(0))


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_acknowledged_is_lost_and_nothing_is_left_over(
    fresh_database: Any, sessions: Sessions, store: ObjectStore, fault: str
) -> None:
    for crash, retry, swept_between in itertools.product(CRASHES, (True, False), (True, False)):
        told = f"{crash}, {fault}, retry {retry}, swept between {swept_between}"
        with sessions() as session, session.begin():
            case = make_case(session)
        place = case.place()
        script = Script(crash, fault)
        shaky = FailingStore(store, script)
        receipts = [attempt(failing_sessions(fresh_database.engine, script), shaky, case, place)]
        if fault == "none":
            assert script.crash == "never", f"the crash did not happen: {told}"
        assert script.fault == "none" or crash != "never", f"the fault did not happen: {told}"
        if swept_between:
            swept(sessions, store)
        if retry:
            receipts.append(attempt(sessions, store, case, place))
            assert receipts[-1] is not None, told
        swept(sessions, store)
        assert swept(sessions, store) == SweepReport(0, 0, 0), told
        check(sessions, store, case, [receipt for receipt in receipts if receipt], told)
    assert check_stored(sessions, store) == []


def check(sessions: Sessions, store: ObjectStore, case: Case, receipts: list[Receipt], told: str) -> None:
    """Compare what was acknowledged with what is there."""
    with sessions() as session:
        rows = session.scalars(select(Document).where(Document.casefile_id == case.id)).all()
        keys = set(session.scalars(select(Document.object_key).where(Document.status == "stored")))
    stored = [row for row in rows if row.status == "stored"]
    assert len(stored) <= 1, f"duplicates: {told}"
    assert "pending" not in {row.status for row in rows}, told
    assert {receipt.public_id for receipt in receipts} <= {row.public_id for row in stored}, f"lost: {told}"
    for row in stored:
        with store.open(row.object_key) as body:
            assert hashlib.sha256(body.read()).hexdigest() == row.sha256, told
    here = {info.key for info in store.keys("") if not info.key.startswith("trash/")}
    assert here == keys, f"orphans or missing objects: {told}"


def test_an_attempt_that_was_overtaken_cannot_finish_nor_harm(sessions: Sessions, store: ObjectStore) -> None:
    """The first request hangs in its upload; a second one with the same key is stored; the first wakes up."""
    with sessions() as session, session.begin():
        case = make_case(session)
    place = case.place()
    with spool(io.BytesIO(CONTENT)) as body:
        upload = checked(body)
        with sessions() as session, session.begin():
            slow = begin(session, place, upload, by=case.family, open_in=OPEN_IN)
        receipt = keep(sessions, store, place, upload, by=case.family, open_in=OPEN_IN)
        transfer(store, slow.object_key, body)
        with sessions() as session, session.begin(), pytest.raises(StoreUnavailable):
            finish(session, slow, by=case.family, open_in=OPEN_IN)
        again = keep(sessions, store, place, upload, by=case.family, open_in=OPEN_IN)
        assert again == receipt
    swept(sessions, store)
    check(sessions, store, case, [receipt], "overtaken")


def test_an_attempt_that_was_given_up_cannot_finish(sessions: Sessions, store: ObjectStore) -> None:
    """An upload slower than the sweeper's patience is refused in the end, and a new one is taken."""
    with sessions() as session, session.begin():
        case = make_case(session)
    place = case.place()
    with spool(io.BytesIO(CONTENT)) as body:
        upload = checked(body)
        with sessions() as session, session.begin():
            slow = begin(session, place, upload, by=case.family, open_in=OPEN_IN)
        transfer(store, slow.object_key, body)
        assert swept(sessions, store) == SweepReport(given_up=1, trashed=1, purged=0)
        with sessions() as session, session.begin(), pytest.raises(StoreUnavailable):
            finish(session, slow, by=case.family, open_in=OPEN_IN)
        receipt = keep(sessions, store, place, upload, by=case.family, open_in=OPEN_IN)
        with sessions() as session, session.begin(), pytest.raises(StoreUnavailable):
            finish(session, slow, by=case.family, open_in=OPEN_IN)
    swept(sessions, store)
    check(sessions, store, case, [receipt], "given up")
