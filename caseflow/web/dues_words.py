"""Words of dues: states of months and payments, steps of the ladder. Sign and word, never colour alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from caseflow.formats import month_year
from caseflow.law.ledger import month_number


class Look(NamedTuple):
    """How a state is shown: label, sentiment of the tag, icon."""

    label: str
    sentiment: str
    icon: str


MONTH_LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "paid": Look("Lunas", "positive", "check"),
        "partly": Look("Sebagian", "waiting", "minus"),
        "unpaid": Look("Belum dibayar", "danger", "close"),
        "waiting": Look("Menunggu cabang", "info", "clock"),
        "ahead": Look("Belum jatuh waktu", "neutral", "calendar"),
        "none": Look("Belum ada peserta", "neutral", "minus"),
    }
)
PAYMENT_LOOKS: Mapping[str, Look] = MappingProxyType(
    {
        "recorded": Look("Menunggu cabang", "info", "clock"),
        "confirmed": Look("Sudah dipastikan", "positive", "check"),
        "refused": Look("Ditolak", "danger", "close"),
        "reversed": Look("Dibatalkan", "danger", "document-return"),
    }
)


class Step(NamedTuple):
    """A step of the ladder of arrears."""

    name: str
    label: str
    icon: str
    meaning: str


STEPS: Sequence[Step] = (
    Step("one", "1 bulan", "info", "Satu bulan penuh belum dibayar. Bayar bersama bulan ini."),
    Step("two", "2 bulan", "clock", "Dua bulan penuh belum dibayar. Wali nagari dan DPMN perlu tahu."),
    Step("limit", "3 bulan", "alert", "Batas tenggang. Bayar sekarang; sesudah ini kepesertaan berhenti."),
    Step("ended", "Berhenti", "close", "Lebih dari tiga bulan. Harus didaftarkan lagi dari awal."),
    Step("never", "Belum pernah", "minus", "Terdaftar, tetapi belum pernah dibayar."),
)


def step_of(unpaid: int, grace: int, *, ever: bool) -> str:
    """Return the step of somebody with so many whole months unpaid."""
    if not ever:
        return "never"
    if unpaid > grace:
        return "ended"
    return "limit" if unpaid == grace else "one" if unpaid == 1 else "two"


def month_span(first: date, last: date) -> str:
    """Return months in words: ``Oktober 2026``, ``Oktober s.d. Desember 2026``."""
    if first == last:
        return month_year(first)
    if first.year == last.year:
        return f"{month_year(first).split()[0]} s.d. {month_year(last)}"
    return f"{month_year(first)} s.d. {month_year(last)}"


def spans(months: Sequence[date]) -> str:
    """Return rising months in words, unbroken rows as their two ends."""
    rows: list[list[date]] = []
    for month in months:
        if rows and month_number(month) - month_number(rows[-1][-1]) == 1:
            rows[-1].append(month)
        else:
            rows.append([month])
    return ", ".join(month_span(row[0], row[-1]) for row in rows)
