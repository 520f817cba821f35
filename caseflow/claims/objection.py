"""The family objects to a decision from its own phone: once a round, in its own words, while the case takes it.

Not here: the step itself and what follows (``operations.act``), and the officer who writes it down at the counter.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.claims.states import lock
from caseflow.errors import Invalid, NotPossible
from caseflow.people.actor import Actor
from caseflow.workflow.models import History

POINTS = {
    "contributions": "Iuran sebenarnya sudah dibayar",
    "person": "Nama, umur, atau data orangnya keliru",
    "event": "Kejadiannya tidak seperti yang ditulis",
    "papers": "Ada dokumen yang belum dilihat",
    "family": "Keadaan keluarga atau anak keliru",
    "other": "Hal lain",
}
LONGEST, SHORTEST = 2000, 10
_OBJECTABLE = frozenset({"refused", "lapsed"})
# a new decision, to which one may object anew
_DECISIONS = frozenset({"refuse", "lapse"})


def why_not(session: Session, claim: Claim) -> str | None:
    """Return why no objection can be sent from a phone now, or ``None``."""
    if claim.closed_at is not None:
        return (
            "Waktu keberatan sudah lewat dan berkas sudah ditutup. Telepon petugas bila ada keterangan baru."
        )
    if claim.state == "objection":
        return "Keberatan Ibu/Bapak sudah kami terima dan sedang ditinjau."
    if claim.state not in _OBJECTABLE:
        return "Belum ada keputusan yang dapat diajukan keberatan."
    if _objected_already(session, claim):
        return "Keberatan atas keputusan ini sudah dijawab. Langkah berikutnya tertulis di halaman keputusan."
    return None


def object_to(
    session: Session,
    claim: Claim,
    words: str,
    points: Sequence[str],
    *,
    by: Actor,
    expected_version: int,
    now: datetime,
    helper: str | None = None,
) -> History:
    """Send an objection of the family.

    :param helper: who wrote it for the family, kept with it.
    :raises NotPossible: too late, already sent, or already answered. :raises Invalid: words or choice missing.
    :raises Stale: the case moved since the page was read.
    """
    lock(session, claim)
    problems = {}
    if not points or not set(points) <= POINTS.keys():
        problems["points"] = "Pilih apa yang menurut Ibu/Bapak keliru. Belum terkirim."
    if not SHORTEST <= len(words.strip()) <= LONGEST:
        problems["words"] = f"Tulis dengan {SHORTEST} sampai {LONGEST} huruf. Belum terkirim."
    if problems:
        raise Invalid(problems)
    barrier = why_not(session, claim)
    if barrier is not None:
        raise NotPossible(f"{barrier} Tidak ada yang berubah.")
    about: dict[str, object] = {"points": list(dict.fromkeys(points))}
    if helper is not None:
        about["helper"] = helper
    return act(
        session,
        claim,
        "object",
        by=by,
        expected_version=expected_version,
        now=now,
        reason_text=words,
        about=about,
    )


def _objected_already(session: Session, claim: Claim) -> bool:
    """Whether an objection followed the last decision."""
    last = session.scalar(
        select(History.action)
        .where(History.casefile_id == claim.id, History.action.in_((*_DECISIONS, "object")))
        .order_by(History.version.desc())
        .limit(1)
    )
    return last == "object"
