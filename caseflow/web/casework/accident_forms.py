"""The forms of a work accident: event, days of care, receipts, conclusion."""

from collections.abc import Mapping

from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.claims.accident import GROUNDS
from caseflow.law.accident import COST_LABELS, MODE_LABELS
from caseflow.web.casework import accident_words as words
from caseflow.web.forms import BaseForm, DayField, HourField, LongTextField, MoneyField

_LINE = 200
_CHOOSE = "Pilih salah satu."
_REQUIRED_BY_FORM = "Bagian ini wajib menurut Formulir 3 KK 1."


def _pairs(labels: Mapping[str, str]) -> list[tuple[str, str]]:
    return list(labels.items())


class RecordForm(BaseForm):
    """The event as form 3 KK 1 asks for it."""

    kind = RadioField("Jenis kejadian", [InputRequired(_CHOOSE)], choices=_pairs(words.KINDS))
    happened_on = DayField(
        "Tanggal kejadian", [InputRequired("Tulis tanggal kejadian. Untuk penyakit: tanggal diagnosis.")]
    )
    happened_at = HourField("Jam kejadian")
    place_kind = RadioField("Di mana terjadinya?", [InputRequired(_CHOOSE)], choices=_pairs(words.PLACES))
    place = StringField("Tempat dan alamat", [InputRequired(_REQUIRED_BY_FORM), Length(max=_LINE)])
    activity = StringField("Yang sedang dikerjakan", [InputRequired(_REQUIRED_BY_FORM), Length(max=_LINE)])
    chronology = LongTextField("Kronologi", [InputRequired(_REQUIRED_BY_FORM)])
    injured_part = StringField("Bagian tubuh yang cedera", [Length(max=_LINE)])
    first_aid = StringField("Tempat pertolongan pertama", [Length(max=_LINE)])
    first_aid_network = RadioField(
        "Fasilitas itu", [InputRequired(_CHOOSE)], choices=_pairs(words.NETWORKS), default="none"
    )
    witnesses = LongTextField("Saksi")
    police_report = StringField("Nomor laporan polisi", [Length(max=_LINE)])
    reported_income_idr = MoneyField("Penghasilan sebulan yang dilaporkan")
    work_days = StringField("Hari dan jam kerja", [Length(max=_LINE)])
    died_on = DayField("Tanggal meninggal")


class PeriodForm(BaseForm):
    """Days of care or of being unable to work."""

    kind = RadioField(
        "Masa apa?", [InputRequired(_CHOOSE)], choices=_pairs(words.PERIODS), default="unable_to_work"
    )
    starts_on = DayField("Hari pertama", [InputRequired("Tulis hari pertama masa ini.")])
    ends_on = DayField("Hari terakhir")
    facility = StringField("Fasilitas kesehatan", [Length(max=_LINE)])
    source = StringField("Dasar", [InputRequired("Tulis surat mana yang menjadi dasar."), Length(max=_LINE)])


class EndForm(BaseForm):
    """The last day of a period that went on."""

    ends_on = DayField("Hari terakhir", [InputRequired("Tulis hari terakhir masa ini.")])


class CostForm(BaseForm):
    """One receipt."""

    kind = SelectField("Untuk apa?", choices=[("", "Pilih jenis biaya"), *COST_LABELS.items()])
    amount_idr = MoneyField("Jumlah", [InputRequired("Tulis jumlah menurut kuitansi.")])
    spent_on = DayField("Tanggal kuitansi", [InputRequired("Tulis tanggal kuitansi.")])
    source = StringField(
        "Nomor atau penerbit kuitansi",
        [InputRequired("Tulis nomor atau penerbit kuitansi."), Length(max=_LINE)],
    )
    mode = SelectField("Jenis angkutan", choices=[("", "–"), *MODE_LABELS.items()], default="")
    reference_price_idr = MoneyField("Harga patokan rumah sakit rujukan pemerintah")
    starts_on = DayField("Hari pertama perawatan di rumah")
    ends_on = DayField("Hari terakhir perawatan di rumah")


class ConcludeForm(BaseForm):
    """Whether work caused it; which grounds fit is judged by the verb."""

    verdict = RadioField("Kesimpulan", choices=_pairs(words.VERDICTS), validate_choice=False)
    grounds = SelectMultipleField("Dasar", choices=_pairs(GROUNDS), validate_choice=False)
    reason = LongTextField("Alasan")


class RemoveForm(BaseForm):
    """Taking a line off a list asks nothing."""
