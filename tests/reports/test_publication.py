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
    assert published.kinds.pools == (frozenset({"kept", "late"}),)
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
    matched = ("matched:running", "matched:none")
    published = publish({"program": {"all": {"jkm": first}}}, shared=matched)
    assert published.sum(matched) == 43
    assert published.sum(("matched:running",)) is None
    assert published.sum(("declined",)) == 6
    # the others are three: the visit less the 43 that the other one tells would tell of them
    few = publish({"program": {"all": {"jkm": {**first, "declined": 3}}}}, shared=matched)
    assert [few.sum(kinds) for kinds in (matched, ("declined",), (*matched, "declined"))] == [43, None, None]
    # of 4 families the other visit tells nothing either, so they may hide with whom they like
    small = publish({"program": {"all": {"jkm": {"matched:running": 4, "declined": 9}}}}, shared=matched)
    assert small.kinds.pools == (frozenset({"matched:running", "declined"}),)


def test_a_row_hides_its_kinds_and_tells_its_shared_sum() -> None:
    """Asked: 20, 30, 40; of the 20 two named the use. The 30 hide theirs too; how many were asked is told of all."""
    rows = {"a": {"yes": 2, "no": 18}, "b": {"yes": 9, "no": 21}, "c": {"yes": 10, "no": 30}}
    published = publish({"region": {"K": rows}}, shared=("yes", "no"))
    assert [published.sum(("yes", "no"), "region", row) for row in "abcK"] == [20, 30, 40, 90]
    assert [published.sum(("yes",), "region", row) for row in "abcK"] == [None, None, 10, 21]


def test_a_row_tells_no_kinds_where_another_population_hides_its_sum() -> None:
    """Two were asked in a: b hides with them, though it may tell its kinds; who knew 25 of b would know of the two."""
    asked = {"K": {"a": {"": 2}, "b": {"": 25}, "c": {"": 40}}}
    named = {"K": {"a": {"yes": 0, "no": 2}, "b": {"yes": 10, "no": 15}, "c": {"yes": 4, "no": 36}}}
    base, use = publish({"region": asked}, shared=("",)), publish({"region": named}, shared=("yes", "no"))
    assert [base.sum(("",), "region", row) for row in "abcK"] == [None, None, 40, 67]
    assert [use.sum(("yes", "no"), "region", row) for row in "abcK"] == [None, None, 40, 67]
    assert [use.sum(("yes",), "region", row) for row in "abc"] == [None, None, None]


_SEEN = {"paid": ("kept", "late", "again"), "died": ("death", "life"), "said": ("full", "not", "silent")}
_SHARED = {"paid": ("kept", "late"), "died": ("death", "life"), "said": ("full", "not", "silent")}
_Each = tuple[str, str, Mapping[str, str]]  # district, nagari, kind by population


def _counted_thrice(chance: random.Random, size: int) -> list[_Each]:
    """Invent transfers: some are the first one of a case, and those are counted in all three populations."""
    weights = [chance.choice((1, 2, 6, 20)) for _ in range(3)]
    found: list[_Each] = []
    for _ in range(size):
        district = chance.choices("ABC", weights=weights)[0]
        kinds = {name: chance.choices(each, weights=weights[: len(each)])[0] for name, each in _SEEN.items()}
        if kinds["paid"] == "again":
            kinds = {"paid": "again"}
        found.append((district, f"{district}{chance.choices('123', weights=weights)[0]}", kinds))
    return found


def _all_told(people: list[_Each]) -> Iterator[frozenset[int]]:
    """Give, of every number of the three populations, which people it counts."""
    for name, kinds in _SEEN.items():
        tree: dict[str, dict[str, dict[str, int]]] = {
            one: {f"{one}{place}": {} for place in "123"} for one in "ABC"
        }
        for district, nagari, of in people:
            if name in of:
                tree[district][nagari][of[name]] = tree[district][nagari].get(of[name], 0) + 1
        published = publish({"region": tree}, shared=_SHARED[name])
        for row in ("", *tree, *(one for rows in tree.values() for one in rows)):
            for size in range(1, len(kinds) + 1):
                for some in combinations(kinds, size):
                    counted = frozenset(
                        at
                        for at, (district, nagari, of) in enumerate(people)
                        if of.get(name) in some and row in {"", district, nagari}
                    )
                    number = published.sum(some, "region" if row else "", row)
                    assert number in {None, len(counted)}
                    if number is not None:
                        yield counted


@pytest.mark.parametrize("seed", range(30))
def test_no_population_less_another_tells_of_few(seed: int) -> None:
    """Transfers, deaths and answers share the first transfers: no number of one less numbers of others is 1 to 4."""
    chance = random.Random(500 + seed)  # noqa: S311
    told = set(_all_told(_counted_thrice(chance, chance.choice((12, 30, 60, 120)))))
    assert all(len(one) == 0 or len(one) >= FLOOR for one in told)
    for one in told:
        inside = [other for other in told if other < one]
        for other in inside:
            rest = one - other
            assert len(rest) >= FLOOR
            assert not any(0 < len(rest - third) < FLOOR for third in inside if third <= rest)
