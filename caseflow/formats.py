"""How numbers, days and identifiers are written for people (Indonesian)."""

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal
from num2words import num2words

from caseflow import clock

_LOCALE = "id"


@lru_cache(maxsize=4096)
def rupiah(amount_idr: int) -> str:
    """Return ``Rp42.000.000``: no space, points for thousands."""
    sign = "-" if amount_idr < 0 else ""
    return f"{sign}Rp{format_decimal(abs(amount_idr), locale=_LOCALE)}"


def thousands(number: int) -> str:
    """Return ``48.838``: points for thousands."""
    return format_decimal(number, locale=_LOCALE)


def in_words(amount_idr: int) -> str:
    """Return the amount in words: ``empat puluh dua juta rupiah``."""
    return f"{num2words(amount_idr, lang='id')} rupiah"


@lru_cache(maxsize=4096)
def long_date(day: date) -> str:
    """Return ``22 November 2026``."""
    return format_date(day, "d MMMM y", locale=_LOCALE)


@lru_cache(maxsize=4096)
def short_date(day: date) -> str:
    """Return ``22 Nov 2026``."""
    return format_date(day, "d MMM y", locale=_LOCALE)


@lru_cache(maxsize=4096)
def weekday_date(day: date) -> str:
    """Return ``Minggu, 22 November 2026``."""
    return format_date(day, "EEEE, d MMMM y", locale=_LOCALE)


@lru_cache(maxsize=4096)
def month_year(day: date) -> str:
    """Return ``November 2026``."""
    return format_date(day, "MMMM y", locale=_LOCALE)


@lru_cache(maxsize=4096)
def short_month(day: date) -> str:
    """Return ``Nov 26``, for narrow columns."""
    return format_date(day, "MMM yy", locale=_LOCALE)


def time_wib(instant: datetime) -> str:
    """Return ``pukul 14.05 WIB``."""
    return f"pukul {clock.local(instant):%H.%M} WIB"


def instant_wib(instant: datetime) -> str:
    """Return ``22 Nov 2026 pukul 14.05 WIB``."""
    return f"{short_date(clock.local(instant).date())} {time_wib(instant)}"


def grouped_nik(national_id: str) -> str:
    """Return a 16-digit number in groups of four, for reading aloud."""
    return " ".join(national_id[i : i + 4] for i in range(0, len(national_id), 4))


def masked_nik(national_id: str) -> str:
    """Return the number with only its last four digits readable."""
    return f"•••• •••• •••• {national_id[-4:]}" if national_id else "–"


def masked_account(account_number: str) -> str:
    """Return only the last four digits of an account."""
    return f"••••{account_number[-4:]}" if account_number else "–"


def megabytes(size_bytes: int) -> str:
    """Return ``0,3 MB``."""
    return f"{format_decimal(size_bytes / 1_000_000, format='0.0', locale=_LOCALE)} MB"


def kilobytes(size_bytes: int) -> str:
    """Return ``38 KB``."""
    return f"{max(1, round(size_bytes / 1000))} KB"


def phone(number: str) -> str:
    """Return an E.164 number the way it is dialled here: ``0812-3456-7890``."""
    local_number = "0" + number[3:] if number.startswith("+62") else number
    parts = [local_number[:4], local_number[4:8], local_number[8:]]
    return "-".join(part for part in parts if part)


def initials(name: str) -> str:
    """Return ``Y. B. A.`` of a name: who finds the paper learns no more."""
    return " ".join(f"{word[0].upper()}." for word in name.split() if word[0].isalnum()) or "–"


def permille(numerator: int | None, denominator: int | None) -> int | None:
    """Return a share in thousandths (half up), where both are told; a part never reads as the whole."""
    if numerator is None or not denominator:
        return None
    share = (2000 * numerator + denominator) // (2 * denominator)
    return min(share, 999) if numerator < denominator else share
