"""Who is covered: by nagari, kecamatan and regency, against quota, budget and target; paid in time; at risk.

Active means: the contribution for the month is paid. A worker counts where they live now, and not after the month in
which they died or left. Readers of aggregates (``masked``) get counts of few people hidden. Every figure carries its
denominator, its day and its source.

Not here: what a figure carries (``coverage_figures``), rows (``coverage_rows``), pictures (``coverage_charts``), how small counts are hidden (``suppression``).
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from caseflow.claims.cover import numbers
from caseflow.errors import NotFound
from caseflow.formats import month_year
from caseflow.law.ledger import first_of, month_number
from caseflow.people import policy
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import reach
from caseflow.registry.arrears import month_end
from caseflow.registry.cover_models import CoverageTarget
from caseflow.reports import coverage_rows as rows
from caseflow.reports.coverage_cells import Counted, cells_of, narrowed, regencies_of
from caseflow.reports.coverage_figures import (
    MONTHS,
    PAYER_SOURCES,
    SOURCE,
    Choice,
    Coverage,
    Figure,
    HeatCell,
    HeatRow,
    HeatState,
    Line,
    Payer,
    Point,
    due_on,
)
from caseflow.reports.coverage_rows import Paid, Place, Places
from caseflow.reports.suppression import FLOOR, Cell


def coverage(session: Session, choice: Choice, *, by: Actor, permission: str, today: date) -> Coverage:
    """Return the figures of coverage of all places in somebody's reach, narrowed to what was chosen.

    Whoever reads aggregates cannot choose a payer: nagari by payer would be a table in which sums betray few people.

    :raises NotFound: an area that is not in reach, or not there.
    """
    masked = policy.mark(by, permission) == "masked"
    payer = None if masked else choice.payer
    since = first_of(month_number(choice.month) - MONTHS + 1)
    known = rows.places(session, by=by, permission=permission)
    # who reads one kecamatan is told of it what the others are told: the whole regency less it is no secret
    around = regencies_of(session, known) if masked else known
    everybody = SYSTEM if masked else by
    paid = rows.paid(session, since, choice.month, by=everybody, permission=permission)
    sources = PAYER_SOURCES[payer] if payer else tuple(one for many in PAYER_SOURCES.values() for one in many)
    counted = Counted((known, around), [row for row in paid if row.source in sources], masked)
    quotas = rows.quotas(session, choice.month, sources, by=by, permission=permission)
    grace = numbers().on("grace_months", today).value
    unpaid = rows.unpaid(session, today, grace, by=everybody, permission=permission)
    members = rows.members(session, since, choice.month, by=by, permission=permission)
    chosen = [place for place in known if _lies_in(place, choice.area)]
    if choice.area and not chosen:
        raise NotFound("Wilayah ini tidak ditemukan. Pilih wilayah lain.")
    risk = cells_of((known, around), _by_place(unpaid), masked)
    whole = counted.of(choice.month, choice.area)
    published = (
        {} if choice.area or payer else _targets(session, known, choice.month, by=by, permission=permission)
    )
    return Coverage(
        month=choice.month,
        today=today,
        masked=masked,
        area=choice.area,
        payer=payer,
        places=known,
        active=_active(whole, choice.month, published.get("vulnerable")),
        of_quota=_of_quota(whole, choice, quotas, chosen, all_chosen=len(chosen) == len(known)),
        by_payer=None
        if payer or len(known) < len(around)
        else _payers(chosen, paid, choice, whole, masked=masked),
        target=published.get("vulnerable"),
        all_workers=published.get("all_workers"),
        nagari=_lines(chosen, counted, quotas, choice.month),
        districts=[] if choice.area else _districts(known, counted, quotas, choice.month),
        trend=_trend(counted, choice, since, rows.rate_changes(session, since, choice.month, sources)),
        heat=_heat(chosen, paid, members, (since, choice.month), masked=masked, today=today),
        at_risk=None if masked else _by_step(unpaid, chosen, grace),
        at_risk_all=narrowed(risk, choice.area),
        at_risk_by_place={place.code: risk[0][place.code] for place in chosen},
    )


def _lies_in(place: Place, area: str) -> bool:
    return area in {"", place.code, place.district_code}


def _active(whole: Cell, month: date, target: CoverageTarget | None) -> Figure:
    return Figure(
        value=whole,
        of=target.population if target else None,
        meaning=f"pekerja yang iurannya untuk {month_year(month)} sudah dibayar",
        of_meaning=target.population_meaning if target else "",
        on=month_end(month),
        source=SOURCE,
    )


def _of_quota(
    whole: Cell, choice: Choice, quotas: Mapping[str, Places], chosen: Sequence[Place], *, all_chosen: bool
) -> Figure | None:
    """Return the active workers of the places of quotas; those given to the regency count when all is chosen."""
    codes = {place.code for place in chosen}
    slots = sum(one.slots for code, one in quotas.items() if all_chosen or code in codes)
    if not slots:
        return None
    return Figure(
        whole,
        slots,
        f"pekerja aktif pada {month_year(choice.month)}",
        "tempat dalam kuota yang berlaku",
        month_end(choice.month),
        f"{SOURCE}; kuota menurut surat keputusannya",
    )


def _payers(
    chosen: Sequence[Place], paid: Sequence[Paid], choice: Choice, whole: Cell, *, masked: bool
) -> Mapping[Payer, Cell] | None:
    codes = {place.code for place in chosen}
    counts = {
        payer: sum(
            row.workers
            for row in paid
            if row.month == choice.month and row.source in sources and row.place in codes
        )
        for payer, sources in PAYER_SOURCES.items()
    }
    if not masked:
        return {payer: Cell(count) for payer, count in counts.items()}
    # beside the nagari this is a second way to add up: told only when neither it nor their sum is small
    if choice.area or whole.value is None or any(0 < count < FLOOR for count in counts.values()):
        return None
    return {payer: Cell(count) for payer, count in counts.items()}


def _targets(
    session: Session, known: Sequence[Place], month: date, *, by: Actor, permission: str
) -> Mapping[str, CoverageTarget]:
    """Return what was published about the whole regency, for who sees all of it."""
    codes = reach.regions(by, permission)
    regencies = {place.code[:5] for place in known} if codes is None else codes
    return rows.targets(session, sorted(regencies), month_end(month)) if len(regencies) == 1 else {}


def _lines(
    chosen: Sequence[Place], counted: Counted, quotas: Mapping[str, Places], month: date
) -> Sequence[Line]:
    cells = counted.cells(month)[0]
    found = [Line(one.code, one.name, one.district, cells[one.code], quotas.get(one.code)) for one in chosen]
    # hidden counts stand last, in the order of names: their place in the order would tell what they are
    return sorted(found, key=lambda one: (one.missing is None, -(one.missing or 0), one.district, one.name))


def _districts(
    known: Sequence[Place], counted: Counted, quotas: Mapping[str, Places], month: date
) -> Sequence[Line]:
    cells = counted.cells(month)[1]
    found = []
    for code, name in dict.fromkeys((place.district_code, place.district) for place in known):
        given = [quotas[one.code] for one in known if one.district_code == code and one.code in quotas]
        total = Places(sum(one.slots for one in given), sum(one.budgeted for one in given)) if given else None
        found.append(Line(code, name, name, cells[code], total))
    return found


def _trend(
    counted: Counted, choice: Choice, since: date, rates: Mapping[date, Sequence[str]]
) -> Sequence[Point]:
    first = month_number(since)
    months = [first_of(first + step) for step in range(MONTHS)]
    return [Point(one, counted.of(one, choice.area), tuple(rates.get(one, ()))) for one in months]


def _heat(
    chosen: Sequence[Place],
    paid: Sequence[Paid],
    members: Mapping[tuple[str, date], int],
    period: tuple[date, date],
    *,
    masked: bool,
    today: date,
) -> Sequence[HeatRow]:
    in_time: dict[tuple[str, date], int] = defaultdict(int)
    for row in paid:
        in_time[row.place, row.month] += row.in_time
    months = [first_of(one) for one in range(month_number(period[0]), month_number(period[1]) + 1)]
    return [
        HeatRow(
            one.code,
            one.name,
            one.district,
            [
                _heat_cell(
                    month,
                    in_time[one.code, month],
                    members.get((one.code, month), 0),
                    masked=masked,
                    today=today,
                )
                for month in months
            ],
        )
        for one in chosen
    ]


def _heat_cell(month: date, in_time: int, total: int, *, masked: bool, today: date) -> HeatCell:
    if masked and 0 < total < FLOOR:
        return HeatCell(month, "few", None, None)
    if not total:
        state: HeatState = "none"
    elif in_time == total:
        state = "paid"
    elif today <= due_on(month):
        state = "running"
    else:
        state = "part" if in_time else "unpaid"
    return HeatCell(month, state, None, None) if masked else HeatCell(month, state, in_time, total)


def _by_place(unpaid: Mapping[tuple[str, int], int]) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for (place, _), count in unpaid.items():
        found[place] += count
    return found


def _by_step(
    unpaid: Mapping[tuple[str, int], int], chosen: Collection[Place], grace: int
) -> Mapping[int, int]:
    return {step: sum(unpaid.get((one.code, step), 0) for one in chosen) for step in range(1, grace + 1)}
