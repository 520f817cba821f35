"""Nothing that is published of a population, and nothing less anything else of it, tells of 1 to 4 people."""

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations, product

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


def _page(
    published: Publication, groups: Mapping[str, tuple[str, ...]], kinds: tuple[str, ...]
) -> tuple[object, ...]:
    """Everything that is told of a population with one way to split."""
    rows = ("", *groups, *(row for rows in groups.values() for row in rows))
    sets = [some for size in range(1, len(kinds) + 1) for some in combinations(kinds, size)]
    return tuple(published.sum(some, "way" if row else "", row) for row in rows for some in sets)


def _certain(
    worlds: Iterable[Tree], kinds: tuple[str, ...], shared: tuple[str, ...] = ()
) -> list[tuple[object, ...]]:
    """Return which 1 to 4 of a kind a reader finds out who knows how numbers are hidden and tries every world."""
    seen: dict[tuple[object, ...], dict[tuple[str, str], set[int]]] = {}
    for tree in worlds:
        page = _page(
            publish({"way": tree}, shared=shared), {name: tuple(rows) for name, rows in tree.items()}, kinds
        )
        cells = seen.setdefault(page, {})
        for rows in tree.values():
            for row, counts in rows.items():
                for kind in kinds:
                    cells.setdefault((row, kind), set()).add(counts[kind])
    return [
        (page, cell, n)
        for page, cells in seen.items()
        for cell, n in cells.items()
        if len(n) == 1 and n <= {1, 2, 3, 4}
    ]


def _up_to(people: int, rows: int) -> Iterator[tuple[int, ...]]:
    """Give every way to spread some people, at most so many, over rows: no world with the same sum is left out."""
    return (counts for counts in product(range(people + 1), repeat=rows) if sum(counts) <= people)


def test_no_world_of_four_rows_is_certain_of_few() -> None:
    worlds = (
        {"K": {row: {"x": n} for row, n in zip("abcd", counts, strict=True)}} for counts in _up_to(18, 4)
    )
    assert _certain(worlds, ("x",)) == []


def test_no_world_of_four_groups_is_certain_of_few() -> None:
    """Years of one month each: who is closed with whom tells nothing either."""
    worlds = (
        {f"K{row}": {row: {"x": n}} for row, n in zip("abcd", counts, strict=True)}
        for counts in _up_to(18, 4)
    )
    assert _certain(worlds, ("x",)) == []


@pytest.mark.parametrize("asked", [(5, 6, 9), (20, 20, 10), (5, 5, 5), (6, 7, 40), (12, 15, 18)])
def test_known_sums_and_told_numbers_leave_few_open(asked: tuple[int, int, int]) -> None:
    """How many were asked in each row is known. Whatever of who named the use is told, another world tells the same."""
    worlds = [
        {name: {"yes": n, "no": of - n} for name, n, of in zip("abc", named, asked, strict=True)}
        for named in product(*(range(of + 1) for of in asked))
    ]
    kinds, places = ("yes", "no"), [(row, kind) for row in ("", *"abc") for kind in ("yes", "no")]
    told: dict[tuple[bool, ...], list[int]] = {}
    for at, rows in enumerate(worlds):
        published = publish({"way": {"K": rows}}, shared=kinds)
        pattern = tuple(published.sum((kind,), "way" if row else "", row) is not None for row, kind in places)
        told.setdefault(pattern, []).append(at)
    truth = [[sum(rows[one][kind] for one in (row or "abc")) for row, kind in places] for rows in worlds]
    for pattern, those in told.items():
        read = [tuple(n for n, is_told in zip(true, pattern, strict=True) if is_told) for true in truth]
        alike: dict[tuple[int, ...], list[int]] = {}
        for at, numbers in enumerate(read):
            alike.setdefault(numbers, []).append(at)
        for at in those:
            for place, (row, _) in enumerate(places):
                if row and truth[at][place] in range(1, FLOOR):
                    assert len({truth[other][place] for other in alike[read[at]]}) > 1, worlds[at]


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
