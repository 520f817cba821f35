"""The form all others are made from, and our kinds of fields under one name."""

from collections.abc import Iterable
from typing import Any

from flask import has_request_context, request
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectFieldBase, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.fields.core import UnboundField

from caseflow.web import reading
from caseflow.web.fields import (
    BankAccountField,
    CountField,
    DayField,
    HourField,
    LongTextField,
    MoneyField,
    MoneyOrNothingField,
    NameField,
    NikField,
    PercentField,
    PhoneField,
    ReasonField,
    WholeField,
)
from caseflow.web.form_words import IndonesianWords

__all__ = [
    "BankAccountField",
    "BaseForm",
    "CountField",
    "DayField",
    "HourField",
    "LongTextField",
    "MoneyField",
    "MoneyOrNothingField",
    "NameField",
    "NikField",
    "PercentField",
    "PhoneField",
    "ReasonField",
    "WholeField",
    "choices",
]


def choices(pairs: Iterable[tuple[str, str]], *, group: str | None = None) -> list[SelectChoice]:
    """Return pairs of value and label as choices of a list, all under one heading when ``group`` is given."""
    return [SelectChoice(value=value, label=label, optgroup=group) for value, label in pairs]


class BaseForm(FlaskForm):
    """A form in Indonesian. The form token is checked before the view runs, once for every form."""

    class Meta(FlaskForm.Meta):
        """How fields are bound and in which language they complain."""

        csrf = False

        def get_translations(self, form: Any) -> IndonesianWords:
            """Return our own table."""
            return IndonesianWords()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read forms only: a JSON body is not a form, whatever it pretends."""
            if has_request_context() and request.is_json:
                return None
            return super().wrap_formdata(form, formdata)  # type: ignore[no-untyped-call]

        def bind_field(self, form: Any, unbound_field: "UnboundField[Any]", options: Any) -> Any:
            """Clean every line of text of letters that cannot be seen or stored; passphrases stay as typed.

            Choices may be written as pairs.
            """
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options = {**options, "filters": [_clean, *unbound_field.kwargs.get("filters", ())]}
            pairs = unbound_field.kwargs.get("choices")
            if issubclass(kind, SelectFieldBase) and pairs and all(isinstance(one, tuple) for one in pairs):
                options = {**options, "choices": choices(pairs)}
            return unbound_field.bind(form=form, **options)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)  # type: ignore[no-untyped-call]

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Return whether the form was sent and every field is right."""
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]


def _clean(value: object) -> object:
    return reading.text(value) if isinstance(value, str) else value
