"""What a person typed, read strictly: the value that is stored, or a sentence that says how to write it.

Every function raises :class:`ValueError` with that sentence. Nothing is guessed: what could be read in two
ways is refused.
"""

import re
import unicodedata
from contextlib import suppress
from datetime import date, time

import phonenumbers

from caseflow.identifiers import ascii_digits

LONGEST_NAME = 120
LONGEST_TEXT = 4000
FEWEST_LETTERS_OF_A_REASON = 10
MOST_RUPIAH = 999_999_999_999
_NIK_DIGITS = 16
_WOMAN_DAYS = 40  # women's NIK carry the day of birth plus 40
_MOST_COMBINING = 3
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_PERCENT = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]))? ?%?")
_WHOLE_PERMILLE = 1000
_MONEY = re.compile(r"(?:Rp\.? ?)?([0-9]{1,15}|[0-9]{1,3}(?:\.[0-9]{3})+)")
_HOUR = re.compile(r"([01]?[0-9]|2[0-3])(?:[.:]([0-5][0-9]))?")
_MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip


def text(typed: str, *, longest: int = LONGEST_TEXT) -> str:
    """Return ordinary text: NFC, no invisible letters, trimmed. Lines and tabs stay."""
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFC", typed)).strip()
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in clean):
        raise ValueError("Ada huruf yang tidak bisa dibaca. Hapus, lalu tulis lagi.")
    if len(clean) > longest:
        raise ValueError(f"Paling banyak {longest} huruf; yang tertulis {len(clean)}.")
    return clean


def name(typed: str) -> str:
    """Return a person's name as written: one word is enough, nothing is split or capitalised."""
    clean = text(typed, longest=LONGEST_TEXT)
    if any(unicodedata.category(letter) in {"Cc", "So", "Sk", "Sm", "Co", "Cn"} for letter in clean):
        raise ValueError("Nama hanya berisi huruf, angka, dan tanda baca. Hapus gambar atau baris baru.")
    clean = " ".join(clean.split())
    if re.search(rf"{_combining()}{{{_MOST_COMBINING + 1},}}", clean):
        raise ValueError("Nama ini bertumpuk tanda. Tulis seperti di KTP.")
    if len(clean) > LONGEST_NAME:
        raise ValueError(f"Nama paling banyak {LONGEST_NAME} huruf; yang tertulis {len(clean)}.")
    if not any(letter.isalpha() for letter in clean):
        raise ValueError("Tulis nama seperti di KTP. Satu kata pun boleh.")
    return clean


def _combining() -> str:
    return "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"


def nik(typed: str, *, check_date: bool = True) -> str:
    """Return sixteen ASCII digits.

    :param check_date: refuse a NIK whose date part is no date. Such NIK exist: officers may take them.
    """
    digits = ascii_digits(text(typed))
    if not re.fullmatch(r"[0-9]*", digits):
        raise ValueError("NIK hanya berisi angka 0 sampai 9. Periksa huruf yang ikut tertulis.")
    if len(digits) != _NIK_DIGITS:
        raise ValueError(f"NIK harus {_NIK_DIGITS} angka; yang tertulis {len(digits)}.")
    if digits.startswith("00") or len(set(digits)) == 1:
        raise ValueError("NIK ini tidak mungkin ada. Lihat lagi 16 angka di KTP atau KK.")
    if check_date and not _has_birth_date(digits):
        raise ValueError(
            "Angka ke-7 sampai ke-12 NIK biasanya tanggal lahir, dan di sini bukan tanggal. Periksa lagi. "
            "Bila di KTP memang begitu, pilih “Tidak tahu”; petugas akan mencocokkannya."
        )
    return digits


