"""Titles of coverage say no more than the numbers beneath them."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from caseflow.reports.coverage_figures import Line, Point
from caseflow.reports.suppression import Cell
from caseflow.web.oversight.coverage_words import district_answer, trend_answer

HIDDEN = Cell(None, "masked")


def _found(**parts: Any) -> Any:
    return SimpleNamespace(**parts)


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((Cell(40), Cell(12)), "Kecamatan A paling banyak: 40 orang"),
        ((Cell(40), HIDDEN), "Jumlah per kecamatan"),
        ((Cell(40), Cell(40)), "Jumlah per kecamatan"),
        ((Cell(0), Cell(0)), "Jumlah per kecamatan"),
    ],
)
def test_the_first_kecamatan_is_named_where_all_are_told(counts: tuple[Cell, ...], said: str) -> None:
    """The hidden one may have more."""
    lines = [Line(name, name, name, count, None) for name, count in zip("AB", counts, strict=True)]
    assert district_answer(_found(districts=lines)) == said


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ((Cell(10), Cell(30), Cell(20)), "Naik 10 orang sejak Januari 2026; paling banyak 30 pada Februari 2026"),
        ((Cell(10), Cell(30), HIDDEN), "Naik 20 orang sejak Januari 2026 sampai Februari 2026"),
        ((HIDDEN, Cell(30), Cell(20)), "Turun 10 orang sejak Februari 2026"),
        ((Cell(10), Cell(10), HIDDEN), "Sama banyak dengan Januari 2026 sampai Februari 2026"),
    ],
)  # fmt: skip
def test_a_line_says_how_far_it_tells(counts: tuple[Cell, ...], said: str) -> None:
    """Nor is a month the most where another is hidden."""
    points = [Point(date(2026, month, 1), count, ()) for month, count in enumerate(counts, start=1)]
    assert trend_answer(_found(trend=points)) == said
