"""One row of the table of goals: what was measured, against what, and whether it is good enough."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

AIM, ACCEPT, BELOW, WRONG = "aim", "accept", "BELOW", "WRONG"


@dataclass(frozen=True)
class Row:
    """A measured row.

    :ivar number: number of the goal; :ivar value: in ``unit`` (empty: a ratio).
    :ivar high: whether more is better; :ivar wrong: answers that were not right, which fail the row.
    """

    number: str
    title: str
    against: str
    value: float
    accept: float
    aim: float
    high: bool = True
    unit: str = ""
    notes: Sequence[str] = field(default_factory=tuple)
    wrong: Sequence[str] = field(default_factory=tuple)

    @property
    def verdict(self) -> str:
        """How far the row got; a wrong answer is never quick."""
        if self.wrong:
            return WRONG
        if self._reaches(self.aim):
            return AIM
        return ACCEPT if self._reaches(self.accept) else BELOW

    def _reaches(self, goal: float) -> bool:
        return self.value >= goal if self.high else self.value <= goal


@dataclass(frozen=True)
class Pair:
    """Two things measured in turns. Medians in milliseconds a call; ``ratio`` is ours through limit."""

    ours_ms: float
    limit_ms: float
    ratio: float

    def say(self, ours: str, limit: str) -> str:
        """The two figures in words."""
        return f"{ours} {self.ours_ms:.2f} ms, {limit} {self.limit_ms:.2f} ms"


def interleaved(
    ours: Callable[[], object],
    limit: Callable[[], object],
    clock_ns: Callable[[], int],
    *,
    rounds: int = 9,
    ours_calls: int = 10,
    limit_calls: int = 10,
) -> Pair:
    """Measure two things in turns, so that a busy minute of the machine falls on both.

    :param clock_ns: CPU or wall time, in nanoseconds.
    """
    for _ in range(3):
        ours()
        limit()
    taken: list[tuple[float, float]] = []
    for _ in range(rounds):
        taken.append((_block(ours, clock_ns, ours_calls), _block(limit, clock_ns, limit_calls)))
    return Pair(
        statistics.median(pair[0] for pair in taken),
        statistics.median(pair[1] for pair in taken),
        statistics.median(pair[0] / pair[1] for pair in taken),
    )


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text, notes and wrong answers below each."""
    lines = [f"{'#':<4} {'row':<44} {'value':>9}  {'accept':>8} {'aim':>8}  verdict"]
    for row in rows:
        sign = "≥" if row.high else "≤"
        lines.append(
            f"{row.number:<4} {row.title:<44} {_figure(row.value) + row.unit:>9}  "
            f"{sign + _figure(row.accept):>8} {sign + _figure(row.aim):>8}  {row.verdict}"
        )
        lines.append(f"       against: {row.against}")
        lines += [f"       {note}" for note in row.notes]
        lines += [f"       WRONG: {problem}" for problem in row.wrong]
    return "\n".join(lines)


def _block(act: Callable[[], object], clock_ns: Callable[[], int], calls: int) -> float:
    begun = clock_ns()
    for _ in range(calls):
        act()
    return (clock_ns() - begun) / calls / 1e6


def _figure(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
