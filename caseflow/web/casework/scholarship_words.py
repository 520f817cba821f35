"""What officers read about a scholarship: levels, work, school years, what comes next. Nothing here decides anything."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from caseflow.claims.cover import numbers
from caseflow.law.pupil import EMPLOYMENT_LABELS, school_year_words
from caseflow.law.scholarship_calendar import Status


def sentence_case(words: str) -> str:
    """Return words with a capital at the beginning and nowhere else changed: ``SMP``, ``S1``."""
    return f"{words[:1].upper()}{words[1:]}"


EMPLOYMENTS = tuple((code, sentence_case(label)) for code, label in EMPLOYMENT_LABELS.items())
STATUSES: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {
        "not_yet_school": ("Belum sekolah", "neutral"),
        "upcoming": ("Akan datang", "neutral"),
        "open": ("Bisa diajukan", "positive"),
        "arrears": ("Terlewat, masih bisa", "waiting"),
        "lost": ("Tidak bisa lagi", "neutral"),
        "awarded": ("Sudah dibayar", "info"),
        "ended": ("Hak berakhir", "neutral"),
    }
)
_TRAINING = "Pelatihan kerja (dibayar seperti kuliah)"


def levels() -> list[tuple[str, str]]:
    """Return the levels of school that can be applied for, the lowest first."""
    found = numbers().tables.levels.items()
    return [(code, sentence_case(level.label)) for code, level in found] + [("training", _TRAINING)]


def level_label(code: str) -> str:
    """Return a level in words."""
    return dict(levels()).get(code, code)


def next_words(step: str, year: int | None, expected: date | None, limit: int) -> str:
    """Return what the planned day is about, for a list."""
    match step:
        case "school":
            return f"mulai sekolah {expected.year}" if expected else "mulai sekolah"
        case "year":
            return f"pengingat {school_year_words(year)}" if year else "pengingat"
        case "age":
            return f"berumur {limit} tahun"
        case _:
            return "hak perlu diakhiri"
