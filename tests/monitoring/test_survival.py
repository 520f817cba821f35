"""The curve of businesses that still give a living, on examples that can be counted by hand."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from caseflow.monitoring import survival
from caseflow.monitoring.survival import MILESTONES, NOT_SEEN, Point, Told, alike
from caseflow.monitoring.visit_models import STAGES


def curve(told: Iterable[Told]) -> tuple[Point, ...]:
    return survival.curve(alike(told))


def met(plan_id: int, milestone: str, stage: str | None) -> Told:
    return Told(plan_id, milestone, "met", stage)


# four families: A runs a shop all along; B's goat farm grows, then stops; C never began; D moved away before month 6
A, B, C, D = 1, 2, 3, 4
STORY = (
    met(A, "m3", "running"), met(A, "m6", "running"), met(A, "m12", "growing"),
    met(B, "m3", "running"), met(B, "m6", "growing"), met(B, "m12", "stopped"),
    met(C, "m3", "none"), met(C, "m6", "planned"), Told(C, "m12", None, None),
    met(D, "m3", "started"), Told(D, "m6", "moved", None), Told(D, "m12", "moved", None),
)  # fmt: skip


def test_worked_example() -> None:
    three, six, twelve = curve(STORY)
    assert (three.due, three.seen, three.matched, three.matched_alive, three.percent) == (4, 4, 4, 2, 50)
    assert (six.due, six.seen, six.matched, six.matched_alive, six.percent) == (4, 3, 3, 2, 67)
    assert (twelve.due, twelve.seen, twelve.matched, twelve.matched_alive, twelve.percent) == (4, 2, 2, 1, 50)
    assert six.not_seen == {"moved": 1}
    assert twelve.not_seen == {"not_yet": 1, "moved": 1}


def test_a_family_missed_once_is_counted_apart() -> None:
    found = curve(
        [
            met(A, "m3", "running"),
            met(B, "m6", "running"),
            met(A, "m6", "stopped"),
            Told(B, "m3", "not_found", None),
        ]
    )
    six = found[1]
    assert (six.seen, six.alive, six.matched, six.matched_alive) == (2, 1, 1, 0)
    assert (six.unmatched, six.unmatched_alive, six.percent) == (1, 1, 0)


def test_met_without_an_answer_is_not_seen() -> None:
    (three,) = curve([met(A, "m3", None), met(B, "m3", "growing")])
    assert (three.due, three.seen, three.percent) == (2, 1, 100)
    assert three.not_seen == {"not_told": 1}


def test_nothing_due_is_no_point_and_nobody_seen_no_percent() -> None:
    assert curve([]) == ()
    (three,) = curve([Told(A, "m3", None, None)])
    assert (three.due, three.percent) == (1, None)


def test_calls_and_extra_visits_are_no_milestones() -> None:
    assert curve([met(A, "m1", "running"), met(A, "extra", "running")]) == ()


one_told = st.builds(
    Told,
    st.integers(1, 12),
    st.sampled_from(tuple(MILESTONES)),
    st.sampled_from((None, "met", "another_day", "declined", "moved", "not_found")),
    st.none() | st.sampled_from(STAGES),
)


@given(st.lists(one_told, max_size=60, unique_by=lambda one: (one.plan_id, one.milestone)))
def test_families_add_up_and_the_matched_only_grow_fewer(told: list[Told]) -> None:
    points = curve(told)
    for point in points:
        assert point.seen + sum(point.not_seen.values()) == point.due
        assert 0 <= point.matched_alive <= point.matched <= point.seen
        assert 0 <= point.unmatched_alive <= point.unmatched
        assert set(point.not_seen) <= set(NOT_SEEN)
    matched = [point.matched for point in points]
    assert matched == sorted(matched, reverse=True)


@given(st.lists(one_told, min_size=1, max_size=40, unique_by=lambda one: (one.plan_id, one.milestone)))
def test_a_stage_nobody_told_never_makes_a_business(told: list[Told]) -> None:
    silent = [replace(one, stage=None) for one in told]
    assert all(point.alive == 0 and point.percent is None for point in curve(silent))
