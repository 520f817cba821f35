"""Reading a bank's statement file (CSV). Pure: bytes in, lines and named problems out.

Columns: tanggal, keterangan, debit, kredit, referensi bank; separated by comma, semicolon or tab;
UTF-8 or Windows letters. Lines before the column names (bank, account, period) are passed over.
"""

import codecs
import csv
import hashlib
import io
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from caseflow.errors import Invalid, TooLarge, UnsupportedType

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000
_PREAMBLE_ROWS = 30
_MAX_IDR = 10**15
_MAX_TEXT = 500
_NAMES = {
    "tanggal": "value_on", "tgl": "value_on", "tanggal transaksi": "value_on", "tanggal efektif": "value_on",
    "keterangan": "description", "uraian": "description", "deskripsi": "description",
    "debit": "debit", "debet": "debit", "kredit": "credit", "credit": "credit",
    "referensi bank": "bank_reference", "referensi": "bank_reference", "no referensi": "bank_reference",
    "nomor referensi": "bank_reference",
}  # fmt: skip
_LABELS = {
    "value_on": "tanggal", "description": "keterangan", "debit": "debit", "credit": "kredit",
    "bank_reference": "referensi bank",
}  # fmt: skip
_ID_AMOUNT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]+)(?:,([0-9]{1,2}))?")
_EN_AMOUNT = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,2}))?")
_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?:[ T].*)?")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T].*)?")
_SUMMARY = re.compile(r"\b(saldo|total|jumlah)\b", re.IGNORECASE)
_MANGLED = re.compile(r"[0-9][.,]?[0-9]*E\+[0-9]+")


@dataclass(frozen=True)
class FileLine:
    """One booking. ``kind`` is debit or credit, ``amount_idr`` whole rupiah, ``number`` the row of the file."""

    number: int
    value_on: date
    kind: Literal["debit", "credit"]
    amount_idr: int
    bank_reference: str
    description: str
    sha256: str


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be read: where, what stands there, what to do."""

    number: int
    column: str
    value: str
    cure: str


@dataclass
class Statement:
    """What a file says.

    :ivar passed_over: numbers of rows that are no transfers of ours (sums, or bookings with sen: interest, tax).
    """

    lines: list[FileLine] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)


class _BadCellError(Exception):
    def __init__(self, column: str, value: str, cure: str) -> None:
        super().__init__(cure)
        self.column, self.value, self.cure = column, value, cure


class _NotOursError(Exception):
    """The row is no transfer in whole rupiah."""


def read_statement(data: bytes, *, today: date) -> Statement:
    """Read the whole file; rows are judged one by one, the file is refused only when it is no such file.

    :raises TooLarge, UnsupportedType, Invalid: with the cure.
    """
    rows = _rows(_text(data))
    head, places = _header(rows)
    statement = Statement()
    seen: dict[str, int] = {}
    for number, cells in rows[head + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        try:
            statement.lines.append(_line(number, cells, places, seen, today))
        except _NotOursError:
            statement.passed_over.append(number)
        except _BadCellError as bad:
            statement.bad.append(BadRow(number, _LABELS.get(bad.column, bad.column), bad.value, bad.cure))
    if not statement.lines and not statement.bad:
        raise Invalid({"file": "File ini tidak memuat satu transaksi pun. Tidak ada yang tersimpan."})
    return statement


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise TooLarge(
            "File lebih dari 5 MB. Tidak ada yang tersimpan. Unduh rekening koran per hari atau minggu."
        )
    if data[:2] == b"PK" or data[:4] in {b"%PDF", b"\xd0\xcf\x11\xe0"}:
        raise UnsupportedType(
            "Ini bukan file CSV. Buka di Excel, pilih Simpan Sebagai, CSV, lalu unggah lagi."
        )
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the cells with the number of the line they begin on, by the separator that the header speaks."""
    for separator in ";,\t":
        reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=separator)
        rows: list[tuple[int, list[str]]] = []
        begins = 1
        try:
            for cells in reader:
                rows.append((begins, cells))
                begins = reader.line_num + 1
                if len(rows) > MAX_ROWS + _PREAMBLE_ROWS:
                    raise TooLarge("File lebih dari 20.000 baris. Tidak ada yang tersimpan. Bagi per minggu.")
        except csv.Error:
            continue
        if any(len(_places(cells)) >= 3 for _, cells in rows[:_PREAMBLE_ROWS]):
            return rows
    raise Invalid(
        {
            "file": "Judul kolom tidak ditemukan. File harus memuat kolom: tanggal, keterangan, debit, kredit, "
            "referensi bank. Tidak ada yang tersimpan."
        }
    )


