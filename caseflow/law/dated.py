"""One number of law with its period, article, source and certainty, and how such numbers are read from a file.

What the numbers are for belongs to ``numbers`` and ``tables``; here is only what every dated number has in common.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Literal, NamedTuple, cast, get_args

from caseflow.errors import NotPossible
from caseflow.formats import long_date
from caseflow.yaml_strict import YamlRefused

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

UNCHECKED: frozenset[Certainty] = frozenset({"M", "verify"})
"""What may never take part in a sum without a sentence that says so."""

_KIND_WORDS: Mapping[type, str] = MappingProxyType(
    {str: "teks", int: "bilangan bulat", date: "tanggal", list: "daftar"}
)
_STAMP: Mapping[str, type] = MappingProxyType(
    {"since": date, "article": str, "source": list, "certainty": str}
)


class NoNumber(NotPossible):
    """No number of that name is in force on that day; nothing was calculated."""


@dataclass(frozen=True, slots=True)
class Number:
    """One number of law during one period.

    :ivar value: whole number in ``unit`` (``rupiah``, ``bulan``, ``hari``, ``hari_kerja``, ``persen``, …).
    :ivar since: first day in force; :ivar until: last day, ``None`` when open.
    :ivar source: keys into the list of sources of ``workflows/numbers.yaml``.
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


class Column(NamedTuple):
    """What one key of a row in ``values`` stands for."""

    name: str
    label: str
    unit: str


def weakest(*certainties: Certainty) -> Certainty:
    """Return the least sure of several certainties: a result is no surer than its weakest part."""
    order = get_args(Certainty)
    return max(certainties, key=order.index)


def in_force(periods: Sequence[Number], day: date) -> Number | None:
    """Return the one of several periods that ``day`` lies in."""
    return next(
        (
            number
            for number in periods
            if number.since <= day and (number.until is None or day <= number.until)
        ),
        None,
    )


def required_on(periods: Sequence[Number], day: date, *, name: str, file: str) -> Number:
    """Return the same.

    :param file: where the number has to be added when there is none.
    :raises NoNumber: none is in force on ``day``.
    """
    found = in_force(periods, day)
    if found is not None:
        return found
    label = f"“{periods[0].label}” ({name})" if periods else f"bernama {name}"
    known = f" Yang pertama berlaku sejak {long_date(periods[0].since)}." if periods else ""
    raise NoNumber(
        f"Tidak ada angka {label} yang berlaku pada {long_date(day)}.{known} "
        f"Perhitungan tidak dibuat. Tambahkan angkanya di workflows/{file}."
    )


def series(
    rows: Sequence[object], where: str, *, columns: Mapping[str, Column], sources: Mapping[str, str]
) -> dict[str, tuple[Number, ...]]:
    """Read the list ``values`` of one entry: for each column its numbers, oldest first, never overlapping.

    :param where: file and entry, as a refusal names them.
    :raises YamlRefused: naming file, entry and value.
    """
    if not rows:
        raise YamlRefused(f"{where}: values kosong.")
    read = [_numbers_of(row, where, columns, sources) for row in rows]
    return {
        key: _without_overlap(sorted((row[key] for row in read), key=lambda number: number.since), where)
        for key in columns
    }


def entry(
    content: object, where: str, *, required: Mapping[str, type], optional: Mapping[str, type] | None = None
) -> dict[str, object]:
    """Return ``content`` as a mapping with exactly the keys and kinds of value named.

    :raises YamlRefused: naming the first key that is unknown, missing or of another kind.
    """
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


def version_of(top: Mapping[str, object], file: str) -> str:
    """Return the version of a file: a day, written as text.

    :raises YamlRefused: it is no day.
    """
    version = cast(str, top["version"])
    try:
        date.fromisoformat(version)
    except ValueError:
        raise YamlRefused(
            f'{file}, version: {version!r} harus tanggal dalam kutip, misalnya "2026-11-22".'
        ) from None
    return version


def _numbers_of(
    row: object, where: str, columns: Mapping[str, Column], sources: Mapping[str, str]
) -> dict[str, Number]:
    value = entry(
        row,
        where,
        required={**_STAMP, **dict.fromkeys(columns, int)},
        optional={"until": date, "note": str},
    )
    since, until = cast(date, value["since"]), cast(date | None, value.get("until"))
    where = f"{where} sejak {since.isoformat()}"
    for key in columns:
        if cast(int, value[key]) < 0:
            raise YamlRefused(f"{where}: {key} {value[key]} tidak boleh kurang dari nol.")
    if until is not None and until < since:
        raise YamlRefused(f"{where}: until {until.isoformat()} mendahului since.")
    certainty = value["certainty"]
    if certainty not in get_args(Certainty):
        raise YamlRefused(
            f"{where}: certainty {certainty!r} tidak dikenal; pakai {', '.join(get_args(Certainty))}."
        )
    return {
        key: Number(
            name=column.name,
            label=column.label,
            unit=column.unit,
            value=cast(int, value[key]),
            since=since,
            until=until,
            article=cast(str, value["article"]),
            source=_source_keys(cast(list[object], value["source"]), where, sources),
            certainty=cast(Certainty, certainty),
            note=cast(str, value.get("note", "")),
        )
        for key, column in columns.items()
    }


def _source_keys(keys: Sequence[object], where: str, sources: Mapping[str, str]) -> tuple[str, ...]:
    if not keys:
        raise YamlRefused(f"{where}: source kosong.")
    for key in keys:
        if key not in sources:
            raise YamlRefused(f"{where}: source {key!r} tidak ada di daftar sources.")
    return tuple(cast(Sequence[str], keys))


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
