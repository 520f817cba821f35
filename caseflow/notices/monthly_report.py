"""L10, the monthly report to the head of the regency and its council: figures as they are published, with definitions.

It goes to readers of aggregates, so it is made of what they may read: small numbers are hidden here too, and a printed
month less another tells of nobody. Not here: issuing and keeping (``registry_letters``).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.errors import NotPossible
from caseflow.formats import long_date, month_year
from caseflow.law.ledger import first_of, month_number
from caseflow.notices.letters.frame import Block, Said, annex_heading, heading, items, paragraph, small, table
from caseflow.people.actor import SYSTEM
from caseflow.registry.letter_models import RegistryLetter
from caseflow.registry.queries import region_name
from caseflow.reports.public_coverage import public_coverage
from caseflow.reports.result_choice import Choice, Reader, freshness
from caseflow.reports.result_figures import Indicator, words_of
from caseflow.reports.result_models import PreparedReport
from caseflow.reports.result_reading import Results
from caseflow.reports.service_results import service_results
from caseflow.reports.short_tables import short_coverage, short_stages
from caseflow.reports.visit_results import visit_results

READY_ON = 5  # day of the next month on which a month's figures have settled
_MONTHS_BACK = 12
_MONTHS_SHOWN = 6  # the whole year is on /statistik
_WIDEST = 6  # columns of a table on A4
_NOT_OVER = "Bulan ini belum selesai atau angkanya belum dihitung. Laporan dibuat mulai tanggal 5 bulan berikutnya. Belum ada yang dibuat."


def ready_months(today: date) -> Sequence[date]:
    """Return the months whose report can be made, the newest first."""
    newest = month_number(today) - (1 if today.day >= READY_ON else 2)
    return [first_of(newest - back) for back in range(_MONTHS_BACK)]


def prepare(session: Session, *, regency: str, now: datetime) -> date | None:
    """Make the newest report as a trial and put it on the list of who may issue it; once a month.

    :return: its month; ``None``: prepared before, or its figures were counted before the fifth.
    """
    today = clock.local(now).date()
    month = ready_months(today)[0]
    fresh = freshness(session)
    settled = first_of(month_number(month) + 1).replace(day=READY_ON)
    if fresh is None or fresh.until < settled or month in prepared_on(session):
        return None
    said = monthly_report(session, month, regency=regency, today=today)
    row = insert(PreparedReport).values(
        month=month, prepared_at=now, counted_on=fresh.until, content_sha256=said.sha256
    )
    if session.scalar(row.on_conflict_do_nothing().returning(PreparedReport.month)) is None:
        return None
    record(session, "report.monthly_prepared", by=SYSTEM, subject=f"prepared_report:{month:%Y-%m}")
    return month


def prepared_on(session: Session) -> Mapping[date, datetime]:
    """Return the months whose report was prepared, and when."""
    rows = session.execute(select(PreparedReport.month, PreparedReport.prepared_at))
    return {row.month: row.prepared_at for row in rows}


def waiting_months(session: Session, regency: str) -> int:
    """Return how many prepared reports of a regency were not issued."""
    issued = exists().where(
        RegistryLetter.region_code == regency,
        RegistryLetter.kind == "monthly_report",
        RegistryLetter.subject == func.to_char(PreparedReport.month, "YYYY-MM"),
        RegistryLetter.revoked_at.is_(None),
    )
    return session.scalar(select(func.count()).select_from(PreparedReport).where(~issued)) or 0


def monthly_report(
    session: Session, month: date, *, regency: str, today: date, replaces: RegistryLetter | None = None
) -> Said:
    """Return what the report of a month says, to the head and the council of a regency.

    :param replaces: the report of that month that this one corrects.
    :raises NotPossible: the month has no report yet, or nothing was counted.
    """
    fresh = freshness(session)
    if month not in ready_months(today) or fresh is None:
        raise NotPossible(_NOT_OVER)
    everybody = Reader(None, "public.read")
    of_month = Results(session, everybody, Choice(f"{month:%Y-%m}"), today=today)
    whole = Results(session, everybody, Choice(), today=today)
    covered = public_coverage(session, today=today, month=month)
    of_service = service_results(of_month)
    since = [*service_results(whole), *visit_results(whole)]
    name, place = month_year(month), region_name(session, regency)
    corrected = " (diperbaiki)" if replaces else ""
    tables = sorted(
        (*covered, *short_coverage(session, month, today=today), short_stages(whole), *since),
        key=lambda one: int(one.code[1:]),
    )
    return Said(
        title=f"Laporan bulanan {name}{corrected}",
        about=f"Laporan bulanan perlindungan pekerja rentan, {name}{corrected}",
        to=["Kepada Yth.", f"1. Bupati {place.removeprefix('Kabupaten ')}", f"2. Ketua DPRD {place}"],
        blocks=[
            paragraph(
                f"Dengan hormat kami sampaikan angka perlindungan pekerja rentan dan santunannya untuk {name}."
            ),
            *([paragraph(_replacing(replaces))] if replaces else []),
            heading("Bulan ini"),
            items([f"{one.code}: {one.title}." for one in (*covered, *of_service)]),
            paragraph("Angka sejak awal, dengan tabel, penyebut, dan cara menghitungnya, ada di lampiran."),
        ],
        closing=[
            small(f"Data per {long_date(fresh.until)}. Tabel, penyebut, dan cara menghitung ada di lampiran.")
        ],
        signed=["Kepala kantor cabang", ""],
        annex=[
            annex_heading(f"Tabel {name}"),
            *(block for one in tables if one.rows for block in _figure(one)),
            heading("Catatan"),
            items(
                [
                    "Angka 1 sampai 4 tidak ditulis; bersamanya disamarkan angka lain yang dapat dipakai menghitungnya.",
                    "Keadaan tidak dijumlahkan antarbulan; aliran boleh. Tabel per bulan memuat enam bulan terakhir.",
                    f"Semua nagari dan semua program dihitung. Bulan terakhir yang dihitung: {month_year(whole.last_month)}.",
                    "Nagari ditulis paling banyak sepuluh, yang angkanya boleh ditulis. Alasan pengembalian dibaca di kantor cabang.",
                ]
            ),
        ],
        attached="Tabel dan cara menghitung",
    )


def _replacing(letter: RegistryLetter) -> str:
    issued_on = long_date(clock.local(letter.issued_at).date())
    return (
        f"Laporan ini menggantikan laporan nomor {letter.number} tanggal {issued_on}, yang tidak berlaku lagi. "
        "Angkanya dihitung dari data terbaru."
    )


def _figure(one: Indicator) -> list[Block]:
    columns: list[Block] = [
        {"label": each.label, "number": each.number} if place else {"label": each.label, "wide": True}
        for place, each in enumerate(one.columns)
    ]
    rows = [
        [words_of(cell, column) for cell, column in zip(row, one.columns, strict=True)] for row in one.rows
    ]
    if len(columns) > _WIDEST and rows:  # more columns than fit on the paper: on their side
        columns, rows = (
            [columns[0], *({"label": row[0], "number": True} for row in rows)],
            [[label, *cells] for label, *cells in zip([one["label"] for one in columns], *rows, strict=True)][
                1:
            ],
        )
    kind = "Keadaan" if one.kind == "stock" else "Aliran"
    ground = f"{one.definition} Penyebut: {one.of}. {kind}, {one.period}. Sumber: {one.source}."
    return [*([table(f"{one.code}. {one.title}", columns, rows)] if rows else []), small(ground)]
