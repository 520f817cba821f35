"""Nothing that is published of a population, and nothing less anything else of it, tells of 1 to 4 people."""

import random
from collections.abc import Iterator, Mapping
from itertools import combinations

import pytest

from caseflow.reports.publication import Publication, Tree, publish
from caseflow.reports.suppression import FLOOR

KINDS = ("kept", "late", "other")
_Person = tuple[str, str, str, str, str, str]  # district, nagari, year, month, programme, kind


def _people(chance: random.Random, size: int) -> list[_Person]:
    """Invent people: some places, months and kinds have many, others few."""
    weights = [chance.choice((1, 1, 2, 6, 20)) for _ in range(4)]
    found = []
    for _ in range(size):
        district = chance.choices("ABC", weights=weights[:3])[0]
        nagari = f"{district}{chance.choices('123', weights=weights[1:])[0]}"
        year = chance.choice(("2025", "2026"))
        month = f"{year}-{chance.choices(('01', '02', '03'), weights=weights[:3])[0]}"
        program = chance.choices(("jkm", "jkk"), weights=(8, 1))[0]
        found.append((district, nagari, year, month, program, chance.choices(KINDS, weights=weights[:3])[0]))
    return found


def _ways(people: list[_Person]) -> Mapping[str, Tree]:
    ways: dict[str, dict[str, dict[str, dict[str, int]]]] = {
        "region": {one: {f"{one}{place}": {} for place in "123"} for one in "ABC"},
        "month": {},
        "program": {"all": {}},
    }
    for district, nagari, year, month, program, kind in people:
        for way, group, row in (
            ("region", district, nagari),
            ("month", year, month),
            ("program", "all", program),
        ):
            counts = ways[way].setdefault(group, {}).setdefault(row, {})
            counts[kind] = counts.get(kind, 0) + 1
    return ways


def _told(
    published: Publication, ways: Mapping[str, Tree], people: list[_Person]
) -> Iterator[frozenset[int]]:
    """Give, of every number on every page, which people it counts."""
    place = {"region": (0, 1), "month": (2, 3), "program": (4, 4)}
    pages = [("", "")]
    for way, tree in ways.items():
        pages += [(way, group) for group in tree] + [(way, row) for rows in tree.values() for row in rows]
    for way, row in dict.fromkeys(pages):
        for size in range(1, len(KINDS) + 1):
            for kinds in combinations(KINDS, size):
                number = published.sum(kinds, way, row)
                counted = frozenset(
                    at
                    for at, one in enumerate(people)
                    if one[5] in kinds
                    and (not way or row == "all" or row in {one[each] for each in place[way]})
                )
                if number is not None:
                    assert number == len(counted)
                    yield counted


@pytest.mark.parametrize("seed", range(60))
def test_no_page_less_another_tells_of_few(seed: int) -> None:
    """All numbers of all pages, and every difference of two where one holds the other, and what three leave."""
    chance = random.Random(seed)  # noqa: S311 (the same people every time)
    people = _people(chance, chance.choice((3, 7, 12, 25, 60, 150)))
    ways = _ways(people)
    told = set(_told(publish(ways), ways, people))
    assert all(len(one) == 0 or len(one) >= FLOOR for one in told)
    within = [(one, other) for one in told for other in told if one > other]
    left = {one - other for one, other in within}
    assert all(len(rest) >= FLOOR for rest in left)
    for one, other in within:  # a page less two others that do not overlap
        for third in told:
            if third <= one and not third & other:
                rest = one - other - third
                assert not 0 < len(rest) < FLOOR


@pytest.mark.parametrize("seed", range(40))
def test_each_hidden_row_could_be_another(seed: int) -> None:
    """Of rows hidden together, who knows their sum and which are few still cannot tell any of them."""
    chance = random.Random(1000 + seed)  # noqa: S311
    ways = _ways(_people(chance, chance.choice((12, 25, 60))))
    published = publish(ways)
    if not published.told:
        return
    rows = published.ways["region"]
    for district, places in ways["region"].items():
        hidden = [one for one in places if one not in rows.told]
        if district not in rows.told or not hidden:
            continue
        total = sum(sum(places[one].values()) for one in hidden)
        bounds = [(1, FLOOR - 1) if one in rows.few else (FLOOR, total) for one in hidden]
        for at in range(len(hidden)):
            others = [bound for place, bound in enumerate(bounds) if place != at]
            least, most = (sum(bound[end] for bound in others) for end in (0, 1))
            possible = [n for n in range(bounds[at][0], bounds[at][1] + 1) if least <= total - n <= most]
            assert len(possible) > 1, (hidden, bounds, total)


def test_three_late_payments_hide_with_the_kept_ones() -> None:
    """40 in time and 3 late: neither is told, their sum of 43 is."""
    published = publish({"program": {"all": {"jkm": {"kept": 40, "late": 3}}}})
    assert published.pools == (frozenset({"kept", "late"}),)
    assert published.sum(("kept",)) is None
    assert published.sum(("kept", "late")) == 43


def test_three_in_one_nagari_hide_a_second_one() -> None:
    """3, 8 and 30: the three are few, the eight hide with them, the thirty and the sum are told."""
    tree = {"K": {"a": {"x": 3}, "b": {"x": 8}, "c": {"x": 30}, "d": {}}}
    published = publish({"region": tree})
    assert [published.sum(("x",), "region", row) for row in "abcd"] == [None, None, 30, 0]
    assert published.sum(("x",), "region", "K") == 41
    assert published.is_few("region", "a")
    assert not published.is_few("region", "b")


def test_four_people_are_not_told_of_at_all() -> None:
    """A population of 4 has no page."""
    published = publish({"region": {"K": {"a": {"x": 4}}}})
    assert not published.told
    assert published.sum(("x",)) is None


def test_nobody_is_told() -> None:
    """Nought tells of nobody."""
    published = publish({"region": {"K": {"a": {}}}})
    assert published.sum(("x",)) == 0


def test_who_is_counted_in_another_population_too_is_pooled_apart() -> None:
    """43 families at two visits: 40 and 3 beside 6 others. Of the 43 no split is told, and of the 6 all is."""
    first = {"matched:running": 40, "matched:none": 3, "declined": 6}
    published = publish({"program": {"all": {"jkm": first}}}, apart="matched:")
    assert published.sum(("matched:running", "matched:none")) == 43
    assert published.sum(("matched:running",)) is None
    assert published.sum(("declined",)) == 6
    # the others are three: the visit less the 43 that the other one tells would tell of them
    few = publish({"program": {"all": {"jkm": {**first, "declined": 3}}}}, apart="matched:")
    assert not few.told
    # of 4 families the other visit tells nothing either, so they may hide with whom they like
    small = publish({"program": {"all": {"jkm": {"matched:running": 4, "declined": 9}}}}, apart="matched:")
    assert small.pools == (frozenset({"matched:running", "declined"}),)
