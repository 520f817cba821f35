"""Reads ``workflows/messages.yaml``: the words of every notice. What could be misread, or read as bait, is refused."""

import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from caseflow import yaml_strict
from caseflow.claims.workflows import NOTICES, WORKFLOWS_DIR
from caseflow.errors import CaseflowError
from caseflow.notices.gsm import LONGEST, septets
from caseflow.workflow.entries import Entry

Leaves = Literal["at_once", "office_hours", "reminder"]
To = Literal["everyone", "family"]

SIGNED = " Kata pengenal: {phrase}."
LONGEST_SENDER = 20
LONGEST_PHONE = 15
KNOWN = frozenset({"office", "number", "name", "due", "papers", "returned", "phone", "payee", "benefit"})
# an SMS holds only what has an end: the longest of each
_SMS_LONGEST: Mapping[str, str] = MappingProxyType(
    {
        "sender": "S" * LONGEST_SENDER,
        "number": "SJJ-26-000042-7",
        "due": "hari yang dijanjikan",
        "count": "99",
        "phone": "0" * LONGEST_PHONE,
        "payee": "anak atau walinya",
        "benefit": "santunan",
        "last_day": "30 September 2030",
        "until": "30 September 2030",
        "phrase": "talempong matahari",
    }
)
_FILE_KEYS = ("title", "version", "messages")
_KEYS = ("code", "title", "leaves", "to", "values", "whatsapp", "sms")
_BAIT = (
    (re.compile(r"https?:|www\.|[a-z0-9]\.(?:id|com|net|org|me|co)\b", re.IGNORECASE), "alamat situs"),
    (re.compile(r"\bRp|\brupiah\b|\bjuta\b", re.IGNORECASE), "jumlah uang"),
    (re.compile(r"[0-9]{5,}"), "nomor panjang"),
)


class TextsRefused(CaseflowError):
    """The file cannot be used; the sentence names every problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Value:
    """Something that whoever owes the message says: its words when it is missing, and an example."""

    code: str
    otherwise: str
    example: str


@dataclass(frozen=True)
class Text:
    """The words of one notice.

    :ivar leaves: when it may leave; :ivar to: who gets it.
    """

    code: str
    title: str
    leaves: Leaves
    to: To
    values: tuple[Value, ...]
    whatsapp: str
    sms: str


@cache
def texts() -> Mapping[str, Text]:
    """Return the words of every notice, read once.

    :raises TextsRefused: with every problem of the file.
    """
    return load_texts(WORKFLOWS_DIR / "messages.yaml", NOTICES)


def load_texts(path: Path, notices: frozenset[str]) -> Mapping[str, Text]:
    """Read a file that must have words for exactly these notices.

    :raises TextsRefused: with every problem of the file.
    """
    try:
        content = yaml_strict.load(path)
    except yaml_strict.YamlRefused as refused:
        raise TextsRefused([refused.sentence]) from refused
    place = "/".join(path.parts[-2:])
    if not isinstance(content, dict):
        raise TextsRefused([f"{place}: harus dimulai dengan kunci-kunci {', '.join(_FILE_KEYS)}."])
    problems: list[str] = []
    file = Entry(content, place, problems)
    file.only(_FILE_KEYS, _FILE_KEYS)
    file.text("title")
    file.text("version")
    read = {text.code: text for text in map(_text, file.entries("messages", "pesan", "code"))}
    for code in sorted(notices - set(read)):
        file.problem(f'pesan "{code}" belum ada kata-katanya.', "messages")
    for code in sorted(set(read) - notices):
        file.problem(f'tidak ada alur yang memakai pesan "{code}".', "messages")
    if problems:
        raise TextsRefused(problems)
    return MappingProxyType(read)


def _text(entry: Entry) -> Text:
    entry.only(_KEYS, ("code", "title", "leaves", "whatsapp", "sms"))
    values = tuple(map(_value, entry.entries("values", "isian", "code")))
    own = {value.code for value in values}
    leaves: tuple[Leaves, ...] = ("at_once", "office_hours", "reminder")
    to: tuple[To, ...] = ("everyone", "family")
    text = Text(
        code=entry.name("code"),
        title=entry.text("title"),
        leaves=entry.choice("leaves", leaves, "office_hours"),
        to=entry.choice("to", to, "everyone"),
        values=values,
        whatsapp=entry.sentence("whatsapp", KNOWN | own),
        sms=entry.sentence("sms", frozenset(_SMS_LONGEST) & (KNOWN | own | {"sender", "count"})),
    )
    _check_sender(entry, "whatsapp", text.whatsapp, "{office}: ")
    _check_sender(entry, "sms", text.sms, "{sender}: ")
    _check_length(entry, text)
    return text


def _value(entry: Entry) -> Value:
    entry.only(("code", "otherwise", "example"), ("code", "otherwise", "example"))
    return Value(entry.name("code"), entry.text("otherwise"), entry.text("example"))


def _check_sender(entry: Entry, key: str, text: str, begins: str) -> None:
    """Whoever reads a message sees first who writes, and always about which case; nothing in it is bait."""
    if not text.startswith(begins):
        entry.problem(f'harus dimulai dengan "{begins.strip()}".', key)
    if "{number}" not in text:
        entry.problem("harus menyebut {number}.", key)
    for bait, what in _BAIT:
        if bait.search(text):
            entry.problem(f"tidak boleh memuat {what}.", key)


def _check_length(entry: Entry, text: Text) -> None:
    """An SMS fits with the longest of everything that it says, signed."""
    longest = dict(_SMS_LONGEST)
    for value in text.values:
        longest[value.code] = max(longest.get(value.code, ""), value.otherwise, value.example, key=len)
    fields = {field for _, field, _, _ in string.Formatter().parse(text.sms) if field}
    if not fields <= set(longest):
        return  # said already
    length = septets((text.sms + SIGNED).format_map(longest))
    if length is None:
        entry.problem("memuat huruf di luar abjad SMS (tanda kutip lengkung, tanda pisah panjang).", "sms")
    elif length > LONGEST:
        entry.problem(f"bisa sepanjang {length} huruf; paling banyak {LONGEST}.", "sms")
