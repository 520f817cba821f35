"""Arrears of every nagari within reach, step by step, and who they are; as a page, CSV or Excel."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.formats import long_date, month_year
from caseflow.people import policy
from caseflow.registry import alarms, arrears, rates
from caseflow.registry.arrears import Behind, Ladder
from caseflow.registry.ledger import grace_months
from caseflow.registry.regions import nagari_of
from caseflow.sheets import Cell
from caseflow.web import here
from caseflow.web.lists_out import List, send_list
from caseflow.web.nagari import dues_words as words
from caseflow.web.programme import programme
from caseflow.web.security import requires

_COLUMNS = (
    "Kecamatan", "Nagari", "Tidak menunggak", "Menunggak 1 bulan", "Menunggak 2 bulan", "Batas 3 bulan",
    "Berhenti", "Belum pernah dibayar",
)  # fmt: skip
_PEOPLE = (
    "Nagari",
    "Nama",
    "Jorong",
    "Bulan lunas terakhir",
    "Dibayar oleh",
    "Bulan menunggak",
    "Bayar paling lambat",
)
_NOTES = (
    "Bulan menunggak: bulan penuh yang sudah berakhir dan belum dibayar; bulan berjalan belum dihitung.",
    "Sesudah tiga bulan menunggak kepesertaan berhenti dan harus didaftarkan lagi dari awal.",
)
_LONGEST = 20


@programme.get("/tunggakan", endpoint="arrears")
@requires("dues.oversee")
def arrears_page() -> ResponseReturnValue:
    """Show the ladder of each nagari; of a chosen one or a chosen step, the people."""
    by, today = here.actor(), clock.today()
    ladders = arrears.ladders(here.session(), on=today, by=by)
    step = request.args.get("langkah", "")
    chosen = step if step in {one.name for one in words.STEPS} else ""
    shown = [one for one in ladders if not chosen or getattr(one, chosen)]
    return render_template(
        "programme/arrears.html",
        ladders=shown,
        totals=_totals(ladders),
        steps=words.STEPS,
        chosen=chosen,
        endings=arrears.gaps_ahead(here.session(), on=today, by=by, permission="dues.oversee"),
        raised=alarms.alarms(here.session(), since=today, by=by, permission="dues.oversee"),
        payers=rates.FUNDING_LABELS,
        today=today,
        may_remind=policy.allows(by, "dues.remind"),
        may_read=policy.allows(by, "dues.read"),
    )


@programme.get("/tunggakan/nagari.<kind>")
@requires("dues.oversee")
def arrears_list(kind: str) -> ResponseReturnValue:
    """Give the ladders as a file."""
    ladders = arrears.ladders(here.session(), on=clock.today(), by=here.actor())
    return _sent("tunggakan-nagari", kind, _COLUMNS, [_row(one) for one in ladders])


@programme.get("/tunggakan/pekerja.<kind>")
@requires("dues.oversee")
def behind_list(kind: str) -> ResponseReturnValue:
    """Give the people who are behind as a file, without numbers of people; of one nagari or of all within reach."""
    today, code = clock.today(), request.args.get("nagari", "")[:_LONGEST]
    region = nagari_of(here.session(), code) if code else None
    people = arrears.behind(
        here.session(), region.code if region else None, on=today, by=here.actor(), permission="dues.oversee"
    )
    return _sent("tunggakan-pekerja", kind, _PEOPLE, _people(people, today))


def _totals(ladders: Sequence[Ladder]) -> dict[str, int]:
    return {one.name: sum(getattr(ladder, one.name) for ladder in ladders) for one in words.STEPS}


def _row(one: Ladder) -> Sequence[Cell]:
    return (
        one.district, one.region_name, one.current, one.one, one.two, one.limit, one.ended, one.never,
    )  # fmt: skip


def _people(people: Sequence[Behind], today: date) -> Iterator[Sequence[Cell]]:
    grace = grace_months(today)
    for one in people:
        last = one.last_month
        step = words.step_of(one.unpaid, grace, ever=last is not None)
        keeps = step in {"one", "two", "limit"} and last is not None
        yield (
            one.region_name,
            one.full_name,
            one.jorong,
            month_year(last) if last else "belum pernah",
            rates.FUNDING_LABELS[one.funding_source] if one.funding_source else "",
            one.unpaid,
            long_date(arrears.pay_by(last, today)) if keeps and last else "",
        )


def _sent(name: str, kind: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Send a list; who took it is put down."""
    area = "semua nagari dalam wilayah"
    return send_list(List(name, "dues.oversee", columns, rows, area, clock.today(), _NOTES), kind)
