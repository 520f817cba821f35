"""What a family reads of a work accident besides the five steps: promise, care, conclusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident
from caseflow.claims.accident_models import AccidentNotice, AccidentRecord, CarePeriod
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.claims.states import is_in_care as is_in_care
from caseflow.formats import long_date, weekday_date
from caseflow.law.deadlines import conclude_by
from caseflow.workflow.models import History

_PROMISED = frozenset({"suspected", "treatment", "awaiting_certificate"})
_CONCLUDED = {"conclude_early": "work", "conclude": "work", "conclude_not_work": "not_work"}
# after these the conclusion is open again, or somebody else's word counts
_OPEN_AGAIN = frozenset({"reconsider", "reopen", "reopen_case", "inspector_says_work", "minister_says_work"})
_CARE_LABELS = {
    "inpatient": "Rawat inap",
    "outpatient": "Rawat jalan",
    "unable_to_work": "Belum mampu bekerja",
}


@dataclass(frozen=True)
class ShownConclusion:
    """Whether work caused it, on which grounds, and since when that stands."""

    verdict: Literal["work", "not_work"]
    grounds: Sequence[str]
    concluded_on: str


@dataclass(frozen=True)
class ShownAccident:
    """The accident in plain words.

    :ivar promise: until when it is concluded, while it is only suspected.
    """

    happened: str
    place: str
    promise: str | None
    care: Sequence[str]
    conclusion: ShownConclusion | None


def shown_accident(session: Session, claim: Claim, moves: Sequence[History]) -> ShownAccident:
    """Read what is known of the accident."""
    record = accident.current_record(session, claim.id)
    conclusion = _conclusion(session, claim, moves)
    happened, place = _event(claim, record, session.get(AccidentNotice, claim.id))
    return ShownAccident(
        happened=happened,
        place=place,
        promise=_promise(claim) if conclusion is None and claim.state in _PROMISED else None,
        care=[_care(period) for period in accident.periods(session, claim.id)],
        conclusion=conclusion,
    )


def _event(claim: Claim, record: AccidentRecord | None, notice: AccidentNotice | None) -> tuple[str, str]:
    known = record or notice
    if known is None:
        return weekday_date(claim.event_on), ""
    hour = f", pukul {known.happened_at:%H.%M}" if known.happened_at else ""
    return f"{weekday_date(claim.event_on)}{hour}", known.place


def _promise(claim: Claim) -> str:
    """PP 49/2023 Art. 25A(3): the day until which a suspected accident is concluded."""
    reported_on = claim.reported_on or clock.local(claim.opened_at).date()
    last_day = weekday_date(conclude_by(reported_on, numbers()))
    care = "" if claim.died_on is not None else "Perawatan ditanggung dulu. "
    return f"{care}Kami putuskan apakah ini kecelakaan kerja. Paling lambat {last_day}, yaitu 30 hari sejak laporan."


def _care(period: CarePeriod) -> str:
    label = _CARE_LABELS[period.kind]
    where = f" di {period.facility}" if period.facility and period.kind != "unable_to_work" else ""
    if period.ends_on is None:
        return f"{label}{where}, sejak {long_date(period.starts_on)}"
    if period.ends_on == period.starts_on:
        return f"{label}{where}, {long_date(period.starts_on)}"
    first, last = period.starts_on, period.ends_on
    from_words = str(first.day) if (first.year, first.month) == (last.year, last.month) else long_date(first)
    return f"{label}{where}, {from_words} sampai {long_date(last)}"


def _conclusion(session: Session, claim: Claim, moves: Sequence[History]) -> ShownConclusion | None:
    """Return the conclusion once the case has moved on it; one that is only written down is the officer's."""
    last = next(
        (move for move in reversed(moves) if move.action in _CONCLUDED | dict.fromkeys(_OPEN_AGAIN)), None
    )
    found = accident.current_conclusion(session, claim.id)
    if last is None or found is None or _CONCLUDED.get(last.action) != found.verdict:
        return None
    return ShownConclusion(
        verdict="work" if found.verdict == "work" else "not_work",
        grounds=[accident.GROUNDS[code] for code in found.grounds],
        concluded_on=long_date(clock.local(last.at).date()),
    )
