"""The fifteen questions as a plain form: its fields, and what they say in the words that a phone uses.

Not here: reading answers (``monitoring.answers``) and keeping them (``monitoring.arrival``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from wtforms import (
    BooleanField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from caseflow import clock
from caseflow.formats import phone
from caseflow.monitoring.household import Child
from caseflow.monitoring.models import PlannedVisit
from caseflow.monitoring.questions import LONGEST_NOTE, MOST_BEANS, RELATIONS, by_name
from caseflow.monitoring.visit_models import MOST_MINUTES
from caseflow.web.forms import BaseForm, DayField, HourField, LongTextField, NameField, WholeField, choices

PEOPLE = range(1, 4)  # lines for who was met
FROM_PAPER, DIRECTLY = "paper", "direct"
_MINUTES = f"Tulis menit, dari 1 sampai {MOST_MINUTES}; dua jam ditulis 120."
_NOT_SAID = [("", "Tidak disebut")]
_BEANS = [*_NOT_SAID, *((str(number), f"{number} butir") for number in range(MOST_BEANS + 1))]
# fields of the form that carry the answer of the same name as they are
_CHOSEN = ("livelihood_stage", "livelihood_type", "income_band", "household_change", "received_in_full")
_CONSENT_SAID = ("met", "declined")  # outcomes at which somebody spoke for the family
_WRITTEN = ("stopped_why", "note", "landmark")


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in by_name()[name].choices]


def _one(name: str, label: str = "", pairs: Sequence[tuple[str, str]] = ()) -> Any:
    found = choices(pairs or _pairs(name))
    return RadioField(label or by_name()[name].label, [Optional()], choices=found)


class VisitForm(BaseForm):
    """A visit written at a desk."""

    number = HiddenField()
    way = RadioField(
        "Dari mana isian ini?", [InputRequired("Pilih salah satu.")],
        choices=choices([(FROM_PAPER, "Disalin dari formulir kertas"), (DIRECTLY, "Diisi langsung di sini")]),
    )  # fmt: skip
    made_on = DayField("Hari kunjungan", [InputRequired("Isi tanggalnya.")])
    began = HourField("Jam mulai", [InputRequired("Isi jamnya, misalnya 09.30.")])
    minutes = WholeField(
        "Lamanya", [InputRequired("Tulis berapa menit."), NumberRange(1, MOST_MINUTES, _MINUTES)]
    )
    outcome = RadioField(
        by_name()["outcome"].label, [InputRequired("Pilih jawabannya.")], choices=choices(_pairs("outcome"))
    )
    another_day_on = DayField("Bila lain waktu: hari apa?", [Optional()])
    livelihood_stage = _one("livelihood_stage")
    stopped_why = StringField("Bila berhenti: apa sebabnya?", [Length(max=200)])
    livelihood_type = _one("livelihood_type")
    income_band = _one("income_band")
    household_change = _one("household_change")
    received_in_full = _one(
        "", "Apakah santunan sudah diterima utuh?", [("full", "Sudah utuh"), ("not_yet", "Belum utuh")]
    )
    levy_reported = _one("levy_reported")
    levy_words = LongTextField("Bila ya: ceritakan")
    needs = SelectMultipleField(by_name()["needs"].label, choices=choices(_pairs("needs")))
    note = LongTextField(by_name()["note"].label, [Length(max=LONGEST_NOTE)])
    agreed = BooleanField("Persetujuan sudah dibacakan, dan keluarga setuju")
    said_by = NameField("Siapa yang menyatakan setuju?")
    witness = NameField("Saksi")
    next_due = DayField(by_name()["next_due"].label, [Optional()])
    contact_phone = StringField("Nomor HP keluarga")
    landmark = StringField("Patokan rumah", [Length(max=200)])
    paper = FileField("Foto formulir kertas")


for _place in PEOPLE:
    setattr(VisitForm, f"met_{_place}", NameField(f"Nama orang ke-{_place}"))
    setattr(
        VisitForm,
        f"met_{_place}_relation",
        SelectField("Hubungan", choices=choices([("", "Pilih"), *RELATIONS.items()]), default=""),
    )
for _use in by_name()["uses"].choices:
    setattr(VisitForm, f"use_{_use.code}", SelectField(_use.label, choices=choices(_BEANS), default=""))


class AddendumForm(VisitForm):
    """What is added to a visit that was made: its answers, and why; the day and the consent stay as they were.

    What the inspector alone reads is not shown again; a levy that is heard of later has a page of its own.
    """

    way = made_on = began = minutes = outcome = another_day_on = None  # type: ignore[assignment]
    agreed = said_by = witness = next_due = paper = None  # type: ignore[assignment]
    levy_reported = levy_words = None  # type: ignore[assignment]
    why = LongTextField(
        "Mengapa kunjungan ini ditambah?", [InputRequired("Tulis alasannya, paling sedikit 10 huruf.")]
    )


Form = TypeVar("Form", bound=VisitForm)


def form_for(children: Sequence[Child], kind: type[Form]) -> type[Form]:
    """Return a form with a line for each child of the family."""
    lines: dict[str, Any] = {}
    for child in children:
        lines[f"child_{child.number}"] = RadioField(
            f"{child.first_name} masih bersekolah?",
            [Optional()],
            choices=choices([("yes", "Ya"), ("no", "Tidak")]),
        )
        lines[f"child_{child.number}_reason"] = StringField(
            f"Bila tidak: apa sebabnya? ({child.first_name})", [Length(max=200)]
        )
        lines[f"child_{child.number}_asked"] = BooleanField(
            f"Beasiswa {child.first_name} sudah diurus tahun ini"
        )
    return type("FamilyVisitForm", (kind,), lines)


def said_by_form(
    form: VisitForm,
    visit: PlannedVisit,
    children: Sequence[Child],
    *,
    bases: Mapping[str, int],
    consent_version: str,
) -> dict[str, Any]:
    """Return what the form says, in the words of a phone; what was left empty is not said."""
    began = datetime.combine(form.made_on.data or clock.today(), form.began.data or time(), clock.WIB)
    answers = answers_by_form(form, children)
    if form.levy_reported.data:
        answers["levy_reported"] = form.levy_reported.data == "yes"
    if form.levy_words.data:
        answers["levy_words"] = form.levy_words.data
    if form.next_due.data is not None:
        answers["next_due"] = form.next_due.data.isoformat()
    agreed = {
        "version": consent_version,
        "agreed": form.outcome.data == "met" and bool(form.agreed.data),
        "said_by": form.said_by.data or "",
        "witness": form.witness.data or "",
    }
    return {
        "visit": visit.public_id,
        "started_at": began.isoformat(),
        "finished_at": (began + timedelta(minutes=form.minutes.data or 0)).isoformat(),
        "outcome": form.outcome.data,
        "another_day_on": form.another_day_on.data.isoformat() if form.another_day_on.data else None,
        "consent": agreed if form.outcome.data in _CONSENT_SAID else None,
        "answers": {name: {"value": value, "base": bases.get(name, 0)} for name, value in answers.items()},
        "photos": [],
    }


def answers_by_form(form: VisitForm, children: Sequence[Child]) -> dict[str, Any]:
    """Return the answers that a form says, by name; what was left empty is not said."""
    answers: dict[str, Any] = {name: form[name].data for name in (*_CHOSEN, *_WRITTEN) if form[name].data}
    if form.contact_phone.data:
        answers["contact_phone"] = form.contact_phone.data
    if form.needs.data:
        answers["needs"] = [code for code, _ in _pairs("needs") if code in form.needs.data]
    return {**answers, **_lists(form, children)}


def without_its_answer(form: VisitForm, children: Sequence[Child]) -> dict[str, str]:
    """Return a sentence for each field that hangs on an answer nobody gave: unsaid, it would be lost."""
    problems = {}
    for place in PEOPLE:
        if form[f"met_{place}_relation"].data and not form[f"met_{place}"].data:
            problems[f"met_{place}"] = "Hubungannya dipilih. Tulis juga namanya, atau kosongkan hubungannya."
    for child in children:
        line = f"child_{child.number}"
        if not form[line].data and (form[f"{line}_reason"].data or form[f"{line}_asked"].data):
            problems[line] = f"Ada isian tentang sekolah {child.first_name}. Pilih Ya atau Tidak dulu."
    return {name: f"{sentence} Belum ada yang tersimpan." for name, sentence in problems.items()}


def data_of(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form shows of answers that stand: the other way round than ``answers_by_form``."""
    data = {name: answers[name] for name in (*_CHOSEN, *_WRITTEN, "needs") if name in answers}
    if "contact_phone" in answers:
        data["contact_phone"] = phone(answers["contact_phone"])
    for place, person in zip(PEOPLE, answers.get("respondents", ()), strict=False):
        data |= {f"met_{place}": person["name"], f"met_{place}_relation": person["relation"]}
    data |= {f"use_{use}": str(beans) for use, beans in answers.get("uses", {}).items()}
    for child in answers.get("schooling", ()):
        line = f"child_{child['member']}"
        data |= {
            line: "yes" if child["attends"] else "no",
            f"{line}_reason": child["reason"],
            f"{line}_asked": bool(child["scholarship_asked"]),
        }
    return data


