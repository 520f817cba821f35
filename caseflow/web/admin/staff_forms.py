"""Forms of the pages of accounts. What may be done is judged by the verbs."""

from collections.abc import Mapping
from itertools import chain
from typing import Any, TypeVar

from wtforms import HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseflow.claims import queries as claim_queries
from caseflow.errors import Invalid
from caseflow.people import policy
from caseflow.people.accounts import Scope
from caseflow.registry import queries as registry
from caseflow.web import here
from caseflow.web.forms import BaseForm, LongTextField, NameField, NikField, choices


class FilterForm(BaseForm):
    """What the list is narrowed to."""

    q = StringField("Nama atau nama pengguna")
    peran = SelectField("Peran", validate_choice=False)
    status = SelectField(
        "Akun", choices=[("", "Masih dibuka"), ("tutup", "Sudah ditutup")], validate_choice=False
    )


class RoleForm(BaseForm):
    """A role and the area it holds for."""

    role = SelectField("Peran", validators=[InputRequired("Pilih perannya.")])
    nagari = SelectField("Nagari", validate_choice=False)
    reason = StringField("Alasan", [Optional(), Length(max=300)])


class AccountForm(RoleForm):
    """A person who gets an account."""

    full_name = NameField("Nama lengkap", [InputRequired("Tulis nama lengkap seperti di KTP.")])
    national_id = NikField("NIK", [Optional()])
    title = StringField("Jabatan", [Optional(), Length(max=120)])
    username = StringField("Nama pengguna", [InputRequired("Tulis nama pengguna."), Length(max=60)])


class HandForm(BaseForm):
    """To whom the work goes, and what the receiver has to know."""

    to = SelectField("Diserahkan kepada", validate_choice=False)
    note = LongTextField("Catatan untuk penerima", [Optional()])


AnyHandForm = TypeVar("AnyHandForm", bound=HandForm)


class RevokeForm(HandForm):
    """Which role is taken back."""

    grant_id = RadioField("Peran yang dicabut", validators=[InputRequired("Pilih peran yang dicabut.")])


class GiveForm(HandForm):
    """Why somebody gives up their work; the account stays open."""

    why = RadioField(
        "Alasan",
        choices=[("leave", "Cuti atau sakit"), ("moved", "Pindah tugas")],
        validators=[InputRequired("Pilih alasannya.")],
    )


class AnswerForm(BaseForm):
    """The answer to a proposal."""

    proposal = HiddenField(validators=[InputRequired()])
    answer = HiddenField(validators=[InputRequired()])


def prepare_role(form: RoleForm) -> RoleForm:
    """Offer the roles that can be given, and every nagari."""
    given = [(role.name, role.label) for role in policy.policy().roles.values() if role.scope]
    form.role.choices = choices([("", "Pilih peran"), *given])
    groups = registry.nagari_by_district(here.session())
    listed = [choices(nagari, group=f"Kecamatan {district}") for district, nagari in groups]
    form.nagari.choices = [*choices([("", "Tidak untuk nagari")]), *chain.from_iterable(listed)]
    return form


def prepare_hand(form: AnyHandForm, but: int) -> AnyHandForm:
    """Offer the colleagues who can receive; ``but``: whose work it is."""
    people = claim_queries.officers(here.session(), by=here.actor())
    named = [(str(key), name) for key, name in people if key != but]
    form.to.choices = choices([("", "Daftar bersama (Belum ditugaskan)"), *named])
    return form


def scope_of(form: RoleForm) -> Scope:
    """Return the area that the chosen role holds for.

    :raises Invalid: ``nagari``: not chosen for a role of a nagari.
    """
    role = policy.policy().roles.get(form.role.data or "")
    codes: Mapping[str | None, Any] = {
        "branch": here.actor().branch_code,
        "nagari": _nagari(form),
        "regency": registry.regency_code(here.session()),
    }
    code = codes.get(role.scope if role else None)
    if role is not None and role.scope == "nagari" and not code:
        raise Invalid({"nagari": "Pilih nagarinya. Belum ada yang tersimpan."})
    return Scope((role.scope if role else None) or "", code or "")


def _nagari(form: RoleForm) -> str:
    known = {code for _, nagari in registry.nagari_by_district(here.session()) for code, _ in nagari}
    return form.nagari.data if form.nagari.data in known else ""
