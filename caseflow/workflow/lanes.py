"""Order of the lanes beside each other, so that few lines cross. The same answer at every run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True)
class Lane:
    """A vertical line that collects moves to one target.

    :ivar before: heights where lines come in from the side of the first lane.
    :ivar after: heights where lines come in from the side of the last lane.
    """

    target: str
    before: tuple[int, ...]
    after: tuple[int, ...]

    @property
    def span(self) -> tuple[int, int]:
        """Return the heights between which the lane runs."""
        ends = (*self.before, *self.after)
        return min(ends), max(ends)


def ordered(lanes: Sequence[Lane]) -> list[Lane]:
    """Return the lanes in an order that no single move of one lane makes better."""
    best = sorted(lanes, key=lambda lane: (lane.span[1] - lane.span[0], lane.target))
    fewest = crossings(best)
    improved = True
    while improved and fewest:
        improved = False
        for at, to in combinations(range(len(best)), 2):
            for start, end in ((at, to), (to, at)):
                trial = best[:start] + best[start + 1 :]
                trial.insert(end, best[start])
                count = crossings(trial)
                if count < fewest:
                    best, fewest, improved = trial, count, True
    return best


def crossings(lanes: Sequence[Lane]) -> int:
    """Count where a line on its way to a lane crosses another lane."""
    count = 0
    for place, lane in enumerate(lanes):
        for other in lanes[:place]:
            count += sum(_inside(height, other) for height in lane.before)
        for other in lanes[place + 1 :]:
            count += sum(_inside(height, other) for height in lane.after)
    return count


def _inside(height: int, lane: Lane) -> bool:
    top, bottom = lane.span
    return top < height < bottom
