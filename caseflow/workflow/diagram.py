"""A workflow as a picture (SVG), drawn from the running definition.

The picture carries no style sheet and no script: colours are attributes, so a strict content policy
shows it whole. ``table.rows`` says the same in words; every page shows both.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from pathlib import Path

from caseflow.workflow.definition import STAGE_LABELS, UNIT_LABELS, State, Workflow, WorkflowBook
from caseflow.workflow.layout import (
    LABEL_SIZE,
    NAME_SIZE,
    STAGE_WIDTH,
    Box,
    Layout,
    Line,
    layout_of,
    text_width,
)
from caseflow.workflow.queries import StateFigures
from caseflow.workflow.spine import goes_forward

_INK, _MUTED, _GREEN, _BLUE, _TRAIL = "#1F2933", "#52606D", "#0B5D4E", "#1D4F91", "#8A4B00"
_FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


@dataclass(frozen=True)
class _Ink:
    colour: str
    width: float
    words: str
    dash: str = ""


_INKS = {  # in the order of drawing: the last lies on top
    "aside": _Ink(_MUTED, 1.25, "ke samping, berakhir, atau melompati langkah"),
    "back": _Ink(_BLUE, 1.25, "kembali", ' stroke-dasharray="5 3"'),
    "main": _Ink(_GREEN, 2.5, "jalan utama"),
    "trail": _Ink(_TRAIL, 3.5, "jalan kasus ini"),
}
_BANDS = ("#F7F4EE", "#FFFFFF")
_LEGEND_HEIGHT = 56
_CORNER = 7
_REGULAR = 400
_MARGIN = 12
_LABEL_LINE = 13
_LINE = 16


@dataclass(frozen=True)
class Trail:
    """The way of one case through one workflow.

    :ivar moves: state that was left and action, in order.
    :ivar current: where it is now; ``None`` when it went on in another workflow.
    """

    current: str | None
    moves: Sequence[tuple[str, str]] = ()


def svg(
    definition: Workflow,
    figures: Mapping[str, StateFigures] | None = None,
    *,
    trail: Trail | None = None,
) -> str:
    """Return the picture.

    :param figures: open cases by state, shown in the boxes; :param trail: the way of one case, marked.
    """
    layout = _layout(definition)
    key = f"wf-{definition.name}-{definition.version}"
    width, height = layout.width + 2 * _MARGIN, layout.height + _LEGEND_HEIGHT
    gone = frozenset(trail.moves) if trail else frozenset()
    drawn = [(line, _kind(definition, line, layout.spine, gone)) for line in layout.lines]
    drawn.sort(key=lambda pair: list(_INKS).index(pair[1]))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="workflow-diagram" role="img" lang="id"'
        f' aria-labelledby="{key}-title {key}-desc" viewBox="{-_MARGIN} 0 {width} {height}"'
        f' width="{width}" height="{height}" font-family="{escape(_FONT)}" fill="{_INK}">'
    )
    parts = [
        head,
        f'<title id="{key}-title">{escape(_title(definition))}</title>',
        f'<desc id="{key}-desc">{escape(_description(definition, layout))}</desc>',
        _markers(key),
        *_bands(layout),
        *(_line(line, kind, key) for line, kind in drawn),
        *(_words(line, kind) for line, kind in drawn),
        *(_box(definition, layout, box, figures or {}, trail) for box in layout.boxes.values()),
        _legend(
            layout,
            key,
            ["main", "aside", "back", *(["trail"] if trail else [])],
            departs=any(True for _ in definition.departures()),
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def write_diagrams(book: WorkflowBook, folder: Path) -> list[Path]:
    """Draw the newest version of every workflow into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    names = sorted({definition.name for definition in book})
    written = []
    for name in names:
        path = folder / f"{name}.svg"
        path.write_text(svg(book.latest(name)), encoding="utf-8")
        written.append(path)
    return written


@lru_cache(maxsize=32)
def _layout(definition: Workflow) -> Layout:
    return layout_of(definition)


def _title(definition: Workflow) -> str:
    return f"Alur kerja {definition.title}, versi {definition.version}"


