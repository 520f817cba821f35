"""One cell of a list, read strictly: the value that is kept, or what is wrong with it and how it is cured.

Pure. What a spreadsheet has damaged is never repaired by guessing; spaces and letters nobody sees are dropped.
"""

import re
import unicodedata
from contextlib import suppress
from datetime import date, timedelta

import phonenumbers

from caseflow.registry.sheet_reading import Cell

LONGEST_NAME = 120
LONGEST_TEXT = 4_000
NIK_DIGITS = 16
WOMAN_DAYS = 40  # women's NIK carry the day of birth plus 40
_MOST_COMBINING = 3
_MOST_DECILE = 10
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_STACKED = re.compile(
    rf"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff\ufe20-\ufe2f]{{{_MOST_COMBINING + 1},}}"
)
_POWER = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_DEFUSED = re.compile(r"'(?=[\s]*[=+\-@])")  # what our own exports put before a formula
_RETYPE = "Ubah kolom menjadi Teks lalu ketik ulang."
_SERIAL = re.compile(r"[0-9]{5}", re.ASCII)  # from 1927 on; four digits are somebody's year
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "jan"), ("februari", "feb", "pebruari", "peb"), ("maret", "mar"), ("april", "apr"),
            ("mei", "may"), ("juni", "jun"), ("juli", "jul"), ("agustus", "agu", "ags", "agt", "aug"),
            ("september", "sep", "sept"), ("oktober", "okt", "oct"), ("november", "nov", "nopember", "nop"),
            ("desember", "des", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
_SEXES = {
    "l": "m", "lk": "m", "laki": "m", "lakilaki": "m", "pria": "m", "m": "m", "1": "m",
    "p": "f", "pr": "f", "perempuan": "f", "wanita": "f", "f": "f", "2": "f",
}  # fmt: skip
_HAZARDS = {
    "rendah": "low",
    "kecil": "low",
    "sedang": "medium",
    "menengah": "medium",
    "tinggi": "high",
    "besar": "high",
}


class Wrong(ValueError):
    """A value that cannot be used.

    :ivar what: what is wrong; :ivar cure: what to do about it.
    """

    def __init__(self, what: str, cure: str) -> None:
        super().__init__(what)
        self.what = what
        self.cure = cure


def text(cell: Cell, *, longest: int = LONGEST_TEXT) -> str:
    """Return one line of ordinary text: NFC, single-spaced, without letters nobody sees."""
    clean = _INVISIBLE.sub("", unicodedata.normalize("NFC", _DEFUSED.sub("", cell.text, count=1)))
    clean = " ".join(clean.strip("\0").split())
    if "\ufffd" in clean or any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in clean):
        raise Wrong("Ada huruf yang tidak terbaca.", "Hapus isi kotaknya, lalu ketik ulang.")
    if len(clean) > longest:
        raise Wrong(
            f"Terlalu panjang: {len(clean)} huruf.", f"Singkat menjadi paling banyak {longest} huruf."
        )
    return clean


def is_trimmed(cell: Cell) -> bool:
    """Whether spaces at the ends or doubled inside were dropped."""
    return cell.kind == "text" and cell.text != " ".join(cell.text.split())


def name(cell: Cell, *, label: str = "Nama", required: bool = True) -> str:
    """Return a person's name as written: one word is enough, nothing is split or capitalised."""
    clean = text(cell, longest=LONGEST_NAME)
    if not clean and not required:
        return ""
    if not clean:
        raise Wrong(f"{label} wajib diisi.", "Tulis nama seperti di KTP. Satu kata pun boleh.")
    odd = any(
        unicodedata.category(letter) in {"So", "Sk", "Sm", "Co", "Cn"} and not letter.isascii()
        for letter in clean
    )
    if odd or _STACKED.search(clean) or not any(letter.isalpha() for letter in clean):
        raise Wrong(
            f"{label} berisi tanda yang bukan huruf.", "Tulis seperti di KTP, tanpa gambar atau tanda."
        )
    return clean


def mixed_scripts(clean: str) -> bool:
    """Whether a name has letters that are not Latin: a look-alike from another alphabet hides a second person."""
    return any(
        letter.isalpha() and not unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))
        for letter in clean
    )


def nik(cell: Cell) -> str:
    """Return the sixteen ASCII digits of a NIK."""
    return _sixteen(cell, "NIK", "Isi 16 angka dari KTP atau KK.")


def family_card(cell: Cell) -> str | None:
    """Return the sixteen digits of a family card, or ``None`` when the cell is empty."""
    return (
        _sixteen(cell, "Nomor KK", "Isi 16 angka dari Kartu Keluarga, atau kosongkan.")
        if cell.text.strip()
        else None
    )


