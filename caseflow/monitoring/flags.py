"""Confidential flags of a visit: money taken, a child out of school, violence. They go to the inspector alone.

A flag is a complaint and nothing else: no row of the plan, of the visit or of its history tells that there was one,
so neither the nagari nor whoever visits next can see it.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from sqlalchemy.orm import Session

from caseflow.claims.complaints import LONGEST, SHORTEST, Filed, Told, file_complaint
from caseflow.claims.models import Claim
from caseflow.errors import Invalid
from caseflow.monitoring.models import Plan
from caseflow.people.actor import Actor
from caseflow.sealing import blind

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "levy": "Uang santunan diminta atau diambil orang",
        "child_left_school": "Anak terpaksa berhenti sekolah",
        "violence": "Kekerasan atau ancaman",
        "other": "Hal lain yang tidak boleh tersebar",
    }
)
_NO_WORDS = "Keluarga mengatakan ada yang meminta uang, tanpa cerita lebih lanjut."


def flag(session: Session, plan: Plan, kind: str, words: str, *, key: str, by: Actor, now: datetime) -> Filed:
    """Tell the inspector; the same key is the same flag.

    :param plan: fetched with ``plans.get_plan`` for ``referral.edit``.
    :raises Invalid: no such kind, or too few or too many words. Nothing is saved.
    """
    problems = {}
    if kind not in KINDS:
        problems["kind"] = "Pilih tandanya. Belum terkirim."
    told = words.strip()
    if not SHORTEST <= len(told) <= LONGEST - len(_heading(kind)):
        problems["words"] = f"Ceritakan dengan {SHORTEST} sampai 1.900 huruf. Belum terkirim."
    if problems:
        raise Invalid(problems)
    return _file(session, plan, kind, told, key=f"flag:{key}", user_id=by.user_id, now=now)


def on_levy(
    session: Session, plan: Plan, words: str, key: str, *, user_id: int | None, now: datetime
) -> Filed:
    """Tell the inspector that a visit heard of money asked for; the same visit tells it once.

    :param key: UUID of the visit. :param words: what the family told; may be empty. :param user_id: who heard it.
    """
    told = words.strip()
    if len(told) < SHORTEST:
        told = f"{_NO_WORDS} {told}".strip()
    return _file(session, plan, "levy", told, key=f"visit:{key}", user_id=user_id, now=now)


def _file(
    session: Session, plan: Plan, kind: str, words: str, *, key: str, user_id: int | None, now: datetime
) -> Filed:
    told = Told(
        category="levy" if kind == "levy" else "other",
        accused="unknown",
        words=(_heading(kind) + words)[:LONGEST],
        key=key,
        about=session.get_one(Claim, plan.claim_id),
        helped_by_user_id=user_id,
        confidential=True,
    )
    branch_code = plan.branch_code.partition("/")[0]
    # nobody is handed this code, so it answers to a secret of its own
    return file_complaint(session, told, branch_code=branch_code, now=now, pepper=blind("flags of visits"))


def _heading(kind: str) -> str:
    return f"Tanda rahasia dari kunjungan: {KINDS.get(kind, '')}. "
