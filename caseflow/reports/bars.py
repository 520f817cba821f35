"""Days by party as a bar (SVG). The table beside it says the same in words.

Colours are attributes, so a strict content policy shows it whole; each party also has a pattern of its own, so that a
printout in black and white can be read.
"""

from collections.abc import Mapping, Sequence
from html import escape
from types import MappingProxyType
from typing import NamedTuple

from caseflow.workflow.definition import PARTY_LABELS, Party

_WIDTH, _HEIGHT, _TOP = 1000, 76, 6
_BAR = 40
_WORDS_FROM = 92  # pixels a piece needs to carry its party's name; fewer carry the number of days alone
_NUMBER_FROM = 26


class _Look(NamedTuple):
    """A colour, and the white lines drawn over it: a path in a tile of eight pixels."""

    colour: str
    lines: str


_LOOKS: Mapping[Party, _Look] = MappingProxyType(
    {
        "family": _Look("#5B4391", ""),
        "nagari": _Look("#A8400F", "M0 8L8 0"),
        "hospital": _Look("#236A9B", "M0 0L8 8"),
        "branch": _Look("#0B5D4E", ""),
        "bank": _Look("#8C2D5B", "M0 4H8"),
        "authority": _Look("#52606D", "M4 0V8"),
    }
)


def days_bar(pieces: Sequence[tuple[Party, int]], title: str, *, ends: tuple[str, str] = ("", "")) -> str:
    """Return the bar: pieces from left to right, each as wide as it has days.

    :param title: said instead of the picture, before all its pieces; :param ends: words under both ends.
    """
    total = sum(days for _, days in pieces)
    drawn, x, passed = [], 0, 0
    for party, days in pieces:
        passed += days
        end = _WIDTH * passed // total
        drawn.append(_piece(party, days, x, end - x))
        x = end
    said = "; ".join(f"{PARTY_LABELS[party]} {days} hari" for party, days in pieces)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="days-bar" role="img" lang="id"'
        f' aria-labelledby="days-title days-desc" viewBox="0 0 {_WIDTH} {_HEIGHT if any(ends) else _TOP + _BAR + _TOP}"'
        f" font-family=\"system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif\">"
    )
    parts = [
        head,
        f'<title id="days-title">{escape(title)}</title>',
        f'<desc id="days-desc">{escape(said)}.</desc>',
        f"<defs>{''.join(_pattern(party, 'bar') for party in _LOOKS)}</defs>",
        *drawn,
        *([_end(0, ends[0], "start"), _end(_WIDTH, ends[1], "end")] if any(ends) else []),
        "</svg>",
    ]
    return "\n".join(parts)


def swatch(party: Party) -> str:
    """Return the small sample of a party that stands in the tables."""
    return (
        '<svg class="days-swatch" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f"<defs>{_pattern(party, 'key')}</defs>"
        f'<rect width="16" height="16" rx="3" fill="url(#days-key-{party})"/></svg>'
    )


def _pattern(party: Party, where: str) -> str:
    look = _LOOKS[party]
    lines = f'<path d="{look.lines}" stroke="#FFFFFF" stroke-width="1" opacity="0.45"/>' if look.lines else ""
    return (
        f'<pattern id="days-{where}-{party}" width="8" height="8" patternUnits="userSpaceOnUse">'
        f'<rect width="8" height="8" fill="{look.colour}"/>{lines}</pattern>'
    )


def _piece(party: Party, days: int, x: int, width: int) -> str:
    drawn = (
        f'<rect x="{x}" y="{_TOP}" width="{width}" height="{_BAR}" fill="url(#days-bar-{party})"'
        f' stroke="#FFFFFF" stroke-width="1.5"/>'
    )
    if width < _NUMBER_FROM:
        return drawn
    words = (
        f"{PARTY_LABELS[party]} {days}"
        if width >= _WORDS_FROM + 8 * len(PARTY_LABELS[party]) // 2
        else str(days)
    )
    # the words stand on plain colour, whatever the pattern
    size = 9 * len(words) + 10
    ground = (
        f'<rect x="{x + (width - size) // 2}" y="{_TOP + 9}" width="{size}" height="22" rx="4"'
        f' fill="{_LOOKS[party].colour}"/>'
        if size <= width
        else ""
    )
    return drawn + ground + _text(x + width // 2, words, "middle", "#FFFFFF", y=_TOP + 25, size=15)


def _end(x: int, words: str, anchor: str) -> str:
    return _text(x, words, anchor, "#52606D", y=_HEIGHT - 8, size=14)


def _text(x: int, words: str, anchor: str, fill: str, *, y: int, size: int) -> str:
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" font-weight="600" fill="{fill}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
