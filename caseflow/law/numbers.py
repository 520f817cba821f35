"""The book of law: dated, cited numbers from ``workflows/numbers.yaml`` and the tables beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Self, cast

from caseflow import yaml_strict
from caseflow.law.dated import CERTAINTY_LABELS as CERTAINTY_LABELS
from caseflow.law.dated import Certainty as Certainty
from caseflow.law.dated import Column, entry, required_on, series, version_of
from caseflow.law.dated import NoNumber as NoNumber
from caseflow.law.dated import Number as Number
from caseflow.law.dated import weakest as weakest
from caseflow.law.tables import NO_TABLES, TABLES_FILE, Tables, load_tables
from caseflow.yaml_strict import YamlRefused

NUMBERS_FILE = Path(__file__).parents[2] / "workflows" / "numbers.yaml"

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
        "scholarship_arrears_school_years": "tahun",
        "scholarship_pu_months": "bulan",
        "scholarship_bpu_or_intern_allowed": "ya_tidak",
        "jkm_payment_working_days": "hari_kerja",
        "lateness_percent_per_day": "persen",
        "minor_age": "tahun",
        "jkk_treatment_percent": "persen",
        "jkk_diagnostics_percent": "persen",
        "jkk_transport_land": "rupiah",
        "jkk_transport_sea": "rupiah",
        "jkk_transport_air": "rupiah",
        "jkk_home_care_max": "rupiah",
        "jkk_home_care_years": "tahun",
        "jkk_device_extra_percent": "persen",
        "jkk_denture_max": "rupiah",
        "jkk_hearing_aid_max": "rupiah",
        "jkk_glasses_max": "rupiah",
        "jkk_stmb_full_months": "bulan",
        "jkk_stmb_full_percent": "persen",
        "jkk_stmb_half_percent": "persen",
        "jkk_stmb_days_per_month": "hari",
        "jkk_disability_months": "bulan",
        "jkk_disability_max_percent": "persen",
        "jkk_total_percent": "persen",
        "jkk_total_periodic_months": "bulan",
        "jkk_death_percent": "persen",
        "jkk_death_floor_percent": "persen",
        "jkk_death_periodic_months": "bulan",
        "jkk_periodic_monthly": "rupiah",
        "jkk_funeral": "rupiah",
        "jkk_claim_years": "tahun",
        "jkk_pak_years": "tahun",
        "jkk_report_hours": "jam",
        "jkk_conclusion_days": "hari",
        "jkk_payment_working_days": "hari_kerja",
        "jkk_lateness_percent_per_day": "persen",
        "answer_working_days": "hari_kerja",
    }
)
"""Every number the law code asks for, with its unit: a missing or misspelt row is found at start, not by a claim."""


@dataclass(frozen=True, slots=True)
class NumberBook:
    """One version of the law as the program knows it: the numbers, and the tables that go with them.

    :ivar version: the date on which somebody last changed the file of numbers, as text.
    :ivar periods: name → its numbers, oldest first, never overlapping.
    :ivar sources: key → title of the source.
    :ivar tables: disability, wage base and scholarship; empty when only the numbers were read.
    """

    version: str
    periods: Mapping[str, tuple[Number, ...]]
    sources: Mapping[str, str]
    tables: Tables = field(default=NO_TABLES)

    def on(self, name: str, day: date) -> Number:
        """Return the number in force on ``day``.

        :raises NoNumber: none is, or the name is unknown.
        """
        return required_on(self.periods.get(name, ()), day, name=name, file="numbers.yaml")

    def with_value(self, name: str, value: int, *, since: date, article: str) -> Self:
        """Return the book with another value of one number from a day on, until the next period begins.

        For rehearsals: the law itself changes by its file.

        :raises NoNumber: no number of that name is in force on ``since``.
        """
        old = self.on(name, since)
        new = replace(old, value=value, since=since, article=article, note="", certainty="verify")
        before = [replace(old, until=since - timedelta(days=1))] if old.since < since else []
        others = [number for number in self.periods[name] if number is not old]
        periods = tuple(sorted([*others, *before, new], key=lambda number: number.since))
        return replace(self, periods=MappingProxyType({**self.periods, name: periods}))

    def rule_version(self, *numbers: Number) -> str:
        """Name the rule behind a result: each number with its first day, and the version of its file."""
        own = [number for number in numbers if number.name in self.periods]
        tabled = [number for number in numbers if number.name not in self.periods]
        parts = [
            f"{', '.join(f'{number.name} sejak {number.since.isoformat()}' for number in some)} ({words})"
            for some, words in (
                (own, f"angka versi {self.version}"),
                (tabled, f"tabel versi {self.tables.version}"),
            )
            if some
        ]
        return "; ".join(parts)


def load_numbers(path: Path = NUMBERS_FILE, tables_path: Path = TABLES_FILE) -> NumberBook:
    """Read and check the file of numbers and the file of tables.

    :raises YamlRefused: naming file, entry and value of the first thing that cannot be used.
    """
    book = _book(yaml_strict.load(path), "/".join(path.parts[-2:]))
    return replace(book, tables=load_tables(tables_path, sources=book.sources))


def parse_numbers(text: str, *, file: str = "numbers.yaml", tables: Tables = NO_TABLES) -> NumberBook:
    """Read the numbers from text, with tables that were read before."""
    return replace(_book(yaml_strict.loads(text, file=file), file), tables=tables)


def _book(content: object, file: str) -> NumberBook:
    top = entry(content, file, required={"version": str, "sources": list, "numbers": list})
    version = version_of(top, file)
    sources: dict[str, str] = {}
    for row in cast(list[object], top["sources"]):
        source = entry(row, f"{file}, sources", required={"key": str, "title": str})
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
    required: dict[str, type] = {"name": str, "label": str, "unit": str, "values": list}
    found = entry(row, f"{file}, numbers", required=required)
    name, unit = cast(str, found["name"]), cast(str, found["unit"])
    where = f"{file}, {name}"
    if name not in KNOWN_NUMBERS:
        raise YamlRefused(f"{where}: nama ini tidak dipakai program. Periksa ejaannya.")
    if unit != KNOWN_NUMBERS[name]:
        raise YamlRefused(f"{where}: unit {unit!r} seharusnya {KNOWN_NUMBERS[name]!r}.")
    columns = {"value": Column(name, cast(str, found["label"]), unit)}
    return series(cast(list[object], found["values"]), where, columns=columns, sources=sources)["value"]
