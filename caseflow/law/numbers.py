"""The dated, cited numbers of law, read from ``workflows/numbers.yaml``."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

from caseflow import yaml_strict
from caseflow.errors import NotPossible
from caseflow.formats import long_date
from caseflow.yaml_strict import YamlRefused

NUMBERS_FILE = Path(__file__).parents[2] / "workflows" / "numbers.yaml"

Certainty = Literal["V2", "V1", "I", "M", "verify"]
"""How sure a fact is, surest first: two sources, one source, inferred, not checked, must be asked."""

CERTAINTY_LABELS: Mapping[Certainty, str] = MappingProxyType(
    {
        "V2": "terverifikasi",
        "V1": "satu sumber",
        "I": "disimpulkan",
        "M": "belum terverifikasi",
        "verify": "belum terverifikasi",
    }
)

KNOWN_NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "jkm_death_grant": "rupiah",
        "jkm_periodic_monthly": "rupiah",
        "jkm_periodic_months": "bulan",
        "jkm_funeral": "rupiah",
        "jkm_min_consecutive_months": "bulan",
        "jkm_min_cover_days": "hari",
        "grace_months": "bulan",
        "jkm_scholarship_min_months": "bulan",
        "scholarship_max_children": "orang",
        "scholarship_age_limit": "tahun",
        "jkm_payment_working_days": "hari_kerja",
        "lateness_percent_per_day": "persen",
        "minor_age": "tahun",
    }
)
"""Every number the law code asks for, with its unit: a missing or misspelt row is found at start, not by a claim."""


_KIND_WORDS: Mapping[type, str] = MappingProxyType(
    {str: "teks", int: "bilangan bulat", date: "tanggal", list: "daftar"}
)


class NoNumber(NotPossible):
    """No number of that name is in force on that day; nothing was calculated."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of law during one period.

    :ivar value: whole number in ``unit`` (``rupiah``, ``bulan``, ``hari``, ``hari_kerja``, ``persen``, …).
    :ivar since: first day in force; :ivar until: last day, ``None`` when open.
    :ivar source: keys into :attr:`NumberBook.sources`.
    """

    name: str
    label: str
    unit: str
    value: int
    since: date
    until: date | None
    article: str
    source: tuple[str, ...]
    certainty: Certainty
    note: str = ""


@dataclass(frozen=True, slots=True)
class NumberBook:
    """One version of the whole file.

    :ivar version: the date on which somebody last changed the file, as text.
    :ivar periods: name → its numbers, oldest first, never overlapping.
    :ivar sources: key → title of the source.
    """

    version: str
    periods: Mapping[str, tuple[Number, ...]]
    sources: Mapping[str, str]

    def on(self, name: str, day: date) -> Number:
        """Return the number in force on ``day``.

        :raises NoNumber: none is, or the name is unknown.
        """
        periods = self.periods.get(name, ())
        for number in periods:
            if number.since <= day and (number.until is None or day <= number.until):
                return number
        label = f"“{periods[0].label}” ({name})" if periods else f"bernama {name}"
        known = f" Yang pertama berlaku sejak {long_date(periods[0].since)}." if periods else ""
        raise NoNumber(
            f"Tidak ada angka {label} yang berlaku pada {long_date(day)}.{known} "
            "Perhitungan tidak dibuat. Tambahkan angkanya di workflows/numbers.yaml."
        )

    def rule_version(self, *numbers: Number) -> str:
        """Name the rule behind a result: each number with its first day, and the version of the file."""
        named = ", ".join(f"{number.name} sejak {number.since.isoformat()}" for number in numbers)
        return f"{named} (angka versi {self.version})"


def weakest(*certainties: Certainty) -> Certainty:
    """Return the least sure of several certainties: a result is no surer than its weakest part."""
    order = get_args(Certainty)
    return max(certainties, key=order.index)


def load_numbers(path: Path = NUMBERS_FILE) -> NumberBook:
    """Read and check the file of numbers.

    :raises YamlRefused: naming file, entry and value of the first thing that cannot be used.
    """
    file = "/".join(path.parts[-2:])
    return _book(yaml_strict.load(path), file)


def parse_numbers(text: str, *, file: str = "numbers.yaml") -> NumberBook:
    """Read the same from text."""
    return _book(yaml_strict.loads(text, file=file), file)


def _book(content: object, file: str) -> NumberBook:
    top = _entry(content, file, required={"version": str, "sources": list, "numbers": list})
    version = cast(str, top["version"])
    try:
        date.fromisoformat(version)
    except ValueError:
        raise YamlRefused(
            f'{file}, version: {version!r} harus tanggal dalam kutip, misalnya "2026-11-22".'
        ) from None
    sources: dict[str, str] = {}
    for row in cast(list[object], top["sources"]):
        source = _entry(row, f"{file}, sources", required={"key": str, "title": str})
        key = cast(str, source["key"])
        if key in sources:
            raise YamlRefused(f"{file}, sources: kunci {key!r} tertulis dua kali.")
        sources[key] = cast(str, source["title"])
    periods: dict[str, tuple[Number, ...]] = {}
    for row in cast(list[object], top["numbers"]):
        numbers = _numbers(row, file, sources)
        if numbers[0].name in periods:
            raise YamlRefused(f"{file}, {numbers[0].name}: nama ini tertulis dua kali.")
        periods[numbers[0].name] = numbers
    missing = [name for name in KNOWN_NUMBERS if name not in periods]
    if missing:
        raise YamlRefused(f"{file}: angka {', '.join(missing)} belum ada, padahal dipakai perhitungan.")
    return NumberBook(version, MappingProxyType(periods), MappingProxyType(sources))


def _numbers(row: object, file: str, sources: Mapping[str, str]) -> tuple[Number, ...]:
    entry = _entry(row, f"{file}, numbers", required={"name": str, "label": str, "unit": str, "values": list})
    name, unit = cast(str, entry["name"]), cast(str, entry["unit"])
    where = f"{file}, {name}"
    if name not in KNOWN_NUMBERS:
        raise YamlRefused(f"{where}: nama ini tidak dipakai program. Periksa ejaannya.")
    if unit != KNOWN_NUMBERS[name]:
        raise YamlRefused(f"{where}: unit {unit!r} seharusnya {KNOWN_NUMBERS[name]!r}.")
    values = [_number(value, where, entry, sources) for value in cast(list[object], entry["values"])]
    if not values:
        raise YamlRefused(f"{where}: values kosong.")
    return _without_overlap(sorted(values, key=lambda number: number.since), where)


def _number(row: object, where: str, entry: Mapping[str, object], sources: Mapping[str, str]) -> Number:
    required: dict[str, type] = {
        "since": date,
        "value": int,
        "article": str,
        "source": list,
        "certainty": str,
    }
    value = _entry(row, where, required=required, optional={"until": date, "note": str})
    since, until = cast(date, value["since"]), cast(date | None, value.get("until"))
    where = f"{where} sejak {since.isoformat()}"
    amount, certainty = cast(int, value["value"]), value["certainty"]
    keys = cast(list[object], value["source"])
    if amount < 0:
        raise YamlRefused(f"{where}: value {amount} tidak boleh kurang dari nol.")
    if until is not None and until < since:
        raise YamlRefused(f"{where}: until {until.isoformat()} mendahului since.")
    if certainty not in get_args(Certainty):
        raise YamlRefused(
            f"{where}: certainty {certainty!r} tidak dikenal; pakai {', '.join(get_args(Certainty))}."
        )
    if not keys:
        raise YamlRefused(f"{where}: source kosong.")
    for key in keys:
        if key not in sources:
            raise YamlRefused(f"{where}: source {key!r} tidak ada di daftar sources.")
    return Number(
        name=cast(str, entry["name"]),
        label=cast(str, entry["label"]),
        unit=cast(str, entry["unit"]),
        value=amount,
        since=since,
        until=until,
        article=cast(str, value["article"]),
        source=tuple(cast(list[str], keys)),
        certainty=cast(Certainty, certainty),
        note=cast(str, value.get("note", "")),
    )


def _without_overlap(numbers: list[Number], where: str) -> tuple[Number, ...]:
    """Close each open period on the day before the next one begins; refuse two numbers on one day."""
    for earlier, later in pairwise(numbers):
        if earlier.since == later.since or (earlier.until is not None and earlier.until >= later.since):
            raise YamlRefused(
                f"{where}: masa sejak {earlier.since.isoformat()} dan sejak {later.since.isoformat()} bertindihan."
            )
    closed = [
        replace(earlier, until=later.since - timedelta(days=1)) if earlier.until is None else earlier
        for earlier, later in pairwise(numbers)
    ]
    return (*closed, numbers[-1])


def _entry(
    content: object, where: str, *, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> dict[str, object]:
    """Return ``content`` as a mapping with exactly the keys and kinds of value named."""
    if not isinstance(content, dict):
        raise YamlRefused(f"{where}: {content!r} harus berupa pasangan kunci dan isi.")
    kinds = {**required, **(optional or {})}
    for key, value in content.items():
        if key not in kinds:
            raise YamlRefused(f"{where}: kunci {key!r} tidak dikenal; yang dikenal: {', '.join(kinds)}.")
        # the exact type, because true would pass for the number 1
        if type(value) is not kinds[key] or value == "":
            raise YamlRefused(f"{where}: {key} berisi {value!r}; yang diharapkan {_KIND_WORDS[kinds[key]]}.")
    for key in required:
        if key not in content:
            raise YamlRefused(f"{where}: {key} belum ditulis.")
    return content
