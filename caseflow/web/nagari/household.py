"""The family of a worker on one Kartu Keluarga: put on a card, people added, a living head named, somebody taken off."""

from collections.abc import Callable, Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from caseflow import clock
from caseflow.errors import NotFound, NotPossible
from caseflow.registry import households, life
from caseflow.registry.households import RELATION_LABELS, MemberFacts
from caseflow.registry.life import Told
from caseflow.registry.models import Worker
from caseflow.registry.people import get_worker
from caseflow.registry.people_models import Household, HouseholdMember
from caseflow.web import here
from caseflow.web.attempts import attempt
from caseflow.web.forms import BaseForm, DayField, NameField, NikField
from caseflow.web.nagari import nagari
from caseflow.web.nagari.worker import SEXES, relatives_of
from caseflow.web.security import requires

_EDIT = "worker.edit"
_RELATIONS = [
    ("", "Pilih hubungan"),
    *((code, label.capitalize()) for code, label in RELATION_LABELS.items()),
]


class CardForm(BaseForm):
    """On which card a worker stands, and as what."""

    family_card_number = NikField(
        "Nomor KK", check_date=False, validators=[DataRequired("Tulis 16 angka nomor KK.")]
    )
    relation = SelectField(
        "Hubungan dengan kepala keluarga",
        choices=_RELATIONS,
        validators=[DataRequired("Pilih hubungannya.")],
    )


class MemberForm(BaseForm):
    """A person of the card."""

    full_name = NameField("Nama", validators=[DataRequired("Tulis namanya.")])
    relation = SelectField(
        "Hubungan dengan kepala keluarga",
        choices=_RELATIONS,
        validators=[DataRequired("Pilih hubungannya.")],
    )
    sex = RadioField(
        "Jenis kelamin", choices=list(SEXES.items()), validators=[InputRequired("Pilih salah satu.")]
    )
    born_on = DayField("Tanggal lahir", validators=[Optional()])
    national_id = NikField("NIK", check_date=False, validators=[Optional()])


class MemberDiedForm(BaseForm):
    """The day, and who told it."""

    died_on = DayField("Kapan meninggal?", validators=[DataRequired("Tulis tanggal, bulan, dan tahunnya.")])
    told_by = StringField(
        "Siapa yang memberi tahu nagari?",
        validators=[DataRequired("Tulis siapa yang memberi tahu, misalnya wali jorong."), Length(max=120)],
    )


@nagari.get("/pekerja/<public_id>/rumah-tangga")
@requires("worker.edit")
def household_page(public_id: str) -> ResponseReturnValue:
    """Show the card and its people, or ask for its number."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)
    return _page(worker)


@nagari.post("/pekerja/<public_id>/rumah-tangga")
@requires("worker.edit")
def household_post(public_id: str) -> ResponseReturnValue:
    """Put the worker on a card."""
    worker, form = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT), CardForm()

    def work() -> str:
        number, relation = form.family_card_number.data or "", form.relation.data or ""
        households.open_household(
            here.session(), worker, number, relation=relation, by=here.actor(), now=here.now()
        )
        flash("KK sudah dicatat. Tambahkan anggota keluarganya.")
        return url_for("nagari.household_page", public_id=public_id)

    return attempt(work, lambda refused: _page(worker, refused, card=form), form)


@nagari.post("/pekerja/<public_id>/rumah-tangga/anggota")
@requires("worker.edit")
def household_add(public_id: str) -> ResponseReturnValue:
    """Add a person to the card."""
    worker, form = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT), MemberForm()

    def work() -> str:
        facts = MemberFacts(
            full_name=form.full_name.data or "",
            relation=form.relation.data or "",
            sex=form.sex.data or "",
            born_on=form.born_on.data,
            national_id=form.national_id.data or None,
        )
        member = households.add_member(
            here.session(), _household(worker), facts, by=here.actor(), now=here.now()
        )
        flash(f"{member.full_name} sudah dicatat.")
        return url_for("nagari.household_page", public_id=public_id)

    return attempt(work, lambda refused: _page(worker, refused, member=form), form)


@nagari.post("/pekerja/<public_id>/rumah-tangga/anggota/<member_id>/kepala")
@requires("worker.edit")
def household_head(public_id: str, member_id: str) -> ResponseReturnValue:
    """Name who heads the family."""

    def act(household: Household) -> str:
        member = households.get_member(here.session(), household, member_id)
        households.name_head(here.session(), household, member, by=here.actor())
        return f"{member.full_name} sekarang kepala keluarga."

    return _pressed(public_id, act)


@nagari.post("/pekerja/<public_id>/rumah-tangga/anggota/<member_id>/keluar")
@requires("worker.edit")
def household_remove(public_id: str, member_id: str) -> ResponseReturnValue:
    """Take somebody off the card who moved to another."""

    def act(household: Household) -> str:
        member = households.get_member(here.session(), household, member_id)
        households.remove_member(here.session(), member, by=here.actor(), now=here.now())
        return f"{member.full_name} sudah tidak di KK ini."

    return _pressed(public_id, act)


@nagari.get("/pekerja/<public_id>/rumah-tangga/anggota/<member_id>/meninggal")
@requires("worker.deceased")
def member_died_page(public_id: str, member_id: str) -> ResponseReturnValue:
    """Ask for the day; whoever works has the worker's own page, where the report for the family begins."""
    worker, member = _worker_and_member(public_id, member_id)
    if member.worker_id is not None:
        own = here.session().get_one(Worker, member.worker_id)
        return redirect(url_for("nagari.worker_death_page", public_id=own.public_id))
    return _died_page(worker, member, MemberDiedForm())


