"""Pictures of coverage (SVG, drawn here). Every picture stands beside a table or words that say the same.

Bars stretch with their column, so they carry no words; colours are those of the page (classes), and what is active,
budgeted and promised differs in form too, so that a printout in black and white can be read.
"""

from collections.abc import Sequence
from html import escape

from caseflow.formats import month_year, short_month, thousands
from caseflow.reports.coverage_figures import Line, Point

_WIDTH, _HEIGHT = 360, 190
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 10, 14, 26
_STEPS = 4


def bullet(active: int | None, target: int, population: int) -> str:
    """Return a bar of active workers on the way to a target, on the ground of all there are."""
    end = max(population, active or 0)
    parts = [
        _rect("cov-ground", population, end),
        _rect("cov-active", active, end, top=5, height=10) if active is not None else "",
        _mark(target, end),
    ]
    return _stretched(parts)


def line_bar(line: Line, largest: int) -> str:
    """Return one bar: places of the quota as an outline, active workers filled, a mark where the budget ends."""
    parts = []
    if line.quota is not None:
        parts += [_rect("cov-slots", line.quota.slots, largest), _mark(line.quota.budgeted, largest)]
    if line.active.value is not None:
        parts.insert(1, _rect("cov-active", line.active.value, largest, top=5, height=10))
    return _stretched(parts)


def largest_of(lines: Sequence[Line]) -> int:
    """Return the end of the common scale of several bars."""
    ends = [one.active.value or 0 for one in lines] + [one.quota.slots for one in lines if one.quota]
    return max([*ends, 1])


def trend_line(points: Sequence[Point], target: int | None) -> str:
    """Return active workers by month; the axis begins at nobody, changed contributions carry a mark."""
    shown = [one.active.value for one in points if one.active.value is not None]
    highest = _round_up(max([*shown, 1]))
    over = target if target is not None and target <= highest else None
    said = "; ".join(f"{month_year(one.month)} {one.active.words}" for one in points)
    return "\n".join(
        [
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" class="cov-line" role="img" lang="id"'
                f' viewBox="0 0 {_WIDTH} {_HEIGHT}" aria-label="{escape(f"Pekerja aktif per bulan: {said}.")}">'
            ),
            *_axis(highest),
            *([_target_line(over, highest)] if over is not None else []),
            *_pieces(points, highest),
            *_points(points, highest),
            "</svg>",
        ]
    )


def _stretched(parts: Sequence[str]) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="cov-bar" viewBox="0 0 1000 20" preserveAspectRatio="none"'
        f' aria-hidden="true" focusable="false">{"".join(parts)}</svg>'
    )


def _rect(kind: str, value: int, end: int, *, top: int = 1, height: int = 18) -> str:
    return f'<rect class="{kind}" x="1" y="{top}" width="{998 * value // end}" height="{height}"/>'


def _mark(value: int, end: int) -> str:
    x = min(998, 998 * value // end)
    return f'<rect class="cov-mark" x="{max(0, x - 2)}" y="0" width="4" height="20"/>'


def _round_up(number: int) -> int:
    """Return the next number that divides into four even steps people can read."""
    unit = int("1".ljust(len(str(number)) - 1, "0")) * _STEPS
    return -(-number // unit) * unit


def _axis(highest: int) -> list[str]:
    drawn = []
    for step in range(_STEPS + 1):
        value = highest * step // _STEPS
        y = _y(value, highest)
        drawn.append(f'<path class="cov-grid" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>')
        drawn.append(
            f'<text class="cov-text" x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{thousands(value)}</text>'
        )
    return drawn


def _target_line(target: int, highest: int) -> str:
    y = _y(target, highest)
    return (
        f'<path class="cov-target" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>'
        f'<text class="cov-text" x="{_WIDTH - _RIGHT}" y="{y - 4}" text-anchor="end">target</text>'
    )


def _pieces(points: Sequence[Point], highest: int) -> list[str]:
    """Return the line in pieces: it breaks where a month is hidden."""
    drawn: list[str] = []
    path = ""
    for place, one in enumerate(points):
        if one.active.value is None:
            drawn, path = [*drawn, path], ""
            continue
        path += f"{'L' if path else 'M'}{_x(place, points)} {_y(one.active.value, highest)}"
    return [f'<path class="cov-path" d="{one}"/>' for one in [*drawn, path] if one]


def _points(points: Sequence[Point], highest: int) -> list[str]:
    drawn = []
    for place, one in enumerate(points):
        x = _x(place, points)
        if one.active.value is not None:
            y = _y(one.active.value, highest)
            drawn.append(f'<circle class="cov-dot" cx="{x}" cy="{y}" r="3"/>')
            if one.rates:
                drawn.append(f'<path class="cov-rate" d="M{x} {y - 14}l5 5l-5 5l-5 -5z"/>')
        if place % 3 == (len(points) - 1) % 3:
            anchor, words = _anchor(place, points), short_month(one.month)
            drawn.append(
                f'<text class="cov-text" x="{x}" y="{_HEIGHT - 8}" text-anchor="{anchor}">{words}</text>'
            )
    return drawn


def _anchor(place: int, points: Sequence[Point]) -> str:
    return "end" if place == len(points) - 1 else "middle"


def _x(place: int, points: Sequence[Point]) -> int:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * place // max(1, len(points) - 1)


def _y(value: int, highest: int) -> int:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (highest - value) // highest
