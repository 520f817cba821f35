"""N6, the dues of a nagari: which months are paid, by whom, who is behind, what ends soon, what a month costs."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.law.ledger import month_number
from caseflow.notices.registry_letters import letters_of_region
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry import alarms, arrears, payment_queries, rates
from caseflow.registry.arrears import Behind
from caseflow.registry.ledger import grace_months
from caseflow.registry.models import Region
from caseflow.registry.payment_queries import MonthDues
from caseflow.web import dues_words as words
from caseflow.web import here, proofs
from caseflow.web.attempts import whole_number
from caseflow.web.letters import path_of
from caseflow.web.nagari import nagari
from caseflow.web.nagari.area import asked_nagari
from caseflow.web.security import requires

_FIRST_YEAR = 2020


@nagari.get("/iuran")
@requires("dues.read")
def dues() -> ResponseReturnValue:
    """Show a year of a nagari; who keeps several and named none goes to the list of all."""
    by, today = here.actor(), clock.today()
    region = asked_nagari(by, "dues.read")
    if region is None:
        return redirect(url_for("programme.arrears"), 303)
    year = whole_number(request.args.get("tahun"), today.year)
    year = min(max(year, _FIRST_YEAR), today.year + 1)
    months = payment_queries.months_of_region(
        here.session(), region.code, date(year, 1, 1), date(year, 12, 1), by=by
    )
    return render_template(
        "nagari/dues.html",
        region=region,
        year=year,
        years=(year - 1 if year > _FIRST_YEAR else None, year + 1 if year <= today.year else None),
        months=[(month, words.MONTH_LOOKS[_state(month, today)]) for month in months],
        payments=payment_queries.payments_of(here.session(), by=by, region_code=region.code, year=year),
        payment_looks=words.PAYMENT_LOOKS,
        **_outlook(region, by, today),
    )


@nagari.get("/iuran/<payment_id>")
@requires("dues.read")
def payment(payment_id: str) -> ResponseReturnValue:
    """Show one payment with its proof, whom it pays, and the branch's answer."""
    page = payment_queries.get_payment(here.session(), payment_id, by=here.actor())
    return render_template("nagari/payment.html", **payment_facts(page))


@nagari.get("/iuran/<payment_id>/bukti")
@requires("dues.read")
def payment_proof(payment_id: str) -> ResponseReturnValue:
    """Open the proof of a payment."""
    page = payment_queries.get_payment(here.session(), payment_id, by=here.actor())
    return proofs.opened(page.proof)


def payment_facts(page: payment_queries.PaymentPage) -> dict[str, Any]:
    """Return what both sides' pages of a payment show."""
    return {
        "page": page,
        "payment": page.row,
        "look": words.PAYMENT_LOOKS[page.row.state],
        "span": words.month_span(page.row.first_month, page.row.last_month),
        "payer": rates.FUNDING_LABELS[page.row.funding_source],
        "sector": rates.SECTOR_LABELS[page.sector],
        "late": month_number(page.row.paid_on) > month_number(page.row.first_month),
        "workers": [(one, words.spans(one.months), words.PAYMENT_LOOKS[one.state]) for one in page.workers],
    }


def _state(month: MonthDues, today: date) -> str:
    """Money that waits for the branch is shown before money that nobody sent; a month to come is not owed yet."""
    if month.state in {"paid", "none"}:
        return month.state
    if month.waiting and month.paid + month.waiting >= month.due:
        return "waiting"
    if month.month > today and not month.paid:
        return "ahead"
    return month.state


def _outlook(region: Region, by: Actor, today: date) -> dict[str, Any]:
    session = here.session()
    behind = arrears.behind(session, region.code, on=today, by=by)
    grace = grace_months(today)
    return {
        "today": today,
        "grace": grace,
        "steps": [(step, _of_step(behind, step.name, grace)) for step in words.STEPS],
        "pay_by": {one.public_id: arrears.pay_by(one.last_month, today) for one in behind if one.last_month},
        "endings": arrears.gaps_ahead(session, region.code, on=today, by=by),
        "letters": [
            (letter, path_of(letter))
            for letter in letters_of_region(
                session, region.code, kind="dues_reminder", permission="dues.read", by=by
            )
            if letter.revoked_at is None
        ],
        "alarms": alarms.alarms(session, region.code, since=today, by=by),
        "rates": _rates(rates.rate_table(session, today)),
        "payers": rates.FUNDING_LABELS,
        "spans": words.spans,
        "may_record": policy.allows(by, "dues.record"),
        "is_own": by.region_codes == {region.code},
    }


def _rates(table: Sequence[rates.Rate]) -> list[tuple[rates.Rate, str]]:
    """One line for a payer where the work makes no difference."""
    shown: list[tuple[rates.Rate, str]] = []
    for rate in table:
        if shown and shown[-1][0] == replace(rate, sector=shown[-1][0].sector):
            shown[-1] = (shown[-1][0], "Semua pekerjaan")
        else:
            shown.append((rate, rates.SECTOR_LABELS[rate.sector]))
    return shown


def _of_step(behind: Sequence[Behind], name: str, grace: int) -> list[Behind]:
    return [
        one for one in behind if words.step_of(one.unpaid, grace, ever=one.last_month is not None) == name
    ]