def _has_birth_date(digits: str) -> bool:
    day, month, year = int(digits[6:8]), int(digits[8:10]), int(digits[10:12])
    day = day - _WOMAN_DAYS if day > _WOMAN_DAYS else day
    # the century is unknown: 29 February needs only one of the two years to have one
    return any(_exists(century + year, month, day) for century in (1900, 2000))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def day(day_typed: str, month_typed: str, year_typed: str) -> date:
    """Return a date from three boxes: ``17``, ``11``, ``2026``. No other way of writing is taken."""
    parts = [unicodedata.normalize("NFKC", part).strip() for part in (day_typed, month_typed, year_typed)]
    missing = [word for word, part in zip(("tanggal", "bulan", "tahun"), parts, strict=True) if not part]
    if missing:
        raise ValueError(f"Isi juga {' dan '.join(missing)}.")
    if not all(re.fullmatch(r"[0-9]{1,4}", part) for part in parts):
        raise ValueError("Tulis tanggal dengan angka, misalnya 17 11 2026.")
    if not re.fullmatch(r"[0-9]{4}", parts[2]):
        raise ValueError("Tulis tahun dengan 4 angka, misalnya 2026.")
    number, month, year = (int(part) for part in parts)
    if not 1 <= month <= len(_MONTHS):
        raise ValueError("Bulan ditulis 1 sampai 12.")
    if year < 1900 or not _exists(year, month, number):
        raise ValueError(f"Tanggal {number} {_MONTHS[month - 1]} {year} tidak ada. Periksa lagi.")
    return date(year, month, number)


def hour(typed: str) -> time:
    """Return a time of day. ``14.05``, ``14:05`` and ``14`` are taken; words are not."""
    found = _HOUR.fullmatch(unicodedata.normalize("NFKC", typed).strip())
    if found is None:
        raise ValueError("Tulis jam dengan angka, misalnya 14.05. Tidak tahu? Kosongkan saja.")
    return time(int(found[1]), int(found[2] or 0))


def money(typed: str, *, least: int = 1, most: int = MOST_RUPIAH) -> int:
    """Return whole rupiah. ``42000000``, ``42.000.000`` and ``Rp42.000.000`` are taken."""
    found = _MONEY.fullmatch(typed.strip())
    if found is None:
        raise ValueError("Tulis jumlah rupiah bulat tanpa koma, misalnya 42.000.000.")
    amount_idr = int(found[1].replace(".", ""))
    if not least <= amount_idr <= most:
        raise ValueError("Jumlah ini terlalu kecil atau terlalu besar. Contoh: 42.000.000.")
    return amount_idr


def permille(typed: str) -> int:
    """Return thousandths of the whole: ``4,5`` per cent is 45. Above nothing, at most all of it."""
    found = _PERCENT.fullmatch(typed.strip())
    parts = int(found[1]) * 10 + int(found[2] or 0) if found else 0
    if not 1 <= parts <= _WHOLE_PERMILLE:
        raise ValueError(
            "Tulis persentase di atas 0 sampai 100, paling banyak satu angka di belakang koma: 4,5."
        )
    return parts


def count(typed: str) -> int:
    """Return a whole number from 1 to 99."""
    found = typed.strip()
    if not re.fullmatch(r"[0-9]{1,2}", found) or int(found) < 1:
        raise ValueError("Tulis angka bulat dari 1 sampai 99.")
    return int(found)


def whole(typed: str) -> int:
    """Return a whole number from 0 on, with or without points: ``16000`` and ``16.000``."""
    found = re.sub(r"(?<=[0-9])[. ](?=[0-9]{3}\b)", "", typed.strip())
    if not re.fullmatch(r"[0-9]{1,15}", found):
        raise ValueError("Tulis angka bulat tanpa koma, misalnya 100.")
    return int(found)


def phone(typed: str) -> str:
    """Return a telephone number in E.164. ``08…``, ``62…`` and ``+62…`` are taken, with any spacing."""
    clean = unicodedata.normalize("NFKC", text(typed))
    if re.fullmatch(r"62[0-9 .\-()]+", clean):
        clean = f"+{clean}"
    number = None
    if re.fullmatch(r"\+?[0-9 .\-()/–]+", clean):
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(clean, "ID")
    if number is None or not phonenumbers.is_valid_number(number):
        raise ValueError("Nomor HP biasanya 10–13 angka, dimulai 08. Periksa lagi.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def bank_account(typed: str) -> str:
    """Return the digits of an account; zeros in front stay."""
    digits = ascii_digits(text(typed))
    if not re.fullmatch(r"[0-9]{6,20}", digits):
        raise ValueError("Nomor rekening 6 sampai 20 angka, seperti di buku tabungan.")
    return digits


def reason(typed: str) -> str:
    """Return a reason that says something."""
    clean = text(typed)
    if sum(letter.isalnum() for letter in clean) < FEWEST_LETTERS_OF_A_REASON:
        raise ValueError(f"Tulis alasan paling sedikit {FEWEST_LETTERS_OF_A_REASON} huruf.")
    return clean
