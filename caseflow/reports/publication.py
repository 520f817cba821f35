"""What may be published of a population of few people, so that no page less another tells of 1 to 4 of them. Pure.

A population (payments, visits due) is split into kinds once, and into rows three times: by place, month and programme.
Whatever is published is a sum of *atoms*: a kind, or several kinds pooled, of a row, or of several rows pooled. Every
atom counts nobody or at least five people. Pages of a population share their atoms, so a page less another is again
a sum of atoms; two filters at once are not published, so the three ways to split share nothing but their kinds.
Where other populations tell how many some of the kinds are together (the families that were told of at every visit),
those kinds and the rest are pooled apart.

Not here: counts along one tree (``suppression``), and what is read from the database (``result_reading``).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from caseflow.reports.suppression import FLOOR

Counts = Mapping[str, int]  # by kind
Pools = tuple[frozenset[str], ...]  # kinds of which only the sum is told
Tree = Mapping[str, Mapping[str, Counts]]  # group, row, kind


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one way to split, as they may be told.

    :ivar told: rows and groups whose counts may be told; :ivar few: rows of which may be told that they are few.
    """

    counts: Mapping[str, Counts]
    told: frozenset[str]
    few: frozenset[str]


@dataclass(frozen=True, slots=True)
class Publication:
    """A population as it may be told. ``pools``: kinds that are told together only; ``told``: whether at all."""

    whole: Counts
    pools: Pools
    told: bool
    ways: Mapping[str, Rows]

    def sum(self, kinds: Collection[str], way: str = "", row: str = "") -> int | None:
        """Return how many of these kinds there are in a row, or altogether; ``None``: may not be told."""
        counts = self._counts(way, row)
        wanted = set(kinds)
        if counts is None or any(pool & wanted and not pool <= wanted for pool in self.pools):
            return None
        return sum(counts.get(kind, 0) for kind in wanted)

    def is_few(self, way: str, row: str) -> bool:
        """Tell whether a row is hidden because it is small, and that may be said."""
        return self.told and way in self.ways and row in self.ways[way].few

    def _counts(self, way: str, row: str) -> Counts | None:
        if not self.told:
            return None
        if not way:
            return self.whole
        rows = self.ways[way]
        return rows.counts.get(row, {}) if row in rows.told else None


def publish(ways: Mapping[str, Tree], *, apart: str = "") -> Publication:
    """Return what may be told of a population that is split in several ways.

    :param ways: by name of the way, its rows in groups; each way splits the same people.
    :param apart: how the kinds begin whose sum another population tells too.
    """
    whole = _added(row for tree in ways.values() for rows in tree.values() for row in rows.values())
    whole = {kind: count // max(1, len(ways)) for kind, count in whole.items()}
    within = {kind: count for kind, count in whole.items() if apart and kind.startswith(apart)}
    if sum(within.values()) < FLOOR:  # nobody, or so few that their sum is told nowhere
        within = {}
    rest = {kind: count for kind, count in whole.items() if kind not in within}
    if 0 < sum(whole.values()) < FLOOR or 0 < sum(rest.values()) < FLOOR:
        return Publication(MappingProxyType({}), (), False, MappingProxyType({}))
    pools = tuple(pool for pool in (_pool_kinds(within), _pool_kinds(rest)) if pool)
    found = {name: _rows(tree, pools) for name, tree in ways.items()}
    return Publication(MappingProxyType(whole), pools, True, MappingProxyType(found))


def _pool_kinds(whole: Counts) -> frozenset[str]:
    """Return the small kinds and as many others as make their sum tell of nobody."""
    pool = {kind for kind, count in whole.items() if 0 < count < FLOOR}
    others = sorted((kind for kind in whole if whole[kind] >= FLOOR), key=lambda kind: (whole[kind], kind))
    for kind in others:
        if not pool or _unknown([whole[one] for one in pool]):
            break
        pool.add(kind)
    return frozenset(pool)


def _rows(tree: Tree, pools: Pools) -> Rows:
    groups = {name: _added(rows.values()) for name, rows in tree.items()}
    hidden: dict[str, set[str]] = {name: _pool(rows, pools) for name, rows in tree.items()}
    closed = {
        name
        for name, counts in groups.items()
        if not _clear(counts, pools) or not _is_safe([tree[name][row] for row in hidden[name]], pools)
    }
    others = sorted(
        (name for name in groups if sum(groups[name].values())), key=lambda one: _size(groups, one)
    )
    while closed and not _closed_is_safe([groups[name] for name in closed], pools):
        more = next((name for name in others if name not in closed), None)
        if more is None:
            return Rows(MappingProxyType({}), frozenset(), frozenset())
        closed.add(more)
    told = {name for name in tree if name not in closed}
    told |= {row for name in told for row in tree[name] if row not in hidden[name]}
    few = {
        row
        for name in tree
        if name not in closed
        for row in hidden[name]
        if 0 < sum(tree[name][row].values()) < FLOOR
    }
    counts = {**{row: one for rows in tree.values() for row, one in rows.items()}, **groups}
    return Rows(MappingProxyType(counts), frozenset(told), frozenset(few))


def _pool(rows: Mapping[str, Counts], pools: Pools) -> set[str]:
    """Return the rows of a group that are told together only."""
    pool = {name for name, counts in rows.items() if not _clear(counts, pools)}
    others = sorted((name for name in rows if sum(rows[name].values())), key=lambda one: _size(rows, one))
    for name in others:
        if _is_safe([rows[one] for one in pool], pools):
            break
        pool.add(name)
    return pool


def _is_safe(rows: Sequence[Counts], pools: Pools) -> bool:
    """Return whether rows told together tell of no few, and leave open what each of them counts."""
    if not rows:
        return True
    return _clear(_added(rows), pools) and _unknown([sum(one.values()) for one in rows])


def _closed_is_safe(groups: Sequence[Counts], pools: Pools) -> bool:
    """Return whether groups told together tell of no few; of each is known only that somebody is in it."""
    together = _added(groups)
    return len(groups) > 1 and _clear(together, pools) and sum(together.values()) > len(groups)


def _clear(counts: Counts, pools: Pools) -> bool:
    """Return whether every atom of a row counts nobody or at least five, and so does the row."""
    pooled = frozenset().union(*pools)
    atoms = [count for kind, count in counts.items() if kind not in pooled]
    atoms += [sum(counts.get(kind, 0) for kind in pool) for pool in pools]
    atoms.append(sum(counts.values()))
    return all(count == 0 or count >= FLOOR for count in atoms)


def _unknown(counts: Sequence[int]) -> bool:
    """Return whether several counts stay open to who knows their sum, and of each whether it is 1 to 4 or more."""
    few = sum(count < FLOOR for count in counts)
    more = len(counts) - few
    total = sum(counts)
    return (
        len(counts) > 1
        and total >= FLOOR
        and few + FLOOR * more < total
        and (more > 0 or total < few * (FLOOR - 1))
    )


def _added(rows: Iterable[Counts]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        for kind, count in row.items():
            found[kind] = found.get(kind, 0) + count
    return found


def _size(rows: Mapping[str, Counts], name: str) -> tuple[int, str]:
    return sum(rows[name].values()), name
