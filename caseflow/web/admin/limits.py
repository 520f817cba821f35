"""Dated limits of the branch, and rates of contributions: what holds on a day, what is to come, and who added it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.audit import changes
from caseflow.errors import NotFound
from caseflow.formats import long_date, month_year, rupiah
from caseflow.law.dated import CERTAINTY_LABELS
from caseflow.people import policy
from caseflow.registry import limits, rates
from caseflow.registry.limits import Limit, NewLimit, NewRate
from caseflow.registry.rate_models import ContributionRate
from caseflow.web import here
from caseflow.web.admin import admin, change_words
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm, DayField, MoneyField, WholeField
from caseflow.web.security import requires

_UNITS: Mapping[str, str] = MappingProxyType({"days": "hari", "months": "bulan"})
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "approval_limit_1_idr": "Batas persetujuan penyetuju",
        "approval_limit_2_idr": "Batas persetujuan kepala cabang",
        "joint_leave_stops_clock": "Cuti bersama menghentikan hitungan hari kerja",
        "account_check_days": "Rekening diperiksa lagi setelah",
        "death_after_joining_days": "Tanda periksa: meninggal setelah terdaftar kurang dari",
        "returned_transfer_days": "Transfer masih bisa kembali selama",
        "objection_days": "Keberatan diajukan paling lambat",
    }
)


class LimitForm(BaseForm):
    """Another value of a limit, from a day on."""

    valid_from = DayField("Berlaku mulai", [InputRequired("Isi mulai kapan berlaku.")])
    value = WholeField("Nilai baru", [InputRequired("Tulis nilainya.")])
    source = StringField("Dasar", [InputRequired("Tulis dasarnya."), Length(max=300)])
    sure = BooleanField("Saya sudah melihat surat atau aturannya")


class RateForm(BaseForm):
    """Another rate, from a month on."""

    funding_source = RadioField(
        "Pembayar",
        choices=list(rates.FUNDING_LABELS.items()),
        validators=[InputRequired("Pilih pembayarnya.")],
    )
    sector = RadioField(
        "Pekerjaan", choices=list(rates.SECTOR_LABELS.items()), validators=[InputRequired("Pilih jenisnya.")]
    )
    valid_from = DayField("Berlaku mulai", [InputRequired("Isi mulai kapan berlaku.")])
    valid_to = DayField("Sampai")
    jkk_idr = MoneyField("Iuran JKK sebulan", [InputRequired("Tulis jumlahnya.")])
    jkm_idr = MoneyField("Iuran JKM sebulan", [InputRequired("Tulis jumlahnya.")])
    reduced = BooleanField("Tarif ini keringanan menurut PP 50/2025")
    source = StringField("Dasar", [InputRequired("Tulis dasarnya."), Length(max=300)])
    sure = BooleanField("Saya sudah melihat aturannya")


@dataclass(frozen=True)
class Value:
    """One value of a limit in words. ``when``: ``now``, ``later`` or ``before``."""

    since: date
    words: str
    source: str
    certainty: str
    unsure: bool
    when: str


@dataclass(frozen=True)
class Named:
    """A limit with all its values."""

    name: str
    label: str
    unit: str
    values: Sequence[Value]


@admin.get("/batas")
@requires("limit.read")
def limits_page() -> ResponseReturnValue:
    """List the limits as they hold today, with what was before and what is to come."""
    return render_template(
        "admin/limits.html",
        named=_named(),
        may_edit=policy.allows(here.actor(), "limit.edit"),
        changes=change_words.lines(changes.changes(here.session(), "limit")),
    )


@admin.get("/batas/<name>")
@requires("limit.edit")
def limit_page(name: str) -> ResponseReturnValue:
    """Ask for another value."""
    return _limit_page(_get(name), LimitForm(formdata=None), [])


@admin.post("/batas/<name>")
@requires("limit.edit")
def limit_post(name: str) -> ResponseReturnValue:
    """Add it; the earlier ones stay."""
    named, form = _get(name), LimitForm()

    def work() -> str:
        told = NewLimit(
            name=name,
            valid_from=form.valid_from.data or date.min,
            value=form.value.data,
            source=form.source.data or "",
            sure=form.sure.data,
        )
        limits.add_limit(here.session(), told, by=here.actor(), now=here.now())
        flash(f"{named.label}: nilai baru berlaku mulai {long_date(told.valid_from)}.")
        return url_for("admin.limits_page")

    return attempt(work, lambda refused: _limit_page(named, form, refused), form)


@admin.get("/tarif")
@requires("limit.read")
def rates_page() -> ResponseReturnValue:
    """Show what a month costs each payer, in a month of choice, and every rate there is."""
    month = _month(request.args.get("bulan"))
    return render_template(
        "admin/rates.html",
        month=month,
        months=[_month_after(clock.today(), ahead) for ahead in range(-3, 13)],
        in_force=[
            (one, rates.FUNDING_LABELS, rates.SECTOR_LABELS)
            for one in rates.rate_table(here.session(), month)
        ],
        every=[_rate_line(one) for one in limits.rates(here.session())],
        payers=rates.FUNDING_LABELS,
        sectors=rates.SECTOR_LABELS,
        may_edit=policy.allows(here.actor(), "limit.edit"),
        changes=change_words.lines(changes.changes(here.session(), "rate")),
    )


@admin.get("/tarif/baru")
@requires("limit.edit")
def rate_page() -> ResponseReturnValue:
    """Ask for another rate."""
    return _rate_page(RateForm(formdata=None), [])


@admin.post("/tarif/baru")
@requires("limit.edit")
def rate_post() -> ResponseReturnValue:
    """Show what the rate would do; the second press adds it."""
    form = RateForm()
    if request.form.get("step") != "simpan":
        return _rate_page(form, [], preview=form.validate())

    def work() -> str:
        added = limits.add_rate(here.session(), _told(form), by=here.actor(), now=here.now())
        flash(f"Tarif {rupiah(added.amount_idr)} sebulan berlaku mulai {month_year(added.valid_from)}.")
        return url_for("admin.rates_page", bulan=f"{added.valid_from:%Y-%m}")

    return attempt(work, lambda refused: _rate_page(form, refused), form)


def _told(form: RateForm) -> NewRate:
    return NewRate(
        funding_source=form.funding_source.data or "",
        sector=form.sector.data or "",
        valid_from=form.valid_from.data or date.min,
        valid_to=form.valid_to.data,
        jkk_idr=form.jkk_idr.data,
        jkm_idr=form.jkm_idr.data,
        reduced=form.reduced.data,
        source=form.source.data or "",
        sure=form.sure.data,
    )


def _named() -> list[Named]:
    """Return the limits in the order of their names here; unknown ones last, by code."""
    today = clock.today()
    found: dict[str, list[Limit]] = {}
    for one in limits.limits(here.session()):
        found.setdefault(one.name, []).append(one)
    order = [*(name for name in _NAMES if name in found), *(name for name in found if name not in _NAMES)]
    return [
        Named(name, _NAMES.get(name, name), found[name][0].unit, _values(found[name], today))
        for name in order
    ]


def _values(rows: Sequence[Limit], today: date) -> list[Value]:
    current = next((one for one in rows if one.valid_from <= today), None)
    return [
        Value(
            since=one.valid_from,
            words=_words(one),
            source=one.source,
            certainty=_certainty(one.certainty),
            unsure=one.certainty in {"M", "verify"},
            when="now" if one is current else "later" if one.valid_from > today else "before",
        )
        for one in rows
    ]


def _words(one: Limit) -> str:
    if one.unit == "idr":
        return rupiah(one.value)
    if one.unit == "flag":
        return "Ya" if one.value else "Tidak"
    return f"{one.value} {_UNITS[one.unit]}"


def _certainty(code: str) -> str:
    return next((words for known, words in CERTAINTY_LABELS.items() if known == code), code)


def _get(name: str) -> Named:
    found = next((one for one in _named() if one.name == name), None)
    if found is None:
        raise NotFound("Batas ini tidak ditemukan.")
    return found


def _limit_page(named: Named, form: LimitForm, refused: Sequence[str]) -> str:
    return render_template("admin/limit.html", named=named, form=form, refused=refused, units=_UNITS)


def _rate_page(form: RateForm, refused: Sequence[str], *, preview: bool = False) -> str:
    session, today = here.session(), clock.today()
    before, people = None, 0
    if preview:
        first = form.valid_from.data or today
        found = rates.rates_between(session, form.funding_source.data, form.sector.data, first, first)
        before = rates.find_rate(found, first)
        people = limits.paid_last_month(session, form.funding_source.data, on=today)
    return render_template(
        "admin/rate_new.html",
        form=form,
        refused=refused,
        preview=preview,
        before=before,
        people=people,
        amount_idr=(form.jkk_idr.data or 0) + (form.jkm_idr.data or 0) if preview else 0,
        payer=rates.FUNDING_LABELS.get(form.funding_source.data or "", ""),
    )


def _rate_line(one: ContributionRate) -> dict[str, object]:
    today = clock.today()
    over = one.valid_to is not None and one.valid_to < today
    return {
        "payer": rates.FUNDING_LABELS[one.funding_source],
        "sector": rates.SECTOR_LABELS[one.sector],
        "since": one.valid_from,
        "until": one.valid_to,
        "amount_idr": one.amount_idr,
        "source": one.source,
        "certainty": _certainty(one.certainty),
        "unsure": one.certainty in {"M", "verify"},
        "over": over,
    }


def _month(asked: str | None) -> date:
    """Read ``2026-11``; anything else is this month."""
    year, _, number = (asked or "").partition("-")
    year_asked, month_asked = whole_number(year, 0), whole_number(number, 0)
    if 2019 < year_asked < clock.today().year + 10 and 1 <= month_asked <= 12:
        return date(year_asked, month_asked, 1)
    return clock.today().replace(day=1)


def _month_after(day: date, months: int) -> date:
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
