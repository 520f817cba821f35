"""Every message that a family can get, as its phone shows it, with example values. Read only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from flask import render_template
from flask.typing import ResponseReturnValue

from caseflow import clock
from caseflow.formats import short_date, weekday_date
from caseflow.notices import gsm
from caseflow.notices.texts import SIGNED, Text, texts
from caseflow.notices.words import Office, fill, office_of
from caseflow.web import here
from caseflow.web.admin import admin
from caseflow.web.security import requires

_LEAVES: Mapping[str, str] = MappingProxyType(
    {
        "at_once": "Segera, antara pukul 06.00 dan 21.00",
        "office_hours": "Pukul 08.00 sampai 17.00, tidak saat salat Jumat",
        "reminder": "Hari kerja pukul 08.00 sampai 17.00, tidak dalam tiga hari setelah meninggal",
    }
)
_TO: Mapping[str, str] = MappingProxyType(
    {"everyone": "Keluarga dan pembantunya", "family": "Keluarga saja, tidak pembantunya"}
)


@dataclass(frozen=True)
class Preview:
    """One message with example values; ``septets`` of the 160 that an SMS has."""

    text: Text
    leaves: str
    to: str
    whatsapp: str
    sms: str
    septets: int


@admin.get("/pesan")
@requires("notice.preview")
def messages_page() -> ResponseReturnValue:
    """Show all messages."""
    office, today = office_of(here.settings()), clock.today()
    previews = [_preview(text, office, today) for text in texts().values()]
    return render_template("admin/messages.html", previews=previews, longest=gsm.LONGEST)


def _preview(text: Text, office: Office, today: date) -> Preview:
    values = _example(office)
    said = {value.code: value.example for value in text.values}
    signed = SIGNED.format(phrase="gonjong padi")
    sms = fill(text, values, {**said, "due": short_date(today)}, sms=True) + signed
    return Preview(
        text=text,
        leaves=_LEAVES[text.leaves],
        to=_TO[text.to],
        whatsapp=fill(text, values, {**said, "due": weekday_date(today)}, sms=False) + signed,
        sms=sms,
        septets=gsm.septets(sms) or 0,
    )


def _example(office: Office) -> dict[str, str]:
    return {
        "office": office.name,
        "sender": office.sender,
        "phone": office.phone,
        "number": "SJJ-26-0042-7",
        "name": "Samsir",
        "papers": "Kartu Keluarga, akta atau surat kematian",
        "returned": "Kartu Keluarga",
        "count": "2",
        "payee": "ahli waris",
        "benefit": "santunan",
    }
