"""What the situations in tests/cases are written with, and how a result is compared with what was written."""

from dataclasses import dataclass
from typing import Any

from caseflow.errors import NotPossible
from caseflow.law.numbers import NUMBERS_FILE, NumberBook, parse_numbers
from caseflow.law.relatives import RELATION_LABELS, Relative
from caseflow.law.statement import MissingInput, Statement

RELATIONS = {label: code for code, label in RELATION_LABELS.items()}
RESULT_KEYS = {"putusan", "jumlah", "baris", "penerima", "kalimat", "tanpa", "kurang", "pasti", "rumus"}


@dataclass
class Result:
    """What came out, and every sentence that a person would have been shown on the way."""

    verdict: str
    statement: Statement | None
    refusal: NotPossible | None

    def sentences(self) -> str:
        if self.statement is None:
            return self.refusal.sentence if self.refusal else ""
        return "\n".join([*self.statement.notes, *self.statement.open_questions])


def relative(row: dict[str, Any]) -> Relative:
    assert row.keys() <= {"nama", "hubungan", "lahir", "meninggal", "hidup", "bukti", "orangtua"}
    return Relative(
        ref=row["nama"],
        name=row["nama"],
        relation=RELATIONS[row["hubungan"]],
        alive=row.get("hidup", True),
        born_on=row.get("lahir"),
        died_on=row.get("meninggal"),
        documented=row.get("bukti"),
        other_parent_ref=row.get("orangtua"),
    )


def with_new_rule(book: NumberBook, rule: dict[str, Any]) -> NumberBook:
    """Add one dated value to the real file of numbers, as somebody would who edits it."""
    text = NUMBERS_FILE.read_text(encoding="utf-8")
    name = f"  - name: {rule['nama']}\n"
    start = text.index("    values:\n", text.index(name)) + len("    values:\n")
    added = (
        f"      - since: {rule['sejak']}\n        value: {rule['nilai']}\n"
        '        article: "Aturan baru"\n        source: [G1]\n'
        f"        certainty: {rule.get('pasti', 'V2')}\n"
    )
    return parse_numbers(text[:start] + added + text[start:], tables=book.tables)


def check(result: Result, expected: dict[str, Any]) -> None:
    """Compare what came out with what the lawyer wrote."""
    assert expected.keys() <= RESULT_KEYS
    assert result.verdict == expected["putusan"], result.sentences()
    lines = {line.code: line for line in result.statement.lines} if result.statement else {}
    if "jumlah" in expected:
        assert result.statement is not None
        assert result.statement.total_idr == expected["jumlah"]
    if "baris" in expected:
        assert {code: line.amount_idr for code, line in lines.items()} == expected["baris"]
    if "penerima" in expected:
        assert {line.payable_to for line in lines.values()} == {expected["penerima"]}
    for code, certainty in expected.get("pasti", {}).items():
        assert lines[code].certainty == certainty
    for code, words in expected.get("rumus", {}).items():
        assert words in lines[code].formula
    for sentence in expected.get("kalimat", []):
        assert sentence in result.sentences()
    for sentence in expected.get("tanpa", []):
        assert sentence not in result.sentences()
    if "kurang" in expected:
        assert isinstance(result.refusal, MissingInput)
        for missing in expected["kurang"]:
            assert any(missing in name for name in result.refusal.names), result.refusal.names
