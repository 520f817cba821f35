"""The database that walks are played on: template cases made once, everything after them taken back run by run."""

from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import CHECKS
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.scholarship_opening import ChildFacts, open_right
from caseflow.claims.workflows import book, definition_of
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.workflow.definition import Action, Workflow
from caseflow.workflow.models import History
from tests import accident_story, story
from tests.accidents import ERMAWATI, MARZUKI
from tests.story import BRANCH, Stage

Visits = Counter[tuple[str, str]]
# everything that does not need money to be there
WITHOUT_MONEY = ("I1_state_has_history", "I2_only_known_moves", "I7_one_duty_a_person")
WORKFLOWS = ("jkm", "jkk", "scholarship")

_CHOSEN_BY = "Istri pekerja, di kantor cabang"


@dataclass
class Ground:
    """A connection in one transaction that is never committed, and the keys of the template cases.

    :ivar visits: how often each state of each workflow was entered; :ivar by_verbs: those by the real verbs alone.
    """

    connection: Connection
    staff: Mapping[str, Actor]
    folder: Path
    templates: dict[str, int] = field(default_factory=dict)
    visits: Visits = field(default_factory=Counter)
    by_verbs: Visits = field(default_factory=Counter)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Give a session whose work is taken back at the end."""
        savepoint = self.connection.begin_nested()
        began = clock.now()
        try:
            with Session(self.connection, join_transaction_mode="create_savepoint") as opened:
                yield opened
        finally:
            savepoint.rollback()
            clock.set_start(began)

    def seen_by_verbs(self, step: tuple[str, str]) -> None:
        """Count a state that the real verbs brought a case to."""
        self.visits[step] += 1
        self.by_verbs[step] += 1

    def stage(self, session: Session) -> Stage:
        """Give the stage over a session."""
        return Stage(session, open_store(f"folder://{self.folder}"), self.staff)


@contextmanager
def ground(engine: Engine, staff: Mapping[str, Actor], folder: Path) -> Iterator[Ground]:
    """Prepare the template cases in a transaction that is rolled back at the end."""
    with engine.connect() as connection:
        transaction = connection.begin()
        prepared = Ground(connection, staff, folder)
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            stage = prepared.stage(session)
            accident_story.adviser(stage)
            for name, carry in TEMPLATES.items():
                prepared.templates[name] = carry(stage).id
            session.commit()
        yield prepared
        transaction.rollback()


def _scholarship(stage: Stage, child: str, facts: ChildFacts) -> Claim:
    """Open the right of one of Ermawati's children; her claim is carried to the money the first time."""
    origin = stage.session.scalar(select(Claim).where(Claim.subject == "Ermawati", Claim.state == "paid"))
    if origin is None:
        origin = accident_story.paid(stage, ERMAWATI)
    member_id = stage.session.scalars(
        select(FamilyMember.id).where(FamilyMember.casefile_id == origin.id, FamilyMember.full_name == child)
    ).one()
    return open_right(
        stage.session,
        origin,
        member_id,
        facts,
        chosen_by=_CHOSEN_BY,
        branch=BRANCH,
        by=stage.verifier,
        now=clock.now(),
    )


def _at_school(stage: Stage) -> Claim:
    return _scholarship(stage, "Salma", ChildFacts(employment="none"))


def _not_at_school(stage: Stage) -> Claim:
    expected = clock.today() + timedelta(days=300)
    return _scholarship(stage, "Ilham", ChildFacts(school_expected_on=expected, employment="none"))


def _treated(stage: Stage) -> Claim:
    """Marzuki had fallen the day before too."""
    day = MARZUKI.event.happened_on - timedelta(days=1)
    report, facts = replace(MARZUKI.report, happened_on=day), replace(MARZUKI.event, happened_on=day)
    return accident_story.treated(stage, replace(MARZUKI, report=report, event=facts))


TEMPLATES: Mapping[str, Callable[[Stage], Claim]] = {
    "death reported": story.reported,
    "death with papers": lambda stage: story.with_papers(stage, story.NURBAITI),
    "accident notified": accident_story.notified,
    "accident treated": _treated,
    "accident with papers": lambda stage: accident_story.with_papers(stage, accident_story.SYAFRIL_HURT),
    "child at school": _at_school,
    "child not at school": _not_at_school,
}


def entered(session: Session, claim: Claim, *, after: int) -> Iterator[tuple[str, str]]:
    """Give workflow and state of every step of a case after a version; a move may lead into another workflow."""
    rows = session.execute(
        select(History.workflow, History.workflow_version, History.action, History.state)
        .where(History.casefile_id == claim.id, History.version > after)
        .order_by(History.version)
    )
    for row in rows:
        action = book().get(row.workflow, row.workflow_version).find_action(row.action)
        yield (action.into if action is not None and action.into else row.workflow), row.state


def broken(connection: Connection, names: tuple[str, ...] = tuple(CHECKS)) -> dict[str, list[str]]:
    """Ask the deferred constraints and the checkers; return what they have against the rows."""
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    found = {name: [str(row) for row in connection.execute(text(CHECKS[name]))] for name in names}
    return {name: rows for name, rows in found.items() if rows}


def way_to(
    definition: Workflow, state: str, goal: str, without: Collection[tuple[str, str]] = ()
) -> list[Action]:
    """Return the shortest way inside a workflow, empty if there is none.

    :param without: pairs of state and action that are closed.
    """
    ways: deque[tuple[str, list[Action]]] = deque([(state, [])])
    seen = {state}
    while ways:
        here, way = ways.popleft()
        for step in definition.steps_from(here):
            if (here, step.name) in without or step.target in seen:
                continue
            if step.target == goal:
                return [*way, step]
            seen.add(step.target)
            ways.append((step.target, [*way, step]))
    return []


def stuck(claim: Claim) -> str | None:
    """Say why nobody would ever touch the case again, if so: no day in anybody's list, or no step to take."""
    definition = definition_of(claim)
    if definition.states[claim.state].final:
        return None
    if claim.due_on is None and claim.follow_up_on is None:
        return f"{claim.workflow}.{claim.state} has neither a deadline nor a day to look again"
    return None if definition.moves_from(claim.state) else f"{claim.workflow}.{claim.state} has no way out"
