"""Where every box, line and word of a workflow picture goes. Pure geometry, the same at every run.

The main road runs down the middle, the states beside it stand in a column on its right. Every other move
leaves its box sideways, runs along the lane of its target and enters the target. Its words stand above the
piece that leaves the box, in a strip that no lane crosses. Boxes on the road and beside it use different
rows of one grid, so two lines never lie on each other. A picture that would be too wide for a desk is drawn
again with its longer words on two lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

from caseflow.workflow.definition import STAGES, Action, Stage, Workflow
from caseflow.workflow.lanes import Lane, ordered
from caseflow.workflow.spine import roads_of

Zone = Literal["left", "right", "far"]  # left of the road, between the two columns, right of the side column

ROW = 20  # pixels between two lines that leave one box
FEWEST_ROWS = 3
NARROWEST_BOX = 180
WIDEST = 1400  # of a picture that keeps its words on one line
_LONGEST_LABEL = 118  # of a picture that does not
_LONGEST_NAME = 136
LANE_WIDTH = 11
STAGE_WIDTH = 96
NAME_SIZE = 13.5  # of a state in its box
LABEL_SIZE = 11.5  # of an action at its line
_BOLD = 1.18  # how much wider bold letters are
_GAP = 2 * ROW
_PAD = 16
_NARROW = frozenset("iljtfr.,:;'()|!I ")
_WIDE = frozenset("mwMWGOQ%@")


@dataclass(frozen=True)
class Box:
    """A state; ``x`` and ``y`` are its upper left corner."""

    state: str
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Line:
    """A move.

    :ivar points: corners from the source to the target; :ivar words: where the last line of its label stands.
    :ivar anchor: whether the label begins or ends there; :ivar main: part of the main road.
    :ivar label: the lines of the label.
    """

    action: Action
    source: str
    points: tuple[tuple[int, int], ...]
    words: tuple[int, int]
    anchor: Literal["start", "end"]
    main: bool = False
    label: tuple[str, ...] = ()


@dataclass(frozen=True)
class Band:
    """The strip of one stage across the picture."""

    stage: Stage
    y: int
    height: int


@dataclass(frozen=True)
class Layout:
    """A whole picture, in pixels. ``names``: the lines of each state's name."""

    width: int
    height: int
    boxes: Mapping[str, Box]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    spine: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class _Arc:
    """A move that is not a step of the main road."""

    action: Action
    source: str
    zone: Zone


def layout_of(definition: Workflow) -> Layout:
    """Compute the picture of a workflow, on two lines where one would make it too wide."""
    drawing = _Drawing(definition)
    if drawing.width > WIDEST:
        drawing = _Drawing(definition, narrow=True)
    boxes = {
        name: Box(name, drawing.column(name), top, drawing.box_width, drawing.height(name))
        for name, top in drawing.tops.items()
    }
    lines = [*drawing.steps_down(boxes), *(drawing.line(arc, boxes) for arc in drawing.arcs)]
    return Layout(
        width=drawing.width,
        height=drawing.bands[-1].y + drawing.bands[-1].height,
        boxes=boxes,
        lines=tuple(lines),
        bands=drawing.bands,
        spine=drawing.spine,
        names={name: drawing.name(name) for name in definition.states},
    )


def text_width(text: str, size: float) -> float:
    """Estimate the width of a text in a usual sans-serif font, on the safe side."""
    return size * sum(0.32 if c in _NARROW else 0.88 if c in _WIDE else 0.57 for c in text)


def in_two(text: str, size: float, longest: float) -> tuple[str, ...]:
    """Return a text as one line, or as two of about one length when one is longer than ``longest`` pixels."""
    words = text.split()
    if text_width(text, size) <= longest or len(words) == 1:
        return (text,)
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return min(breaks, key=lambda pair: max(text_width(line, size) for line in pair))


