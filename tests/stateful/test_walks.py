"""Nobody's steps, in no order, bring a case where it must not be; and the walks really go everywhere.

A survey and a machine carry whole cases by the real verbs; a second machine takes every edge by ``fire`` alone, which
is cheap enough to enter each state two hundred times. ``--hypothesis-show-statistics`` shows the visits.
"""

from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.workflows import book, definition_of
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.stateful.case_walk import CaseWalk
from tests.stateful.edge_walk import EdgeWalk
from tests.stateful.ground import TEMPLATES, WORKFLOWS, Ground, broken, entered, ground, stuck
from tests.stateful.player import Player

VISITS = 200
BY_VERBS = 2
# the same walks every time: a state that is not visited is a fault of this test, never bad luck
_ALIKE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
CASES = settings(_ALIKE, max_examples=20, stateful_step_count=10)
EDGES = settings(_ALIKE, max_examples=26, stateful_step_count=15)
STATES = [(name, state) for name in WORKFLOWS for state in book().latest(name).states]


def test_walks_go_everywhere_and_nothing_breaks(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    """All on one database; the build fails for a state that was hardly seen."""
    with ground(fresh_database.engine, staff, tmp_path) as prepared:

        class Cases(CaseWalk):
            ground = prepared

        class Edges(EdgeWalk):
            ground = prepared

        for template in TEMPLATES:
            survey(prepared, template)
        run_state_machine_as_test(Cases, settings=CASES)
        run_state_machine_as_test(Edges, settings=EDGES)
    rare = {place: n for place in STATES if (n := prepared.visits[place]) < VISITS}
    rare_by_verbs = {place: n for place in STATES if (n := prepared.by_verbs[place]) < BY_VERBS}
    assert (rare, rare_by_verbs) == ({}, {})


def survey(prepared: Ground, template: str) -> None:
    """From a prepared case go to every state that can be reached, each time from the beginning."""
    with prepared.session() as session:
        player = Player(prepared.stage(session), session.get_one(Claim, prepared.templates[template]))
        claim, began, before = player.claim, clock.now(), player.claim.version
        for step in entered(session, claim, after=-1):
            prepared.seen_by_verbs(step)
        for goal in definition_of(claim).states:
            savepoint = session.begin_nested()
            player.towards(goal)
            session.flush()
            for step in entered(session, claim, after=before):
                prepared.seen_by_verbs(step)
            assert stuck(claim) is None
            assert broken(prepared.connection) == {}
            savepoint.rollback()
            session.expire_all()
            clock.set_start(began)
