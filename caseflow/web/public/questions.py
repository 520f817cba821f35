"""The questions of a report, one page each, and the answers kept for somebody who pauses."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from caseflow import clock
from caseflow.claims.reporting import DeathReport
from caseflow.registry import queries as registry
from caseflow.web.forms import BaseForm, DayField, NameField, NikField, PhoneField, choices

CAUSES = (
    ("illness_or_other", "Meninggal karena sakit atau sebab lain"),
    ("at_work", "Meninggal saat atau karena bekerja"),
    ("unknown", "Meninggal, sebabnya belum tahu"),
    ("accident", "Kecelakaan kerja, masih dirawat atau sudah sembuh"),
)
RELATIONS = (
    ("istri", "Istri"), ("suami", "Suami"), ("anak", "Anak"), ("orang_tua", "Orang tua"),
    ("saudara", "Saudara"), ("mamak", "Mamak"), ("kemenakan", "Kemenakan"), ("tetangga", "Tetangga"),
    ("wali_jorong", "Wali jorong"), ("nagari", "Petugas nagari"), ("perisai", "Agen Perisai"), ("lain", "Lain"),
)  # fmt: skip
PHONE_OWNERS = (
    ("sendiri", "Nomor sendiri"), ("anak", "Nomor anak"), ("tetangga", "Nomor tetangga"),
    ("wali_jorong", "Nomor wali jorong"), ("lain", "Nomor orang lain"),
)  # fmt: skip
CHANNELS = (("whatsapp", "Ya, lewat WhatsApp"), ("sms", "Lewat SMS saja"), ("call", "Telepon saja"))
CHOOSE = "Pilih salah satu."


class CauseForm(BaseForm):
    """What happened."""

    cause = RadioField("Apa yang terjadi?", choices=CAUSES, validators=[InputRequired(CHOOSE)])


class WorkerNameForm(BaseForm):
    """Who died."""

    worker_name = NameField("Siapa nama pekerja yang meninggal?", validators=[DataRequired("Tulis namanya.")])


class NationalIdForm(BaseForm):
    """The NIK, if somebody knows it."""

    national_id = NikField("Berapa NIK-nya?", validators=[Optional()])
    not_known = BooleanField("Tidak tahu NIK-nya")

    def validate_not_known(self, field: BooleanField) -> None:
        """One of the two must be answered."""
        if not field.data and not self.national_id.data and not self.national_id.errors:
            raise StopValidation("Tulis NIK, atau centang “Tidak tahu NIK-nya”.")


class DiedOnForm(BaseForm):
    """The day of death."""

    died_on = DayField("Kapan meninggal?", validators=[DataRequired("Tulis tanggal, bulan, dan tahunnya.")])

    def validate_died_on(self, field: DayField) -> None:
        """A death lies in the past, and within a human memory."""
        if field.data is None:
            return
        if field.data > clock.today():
            raise StopValidation("Tanggal tidak boleh setelah hari ini.")
        if field.data.year < clock.today().year - 20:
            raise StopValidation("Tanggal ini lebih dari 20 tahun lalu. Periksa tahunnya.")


class PlaceForm(BaseForm):
    """Where the worker lived."""

    region_code = SelectField(
        "Di nagari mana pekerja tinggal?", validators=[InputRequired("Pilih nagari dari daftar.")]
    )
    jorong = StringField("Jorong", validators=[DataRequired("Tulis nama jorong."), Length(max=120)])


class ReporterForm(BaseForm):
    """Whom we may reach."""

    reporter_name = NameField("Nama Ibu/Bapak", validators=[DataRequired("Tulis nama Ibu/Bapak.")])
    reporter_relation = RadioField(
        "Hubungan dengan pekerja", choices=RELATIONS, validators=[InputRequired(CHOOSE)]
    )


class PhoneForm(BaseForm):
    """How we may reach them."""

    reporter_phone = PhoneField(
        "Nomor berapa yang bisa dihubungi?", validators=[DataRequired("Tulis nomor yang bisa dihubungi.")]
    )
    phone_owner = RadioField(
        "Nomor itu milik siapa?", choices=PHONE_OWNERS, validators=[InputRequired(CHOOSE)]
    )
    contact_by = RadioField(
        "Boleh kami kirim pesan WhatsApp ke nomor itu?", choices=CHANNELS, validators=[InputRequired(CHOOSE)]
    )


class ConsentForm(BaseForm):
    """May we use this?"""

    consented = BooleanField(
        "Ya, data ini boleh dipakai untuk mengurus santunan",
        validators=[
            DataRequired(
                "Tanpa persetujuan, laporan tidak bisa dikirim. Ibu/Bapak boleh datang ke kantor cabang."
            )
        ],
    )


@dataclass(frozen=True)
class Question:
    """One page of the report.

    :ivar name: last part of its address; :ivar fields: answers it gives.
    """

    name: str
    heading: str
    form: type[BaseForm]
    fields: tuple[str, ...]


QUESTIONS = (
    Question("apa", "Apa yang terjadi?", CauseForm, ("cause",)),
    Question("nama", "Siapa nama pekerja yang meninggal?", WorkerNameForm, ("worker_name",)),
    Question("nik", "Berapa NIK-nya?", NationalIdForm, ("national_id", "not_known")),
    Question("kapan", "Kapan meninggal?", DiedOnForm, ("died_on",)),
    Question("di-mana", "Di nagari mana pekerja tinggal?", PlaceForm, ("region_code", "jorong")),
    Question(
        "pelapor", "Siapa yang bisa kami hubungi?", ReporterForm, ("reporter_name", "reporter_relation")
    ),
    Question(
        "telepon",
        "Nomor berapa yang bisa dihubungi?",
        PhoneForm,
        ("reporter_phone", "phone_owner", "contact_by"),
    ),
    Question("persetujuan", "Boleh kami memakai data ini?", ConsentForm, ("consented",)),
)
BY_NAME = {question.name: question for question in QUESTIONS}


def build_form(session: Session, question: Question, answers: Mapping[str, Any] | None = None) -> BaseForm:
    """Return the form of a page, with the answer given before."""
    data = {
        name: _from_stored(name, value) for name, value in (answers or {}).items() if name in question.fields
    }
    form = question.form(data=data)
    for field in form:
        if isinstance(field, SelectField) and field.name == "region_code":
            field.choices = nagari_choices(session)
    return form


def nagari_choices(session: Session) -> list[SelectChoice]:
    """Return every nagari under its kecamatan, after an empty choice."""
    groups = registry.nagari_by_district(session)
    listed = [choices(nagari, group=f"Kecamatan {district}") for district, nagari in groups]
    return [*choices([("", "Pilih nagari")]), *chain.from_iterable(listed)]


def stored_answers(question: Question, form: BaseForm) -> dict[str, Any]:
    """Return the answers of a page as plain data."""
    return {name: _to_stored(form[name].data) for name in question.fields}


def is_answered(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether this page was filled before."""
    return all(name in answers for name in question.fields)


