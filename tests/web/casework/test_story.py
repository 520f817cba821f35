"""The stories that all tests stand on reach the states they promise, with the sums they promise."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow.claims.benefit import current_assessment
from caseflow.claims.models import Claim
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from tests import story
from tests.story import NURBAITI, SAMSIR, SYAFRIL, ZULBAHRI, Person, Stage


@pytest.fixture
def stage(session: Session, staff: dict[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.mark.parametrize(
    ("play", "state"),
    [
        (story.reported, "reported"),
        (story.with_papers, "documents_complete"),
        (story.verifying, "verifying"),
        (story.held, "on_hold"),
        (story.submitted, "awaiting_approval"),
        (story.approved, "approved"),
        (story.returned, "returned"),
    ],
)
def test_each_story_ends_where_it_says(stage: Stage, play: Callable[[Stage], Claim], state: str) -> None:
    """Through the real verbs, by the people whose part it is."""
    assert play(stage).state == state


@pytest.mark.parametrize(
    ("person", "total_idr"), [(SAMSIR, 42_000_000), (NURBAITI, 10_000_000), (SYAFRIL, 42_000_000)]
)
def test_the_sums_are_those_of_the_law(stage: Stage, person: Person, total_idr: int) -> None:
    """Three lines, one line, and a child with a guardian."""
    claim = story.approved(stage, person)
    assessment = current_assessment(stage.session, claim.id)
    assert assessment is not None
    assert assessment.total_idr == total_idr


def test_nothing_is_payable_for_a_lapsed_member(stage: Stage) -> None:
    """Two people find it, and the claim ends as refused."""
    assert story.refused(stage, ZULBAHRI).state == "refused"