@nagari.post("/pekerja/<public_id>/rumah-tangga/anggota/<member_id>/meninggal")
@requires("worker.deceased")
def member_died_post(public_id: str, member_id: str) -> ResponseReturnValue:
    """Write down that somebody of the family died; nobody dead heads it or is paid."""
    (worker, member), form = _worker_and_member(public_id, member_id), MemberDiedForm()

    def work() -> str:
        told = Told(form.died_on.data or clock.today(), form.told_by.data or "")
        life.mark_member_deceased(here.session(), member, told, by=here.actor(), now=here.now())
        flash(f"{member.full_name} tercatat meninggal.")
        return url_for("nagari.household_page", public_id=public_id)

    return attempt(work, lambda refused: _died_page(worker, member, form, refused), form)


def _worker_and_member(public_id: str, member_id: str) -> tuple[Worker, HouseholdMember]:
    worker = get_worker(here.session(), public_id, by=here.actor(), permission="worker.deceased")
    household = households.household_of(here.session(), worker)
    if household is None:
        raise NotFound("Orang ini tidak ada di KK ini.")
    return worker, households.get_member(here.session(), household, member_id)


def _died_page(
    worker: Worker, member: HouseholdMember, form: MemberDiedForm, refused: Sequence[str] = ()
) -> str:
    return render_template(
        "nagari/member_died.html", worker=worker, member=member, form=form, refused=refused
    )


def _pressed(public_id: str, act: Callable[[Household], str]) -> ResponseReturnValue:
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)

    def work() -> str:
        flash(act(_household(worker)))
        return url_for("nagari.household_page", public_id=public_id)

    return attempt(work, lambda refused: _page(worker, refused))


def _household(worker: Worker) -> Household:
    household = households.household_of(here.session(), worker)
    if household is None:
        raise NotPossible("Catat dulu nomor KK-nya. Belum ada yang tersimpan.")
    return household


def _page(
    worker: Worker,
    refused: Sequence[str] = (),
    *,
    card: CardForm | None = None,
    member: MemberForm | None = None,
) -> str:
    household = households.household_of(here.session(), worker)
    return render_template(
        "nagari/household.html",
        worker=worker,
        household=household,
        relatives=relatives_of(household.id if household else None, worker),
        card=card or CardForm(formdata=None, data={"family_card_number": worker.family_card_number}),
        member=member or MemberForm(formdata=None),
        form=card or member,
        refused=refused,
    )
