"""What the system can tell of the questions of eligibility by itself; the answer is an officer's."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.accident import current_record
from caseflow.claims.cover import cover_of, numbers
from caseflow.claims.models import Claim
from caseflow.claims.queries import get_report
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.formats import long_date
from caseflow.law.cover import CoverAnswer
from caseflow.law.dated import NoNumber
from caseflow.law.deadlines import lapses_on, reported_late
from caseflow.registry import queries as registry

AGE_LIMIT_YEARS = 65


@dataclass(frozen=True)
class Proposal:
    """What the system would answer, and why; ``unknown`` when only a person can tell."""

    answer: str
    because: str


_FUNERAL = Proposal("unknown", "Periksa di sistem BPJS Ketenagakerjaan.")


def proposals(session: Session, claim: Claim) -> dict[str, Proposal]:
    """Return what the system can tell by itself. What it cannot tell is ``unknown``, with the reason."""
    cover = cover_of(session, claim)
    match claim.program:
        case "jkm":
            found = _of_death(claim, cover)
        case "jkk":
            found = _of_accident(session, claim)
        case _:
            return _of_child(session, claim, cover)
    if cover is None or claim.worker_id is None:
        return found
    worker = registry.get_worker(session, claim.worker_id)
    found["active_on_event"] = _active(cover)
    found["age_at_registration"] = _age(worker.born_on, worker.registered_on)
    found["no_duplicate"] = _other_cases(session, claim)
    return found


def _other_cases(session: Session, claim: Claim) -> Proposal:
    """Another case of the same worker may be about the same event, also with another day or programme."""
    numbers_of_others = session.scalars(
        select(Claim.number)
        .where(
            Claim.worker_id == claim.worker_id,
            Claim.id != claim.id,
            Claim.program != "scholarship",
            Claim.state != "withdrawn",
        )
        .order_by(Claim.id)
        .limit(5)
    ).all()
    if not numbers_of_others:
        return Proposal("yes", "Tidak ada kasus lain untuk pekerja ini di sistem ini.")
    others = ", ".join(numbers_of_others)
    return Proposal("unknown", f"Pekerja ini punya kasus lain: {others}. Pastikan bukan kejadian yang sama.")


def _of_death(claim: Claim, cover: CoverAnswer | None) -> dict[str, Proposal]:
    found = {
        "not_work_caused": _cause(claim.cause),
        "worked": Proposal("unknown", "Hanya keluarga dan tetangga yang tahu."),
        "funeral_not_paid_elsewhere": _FUNERAL,
    }
    if cover is not None:
        found["three_months"] = _three_months(cover)
        answer = "no" if cover.scholarship.outlook == "not_yet" else "unknown"
        found["scholarship"] = Proposal(answer, cover.scholarship.sentence)
    return found


def _of_accident(session: Session, claim: Claim) -> dict[str, Proposal]:
    reported_on = claim.reported_on or clock.local(claim.opened_at).date()
    return {
        "registered_work": Proposal("unknown", "Bandingkan pekerjaan di registrasi dengan cerita kejadian."),
        "reported_in_time": _stage_one(session, claim),
        "not_expired": _expiry(claim.event_on, reported_on),
        "funeral_not_paid_elsewhere": _FUNERAL,
        "scholarship": Proposal("unknown", "Lihat anak di bawah 23 tahun pada daftar keluarga."),
    }


def _expiry(happened_on: date, reported_on: date) -> Proposal:
    try:
        last_day = lapses_on(happened_on, numbers())
    except NoNumber:
        return Proposal(
            "unknown", "Batas waktu untuk kejadian setua ini tidak tercatat. Lihat aturan yang lama."
        )
    said = f"Dilaporkan {long_date(reported_on)}; haknya berlaku sampai {long_date(last_day)}."
    return Proposal("yes" if reported_on <= last_day else "no", said)


def _stage_one(session: Session, claim: Claim) -> Proposal:
    facts = current_record(session, claim.id)
    if facts is None or facts.happened_at is None:
        return Proposal("unknown", "Jam kejadiannya belum diketahui.")
    happened_at = datetime.combine(facts.happened_on, facts.happened_at, clock.WIB)
    try:
        hours = reported_late(happened_at, get_report(session, claim.id).reported_at, book=numbers())
    except NoNumber:
        return Proposal("unknown", "Batas laporan untuk kejadian setua ini tidak tercatat.")
    if hours is None:
        return Proposal("yes", "Laporan masuk dalam 2 × 24 jam sejak kejadian.")
    return Proposal("no", f"Laporan masuk {hours} jam sesudah batas 2 × 24 jam. Ini hanya peringatan.")


def _of_child(session: Session, claim: Claim, cover: CoverAnswer | None) -> dict[str, Proposal]:
    child = session.get(ScholarshipChild, claim.id)
    if child is None:
        return {}
    found = {
        "child_of_worker": Proposal("unknown", "Lihat akta kelahiran anak."),
        "unmarried": Proposal(
            "no" if child.married_on else "unknown",
            f"Menikah {long_date(child.married_on)}." if child.married_on else "Hanya keluarga yang tahu.",
        ),
        "not_working": Proposal("unknown", "Hanya keluarga yang tahu."),
    }
    if child.origin != "jkm":
        found["contributions_enough"] = Proposal("yes", "Berasal dari JKK: tidak ada syarat masa iuran.")
    elif cover is not None:
        outlook = cover.scholarship
        sure = outlook.outlook == "not_yet" or outlook.unbroken_months == outlook.paid_months
        answer = "no" if outlook.outlook == "not_yet" else "yes" if sure else "unknown"
        found["contributions_enough"] = Proposal(answer, outlook.sentence)
    return found


def _active(cover: CoverAnswer) -> Proposal:
    answer = {"yes": "yes", "no": "no"}.get(cover.active, "unknown")
    return Proposal(answer, cover.active_sentence)


def _three_months(cover: CoverAnswer) -> Proposal:
    verdicts = {count.met for count in cover.counts}
    sentence = " ".join(count.sentence for count in cover.counts)
    if not cover.counts_agree or cover.outcome == "officer_decides":
        return Proposal("unknown", sentence)
    return Proposal("yes" if verdicts == {True} else "no", sentence)


def _age(born_on: date, registered_on: date) -> Proposal:
    years = (
        registered_on.year
        - born_on.year
        - ((registered_on.month, registered_on.day) < (born_on.month, born_on.day))
    )
    return Proposal("yes" if years < AGE_LIMIT_YEARS else "no", f"Usia saat didaftarkan {years} tahun.")


def _cause(cause: str) -> Proposal:
    if cause == "illness_or_other":
        return Proposal("yes", "Pelapor menyebut sakit atau sebab lain.")
    if cause == "at_work":
        return Proposal("no", "Pelapor menyebut meninggal saat atau karena bekerja.")
    return Proposal("unknown", "Pelapor tidak tahu sebabnya.")
