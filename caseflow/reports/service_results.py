"""How well claims are served: days to the money (D7), stages (D8), the legal clock (D9), returns (D10),
refusals (D12). Which readers see which figure is decided by what they are for: D8 and D10 are the branch's own.

Not here: the rupiah (D11, ``money_results``).
"""

from collections.abc import Sequence

from caseflow.claims.workflows import book
from caseflow.documents.catalogue import catalogue
from caseflow.formats import permille, thousands
from caseflow.reports import result_charts as charts
from caseflow.reports.money_results import (
    MONTHS_DRAWN,
    PROGRAM_LABELS,
    inside,
    is_of_all,
    programs_paid,
    rupiah_paid,
)
from caseflow.reports.published_results import PAYMENTS
from caseflow.reports.result_figures import (
    FROM_CASES,
    HIDDEN,
    Cell,
    Column,
    Indicator,
    median,
    month_words,
    most_of,
    nine_of_ten,
    percent,
    period_of,
)
from caseflow.reports.result_reading import Results
from caseflow.reports.result_rows import limits
from caseflow.workflow.definition import STAGE_LABELS, STAGES

EXAMPLES = {
    "not_active": "Iuran berhenti dibayar beberapa bulan sebelum meninggal.",
    "not_a_participant": "Nama yang dilaporkan tidak ada dalam daftar peserta.",
    "work_accident": "Meninggal karena kecelakaan kerja; dibayar lewat jaminan kecelakaan kerja.",
    "already_paid": "Santunan untuk kejadian yang sama sudah dibayar.",
    "expired": "Diajukan sesudah batas waktu menurut peraturan.",
    "not_eligible_at_registration": "Saat didaftarkan belum memenuhi syarat peserta.",
    "false_documents": "Surat tidak diakui oleh instansi yang menerbitkannya.",
}
_DAYS = (
    ("report_to_paid", "laporan", "Dari laporan sampai cair", "hari kalender sejak laporan diterima sampai uang sampai"),
    ("complete_to_paid", "lengkap", "Dari dokumen lengkap sampai cair", "hari kerja sejak dokumen lengkap sampai uang sampai"),
    ("death_to_paid", "kematian", "Dari kematian sampai cair", "hari kalender sejak hari meninggal sampai uang sampai"),
    ("death_to_report", "jeda-lapor", "Dari kematian sampai dilaporkan", "hari kalender sejak hari meninggal sampai laporan"),
)  # fmt: skip


def service_results(results: Results) -> Sequence[Indicator]:
    """Return the figures of the page, in the order of the list."""
    mine = not results.masked
    results.read_together("paid", "refused")
    if mine:
        results.read_together("stage_reached", "stage_back", "stage_out", "returned_paper", "returned_case")
    measures = _DAYS if mine else _DAYS[:3]
    return [
        *(days_of(results, *one) for one in measures),
        *([funnel(results)] if mine else []),
        in_time(results),
        *([returns(results)] if mine else []),
        rupiah_paid(results),
        *([programs_paid(results)] if mine or is_of_all(results) else []),
        refusals(results),
    ]


def days_of(results: Results, measure: str, key: str, name: str, meaning: str) -> Indicator:
    """D7: how long it took, as days with how many cases each; median and nine of ten with their number."""
    days = results.days(measure)
    told = days or {}
    count = sum(told.values())
    middle, most = median(told), nine_of_ten(told)
    unit = "hari kerja" if measure == "complete_to_paid" else "hari"
    if days is None:
        title = f"{name}: data sedikit"
    elif not count:
        title = f"{name}: belum ada kasus pada periode ini"
    elif middle is None:
        title = f"{name}: data sedikit ({count} kasus)"
    else:
        title = f"{name}: separuh paling lama {middle} {unit}"
        title += f", 9 dari 10 paling lama {most} {unit}" if most is not None else ""
    rows: list[Sequence[Cell]]
    if results.masked:
        columns = (Column("Ukuran"), Column("Hari", True), Column("Kasus", True))
        rows = (
            [("Median", middle, count), ("Sembilan dari sepuluh", most, count)] if middle is not None else []
        )
    else:
        columns = (Column("Hari", True), Column("Kasus", True), Column("Sudah selesai", True, "percent"))
        passed = 0
        rows = []
        for day, cases in sorted(told.items()):
            passed += cases
            rows.append((day, cases, permille(passed, count)))
    marks = {} if middle is None else {middle: f"median {middle}"}
    if most is not None and most != middle:
        marks[most] = f"9 dari 10: {most}"
    chart = "" if results.masked else charts.days_picture(told, said=f"{title}.", marks=marks)
    return Indicator(
        "D7", key, title, middle, None if days is None else count, "kasus", period_of(results), FROM_CASES, "flow",
        f"Setiap kasus kematian dan kecelakaan kerja sekali: {meaning}. Dihitung pada bulan "
        f"{'laporannya' if measure == 'death_to_report' else 'uangnya sampai'}. Median: yang di tengah. Di bawah 5 kasus median tidak ditulis.",
        columns, rows, chart, little=0 < count < 5 or days is None, unit="hari kerja" if measure == "complete_to_paid" else "hari",
    )  # fmt: skip


