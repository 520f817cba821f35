"""The life of slips in any order: printed, printed again, typed, guessed at, unlocked with, lost, phones closed.

A model of what must hold runs beside the verbs; after every step the database is asked whether it agrees.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.errors import CaseflowError
from caseflow.people import devices, pins, slip_codes, slips
from caseflow.people.actor import Actor
from caseflow.people.models import Slip, SlipCode
from caseflow.workflow.models import CaseFile
from tests.conftest import START, FreshDatabase

from .conftest import PEPPER, new_casefile

HOLDERS = ("Yusra", "Rani")
# bounded, and the same walks every time: each step hashes slowly
WALKS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=10,
    stateful_step_count=20,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)


@dataclass
class Sheet:
    """A paper that somebody holds."""

    slip_id: int
    holder: str
    codes: tuple[str, ...]
    printed: float
    used: set[int] = field(default_factory=set)
    void: bool = False


@dataclass
class Phone:
    """An open phone; ``sheet``: of the paper that opened it."""

    token: str
    sheet: Sheet
    closed: bool = False


class SlipLife(RuleBasedStateMachine):
    """Set ``session`` and ``staff`` in a subclass; everything is rolled back by its owner."""

    session: Session
    staff: Mapping[str, Actor]
    seen: Counter[str]

    @initialize()
    def a_case(self) -> None:
        """A case of its own for every walk."""
        clock.set_start(START)
        self.savepoint = self.session.begin_nested()
        self.casefile: CaseFile = new_casefile(self.session)
        self.sheets: list[Sheet] = []
        self.phones: list[Phone] = []

    def teardown(self) -> None:
        """Leave nothing for the next walk."""
        if hasattr(self, "savepoint"):
            self.savepoint.rollback()

    @rule(holder=st.sampled_from(HOLDERS))
    def print_slip(self, holder: str) -> None:
        """A new paper voids the former one of the same person, and no phone."""
        printed = slips.issue_slip(
            self.session,
            self.casefile.id,
            holder,
            by=self.staff["dedi"],
            now=clock.now(),
            pepper=PEPPER,
            proof=slips.Proof("istri", "ktp"),
        )
        for sheet in self.sheets:
            sheet.void = sheet.void or sheet.holder == holder
        self.sheets.append(Sheet(printed.slip_id, holder, printed.codes, clock.now().timestamp()))

    @precondition(lambda self: self.sheets)
    @rule(which=st.integers(0, 2), ordinal=st.integers(1, 3))
    def open_phone(self, which: int, ordinal: int) -> None:
        """A code works once, on a paper in force, within thirty days, up to the third phone."""
        clock.set_start(clock.now() + timedelta(hours=1))  # no try waits for the one before
        sheet = self.sheets[-1 - which % len(self.sheets)]
        works = self.is_good(sheet, ordinal) and self.open_of(sheet.holder) < devices.MOST_OPEN
        try:
            token = self.spend(sheet.codes[ordinal - 1])
        except CaseflowError:
            assert not works
            return
        assert works
        sheet.used.add(ordinal)
        self.phones.append(Phone(token, sheet))
        self.seen["opened"] += 1

    @precondition(lambda self: self.sheets and any(not phone.closed for phone in self.phones))
    @rule(which=st.integers(0, 2), ordinal=st.integers(1, 3))
    def unlock(self, which: int, ordinal: int) -> None:
        """Another code of the holder's own paper unlocks, once; anybody else's does not."""
        clock.set_start(clock.now() + timedelta(hours=1))
        phone = next(phone for phone in self.phones if not phone.closed)
        own = [sheet for sheet in self.sheets if sheet.holder == phone.sheet.holder]
        sheet = self.sheets[-1] if which == 0 else own[-1]
        device = devices.find_device(self.session, phone.token, now=clock.now())
        works = device is not None and self.is_good(sheet, ordinal) and sheet.holder == phone.sheet.holder
        if device is None:
            return
        try:
            self.spend_to_unlock(sheet.codes[ordinal - 1], device)
        except CaseflowError:
            assert not works
            return
        assert works
        sheet.used.add(ordinal)
        seen = devices.find_device(self.session, phone.token, now=clock.now())
        assert seen is not None
        assert seen.is_unlocked(clock.now())
        self.seen["unlocked"] += 1

    @precondition(lambda self: sum(not sheet.void for sheet in self.sheets) > 1)
    @rule(which=st.integers(0, 9))
    def revoke(self, which: int) -> None:
        """A lost paper takes with it what was opened with it."""
        live = [sheet for sheet in self.sheets if not sheet.void]
        sheet = live[which % len(live)]
        slips.revoke_slip(self.session, sheet.slip_id, by=self.staff["dedi"], why="hilang", now=clock.now())
        sheet.void = True
        for phone in self.phones:
            phone.closed = phone.closed or phone.sheet is sheet

    @precondition(lambda self: any(not phone.closed for phone in self.phones))
    @rule(which=st.integers(0, 9))
    def close_phone(self, which: int) -> None:
        """From another phone, or at the counter."""
        opened = [phone for phone in self.phones if not phone.closed]
        phone = opened[which % len(opened)]
        device = devices.find_device(self.session, phone.token, now=clock.now())
        if device is not None:
            by = self.staff["dedi"]
            devices.revoke_device(self.session, self.casefile.id, device.device_id, by=by, now=clock.now())
        phone.closed = True

    @precondition(lambda self: len(self.phones) > 1)
    @rule(days=st.integers(1, 16))
    def wait(self, days: int) -> None:
        """Time passes; an open phone is used in between."""
        clock.set_start(clock.now() + timedelta(days=days))
        for phone in self.phones:
            device = devices.find_device(self.session, phone.token, now=clock.now())
            if device is not None:
                devices.touch(self.session, device, now=clock.now())
            phone.closed = phone.closed or device is None

    @invariant()
    def phones_are_as_the_model_says(self) -> None:
        """Open is open, closed is closed."""
        for phone in getattr(self, "phones", []):
            found = devices.find_device(self.session, phone.token, now=clock.now())
            assert (found is None) == phone.closed

    @invariant()
    def codes_are_as_the_model_says(self) -> None:
        """Used once is used; at most one paper of a person is in force."""
        for sheet in getattr(self, "sheets", []):
            used = select(SlipCode.ordinal).where(
                SlipCode.slip_id == sheet.slip_id, SlipCode.used_at.is_not(None)
            )
            assert set(self.session.scalars(used)) == sheet.used
            revoked = self.session.scalar(select(Slip.revoked_at).where(Slip.id == sheet.slip_id))
            assert (revoked is not None) == sheet.void
        for holder in HOLDERS:
            live = [one for one in getattr(self, "sheets", []) if one.holder == holder and not one.void]
            assert len(live) <= 1

    def is_good(self, sheet: Sheet, ordinal: int) -> bool:
        """Whether the code on the paper is still worth something."""
        too_old = clock.now().timestamp() >= sheet.printed + slips.CODES_LAST.total_seconds()
        return not sheet.void and ordinal not in sheet.used and not too_old

    def open_of(self, holder: str) -> int:
        """How many phones of a person are open."""
        return sum(not phone.closed and phone.sheet.holder == holder for phone in self.phones)

    def spend(self, code: str) -> str:
        """What the door does, from an address of its own each time: throttling has its own tests."""
        found, try_id = self.matched(code)
        return slip_codes.spend(self.session, found, try_id=try_id, label="", now=clock.now())

    def spend_to_unlock(self, code: str, device: devices.Device) -> None:
        """The other thing a code does."""
        found, try_id = self.matched(code)
        slip_codes.spend_to_unlock(self.session, found, try_id=try_id, by=device.actor, now=clock.now())
        pins.unlock(self.session, device, by=device.actor, now=clock.now())

    def matched(self, code: str) -> tuple[slip_codes.StoredCode, int]:
        """Typed and compared."""
        try_id = slip_codes.begin_try(self.session, self.casefile.number, "10.0.0.1", now=clock.now())
        codes = slip_codes.codes_of(self.session, self.casefile.number)
        return slip_codes.match(codes, code, now=clock.now(), pepper=PEPPER), try_id


def test_slips_live_as_they_should(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Ten walks of twenty steps."""
    with Session(fresh_database.engine) as opened:

        class Life(SlipLife):
            session = opened

        Life.staff, Life.seen = staff, Counter()
        run_state_machine_as_test(Life, settings=WALKS)
        opened.rollback()
    assert Life.seen["opened"] >= 10
    assert Life.seen["unlocked"] >= 3
