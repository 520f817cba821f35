"""The eight headline figures: from the death to the money, and from the money to a living. Each stands for itself."""

from collections.abc import Sequence

from sqlalchemy import func, select

from caseflow.formats import thousands
from caseflow.monitoring.visit_models import ALIVE, STAGES
from caseflow.registry.cover_models import CoverCount, CoverMember
from caseflow.reports.coverage_figures import last_due_month
from caseflow.reports.result_figures import (
    FROM_CASES,
    FROM_VISITS,
    HIDDEN,
    Cell,
    Column,
    Indicator,
    percent,
    period_words,
    permille,
)
from caseflow.reports.result_reading import Results
from caseflow.reports.service_results import days_of, in_time
from caseflow.reports.visit_results import DUE, MILESTONE_LABELS


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
            "Jawaban terakhir keluarga atas pertanyaan tiga hari sesudah transfer. Yang belum menjawab ikut penyebut.",
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
        title = f"{thousands(found)} dari {thousands(total)} {meanings[0]} ({percent(found, total)})"
        rows = [("Ya", found), ("Belum atau tidak", total - found)]
    return Indicator(
        code, key, title, found, total, meanings[1], period_words(results.choice, results.today), source,
        "stock" if kind == "stock" else "flow", definition,
        (Column("Jawaban"), Column("Banyaknya", True)), rows, little=total is None or 0 < total < 5,
    )  # fmt: skip


def months_lost(results: Results) -> Indicator:
    """H6: months of cover lost because nobody paid in time for members: members of a month less those paid for it."""
    until = last_due_month(results.today)
    codes = {one.code for one in results.places if results.choice.area in {"", one.code, one.district_code}}
    members, paid = (
        {
            row.region_code: int(row.number)
            for row in results.session.execute(
                select(table.region_code, func.sum(table.workers).label("number"))
                .where(table.month <= until, *results.in_period(table))
                .group_by(table.region_code)
            )
        }
        for table in (CoverMember, CoverCount)
    )
    total = sum(number for code, number in members.items() if code in codes)
    lost = sum(members.get(code, 0) - paid.get(code, 0) for code in codes)
    hidden = results.masked and (0 < lost < 5 or bool(results.choice.area) or 0 < total - lost < 5)
    rows: list[Sequence[Cell]] = [("Bulan terlindungi", total - lost), ("Bulan hilang", lost)]
    if hidden:
        title = "Bulan perlindungan yang hilang: data sedikit"
    elif not total:
        title = "Belum ada bulan kepesertaan pada periode ini"
    else:
        title = f"{thousands(lost)} dari {thousands(total)} bulan perlindungan hilang karena iuran tidak dibayar ({percent(lost, total)})"
    return Indicator(
        "H6", "bulan-hilang", title, None if hidden else lost, None if hidden else total,
        "bulan kepesertaan", period_words(results.choice, results.today),
        "caseflow, bulan iuran yang sudah dipastikan cabang", "flow",
        "Bulan seorang peserta (dibayar bulan itu atau salah satu dari tiga bulan sebelumnya) yang iurannya tidak dibayar. "
        "Sampai bulan terakhir yang jatuh tempo. Saringan program tidak berlaku di sini.",
        (Column("Bulan"), Column("Banyaknya", True)), [] if hidden or not total else rows, little=hidden,
    )  # fmt: skip


def living(results: Results) -> Indicator:
    """H8: households with a living income activity at 6 and 12 months, with how many were seen of how many due."""
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
        title = f"{last[1]} dari {last[2]} rumah tangga punya penghidupan yang berjalan pada {last[0]} ({percent(last[1], last[2])}); dilihat {last[2]} dari {last[3]}"
    else:
        title = f"Rumah tangga dengan penghidupan: {'data sedikit' if hidden else 'belum ada jawaban'}"
    return Indicator(
        "H8", "penghidupan", title, last[1] if last else None, last[2] if last else None,
        "rumah tangga yang menjawab", period_words(results.choice, results.today), FROM_VISITS, "stock",
        "Usaha berjalan atau berkembang menurut jawaban pada bulan 6 dan 12, dari yang menjawab; beserta berapa yang harinya sudah tiba. "
        "Tidak dijumlahkan antarbulan dan tidak dibandingkan dengan kelompok yang dilatih.",
        (Column("Kunjungan"), Column("Jatuh waktu", True), Column("Menjawab", True), Column("Berjalan", True),
         Column("Dari yang menjawab", True, "percent")),
        rows, little=hidden,
    )  # fmt: skip