def in_time(results: Results) -> Indicator:
    """D9: transfers within the legal clock, by month."""
    kept, late = (results.count(PAYMENTS, (kind,)) for kind in ("kept", "late"))
    clock = ", ".join(f"{inside(PROGRAM_LABELS[one])} {days} hari kerja" for one, days in limits().items())
    judged = None if kept is None or late is None else kept + late
    if kept is None or judged is None:
        title = "Yang tepat waktu: data sedikit"
    elif not judged:
        title = "Belum ada pembayaran yang dapat dinilai pada periode ini"
    else:
        title = f"{thousands(kept)} dari {thousands(judged)} pembayaran tepat waktu ({percent(kept, judged)})"
    months_kept = results.along(PAYMENTS, "month", ("kept",)) or {}
    months_late = results.along(PAYMENTS, "month", ("late",)) or {}
    rows: list[Sequence[Cell]] = []
    drawn = []
    for month in months_kept:
        one, other = months_kept[month], months_late.get(month)
        if one is None or other is None:
            rows.append((month_words(month), HIDDEN, HIDDEN, None))
        elif one + other:
            rows.append((month_words(month), one, other, permille(one, one + other)))
            drawn.append(
                (month_words(month), (one, other), f"{one} tepat, {other} lewat (n = {one + other})")
            )
    return Indicator(
        "D9", "tepat-waktu", title, kept, judged, "pembayaran pertama untuk kematian dan kecelakaan kerja",
        period_of(results), FROM_CASES, "flow",
        f"Tepat waktu: hari kerja sejak dokumen lengkap sampai uang sampai tidak lebih dari batas ({clock}; PP 44/2015 Pasal 40). "
        "Dihitung pada bulan uangnya sampai. Gambarnya enam bulan terakhir, tabelnya semua.",
        (Column("Bulan"), Column("Tepat", True), Column("Lewat", True), Column("Tepat dari semua", True, "percent")),
        rows, charts.bars(drawn[-MONTHS_DRAWN:], name="waktu", said=f"{title}.", whole=True), legend=("Tepat", "Lewat"),
        little=judged is None or 0 < judged < 5,
    )  # fmt: skip


def funnel(results: Results) -> Indicator:
    """D8: how many cases came to each stage, went back from it, or left the way there."""
    stages = [stage for stage in STAGES if stage not in {"after", "ended"}]
    reached, back, out = (
        {stage: results.count(topic, (stage,)) or 0 for stage in stages}
        for topic in ("stage_reached", "stage_back", "stage_out")
    )
    rows = [(STAGE_LABELS[one], reached[one], back[one], out[one]) for one in stages]
    lost = max(back[one] + out[one] for one in stages)
    most = most_of([(STAGE_LABELS[one].lower(), back[one] + out[one]) for one in stages])
    title = (
        f"Paling banyak kembali atau keluar di tahap {most}: {thousands(lost)} kali"
        if most
        else f"Paling banyak kembali atau keluar di beberapa tahap: masing-masing {thousands(lost)} kali"
        if lost
        else "Belum ada kasus yang kembali atau keluar pada periode ini"
    )
    drawn = [
        (label, (came,), f"{thousands(came)} masuk, {thousands(returned)} kembali, {thousands(left)} keluar")
        for label, came, returned, left in rows
    ]
    return Indicator(
        "D8", "tahap", title, lost, sum(reached.values()), "kedatangan di semua tahap",
        period_of(results), FROM_CASES, "flow",
        "Masuk: kasus yang pertama kali sampai di tahap itu. Kembali: langkah dari tahap itu ke tahap sebelumnya, kecuali beasiswa yang menunggu tahun ajaran berikutnya. "
        "Keluar: dari tahap itu ditolak, dibatalkan, atau gugur. Dihitung pada bulan terjadinya.",
        (Column("Tahap"), Column("Masuk", True), Column("Kembali", True), Column("Keluar", True)),
        rows if any(reached.values()) or lost else [],
        charts.bars(drawn, name="tahap", said=f"{title}.") if any(reached.values()) else "",
    )  # fmt: skip


