"""Lines F01–F45 of the catalogue of bad input, as an operator of a nagari types them into a report of a death.

``REFUSED``: id, what is typed over the good answers, and a word of the sentence that comes back with everything typed.
``TAKEN``: id, what is typed, and what then lies in the case.
"""

from dataclasses import dataclass, field
from datetime import date

GOOD = {
    "cause": "illness_or_other",
    "worker_name": "Ramalis",
    "died_on-day": "17",
    "died_on-month": "11",
    "died_on-year": "2026",
    "region_code": "13.03.99.2001",
    "jorong": "Pasar",
    "reporter_name": "Yusniar",
    "reporter_relation": "istri",
    "reporter_phone": "0812-3456-7890",
    "phone_owner": "sendiri",
    "contact_by": "whatsapp",
    "given_how": "written",
    "consented": "y",
    "another": "y",
}
NIK = "1303991209760001"


@dataclass(frozen=True)
class Refused:
    """Typed, and the word that explains it. ``on``: the name of the box that shows it again."""

    id: str
    typed: dict[str, str]
    says: str


@dataclass(frozen=True)
class Taken:
    """Typed, and what is kept of it (attributes of the report)."""

    id: str
    typed: dict[str, str]
    kept: dict[str, object] = field(default_factory=dict)


def _day(day: str, month: str, year: str) -> dict[str, str]:
    return {"died_on-day": day, "died_on-month": month, "died_on-year": year}


REFUSED = (
    Refused("F01", {"national_id": NIK[:-1]}, "NIK harus 16 angka; yang tertulis 15"),
    Refused("F01", {"national_id": NIK + "1"}, "NIK harus 16 angka; yang tertulis 17"),
    Refused("F03", {"national_id": "١٣٠٣٩٩١٢٠٩٧٦٠٠٠١"}, "angka 0 sampai 9"),
    Refused("F04", {"national_id": NIK + "\x00"}, "tidak bisa dibaca"),
    Refused("F05", {"national_id": "0" * 16}, "tidak mungkin ada"),
    Refused("F05", {"national_id": "00" + NIK[2:]}, "tidak mungkin ada"),
    Refused("F05", {"national_id": "1303997209760001"}, "biasanya tanggal lahir"),
    Refused("F05", {"national_id": "1303991213760001"}, "biasanya tanggal lahir"),
    Refused("F11", _day("21", "11", "2026"), "tidak boleh setelah hari ini"),
    Refused("F14", _day("29", "02", "2025"), "29 Februari 2025 tidak ada"),
    Refused("F14", _day("31", "04", "2026"), "31 April 2026 tidak ada"),
    Refused("F14", _day("00", "00", "2026"), "Bulan ditulis 1 sampai 12"),
    Refused("F14", _day("2026", "W01", "1"), "Tulis tanggal dengan angka"),
    Refused("F14", _day("20260101", "", ""), "Isi juga bulan dan tahun"),
    Refused("F18", _day("1_7", "11", "2026"), "Tulis tanggal dengan angka"),
    Refused("F18", _day("١٧", "11", "2026"), "Tulis tanggal dengan angka"),
    Refused("F23", {"worker_name": "Rama\x00lis"}, "tidak bisa dibaca"),
    Refused("F23", {"worker_name": "z" + "\u0301" * 500}, "bertumpuk tanda"),
    Refused("F23", {"worker_name": "Ramalis 😀"}, "Nama hanya berisi"),
    Refused("F26", {"jorong": "x" * 1_000_000}, "huruf; yang tertulis"),
    Refused("F26", {"worker_name": "x" * 121}, "paling banyak 120 huruf"),
)
TAKEN = (
    Taken("F03", {"national_id": "１３０３９９１２０９７６０００１"}, {"national_id": NIK}),
    Taken("F04", {"national_id": f"\ufeff{NIK}\u200b\n"}, {"national_id": NIK}),
    Taken("F06", {"national_id": "1303995203990004"}, {"national_id": "1303995203990004"}),
    Taken("F14", _day("17", "11", "2026"), {"died_on": date(2026, 11, 17)}),
    *(
        Taken("F21", {"worker_name": name}, {"worker_name": name})
        for name in ("O'Brien", "M. Yusuf Dt. Rajo", "Suharto", "Å", "Sa’diyah", "A", "x" * 120)
    ),
    Taken("F23", {"worker_name": "\u202eRamalis\u200b"}, {"worker_name": "Ramalis"}),
    Taken("F24", {"worker_name": "R\u0430malis"}, {"worker_name": "R\u0430malis"}),
    *(
        Taken("F25", {"worker_name": name}, {"worker_name": name})
        for name in ("null", "None", "undefined", "NaN", "True")
    ),
    *(Taken("F28", {"worker_name": f"Keluarga {n}"}, {"reporter_phone": "+6281234567890"}) for n in "abcde"),
)
