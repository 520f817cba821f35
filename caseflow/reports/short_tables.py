"""Tables in short for the monthly report: nagari (D2), kecamatan (D3), months paid (D5), at risk (D6), stages (D8).

Made of what readers of aggregates may read (the system is one of them): few people are hidden exactly as on the page
of coverage. Not here: what that page tells (``coverage``).
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from caseflow.formats import long_date, month_year, thousands
from caseflow.people.actor import SYSTEM
from caseflow.reports import coverage_figures as figures
from caseflow.reports.coverage import coverage
from caseflow.reports.coverage_figures import SOURCE, Coverage, Line
from caseflow.reports.published_results import FIRST, PAYMENTS
from caseflow.reports.result_figures import FROM_CASES, HIDDEN, Cell, Column, Indicator, most_of, period_of
from caseflow.reports.result_reading import Results
from caseflow.reports.suppression import FLOOR
from caseflow.workflow.definition import STAGE_LABELS, STAGES

_MOST = 10  # nagari of a table
_MONTHS = 6


def short_coverage(session: Session, month: date, *, today: date) -> Sequence[Indicator]:
    """Return D2, D3, D5 and D6 of a month, or of the newest that is fair to judge, as everybody may read them."""
    choice = figures.Choice(min(month, figures.last_due_month(today)))
    found = coverage(session, choice, by=SYSTEM, permission="coverage.read", today=today)
    return [_nagari(found), _districts(found), _months(found), _at_risk(found)]


def _nagari(found: Coverage) -> Indicator:
    behind = [one for one in found.nagari if one.missing]
    most = most_of([(one.name, one.missing) for one in found.nagari if one.quota])
    title = (
        f"Tempat kosong paling banyak di Nagari {most}: {thousands(behind[0].missing or 0)}"
        if most
        else f"Sedikitnya {len(behind)} nagari punya tempat kosong"
        if behind
        else "Tidak ada nagari yang diketahui punya tempat kosong"
    )
    return Indicator(
        "D2", "nagari", title, None, None, "tempat yang dianggarkan dalam kuota yang berlaku",
        f"keadaan {month_year(found.month)}", SOURCE, "stock",
        "Pekerja yang iurannya untuk bulan itu sudah dibayar, di samping kuota; tempat kosong terbanyak di atas.",
        (Column("Nagari"), *_PLACES), [_row(one) for one in behind[:_MOST]],
    )  # fmt: skip


def _districts(found: Coverage) -> Indicator:
    counts = {one.name: one.active.value for one in found.districts}
    most = most_of(list(counts.items()))
    title = "Pekerja terlindungi menurut kecamatan"
    if most:
        title = f"Kecamatan {most} paling banyak: {thousands(counts[most] or 0)} pekerja terlindungi"
    return Indicator(
        "D3", "kecamatan", title, None, None, "tempat yang dianggarkan dalam kuota yang berlaku",
        f"keadaan {month_year(found.month)}", SOURCE, "stock",
        "Pekerja yang iurannya untuk bulan itu sudah dibayar.",
        (Column("Kecamatan"), *_PLACES), [_row(one) for one in found.districts],
    )  # fmt: skip


_PLACES = (Column("Terlindungi", True), Column("Kuota", True), Column("Dianggarkan", True))


def _row(one: Line) -> Sequence[Cell]:
    active = HIDDEN if one.active.value is None else one.active.value
    return (one.name, active, *((one.quota.slots, one.quota.budgeted) if one.quota else (None, None)))


def _months(found: Coverage) -> Indicator:
    told = [
        (one.name, states["paid"], states["part"], states["unpaid"])
        for one in found.heat
        if (states := Counter(cell.state for cell in one.cells[-_MONTHS:]))["part"] + states["unpaid"]
    ]
    few = any(cell.state == "few" for one in found.heat for cell in one.cells[-_MONTHS:])
    rows = sorted(told, key=lambda one: (-one[3], -one[2], one[0]))
    title = (
        f"{'Sedikitnya ' if few else ''}{len(rows)} nagari punya bulan yang belum lunas dalam enam bulan"
        if rows
        else "Tidak ada nagari yang diketahui punya bulan belum lunas dalam enam bulan"
    )
    return Indicator(
        "D5", "iuran", title, None, None, "peserta setiap bulan", f"enam bulan sampai {month_year(found.month)}", SOURCE,
        "stock", "Lunas: semua peserta bulan itu dibayar paling lambat tanggal 15 bulan berikutnya; sebagian: tidak semua; "
        "belum: tidak seorang pun. Yang terbanyak belum dibayar di atas. Bulan dengan sedikit peserta tidak dihitung.",
        (Column("Nagari"), Column("Bulan lunas", True), Column("Bulan sebagian", True), Column("Bulan belum", True)),
        rows[:_MOST],
    )  # fmt: skip


def _at_risk(found: Coverage) -> Indicator:
    whole = found.at_risk_all.value
    names = {place.code: place.name for place in found.places}
    known = [(names[code], cell.value) for code, cell in found.at_risk_by_place.items() if cell.value]
    title = (
        "Pekerja dengan iuran yang terlewat: disamarkan"
        if whole is None
        else f"{thousands(whole)} pekerja punya iuran yang terlewat"
        if whole
        else "Tidak ada pekerja dengan iuran yang terlewat"
    )
    rows = [("Semua nagari", HIDDEN if whole is None else whole)] if whole != 0 else []
    return Indicator(
        "D6", "terancam", title, None, None, "pekerja yang masih dalam masa tenggang", f"keadaan {long_date(found.today)}",
        SOURCE, "stock", "Satu bulan penuh atau lebih belum dibayar, masih dalam masa tenggang. Tanpa nama.",
        (Column("Nagari"), Column("Pekerja", True)),
        [*rows, *sorted(known, key=lambda one: (-(one[1] or 0), one[0]))[:_MOST]] if rows else [],
    )  # fmt: skip


def short_stages(results: Results) -> Indicator:
    """D8: how many cases came to each stage.

    A stage is hidden whose number less another published one (another stage, transfers, refusals, transfers and
    refusals) would tell of 1 to 4 cases.
    """
    refused = results.count("refused", results.kinds("refused"))
    paid = results.count(PAYMENTS, (*FIRST, "other"))
    firsts = results.count(PAYMENTS, FIRST)
    known = [one for one in (refused, paid, firsts) if one is not None]
    known += [one + refused for one in (paid, firsts) if one is not None and refused is not None]
    rows: list[tuple[str, Cell]] = []
    for stage in (one for one in STAGES if one not in {"after", "ended"}):
        came = results.count("stage_reached", (stage,))
        if came is None or any(0 < abs(came - one) < FLOOR for one in known):
            rows.append((STAGE_LABELS[stage], HIDDEN))
            continue
        rows.append((STAGE_LABELS[stage], came))
        known.append(came)
    told = [one for one in rows if isinstance(one[1], int) and one[1]]
    title = (
        f"{thousands(int(told[0][1] or 0))} kasus sampai di tahap {told[0][0].lower()}"
        if told
        else "Kasus menurut tahap: data sedikit"
    )
    return Indicator(
        "D8", "tahap", title, None, None, "kasus yang pernah dibuka", period_of(results), FROM_CASES,
        "flow", "Kasus yang pertama kali sampai di tahap itu, pada bulan terjadinya. Tahap disamarkan bila selisihnya dengan "
        "angka lain menunjuk sedikit kasus.",
        (Column("Tahap"), Column("Kasus", True)), rows if told else [], little=not told,
    )  # fmt: skip
