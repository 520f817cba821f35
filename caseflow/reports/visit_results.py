"""What became of families after the money: visits (D13), livelihood (D14), uses (D15), school (D16), levies (D17).

Nothing here names a family; a levy is only counted, and its detail is with the inspector alone.
"""

from collections.abc import Callable, Mapping, Sequence

from caseflow.formats import permille, thousands
from caseflow.monitoring.visit_models import ALIVE, STAGES, USES
from caseflow.reports import result_charts as charts
from caseflow.reports.result_figures import (
    FEWEST,
    FROM_VISITS,
    HIDDEN,
    Cell,
    Column,
    Indicator,
    most_of,
    percent,
    period_of,
)
from caseflow.reports.result_reading import Results

MILESTONE_LABELS = {
    "m1": "Telepon bulan 1", "m3": "Bulan 3", "m6": "Bulan 6", "m12": "Bulan 12", "m24": "Bulan 24",
}  # fmt: skip
STAGE_LABELS = {
    "none": "Belum ada", "planned": "Direncanakan", "started": "Baru mulai", "running": "Berjalan",
    "growing": "Berkembang", "stopped": "Berhenti",
}  # fmt: skip
USE_LABELS = {
    "daily_needs": "Kebutuhan sehari-hari", "school": "Sekolah", "business_capital": "Modal usaha",
    "debts": "Bayar utang", "redeem_land": "Menebus sawah atau ladang", "funeral_and_prayers": "Pemakaman dan doa",
    "pilgrimage": "Ibadah haji atau umrah", "house_repair": "Perbaikan rumah", "savings_or_gold": "Tabungan atau emas",
    "medical": "Berobat", "given_to_family": "Diberikan kepada keluarga", "not_used_yet": "Belum dipakai",
    "rather_not_say": "Tidak ingin menjawab",
}  # fmt: skip
OUTCOME_LABELS = {
    "met": "Bertemu", "another_day": "Minta hari lain", "declined": "Tidak bersedia", "moved": "Pindah",
    "not_found": "Tidak bertemu", "open": "Belum dikunjungi",
}  # fmt: skip
NO_MONTHS = " Saringan waktu tidak berlaku di sini."
LIVING = ("m3", "m6", "m12")
_TOLD = tuple(f"{group}:{stage}" for group in ("matched", "single") for stage in STAGES)
MET = ("untold", *_TOLD)
DONE = (*MET, "declined", "moved", "not_found")
DUE = (*DONE, "another_day", "open")


Names = Callable[[Sequence[str]], Mapping[str, str]]  # of visitors, by key


def visit_results(results: Results, workers: Names | None = None) -> Sequence[Indicator]:
    """Return the figures of the page.

    :param workers: gives the names of visitors, for who supervises them; ``None``: not split.
    """
    supervised = workers if not results.masked else None
    results.read_together(
        "visit",
        "use",
        "use_base",
        *(["school_family", "levy_family"] if results.masked else ["school", "levy"]),
        *(["visit_worker"] if supervised else []),
    )
    return [
        visits_made(results),
        *([by_worker(results, supervised)] if supervised else []),
        livelihood(results, "matched"),
        livelihood(results, "single"),
        uses(results),
        school(results),
        levies(results),
    ]


def visits_made(results: Results) -> Indicator:
    """D13: of the visits whose day has come, how many were made, and what became of them."""
    chosen, results = results, results.of_all_months
    rows: list[Sequence[Cell]] = []
    drawn, done, due = [], 0, 0
    complete = True
    for kind in MILESTONE_LABELS:
        found = [_of_visit(results, kind, outcome) for outcome in OUTCOME_LABELS]
        all_due, all_done = results.count(f"visit::{kind}", DUE), results.count(f"visit::{kind}", DONE)
        if all_due == 0:
            continue
        rows.append((MILESTONE_LABELS[kind], _shown(all_due), _shown(all_done), *map(_shown, found)))
        if all_due is None or all_done is None:
            complete = False
            continue
        done, due = done + all_done, due + all_due
        words = f"{all_done} dari {all_due} ({percent(all_done, all_due)})"
        drawn.append((MILESTONE_LABELS[kind], (all_done, all_due - all_done), words))
    if not complete:
        title = "Kunjungan yang jatuh waktu: sebagian data sedikit"
    elif not due:
        title = "Belum ada kunjungan yang jatuh waktu pada periode ini"
    else:
        title = f"{thousands(done)} dari {thousands(due)} kunjungan yang jatuh waktu sudah selesai ({percent(done, due)})"
    return Indicator(
        "D13", "kunjungan", title, done if complete else None, due if complete else None,
        "kunjungan yang jatuh waktu", period_of(results), FROM_VISITS, "flow",
        "Kunjungan bulan 3, 6, 12, 24 dan telepon bulan 1 yang harinya sudah tiba, pada bulan jatuh waktunya. "
        "Tidak bersedia, pindah, dan tidak bertemu adalah jawaban, bukan kegagalan; yang dibatalkan tidak dihitung."
        + ("" if results is chosen else NO_MONTHS),
        (Column("Kunjungan"), Column("Jatuh waktu", True), Column("Selesai", True),
         *(Column(label, True) for label in OUTCOME_LABELS.values())),
        rows, charts.bars(drawn, name="kunjungan", said=f"{title}.", whole=True), legend=("Selesai", "Belum"), little=not complete,
    )  # fmt: skip


