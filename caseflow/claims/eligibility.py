"""The fixed questions of eligibility. The system proposes an answer; an officer gives it, with a source."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import record
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import Claim, EligibilityCheck
from caseflow.claims.states import require_state
from caseflow.errors import Invalid
from caseflow.law.cover import CoverAnswer, CoverChoice, assess_cover
from caseflow.law.ledger import PaidMonth
from caseflow.law.numbers import NumberBook, load_numbers
from caseflow.law.statement import Outcome
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry

SHORTEST_REASON = 10
AGE_LIMIT_YEARS = 65
_ANSWERED = "claim.check_answered"
_OPENING_AGAIN = ("claim.worker_linked", "claim.event_corrected")
ANSWERING_STATES = frozenset({"verifying", "field_check", "calculating"})


@dataclass(frozen=True)
class Question:
    """One fixed question.

    :ivar needed: whether it must be answered before a benefit is computed or refused.
    :ivar good: the answer that lets the claim go on.
    :ivar read_by_law: the law code reads the answer and says itself what follows from another one.
    """

    code: str
    text: str
    help: str
    needed: bool = True
    good: str = "yes"
    read_by_law: bool = False


QUESTIONS = (
    Question(
        "active_on_event",
        "Apakah peserta aktif pada hari meninggal?",
        "Lihat kisi iuran. Bila sistem tidak bisa memastikan, keputusan Anda dicatat bersama alasannya.",
        read_by_law=True,
    ),
    Question(
        "three_months",
        "Apakah iuran sudah dibayar paling sedikit tiga bulan berturut-turut?",
        "Berlaku untuk BPU sejak Permenaker 1/2025. Bila belum: hanya biaya pemakaman.",
        read_by_law=True,
    ),
    Question(
        "age_at_registration",
        "Apakah usia saat didaftarkan memenuhi syarat (belum 65 tahun)?",
        "Bandingkan tanggal lahir di KTP dengan tanggal pendaftaran.",
    ),
    Question(
        "worked",
        "Apakah ia bekerja saat didaftarkan?",
        "Tanyakan kepada keluarga atau wali jorong. Bila ragu, lakukan cek kasus.",
    ),
    Question(
        "not_work_caused",
        "Apakah meninggal bukan karena kerja?",
        "Bila karena kerja, kasus ini bukan JKM melainkan JKK.",
        read_by_law=True,
    ),
    Question("no_duplicate", "Apakah tidak ada klaim lain untuk kematian ini?", "Cari NIK dan nama."),
    Question(
        "funeral_not_paid_elsewhere",
        "Apakah biaya pemakaman belum pernah dibayar dari kepesertaan lain?",
        "Biaya pemakaman dibayar satu kali.",
        read_by_law=True,
    ),
    Question(
        "scholarship",
        "Beasiswa: apakah ada anak yang mungkin berhak?",
        "Masa iur paling sedikit tiga tahun, usia anak di bawah 23 tahun.",
        needed=False,
    ),
)
BY_CODE = {question.code: question for question in QUESTIONS}


@dataclass(frozen=True)
class Proposal:
    """What the system would answer, and why; ``unknown`` when only a person can tell."""

    answer: str
    because: str


def answer_check(
    session: Session,
    claim: Claim,
    code: str,
    answer: str,
    *,
    source: str,
    note: str,
    by: Actor,
    now: datetime,
) -> EligibilityCheck:
    """Record an officer's answer; against the system's proposal it needs a reason.

    :raises Invalid: unknown question or answer, or a reason that is missing.
    """
    require_state(session, claim, ANSWERING_STATES)
    if code not in BY_CODE or answer not in {"yes", "no", "unknown"}:
        raise Invalid({"answer": "Pilih ya, tidak, atau belum tahu. Belum ada yang tersimpan."})
    proposal = proposals(session, claim).get(code)
    contradicts = proposal is not None and answer != proposal.answer
    if contradicts and answer != "unknown" and len(note.strip()) < SHORTEST_REASON:
        raise Invalid(
            {"note": "Jawaban ini tidak bisa dipastikan sistem. Tulis alasannya, paling sedikit 10 huruf."}
        )
    take_verify_duty(session, claim, by=by, now=now)
    check = EligibilityCheck(
        casefile_id=claim.id,
        code=code,
        answer=answer,
        source=source.strip() or "petugas",
        note=note.strip(),
        checked_at=now,
        checked_by_person_id=by.person_id or 0,
    )
    session.add(check)
    session.flush()
    record(session, _ANSWERED, by=by, casefile_id=claim.id, details={"code": code, "answer": answer})
    return check


def current_checks(session: Session, casefile_id: int) -> Mapping[str, EligibilityCheck]:
    """Return the newest answer to each question, as far as it was given about today's worker and event.

    Another worker or other facts of the event open every question again. Keys of the audit tell what came first:
    a claim's events are written under its lock.
    """
    changed = select(func.coalesce(func.max(AuditEvent.id), 0)).where(
        AuditEvent.casefile_id == casefile_id, AuditEvent.action.in_(_OPENING_AGAIN)
    )
    answered = select(AuditEvent.details["code"].astext).where(
        AuditEvent.casefile_id == casefile_id,
        AuditEvent.action == _ANSWERED,
        AuditEvent.id > changed.scalar_subquery(),
    )
    rows = session.scalars(
        select(EligibilityCheck)
        .where(EligibilityCheck.casefile_id == casefile_id, EligibilityCheck.code.in_(answered))
        .order_by(EligibilityCheck.code, EligibilityCheck.id.desc())
        .ext(distinct_on(EligibilityCheck.code))
    )
    return {row.code: row for row in rows}


@cache
def numbers() -> NumberBook:
    """Return the numbers of law."""
    return load_numbers()


def cover_of(session: Session, claim: Claim) -> CoverAnswer | None:
    """Return what the ledger says of the day of death; ``None`` while no worker is linked."""
    if claim.worker_id is None:
        return None
    worker = registry.get_worker(session, claim.worker_id)
    return assess_cover(
        paid_months(session, claim.worker_id),
        registered_on=worker.registered_on,
        died_on=claim.event_on,
        book=numbers(),
    )


def paid_months(session: Session, worker_id: int) -> list[PaidMonth]:
    """Return the ledger in the law's own words."""
    return [
        PaidMonth(month=row.month, paid_on=row.paid_on, funding_source=row.funding_source)
        for row in registry.cover_months(session, worker_id)
    ]


