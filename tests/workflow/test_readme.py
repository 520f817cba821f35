"""The worked example of workflows/README.md works, word for word."""

import re
import shutil
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow.claims.workflows import PLACEHOLDERS
from caseflow.people.actor import Actor
from caseflow.workflow.definition import REASON_RULES, STAGES, WorkflowBook
from caseflow.workflow.duties import DUTIES
from caseflow.workflow.edges import sync_edges
from caseflow.workflow.fire import available
from caseflow.workflow.loader import (
    ACTION_KEYS,
    FILE_KEYS,
    REASON_KEYS,
    STATE_KEYS,
    WorkflowRefused,
    load_book,
)
from tests.workflow.world import ROAD, VOCABULARY, WORKFLOWS, World

README = (WORKFLOWS / "README.md").read_text(encoding="utf-8")


def changed(folder: Path, block: str) -> WorkflowBook:
    """Do what the example says."""
    shutil.copytree(WORKFLOWS, folder, dirs_exist_ok=True)
    old = (WORKFLOWS / "jkm.yaml").read_text(encoding="utf-8")
    (folder / "archive" / "jkm-2.yaml").write_text(old, encoding="utf-8")
    new = old.replace("version: 2", "version: 3", 1) + "\n" + textwrap.indent(block, "  ")
    (folder / "jkm.yaml").write_text(new, encoding="utf-8")
    return load_book(folder, VOCABULARY)


def example() -> str:
    found = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return textwrap.dedent(found[1])


def test_the_example_gives_approvers_a_button(
    owner: Session, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    book = changed(tmp_path, example())
    sync_edges(owner, book)
    world = World(owner, staff, definition=book.latest("jkm"))
    case = world.opened()
    for action, name in ROAD[:6]:
        world.move(case, action, name)
    assert "ask_field_check" in [each.name for each in available(world.definition, case, {"approver"})]
    assert world.move(case, "ask_field_check", "mega", reason_code="work").state == "field_check"
    assert book.get("jkm", 2).find_action("ask_field_check") is None


def test_the_mistake_of_the_example_is_refused_as_it_says(tmp_path: Path) -> None:
    with pytest.raises(WorkflowRefused) as refusal:
        changed(tmp_path, example().replace("approver", "aprover", 1))
    quoted = next(line for line in README.splitlines() if line.startswith("> workflows/")).removeprefix("> ")
    said = refusal.value.problems[0]
    assert said.partition(", ")[2].startswith(quoted.removesuffix("…").partition(", ")[2])


def test_every_word_of_the_vocabulary_is_explained() -> None:
    words = {*FILE_KEYS, *STATE_KEYS, *ACTION_KEYS, *REASON_KEYS, *STAGES, *REASON_RULES, *DUTIES}
    for word in (*sorted(words), *(f"{{{name}}}" for name in PLACEHOLDERS)):
        assert f"`{word}`" in README, word
