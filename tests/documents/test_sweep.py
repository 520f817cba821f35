"""The sweeper: what it takes, what it leaves alone, when it purges, and what the check finds."""

import io
from datetime import timedelta

from sqlalchemy import select

from caseflow import clock
from caseflow.documents.intake import Sessions, begin, transfer
from caseflow.documents.models import Document, TrashedObject
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore
from caseflow.documents.sweep import Damage, SweepReport, check_stored, sweep
from tests.documents.cases import OPEN_IN, Case, checked, send, stream
from tests.files import samples

NOW = timedelta(0)


def keys(store: ObjectStore) -> list[str]:
    return sorted(info.key for info in store.keys(""))


def test_young_objects_and_stored_documents_with_previews_are_left_alone(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    send(sessions, store, case, samples.jpeg())
    (key,) = keys(store)
    store.put(f"{key}.p1.jpg", io.BytesIO(b"preview"))
    store.put("aa" * 16, io.BytesIO(b"orphan, but young"))
    assert sweep(sessions, store) == SweepReport(0, 0, 0)
    assert sweep(sessions, store, grace=NOW) == SweepReport(0, 1, 0)
    assert keys(store) == sorted([key, f"{key}.p1.jpg", f"trash/{'aa' * 16}"])


def test_it_looks_at_one_slice(sessions: Sessions, store: ObjectStore) -> None:
    for name in ("aa01", "ab01"):
        store.put(name, io.BytesIO(b"orphan"))
    assert sweep(sessions, store, prefix="ab", grace=NOW).trashed == 1
    assert keys(store) == ["aa01", "trash/ab01"]


def test_trash_is_purged_after_seven_days(sessions: Sessions, store: ObjectStore) -> None:
    store.put("aa01", io.BytesIO(b"orphan"))
    store.put("trash/bb01", io.BytesIO(b"moved by a process that died before it wrote it down"))
    sweep(sessions, store, grace=NOW)
    clock.set_start(clock.now() + timedelta(days=6, hours=23))
    assert sweep(sessions, store).purged == 0
    clock.set_start(clock.now() + timedelta(hours=2))
    assert sweep(sessions, store).purged == 2
    assert keys(store) == []
    with sessions() as session:
        assert session.scalars(select(TrashedObject)).all() == []


def test_a_row_that_is_being_finished_is_passed_over(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    with spool(stream(samples.jpeg())) as body:
        with sessions() as session, session.begin():
            pending = begin(session, case.place(), checked(body), by=case.family, open_in=OPEN_IN)
        transfer(store, pending.object_key, body)
    with sessions() as session, session.begin():
        session.get_one(Document, pending.document_id, with_for_update=True)
        assert sweep(sessions, store, grace=NOW) == SweepReport(0, 0, 0)
    assert sweep(sessions, store, grace=NOW) == SweepReport(1, 1, 0)


def test_the_check_names_what_is_missing_or_changed(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    receipts = [send(sessions, store, case, samples.jpeg(str(number))) for number in range(3)]
    assert check_stored(sessions, store, sample=2) == []
    with sessions() as session:
        found = session.execute(
            select(Document.public_id, Document.object_key).where(Document.casefile_id == case.id)
        )
        by_public_id = {row.public_id: row.object_key for row in found}
    store.delete(by_public_id[receipts[0].public_id])
    store.put(by_public_id[receipts[1].public_id], io.BytesIO(b"something else"))
    assert set(check_stored(sessions, store)) == {
        Damage(receipts[0].public_id, "missing"),
        Damage(receipts[1].public_id, "changed"),
    }