def beyond(answers: Mapping[str, Any], children: Sequence[Child]) -> dict[str, list[Any]]:
    """Return the people of answers that stand for whom the form has no line; they stay as they are."""
    known = {child.number for child in children}
    return {
        "respondents": list(answers.get("respondents", ()))[len(PEOPLE) :],
        "schooling": [one for one in answers.get("schooling", ()) if one["member"] not in known],
    }


def _lists(form: VisitForm, children: Sequence[Child]) -> dict[str, Any]:
    people = [
        {"name": form[f"met_{place}"].data, "relation": form[f"met_{place}_relation"].data}
        for place in PEOPLE
        if form[f"met_{place}"].data
    ]
    uses = {
        one.code: int(form[f"use_{one.code}"].data)
        for one in by_name()["uses"].choices
        if form[f"use_{one.code}"].data
    }
    schooling = [
        {
            "member": child.number,
            "first_name": child.first_name,
            "attends": form[f"child_{child.number}"].data == "yes",
            "reason": form[f"child_{child.number}_reason"].data or "",
            "scholarship_asked": bool(form[f"child_{child.number}_asked"].data),
        }
        for child in children
        if form[f"child_{child.number}"].data
    ]
    found = {"respondents": people, "uses": uses, "schooling": schooling}
    return {name: value for name, value in found.items() if value}