def returns(results: Results) -> Indicator:
    """D10: why papers and cases go back."""
    papers = {code: one.label for code, one in catalogue().return_reasons.items()}
    cases = {
        code: label
        for one in ("jkm", "jkk", "scholarship")
        for code, label in _reasons(one, "return_to_officer")
    }
    rows: list[Sequence[Cell]] = []
    for what, topic, labels in (("Dokumen", "returned_paper", papers), ("Kasus", "returned_case", cases)):
        found = {kind: results.count(topic, (kind,)) or 0 for kind in results.kinds(topic)}
        rows += [
            (f"{what}: {labels.get(kind, 'alasan lain').lower()}", number)
            for kind, number in sorted(found.items(), key=lambda one: (-one[1], one[0]))
            if number
        ]
    total = sum(int(row[1] or 0) for row in rows)
    title = (
        f"{thousands(total)} kali berkas dikembalikan"
        if total
        else "Belum ada berkas yang dikembalikan pada periode ini"
    )
    most = most_of([(str(row[0]), int(row[1] or 0)) for row in rows])
    if most:
        title += f"; paling sering: {most}" if len(rows) > 1 else f": {most}"
    drawn = [(str(label), (int(number or 0),), thousands(int(number or 0))) for label, number in rows]
    return Indicator(
        "D10", "kembali", title, None, total, "pengembalian", period_of(results),
        FROM_CASES, "flow",
        "Dokumen yang dikembalikan kepada keluarga, dan kasus yang dikembalikan pejabat kedua kepada petugas, menurut alasannya. "
        "Satu kasus dapat kembali lebih dari sekali.",
        (Column("Alasan"), Column("Berapa kali", True)), rows, charts.bars(drawn, name="kembali", said=f"{title}."),
    )  # fmt: skip


def refusals(results: Results) -> Indicator:
    """D12: why nothing could be paid, with an invented example of each reason."""
    labels = {code: label for one in ("jkm", "jkk", "scholarship") for code, label in _reasons(one, "refuse")}
    found = {kind: results.count("refused", (kind,)) for kind in results.kinds("refused")}
    total = results.count("refused", list(found))
    shown = sorted(found.items(), key=lambda one: (one[1] is None, -(one[1] or 0), one[0]))
    rows = [
        (labels.get(kind, "Alasan lain"), HIDDEN if number is None else number, EXAMPLES.get(kind, "–"))
        for kind, number in shown
        if number != 0
    ]
    if total is None:
        title = "Penolakan: data sedikit"
        rows = []
    elif not total:
        title = "Belum ada klaim yang ditolak pada periode ini"
    else:
        title = f"{thousands(total)} klaim tidak dapat dibayarkan"
        most = most_of(list(found.items()))
        title += f"; paling sering: {labels.get(most, 'Alasan lain').lower()}" if most else ""
    drawn = [(label, (number,), thousands(number)) for label, number, _ in rows if isinstance(number, int)]
    return Indicator(
        "D12", "ditolak", title, None, total, "keputusan tidak dapat dibayarkan",
        period_of(results), FROM_CASES, "flow",
        "Keputusan pejabat kedua menurut alasannya, pada bulan keputusannya. Contohnya rekaan, bukan kasus seseorang.",
        (Column("Alasan"), Column("Keputusan", True), Column("Contoh")), rows,
        charts.bars(drawn, name="tolak", said=f"{title}."), little=total is None,
    )  # fmt: skip


def _reasons(workflow: str, action: str) -> list[tuple[str, str]]:
    found = book().latest(workflow).find_action(action)
    return [(one.code, one.label) for one in found.reasons] if found else []
