"""Pictures of larger workflows fit a desk: longer words stand on two lines, and nothing touches anything."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from caseflow.workflow.definition import Workflow
from caseflow.workflow.diagram import svg
from caseflow.workflow.layout import LABEL_SIZE, NAME_SIZE, WIDEST, in_two, layout_of, text_width
from tests.workflow.world import jkm_book

SVG = "{http://www.w3.org/2000/svg}"
BOLD = 1.18


@pytest.fixture(scope="module", params=["jkk", "scholarship", "jkm"])
def definition(request: pytest.FixtureRequest) -> Workflow:
    return jkm_book().latest(request.param)


def test_a_picture_fits_a_desk(definition: Workflow) -> None:
    assert layout_of(definition).width <= WIDEST


def test_every_name_fits_its_box(definition: Workflow) -> None:
    layout = layout_of(definition)
    for name, lines in layout.names.items():
        assert " ".join(lines) == definition.states[name].label
        for line in lines:
            assert text_width(line, NAME_SIZE) * BOLD <= layout.boxes[name].width - 20


def test_every_word_of_a_move_is_drawn(definition: Workflow) -> None:
    for line in layout_of(definition).lines:
        assert " ".join(line.label) == line.action.label


def test_words_stand_clear_of_lines_boxes_and_words(definition: Workflow) -> None:
    layout = layout_of(definition)
    frames = []
    for line in layout.lines:
        width = round(max(text_width(words, LABEL_SIZE) for words in line.label))
        left = line.words[0] if line.anchor == "start" else line.words[0] - width
        top = line.words[1] - 9 - 13 * (len(line.label) - 1)
        frames.append((line, (left, top, left + width, line.words[1] + 1)))
    boxes = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes.values()]
    for line in layout.lines:
        for start, end in pairwise(line.points):
            assert not any(_crosses(start, end, box) for box in boxes), line.action.name
            through = [other.action.name for other, frame in frames if _crosses(start, end, frame)]
            assert not through, f"{line.action.name} from {line.source} runs through {through}"
    for number, (line, frame) in enumerate(frames):
        for other, another in frames[number + 1 :]:
            assert not _touch(frame, another), (line.action.name, other.action.name, line.source)


def test_a_box_says_where_a_case_can_go_on(definition: Workflow) -> None:
    root = ET.fromstring(svg(definition))  # noqa: S314 - our own picture
    leaving = {source for _, source, _ in definition.departures()}
    told = {
        group.get("data-state")
        for group in root.iter(f"{SVG}g")
        if any((words.text or "").startswith("ke J") for words in group.iter(f"{SVG}text"))
    }
    assert told == leaving
    assert bool(leaving) == ("kasus dapat pindah ke alur lain" in svg(definition))


def test_a_text_is_cut_where_both_lines_are_about_as_long() -> None:
    assert in_two("Minta surat", 12, 200) == ("Minta surat",)
    assert in_two("Simpulkan bukan kecelakaan kerja", 12, 100) == ("Simpulkan bukan", "kecelakaan kerja")
    assert in_two("Pertanggungjawaban", 12, 20) == ("Pertanggungjawaban",)


def _crosses(start: tuple[int, int], end: tuple[int, int], frame: tuple[int, int, int, int]) -> bool:
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < frame[2] and right > frame[0] and top < frame[3] and bottom > frame[1]


def _touch(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
