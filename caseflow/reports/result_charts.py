"""Pictures of results (SVG, drawn here). Beneath every picture stands a table with the same numbers.

Axes begin at nothing. Pieces of a bar differ in pattern as well as in colour, so that a printout in black and white
can be read; colours are those of the page (classes).
"""

from collections.abc import Mapping, Sequence
from html import escape

from caseflow.formats import thousands

_WIDTH = 360
_ROW, _BAR = 38, 14
_HEIGHT, _LEFT, _BOTTOM, _TOP = 190, 48, 26, 34
_TILES = (
    "",
    "M0 8L8 0",
    "M0 0L8 8",
    "M0 4H8",
    "M4 0V8",
    "M0 0L8 8M0 8L8 0",
)


def bars(rows: Sequence[tuple[str, Sequence[int], str]], *, name: str, said: str, whole: bool = False) -> str:
    """Return horizontal bars, one a row: its label and words above it.

    :param rows: label, pieces from left to right, words at the right.
    :param whole: every bar is as long as the others and its pieces are shares; else all share one scale.
    """
    if not rows:
        return ""
    longest = max([sum(pieces) for _, pieces, _ in rows] + [1])
    drawn = []
    for place, (label, pieces, words) in enumerate(rows):
        top = place * _ROW
        drawn.append(_text(0, top + 13, label))
        drawn.append(_text(_WIDTH, top + 13, words, anchor="end"))
        drawn.append(
            f'<rect class="res-ground" x="0.5" y="{top + 18.5}" width="{_WIDTH - 1}" height="{_BAR}"/>'
        )
        end = sum(pieces) if whole else longest
        drawn += _pieces(pieces, end, top + 18, name)
    return _svg(
        "res-bars", _WIDTH, len(rows) * _ROW, said, [_patterns(name, max(len(p) for _, p, _ in rows)), *drawn]
    )


