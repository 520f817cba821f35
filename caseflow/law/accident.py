"""The facts of one work accident or occupational disease, as the law needs them: stated by people, none assumed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

from caseflow.law.death import PaidBefore
from caseflow.law.heirs import HeirRanking
from caseflow.law.lateness import Lateness

Condition = Literal[
    "recovered", "partial_anatomical", "partial_functional", "total_permanent", "died", "still_treated"
]

CONDITION_LABELS: Mapping[Condition, str] = MappingProxyType(
    {
        "recovered": "sembuh",
        "partial_anatomical": "cacat sebagian anatomis",
        "partial_functional": "cacat sebagian fungsi",
        "total_permanent": "cacat total tetap",
        "died": "meninggal dunia",
        "still_treated": "masih dalam pengobatan",
    }
)

Side = Literal["right", "left"]

SIDE_LABELS: Mapping[Side, str] = MappingProxyType({"right": "kanan", "left": "kiri"})

CostKind = Literal[
    "transport",
    "treatment",
    "home_care",
    "prosthesis",
    "orthosis",
    "denture",
    "hearing_aid",
    "glasses",
    "diagnostics",
]

COST_LABELS: Mapping[CostKind, str] = MappingProxyType(
    {
        "transport": "Biaya angkutan",
        "treatment": "Biaya pengobatan di luar PLKK",
        "home_care": "Biaya perawatan di rumah",
        "prosthesis": "Alat ganti (prothese)",
        "orthosis": "Alat bantu (orthose)",
        "denture": "Gigi tiruan",
        "hearing_aid": "Alat bantu dengar",
        "glasses": "Kacamata",
        "diagnostics": "Pemeriksaan diagnostik penyakit akibat kerja",
    }
)

TransportMode = Literal["land", "sea", "air"]

MODE_LABELS: Mapping[TransportMode, str] = MappingProxyType(
    {"land": "darat, sungai, atau danau", "sea": "laut", "air": "udara"}
)


@dataclass(frozen=True, slots=True)
class Incapacity:
    """One period in which the worker could not work, both days included.

    :ivar ends_on: ``None`` while nobody has certified the end; :ivar source: the paper it stands on.
    """

    starts_on: date
    ends_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Injury:
    """One row of the table of disability as the doctor assessed it (form 3b KK 3).

    :ivar row_code: row of ``workflows/tables.yaml``; :ivar side: of the body, where the row has sides.
    :ivar loss_permille: share of the function that is lost, for a functional disability.
    :ivar set_permille: what the doctor set inside the range of a row, in thousandths (20 per cent is 200).
    :ivar units: how many units were lost, for a row that counts units.
    """

    row_code: str
    side: Side | None
    kind: Literal["anatomical", "functional"]
    loss_permille: int | None
    set_permille: int | None
    units: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Cost:
    """One receipt.

    :ivar amount_idr: rupiah paid; :ivar source: the receipt as staff would look it up.
    :ivar mode: for transport; :ivar reference_price_idr: of the government reference hospital, for devices.
    :ivar starts_on: first and :ivar ends_on: last day of home care.
    """

    kind: CostKind
    amount_idr: int
    spent_on: date | None
    source: str
    mode: TransportMode | None = None
    reference_price_idr: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class AccidentFacts:
    """Everything the law asks about one accident; ``None`` and ``unknown`` mean that nobody has established it.

    :ivar happened_on: day of the accident, or of the diagnosis of an occupational disease; selects all numbers.
    :ivar active: membership on that day; :ivar active_because: in a sentence without names.
    :ivar reported_income_idr: rupiah a month, as registered.
    :ivar condition: last condition by the doctor; :ivar condition_on: the day it was declared.
    :ivar heirs, other_membership_funeral_paid, burial_arranged_by: asked for only when the worker died.
    :ivar late: how late the payment is, ``None`` while in time.
    """

    happened_on: date
    verdict: Literal["work", "not_work", "unknown"]
    active: Literal["yes", "no", "unknown"]
    active_because: str
    reported_income_idr: int | None
    condition: Condition | None
    condition_on: date | None = None
    died_on: date | None = None
    incapacity: tuple[Incapacity, ...] = ()
    injuries: tuple[Injury, ...] = ()
    dominant_hand: Side | None = None
    costs: tuple[Cost, ...] = ()
    heirs: HeirRanking | None = None
    other_membership_funeral_paid: bool | None = None
    burial_arranged_by: str | None = None
    already_paid: tuple[PaidBefore, ...] = ()
    late: Lateness | None = None

    def __post_init__(self) -> None:
        if self.heirs is not None and self.heirs.died_on != self.died_on:
            raise ValueError("heirs were worked out for another day of death")

    @property
    def ended_on(self) -> date | None:
        """The day on which a final condition ended the incapacity; ``None`` while treatment goes on."""
        if self.condition == "died":
            return self.died_on
        return None if self.condition == "still_treated" else self.condition_on
