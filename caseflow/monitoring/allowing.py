"""A family that has no phone allows visits again: what it said elsewhere, written down at a desk.

Who said it, when, and how it was spoken to stand beside the consent, as the family's own word does. Nobody asks a
family that said no: it comes by itself, or calls. Not here: the family's own phone, and words at a visit (``consents``).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from caseflow import clock, formats
from caseflow.errors import Invalid, NotPossible
from caseflow.monitoring import consents, plans, steps
from caseflow.monitoring.models import Plan, VisitConsent
from caseflow.people.actor import Actor

PERMISSION = "visit.allow"
WAYS: Mapping[str, str] = MappingProxyType(
    {
        "office": "Keluarga datang ke kantor",
        "nagari": "Keluarga datang ke kantor nagari",
        "called": "Keluarga menelepon kantor",
    }
)
_MOST = 120  # letters of a name


@dataclass(frozen=True)
class Word:
    """What the family said. ``way``: of ``WAYS``; ``read``: the text was read to it before."""

    said_by: str
    said_at: datetime
    way: str
    read: bool


def allow(session: Session, plan: Plan, word: Word, *, by: Actor, now: datetime) -> VisitConsent:
    """Write down that a family allows visits again; its visits go on.

    :raises NotPermitted, NotFound: not theirs. :raises Invalid: nobody named, not read, or said before it refused.
    :raises NotPossible: it does not refuse visits, or is not followed any more.
    """
    plans.get_plan(session, plan.public_id, by=by, permission=PERMISSION)
    steps.lock(session, plan)
    if plan.state != "paused":
        said = "sudah selesai" if plan.closed_at is not None else "tidak dihentikan keluarga"
        raise NotPossible(f"Kunjungan keluarga ini {said}. Tidak ada yang berubah.")
    name = " ".join(word.said_by.split())
    problems = {}
    if not 1 <= len(name) <= _MOST:
        problems["said_by"] = "Tulis nama anggota keluarga yang menyampaikan. Belum tersimpan."
    if word.way not in WAYS:
        problems["way"] = "Pilih cara keluarga menyampaikan. Belum tersimpan."
    if not word.read:
        problems["read"] = "Bacakan dulu kalimat di atas, lalu centang. Belum tersimpan."
    refused = consents.standing(session, plan.id)
    if word.said_at > now:
        problems["said_on"] = (
            "Hari dan jam itu belum lewat. Isi saat keluarga menyampaikannya. Belum tersimpan."
        )
    elif refused is not None and word.said_at <= refused.said_at:
        problems["said_on"] = (
            f"Keluarga menolak pada {formats.instant_wib(refused.said_at)}. Isi hari dan jam sesudah itu. "
            "Belum tersimpan."
        )
    if problems:
        raise Invalid(problems)
    version = consents.text_on(clock.local(word.said_at).date()).version
    return consents.give(
        session,
        plan,
        said_by=name,
        said_at=word.said_at,
        version=version,
        note=f"{WAYS[word.way]}.",
        by=by,
        now=now,
    )