class _Drawing:
    """One computation: rows first, then columns, then lanes.

    :param narrow: longer words on two lines.
    """

    def __init__(self, definition: Workflow, *, narrow: bool = False) -> None:
        self.definition = definition
        self.narrow = narrow
        roads = roads_of(definition)
        self.spine = roads.spine
        self.beside = roads.beside
        self.steps = set(pairwise(self.spine))
        self.arcs = [
            _Arc(action, source, self._zone(source, target))
            for action, source, target in definition.moves()
            if (source, target) not in self.steps
        ]
        self.tops: dict[str, int] = {}
        self.bands = tuple(self._place_rows())

    def _zone(self, source: str, target: str) -> Zone:
        on_road = (source in self.spine) + (target in self.spine)
        return ("far", "right", "left")[on_road]

    # ------------------------------------------------------------------ words

    def name(self, state: str) -> tuple[str, ...]:
        """Return the lines of a state's name."""
        label = self.definition.states[state].label
        return in_two(label, NAME_SIZE * _BOLD, _LONGEST_NAME) if self.narrow else (label,)

    def label(self, action: Action) -> tuple[str, ...]:
        """Return the lines of an action's label."""
        return in_two(action.label, LABEL_SIZE, _LONGEST_LABEL) if self.narrow else (action.label,)

    # ------------------------------------------------------------------ rows

    def height(self, state: str) -> int:
        """Return the height of a box: enough rows for the lines on its busier side, and for its name."""
        sides = (sum(map(self._rows, self._ends(state, zone))) for zone in ("left", "right", "far"))
        return ROW * max(FEWEST_ROWS - 1 + len(self.name(state)), *sides)

    def _rows(self, end: "_Arc | None") -> int:
        return 1 if end is None else len(self.label(end.action))

    def _ends(self, state: str, zone: Zone) -> list[_Arc | None]:
        """Return the lines on one side of a box, ``None`` for all that come in, from top to bottom."""
        leaving = [arc for arc in self.arcs if arc.zone == zone and arc.source == state]
        entering = [arc for arc in self.arcs if arc.zone == zone and arc.action.target == state]
        ends: list[tuple[float, _Arc | None]] = [(self._height_of(arc.action.target), arc) for arc in leaving]
        if entering:
            mean = sum(self._height_of(arc.source) for arc in entering) / len(entering)
            ends.append((mean, None))
        return [arc for _, arc in sorted(ends, key=lambda end: end[0])]

    def _height_of(self, state: str) -> int:
        return self.tops.get(state, 0)

    def _place_rows(self) -> Iterable[Band]:
        y = 0
        for stage in STAGES:
            on_road = [name for name in self.spine if self.definition.states[name].stage == stage]
            beside = self.beside[stage]
            if not on_road and not beside:
                continue
            road_end = self._stack(on_road, y + _GAP - ROW // 2)
            side_end = self._stack(beside, y + _GAP - ROW)
            end = max(road_end, side_end) + _GAP - ROW // 2
            end -= end % ROW
            yield Band(stage, y, end - y)
            y = end

    def _stack(self, states: Iterable[str], y: int) -> int:
        for name in states:
            self.tops[name] = y
            y += self.height(name) + self._gap_below(name)
        return y - _GAP

    def _gap_below(self, state: str) -> int:
        """Return room for the words of the steps that lead down from a box."""
        steps = [arc for arc in self.definition.steps_from(state) if (state, arc.target) in self.steps]
        lines = [len(self.label(step)) for step in steps]
        # a second line comes near the figures on the edge of the next box
        return _GAP + ROW * (max(0, sum(lines) - 2) + (max(lines, default=1) > 1))

    # ------------------------------------------------------------------ columns

    @cached_property
    def lanes(self) -> dict[Zone, list[Lane]]:
        """Return the lanes of each zone in their order from left to right."""
        found: dict[Zone, list[Lane]] = {}
        for zone in ("left", "right", "far"):
            arcs = [arc for arc in self.arcs if arc.zone == zone]
            targets = dict.fromkeys(arc.action.target for arc in arcs)
            found[zone] = ordered([self._lane(zone, target, arcs) for target in targets])
        return found

    def _lane(self, zone: Zone, target: str, arcs: list[_Arc]) -> Lane:
        sources = [
            (arc.source, self.port(arc.source, zone, arc)) for arc in arcs if arc.action.target == target
        ]
        ends = [*sources, (target, self.port(target, zone, None))]
        # boxes of the left zone stand after its lanes, boxes of the far zone before them
        first = {"left": False, "far": True}
        before = tuple(y for state, y in ends if first.get(zone, state in self.spine))
        after = tuple(y for state, y in ends if not first.get(zone, state in self.spine))
        return Lane(target, before, after)

    def port(self, state: str, zone: Zone, arc: _Arc | None) -> int:
        """Return the height at which a line leaves (or, for ``None``, enters) a box."""
        ends = self._ends(state, zone)
        free = self.height(state) // ROW - sum(map(self._rows, ends))
        above = sum(map(self._rows, ends[: ends.index(arc) + 1])) - 1
        return self.tops[state] + ROW // 2 + ROW * (free // 2 + above)

    @cached_property
    def box_width(self) -> int:
        """Return the width of every box: the longest name fits."""
        names = [text_width(line, NAME_SIZE) for state in self.definition.states for line in self.name(state)]
        return max(NARROWEST_BOX + _PAD * self.narrow, round(max(names) * _BOLD) + 2 * _PAD)

    def _strip(self, zone: Zone, on_road: bool) -> int:
        """Return the width of the strip for words beside the boxes of one column."""
        labels = [
            text_width(line, LABEL_SIZE)
            for arc in self.arcs
            if arc.zone == zone and (arc.source in self.spine) == on_road
            for line in self.label(arc.action)
        ]
        return round(max(labels, default=0)) + _PAD

    @cached_property
    def edges(self) -> dict[str, int]:
        """Return the left edges of what stands beside each other."""
        edges = {"left_lanes": STAGE_WIDTH}
        edges["road"] = edges["left_lanes"] + self._lanes_width("left") + self._strip("left", on_road=True)
        edges["right_lanes"] = edges["road"] + self.box_width + self._strip("right", on_road=True)
        edges["side"] = (
            edges["right_lanes"] + self._lanes_width("right") + self._strip("right", on_road=False)
        )
        edges["far_lanes"] = edges["side"] + self.box_width + self._strip("far", on_road=False)
        return edges

    @property
    def width(self) -> int:
        """Return the width of the picture."""
        return self.edges["far_lanes"] + self._lanes_width("far")

    def _lanes_width(self, zone: Zone) -> int:
        return LANE_WIDTH * (len(self.lanes[zone]) + 1)

    def column(self, state: str) -> int:
        """Return the left edge of a box."""
        return self.edges["road" if state in self.spine else "side"]

    def _lane_x(self, zone: Zone, target: str) -> int:
        place = next(i for i, lane in enumerate(self.lanes[zone]) if lane.target == target)
        return self.edges[f"{zone}_lanes"] + LANE_WIDTH * (place + 1)

    # ------------------------------------------------------------------ lines

    def line(self, arc: _Arc, boxes: Mapping[str, Box]) -> Line:
        """Return the line of a move through the lane of its target."""
        target = arc.action.target
        lane = self._lane_x(arc.zone, target)
        start = self._edge(boxes[arc.source], lane), self.port(arc.source, arc.zone, arc)
        end = self._edge(boxes[target], lane), self.port(target, arc.zone, None)
        leaves_right = lane > start[0]
        return Line(
            action=arc.action,
            source=arc.source,
            points=(start, (lane, start[1]), (lane, end[1]), end),
            words=(start[0] + (8 if leaves_right else -8), start[1] - 4),
            anchor="start" if leaves_right else "end",
            label=self.label(arc.action),
        )

    def _edge(self, box: Box, lane: int) -> int:
        return box.x + box.width if lane > box.x else box.x

    def steps_down(self, boxes: Mapping[str, Box]) -> Iterable[Line]:
        """Give the steps of the main road; of several moves between two boxes each has its own words."""
        for upper, lower in pairwise(self.spine):
            moves = [action for action in self.definition.steps_from(upper) if action.target == lower]
            x = boxes[upper].x + self.box_width // 2
            start, end = boxes[upper].y + boxes[upper].height, boxes[lower].y
            below = 2
            for action in moves:
                label = self.label(action)
                below += 14 * len(label)
                words = x + 10, start + below
                yield Line(action, upper, ((x, start), (x, end)), words, "start", main=True, label=label)
