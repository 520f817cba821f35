"""How a number of law and a percentage are written inside a statement."""

from collections.abc import Mapping
from types import MappingProxyType

from caseflow.formats import rupiah
from caseflow.law.dated import CERTAINTY_LABELS, Number
from caseflow.law.statement import Input

PER_PERCENT = 10_000
"""Millionths in one per cent: the unit in which percentages are multiplied without a fraction."""

_PLAIN_UNITS: Mapping[str, str] = MappingProxyType({"hari_kerja": "hari kerja", "persen": "persen"})


def percent(millionths: int) -> str:
    """Return ``40 persen``, ``4,5 persen`` or ``3,375 persen`` for a share in millionths."""
    whole, rest = divmod(millionths, PER_PERCENT)
    decimals = f"{rest:04d}".rstrip("0")
    return f"{whole},{decimals} persen" if decimals else f"{whole} persen"


def value(number: Number) -> str:
    """Return the value of a number of law with its unit."""
    if number.unit == "rupiah":
        return rupiah(number.value)
    if number.unit == "persepuluh_persen":
        return percent(number.value * (PER_PERCENT // 10))
    return f"{number.value} {_PLAIN_UNITS.get(number.unit, number.unit)}"


def number_input(number: Number) -> Input:
    """Return a number of law as one input of a line, with article and sources."""
    return Input(number.label, value(number), f"{number.article} [{', '.join(number.source)}]")


def unchecked(number: Number) -> str:
    """Return the sentence that tells the officer that a number in the sum is not checked."""
    note = f" Catatan: {number.note}." if number.note else ""
    return f"{number.label} ({value(number)}): {CERTAINTY_LABELS[number.certainty]}.{note}"
