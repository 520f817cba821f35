"""May this person stand on a nagari's list? What is asked of the facts alone; no database.

Refusals say what to do; notes only ask somebody to look. Not here: who stands on another list (``nominees``).
"""

from dataclasses import dataclass
from datetime import date

from caseflow.formats import short_date

YOUNGEST = 15  # UU 13/2003 Art. 68, 69: who may work
TOO_OLD = 65  # registration as BPU: not yet 65 (law.md §1.1)
HAZARDS = {"low": "Rendah", "medium": "Sedang", "high": "Tinggi"}
# the help is meant for the poorest; above this a reviewer looks, nobody is refused
POOREST_DECILES = 4
_WOMAN_DAYS = 40  # women's NIK carry the day of birth plus 40
_OLDEST = 120


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What a nagari writes about a person, in the columns of the list.

    :ivar sex: ``f`` or ``m``; :ivar hazard: ``low``, ``medium``, ``high`` or empty; :ivar phone: E.164.
    :ivar consent_told_on: the day the consent sentence was read to the person, who agreed.
    """

    national_id: str
    full_name: str
    born_on: date
    sex: str
    jorong: str
    occupation: str
    family_card_number: str | None = None
    birth_place: str = ""
    address: str = ""
    hazard: str = ""
    phone: str | None = None
    mothers_name: str = ""
    welfare_decile: int | None = None
    remark: str = ""
    consent_told_on: date | None = None


def age_on(born_on: date, day: date) -> int:
    """Return the age in whole years."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def refusals(who: Candidate, *, starts_on: date, today: date) -> dict[str, str]:
    """Return what keeps somebody off a list whose cover starts on a day: field → sentence."""
    found = {}
    if who.family_card_number == who.national_id:
        found["family_card_number"] = "Nomor KK sama dengan NIK. Lihat lagi 16 angka di atas KK."
    age = age_on(who.born_on, starts_on)
    if who.born_on >= today:
        found["born_on"] = "Tanggal lahir ada di depan. Periksa tahunnya."
    elif age > _OLDEST:
        found["born_on"] = f"Menurut tanggal ini usianya {age} tahun. Periksa tahunnya."
    elif age >= TOO_OLD:
        found["born_on"] = f"Usia {age} tahun pada {short_date(starts_on)}, di luar batas (belum 65 tahun)."
    elif age < YOUNGEST:
        found["born_on"] = f"Usia {age} tahun pada {short_date(starts_on)}, di bawah 15 tahun."
    return found


def notes(who: Candidate) -> dict[str, str]:
    """Return what a reviewer should look at: field → sentence. Nothing of it refuses anybody."""
    found = {}
    written = birthday_of(who.national_id, who.born_on)
    if written is not None:
        found["born_on"] = f"Tanggal lahir {who.born_on:%d-%m-%y}, NIK menunjukkan {written}."
    elif (int(who.national_id[6:8]) > _WOMAN_DAYS) != (who.sex == "f"):
        found["sex"] = "Jenis kelamin berbeda dari yang ditunjukkan NIK."
    if who.welfare_decile is not None and who.welfare_decile > POOREST_DECILES:
        found["welfare_decile"] = f"Desil {who.welfare_decile}: di luar desil 1 sampai {POOREST_DECILES}."
    return found


def birthday_of(national_id: str, born_on: date) -> str | None:
    """Return the birthday that a NIK shows when it is another than ``born_on``; ``None``: they agree."""
    day = int(national_id[6:8])
    day -= _WOMAN_DAYS if day > _WOMAN_DAYS else 0
    shown = f"{day:02d}-{national_id[8:10]}-{national_id[10:12]}"
    return None if shown == f"{born_on:%d-%m-%y}" else shown
