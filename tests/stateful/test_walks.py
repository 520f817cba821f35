"""Nobody's steps, in no order, bring a case where it must not be; and the walks really go everywhere.

Two machines over the three workflows: whole cases through the real verbs, and every edge by ``fire`` alone, which is
cheap enough to enter each state two hundred times. ``--hypothesis-show-statistics`` shows the visits.
"""

from collections.abc import Mapping
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from caseflow.claims.workflows import book
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.stateful.case_walk import CaseWalk
from tests.stateful.edge_walk import EdgeWalk
from tests.stateful.ground import WORKFLOWS, ground

VISITS = 200
BY_VERBS = 3
# the same walks every time: a state that is not visited is a fault of this test, never bad luck
_ALIKE = settings(
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
CASES = settings(_ALIKE, max_examples=50, stateful_step_count=10)
EDGES = settings(_ALIKE, max_examples=60, stateful_step_count=40)
STATES = [(name, state) for name in WORKFLOWS for state in book().latest(name).states]


def test_walks_go_everywhere_and_nothing_breaks(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    """Both machines on one database; the build fails for a state that was hardly seen."""
    with ground(fresh_database.engine, staff, tmp_path) as prepared:

        class Cases(CaseWalk):
            ground = prepared

        class Edges(EdgeWalk):
            ground = prepared

        run_state_machine_as_test(Cases, settings=CASES)
        run_state_machine_as_test(Edges, settings=EDGES)
    assert {place: n for place in STATES if (n := prepared.by_verbs[place]) < BY_VERBS} == {}
    assert {place: n for place in STATES if (n := prepared.visits[place]) < VISITS} == {}
