"""The file of tables: what it holds, and every way of writing it wrongly."""

from datetime import date
from typing import get_args

import pytest

from caseflow.errors import NotPossible
from caseflow.law.numbers import NoNumber, NumberBook
from caseflow.law.tables import TABLES_FILE, Level, load_tables, parse_tables
from caseflow.yaml_strict import YamlRefused

WHOLE = TABLES_FILE.read_text(encoding="utf-8")
DAY = date(2026, 3, 2)


def test_reads_the_file_in_the_repository(book: NumberBook) -> None:
    assert load_tables(sources=book.sources) == parse_tables(WHOLE, sources=book.sources) == book.tables


@pytest.mark.parametrize(
    ("income_idr", "base_idr"),
    [
        (1, 1_000_000),
        (1_099_000, 1_000_000),
        (1_100_000, 1_200_000),
        (1_299_000, 1_200_000),
        (2_699_000, 2_600_000),
        (2_700_000, 2_950_000),
        (3_199_000, 2_950_000),
        (8_199_000, 7_950_000),
        (8_200_000, 8_700_000),
        (20_199_000, 19_700_000),
        (20_200_000, 20_700_000),
        (99_000_000, 20_700_000),
    ],
)
def test_the_wage_base_follows_the_bracket(book: NumberBook, income_idr: int, base_idr: int) -> None:
    assert book.tables.wage_base(income_idr, DAY).value == base_idr


def test_only_the_first_bracket_and_the_rows_that_were_read_are_sure(book: NumberBook) -> None:
    sure = {
        row.code
        for row in book.tables.disability.values()
        if all(cell.certainty == "V1" for cells in row.cells.values() for cell in cells)
    }

    assert [bracket.bases[0].certainty for bracket in book.tables.brackets] == ["V2", *["M"] * 32]
    assert len(sure) == 16
    assert {"arm_from_shoulder", "both_eyes", "scalp"} <= sure
    assert not {"thumb", "one_leg_from_groin", "impotence"} & sure


def test_every_cell_is_cited(book: NumberBook) -> None:
    tables = book.tables
    cells = [cell for row in tables.disability.values() for cells in row.cells.values() for cell in cells]
    cells += [base for bracket in tables.brackets for base in bracket.bases]
    cells += [cell for level in tables.levels.values() for cell in (*level.amounts, *level.years)]

    assert all(cell.article and all(book.sources[key] for key in cell.source) for cell in cells)


def test_the_scholarship_of_one_child_adds_up_to_87_million(book: NumberBook) -> None:
    levels = book.tables.levels.values()

    assert sum(level.amount(DAY).value * level.most_years(DAY).value for level in levels) == 87_000_000
    assert tuple(book.tables.levels) == get_args(Level)


def test_names_what_is_not_in_the_tables(book: NumberBook) -> None:
    early = date(2019, 12, 1)

    with pytest.raises(NotPossible, match="'tail'"):
        book.tables.row("tail")
    with pytest.raises(NoNumber, match=r"disability\.thumb\.right.*1 Desember 2019.*tables\.yaml"):
        book.tables.row("thumb").cell("right", early)
    with pytest.raises(NoNumber, match="wage_base"):
        book.tables.wage_base(1_000_000, early)
    with pytest.raises(NoNumber, match=r"scholarship\.sd\.amount"):
        book.tables.level("sd").amount(early)
    with pytest.raises(NoNumber, match=r"scholarship\.sd\.years"):
        book.tables.level("sd").most_years(early)


def test_a_new_percentage_holds_from_its_first_day(book: NumberBook) -> None:
    old = "      - since: 2019-12-02\n        right: 150\n        left: 120\n"
    new = old.replace("2019-12-02", "2026-11-23").replace("150", "160")
    rest = WHOLE[WHOLE.index(old) + len(old) :].split("\n\n", 1)[0]
    tables = parse_tables(WHOLE.replace(old + rest, old + rest + "\n" + new + rest), sources=book.sources)

    assert tables.row("thumb").cell("right", date(2026, 11, 22)).value == 150
    assert tables.row("thumb").cell("right", date(2026, 11, 23)).value == 160


