"""A tile says how far a nagari is on the way to its budget, and nothing where the count is hidden."""

import pytest

from caseflow.reports.coverage_figures import Line
from caseflow.reports.coverage_map import groups, state_of
from caseflow.reports.coverage_rows import Places
from caseflow.reports.suppression import Cell


def _line(
    active: Cell, budgeted: int | None, *, code: str = "1", name: str = "A", district: str = "X"
) -> Line:
    return Line(code, name, district, active, None if budgeted is None else Places(budgeted + 5, budgeted))


@pytest.mark.parametrize(
    ("active", "budgeted", "state"),
    [
        (0, 20, "nobody"),
        (1, 1001, "few"),
        (9, 20, "few"),
        (10, 20, "half"),
        (14, 20, "half"),
        (15, 20, "most"),
        (19, 20, "most"),
        (20, 20, "full"),
        (30, 20, "full"),
        (7, None, "no_quota"),
        (0, None, "no_quota"),
        (7, 0, "no_quota"),
    ],
)
def test_the_state_of_a_nagari(active: int, budgeted: int | None, state: str) -> None:
    assert state_of(_line(Cell(active), budgeted)) == state


@pytest.mark.parametrize("budgeted", [None, 0, 20])
def test_a_hidden_count_has_no_state(budgeted: int | None) -> None:
    assert state_of(_line(Cell(None, "masked"), budgeted)) == "hidden"


def test_every_nagari_once_by_kecamatan_and_name() -> None:
    lines = [
        _line(Cell(3), 20, code="3", name="C", district="Y"),
        _line(Cell(1200), 2000, code="2", name="B", district="X"),
        _line(Cell(7), None, code="1", name="A", district="Y"),
    ]
    found = [(one.district, [(tile.code, tile.words) for tile in one.tiles]) for one in groups(lines)]
    assert found == [("X", [("2", "1.200 dari 2.000")]), ("Y", [("1", "7 aktif"), ("3", "3 dari 20")])]