def by_worker(results: Results, workers: Names) -> Indicator:
    """D13 of each visitor with visits that are due, for who supervises them."""
    rows: list[Sequence[Cell]] = []
    drawn = []
    late = 0
    keys = [key for key in results.kinds("visit_worker") if key]
    for key, name in sorted(workers(keys).items(), key=lambda one: one[1]):
        due = results.count(f"visit_worker::{key}", tuple(OUTCOME_LABELS)) or 0
        done = results.count(f"visit_worker::{key}", ("met", "declined", "moved", "not_found")) or 0
        if due:
            rows.append((name, due, done, due - done))
            drawn.append((name, (done, due - done), f"{done} dari {due}"))
            late += due > done
    title = (
        f"{late} dari {len(rows)} pendamping punya kunjungan yang lewat harinya"
        if rows
        else "Belum ada kunjungan yang dibagi"
    )
    return Indicator(
        "D13", "pendamping", title, late if rows else None, len(rows), "pendamping dengan kunjungan jatuh waktu",
        period_of(results), FROM_VISITS, "flow",
        "Seperti di atas, menurut pendamping yang diberi kunjungannya. Jumlah saja, bukan penilaian.",
        (Column("Pendamping"), Column("Jatuh waktu", True), Column("Selesai", True), Column("Belum", True)),
        rows, charts.bars(drawn, name="orang", said=f"{title}."),
    )  # fmt: skip


def livelihood(results: Results, group: str) -> Indicator:
    """D14: the stage of livelihood at 3, 6 and 12 months: of families told at all three, and of the others apart."""
    chosen, results = results, results.of_all_months
    rows: list[Sequence[Cell]] = []
    drawn = []
    last: tuple[str, int, int] | None = None
    hidden = False
    for kind in LIVING:
        found = [results.count(f"visit::{kind}", (f"{group}:{stage}",)) for stage in STAGES]
        told = results.count(f"visit::{kind}", [f"{group}:{stage}" for stage in STAGES])
        due = results.count(f"visit::{kind}", DUE)
        alive = results.count(f"visit::{kind}", [f"{group}:{stage}" for stage in ALIVE])
        hidden = hidden or told is None or None in found
        if due == 0:
            continue
        rows.append(
            (MILESTONE_LABELS[kind], _shown(due), _shown(told), *map(_shown, found), permille(alive, told))
        )
        if told and alive is not None and None not in found:
            last = (MILESTONE_LABELS[kind].lower(), alive, told)
            pieces = [one or 0 for one in found]
            drawn.append((MILESTONE_LABELS[kind], pieces, f"{alive} dari {told} berjalan atau berkembang"))
    matched = group == "matched"
    who = "keluarga yang dilihat di ketiga kunjungan" if matched else "keluarga lain yang menjawab"
    if last:
        title = f"{thousands(last[1])} dari {thousands(last[2])} {who} punya penghidupan yang berjalan pada {last[0]}"
        title += f" ({percent(last[1], last[2])})" if last[2] >= FEWEST else ": data sedikit"
    else:
        title = f"{who.capitalize()}: {'data sedikit' if hidden else 'belum ada jawaban tentang penghidupan'}"
    return Indicator(
        "D14", "penghidupan" if matched else "penghidupan-lain", title, last[1] if last else None,
        last[2] if last else None, who, period_of(results), FROM_VISITS, "stock",
        "Tahap usaha menurut jawaban keluarga pada bulan 3, 6, dan 12; berjalan dan berkembang berarti memberi penghidupan. "
        + ("Hanya keluarga yang menjawab di ketiganya, dan bulan ketiganya sudah lewat, supaya perubahannya nyata. " if matched
           else "Keluarga yang belum atau tidak menjawab di ketiganya; tidak dapat dibandingkan antarbulan. ")
        + "Tidak dijumlahkan antarbulan."
        + ("" if results is chosen else NO_MONTHS),
        (Column("Kunjungan"), Column("Jatuh waktu", True), Column("Menjawab", True),
         *(Column(label, True) for label in STAGE_LABELS.values()), Column("Bagian berjalan", True, "percent")),
        rows, charts.bars(drawn, name=group, said=f"{title}.", whole=True),
        little=hidden or (last is not None and last[2] < FEWEST), legend=tuple(STAGE_LABELS.values()),
    )  # fmt: skip


