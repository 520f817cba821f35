"""The doctor's certificate as it is typed: condition, days, and one row for each loss of the disability table."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from flask import request
from wtforms import RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired, Length

from caseflow.claims.cover import numbers
from caseflow.claims.medical import MOST_INJURIES, Certificate, Loss
from caseflow.law.tables import DisabilityRow
from caseflow.web.casework import accident_words as words
from caseflow.web.casework.accident_reads import table_percent
from caseflow.web.forms import (
    BaseForm,
    CountField,
    DayField,
    LongTextField,
    PercentField,
    choices,
)

FIRST_ROWS = 2
_LINE = 200
_SIDES = [("", "–"), ("right", "Kanan"), ("left", "Kiri")]
_KINDS = [("anatomical", "Anatomis (hilang)"), ("functional", "Fungsi (berkurang)")]


class LossForm(BaseForm):
    """One loss; empty rows are left out."""

    row_code = SelectField("Bagian tubuh", validate_choice=False)
    side = SelectField("Sisi", choices=_SIDES, default="")
    kind = SelectField("Jenis cacat", choices=_KINDS, default="anatomical")
    loss_permille = PercentField("Fungsi yang hilang")
    set_permille = PercentField("Ditetapkan dokter")
    units = CountField("Banyaknya satuan")

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything into the row."""
        typed = (self.row_code, self.side, self.loss_permille, self.set_permille, self.units)
        return not any(field.data or field.errors or field.process_errors for field in typed)


class CertificateForm(BaseForm):
    """Form 3b KK 3. ``rows`` stand under it, each with a prefix of its own."""

    condition = RadioField(
        "Keadaan akhir menurut dokter",
        [InputRequired("Pilih keadaan akhir menurut surat dokter.")],
        choices=list(words.CONDITIONS.items()),
    )
    condition_on = DayField("Tanggal keadaan itu", [InputRequired("Tulis tanggal keadaan itu.")])
    certified_on = DayField("Tanggal surat", [InputRequired("Tulis tanggal surat dokter.")])
    doctor_name = StringField(
        "Nama dokter", [InputRequired("Tulis nama dokter di surat itu."), Length(max=_LINE)]
    )
    facility = StringField("Fasilitas kesehatan", [Length(max=_LINE)])
    dominant_hand = RadioField(
        "Tangan yang dominan", choices=[*words.HANDS.items(), ("", "Belum ditanyakan")], default=""
    )
    note = LongTextField("Catatan")
    losses = StringField("Cacat menurut dokter")  # where what is wrong with the rows is said

    def __init__(self, *, rows: int = FIRST_ROWS, on: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        empty = {"formdata": None} if "formdata" in kwargs else {}
        most = min(max(rows, FIRST_ROWS), MOST_INJURIES)
        self.rows = [LossForm(prefix=f"loss{place}", **empty) for place in range(1, most + 1)]
        for row in self.rows:
            row.row_code.choices = table_choices(on)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the rows as well, each against its line of the table."""
        fine = super().validate(extra_validators)
        found = [row for row in self.rows if not row.is_empty]
        checked = [row.validate() and _fits(row) for row in found]
        if not all(checked):
            self.losses.errors = ["Ada baris cacat yang belum benar. Lihat barisnya."]
        return bool(fine and all(checked))

    def certificate(self) -> Certificate:
        """Return what was typed; only after everything was checked."""
        return Certificate(
            condition=self.condition.data or "",
            condition_on=self.condition_on.data or date.max,
            certified_on=self.certified_on.data or date.max,
            doctor_name=self.doctor_name.data or "",
            facility=self.facility.data or "",
            dominant_hand=self.dominant_hand.data or None,
            losses=tuple(_loss(row) for row in self.rows if not row.is_empty),
            note=self.note.data or "",
        )


def rows_sent() -> int:
    """Return how many rows the sent form had."""
    sent = [place for place in range(1, MOST_INJURIES + 1) if f"loss{place}-row_code" in request.form]
    return max(sent, default=FIRST_ROWS)


@lru_cache(maxsize=64)
def table_choices(on: date) -> list[SelectChoice]:
    """Return the whole table in force on a day, grouped by part of the body."""
    rows = numbers().tables.disability.values()
    grouped: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        said = table_percent(row, on)
        if said is not None:
            part = words.PARTS.get(row.part, row.part)
            grouped.setdefault(part, []).append((row.code, f"{row.label}: {said}"))
    found = choices([("", "Pilih dari tabel")])
    for part, pairs in grouped.items():
        found += choices(pairs, group=part)
    return found


def _fits(form: LossForm) -> bool:
    """Write beside each field of a row what its line of the table lacks or does not know."""
    table: Mapping[str, DisabilityRow] = numbers().tables.disability
    row = table.get(form.row_code.data or "")
    if row is None:
        form.row_code.errors = ["Pilih bagian tubuh dari tabel, atau kosongkan barisnya."]
        return False
    problems = list(_problems(form, row))
    for name, sentence in problems:
        form[name].errors = [sentence]
    return not problems


def _problems(form: LossForm, row: DisabilityRow) -> Iterator[tuple[str, str]]:
    fixed = row.measure not in {"range", "per_unit"}
    if row.measure == "handed" and not form.side.data:
        yield "side", "Pilih kanan atau kiri."
    if row.measure in {"single", "range"} and form.side.data:
        yield "side", "Baris ini tidak mengenal sisi. Pilih –."
    if fixed and form.kind.data == "functional" and form.loss_permille.data is None:
        yield "loss_permille", "Untuk cacat fungsi tulis berapa persen fungsi yang hilang."
    if form.loss_permille.data is not None and (not fixed or form.kind.data != "functional"):
        yield "loss_permille", "Hanya untuk cacat fungsi pada baris dengan persentase tetap. Kosongkan."
    if (row.measure == "range") != (form.set_permille.data is not None):
        wanted = "Tulis persentase yang ditetapkan dokter."
        yield "set_permille", wanted if row.measure == "range" else "Persentase baris ini tetap. Kosongkan."
    if (row.measure == "per_unit") != (form.units.data is not None):
        wanted = f"Tulis berapa kali {row.unit}."
        yield (
            "units",
            wanted if row.measure == "per_unit" else "Baris ini tidak dihitung per satuan. Kosongkan.",
        )


def _loss(form: LossForm) -> Loss:
    table = numbers().tables.disability
    fixed = table[form.row_code.data].measure not in {"range", "per_unit"}
    return Loss(
        row_code=form.row_code.data,
        # a line whose percentage is not that of a whole part counts as a loss of function only with a share
        kind=form.kind.data if fixed else "anatomical",
        side=form.side.data or None,
        loss_permille=form.loss_permille.data,
        set_permille=form.set_permille.data,
        units=form.units.data,
    )
