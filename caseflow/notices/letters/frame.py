"""What every letter is made of: who writes to whom, the pieces of its body, number and check code.

``Said`` is what a letter says; its digest tells whether the same was said before. ``framed`` adds what is new with
every letter: number, day, code.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from caseflow.formats import long_date
from caseflow.identifiers import grouped_code
from caseflow.notices.letters.press import qr_picture

Block = dict[str, Any]
SHORT_NAMES = (
    "PP ialah Peraturan Pemerintah. Permenaker ialah Peraturan Menteri Ketenagakerjaan. "
    "“jo.” berarti bersama perubahannya."
)
_NO_NUMBER = "(belum terbit)"
_DRAFT, _PRACTICE = "PRATINJAU", "DATA LATIHAN"
_FREE = "Layanan gratis. Laporkan pungutan ke 175."
_HALF = 9  # letters of a grouped code on each of two lines


@dataclass(frozen=True)
class Sender:
    """The office that writes.

    :ivar place: where letters are dated, and the office's sign in their numbers; :ivar base_url: of this service.
    :ivar training: people and money are invented, and the letter says so across the page.
    """

    name: str
    address: str
    phone: str
    place: str
    base_url: str
    training: bool = False

    @property
    def site(self) -> str:
        """The address as people type it: ``santunan.contoh.go.id``."""
        parts = urlsplit(self.base_url)
        return parts.netloc if parts.scheme == "https" else self.base_url

    @property
    def reach(self) -> str:
        """How to reach the office."""
        return f"Telepon {self.phone}" if self.phone == "175" else f"Telepon {self.phone} atau 175"


@dataclass(frozen=True)
class Said:
    """Everything a letter says, without number, day and code.

    :ivar about: what ``Hal`` says; :ivar to: whom it addresses, line by line.
    :ivar closing: the last blocks, which stay on one page with whoever answers for it (``signed``).
    :ivar annex: blocks on a page of their own; :ivar attached: what ``Lampiran`` says.
    """

    title: str
    about: str
    to: Sequence[str]
    blocks: Sequence[Block]
    signed: Sequence[str]
    closing: Sequence[Block] = ()
    copies: Sequence[str] = ()
    annex: Sequence[Block] = ()
    attached: str = "–"

    @property
    def sha256(self) -> str:
        """Digest of what is said."""
        plain = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()


def framed(said: Said, sender: Sender, *, day: date, number: str | None, check_code: str | None) -> Block:
    """Return the letter as plain data for the press; without a number it is a draft and says so."""
    return {
        "title": said.title,
        "day": [day.year, day.month, day.day],
        "mark": _DRAFT if number is None else _PRACTICE if sender.training else "",
        "office": {"name": sender.name, "address": sender.address, "reach": sender.reach},
        "number": number or _NO_NUMBER,
        "attached": said.attached,
        "about": said.about,
        "place": f"{sender.place}, {long_date(day)}",
        "to": list(said.to),
        "blocks": list(said.blocks),
        "closing": list(said.closing),
        "signed": list(said.signed),
        "copies": list(said.copies),
        "annex": list(said.annex),
        "free": _FREE,
        "check": _check(check_code, sender) if check_code else None,
    }


def check_address(sender: Sender, check_code: str) -> str:
    """Return the address that the QR code of a letter leads to."""
    return f"{sender.base_url}/periksa/{grouped_code(check_code)}"


def _check(check_code: str, sender: Sender) -> Block:
    code = grouped_code(check_code)
    address = check_address(sender, check_code)
    return {
        "qr": qr_picture(address),
        "alt": f"Kode QR untuk memeriksa surat ini di {sender.site}/periksa",
        "hint": f"Pindai, atau buka {sender.site}/periksa dan ketik:",
        "code": code,
        "halves": [code[:_HALF], code[_HALF + 1 :]],
    }


def paragraph(text: str) -> Block:
    """A paragraph."""
    return {"type": "p", "text": text}


def small(text: str) -> Block:
    """A paragraph in small letters."""
    return {"type": "small", "text": text}


def heading(text: str) -> Block:
    """A heading."""
    return {"type": "h", "text": text}


def facts(rows: Iterable[tuple[str, str]]) -> Block:
    """Names and values below each other; a fact without a value is left out."""
    return {"type": "facts", "rows": [[name, value] for name, value in rows if value]}


def items(texts: Iterable[str]) -> Block:
    """A list."""
    return {"type": "list", "items": list(texts)}


def steps(texts: Iterable[str]) -> Block:
    """A numbered list."""
    return {"type": "steps", "items": list(texts)}


def amount(figure: str, words: str) -> Block:
    """A sum of money in figures and words, framed."""
    return {"type": "amount", "figure": figure, "words": words}


def box(title: str, text: str) -> Block:
    """Something not to be overlooked."""
    return {"type": "box", "title": title, "text": text}


def papers(entries: Iterable[tuple[str, Sequence[str]]]) -> Block:
    """Papers by name, each with its lines."""
    return {"type": "papers", "items": [{"name": name, "lines": list(lines)} for name, lines in entries]}


def pictures(entries: Iterable[tuple[bytes, str]]) -> Block:
    """Small pictures side by side, each a JPEG with what it shows."""
    return {"type": "pictures", "items": [{"jpeg": list(body), "shows": shows} for body, shows in entries]}


def signatures(people: Iterable[tuple[str, str]]) -> Block:
    """Lines to sign by hand: who, and their name."""
    return {"type": "signatures", "items": [{"who": who, "name": name} for who, name in people]}


def ticks(labels: Sequence[str]) -> Block:
    """Squares to tick by hand, each with what it stands for."""
    return {"type": "ticks", "items": list(labels)}


def lines(count: int) -> Block:
    """Empty lines to write on by hand."""
    return {"type": "lines", "count": count}


def table(
    caption: str,
    columns: Sequence[Block],
    rows: Iterable[Sequence[str]],
    foot: Sequence[str] = (),
    *,
    tall: bool = False,
) -> Block:
    """A table. A column is ``{"label": …}`` with ``wide`` or ``number``; a cell may hold several lines.

    :param tall: rows as tall as somebody's handwriting.
    """
    return {
        "type": "table",
        "caption": caption,
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "foot": list(foot),
        "tall": tall,
    }


def annex_heading(text: str) -> Block:
    """The heading of an annex, on a new page."""
    return {"type": "annex", "text": text}