def uses(results: Results) -> Indicator:
    """D15: for what families used the money; several answers each."""
    base = results.count("use_base", ("",))
    found = {use: results.count(f"use::{use}", ("yes",)) for use in USES}
    rows: list[Sequence[Cell]] = [
        (USE_LABELS[use], _shown(number), permille(number, base))
        for use, number in sorted(found.items(), key=lambda one: (one[1] is None, -(one[1] or 0), one[0]))
        if number != 0
    ]
    most = most_of(list(found.items()))
    if base is None:
        title, rows = "Pemakaian santunan: data sedikit", []
    elif not base:
        title = "Belum ada keluarga yang menceritakan pemakaiannya pada periode ini"
    else:
        title = f"{thousands(base)} keluarga bercerita" + (
            f"; paling sering untuk {USE_LABELS[most].lower()}" if most else ""
        )
    drawn = [(str(row[0]), (row[1],), thousands(row[1])) for row in rows if isinstance(row[1], int)]
    return Indicator(
        "D15", "pemakaian", title, None, base, "keluarga yang menjawab, pada kunjungan terakhirnya",
        period_of(results), FROM_VISITS, "stock",
        "Satu keluarga boleh menyebut beberapa pemakaian, jadi jumlahnya melebihi banyaknya keluarga. Tidak ada jawaban yang salah.",
        (Column("Pemakaian"), Column("Keluarga", True), Column("Dari yang menjawab", True, "percent")),
        rows, charts.bars(drawn, name="pakai", said=f"{title}."), little=base is None,
    )  # fmt: skip


def school(results: Results) -> Indicator:
    """D16: whether the children go to school, as told at the last visit that spoke of them.

    Readers of aggregates are told of families: few of them may have many children.
    """
    families = results.masked
    attends, absent = (
        results.count("school_family" if families else "school", (kind,)) for kind in ("attends", "absent")
    )
    total = None if attends is None or absent is None else attends + absent
    if total is None:
        title = "Anak yang bersekolah: data sedikit"
    elif not total:
        title = "Belum ada kabar tentang sekolah anak pada periode ini"
    elif families:
        title = f"Di {thousands(attends or 0)} dari {thousands(total)} keluarga semua anak bersekolah ({percent(attends or 0, total)})"
    else:
        title = f"{thousands(attends or 0)} dari {thousands(total)} anak bersekolah ({percent(attends or 0, total)})"
    labels = ("Semua bersekolah", "Ada yang tidak") if families else ("Bersekolah", "Tidak bersekolah")
    rows = [] if not total else list(zip(labels, (attends, absent), strict=True))
    drawn = [(label, (number or 0,), thousands(number or 0)) for label, number in rows]
    return Indicator(
        "D16", "sekolah", title, attends, total,
        "keluarga yang menceritakan anak usia sekolahnya" if families else "anak usia sekolah yang diceritakan keluarganya",
        period_of(results), FROM_VISITS, "stock",
        "Menurut kunjungan terakhir yang membicarakan anak; setiap " + ("keluarga sekali." if families else "anak sekali."),
        (Column("Keluarga" if families else "Anak"), Column("Banyaknya", True)), rows,
        charts.bars(drawn, name="sekolah", said=f"{title}."), little=total is None,
    )  # fmt: skip


def levies(results: Results) -> Indicator:
    """D17: at how many visits a levy was told of; the number alone. Readers of aggregates are told of families."""
    who = "keluarga" if results.masked else "kunjungan"
    yes, no = (results.count("levy_family" if results.masked else "levy", (kind,)) for kind in ("yes", "no"))
    asked = None if yes is None or no is None else yes + no
    if asked is None:
        title = "Pungutan yang diceritakan: data sedikit"
    elif not asked:
        title = "Belum ada yang ditanya tentang pungutan pada periode ini"
    elif not yes:
        title = f"Tidak ada pungutan yang diceritakan dari {thousands(asked)} {who}"
    else:
        title = f"{thousands(yes)} dari {thousands(asked)} {who} bercerita tentang pungutan"
    rows = [] if not asked else [("Ada yang meminta bagian atau bayaran", yes), ("Tidak ada", no)]
    return Indicator(
        "D17", "pungutan", title, yes, asked, f"{who} yang ditanya tentang pungutan",
        period_of(results), FROM_VISITS, "flow",
        ("Setiap keluarga sekali, pada kunjungan terakhir yang menanyakannya. " if results.masked else "")
        + "Hanya jumlahnya. Siapa dan apa yang diceritakan hanya dibaca inspektur pengaduan.",
        (Column("Jawaban"), Column(who.capitalize(), True)), rows, little=asked is None,
    )  # fmt: skip


def _of_visit(results: Results, kind: str, outcome: str) -> int | None:
    return results.count(f"visit::{kind}", MET if outcome == "met" else (outcome,))


def _shown(number: int | None) -> Cell:
    return HIDDEN if number is None else number