def _sixteen(cell: Cell, label: str, cure: str) -> str:
    if cell.kind != "text":
        harm = "angka terakhir hilang" if cell.text.endswith("0") else "angkanya bisa berubah"
        raise Wrong(f"{label} terbaca sebagai angka; {harm}.", _RETYPE)
    clean = "".join(_digit(letter) for letter in re.sub(r"[\s.\-–'’]", "", text(cell)))
    if _POWER.fullmatch(text(cell)):
        raise Wrong(f"Excel merusak {label}; angka terakhir hilang.", _RETYPE)
    if not clean:
        raise Wrong(f"{label} wajib diisi.", cure)
    if not re.fullmatch(r"[0-9]+", clean):
        raise Wrong(f"{label} hanya berisi angka 0 sampai 9.", "Hapus huruf yang ikut tertulis.")
    if len(clean) != NIK_DIGITS:
        raise Wrong(f"{label} harus {NIK_DIGITS} angka; yang tertulis {len(clean)}.", cure)
    if clean.startswith("00") or len(set(clean)) == 1:
        raise Wrong(f"{label} ini tidak mungkin ada.", cure)
    if clean.endswith("0000"):
        raise Wrong(f"{label} terbaca sebagai angka; angka terakhir hilang.", _RETYPE)
    return clean


def _digit(letter: str) -> str:
    """Return a digit of any script in ASCII, everything else as it is."""
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def day(cell: Cell, label: str) -> date:
    """Return a date: ``17/11/2026``, ``17-11-2026``, ``2026-11-17``, ``17 November 2026``, or Excel's own number."""
    clean = text(cell)
    cure = "Tulis seperti 17/11/1980."
    if not clean:
        raise Wrong(f"{label} wajib diisi.", cure)
    if _SERIAL.fullmatch(clean):
        return _EXCEL_DAY_ZERO + timedelta(days=int(clean))
    parts = _day_parts(clean.casefold())
    if parts is None:
        raise Wrong(f"{label} tidak terbaca.", cure)
    try:
        found = date(*parts)
    except ValueError:
        raise Wrong(f"{label} tidak ada di kalender.", f"Lihat lagi di KTP. {cure}") from None
    if found.year < 1900:
        raise Wrong(f"{label} terlalu lama.", f"Lihat lagi di KTP. {cure}")
    return found


def _day_parts(clean: str) -> tuple[int, int, int] | None:
    """Return year, month, day; never the American order, never two digits for a year."""
    if found := re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[t ]00:00(?::00)?)?", clean, re.ASCII):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.fullmatch(r"([0-9]{1,2})[/\-. ]([0-9]{1,2})[/\-. ]([0-9]{4})", clean, re.ASCII):
        return int(found[3]), int(found[2]), int(found[1])
    found = re.fullmatch(r"(?:[a-z]+, ?)?([0-9]{1,2})[\-/. ]?([a-z]+)[\-/. ]?([0-9]{4})", clean, re.ASCII)
    if found and found[2] in _MONTHS:
        return int(found[3]), _MONTHS[found[2]], int(found[1])
    return None


def sex(cell: Cell) -> str:
    """Return ``f`` or ``m``."""
    clean = text(cell)
    found = _SEXES.get(re.sub(r"[^a-z0-9]", "", clean.casefold()))
    if found is None:
        what = "Jenis kelamin tidak terbaca." if clean else "Jenis kelamin wajib diisi."
        raise Wrong(what, "Tulis L untuk laki-laki atau P untuk perempuan.")
    return found


def hazard(cell: Cell) -> str:
    """Return ``low``, ``medium``, ``high`` or nothing."""
    clean = text(cell).casefold()
    if clean and clean not in _HAZARDS:
        raise Wrong(
            "Risiko pekerjaan tidak terbaca.", "Tulis rendah, sedang, atau tinggi; boleh dikosongkan."
        )
    return _HAZARDS.get(clean, "")


def decile(cell: Cell) -> int | None:
    """Return a welfare decile from 1 to 10, or nothing."""
    clean = text(cell).casefold().removeprefix("desil").strip()
    if not clean:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", clean, re.ASCII) or not 1 <= int(clean) <= _MOST_DECILE:
        raise Wrong("Desil tidak terbaca.", "Tulis angka 1 sampai 10; boleh dikosongkan.")
    return int(clean)


def phone(cell: Cell) -> str | None:
    """Return a telephone number in E.164, or nothing. A number cell has lost the zero in front, and gets it back."""
    clean = unicodedata.normalize("NFKC", text(cell))
    if not clean:
        return None
    if cell.kind == "number" and clean.startswith("8"):
        clean = f"0{clean}"
    if re.fullmatch(r"62[0-9 .\-()]+", clean):
        clean = f"+{clean}"
    number = None
    if re.fullmatch(r"\+?[0-9 .\-()/–]+", clean):
        with suppress(phonenumbers.NumberParseException):
            number = phonenumbers.parse(clean, "ID")
    if number is None or not phonenumbers.is_valid_number(number):
        raise Wrong("Nomor HP tidak terbaca.", "Biasanya 10–13 angka, dimulai 08; boleh dikosongkan.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
