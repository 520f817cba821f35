"""Phones of families: open for a while, closed by hand, one case each."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import FamilyMember
from caseflow.errors import NotFound, NotPermitted, NotPossible
from caseflow.people import devices, slip_codes, slips
from caseflow.people.actor import SYSTEM, Actor
from caseflow.workflow.models import CaseFile
from tests import story

from .conftest import PEPPER

DAY = timedelta(days=1)


def reporter(session: Session, casefile: CaseFile, name: str = "Rani") -> devices.Device:
    token = devices.device_for_reporter(session, casefile.id, name, now=clock.now(), label="HP Android")
    found = devices.find_device(session, token, now=clock.now())
    assert found is not None
    return found


def later(by: timedelta) -> None:
    clock.set_start(clock.now() + by)


@pytest.mark.parametrize("token", ["", "x", "a" * 43])
def test_a_made_up_token_opens_nothing(session: Session, token: str) -> None:
    assert devices.find_device(session, token, now=clock.now()) is None


def test_thirty_days_roll_but_not_past_a_hundred_and_eighty(session: Session, casefile: CaseFile) -> None:
    token = devices.device_for_reporter(session, casefile.id, "Rani", now=clock.now())
    for _ in range(6):
        later(29 * DAY)
        found = devices.find_device(session, token, now=clock.now())
        assert found is not None
        assert devices.touch(session, found, now=clock.now())
    later(7 * DAY)
    assert devices.find_device(session, token, now=clock.now()) is None


def test_a_phone_not_used_for_thirty_days_is_closed(session: Session, casefile: CaseFile) -> None:
    token = devices.device_for_reporter(session, casefile.id, "Rani", now=clock.now())
    later(31 * DAY)
    assert devices.find_device(session, token, now=clock.now()) is None


def test_being_seen_is_written_once_an_hour(session: Session, casefile: CaseFile) -> None:
    device = reporter(session, casefile)
    assert not devices.touch(session, device, now=clock.now() + timedelta(minutes=59))
    assert devices.touch(session, device, now=clock.now() + timedelta(minutes=61))


def test_a_family_closes_its_own_phones_only(
    session: Session, casefile: CaseFile, other_casefile: CaseFile
) -> None:
    mine, twin = reporter(session, casefile), reporter(session, casefile)
    heir, stranger = reporter(session, casefile, "Deni"), reporter(session, other_casefile, "Rani")
    by = mine.actor
    devices.revoke_device(session, casefile.id, twin.device_id, by=by, now=clock.now())
    for casefile_id, other in (
        (casefile.id, heir),
        (casefile.id, stranger),
        (other_casefile.id, stranger),
        (casefile.id, twin),
    ):
        with pytest.raises(NotFound):
            devices.revoke_device(session, casefile_id, other.device_id, by=by, now=clock.now())
    mine_now = devices.list_devices(session, casefile.id, now=clock.now(), holder_name="Rani")
    assert [device.device_id for device in mine_now] == [mine.device_id]
    assert len(devices.list_devices(session, casefile.id, now=clock.now())) == 2


def test_staff_who_may_revoke_close_any_phone_of_the_case(
    session: Session, casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    device = reporter(session, casefile)
    with pytest.raises(NotPermitted):
        devices.revoke_device(session, casefile.id, device.device_id, by=staff["nina"], now=clock.now())
    devices.revoke_device(session, casefile.id, device.device_id, by=staff["dedi"], now=clock.now())
    assert devices.list_devices(session, casefile.id, now=clock.now()) == []


def by_code(session: Session, casefile: CaseFile, paper: slips.PrintedSlip, ordinal: int) -> str:
    """What the door does with a code; the token of the phone."""
    try_id = slip_codes.begin_try(session, casefile.number, "10.0.0.1", now=clock.now())
    found = slip_codes.match(
        slip_codes.codes_of(session, casefile.number),
        paper.codes[ordinal - 1],
        now=clock.now(),
        pepper=PEPPER,
    )
    return slip_codes.spend(session, found, try_id=try_id, label="HP Android", now=clock.now())


def test_a_fourth_phone_of_one_person_waits_until_one_is_closed(session: Session, casefile: CaseFile) -> None:
    paper = slips.issue_slip(session, casefile.id, "Rani", by=SYSTEM, now=clock.now(), pepper=PEPPER)
    first, _ = reporter(session, casefile), reporter(session, casefile, "Deni")
    for ordinal in (1, 2):
        by_code(session, casefile, paper, ordinal)
    with pytest.raises(NotPossible, match="Sudah ada 3 HP"):
        by_code(session, casefile, paper, 3)
    assert slips.live_slips(session, casefile.id)[0].codes_used == 2
    devices.revoke_device(session, casefile.id, first.device_id, by=first.actor, now=clock.now())
    assert by_code(session, casefile, paper, 3)


def test_a_borrowed_phone_closes_an_hour_after_its_last_use(session: Session, casefile: CaseFile) -> None:
    token = devices.device_for_reporter(session, casefile.id, "Rani", now=clock.now())
    own = devices.find_device(session, token, now=clock.now())
    assert own is not None
    devices.lend(session, own, by=own.actor, now=clock.now())
    for _ in range(3):
        later(timedelta(minutes=59))
        lent = devices.find_device(session, token, now=clock.now())
        assert lent is not None
        assert lent.borrowed
        assert devices.touch(session, lent, now=clock.now())
    later(timedelta(minutes=60))
    assert devices.find_device(session, token, now=clock.now()) is None


def test_a_phone_stands_for_the_holder_of_its_slip(session: Session, staff: Mapping[str, Actor]) -> None:
    """For a minor the guardian keeps it; the phone that reported stands for nobody in particular."""
    claim = story.reported(session)
    child = FamilyMember(
        casefile_id=claim.id,
        full_name="Deni",
        relation="child",
        source="KK",
        recorded_at=clock.now(),
        recorded_by_person_id=staff["dedi"].person_id or 0,
    )
    session.add(child)
    session.flush()
    proof = slips.Proof("wali dari anak", "both", member_id=child.id, guardian_of="Deni")
    paper = slips.issue_slip(
        session, claim.id, "Yusra", by=staff["dedi"], now=clock.now(), pepper=PEPPER, proof=proof
    )
    mother = devices.find_device(session, by_code(session, claim, paper, 1), now=clock.now())
    reported = reporter(session, claim, "Yusra")
    assert mother is not None
    assert devices.member_of(session, mother.device_id) == mother.member_id == child.id
    assert devices.member_of(session, reported.device_id) is None
