"""The library's machine, the look-up table and the file say the same."""

import itertools

import pytest

from caseflow.workflow import loader
from caseflow.workflow.definition import Workflow
from caseflow.workflow.machine import NoSuchMove, disagreements, machine_of, next_state
from tests.workflow.world import VOCABULARY, WORKFLOWS, jkm


@pytest.fixture(scope="module")
def definition() -> Workflow:
    return jkm()


class Elsewhere(Workflow):
    """A workflow whose table lies about one move."""

    def target(self, state: str, action: str) -> str | None:
        return "closed" if (state, action) == ("verifying", "calculate") else super().target(state, action)


def test_machine_and_table_agree_on_every_state_and_action(definition: Workflow) -> None:
    assert disagreements(definition) == []
    every = [*definition.moves(), *definition.departures()]
    told = {(state, action.name): target for action, state, target in every}
    for state, action in itertools.product(definition.states, definition.actions):
        target = definition.target(state, action)
        assert target == told.get((state, action))
        if target is None:
            with pytest.raises(NoSuchMove):
                next_state(definition, state, action)
        else:
            assert next_state(definition, state, action) == target


def test_moves_from_a_state_are_the_table_read_the_other_way(definition: Workflow) -> None:
    for state in definition.states:
        listed = {action.name: action.target for action in definition.moves_from(state)}
        table = {action: definition.target(state, action) for action in definition.actions}
        assert listed == {action: target for action, target in table.items() if target is not None}


def test_the_machine_knows_no_shortcut(definition: Workflow) -> None:
    machine = machine_of(definition)
    assert machine.models == []
    assert set(machine.events) == set(definition.actions)


def test_a_file_whose_table_says_other_than_the_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "Workflow", Elsewhere)
    with pytest.raises(loader.WorkflowRefused) as refusal:
        loader.load_workflow(WORKFLOWS / "jkm.yaml", VOCABULARY)
    assert refusal.value.problems == [
        "workflows/jkm.yaml: calculate dari verifying: tabel closed, mesin calculating."
    ]


@pytest.mark.parametrize(
    ("state", "action"), [("reported", "to_paid"), ("paid", "approve"), ("gone", "report")]
)
def test_what_does_not_exist_is_refused(definition: Workflow, state: str, action: str) -> None:
    with pytest.raises(NoSuchMove):
        next_state(definition, state, action)


def test_a_definition_cannot_be_changed(definition: Workflow) -> None:
    with pytest.raises(TypeError):
        definition.states["paid"] = definition.states["draft"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        definition.states["paid"].label = "Lunas"  # type: ignore[misc]
