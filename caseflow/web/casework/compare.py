"""What an officer reads on a paper beside what registry and report say. Differences are shown, never decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from caseflow.claims.models import Report
from caseflow.formats import short_date
from caseflow.registry import names
from caseflow.registry.models import Worker
from caseflow.web.casework.paper_forms import AcceptForm
from caseflow.web.casework.words import tail_of_nik

# whose data stands on a paper
_OF_WORKER = frozenset(
    {"worker_id_card", "family_card", "death_letter", "civil_death_certificate", "participant_card"}
)
_OF_DEATH = frozenset({"death_letter", "civil_death_certificate"})
_OF_CLAIMANT = frozenset({"claimant_id_card"})


@dataclass(frozen=True)
class Row:
    """One line of the comparison. ``match``: same, near, different, or ``None`` while nothing was typed."""

    label: str
    system: str
    field: Any
    match: str | None
    reason: str


def compare_rows(
    form: AcceptForm, code: str, worker: Worker | None, report: Report, died_on: date | None
) -> list[Row]:
    """Return what has to agree on this paper; nothing for papers without names to compare.

    :param died_on: the day of death that the case goes by.
    """
    rows = _of_person(form, code, worker, report)
    if code not in _OF_DEATH or died_on is None:
        return rows
    match, why = _same(form.paper_died_on.data, died_on, "tanggalnya tidak sama")
    return [*rows, Row("Meninggal", short_date(died_on), form.paper_died_on, match, why)]


def has_been_compared(form: AcceptForm) -> bool:
    """Whether anything was read off the paper and typed."""
    typed = (form.paper_name, form.paper_nik, form.paper_born_on, form.paper_died_on)
    return any(field.data for field in typed)


def _of_person(form: AcceptForm, code: str, worker: Worker | None, report: Report) -> list[Row]:
    if code in _OF_CLAIMANT:
        return [_name_row("Pelapor", f"{report.reporter_name} (laporan)", report.reporter_name, form)]
    if code not in _OF_WORKER:
        return []
    if worker is None:
        rows = [_name_row("Nama", f"{report.worker_name} (laporan)", report.worker_name, form)]
        return [*rows, _nik_row(form, report.national_id, "laporan")]
    told = "" if names.plain(worker.full_name) == names.plain(report.worker_name) else report.worker_name
    system = f"{worker.full_name}; laporan: {told}" if told else worker.full_name
    rows = [_name_row("Nama", system, worker.full_name, form), _nik_row(form, worker.national_id, "")]
    match, why = _same(form.paper_born_on.data, worker.born_on, "tanggalnya tidak sama")
    return [*rows, Row("Lahir", short_date(worker.born_on), form.paper_born_on, match, why)]


def differences(rows: list[Row]) -> list[str]:
    """Return the names of what does not agree."""
    return [row.label for row in rows if row.match == "different"]


def _name_row(label: str, shown: str, system: str, form: AcceptForm) -> Row:
    typed = form.paper_name.data
    if not typed:
        return Row(label, shown, form.paper_name, None, "")
    match = names.compare(typed, system)
    kind = {"same": "same", "similar": "near", "different": "different"}[match.kind]
    return Row(label, shown, form.paper_name, kind, "" if kind == "same" else match.because)


def _nik_row(form: AcceptForm, national_id: str | None, source: str) -> Row:
    shown = tail_of_nik(national_id) if national_id else "tidak disebut"
    match, why = _same(form.paper_nik.data, national_id, "angkanya tidak sama")
    return Row("NIK", f"{shown} ({source})" if source else shown, form.paper_nik, match, why)


def _same(typed: object, system: object, otherwise: str) -> tuple[str | None, str]:
    if not typed or system is None:
        return None, ""
    return ("same", "") if typed == system else ("different", otherwise)
