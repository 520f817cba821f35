"""The rules of work accidents that workflow files name after ``when:``."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident, adjustments, medical
from caseflow.claims.accident_models import MedicalOpinion
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.claims.rules import rule
from caseflow.formats import long_date
from caseflow.law.dated import NoNumber
from caseflow.law.deadlines import lapses_on
from caseflow.workflow.models import History


@rule
def accident_facts_complete(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 8: stage I tells where, when and how (form 3 KK 1)."""
    if accident.current_record(session, claim.id) is None:
        return "Fakta kejadian (Formulir 3 KK 1) belum dicatat."
    return None


@rule
def accident_established(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 7: a death moves to JKK only with the accident that caused it."""
    facts = accident.current_record(session, claim.id)
    if facts is None:
        return "Catat dulu fakta kecelakaannya: kapan, di mana, dan bagaimana."
    if facts.happened_on > (claim.died_on or claim.event_on):
        return "Tanggal kecelakaan sesudah hari meninggal. Betulkan dulu salah satunya."
    return None


@rule
def treatment_recorded(session: Session, claim: Claim) -> str | None:
    """PP 49/2023 Art. 25A: treatment is covered first, so it is known where it is given."""
    return None if accident.periods(session, claim.id) else "Masa perawatan belum dicatat."


@rule
def concluded_as_work(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 7: a conclusion with its grounds, on the facts as they are now."""
    conclusion = accident.current_conclusion(session, claim.id)
    if conclusion is None:
        return "Kesimpulan kecelakaan kerja belum ditulis untuk fakta yang sekarang."
    return None if conclusion.verdict == "work" else "Yang ditulis: bukan kecelakaan kerja."


@rule
def concluded_as_not_work(session: Session, claim: Claim) -> str | None:
    """Permenaker 5/2021 Art. 7: a refusal of work as the cause is written down with its grounds."""
    conclusion = accident.current_conclusion(session, claim.id)
    if conclusion is None:
        return "Kesimpulan bahwa ini bukan kecelakaan kerja belum ditulis."
    return None if conclusion.verdict == "not_work" else "Yang ditulis: kecelakaan kerja."


@rule
def not_yet_concluded(session: Session, claim: Claim) -> str | None:
    """PP 49/2023 Art. 25A(3): as long as nobody concluded, the thirty days run."""
    conclusion = accident.current_conclusion(session, claim.id)
    if conclusion is not None and conclusion.verdict == "work":
        return "Sudah disimpulkan kecelakaan kerja. Pakai “Masih dirawat”."
    return None


@rule
def certificate_recorded(session: Session, claim: Claim) -> str | None:
    """Form 3b KK 3: the doctor certifies the final condition."""
    certificate = medical.current_certificate(session, claim.id)
    if certificate is None:
        return "Surat keterangan dokter (Formulir 3b KK 3) belum dicatat."
    if certificate.condition == "still_treated":
        return "Menurut surat dokter terakhir pekerja masih dirawat."
    return None


@rule
def medical_opinion_given(session: Session, claim: Claim) -> str | None:
    """Permenaker 28/2015: the medical adviser writes the opinion that was asked for."""
    certificate = medical.current_certificate(session, claim.id)
    given = certificate is not None and session.scalar(
        select(
            exists().where(
                MedicalOpinion.certificate_id == certificate.id, MedicalOpinion.given_at >= claim.entered_at
            )
        )
    )
    return None if given else "Tulis dulu pendapat medis tentang surat dokter ini."


@rule
def worker_died(session: Session, claim: Claim) -> str | None:
    """PP 44/2015 Art. 40: a death claim is about a death."""
    return None if claim.died_on else "Pekerja tidak tercatat meninggal, jadi tidak ada klaim kematian."


@rule
def five_years_passed(session: Session, claim: Claim) -> str | None:
    """PP 82/2019 Art. 26: the right lapses five years after the accident or the diagnosis."""
    try:
        last_day = lapses_on(claim.event_on, numbers())
    except NoNumber:
        return "Batas waktu untuk kejadian setua ini tidak tercatat. Putuskan lewat usul penolakan."
    if clock.today() <= last_day:
        return f"Haknya masih berlaku sampai {long_date(last_day)}."
    return None


@rule
def not_determined_as_work(session: Session, claim: Claim) -> str | None:
    """What the inspector or the Minister determined is not concluded otherwise by the branch."""
    determined = session.scalar(
        select(
            exists().where(
                History.casefile_id == claim.id,
                History.action.in_(("inspector_says_work", "minister_says_work")),
            )
        )
    )
    return "Pengawas atau Menteri sudah menetapkan kecelakaan kerja." if determined else None


@rule
def inspector_has_determined(session: Session, claim: Claim) -> str | None:
    """The Minister is asked only after the labour inspector (two tiers)."""
    determined = session.scalar(
        select(exists().where(History.casefile_id == claim.id, History.action == "inspector_says_not_work"))
    )
    return None if determined else "Pengawas ketenagakerjaan belum menetapkan. Ajukan keberatan dulu."


@rule
def adjustments_confirmed(session: Session, claim: Claim) -> str | None:
    """An adjusted line counts once a second person has agreed."""
    waiting = sum(one.verdict is None for one in adjustments.adjustments(session, claim.id))
    return f"{waiting} penyesuaian baris masih menunggu pejabat kedua." if waiting else None
