"""A worker put right: what weighs little at once, what identifies with a proof; and taken off the lists."""

from collections.abc import Sequence
from typing import Any

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, IntegerField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from caseflow import clock
from caseflow.errors import Invalid, NotFound
from caseflow.formats import long_date, masked_nik
from caseflow.registry import changes, people, regions
from caseflow.registry.changes import FIELD_LABELS, Wish
from caseflow.registry.models import Worker
from caseflow.registry.people import LEFT_REASONS, LightFacts, get_worker
from caseflow.web import here, proofs
from caseflow.web.attempts import attempt, require_seen
from caseflow.web.forms import BaseForm, DayField, LongTextField, NameField, NikField, PhoneField, ReasonField
from caseflow.web.nagari import nagari
from caseflow.web.nagari.worker import HAZARDS, SEXES
from caseflow.web.security import requires

_EDIT = "worker.edit"
_MULTIPART = ("multipart/form-data", "application/x-www-form-urlencoded")
# the words of the address
_FIELD_OF = {
    "nama": "full_name",
    "nik": "national_id",
    "tanggal-lahir": "born_on",
    "jenis-kelamin": "sex",
    "kk": "family_card_number",
}
_NEEDED = "Isi yang baru. Belum ada yang tersimpan."


class LightForm(BaseForm):
    """What may change at once."""

    jorong = SelectField("Jorong", validate_choice=False, validators=[DataRequired("Pilih jorongnya.")])
    address = LongTextField("Alamat", validators=[Length(max=400)])
    occupation = StringField("Pekerjaan", validators=[DataRequired("Tulis pekerjaannya."), Length(max=80)])
    hazard = RadioField("Risiko pekerjaan", choices=list(HAZARDS.items()), default="")
    phone = PhoneField("Nomor HP", validators=[Optional()])
    birth_place = StringField("Tempat lahir", validators=[Length(max=80)])
    mothers_name = NameField("Nama ibu kandung", validators=[Optional()])
    welfare_decile = IntegerField(
        "Desil kesejahteraan", validators=[Optional(), NumberRange(1, 10, "Tulis angka 1 sampai 10.")]
    )


class _ChangeForm(BaseForm):
    reason = ReasonField(
        "Mengapa diubah?", validators=[DataRequired("Tulis alasannya, 10 huruf atau lebih.")]
    )
    proof = FileField("Foto bukti")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # what is wrong is told in the order of the page: the value stands first
        self._fields = {"new_value": self._fields.pop("new_value"), **self._fields}


class NameChangeForm(_ChangeForm):
    """Another name."""

    new_value = NameField("Nama yang benar", validators=[DataRequired(_NEEDED)])


class NikChangeForm(_ChangeForm):
    """Another NIK; its date part is the branch's to judge."""

    new_value = NikField("NIK yang benar", check_date=False, validators=[DataRequired(_NEEDED)])


class CardChangeForm(_ChangeForm):
    """Another number of the family card."""

    new_value = NikField("Nomor KK yang benar", check_date=False, validators=[DataRequired(_NEEDED)])


class BirthChangeForm(_ChangeForm):
    """Another birthday."""

    new_value = DayField("Tanggal lahir yang benar", validators=[DataRequired(_NEEDED)])


class SexChangeForm(_ChangeForm):
    """The other sex."""

    new_value = RadioField(
        "Jenis kelamin yang benar",
        choices=list(SEXES.items()),
        validators=[InputRequired("Pilih salah satu. Belum ada yang tersimpan.")],
    )


_FORMS: dict[str, type[_ChangeForm]] = {
    "full_name": NameChangeForm,
    "national_id": NikChangeForm,
    "born_on": BirthChangeForm,
    "sex": SexChangeForm,
    "family_card_number": CardChangeForm,
}


class LeaveForm(BaseForm):
    """Why and since when somebody is on no list any more."""

    reason = RadioField(
        "Mengapa keluar?", choices=list(LEFT_REASONS.items()), validators=[InputRequired("Pilih sebabnya.")]
    )
    left_on = DayField("Sejak tanggal", validators=[DataRequired("Tulis tanggal, bulan, dan tahunnya.")])


@nagari.get("/pekerja/<public_id>/ubah")
@requires("worker.edit")
def worker_edit_page(public_id: str) -> ResponseReturnValue:
    """Show what may change at once, and the way to what needs a proof."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)
    return _edit_page(worker, _light_form(worker, fresh=True))


@nagari.post("/pekerja/<public_id>/ubah")
@requires("worker.edit")
def worker_edit_post(public_id: str) -> ResponseReturnValue:
    """Write down what weighs little."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)
    form = _light_form(worker)

    def work() -> str:
        changed = people.edit_worker(here.session(), worker, _light_facts(form), by=here.actor())
        require_seen(worker.version)
        flash(f"Data {worker.full_name} sudah diubah." if changed else "Tidak ada yang berubah.")
        return url_for("nagari.worker_page", public_id=public_id)

    return attempt(work, lambda refused: _edit_page(worker, form, refused), form)


