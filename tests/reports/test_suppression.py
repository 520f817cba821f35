"""Counts of few people are hidden, and nobody can work them out from what is shown."""

import itertools
from collections.abc import Iterator, Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow.reports.suppression import FLOOR, Cell, suppressed

Groups = Mapping[str, Mapping[str, int]]
# small counts, where hiding is hard; a reader tries every value up to this
_MOST = 9
_REACH = 3 * _MOST
trees = st.lists(st.lists(st.integers(0, _MOST), min_size=1, max_size=3), min_size=1, max_size=3).map(
    lambda rows: {
        f"K{number}": {f"K{number}N{place}": count for place, count in enumerate(row)}
        for number, row in enumerate(rows)
    }
)


@settings(deadline=None, max_examples=300)
@given(trees)
def test_no_small_count_can_be_worked_out(groups: Groups) -> None:
    """A reader who tries every possible table finds two or more values for each hidden count below the floor."""
    places, tops, whole = suppressed(groups)
    possible: dict[str, set[int]] = {name: set() for name in [*places, *tops, "whole"]}
    for found in _tables(groups, places, tops, whole):
        for name, value in found.items():
            possible[name].add(value)
    for name, cell in [*places.items(), *tops.items(), ("whole", whole)]:
        assert cell.value is not None or len(possible[name]) > 1, (name, groups)


def _tables(
    groups: Groups, places: Mapping[str, Cell], tops: Mapping[str, Cell], whole: Cell
) -> Iterator[dict[str, int]]:
    """Give every table that fits what is shown."""
    by_group = []
    for group in groups:
        ranges = [_range(places[name]) for name in groups[group]]
        rows = list(itertools.product(*ranges))
        fits = tops[group].value
        by_group.append([row for row in rows if fits is None or sum(row) == fits])
    if whole.value is None:  # the groups are then independent; one after the other is enough
        rest = {group: rows[0] for group, rows in zip(groups, by_group, strict=True)}
        for group, rows in zip(groups, by_group, strict=True):
            for row in rows:
                yield _named(groups, {**rest, group: row})
        return
    for choice in itertools.product(*by_group):
        if sum(sum(row) for row in choice) == whole.value:
            yield _named(groups, dict(zip(groups, choice, strict=True)))


def _range(cell: Cell) -> range:
    if cell.value is not None:
        return range(cell.value, cell.value + 1)
    return range(1, FLOOR) if cell.hidden == "few" else range(FLOOR, _REACH // 2 + 2)


def _named(groups: Groups, rows: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    found = {group: sum(row) for group, row in rows.items()} | {"whole": sum(map(sum, rows.values()))}
    for group, row in rows.items():
        found |= dict(zip(groups[group], row, strict=True))
    return found


@given(trees)
def test_what_is_shown_is_true_and_few_are_never_shown(groups: Groups) -> None:
    """Shown counts are the counts; 1 to 4 is never among them, nobody and many may be."""
    places, tops, whole = suppressed(groups)
    true = {name: count for counts in groups.values() for name, count in counts.items()}
    true |= {group: sum(counts.values()) for group, counts in groups.items()}
    true["whole"] = sum(sum(counts.values()) for counts in groups.values())
    for name, cell in [*places.items(), *tops.items(), ("whole", whole)]:
        assert cell.value in {None, true[name]}
        assert not 0 < (cell.value or 0) < FLOOR


def test_large_counts_are_all_shown() -> None:
    """Nothing is hidden without need."""
    places, tops, whole = suppressed({"A": {"a": 62, "b": 0}, "B": {"c": 5}})
    assert [cell.value for cell in places.values()] == [62, 0, 5]
    assert [cell.value for cell in tops.values()] == [62, 5]
    assert whole.words == "67"


def test_one_small_count_takes_the_smallest_neighbour_with_it() -> None:
    """Otherwise 120 - 80 - 37 would tell that there are three."""
    places, tops, whole = suppressed({"A": {"a": 3, "b": 37, "c": 80}, "B": {"d": 1_000}})
    assert {name: cell.words for name, cell in places.items()} == {
        "a": "<5",
        "b": "disamarkan",
        "c": "80",
        "d": "1.000",
    }
    assert (tops["A"].value, whole.value) == (120, 1_120)


def test_a_small_group_takes_another_group_with_it() -> None:
    """The only nagari of a kecamatan with two people: its sum is hidden, and a nagari elsewhere with its sum."""
    places, tops, whole = suppressed({"A": {"a": 2}, "B": {"b": 40, "c": 9}, "C": {"d": 70}})
    assert [places[name].words for name in "abcd"] == ["<5", "40", "disamarkan", "70"]
    assert [tops[name].words for name in "ABC"] == ["disamarkan", "disamarkan", "70"]
    assert whole.value == 121
