"""Work that vulnerable informal workers do here: offered in lists and forms. Other work is written freely."""

import difflib

# name → hazard of the work, as a suggestion
COMMON = {
    "Petani karet": "medium", "Petani sawit": "medium", "Petani sawah": "low", "Petani ladang": "low",
    "Buruh tani": "medium", "Buruh kebun": "medium", "Buruh bangunan": "high", "Buruh harian lepas": "medium",
    "Tukang kayu": "medium", "Tukang batu": "high", "Tukang ojek": "high", "Sopir": "high", "Pedagang keliling": "low",
    "Pedagang pasar": "low", "Penjual makanan": "low", "Peternak": "low", "Pencari ikan": "medium",
    "Penambang rakyat": "high", "Penderes nira": "high", "Penjahit": "low", "Penenun": "low",
    "Asisten rumah tangga": "low", "Garin masjid": "low", "Guru mengaji": "low", "Imam masjid": "low",
    "Kader posyandu": "low", "Petugas kebersihan": "medium", "Pemulung": "medium", "Montir": "medium",
    "Pengrajin": "low",
}  # fmt: skip
_BY_LETTERS = {name.casefold(): name for name in COMMON}
_ALIKE = 0.8


def listed(written: str) -> str | None:
    """Return the name in the list for work written with other capitals."""
    return _BY_LETTERS.get(written.casefold())


def nearest(written: str) -> str | None:
    """Return the work of the list that somebody probably meant, when it is written nearly alike."""
    found = difflib.get_close_matches(written.casefold(), _BY_LETTERS, n=1, cutoff=_ALIKE)
    return _BY_LETTERS[found[0]] if found else None
