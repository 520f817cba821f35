"""The file that goes to the bank: the same bytes for the same batch, always. Pure.

Only A-Z, digits and a few marks reach a cell, and no cell begins with a mark: a spreadsheet can read no
formula in it and a bank no foreign letter. Accounts stay text, with their leading zeros.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from caseflow.errors import NotPossible

WARNING = "JANGAN UNGGAH DUA KALI"
COLUMNS = (
    "NOMOR URUT", "REFERENSI", "KODE BANK", "NAMA BANK", "NOMOR REKENING", "NAMA PENERIMA", "JUMLAH", "KETERANGAN",
)  # fmt: skip
_NAME_LIMIT = 60


@dataclass(frozen=True)
class Transfer:
    """One line of the file; ``amount_idr`` in whole rupiah."""

    reference: str
    bank_code: str
    bank_name: str
    account_number: str
    holder_name: str
    amount_idr: int


def bank_file(number: str, made_on: date, transfers: Sequence[Transfer]) -> bytes:
    """Return the file: header, column names, one line a transfer, trailer; ASCII, commas, CRLF.

    Header and trailer carry the batch number, the number of lines and the total.
    """
    count, total = str(len(transfers)), str(sum(line.amount_idr for line in transfers))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["H", number, made_on.isoformat(), count, total, WARNING])
    writer.writerow(COLUMNS)
    for position, line in enumerate(transfers, start=1):
        writer.writerow(_cells(position, line))
    writer.writerow(["T", number, count, total, WARNING])
    return out.getvalue().encode("ascii")


def _cells(position: int, line: Transfer) -> list[str]:
    return [
        str(position),
        line.reference,
        line.bank_code,
        bank_text(line.bank_name),
        line.account_number,
        bank_text(line.holder_name),
        str(line.amount_idr),
        f"SANTUNAN {line.reference}",
    ]


def bank_text(text: str) -> str:
    """Return a name the way banks write it: capitals without accents, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(ch for ch in plain if not unicodedata.combining(ch)).upper()
    kept = re.sub(r"[^A-Z0-9 .'/-]+", " ", letters)
    tidy = " ".join(kept.split()).lstrip(" .'/-")[:_NAME_LIMIT].rstrip()
    if not tidy:
        raise NotPossible(f"Nama “{text}” tidak dapat ditulis dalam berkas bank. Berkas tidak dibuat.")
    return tidy
