"""The PIN of a family's phone: six digits nobody guesses first, a quarter of an hour, void after ten wrong ones."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.errors import Invalid, NotPermitted, NotPossible, TooMany
from caseflow.people import devices, hashing, pins, slip_codes, slips
from caseflow.people.actor import SYSTEM
from caseflow.people.models import FamilyDevice, HelperMandate
from caseflow.workflow.models import CaseFile

from .conftest import PEPPER

PIN = "802417"
MINUTE = timedelta(minutes=1)
BORN = date(1976, 9, 12)


def opened(session: Session, casefile: CaseFile, holder: str = "Yusra") -> str:
    """The token of a phone that has just reported."""
    return devices.device_for_reporter(session, casefile.id, holder, now=clock.now())


def phone(session: Session, token: str) -> devices.Device:
    """The phone as the door sees it now."""
    found = devices.find_device(session, token, now=clock.now())
    assert found is not None
    return found


def set_pin(session: Session, token: str, pin: str = PIN) -> None:
    device = phone(session, token)
    pin_hash = hashing.hash_pin(pin, device.device_id, pepper=PEPPER)
    pins.set_pin(session, device, pin_hash, by=device.actor, now=clock.now())


def unlock(session: Session, token: str, pin: str = PIN) -> None:
    """What the door does, in one transaction."""
    device = phone(session, token)
    try_id = pins.begin_try(session, device, "10.0.0.1", now=clock.now())
    pins.check(pins.pin_hash_of(session, device), pins.read_pin(pin), device, pepper=PEPPER)
    pins.unlock(session, device, by=device.actor, now=clock.now(), try_id=try_id)


def later(by: timedelta) -> None:
    clock.set_start(clock.now() + by)


@pytest.mark.parametrize("typed", ["802417", "802 417", "80-24-17", " 802417\n", "８０２４１７"])
def test_spacing_is_forgiven(typed: str) -> None:
    assert pins.read_pin(typed) == PIN


@pytest.mark.parametrize("typed", ["", "80241", "8024170", "8O2417", "٨٠٢٤١٧x", "802417\x00", "9" * 10_000])
def test_six_digits_or_a_sentence(typed: str) -> None:
    with pytest.raises(Invalid, match="6 angka") as refused:
        pins.read_pin(typed)
    assert set(refused.value.fields) == {"pin"}


@pytest.mark.parametrize(
    "pin",
    [
        *("000000", "111111", "123456", "654321", "012345", "246802", "121212", "112211", "802802"),
        *("120976", "091276", "760912", "091976", "197609"),
    ],
)
def test_what_anybody_would_try_first_is_refused(pin: str) -> None:
    with pytest.raises(Invalid, match="Pilih 6 angka lain"):
        pins.check_strength(pin, [BORN])


def test_an_easy_pin_and_a_birthday_are_refused_in_the_same_words() -> None:
    said = set()
    for pin in ("123456", "120976"):
        with pytest.raises(Invalid) as refused:
            pins.check_strength(pin, [BORN])
        said.add(refused.value.sentence)
    assert len(said) == 1


@pytest.mark.parametrize("pin", [PIN, "120977", "904183"])
def test_anything_else_may_be_a_pin(pin: str) -> None:
    pins.check_strength(pin, [BORN])


def test_a_pin_is_kept_as_a_hash_bound_to_its_phone(session: Session, casefile: CaseFile) -> None:
    mine, twin = opened(session, casefile), opened(session, casefile)
    set_pin(session, mine)
    stored = pins.pin_hash_of(session, phone(session, mine))
    assert stored is not None
    assert stored.startswith("$argon2id$")
    assert PIN not in stored
    with pytest.raises(Invalid):
        pins.check(stored, PIN, phone(session, twin), pepper=PEPPER)
    with pytest.raises(Invalid):
        pins.check(stored, PIN, phone(session, mine), pepper="q" * 40)
    events = session.scalars(select(AuditEvent).where(AuditEvent.casefile_id == casefile.id)).all()
    assert "device.pin_set" in {event.action for event in events}
    assert not any(PIN in str(vars(event)) for event in events)


def test_unlocked_for_a_quarter_of_an_hour(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile)
    set_pin(session, token)
    assert phone(session, token).is_unlocked(clock.now())
    later(15 * MINUTE)
    assert not phone(session, token).is_unlocked(clock.now())
    unlock(session, token)
    assert phone(session, token).is_unlocked(clock.now())
    pins.lock(session, phone(session, token), by=phone(session, token).actor)
    assert not phone(session, token).is_unlocked(clock.now())


def test_a_pin_is_set_freely_for_half_an_hour_only(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile)
    later(29 * MINUTE)
    assert pins.may_set(session, phone(session, token), now=clock.now())
    later(MINUTE)
    with pytest.raises(NotPossible, match="Buka kunci dulu"):
        set_pin(session, token)
    assert not phone(session, token).has_pin


def test_a_locked_phone_changes_nothing(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile)
    set_pin(session, token)
    pins.lock(session, phone(session, token), by=phone(session, token).actor)
    with pytest.raises(NotPossible, match="Buka kunci dulu"):
        set_pin(session, token, "904183")
    device = phone(session, token)
    with pytest.raises(NotPossible, match="Buka kunci dulu"):
        pins.remove_pin(session, device, by=device.actor, now=clock.now())
    unlock(session, token)
    set_pin(session, token, "904183")
    device = phone(session, token)
    pins.remove_pin(session, device, by=device.actor, now=clock.now())
    assert not phone(session, token).has_pin
    assert not phone(session, token).is_unlocked(clock.now())


def test_guessing_waits_and_ten_wrong_ones_void_the_pin(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile)
    set_pin(session, token)
    wrong = waited = 0
    while wrong < pins.MOST_WRONG:
        try:
            unlock(session, token, "904183")
        except TooMany as refused:
            later(timedelta(seconds=refused.retry_after))
            waited += 1
        except Invalid:
            wrong += 1
    assert waited == 5
    later(2 * timedelta(hours=1))
    with pytest.raises(NotPossible, match="kode slip"):
        unlock(session, token)
    assert pins.pin_hash_of(session, phone(session, token)) is None
    assert not pins.may_set(session, phone(session, token), now=clock.now())


def test_a_code_of_the_own_slip_unlocks_and_forgives(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile)
    paper = slips.issue_slip(session, casefile.id, "Yusra", by=SYSTEM, now=clock.now(), pepper=PEPPER)
    set_pin(session, token)
    for _ in range(4):
        with pytest.raises(Invalid):
            unlock(session, token, "904183")
    spend_to_unlock(session, casefile, token, paper.codes[2])
    assert not pins.was_voided(session, phone(session, token), now=clock.now())
    assert pins.may_set(session, phone(session, token), now=clock.now())
    later(timedelta(seconds=1))
    for _ in range(4):  # counted anew
        with pytest.raises(Invalid):
            unlock(session, token, "904183")
    with pytest.raises(NotPossible, match="Kode HP 3 sudah dipakai"):
        spend_to_unlock(session, casefile, token, paper.codes[2])


def test_another_persons_code_unlocks_nothing(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile)
    foreign = slips.issue_slip(session, casefile.id, "Rani", by=SYSTEM, now=clock.now(), pepper=PEPPER)
    with pytest.raises(Invalid, match="tidak cocok"):
        spend_to_unlock(session, casefile, token, foreign.codes[0])
    assert slips.live_slips(session, casefile.id)[0].codes_used == 0


def spend_to_unlock(session: Session, casefile: CaseFile, token: str, code: str) -> None:
    device = phone(session, token)
    try_id = slip_codes.begin_try(session, casefile.number, "10.0.0.1", now=clock.now())
    codes = slip_codes.codes_of(session, casefile.number)
    found = slip_codes.match(codes, code, now=clock.now(), pepper=PEPPER)
    slip_codes.spend_to_unlock(session, found, try_id=try_id, by=device.actor, now=clock.now())
    pins.unlock(session, device, by=device.actor, now=clock.now())


def test_the_phone_of_a_helper_never_goes_further(session: Session, casefile: CaseFile) -> None:
    token = opened(session, casefile, "Jon")
    mandate = HelperMandate(
        casefile_id=casefile.id,
        helper_name="Jon",
        helper_relation="wali_jorong",
        helper_phone="+6281267001111",
        given_by_name="Yusra",
        given_by_relation="istri",
        given_how="spoken",
        given_at=clock.now(),
        ends_on=clock.today() + timedelta(days=30),
    )
    session.add(mandate)
    session.flush()
    session.execute(
        update(FamilyDevice)
        .where(FamilyDevice.casefile_id == casefile.id)
        .values(mandate_id=mandate.id, unlocked_until=clock.now() + 10 * MINUTE)
    )
    device = phone(session, token)
    assert not device.is_unlocked(clock.now())
    with pytest.raises(NotPermitted, match="HP keluarga sendiri"):
        set_pin(session, token)
    with pytest.raises(NotPermitted):
        pins.unlock(session, device, by=device.actor, now=clock.now())
