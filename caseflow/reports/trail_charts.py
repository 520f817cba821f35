"""Pictures of a livelihood trail and of many (SVG, drawn here). Each stands beside a table that says the same.

Colours are the page's classes; stages are rows with words and the line has dots, so a printout in grey can be read.
"""

from collections.abc import Sequence
from datetime import date
from html import escape

from caseflow.formats import long_date
from caseflow.monitoring.questions import choice_label
from caseflow.monitoring.survival import Point
from caseflow.monitoring.visit_models import ALIVE

FEW = 5  # fewer families than this are dots without a line
_WIDTH, _LEFT, _RIGHT, _TOP = 280, 96, 14, 14
_ROW = 26
# from the bottom: a business that stopped lies below one that never was
_ROWS = ("stopped", "none", "planned", "started", "running", "growing")
_MONTHS = (0, 3, 6, 12, 24)
_CURVE_LEFT, _CURVE_TOP, _CURVE_HEIGHT, _CURVE_BOTTOM = 50, 26, 202, 28
_DAYS_A_MONTH = 30.4


def share_bar(percent: int) -> str:
    """Return a share of the whole; the number stands beside it."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" class="trail-bar" viewBox="0 0 1000 20" preserveAspectRatio="none"'
        ' aria-hidden="true" focusable="false"><rect class="trail-whole" x="1" y="1" width="998" height="18"/>'
        f'<rect class="trail-part" x="1" y="1" width="{998 * percent // 100}" height="18"/></svg>'
    )


def stage_line(paid_on: date, told: Sequence[tuple[date, str]]) -> str:
    """Return the stages of one business by month after the money.

    :param told: day and stage (``visit_models.STAGES``), oldest first.
    """
    height = _TOP + _ROW * len(_ROWS) + 24
    said = "; ".join(
        f"{long_date(on)} {choice_label('livelihood_stage', stage).lower()}" for on, stage in told
    )
    points = [(_stage_x(paid_on, on), _stage_y(stage), stage) for on, stage in told]
    drawn = [
        _opening(f"Usaha dari waktu ke waktu: {said}.", height),
        *_stage_ground(),
    ]
    if len(points) > 1:
        path = "L".join(f"{x} {y}" for x, y, _ in points)
        drawn.append(f'<path class="trail-path" d="M{path}"/>')
    drawn += [
        f'<circle class="{"trail-dot" if stage in ALIVE else "trail-ring"}" cx="{x}" cy="{y}" r="4.5"/>'
        for x, y, stage in points
    ]
    return "\n".join([*drawn, "</svg>"])


def survival_line(points: Sequence[Point]) -> str:
    """Return the share of families with a business that gives a living; the axis begins at nobody.

    A point of fewer than five families is a ring without a line.
    """
    shown = [one for one in points if one.percent is not None]
    said = "; ".join(f"{one.months} bulan {one.matched_alive} dari {one.matched}" for one in shown)
    drawn = [
        _opening(f"Usaha yang memberi penghidupan: {said}.", _CURVE_HEIGHT),
        *_curve_ground(),
    ]
    path = ""
    for place, one in enumerate(shown):
        x, y = _curve_x(one.months), _curve_y(one.percent or 0)
        few = one.matched < FEW
        path = "" if few else f"{path}{'L' if path else 'M'}{x} {y}"
        if "L" in path:
            drawn.append(f'<path class="trail-path" d="{path}"/>')
        drawn.append(f'<circle class="{"trail-ring" if few else "trail-dot"}" cx="{x}" cy="{y}" r="4.5"/>')
        words = f"{one.matched_alive} dari {one.matched}"
        drawn.append(_text(x, _beside(y, place), words, _anchor(one.months)))
    return "\n".join([*drawn, "</svg>"])


def _beside(y: int, place: int) -> int:
    """Return the line of a point's words: above and below by turns, so that neighbours do not touch."""
    if place % 2 == 0:
        return y - 10
    return y + 20 if y + 36 < _CURVE_HEIGHT - _CURVE_BOTTOM else y - 24


def _opening(said: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="trail-line" role="img" lang="id"'
        f' viewBox="0 0 {_WIDTH} {height}" aria-label="{escape(said)}">'
    )


def _text(x: int, y: int, words: str, anchor: str) -> str:
    return f'<text class="trail-text" x="{x}" y="{y}" text-anchor="{anchor}">{escape(words)}</text>'


def _anchor(months: int) -> str:
    return {_MONTHS[1]: "start", _MONTHS[-1]: "end"}.get(months, "middle")


def _stage_ground() -> list[str]:
    bottom = _TOP + _ROW * len(_ROWS)
    drawn = []
    for stage in _ROWS:
        y = _stage_y(stage)
        drawn.append(f'<path class="trail-grid" d="M{_LEFT} {y}H{_WIDTH - _RIGHT}"/>')
        drawn.append(_text(_LEFT - 8, y + 4, choice_label("livelihood_stage", stage), "end"))
    for months in _MONTHS:
        drawn.append(_text(_at_month(months), bottom + 18, str(months), "middle"))
    return drawn


def _stage_x(paid_on: date, on: date) -> int:
    return _at_month(max(0.0, min((on - paid_on).days / _DAYS_A_MONTH, float(_MONTHS[-1]))))


def _at_month(months: float) -> int:
    return _LEFT + round((_WIDTH - _LEFT - _RIGHT) * months / _MONTHS[-1])


def _stage_y(stage: str) -> int:
    return _TOP + _ROW * (len(_ROWS) - 1 - _ROWS.index(stage)) + _ROW // 2


def _curve_ground() -> list[str]:
    drawn = []
    for percent in (0, 25, 50, 75, 100):
        y = _curve_y(percent)
        drawn.append(f'<path class="trail-grid" d="M{_CURVE_LEFT} {y}H{_WIDTH - _RIGHT}"/>')
        drawn.append(_text(_CURVE_LEFT - 6, y + 4, f"{percent} %", "end"))
    for months in _MONTHS[1:]:
        drawn.append(_text(_curve_x(months), _CURVE_HEIGHT - 8, str(months), "middle"))
    return drawn


def _curve_x(months: int) -> int:
    return _CURVE_LEFT + (_WIDTH - _CURVE_LEFT - _RIGHT) * months // _MONTHS[-1]


def _curve_y(percent: int) -> int:
    return _CURVE_TOP + (_CURVE_HEIGHT - _CURVE_TOP - _CURVE_BOTTOM) * (100 - percent) // 100