@nagari.get("/pekerja/<public_id>/ubah/<part>")
@requires("worker.edit")
def worker_change_page(public_id: str, part: str) -> ResponseReturnValue:
    """Ask for a change that needs a proof and a second person."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)
    return _change_page(worker, part, _FORMS[_field(part)]())


@nagari.post("/pekerja/<public_id>/ubah/<part>")
@requires("worker.edit", max_bytes=proofs.FORM_BYTES, body_types=_MULTIPART)
def worker_change_post(public_id: str, part: str) -> ResponseReturnValue:
    """Send the change to the branch, with its proof."""
    field = _field(part)
    session, by, now = here.session(), here.actor(), here.now()
    worker = get_worker(session, public_id, by=by, permission=_EDIT)
    form = _FORMS[field]()

    def work() -> str:
        value = form.data["new_value"]
        text = value.isoformat() if field == "born_on" else str(value)
        changes.check_value(session, worker, field, text, now=now)
        proof = proofs.kept("proof", "change_proof", worker.region_code, permission=_EDIT)
        if proof is None:
            raise Invalid({"proof": "Pilih foto atau PDF buktinya. Belum ada yang tersimpan."})
        changes.ask_change(session, worker, Wish(field, text, form.data["reason"], proof), by=by, now=now)
        flash(
            f"Perubahan {FIELD_LABELS[field]} sudah dikirim. Petugas cabang menjawabnya; sampai itu datanya belum "
            "berubah."
        )
        return url_for("nagari.worker_page", public_id=public_id)

    return attempt(work, lambda refused: _change_page(worker, part, form, refused), form)


@nagari.get("/pekerja/<public_id>/keluar")
@requires("worker.edit")
def worker_leave_page(public_id: str) -> ResponseReturnValue:
    """Ask why and since when."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)
    return _leave_page(worker, LeaveForm(data={"left_on": clock.today()}))


@nagari.post("/pekerja/<public_id>/keluar")
@requires("worker.edit")
def worker_leave_post(public_id: str) -> ResponseReturnValue:
    """Take the worker off the lists; the place of the quota is free."""
    worker = get_worker(here.session(), public_id, by=here.actor(), permission=_EDIT)
    form = LeaveForm()

    def work() -> str:
        people.note_left(
            here.session(),
            worker,
            left_on=form.left_on.data or clock.today(),
            reason=form.reason.data or "",
            by=here.actor(),
            now=here.now(),
        )
        require_seen(worker.version)
        flash(f"{worker.full_name} sudah keluar dari daftar. Tempatnya di kuota bisa diisi orang lain.")
        return url_for("nagari.worker_page", public_id=public_id)

    return attempt(work, lambda refused: _leave_page(worker, form, refused), form)


def _light_form(worker: Worker, *, fresh: bool = False) -> LightForm:
    form = LightForm(obj=worker) if fresh else LightForm()
    places = [one.name for one in regions.jorong(here.session(), worker.region_code, on=clock.today())]
    known = places if worker.jorong in places else [worker.jorong, *places]
    form.jorong.choices = [(name, name) for name in known]
    return form


def _light_facts(form: LightForm) -> LightFacts:
    return LightFacts(
        jorong=(form.jorong.data or "").strip(),
        occupation=(form.occupation.data or "").strip(),
        hazard=form.hazard.data or "",
        phone=form.phone.data or None,
        address=form.address.data or "",
        birth_place=(form.birth_place.data or "").strip(),
        mothers_name=form.mothers_name.data or "",
        welfare_decile=form.welfare_decile.data,
    )


def _field(part: str) -> str:
    if part not in _FIELD_OF:
        raise NotFound("Halaman ini tidak ditemukan.")
    return _FIELD_OF[part]


def _edit_page(worker: Worker, form: LightForm, refused: Sequence[str] = ()) -> str:
    return render_template(
        "nagari/worker_edit.html", worker=worker, form=form, refused=refused, weighty=_weighty(worker)
    )


def _weighty(worker: Worker) -> list[dict[str, Any]]:
    values = {
        "full_name": worker.full_name,
        "national_id": masked_nik(worker.national_id),
        "born_on": long_date(worker.born_on),
        "sex": SEXES[worker.sex],
        "family_card_number": masked_nik(worker.family_card_number) if worker.family_card_number else None,
    }
    return [
        {
            "key": FIELD_LABELS[field],
            "value": values[field],
            "change_href": url_for("nagari.worker_change_page", public_id=worker.public_id, part=part),
        }
        for part, field in _FIELD_OF.items()
    ]


def _change_page(worker: Worker, part: str, form: _ChangeForm, refused: Sequence[str] = ()) -> str:
    field = _field(part)
    now = next(row["value"] for row in _weighty(worker) if row["key"] == FIELD_LABELS[field])
    return render_template(
        "nagari/worker_change.html",
        worker=worker,
        form=form,
        refused=refused,
        part=part,
        field=field,
        label=FIELD_LABELS[field],
        value=now,
    )


def _leave_page(worker: Worker, form: LeaveForm, refused: Sequence[str] = ()) -> str:
    return render_template("nagari/worker_leave.html", worker=worker, form=form, refused=refused)
