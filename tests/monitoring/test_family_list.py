"""The list of families: every one is found by name, number or nagari, and no page is the last but the last."""

import pytest

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.monitoring import consents, family_list, lists, plans
from caseflow.monitoring.family_list import Filters
from tests.families import FIRDAUS, SAMSIR, SYAFRIL
from tests.story import Stage
from tests.told import other, visitor
from tests.visit_story import followed


def test_every_family_is_reached_page_by_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    siska = stage.staff["siska"]
    followed_ones = {followed(stage, person).public_id for person in (FIRDAUS, SYAFRIL, SAMSIR)}
    monkeypatch.setattr(family_list, "PAGE", 1)
    seen, after = [], None
    for _ in followed_ones:
        found = family_list.page(stage.session, Filters(), by=siska, after=after)
        assert found.total == 3
        seen += [row.plan for row in found.rows]
        after = found.after
    assert (set(seen), len(seen), after) == (followed_ones, 3, None)
    assert family_list.page(stage.session, Filters(), by=siska, after="nobody").rows[0].plan == seen[0]


def test_a_family_is_found_by_part_of_a_name_a_number_or_its_nagari(stage: Stage) -> None:
    siska = stage.staff["siska"]
    plan, elsewhere = followed(stage, FIRDAUS), followed(stage, SYAFRIL)
    claim = stage.session.get_one(Claim, plan.claim_id)

    def found(**chosen: str) -> list[str]:
        return [row.plan for row in family_list.page(stage.session, Filters(**chosen), by=siska).rows]

    for search in ("elmi", "FIRDAUS", plan.number, claim.number.lower(), f"  {plan.contact_name} "):
        assert found(search=search) == [plan.public_id], search
    assert found(search="100%") == found(search="_") == []
    assert found(region_code=elsewhere.region_code) == [elsewhere.public_id]
    assert [name for _, name in family_list.nagari_choices(stage.session, by=siska)] == [
        "Koto Contoh",
        "Koto Latihan",
    ]


def test_stopped_and_ended_families_are_found_by_how_they_stand(stage: Stage) -> None:
    siska = stage.staff["siska"]
    plan, ended = followed(stage, FIRDAUS), followed(stage, SYAFRIL)
    consents.withdraw(stage.session, plan, said_by="Elmita", by=visitor(stage, plan), now=clock.now())
    plans.take_step(
        stage.session, ended, "end", by=siska, expected_version=ended.version, now=clock.now(),
        reason_code="moved", reason_text="Pindah ke Dharmasraya.",
    )  # fmt: skip

    def found(standing: str) -> list[str]:
        page = family_list.page(stage.session, Filters(standing=standing), by=siska)
        return [row.plan for row in page.rows]

    assert (found("open"), found("paused"), found("over")) == (
        [plan.public_id],
        [plan.public_id],
        [ended.public_id],
    )


def test_who_stopped_lately_is_counted_beyond_the_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(family_list, "STOPPED_SHOWN", 1)
    for person in (FIRDAUS, SYAFRIL):
        plan = followed(stage, person)
        consents.withdraw(stage.session, plan, said_by="Keluarga", by=stage.staff["siska"], now=clock.now())
    rows, total = family_list.stopped(stage.session, by=stage.staff["siska"], now=clock.now())
    assert (len(rows), total) == (1, 2)


def test_nobody_finds_families_of_another_visitor(stage: Stage) -> None:
    plan = followed(stage)
    theirs = other(stage, plan)
    assert family_list.page(stage.session, Filters(search="Elmita"), by=theirs).rows == []
    assert family_list.nagari_choices(stage.session, by=theirs) == []


def test_the_schedule_goes_on_after_its_first_page(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = followed(stage)
    monkeypatch.setattr(lists, "PAGE", 2)
    seen, after = [], None
    for _ in range(3):
        found = lists.due_visits(stage.session, by=visitor(stage, plan), after=after)
        seen += [one.kind for one in found[:2]]
        after = found[1].public_id if len(found) > 2 else None
    assert (seen, after) == (["m1", "m3", "m6", "m12", "m24"], None)
