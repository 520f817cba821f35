"""From the words of a letter to its PDF: cleaned, set by a child process with little memory and little time."""

import io
import json
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import structlog

from caseflow.config import ROOT
from caseflow.errors import Unavailable

TEMPLATES = ROOT / "templates" / "letters"
PAPERS = ("a4", "counter", "roll")
LONGEST_TEXT = 1200
# a run of letters longer than any word of ours may be broken anywhere, so that it stays on the narrowest paper
_RUN = re.compile(r"[^\W_]{19,}")
_PIECE = 6
_BREAK = "\u200b"
_CHILD = Path(__file__).with_name("typeset.py")
_TIME_LIMIT_S = 10
_MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024
# what the letters' own font holds besides Latin with its accents
_PUNCTUATION = frozenset("–—‘’“”…•×½")
_log = structlog.get_logger("caseflow.notices")


class LetterNotPrinted(Unavailable):
    """The PDF could not be made."""

    def __init__(self) -> None:
        super().__init__("Surat belum bisa dibuat. Tidak ada yang tersimpan. Coba lagi sebentar lagi.")


@dataclass(frozen=True)
class PrintedLetter:
    """A finished PDF."""

    body: bytes
    pages: int


def print_letter(words: dict[str, Any], paper: str) -> PrintedLetter:
    """Set a letter on ``a4``, ``counter`` or ``roll``.

    :param words: plain data as ``frame.framed`` makes it; texts in it are cleaned here.
    :raises ValueError: a text holds a NUL, which no door lets in. :raises LetterNotPrinted: for whatever reason.
    """
    if paper not in PAPERS:
        raise ValueError(f"no such paper: {paper!r}")
    command = [
        sys.executable, "-I", str(_CHILD), str(_MEMORY_LIMIT_BYTES), str(_TIME_LIMIT_S), str(TEMPLATES), paper,
    ]  # fmt: skip
    try:
        done = subprocess.run(  # noqa: S603 (our own file, arguments are words of ours)
            command,
            input=json.dumps(clean(words), ensure_ascii=False).encode(),
            capture_output=True,
            timeout=_TIME_LIMIT_S,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        _log.error("letter_not_printed", paper=paper, why="time")
        raise LetterNotPrinted from error
    if done.returncode != 0 or not done.stdout.startswith(b"%PDF-"):
        _log.error("letter_not_printed", paper=paper, why=f"status {done.returncode}")
        raise LetterNotPrinted
    # only who prints a letter waits for it: loading it takes longer than all our pages
    import pikepdf

    with pikepdf.open(io.BytesIO(done.stdout)) as document:
        return PrintedLetter(done.stdout, len(document.pages))


def qr_picture(address: str) -> str:
    """Return a QR code as SVG for the paper."""
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, nl=False, border=2
    )
    return out.getvalue().decode()


def clean(value: Any) -> Any:
    """Return the data with every text fit for paper: only letters that the font holds, none too long.

    Letters that nobody sees or that turn the line around go; of others a question mark is left.
    """
    if isinstance(value, dict):
        return {key: item if key == "qr" else clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return _clean_text(value) if isinstance(value, str) else value


def _clean_text(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a NUL in the words of a letter")
    shown = "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text))
    if len(shown) > LONGEST_TEXT:
        shown = f"{shown[: LONGEST_TEXT - 1]}…"
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return _RUN.sub(lambda run: _broken(run[0]), "\n".join(lines))


def _shown(letter: str) -> str:
    if letter == "\n" or " " <= letter <= "~":
        return letter
    if letter.isspace():
        return " "
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Mn"}:
        return ""
    return letter if "\u00a1" <= letter <= "\u017f" or letter in _PUNCTUATION else "?"


def _broken(word: str) -> str:
    return _BREAK.join(word[i : i + _PIECE] for i in range(0, len(word), _PIECE))
