"""The parts of an envelope, each read strictly: its instants, its consent, its photos. Pure; see ``envelope``."""

import re
from dataclasses import dataclass
from datetime import datetime

from caseflow.monitoring import answers
from caseflow.monitoring.answers import Wrong
from caseflow.monitoring.models import OUTCOMES

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
SHOWS = ("business", "family", "house", "paper")
MOST_PHOTO_BYTES = 2_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,15}(?:Z|[+-][0-9]{2}:[0-9]{2})", re.ASCII)
PUBLIC_ID = re.compile(r"[0-9a-z]{1,20}", re.ASCII)
_MOST_PHOTOS = 5
_WHY = range(10, 501)  # letters
# where a photo can have been taken: degrees
_LATITUDES, _LONGITUDES = (-11.5, 6.5), (94.5, 141.5)
_UNREADABLE = "Bagian ini tidak terbaca. Perbarui aplikasi, lalu kirim lagi."


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What was said of consent at the visit."""

    version: str
    agreed: bool
    said_by: str
    witness: str = ""


@dataclass(frozen=True, kw_only=True)
class Announced:
    """A photo that follows its visit; degrees rounded to a tenth."""

    client_id: str
    position: int
    shows: str
    size_bytes: int
    sha256: str
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def matching(value: object, form: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Wrong(_UNREADABLE)
    return value


def read_yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise Wrong(_UNREADABLE)
    return value


def read_why(value: object) -> str:
    why = answers.line(value, longest=_WHY.stop - 1)
    if len(why) not in _WHY:
        raise Wrong("Tulis mengapa kunjungan ini ditambah, 10 sampai 500 huruf. Belum tersimpan.")
    return why


def read_instant(value: object) -> datetime:
    try:
        found = datetime.fromisoformat(matching(value, _INSTANT))
    except ValueError:
        raise Wrong("Jam kunjungan tidak terbaca. Periksa jam HP, lalu isi lagi.") from None
    if not 1970 <= found.year <= 2200:
        raise Wrong("Jam HP ini salah. Betulkan tanggal dan jam HP, lalu isi lagi.")
    return found


def read_outcome(value: object) -> str:
    if not isinstance(value, str) or value not in OUTCOMES:
        raise Wrong("Pilih apakah keluarga bersedia dikunjungi.")
    return value


def read_consent(value: object) -> Agreed | None:
    if value is None:
        return None
    if not isinstance(value, dict) or not set(value) <= {"version", "agreed", "said_by", "witness"}:
        raise Wrong(_UNREADABLE)
    agreed, version = value.get("agreed"), answers.line(value.get("version") or "")
    if not isinstance(agreed, bool) or not version:
        raise Wrong(_UNREADABLE)
    return Agreed(
        version=version,
        agreed=agreed,
        said_by=_name(value.get("said_by")),
        witness=_name(value.get("witness")),
    )


def _name(value: object) -> str:
    return "" if value is None or value == "" else answers.person(value)


def read_photos(value: object) -> tuple[Announced, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or len(value) > _MOST_PHOTOS:
        raise Wrong("Paling banyak 4 foto. Hapus yang lain.")
    found = tuple(_photo(one) for one in value)
    for same in ("client_id", "position"):
        if len({getattr(one, same) for one in found}) != len(found):
            raise Wrong("Ada foto yang tertulis dua kali. Hapus salah satunya.")
    return found


def _photo(value: object) -> Announced:
    if not isinstance(value, dict) or not set(value) <= {
        "uuid", "position", "shows", "size", "sha256", "taken_at", "latitude", "longitude",
    }:  # fmt: skip
        raise Wrong(_UNREADABLE)
    shows = value.get("shows")
    if not isinstance(shows, str) or shows not in SHOWS:
        raise Wrong("Pilih apa yang tampak di foto.")
    latitude, longitude = value.get("latitude"), value.get("longitude")
    if (latitude is None) != (longitude is None):
        raise Wrong(_UNREADABLE)
    return Announced(
        client_id=matching(value.get("uuid"), UUID),
        position=answers.whole(value.get("position"), 1, _MOST_PHOTOS),
        shows=shows,
        size_bytes=answers.whole(value.get("size"), 1, MOST_PHOTO_BYTES),
        sha256=matching(value.get("sha256"), _SHA256),
        taken_at=None if value.get("taken_at") is None else read_instant(value["taken_at"]),
        latitude=None if latitude is None else _degrees(latitude, *_LATITUDES),
        longitude=None if longitude is None else _degrees(longitude, *_LONGITUDES),
    )


def _degrees(value: object, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise Wrong("Tempat foto ini tidak mungkin. Kirim foto tanpa tempat, atau ambil sekali lagi.")
    return min(max(round(float(value), 1), least), most)
