"""The duties that one person may hold on a case, and how they are spoken of."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class DutyWords:
    """:ivar did: what a holder has done on the case; :ivar noun: the work itself."""

    did: str
    noun: str


DUTIES: Mapping[str, DutyWords] = MappingProxyType(
    {
        "verify": DutyWords("memeriksa berkas", "pemeriksaan"),
        "medical": DutyWords("memberi pendapat medis", "pendapat medis"),
        "approve": DutyWords("memutuskan persetujuan", "persetujuan"),
        "make_batch": DutyWords("menyusun daftar bayar", "penyusunan daftar bayar"),
        "release": DutyWords("melepas pembayaran", "pelepasan pembayaran"),
        "reconcile": DutyWords("mencocokkan mutasi bank", "pencocokan mutasi bank"),
    }
)


def other_person_needed(held: str, wanted: str) -> str:
    """Return the sentence for somebody who holds one duty on the case and asks for another."""
    return (
        f"Anda sudah {DUTIES[held].did} pada kasus ini, "
        f"jadi {DUTIES[wanted].noun} harus oleh orang lain. Tidak ada yang berubah."
    )
