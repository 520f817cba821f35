"""The scholarship of a paid claim: every child, what the law says of it, and whom the family chooses."""

from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow import clock
from caseflow.claims import queries, scholarship_children, scholarship_opening
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.claims.opening import Branch
from caseflow.claims.scholarship import payee_is_minor
from caseflow.claims.scholarship_children import ChildStanding, NewChild
from caseflow.claims.scholarship_opening import ORIGIN_STATES, ChildFacts
from caseflow.claims.school_years import child_of, rights_of
from caseflow.claims.workflows import definition_of
from caseflow.errors import NotFound, NotPossible
from caseflow.law.relatives import CHILDREN, RELATION_LABELS, age_on
from caseflow.web import here
from caseflow.web.casework import casework, words
from caseflow.web.casework.frame import Refusal, fetch, may, render
from caseflow.web.casework.scholarship_words import EMPLOYMENTS
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, DayField, NameField, NikField
from caseflow.web.security import requires

_TAB = "casework.scholarship_page"
# what others do to the choice while a page is open
_WATCHED = ("scholarship.child_chosen", "claim.member_recorded")


class ChoiceForm(BaseForm):
    """What the family tells of the child it has chosen."""

    chosen_by = StringField(
        "Siapa dari keluarga yang memilih anak ini?",
        [InputRequired("Tulis siapa yang memilih, dan bagaimana disampaikan."), Length(max=200)],
    )
    employment = RadioField(
        "Apakah anak ini bekerja?", choices=list(EMPLOYMENTS), validators=[InputRequired("Pilih satu.")]
    )
    married_on = DayField("Tanggal menikah")
    school_expected_on = DayField("Kira-kira masuk sekolah")
    guardian_name = NameField("Nama wali")
    guardian_basis = SelectField("Dasar perwalian", choices=[("", "–"), *words.GUARDIAN_BASES.items()])


class ChildForm(BaseForm):
    """A child of the worker who is not on the family list."""

    full_name = NameField("Nama lengkap", [InputRequired("Tulis nama seperti di akta kelahiran.")])
    relation = RadioField(
        "Hubungan dengan pekerja",
        choices=[(code, RELATION_LABELS[code].capitalize()) for code in sorted(CHILDREN, reverse=True)],
        validators=[InputRequired("Pilih satu.")],
    )
    born_on = DayField("Tanggal lahir", [InputRequired("Tulis tanggal lahir seperti di akta kelahiran.")])
    national_id = NikField("NIK", check_date=False)
    source = StringField("Sumber", [InputRequired("Tulis dokumen yang menyebut anak ini."), Length(max=200)])


@dataclass(frozen=True)
class Child:
    """A child as the table shows it.

    :ivar case: number of the child's own case, once its right is open.
    """

    id: int
    name: str
    age: str
    born: str
    tag: str
    sentiment: str
    detail: str
    case: str | None
    can_be_chosen: bool


@casework.get("/kasus/<number>/beasiswa")
@requires("claim.read")
def scholarship_page(number: str) -> ResponseReturnValue:
    """Show the children of a paid claim and whom the family has chosen."""
    return _page(fetch(number))


@casework.get("/kasus/<number>/beasiswa/<int:member_id>")
@requires("scholarship.edit")
def choice_page(number: str, member_id: int) -> ResponseReturnValue:
    """Ask what has to be known of the child that the family has chosen."""
    claim = fetch(number)
    return _choice(claim, member_id, _choice_form(claim, member_id), None)


@casework.post("/kasus/<number>/beasiswa/<int:member_id>")
@requires("scholarship.edit")
def choice_post(number: str, member_id: int) -> ResponseReturnValue:
    """Open the right of this child."""
    form = ChoiceForm()

    def work(claim: Claim) -> str:
        settings = here.settings()
        opened = scholarship_opening.open_right(
            here.session(),
            claim,
            member_id,
            ChildFacts(
                school_expected_on=form.school_expected_on.data,
                employment=form.employment.data,
                married_on=form.married_on.data,
                guardian_name=form.guardian_name.data or None,
                guardian_basis=form.guardian_basis.data or None,
            ),
            chosen_by=form.chosen_by.data or "",
            branch=Branch(claim.branch_code, settings.regency_prefix),
            by=here.actor(),
            now=here.now(),
        )
        return f"Beasiswa {opened.subject} sudah dibuka dengan nomor {opened.number}."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _choice(c, member_id, form, r), to=to, watching=_WATCHED)


@casework.get("/kasus/<number>/beasiswa/anak-baru")
@requires("scholarship.edit")
def child_page(number: str) -> ResponseReturnValue:
    """Ask for a child whom nobody had written down."""
    return _new_child(fetch(number), ChildForm(formdata=None, data={"source": "Akta kelahiran"}), None)


