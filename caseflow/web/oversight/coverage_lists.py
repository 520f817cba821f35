"""The tables of coverage as files; the same figures as on the page."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from caseflow.formats import long_date, month_year
from caseflow.reports.coverage_figures import PAYER_LABELS, SOURCE, Coverage, Line
from caseflow.reports.suppression import Cell
from caseflow.sheets import Cell as SheetCell
from caseflow.web.lists_out import List
from caseflow.web.oversight.coverage_words import HEAT_WORDS

_Row = tuple[SheetCell, ...]
_OF_LINES = ("Aktif", "Dianggarkan", "Kuota", "Belum terisi")


def _shown(cell: Cell) -> SheetCell:
    return cell.words if cell.value is None else cell.value


def _numbers(one: Line) -> _Row:
    budgeted, slots = (one.quota.budgeted, one.quota.slots) if one.quota else (None, None)
    return (_shown(one.active), budgeted, slots, one.missing)


def _nagari(found: Coverage) -> Iterator[_Row]:
    for one in found.nagari:
        yield (one.code, one.name, one.district, *_numbers(one))


def _districts(found: Coverage) -> Iterator[_Row]:
    for one in found.districts:
        yield (one.code, one.name, *_numbers(one))


def _months(found: Coverage) -> Iterator[_Row]:
    for one in found.trend:
        yield (one.month, _shown(one.active), "; ".join(one.rates))


def _heat(found: Coverage) -> Iterator[_Row]:
    for row in found.heat:
        for cell in row.cells:
            yield (
                row.code,
                row.name,
                row.district,
                cell.month,
                HEAT_WORDS[cell.state],
                cell.in_time,
                cell.members,
            )


def _risk(found: Coverage) -> Iterator[_Row]:
    for place in found.places:
        if place.code in found.at_risk_by_place:
            yield (place.code, place.name, place.district, _shown(found.at_risk_by_place[place.code]))


# what it is called in addresses: columns, and the rows
TABLES: Mapping[str, tuple[tuple[str, ...], Callable[[Coverage], Iterator[_Row]]]] = MappingProxyType(
    {
        "nagari": (("Kode", "Nagari", "Kecamatan", *_OF_LINES), _nagari),
        "kecamatan": (("Kode", "Kecamatan", *_OF_LINES), _districts),
        "bulan": (("Bulan", "Aktif", "Tarif yang berubah"), _months),
        "iuran": (
            ("Kode", "Nagari", "Kecamatan", "Bulan", "Keadaan", "Dibayar tepat waktu", "Peserta bulan itu"),
            _heat,
        ),
        "terancam": (("Kode", "Nagari", "Kecamatan", "Menunggak"), _risk),
    }
)


def table_of(found: Coverage, part: str, *, area: str, permission: str) -> List | None:
    """Return a table of the page as a list; ``None``: no such part."""
    if part not in TABLES:
        return None
    columns, rows = TABLES[part]
    return List(
        f"kepesertaan {part}",
        permission,
        columns,
        rows(found),
        area=area,
        on=found.active.on,
        notes=notes(found),
        ground=(("Yang dilihat", looked_at(found, area)), ("Sumber", SOURCE), ("Data per", found.today)),
    )


def looked_at(found: Coverage, area: str) -> str:
    """Return the filters that are in effect, in words; ``area``: what is looked at."""
    payer = f"; dibayar {PAYER_LABELS[found.payer]}" if found.payer else ""
    return f"{area}; {month_year(found.month)}{payer}"


def notes(found: Coverage) -> tuple[str, ...]:
    """Return what the numbers mean, for the second sheet."""
    told = [
        "Aktif: iuran untuk bulan itu sudah dibayar. Pekerja dihitung di nagari tempat tinggalnya sekarang.",
        "Dibayar tepat waktu: paling lambat tanggal 15 bulan berikutnya (belum terverifikasi).",
        "Peserta bulan itu: iurannya dibayar untuk bulan itu atau untuk salah satu dari tiga bulan sebelumnya.",
        f"Sumber: {SOURCE}. Keadaan {long_date(found.today)}.",
    ]
    if found.masked:
        told.append(
            "Angka 1 sampai 4 ditulis <5; “disamarkan” supaya angka itu tidak dapat dihitung dari jumlahnya."
        )
    return tuple(told)
