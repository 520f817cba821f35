"""Where who keeps the programme begins: what waits in all nagari, and how full each quota is."""

from collections.abc import Sequence

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.claims.unclaimed import unclaimed
from caseflow.registry import overview
from caseflow.registry.arrears import ladders
from caseflow.registry.overview import QuotaLine
from caseflow.web import here
from caseflow.web.casework.words import FUNDING
from caseflow.web.nagari.home import Task
from caseflow.web.nagari.meter import meter
from caseflow.web.programme import programme
from caseflow.web.security import requires


@programme.get("/")
@requires("programme.read")
def home_page() -> ResponseReturnValue:
    """Show what waits, then the quotas of all nagari in one table."""
    lines = overview.quota_lines(here.session(), on=clock.today(), by=here.actor())
    return render_template(
        "programme/home.html",
        tasks=_tasks(lines),
        quotas=[(line, meter(line)) for line in lines],
        sources=FUNDING,
        slots=sum(line.slots for line in lines),
        enrolled=sum(line.enrolled for line in lines),
        today=clock.today(),
    )


def _tasks(lines: Sequence[QuotaLine]) -> list[Task]:
    """Return what waits, the most urgent first; nothing that is zero."""
    session, by = here.session(), here.actor()
    over = [line for line in lines if line.taken > line.budgeted]
    freed = [line for line in lines if line.left and line.waiting]
    steps = ladders(session, on=clock.today(), by=by, permission=overview.READ)
    tasks = [
        Task("danger", len(unclaimed(session, by=by)), "orang meninggal, belum ada laporannya",
             url_for("programme.unclaimed_page"), "Lihat siapa"),
        Task("waiting", overview.submitted(session, by=by), "usulan nagari menunggu ditinjau",
             "/program/usulan", "Tinjau"),
        Task("danger", sum(one.limit for one in steps), "orang di batas tunggakan, bulan ini terakhir bisa dibayar",
             "/program/tunggakan", "Lihat tunggakan"),
        Task("waiting", len(over), "kuota terisi melebihi anggarannya", "#kuota", "Lihat kuota"),
        Task("info", len(freed), "kuota punya tempat kosong dan daftar tunggu", "#kuota", "Lihat kuota"),
    ]  # fmt: skip
    return [task for task in tasks if task.how_many]