def days_picture(days: Mapping[int, int], *, said: str, marks: Mapping[int, str]) -> str:
    """Return days as a strip of dots, one a case, or from twenty cases on as columns.

    :param marks: days that a line marks, with its word (median, limit of law).
    """
    total = sum(days.values())
    if not total:
        return ""
    last = max([*days, *marks, 1])
    wide = max(1, -(-(last + 1) // 30))  # days a column
    end = (last // wide + 1) * wide if total >= 20 else last  # the last column ends inside the picture
    drawn = _columns(days, wide, end) if total >= 20 else _dots(days, end)
    scale = [_tick(day, end) for day in sorted({0, end // 2, end})]
    lines = [_line(day, word, end, place) for place, (day, word) in enumerate(sorted(marks.items()))]
    return _svg("res-days", _WIDTH, _HEIGHT, said, [*drawn, *scale, *lines])


def climbing(points: Sequence[tuple[str, int]], *, said: str, unit: str) -> str:
    """Return a line that climbs from month to month; ``points``: word of the month and sum up to it."""
    if len(points) < 2:
        return ""
    highest = max(max(value for _, value in points), 1)
    drawn = []
    for step in range(5):
        y = _y(highest * step // 4, highest)
        drawn.append(f'<path class="res-grid" d="M{_LEFT} {y}H{_WIDTH}"/>')
        drawn.append(_text(_LEFT - 4, y + 4, _short(highest * step // 4), anchor="end"))
    xs = [_LEFT + (_WIDTH - _LEFT - 4) * place // (len(points) - 1) for place in range(len(points))]
    path = "L".join(f"{x} {_y(value, highest)}" for x, (_, value) in zip(xs, points, strict=True))
    drawn.append(f'<path class="res-path" d="M{path}"/>')
    drawn += [
        f'<circle class="res-dot" cx="{x}" cy="{_y(value, highest)}" r="3"/>'
        for x, (_, value) in zip(xs, points, strict=True)
    ]
    drawn.append(_text(xs[0], _HEIGHT - 8, points[0][0]))
    drawn.append(_text(_WIDTH, _HEIGHT - 8, points[-1][0], anchor="end"))
    drawn.append(_text(0, 9, unit))
    return _svg("res-line", _WIDTH, _HEIGHT, said, drawn)


def swatch(place: int) -> str:
    """Return the sample of a piece that stands in the key of a picture."""
    return (
        '<svg class="res-swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f"<defs>{_pattern('key', place)}</defs>"
        f'<rect class="res-edge" x="0.5" y="0.5" width="15" height="15" fill="url(#res-key-{place})"/></svg>'
    )


def _svg(kind: str, width: int, height: int, said: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" role="img" lang="id" viewBox="0 0 {width} {height}"'
        f' aria-label="{escape(said)}">{"".join(parts)}</svg>'
    )


def _patterns(name: str, count: int) -> str:
    return f"<defs>{''.join(_pattern(name, place) for place in range(count))}</defs>"


def _pattern(name: str, place: int) -> str:
    lines = _TILES[place % len(_TILES)]
    drawn = f'<path class="res-hatch" d="{lines}"/>' if lines else ""
    return (
        f'<pattern id="res-{name}-{place}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect class="res-fill-{place % len(_TILES)}" width="8" height="8"/>{drawn}</pattern>'
    )


def _pieces(pieces: Sequence[int], end: int, top: int, name: str) -> list[str]:
    drawn, passed = [], 0
    for place, piece in enumerate(pieces):
        x = _WIDTH * passed // max(1, end)
        passed += piece
        width = _WIDTH * passed // max(1, end) - x
        if width:
            drawn.append(
                f'<rect class="res-edge" x="{x}" y="{top}" width="{width}" height="{_BAR + 1}"'
                f' fill="url(#res-{name}-{place})"/>'
            )
    return drawn


def _dots(days: Mapping[int, int], last: int) -> list[str]:
    drawn = []
    for day, count in sorted(days.items()):
        drawn += [
            f'<circle class="res-dot" cx="{_day_x(day, last)}" cy="{_HEIGHT - _BOTTOM - 8 - 11 * place}" r="4.5"/>'
            for place in range(min(count, 12))
        ]
    return drawn


def _columns(days: Mapping[int, int], width: int, last: int) -> list[str]:
    columns: dict[int, int] = {}
    for day, count in days.items():
        columns[day // width] = columns.get(day // width, 0) + count
    highest = max(columns.values())
    drawn = []
    for place, count in sorted(columns.items()):
        x, y = _day_x(place * width, last), _y(count, highest)
        wide = max(2, _day_x((place + 1) * width, last) - x - 1)
        drawn.append(
            f'<rect class="res-fill-0" x="{x}" y="{y}" width="{wide}" height="{_HEIGHT - _BOTTOM - y}"/>'
        )
    drawn.append(_text(_LEFT - 4, _y(highest, highest) + 4, thousands(highest), anchor="end"))
    drawn.append(_text(_LEFT - 4, _HEIGHT - _BOTTOM, "0", anchor="end"))
    return drawn


def _tick(day: int, last: int) -> str:
    x = _day_x(day, last)
    anchor = "end" if day == last else "middle" if day else "start"
    return f'<path class="res-grid" d="M{x} {_TOP}V{_HEIGHT - _BOTTOM}"/>' + _text(
        x, _HEIGHT - 8, f"{day} hari" if day else "0", anchor=anchor
    )


def _line(day: int, word: str, last: int, place: int) -> str:
    x = _day_x(day, last)
    anchor = "end" if x > _WIDTH * 2 // 3 else "start"
    return f'<path class="res-mark" d="M{x} {4 + 14 * place}V{_HEIGHT - _BOTTOM}"/>' + _text(
        x - 4 if anchor == "end" else x + 4, 10 + 14 * place, word, anchor=anchor
    )


def _day_x(day: int, last: int) -> int:
    return _LEFT + (_WIDTH - _LEFT - 8) * day // max(1, last)


def _y(value: int, highest: int) -> int:
    return _TOP + (_HEIGHT - _TOP - _BOTTOM) * (highest - value) // highest


def _short(number: int) -> str:
    """Return a number for an axis: ``126 jt``."""
    for unit, word in ((1_000_000_000, "M"), (1_000_000, "jt"), (1_000, "rb")):
        if number >= unit:
            return f"{number / unit:.1f}".rstrip("0").rstrip(".").replace(".", ",") + f" {word}"
    return str(number)


def _text(x: int, y: int, words: str, *, anchor: str = "start") -> str:
    return f'<text class="res-text" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'