def first_open(answers: Mapping[str, Any], asked: Sequence[Question] = QUESTIONS) -> Question | None:
    """Return the first page without an answer."""
    return next((question for question in asked if not is_answered(question, answers)), None)


def typed_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return stored answers as the values that the forms gave."""
    return {name: _from_stored(name, value) for name, value in answers.items()}


def to_report(answers: Mapping[str, Any]) -> DeathReport:
    """Return the report that all the answers make together."""
    return DeathReport(
        worker_name=answers["worker_name"],
        national_id=None if answers.get("not_known") else answers.get("national_id") or None,
        died_on=date.fromisoformat(answers["died_on"]),
        cause=answers["cause"],
        region_code=answers["region_code"],
        jorong=answers["jorong"],
        reporter_name=answers["reporter_name"],
        reporter_relation=answers["reporter_relation"],
        reporter_phone=answers["reporter_phone"],
        phone_owner=answers["phone_owner"],
        contact_by=answers["contact_by"],
        consented=bool(answers.get("consented")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


_STORED: dict[str, Callable[[Any], Any]] = {"died_on": _day, "happened_on": _day, "happened_at": _hour}


def _from_stored(name: str, value: Any) -> Any:
    return _STORED.get(name, lambda same: same)(value)


def _to_stored(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
