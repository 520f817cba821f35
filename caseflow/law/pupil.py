"""A child and its school years, as the scholarship needs them: stated by people, none assumed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from caseflow.formats import long_date
from caseflow.law.heirs import NotEntitled
from caseflow.law.numbers import NumberBook
from caseflow.law.relatives import age_on
from caseflow.law.tables import Level

Employment = Literal["none", "pu_up_to_6_months", "pu_longer", "bpu", "intern", "unknown"]

EMPLOYMENT_LABELS: Mapping[Employment, str] = MappingProxyType(
    {
        "none": "tidak bekerja",
        "pu_up_to_6_months": "bekerja sebagai penerima upah, paling lama enam bulan berturut-turut",
        "pu_longer": "bekerja sebagai penerima upah lebih lama",
        "bpu": "terdaftar sebagai pekerja bukan penerima upah",
        "intern": "magang",
        "unknown": "belum diketahui",
    }
)

_FIRST_MONTH = 7  # school years begin in July by custom; no article of social security says so


@dataclass(frozen=True, slots=True)
class Child:
    """A child of the worker.

    :ivar ref: stable key of the child in the case; :ivar married: ``None`` when nobody has established it.
    """

    ref: str
    born_on: date | None
    married: bool | None
    employment: Employment


@dataclass(frozen=True, slots=True)
class YearAsked:
    """A school year for which the scholarship is applied for.

    :ivar school_year: the calendar year in which it begins; :ivar level: ``training`` counts as ``higher``.
    :ivar study_proven: whether the certificate of active study was seen; ``None`` when not yet looked at.
    """

    school_year: int
    level: Level | Literal["training"]
    study_proven: bool | None


@dataclass(frozen=True, slots=True)
class Award:
    """A school year that was paid before; :ivar amount_idr: rupiah."""

    school_year: int
    level: Level | Literal["training"]
    amount_idr: int


@dataclass(frozen=True, slots=True)
class ChildrenChoice:
    """Who can be chosen for the scholarship; the choice itself is the family's.

    :ivar can_be_chosen: refs, the eldest first; :ivar cannot: with the reason; :ivar missing: facts still to establish.
    :ivar must_choose: more children than ``most`` can be chosen.
    """

    can_be_chosen: tuple[str, ...]
    cannot: tuple[NotEntitled, ...]
    missing: tuple[str, ...]
    most: int
    must_choose: bool
    sentence: str


def school_year_of(day: date) -> int:
    """Return the calendar year in which the school year of a day begins (1 July)."""
    return day.year if day.month >= _FIRST_MONTH else day.year - 1


def first_day_of(school_year: int) -> date:
    """Return the first day of a school year."""
    return date(school_year, _FIRST_MONTH, 1)


def school_year_words(school_year: int) -> str:
    """Return ``2026/2027``."""
    return f"{school_year}/{school_year + 1}"


def level_of(level: Level | Literal["training"]) -> Level:
    """Return the level whose amount and years hold: training is paid like higher education."""
    return "higher" if level == "training" else level


def missing_of(child: Child) -> list[str]:
    """Return what is not established about a child, as an officer would call it."""
    found = []
    if child.born_on is None:
        found.append("tanggal lahir anak")
    if child.married is None:
        found.append("apakah anak sudah menikah")
    if child.employment == "unknown":
        found.append("apakah anak bekerja, dan sebagai apa")
    return found


def why_ended(child: Child, on: date, book: NumberBook) -> str | None:
    """Return why marriage or work ended the scholarship by ``on``, in kind words, or ``None``.

    Permenaker 5/2021 Pasal 103 ayat (2); exceptions while studying: ayat (3a), in force since Permenaker 1/2025.

    :raises NoNumber: no rule is recorded for that day.
    """
    if child.married:
        return "Beasiswa berakhir karena anak sudah menikah (Permenaker 5/2021 Pasal 103 ayat (2))."
    allowed = book.on("scholarship_bpu_or_intern_allowed", on).value
    months = book.on("scholarship_pu_months", on).value
    still: Mapping[Employment, bool] = {
        "none": True,
        "unknown": True,
        "bpu": bool(allowed),
        "intern": bool(allowed),
        "pu_up_to_6_months": bool(months),
        "pu_longer": False,
    }
    if still[child.employment]:
        return None
    return (
        f"Beasiswa berakhir karena anak {EMPLOYMENT_LABELS[child.employment]} (Permenaker 5/2021 Pasal 103)."
    )


def two_children(children: Iterable[Child], on: date, book: NumberBook) -> ChildrenChoice:
    """Find the children that can be chosen on a day: below the age limit, unmarried and not working.

    :raises ValueError: two children share a ref.
    :raises NoNumber: no rule is recorded for that day.
    """
    eldest_first: Sequence[Child] = sorted(children, key=lambda child: (child.born_on or date.max, child.ref))
    if len({child.ref for child in eldest_first}) != len(eldest_first):
        raise ValueError("two children share a ref")
    limit = book.on("scholarship_age_limit", on).value
    most = book.on("scholarship_max_children", on).value
    can: list[str] = []
    cannot: list[NotEntitled] = []
    missing: list[str] = []
    for child in eldest_first:
        too_old = child.born_on is not None and age_on(child.born_on, on) >= limit
        why = f"Sudah berumur {limit} tahun pada {long_date(on)}." if too_old else why_ended(child, on, book)
        if why is not None:
            cannot.append(NotEntitled(child.ref, why))
        elif lacking := missing_of(child):
            missing += [f"{what} ({child.ref})" for what in lacking]
        else:
            can.append(child.ref)
    return ChildrenChoice(
        can_be_chosen=tuple(can),
        cannot=tuple(cannot),
        missing=tuple(missing),
        most=most,
        must_choose=len(can) > most,
        sentence=_choice_words(len(can), most),
    )


def _choice_words(found: int, most: int) -> str:
    if not found:
        return "Belum ada anak yang memenuhi syarat beasiswa."
    if found > most:
        return f"Ada {found} anak yang memenuhi syarat. Ibu/Bapak memilih paling banyak {most} anak."
    return f"Ada {found} anak yang memenuhi syarat, tidak melebihi {most} anak. Ibu/Bapak menyatakan siapa yang diajukan."
