"""The rupiah that reached families (D11), month by month and by programme; words that it shares with the service."""

from collections.abc import Sequence
from itertools import accumulate

from caseflow.formats import permille, rupiah
from caseflow.reports import result_charts as charts
from caseflow.reports.published_results import FIRST, PAYMENTS, PROGRAMS
from caseflow.reports.result_figures import (
    FROM_BANK,
    HIDDEN,
    Cell,
    Column,
    Indicator,
    month_words,
    most_of,
    period_of,
)
from caseflow.reports.result_reading import ROUNDED_TO_IDR, Results

PROGRAM_LABELS = {"jkm": "Kematian (JKM)", "jkk": "Kecelakaan kerja (JKK)", "scholarship": "Beasiswa"}
MONTHS_DRAWN = 6


def rupiah_paid(results: Results) -> Indicator:
    """D11: rupiah that reached families, month by month and summed up."""
    total = results.rupiah().get("")
    transfers = results.count(PAYMENTS, (*FIRST, "other"))
    months = results.rupiah("month") if results.along(PAYMENTS, "month", ("kept",)) is not None else {}
    columns = [Column("Bulan"), Column("Rupiah", True, "idr")]
    paid = [(month_words(month), months[month]) for month in sorted(months)]
    rows: list[Sequence[Cell]]
    if results.masked:  # hidden months and rounding: nothing to sum up
        rows = list(paid)
        drawn = [(label, (amount,), rupiah(amount)) for label, amount in paid[-MONTHS_DRAWN:]]
        chart = charts.bars(drawn, name="rupiah", said="Rupiah menurut bulan.")
    else:
        columns.append(Column("Jumlah sampai bulan itu", True, "idr"))
        points = list(
            zip([label for label, _ in paid], accumulate(amount for _, amount in paid), strict=True)
        )
        rows = [(*one, passed) for one, (_, passed) in zip(paid, points, strict=True)]
        unit = "rupiah, jumlah sampai bulan itu"
        chart = charts.climbing(points, said="Rupiah menurut bulan.", unit=unit)
    if total is not None:
        title = f"{_about(results)}{rupiah(total)} sampai kepada keluarga"
    elif transfers:
        title = f"Kurang dari {rupiah(ROUNDED_TO_IDR // 2)} sampai kepada keluarga"
    else:
        title = (
            "Rupiah yang sampai kepada keluarga: data sedikit"
            if transfers is None
            else "Belum ada pembayaran pada periode ini"
        )
    return Indicator(
        "D11", "rupiah", title, total, transfers, "transfer", period_of(results),
        FROM_BANK, "flow",
        "Jumlah semua transfer yang menurut rekening koran sampai dan tidak kembali, juga beasiswa, pada bulan dipastikannya."
        + _rounding(results),
        columns, rows, chart, little=transfers is None, unit="rupiah",
    )  # fmt: skip


def programs_paid(results: Results) -> Indicator:
    """D11, split by programme; one of few transfers is hidden from readers of aggregates, and another with it."""
    amounts = results.rupiah("program")
    told = results.along(PAYMENTS, "program", (*FIRST, "other")) or {}
    hidden = {one for one, count in told.items() if count is None}
    if results.masked and results.count(PAYMENTS, (*FIRST, "other")) is None:
        hidden = set(PROGRAMS)
    if results.masked:  # rounded to nothing: not told either
        hidden |= {one for one, count in told.items() if count and not amounts.get(one)}
    total = (results.rupiah() if hidden else {"": sum(amounts.values())}).get("", 0)
    known = [one for one in PROGRAMS if one not in hidden]
    rows: list[Sequence[Cell]] = [
        (PROGRAM_LABELS[one], amounts.get(one, 0), permille(amounts.get(one, 0), total)) if one in known
        else (PROGRAM_LABELS[one], HIDDEN, None)
        for one in PROGRAMS
    ]  # fmt: skip
    most = most_of([(one, None if one in hidden else amounts.get(one, 0)) for one in PROGRAMS])
    if most is not None:
        title = f"Terbanyak untuk {inside(PROGRAM_LABELS[most])}: {_about(results).lower()}{rupiah(amounts[most])}"
    elif known and total:
        title = f"{_about(results)}{rupiah(total)} menurut program"
    elif hidden:
        title = "Rupiah menurut program: data sedikit"
    else:
        title = "Belum ada rupiah yang dibagi menurut program"
    drawn = [(PROGRAM_LABELS[one], (amounts.get(one, 0),), rupiah(amounts.get(one, 0))) for one in known]
    return Indicator(
        "D11", "program", title, amounts.get(most) if most else None, total, "rupiah semua program",
        period_of(results), FROM_BANK, "flow",
        "Seperti rupiah di atas, menurut program" + (". Program dengan sedikit transfer disamarkan." if results.masked else ".")
        + _rounding(results),
        (Column("Program"), Column("Rupiah", True, "idr"), Column("Bagian", True, "percent")),
        rows if total and known else [],
        charts.bars(drawn, name="program", said=f"{title}.") if total and known else "", little=bool(hidden) and not known,
    )  # fmt: skip


def _about(results: Results) -> str:
    return "Sekitar " if results.masked else ""


def _rounding(results: Results) -> str:
    return f" Dibulatkan ke {rupiah(ROUNDED_TO_IDR)}." if results.masked else ""


def is_of_all(results: Results) -> bool:
    """Return whether a reader of aggregates looks at everything: through a filter nothing is split again."""
    return results.along(PAYMENTS, "program", ("kept",)) is not None


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence."""
    return label[0].lower() + label[1:]
