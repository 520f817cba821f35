"""What is different since the second person last looked: two contents compared, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.formats import instant_wib, long_date, rupiah
from caseflow.web.casework import decision_reads
from caseflow.web.casework.papers import label_of

_LABELS = {
    "program": "Program",
    "event_on": "Tanggal kejadian",
    "died_on": "Tanggal meninggal",
    "accident": "Fakta kejadian",
    "certificate": "Surat dokter",
    "opinion": "Pendapat medis",
    "conclusion": "Kesimpulan",
    "periods": "Masa perawatan dan istirahat",
    "costs": "Kuitansi",
    "worker": "Pekerja",
    "heirs": "Penerima dan keluarga",
    "account": "Rekening",
    "benefit": "Perhitungan",
    "papers": "Dokumen",
}
# said by their contents elsewhere on the page; here only that they changed
_SEE_ABOVE = frozenset({"heirs", "accident", "certificate", "opinion", "conclusion", "periods", "costs"})
_OUTCOMES = {"returned": "dikembalikan", "approved": "disetujui", "refused": "ditolak"}


@dataclass(frozen=True)
class Changes:
    """The comparison with the last decision. ``since`` is empty when there was none."""

    since: str
    rows: list[dict[str, str]]


def changes_since(session: Session, claim: Claim, document: Mapping[str, Any]) -> Changes:
    """Return what changed since the newest decision on the claim."""
    before = decision_reads.newest_decision_content(session, claim.id)
    if before is None:
        return Changes("", [])
    outcome, at, old = before
    rows = [
        {"key": label, "value": _now(name, old.get(name), document.get(name))}
        for name, label in _labels(claim).items()
        if _plain(name, old.get(name)) != _plain(name, document.get(name))
    ]
    return Changes(f"{_OUTCOMES[outcome]} {instant_wib(at)}", rows)


def _labels(claim: Claim) -> dict[str, str]:
    return _LABELS | {"event_on": "Tanggal meninggal"} if claim.program == "jkm" else _LABELS


def _plain(name: str, value: Any) -> Any:
    """Leave keys of rows out where only their content matters."""
    if name in {"heirs", "account", "benefit"} and isinstance(value, list):
        return value[1:]
    return value


def _now(name: str, old: Any, new: Any) -> str:
    if new is None:
        return "dihapus"
    if name == "benefit":
        before = rupiah(old[2]) if old else "belum dihitung"
        return f"{before} menjadi {rupiah(new[2])}"
    if name == "account":
        return f"sekarang berakhiran {str(new[3])[-4:]} atas nama {new[4]}"
    if name == "papers":
        return _papers(old or [], new)
    if name == "worker":
        return f"sekarang {new[2]}"
    if name == "program":
        return str(new).upper()
    return "berubah, lihat di atas" if name in _SEE_ABOVE else long_date(date.fromisoformat(new))


def _papers(old: list[Any], new: list[Any]) -> str:
    known = {tuple(row) for row in old}
    changed = dict.fromkeys(label_of(row[0]) for row in new if tuple(row) not in known)
    return f"berubah: {', '.join(changed)}" if changed else "ada yang ditarik"
