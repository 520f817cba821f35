"""The pages of a death report, one question each. How they are walked through is ``walker``."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session
from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from caseflow import clock
from caseflow.claims.reporting import DeathReport
from caseflow.people import relations
from caseflow.registry import queries as registry
from caseflow.web import reading
from caseflow.web.forms import BaseForm, DayField, NameField, NikField, PhoneField, choices
from caseflow.web.helper_questions import MANDATE_FIELDS, ConsentForm, MandateForm, mandate_of
from caseflow.web.public import walker
from caseflow.web.public.walker import Answers, Question

CAUSES = (
    ("illness_or_other", "Meninggal karena sakit atau sebab lain"),
    ("at_work", "Meninggal saat atau karena bekerja"),
    ("unknown", "Meninggal, tidak tahu apakah karena kerja"),
    ("accident", "Kecelakaan kerja, masih dirawat atau sudah sembuh"),
)
RELATIONS = tuple(relations.REPORTERS.items())
PHONE_OWNERS = (
    ("sendiri", "Nomor sendiri"), ("anak", "Nomor anak"), ("tetangga", "Nomor tetangga"),
    ("wali_jorong", "Nomor wali jorong"), ("lain", "Nomor orang lain"),
)  # fmt: skip
CHANNELS = (("whatsapp", "Ya, lewat WhatsApp"), ("sms", "Lewat SMS saja"), ("call", "Telepon saja"))
CHOOSE = "Pilih salah satu."
_OLDEST_YEARS = 20
_MIDDLE_OF_MONTH = 15


class CauseForm(BaseForm):
    """What happened."""

    cause = RadioField("Apa yang terjadi?", choices=CAUSES, validators=[InputRequired(CHOOSE)])


class WorkerNameForm(BaseForm):
    """Who died."""

    worker_name = NameField("Siapa nama pekerja yang meninggal?", validators=[DataRequired("Tulis namanya.")])


class NikForm(BaseForm):
    """The NIK, if somebody knows it."""

    national_id = NikField("Berapa NIK-nya?", validators=[Optional()])


class NationalIdForm(NikForm):
    """The NIK, or that nobody knows it."""

    not_known = BooleanField("Tidak tahu NIK-nya")

    def validate_not_known(self, field: BooleanField) -> None:
        """One of the two must be answered."""
        if not field.data and not self.national_id.data and not self.national_id.errors:
            raise StopValidation("Tulis NIK, atau centang “Tidak tahu NIK-nya”.")


class DiedOnForm(BaseForm):
    """The day of death, or about when: then only month and year count, and the middle of the month is stored."""

    died_on = DayField("Kapan meninggal?", validators=[DataRequired("Tulis tanggal, bulan, dan tahunnya.")])
    died_about = BooleanField("Tidak tahu tanggal pastinya")

    def validate(self, extra_validators: Any = None) -> bool:
        """Read month and year alone where nobody knows the day."""
        if self.died_about.data and self.died_on.raw_data:
            self._read_about()
        return bool(super().validate(extra_validators))

    def validate_died_on(self, field: DayField) -> None:
        """A death lies in the past, and within a human memory."""
        if field.data is None:
            return
        if field.data > clock.today():
            raise StopValidation("Tanggal tidak boleh setelah hari ini.")
        if field.data.year < clock.today().year - _OLDEST_YEARS:
            raise StopValidation(f"Tanggal ini lebih dari {_OLDEST_YEARS} tahun lalu. Periksa tahunnya.")

    def _read_about(self) -> None:
        field, parts = self.died_on, self.died_on.parts
        try:
            first = reading.day("1", parts["month"], parts["year"])
        except ValueError as wrong:
            field.data, field.process_errors = None, [str(wrong)]
            return
        middle = first.replace(day=_MIDDLE_OF_MONTH)
        field.data, field.process_errors = (
            (min(middle, clock.today()) if first <= clock.today() else middle),
            [],
        )


class PlaceForm(BaseForm):
    """Where the worker lived."""

    region_code = SelectField(
        "Di nagari mana pekerja tinggal?", validators=[InputRequired("Pilih nagari dari daftar.")]
    )
    jorong = StringField("Jorong", validators=[Length(max=120)])


class ReporterForm(BaseForm):
    """Whom we may reach."""

    reporter_name = NameField("Nama Ibu/Bapak", validators=[DataRequired("Tulis nama Ibu/Bapak.")])
    reporter_relation = RadioField(
        "Hubungan dengan pekerja", choices=RELATIONS, validators=[InputRequired(CHOOSE)]
    )


class ReporterPageForm(ReporterForm):
    """Whom we may reach, on the phone of who reports."""

    only_helping = BooleanField("Saya hanya membantu, keluarga lain yang mengurus")


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


class DeathMandateForm(MandateForm):
    """Who allows it; the worker no longer can."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.given_by_relation.choices = choices([("", "Pilih hubungan"), *relations.OF_THE_FAMILY.items()])


