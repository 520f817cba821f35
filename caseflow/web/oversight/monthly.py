"""The monthly report (L10): which months can be made, a look beforehand, issued, opened.

Issued reports are downloaded here, and mailed by a job to the leaders whom the settings name.
"""

from collections.abc import Sequence
from datetime import date

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.errors import NotFound
from caseflow.notices import registry_letters, report_mail
from caseflow.notices.monthly_report import monthly_report, prepared_on, ready_months
from caseflow.notices.report_issue import KIND, RIGHT, issue_monthly_report
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.letters import path_of, send_draft, send_letter, sender
from caseflow.web.oversight import oversight
from caseflow.web.oversight.tabs import own_regency, tabs
from caseflow.web.security import requires

_WAYS = {
    True: "Dikirim lewat surel kepada pimpinan pada jam kerja, sekali untuk setiap laporan dan perbaikannya.",
    False: "Unduh di bawah dan teruskan; sistem tidak mengirimnya sendiri.",
}


@oversight.get("/laporan-bulanan")
@requires("monthly.issue")
def monthly_page() -> ResponseReturnValue:
    """List the months, and the reports that were issued."""
    return _page([])


@oversight.get("/laporan-bulanan/<month>/pratinjau.pdf")
@requires("monthly.issue")
def monthly_draft(month: str) -> ResponseReturnValue:
    """Show a report as it would be issued now."""
    said = monthly_report(here.session(), _month(month), regency=own_regency(), today=clock.today())
    return send_draft(registry_letters.preview_registry_letter(said, sender(), now=here.now()))


@oversight.post("/laporan-bulanan/<month>")
@requires("monthly.issue")
def monthly_post(month: str) -> ResponseReturnValue:
    """Issue a report; what says the same is the same letter, and what says something else takes its place."""
    wanted = _month(month)

    def work() -> str:
        regency = own_regency()
        office = here.settings().branch_code
        letter = issue_monthly_report(
            here.session(), here.store(), wanted, sender(), regency=regency, office=office, by=here.actor(), now=here.now()
        )  # fmt: skip
        former = report_mail.replaced_by(here.session(), letter)
        instead = f" Ia menggantikan nomor {former.number}, yang tidak berlaku lagi." if former else ""
        flash(f"Laporan nomor {letter.number} terbit.{instead} {_WAYS[_mails()]}")
        return url_for("oversight.monthly_page")

    return attempt(work, _page)


@oversight.get("/laporan-bulanan/surat/<number>.pdf")
@requires("monthly.issue")
def monthly_letter(number: str) -> ResponseReturnValue:
    """Send an issued report."""
    letter = registry_letters.get_registry_letter(here.session(), number, permission=RIGHT, by=here.actor())
    if letter.kind != KIND:
        raise NotFound("Laporan ini tidak ditemukan.")
    body = registry_letters.open_registry_letter(here.session(), here.store(), letter, by=here.actor())
    return send_letter(letter, body, save="simpan" in request.args)


def _page(refused: Sequence[str]) -> str:
    issued = registry_letters.letters_of_region(
        here.session(), own_regency(), kind=KIND, permission=RIGHT, by=here.actor()
    )
    prepared = prepared_on(here.session())
    mailed = report_mail.mailed_of(here.session(), [letter.id for letter in issued])
    of_month = {letter.subject for letter in issued if letter.revoked_at is None}
    return render_template(
        "oversight/monthly.html",
        tabs=tabs("oversight.monthly_page"),
        refused=refused,
        months=[
            (f"{one:%Y-%m}", one, f"{one:%Y-%m}" in of_month, prepared.get(one))
            for one in ready_months(clock.today())
        ],
        letters=[
            (letter, path_of(letter), report_mail.month_of(letter), mailed.get(letter.id, 0))
            for letter in issued
        ],
        mails=_mails(),
    )


def _mails() -> bool:
    messages = here.settings().messages
    return bool(messages.mail_url and messages.report_to)


def _month(text: str) -> date:
    for one in ready_months(clock.today()):
        if text == f"{one:%Y-%m}":
            return one
    raise NotFound("Belum ada laporan untuk bulan ini. Laporan dibuat mulai tanggal 5 bulan berikutnya.")
