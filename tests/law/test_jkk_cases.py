"""Runs tests/cases/jkk.yaml: situations a lawyer can read, each with what the law makes of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, cast

import pytest

from caseflow import yaml_strict
from caseflow.errors import NotPossible
from caseflow.law.accident import CONDITION_LABELS, MODE_LABELS, SIDE_LABELS
from caseflow.law.adjustments import Adjustment, adjust
from caseflow.law.death import PaidBefore
from caseflow.law.disability import partial_disability
from caseflow.law.heirs import HeirRanking, rank_heirs
from caseflow.law.jkk import AccidentFacts, Cost, Incapacity, Injury, assess_accident
from caseflow.law.lateness import Lateness
from caseflow.law.numbers import NumberBook
from caseflow.law.statement import OUTCOME_LABELS, MissingInput
from tests.law.written import Result, check, relative, with_new_rule

CASES = Path(__file__).parents[1] / "cases" / "jkk.yaml"
CONTENT = cast(dict[str, Any], yaml_strict.load(CASES))
EVERY_ROW = cast(dict[str, dict[str, Any]], CONTENT["setiap_baris"])

CONDITIONS = {label: code for code, label in CONDITION_LABELS.items()}
SIDES = {label: code for code, label in SIDE_LABELS.items()} | {None: None}
MODES = {label.split(",")[0]: code for code, label in MODE_LABELS.items()} | {None: None}
VERDICTS = {"karena kerja": "work", "bukan kerja": "not_work", "belum diketahui": "unknown"}
ACTIVE = {"ya": "yes", "tidak": "no", "belum diketahui": "unknown"}
ELSEWHERE = {"tidak": False, "ya": True, "belum diketahui": None}
BECAUSE = "Iuran terakhir untuk bulan yang diuji."

CASE_KEYS = {*CONTENT["umum"], "kasus", "dasar", "aturan_baru", "hasil"}


def incapacity(written: str) -> Incapacity:
    first, _, last = written.partition(" s.d. ")
    return Incapacity(
        date.fromisoformat(first), date.fromisoformat(last) if last else None, "surat istirahat"
    )


def injury(row: dict[str, Any]) -> Injury:
    assert row.keys() <= {"baris", "sisi", "fungsi", "ditetapkan", "satuan", "anatomis_dengan_fungsi"}
    return Injury(
        row_code=row["baris"],
        side=cast(Any, SIDES[row.get("sisi")]),
        kind="functional" if "fungsi" in row else "anatomical",
        loss_permille=row.get("fungsi", row.get("anatomis_dengan_fungsi")),
        set_permille=row.get("ditetapkan"),
        units=row.get("satuan"),
        source="formulir 3b KK 3",
    )


def cost(row: dict[str, Any]) -> Cost:
    assert row.keys() <= {"jenis", "rupiah", "tanggal", "angkutan", "patokan", "mulai", "sampai"}
    return Cost(
        kind=row["jenis"],
        amount_idr=row["rupiah"],
        spent_on=row.get("tanggal"),
        source="kuitansi",
        mode=cast(Any, MODES[row.get("angkutan")]),
        reference_price_idr=row.get("patokan"),
        starts_on=row.get("mulai"),
        ends_on=row.get("sampai"),
    )


def heirs(case: dict[str, Any], book: NumberBook) -> HeirRanking | None:
    if case["keadaan"] != "meninggal dunia" or case["meninggal"] is None or case["keluarga"] is None:
        return None
    return rank_heirs(
        [relative(row) for row in case["keluarga"]],
        died_on=case["meninggal"],
        decided_on=case["diputus"],
        list_is_complete=case["daftar_lengkap"],
        book=book,
        program="jkk",
    )


def facts_of(case: dict[str, Any], book: NumberBook) -> AccidentFacts:
    late = case["terlambat"]
    return AccidentFacts(
        happened_on=case["kecelakaan"],
        verdict=cast(Any, VERDICTS[case["sebab"]]),
        active=cast(Any, ACTIVE[case["aktif"]]),
        active_because=BECAUSE,
        reported_income_idr=case["penghasilan"],
        condition=CONDITIONS[case["keadaan"]] if case["keadaan"] else None,
        condition_on=case["tanggal_keadaan"],
        died_on=case["meninggal"],
        incapacity=tuple(incapacity(written) for written in case["tidak_bekerja"]),
        injuries=tuple(injury(row) for row in case["cacat"]),
        dominant_hand=cast(Any, SIDES[case["dominan"]]),
        costs=tuple(cost(row) for row in case["biaya"]),
        heirs=heirs(case, book),
        other_membership_funeral_paid=ELSEWHERE[case["pemakaman_lain"]],
        burial_arranged_by=case["pengurus_pemakaman"] or None,
        already_paid=tuple(
            PaidBefore(row["baris"], row["rupiah"], row["bukti"]) for row in case["sudah_dibayar"]
        ),
        late=Lateness(late["hari"], late["batas"], late["lengkap"]) if late else None,
    )


def work_out(case: dict[str, Any], book: NumberBook) -> Result:
    case = {**CONTENT["umum"], **case}
    if "aturan_baru" in case:
        book = with_new_rule(book, case["aturan_baru"])
    wanted = [
        Adjustment(row["baris"], row["rupiah"], row["alasan"], row["usul"], row["setuju"])
        for row in case["sesuaikan"]
    ]
    try:
        statement = adjust(assess_accident(facts_of(case, book), book), wanted)
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
    assert len(titles) >= 60


def test_every_row_of_the_table_has_its_case(book: NumberBook) -> None:
    assert list(EVERY_ROW) == list(book.tables.disability)


@pytest.mark.parametrize(("code", "worth"), EVERY_ROW.items(), ids=list(EVERY_ROW))
def test_every_row_of_the_table_is_worth_what_the_lawyer_wrote(
    code: str, worth: dict[str, Any], book: NumberBook
) -> None:
    def paid(dominant: str = "kanan", **written: object) -> int:
        kind = {"fungsi": None} if "satuan" in written else {}
        found = work_out(
            {
                "keadaan": "cacat sebagian fungsi" if kind else "cacat sebagian anatomis",
                "cacat": [{"baris": code, **kind, **written}],
                "dominan": dominant,
            },
            book,
        )
        assert found.statement is not None, found.sentences()
        return found.statement.total_idr

    match worth:
        case {"kanan": right, "kiri": left}:
            assert (paid(sisi="kanan"), paid(sisi="kiri")) == (right, left)
            assert (paid("kiri", sisi="kanan"), paid("kiri", sisi="kiri")) == (left, right)
        case {"sama": same}:
            assert {paid(sisi="kanan"), paid(sisi="kiri"), paid("kiri", sisi="kanan")} == {same}
        case {"sekali": once}:
            assert paid() == once
        case {"tiap": each}:
            assert (paid(satuan=1), paid(satuan=2)) == (each, 2 * each)
        case {"batas": [least, most]}:
            assert (paid(ditetapkan=100), paid(ditetapkan=300)) == (least, most)
        case _:
            pytest.fail(f"tidak terbaca: {worth}")


def test_a_broken_rupiah_is_rounded_up_for_the_worker(book: NumberBook) -> None:
    case = {"cacat": [{"baris": "other_first_phalanx", "sisi": "kiri"}], "keadaan": "cacat sebagian anatomis"}
    facts = facts_of({**CONTENT["umum"], **case}, book)
    uneven = replace(book.tables.wage_base(1_000_000, facts.happened_on), value=1_000_001)

    (heading,) = partial_disability(facts, uneven, book)

    assert heading.amount_idr == 1_200_002
    assert heading.formula == "1,5 persen × 80 × Rp1.000.001, dibulatkan ke atas"
