"""Every sentence that a family can read: short, in its own words, nothing abbreviated without explanation."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pytest

from caseflow.claims import workflows
from caseflow.documents import refusals
from caseflow.documents.catalogue import catalogue
from caseflow.notices.texts import texts
from tests.pages.conftest import Library
from tests.pages.lint import found_in, sentences_of, texts_of, words_in


def report(found: Iterable[tuple[str, str, str]]) -> str:
    """Say each wrong sentence once, with what is wrong and the first places where it stands."""
    places: dict[tuple[str, str], list[str]] = defaultdict(list)
    for where, why, sentence in found:
        places[why, sentence].append(where)
    lines = [
        f"{why}: “{sentence}”\n      {', '.join(sorted(set(where))[:3])}{' …' if len(set(where)) > 3 else ''}"
        for (why, sentence), where in sorted(places.items())
    ]
    return "\n".join([f"{len(lines)} sentences", *lines]) if lines else ""


def fail_with(found: Iterable[tuple[str, str, str]]) -> None:
    """Fail with the whole list, to be read from top to bottom."""
    said = report(found)
    if said:
        pytest.fail(said, pytrace=False)


def test_every_page(library: Library) -> None:
    """Of every phone and of the public; new pages are found by the links that lead to them."""
    read = {page.path for page in library.pages}
    assert {"/", "/privasi", "/lapor/periksa", "/berkas", "/berkas/dokumen", "/berkas/tanda-terima"} <= read
    fail_with(
        (page.where, why, sentence)
        for page in library.pages
        for why, sentence in found_in(texts_of(page.html))
    )


def test_every_message() -> None:
    """What is sent, with one word for each name, number or date in it; a list of papers may be as long as it is."""
    fail_with(
        (f"message {code}", why, sentence)
        for code, text in texts().items()
        for words in (text.whatsapp, text.sms)
        for why, sentence in found_in([_with_words(words)])
    )


def _with_words(text: str) -> str:
    """A message with its values: the office's name is a heading, all others are one word."""
    return re.sub(r"\{\w+\}", "nilai", text.removeprefix("{office}: ").removeprefix("{sender}: "))


def test_every_sentence_of_a_state() -> None:
    """What a family reads of each state, and of each reason to refuse or to stop."""
    fail_with(
        (where, why, sentence)
        for where, text in _sentences_of_workflows()
        for why, sentence in found_in([_with_words(text)])
    )


def _sentences_of_workflows() -> Iterator[tuple[str, str]]:
    newest = {definition.name: workflows.book().latest(definition.name) for definition in workflows.book()}
    for name, definition in newest.items():
        for state in definition.states.values():
            yield f"{name} {state.name}", state.family_sentence
            yield f"{name} {state.name}, label", state.family_label
        for action in definition.actions.values():
            for reason in action.reasons:
                if reason.family:
                    yield f"{name} {action.name} {reason.code}", reason.family


def test_every_paper_and_every_reason_to_send_it_again() -> None:
    """Name, why, from whom, what to bring, how long, how to photograph: explained by each other."""
    found: list[tuple[str, str, str]] = []
    for paper in catalogue().papers.values():
        found += [(paper.code, *one) for one in found_in(list(paper.words("almarhum").values()))]
    for reason in catalogue().return_reasons.values():
        found += [(reason.code, *one) for one in found_in([_with_words(reason.family or "")])]
    fail_with(found)


def test_every_refusal_of_a_file() -> None:
    """What happened, that it is not saved, what to do next: each in a short sentence."""
    sentences = [refusals.refusal(code, kind="GIF").sentence for code in refusals._REFUSALS]
    fail_with(
        ("refusal", why, one) for text in sentences for why, one in found_in([text.replace("GIF", "web")])
    )


# --- the lint itself: a rule that cannot find anything would be no rule


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<p>" + "kata " * 16 + "</p>", "16 words"),
        ("<p>Kirim ke PLKK.</p>", "unexplained: PLKK"),
        ("<p>Silakan klik tombol ini.</p>", "says klik"),
        ("<p>Kamu belum melapor.</p>", "says kamu"),
        ("<p>Surat dari Saudara sudah kami terima.</p>", "says Saudara"),
        ("<p>Isian Anda sudah kami terima.</p>", "says Anda to a family"),
        ("<p>Prosesnya mudah.</p>", "promises ease or speed"),
        ("<button>Submit</button>", "English: submit"),
        ("<p>Bawa ke Disdukcapil.</p>", "unexplained: Disdukcapil"),
    ],
)
def test_it_finds(html: str, why: str) -> None:
    assert [found[0] for found in found_in(texts_of(html))] == [why]


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "kata " * 15 + ".</p>",
        "<p>" + "kata " * 10 + ". " + "Kata " * 10 + "</p>",
        "<ul><li>" + "kata " * 10 + "</li><li>" + "kata " * 10 + "</li></ul>",
        '<p>Di <abbr title="Pusat Layanan Kecelakaan Kerja">PLKK</abbr>.</p>',
        "<p>Anak, saudara, atau tetangga boleh melapor.</p>",
        "<dl><dt>Kejadian</dt><dd>" + "kata " * 40 + "PLKK</dd></dl>",
        "<details><summary>Dasar aturan</summary><p>PP 44/2015 Pasal 40.</p></details>",
        "<p>Laporan SJJ-26-0001-7 diterima pukul 14.05 WIB, sebesar Rp42.000.000.</p>",
    ],
)
def test_it_leaves_alone(html: str) -> None:
    assert list(found_in(texts_of(html))) == []


def test_sentences_end_where_a_reader_stops() -> None:
    text = "Diterima pukul 14.05 WIB. Uang Rp42.000.000 dikirim. Ada yang kurang? Telepon 175."
    assert len(sentences_of(text)) == 4
    assert [words_in(one) for one in sentences_of(text)] == [4, 3, 3, 2]
