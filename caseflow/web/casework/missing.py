"""Where an officer enters a fact that the calculation asks for: the law names it, this page knows its screen."""

from dataclasses import dataclass

from flask import url_for

from caseflow.claims.models import Claim

# how the law's name of a fact begins → endpoint, anchor, words of the link
_PLACES = (
    ("data peserta", "casework.worker_page", None, "Hubungkan pekerja"),
    ("kesimpulan", "casework.conclude_page", None, "Tulis kesimpulan"),
    ("kepesertaan", "casework.eligibility_page", "active_on_event", "Jawab di Kelayakan"),
    (
        "apakah biaya pemakaman",
        "casework.eligibility_page",
        "funeral_not_paid_elsewhere",
        "Jawab di Kelayakan",
    ),
    ("keadaan akhir", "casework.certificate_page", None, "Catat surat dokter"),
    ("tanggal keadaan akhir", "casework.certificate_page", None, "Catat surat dokter"),
    ("cacat menurut dokter", "casework.certificate_page", "losses", "Catat surat dokter"),
    ("sisi tubuh", "casework.certificate_page", "losses", "Catat surat dokter"),
    ("tangan yang dominan", "casework.certificate_page", None, "Catat surat dokter"),
    ("persentase", "casework.certificate_page", "losses", "Catat surat dokter"),
    ("berapa kali", "casework.certificate_page", "losses", "Catat surat dokter"),
    ("penghasilan", "casework.record_page", None, "Tulis di fakta kejadian"),
    ("tanggal meninggal", "casework.record_page", None, "Tulis di fakta kejadian"),
    ("hari terakhir tidak mampu", "casework.accident_page", "masa", "Akhiri masanya"),
    ("tanggal kuitansi", "casework.accident_page", "biaya", "Lihat kuitansi"),
    ("jenis angkutan", "casework.accident_page", "biaya", "Lihat kuitansi"),
    ("harga patokan", "casework.accident_page", "biaya", "Lihat kuitansi"),
    ("hari pertama dan terakhir perawatan", "casework.accident_page", "biaya", "Lihat kuitansi"),
    ("keluarga", "casework.heirs_page", None, "Catat di Ahli waris"),
    ("siapa yang mengurus", "casework.heirs_page", None, "Catat di Ahli waris"),
    ("apakah ", "casework.heirs_page", None, "Catat di Ahli waris"),
    ("tanggal lahir", "casework.heirs_page", None, "Catat di Ahli waris"),
    ("kepastian bahwa daftar keluarga", "casework.papers_page", None, "Periksa surat ahli waris"),
)
_ELSE = ("casework.eligibility_page", None, "Jawab di Kelayakan")


@dataclass(frozen=True)
class Missing:
    """One fact that nobody has established, and where it is entered; ``href`` is empty for a mere sentence."""

    text: str
    href: str | None = None
    label: str = ""


def where(claim: Claim, name: str) -> Missing:
    """Return a missing fact with the link to its screen."""
    endpoint, anchor, label = next(
        (place[1:] for place in _PLACES if name.lower().startswith(place[0])), _ELSE
    )
    if claim.program != "jkk" and endpoint in {"casework.record_page", "casework.certificate_page"}:
        endpoint, anchor, label = "casework.event_page", None, "Betulkan fakta"
    return Missing(name, url_for(endpoint, number=claim.number, _anchor=anchor), label)
