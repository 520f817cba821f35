"""The facts of one death, as the law needs them: stated by people, none of them assumed."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from caseflow.law.cover import CoverAnswer, CoverChoice
from caseflow.law.heirs import HeirRanking

LineCode = Literal["death_grant", "periodic_benefit", "funeral_cost"]


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """Money already paid for this event, for instance when a ten-million decision is corrected to the full benefit.

    :ivar code: the line it was paid for; :ivar amount_idr: rupiah; :ivar source: the payment it stands on, as staff would look it up.
    """

    code: str
    amount_idr: int
    source: str

    def __post_init__(self) -> None:
        if self.amount_idr < 0:
            raise ValueError("money paid before cannot be negative")


@dataclass(frozen=True, slots=True)
class DeathFacts:
    """Everything the law asks about one death; ``None`` and ``unknown`` mean that nobody has established it.

    :ivar cover_choice: the officer's choice where ``cover`` leaves it open.
    :ivar other_membership_funeral_paid: whether another membership of the same person already paid the funeral cost.
    :ivar burial_arranged_by: who arranged the burial; asked for only when there is no heir.
    """

    died_on: date
    work_caused: Literal["no", "yes", "unknown"]
    cover: CoverAnswer
    heirs: HeirRanking
    other_membership_funeral_paid: bool | None
    cover_choice: CoverChoice | None = None
    burial_arranged_by: str | None = None
    already_paid: tuple[PaidBefore, ...] = ()

    def __post_init__(self) -> None:
        if {self.cover.died_on, self.heirs.died_on} != {self.died_on}:
            raise ValueError("cover and heirs were worked out for another day of death")
