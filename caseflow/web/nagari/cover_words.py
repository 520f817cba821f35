"""Whether a worker was covered on a day, told to the nagari in words: never an amount, never a decision."""

from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers, paid_months
from caseflow.law.cover import CoverAnswer, Event, assess_cover
from caseflow.law.dated import NoNumber
from caseflow.registry.models import Worker

_TITLES = {
    "yes": ("positive", "Iurannya dibayar pada hari itu"),
    "no": ("waiting", "Menurut catatan, iurannya sudah berhenti"),
    "officer_decides": ("info", "Petugas kantor cabang yang memutuskan"),
}
_AFTER = {
    "yes": "Petugas kantor cabang memeriksa haknya; keluarga diberi tahu hasilnya.",
    "no": "Keluarga tetap boleh melapor. Petugas kantor cabang memeriksa dan menjawab dengan alasan tertulis.",
    "officer_decides": "Laporan tetap diterima dan diperiksa. Tidak ada yang perlu dibayar keluarga.",
}


class CoverWords(NamedTuple):
    """The answer for people.

    :ivar sentiment: of the tag; :ivar months: paid months without a gap up to the last one paid in time.
    """

    sentiment: str
    title: str
    sentence: str
    months: str
    after: str


def cover_words(session: Session, worker: Worker, on: date, event: Event) -> CoverWords:
    """Return what the ledger says of a day, in words."""
    try:
        answer = assess_cover(
            paid_months(session, worker.id),
            registered_on=worker.registered_on,
            died_on=on,
            book=numbers(),
            event=event,
        )
    except NoNumber:
        sentiment, title = _TITLES["officer_decides"]
        after = _AFTER["officer_decides"]
        return CoverWords(sentiment, title, "Aturan untuk hari itu tidak tersimpan di sini.", "", after)
    sentiment, title = _TITLES[answer.active]
    return CoverWords(sentiment, title, answer.active_sentence, _months(answer), _AFTER[answer.active])


def _months(answer: CoverAnswer) -> str:
    if answer.last_paid_month is None:
        return ""
    words = f"{answer.consecutive_months} bulan dibayar berturut-turut"
    if answer.unpaid_months:
        words += f", lalu {answer.unpaid_months} bulan tidak dibayar"
    return f"{words}."
