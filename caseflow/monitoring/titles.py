"""What visits and their outcomes are called, wherever people read of them."""

from collections.abc import Mapping
from types import MappingProxyType

VISITS: Mapping[str, str] = MappingProxyType(
    {
        "m1": "Telepon bulan pertama",
        "m3": "Kunjungan 3 bulan",
        "m6": "Kunjungan 6 bulan",
        "m12": "Kunjungan 12 bulan",
        "m24": "Kunjungan 24 bulan",
        "extra": "Kunjungan tambahan",
        "revisit": "Kunjungan ulang",
    }
)
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "met": "keluarga ditemui",
        "another_day": "keluarga minta hari lain",
        "declined": "keluarga tidak bersedia",
        "moved": "keluarga pindah",
        "not_found": "keluarga tidak ditemukan",
    }
)