def _description(definition: Workflow, layout: Layout) -> str:
    road = ", ".join(definition.states[name].label for name in layout.spine)
    leaving = dict.fromkeys(
        (action.label, (action.into or "").upper()) for action, _, _ in definition.departures()
    )
    onward = "".join(f" “{label}” meneruskan kasus di alur {into}." for label, into in leaving)
    return (
        f"{len(definition.states)} keadaan dan {len(definition.actions)} tindakan. Jalan utama dari atas ke bawah: "
        f"{road}. Keadaan lain berdiri di kanan.{onward} "
        "Tabel di bawah gambar memuat semua langkah dengan kata-kata."
    )


def _markers(key: str) -> str:
    heads = [
        f'<marker id="{key}-{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        f' markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0L8 4L0 8z" fill="{ink.colour}"/></marker>'
        for name, ink in _INKS.items()
    ]
    return f"<defs>{''.join(heads)}</defs>"


def _bands(layout: Layout) -> Iterable[str]:
    for number, band in enumerate(layout.bands):
        yield (
            f'<rect x="{-_MARGIN}" y="{band.y}" width="{layout.width + 2 * _MARGIN}" height="{band.height}"'
            f' fill="{_BANDS[number % 2]}"/>'
        )
        yield _text(0, band.y + 26, STAGE_LABELS[band.stage], size=13, weight=700, fill=_MUTED)


def _line(line: Line, kind: str, key: str) -> str:
    # drawn from its arrowhead back, so that the dashes of lines that meet fall on each other
    ink = _INKS[kind]
    return (
        f'<path class="move move-{kind}" d="{_path(line.points[::-1])}" fill="none" stroke="{ink.colour}"'
        f' stroke-width="{ink.width}"{ink.dash} marker-start="url(#{key}-{kind})"/>'
    )


def _kind(definition: Workflow, line: Line, spine: Collection[str], gone: Collection[tuple[str, str]]) -> str:
    """Return which pen draws a move; lines that share a lane share a pen."""
    source, target = line.source, line.action.target
    if (source, line.action.name) in gone:
        return "trail"
    if line.main:
        return "main"
    if definition.states[target].final or (target not in spine and source in spine):
        return "aside"
    forward = goes_forward(definition, source, target) and (source in spine) == (target in spine)
    return "aside" if forward else "back"


