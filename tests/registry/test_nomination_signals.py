"""Signs on lists: who dies so soon after being put on one, at the very edge of the policy; nothing is refused."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from caseflow.people.actor import Actor
from caseflow.registry import queries
from caseflow.registry.nomination_signals import days_to_death, signs_by_nagari
from tests.registry.lists import CONTOH, Lists


@pytest.mark.parametrize(("after", "early"), [(-1, 1), (0, 0), (1, 0)])
def test_a_death_soon_after_enrolment_is_counted(
    session: Session, staff: Mapping[str, Actor], after: int, early: int
) -> None:
    lists = Lists(session, {**staff, "fitri": staff["fitri"]})
    nomination = lists.accepted(lists.quota(), 1)
    before = signs_by_nagari(session, by=staff["desi"], since=date(2026, 11, 1), on=date(2026, 11, 20))
    limit = queries.policy(session, "death_after_joining_days", date(2026, 11, 20))
    worker = lists.enrol(lists.rows(nomination)[0], on=date(2026, 3, 2))
    worker.died_on = date(2026, 3, 2) + timedelta(days=limit + after)
    session.flush()
    found = signs_by_nagari(session, by=staff["desi"], since=date(2026, 11, 1), on=date(2026, 11, 20))
    assert [one.early_deaths for one in found] == [before[0].early_deaths + early]
    assert found[0].named == before[0].named
    assert dict(days_to_death(session, by=staff["desi"]))["pada hari itu atau sebelumnya"] == 1
    assert CONTOH not in {one.region_code for one in found}
