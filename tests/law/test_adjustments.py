"""Amounts that people set otherwise, and how a statement with and without them is stored."""

from dataclasses import replace
from datetime import date

import pytest

from caseflow.errors import NotPossible
from caseflow.law.adjustments import Adjustment, adjust
from caseflow.law.statement import Input, Line, Statement

HAPPENED = date(2024, 3, 2)


def line(code: str = "treatment", amount_idr: int = 10) -> Line:
    return Line(
        code, "Biaya", amount_idr, "tetap", (Input("a", "b", "c"),), "Pasal 25", "V2", "x sejak 2019-12-02"
    )


def test_the_first_amount_survives_a_second_adjustment() -> None:
    statement = Statement("jkk", HAPPENED, "payable", (line(), line("glasses", 5)), 15, ())

    once = adjust(statement, [Adjustment("treatment", 8, "Kuitansi ganda.", "Dedi", "Rina")])
    twice = adjust(once, [Adjustment("treatment", 9, "Diperbaiki.", "Dedi", "Rina")])

    assert adjust(statement, []) is statement
    assert (once.total_idr, once.lines[1]) == (13, statement.lines[1])
    assert (twice.lines[0].amount_idr, twice.lines[0].original_idr) == (9, 10)
    assert twice.lines[0].adjustment == "Diperbaiki."
    assert not any("Dedi" in note or "Rina" in note for note in twice.notes)
    assert any("diusulkan Dedi, disetujui Rina" in question for question in twice.open_questions)
    assert Statement.from_document(twice.to_document()) == twice
    with pytest.raises(NotPossible, match="dua orang"):
        adjust(statement, [Adjustment("treatment", 8, "Sendiri.", "Dedi", " Dedi ")])


def test_an_adjusted_line_keeps_amount_and_reason_together() -> None:
    with pytest.raises(ValueError, match="keeps both"):
        replace(line(), original_idr=12)
    with pytest.raises(ValueError, match="keeps both"):
        replace(line(), adjustment="Tanpa jumlah")


def test_a_document_of_the_first_schema_is_read_and_written_unchanged() -> None:
    document = Statement("jkm", HAPPENED, "funeral_only", (line("funeral_cost"),), 10, ()).to_document()
    document["schema"] = 1
    for entry in document["lines"]:
        del entry["original_idr"], entry["adjustment"]

    stored = Statement.from_document(document)
    adjusted = adjust(stored, [Adjustment("funeral_cost", 9, "Kuitansi ganda.", "Dedi", "Rina")])

    assert stored.lines[0].original_idr is None
    assert stored.to_document() == document
    assert adjusted.to_document()["schema"] == 2
