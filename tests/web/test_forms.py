"""Forms: Indonesian words, one complaint at a time, and what was typed is shown again."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import wtforms
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseflow.web.form_words import IndonesianWords
from caseflow.web.forms import (
    BankAccountField,
    BaseForm,
    DayField,
    LongTextField,
    MoneyField,
    NameField,
    NikField,
    PhoneField,
    ReasonField,
)


class EveryField(BaseForm):
    name = NameField("Nama", [InputRequired("Tulis namanya.")])
    nik = NikField("NIK", [Optional()])
    day = DayField("Tanggal", [InputRequired("Tulis tanggalnya.")])
    phone = PhoneField("HP", [Optional()])
    amount = MoneyField("Jumlah", [Optional()])
    account = BankAccountField("Rekening", [Optional()])
    reason = ReasonField("Alasan", [Optional()])
    note = LongTextField("Catatan", [Optional()])
    place = StringField("Jorong", [Optional(), Length(max=10)])
    choice = SelectField("Pilihan", choices=[("a", "A")], validators=[Optional()])
    passphrase = PasswordField("Frasa sandi")


GOOD = {"name": "Samsir", "day-day": "17", "day-month": "11", "day-year": "2026"}


@pytest.fixture(autouse=True)
def _request() -> Iterator[None]:
    app = Flask(__name__)
    app.secret_key = "t" * 40
    with app.test_request_context(method="POST"):
        yield


def filled(**typed: str) -> EveryField:
    return EveryField(
        formdata=MultiDict({**GOOD, **{key.replace("__", "-"): one for key, one in typed.items()}})
    )


def test_the_least_is_enough() -> None:
    form = filled()
    assert form.validate(), form.errors
    assert (form.name.data, form.day.data, form.nik.data) == ("Samsir", date(2026, 11, 17), None)


def test_everything_is_read_into_its_own_kind() -> None:
    form = filled(
        nik="1303 9912 0976 0001",
        phone="0812-3456-7890",
        amount="42.000.000",
        account="0012345678",
        reason="Surat kematian terpotong",
        note="baris satu\nbaris dua",
        place="  Pasar ",
    )
    assert form.validate(), form.errors
    assert form.data | {"passphrase": None, "choice": None} == {
        "name": "Samsir",
        "nik": "1303991209760001",
        "day": date(2026, 11, 17),
        "phone": "+6281234567890",
        "amount": 42_000_000,
        "account": "0012345678",
        "reason": "Surat kematian terpotong",
        "note": "baris satu\nbaris dua",
        "place": "Pasar",
        "choice": None,
        "passphrase": None,
    }
    assert 'value="1303 9912 0976 0001"' in str(form.nik())
    assert 'value="0812-3456-7890"' in str(form.phone())
    assert 'value="42.000.000"' in str(form.amount())
    assert "Surat kematian terpotong</textarea>" in str(form.reason())


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name": ""}, "name", "Tulis namanya."),
        ({"name": "Sam\x00sir"}, "name", "tidak bisa dibaca"),
        ({"nik": "130399120976000"}, "nik", "NIK harus 16 angka; yang tertulis 15."),
        ({"day__day": "31", "day__month": "4"}, "day", "Tanggal 31 April 2026 tidak ada. Periksa lagi."),
        ({"day__year": ""}, "day", "Isi juga tahun."),
        ({"day__day": "", "day__month": "", "day__year": ""}, "day", "Tulis tanggalnya."),
        ({"phone": "12"}, "phone", "Nomor HP biasanya"),
        ({"amount": "1e9"}, "amount", "misalnya 42.000.000"),
        ({"account": "12"}, "account", "buku tabungan"),
        ({"reason": "oke"}, "reason", "10 huruf"),
        ({"note": "x" * 4001}, "note", "4000 huruf"),
        ({"place": "x" * 11}, "place", "Tulis paling banyak 10 huruf."),
        ({"place": "Pa\x07sar"}, "place", "tidak bisa dibaca"),
        ({"choice": "b"}, "choice", "Pilih salah satu dari daftar."),
    ],
)
def test_one_field_one_complaint(typed: dict[str, str], field: str, said: str) -> None:
    form = filled(**typed)
    assert not form.validate()
    assert list(form.errors) == [field]
    assert len(form[field].errors) == 1
    assert said in form[field].errors[0]


def test_what_was_typed_is_shown_again() -> None:
    form = filled(nik="1303", day__day="31", day__month="4")
    form.validate()
    assert 'value="1303"' in str(form.nik())
    assert form.day.parts == {"day": "31", "month": "4", "year": "2026"}


def test_a_date_known_before_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    form = EveryField(formdata=None, data={"day": date(2026, 11, 17), "name": "Samsir"})
    assert form.day.data == date(2026, 11, 17)
    assert 'value="Samsir"' in str(form.name())


def test_a_passphrase_stays_as_typed() -> None:
    assert filled(passphrase="  dua spasi di depan ").passphrase.data == "  dua spasi di depan "


def test_a_json_body_is_no_form() -> None:
    app = Flask(__name__)
    app.secret_key = "t" * 40
    with app.test_request_context(method="POST", json={"name": ["Samsir"], "day": {"day": 1}}):
        form = EveryField()
        assert not form.validate()
        assert form.name.data is None


@pytest.mark.parametrize("typed", ["{{ 7*7 }}", "<script>alert(1)</script>", '" onfocus="x'])
def test_typed_words_never_become_markup(typed: str) -> None:
    form = filled(place=typed, name=typed)
    form.validate()
    assert typed not in str(form.place()) or "<" not in typed
    assert "<script" not in str(form.place()) + str(form.name())
    assert 'onfocus="' not in str(form.place())


def library_messages() -> set[str]:
    folder = Path(wtforms.__file__).parent
    catalogue = (folder / "locale" / "en" / "LC_MESSAGES" / "wtforms.po").read_text(encoding="utf-8")
    return {message for message in re.findall(r'^msgid "(.+)"$', catalogue, re.M) if message}


@pytest.mark.parametrize("message", sorted(library_messages()))
def test_every_message_of_the_library_is_translated(message: str) -> None:
    said = IndonesianWords().gettext(message)
    assert said != message
    places: Any = re.compile(r"%\(\w+\)[sd]|%s")
    assert sorted(places.findall(said)) == sorted(places.findall(message))
