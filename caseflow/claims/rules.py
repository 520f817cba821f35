"""The rules that workflow files name after ``when:``. Each gives ``None`` or the reason in words."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import eligibility, family
from caseflow.claims.benefit import current_assessment, is_current
from caseflow.claims.content import content_of
from caseflow.claims.letter_check_queries import contradicted
from caseflow.claims.models import Claim
from caseflow.claims.paid_before import paid_decisions
from caseflow.claims.proposals import proposed_outcome, submitted_digest
from caseflow.claims.questions import questions_of
from caseflow.documents.models import Requirement
from caseflow.formats import long_date
from caseflow.registry import queries as registry
from caseflow.workflow.models import CaseFile, History

Rule = Callable[[Session, CaseFile], str | None]
RULES: dict[str, Rule] = {}


def rule(check: Callable[[Session, Claim], str | None]) -> Callable[[Session, Claim], str | None]:
    """Register a rule under its own name; it speaks only of claims."""

    def guarded(session: Session, case: CaseFile) -> str | None:
        return check(session, case) if isinstance(case, Claim) else "Aturan ini hanya untuk klaim."

    RULES[check.__name__] = guarded
    return check


@rule
def all_required_submitted(session: Session, claim: Claim) -> str | None:
    """PP 44/2015 Art. 40(3): the clock starts when the application is complete."""
    missing = _count(session, claim, ("required",), ("missing", "returned"))
    return f"Masih ada {missing} dokumen wajib yang belum dikirim." if missing else None


@rule
def something_missing(session: Session, claim: Claim) -> str | None:
    """The family is asked for papers only while one is to be sent."""
    if _count(session, claim, ("required",), ("missing", "returned")):
        return None
    return "Tidak ada dokumen wajib yang kurang. Lanjutkan pemeriksaan saja."


@rule
def something_returned(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 19(7): the family is told which paper to replace."""
    if _count(session, claim, ("required",), ("returned",)):
        return None
    return "Belum ada dokumen yang dikembalikan. Pilih dokumennya, lalu “Minta ganti”."


@rule
def documents_accepted(session: Session, claim: Claim) -> str | None:
    """PP 44/2015 Art. 40: the application rests on papers that somebody has checked."""
    open_ones = _count(session, claim, ("required",), ("missing", "returned", "submitted"))
    return f"Masih ada {open_ones} dokumen wajib yang belum diterima." if open_ones else None


