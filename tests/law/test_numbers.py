"""The file of numbers: what is in force when, and every way of writing it wrongly."""

from datetime import date

import pytest

from caseflow.law.numbers import (
    KNOWN_NUMBERS,
    NUMBERS_FILE,
    NoNumber,
    NumberBook,
    load_numbers,
    parse_numbers,
    weakest,
)
from caseflow.yaml_strict import YamlRefused

WHOLE = NUMBERS_FILE.read_text(encoding="utf-8")


def test_the_three_month_rule_begins_with_its_promulgation(book: NumberBook) -> None:
    before = book.on("jkm_min_consecutive_months", date(2025, 2, 23))
    after = book.on("jkm_min_consecutive_months", date(2025, 2, 24))

    assert (before.value, before.until, before.certainty) == (0, date(2025, 2, 23), "V1")
    assert (after.value, after.until, after.certainty) == (3, None, "V2")


def test_the_lines_add_up_to_forty_two_million(book: NumberBook) -> None:
    day = date(2026, 11, 17)
    periodic = book.on("jkm_periodic_monthly", day).value * book.on("jkm_periodic_months", day).value

    assert periodic == 12_000_000
    assert book.on("jkm_death_grant", day).value + periodic + book.on("jkm_funeral", day).value == 42_000_000


def test_names_number_and_day_when_none_is_in_force(book: NumberBook) -> None:
    with pytest.raises(NoNumber) as refusal:
        book.on("jkm_funeral", date(2019, 12, 1))
    assert "jkm_funeral" in refusal.value.sentence
    assert "1 Desember 2019" in refusal.value.sentence

    with pytest.raises(NoNumber, match="bernama jkm_funerall"):
        book.on("jkm_funerall", date(2026, 1, 1))


def test_every_number_known_to_the_code_is_cited(book: NumberBook) -> None:
    assert set(book.periods) == set(KNOWN_NUMBERS)
    for periods in book.periods.values():
        for number in periods:
            assert number.article
            assert all(book.sources[key] for key in number.source)


def test_says_which_rule_was_used(book: NumberBook) -> None:
    number = book.on("jkm_funeral", date(2026, 1, 1))

    assert book.rule_version(number) == f"jkm_funeral sejak 2019-12-02 (angka versi {book.version})"


def test_a_result_is_no_surer_than_its_weakest_part() -> None:
    assert weakest("V2", "I", "V1") == "I"
    assert weakest("M", "verify") == "verify"
    assert weakest("V2") == "V2"


def test_an_end_day_closes_a_number() -> None:
    edited = WHOLE.replace(
        "      - since: 2019-12-02\n        value: 20_000_000\n",
        "      - since: 2019-12-02\n        until: 2026-12-31\n        value: 20_000_000\n",
    )
    book = parse_numbers(edited)

    assert book.on("jkm_death_grant", date(2026, 12, 31)).value == 20_000_000
    with pytest.raises(NoNumber, match="1 Januari 2027"):
        book.on("jkm_death_grant", date(2027, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("value: 24\n", "value: 24\n        amount: 1\n", ["jkm_periodic_months", "'amount' tidak dikenal"]),
        ("value: 24\n", "value: 24.5\n", ["angka pecahan '24.5'"]),
        ("value: 24\n", "value: true\n", ["jkm_periodic_months", "value berisi True"]),
        ("value: 24\n", "value: -24\n", ["jkm_periodic_months", "value -24"]),
        ("value: 24\n", 'value: "24"\n', ["jkm_periodic_months", "value berisi '24'"]),
        ("value: 24\n", "value: 24\n        value: 25\n", ["'value' tertulis dua kali"]),
        ("value: 24\n", "value: 24\n        until: 2019-12-01\n", ["until 2019-12-01 mendahului since"]),
        ("- name: minor_age\n", "- name: minor_aeg\n", ["minor_aeg", "tidak dipakai program"]),
        ("- name: minor_age\n", "- name: jkm_funeral\n", ["jkm_funeral", "unit 'tahun' seharusnya 'rupiah'"]),
        ("unit: persen\n", "unit: permil\n", ["lateness_percent_per_day", "'permil'"]),
        ("source: [R18]\n", "source: [R99]\n", ["minor_age", "'R99'"]),
        ("source: [R18]\n", "source: []\n", ["minor_age", "source kosong"]),
        ('article: "Permensos 7/2024; PP 29/2019"\n', 'article: ""\n', ["minor_age", "article berisi ''"]),
        ('        article: "Permensos 7/2024; PP 29/2019"\n', "", ["minor_age", "article belum ditulis"]),
        ("certainty: V2\n", "certainty: V3\n", ["certainty 'V3'"]),
        ("since: 2025-02-24\n", "since: 2019-12-02\n", ["jkm_min_consecutive_months", "bertindihan"]),
        ('version: "2026-11-22"\n', "version: 2026-11-22\n", ["version berisi"]),
        ('version: "2026-11-22"\n', 'version: "besok"\n', ["version", "'besok'"]),
        ("  - key: R18\n", "  - key: R17\n", ["'R17' tertulis dua kali"]),
        ("numbers:\n", "angka:\n", ["'angka' tidak dikenal"]),
    ],
)
def test_refuses_a_wrong_entry_naming_it(old: str, new: str, named: list[str]) -> None:
    assert old in WHOLE

    with pytest.raises(YamlRefused) as refusal:
        parse_numbers(WHOLE.replace(old, new, 1), file="workflows/numbers.yaml")

    assert refusal.value.sentence.startswith("workflows/numbers.yaml")
    for words in named:
        assert words in refusal.value.sentence


def test_refuses_overlapping_periods_and_missing_names() -> None:
    overlapping = WHOLE.replace("        value: 0\n", "        until: 2025-02-24\n        value: 0\n", 1)
    with pytest.raises(YamlRefused, match="bertindihan"):
        parse_numbers(overlapping)

    start = WHOLE.index("  - name: answer_working_days")
    with pytest.raises(YamlRefused, match="angka answer_working_days belum ada"):
        parse_numbers(WHOLE[:start])

    again = WHOLE + WHOLE[start:]
    with pytest.raises(YamlRefused, match="answer_working_days: nama ini tertulis dua kali"):
        parse_numbers(again)


def test_reads_the_file_in_the_repository() -> None:
    book = load_numbers()

    assert book == parse_numbers(WHOLE, tables=book.tables)
