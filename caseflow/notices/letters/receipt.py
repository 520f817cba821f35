"""L1, the receipt of a report: what was reported, which papers came, what happens next and until when."""

from datetime import datetime

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import workflows
from caseflow.claims.models import Claim, Report
from caseflow.claims.queries import get_report
from caseflow.documents.catalogue import catalogue
from caseflow.documents.queries import RequirementRow, requirement_list
from caseflow.formats import long_date, short_date, time_wib, weekday_date
from caseflow.notices.letters.frame import Block, Said, Sender, facts, heading, items, paragraph, steps
from caseflow.notices.letters.people import (
    about,
    honorific_of,
    is_about_a_death,
    kind_of_case,
    name_of,
    to_family,
)
from caseflow.registry.queries import region_name

_RECEIVED = frozenset({"submitted", "accepted"})
_SIGNED = ("Tanda terima ini dibuat oleh sistem", "dan sah tanpa tanda tangan.")


def receipt(session: Session, claim: Claim, sender: Sender, *, paper: str = "a4") -> Said:
    """Return the receipt of a case as it stands; on small papers the papers are only counted."""
    report = get_report(session, claim.id)
    rows = requirement_list(session, claim.id)
    greeting = "Laporan Ibu/Bapak sudah kami terima dan kami catat."
    if is_about_a_death(claim):
        greeting = f"Kami turut berduka cita. {greeting}"
    full = paper == "a4"
    return Said(
        title="Tanda terima laporan",
        about=about(claim),
        to=to_family(session, claim),
        blocks=[
            *([paragraph(greeting)] if full else []),
            facts(_facts(session, claim, report)),
            *(_papers(claim, rows) if full else [paragraph(_counted(rows))]),
            *([heading("Setelah ini")] if full else []),
            paragraph(_promise(claim)),
            *([] if full else [paragraph(_follow_shortly(sender))]),
        ],
        closing=[heading("Cara mengikuti laporan"), steps(_how_to_follow(sender))] if full else (),
        signed=_SIGNED if full else (),
    )


def _facts(session: Session, claim: Claim, report: Report) -> list[tuple[str, str]]:
    died = is_about_a_death(claim) and claim.died_on is not None
    event = claim.program == "jkk"
    return [
        ("Nomor laporan", claim.number),
        ("Diterima", _at(report.reported_at)),
        ("Dilaporkan oleh", report.reporter_name),
        ("Anak" if claim.program == "scholarship" else "Pekerja", name_of(claim)),
        ("Tanggal kejadian", long_date(claim.event_on) if event else ""),
        ("Tanggal meninggal", long_date(claim.died_on) if died and claim.died_on else ""),
        ("Nagari", region_name(session, report.region_code)),
        ("Program", kind_of_case(claim)),
    ]


def _at(instant: datetime) -> str:
    return f"{weekday_date(clock.local(instant).date())}, {time_wib(instant)}"


def _papers(claim: Claim, rows: list[RequirementRow]) -> list[Block]:
    received = [row for row in rows if row.status in _RECEIVED]
    waited = [row for row in rows if row.status in {"missing", "returned"} and row.need != "optional"]
    files = sum(row.files for row in received)
    found = [
        heading(f"Dokumen yang sudah kami terima: {len(received)}, dengan {files} berkas"),
        items(f"{_name(claim, row)} ({row.files} berkas{_when(row)})" for row in received),
    ]
    if not received:
        found = [
            heading("Dokumen yang sudah kami terima"),
            paragraph("Belum ada. Boleh menyusul satu per satu."),
        ]
    if waited:
        found += [
            heading(f"Dokumen yang masih ditunggu: {len(waited)}"),
            items(_name(claim, row) for row in waited),
        ]
    return found


def _counted(rows: list[RequirementRow]) -> str:
    received = sum(row.status in _RECEIVED for row in rows)
    waited = sum(row.status in {"missing", "returned"} and row.need != "optional" for row in rows)
    return f"Dokumen diterima: {received}. Masih ditunggu: {waited}."


def _name(claim: Claim, row: RequirementRow) -> str:
    return catalogue().papers[row.code].words(honorific_of(claim))["name"]


def _when(row: RequirementRow) -> str:
    return f", {short_date(clock.local(row.sent_at).date())}" if row.sent_at else ""


def _promise(claim: Claim) -> str:
    """Say where the case stands and until when somebody is heard of."""
    if claim.due_on is not None and claim.state in {"reported", "notified"}:
        return f"Petugas menghubungi Ibu/Bapak paling lambat {weekday_date(claim.due_on)}."
    label = workflows.definition_of(claim).states[claim.state].family_label.lower()
    if claim.due_on is None:
        return f"Tahap sekarang: {label}. Perkembangannya selalu ada di halaman laporan."
    return f"Tahap sekarang: {label}. Kabar berikutnya paling lambat {weekday_date(claim.due_on)}."


def _how_to_follow(sender: Sender) -> list[str]:
    return [
        f"Buka {sender.site} di HP yang dipakai melapor.",
        "Di HP lain, masuk dengan nomor laporan dan kode di slip keluarga.",
        f"Tanpa HP: datang ke kantor nagari, atau telepon {sender.phone} dan sebutkan nomor laporan.",
    ]


def _follow_shortly(sender: Sender) -> str:
    return f"Ikuti di {sender.site}, atau telepon {sender.phone} dan sebutkan nomor laporan."
