"""A nagari's home: places of the quota, dues of this month, and what waits for somebody to look at it."""

from typing import NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import letter_check_queries, request_queries
from caseflow.claims.cover import numbers
from caseflow.claims.helped import helped_families
from caseflow.claims.unclaimed import unclaimed
from caseflow.law.ledger import first_of, month_number
from caseflow.registry import overview, queries
from caseflow.registry.overview import Dues
from caseflow.web import here
from caseflow.web.casework.words import FUNDING
from caseflow.web.nagari import nagari
from caseflow.web.nagari.meter import meter
from caseflow.web.security import requires

_MANY = 51


class Task(NamedTuple):
    """One line of what needs attention."""

    sentiment: str
    how_many: int
    words: str
    href: str
    action: str


@nagari.get("/")
@requires("nagari.read")
def home_page() -> ResponseReturnValue:
    """Show the nagari at a glance."""
    session, by, today = here.session(), here.actor(), clock.today()
    lines = overview.quota_lines(session, on=today, by=by)
    dues = overview.dues(session, on=today, limit=_limit(), by=by)
    return render_template(
        "nagari/home.html",
        places=[queries.region_name(session, code) for code in sorted(by.region_codes)],
        quotas=[(line, meter(line)) for line in lines],
        sources=FUNDING,
        dues=dues,
        month=today,
        due_on=first_of(month_number(today) + 1).replace(day=15),
        tasks=_tasks(dues),
        empty=not lines and not overview.has_workers(session, by=by),
    )


def _limit() -> int:
    return int(numbers().on("grace_months", clock.today()).value)


def _tasks(dues: Dues) -> list[Task]:
    """Return what is not as it should be, the most urgent first; nothing that is zero."""
    session, by, now = here.session(), here.actor(), here.now()
    found = unclaimed(session, by=by, limit=_MANY)
    asked = letter_check_queries.inbox(session, answered=False, by=by, limit=_MANY)
    stuck = request_queries.nagari_requests(session, by.region_codes)
    owing = [one for _, one in helped_families(session, by=by, now=now, limit=_MANY) if one.owed]
    returned = sum(line.returned for line in overview.quota_lines(session, on=clock.today(), by=by))
    tasks = [
        Task("danger", len(found), "orang meninggal, belum ada laporannya",
             url_for("nagari.unclaimed_page"), "Mulai laporan"),
        *_arrears(dues),
        Task("waiting", len(asked), "surat ditanyakan kantor cabang", url_for("nagari.letters_page"), "Jawab"),
        Task("waiting", len(stuck), "surat keluarga tertahan di nagari",
             url_for("nagari.letters_page", _anchor="tertahan"), "Lihat suratnya"),
        Task("waiting", returned, "usulan dikembalikan", "/nagari/usulan", "Perbaiki"),
        Task("info", len(owing), "keluarga yang dibantu masih kurang dokumen",
             url_for("nagari.families_page"), "Lihat yang kurang"),
        Task("info", overview.incomplete(session, by=by), "orang belum ada nomor Kartu Keluarganya",
             "/nagari/pekerja", "Lengkapi"),
    ]  # fmt: skip
    return [task for task in tasks if task.how_many]


def _arrears(dues: Dues) -> list[Task]:
    """Return the steps of the ladder, the last one first: after it membership ends."""
    tasks = []
    for step, count in sorted(dues.behind.items(), reverse=True):
        words = f"orang menunggak {step} bulan"
        if step == dues.limit:
            words += ", batas terakhir sebelum kepesertaan berhenti"
        sentiment = "danger" if step == dues.limit else "waiting"
        tasks.append(Task(sentiment, count, words, "/nagari/iuran", "Lihat iuran"))
    return tasks
