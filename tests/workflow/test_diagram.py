"""The picture says what the definition says, without overlaps, and the committed one is the present one."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import pytest

from caseflow.workflow.definition import Workflow
from caseflow.workflow.diagram import Trail, svg, write_diagrams
from caseflow.workflow.lanes import Lane, crossings, ordered
from caseflow.workflow.layout import LABEL_SIZE, NAME_SIZE, Layout, layout_of, text_width
from caseflow.workflow.queries import StateFigures
from caseflow.workflow.table import rows
from tests.workflow.world import WORKFLOWS, jkm, jkm_book

DOCS = WORKFLOWS.parent / "docs" / "workflows"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def definition() -> Workflow:
    return jkm()


@pytest.fixture(scope="module")
def layout(definition: Workflow) -> Layout:
    return layout_of(definition)


def test_the_committed_picture_is_up_to_date(tmp_path: Path) -> None:
    for fresh in write_diagrams(jkm_book(), tmp_path):
        committed = DOCS / fresh.name
        assert committed.read_text(encoding="utf-8") == fresh.read_text(encoding="utf-8"), (
            f"{committed.name} is not drawn from the present file: run flask write-docs"
        )


def test_the_picture_is_the_same_at_every_run() -> None:
    assert svg(jkm()) == svg(jkm())


def test_every_state_and_every_move_is_in_the_picture(definition: Workflow) -> None:
    root = ET.fromstring(svg(definition))  # noqa: S314 - our own picture
    words = [element.text for element in root.iter(f"{SVG}text")]
    for state in definition.states.values():
        assert state.label in words
    for action in definition.actions.values():
        if action.into is None:
            assert words.count(action.label) >= len(action.sources)
    assert len(root.findall(f"{SVG}path")) == len(list(definition.moves()))


def test_the_picture_names_itself_and_needs_no_style_sheet(definition: Workflow) -> None:
    picture = svg(definition, {"verifying": StateFigures(3, 9, 2)})
    root = ET.fromstring(picture)  # noqa: S314 - our own picture
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert root.get("aria-labelledby") == "wf-jkm-2-title wf-jkm-2-desc"
    assert root.findtext(f"{SVG}title") == "Alur kerja Klaim Jaminan Kematian, versi 2"
    assert "Jalan utama dari atas ke bawah: Draf, Dilaporkan" in (root.findtext(f"{SVG}desc") or "")
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=|href=", picture)


def test_figures_and_the_way_of_one_case_are_marked(definition: Workflow) -> None:
    figures = {"verifying": StateFigures(count=12, oldest_days=9, median_days=2)}
    trail = Trail(current="verifying", moves=[("draft", "report"), ("reported", "start_intake")])
    picture = svg(definition, figures, trail=trail)
    assert ">12</text>" in picture
    assert picture.count('class="move move-trail"') == 2
    assert "kasus ini di sini" in picture
    assert "terlama 9, median 2 hari" in svg(definition, figures)


def test_the_main_road_is_the_way_to_the_money(layout: Layout) -> None:
    assert layout.spine == (
        "draft", "reported", "documents_pending", "documents_complete", "verifying", "calculating",
        "awaiting_approval", "approved", "payment_in_process", "paid", "accompanying", "closed",
    )  # fmt: skip


def test_no_box_touches_another_and_every_name_fits(definition: Workflow, layout: Layout) -> None:
    boxes = list(layout.boxes.values())
    for box in boxes:
        assert text_width(definition.states[box.state].label, NAME_SIZE) <= box.width - 26
        for other in boxes:
            apart = (
                box.x + box.width < other.x
                or other.x + other.width < box.x
                or box.y + box.height < other.y
                or other.y + other.height < box.y
            )
            assert apart or box is other


def test_no_line_crosses_a_box_or_the_words_of_another(layout: Layout) -> None:
    words = []
    for line in layout.lines:
        width = round(text_width(line.action.label, LABEL_SIZE))
        left = line.words[0] if line.anchor == "start" else line.words[0] - width
        words.append((line, (left, line.words[1] - 9, left + width, line.words[1] + 1)))
    frames = [(box.x, box.y, box.x + box.width, box.y + box.height) for box in layout.boxes.values()]
    for line in layout.lines:
        for start, end in pairwise(line.points):
            assert not [frame for frame in frames if _meets(start, end, frame)], line
            crossed = [other.action.name for other, frame in words if _meets(start, end, frame)]
            assert not crossed, f"{line.action.name} from {line.source} runs through {crossed}"


def test_words_do_not_lie_on_words(layout: Layout) -> None:
    spots = [line.words for line in layout.lines]
    assert len(spots) == len(set(spots))
    for line in layout.lines:
        for other in layout.lines:
            if line is not other and abs(line.words[1] - other.words[1]) < 11 and line.anchor == other.anchor:
                width = text_width(line.action.label, LABEL_SIZE)
                assert abs(line.words[0] - other.words[0]) > width, (line.action.name, other.action.name)


def test_lines_to_different_states_never_lie_on_each_other(layout: Layout) -> None:
    upright = {(line.points[1][0], line.action.target) for line in layout.lines if not line.main}
    places = [x for x, _ in upright]
    assert len(places) == len(set(places))
    levels: dict[int, set[str]] = {}
    for line in layout.lines:
        if not line.main:
            levels.setdefault(line.points[0][1], set()).add(f"from {line.source}")
            levels.setdefault(line.points[-1][1], set()).add(f"to {line.action.target}")
    # what leaves a box and what enters it use different rows, so a level has one end in each column
    for level in levels.values():
        assert len([end for end in level if end.startswith("to ")]) <= 2


def _meets(start: tuple[int, int], end: tuple[int, int], frame: tuple[int, int, int, int]) -> bool:
    """Tell whether an upright or level line goes through the inside of a frame."""
    left, right = sorted((start[0], end[0]))
    top, bottom = sorted((start[1], end[1]))
    return left < frame[2] and right > frame[0] and top < frame[3] and bottom > frame[1]


def test_lanes_are_put_in_an_order_with_few_crossings() -> None:
    outer = Lane("outer", before=(0, 100), after=())
    inner = Lane("inner", before=(40, 60), after=())
    assert [lane.target for lane in ordered([outer, inner])] == ["inner", "outer"]
    assert crossings([outer, inner]) == 2
    assert crossings([inner, outer]) == 0


def test_the_table_says_the_same_as_the_picture(definition: Workflow) -> None:
    table = rows(definition, {"verifying": StateFigures(3, 9, 2)})
    assert [row.state.name for row in table] == list(definition.states)
    verifying = next(row for row in table if row.state.name == "verifying")
    assert (verifying.stage_label, verifying.deadline) == (
        "Pemeriksaan",
        "3 hari kerja sejak dokumen lengkap",
    )
    assert verifying.figures == StateFigures(3, 9, 2)
    assert [(leave.label, leave.target_label) for leave in verifying.exits][:2] == [
        ("Minta ganti dokumen", "Menunggu dokumen"),
        ("Mulai cek lapangan", "Cek kasus lapangan"),
    ]
    assert verifying.exits[1].roles == ("Petugas klaim",)
    assert sum(len(row.exits) for row in table) == len([*definition.moves(), *definition.departures()])
