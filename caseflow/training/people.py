"""The invented staff, workers and families that every screen and test shares."""

from dataclasses import dataclass
from datetime import date

PASSPHRASE = "gonjong padi surau lapau"  # noqa: S105 - printed for everybody who practises


@dataclass(frozen=True)
class Account:
    """A practice account."""

    username: str
    full_name: str
    title: str
    role: str
    scope_kind: str = "branch"
    scope_code: str = "solok"


@dataclass(frozen=True)
class TrainingWorker:
    """An invented worker with the months paid for them, from ``first`` to ``last`` without a gap."""

    national_id: str
    full_name: str
    born_on: date
    sex: str
    region_code: str
    jorong: str
    occupation: str
    registered_on: date
    first: date
    last: date
    funding_source: str = "apb_nagari"


DISTRICT = ("13.03.99", "Latihan")
NAGARI = (("13.03.99.2001", "Koto Latihan"), ("13.03.99.2002", "Koto Contoh"))

ACCOUNTS = (
    Account("dedi", "Dedi Putra", "Petugas klaim", "officer"),
    Account("sari", "Sari Melati", "Petugas klaim", "officer"),
    Account("mega", "Mega Yulia", "Penyetuju (kepala bidang)", "approver"),
    Account("hana", "Hana Fitria", "Penyetuju (kepala bidang)", "approver"),
    Account("bram", "Bram Wijaya", "Kepala cabang", "branch_head"),
    Account("rosa", "dr. Rosa Anggraini", "Dokter penasihat", "medical_adviser"),
    Account("nina", "Nina Oktavia", "Keuangan: membuat perintah dan berkas bayar", "finance"),
    Account("hadi", "Hadi Saputra", "Keuangan: melepas berkas bayar", "finance"),
    Account("lusi", "Lusi Andani", "Keuangan: mencocokkan rekening koran", "finance"),
    Account(
        "fitri",
        "Fitri Handayani",
        "Operator nagari Koto Latihan",
        "nagari_operator",
        "nagari",
        "13.03.99.2001",
    ),
    Account("jon", "Jon Efendi", "Wali nagari Koto Latihan", "nagari_operator", "nagari", "13.03.99.2001"),
    Account("rina", "Rina Marlina", "Pekerja sosial", "social_worker", "regency", "13.03"),
    Account("yoga", "Yoga Pratama", "Pekerja sosial", "social_worker", "regency", "13.03"),
    Account("siska", "Siska Amelia", "Penyelia dinas sosial", "social_supervisor", "regency", "13.03"),
    Account("bupati", "Bupati (latihan)", "Pimpinan kabupaten", "regency_monitor", "regency", "13.03"),
    Account("dprd", "Anggota DPRD (latihan)", "DPRD", "regency_monitor", "regency", "13.03"),
    Account(
        "desi",
        "Desi Kurnia",
        "Disnakertrans: program pekerja rentan",
        "programme_officer",
        "regency",
        "13.03",
    ),
    Account("aulia", "Aulia Rahman", "Auditor", "auditor"),
    Account("irma", "Irma Suryani", "Inspektur pengaduan", "inspector"),
    Account("admin", "Admin Sistem", "Admin", "admin"),
)

WORKERS = (
    TrainingWorker(
        "1303991209760001", "Samsir", date(1976, 9, 12), "m", "13.03.99.2001", "Pasar", "Petani karet",
        date(2025, 9, 1), date(2025, 9, 1), date(2026, 11, 1),
    ),
    TrainingWorker(
        "1303994503810002", "Nurbaiti", date(1981, 3, 5), "f", "13.03.99.2001", "Koto Tangah", "Pedagang sayur",
        date(2026, 10, 1), date(2026, 10, 1), date(2026, 11, 1),
    ),
    TrainingWorker(
        "1303991107720003", "Zulbahri", date(1972, 7, 11), "m", "13.03.99.2002", "Lubuk Batang", "Tukang ojek",
        date(2025, 1, 1), date(2025, 1, 1), date(2025, 5, 1), "dbh_sawit",
    ),
    TrainingWorker(
        "1303990304880002", "Marzuki", date(1988, 4, 3), "m", "13.03.99.2001", "Pasar", "Buruh bangunan",
        date(2025, 3, 1), date(2025, 3, 1), date(2026, 11, 1), "apbd",
    ),
    TrainingWorker(
        "1303992305690004", "Syafril", date(1969, 5, 23), "m", "13.03.99.2002", "Air Putih", "Penyadap karet",
        date(2024, 1, 1), date(2024, 1, 1), date(2026, 10, 1), "apbd",
    ),
    TrainingWorker(
        "1303995708740005", "Ermawati", date(1974, 8, 17), "f", "13.03.99.2001", "Pasar", "Guru mengaji",
        date(2025, 1, 1), date(2025, 1, 1), date(2026, 11, 1),
    ),
    TrainingWorker(
        "1303990102650006", "Bustami", date(1965, 2, 1), "m", "13.03.99.2002", "Lubuk Batang", "Garin masjid",
        date(2025, 6, 1), date(2025, 6, 1), date(2026, 11, 1), "csr",
    ),
    TrainingWorker(
        "1303991402810007", "Firdaus", date(1981, 2, 14), "m", "13.03.99.2001", "Koto Tangah", "Nelayan danau",
        date(2023, 1, 1), date(2023, 1, 1), date(2026, 11, 1), "apbd",
    ),
)  # fmt: skip
