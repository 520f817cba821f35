"""What may be published of a population of few people, so that no page less another tells of 1 to 4 of them. Pure.

A population (payments, visits due) is split into kinds once, and into rows three times: by place, month and programme.
Whatever is published is a sum of *atoms*: a kind, or several kinds pooled, of a row, or of several rows pooled. Every
atom counts nobody or at least five people. Pages of a population share their atoms, so a page less another is again
a sum of atoms; two filters at once are not published, so the three ways to split share nothing but their kinds.

Populations may have *shared* kinds: their sum in a row is the sum in that row of other populations too (the families
told of at all three visits; all who were asked about a use, whether they named it or not). Whether a row may tell that
sum depends on the sums alone, so all these populations decide alike; and whether it may tell its kinds is judged as by a
reader who knows the sums.

Not here: counts along one tree (``suppression``), which populations share (``published_results``), and what is read
from the database (``result_reading``).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from caseflow.errors import Unavailable
from caseflow.reports.suppression import FLOOR

Counts = Mapping[str, int]  # by kind
Pools = tuple[frozenset[str], ...]  # kinds of which only the sum is told
Tree = Mapping[str, Mapping[str, Counts]]  # group, row, kind


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one way to split, as they may be told.

    :ivar counts: of rows and of groups; :ivar rows: the rows that count somebody; :ivar told: rows and groups whose counts
        may be told; :ivar sums: those whose sum of shared kinds may be told.
    """

    counts: Mapping[str, Counts]
    rows: tuple[str, ...] = ()
    told: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kinds:
    """Kinds of a population as they may be told.

    :ivar whole: how many there are of each that is told; :ivar shared: those whose sum other populations tell too;
    :ivar pools: kinds that are told together only; :ivar mute: kinds that are not told, nor any sum with them.
    """

    whole: Counts
    shared: frozenset[str] = frozenset()
    pools: Pools = ()
    mute: frozenset[str] = frozenset()

    @property
    def atoms(self) -> list[frozenset[str]]:
        """The kinds and pools of kinds that are told one by one."""
        pooled = frozenset().union(*self.pools)
        return [*self.pools, *(frozenset({kind}) for kind in self.whole if kind not in pooled)]


@dataclass(frozen=True, slots=True)
class Publication:
    """A population as it may be told; ``told``: whether anything is."""

    kinds: Kinds
    told: bool
    ways: Mapping[str, Rows]

    def sum(self, kinds: Collection[str], way: str = "", row: str = "") -> int | None:
        """Return how many of these kinds there are in a row, or altogether; ``None``: may not be told.

        A row of a group that is not there counts nobody.
        """
        wanted = set(kinds)
        if not self.told or wanted & self.kinds.mute:
            return None
        if not way:
            counts = self.kinds.whole
        else:
            rows = self.ways[way]
            counts = rows.counts.get(row, {})
            if row not in rows.told and row in rows.counts:
                is_shared_sum = wanted & set(self.kinds.whole) == self.kinds.shared
                return _of(counts, wanted) if row in rows.sums and is_shared_sum else None
        if any(counts.values()) and any(pool & wanted and not pool <= wanted for pool in self.kinds.pools):
            return None
        return _of(counts, wanted)


def publish(ways: Mapping[str, Tree], *, shared: Collection[str] = ()) -> Publication:
    """Return what may be told of a population that is split in several ways.

    :param ways: by name of the way, its rows in groups; each way splits the same people.
    :param shared: kinds whose sum in every row is told by other populations too.
    :raises Unavailable: the ways do not split the same people: some were counted anew while the others were read.
    """
    wholes = [_added(row for rows in tree.values() for row in rows.values()) for tree in ways.values()]
    if any(_kept(one) != _kept(wholes[0]) for one in wholes):
        raise Unavailable("Angka ini sedang dihitung ulang. Muat ulang halaman ini sebentar lagi.")
    kinds = _kinds(_kept(wholes[0]) if wholes else {}, shared)
    if kinds is None:
        return Publication(Kinds(MappingProxyType({})), False, MappingProxyType({}))
    found = {name: _rows(_without(tree, kinds.mute), kinds) for name, tree in ways.items()}
    return Publication(kinds, True, MappingProxyType(found))


def _kinds(whole: Counts, shared: Collection[str]) -> Kinds | None:
    """Return which kinds are told together and which not at all; ``None``: nothing may be told."""
    within = {kind: count for kind, count in whole.items() if kind in shared}
    if sum(within.values()) < FLOOR:  # nobody, or so few that their sum is told nowhere
        within = {}
    rest = {kind: count for kind, count in whole.items() if kind not in within}
    mute: frozenset[str] = frozenset()
    if 0 < sum(rest.values()) < FLOOR:
        if not within:
            return None
        mute, rest = frozenset(rest), {}  # the whole less the sum that others tell would count them
    pools = tuple(pool for pool in (_pool_kinds(within), _pool_kinds(rest)) if pool)
    return Kinds(MappingProxyType({**within, **rest}), frozenset(within), pools, mute)


def _pool_kinds(whole: Counts) -> frozenset[str]:
    """Return the small kinds and as many others as make their sum tell of nobody."""
    pool = {kind for kind, count in whole.items() if 0 < count < FLOOR}
    others = sorted((kind for kind in whole if whole[kind] >= FLOOR), key=lambda kind: (whole[kind], kind))
    for kind in others:
        if not pool or _unknown([whole[one] for one in pool]):
            break
        pool.add(kind)
    return frozenset(pool)


