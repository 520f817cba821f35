"""Runs tests/cases/jkm.yaml: situations a lawyer can read, each with what the law makes of it."""

import re
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, cast

import pytest

from caseflow import yaml_strict
from caseflow.errors import NotPossible
from caseflow.law.cover import CoverAnswer, CoverChoice, assess_cover
from caseflow.law.heirs import HeirRanking, rank_heirs
from caseflow.law.jkm import DeathFacts, PaidBefore, assess_death
from caseflow.law.ledger import PaidMonth, first_of, month_number
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import OUTCOME_LABELS, MissingInput, Statement
from tests.law.written import relative

CASES = Path(__file__).parents[1] / "cases" / "jkm.yaml"
CONTENT = cast(dict[str, Any], yaml_strict.load(CASES))

OUTCOMES = {label: code for code, label in OUTCOME_LABELS.items()}
CAUSES = {"bukan kerja": "no", "karena kerja": "yes", "belum diketahui": "unknown"}
ELSEWHERE = {"tidak": False, "ya": True, "belum diketahui": None}

CASE_KEYS = {*CONTENT["umum"], "kasus", "dasar", "pilihan", "hasil"}
RESULT_KEYS = {"putusan", "jumlah", "baris", "penerima", "berhak", "kalimat", "tanpa", "kurang"}
PAID = re.compile(
    r"(?P<first>\d{4}-\d{2})( s\.d\. (?P<last>\d{4}-\d{2}))?"
    r"( dibayar (?P<on>\d{4}-\d{2}-\d{2})|(?P<undated> tanpa tanggal))?( oleh (?P<source>.+))?"
)


@dataclass
class Result:
    """What came out, and every sentence that a person would have been shown on the way."""

    verdict: str
    statement: Statement | None
    cover: CoverAnswer | None
    heirs: HeirRanking | None
    refusal: NotPossible | None

    def sentences(self) -> str:
        parts: list[str] = [self.refusal.sentence] if self.refusal else []
        if self.cover:
            parts += [self.cover.active_sentence, *self.cover.questions, *self.cover.notes]
            parts += [count.sentence for count in self.cover.counts]
        if self.heirs:
            parts += [self.heirs.sentence, *(minor.sentence for minor in self.heirs.minors)]
            parts += [flag.sentence for flag in self.heirs.flags]
            parts += [other.sentence for other in self.heirs.others]
        if self.statement:
            parts += [*self.statement.notes, *self.statement.open_questions]
        return "\n".join(parts)


def paid_months(entry: str, registered_on: date | None) -> list[PaidMonth]:
    found = PAID.fullmatch(entry)
    assert found, f"tidak terbaca: {entry}"
    first = date.fromisoformat(f"{found['first']}-01")
    last = date.fromisoformat(f"{found['last'] or found['first']}-01")
    months = [first_of(number) for number in range(month_number(first), month_number(last) + 1)]
    source = found["source"] or "APBD Kabupaten"

    def paid_on(month: date) -> date | None:
        if found["undated"]:
            return None
        if found["on"]:
            return date.fromisoformat(found["on"])
        return max(month, registered_on) if registered_on and same_month(month, registered_on) else month

    return [PaidMonth(month, paid_on(month), source) for month in months]


def same_month(one: date, other: date) -> bool:
    return month_number(one) == month_number(other)


def choice(row: dict[str, Any] | None) -> CoverChoice | None:
    return CoverChoice(OUTCOMES[row["putusan"]], row["alasan"], row["oleh"]) if row else None


def work_out(case: dict[str, Any], book: NumberBook) -> Result:
    case = {**CONTENT["umum"], **case}
    cover: CoverAnswer | None = None
    heirs: HeirRanking | None = None
    try:
        registered_on = case["terdaftar"]
        paid = list(chain.from_iterable(paid_months(entry, registered_on) for entry in case["iuran"]))
        cover = assess_cover(paid, registered_on=registered_on, died_on=case["meninggal"], book=book)
        heirs = rank_heirs(
            [relative(row) for row in case["keluarga"]],
            died_on=case["meninggal"],
            decided_on=case["diputus"],
            list_is_complete=case["daftar_lengkap"],
            book=book,
        )
        facts = DeathFacts(
            died_on=case["meninggal"],
            work_caused=cast(Any, CAUSES[case["sebab"]]),
            cover=cover,
            heirs=heirs,
            other_membership_funeral_paid=ELSEWHERE[case["pemakaman_lain"]],
            cover_choice=choice(case.get("pilihan")),
            burial_arranged_by=case["pengurus_pemakaman"] or None,
            already_paid=tuple(
                PaidBefore(row["baris"], row["rupiah"], row["bukti"]) for row in case["sudah_dibayar"]
            ),
        )
        statement = assess_death(facts, book)
    except MissingInput as refusal:
        waiting = cover is not None and cover.outcome == "officer_decides" and "pilihan" not in case
        return Result("petugas memutuskan" if waiting else "belum lengkap", None, cover, heirs, refusal)
    except NotPossible as refusal:
        return Result("ditolak", None, cover, heirs, refusal)
    return Result(OUTCOME_LABELS[statement.outcome], statement, cover, heirs, None)


@pytest.mark.parametrize("case", CONTENT["contoh"], ids=lambda case: case["kasus"])
def test_the_law_makes_of_it_what_the_lawyer_wrote(case: dict[str, Any], book: NumberBook) -> None:
    assert case.keys() <= CASE_KEYS
    expected = case["hasil"]
    assert expected.keys() <= RESULT_KEYS

    result = work_out(case, book)

    assert result.verdict == expected["putusan"], result.sentences()
    if "jumlah" in expected:
        assert result.statement is not None
        assert result.statement.total_idr == expected["jumlah"]
    if "baris" in expected:
        assert result.statement is not None
        assert {line.code: line.amount_idr for line in result.statement.lines} == expected["baris"]
    if "penerima" in expected:
        assert result.statement is not None
        assert {line.payable_to for line in result.statement.lines} == {expected["penerima"]}
    if "berhak" in expected:
        assert result.heirs is not None
        assert set(result.heirs.entitled) == set(expected["berhak"])
    for sentence in expected.get("kalimat", []):
        assert sentence in result.sentences()
    for sentence in expected.get("tanpa", []):
        assert sentence not in result.sentences()
    if "kurang" in expected:
        assert isinstance(result.refusal, MissingInput)
        for missing in expected["kurang"]:
            assert any(missing in name for name in result.refusal.names), result.refusal.names


def test_no_two_cases_tell_the_same_story() -> None:
    titles = [case["kasus"] for case in CONTENT["contoh"]]
    assert len(titles) == len(set(titles))
    assert len(titles) >= 30
