"""A nagari's home: places of the quota, dues of this month, and what waits for somebody to look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims import letter_check_queries, request_queries
from caseflow.claims.helped import helped_families
from caseflow.claims.unclaimed import unclaimed
from caseflow.formats import long_date
from caseflow.law.dated import NoNumber
from caseflow.law.ledger import first_of, month_number
from caseflow.registry import overview, queries, rates
from caseflow.registry.arrears import gaps_ahead, ladders
from caseflow.registry.overview import QuotaLine, Unpaid
from caseflow.registry.standing import grace_on
from caseflow.web import here
from caseflow.web.casework.words import FUNDING
from caseflow.web.nagari import nagari
from caseflow.web.nagari.meter import meter
from caseflow.web.security import requires

_MANY = 51
_DUE_DAY = 15  # of the month after


class Task(NamedTuple):
    """One line of what needs attention."""

    sentiment: str
    how_many: int
    words: str
    href: str
    action: str


@dataclass(frozen=True)
class DuesNow:
    """The running month: how many are not paid for, what that costs, and until when.

    :ivar amount_idr: ``None`` when somebody's payer or a rate is not known; :ivar verified: of all rates.
    """

    people: int
    amount_idr: int | None
    verified: bool
    due_on: date


@nagari.get("/")
@requires("nagari.read")
def home_page() -> ResponseReturnValue:
    """Show the nagari at a glance."""
    session, by, today = here.session(), here.actor(), clock.today()
    lines = overview.quota_lines(session, on=today, by=by)
    return render_template(
        "nagari/home.html",
        places=[queries.region_name(session, code) for code in sorted(by.region_codes)],
        quotas=[(line, meter(line)) for line in lines],
        sources=FUNDING,
        dues=dues_now(overview.unpaid_now(session, on=today, by=by), lines),
        month=today,
        tasks=_tasks(lines),
        empty=not lines and not overview.has_workers(session, by=by),
    )


def dues_now(unpaid: Sequence[Unpaid], lines: Sequence[QuotaLine]) -> DuesNow:
    """Return what the running month still costs, each at the dated rate of who paid last.

    Whom nobody has paid for yet is paid by the quota they stand on, where there is only one.
    """
    today, payers = clock.today(), {line.funding_source for line in lines}
    amount: int | None = 0
    verified = True
    for one in unpaid:
        payer = one.funding_source or (next(iter(payers)) if len(payers) == 1 else None)
        try:
            rate = rates.rate_on(here.session(), payer, "other", today) if payer else None
        except NoNumber:
            rate = None
        amount = None if rate is None or amount is None else amount + rate.amount_idr * one.people
        verified = verified and rate is not None and rate.certainty != "verify"
    people = sum(one.people for one in unpaid)
    return DuesNow(people, amount, verified, first_of(month_number(today) + 1).replace(day=_DUE_DAY))


def _tasks(lines: Sequence[QuotaLine]) -> list[Task]:
    """Return what is not as it should be, the most urgent first; nothing that is zero."""
    session, by, now = here.session(), here.actor(), here.now()
    found = unclaimed(session, by=by, limit=_MANY)
    asked = letter_check_queries.inbox(session, answered=False, by=by, limit=_MANY)
    stuck = request_queries.nagari_requests(session, by.region_codes)
    owing = [one for _, one in helped_families(session, by=by, now=now, limit=_MANY) if one.owed]
    returned = sum(line.returned for line in lines)
    tasks = [
        Task("danger", len(found), "orang meninggal, belum ada laporannya",
             url_for("nagari.unclaimed_page"), "Mulai laporan"),
        *_dues_tasks(),
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


def _dues_tasks() -> list[Task]:
    """Return the steps of the ladder, the last one first: after it membership ends; then blocks that end soon."""
    session, by, today = here.session(), here.actor(), clock.today()
    steps = ladders(session, on=today, by=by, permission=overview.READ)
    limit = grace_on(today)
    counts = (
        ("danger", sum(one.limit for one in steps),
         f"orang menunggak {limit} bulan, batas terakhir sebelum kepesertaan berhenti"),
        ("waiting", sum(one.two for one in steps), "orang menunggak 2 bulan"),
        ("waiting", sum(one.one for one in steps), "orang menunggak 1 bulan"),
    )  # fmt: skip
    ladder = [
        Task(sentiment, count, words, "/nagari/iuran", "Lihat iuran") for sentiment, count, words in counts
    ]
    ending = [
        Task(
            "waiting",
            block.workers - block.waiting,
            f"orang terlindungi sampai {long_date(block.last_day)}, {block.days_left} hari lagi "
            f"({FUNDING[block.funding_source]})",
            "/nagari/iuran/catat",
            "Catat pembayaran",
        )
        for block in gaps_ahead(session, on=today, by=by, permission=overview.READ)
        if block.workers > block.waiting
    ]
    return ladder + ending
