"""A batch: made by one, released by another, one file with the same bytes for ever."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from caseflow.audit.checks import run_checks
from caseflow.audit.models import AuditEvent
from caseflow.claims.models import Claim
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPermitted, NotPossible
from caseflow.payments import batches
from caseflow.payments.batches import add_to_batch, lock_batch, open_batch, remove_from_batch, void_batch
from caseflow.payments.models import Batch, BatchLine, Instruction
from caseflow.payments.releases import fetch_bank_file, release_batch
from caseflow.workflow.fire import take_duty
from tests.payments.world import World

WHY = "Kasus kedua masih dibicarakan keluarga"


def release(world: World, batch: Batch, username: str = "hadi") -> Batch:
    return release_batch(world.session, batch.id, by=world.staff[username], now=world.now)


def test_numbers_run_per_day(world: World) -> None:
    made = [open_batch(world.session, by=world.staff["nina"], now=world.now).number for _ in range(2)]
    next_day = open_batch(world.session, by=world.staff["nina"], now=world.now + timedelta(days=1))
    assert [*made, next_day.number] == ["B261120-01", "B261120-02", "B261121-01"]


def test_lines_come_and_go_while_it_is_open(world: World) -> None:
    first, second = world.prepare(world.approved_claim()), world.prepare(world.approved_claim())
    batch = world.batch(first, second)
    remove_from_batch(world.session, batch.id, first.id, by=world.staff["nina"], now=world.now)
    assert (first.state, second.state) == ("queued", "batched")
    with pytest.raises(NotFound):
        remove_from_batch(world.session, batch.id, first.id, by=world.staff["nina"], now=world.now)
    add_to_batch(world.session, batch.id, first.id, by=world.staff["nina"], now=world.now)
    assert lock_batch(world.session, batch.id, by=world.staff["nina"], now=world.now) == []
    lines = world.session.execute(
        select(BatchLine.position, BatchLine.instruction_id).order_by(BatchLine.position)
    ).all()
    assert [tuple(line) for line in lines] == [(1, second.id), (2, first.id)]
    assert run_checks(world.session.connection()) == {}


def test_an_instruction_travels_in_one_batch_only(world: World) -> None:
    instruction = world.prepare(world.approved_claim())
    batch, other = world.batch(instruction), world.batch()
    for target in (batch, other):
        with pytest.raises(NotPossible):
            add_to_batch(world.session, target.id, instruction.id, by=world.staff["nina"], now=world.now)


def test_the_file_holds_count_total_and_every_reference(world: World) -> None:
    made = [world.prepare(world.approved_claim()) for _ in range(3)]
    batch = world.locked(*made)
    data = batch.file_bytes or b""
    assert batch.file_sha256 == hashlib.sha256(data).hexdigest()
    assert (batch.line_count, batch.total_idr) == (3, 126_000_000)
    assert all(one.reference.encode() in data for one in made)
    assert data.count(b"JANGAN UNGGAH DUA KALI") == 2
    assert b",0071234567,YUSRA,42000000," in data


def test_a_locked_batch_changes_no_more(world: World) -> None:
    instruction, late = world.prepare(world.approved_claim()), world.prepare(world.approved_claim())
    batch = world.locked(instruction)
    by = world.staff["nina"]
    for attempt in (
        lambda: add_to_batch(world.session, batch.id, late.id, by=by, now=world.now),
        lambda: remove_from_batch(world.session, batch.id, instruction.id, by=by, now=world.now),
        lambda: lock_batch(world.session, batch.id, by=by, now=world.now),
    ):
        with pytest.raises(NotPossible, match="sudah dikunci"):
            attempt()
    world.session.flush()
    with pytest.raises(DBAPIError), world.session.begin_nested():
        world.session.execute(update(Batch).where(Batch.id == batch.id).values(file_bytes=b"other"))


def test_an_empty_batch_is_not_locked_and_an_unlocked_one_not_released(world: World) -> None:
    empty = world.batch()
    with pytest.raises(NotPossible, match="kosong"):
        lock_batch(world.session, empty.id, by=world.staff["nina"], now=world.now)
    with pytest.raises(NotPossible, match="belum dikunci"):
        release(world, world.batch(world.prepare(world.approved_claim())))
    with pytest.raises(NotFound):
        lock_batch(world.session, 10**12, by=world.staff["nina"], now=world.now)


def test_release_sends_every_line_and_moves_every_claim(world: World) -> None:
    made = [world.prepare(world.approved_claim()) for _ in range(2)]
    batch = release(world, world.locked(*made))
    assert (batch.state, batch.releaser_person_id) == ("released", world.staff["hadi"].person_id)
    assert {one.state for one in made} == {"sent"}
    assert set(world.session.scalars(select(Claim.state).where(Claim.number.like("SJJ-26-90%")))) == {
        "payment_in_process"
    }
    with pytest.raises(NotPossible, match="sudah dilepas"):
        release(world, batch)
    assert run_checks(world.session.connection()) == {}


@pytest.mark.parametrize("username", ["nina", "mega", "dedi", "admin"])
def test_who_may_not_release(world: World, username: str) -> None:
    batch = world.locked(world.prepare(world.approved_claim()))
    with pytest.raises((NotPermitted, NotPossible)):
        release(world, batch, username)


def test_the_key_refuses_a_maker_even_of_one_line(world: World) -> None:
    """SoD-1: hadi prepared one of the instructions, nina made the batch."""
    batch = world.locked(
        world.prepare(world.approved_claim()), world.prepare(world.approved_claim(), by="hadi")
    )
    with pytest.raises(NotPossible, match="orang lain"):
        release(world, batch, "hadi")


def test_a_branch_head_releases_what_they_did_not_approve(world: World) -> None:
    assert release(world, world.locked(world.prepare(world.approved_claim())), "bram").state == "released"
    approved_by_bram = world.approved_claim()
    take_duty(world.session, approved_by_bram, "approve", by=world.staff["bram"], now=world.now)
    with pytest.raises(NotPossible, match="orang lain"):
        release(world, world.locked(world.prepare(approved_by_bram)), "bram")


def test_a_changed_account_leaves_the_batch_before_the_file(world: World) -> None:
    """S08: changed between batch and file; the line goes, the rest travels, the screen says why."""
    good, bad = world.prepare(world.approved_claim()), world.prepare(world.approved_claim())
    batch = world.batch(bad, good)
    world.add_account(world.session.get_one(Claim, bad.casefile_id), "555666777")
    removed = lock_batch(world.session, batch.id, by=world.staff["nina"], now=world.now)
    assert [one.reference for one in removed] == [bad.reference]
    assert "berubah sejak disetujui" in removed[0].sentences[0]
    assert (bad.state, batch.state, batch.line_count) == ("cancelled", "locked", 1)
    assert bad.reference.encode() not in (batch.file_bytes or b"")
    assert "payment.line_removed" in world.session.scalars(select(AuditEvent.action)).all()
    assert run_checks(world.session.connection()) == {}


def test_a_batch_whose_only_line_falls_out_stays_open(world: World) -> None:
    bad = world.prepare(world.approved_claim())
    batch = world.batch(bad)
    world.add_account(world.session.get_one(Claim, bad.casefile_id), "555666777")
    assert len(lock_batch(world.session, batch.id, by=world.staff["nina"], now=world.now)) == 1
    assert (batch.state, batch.file_bytes) == ("open", None)


def test_a_case_that_changes_after_the_lock_holds_the_batch_back(world: World) -> None:
    """S08, S19, S20: the release asks again; nothing leaves half."""
    frozen, other = world.approved_claim(), world.approved_claim()
    made = [world.prepare(frozen), world.prepare(other)]
    batch = world.locked(*made)
    world.move(frozen, "hold", "sari", "dispute")
    with pytest.raises(NotPossible) as refusal:
        release(world, batch)
    assert frozen.number in str(refusal.value)
    assert {one.state for one in made} == {"batched"}
    with pytest.raises(Invalid):
        void_batch(world.session, batch.id, by=world.staff["hadi"], reason="x", now=world.now)
    void_batch(world.session, batch.id, by=world.staff["hadi"], reason=WHY, now=world.now)
    assert {one.state for one in made} == {"cancelled"}
    with pytest.raises(NotPossible):
        release(world, batch)
    with pytest.raises(NotPossible):
        fetch_bank_file(world.session, batch.id, by=world.staff["hadi"])
    assert world.sent(other).state == "sent"
    assert run_checks(world.session.connection()) == {}


def test_an_account_check_older_than_thirty_days_does_not_travel(world: World) -> None:
    instruction = world.prepare(world.approved_claim())
    batch = world.batch(instruction)
    later = world.now + timedelta(days=31)
    removed = lock_batch(world.session, batch.id, by=world.staff["nina"], now=later)
    assert "30 hari" in removed[0].sentences[0]
    locked = world.locked(world.prepare(world.approved_claim()))
    with pytest.raises(NotPossible, match="30 hari"):
        release_batch(world.session, locked.id, by=world.staff["hadi"], now=later)


def test_the_file_is_the_same_at_every_download(world: World) -> None:
    """S12, S13: fetched any number of times after the release, each time audited."""
    batch = world.locked(world.prepare(world.approved_claim()))
    with pytest.raises(NotPossible, match="setelah berkas dilepas"):
        fetch_bank_file(world.session, batch.id, by=world.staff["nina"])
    data = batch.file_bytes
    release(world, batch)
    files = [fetch_bank_file(world.session, batch.id, by=world.staff["hadi"]) for _ in range(5)]
    assert {one.data for one in files} == {data}
    assert {one.name for one in files} == {f"{batch.number}.csv"}
    looked = select(func.count()).where(AuditEvent.action == "payment.file_fetched")
    assert world.session.scalar(looked) == 5
    for username in ("dedi", "mega"):
        with pytest.raises(NotPermitted):
            fetch_bank_file(world.session, batch.id, by=world.staff[username])
    with pytest.raises(NotFound):
        fetch_bank_file(world.session, 10**12, by=world.staff["hadi"])


def test_a_batch_has_a_largest_size(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MAX_LINES", 1)
    with pytest.raises(NotPossible, match="paling banyak"):
        world.batch(world.prepare(world.approved_claim()), world.prepare(world.approved_claim()))


def test_another_branch_sees_no_batch(world: World) -> None:
    batch = world.locked(world.prepare(world.approved_claim()))
    stranger = replace(world.staff["hadi"], branch_code="padang")
    for attempt in (
        lambda: release_batch(world.session, batch.id, by=stranger, now=world.now),
        lambda: lock_batch(world.session, batch.id, by=stranger, now=world.now),
        lambda: void_batch(world.session, batch.id, by=stranger, reason=WHY, now=world.now),
        lambda: fetch_bank_file(world.session, batch.id, by=stranger),
    ):
        with pytest.raises(CaseflowError) as refusal:
            attempt()
        assert refusal.value.status == 404


def test_the_database_refuses_a_second_live_instruction(world: World) -> None:
    """I11: the last word is the index, whatever the code believes."""
    made = world.prepare(world.approved_claim())
    columns = [
        column.name for column in Instruction.__table__.columns if column.name not in {"id", "reference"}
    ]
    listed = ", ".join(columns)
    with pytest.raises(DBAPIError, match="one_live"), world.session.begin_nested():
        world.session.execute(
            text(
                f"INSERT INTO payment_instruction ({listed}, reference)"  # noqa: S608
                f" SELECT {listed}, 'OTHER' FROM payment_instruction WHERE id = :id"
            ),
            {"id": made.id},
        )