@casework.post("/kasus/<number>/beasiswa/anak-baru")
@requires("scholarship.edit")
def child_post(number: str) -> ResponseReturnValue:
    """Add that child to the family list."""
    form = ChildForm()

    def work(claim: Claim) -> str:
        facts = NewChild(
            full_name=form.full_name.data or "",
            relation=form.relation.data,
            born_on=form.born_on.data,
            source=form.source.data or "",
            national_id=form.national_id.data,
        )
        added = scholarship_children.record_child(
            here.session(), claim, facts, by=here.actor(), now=here.now()
        )
        return f"{added.full_name} sudah dicatat. Santunan yang sudah dibayar tidak berubah."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _new_child(c, form, r), to=to, watching=_WATCHED)


def card_of(claim: Claim) -> dict[str, object] | None:
    """Return what the summary of a case says about the scholarship: where it came from, or whom it is open for."""
    session = here.session()
    if claim.program == "scholarship":
        origin_id = child_of(session, claim).origin_casefile_id
        return {"origin": queries.get_claim_by_id(session, origin_id, by=here.actor())}
    if claim.state not in ORIGIN_STATES or _refusal(claim) is not None:
        return None
    cases = [
        queries.get_claim_by_id(session, one.casefile_id, by=here.actor())
        for one in rights_of(session, claim.id)
    ]
    return {"children": [(case.subject, case.number) for case in cases]}


def _page(claim: Claim) -> str:
    session, today = here.session(), clock.today()
    refusal = _refusal(claim)
    standing = scholarship_children.children_of(session, claim, today=today) if refusal is None else []
    most = numbers().on("scholarship_max_children", claim.event_on).value
    taken = sum(one.right is not None for one in standing)
    free = taken < most
    children = [_child(one, free=free) for one in standing]
    return render(
        claim,
        _TAB,
        "scholarship.html",
        why_not=refusal,
        children=children,
        most=most,
        taken=taken,
        choosable=sum(child.can_be_chosen for child in children),
        may_open=may("scholarship.edit"),
    )


def _refusal(claim: Claim) -> str | None:
    try:
        scholarship_opening.origin_kind(here.session(), claim)
    except NotPossible as refusal:
        return refusal.sentence.removesuffix(" Tidak ada yang berubah.")
    return None


def _child(one: ChildStanding, *, free: bool) -> Child:
    member, right = one.member, one.right
    case = queries.get_claim_by_id(here.session(), right.casefile_id, by=here.actor()) if right else None
    can = case is None and one.why_not is None and member.born_on is not None
    if case is not None:
        tag, sentiment = definition_of(case).label_of(case.state), "positive"
        detail = f"Dipilih keluarga: {right.chosen_by}" if right else ""
    elif one.why_not is not None:
        tag, sentiment, detail = "tidak bisa", "neutral", one.why_not
    else:
        tag, sentiment = ("bisa dipilih", "info") if free else ("tempat sudah penuh", "neutral")
        detail = f"Ditanyakan dulu: {', '.join(one.missing)}." if one.missing and free else ""
    return Child(
        id=member.id,
        name=member.full_name,
        age=f"{age_on(member.born_on, clock.today())} tahun" if member.born_on else "–",
        born=words.day_or(member.born_on, "belum dicatat"),
        tag=tag,
        sentiment=sentiment,
        detail=detail,
        case=case.number if case else None,
        can_be_chosen=can and free,
    )


def _named(claim: Claim, member_id: int) -> ChildStanding:
    found = scholarship_children.children_of(here.session(), claim, today=clock.today())
    one = next((one for one in found if one.member.id == member_id), None)
    if one is None:
        raise NotFound("Anak ini tidak ada pada daftar keluarga kasus itu.")
    return one


def _choice_form(claim: Claim, member_id: int) -> ChoiceForm:
    member = _named(claim, member_id).member
    data = {"guardian_name": member.guardian_name, "guardian_basis": member.guardian_basis or ""}
    return ChoiceForm(formdata=None, data=data)


def _choice(claim: Claim, member_id: int, form: ChoiceForm, refusal: Refusal | None) -> str:
    one = _named(claim, member_id)
    return render(
        claim,
        _TAB,
        "scholarship_choice.html",
        refusal=refusal,
        form=form,
        child=_child(one, free=True),
        minor=payee_is_minor(one.member, clock.today()),
    )


def _new_child(claim: Claim, form: ChildForm, refusal: Refusal | None) -> str:
    return render(claim, _TAB, "scholarship_child.html", refusal=refusal, form=form)
