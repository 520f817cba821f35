"""A child's scholarship from year to year: the calendar, applications, proofs of study, facts of the child, the payee."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.claims import scholarship
from caseflow.claims.cover import numbers
from caseflow.claims.family import current_heirs
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.scholarship import CORRECTING, Guardian, YearFacts
from caseflow.claims.scholarship_models import ScholarshipChild, SchoolYear
from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.claims.scholarship_plan import WAITING, ends_on, pupil_of, school_calendar
from caseflow.claims.scholarship_rules import payee_fits_age
from caseflow.claims.school_years import child_of, years_applied_for
from caseflow.claims.states import PREPARING
from caseflow.formats import long_date, rupiah
from caseflow.law.pupil import EMPLOYMENT_LABELS, school_year_words
from caseflow.law.relatives import age_on
from caseflow.law.scholarship_calendar import CalendarYear
from caseflow.web import here
from caseflow.web.casework import casework, decision_reads, words
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.scholarship_words import EMPLOYMENTS, STATUSES, level_label, levels, next_words
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, DayField, NameField
from caseflow.web.security import requires

_TAB = "casework.years_page"
# what others do to the years while a page is open
_WATCHED = (
    "scholarship.years_asked",
    "scholarship.study_checked",
    "scholarship.child_corrected",
    "claim.heirs_decided",
    "claim.account_entered",
)


class FactsForm(BaseForm):
    """What is known of the child, as papers and family tell it."""

    employment = RadioField(
        "Apakah anak ini bekerja?", choices=list(EMPLOYMENTS), validators=[InputRequired("Pilih satu.")]
    )
    married_on = DayField("Tanggal menikah")
    school_expected_on = DayField("Kira-kira masuk sekolah")
    died_on = DayField("Tanggal meninggal")


class PayeeForm(BaseForm):
    """The guardian of a child that is not of age; nothing is asked for one that is."""

    guardian_name = NameField("Nama wali seperti di KTP")
    guardian_basis = SelectField("Dasar perwalian", choices=[("", "–"), *words.GUARDIAN_BASES.items()])


@dataclass(frozen=True)
class Row:
    """One school year as the calendar shows it."""

    year: str
    level: str
    amount: str
    tag: str
    sentiment: str
    detail: str
    last_day: str
    reminder: str


@casework.get("/kasus/<number>/tahun-ajaran")
@requires("claim.read")
def years_page(number: str) -> ResponseReturnValue:
    """Show all school years of the child, from the event to the age limit."""
    return _page(fetch(number), None)


@casework.get("/kasus/<number>/tahun-ajaran/ajukan")
@requires("scholarship.edit")
def ask_page(number: str) -> ResponseReturnValue:
    """Ask which school years the family applies for."""
    claim = fetch(number)
    return _ask(claim, _ask_form(claim, fresh=True), None)


@casework.post("/kasus/<number>/tahun-ajaran/ajukan")
@requires("scholarship.edit")
def ask_post(number: str) -> ResponseReturnValue:
    """Apply for them."""
    form = _ask_form(fetch(number))

    def work(claim: Claim) -> str:
        rows = scholarship.ask_year(here.session(), claim, _asked(form), by=here.actor(), now=here.now())
        said = ", ".join(school_year_words(row.year) for row in rows)
        return f"Tahun ajaran {said} diajukan. Dokumen tahun ini sekarang diminta kepada keluarga."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _ask(c, form, r), to=to, watching=_WATCHED)


@casework.post("/kasus/<number>/tahun-ajaran/bukti")
@requires("scholarship.edit")
def proof_post(number: str) -> ResponseReturnValue:
    """Say of each year whether its papers prove that the child studied."""
    claim = fetch(number)
    form = _proof_form(years_applied_for(here.session(), claim.id))

    def work(claim: Claim) -> str:
        given = {
            row.year: form[f"proof_{row.year}"].data for row in years_applied_for(here.session(), claim.id)
        }
        proofs = {year: said == "yes" for year, said in given.items() if said in {"yes", "no"}}
        scholarship.prove_study(here.session(), claim, proofs, by=here.actor(), now=here.now())
        return "Bukti sekolah sudah dicatat."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _page(c, r, proof=form), to=to, watching=_WATCHED)


@casework.get("/kasus/<number>/tahun-ajaran/anak")
@requires("scholarship.edit")
def facts_page(number: str) -> ResponseReturnValue:
    """Ask for the facts of the child."""
    claim = fetch(number)
    child, member = _child(claim)
    data = {
        "employment": child.employment,
        "married_on": child.married_on,
        "school_expected_on": child.school_expected_on,
        "died_on": member.died_on,
    }
    return _facts(claim, FactsForm(formdata=None, data=data), None)


@casework.post("/kasus/<number>/tahun-ajaran/anak")
@requires("scholarship.edit")
def facts_post(number: str) -> ResponseReturnValue:
    """Put the facts of the child right."""
    form = FactsForm()

    def work(claim: Claim) -> str:
        facts = ChildFacts(
            employment=form.employment.data,
            married_on=form.married_on.data,
            school_expected_on=form.school_expected_on.data,
            died_on=form.died_on.data,
        )
        scholarship.correct_child(here.session(), claim, facts, by=here.actor(), now=here.now())
        return "Data anak sudah dibetulkan. Kalender di bawah mengikutinya."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _facts(c, form, r), to=to, watching=_WATCHED)


@casework.post("/kasus/<number>/tahun-ajaran/penerima")
@requires("heirs.decide")
def payee_post(number: str) -> ResponseReturnValue:
    """Decide who receives: the child of age, or its guardian."""
    form = PayeeForm()

    def work(claim: Claim) -> str:
        name = form.guardian_name.data
        guardian = Guardian(name, form.guardian_basis.data or "") if name else None
        decision = scholarship.decide_payee(here.session(), claim, guardian, by=here.actor(), now=here.now())
        return decision.sentence

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _page(c, r, payee=form), to=to, watching=_WATCHED)


def _page(
    claim: Claim, refusal: Refusal | None, *, proof: BaseForm | None = None, payee: PayeeForm | None = None
) -> str:
    session, today = here.session(), clock.today()
    child, member = _child(claim)
    applied = years_applied_for(session, claim.id)
    editable = claim.state in PREPARING
    decision = current_heirs(session, claim.id)
    limit = numbers().on("scholarship_age_limit", today).value
    return render(
        claim,
        _TAB,
        "scholarship_years.html",
        refusal=refusal,
        form=payee or proof,
        child=child,
        member=member,
        age=age_on(child.born_on, today),
        ends=ends_on(child.born_on, today),
        limit=limit,
        employment=EMPLOYMENT_LABELS[pupil_of(child).employment],
        next_words=next_words(child.next_step, child.next_year, child.school_expected_on, limit)
        if child.next_step
        else "",
        rows=[_row(claim, year, applied) for year in school_calendar(session, claim, today=today)],
        applied=[(row, school_year_words(row.year), level_label(row.level)) for row in applied],
        askable=scholarship.askable_years(session, claim, today=today),
        may_ask=may("scholarship.edit") and claim.state in scholarship.ASKING,
        may_prove=may("scholarship.edit") and editable and bool(applied),
        may_correct=may("scholarship.edit") and claim.state in CORRECTING,
        may_decide=may("heirs.decide") and editable,
        proof_form=proof or _proof_form(applied, fresh=True),
        payee_form=payee or _payee_form(member),
        minor=scholarship.payee_is_minor(member, today),
        decision=decision,
        decision_outdated=payee_fits_age(session, claim),
        account=decision_reads.account_facts(session, claim.id),
        may_enter=may("account.enter") and editable and decision is not None,
    )


def _child(claim: Claim) -> tuple[ScholarshipChild, FamilyMember]:
    child = child_of(here.session(), claim)
    return child, here.session().get_one(FamilyMember, child.member_id)


def _row(claim: Claim, year: CalendarYear, applied: Sequence[SchoolYear]) -> Row:
    (tag, sentiment), reminder = STATUSES[year.status], year.next_reminder_on
    mine = next((row for row in applied if row.year == year.school_year), None)
    if mine is not None and claim.state not in WAITING:
        tag, sentiment, reminder = "Sedang diajukan", "review", None
    amount = numbers().tables.level(year.level).amount(claim.event_on).value if year.level else None
    level = mine.level if mine else year.level
    return Row(
        year=school_year_words(year.school_year),
        level=level_label(level) if level else "–",
        amount=rupiah(amount) if amount is not None else "–",
        tag=tag,
        sentiment=sentiment,
        detail="perkiraan menurut umur" if year.expected and year.level and mine is None else "",
        last_day=long_date(year.last_day) if year.status in {"open", "arrears", "upcoming"} else "–",
        reminder=words.day_or(reminder, "–"),
    )


def _ask_form(claim: Claim, *, fresh: bool = False) -> BaseForm:
    """Return a form with a tick, a level and a school for each year that can be applied for."""
    today, session = clock.today(), here.session()
    usual = {year.school_year: year.level for year in school_calendar(session, claim, today=today)}
    known = {row.year: row for row in years_applied_for(session, claim.id)}
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {}
    for year in scholarship.askable_years(session, claim, today=today):
        row = known.get(year)
        fields[f"ask_{year}"] = BooleanField(f"Tahun ajaran {school_year_words(year)}")
        fields[f"level_{year}"] = SelectField("Jenjang", choices=levels(), validate_choice=False)
        fields[f"school_{year}"] = StringField("Sekolah, kampus, atau tempat pelatihan", [Length(max=200)])
        data |= {
            f"ask_{year}": row is not None,
            f"level_{year}": row.level if row else usual.get(year),
            f"school_{year}": row.school if row else "",
        }
    kind: type[BaseForm] = type("AskForm", (BaseForm,), fields)
    return kind(formdata=None, data=data) if fresh else kind()


def _asked(form: BaseForm) -> list[YearFacts]:
    years = [int(name.removeprefix("ask_")) for name in form.data if name.startswith("ask_")]
    return [
        YearFacts(year=year, level=form[f"level_{year}"].data or "", school=form[f"school_{year}"].data or "")
        for year in years
        if form[f"ask_{year}"].data
    ]


def _ask(claim: Claim, form: BaseForm, refusal: Refusal | None) -> str:
    years = scholarship.askable_years(here.session(), claim, today=clock.today())
    return render(
        claim,
        _TAB,
        "scholarship_ask.html",
        refusal=refusal,
        form=form,
        years=[(form[f"ask_{year}"], form[f"level_{year}"], form[f"school_{year}"]) for year in years],
    )


def _proof_form(applied: Sequence[SchoolYear], *, fresh: bool = False) -> BaseForm:
    spoken = {True: "yes", False: "no", None: ""}
    fields: dict[str, Any] = {
        f"proof_{row.year}": RadioField(
            f"Tahun ajaran {school_year_words(row.year)}, {row.school}",
            choices=[("yes", "Terbukti"), ("no", "Tidak terbukti")],
            validate_choice=False,
        )
        for row in applied
    }
    kind: type[BaseForm] = type("ProofForm", (BaseForm,), fields)
    data = {f"proof_{row.year}": spoken[row.study_proven] for row in applied}
    return kind(formdata=None, data=data) if fresh else kind()


def _payee_form(member: FamilyMember) -> PayeeForm:
    data = {"guardian_name": member.guardian_name, "guardian_basis": member.guardian_basis or ""}
    return PayeeForm(formdata=None, data=data)


def _facts(claim: Claim, form: FactsForm, refusal: Refusal | None) -> str:
    child, _ = _child(claim)
    return render(claim, _TAB, "scholarship_facts.html", refusal=refusal, form=form, born_on=child.born_on)
