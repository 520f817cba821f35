"""Every text against every value it can be filled with: short, true, nothing to steal; and a file that refuses mistakes."""

from datetime import date
from pathlib import Path

import pytest

from caseflow.claims.workflows import NOTICES, WORKFLOWS_DIR, book
from caseflow.documents.catalogue import catalogue
from caseflow.formats import short_date, weekday_date
from caseflow.notices import gsm
from caseflow.notices.texts import SIGNED, TextsRefused, load_texts, texts
from caseflow.notices.words import fill, harmless, unsigned
from caseflow.people.words import WORDS
from tests.notices.rules import breaches, long_sentences

LONGEST_NAME = "Nurhasanah Sitti Rahmawati Binti Datuak Rajo Nan Panjang"
DUE = date(2026, 9, 29)
CODES = sorted(NOTICES)
# whom a case may be about, and what may be open in it: from a fresh report to one where everything is there
STATES = [
    {"payee": payee, "benefit": benefit, "papers": papers, "returned": papers, "count": count, "name": name}
    for payee, benefit in (
        ("ahli waris", "santunan"),
        ("pekerja", "santunan"),
        ("anak atau walinya", "beasiswa"),
    )
    for papers, count in (
        ("lihat di halaman laporan", "0"),
        ("Kartu Keluarga", "1"),
        (", ".join(paper.words("almarhumah")["name"] for paper in catalogue().papers.values()), "29"),
    )
    for name in ("Nur", LONGEST_NAME)
]
CASE = {
    "office": "BPJS Ketenagakerjaan Kantor Cabang Solok",
    "sender": "BPJamsostek Solok",
    "phone": "0755-20455",
    "number": "SJJ-26-0042-7",
}
LONGEST_WORDS = " ".join(sorted(WORDS, key=len)[-2:])


def filled(code: str, *, sms: bool) -> list[str]:
    """One notice in every state, signed."""
    text = texts()[code]
    due = short_date(DUE) if sms else weekday_date(DUE)
    said = [
        {"due": due, **{value.code: value.example for value in text.values}},
        {"due": "hari yang dijanjikan", **{value.code: value.otherwise for value in text.values}},
    ]
    return [
        fill(text, {**CASE, **state}, one, sms=sms) + SIGNED.format(phrase=LONGEST_WORDS)
        for state in STATES
        for one in said
    ]


@pytest.mark.parametrize("code", CODES)
def test_a_message_holds_nothing_to_steal(code: str) -> None:
    """No link, amount, identity or account number, diagnosis or cause of death; office, case and two words in each."""
    for sms in (False, True):
        for message in filled(code, sms=sms):
            assert breaches(message.replace(CASE["phone"], "175")) == [], message
            assert message.startswith(CASE["sender"] if sms else CASE["office"])
            assert message.endswith(f"Kata pengenal: {LONGEST_WORDS}.")


@pytest.mark.parametrize("code", CODES)
def test_an_sms_is_one_sms(code: str) -> None:
    """160 places of the old alphabet, in every state."""
    for message in filled(code, sms=True):
        assert (gsm.septets(message) or 999) <= 160, message


@pytest.mark.parametrize("code", CODES)
def test_sentences_are_short(code: str) -> None:
    """Fifteen words at most; a list of papers and a long name are read piece by piece."""
    text = texts()[code]
    said = {"due": weekday_date(DUE), **{value.code: value.example for value in text.values}}
    state = {**CASE, **STATES[0], "papers": "Kartu Keluarga", "returned": "Kartu Keluarga", "name": "Samsir"}
    for sms in (False, True):
        assert long_sentences(fill(text, state, said, sms=sms)) == []


def test_condolence_only_where_somebody_died() -> None:
    """The first answer to a report of a death, and nothing that a living worker could read."""
    grieving = [code for code in CODES if "duka" in texts()[code].whatsapp + texts()[code].sms]
    fired = {
        (definition.name, action.notice)
        for definition in book()
        for action in definition.actions.values()
        if action.notice in grieving
    }
    assert grieving == ["reported"]
    assert {name for name, _ in fired} == {"jkm"}


def test_no_message_asks_for_a_code_or_money() -> None:
    """PIN and OTP are named only to say that we never want them."""
    for text in texts().values():
        for words in (text.whatsapp, text.sms):
            if "PIN" in words:
                assert "tidak pernah meminta PIN" in words or "Jangan beri" in words


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Yusra", "Yusra"),
        ("Datuak H. Rajo", "Datuak H. Rajo"),
        ("www.bpjs-cair.id", "www. bpjs-cair. id"),
        ("https://x.co/a", "https//x. co/a"),
        ("hubungi 081234567890", "hubungi …"),
        ("A" * 300, "A" * 80),
        ("<b>Siti</b>\n", "bSiti/b"),
    ],
)
def test_what_somebody_typed_is_no_bait(typed: str, read: str) -> None:
    """A name is a name: no phone makes an address or a number of it."""
    assert harmless(typed) == read


def test_the_two_words_are_taken_off_for_other_eyes() -> None:
    signed = "BPJS: laporan SJJ-26-0042-7 ada." + SIGNED.format(phrase="gonjong padi")
    assert unsigned(signed) == "BPJS: laporan SJJ-26-0042-7 ada."
    assert unsigned("BPJS: laporan ada.") == "BPJS: laporan ada."


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", 0),
        ("Layanan gratis.", 15),
        ("[a]", 5),
        ("€", 2),
        ("“kutip”", None),
        ("a–b", None),
        ("é", 1),
        ("🙏", None),
    ],
)
def test_places_of_an_sms_are_counted_as_phones_do(text: str, places: int | None) -> None:
    assert gsm.septets(text) == places


def test_plain_letters_are_what_every_phone_shows() -> None:
    assert gsm.plain("Ahmad Żółć – “x”") == "Ahmad Zo?c ? ?x?"


MISTAKES = [
    ("sms: \"{sender}: laporan {number} diterima.", "sms: \"{sender}: laporan {number} diterima – tunggu.", "huruf di luar abjad SMS"),
    ("Turut berduka cita.", "Kami semua di kantor ini turut berduka cita yang sedalam-dalamnya.", "bisa sepanjang"),
    ("Layanan ini gratis.\"\n    sms", "Buka https://bpjs.example.\"\n    sms", "alamat situs"),
    ("Layanan ini gratis.\"\n    sms", "Dapat Rp42 juta.\"\n    sms", "jumlah uang"),
    ("laporan {number} untuk {name}", "laporan untuk {name}", "harus menyebut {number}"),
    ("\"{office}: laporan {number} untuk {name}", "\"Laporan {number} untuk {name}", "harus dimulai dengan"),
    ("untuk {name} sudah", "untuk {nama} sudah", "isian {nama} tidak dikenal"),
    ("leaves: at_once", "leaves: kapan_saja", "kapan_saja"),
    ("    title: Laporan diterima\n", "", 'kunci "title" belum ada'),
    ("code: reported", "code: reporte", 'pesan "reported" belum ada kata-katanya'),
]  # fmt: skip


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_a_mistake_in_the_file_stops_the_start(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    """Each refusal names the message and what is wrong."""
    whole = (WORKFLOWS_DIR / "messages.yaml").read_text(encoding="utf-8")
    assert right in whole
    file = tmp_path / "messages.yaml"
    file.write_text(whole.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(TextsRefused) as refusal:
        load_texts(file, NOTICES)
    assert said in refusal.value.sentence


def test_the_file_itself_is_right() -> None:
    assert set(load_texts(WORKFLOWS_DIR / "messages.yaml", NOTICES)) == NOTICES
