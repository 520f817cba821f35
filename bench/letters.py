"""Row 15: a letter as PDF. The child process that keeps it harmless, against the same words set in this process."""

import json
import time
from datetime import date

from bench.result import Row, interleaved
from bench.world import World
from caseflow.notices.letters.frame import (
    Block,
    Said,
    Sender,
    amount,
    annex_heading,
    facts,
    framed,
    items,
    paragraph,
    table,
)
from caseflow.notices.letters.press import TEMPLATES, clean, print_letter
from caseflow.notices.letters.typeset import typeset

_OFFICE = Sender("Kantor Cabang Latihan", "Jalan Contoh 1", "175", "Solok", "https://santunan.example.go.id")
_LINES = [["Santunan berkala", "24 × Rp500.000, dibayar sekaligus.\nPP 44/2015 Pasal 34", "Rp12.000.000"]] * 6
_YEARS = [[f"{year}/{year + 1}", "SMP", f"1 Juli {year}", "akan datang"] for year in range(2026, 2048)]


def measure(_world: World) -> list[Row]:
    """Measure time and bytes of the longest letter: a decision of six lines with the schedule of a child."""
    words = _decision()
    plain = json.dumps(clean(words), ensure_ascii=False)
    printed = print_letter(words, "a4")
    same = typeset(plain, str(TEMPLATES), "a4")
    wrong = [] if printed.body == same else ["child and process gave other bytes"]
    pair = interleaved(
        lambda: print_letter(words, "a4"),
        lambda: typeset(plain, str(TEMPLATES), "a4"),
        time.perf_counter_ns,
        rounds=7,
        ours_calls=3,
        limit_calls=3,
    )
    notes = [
        pair.say("letter", "in process"),
        f"{1000 / pair.ours_ms:.0f} letters a second, {printed.pages} pages",
    ]
    against = "the same words, set in this process"
    return [
        Row("15a", "a letter as PDF", against, pair.ratio, 15, 8, high=False, unit=" ×", notes=notes, wrong=wrong),
        Row("15b", "bytes a letter", "120 kB", len(printed.body) / 1000, 120, 60, high=False, unit=" kB", wrong=wrong),
    ]  # fmt: skip


def _decision() -> dict[str, object]:
    columns: list[Block] = [
        {"label": "Santunan", "part": True},
        {"label": "Dasar", "wide": True},
        {"label": "Jumlah", "number": True},
    ]
    years: list[Block] = [
        {"label": "Tahun ajaran"},
        {"label": "Jenjang", "wide": True},
        {"label": "Mulai"},
        {"label": "Keadaan"},
    ]
    said = Said(
        title="Surat keputusan dan perincian santunan",
        about="Laporan SJJ-26-0042-7, Almarhum Samsir",
        to=["Kepada Yth.", "Ibu/Bapak Yusra", "Jorong Pasar, Nagari Koto Latihan"],
        blocks=[
            paragraph("Jaminan Kematian sudah diperiksa dua petugas dan diputuskan."),
            amount("Rp72.000.000", "(tujuh puluh dua juta rupiah)"),
            table("Yang dibayarkan", columns, _LINES, ["Jumlah", "Rp72.000.000"]),
            facts([("Penerima", "Yusra"), ("Rekening", "Bank Nagari, berakhiran 4417")]),
            items(["PP 44/2015 Pasal 34 ayat (1) jo. PP 82/2019"] * 3),
        ],
        signed=["Penyetuju", "", "Mega Yulia"],
        annex=[annex_heading("Lampiran: jadwal beasiswa"), table("Tahun ajaran Rafi", years, _YEARS)],
    )  # fmt: skip
    return framed(said, _OFFICE, day=date(2026, 11, 20), number="0042/SK/SOLOK/XI/2026", check_code="2" * 16)
