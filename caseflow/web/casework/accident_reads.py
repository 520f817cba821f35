"""What is established of a work accident, gathered for the pages that show it: officer, adviser, approver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident, medical, queries
from caseflow.claims.accident_models import (
    AccidentNotice,
    AccidentRecord,
    CarePeriod,
    CertifiedInjury,
    Conclusion,
    CostItem,
    MedicalCertificate,
    MedicalOpinion,
)
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.formats import long_date
from caseflow.law.accident import SIDE_LABELS
from caseflow.law.dated import UNCHECKED
from caseflow.law.deadlines import conclude_by, lapses_on, reported_late
from caseflow.law.numbers import NoNumber
from caseflow.law.tables import DisabilityRow
from caseflow.web.casework import accident_words as words
from caseflow.web.casework import reads

_HOURS_A_DAY = 24


@dataclass(frozen=True)
class InjuryWords:
    """One certified loss in words."""

    label: str
    detail: str


@dataclass(frozen=True)
class Established:
    """Everything that counts now; ``names`` says who wrote it down, by key of the person."""

    notice: AccidentNotice | None
    record: AccidentRecord | None
    periods: Sequence[CarePeriod]
    costs: Sequence[CostItem]
    certificate: MedicalCertificate | None
    injuries: Sequence[InjuryWords]
    opinion: MedicalOpinion | None
    conclusion: Conclusion | None
    names: dict[int, str]

    @property
    def costs_idr(self) -> int:
        """What the receipts come to, in rupiah; what of it is paid is the law's part."""
        return sum(cost.amount_idr for cost in self.costs)


@dataclass(frozen=True)
class LegalDay:
    """One limit of law: by which day, how it stands, in which colour, by which article."""

    title: str
    day: str
    state: str
    sentiment: str
    article: str


def established(session: Session, claim: Claim) -> Established:
    """Return what is established of a claim's accident."""
    certificate = medical.current_certificate(session, claim.id)
    record, opinion = accident.current_record(session, claim.id), medical.current_opinion(session, claim.id)
    conclusion = accident.current_conclusion(session, claim.id)
    writers = [
        record.recorded_by_person_id if record else 0,
        certificate.recorded_by_person_id if certificate else 0,
        opinion.person_id if opinion else 0,
        conclusion.concluded_by_person_id if conclusion else 0,
    ]
    injuries = medical.injuries_of(session, certificate.id) if certificate else ()
    return Established(
        notice=session.get(AccidentNotice, claim.id),
        record=record,
        periods=accident.periods(session, claim.id),
        costs=accident.costs(session, claim.id),
        certificate=certificate,
        injuries=[_injury(row, claim.event_on) for row in injuries],
        opinion=opinion,
        conclusion=conclusion,
        names=reads.person_names(session, [key for key in writers if key]),
    )


def legal_days(session: Session, claim: Claim, record: AccidentRecord | None) -> list[LegalDay]:
    """Return the limits of law of a work accident: report, conclusion, lapse. Lateness of a report only warns."""
    try:
        return [_stage_one(session, claim, record), _conclusion(session, claim), _lapse(claim)]
    except NoNumber:  # the accident lies before the book
        return []


def late_report(session: Session, claim: Claim, record: AccidentRecord | None) -> str | None:
    """Return the warning about a report that came after its 2 × 24 hours."""
    if record is None or record.happened_at is None:
        return None
    happened_at = datetime.combine(record.happened_on, record.happened_at, clock.WIB)
    try:
        hours = reported_late(happened_at, queries.get_report(session, claim.id).reported_at, book=numbers())
    except NoNumber:
        return None
    if hours is None:
        return None
    return (
        f"Laporan masuk {_hours(hours)} sesudah batas 2 × 24 jam. Ini hanya peringatan: laporan tetap diperiksa, "
        "dan tidak ada yang ditolak karena terlambat lapor."
    )


def _hours(hours: int) -> str:
    days = hours // _HOURS_A_DAY
    return f"{days} hari {hours % _HOURS_A_DAY} jam" if days else f"{hours} jam"


def _stage_one(session: Session, claim: Claim, record: AccidentRecord | None) -> LegalDay:
    article = "Permenaker 5/2021 Pasal 8"
    if record is None or record.happened_at is None:
        return LegalDay("Laporan tahap I", "2 × 24 jam", "jam kejadian belum diketahui", "neutral", article)
    late = late_report(session, claim, record)
    state, sentiment = ("terlambat, tetap diperiksa", "waiting") if late else ("tepat waktu", "positive")
    return LegalDay("Laporan tahap I", "2 × 24 jam", state, sentiment, article)


def _conclusion(session: Session, claim: Claim) -> LegalDay:
    last_day = conclude_by(_received_on(claim), numbers())
    conclusion = accident.current_conclusion(session, claim.id)
    article = "PP 49/2023 Pasal 25A ayat (3)"
    if conclusion is not None:
        said_on = clock.local(conclusion.concluded_at).date()
        state = f"disimpulkan {long_date(said_on)}"
        return LegalDay(
            "Kesimpulan",
            long_date(last_day),
            state,
            "positive" if said_on <= last_day else "waiting",
            article,
        )
    return LegalDay("Kesimpulan", long_date(last_day), *_left(last_day), article)


def _lapse(claim: Claim) -> LegalDay:
    last_day = lapses_on(claim.event_on, numbers())
    passed = clock.today() > last_day
    state, sentiment = ("sudah lewat", "danger") if passed else ("masih berlaku", "positive")
    return LegalDay("Hak berlaku sampai", long_date(last_day), state, sentiment, "PP 82/2019 Pasal 26")


def _left(last_day: date) -> tuple[str, str]:
    left = (last_day - clock.today()).days
    if left < 0:
        return f"lewat {-left} hari", "danger"
    return (f"sisa {left} hari" if left else "batasnya hari ini"), "waiting" if left <= 7 else "info"


def _received_on(claim: Claim) -> date:
    return claim.reported_on or clock.local(claim.opened_at).date()


def table_percent(row: DisabilityRow, on: date) -> str | None:
    """Return what a line of the table of disability gives; ``None`` when it is not in force on that day."""
    try:
        cells = {name: row.cell(name, on) for name in row.cells}
    except NoNumber:
        return None
    values = {name: words.percent(cell.value) for name, cell in cells.items()}
    match row.measure:
        case "handed":
            said = f"kanan {values['right']}, kiri {values['left']}"
        case "per_unit":
            said = f"{values['each']} tiap {row.unit}"
        case "range":
            said = f"{values['least']} sampai {values['most']}, dokter menetapkan"
        case _:
            said = values["percent"]
    unsure = any(cell.certainty in UNCHECKED for cell in cells.values())
    return f"{said} (belum terverifikasi)" if unsure else said


def _injury(row: CertifiedInjury, on: date) -> InjuryWords:
    line = numbers().tables.disability.get(row.row_code)
    label = line.label if line else row.row_code
    side = f", {SIDE_LABELS['right' if row.side == 'right' else 'left']}" if row.side else ""
    parts = ["fungsi" if row.kind == "functional" else "anatomis"]
    if row.loss_permille is not None:
        parts = [f"fungsi hilang {words.percent(row.loss_permille)}"]
    if row.set_permille is not None:
        parts = [f"ditetapkan dokter {words.percent(row.set_permille)}"]
    if row.units is not None:
        parts = [f"{row.units} × {line.unit if line else 'satuan'}"]
    said = table_percent(line, on) if line else None
    return InjuryWords(f"{label}{side}", "; ".join([*parts, *([f"tabel: {said}"] if said else [])]))
