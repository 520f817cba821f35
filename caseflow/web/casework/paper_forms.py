"""The forms around one paper; one of them stands on the page at a time."""

from functools import cache

from wtforms import BooleanField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from caseflow.documents.catalogue import catalogue
from caseflow.web.forms import BaseForm, DayField, LongTextField, NameField, NikField, ReasonField

LONGEST_ANSWER = 200
PHOTO_READ, PHOTO_COMPARED = "photo_read", "photo_compared"
# name in addresses of what can be done with a paper
ACCEPT, RETURN, WAIVE, REOPEN, UPLOAD, ASK = (
    "terima", "ganti", "tidak-perlu", "periksa-lagi", "unggah", "minta",
)  # fmt: skip


class AcceptForm(BaseForm):
    """What was read on the paper, how it was checked, and which files lay there."""

    paper_name = NameField("Nama di dokumen")
    paper_nik = NikField("NIK di dokumen", check_date=False)
    paper_born_on = DayField("Lahir")
    paper_died_on = DayField("Meninggal")
    method = SelectField("Cara memeriksa", validate_choice=False, default=PHOTO_READ)
    files = StringField("Berkas yang dilihat")
    sure = BooleanField("Perbedaan sudah saya pastikan, dokumen tetap diterima")


class WhyForm(BaseForm):
    """A reason for an officer's word."""

    reason = ReasonField("Alasan", [InputRequired("Tulis alasannya.")])


class AskForm(BaseForm):
    """One more paper for a second person to confirm, and why; the family reads the reason."""

    code = SelectField("Dokumen")
    reason = ReasonField(
        "Mengapa diminta", [InputRequired("Tulis mengapa dokumen ini diminta. Keluarga membacanya.")]
    )


class ScanForm(BaseForm):
    """Files that were handed over at the counter."""

    scan = MultipleFileField("Pindaian atau foto")


class ReturnForm(BaseForm):
    """Why the paper goes back."""

    reason = RadioField("Alasan", validate_choice=False)
    extra = LongTextField("Tambahan untuk keluarga")


@cache
def _return_form() -> type[ReturnForm]:
    """Return the form with a line for every question that a reason of the catalogue asks."""
    asks = {
        code: StringField(label, [Length(max=LONGEST_ANSWER)])
        for reason in catalogue().return_reasons.values()
        for code, label in reason.asks.items()
    }
    return type("ReturnFormWithQuestions", (ReturnForm,), asks)


def form_of(mode: str, *, empty: bool = False) -> BaseForm:
    """Return the form of one thing that can be done with a paper.

    :param empty: as it stands before anybody wrote anything, whatever the request carries.
    """
    options = {"formdata": None} if empty else {}
    if mode == RETURN:
        returning = _return_form()(**options)
        returning.reason.choices = [
            (code, reason.label) for code, reason in catalogue().return_reasons.items()
        ]
        return returning
    if mode in {WAIVE, REOPEN}:
        return WhyForm(**options)
    if mode == ASK:
        asking = AskForm(**options)
        asking.code.choices = [(paper.code, paper.label) for paper in catalogue().papers.values()]
        return asking
    if mode == UPLOAD:
        return ScanForm(**options)
    accepting = AcceptForm(**options)
    # whether a photo was compared is told by what was typed from it
    methods = catalogue().methods.items()
    accepting.method.choices = [(code, label) for code, label in methods if code != PHOTO_COMPARED]
    return accepting


def questions() -> list[tuple[str, str]]:
    """Return the questions that some reasons ask: code and the label of the reason."""
    return [(code, reason.label) for reason in catalogue().return_reasons.values() for code in reason.asks]
