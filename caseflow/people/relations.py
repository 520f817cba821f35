"""How people stand to the worker: the words, and who of them is of the family.

Not here: the relatives whom the law pays (``law.relatives``).
"""

from collections.abc import Mapping
from types import MappingProxyType

OF_THE_FAMILY: Mapping[str, str] = MappingProxyType(
    {
        "istri": "Istri", "suami": "Suami", "anak": "Anak", "orang_tua": "Orang tua",
        "saudara": "Saudara", "mamak": "Mamak", "kemenakan": "Kemenakan", "keluarga_lain": "Keluarga lain",
    }
)  # fmt: skip
# who lives gives a mandate too
SELF = "diri_sendiri"
GIVERS: Mapping[str, str] = MappingProxyType({SELF: "Pekerja sendiri", **OF_THE_FAMILY})
_HELPERS = {
    "tetangga": "Tetangga", "wali_jorong": "Wali jorong", "nagari": "Petugas nagari", "perisai": "Agen Perisai",
    "lain": "Orang lain",
}  # fmt: skip
# what a person may say of themselves when they report
REPORTERS: Mapping[str, str] = MappingProxyType({**OF_THE_FAMILY, **_HELPERS})
# staff who write a report for a family
_STAFF = {"petugas": "Petugas kantor cabang", "pekerja_sosial": "Pekerja sosial"}
_LOWER = {code: label[:1].lower() + label[1:] for code, label in {**GIVERS, **REPORTERS, **_STAFF}.items()}


def is_helper(relation: str) -> bool:
    """Whether somebody with this relation is outside the family and needs its permission to go on."""
    return relation not in GIVERS


def words(relation: str) -> str:
    """Return a relation for brackets after a name: ``wali jorong``."""
    return _LOWER.get(relation, relation)