def helps(answers: Answers) -> bool:
    """Whether who reports is no relative, or says that others of the family go on."""
    relation = answers.get("reporter_relation")
    return bool(answers.get("only_helping")) or (relation is not None and relations.is_helper(relation))


QUESTIONS: tuple[Question, ...] = (
    Question("apa", "Apa yang terjadi?", CauseForm, ("cause",)),
    Question("nama", "Siapa nama pekerja yang meninggal?", WorkerNameForm, ("worker_name",)),
    Question("nik", "Berapa NIK-nya?", NationalIdForm, ("national_id", "not_known")),
    Question("kapan", "Kapan meninggal?", DiedOnForm, ("died_on", "died_about")),
    Question("di-mana", "Di nagari mana pekerja tinggal?", PlaceForm, ("region_code", "jorong")),
    Question(
        "pelapor",
        "Siapa yang bisa kami hubungi?",
        ReporterPageForm,
        ("reporter_name", "reporter_relation", "only_helping"),
    ),
    Question(
        "telepon",
        "Nomor berapa yang bisa dihubungi?",
        PhoneForm,
        ("reporter_phone", "phone_owner", "contact_by"),
    ),
    Question("izin", "Siapa dari keluarga yang mengizinkan?", DeathMandateForm, MANDATE_FIELDS, helps),
    Question("persetujuan", "Boleh kami memakai data ini?", ConsentForm, ("consented",)),
)


def prepare(session: Session, form: BaseForm) -> None:
    """Give a form the list of nagari, where it asks for one."""
    for field in form:
        if isinstance(field, SelectField) and field.name == "region_code":
            field.choices = nagari_choices(session)


def nagari_choices(session: Session) -> list[SelectChoice]:
    """Return every nagari under its kecamatan, after an empty choice."""
    groups = registry.nagari_by_district(session)
    listed = [choices(nagari, group=f"Kecamatan {district}") for district, nagari in groups]
    return [*choices([("", "Pilih nagari")]), *chain.from_iterable(listed)]


def to_report(answers: Answers) -> DeathReport:
    """Return the report that all the answers make together."""
    return report_of(walker.typed_answers(answers), helped=helps(answers))


def report_of(values: Mapping[str, Any], *, helped: bool) -> DeathReport:
    """Return the report that the values of all forms make together.

    :param helped: who reports is not of the family: the values name who allows it.
    """
    name, relation, phone = (values[f"reporter_{part}"] for part in ("name", "relation", "phone"))
    return DeathReport(
        worker_name=values["worker_name"],
        national_id=None if values.get("not_known") else values.get("national_id") or None,
        died_on=values["died_on"],
        died_about=bool(values.get("died_about")),
        cause=values["cause"],
        region_code=values["region_code"],
        jorong=values["jorong"] or "",
        reporter_name=name,
        reporter_relation=relation,
        reporter_phone=phone,
        phone_owner=values["phone_owner"],
        contact_by=values["contact_by"],
        consented=bool(values.get("consented")),
        mandate=mandate_of(values, name, relation, phone) if helped else None,
    )