@rule
def payment_documents_accepted(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 jo. 1/2025 Art. 79: account and civil death certificate before payment."""
    open_ones = _count(session, claim, ("before_payment",), ("missing", "returned", "submitted"))
    if open_ones:
        return f"Masih ada {open_ones} dokumen yang wajib ada sebelum pembayaran (terima, atau nyatakan tidak perlu)."
    return None


@rule
def worker_linked(session: Session, claim: Claim) -> str | None:
    """PP 44/2015 Art. 40: the dead person was a participant."""
    return None if claim.worker_id else "Pekerja belum dihubungkan dengan data peserta."


@rule
def eligibility_answered(session: Session, claim: Claim) -> str | None:
    """Permenaker 1/2025: conditions are checked one by one before a benefit is computed."""
    answers = eligibility.current_checks(session, claim.id)
    open_ones = [
        question.text
        for question in questions_of(claim)
        if question.needed and (question.code not in answers or answers[question.code].answer == "unknown")
    ]
    if not open_ones:
        return None
    if len(open_ones) == 1:
        return f"Satu syarat kelayakan belum terjawab: “{open_ones[0]}”"
    return f"{len(open_ones)} syarat kelayakan belum terjawab, mulai dari “{open_ones[0]}”"


@rule
def eligibility_good(session: Session, claim: Claim) -> str | None:
    """Permenaker 1/2025: what the law code does not judge itself has to be as the law wants it."""
    answers = eligibility.current_checks(session, claim.id)
    against = [
        question.text
        for question in questions_of(claim)
        if question.needed
        and question.bars
        and not question.read_by_law
        and question.code in answers
        and answers[question.code].answer not in {question.good, "unknown"}
    ]
    if not against:
        return None
    return f"Syarat tidak terpenuhi: “{against[0]}” Yang dapat diajukan hanya usul penolakan."


@rule
def heirs_decided(session: Session, claim: Claim) -> str | None:
    """PP 44/2015 Art. 40(2): the order of heirs."""
    decision = family.current_heirs(session, claim.id)
    if decision is None:
        return "Penerima santunan belum ditetapkan."
    lives = claim.program == "jkk" and claim.died_on is None
    if (decision.rank == "worker") != lives:
        return "Penerima ditetapkan sebelum diketahui apakah pekerja masih hidup. Tetapkan lagi penerimanya."
    if not family.heirs_are_current(session, decision):
        return "Daftar keluarga berubah setelah penerima ditetapkan. Tetapkan lagi penerimanya."
    return None


@rule
def benefit_computed(session: Session, claim: Claim) -> str | None:
    """PP 82/2019 Art. 34: the amounts."""
    return None if current_assessment(session, claim.id) else "Manfaat belum dihitung."


@rule
def benefit_current(session: Session, claim: Claim) -> str | None:
    """The stored computation is what the law gives for today's facts."""
    if current_assessment(session, claim.id) and not is_current(session, claim):
        return "Data berubah setelah manfaat dihitung. Hitung lagi."
    return None


@rule
def benefit_payable(session: Session, claim: Claim) -> str | None:
    """Nothing payable is not submitted for payment but proposed for refusal."""
    assessment = current_assessment(session, claim.id)
    if assessment and assessment.total_idr == 0:
        return "Menurut perhitungan tidak ada yang dapat dibayar. Usulkan penolakan dengan alasannya."
    return None


@rule
def account_entered(session: Session, claim: Claim) -> str | None:
    """The money goes to an account in the heir's own name."""
    account = family.current_account(session, claim.id)
    if account is None:
        return "Rekening penerima belum dicatat."
    heirs = family.current_heirs(session, claim.id)
    if heirs is None or account.member_id != heirs.payee_member_id:
        return "Rekening yang tercatat bukan milik penerima sekarang. Catat rekening penerima."
    if not family.holder_is_current(session, account, heirs):
        return (
            f"Rekening atas nama {account.holder_name} tidak sama dengan nama penerima sekarang. Catat lagi."
        )
    return None


@rule
def payment_proposed(session: Session, claim: Claim) -> str | None:
    """Only what was submitted for payment can be approved."""
    return (
        None
        if proposed_outcome(session, claim) == "submit"
        else "Yang diajukan adalah penolakan, bukan pembayaran."
    )


@rule
def refusal_proposed(session: Session, claim: Claim) -> str | None:
    """A refusal begins with an officer's proposal and its reason, so that two people have looked."""
    if proposed_outcome(session, claim) == "propose_refusal":
        return None
    return "Petugas mengajukan pembayaran. Kembalikan kepada petugas bila menurut Anda harus ditolak."


@rule
def content_unchanged(session: Session, claim: Claim) -> str | None:
    """What is approved is what was submitted."""
    digest = submitted_digest(session, claim)
    if digest is not None and digest != content_of(session, claim).sha256:
        return "Isi kasus berubah sejak diajukan. Kembalikan kepada petugas."
    return None


@rule
def no_letter_contradicted(session: Session, claim: Claim) -> str | None:
    """PP 44/2015 Art. 40: letters of heirs and of a death are those of the nagari that signed them."""
    against = contradicted(session, claim.id)
    if not against:
        return None
    return (
        f"{against[0].label} nomor {against[0].letter_number} tidak cocok menurut Nagari {against[0].region}. "
        "Minta surat yang benar lalu tanyakan lagi, atau usulkan bukti lain di “Tanya nagari”."
    )


@rule
def nothing_paid(session: Session, claim: Claim) -> str | None:
    """What was paid is never undone by taking the report back: the same event could be paid a second time."""
    if paid_decisions(session, claim.id):
        return "Santunan kasus ini sudah pernah dibayar, jadi laporannya tidak bisa dibatalkan lagi."
    return None


@rule
def something_paid(session: Session, claim: Claim) -> str | None:
    """Only a case that was paid before ends again without another decision."""
    return None if paid_decisions(session, claim.id) else "Kasus ini belum pernah dibayar."


@rule
def bank_had_time(session: Session, claim: Claim) -> str | None:
    """A bank may send money back days after it went out; a closed case could not take it."""
    paid_at = session.scalar(
        select(func.max(History.at)).where(History.casefile_id == claim.id, History.state == "paid")
    )
    if paid_at is None:
        return None
    until = _days_after(session, paid_at, "returned_transfer_days")
    if clock.today() < until:
        return f"Bank masih dapat mengembalikan transfer. Langkah ini bisa mulai {long_date(until)}."
    return None


@rule
def objection_time_over(session: Session, claim: Claim) -> str | None:
    """UU 24/2011 Art. 48: a refused family can object; a closed case could not take it."""
    if claim.state not in {"refused", "lapsed"}:
        return None
    until = _days_after(session, claim.entered_at, "objection_days")
    if clock.today() < until:
        return f"Keluarga masih dapat mengajukan keberatan. Kasus dapat ditutup mulai {long_date(until)}."
    return None


def _days_after(session: Session, at: datetime, limit: str) -> date:
    """Return the day that is as many calendar days after ``at`` as the branch's limit says."""
    return clock.local(at).date() + timedelta(days=registry.policy(session, limit, clock.today()))


def _count(session: Session, claim: Claim, needs: tuple[str, ...], statuses: tuple[str, ...]) -> int:
    return session.execute(
        select(func.count())
        .select_from(Requirement)
        .where(
            Requirement.casefile_id == claim.id,
            Requirement.need.in_(needs),
            Requirement.status.in_(statuses),
        )
    ).scalar_one()
