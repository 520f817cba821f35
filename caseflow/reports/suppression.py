"""Counts of few people hidden from the public, so that nobody can work them out from the sums beside them. Pure.

The counts form a tree: nagari, kecamatan, regency; each sum is that of the counts below it. Counts of 1 to 4 people are
hidden, and as many others as it takes. What stays shown, together with everything a reader knows about the way of
hiding, leaves at least two possible values for each hidden count. A count of nobody is shown: it tells of nobody.

Not here: tables that cross two trees (nagari by payer): those are not published at all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from caseflow.formats import thousands

FLOOR = 5
Hidden = Literal["few", "masked"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it may be published. ``few``: 1 to 4; ``masked``: hidden, so that others cannot be worked out."""

    value: int | None
    hidden: Hidden | None = None

    @property
    def words(self) -> str:
        """Return what stands in its place."""
        if self.value is not None:
            return thousands(self.value)
        return f"<{FLOOR}" if self.hidden == "few" else "disamarkan"


def suppressed(
    groups: Mapping[str, Mapping[str, int]],
) -> tuple[Mapping[str, Cell], Mapping[str, Cell], Cell]:
    """Return what may be published of counts in groups: of each place, of each group, of all together.

    :param groups: by group (kecamatan), the count of each place in it (nagari); names of places are unique.
    """
    hidden = {group: _hide(places) for group, places in groups.items()}
    closed = {
        group
        for group, places in groups.items()
        if 0 < sum(places.values()) < FLOOR or not _safe(places, hidden[group])
    }
    whole_shown = _close(groups, hidden, closed)
    places = {
        name: _cell(count, name in hidden[group])
        for group, counts in groups.items()
        for name, count in counts.items()
    }
    # a hidden sum never says that it is below the floor: four counts of "few" under it would all be one
    tops = {
        group: Cell(None, "masked") if group in closed else Cell(sum(counts.values()))
        for group, counts in groups.items()
    }
    whole = sum(sum(counts.values()) for counts in groups.values())
    return (
        MappingProxyType(places),
        MappingProxyType(tops),
        Cell(whole) if whole_shown else Cell(None, "masked"),
    )


def _cell(count: int, hidden: bool) -> Cell:
    if not hidden:
        return Cell(count)
    return Cell(None, "few" if count < FLOOR else "masked")


def _hide(counts: Mapping[str, int]) -> set[str]:
    """Return which places of a group to hide: the few, then the smallest others until their sum betrays none."""
    chosen = {name for name, count in counts.items() if 0 < count < FLOOR}
    for name in sorted((name for name in counts if counts[name] >= FLOOR), key=counts.__getitem__):
        if _safe(counts, chosen):
            break
        chosen.add(name)
    return chosen


def _safe(counts: Mapping[str, int], chosen: set[str]) -> bool:
    """Return whether these counts stay unknown to who knows their sum.

    A reader also knows that each of the few is 1 to 4, and each masked one at least the floor. Every count could be one
    more or one less, at another's cost, while the sum is neither the least nor the most that is possible.
    """
    if not chosen:
        return True
    few = sum(counts[name] < FLOOR for name in chosen)
    masked = len(chosen) - few
    total = sum(counts[name] for name in chosen)
    below_most = masked > 0 or total < few * (FLOOR - 1)
    return len(chosen) > 1 and few + FLOOR * masked < total and below_most


def _close(groups: Mapping[str, Mapping[str, int]], hidden: dict[str, set[str]], closed: set[str]) -> bool:
    """Hide what lies below sums that must not be shown, until the sum of all betrays nothing.

    Adds to ``hidden`` and ``closed``. :return: whether the sum of all may be shown.
    """
    if not closed:
        return True
    if 0 < sum(sum(counts.values()) for counts in groups.values()) < FLOOR:
        return False
    open_places = sorted(
        (count, name, group)
        for group, counts in groups.items()
        for name, count in counts.items()
        if count >= FLOOR and name not in hidden[group]
    )
    while not _pool_is_safe(groups, hidden, closed):
        if not open_places:
            return False
        _, name, group = open_places.pop(0)
        hidden[group].add(name)
        closed.add(group)
    return True


def _pool_is_safe(
    groups: Mapping[str, Mapping[str, int]], hidden: Mapping[str, set[str]], closed: set[str]
) -> bool:
    """Return whether the hidden places of all closed groups stay unknown to who knows what they are together."""
    pool = {name: groups[group][name] for group in closed for name in hidden[group]}
    return len(closed) > 1 and _safe(pool, set(pool))
