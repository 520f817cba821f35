"""What the figures of coverage say in one sentence each: the titles of their sections."""

from caseflow.formats import month_year, thousands
from caseflow.reports.coverage_figures import Coverage, Figure, HeatState
from caseflow.reports.coverage_map import State
from caseflow.reports.result_figures import most_of

HEAT_WORDS: dict[HeatState, str] = {
    "paid": "lunas",
    "part": "sebagian",
    "unpaid": "belum",
    "running": "belum jatuh tempo",
    "none": "tidak ada peserta",
    "few": "data sedikit",
}
HEAT_SIGNS: dict[HeatState, str] = {
    "paid": "✓",
    "part": "◐",
    "unpaid": "✕",
    "running": "…",
    "none": "–",
    "few": "•",
}

# how far a nagari is on the way to what it budgeted, with a sign, so that no tile speaks by its colour alone
MAP_WORDS: dict[State, str] = {
    "full": "anggaran terpenuhi",
    "most": "tiga perempat atau lebih",
    "half": "setengah atau lebih",
    "few": "kurang dari setengah",
    "nobody": "belum ada yang aktif",
    "no_quota": "tanpa kuota yang dianggarkan",
    "hidden": "disamarkan",
}
MAP_SIGNS: dict[State, str] = {
    "full": "●",
    "most": "◕",
    "half": "◑",
    "few": "◔",
    "nobody": "○",
    "no_quota": "▢",
    "hidden": "•",
}


def share(figure: Figure) -> str:
    """Return ``61,4 %``; empty where there is nothing to divide by."""
    return "" if figure.permille is None else percent(figure.permille)


def percent(permille: int) -> str:
    """Return a share as it is read: ``61,4 %``."""
    return f"{permille // 10},{permille % 10} %"


def answer(found: Coverage) -> str:
    """Return how many are covered."""
    when = month_year(found.month)
    if found.active.value.value is None:
        return f"Jumlah pekerja yang terlindungi pada {when} disamarkan"
    if not found.active.value.value:
        return f"Belum ada pekerja yang terlindungi pada {when}"
    words = found.active.value.words
    if found.active.of:
        return f"{words} dari {thousands(found.active.of)} pekerja rentan terlindungi pada {when}"
    return f"{words} pekerja rentan terlindungi pada {when}"


def nagari_answer(found: Coverage) -> str:
    """Return how many nagari lag behind their budget, or have anybody at all."""
    judged = [one for one in found.nagari if one.missing is not None]
    if judged:
        behind = sum(one.missing is not None and one.missing > 0 for one in judged)
        if not behind:
            return f"Semua {len(judged)} nagari yang punya kuota sudah memenuhi anggarannya"
        return f"{behind} dari {len(judged)} nagari belum memenuhi yang dianggarkan"
    # a hidden count is never nobody
    empty = sum(one.active.value == 0 for one in found.nagari)
    return f"{len(found.nagari) - empty} dari {len(found.nagari)} nagari punya pekerja yang terlindungi"


def district_answer(found: Coverage) -> str:
    """Return which kecamatan has the most, when it may be told."""
    counts = {one.name: one.active.value for one in found.districts}
    most = most_of(list(counts.items()))
    if most is None:
        return "Jumlah per kecamatan"
    return f"Kecamatan {most} paling banyak: {thousands(counts[most] or 0)} orang"


def trend_answer(found: Coverage) -> str:
    """Return whether it rose over the months shown."""
    shown = [(one.month, one.active.value) for one in found.trend if one.active.value is not None]
    if len(shown) < 2 or not any(count for _, count in shown):
        return "Belum cukup bulan untuk melihat naik atau turun"
    (since, before), (until, now) = shown[0], shown[-1]
    difference = now - before
    # where the newest months are hidden it says how far it tells
    end = "" if until == found.trend[-1].month else f" sampai {month_year(until)}"
    if not difference:
        return f"Sama banyak dengan {month_year(since)}{end}"
    words = f"{'Naik' if difference > 0 else 'Turun'} {thousands(abs(difference))} orang sejak {month_year(since)}{end}"
    when, most = max(shown, key=lambda one: (one[1], one[0]))
    return (
        words
        if most in {now, before} or len(shown) < len(found.trend)
        else f"{words}; paling banyak {thousands(most)} pada {month_year(when)}"
    )


def heat_answer(found: Coverage) -> str:
    """Return how many nagari paid the chosen month in time."""
    last = [row.cells[-1].state for row in found.heat]
    judged = [state for state in last if state not in {"none", "few"}]
    if not judged:
        return f"Belum ada iuran yang dapat dinilai untuk {month_year(found.month)}"
    return (
        f"{judged.count('paid')} dari {len(judged)} nagari lunas tepat waktu untuk {month_year(found.month)}"
    )


def risk_answer(found: Coverage) -> str:
    """Return how many stand to lose their cover, and who is next."""
    if found.at_risk_all.value is None:
        return "Jumlah yang terancam disamarkan"
    if not found.at_risk_all.value:
        return "Tidak ada yang menunggak"
    words = f"{found.at_risk_all.words} orang menunggak dan dapat kehilangan perlindungan"
    last = max(found.at_risk, default=0) if found.at_risk else 0
    if found.at_risk and found.at_risk[last]:
        words += f"; {thousands(found.at_risk[last])} di antaranya sudah {last} bulan"
    return words
