"""What a month of contributions costs: read by payer, sector and month, and the rates a new installation begins with.

Not here: adding a rate on a screen (administration), what was paid (``payments``).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from caseflow.formats import month_year
from caseflow.law.dated import CERTAINTY_LABELS, Certainty, NoNumber
from caseflow.law.ledger import first_of, month_number
from caseflow.registry.nomination_models import FUNDING_SOURCES
from caseflow.registry.rate_models import FULL, PP_50_2025, SECTORS, STATE_MONEY, ContributionRate

FUNDING_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "apb_nagari": "APB nagari",
        "apbd": "APBD kabupaten",
        "dbh_sawit": "DBH sawit",
        "pokir": "Pokok pikiran DPRD",
        "csr": "Bantuan perusahaan (CSR)",
        "mandiri": "Bayar sendiri",
    }
)
SECTOR_LABELS: Mapping[str, str] = MappingProxyType(
    {"transport": "Angkutan (ojek, sopir)", "other": "Pekerjaan lain"}
)
_BEGINNING = date(2019, 12, 1)  # the month in which PP 82/2019 came into force
_HALF = (5_000, 3_400)
_FULL_SOURCE = "PP 44/2015: JKK 1 % dari penghasilan Rp1.000.000, JKM Rp6.800"
_STATE_SOURCE = f"{_FULL_SOURCE}; dibayar lewat anggaran pemerintah, jadi tanpa keringanan PP 50/2025"
_OPEN_SOURCE = f"{_FULL_SOURCE}; apakah keringanan PP 50/2025 berlaku belum ditemukan aturannya"
_HALF_SOURCE = "PP 50/2025: keringanan 50 % iuran JKK dan JKM bagi yang membayar sendiri"
_REDUCED = {
    "transport": (date(2026, 1, 1), date(2027, 3, 31)),
    "other": (date(2026, 4, 1), date(2026, 12, 31)),
}


@dataclass(frozen=True, slots=True)
class Rate:
    """What one month of one worker costs, in rupiah, and where that is written.

    :ivar valid_to: last day; ``None`` when open.
    :ivar reduction: empty, or the rule that reduces it (``pp_50_2025``).
    """

    funding_source: str
    sector: str
    valid_from: date
    valid_to: date | None
    amount_idr: int
    jkk_idr: int
    jkm_idr: int
    reduction: str
    source: str
    certainty: Certainty

    @property
    def certainty_label(self) -> str:
        """How sure the rate is, in words: ``terverifikasi``, ``belum terverifikasi``…"""
        return CERTAINTY_LABELS[self.certainty]

    def holds_in(self, month: date) -> bool:
        """Whether the rate is in force in the month of that first day."""
        return self.valid_from <= month and (self.valid_to is None or month <= self.valid_to)


_COLUMNS = (
    ContributionRate.funding_source, ContributionRate.sector, ContributionRate.valid_from,
    ContributionRate.valid_to, ContributionRate.amount_idr, ContributionRate.jkk_idr, ContributionRate.jkm_idr,
    ContributionRate.reduction, ContributionRate.source, ContributionRate.certainty,
)  # fmt: skip
_NEWEST_FIRST = (ContributionRate.valid_from.desc(), ContributionRate.id.desc())


def rate_on(session: Session, funding_source: str, sector: str, month: date) -> Rate:
    """Return what a month costs when this payer pays for this sector.

    :param month: any day of the month.
    :raises NoNumber: no rate is in force; an unknown rate never has a default.
    """
    return _required(rates_between(session, funding_source, sector, month, month), funding_source, month)


def rates_between(
    session: Session, funding_source: str, sector: str, first: date, last: date
) -> Sequence[Rate]:
    """Return every rate of this payer and sector that is in force in some of these months, the newest first."""
    begin, end = first.replace(day=1), last.replace(day=1)
    rows = session.execute(
        select(*_COLUMNS)
        .where(
            ContributionRate.funding_source == funding_source,
            ContributionRate.sector == sector,
            ContributionRate.valid_from <= end,
            or_(ContributionRate.valid_to.is_(None), ContributionRate.valid_to >= begin),
        )
        .order_by(*_NEWEST_FIRST)
    )
    return [Rate(**row._asdict()) for row in rows]


def find_rate(rates: Iterable[Rate], month: date) -> Rate | None:
    """Return the rate for a month out of what ``rates_between`` gave; ``None`` when there is none."""
    first = month.replace(day=1)
    return next((one for one in rates if one.holds_in(first)), None)


def amounts(session: Session, funding_source: str, sector: str, months: Sequence[date]) -> dict[date, int]:
    """Return what each of these months (their first days) costs, in one query.

    :raises NoNumber: one of them has no rate.
    """
    if not months:
        return {}
    rates = rates_between(session, funding_source, sector, min(months), max(months))
    return {month: _required(rates, funding_source, month).amount_idr for month in months}


def rate_table(session: Session, on: date) -> list[Rate]:
    """Return the rates in force in the month of a day, one for each payer and sector."""
    rows = session.execute(
        select(*_COLUMNS)
        .where(
            ContributionRate.valid_from <= on.replace(day=1),
            or_(ContributionRate.valid_to.is_(None), ContributionRate.valid_to >= on.replace(day=1)),
        )
        .ext(distinct_on(ContributionRate.funding_source, ContributionRate.sector))
        .order_by(ContributionRate.funding_source, ContributionRate.sector, *_NEWEST_FIRST)
    )
    found = [Rate(**row._asdict()) for row in rows]
    return sorted(found, key=lambda one: (FUNDING_SOURCES.index(one.funding_source), one.sector))


def _required(rates: Iterable[Rate], funding_source: str, month: date) -> Rate:
    found = find_rate(rates, month)
    if found is None:
        raise NoNumber(
            f"Tarif iuran {FUNDING_LABELS.get(funding_source, funding_source)} untuk {month_year(month)} "
            "belum ditetapkan. Tidak ada yang dihitung. Minta admin mengisinya di halaman tarif."
        )
    return found


def months_of(first: date, last: date) -> list[date]:
    """Return the first days of all months from one to another, both included."""
    return [first_of(number) for number in range(month_number(first), month_number(last) + 1)]


def load_rates(session: Session) -> None:
    """Add the first rates; an installation that has any rate is left as it is."""
    if session.scalar(select(ContributionRate.id).limit(1)) is not None:
        return
    for payer in FUNDING_SOURCES:
        for sector in SECTORS:
            session.add(_full(payer, sector))
    for sector, (first, last) in _REDUCED.items():
        jkk, jkm = _HALF
        session.add(
            ContributionRate(
                funding_source="mandiri", sector=sector, valid_from=first, valid_to=last, reduction=PP_50_2025,
                amount_idr=jkk + jkm, jkk_idr=jkk, jkm_idr=jkm, source=_HALF_SOURCE, certainty="V1",
            )
        )  # fmt: skip


def _full(payer: str, sector: str) -> ContributionRate:
    jkk, jkm = FULL
    source, certainty = _FULL_SOURCE, "V2"
    if payer in STATE_MONEY:
        source = _STATE_SOURCE
    elif payer != "mandiri":
        source, certainty = _OPEN_SOURCE, "verify"
    return ContributionRate(
        funding_source=payer, sector=sector, valid_from=_BEGINNING, amount_idr=jkk + jkm, jkk_idr=jkk,
        jkm_idr=jkm, source=source, certainty=certainty,
    )  # fmt: skip
