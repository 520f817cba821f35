"""Every section of a work accident, on every part of its way: full, empty, for everybody who may open it."""

import pytest

from tests.web.casework import accidents
from tests.web.casework.conftest import Office

_PARTS = ("", "/dokumen", "/kecelakaan", "/kelayakan", "/ahli-waris", "/perhitungan", "/pembayaran", "/riwayat", "/pekerja")  # fmt: skip
_FORMS = ("fakta", "masa", "biaya", "surat-dokter", "kesimpulan")


@pytest.mark.parametrize(
    "play",
    [
        accidents.notified,
        accidents.suspected,
        accidents.verifying,
        accidents.reviewed,
        accidents.calculating,
        accidents.submitted,
        accidents.approved,
    ],
)
def test_every_section_speaks_of_a_living_worker(office: Office, play: object) -> None:
    """Nobody is called dead, nothing breaks, whatever is known so far."""
    assert callable(play)
    number = office.accident(play)
    for part in _PARTS:
        page = office.read("dedi", f"/petugas/kasus/{number}{part}")
        assert "Alm." not in page, part
        assert "bulan meninggal" not in page, part
    for form in _FORMS:
        office.read("dedi", f"/petugas/kasus/{number}/kecelakaan/{form}")
    for username in ("mega", "bram", "aulia"):
        office.read(username, f"/petugas/kasus/{number}/kecelakaan")
    assert "Marzuki" in office.read("dedi", "/petugas/?antrean=semua")