def _path(points: Sequence[tuple[int, int]]) -> str:
    """Return the line through right angles, each corner rounded."""
    drawn = [f"M{points[0][0]} {points[0][1]}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        if before[1] == after[1]:
            continue
        entry, leave = _towards(corner, before), _towards(corner, after)
        drawn.append(f"L{entry[0]} {entry[1]}Q{corner[0]} {corner[1]} {leave[0]} {leave[1]}")
    drawn.append(f"L{points[-1][0]} {points[-1][1]}")
    return "".join(drawn)


def _towards(corner: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    def near(at: int, to: int) -> int:
        reach = min(_CORNER, abs(to - at) // 2)
        return at + (reach if to > at else -reach)

    return near(corner[0], other[0]), near(corner[1], other[1])


def _words(line: Line, kind: str) -> str:
    colour = _INK if kind == "aside" else _INKS[kind].colour
    x, y = line.words
    top = y - _LABEL_LINE * (len(line.label) - 1)
    return "".join(
        _text(
            x,
            top + _LABEL_LINE * number,
            words,
            size=LABEL_SIZE,
            fill=colour,
            anchor=line.anchor,
            classes="move-label",
        )
        for number, words in enumerate(line.label)
    )


def _box(
    definition: Workflow,
    layout: Layout,
    box: Box,
    figures: Mapping[str, StateFigures],
    trail: Trail | None,
) -> str:
    state = definition.states[box.state]
    here = trail is not None and trail.current == state.name
    passed = trail is not None and state.name in {source for source, _ in trail.moves}
    stroke = _TRAIL if here or passed else _GREEN
    fill = "#FFF3DC" if here else "#E9EDF1" if state.final else "#FFFFFF"
    width = 3 if here else 2 if passed else 1.5
    parts = [f'<g class="state" data-state="{state.name}">']
    parts.append(_rectangle(box, 0, rx=8, fill=fill, stroke=stroke, width=width))
    if state.final:
        parts.append(_rectangle(box, 3.5, rx=5, fill="none", stroke=stroke, width=0.75))
    found = figures.get(state.name)
    name, lines = layout.names[state.name], _second_lines(state, found, here=here)
    top = box.y + box.height / 2 - 8 * (len(name) - 1 + len(lines)) + 4.5
    for number, words in enumerate(name):
        parts.append(_text(box.x + 13, top + _LINE * number, words, size=NAME_SIZE, weight=650))
    for number, words in enumerate(lines, start=len(name)):
        parts.append(_text(box.x + 13, top + _LINE * number, words, size=11, fill=_MUTED))
    others = dict.fromkeys(
        action.into or "" for action, source, _ in definition.departures() if source == state.name
    )
    if others:
        words = f"ke {', '.join(others).upper()}"
        parts.append(_pill(words, box.x + 10, box.y, colour=_BLUE))
    if found is not None:
        parts.append(_pill(found.words, box.x + box.width - 10, box.y, colour=_GREEN, ends=True))
    return "".join([*parts, "</g>"])


def _rectangle(box: Box, inset: float, *, rx: int, fill: str, stroke: str, width: float) -> str:
    return (
        f'<rect x="{box.x + inset:g}" y="{box.y + inset:g}" width="{box.width - 2 * inset:g}"'
        f' height="{box.height - 2 * inset:g}" rx="{rx}" fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"/>'
    )


def _second_lines(state: State, found: StateFigures | None, *, here: bool) -> list[str]:
    lines = []
    if here:
        lines.append("kasus ini di sini")
    if state.deadline is not None:
        since = {"complete": "lengkap", "report": "laporan"}.get(state.deadline_from, "masuk")
        lines.append(f"{state.deadline} {UNIT_LABELS[state.deadline_unit]} sejak {since}")
    if found is not None and not here:
        days = (("terlama", found.oldest_days), ("median", found.median_days))
        known = [f"{word} {number}" for word, number in days if number is not None]
        lines += [f"{', '.join(known)} hari"] if known else []
    return lines


def _pill(words: str, x: int, y: int, *, colour: str, ends: bool = False) -> str:
    """Return a few letters on the upper edge of a box, where neither words nor arrows come.

    :param ends: ``x`` is where they end, not where they begin.
    """
    width = round(text_width(words, 12)) + 16
    left = x - width if ends else x
    number = _text(left + width / 2, y + 3.5, words, size=12, weight=700, fill="#FFFFFF", anchor="middle")
    return f'<rect x="{left}" y="{y - 10}" width="{width}" height="18" rx="9" fill="{colour}"/>{number}'


def _legend(layout: Layout, key: str, kinds: Iterable[str], *, departs: bool) -> str:
    y = layout.height + _LEGEND_HEIGHT // 2
    x = STAGE_WIDTH
    parts = ['<g class="legend">', _text(0, y + 4, "Keterangan", size=12, weight=700, fill=_MUTED)]
    for kind in kinds:
        ink = _INKS[kind]
        parts.append(
            f'<path d="M{x} {y}H{x + 40}" fill="none" stroke="{ink.colour}" stroke-width="{ink.width}"{ink.dash}'
            f' marker-end="url(#{key}-{kind})"/>'
        )
        parts.append(_text(x + 50, y + 4, ink.words, size=12))
        x += 80 + round(text_width(ink.words, 12))
    if departs:
        parts.append(_pill("ke …", x, y + 1, colour=_BLUE))
        parts.append(_text(x + 54, y + 4, "kasus dapat pindah ke alur lain", size=12))
    return "".join([*parts, "</g>"])


def _text(
    x: float,
    y: float,
    words: str,
    *,
    size: float,
    fill: str = _INK,
    weight: int = _REGULAR,
    anchor: str = "start",
    classes: str = "",
) -> str:
    more = f' class="{classes}"' if classes else ""
    if weight != _REGULAR:
        more += f' font-weight="{weight}"'
    if anchor != "start":
        more += f' text-anchor="{anchor}"'
    return f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}"{more}>{escape(words)}</text>'
