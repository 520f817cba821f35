"""Nagari as tiles, grouped by kecamatan: the second look at who lags behind.

A scheme and no map of the land: no coordinates are kept. What a tile says is what the table of the same page says, so
readers of aggregates learn nothing here that is hidden there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from caseflow.formats import thousands
from caseflow.reports.coverage_figures import Line

State = Literal["full", "most", "half", "few", "nobody", "no_quota", "hidden"]
# from how many of a thousand budgeted places a tile is in a state, the highest first
_BANDS: Sequence[tuple[int, State]] = ((1000, "full"), (750, "most"), (500, "half"), (1, "few"))


@dataclass(frozen=True, slots=True)
class Tile:
    """One nagari. ``words``: its active workers, and of how many budgeted places where a quota is in force."""

    code: str
    name: str
    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The tiles of one kecamatan, by name."""

    district: str
    tiles: Sequence[Tile]


def groups(nagari: Sequence[Line]) -> list[Group]:
    """Return every nagari once, by kecamatan and name."""
    ordered = sorted(nagari, key=lambda one: (one.district, one.name, one.code))
    return [
        Group(district, [_tile(one) for one in inside])
        for district, inside in groupby(ordered, key=lambda one: one.district)
    ]


def state_of(line: Line) -> State:
    """Return how far a nagari is on the way to what it budgeted; a hidden count is never nobody."""
    if line.active.value is None:
        return "hidden"
    if line.quota is None or not line.quota.budgeted:
        return "no_quota"
    if not line.active.value:
        return "nobody"
    reached = 1000 * line.active.value // line.quota.budgeted
    return next((state for least, state in _BANDS if reached >= least), "few")


def _tile(line: Line) -> Tile:
    words = line.active.words if line.active.hidden == "masked" else f"{line.active.words} aktif"
    if line.quota is not None:
        words = f"{line.active.words} dari {thousands(line.quota.budgeted)}"
    return Tile(line.code, line.name, state_of(line), words)
