"""The answers of a visit, read strictly: the values that are kept, or a sentence for each that cannot be.

Pure. A page and a phone come through here alike. Not here: what stands in the database already (``arrival``).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from caseflow.errors import Invalid
from caseflow.monitoring import visit_models
from caseflow.monitoring.questions import (
    LONGEST_LEVY_WORDS,
    LONGEST_NOTE,
    MOST_BEANS,
    RELATIONS,
    field_names,
)
from caseflow.registry import cell_values
from caseflow.registry.sheet_reading import Cell

MOST_PEOPLE = 10
MOST_CHILDREN = 20
LONGEST_LINE = 200
_MOST_VERSIONS = 1_000_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_CHOOSE = "Pilih salah satu jawaban yang ada."
_NOT_READ = "Jawaban ini tidak terbaca. Isi sekali lagi."
# said with a visit, kept by nobody as a field: words about a levy go to the inspector alone
LEVY_WORDS, RECEIVED = "levy_words", "received_in_full"


class Wrong(ValueError):
    """A value that cannot be used, with the sentence for whoever wrote it."""


@dataclass(frozen=True)
class Answer:
    """A value, and the version of the field that was on the screen when it was written (0: none)."""

    value: Any
    base: int


@dataclass(frozen=True)
class Answers:
    """Everything that was answered.

    :ivar fields: only what was written; what is missing was not touched. A value ``None`` was cleared.
    :ivar levy_words: for the inspector only. :ivar received_in_full: ``full``, ``not_yet`` or ``None``.
    """

    fields: Mapping[str, Answer]
    levy_words: str = ""
    received_in_full: str | None = None


def read_answers(raw: object) -> Answers:
    """Read ``{field: {"value": …, "base": n}}``.

    :raises Invalid: a sentence for each field that cannot be used; nothing of them is kept.
    """
    if not isinstance(raw, dict):
        raise Invalid({"answers": _NOT_READ})
    problems: dict[str, str] = {}
    found: dict[str, Answer] = {}
    for field, written in raw.items():
        reader = _READERS.get(field) if isinstance(field, str) else None
        if reader is None:
            problems["answers"] = "Ada jawaban yang tidak dikenal. Perbarui aplikasi, lalu kirim lagi."
            continue
        try:
            found[field] = _answer(written, reader)
        except Wrong as wrong:
            problems[field] = str(wrong)
    if problems:
        raise Invalid(problems)
    words, received = found.pop(LEVY_WORDS, None), found.pop(RECEIVED, None)
    return Answers(
        fields=found,
        levy_words=words.value or "" if words else "",
        received_in_full=received.value if received else None,
    )


def line(value: object, *, longest: int = LONGEST_LINE) -> str:
    """Return one line of text, single-spaced.

    :raises Wrong: no text, unreadable letters, or too long.
    """
    return " ".join(words(value, longest=longest).split())


def words(value: object, *, longest: int) -> str:
    """Return text of several lines: NFC, without letters nobody sees, trimmed.

    :raises Wrong: no text, unreadable letters, or too long.
    """
    if not isinstance(value, str):
        raise Wrong(_NOT_READ)
    if len(value) > longest * 4:
        raise Wrong(f"Paling banyak {longest} huruf; yang tertulis {len(value)}.")
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFC", value)).replace("\r\n", "\n").strip(" \n\r\t")
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in clean):
        raise Wrong("Ada huruf yang tidak bisa dibaca. Hapus, lalu tulis lagi.")
    if len(clean) > longest:
        raise Wrong(f"Paling banyak {longest} huruf; yang tertulis {len(clean)}.")
    return clean


def person(value: object) -> str:
    """Return a name as it is said.

    :raises Wrong: no name.
    """
    clean = line(value, longest=cell_values.LONGEST_NAME)
    try:
        return cell_values.name(Cell(clean))
    except cell_values.Wrong as wrong:
        raise Wrong(f"{wrong.what} {wrong.cure}") from None


def day(value: object) -> date:
    """Return a day written ``2026-11-22``.

    :raises Wrong: no such day.
    """
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Wrong("Tanggal ini tidak ada di kalender. Periksa lagi.") from None
    raise Wrong("Tanggal tidak terbaca. Pilih sekali lagi.")


def whole(value: object, least: int, most: int) -> int:
    """Return a whole number within bounds; ``True`` and ``1.0`` are none.

    :raises Wrong: not one.
    """
    if type(value) is not int or not least <= value <= most:
        raise Wrong(f"Isi angka bulat dari {least} sampai {most}.")
    return value


def _answer(written: object, reader: Callable[[object], Any]) -> Answer:
    if not isinstance(written, dict) or not {"value"} <= set(written) <= {"value", "base"}:
        raise Wrong(_NOT_READ)
    base = written.get("base", 0)
    if type(base) is not int or not 0 <= base <= _MOST_VERSIONS:
        raise Wrong(_NOT_READ)
    value = written["value"]
    return Answer(None if value is None else reader(value), base)


def _one_of(codes: tuple[str, ...]) -> Callable[[object], str]:
    def read(value: object) -> str:
        if not isinstance(value, str) or value not in codes:
            raise Wrong(_CHOOSE)
        return value

    return read


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(_CHOOSE)
    return value


def _list(value: object, most: int) -> list[Any]:
    if not isinstance(value, list):
        raise Wrong(_NOT_READ)
    if len(value) > most:
        raise Wrong(f"Paling banyak {most}; yang tertulis {len(value)}.")
    return value


def _entry(value: object, allowed: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not set(value) <= allowed:
        raise Wrong(_NOT_READ)
    return value


def _respondents(value: object) -> list[dict[str, Any]]:
    found = []
    for one in _list(value, MOST_PEOPLE):
        entry = _entry(one, frozenset({"name", "relation"}))
        relation = entry.get("relation")
        if not isinstance(relation, str) or relation not in RELATIONS:
            raise Wrong("Pilih hubungan setiap orang yang ditemui.")
        found.append({"name": person(entry.get("name")), "relation": relation})
    return found


def _uses(value: object) -> dict[str, int]:
    if not isinstance(value, dict):
        raise Wrong(_NOT_READ)
    for use, beans in value.items():
        if use not in visit_models.USES:
            raise Wrong(_CHOOSE)
        if type(beans) is not int or not 0 <= beans <= MOST_BEANS:
            raise Wrong(f"Butir untuk setiap pemakaian 0 sampai {MOST_BEANS}.")
    if sum(value.values()) > MOST_BEANS:
        raise Wrong(f"Semua butir paling banyak {MOST_BEANS}; yang dibagi {sum(value.values())}.")
    if "rather_not_say" in value and len(value) > 1:
        raise Wrong("“Tidak ingin menjawab” dipilih bersama jawaban lain. Pilih salah satunya.")
    return {use: value[use] for use in visit_models.USES if use in value}


def _needs(value: object) -> list[str]:
    chosen = _list(value, len(visit_models.NEEDS))
    if any(not isinstance(one, str) or one not in visit_models.NEEDS for one in chosen):
        raise Wrong(_CHOOSE)
    if "none" in chosen and len(set(chosen)) > 1:
        raise Wrong("“Tidak ada” dipilih bersama bantuan lain. Pilih salah satunya.")
    return [one for one in visit_models.NEEDS if one in chosen]


def _schooling(value: object) -> list[dict[str, Any]]:
    found = [_child(one) for one in _list(value, MOST_CHILDREN)]
    known = [one["member"] for one in found if one["member"] is not None]
    if len(known) != len(set(known)):
        raise Wrong("Satu anak tertulis dua kali. Hapus salah satunya.")
    return found


def _child(value: object) -> dict[str, Any]:
    entry = _entry(value, frozenset({"member", "first_name", "attends", "reason", "scholarship_asked"}))
    if not isinstance(entry.get("attends"), bool):
        raise Wrong("Pilih ya atau tidak untuk setiap anak.")
    asked, member = entry.get("scholarship_asked"), entry.get("member")
    if asked is not None and not isinstance(asked, bool):
        raise Wrong(_NOT_READ)
    return {
        "member": None if member is None else whole(member, 1, 99),
        "first_name": person(entry.get("first_name")),
        "attends": entry["attends"],
        "reason": line(entry.get("reason") or ""),
        "scholarship_asked": asked,
    }


def _phone(value: object) -> str | None:
    try:
        return cell_values.phone(Cell(line(value)))
    except cell_values.Wrong as wrong:
        raise Wrong(f"{wrong.what} {wrong.cure}") from None


def _note(value: object) -> str:
    return words(value, longest=LONGEST_NOTE)


def _levy_words(value: object) -> str:
    return words(value, longest=LONGEST_LEVY_WORDS)


def _next_due(value: object) -> str:
    return day(value).isoformat()


_READERS: Mapping[str, Callable[[object], Any]] = {
    "respondents": _respondents,
    "uses": _uses,
    "livelihood_stage": _one_of(visit_models.STAGES),
    "stopped_why": line,
    "livelihood_type": _one_of(visit_models.TYPES),
    "income_band": _one_of(visit_models.BANDS),
    "household_change": _one_of(visit_models.CHANGES),
    "schooling": _schooling,
    "levy_reported": _yes_or_no,
    LEVY_WORDS: _levy_words,
    "needs": _needs,
    "note": _note,
    RECEIVED: _one_of(("full", "not_yet")),
    "next_due": _next_due,
    "contact_phone": _phone,
    "landmark": line,
}
if set(_READERS) != {*field_names(), LEVY_WORDS, RECEIVED}:
    raise RuntimeError("every field of the questions needs a reader, and no other")
