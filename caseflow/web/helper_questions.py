"""Two pages that every report shares: who of the family allows it, and consent to the use of data."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, Optional

from caseflow import clock
from caseflow.claims import consents
from caseflow.formats import long_date
from caseflow.people import relations
from caseflow.people.mandates import MOST_DAYS, USUAL_DAYS, MandateFacts
from caseflow.web.forms import BaseForm, NameField, PhoneField, choices

_CHOOSE = "Pilih salah satu."
_SHORT_DAYS = 30
DAYS = (str(_SHORT_DAYS), str(USUAL_DAYS), str(MOST_DAYS))
HOW = (
    ("spoken", "Lisan, langsung atau lewat telepon"),
    ("written", "Tertulis, ada surat atau pesannya"),
)
_NO_CONSENT = "Tanpa persetujuan, laporan tidak bisa dikirim. Ibu/Bapak boleh menelepon 175 atau datang ke kantor cabang."


class MandateForm(BaseForm):
    """Who of the family allows somebody from outside to go on."""

    given_by_name = NameField(
        "Siapa dari keluarga yang mengizinkan?", validators=[DataRequired("Tulis nama anggota keluarganya.")]
    )
    given_by_relation = SelectField(
        "Hubungannya dengan pekerja",
        choices=[("", "Pilih hubungan"), *relations.GIVERS.items()],
        validators=[InputRequired("Pilih hubungannya dengan pekerja.")],
    )
    given_by_phone = PhoneField("Nomor HP anggota keluarga itu", validators=[Optional()])
    given_how = RadioField("Bagaimana izinnya?", choices=HOW, validators=[InputRequired(_CHOOSE)])
    days = RadioField("Sampai kapan boleh membantu?", validate_choice=True, default=str(USUAL_DAYS))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        today = clock.today()
        self.days.choices = choices(
            (days, f"{days} hari, sampai {long_date(today + timedelta(days=int(days)))}") for days in DAYS
        )


MANDATE_FIELDS = ("given_by_name", "given_by_relation", "given_by_phone", "given_how", "days")


class ConsentForm(BaseForm):
    """May we use this? The words of the tick are those of today's text."""

    consented = BooleanField(validators=[DataRequired(_NO_CONSENT)])

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.consented.label.text = consents.text_on(clock.today()).agree


def mandate_of(
    values: Mapping[str, Any], helper_name: str, helper_relation: str, helper_phone: str
) -> MandateFacts:
    """Return the mandate that the answers of the page make, counted from today."""
    ends_on: date = clock.today() + timedelta(days=int(values["days"]))
    return MandateFacts(
        helper_name=helper_name,
        helper_relation=helper_relation,
        helper_phone=helper_phone,
        given_by_name=values["given_by_name"],
        given_by_relation=values["given_by_relation"],
        given_how=values["given_how"],
        given_by_phone=values["given_by_phone"] or None,
        ends_on=ends_on,
    )
