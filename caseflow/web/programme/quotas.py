"""Quotas: how many places each nagari has, of which payer, for which days; set by the programme, seen by the nagari."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock, sheets
from caseflow.audit import changes
from caseflow.errors import Invalid, NotFound
from caseflow.people import policy
from caseflow.registry import queries as registry
from caseflow.registry import quotas
from caseflow.registry.quotas import QuotaFacts, QuotaRow
from caseflow.registry.rates import FUNDING_LABELS
from caseflow.web import here
from caseflow.web.admin import change_words
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm, DayField, WholeField, choices
from caseflow.web.lists_out import List, send_list
from caseflow.web.programme import programme
from caseflow.web.security import requires

_COLUMNS = (
    "Kode nagari", "Nagari", "Kecamatan", "Pembayar", "Mulai", "Sampai", "Kuota", "Dianggarkan", "Terisi", "Sisa",
    "Dasar",
)  # fmt: skip


class QuotaForm(BaseForm):
    """How many places, for how many there is money, and the decree."""

    slots = WholeField("Kuota", [InputRequired("Tulis kuotanya, misalnya 100.")])
    budgeted = WholeField("Dianggarkan untuk", [InputRequired("Tulis untuk berapa orang ada anggarannya.")])
    source = StringField("SK atau pos anggaran", [InputRequired("Tulis dasarnya."), Length(max=200)])


class NewQuotaForm(QuotaForm):
    """A quota of a nagari that has none from this payer in these days."""

    nagari = SelectField("Nagari", validate_choice=False)
    funding_source = RadioField(
        "Pembayar", choices=list(FUNDING_LABELS.items()), validators=[InputRequired("Pilih pembayarnya.")]
    )
    starts_on = DayField("Hari pertama", [InputRequired("Isi hari pertamanya.")])
    ends_on = DayField("Hari terakhir", [InputRequired("Isi hari terakhirnya.")])


class ChangeForm(QuotaForm):
    """The same quota, raised or lowered; ``seen``: when it was last changed as the page showed it."""

    seen = HiddenField(validators=[InputRequired()])


class CopyForm(BaseForm):
    """The decree of the new year; ``expected``: how many quotas the page showed."""

    year = HiddenField(validators=[InputRequired()])
    expected = HiddenField(validators=[InputRequired()])
    source = StringField(
        "SK atau pos anggaran tahun baru", [InputRequired("Tulis dasarnya."), Length(max=200)]
    )


class FilterForm(BaseForm):
    """What the list is narrowed to."""

    tahun = SelectField("Tahun", validate_choice=False)
    kecamatan = SelectField("Kecamatan", validate_choice=False)
    pembayar = SelectField("Pembayar", validate_choice=False)


@programme.get("/kuota")
@requires("quota.read")
def quotas_page() -> ResponseReturnValue:
    """List the quotas with their sums."""
    rows, form = _listed()
    by = here.actor()
    may_edit = policy.allows(by, "quota.edit")
    return render_template(
        "programme/quotas.html",
        rows=rows,
        form=form,
        sums={
            name: sum(getattr(row, name) for row in rows) for name in ("slots", "budgeted", "taken", "free")
        },
        labels=FUNDING_LABELS,
        filters=_filters(),
        may_edit=may_edit,
        last_year=_shown_year(form),
        changes=change_words.lines(changes.changes(here.session(), "quota"), _names()) if may_edit else [],
    )


@programme.get("/kuota/unduh.<kind>")
@requires("quota.read")
def quotas_file(kind: str) -> Response:
    """Send the same list as a file."""
    rows, form = _listed()

    def cells() -> Iterator[Sequence[sheets.Cell]]:
        for row in rows:
            yield (
                row.region_code, row.nagari, row.district, FUNDING_LABELS[row.funding_source], row.starts_on,
                row.ends_on, row.slots, row.budgeted, row.taken, row.free, row.source,
            )  # fmt: skip

    area = next((label for code, label in _districts() if code == form.kecamatan.data), "sijunjung")
    return send_list(List("kuota", "quota.read", _COLUMNS, cells(), area), kind)


@programme.get("/kuota/baru")
@requires("quota.edit")
def new_quota_page() -> ResponseReturnValue:
    """Ask for a quota; the year to come is filled in."""
    year = clock.today().year + 1
    first = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31), "funding_source": "apb_nagari"}
    form = NewQuotaForm(formdata=None, data={**first, "nagari": request.args.get("nagari", "")})
    return _new_page(form, [])


@programme.post("/kuota/baru")
@requires("quota.edit")
def new_quota_post() -> ResponseReturnValue:
    """Give the nagari its places."""
    form = NewQuotaForm()

    def work() -> str:
        if not form.nagari.data:
            raise Invalid({"nagari": "Pilih nagarinya. Belum tersimpan."})
        facts = QuotaFacts(
            region_code=form.nagari.data,
            funding_source=form.funding_source.data or "",
            starts_on=form.starts_on.data or date.min,
            ends_on=form.ends_on.data or date.min,
            slots=form.slots.data,
            budgeted=form.budgeted.data,
            source=form.source.data or "",
        )
        quotas.add_quota(here.session(), facts, by=here.actor(), now=here.now())
        name = registry.region_name(here.session(), facts.region_code)
        flash(f"Kuota {name} tersimpan: {facts.slots} orang, dianggarkan {facts.budgeted}.")
        return url_for("programme.quotas_page", tahun=facts.starts_on.year)

    return attempt(work, lambda refused: _new_page(form, refused), form)


@programme.get("/kuota/<code>/<payer>/<first>")
@requires("quota.read")
def quota_page(code: str, payer: str, first: str) -> ResponseReturnValue:
    """Show one quota; who may change it finds it filled in."""
    row = _get(code, payer, first)
    data = {"slots": row.slots, "budgeted": row.budgeted, "source": row.source}
    return _quota_page(row, ChangeForm(formdata=None, data=data), [])


@programme.post("/kuota/<code>/<payer>/<first>")
@requires("quota.edit")
def quota_post(code: str, payer: str, first: str) -> ResponseReturnValue:
    """Raise or lower it."""
    row, form = _get(code, payer, first), ChangeForm()

    def work() -> str:
        facts = replace(
            row.facts,
            slots=form.slots.data,
            budgeted=form.budgeted.data,
            source=form.source.data or "",
        )
        quotas.change_quota(
            here.session(), facts, seen_at=_instant(form.seen.data), by=here.actor(), now=here.now()
        )
        flash(f"Kuota {row.nagari} sekarang {facts.slots} orang, dianggarkan {facts.budgeted}.")
        return url_for("programme.quotas_page", tahun=row.starts_on.year)

    return attempt(work, lambda refused: _quota_page(_get(code, payer, first), form, refused), form)


@programme.get("/kuota/salin")
@requires("quota.edit")
def copy_page() -> ResponseReturnValue:
    """Show what copying a year to the next would write, before anything is."""
    return _copy_page(CopyForm(formdata=None), _year(request.args.get("tahun")), [])


@programme.post("/kuota/salin")
@requires("quota.edit")
def copy_post() -> ResponseReturnValue:
    """Copy the quotas of a year to the next, all nagari in one act."""
    form = CopyForm()
    year = _year(form.year.data)

    def work() -> str:
        written = quotas.copy_year(
            here.session(),
            year,
            source=form.source.data or "",
            expected=whole_number(form.expected.data),
            by=here.actor(),
            now=here.now(),
        )
        flash(f"{written} kuota disalin ke tahun {year + 1}.")
        return url_for("programme.quotas_page", tahun=year + 1)

    return attempt(work, lambda refused: _copy_page(form, year, refused), form)


def _listed() -> tuple[list[QuotaRow], FilterForm]:
    by, session = here.actor(), here.session()
    form = FilterForm(formdata=request.args)
    known = quotas.years(session, by=by)
    form.tahun.choices = choices([("", "Semua tahun"), *((str(year), str(year)) for year in known)])
    form.kecamatan.choices = choices([("", "Semua kecamatan"), *_districts()])
    form.pembayar.choices = choices([("", "Semua pembayar"), *FUNDING_LABELS.items()])
    if "tahun" not in request.args and clock.today().year in known:
        form.tahun.data = str(clock.today().year)
    year = whole_number(form.tahun.data)
    rows = quotas.rows(
        session,
        by=by,
        year=year if year in known else None,
        district=form.kecamatan.data or None,
        funding_source=form.pembayar.data or None,
    )
    return rows, form


def _districts() -> list[tuple[str, str]]:
    return registry.districts(here.session())


def _names() -> dict[str, str]:
    """Return the names of nagari by code, for the words of changes."""
    return {code: name for _, listed in registry.nagari_by_district(here.session()) for code, name in listed}


def _filters() -> dict[str, str]:
    return {name: request.args[name] for name in ("tahun", "kecamatan", "pembayar") if name in request.args}


def _shown_year(form: FilterForm) -> int:
    return whole_number(form.tahun.data, clock.today().year)


def _year(asked: str | None) -> int:
    year = whole_number(asked, clock.today().year)
    return min(max(year, 2020), clock.today().year + 5)


def _get(code: str, payer: str, first: str) -> QuotaRow:
    try:
        starts_on = date.fromisoformat(first)
    except ValueError:
        raise NotFound("Kuota ini tidak ditemukan.") from None
    return quotas.get_row(here.session(), code, payer, starts_on, by=here.actor())


def _instant(text: str | None) -> datetime:
    """Read the instant of a hidden field; anything else is long ago, and so out of date."""
    try:
        return datetime.fromisoformat(text or "")
    except ValueError:
        return datetime.min.replace(tzinfo=here.now().tzinfo)


def _new_page(form: NewQuotaForm, refused: Sequence[str]) -> str:
    listed = registry.nagari_by_district(here.session())
    grouped = [one for district, nagari in listed for one in choices(nagari, group=f"Kecamatan {district}")]
    form.nagari.choices = [*choices([("", "Pilih nagari")]), *grouped]
    return render_template("programme/quota_new.html", form=form, refused=refused)


def _quota_page(row: QuotaRow, form: ChangeForm, refused: Sequence[str]) -> str:
    subject = quotas.subject_of(here.session(), row)
    return render_template(
        "programme/quota.html",
        row=row,
        form=form,
        refused=refused,
        payer=FUNDING_LABELS[row.funding_source],
        may_edit=policy.allows(here.actor(), "quota.edit"),
        changes=change_words.lines(changes.changes_of(here.session(), subject), _names()),
    )


def _copy_page(form: CopyForm, year: int, refused: Sequence[str]) -> str:
    found = quotas.preview_copy(here.session(), year, by=here.actor())
    return render_template(
        "programme/quota_copy.html", form=form, year=year, found=found, refused=refused, labels=FUNDING_LABELS
    )
