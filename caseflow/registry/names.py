"""Are two written names the same person's? Shows why; never decides.

Indonesian names have one field, titles before and behind, contractions and doubled letters.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

_CONTRACTIONS = {
    "mhd": "muhammad", "muh": "muhammad", "moh": "muhammad", "mohd": "muhammad", "mohammad": "muhammad",
    "mohamad": "muhammad", "muhamad": "muhammad", "m": "muhammad", "abd": "abdul", "abdl": "abdul",
    "st": "siti", "sit": "siti", "nur": "nur", "ach": "ahmad", "akhmad": "ahmad", "achmad": "ahmad",
}  # fmt: skip
_TITLES = frozenset(
    [
        "h",
        "hj",
        "haji",
        "hajah",
        "hajjah",
        "dt",
        "dtk",
        "datuk",
        "datuak",
        "sutan",
        "bagindo",
        "malin",
        "sidi",
        "marah",
        "dr",
        "drs",
        "dra",
        "ir",
        "prof",
        "ust",
        "ustad",
        "ustadz",
        "alm",
        "almh",
        "almarhum",
        "almarhumah",
        "mendiang",
        "s",
        "sh",
        "se",
        "spd",
        "mpd",
        "sag",
        "ssos",
        "skom",
        "st",
        "amd",
        "mm",
        "msi",
    ]
) - {"st", "s"}
_JOINERS = frozenset({"bin", "binti", "b", "bt"})


@dataclass(frozen=True)
class NameMatch:
    """How two names compare.

    :ivar kind: ``same`` (but for capitals and marks), ``similar`` (same after known habits of writing),
        ``different``.
    :ivar because: one sentence for the officer.
    """

    kind: Literal["same", "similar", "different"]
    because: str


def plain(name: str) -> str:
    """Return the name without capitals, accents, dots and apostrophes, single-spaced."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(ch for ch in folded if not unicodedata.combining(ch))
    return re.sub(r"[^\w]+", " ", re.sub(r"['’`.]", "", letters)).strip()


def compare(first: str, second: str) -> NameMatch:
    """Compare two names as an officer would."""
    if plain(first) == plain(second):
        return NameMatch("same", "Nama sama.")
    left, left_habits = _essence(first)
    right, right_habits = _essence(second)
    if left and left == right:
        habits = ", ".join(sorted(left_habits | right_habits))
        return NameMatch("similar", f"Nama dianggap sama karena {habits or 'cara menulisnya berbeda'}.")
    return NameMatch("different", f"Nama berbeda: “{first}” dan “{second}”.")


def _essence(name: str) -> tuple[str, set[str]]:
    """Return the name reduced to what identifies, and which habits were undone."""
    habits: set[str] = set()
    words = []
    for word in plain(name).split():
        if word in _TITLES:
            habits.add("gelar diabaikan")
        elif word in _JOINERS:
            habits.add("bin/binti diabaikan")
        elif word in _CONTRACTIONS:
            habits.add("singkatan dibaca penuh")
            words.append(_CONTRACTIONS[word])
        else:
            words.append(word)
    joined = "".join(words)
    single = re.sub(r"(.)\1+", r"\1", joined)
    if single != joined:
        habits.add("huruf ganda dianggap satu")
    return single, habits