@dataclass(frozen=True, slots=True)
class _Way:
    """Rows in groups, to be judged.

    :ivar sums: the rows and groups whose sum of shared kinds is known to readers; :ivar pool_of: the pool of a kind.
    """

    tree: Tree
    kinds: Kinds
    sums: frozenset[str]
    pool_of: Mapping[str, int]

    def is_clear(self, counts: Counts) -> bool:
        """Return whether every atom of a row counts nobody or at least five, and so does the row."""
        sums = [0] * len(self.kinds.pools)
        for kind, count in counts.items():
            place = self.pool_of.get(kind)
            if place is not None:
                sums[place] += count
            elif 0 < count < FLOOR:
                return False
        return all(count == 0 or count >= FLOOR for count in (*sums, sum(counts.values())))

    def is_open(self, group: str, rows: Collection[str]) -> bool:
        """Return whether rows of a group that are told together leave open what each of them counts."""
        counts = [self.tree[group][row] for row in rows]
        if not self.kinds.shared:
            return not rows or (
                self.is_clear(_added(counts)) and _unknown([sum(one.values()) for one in counts])
            )
        return self._leave_open(list(self._known(group, rows)))

    def is_closed(self, groups: Collection[str]) -> bool:
        """Return whether groups told together leave open what each counts; known is only that somebody is in it."""
        if self.kinds.shared:
            known = [
                one for group in groups if group in self.sums for one in self._known(group, self.tree[group])
            ]
            rest = [row for group in groups if group not in self.sums for row in self.tree[group].values()]
            return self._leave_open([*known, *([_added(rest)] if rest else [])])
        counts = [_added(self.tree[group].values()) for group in groups]
        return self.is_clear(_added(counts)) and _unknown([sum(one.values()) for one in counts])

    def _known(self, group: str, rows: Collection[str]) -> Iterator[Counts]:
        """Give rows whose sum of shared kinds is known, and the others of the group as one."""
        yield from (self.tree[group][row] for row in rows if row in self.sums)
        if others := [self.tree[group][row] for row in rows if row not in self.sums]:
            yield _added(others)

    def _leave_open(self, rows: Sequence[Counts]) -> bool:
        """Return whether few of a kind stay open to who knows each row's sum of shared kinds, and that of each atom."""
        if all(self.is_clear(one) for one in rows):
            return True
        counted = [[_of(row, atom) for row in rows] for atom in self.kinds.atoms]
        counted.append([sum(row.values()) - _of(row, self.kinds.shared) for row in rows])
        return self.is_clear(_added(rows)) and all(
            _unknown(counts) for counts in counted if any(0 < one < FLOOR for one in counts)
        )


def _rows(tree: Tree, kinds: Kinds) -> Rows:
    sums: frozenset[str] = frozenset()
    if kinds.shared:  # as a population of its own, of one kind: others have the same
        alone = {
            group: {name: {"": _of(row, kinds.shared)} for name, row in rows.items()}
            for group, rows in tree.items()
        }
        sums = _rows(alone, Kinds({"": _of(kinds.whole, kinds.shared)})).told
    way = _Way(tree, kinds, sums, {kind: at for at, pool in enumerate(kinds.pools) for kind in pool})
    groups = {name: _added(rows.values()) for name, rows in tree.items()}
    counts = MappingProxyType({**{row: one for rows in tree.values() for row, one in rows.items()}, **groups})
    names = tuple(sorted(row for rows in tree.values() for row, one in rows.items() if any(one.values())))
    hidden = {name: _pool(way, name) for name in tree}
    closed = {
        name
        for name in tree
        if (kinds.shared and name not in sums)
        or not way.is_clear(groups[name])
        or not way.is_open(name, hidden[name])
    }
    others = _in_order(groups)
    while closed and not way.is_closed(closed):
        more = next((name for name in others if name not in closed), None)
        if more is None:
            return Rows(counts, names, sums=sums)
        closed.add(more)
    told = {name for name in tree if name not in closed}
    told |= {row for name in told for row in tree[name] if row not in hidden[name]}
    return Rows(counts, names, frozenset(told), sums)


def _pool(way: _Way, group: str) -> set[str]:
    """Return the rows of a group that are told together only."""
    rows = way.tree[group]
    pool = {name for name, counts in rows.items() if not way.is_clear(counts)}
    if way.kinds.shared:
        pool |= {name for name in rows if name not in way.sums}
    for name in _in_order(rows):
        if way.is_open(group, pool):
            break
        pool.add(name)
    return pool


def _in_order(rows: Mapping[str, Counts]) -> list[str]:
    """Return names of what counts somebody, in an order that tells nothing of how many: the smallest first would."""
    return sorted(name for name, counts in rows.items() if any(counts.values()))


def _without(tree: Tree, mute: Collection[str]) -> Tree:
    if not mute:
        return tree
    return {
        group: {
            row: {kind: n for kind, n in counts.items() if kind not in mute} for row, counts in rows.items()
        }
        for group, rows in tree.items()
    }


def _kept(counts: Counts) -> Counts:
    return {kind: count for kind, count in counts.items() if count}


def _of(counts: Counts, kinds: Iterable[str]) -> int:
    return sum(counts.get(kind, 0) for kind in kinds)


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
