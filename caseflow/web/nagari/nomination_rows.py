"""One person on a draft list: add, edit, take off, put on the waiting list."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseflow import clock
from caseflow.errors import Invalid, NotFound
from caseflow.registry import nomination_queries as reads
from caseflow.registry import nominees, people, regions, waiting
from caseflow.registry.nomination_models import Nomination, Nominee, Quota
from caseflow.registry.nominee_checks import HAZARDS, Candidate, notes
from caseflow.web import here
from caseflow.web.attempts import attempt, whole_number
from caseflow.web.forms import BaseForm, DayField, NameField, NikField, PhoneField, choices
from caseflow.web.nagari import nagari
from caseflow.web.nagari.nominations import fetch, show_list
from caseflow.web.security import requires

OTHER = "lain"
# read out word for word; whether other help ends is for Dinas Sosial to answer, so nothing is promised
CONSENT = (
    "Nama, NIK, dan pekerjaan Bapak/Ibu kami kirim ke dinas dan BPJS Ketenagakerjaan.",
    "Gunanya: Bapak/Ibu dilindungi bila celaka saat bekerja, dan keluarga dibantu bila Bapak/Ibu meninggal.",
    "Bapak/Ibu tidak membayar. Bapak/Ibu boleh menolak, dan boleh berhenti kapan saja.",
)
_WORK = ("Petani karet", "Penyadap karet", "Petani sawah", "Buruh tani", "Pedagang kecil", "Tukang ojek",
         "Buruh bangunan", "Nelayan danau", "Garin masjid", "Guru mengaji", "Tukang", "Asisten rumah tangga")  # fmt: skip


class PersonForm(BaseForm):
    """What the list asks of a person, in the columns of the Excel file."""

    version = HiddenField()
    full_name = NameField("Nama lengkap", [InputRequired("Tulis namanya seperti di KTP.")])
    national_id = NikField("NIK", [InputRequired("NIK wajib diisi.")], check_date=False)
    family_card_number = NikField("Nomor Kartu Keluarga (KK)", [Optional()], check_date=False)
    sex = RadioField(
        "Jenis kelamin", choices=[("m", "Laki-laki"), ("f", "Perempuan")],
        validators=[InputRequired("Pilih salah satu.")],
    )  # fmt: skip
    birth_place = StringField("Tempat lahir", [Optional(), Length(max=80)])
    born_on = DayField("Tanggal lahir", [InputRequired("Isi tanggal lahirnya.")])
    jorong = SelectField("Jorong", validators=[InputRequired("Pilih jorongnya.")])
    jorong_other = StringField("Nama jorong, bila belum ada di daftar", [Optional(), Length(max=60)])
    address = StringField("Alamat atau patokan", [Optional(), Length(max=200)])
    occupation = StringField("Pekerjaan", [InputRequired("Tulis pekerjaannya."), Length(max=80)])
    hazard = RadioField("Risiko pekerjaan", choices=[*HAZARDS.items(), ("", "Tidak tahu")], default="")
    phone = PhoneField("Nomor HP", [Optional()])
    mothers_name = NameField("Nama ibu kandung", [Optional()])
    welfare_decile = SelectField(
        "Desil kesejahteraan", choices=[("", "Tidak tahu"), *((str(one), str(one)) for one in range(1, 11))]
    )
    remark = StringField("Keterangan", [Optional(), Length(max=300)])
    consented = BooleanField("Kalimat di atas sudah dibacakan, dan orangnya setuju")


class RowForm(BaseForm):
    """Which state of a row the person saw."""

    version = HiddenField(validators=[InputRequired()])


@nagari.get("/usulan/<number>/baru")
@requires("nomination.edit")
def nominee_new(number: str) -> ResponseReturnValue:
    """Ask for a person."""
    nomination = fetch(number, "nomination.edit")
    return _page(nomination, _form(nomination, empty=True), None, [])


@nagari.post("/usulan/<number>/baru")
@requires("nomination.edit")
def nominee_add(number: str) -> ResponseReturnValue:
    """Write a person on the list; more can follow at once."""
    form = _form(fetch(number, "nomination.edit"))

    def work() -> str:
        nomination, who = fetch(number, "nomination.edit"), _candidate(form)
        nominees.add_nominee(here.session(), nomination, who, by=here.actor(), now=here.now())
        flash(f"{who.full_name} ditambahkan ke usulan.")
        _tell(who)
        _tell_alike(who, nomination.region_code)
        more = "baru" in request.form
        return url_for("nagari.nominee_new" if more else "nagari.nomination_page", number=nomination.number)

    return attempt(work, lambda refused: _page(fetch(number), form, None, refused), form)


@nagari.get("/usulan/<number>/orang/<public_id>")
@requires("nomination.edit")
def nominee_page(number: str, public_id: str) -> ResponseReturnValue:
    """Show a row to be edited."""
    nomination = fetch(number, "nomination.edit")
    row = _row(nomination, public_id)
    return _page(nomination, _form(nomination, row=row), row, [])


@nagari.post("/usulan/<number>/orang/<public_id>")
@requires("nomination.edit")
def nominee_edit(number: str, public_id: str) -> ResponseReturnValue:
    """Write a row anew."""
    form = _form(fetch(number, "nomination.edit"))

    def work() -> str:
        nomination, who = fetch(number, "nomination.edit"), _candidate(form)
        nominees.edit_nominee(
            here.session(), _row(nomination, public_id), who,
            expected_version=whole_number(form.version.data), by=here.actor(), now=here.now(),
        )  # fmt: skip
        flash(f"Data {who.full_name} disimpan.")
        _tell(who)
        return url_for("nagari.nomination_page", number=nomination.number)

    def again(refused: Sequence[str]) -> str:
        nomination = fetch(number, "nomination.edit")
        return _page(nomination, form, _row(nomination, public_id), refused)

    return attempt(work, again, form)


@nagari.post("/usulan/<number>/orang/<public_id>/keluarkan")
@requires("nomination.edit")
def nominee_remove(number: str, public_id: str) -> ResponseReturnValue:
    """Take a person off the list."""
    return _act(number, public_id, nominees.remove_nominee, "dikeluarkan dari usulan")


@nagari.post("/usulan/<number>/orang/<public_id>/tunggu")
@requires("nomination.edit")
def nominee_wait(number: str, public_id: str) -> ResponseReturnValue:
    """Put a person at the end of the waiting list."""
    return _act(number, public_id, waiting.put_on_waiting_list, "masuk daftar tunggu")


def _act(number: str, public_id: str, verb: Callable[..., None], done: str) -> ResponseReturnValue:
    form = RowForm()

    def work() -> str:
        nomination = fetch(number, "nomination.edit")
        row = _row(nomination, public_id)
        name = row.full_name
        verb(
            here.session(), row, expected_version=whole_number(form.version.data), by=here.actor(),
            now=here.now(),
        )  # fmt: skip
        flash(f"{name} {done}.")
        return url_for("nagari.nomination_page", number=nomination.number)

    return attempt(work, lambda refused: show_list(number, refused), form)


def _row(nomination: Nomination, public_id: str) -> Nominee:
    row = here.session().scalar(
        select(Nominee).where(Nominee.nomination_id == nomination.id, Nominee.public_id == public_id)
    )
    if row is None:
        raise NotFound("Orang ini tidak ada di usulan ini.")
    return row


def _form(nomination: Nomination, *, row: Nominee | None = None, empty: bool = False) -> PersonForm:
    places = [one.name for one in regions.jorong(here.session(), nomination.region_code, on=clock.today())]
    options: dict[str, Any] = {"formdata": None} if empty or row is not None else {}
    if row is not None:
        options["data"] = _shown(row, places)
    form = PersonForm(**options)
    form.jorong.choices = choices(
        [("", "Pilih jorong"), *((one, one) for one in places), (OTHER, "Belum ada di daftar")]
    )
    return form


def _shown(row: Nominee, places: Sequence[str]) -> dict[str, Any]:
    """Return a row as the form shows it."""
    who = reads.candidate_of(row)
    listed = who.jorong in places
    return {
        **{name: getattr(who, name) for name in Candidate.__dataclass_fields__},
        "jorong": who.jorong if listed else OTHER,
        "jorong_other": "" if listed else who.jorong,
        "welfare_decile": "" if who.welfare_decile is None else str(who.welfare_decile),
        "consented": who.consent_told_on is not None,
        "version": str(row.version),
    }


def _candidate(form: PersonForm) -> Candidate:
    jorong = form.jorong.data or ""
    if jorong == OTHER:
        jorong = " ".join((form.jorong_other.data or "").split())
        if len(jorong) < 2:
            raise Invalid({"jorong_other": "Tulis nama jorongnya. Belum ada yang tersimpan."})
    born_on = form.born_on.data
    if born_on is None:
        raise Invalid({"born_on": "Isi tanggal lahirnya. Belum ada yang tersimpan."})
    return Candidate(
        national_id=form.national_id.data or "",
        full_name=form.full_name.data or "",
        born_on=born_on,
        sex=form.sex.data or "",
        jorong=jorong,
        occupation=" ".join((form.occupation.data or "").split()),
        family_card_number=form.family_card_number.data or None,
        birth_place=" ".join((form.birth_place.data or "").split()),
        address=(form.address.data or "").strip(),
        hazard=form.hazard.data or "",
        phone=form.phone.data or None,
        mothers_name=form.mothers_name.data or "",
        welfare_decile=int(form.welfare_decile.data) if form.welfare_decile.data else None,
        remark=(form.remark.data or "").strip(),
        consent_told_on=clock.today() if form.consented.data else None,
    )


def _tell(who: Candidate) -> None:
    """Say what a reviewer will ask about; nothing of it is refused."""
    for sentence in notes(who).values():
        flash(f"{who.full_name}: {sentence} Tetap tersimpan; periksa KTP-nya.", "warning")


def _tell_alike(who: Candidate, region_code: str) -> None:
    """Say who of the nagari may be the same person under another NIK; the operator finds out, nothing is decided."""
    for one in people.lookalikes(here.session(), who.full_name, who.born_on, region_code):
        if one.worker.national_id != who.national_id:
            flash(
                f"Mungkin orang yang sama: {one.worker.full_name}, sudah peserta. {' '.join(one.because)}",
                "warning",
            )


def _page(nomination: Nomination, form: PersonForm, row: Nominee | None, refused: Sequence[str]) -> str:
    quota = here.session().get_one(Quota, nomination.quota_id)
    return render_template(
        "nagari/nominee.html",
        nomination=nomination,
        quota=quota,
        form=form,
        row=row,
        work=_WORK,
        consent=CONSENT,
        refused=refused,
    )
