"""Recording a relative, putting one right, and taking one off the list."""

from dataclasses import replace
from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.claims import family
from caseflow.claims.family import MemberFacts
from caseflow.claims.models import Claim, FamilyMember
from caseflow.errors import Invalid
from caseflow.formats import masked_nik
from caseflow.law.relatives import RELATION_LABELS
from caseflow.web import here
from caseflow.web.casework import casework, words
from caseflow.web.casework.frame import Refusal, fetch, render
from caseflow.web.casework.heirs import WATCHED, show_heirs
from caseflow.web.casework.submit import submit
from caseflow.web.forms import BaseForm, DayField, NameField, NikField
from caseflow.web.security import requires

_TAB = "casework.heirs_page"
_KNOWN = {"yes": True, "no": False, "unknown": None}
_SPOKEN = {True: "yes", False: "no", None: "unknown"}


class MemberForm(BaseForm):
    """A relative as the papers tell it."""

    full_name = NameField("Nama lengkap sesuai KTP", [InputRequired("Tulis nama seperti di KTP atau KK.")])
    relation = SelectField("Hubungan dengan pekerja", choices=list(RELATION_LABELS.items()))
    born_on = DayField("Tanggal lahir")
    national_id = NikField("NIK", check_date=False)
    alive = RadioField(
        "Masih hidup?",
        choices=[("yes", "Ya"), ("no", "Tidak"), ("unknown", "Belum dipastikan")],
        default="yes",
    )
    died_on = DayField("Tanggal meninggal")
    documented = RadioField(
        "Apakah bukti hubungannya sudah dilihat?",
        choices=[("yes", "Ya"), ("no", "Tidak ada bukti"), ("unknown", "Belum diperiksa")],
        default="unknown",
    )
    source = StringField("Sumber", [InputRequired("Tulis dokumen yang menyebut orang ini."), Length(max=200)])
    other_parent_id = SelectField("Orang tua yang lain", default="")
    guardian_name = NameField("Nama wali")
    guardian_basis = SelectField("Dasar perwalian", choices=[("", "–"), *words.GUARDIAN_BASES.items()])
    arranged_burial = BooleanField("Orang ini mengurus pemakaman")
    member_id = StringField()


class RemoveForm(BaseForm):
    """Taking a relative off the list asks nothing."""


@casework.get("/kasus/<number>/ahli-waris/tambah")
@requires("heirs.decide")
def member_page(number: str) -> ResponseReturnValue:
    """Ask for a relative, or for what is to be put right about one."""
    claim = fetch(number)
    member = _named(claim, request.args.get("dari", ""))
    data = _data_of(member) if member else {"source": "Kartu Keluarga"}
    return _page(claim, MemberForm(formdata=None, data=data), None)


@casework.post("/kasus/<number>/ahli-waris/tambah")
@requires("heirs.decide")
def member_post(number: str) -> ResponseReturnValue:
    """Record a relative, or put right the one that the form names."""
    form = MemberForm()
    # which of them is the other parent is judged against the list itself
    form.other_parent_id.validate_choice = False

    def work(claim: Claim) -> str:
        session, by, now = here.session(), here.actor(), here.now()
        facts, key = _facts(form), form.member_id.data
        known = _named(claim, key or "")
        if known is not None and facts.national_id is None:
            facts = replace(
                facts, national_id=known.national_id
            )  # the page shows it masked: empty is unchanged
        if not key:
            return f"{family.record_member(session, claim, facts, by=by, now=now).full_name} sudah dicatat."
        member = family.update_member(session, claim, _key(key), facts, by=by, now=now)
        return f"Catatan {member.full_name} sudah dibetulkan."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, lambda c, r: _page(c, form, r), to=to, watching=WATCHED)


@casework.post("/kasus/<number>/ahli-waris/<int:member_id>/keluarkan")
@requires("heirs.decide")
def member_remove(number: str, member_id: int) -> ResponseReturnValue:
    """Take a relative off the list; the row stays for the record."""
    form = RemoveForm()

    def work(claim: Claim) -> str:
        family.remove_member(here.session(), claim, member_id, by=here.actor(), now=here.now())
        return "Orang itu sudah dikeluarkan dari daftar. Catatannya tetap tersimpan."

    to = url_for(_TAB, number=number)
    return submit(number, form, work, show_heirs, to=to, watching=WATCHED)


def _facts(form: MemberForm) -> MemberFacts:
    """Return what was typed as facts.

    :raises Invalid: parts that contradict each other.
    """
    problems = {}
    alive = _KNOWN[form.alive.data]
    died_on: date | None = form.died_on.data
    if died_on is not None and alive is not False:
        problems["died_on"] = (
            "Ada tanggal meninggal, tetapi orang ini tidak ditandai meninggal. Belum tersimpan."
        )
    if bool(form.guardian_name.data) != bool(form.guardian_basis.data):
        problems["guardian_basis"] = "Isi nama wali dan dasarnya, atau kosongkan keduanya. Belum tersimpan."
    if form.relation.data not in RELATION_LABELS:
        problems["relation"] = "Pilih hubungan dari daftar."
    if problems:
        raise Invalid(problems)
    parent = form.other_parent_id.data or ""
    return MemberFacts(
        full_name=form.full_name.data or "",
        relation=form.relation.data,
        source=form.source.data or "",
        born_on=form.born_on.data,
        national_id=form.national_id.data,
        alive=alive,
        died_on=died_on,
        documented=_KNOWN[form.documented.data],
        other_parent_id=_key(parent) if parent else None,
        guardian_name=form.guardian_name.data,
        guardian_basis=form.guardian_basis.data or None,
        arranged_burial=bool(form.arranged_burial.data),
    )


def _key(typed: str) -> int:
    """Return the key of a relative; 0, which nobody has, for anything else."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0


def _named(claim: Claim, key: str) -> FamilyMember | None:
    """Return the recorded relative that an address names, if there is one."""
    return next((one for one in family.members(here.session(), claim.id) if str(one.id) == key), None)


def _data_of(member: FamilyMember) -> dict[str, object]:
    return {
        "full_name": member.full_name,
        "relation": member.relation,
        "born_on": member.born_on,
        "alive": _SPOKEN[member.alive],
        "died_on": member.died_on,
        "documented": _SPOKEN[member.documented],
        "source": member.source,
        "other_parent_id": str(member.other_parent_id or ""),
        "guardian_name": member.guardian_name,
        "guardian_basis": member.guardian_basis or "",
        "arranged_burial": member.arranged_burial,
        "member_id": str(member.id),
    }


def _page(claim: Claim, form: MemberForm, refusal: Refusal | None) -> str:
    members = family.members(here.session(), claim.id)
    key = form.member_id.data
    others = [
        (str(one.id), f"{one.full_name} ({words.relation(one.relation)})")
        for one in members
        if str(one.id) != key
    ]
    recorded = next((one.national_id for one in members if str(one.id) == key), None)
    form.other_parent_id.choices = [("", "–"), *others]
    return render(
        claim,
        _TAB,
        "member.html",
        refusal=refusal,
        form=form,
        known=bool(key),
        recorded_nik=recorded and masked_nik(recorded),
    )