def cover_choice(checks: Mapping[str, EligibilityCheck], chosen_by: str) -> CoverChoice | None:
    """Return what the officer decided about cover, or ``None`` while it is open."""
    active, months = checks.get("active_on_event"), checks.get("three_months")
    if active is None or active.answer == "unknown":
        return None
    if active.answer == "no":
        return CoverChoice(outcome="not_payable", reason=active.note, chosen_by=chosen_by)
    if months is None or months.answer == "unknown":
        return None
    outcome: Outcome = "full" if months.answer == "yes" else "funeral_only"
    return CoverChoice(outcome=outcome, reason=months.note or active.note, chosen_by=chosen_by)


def proposals(session: Session, claim: Claim) -> dict[str, Proposal]:
    """Return what the system can tell by itself. What it cannot tell is ``unknown``, with the reason."""
    found = {
        "not_work_caused": _cause(claim.cause),
        "worked": Proposal("unknown", "Hanya keluarga dan tetangga yang tahu."),
        "funeral_not_paid_elsewhere": Proposal("unknown", "Periksa di sistem BPJS Ketenagakerjaan."),
    }
    cover = cover_of(session, claim)
    if cover is None or claim.worker_id is None:
        return found
    worker = registry.get_worker(session, claim.worker_id)
    found["active_on_event"] = _active(cover)
    found["three_months"] = _three_months(cover)
    found["age_at_registration"] = _age(worker.born_on, worker.registered_on)
    found["no_duplicate"] = Proposal("yes", "Tidak ada kasus lain untuk pekerja ini di sistem ini.")
    found["scholarship"] = Proposal(
        "no" if cover.scholarship.outlook == "not_yet" else "unknown", cover.scholarship.sentence
    )
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