def test_a_new_scholarship_amount_holds_for_events_from_its_first_day(book: NumberBook) -> None:
    start = WHOLE.index("      - since", WHOLE.index("  - code: sma\n"))
    end = WHOLE.index("\n\n", start)
    newer = WHOLE[start:end].replace("2019-12-02", "2026-11-23").replace("3_000_000", "4_000_000")
    tables = parse_tables(f"{WHOLE[:end]}\n{newer}{WHOLE[end:]}", sources=book.sources)

    assert tables.level("sma").amount(date(2026, 11, 22)).value == 3_000_000
    assert tables.level("sma").amount(date(2026, 11, 23)).value == 4_000_000


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("right: 150\n", "right: 150.5\n", ["angka pecahan '150.5'"]),
        ("right: 150\n", "right: true\n", ["thumb", "right berisi True"]),
        ("right: 150\n", "kanan: 150\n", ["thumb", "'kanan' tidak dikenal"]),
        ("        right: 150\n", "", ["thumb", "right belum ditulis"]),
        ("right: 150\n", "right: 0\n", ["thumb", "right 0 harus antara 1 dan 1000"]),
        ("right: 150\n", "right: 1001\n", ["thumb", "right 1001 harus antara"]),
        ("right: 150\n", "right: -1\n", ["thumb", "right -1 tidak boleh kurang dari nol"]),
        ("  - code: thumb\n", "  - code: scalp\n", ["scalp: baris ini tertulis dua kali"]),
        ("    measure: range\n", "    measure: span\n", ["scalp", "'span' tidak dikenal"]),
        (
            "    measure: range\n",
            "    measure: range\n    unit: 10 cm\n",
            ["scalp", "hanya untuk measure per_unit"],
        ),
        ("    unit: 10 desibel\n", "", ["hearing_both_ears_per_10_db", "unit harus ada"]),
        ("    times: 3\n", "    times: 0\n", ["other_finger", "times 0 harus paling sedikit 1"]),
        ("    times: 3\n", "    most_units: 3\n", ["other_finger", "hanya untuk measure per_unit"]),
        ("    most_units: 10\n", "    most_units: 0\n", ["visual_acuity_per_10_percent", "most_units 0"]),
        ("        most: 300\n", "        most: 100\n", ["scalp", "least harus di bawah most"]),
        ("        source: [N14]\n", "        source: [N99]\n", ["arm_from_shoulder", "'N99'"]),
        ("        source: [N14]\n", "        source: []\n", ["arm_from_shoulder", "source kosong"]),
        ("        certainty: V1\n", "        certainty: ya\n", ["arm_from_shoulder", "'ya'"]),
        ("      - since: 2019-12-02\n", "      - since: kemarin\n", ["arm_from_shoulder", "since berisi"]),
        ("    part: arm\n", "", ["disability", "part belum ditulis"]),
        ("  - from_idr: 1_100_000\n", "  - from_idr: 0\n", ["wage_base dari 0", "harus naik"]),
        ("        base_idr: 1_000_000\n", "        base_idr: 0\n", ["wage_base dari 0", "tidak boleh nol"]),
        ("  - code: smp\n", "  - code: smk\n", ["scholarship smk", "code tidak dikenal"]),
        ("  - code: smp\n", "  - code: sd\n", ["scholarship sd", "tertulis dua kali"]),
        ("    usual_age: 5\n", '    usual_age: "5"\n', ["scholarship", "usual_age berisi '5'"]),
        ('version: "2026-11-22"\n', 'version: "besok"\n', ["version", "'besok'"]),
        ("wage_base:\n", "upah:\n", ["'upah' tidak dikenal"]),
    ],
)
def test_refuses_a_wrong_entry_naming_it(book: NumberBook, old: str, new: str, named: list[str]) -> None:
    assert old in WHOLE

    with pytest.raises(YamlRefused) as refusal:
        parse_tables(WHOLE.replace(old, new, 1), sources=book.sources, file="workflows/tables.yaml")

    assert refusal.value.sentence.startswith("workflows/tables.yaml")
    for words in named:
        assert words in refusal.value.sentence


def test_refuses_empty_and_incomplete_tables(book: NumberBook) -> None:
    disability, wage_base, scholarship = (
        WHOLE.index(f"\n{key}:\n") for key in ("disability", "wage_base", "scholarship")
    )
    parts = {
        "disability": WHOLE[disability:wage_base],
        "wage_base": WHOLE[wage_base:scholarship],
        "scholarship": WHOLE[scholarship:],
    }
    for key, words in (
        ("disability", "disability: tabel kosong"),
        ("wage_base", "wage_base: tabel kosong"),
        ("scholarship", "jenjang harus lengkap dan berurut"),
    ):
        with pytest.raises(YamlRefused, match=words):
            parse_tables(WHOLE.replace(parts[key], f"\n{key}: []\n"), sources=book.sources)

    start = WHOLE.index("    values:\n")
    end = WHOLE.index("\n\n", start)
    with pytest.raises(YamlRefused, match="arm_from_shoulder: values kosong"):
        parse_tables(f"{WHOLE[:start]}    values: []{WHOLE[end:]}", sources=book.sources)
    with pytest.raises(YamlRefused, match="arm_from_shoulder: 'x' harus berupa pasangan"):
        parse_tables(f"{WHOLE[:start]}    values: [x]{WHOLE[end:]}", sources=book.sources)

    last = WHOLE.index("  - code: higher")
    with pytest.raises(YamlRefused, match="jenjang harus lengkap"):
        parse_tables(WHOLE[:last], sources=book.sources)
