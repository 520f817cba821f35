"""Runs tests/cases/scholarship.yaml, and adds up what one application after another gives over all years."""

import re
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from caseflow import yaml_strict
from caseflow.errors import NotPossible
from caseflow.law.numbers import NumberBook
from caseflow.law.pupil import EMPLOYMENT_LABELS
from caseflow.law.scholarship import Award, Child, ScholarshipFacts, YearAsked, assess_scholarship
from caseflow.law.statement import OUTCOME_LABELS, MissingInput
from tests.law.written import Result, check, with_new_rule

CASES = Path(__file__).parents[1] / "cases" / "scholarship.yaml"
CONTENT = cast(dict[str, Any], yaml_strict.load(CASES))

ORIGINS = {
    "meninggal": "jkm",
    "meninggal karena kerja": "jkk_death",
    "cacat total karena kerja": "jkk_total_disability",
}
ENOUGH = {"cukup": "yes", "kurang": "no", "petugas memutuskan": "officer_decides"}
ANSWERS = {"ya": True, "tidak": False, "belum": None, "belum diketahui": None}
EMPLOYMENTS = {label: code for code, label in EMPLOYMENT_LABELS.items()}
PROOFS = {None: True, " tidak terbukti": False, " belum dilihat": None}
CASE_KEYS = {*CONTENT["umum"], "kasus", "dasar", "aturan_baru", "hasil"}
YEAR = re.compile(r"(?P<year>\d{4}) (?P<level>\w+)(?P<proof> tidak terbukti| belum dilihat)?")


def year(written: str) -> YearAsked:
    found = YEAR.fullmatch(written)
    assert found, f"tidak terbaca: {written}"
    return YearAsked(int(found["year"]), cast(Any, found["level"]), PROOFS[found["proof"]])


def award(written: str) -> Award:
    asked = year(written)
    return Award(asked.school_year, asked.level, 1)


def work_out(case: dict[str, Any], book: NumberBook) -> Result:
    case = {**CONTENT["umum"], **case}
    if "aturan_baru" in case:
        book = with_new_rule(book, case["aturan_baru"])
    facts = ScholarshipFacts(
        origin=cast(Any, ORIGINS[case["asal"]]),
        event_on=case["kejadian"],
        applied_on=case["diajukan"],
        child=Child("anak", case["lahir"], ANSWERS[case["menikah"]], EMPLOYMENTS[case["pekerjaan"]]),
        chosen=ANSWERS[case["dipilih"]],
        years=tuple(year(written) for written in case["tahun"]),
        paid_months_enough=cast(Any, ENOUGH[case["masa_iuran"]]),
        paid_months_sentence=case["keterangan"],
        awarded=tuple(award(written) for written in case["sudah"]),
    )
    try:
        statement = assess_scholarship(facts, book)
    except MissingInput as refusal:
        return Result("belum lengkap", None, refusal)
    except NotPossible as refusal:
        return Result("ditolak", None, refusal)
    return Result(OUTCOME_LABELS[statement.outcome], statement, None)


@pytest.mark.parametrize("case", CONTENT["contoh"], ids=lambda case: case["kasus"])
def test_the_law_makes_of_it_what_the_lawyer_wrote(case: dict[str, Any], book: NumberBook) -> None:
    assert case.keys() <= CASE_KEYS

    check(work_out(case, book), case["hasil"])


def test_no_two_cases_tell_the_same_story() -> None:
    titles = [case["kasus"] for case in CONTENT["contoh"]]
    assert len(titles) == len(set(titles))
    assert len(titles) >= 30


def test_two_children_over_all_years_add_up_to_174_million(book: NumberBook) -> None:
    """Every year one application, from kindergarten to the last year of higher education."""
    levels = ["tk"] * 2 + ["sd"] * 6 + ["smp"] * 3 + ["sma"] * 3 + ["higher"] * 5
    total_idr = 0
    for born_on in (date(2017, 8, 1), date(2019, 8, 1)):
        first_year = born_on.year + 4
        awarded: list[Award] = []
        for offset, level in enumerate(levels):
            asked = YearAsked(first_year + offset, cast(Any, level), study_proven=True)
            statement = assess_scholarship(
                ScholarshipFacts(
                    origin="jkk_death",
                    event_on=date(2021, 3, 1),
                    applied_on=date(first_year + offset, 8, 1),
                    child=Child("anak", born_on, married=False, employment="none"),
                    chosen=True,
                    years=(asked,),
                    awarded=tuple(awarded),
                ),
                book,
            )
            awarded.append(Award(asked.school_year, asked.level, statement.total_idr))
        assert sum(entry.amount_idr for entry in awarded) == 87_000_000
        total_idr += sum(entry.amount_idr for entry in awarded)

    assert total_idr == 174_000_000
