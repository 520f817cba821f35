"""Rules for passphrases: long enough, not a pattern, nothing that everybody would try. No composition rules."""

import re
import unicodedata
from collections.abc import Iterable

SHORTEST = 15
LONGEST = 128

# What a guesser who knows this service tries first, and the words that head every list of leaked passwords.
_OF_THIS_PLACE = (
    "bpjs", "jamsostek", "ketenagakerjaan", "caseflow", "sijunjung", "solok", "nagari", "santunan",
)  # fmt: skip
_WORN_OUT = (
    "katasandi", "katasandiku", "passphrase", "password", "passw0rd", "p@ssword", "rahasia", "qwerty", "asdfgh", "zxcvbn",
    "admin", "administrator", "welcome", "letmein", "iloveyou", "indonesia", "merdeka", "bismillah",
    "alhamdulillah", "sayang", "cinta", "petugas", "kantor", "selamat", "datang", "sumbar", "minang",
    "superman", "monkey", "dragon", "login", "masuk", "test", "user",
)  # fmt: skip
_FEWEST_LETTERS_LEFT = 8
_FEWEST_DIFFERENT = 6
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "0123456789" * 3, "qwertyuiopasdfghjklzxcvbnm", "qwertzuiop")
_RUN_LENGTH = 5


def normal(passphrase: str) -> str:
    """Return the form that is hashed: the same letters typed on two keyboards must be the same."""
    return unicodedata.normalize("NFKC", passphrase)


def problem(passphrase: str, *, about: Iterable[str] = ()) -> str | None:
    """Return why a passphrase cannot be used, or ``None``.

    :param about: words the person is known by (user name, name), which may not be in it.
    """
    text = normal(passphrase)
    if len(text) < SHORTEST:
        return f"Frasa sandi paling sedikit {SHORTEST} huruf; Anda menulis {len(text)}. Empat kata yang tidak berkaitan sudah cukup."
    if len(text) > LONGEST:
        return f"Frasa sandi paling banyak {LONGEST} huruf."
    plain = re.sub(r"[^a-z0-9@]", "", text.casefold()) or text.casefold()
    for word in (*_OF_THIS_PLACE, *_parts(about)):
        if word in plain:
            return f"Frasa sandi tidak boleh memuat '{word}', karena mudah ditebak. Pilih kata lain."
    if _is_pattern(plain):
        return "Frasa sandi ini mudah ditebak. Pilih beberapa kata yang tidak berkaitan."
    return None


def _parts(about: Iterable[str]) -> list[str]:
    """Return the words of four letters or more; shorter ones hide in ordinary words."""
    return [part for words in about for part in re.findall(r"[a-z0-9]{4,}", words.casefold())]


def _is_pattern(plain: str) -> bool:
    if len(set(plain)) < _FEWEST_DIFFERENT:
        return True
    if any(len(plain) > size and plain == (plain[:size] * len(plain))[: len(plain)] for size in range(1, 8)):
        return True
    left = plain
    for word in sorted(_WORN_OUT, key=len, reverse=True):
        left = left.replace(word, "")
    left = _without_runs(left)
    return len(left) < _FEWEST_LETTERS_LEFT and len(left) < len(plain)


def _without_runs(text: str) -> str:
    """Take out stretches of the alphabet, of digits or of a keyboard row, forwards and backwards."""
    for run in _RUNS:
        for way in (run, run[::-1]):
            for start in range(len(way) - _RUN_LENGTH + 1):
                text = text.replace(way[start : start + _RUN_LENGTH], "")
    return text