def _places(cells: list[str]) -> dict[str, int]:
    places: dict[str, int] = {}
    for index, cell in enumerate(cells):
        name = _NAMES.get(" ".join(re.sub(r"[._]", " ", cell).lower().split()))
        if name is not None:
            places.setdefault(name, index)
    return places


def _header(rows: list[tuple[int, list[str]]]) -> tuple[int, dict[str, int]]:
    head, places = max(
        ((index, _places(cells)) for index, (_, cells) in enumerate(rows[:_PREAMBLE_ROWS])),
        key=lambda found: len(found[1]),
    )
    missing = [label for name, label in _LABELS.items() if name not in places]
    if missing:
        raise Invalid({"file": f"Kolom {', '.join(missing)} tidak ada. Tambahkan, lalu unggah lagi."})
    return head, places


def _line(
    number: int, cells: list[str], places: dict[str, int], seen: dict[str, int], today: date
) -> FileLine:
    if len(cells) <= max(places.values()):
        raise _BadCellError("baris", f"{len(cells)} kolom", "Baris ini terpotong. Unduh file lagi dari bank.")
    cell = {name: " ".join(cells[place].split()) for name, place in places.items()}
    if not cell["value_on"] and _SUMMARY.search(" ".join(cells)):
        raise _NotOursError
    value_on = _day(cell["value_on"], today)
    kind, amount_idr = _movement(cell["debit"], cell["credit"])
    if _MANGLED.fullmatch(cell["bank_reference"]):
        raise _BadCellError(
            "bank_reference", cell["bank_reference"], "Excel mengubah nomor ini. Pakai file asli dari bank."
        )
    if max(len(cell["description"]), len(cell["bank_reference"])) > _MAX_TEXT:
        raise _BadCellError(
            "description", cell["description"][:40], "Teks terlalu panjang. Pakai file asli dari bank."
        )
    content = "\x1f".join(
        (value_on.isoformat(), kind, str(amount_idr), cell["bank_reference"], cell["description"])
    )
    return FileLine(
        number, value_on, kind, amount_idr, cell["bank_reference"], cell["description"],
        _digest(content, cell["bank_reference"], seen),
    )  # fmt: skip


def _digest(content: str, bank_reference: str, seen: dict[str, int]) -> str:
    """Return what makes two lines one. Without the bank's own number, equal lines of one day are counted."""
    seen[content] = seen.get(content, 0) + 1
    ordinal = "" if bank_reference else str(seen[content])
    return hashlib.sha256(f"{content}\x1f{ordinal}".encode()).hexdigest()


def _day(text: str, today: date) -> date:
    if match := _DATE.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise _BadCellError("value_on", text, "Tulis tanggal seperti 22/11/2026.")
    try:
        value_on = date(year, month, day)
    except ValueError:
        raise _BadCellError("value_on", text, "Tanggal ini tidak ada di kalender.") from None
    if value_on > today + timedelta(days=1):
        raise _BadCellError("value_on", text, "Tanggal ini belum terjadi. Periksa hari dan bulan.")
    return value_on


def _movement(debit: str, credit: str) -> tuple[Literal["debit", "credit"], int]:
    out, back = _amount("debit", debit), _amount("credit", credit)
    if out and back:
        raise _BadCellError("debit", debit, "Debit dan kredit terisi dua-duanya. Satu baris hanya satu arah.")
    if not out and not back:
        raise _BadCellError("debit", debit, "Isi debit atau kredit.")
    amount = out or back
    if amount != amount.to_integral_value():
        raise _NotOursError
    return ("debit" if out else "credit"), int(amount)


def _amount(column: str, text: str) -> Decimal:
    """Read 42.000.000,00 or 42000000 or 42,000,000.00; a dash or nothing is zero."""
    plain = re.sub(r"^(rp\.?|idr)\s*", "", text, flags=re.IGNORECASE).strip()
    if plain in {"", "-"}:
        return Decimal(0)
    match = _ID_AMOUNT.fullmatch(plain) or _EN_AMOUNT.fullmatch(plain)
    if match is None:
        raise _BadCellError(
            column, text, "Tulis jumlah seperti 42.000.000,00 atau 42000000, tanpa tanda minus."
        )
    whole, sen = match.groups()
    amount = Decimal(f"{re.sub(r'[.,]', '', whole)}.{sen or '0'}")
    if amount > _MAX_IDR:
        raise _BadCellError(column, text, "Jumlah ini terlalu besar. Periksa titik dan koma.")
    return amount
