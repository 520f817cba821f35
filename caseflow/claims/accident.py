"""What an officer establishes of an accident: facts, days of care, the doctor's word, receipts, the conclusion.

The law is not asked here; adding up is ``accident_benefit``.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import accident_papers
from caseflow.claims.accident_models import AccidentRecord, CarePeriod, Conclusion, CostItem
from caseflow.claims.deceased import note_death
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import Claim
from caseflow.claims.states import CONCLUDING, RECORDING, require_state
from caseflow.errors import Invalid, NotFound, NotPossible
from caseflow.formats import long_date
from caseflow.people.actor import Actor

SHORTEST_REASON = 10
# Permenaker 5/2021 Art. 7 as amended by 1/2025: what makes an event one of work, or not
GROUNDS = {
    "at_work": "Terjadi saat atau di tempat bekerja",
    "caused_by_work": "Terjadi karena pekerjaan",
    "commute": "Terjadi di jalan yang biasa dari rumah ke tempat kerja atau pulangnya",
    "duty_travel": "Terjadi saat menjalankan tugas di luar",
    "urgent_need": "Terjadi saat mengerjakan hal penting dan mendesak pada waktu kerja",
    "violence": "Kekerasan di tempat kerja (laporan polisi dan visum)",
    "sudden_death": "Meninggal mendadak karena kerja",
    "occupational_disease": "Penyakit akibat kerja menurut dokter",
    "outside_work": "Di luar pekerjaan, tempat, dan waktu kerja yang terdaftar",
    "detour": "Di jalan, tetapi bukan jalan yang biasa",
    "no_external_cause": "Tidak ada benturan dari luar yang terlihat dari cederanya",
    "own_intent": "Disengaja",
}
WORK_GROUNDS = frozenset(list(GROUNDS)[:8])


@dataclass(frozen=True, kw_only=True)
class EventRecord:
    """The event as form 3 KK 1 asks for it; every text may be empty where the form allows."""

    kind: str
    happened_on: date
    happened_at: time | None
    place_kind: str
    place: str
    activity: str
    chronology: str
    injured_part: str
    first_aid: str
    first_aid_network: str
    witnesses: tuple[str, ...]
    police_report: str
    reported_income_idr: int | None
    work_days: str
    died_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days of care or of being unable to work, both ends counted; ``ends_on`` is ``None`` while they go on."""

    kind: str
    starts_on: date
    ends_on: date | None
    facility: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One receipt in whole rupiah."""

    kind: str
    amount_idr: int
    spent_on: date
    source: str
    mode: str | None = None
    reference_price_idr: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def record_event(
    session: Session, claim: Claim, event: EventRecord, *, by: Actor, now: datetime
) -> AccidentRecord:
    """Establish the facts of the event; the former ones stay for the record.

    On a work accident claim the day of the event becomes the day that selects the rules; on a death claim it is
    what the claim can be moved on.

    :raises Invalid: days out of order, or a death claim without an accident before the death.
    """
    require_state(session, claim, RECORDING)
    _check_event(claim, event, now)
    take_verify_duty(session, claim, by=by, now=now)
    values = {name: value for name, value in asdict(event).items() if name not in {"witnesses", "died_on"}}
    row = AccidentRecord(
        casefile_id=claim.id,
        witnesses=list(event.witnesses),
        recorded_at=now,
        recorded_by_person_id=by.person_id or 0,
        **values,
    )
    session.add(row)
    if claim.program == "jkk":
        claim.event_on = event.happened_on
        note_death(session, claim, event.died_on)
    session.flush()
    record(session, "claim.accident_recorded", by=by, casefile_id=claim.id, details={"record": row.id})
    accident_papers.ask(session, claim, by=by)
    return row


def add_period(session: Session, claim: Claim, period: Period, *, by: Actor, now: datetime) -> CarePeriod:
    """Add days of care or of being unable to work.

    :raises Invalid: before the accident, in the future, or a day that is already counted. Nothing is saved.
    """
    require_state(session, claim, RECORDING)
    _check_period(session, claim, period, now)
    take_verify_duty(session, claim, by=by, now=now)
    row = CarePeriod(
        casefile_id=claim.id, recorded_at=now, recorded_by_person_id=by.person_id or 0, **asdict(period)
    )
    session.add(row)
    session.flush()
    record(session, "claim.period_added", by=by, casefile_id=claim.id, details={"period": row.id})
    return row


def end_period(
    session: Session, claim: Claim, period_id: int, ends_on: date, *, by: Actor, now: datetime
) -> CarePeriod:
    """Say on which day a period that went on has ended.

    :raises NotFound: no such open period; :raises Invalid: the day does not fit.
    """
    require_state(session, claim, RECORDING)
    row = _period(session, claim, period_id)
    if row.ends_on is not None:
        raise NotPossible(f"Masa ini sudah berakhir {long_date(row.ends_on)}. Tidak ada yang berubah.")
    if not row.starts_on <= ends_on <= clock.local(now).date():
        raise Invalid(
            {
                "ends_on": "Hari terakhir tidak boleh sebelum hari pertama atau setelah hari ini. Belum tersimpan."
            }
        )
    take_verify_duty(session, claim, by=by, now=now)
    row.ends_on = ends_on
    session.flush()
    record(session, "claim.period_ended", by=by, casefile_id=claim.id, details={"period": row.id})
    return row


def remove_period(session: Session, claim: Claim, period_id: int, *, by: Actor, now: datetime) -> None:
    """Take a period off the list; the row stays for the record."""
    require_state(session, claim, RECORDING)
    row = _period(session, claim, period_id)
    take_verify_duty(session, claim, by=by, now=now)
    row.removed_at = now
    session.flush()
    record(session, "claim.period_removed", by=by, casefile_id=claim.id, details={"period": row.id})


def add_cost(session: Session, claim: Claim, receipt: Receipt, *, by: Actor, now: datetime) -> CostItem:
    """Add a receipt; its paper is asked for.

    :raises Invalid: before the accident, in the future, or the same receipt again. Nothing is saved.
    """
    require_state(session, claim, RECORDING)
    _check_cost(session, claim, receipt, now)
    take_verify_duty(session, claim, by=by, now=now)
    row = CostItem(
        casefile_id=claim.id, recorded_at=now, recorded_by_person_id=by.person_id or 0, **asdict(receipt)
    )
    session.add(row)
    session.flush()
    record(session, "claim.cost_added", by=by, casefile_id=claim.id, details={"cost": row.id})
    accident_papers.ask(session, claim, by=by)
    return row


def remove_cost(session: Session, claim: Claim, cost_id: int, *, by: Actor, now: datetime) -> None:
    """Take a receipt off the list; the row stays for the record."""
    require_state(session, claim, RECORDING)
    row = session.get(CostItem, cost_id, populate_existing=True)
    if row is None or row.casefile_id != claim.id or row.removed_at is not None:
        raise NotFound("Kuitansi ini tidak ada pada kasus ini.")
    take_verify_duty(session, claim, by=by, now=now)
    row.removed_at = now
    session.flush()
    record(session, "claim.cost_removed", by=by, casefile_id=claim.id, details={"cost": row.id})


def conclude(
    session: Session,
    claim: Claim,
    verdict: str,
    grounds: Sequence[str],
    reason: str,
    *,
    by: Actor,
    now: datetime,
) -> Conclusion:
    """Write down whether work caused it (Permenaker 5/2021 Art. 7); moving the case is a step of its own.

    :param verdict: ``work`` or ``not_work``; :param grounds: codes of :data:`GROUNDS` that fit the verdict.
    :raises Invalid: no facts yet, grounds of the other verdict, or no reason.
    """
    require_state(session, claim, CONCLUDING)
    facts = current_record(session, claim.id)
    problems = {}
    if facts is None:
        problems["verdict"] = "Catat dulu fakta kejadiannya. Kesimpulan belum tersimpan."
    chosen = [code for code in GROUNDS if code in set(grounds)]
    fitting = WORK_GROUNDS if verdict == "work" else frozenset(GROUNDS) - WORK_GROUNDS
    if verdict not in {"work", "not_work"}:
        problems["verdict"] = "Pilih: kecelakaan kerja, atau bukan. Kesimpulan belum tersimpan."
    elif not chosen or not set(chosen) <= fitting:
        problems["grounds"] = (
            "Pilih paling sedikit satu dasar yang cocok dengan kesimpulannya. Belum tersimpan."
        )
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = "Tulis alasannya dalam satu kalimat, paling sedikit 10 huruf. Belum tersimpan."
    if problems or facts is None:
        raise Invalid(problems)
    take_verify_duty(session, claim, by=by, now=now)
    row = Conclusion(
        casefile_id=claim.id,
        verdict=verdict,
        grounds=chosen,
        reason=reason.strip(),
        concluded_at=now,
        concluded_by_person_id=by.person_id or 0,
        accident_record_id=facts.id,
    )
    session.add(row)
    session.flush()
    details = {"conclusion": row.id, "verdict": verdict}
    record(session, "claim.concluded", by=by, casefile_id=claim.id, details=details)
    return row


def current_record(session: Session, casefile_id: int) -> AccidentRecord | None:
    """Return the newest facts of the event."""
    return session.scalar(
        select(AccidentRecord)
        .where(AccidentRecord.casefile_id == casefile_id)
        .order_by(AccidentRecord.id.desc())
        .limit(1)
    )


def periods(session: Session, casefile_id: int) -> Sequence[CarePeriod]:
    """Return the periods that count, by their first day."""
    return session.scalars(
        select(CarePeriod)
        .where(CarePeriod.casefile_id == casefile_id, CarePeriod.removed_at.is_(None))
        .order_by(CarePeriod.starts_on, CarePeriod.id)
    ).all()


def costs(session: Session, casefile_id: int) -> Sequence[CostItem]:
    """Return the receipts that count, by their day."""
    return session.scalars(
        select(CostItem)
        .where(CostItem.casefile_id == casefile_id, CostItem.removed_at.is_(None))
        .order_by(CostItem.spent_on, CostItem.id)
    ).all()


def current_conclusion(session: Session, casefile_id: int) -> Conclusion | None:
    """Return the newest conclusion, as long as it rests on the newest facts of the event."""
    row = session.scalar(
        select(Conclusion)
        .where(Conclusion.casefile_id == casefile_id)
        .order_by(Conclusion.id.desc())
        .limit(1)
    )
    facts = current_record(session, casefile_id)
    return row if row is not None and facts is not None and row.accident_record_id == facts.id else None


def _check_event(claim: Claim, event: EventRecord, now: datetime) -> None:
    today, problems = clock.local(now).date(), dict[str, str]()
    if event.happened_on > today:
        problems["happened_on"] = "Tanggal kejadian tidak boleh setelah hari ini. Belum tersimpan."
    died_on = claim.died_on if claim.program == "jkm" else event.died_on
    if died_on is not None and not event.happened_on <= died_on <= today:
        problems["died_on"] = (
            "Tanggal meninggal tidak boleh sebelum kejadian atau setelah hari ini. Belum tersimpan."
        )
    for name in ("place", "activity", "chronology"):
        if not getattr(event, name).strip():
            problems[name] = "Bagian ini wajib menurut Formulir 3 KK 1. Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _check_period(session: Session, claim: Claim, period: Period, now: datetime) -> None:
    today, problems = clock.local(now).date(), dict[str, str]()
    if period.starts_on < claim.event_on or period.starts_on > today:
        problems["starts_on"] = (
            "Hari pertama tidak boleh sebelum kejadian atau setelah hari ini. Belum tersimpan."
        )
    if period.ends_on is not None and not period.starts_on <= period.ends_on <= today:
        problems["ends_on"] = (
            "Hari terakhir tidak boleh sebelum hari pertama atau setelah hari ini. Belum tersimpan."
        )
    if not period.source.strip():
        problems["source"] = "Tulis surat mana yang menjadi dasar. Belum tersimpan."
    last = period.ends_on or date.max
    taken = [
        row
        for row in periods(session, claim.id)
        if row.kind == period.kind == "unable_to_work"
        and row.starts_on <= last
        and period.starts_on <= (row.ends_on or date.max)
    ]
    if taken and not problems:
        problems["starts_on"] = (
            f"Ada hari yang sudah dihitung pada masa sejak {long_date(taken[0].starts_on)}. Belum tersimpan."
        )
    if problems:
        raise Invalid(problems)


def _check_cost(session: Session, claim: Claim, receipt: Receipt, now: datetime) -> None:
    problems: dict[str, str] = {}
    if not claim.event_on <= receipt.spent_on <= clock.local(now).date():
        problems["spent_on"] = (
            "Tanggal kuitansi tidak boleh sebelum kejadian atau setelah hari ini. Belum tersimpan."
        )
    if receipt.amount_idr <= 0:
        problems["amount_idr"] = "Jumlahnya harus di atas nol. Belum tersimpan."
    if (receipt.kind == "transport") != (receipt.mode is not None):
        problems["mode"] = "Pilih jenis angkutan, hanya untuk biaya angkutan. Belum tersimpan."
    if (receipt.kind == "home_care") != (receipt.starts_on is not None and receipt.ends_on is not None):
        problems["starts_on"] = (
            "Tulis hari pertama dan terakhir, hanya untuk perawatan di rumah. Belum tersimpan."
        )
    elif receipt.starts_on and receipt.ends_on and receipt.ends_on < receipt.starts_on:
        problems["ends_on"] = "Hari terakhir tidak boleh sebelum hari pertama. Belum tersimpan."
    same = (receipt.kind, receipt.spent_on, receipt.amount_idr, receipt.source)
    if any((row.kind, row.spent_on, row.amount_idr, row.source) == same for row in costs(session, claim.id)):
        problems["source"] = "Kuitansi yang sama sudah dicatat. Belum tersimpan."
    if problems:
        raise Invalid(problems)


def _period(session: Session, claim: Claim, period_id: int) -> CarePeriod:
    row = session.get(CarePeriod, period_id, populate_existing=True)
    if row is None or row.casefile_id != claim.id or row.removed_at is not None:
        raise NotFound("Masa ini tidak ada pada kasus ini.")
    return row
