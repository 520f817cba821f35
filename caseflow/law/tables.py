"""The tables of law: percentages of disability, wage base, scholarship; read from ``workflows/tables.yaml``.

Each cell is a dated, cited :class:`Number`. What is worked out with the cells does not belong here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Literal, cast, get_args

from caseflow import yaml_strict
from caseflow.errors import NotPossible
from caseflow.law.dated import Column, Number, entry, in_force, required_on, series, version_of
from caseflow.yaml_strict import YamlRefused

TABLES_FILE = Path(__file__).parents[2] / "workflows" / "tables.yaml"

Measure = Literal["handed", "paired", "single", "per_unit", "range"]
"""How a row gives its percentage: by dominant hand, for one of two, once, for each unit lost, set within a range."""

Level = Literal["tk", "sd", "smp", "sma", "higher"]

_MEASURE_COLUMNS: Mapping[Measure, Mapping[str, str]] = MappingProxyType(
    {
        "handed": {"right": "kanan", "left": "kiri"},
        "paired": {"percent": ""},
        "single": {"percent": ""},
        "per_unit": {"each": "tiap satuan"},
        "range": {"least": "paling sedikit", "most": "paling banyak"},
    }
)
_TENTHS = "persepuluh_persen"
_WHOLE_TENTHS = 1000


@dataclass(frozen=True, slots=True)
class DisabilityRow:
    """One row of the table of disability.

    :ivar measure: how the row gives its percentage.
    :ivar part: which part of the body, to notice two rows about the same one.
    :ivar times: how often the row may be recorded for one side (three further fingers on a hand).
    :ivar unit: what one unit is (``10 desibel``), for a row that counts units; :ivar most_units: most units there are.
    :ivar cells: column → numbers in tenths of a per cent: ``right`` (the side of the dominant hand) and ``left``,
        ``percent``, ``each``, or ``least`` and ``most``.
    """

    code: str
    label: str
    part: str
    measure: Measure
    times: int
    unit: str
    most_units: int | None
    cells: Mapping[str, tuple[Number, ...]]

    def cell(self, column: str, day: date) -> Number:
        """Return the number of a column on a day.

        :raises NoNumber: the row is not in force on ``day``.
        """
        periods = self.cells[column]
        return required_on(periods, day, name=periods[0].name, file="tables.yaml")


@dataclass(frozen=True, slots=True)
class WageBracket:
    """Reported incomes from ``from_idr`` on, up to the next bracket, and the base of all ``times wage`` benefits."""

    from_idr: int
    bases: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class SchoolLevel:
    """One level of the scholarship.

    :ivar usual_age: age in completed years at which children usually begin; for reminders only, never a condition.
    """

    code: Level
    label: str
    usual_age: int
    amounts: tuple[Number, ...]
    years: tuple[Number, ...]

    def amount(self, day: date) -> Number:
        """Return rupiah for one school year, as in force on ``day``.

        :raises NoNumber: none is recorded.
        """
        return required_on(self.amounts, day, name=self.amounts[0].name, file="tables.yaml")

    def most_years(self, day: date) -> Number:
        """Return for how many school years at most.

        :raises NoNumber: none is recorded.
        """
        return required_on(self.years, day, name=self.years[0].name, file="tables.yaml")


@dataclass(frozen=True, slots=True)
class Tables:
    """One version of the whole file.

    :ivar disability: code → row, in the order of the law; :ivar brackets: rising; :ivar levels: from the lowest.
    """

    version: str
    disability: Mapping[str, DisabilityRow]
    brackets: tuple[WageBracket, ...]
    levels: Mapping[Level, SchoolLevel]

    def row(self, code: str) -> DisabilityRow:
        """Return one row of the table of disability.

        :raises NotPossible: there is none of that code.
        """
        if code not in self.disability:
            raise NotPossible(
                f"Baris tabel cacat {code!r} tidak ada di workflows/tables.yaml. Perhitungan tidak dibuat. "
                "Pilih baris dari tabel."
            )
        return self.disability[code]

    def wage_base(self, income_idr: int, day: date) -> Number:
        """Return the base for a reported income.

        :raises NotPossible: no bracket in force on ``day`` holds that income.
        """
        below = [bracket for bracket in self.brackets if bracket.from_idr <= income_idr]
        found = [base for base in (in_force(bracket.bases, day) for bracket in below) if base is not None]
        if not found:
            return required_on((), day, name="wage_base", file="tables.yaml")
        return found[-1]

    def level(self, code: Level) -> SchoolLevel:
        """Return one level of the scholarship; all are checked when the file is read."""
        return self.levels[code]


NO_TABLES = Tables("", MappingProxyType({}), (), MappingProxyType({}))


def load_tables(path: Path = TABLES_FILE, *, sources: Mapping[str, str]) -> Tables:
    """Read and check the file of tables.

    :param sources: the list of sources of the file of numbers: both files cite the same.
    :raises YamlRefused: naming file, entry and value of the first thing that cannot be used.
    """
    return _tables(yaml_strict.load(path), "/".join(path.parts[-2:]), sources)


def parse_tables(text: str, *, sources: Mapping[str, str], file: str = "tables.yaml") -> Tables:
    """Read the same from text."""
    return _tables(yaml_strict.loads(text, file=file), file, sources)


def _tables(content: object, file: str, sources: Mapping[str, str]) -> Tables:
    top = entry(
        content, file, required={"version": str, "disability": list, "wage_base": list, "scholarship": list}
    )
    return Tables(
        version=version_of(top, file),
        disability=_disability(cast(list[object], top["disability"]), file, sources),
        brackets=tuple(_brackets(cast(list[object], top["wage_base"]), file, sources)),
        levels=_levels(cast(list[object], top["scholarship"]), file, sources),
    )


def _disability(rows: Sequence[object], file: str, sources: Mapping[str, str]) -> Mapping[str, DisabilityRow]:
    found: dict[str, DisabilityRow] = {}
    for content in rows:
        row = _disability_row(content, file, sources)
        if row.code in found:
            raise YamlRefused(f"{file}, {row.code}: baris ini tertulis dua kali.")
        found[row.code] = row
    if not found:
        raise YamlRefused(f"{file}, disability: tabel kosong.")
    return MappingProxyType(found)


def _disability_row(content: object, file: str, sources: Mapping[str, str]) -> DisabilityRow:
    required: dict[str, type] = {"code": str, "label": str, "part": str, "measure": str, "values": list}
    row = entry(
        content,
        f"{file}, disability",
        required=required,
        optional={"times": int, "unit": str, "most_units": int},
    )
    code, label, measure = cast(str, row["code"]), cast(str, row["label"]), row["measure"]
    where = f"{file}, {code}"
    if measure not in get_args(Measure):
        raise YamlRefused(
            f"{where}: measure {measure!r} tidak dikenal; pakai {', '.join(get_args(Measure))}."
        )
    if (measure == "per_unit") != ("unit" in row) or ("most_units" in row and measure != "per_unit"):
        raise YamlRefused(
            f"{where}: unit dan most_units hanya untuk measure per_unit, dan unit harus ada di sana."
        )
    for key in ("times", "most_units"):
        if cast(int, row.get(key, 1)) < 1:
            raise YamlRefused(f"{where}: {key} {row[key]} harus paling sedikit 1.")
    measure = cast(Measure, measure)
    columns = {
        key: Column(f"disability.{code}.{key}", f"{label}, {words}" if words else label, _TENTHS)
        for key, words in _MEASURE_COLUMNS[measure].items()
    }
    cells = series(cast(list[object], row["values"]), where, columns=columns, sources=sources)
    _check_percentages(cells, measure, where)
    return DisabilityRow(
        code=code,
        label=label,
        part=cast(str, row["part"]),
        measure=measure,
        times=cast(int, row.get("times", 1)),
        unit=cast(str, row.get("unit", "")),
        most_units=cast(int | None, row.get("most_units")),
        cells=MappingProxyType(cells),
    )


def _check_percentages(cells: Mapping[str, tuple[Number, ...]], measure: Measure, where: str) -> None:
    for key, numbers in cells.items():
        for number in numbers:
            if not 0 < number.value <= _WHOLE_TENTHS:
                raise YamlRefused(
                    f"{where} sejak {number.since.isoformat()}: {key} {number.value} harus antara 1 dan 1000 "
                    "(persepuluh persen; 4,5 persen ditulis 45)."
                )
    if measure == "range":
        for least, most in zip(cells["least"], cells["most"], strict=True):
            if least.value >= most.value:
                raise YamlRefused(f"{where} sejak {least.since.isoformat()}: least harus di bawah most.")


def _brackets(rows: Sequence[object], file: str, sources: Mapping[str, str]) -> Iterator[WageBracket]:
    if not rows:
        raise YamlRefused(f"{file}, wage_base: tabel kosong.")
    last = -1
    for content in rows:
        row = entry(content, f"{file}, wage_base", required={"from_idr": int, "values": list})
        from_idr = cast(int, row["from_idr"])
        where = f"{file}, wage_base dari {from_idr}"
        if from_idr <= last:
            raise YamlRefused(f"{where}: from_idr harus naik dari baris ke baris.")
        last = from_idr
        column = Column(f"wage_base.{from_idr}", "Upah dasar perhitungan", "rupiah")
        bases = series(
            cast(list[object], row["values"]), where, columns={"base_idr": column}, sources=sources
        )
        if any(base.value == 0 for base in bases["base_idr"]):
            raise YamlRefused(f"{where}: base_idr tidak boleh nol.")
        yield WageBracket(from_idr, bases["base_idr"])


def _levels(rows: Sequence[object], file: str, sources: Mapping[str, str]) -> Mapping[Level, SchoolLevel]:
    found: dict[Level, SchoolLevel] = {}
    for content in rows:
        required: dict[str, type] = {"code": str, "label": str, "usual_age": int, "values": list}
        row = entry(content, f"{file}, scholarship", required=required)
        code, label = cast(Level, row["code"]), cast(str, row["label"])
        where = f"{file}, scholarship {code}"
        if code not in get_args(Level):
            raise YamlRefused(f"{where}: code tidak dikenal; pakai {', '.join(get_args(Level))}.")
        if code in found:
            raise YamlRefused(f"{where}: jenjang ini tertulis dua kali.")
        columns = {
            "amount_idr": Column(f"scholarship.{code}.amount", f"Beasiswa {label} setahun", "rupiah"),
            "years": Column(f"scholarship.{code}.years", f"Lama beasiswa {label} paling banyak", "tahun"),
        }
        cells = series(cast(list[object], row["values"]), where, columns=columns, sources=sources)
        found[code] = SchoolLevel(
            code, label, cast(int, row["usual_age"]), cells["amount_idr"], cells["years"]
        )
    if tuple(found) != get_args(Level):
        raise YamlRefused(
            f"{file}, scholarship: jenjang harus lengkap dan berurut: {', '.join(get_args(Level))}."
        )
    return MappingProxyType(found)
