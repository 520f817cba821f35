"""The questions of a first notice of an accident, as forms: for the phone page by page, for helpers on one page.

Not here: what happens with the notice (``claims.accident_reporting``).
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, StopValidation

from caseflow import clock
from caseflow.claims.accident_reporting import SHORTEST_CHRONOLOGY, AccidentReport, Disease
from caseflow.claims.cover import numbers
from caseflow.law.dated import NoNumber
from caseflow.law.deadlines import reported_late
from caseflow.people import relations
from caseflow.web.forms import BaseForm, DayField, HourField, LongTextField, NameField, NikField, PhoneField
from caseflow.web.helper_questions import mandate_of

KINDS = (
    ("accident", "Kecelakaan saat atau karena bekerja"),
    ("disease", "Penyakit karena pekerjaan"),
    ("violence", "Kekerasan di tempat kerja"),
    ("sudden_death", "Meninggal mendadak saat bekerja"),
)
RESULTS = (
    ("injured", "Luka atau sakit"),
    ("died", "Meninggal"),
    ("unknown", "Tidak tahu"),
)
NOTIFIERS = (
    ("family", "Keluarga"),
    ("worker", "Pekerja sendiri"),
    ("nagari", "Petugas nagari atau wali jorong"),
    ("health_facility", "Puskesmas, klinik, atau rumah sakit"),
    ("union", "Serikat atau kelompok pekerja"),
)
RELATIONS = tuple(relations.OF_THE_FAMILY.items())
PHONE_OWNERS = (
    ("sendiri", "Pemberi kabar sendiri"), ("anak", "Anaknya"), ("tetangga", "Tetangga"),
    ("wali_jorong", "Wali jorong"), ("lain", "Orang lain"),
)  # fmt: skip
CHANNELS = (("whatsapp", "WhatsApp"), ("sms", "SMS saja"), ("call", "Telepon saja"))
LABELS = {
    "kind": dict(KINDS),
    "result": dict(RESULTS),
    "owner": dict(PHONE_OWNERS),
    "channel": dict(CHANNELS),
}
_CHOOSE = "Pilih salah satu."
_OLDEST_YEARS = 20
_LONGEST_CHRONOLOGY = 1000


class WhoForm(BaseForm):
    """Which worker."""

    worker_name = NameField("Nama pekerja", validators=[DataRequired("Tulis nama pekerja.")])
    national_id = NikField("NIK pekerja", validators=[Optional()])
    participant_number = StringField("Nomor kartu peserta", validators=[Optional(), Length(max=20)])
    region_code = SelectField(
        "Di nagari mana pekerja tinggal?", validators=[InputRequired("Pilih nagari dari daftar.")]
    )
    jorong = StringField("Jorong", validators=[Length(max=120)])


class WhenForm(BaseForm):
    """When and where; of a disease the day on which a doctor named it."""

    happened_on = DayField(
        "Tanggal kejadian", validators=[DataRequired("Tulis tanggal, bulan, dan tahunnya.")]
    )
    happened_at = HourField("Jam kira-kira", validators=[Optional()])
    place = StringField(
        "Tempat kejadian",
        validators=[DataRequired("Tulis tempatnya, atau tulis “tidak tahu”."), Length(max=200)],
    )

    def validate_happened_on(self, field: DayField) -> None:
        """It has happened, and within a human memory; late is never wrong."""
        if field.data is None:
            return
        if field.data > clock.today():
            raise StopValidation("Tanggal kejadian tidak boleh setelah hari ini.")
        if field.data.year < clock.today().year - _OLDEST_YEARS:
            raise StopValidation(f"Tanggal ini lebih dari {_OLDEST_YEARS} tahun lalu. Periksa tahunnya.")


class WhatForm(BaseForm):
    """What happened, and what became of the worker."""

    kind = RadioField("Kejadiannya apa?", choices=KINDS, validators=[InputRequired(_CHOOSE)])
    job = StringField("Pekerjaannya", validators=[Length(max=200)])
    years_of_service = StringField("Sudah berapa lama bekerja begitu?", validators=[Length(max=100)])
    exposure = StringField("Terkena apa saat bekerja?", validators=[Length(max=200)])
    diagnosis = StringField("Nama penyakit menurut dokter", validators=[Length(max=200)])
    chronology = LongTextField(
        "Ceritakan singkat apa yang terjadi",
        validators=[
            DataRequired("Ceritakan singkat, satu kalimat pun cukup."),
            Length(max=_LONGEST_CHRONOLOGY),
        ],
    )
    result = RadioField("Bagaimana keadaan pekerja?", choices=RESULTS, validate_choice=False)
    died_on = DayField("Tanggal meninggal")
    injury = StringField("Bagian tubuh yang luka atau sakit", validators=[Length(max=200)])
    facility = StringField("Dirawat di mana?", validators=[Length(max=200)])

    def validate_chronology(self, field: LongTextField) -> None:
        """A word says too little to whoever calls back."""
        if len(field.data or "") < SHORTEST_CHRONOLOGY:
            raise StopValidation(
                f"Tulis sedikit lebih banyak, paling sedikit {SHORTEST_CHRONOLOGY} huruf, supaya petugas mengerti."
            )

    def validate_result(self, field: RadioField) -> None:
        """Who died suddenly has died; in all other cases somebody says so, or does not know."""
        if self.kind.data == "sudden_death":
            field.data = "died"
        elif field.data not in dict(RESULTS):
            raise StopValidation(_CHOOSE)

    def validate_died_on(self, field: DayField) -> None:
        """The day of a death is asked for only when there was one."""
        if self.result.data != "died":
            field.data = None
        elif field.data is None:
            raise StopValidation("Tulis tanggal meninggalnya. Perkiraan pun boleh.")
        elif field.data > clock.today():
            raise StopValidation("Tanggal meninggal tidak boleh setelah hari ini.")

    def validate_job(self, field: StringField) -> None:
        """What the regulation asks about a disease."""
        self._of_disease(field)

    validate_years_of_service = validate_exposure = validate_diagnosis = validate_job

    def _of_disease(self, field: StringField) -> None:
        if self.kind.data == "disease" and not field.data:
            raise StopValidation("Tulis jawabannya, atau tulis “tidak tahu”.")


class NotifierForm(BaseForm):
    """Who gives the notice, and how we reach them."""

    notifier_role = RadioField(
        "Siapa yang memberi kabar?", choices=NOTIFIERS, validators=[InputRequired(_CHOOSE)]
    )
    relation = SelectField(
        "Hubungan dengan pekerja", choices=[("", "Pilih hubungan"), *RELATIONS], default=""
    )
    notifier_name = NameField("Nama pemberi kabar", validators=[DataRequired("Tulis namanya.")])

    def validate_relation(self, field: SelectField) -> None:
        """Only of relatives."""
        if self.notifier_role.data == "family" and not field.data:
            raise StopValidation("Pilih hubungannya dengan pekerja.")


class NotifierPageForm(NotifierForm):
    """Who gives the notice, on the phone of who gives it."""

    only_helping = BooleanField("Saya hanya membantu, keluarga lain yang mengurus")


class ReachForm(BaseForm):
    """How we reach whoever gave the notice."""

    notifier_phone = PhoneField(
        "Nomor yang bisa dihubungi", validators=[DataRequired("Tulis nomor yang bisa dihubungi.")]
    )
    phone_owner = SelectField("Nomor itu milik siapa?", choices=PHONE_OWNERS, default="sendiri")
    contact_by = RadioField(
        "Boleh kami hubungi lewat apa?", choices=CHANNELS, validators=[InputRequired(_CHOOSE)]
    )


def helps(role: str | None, *, only_helping: bool) -> bool:
    """Whether the notifier goes on helping from outside and needs a word of the family.

    A health facility or a union gives the notice, as the regulation asks of it, and no more.
    """
    return role == "nagari" or (role == "family" and only_helping)


def report_of(values: Mapping[str, Any], *, consented: bool) -> AccidentReport:
    """Return the notice that the answers of the forms make together."""
    disease, role = values["kind"] == "disease", values["notifier_role"]
    relation = {"family": values["relation"], "worker": relations.SELF}.get(role, "lain")
    name, phone = values["notifier_name"], values["notifier_phone"]
    helped = helps(role, only_helping=bool(values.get("only_helping")))
    helper_relation = relation if role == "family" else role
    return AccidentReport(
        worker_name=values["worker_name"],
        national_id=values["national_id"] or None,
        participant_number=values["participant_number"] or None,
        region_code=values["region_code"],
        jorong=values["jorong"] or "",
        kind=values["kind"],
        happened_on=values["happened_on"],
        happened_at=values["happened_at"],
        place=values["place"],
        chronology=values["chronology"],
        result=values["result"],
        died_on=values["died_on"],
        injury=values["injury"] or "",
        facility=values["facility"] or "",
        disease=Disease(**{name: values[name] for name in Disease.__dataclass_fields__}) if disease else None,
        notifier_role=role,
        relation=relation,
        notifier_name=name,
        notifier_phone=phone,
        phone_owner=values["phone_owner"],
        contact_by=values["contact_by"],
        consented=consented,
        mandate=mandate_of(values, name, helper_relation, phone) if helped else None,
    )


def notifier_words(role: str, relation: str) -> str:
    """Return who gave the notice, for brackets after a name: ``istri``, ``petugas nagari atau wali jorong``."""
    if role == "officer":
        return "petugas kantor cabang"
    return (dict(RELATIONS).get(relation, "keluarga") if role == "family" else dict(NOTIFIERS)[role]).lower()


def came_late(happened_on: date, happened_at: time | None, reported_at: datetime) -> bool:
    """Whether a notice came after its 2 × 24 hours; an unknown hour counts in favour of the notifier."""
    happened = datetime.combine(happened_on, happened_at or time.max, clock.WIB)
    try:
        return reported_late(happened, reported_at, book=numbers()) is not None
    except NoNumber:  # from before the limit was written down
        return False
