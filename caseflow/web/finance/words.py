"""What finance reads for codes: states of batches, lines of a benefit, steps of a transfer."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any

from caseflow.claims import workflows
from caseflow.formats import long_date
from caseflow.workflow.definition import Action
from caseflow.workflow.duties import other_person_needed

BATCH_STATES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "open": ("Terbuka", "info"),
        "locked": ("Terkunci, menunggu dilepas", "waiting"),
        "released": ("Dilepas ke bank", "positive"),
        "voided": ("Dibatalkan", "neutral"),
    }
)
LINES: Mapping[str, str] = MappingProxyType(
    {
        "death_grant": "Santunan kematian",
        "periodic_benefit": "Santunan berkala",
        "funeral_cost": "Biaya pemakaman",
    }
)
KINDS: Mapping[str, str] = MappingProxyType({"debit": "Uang keluar", "credit": "Uang kembali"})
_DETAILS: Mapping[str, str] = MappingProxyType(
    {
        "batch": "Berkas bayar",
        "reason": "Alasan",
        "letter_number": "Surat bank nomor",
    }
)


def failure() -> Action:
    """Return the step by which a transfer fails, with the bank's reasons."""
    return workflows.book().latest("jkm").actions["report_payment_failure"]


def failure_reason(code: str | None) -> str:
    """Return the bank's reason in words."""
    reason = failure().find_reason(code)
    return reason.label if reason is not None else (code or "Alasan belum dicatat")


def details(found: Mapping[str, Any]) -> list[str]:
    """Return what a step of a transfer carries, one sentence each."""
    said = [f"{label}: {found[name]}" for name, label in _DETAILS.items() if found.get(name)]
    if found.get("letter_on"):
        said.append(f"Tanggal surat: {long_date(date.fromisoformat(found['letter_on']))}")
    if found.get("statement_line_id"):
        said.append("Dicocokkan dengan rekening koran")
    if found.get("reason_code"):
        said.insert(0, f"Alasan bank: {failure_reason(found['reason_code'])}")
    return said


def duty_guard(held: str | None, wanted: str) -> str | None:
    """Return why this person may not take a duty on a case, or ``None`` when nothing stands in the way."""
    return other_person_needed(held, wanted) if held is not None and held != wanted else None
