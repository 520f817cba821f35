"""Whatever people write, a letter stays a letter: no markup runs, nothing leaves the paper, nothing else is read."""

import json
from datetime import date
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow.notices.letters import press
from caseflow.notices.letters.frame import (
    Said,
    amount,
    box,
    facts,
    framed,
    heading,
    items,
    papers,
    paragraph,
    steps,
    table,
)
from caseflow.notices.letters.press import LONGEST_TEXT, TEMPLATES, LetterNotPrinted, clean, print_letter
from caseflow.notices.letters.typeset import typeset
from tests.notices.letters import OFFICE, problems_of, read

HOSTILE = (
    '*tebal* _miring_ `kode` $x^2$ #panic() #import "parts.typ": letter',
    '#read("/etc/passwd") #eval("1+1") @rujukan <label> \\u{1F600} \\',
    "= Judul\n- satu\n+ dua\n/ istilah: arti\n// komentar /* dua */",
    ']) #set page(paper: "a5") #([',
    "\u202egnirts\u202c \u2066kiri\u2069 \u200f\u200e\ufeff",
    "😀👨‍👩‍👧 中文 العربية ไทย ꧋",
    "a" * 10_000,
    "kata " * 3_000,
    "Ñandú Øster Šemnický Ğüler « » ¿ ½ × – — ‘ ’ “ ” …",
    "",
    " \t\r\n ",
    "{{ 7*7 }} <script>alert(1)</script> %s ${jndi}",
)


def letter_of(text: str) -> dict[str, Any]:
    """A letter with this text in every place that a text can stand."""
    said = Said(
        title=f"Surat {text}"[:200] or "Surat",
        about=text,
        to=[text, text],
        blocks=[
            paragraph(text),
            heading(f"Bagian {text}"),
            facts([("Nama", f"x{text}")]),
            items([text]),
            steps([text]),
            amount("Rp1", text),
            box(text, text),
            papers([(text, [text, text])]),
            table(text, [{"label": "A", "part": True}, {"label": "B", "wide": True}, {"label": "C", "number": True}],
                  [[text, text, "Rp1"]], ["Jumlah", "Rp1"]),
        ],
        signed=[text],
        copies=[text],
    )  # fmt: skip
    return framed(said, OFFICE, day=date(2026, 11, 20), number="0001/TT/SOLOK/XI/2026", check_code="2" * 16)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_words_stay_words(text: str) -> None:
    printed = print_letter(letter_of(text), "a4")
    assert problems_of(printed.body) == []
    assert "Layanan gratis" in read(printed.body).words


def test_markup_is_printed_as_it_was_typed() -> None:
    found = read(print_letter(letter_of("*tebal* #panic() $x$"), "a4").body)
    assert "*tebal* #panic() $x$" in found.words


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", codec="utf-8"), max_size=300))
def test_any_text_can_be_printed(text: str) -> None:
    words = json.dumps(clean(letter_of(text)), ensure_ascii=False)
    assert typeset(words, str(TEMPLATES), "a4").startswith(b"%PDF-")


def test_every_letter_that_is_let_through_is_in_the_font() -> None:
    every = "".join(chr(code) for code in range(0x20, 0x3000) if code not in range(0xD800, 0xE000))
    kept = sorted({letter for letter in clean(every[:1000]) + clean(every[8000:8400]) if letter != "\u200b"})
    assert len(kept) > 300
    words = json.dumps(letter_of("".join(kept)), ensure_ascii=False)
    assert problems_of(typeset(words, str(TEMPLATES), "a4")) == []


@pytest.mark.parametrize("paper", ["a4", "counter", "roll"])
@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "W" * 41 + " " + "Muhammadnurfatahillah", "kata panjang sekali " * 60],
    ids=lambda text: text[:4],
)
def test_nothing_leaves_the_paper(text: str, paper: str) -> None:
    letter = letter_of(text)
    if paper == "counter":  # a receipt of one page names no papers
        letter["blocks"] = [block for block in letter["blocks"] if block["type"] != "papers"]
    document = pypdfium2.PdfDocument(print_letter(letter, paper).body)  # type: ignore[no-untyped-call]
    try:
        for page in document:
            words = page.get_textpage()
            places = [words.get_charbox(index) for index in range(words.count_chars())]
            assert all(
                left > 0 and right < page.get_width() and bottom >= 0 for left, bottom, right, _top in places
            )
    finally:
        document.close()  # type: ignore[no-untyped-call]


def test_a_nul_is_refused_before_the_press() -> None:
    with pytest.raises(ValueError, match="NUL"):
        print_letter(letter_of("a\x00b"), "a4")


def test_a_text_without_end_is_cut_and_says_so() -> None:
    assert clean("a b " * 5_000).endswith("…")
    assert len(clean("a b " * 5_000)) <= LONGEST_TEXT


@pytest.mark.parametrize("paper", ["a3", "../a4", "parts", ""])
def test_other_papers_do_not_exist(paper: str) -> None:
    with pytest.raises(ValueError, match="paper"):
        print_letter(letter_of("x"), paper)


def test_the_press_reads_nothing_outside_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "a4.typ").write_text('#read("/etc/hostname")')
    monkeypatch.setattr(press, "TEMPLATES", tmp_path)
    with pytest.raises(LetterNotPrinted, match="Tidak ada yang tersimpan"):
        print_letter(letter_of("x"), "a4")


def test_the_press_has_little_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "a4.typ").write_text(
        "#let count = 0\n#while true { count += 1; if count > 900000000 { break } }"
    )
    monkeypatch.setattr(press, "TEMPLATES", tmp_path)
    monkeypatch.setattr(press, "_TIME_LIMIT_S", 1)
    with pytest.raises(LetterNotPrinted):
        print_letter(letter_of("x"), "a4")
