"""Reading one entry of a workflow file, value by value; every value that cannot be used becomes a sentence.

The sentences are read by whoever edits the files: each names the file, the entry, the key and the value.
"""

import re
import string
from collections.abc import Collection, Sequence
from datetime import date
from typing import TypeVar

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_Choice = TypeVar("_Choice", bound=str)


class Entry:
    """A mapping in a workflow file, its place in words, and the list that problems go to."""

    def __init__(self, content: dict[str, object], place: str, problems: list[str]) -> None:
        self.content = content
        self.place = place
        self.problems = problems

    def problem(self, what: str, key: str = "") -> None:
        """Note a problem of this entry, or of one key of it."""
        self.problems.append(f"{self.place}, {key}: {what}" if key else f"{self.place}: {what}")

    def only(self, known: Sequence[str], required: Sequence[str]) -> None:
        """Note every key that nobody knows and every required key that is not there."""
        for key in self.content:
            if key not in known:
                self.problem(f'kunci "{key}" tidak dikenal; yang ada: {", ".join(known)}.')
        for key in required:
            if key not in self.content:
                self.problem(f'kunci "{key}" belum ada.')

    def find_text(self, key: str) -> str | None:
        """Return a text, or ``None`` if the key is absent or its value is no text."""
        if key not in self.content:
            return None
        value = self.content[key]
        if not isinstance(value, str):
            self.problem(f"harus teks dalam kutip, bukan {shown(value)}.", key)
            return None
        if not value.strip():
            self.problem("tidak boleh kosong.", key)
            return None
        return value.strip()

    def text(self, key: str) -> str:
        """Return a required text; empty after a problem was noted."""
        return self.find_text(key) or ""

    def name(self, key: str) -> str:
        """Return a text that can be a name for ever: lower case, digits, underscores."""
        value = self.text(key)
        if value and not _NAME.fullmatch(value):
            self.problem(f'"{value}" harus huruf kecil dengan garis bawah, misalnya awaiting_approval.', key)
        return value

    def known_name(self, key: str, what: str, known: Collection[str]) -> str | None:
        """Return an optional name that somebody must know."""
        value = self.find_text(key)
        if value is not None:
            self._check_known(key, what, [value], known)
        return value

    def choice(self, key: str, allowed: tuple[_Choice, ...], default: _Choice) -> _Choice:
        """Return one of a few words, or the default if the key is absent."""
        value = self.content.get(key, default)
        for word in allowed:
            if value == word:
                return word
        self.problem(f"harus salah satu dari {', '.join(allowed)}, bukan {shown(value)}.", key)
        return default

    def find_positive(self, key: str) -> int | None:
        """Return an optional whole number above zero."""
        if key not in self.content:
            return None
        value = self.content[key]
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            return value
        self.problem(f"harus bilangan bulat di atas nol, bukan {shown(value)}.", key)
        return None

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Return ``true`` or ``false``, or the default if the key is absent."""
        value = self.content.get(key, default)
        if isinstance(value, bool):
            return value
        self.problem(f"harus true atau false, bukan {shown(value)}.", key)
        return default

    def names(self, key: str, what: str, known: Collection[str]) -> tuple[str, ...]:
        """Return a list of known names without repetition; absent is empty."""
        if key not in self.content:
            return ()
        value = self.content[key]
        if not isinstance(value, list):
            self.problem(f"harus daftar dalam kurung siku, bukan {shown(value)}.", key)
            return ()
        if not value:
            self.problem("daftarnya kosong; sebut paling sedikit satu.", key)
        names: list[str] = []
        for item in value:
            if not isinstance(item, str):
                self.problem(f"isi daftar harus teks, bukan {shown(item)}.", key)
            elif item in names:
                self.problem(f'"{item}" tertulis dua kali.', key)
            else:
                names.append(item)
        self._check_known(key, what, names, known)
        return tuple(names)

    def sentence(self, key: str, placeholders: Collection[str]) -> str:
        """Return a sentence whose ``{placeholders}`` are all known and plain."""
        value = self.text(key)
        try:
            fields = list(string.Formatter().parse(value))
        except ValueError:
            self.problem(f'kurung kurawal tidak berpasangan di "{value}".', key)
            return value
        for _, field, form, conversion in fields:
            if field is not None and (field not in placeholders or form or conversion):
                known = ", ".join(sorted(placeholders)) or "tidak ada"
                self.problem(f"isian {{{field}}} tidak dikenal; yang ada: {known}.", key)
        return value

    def entries(self, key: str, what: str, name_key: str) -> "list[Entry]":
        """Return a list of mappings as entries, each placed by its own name; repeated names are noted."""
        value = self.content.get(key, [])
        if not isinstance(value, list) or not value:
            if key in self.content:
                self.problem(f"harus daftar dengan paling sedikit satu isi, bukan {shown(value)}.", key)
            return []
        found: list[Entry] = []
        seen: set[object] = set()
        for number, item in enumerate(value, start=1):
            if not isinstance(item, dict):
                self.problem(f"isi ke-{number} harus {what} dengan kunci-kuncinya, bukan {shown(item)}.", key)
                continue
            name = item.get(name_key)
            called = name if isinstance(name, str) and name else f"ke-{number}"
            entry = Entry(item, f"{self.place}, {what} {called}", self.problems)
            if isinstance(name, str) and name in seen:
                entry.problem("tertulis dua kali. Hapus atau ganti namanya.")
            seen.add(name if isinstance(name, str) else number)
            found.append(entry)
        return found

    def _check_known(self, key: str, what: str, names: Sequence[str], known: Collection[str]) -> None:
        for name in names:
            if name not in known:
                there = ", ".join(sorted(set(known))) or "tidak ada"
                self.problem(f'{what} "{name}" tidak dikenal; yang ada: {there}.', key)


def shown(value: object) -> str:
    """Return a value the way a refusal quotes it."""
    match value:
        case None:
            return "kosong"
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case int():
            return f"angka {value}"
        case date():
            return f"tanggal {value}"
        case list():
            return f"daftar [{', '.join(str(item) for item in value)}]"
        case _:
            return "kumpulan kunci"
