"""The columns of the lists that are imported, and the headers by which people name them.

Headers are matched loosely: capitals, spaces, dots and the usual other names (of OpenSID, SIKS-NG, BPJS) count alike.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from caseflow.registry.names import plain
from caseflow.registry.sheet_reading import Cell, SheetRow

HEADER_WITHIN = 20  # rows from the top in which the header must stand


@dataclass(frozen=True)
class Column:
    """One column of a list.

    :ivar name: as in the file we give out; :ivar label: as people read it; :ivar also: other headers.
    """

    name: str
    label: str
    required: bool = False
    also: tuple[str, ...] = ()


NIK = Column("nik", "NIK", True, ("no nik", "nomor nik", "nomor induk kependudukan", "no ktp", "nomor ktp", "ktp",
    "nik peserta", "nomor identitas", "no identitas"))  # fmt: skip
NAME = Column("nama_lengkap", "Nama lengkap", True, ("nama", "nama pekerja", "nama peserta", "nama penduduk",
    "nama tenaga kerja", "nama sesuai ktp"))  # fmt: skip
WORKERS = (
    NIK,
    NAME,
    Column("nomor_kk", "Nomor KK", False, ("no kk", "kk", "nomor kartu keluarga", "no kartu keluarga")),
    Column("jenis_kelamin", "Jenis kelamin", True, ("jk", "sex", "l/p", "lp", "kelamin", "jns kelamin", "gender")),
    Column("tempat_lahir", "Tempat lahir", False, ("tempatlahir", "tmp lahir", "tpt lahir", "kota lahir")),
    Column("tanggal_lahir", "Tanggal lahir", True, ("tanggallahir", "tgl lahir", "tgl_lahir", "tanggal lahir peserta",
        "lahir")),
    Column("jorong", "Jorong", True, ("dusun", "nama dusun", "jorong/dusun", "alamat jorong", "lingkungan")),
    Column("alamat", "Alamat", False, ("alamat sekarang", "alamat rumah", "alamat domisili", "jalan")),
    Column("pekerjaan", "Pekerjaan", True, ("jenis pekerjaan", "profesi", "mata pencaharian", "pekerjaan utama")),
    Column("risiko", "Risiko pekerjaan", False, ("tingkat risiko", "resiko", "risiko kerja")),
    Column("no_hp", "Nomor HP", False, ("hp", "nomor hp", "telepon", "no telepon", "no telp", "telp", "handphone",
        "no handphone", "wa", "no wa", "nomor wa", "whatsapp")),
    Column("nama_ibu_kandung", "Nama ibu kandung", False, ("nama ibu", "ibu kandung", "ibu")),
    Column("desil", "Desil", False, ("desil dtsen", "desil p3ke", "desil kesejahteraan")),
    Column("keterangan", "Keterangan", False, ("catatan", "ket")),
)  # fmt: skip
# read when it is there, to find rows of another nagari; never asked for
NAGARI = Column("nagari", "Nagari", False, ("desa", "kelurahan", "desa/kelurahan", "nama desa", "nama nagari",
    "kode desa", "kode wilayah", "nagari/desa"))  # fmt: skip
NUMBERS = (
    NIK,
    Column("nomor_peserta", "Nomor peserta", True, ("kpj", "no kpj", "nomor kpj", "no peserta", "nomor kartu",
        "no kartu", "nomor kartu peserta")),
    Column("tanggal_daftar", "Tanggal daftar", True, ("tgl daftar", "tanggal terdaftar", "tanggal kepesertaan",
        "tgl kepesertaan", "tanggal aktif")),
)  # fmt: skip
DEATHS = (
    NIK,
    Column("tanggal_meninggal", "Tanggal meninggal", True, ("tgl meninggal", "tanggal kematian", "tgl kematian",
        "meninggal", "tanggal mati", "tgl mati")),
)  # fmt: skip
KINDS: Mapping[str, Sequence[Column]] = MappingProxyType(
    {"workers": (*WORKERS, NAGARI), "numbers": NUMBERS, "deaths": DEATHS}
)

Mapped = dict[str, int]


@dataclass(frozen=True)
class Header:
    """The row that names the columns, and which column stands where (from 0)."""

    line: int
    texts: tuple[str, ...]
    mapped: Mapped


def match(texts: Sequence[str], kind: str) -> Mapped:
    """Return column → place for every header that is known; the first of two equal ones counts."""
    known = {_loose(name): one.name for one in KINDS[kind] for name in (one.name, one.label, *one.also)}
    found: Mapped = {}
    for place, text in enumerate(texts):
        name = known.get(_loose(text))
        if name is not None:
            found.setdefault(name, place)
    return found


def find_header(rows: Sequence[SheetRow], kind: str) -> Header | None:
    """Return the header among the first rows: the one in which most columns are known; none: the first row.

    :return: ``None`` for a file without any row.
    """
    if not rows:
        return None
    tried = [
        Header(row.line, texts, match(texts, kind))
        for row in rows[:HEADER_WITHIN]
        for texts in [tuple(_header_text(cell) for cell in row.cells)]
    ]
    return max(tried, key=lambda one: len(one.mapped))


def missing(mapped: Mapping[str, int], kind: str) -> list[Column]:
    """Return the required columns that no header was found for."""
    return [one for one in KINDS[kind] if one.required and one.name not in mapped]


def picked(row: SheetRow, mapped: Mapping[str, int]) -> dict[str, Cell]:
    """Return the cells of a row by the name of their column."""
    return {name: row.cells[place] if place < len(row.cells) else Cell("") for name, place in mapped.items()}


def _header_text(cell: Cell) -> str:
    return " ".join(
        "".join(letter for letter in cell.text if letter.isprintable() or letter.isspace()).split()
    )[:80]


def _loose(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", plain(text.replace("_", " ")).replace("nomor", "no"))
