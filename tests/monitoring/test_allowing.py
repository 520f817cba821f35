"""A family without a phone allows visits again at a desk: who said so, when and how, with the text that was read."""

from datetime import timedelta

import pytest

from caseflow import clock
from caseflow.errors import Invalid, NotPermitted, NotPossible
from caseflow.monitoring import allowing, consents
from caseflow.monitoring.allowing import Word
from caseflow.monitoring.models import Plan
from tests.story import Stage
from tests.told import visitor
from tests.visit_story import days_pass, followed, settled, visit_of


@pytest.fixture
def plan(stage: Stage) -> Plan:
    """A family that said no at its first call, five days ago."""
    found = followed(stage)
    settled(stage, visit_of(stage, found, "m1"), "declined", by=visitor(stage, found), said_by="Elmita")
    days_pass(5)
    return found


def test_its_word_at_the_office_lets_visits_go_on(stage: Stage, plan: Plan) -> None:
    siska, said_at = stage.staff["siska"], clock.now() - timedelta(hours=2)
    word = allowing.allow(
        stage.session, plan, Word(" Elmita ", said_at, "office", True), by=siska, now=clock.now()
    )
    assert plan.state == "following"
    assert consents.standing(stage.session, plan.id) is word
    assert (word.given, word.said_by, word.said_at, word.note) == (
        True, "Elmita", said_at, "Keluarga datang ke kantor.",
    )  # fmt: skip
    assert (word.version, word.user_id) == (consents.text_on(clock.today()).version, siska.user_id)
    with pytest.raises(NotPossible, match="tidak dihentikan keluarga"):
        allowing.allow(
            stage.session, plan, Word("Elmita", said_at, "office", True), by=siska, now=clock.now()
        )


def test_what_is_missing_is_all_said_at_once_and_the_no_stands(stage: Stage, plan: Plan) -> None:
    now = clock.now()
    before, after = now - timedelta(days=6), now + timedelta(hours=1)
    for word, fields in (
        (Word(" ", now, "visit", False), {"said_by", "way", "read"}),
        (Word("Elmita", before, "office", True), {"said_on"}),
        (Word("Elmita", after, "called", True), {"said_on"}),
    ):
        with pytest.raises(Invalid) as refused:
            allowing.allow(stage.session, plan, word, by=stage.staff["siska"], now=now)
        assert set(refused.value.fields) == fields
    assert plan.state == "paused"


def test_nobody_who_visits_allows_it_for_the_family(stage: Stage, plan: Plan) -> None:
    word = Word("Elmita", clock.now(), "office", True)
    for by in (visitor(stage, plan), stage.staff["dedi"], stage.staff["fitri"]):
        with pytest.raises(NotPermitted):
            allowing.allow(stage.session, plan, word, by=by, now=clock.now())
