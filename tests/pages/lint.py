"""What makes a sentence hard for a family, found in a page or a sentence. Rules: screens.md §3.1 and §7.6.

A finding is a short reason with the sentence; where it stands is told by whoever looks.
"""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser

MOST_WORDS = 15

# said every day and by everybody, or printed on the very card or paper that is meant
COMMON = frozenset({
    "HP", "KTP", "PDF", "SMS", "WIB", "KB", "MB", "GB", "RT", "RW", "SD", "SMP", "SMA", "SMK", "PIN", "QR", "RSUD", "SDN",
    "BPJS",  # the name of the office, on its own door
    "GRATIS", "BELUM", "DATA", "LATIHAN",  # words said loudly, by the papers' own wish
})  # fmt: skip
# an abbreviation → words of which one must stand on the same page
EXPLAINED: Mapping[str, tuple[str, ...]] = {
    "NIK": ("16 angka", "KTP"),
    "KK": ("Kartu Keluarga",),
    "KPJ": ("nomor kartu peserta",),
    "JKK": ("Jaminan Kecelakaan Kerja",),
    "JKM": ("Jaminan Kematian",),
    "PLKK": ("Pusat Layanan Kecelakaan Kerja",),
    "KUA": ("Kantor Urusan Agama",),
    "OTP": ("kode sekali pakai",),
    "KAN": ("Kerapatan Adat Nagari",),
    "PLN": ("listrik",),
    "Disdukcapil": ("kantor kependudukan", "kantor catatan sipil"),
}
ENGLISH = frozenset(
    ["submit", "upload", "download", "file", "files", "link", "login", "logout", "online", "offline", "error", "update", "updated", "form", "password", "please", "button", "click", "scan", "browser", "server", "account", "email", "claim", "case", "document", "documents", "please", "sorry", "loading", "page", "next", "back", "home", "progress", "approve", "approved", "reject", "rejected", "upload", "request", "received", "missing", "status-code", "ok", "cancel", "save"]
)  # fmt: skip
_FORBIDDEN = (
    (re.compile(r"\b[Kk]amu\b"), "says kamu"),
    (re.compile(r"(?<=\w )Saudara\b|\bsaudara (?:dapat|bisa|harus|diminta|mohon)\b"), "says Saudara"),
    (re.compile(r"\bAnda\b"), "says Anda to a family"),
    (re.compile(r"\b(?:mudah|mudahnya|cepat|gampang|instan|secepatnya)\b", re.IGNORECASE), "promises ease or speed"),
    (re.compile(r"\bklik\b", re.IGNORECASE), "says klik"),
    (re.compile(r"\bberpulang\b|\btutup usia\b", re.IGNORECASE), "speaks around a death"),
)  # fmt: skip
# numbers and names of forms, articles in brackets behind what they prove, counting in the old way
_NUMBERS = re.compile(
    r"Formulir [0-9a-z]+ KK \d|\([^()]*(?:\([^()]*\)[^()]*)*Pasal[^()]*(?:\([^()]*\)[^()]*)*\)|\b[IVX]+\b|\b(?:SJJ|ADU)-[0-9-]+|\b[0-9]{4}/[A-Z]+/[A-Z]+/[IVX]+/[0-9]{4}\b|\b[0-9A-Z]{8}\b|\b[0-9a-f]{8,}\b|https?://\S+"
)
_ACRONYM = re.compile(r"\b[A-Z]{2,}\b|\bDisdukcapil\b")
# a full stop inside a number or an abbreviation ends nothing
_END = re.compile(r" · |(?<=[.!?])[\s”\"')]*\s+(?=[“\"'(]?[A-ZÀ-Þ0-9{])")
_WORD = re.compile(r"[^\s]*\w[^\s]*")

_BLOCKS = frozenset(
    ["address", "article", "aside", "body", "br", "button", "caption", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption", "footer", "form", "h1", "h2", "h3", "h4", "header", "legend", "li", "main", "nav", "ol", "option", "p", "section", "summary", "table", "td", "th", "tr", "ul", "title", "label", "svg", "progress"]
)  # fmt: skip
_SILENT = frozenset({"script", "style", "textarea", "select", "svg", "progress"})
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
# what people typed is shown as they typed it; what the law says stands behind its own heading
_THEIRS = frozenset({"dd", "blockquote"})
_LAW = "dasar aturan"


class _Texts(HTMLParser):
    """Collects the texts of blocks, without what was typed by people and without the words of the law."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[str] = []
        self._text = ""
        self._law_since = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._end_block()
        if tag not in _VOID:
            self._open.append(tag)
        self._text += "".join(f" ({value}) " for name, value in attrs if name == "title" and value)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_block()
        while self._open and self._open.pop() != tag:
            pass
        if len(self._open) < self._law_since:
            self._law_since = 0

    def handle_data(self, data: str) -> None:
        if not (_SILENT | _THEIRS) & set(self._open) and not self._law_since:
            self._text += data

    def _end_block(self) -> None:
        text = re.sub(r"\s+", " ", self._text).strip()
        self._text = ""
        if _LAW in text.lower() and self._open and self._open[-1] == "summary":
            self._law_since = len(self._open) - 1
        elif text:
            self.texts.append(text)


def texts_of(html: str) -> list[str]:
    """Return the texts of a page, one for each paragraph, item, heading or button."""
    reader = _Texts()
    reader.feed(html)
    return reader.texts


def sentences_of(text: str) -> list[str]:
    """Cut a text into sentences."""
    return [sentence.strip() for sentence in _END.split(text) if sentence.strip()]


def words_in(sentence: str) -> int:
    """Count what is read as a word: numbers too, an explanation in brackets not."""
    return len(_WORD.findall(re.sub(r"\([^)]*\)", " ", sentence)))


def found_in(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Give (what is wrong, sentence) for the texts of one page or one message."""
    page = " ".join(texts).lower()
    for text in texts:
        for sentence in sentences_of(text):
            count = words_in(sentence)
            if count > MOST_WORDS:
                yield f"{count} words", sentence
            yield from ((why, sentence) for pattern, why in _FORBIDDEN if pattern.search(sentence))
            for word in sorted({word.lower() for word in re.findall(r"[A-Za-z]+", sentence)} & ENGLISH):
                yield f"English: {word}", sentence
            for acronym in sorted(set(_ACRONYM.findall(_NUMBERS.sub(" ", sentence))) - COMMON):
                if not any(words.lower() in page for words in EXPLAINED.get(acronym, ())):
                    yield f"unexplained: {acronym}", sentence
