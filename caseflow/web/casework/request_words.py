"""What officers read of a family's request: who asked what, where it is stuck, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from caseflow.claims.request_queries import RequestRow
from caseflow.formats import long_date

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "help_find": "Tidak menemukan dokumen",
        "help_obtain": "Tidak bisa mendapatkan dokumen",
        "not_applicable": "Merasa dokumen tidak perlu",
        "remind": "Minta diingatkan",
        "withdraw": "Persetujuan ditarik",
        "correct": "Nama atau data salah tulis",
        "question": "Pertanyaan",
    }
)
STUCK_AT: Mapping[str, str] = MappingProxyType(
    {
        "nagari": "kantor nagari",
        "district": "kantor camat",
        "civil_registry": "Disdukcapil",
        "hospital": "rumah sakit atau puskesmas",
        "bank": "bank",
        "relatives": "anggota keluarga lain",
        "other": "tempat lain",
    }
)


@dataclass(frozen=True)
class ShownRequest:
    """One request beside its paper or in the card of the case."""

    id: int
    title: str
    code: str | None
    words: str
    asked_by: str
    asked_at: datetime
    helped: bool
    state: str
    sentiment: str
    answer: str | None
    said: str | None
    answerable: bool


def title_of(kind: str, stuck_at: str | None) -> str:
    """Return what is asked: ``Tidak bisa mendapatkan dokumen: tertahan di kantor nagari``."""
    place = STUCK_AT.get(stuck_at or "")
    return f"{KINDS[kind]}: tertahan di {place}" if place else KINDS[kind]


def shown_request(row: RequestRow) -> ShownRequest:
    """Return one request in words."""
    state, sentiment = _state(row)
    said = f"{row.answered_by}, " if row.answered_by else ""
    return ShownRequest(
        id=row.id,
        title=title_of(row.kind, row.stuck_at),
        code=row.code,
        words=row.words,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        helped=row.helped,
        state=state,
        sentiment=sentiment,
        answer=row.answer if row.answered_by else None,
        said=said if row.answered_by else None,
        answerable=row.open and row.kind != "remind",
    )


def _state(row: RequestRow) -> tuple[str, str]:
    if row.taken_back:
        return "dibatalkan keluarga", "neutral"
    if row.remind_on is not None:
        return (f"diingatkan {long_date(row.remind_on)}", "info") if row.open else ("selesai", "neutral")
    return ("menunggu jawaban", "waiting") if row.open else ("sudah dijawab", "positive")
