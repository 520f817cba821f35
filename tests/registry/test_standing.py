"""How a worker stands today, and the list of a nagari: one expression for words, filters and counts."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.people.actor import Actor
from caseflow.registry import life, people, worker_list
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.queries import find_worker
from caseflow.registry.standing import KINDS, counts, standing
from caseflow.registry.worker_list import Filters

NAGARI, OTHER = "13.03.99.2001", "13.03.99.2002"
SAMSIR = "1303991209760001"
TODAY = date(2026, 11, 20)


def worker_of(session: Session, national_id: str = SAMSIR) -> Worker:
    worker = find_worker(session, national_id)
    assert worker is not None
    return worker


def pay(session: Session, worker: Worker, month: date) -> None:
    session.add(
        CoverMonth(
            worker_id=worker.id,
            month=month,
            paid_on=date(2026, 1, 5),
            funding_source="apbd",
            amount_idr=16_800,
            receipt_number=f"LAT-{month:%Y%m}",
        )
    )
    session.flush()


@pytest.mark.parametrize(
    ("last_paid", "kind", "months", "label"),
    [
        (date(2027, 1, 1), "active", 0, "aktif"),  # paid ahead
        (date(2026, 11, 1), "active", 0, "aktif"),
        (date(2026, 10, 1), "active", 0, "aktif"),  # this month still runs
        (date(2026, 9, 1), "arrears", 1, "menunggak 1 bulan"),
        (date(2026, 7, 1), "arrears", 3, "menunggak 3 bulan"),  # the last month of grace
        (date(2026, 6, 1), "inactive", 4, "nonaktif"),
        (None, "never_paid", 0, "belum ada iuran"),
    ],
)
def test_months_behind_are_counted_from_the_last_paid_one(
    session: Session, last_paid: date | None, kind: str, months: int, label: str
) -> None:
    worker = Worker(
        national_id="1303990101800009",
        full_name="Yusrizal",
        born_on=date(1980, 1, 1),
        sex="m",
        region_code=NAGARI,
        jorong="Pasar",
        occupation="Petani karet",
        registered_on=date(2026, 1, 1),
    )
    session.add(worker)
    session.flush()
    if last_paid is not None:
        pay(session, worker, min(last_paid, date(2026, 11, 1)))
    if last_paid is not None and last_paid > TODAY:
        pay(session, worker, last_paid)
    found = standing(session, worker, today=TODAY)
    assert (found.kind, found.months, found.label) == (kind, months, label)


def test_a_block_that_lies_ahead_is_no_cover_today(session: Session) -> None:
    """Solok Selatan: five months of last year, the next block begins in January."""
    worker = worker_of(session, "1303991107720003")
    pay(session, worker, date(2027, 1, 1))
    assert standing(session, worker, today=TODAY).kind == "inactive"


def test_counts_agree_with_the_filtered_list(session: Session, staff: Mapping[str, Actor]) -> None:
    before = counts(session, NAGARI, today=TODAY)
    people.note_left(
        session,
        worker_of(session, "1303990304880002"),
        left_on=TODAY,
        reason="moved",
        by=staff["fitri"],
        now=clock.now(),
    )
    life.mark_deceased(
        session, worker_of(session), died_on=TODAY, told_by="Yusra", by=staff["fitri"], now=clock.now()
    )
    for region in (NAGARI, OTHER):
        counted = counts(session, region, today=TODAY)
        assert set(counted) == set(KINDS)
        for kind in KINDS:
            rows = list(worker_list.every(session, Filters(region, kind), by=staff["dedi"], today=TODAY))
            assert len(rows) == counted[kind], kind
    after = counts(session, NAGARI, today=TODAY)
    assert (after["died"], after["left"]) == (before["died"] + 1, before["left"] + 1)
    assert sum(after.values()) == sum(before.values())
    marzuki = Filters(NAGARI, "left", search="Marzuki")
    left = worker_list.page(session, marzuki, by=staff["fitri"], today=TODAY).rows
    assert [row.standing.label for row in left] == ["pindah ke luar nagari"]


def test_nagari_a_never_sees_nagari_b(session: Session, staff: Mapping[str, Actor]) -> None:
    by = staff["fitri"]
    assert worker_list.nagari_choices(session, by=by) == [(NAGARI, "Koto Latihan")]
    with pytest.raises(NotFound):
        worker_list.page(session, Filters(OTHER), by=by, today=TODAY)
    with pytest.raises(NotFound):
        worker_list.every(session, Filters(OTHER), by=by, today=TODAY)
    with pytest.raises(NotFound):
        worker_list.jorong_choices(session, OTHER, by=by)
    zulbahri = worker_of(session, "1303991107720003")
    with pytest.raises(NotFound):
        people.get_worker(session, zulbahri.public_id, by=by)
    found = worker_list.page(session, Filters(NAGARI, search=zulbahri.national_id), by=by, today=TODAY)
    assert found.rows == []


@pytest.mark.parametrize(
    ("search", "expected", "alike"),
    [
        ("sam", ["Samsir"], False),
        ("1303 9912 0976 0001", ["Samsir"], False),
        ("Syamsir", ["Samsir"], True),
        ("Nur", ["Nurbaiti"], False),
        ("%", [], True),
        ("_", [], True),
        ("\\", [], True),
        ("'; DROP TABLE worker; --", [], True),
        ("x" * 10_000, [], True),
    ],
)
def test_search(  # F40
    session: Session, staff: Mapping[str, Actor], search: str, expected: list[str], alike: bool
) -> None:
    found = worker_list.page(session, Filters(NAGARI, search=search), by=staff["fitri"], today=TODAY)
    assert [row.full_name for row in found.rows] == expected
    assert found.alike == alike


def test_pages_follow_each_other_without_a_gap(
    session: Session, staff: Mapping[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = list(worker_list.every(session, Filters(NAGARI), by=staff["fitri"], today=TODAY))
    assert [row.full_name for row in whole] == sorted(row.full_name for row in whole)
    monkeypatch.setattr(worker_list, "PAGE", 20)
    seen: list[worker_list.WorkerRow] = []
    after: str | None = None
    while True:
        page = worker_list.page(session, Filters(NAGARI), by=staff["fitri"], today=TODAY, after=after)
        seen += page.rows
        if page.after is None:
            break
        after = page.after
    assert seen == whole
    first = worker_list.page(session, Filters(NAGARI), by=staff["fitri"], today=TODAY, after="tidak-ada")
    assert first.rows == whole[:20]


def test_the_list_is_read_through_the_index(session: Session, staff: Mapping[str, Actor]) -> None:
    statement = worker_list._statement(session, Filters(NAGARI, "active"), TODAY).limit(51)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    session.execute(text("SET LOCAL enable_sort = off"))
    compiled = statement.compile(session.connection(), compile_kwargs={"literal_binds": True})
    plan = "\n".join(
        row[0] for row in session.execute(text(f"EXPLAIN {str(compiled).replace(':', chr(92) + ':')}"))
    )
    assert "ix_worker_region_name" in plan
    assert "Sort" not in plan
    assert "pk_cover_month" in plan


def test_lookalikes_say_why_and_decide_nothing(session: Session) -> None:
    samsir = worker_of(session)
    found = people.lookalikes(session, "SYAMSIR Dt. Rajo", date(1976, 12, 9), NAGARI)
    assert [(one.worker.id, one.because[1]) for one in found] == [
        (samsir.id, "Tanggal dan bulan lahir tertukar.")
    ]
    found = people.lookalikes(session, "Samsir Dt. Rajo", date(1976, 9, 12), NAGARI)
    assert [one.worker.id for one in found] == [samsir.id]
    assert "gelar diabaikan" in found[0].because[0]
    assert people.lookalikes(session, "Samsir", date(1976, 9, 12), OTHER) == []
