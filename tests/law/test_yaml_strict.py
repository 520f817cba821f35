"""What the strict reader refuses, and that it names file and line."""

from datetime import date
from pathlib import Path

import pytest

from caseflow.yaml_strict import YamlRefused, load, loads


def test_reads_what_is_written() -> None:
    text = (
        'name: a b\nmoney: 20_000_000\nminus: -5\nday: 2026-11-20\nyes_no: true\nempty:\nlist: [x, "5.10"]\n'
    )

    assert loads(text, file="a.yaml") == {
        "name": "a b",
        "money": 20_000_000,
        "minus": -5,
        "day": date(2026, 11, 20),
        "yes_no": True,
        "empty": None,
        "list": ["x", "5.10"],
    }


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("a: 1\nb: 2\na: 3", 3, "'a' tertulis dua kali (pertama di baris 1)"),
        ("x:\n  - a: 1\n    a: 2", 3, "tertulis dua kali"),
        ("a: 1\non: 2", 2, "'on' dibaca YAML sebagai ya/tidak"),
        ("1: 2", 1, "bukan teks"),
        ("2026-01-01: 2", 1, "bukan teks"),
        ("[a]: 2", 1, "bukan teks"),
        ("<<: {a: 1}", 1, "bukan teks"),
        ("a: 5.10", 1, "angka pecahan '5.10'"),
        ("a: .inf", 1, "angka pecahan"),
        ("a: 1.0e+3", 1, "angka pecahan"),
        ("a: 010", 1, "bukan bilangan bulat biasa"),
        ("a: 0x1F", 1, "bukan bilangan bulat biasa"),
        ("a: 12:30", 1, "bukan bilangan bulat biasa"),
        ("a: 1_00", 1, "bukan bilangan bulat biasa"),
        ("a: NO", 1, "'NO' dibaca YAML sebagai ya/tidak"),
        ("a:\n\t- b", 2, "tab"),
        ("a: b # c\td", 1, "tab"),
        ("a: 2026-02-30", 1, "tidak ada di kalender"),
        ("a: 2026-01-01 10:00:00", 1, "misalnya 2026-11-20"),
        ("a: &x [1]\nb: *x", 1, "lewat tanda *"),
        ("a: &x [*x]", 1, "lewat tanda *"),
        ("a: !!python/name:os.system x", 1, "tidak dipakai di berkas ini"),
        ("a: !!set {x}", 1, "tidak dipakai di berkas ini"),
        ("a: [", 1, "susunan YAML tidak terbaca"),
        ("--- 1\n--- 2", 2, "susunan YAML tidak terbaca"),
    ],
)
def test_refuses_what_could_be_read_in_two_ways(text: str, line: int, why: str) -> None:
    with pytest.raises(YamlRefused) as refusal:
        loads(text, file="workflows/x.yaml")

    assert refusal.value.sentence.startswith(f"workflows/x.yaml baris {line}: ")
    assert why in refusal.value.sentence


@pytest.mark.parametrize("text", ["", "# nothing\n", "\x00"])
def test_refuses_a_file_without_content(text: str) -> None:
    with pytest.raises(YamlRefused, match=r"^x\.yaml: "):
        loads(text, file="x.yaml")


def test_refuses_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(YamlRefused, match="tidak dapat dibaca"):
        load(tmp_path / "none.yaml")
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: \xe9")
    with pytest.raises(YamlRefused, match="bukan teks UTF-8"):
        load(latin)
