"""The eight headline figures: from the death to the money, and from the money to a living. Each stands for itself."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select

from caseflow.formats import permille, thousands
from caseflow.monitoring.visit_models import ALIVE, STAGES
from caseflow.registry.cover_models import CoverCount, CoverMember
from caseflow.reports.coverage_figures import last_due_month
from caseflow.reports.result_figures import (
    FEWEST,
    FROM_CASES,
    FROM_VISITS,
    HIDDEN,
    Cell,
    Column,
    Indicator,
    percent,
    period_of,
    period_words,
)
from caseflow.reports.result_reading import Results
from caseflow.reports.service_results import days_of, in_time
from caseflow.reports.visit_results import DUE, MILESTONE_LABELS, NO_MONTHS


def headlines(results: Results) -> Sequence[Indicator]:
    """Return the eight, in the order in which a family lives through them."""
    results.read_together("paid", "first_complete", "contacted", "received", "scholarship", "visit")
    return [
        days_of(results, "death_to_paid", "kematian", "Dari kematian sampai cair", "hari kalender sejak hari meninggal sampai uang sampai"),
        in_time(results),
        _share(
            results, "H3", "lengkap-pertama", "first_complete", ("first",), ("first", "again"),
            ("klaim langsung lengkap tanpa diminta mengganti dokumen", "klaim yang dokumennya pernah lengkap"),
            "Dokumen lengkap, dan sampai sekarang tidak pernah diminta penggantinya. Pada bulan pertama kali lengkap.",
            FROM_CASES,
        ),
        _share(
            results, "H4", "dihubungi", "contacted", ("within",), ("within", "later"),
            ("keluarga dihubungi dalam 7 hari sejak laporan", "laporan yang sudah lewat 7 hari"),
            "Langkah pertama petugas di berkas kematian atau kecelakaan kerja paling lama 7 hari kalender sesudah laporan. Laporan yang belum 7 hari tidak dihitung.",
            FROM_CASES,
        ),
        _share(
            results, "H5", "diterima-utuh", "received", ("full",), ("full", "not_yet", "unanswered"),
            ("keluarga memastikan santunan diterima utuh", "keluarga yang sudah dibayar"),
            "Jawaban terakhir keluarga atas pertanyaan tiga hari sesudah transfer pertama JKM atau JKK. Yang belum menjawab ikut penyebut; beasiswa tidak dihitung.",
            FROM_CASES,
        ),
        months_lost(results),
        _share(
            results, "H7", "beasiswa", "scholarship", ("claimed",), ("claimed", "not_yet"),
            ("anak yang berhak sudah mengajukan beasiswa", "anak yang ditetapkan dan sudah dapat mengajukan"),
            "Anak yang ditetapkan keluarganya dan pernah mengajukan sedikitnya satu tahun ajaran.",
            FROM_CASES, kind="stock",
        ),
        living(results),
    ]  # fmt: skip


def _share(
    results: Results,
    code: str,
    key: str,
    population: str,
    good: Sequence[str],
    every: Sequence[str],
    meanings: tuple[str, str],
    definition: str,
    source: str,
    *,
    kind: str = "flow",
) -> Indicator:
    """Return a share with its table of two rows: what is meant, and the rest of the denominator."""
    found, total = results.count(population, good), results.count(population, every)
    rows: list[Sequence[Cell]] = []
    if found is None or total is None:
        title = f"{meanings[0].capitalize()}: data sedikit"
        found = total = None
    elif not total:
        title = f"{meanings[0].capitalize()}: belum ada kasus pada periode ini"
    else:
        share = percent(found, total) if total >= FEWEST else "data sedikit"
        title = f"{thousands(found)} dari {thousands(total)} {meanings[0]} ({share})"
        rows = [("Ya", found), ("Belum atau tidak", total - found)]
    return Indicator(
        code, key, title, found, total, meanings[1], period_of(results), source,
        "stock" if kind == "stock" else "flow", definition,
        (Column("Jawaban"), Column("Banyaknya", True)), rows, little=total is None or 0 < total < FEWEST,
    )  # fmt: skip


def months_lost(results: Results) -> Indicator:
    """H6: months of cover lost because nobody paid in time for members: members of a month less those paid for it."""
    period = results.applied.period
    if results.masked and len(period) > len("2026"):
        period = ""
    lost, paid = _lost_and_paid(results, period)
    total = lost + paid
    rows: list[Sequence[Cell]] = [("Bulan terlindungi", paid), ("Bulan hilang", lost)] if total else []
    if not total:
        title = "Belum ada bulan kepesertaan pada periode ini"
    else:
        title = f"{thousands(lost)} dari {thousands(total)} bulan perlindungan hilang karena iuran tidak dibayar ({percent(lost, total)})"
        title = f"Sekitar {title}" if results.masked else title
    return Indicator(
        "H6", "bulan-hilang", title, lost, total,
        "bulan kepesertaan", period_words(period, last_due_month(results.today)),
        "caseflow, bulan iuran yang sudah dipastikan cabang", "flow",
        "Bulan seorang peserta (dibayar bulan itu atau salah satu dari tiga bulan sebelumnya) yang iurannya tidak dibayar. "
        "Sampai bulan terakhir yang jatuh tempo. "
        + ("Seluruh wilayah, dibulatkan ke puluhan. Saringan bulan, wilayah, dan program tidak berlaku di sini."
           if results.masked else "Saringan program tidak berlaku di sini."),
        (Column("Bulan"), Column("Banyaknya", True)), rows,
    )  # fmt: skip


def _lost_and_paid(results: Results, period: str) -> tuple[int, int]:
    """Return months lost and paid in a period.

    Readers of aggregates are told of the whole regency, of all time or of a year, in tens: the pages of coverage tell
    who is paid and who is at risk month by month, and beside exact numbers of months what they hide would come out.
    """
    here = [counts for month, counts in _by_month(results).items() if month.startswith(period)]
    lost, paid = (sum(one[kind] for one in here) for kind in ("lost", "paid"))
    return (_in_tens(lost), _in_tens(paid)) if results.masked else (lost, paid)


def _in_tens(number: int) -> int:
    return (number + 5) // 10 * 10


def _by_month(results: Results) -> dict[str, dict[str, int]]:
    """Return months lost and paid, by month (``2026-10``), of the places that are looked at."""
    until = last_due_month(results.today)
    chosen = results.choice.area
    places = results.all_places if results.masked else results.places
    codes = {one.code for one in places if results.masked or chosen in {"", one.code, one.district_code}}
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"lost": 0, "paid": 0})
    for table in (CoverMember, CoverCount):
        for month, code, number in results.session.execute(
            select(table.month, table.region_code, func.sum(table.workers))
            .where(table.month <= until)
            .group_by(table.month, table.region_code)
        ):
            if code not in codes:
                continue
            counts = found[f"{month:%Y-%m}"]
            counts["lost"] += int(number) if table is CoverMember else -int(number)
            counts["paid"] += int(number) if table is CoverCount else 0
    return found


def living(results: Results) -> Indicator:
    """H8: households with a living income activity at 6 and 12 months, with how many were seen of how many due."""
    chosen, results = results, results.of_all_months
    rows: list[Sequence[Cell]] = []
    last: tuple[str, int, int, int] | None = None
    hidden = False
    for kind in ("m6", "m12"):
        due = results.count(f"visit::{kind}", DUE)
        told = results.count(
            f"visit::{kind}", [f"{group}:{one}" for group in ("matched", "single") for one in STAGES]
        )
        alive = results.count(
            f"visit::{kind}", [f"{group}:{one}" for group in ("matched", "single") for one in ALIVE]
        )
        hidden = hidden or None in {due, told, alive}
        if due == 0:
            continue
        rows.append(
            (
                MILESTONE_LABELS[kind],
                *(HIDDEN if one is None else one for one in (due, told, alive)),
                permille(alive, told),
            )
        )
        if due is not None and told and alive is not None:
            last = (MILESTONE_LABELS[kind].lower(), alive, told, due)
    if last:
        share = percent(last[1], last[2]) if last[2] >= FEWEST else "data sedikit"
        title = (
            f"{thousands(last[1])} dari {thousands(last[2])} rumah tangga punya penghidupan yang berjalan pada {last[0]} ({share}); "
            f"dilihat {thousands(last[2])} dari {thousands(last[3])}"
        )
    else:
        title = f"Rumah tangga dengan penghidupan: {'data sedikit' if hidden else 'belum ada jawaban'}"
    return Indicator(
        "H8", "penghidupan", title, last[1] if last else None, last[2] if last else None,
        "rumah tangga yang menjawab", period_of(results), FROM_VISITS, "stock",
        "Usaha berjalan atau berkembang menurut jawaban pada bulan 6 dan 12, dari yang menjawab; beserta berapa yang harinya sudah tiba. "
        "Tidak dijumlahkan antarbulan dan tidak dibandingkan dengan kelompok yang dilatih."
        + ("" if results is chosen else NO_MONTHS),
        (Column("Kunjungan"), Column("Jatuh waktu", True), Column("Menjawab", True), Column("Berjalan", True),
         Column("Dari yang menjawab", True, "percent")),
        rows, little=hidden or (last is not None and last[2] < FEWEST),
    )  # fmt: skip
