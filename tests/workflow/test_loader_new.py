"""Days, parties and other workflows in a file: what the loader takes, and what it refuses in words."""

from pathlib import Path

import pytest
import yaml

from caseflow.workflow.loader import WorkflowRefused, load_book, load_workflow, parse_workflow
from tests.workflow.test_loader import SMALL, VOCABULARY, Malformed, problems, written

HERE = Path(__file__).parent
MALFORMED = [
    Malformed(**case) for case in yaml.safe_load((HERE / "malformed_new.yaml").read_text(encoding="utf-8"))
]
LEAVES = SMALL.replace("    to: asked\n", "    to: asked\n    into: other\n", 1)
OTHER = SMALL.replace("name: small", "name: other", 1)


def refused(folder: Path, small: str, other: str | None = OTHER) -> list[str]:
    written(folder, small)
    if other is not None:
        written(folder, other, "other.yaml")
    try:
        load_book(folder / "workflows", VOCABULARY)
    except WorkflowRefused as refusal:
        return refusal.problems
    return []


@pytest.mark.parametrize("case", MALFORMED, ids=lambda case: case.what)
def test_a_malformed_file_is_refused_in_words(case: Malformed, tmp_path: Path) -> None:
    assert case.change in SMALL
    path = written(tmp_path, SMALL.replace(case.change, case.into, 1))
    assert problems(path) == [f"workflows/small.yaml{sentence}" for sentence in case.refused]


def test_what_days_and_parties_may_be(tmp_path: Path) -> None:
    text = SMALL.replace("    deadline: 3\n", "    deadline: 3\n    deadline_unit: calendar_days\n", 1)
    text = text.replace("deadline_from: complete", "deadline_from: report\n    waits_for: nagari", 1)
    asked = load_workflow(written(tmp_path, text), VOCABULARY).states["asked"]
    assert (asked.deadline_unit, asked.deadline_from, asked.waits_for) == (
        "calendar_days",
        "report",
        "nagari",
    )


def test_a_case_can_be_reopened_with_a_reason(tmp_path: Path) -> None:
    text = SMALL.replace(
        "from: [stopped]", "from: [stopped, done]\n    reopens: true\n    reason: required", 1
    )
    assert load_workflow(written(tmp_path, text), VOCABULARY).actions["go_on"].reopens


def test_a_case_can_go_on_in_another_workflow(tmp_path: Path) -> None:
    assert refused(tmp_path, LEAVES) == []


@pytest.mark.parametrize(
    ("small", "other", "said"),
    [
        (LEAVES, None, 'into: tidak ada alur lain bernama "other".'),
        (LEAVES.replace("into: other", "into: small"), OTHER, 'into: tidak ada alur lain bernama "small".'),
        (LEAVES.replace("to: asked", "to: lost"), OTHER, 'to: alur other tidak punya keadaan "lost".'),
        (LEAVES.replace("to: asked", "to: done"), OTHER, 'to: "done" keadaan akhir di alur other.'),
    ],
)
def test_another_workflow_must_have_that_open_state(
    small: str, other: str | None, said: str, tmp_path: Path
) -> None:
    assert refused(tmp_path, small, other) == [f"workflows/small.yaml, tindakan go_on, {said}"]


def test_a_draft_is_read_like_a_file_and_kept_nowhere(tmp_path: Path) -> None:
    written(tmp_path, SMALL)
    written(tmp_path, OTHER, "other.yaml")
    book = load_book(tmp_path / "workflows", VOCABULARY)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")}
    assert parse_workflow(LEAVES, VOCABULARY, name="small", others=book).actions["go_on"].into == "other"
    for draft in (LEAVES.replace("into: other", "into: nobody"), OTHER, "", "- x\n", "[" * 3000):
        with pytest.raises(WorkflowRefused):
            parse_workflow(draft, VOCABULARY, name="small", others=book)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.yaml")} == before
