"""What officers read for the codes of a work accident. Nothing here decides anything."""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "accident": "Kecelakaan",
        "disease": "Penyakit akibat kerja",
        "violence": "Kekerasan di tempat kerja",
        "sudden_death": "Meninggal mendadak saat bekerja",
    }
)
PLACES: Mapping[str, str] = MappingProxyType(
    {
        "workplace": "Di tempat kerja",
        "commute": "Di jalan, berangkat atau pulang kerja",
        "duty_travel": "Saat tugas ke luar",
        "outside": "Di tempat lain",
    }
)
RESULTS: Mapping[str, str] = MappingProxyType(
    {"injured": "Cedera atau sakit", "died": "Meninggal", "unknown": "Belum diketahui"}
)
NOTIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "family": "keluarga",
        "worker": "pekerja sendiri",
        "nagari": "petugas nagari",
        "health_facility": "fasilitas kesehatan",
        "union": "serikat atau wadah",
        "officer": "petugas",
    }
)
NETWORKS: Mapping[str, str] = MappingProxyType(
    {
        "plkk": "PLKK (bekerja sama)",
        "not_plkk": "Bukan PLKK",
        "none": "Tidak ada pertolongan pertama",
    }
)
PERIODS: Mapping[str, str] = MappingProxyType(
    {
        "inpatient": "Rawat inap",
        "outpatient": "Rawat jalan",
        "unable_to_work": "Tidak mampu bekerja (STMB)",
    }
)
CONDITIONS: Mapping[str, str] = MappingProxyType(
    {
        "still_treated": "Masih dirawat",
        "recovered": "Sembuh",
        "partial_anatomical": "Cacat sebagian anatomis",
        "partial_functional": "Cacat sebagian fungsi",
        "total_permanent": "Cacat total tetap",
        "died": "Meninggal dunia",
    }
)
HANDS: Mapping[str, str] = MappingProxyType({"right": "Kanan", "left": "Kiri (kidal)"})
VERDICTS: Mapping[str, str] = MappingProxyType(
    {"work": "Kecelakaan kerja atau penyakit akibat kerja", "not_work": "Bukan kecelakaan kerja"}
)
OPINIONS: Mapping[str, str] = MappingProxyType(
    {
        "agrees": "Setuju dengan surat dokter",
        "differs": "Berbeda dengan surat dokter",
        "needs_examination": "Perlu pemeriksaan lagi",
    }
)
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "arm": "Lengan, tangan, dan jari",
        "leg": "Kaki dan jari kaki",
        "leg_length": "Panjang kaki",
        "eye": "Penglihatan",
        "colour": "Penglihatan",
        "ear": "Pendengaran",
        "auricle": "Daun telinga",
        "nose": "Hidung dan penciuman",
        "smell": "Hidung dan penciuman",
        "scalp": "Kulit kepala",
        "impotence": "Impotensi",
        "work_capacity": "Kemampuan kerja",
        "mental": "Kemampuan kerja",
    }
)


def percent(permille: int) -> str:
    """Return thousandths of the whole as people write them: ``4,5 %``."""
    whole, tenth = divmod(permille, 10)
    return f"{whole},{tenth} %" if tenth else f"{whole} %"
