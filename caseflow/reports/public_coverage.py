"""How many are covered (D1) and how that went month by month (D4), for everybody: whole counts, few people hidden.

The counts are hidden exactly as on the page of readers of aggregates, so that one does not undo the other.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow.formats import month_year, thousands
from caseflow.law.ledger import first_of, month_number
from caseflow.registry.arrears import month_end
from caseflow.registry.cover_models import CoverageTarget, CoverCount
from caseflow.reports import coverage_rows
from caseflow.reports import result_charts as charts
from caseflow.reports.coverage_figures import MONTHS, SOURCE, last_due_month
from caseflow.reports.result_figures import HIDDEN, Column, Indicator, percent
from caseflow.reports.suppression import suppressed


def public_coverage(session: Session, *, today: date, month: date | None = None) -> Sequence[Indicator]:
    """Return D1 and D4 of a month; without one, of the newest that is fair to judge."""
    month = min(month or last_due_month(today), last_due_month(today))
    first = month_number(month) - MONTHS + 1
    counted: dict[date, dict[str, int]] = defaultdict(dict)
    for row in session.execute(
        select(CoverCount.month, CoverCount.region_code, func.sum(CoverCount.workers).label("workers"))
        .where(CoverCount.month.between(first_of(first), month))
        .group_by(CoverCount.month, CoverCount.region_code)
    ):
        counted[row.month][row.region_code] = int(row.workers)
    districts = {one.code: one.district_code for one in coverage_rows.every_place(session)}
    months = [first_of(first + step) for step in range(MONTHS)]
    told = [(one, _whole(counted[one], districts)) for one in months]
    return [_covered(session, month, told[-1][1]), _by_month(told)]


def _whole(counts: dict[str, int], districts: dict[str, str]) -> int | None:
    """Return all of them, where every regency alone may be told: its readers are told of it, and could subtract."""
    regencies: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for code, district in districts.items():
        regencies[district.rpartition(".")[0]][district][code] = counts.get(code, 0)
    told = [suppressed(groups)[2].value for groups in regencies.values()]
    return None if None in told else sum(one or 0 for one in told)


def _covered(session: Session, month: date, active: int | None) -> Indicator:
    targets = session.scalars(
        select(CoverageTarget)
        .where(CoverageTarget.kind == "vulnerable", CoverageTarget.stated_on <= month_end(month))
        .order_by(CoverageTarget.stated_on.desc())
    ).first()
    population = targets.population if targets else None
    if active is None:
        title = f"Jumlah pekerja yang terlindungi pada {month_year(month)} disamarkan"
    elif population:
        title = f"{thousands(active)} dari {thousands(population)} pekerja rentan terlindungi pada {month_year(month)} ({percent(active, population)})"
    else:
        title = f"{thousands(active)} pekerja rentan terlindungi pada {month_year(month)}"
    rows = [("Terlindungi", HIDDEN if active is None else active)]
    if targets:
        rows += [
            ("Target", targets.value),
            *([(targets.population_meaning.capitalize(), population)] if population else []),
        ]
    source = f"{SOURCE}; target: {targets.source}" if targets else SOURCE
    return Indicator(
        "D1", "terlindungi", title, active, population, targets.population_meaning if targets else "pekerja rentan",
        f"keadaan {month_year(month)}", source, "stock",
        f"Terlindungi: iuran untuk {month_year(month)} sudah dibayar dan dipastikan.",
        (Column("Pekerja"), Column("Banyaknya", True)), rows,
        charts.bars([("Terlindungi", (active,), thousands(active)), ("Target", (targets.value,), thousands(targets.value))],
                    name="lindung", said=f"{title}.") if active is not None and targets else "",
    )  # fmt: skip


def _by_month(told: Sequence[tuple[date, int | None]]) -> Indicator:
    known = [(month, number) for month, number in told if number is not None]
    if len(known) < 2:
        title = "Pekerja terlindungi per bulan"
    else:
        (since, before), (until, now) = known[0], known[-1]
        # where the newest months are hidden it says how far it tells
        end = "" if until == told[-1][0] else f" sampai {month_year(until)}"
        title = f"Sama banyak dengan {month_year(since)}{end}"
        if now != before:
            title = f"{'Naik' if now > before else 'Turun'} {thousands(abs(now - before))} orang sejak {month_year(since)}{end}"
    return Indicator(
        "D4", "per-bulan", title, None, None, "bulan yang iurannya sudah jatuh tempo", "dua belas bulan terakhir",
        SOURCE, "stock", "Pekerja yang iurannya untuk bulan itu sudah dibayar. Tidak dijumlahkan antarbulan.",
        (Column("Bulan"), Column("Terlindungi", True)),
        [(month_year(month), HIDDEN if number is None else number) for month, number in told],
        charts.bars([(month_year(month), (number,), thousands(number)) for month, number in known], name="bulan", said=f"{title}."),
    )  # fmt: skip
