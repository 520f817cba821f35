"""Are two written names the same person's? Shows why; never decides.

Indonesian names have one field, titles before and behind, contractions and doubled letters.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

_CONTRACTIONS = {
    "mhd": "muhammad", "muh": "muhammad", "moh": "muhammad", "mohd": "muhammad", "mohammad": "muhammad",
    "mohamad": "muhammad", "muhamad": "muhammad", "muhd": "muhammad", "mochamad": "muhammad", "mochammad": "muhammad",
    "mohamed": "muhammad", "muhammed": "muhammad", "m": "muhammad", "abd": "abdul", "abdl": "abdul",
    "st": "siti", "sit": "siti", "sitti": "siti", "ach": "ahmad", "akhmad": "ahmad", "achmad": "ahmad",
    "amad": "ahmad", "abdurrahman": "abdul rahman", "abdurahman": "abdul rahman", "abdurrohman": "abdul rahman",
    "abdulrahman": "abdul rahman", "usm": "usman", "ibr": "ibrahim", "syamsul": "samsul",
}  # fmt: skip
# before the name or behind it, written with or without dots
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
        "rajo",
        "sutan",
        "stn",
        "bagindo",
        "malin",
        "sidi",
        "marah",
        "pakiah",
        "tuanku",
        "dr",
        "drs",
        "dra",
        "drg",
        "ir",
        "prof",
        "ust",
        "ustad",
        "ustadz",
        "ustadzah",
        "kh",
        "alm",
        "almh",
        "almarhum",
        "almarhumah",
        "mendiang",
        "ny",
        "tn",
        "bpk",
        "ibu",
        "sh",
        "se",
        "spd",
        "mpd",
        "sag",
        "mag",
        "ssos",
        "skom",
        "mkom",
        "amd",
        "amdkeb",
        "amdkep",
        "mm",
        "msi",
        "ssi",
        "spt",
        "mt",
        "skm",
        "mkes",
        "skep",
        "ners",
        "sip",
        "mh",
        "sp",
        "spi",
        "sth",
        "shi",
        "sei",
        "spdi",
        "mpdi",
        "lc",
        "ma",
        "ba",
        "bsc",
        "phd",
    ]
)
_JOINERS = frozenset({"bin", "binti", "b", "bt", "bte"})
# letters that were written otherwise before 1972, and still are on many cards
_OLD_SPELLING = (("tj", "c"), ("dj", "j"), ("oe", "u"), ("sj", "sy"), ("nj", "ny"), ("y", "j"))
# letters that are heard alike; two people may well differ by one of them
_HEARD_ALIKE = (
    ("kh", "k"),
    ("th", "t"),
    ("dh", "d"),
    ("sy", "s"),
    ("sj", "s"),
    ("v", "f"),
    ("z", "j"),
    ("q", "k"),
    ("u", "o"),
)
_FEWEST_SHARED = 4  # letters of the one name that two writings have in common


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


def resembles(first: str, second: str) -> NameMatch:
    """Compare two names as somebody who looks for one person written down twice: wider than :func:`compare`.

    For duplicates and searching only, never for who is paid.
    """
    strict = compare(first, second)
    if strict.kind != "different":
        return strict
    left, right = _words(first), _words(second)
    if not left or not right:
        return strict
    if sorted(left) == sorted(right):
        return NameMatch("similar", "Nama mirip: urutan katanya berbeda.")
    heard_left, heard_right = [_heard(word) for word in left], [_heard(word) for word in right]
    if "".join(heard_left) == "".join(heard_right):
        return NameMatch("similar", "Nama mirip: huruf yang terdengar sama, misalnya o dan u atau f dan v.")
    shorter, longer = sorted((heard_left, heard_right), key=len)
    if set(shorter) < set(longer) and max(len(word) for word in shorter) >= _FEWEST_SHARED:
        return NameMatch("similar", "Nama mirip: satu ditulis tanpa nama kedua.")
    return strict


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
            words.append(_CONTRACTIONS[word].replace(" ", ""))
        else:
            words.append(word)
    joined = "".join(words)
    new = _rewritten(joined, _OLD_SPELLING)
    # j and y are one letter here, so that only a name with the old signs speaks of old spelling
    if new.replace("y", "j") != joined.replace("y", "j"):
        habits.add("ejaan lama dibaca baru")
    single = re.sub(r"(.)\1+", r"\1", new)
    if single != new:
        habits.add("huruf ganda dianggap satu")
    return single, habits


def _words(name: str) -> list[str]:
    """Return the words that identify, each reduced alike."""
    kept = [word for word in plain(name).split() if word not in _TITLES and word not in _JOINERS]
    full = " ".join(_CONTRACTIONS.get(word, word) for word in kept).split()
    return [re.sub(r"(.)\1+", r"\1", _rewritten(word, _OLD_SPELLING)) for word in full]


def _heard(word: str) -> str:
    return re.sub(r"(.)\1+", r"\1", _rewritten(word, _HEARD_ALIKE))


def _rewritten(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for old, new in pairs:
        text = text.replace(old, new)
    return text
