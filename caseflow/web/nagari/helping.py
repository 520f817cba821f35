"""What both one-page reports share: for which nagari, with whose consent, what is told of a report already there."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from wtforms import BooleanField, SelectField
from wtforms.validators import StopValidation

from caseflow.audit.operations import note_look
from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import Branch
from caseflow.errors import NotFound, NotPossible
from caseflow.identifiers import read_case_number
from caseflow.people import policy, relations
from caseflow.people.actor import Actor
from caseflow.people.mandates import MandateFacts
from caseflow.web import here
from caseflow.web.forms import NameField
from caseflow.web.helper_questions import ConsentForm, MandateForm, mandate_of
from caseflow.web.public.questions import nagari_choices

_OTHER_NAGARI = "Pilih nagari dari daftar. Untuk nagari di luar wilayah Anda, keluarga melapor di halaman depan atau lewat 175."
_WHO_ALLOWS = "Tulis siapa dari keluarga yang menyetujui, dan hubungannya dengan pekerja."


class AgreedForm(MandateForm, ConsentForm):
    """What a page for helpers asks besides the report: who agreed, and how. Left open it is who reports, if a relative.

    ``another`` is asked only when the case seems to be reported already.
    """

    given_by_name = NameField("Siapa yang menyetujui?")
    given_by_relation = SelectField(
        "Hubungannya dengan pekerja", choices=[("", "Pilih hubungan"), *relations.GIVERS.items()], default=""
    )
    another = BooleanField("Ini kejadian lain, tetap kirim")

    def relative(self) -> tuple[str, str] | None:
        """Return name and relation of who reports, when that is the worker or the family."""
        raise NotImplementedError

    def validate_given_by_name(self, field: NameField) -> None:
        """Somebody of the family agreed."""
        if field.data or field.errors:
            return
        found = self.relative()
        if found is None or not found[0]:
            raise StopValidation(_WHO_ALLOWS)
        field.data, self.given_by_relation.data = found

    def validate_given_by_relation(self, field: SelectField) -> None:
        """Whoever agreed is the worker or a relative."""
        if self.given_by_name.data and field.data not in relations.GIVERS:
            raise StopValidation("Pilih hubungannya dengan pekerja.")


class AssistedForm(AgreedForm):
    """The same where the worker is not known yet: in which of the helper's nagari."""

    region_code = SelectField("Di nagari mana pekerja tinggal?", validate_choice=False)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        listed = [choice for choice in nagari_choices(here.session()) if is_own(choice.value)]
        self.region_code.choices = listed[1:] if len(listed) == 2 else listed

    def validate_region_code(self, field: SelectField) -> None:
        """Only where this person helps."""
        if not field.data or field.data not in {value for value, *_ in field.iter_choices()}:
            raise StopValidation(_OTHER_NAGARI)


def is_own(region_code: str) -> bool:
    """Whether this person helps families of a nagari: officers anywhere, others in their own area."""
    by = here.actor()
    if not region_code or policy.mark(by, "report.assist") == "full":
        return True
    return any(region_code == own or region_code.startswith(f"{own}.") for own in by.region_codes)


def staff_mandate(form: AgreedForm, reporter: tuple[str, str]) -> MandateFacts:
    """Return what allows this person to act for the family.

    :param reporter: name and telephone of who reports: the number is the helper's own when the name is.
    """
    by = here.actor()
    phone = reporter[1] if reporter[0] == by.name else ""
    return mandate_of(form.data, by.name, _relation_of(by), phone)


def consent_note(form: AgreedForm) -> str:
    """Return how consent was given, in the words of the list."""
    how = "lisan" if form.given_how.data == "spoken" else "tertulis"
    return f"{how}, dicatat {here.actor().name}"


def require_new(numbers: Sequence[str]) -> None:
    """Stop before a second report of the same event; cases are named only to those who may open them.

    :raises NotPossible: something like it is already there.
    """
    if not numbers:
        return
    may_open = policy.mark(here.actor(), "claim.read") == "full"
    named = f": {', '.join(numbers)}" if may_open else ""
    raise NotPossible(
        [
            f"Sudah ada laporan untuk pekerja ini pada hari yang sama atau berdekatan{named}.",
            "Yang ini belum tersimpan. Bila memang kejadian lain, centang “Ini kejadian lain” di bawah, lalu kirim lagi.",
        ]
    )


def branch() -> Branch:
    """Return where reports of this installation go."""
    settings = here.settings()
    return Branch(settings.branch_code, settings.regency_prefix)


def opens_case(claim: Claim) -> bool:
    """Whether this person may go on to the case itself."""
    by = here.actor()
    return policy.mark(by, "claim.read") == "full" and claim.branch_code == by.branch_code


class Sent(NamedTuple):
    """A report that this person wrote for a family."""

    number: str
    subject: str
    due_on: date | None


def sent_by_me(number: str, program: str) -> Sent:
    """Return number, name and day of a report that this person wrote for a family.

    :raises NotFound: of somebody else, or not there.
    """
    row = (
        here.session()
        .execute(
            select(Claim.id, Claim.number, Claim.subject, Claim.due_on)
            .join(Report, Report.casefile_id == Claim.id)
            .where(
                Claim.number == (read_case_number(number) or ""),
                Claim.program == program,
                Report.helped_by_user_id == here.actor().user_id,
            )
        )
        .one_or_none()
    )
    if row is None:
        raise NotFound("Laporan dengan nomor ini tidak ditemukan di antara yang Anda kirim.")
    note_look(here.session(), row.id, by=here.actor())
    return Sent(row.number, row.subject, row.due_on)


def _relation_of(by: Actor) -> str:
    if "nagari_operator" in by.roles:
        return "nagari"
    return "pekerja_sosial" if "social_worker" in by.roles else "petugas"
