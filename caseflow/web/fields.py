"""Our kinds of form fields. Each reads strictly (``reading``) and shows again what was typed when it was wrong."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from wtforms import Field, StringField, TextAreaField
from wtforms.utils import unset_value
from wtforms.validators import StopValidation

from caseflow import formats
from caseflow.web import reading


class _Read(StringField):
    """A line of text with one strict way to read it; nothing typed is ``None``."""

    read: Callable[[str], Any]

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read what was typed; a sentence instead of a value when it cannot be."""
        typed = str(valuelist[0]) if valuelist else ""
        self.data = None
        if typed.strip():
            self.data = type(self).read(typed)

    def pre_validate(self, form: Any) -> None:
        """One complaint at a time: what cannot be read is not also too short."""
        if self.process_errors:
            raise StopValidation

    def _value(self) -> str:
        if self.raw_data and self.process_errors:
            return str(self.raw_data[0])
        return self.shown() if self.data is not None else ""

    def shown(self) -> str:
        """Return the value the way people write it."""
        return str(self.data)


class NameField(_Read):
    """A person's name, up to 120 letters."""

    read = staticmethod(reading.name)


class NikField(_Read):
    """Sixteen digits. ``check_date=False`` takes a NIK whose date part is no date (officers only)."""

    read = staticmethod(reading.nik)

    def __init__(self, *args: Any, check_date: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.check_date = check_date

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Read the digits."""
        typed = str(valuelist[0]) if valuelist else ""
        self.data = None
        if typed.strip():
            self.data = reading.nik(typed, check_date=self.check_date)

    def shown(self) -> str:
        """Return the digits in groups of four."""
        return formats.grouped_nik(str(self.data))


class PhoneField(_Read):
    """A telephone number; the value is E.164."""

    read = staticmethod(reading.phone)

    def shown(self) -> str:
        """Return the number as it is dialled here."""
        return formats.phone(str(self.data))


class MoneyField(_Read):
    """Whole rupiah, more than nothing; the value is an ``int``."""

    data: Any

    read = staticmethod(reading.money)

    def shown(self) -> str:
        """Return the digits with points; the ``Rp`` stands beside the box."""
        return formats.rupiah(int(self.data or 0)).removeprefix("Rp")


class HourField(_Read):
    """A time of day; the value is a :class:`datetime.time`."""

    data: Any

    read = staticmethod(reading.hour)

    def shown(self) -> str:
        """Return the hour as it is written here: ``14.05``."""
        return f"{self.data:%H.%M}"


class MoneyOrNothingField(MoneyField):
    """Whole rupiah; nothing at all is an amount too."""

    read = staticmethod(partial(reading.money, least=0))


class PercentField(_Read):
    """A percentage with at most one decimal; the value is in thousandths of the whole."""

    data: Any

    read = staticmethod(reading.permille)

    def shown(self) -> str:
        """Return ``4,5``; a whole one without a comma."""
        whole, tenth = divmod(int(self.data or 0), 10)
        return f"{whole},{tenth}" if tenth else str(whole)


class CountField(_Read):
    """A small whole number."""

    data: Any

    read = staticmethod(reading.count)


class WholeField(_Read):
    """A whole number of any size, nothing included."""

    data: Any

    read = staticmethod(reading.whole)


class BankAccountField(_Read):
    """The digits of an account, as text."""

    read = staticmethod(reading.bank_account)


class ReasonField(_Read, TextAreaField):
    """A reason that must say something."""

    read = staticmethod(reading.reason)


class LongTextField(_Read, TextAreaField):
    """A note of up to 4,000 letters."""

    read = staticmethod(reading.text)


class DayField(Field):
    """A date in three boxes ``<name>-day``, ``<name>-month``, ``<name>-year``.

    :ivar parts: ``day``, ``month``, ``year`` as typed, to be shown again.
    """

    data: date | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.parts: dict[str, str] = {}
        super().__init__(*args, **kwargs)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the three boxes instead of one."""
        super().process(None, data, extra_filters)
        if formdata is None:
            return
        for part in ("day", "month", "year"):
            typed_parts = formdata.getlist(f"{self.name}-{part}")
            self.parts[part] = str(typed_parts[0])[:20].strip() if typed_parts else ""
        typed = " ".join(part for part in self.parts.values() if part)
        self.raw_data = [typed] if typed else []
        self.data = None
        if typed:
            try:
                self.data = reading.day(*self.parts.values())
            except ValueError as wrong:
                self.process_errors = [str(wrong)]

    def pre_validate(self, form: Any) -> None:
        """One complaint at a time."""
        if self.process_errors:
            raise StopValidation
