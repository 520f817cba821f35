"""Phones of families: open for a while, closed by hand, one case each."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import NotFound, NotPermitted
from caseflow.people import devices
from caseflow.people.actor import Actor
from caseflow.workflow.models import CaseFile

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
