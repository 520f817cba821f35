"""No case is ever stuck while its office is whole; one that is stuck is found, with why and what helps."""

import random
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, pool, select, text, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.operations import barred_person
from caseflow.claims.stuck import StuckCase, counts, stuck_cases
from caseflow.claims.workflows import book
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.errors import CaseflowError
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import RoleGrant, StaffUser
from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.fire import fire, take_duty
from caseflow.workflow.models import CaseFile
from caseflow.workflow.rehearsal import shortest_way
from caseflow.workflow.spine import onward
from tests import story
from tests.conftest import FreshDatabase
from tests.story import Stage
from tests.workflow.world import CALENDAR, World

STEPS = 30
# each to a kind of work of their own, as the practice accounts say
DESKS = {"dedi": "verify", "sari": "verify", "mega": "approve", "hana": "approve", "bram": "approve",
         "nina": "make_batch", "hadi": "release", "lusi": "reconcile"}  # fmt: skip
FAMILY = Actor(kind="family", name="Keluarga", roles=frozenset({"family"}))


class Walk:
    """A case that takes steps at random through the real engine, with rules that have nothing to say."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.session = world.session
        self.chance = random.Random(seed)  # noqa: S311 - a walk, not a secret
        self.people = [SYSTEM, FAMILY, *world.staff.values()]
        self.case = world.opened()
        self.case.branch_code = "solok"
        self.session.flush()

    @property
    def definition(self) -> Workflow:
        return book().get(self.case.workflow, self.case.workflow_version)

    def hand_out_duties(self) -> None:
        """Let chance give most people some work on the case beforehand."""
        for person in self.world.staff.values():
            if self.chance.random() < 0.6:
                duty = self.chance.choice(sorted(DUTIES))
                take_duty(self.session, self.case, duty, by=person, now=clock.now())

    def found(self) -> StuckCase | None:
        """What the check says of this case."""
        found = stuck_cases(self.session, branch_code="solok")
        return next((one for one in found if one.casefile_id == self.case.id), None)

    def leave(self) -> None:
        """Put the case where no later look finds it."""
        self.case.branch_code = "uji"

    def step(self, *, at_desks: bool, seen: Collection[str] = ()) -> bool:
        """Take one step that brings the case on or not; return whether anybody could bring it on.

        :param seen: states that need no more visits; every second step goes towards another one.
        """
        moves = list(self.definition.moves_from(self.case.state))
        further = [move for move in onward(self.definition, self.case.state) if counts(self.definition, move)]
        self.chance.shuffle(moves)
        if seen and self.chance.random() < 0.7:
            way = shortest_way(self.definition, self.case.state, lambda state: state not in seen) or []
            moves.sort(key=lambda move: [move] != [action for action, _ in way[:1]])
        could = any(self._can(move, at_desks=at_desks, keep=False) for move in further)
        any(self._can(move, at_desks=at_desks, keep=True) for move in moves)
        return could

    def _can(self, move: Action, *, at_desks: bool, keep: bool) -> bool:
        people = self.people[:]
        self.chance.shuffle(people)
        return any(self._try(move, person, at_desks=at_desks, keep=keep) for person in people)

    def _try(self, move: Action, person: Actor, *, at_desks: bool, keep: bool) -> bool:
        if person.roles.isdisjoint(move.by):
            return False
        desk = next(
            (DESKS[name] for name, one in self.world.staff.items() if one is person and name in DESKS), None
        )
        if at_desks and move.duty is not None and desk != move.duty:
            return False
        if (
            person.person_id is not None
            and barred_person(self.session, self.case.id, move.name) == person.person_id
        ):
            return False
        savepoint = self.session.begin_nested()
        try:
            if move.duty == "release":
                self._make_batch(person, at_desks=at_desks)
            self._fire(move, person)
        except (CaseflowError, StopIteration):
            savepoint.rollback()
            return False
        if not keep:
            savepoint.rollback()
            self.session.refresh(self.case)
        return True

    def _make_batch(self, releaser: Actor, *, at_desks: bool) -> None:
        """Somebody else has put the payment into a batch before it is released."""
        makers = [
            one for name, one in self.world.staff.items() if "finance" in one.roles and one is not releaser
        ]
        if at_desks:
            makers = [self.world.staff["nina"]]
        for maker in makers:
            savepoint = self.session.begin_nested()
            try:
                take_duty(self.session, self.case, "make_batch", by=maker, now=clock.now())
            except CaseflowError:
                savepoint.rollback()
                continue
            return
        raise StopIteration

    def _fire(self, move: Action, person: Actor) -> None:
        reason = move.reasons[0].code if move.reason == "required" and move.reasons else None
        fire(
            self.session,
            self.case,
            move.name,
            by=person,
            expected_version=self.case.version,
            definition=self.definition,
            calendar=CALENDAR,
            now=clock.now(),
            rules=self.world.rules,
            reason_code=reason,
            reason_text="Dicoba dalam pengujian." if move.reason == "required" else None,
            destination=book().latest(move.into) if move.into else None,
        )


@pytest.mark.parametrize("name", ["jkm", "jkk", "scholarship"])
def test_in_a_whole_office_no_reachable_state_is_stuck(
    session: Session, staff: Mapping[str, Actor], name: str
) -> None:
    """Everybody keeps to a kind of work: whatever happens to a case, somebody can bring it on."""
    seen: set[str] = set()
    world = World(session, staff, definition=book().latest(name))
    for seed in range(60):
        walk = Walk(world, seed)
        for _ in range(STEPS):
            if walk.case.workflow == name:
                seen.add(walk.case.state)
            if walk.case.closed_at is None:
                assert walk.found() is None, (seed, walk.case.state)
            walk.step(at_desks=True, seen=seen)
        walk.leave()
        if seen == set(book().latest(name).states):
            break
    assert seen == set(book().latest(name).states)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", ["jkm", "jkk", "scholarship"])
def test_what_the_check_says_is_what_the_engine_does(
    session: Session, staff: Mapping[str, Actor], name: str, seed: int
) -> None:
    """Many hold a duty already, and all take any work they may: found is exactly what nobody can bring on."""
    walk = Walk(World(session, staff, definition=book().latest(name)), seed)
    walk.hand_out_duties()
    for _ in range(STEPS):
        if walk.case.closed_at is not None:
            break
        found = walk.found()
        state = walk.case.state
        assert walk.step(at_desks=False) == (found is None), (state, found)


@pytest.fixture
def store(tmp_path: object) -> ObjectStore:
    """An empty folder."""
    return open_store(f"folder://{tmp_path}/objects")


def said(session: Session, casefile_id: int) -> list[str]:
    found = [one for one in stuck_cases(session, branch_code="solok") if one.casefile_id == casefile_id]
    return [f"{problem.code}: {problem.why}" for one in found for problem in one.problems]


def test_a_case_of_somebody_who_left_is_found(
    session: Session, store: ObjectStore, staff: Mapping[str, Actor]
) -> None:
    claim = story.verifying(Stage(session, store, staff))
    assert said(session, claim.id) == []
    session.execute(update(StaffUser).where(StaffUser.username == "dedi").values(active=False))
    assert said(session, claim.id) == [
        "owner: Pemegang kasus sudah tidak aktif atau bukan petugas cabang ini lagi."
    ]


def test_a_case_that_nobody_may_approve_any_more_is_found(
    session: Session, store: ObjectStore, staff: Mapping[str, Actor]
) -> None:
    """That an officer could take it back does not help it on."""
    claim = story.submitted(Stage(session, store, staff))
    for name in ("mega", "hana"):
        take_duty(session, claim, "verify", by=staff[name], now=clock.now())
    assert said(session, claim.id) == []
    take_duty(session, claim, "release", by=staff["bram"], now=clock.now())
    (sentence,) = said(session, claim.id)
    assert sentence.startswith(
        "step: Tidak ada orang yang dapat menjalankan langkah berikutnya. “Setujui” perlu"
    )


def test_a_payment_that_one_person_alone_would_make_and_release_is_found(
    session: Session, store: ObjectStore, staff: Mapping[str, Actor]
) -> None:
    claim = story.approved(Stage(session, store, staff))
    for name in ("nina", "hadi", "bram"):
        session.execute(update(StaffUser).where(StaffUser.username == name).values(active=False))
    (sentence,) = said(session, claim.id)
    assert "“Lepas pembayaran” perlu" in sentence


def test_an_office_without_officers_is_found(session: Session, staff: Mapping[str, Actor]) -> None:
    claim = story.reported(session)
    session.execute(
        update(RoleGrant)
        .where(RoleGrant.role.in_(("officer", "approver", "branch_head")))
        .values(revoked_at=clock.now())
    )
    assert [sentence.split(":")[0] for sentence in said(session, claim.id)] == ["owner"]


def test_whoever_stopped_a_case_is_not_the_one_who_goes_on(
    session: Session, store: ObjectStore, staff: Mapping[str, Actor]
) -> None:
    stage = Stage(session, store, staff, officer="dedi")
    claim = story.verifying(stage)
    stage.officer = "bram"
    story.move(stage, claim, "hold", reason_code="dispute")
    assert said(session, claim.id) == []
    for name in ("mega", "hana"):
        session.execute(update(StaffUser).where(StaffUser.username == name).values(active=False))
    assert len(said(session, claim.id)) == 1


@pytest.fixture
def owner(fresh_database: FreshDatabase) -> Iterator[Session]:
    """The role that may take a constraint away."""
    engine = create_engine(fresh_database.owner_url, poolclass=pool.NullPool)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_a_case_without_a_day_is_found(owner: Session) -> None:
    """The table refuses it; a database that was mended by hand may hold one."""
    owner.execute(text("ALTER TABLE casefile DROP CONSTRAINT ck_casefile_open_has_a_day"))
    claim = story.reported(owner)
    owner.execute(update(CaseFile).where(CaseFile.id == claim.id).values(due_on=None, follow_up_on=None))
    owner.refresh(claim)
    assert said(owner, claim.id) == ["day: Tidak ada hari untuk melihatnya lagi."]


def test_a_case_whose_file_is_gone_is_found(session: Session) -> None:
    claim = story.reported(session)
    session.execute(update(CaseFile).where(CaseFile.id == claim.id).values(workflow_version=77))
    session.refresh(claim)
    assert said(session, claim.id) == ["file: Berkas alurnya tidak ada di server ini."]
    session.execute(update(CaseFile).where(CaseFile.id == claim.id).values(workflow_version=2))


def test_a_closed_case_is_never_stuck(session: Session, staff: Mapping[str, Actor]) -> None:
    claim = story.reported(session)
    now = clock.now() - timedelta(days=1)
    session.execute(
        update(CaseFile).where(CaseFile.id == claim.id).values(closed_at=now, workflow_version=77)
    )
    assert said(session, claim.id) == []
    assert session.scalar(select(CaseFile.closed_at).where(CaseFile.id == claim.id)) is not None
    session.execute(
        update(CaseFile).where(CaseFile.id == claim.id).values(closed_at=None, workflow_version=2)
    )
