"""What a family reads when nothing is paid: why, what was looked at, and who can be asked to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import objection, workflows
from caseflow.claims.models import Claim
from caseflow.formats import long_date
from caseflow.registry import queries as registry
from caseflow.web.family.steps import present_round, was_refused
from caseflow.workflow.models import History

_WHY_IS_FOR_THE_FAMILY = "Alasannya hanya tampil di HP pekerja atau keluarganya."
_LOOKED_AT = {
    "jkm": "Kepesertaan dan iuran per bulan, dokumen yang dikirim, dan keterangan keluarga.",
    "jkk": "Kejadiannya, surat dokter, kepesertaan dan iuran per bulan, dokumen, dan keterangan saksi.",
    "scholarship": "Umur dan keadaan anak, bukti sekolah, dan tahun ajaran yang diminta.",
}
_OBJECT = "Ajukan keberatan dari HP ini atau di kantor cabang. Jawabannya paling lama 5 hari kerja."
_MEDIATION = "Belum puas dengan jawabannya? Mintalah mediasi ke 175, paling lama 30 hari kerja. Sesudah itu pengadilan negeri."
_INSPECTOR = (
    "Bila tetap tidak sependapat tentang kecelakaannya, pengawas ketenagakerjaan provinsi menetapkan."
)
_MINISTER = "Sesudah pengawas, Menteri Ketenagakerjaan dapat dimintai penetapan. Itu tahap terakhir."
_LADDERS: dict[str, tuple[str, ...]] = {"jkk": (_OBJECT, _INSPECTOR, _MINISTER)}
_LADDER = (_OBJECT, _MEDIATION)
DECIDED_AGAINST = frozenset({"refused", "lapsed"})
# which rung the case stands on; while it stands there nothing is asked of the family
_RUNGS = {"objection": 0, "inspector_review": 1, "minister_review": 2}


@dataclass(frozen=True)
class Rung:
    """One way to have it looked at again; ``state`` is past, present or open."""

    sentence: str
    state: str


@dataclass(frozen=True)
class Refusal:
    """A decision that nothing is paid.

    :ivar under_review: somebody is looking at an objection; :ivar over: nobody looks at it any more.
    :ivar may_object: an objection can be sent from this phone now.
    :ivar open_until: the last day on which the case surely still takes an objection: it is not closed before.
    """

    why: str
    looked_at: str
    rungs: Sequence[Rung]
    under_review: bool
    over: bool
    may_object: bool
    open_until: str | None


def refusal_of(
    session: Session, claim: Claim, moves: Sequence[History], *, close: bool, helps: bool
) -> Refusal | None:
    """Return the refusal that stands or is being looked at; ``None`` when there is none.

    :param close: the phone is the worker's or the family's, who alone read the reason;
    :param helps: it is of whoever helps them, who may write the objection.
    """
    if not was_refused(present_round(moves)):
        return None
    until = None
    if claim.state in DECIDED_AGAINST:
        days = registry.policy(session, "objection_days", clock.today())
        until = long_date(clock.local(claim.entered_at).date() + timedelta(days=days - 1))
    return Refusal(
        why=_why(moves) if close else _WHY_IS_FOR_THE_FAMILY,
        looked_at=_looked_at(claim, moves),
        rungs=_rungs(claim, moves),
        under_review=claim.state in _RUNGS,
        over=claim.closed_at is not None,
        may_object=(close or helps) and objection.why_not(session, claim) is None,
        open_until=until,
    )


def family_reason(move: History) -> str | None:
    """Return the reason of a move as a clause for the family."""
    action = workflows.book().get(move.workflow, move.workflow_version).find_action(move.action)
    return action.family_reason(move.reason_code, move.reason_text) if action is not None else None


def _looked_at(claim: Claim, moves: Sequence[History]) -> str:
    if _last_end(moves).state == "lapsed":
        return "Tanggal kejadian dan dokumen yang sudah dikirim."
    return f"{_LOOKED_AT[claim.program]} Dua petugas memeriksanya."


def _last_end(moves: Sequence[History]) -> History:
    return next(move for move in reversed(moves) if move.state in {"refused", "lapsed"})


def _why(moves: Sequence[History]) -> str:
    """Return the reason of the last refusal; what an objector wrote is none."""
    last = _last_end(moves)
    if last.state == "lapsed":
        return "Sudah lewat lima tahun sejak kejadian, dan pengajuan belum lengkap."
    reason = family_reason(last) or "alasannya dijelaskan petugas"
    return f"{reason[:1].upper()}{reason[1:]}."


def _rungs(claim: Claim, moves: Sequence[History]) -> list[Rung]:
    seen = {_RUNGS[move.state] for move in moves if move.state in _RUNGS}
    present = _RUNGS.get(claim.state)
    ladder = _LADDERS.get(claim.program, _LADDER)
    return [
        Rung(sentence, "present" if place == present else "past" if place in seen else "open")
        for place, sentence in enumerate(ladder)
    ]
