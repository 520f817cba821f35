"""The doctors' word: the certificate of form 3b KK 3 with its losses, and the medical adviser's opinion on it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import accident_papers
from caseflow.claims.accident_models import CONDITIONS, CertifiedInjury, MedicalCertificate, MedicalOpinion
from caseflow.claims.deceased import note_death
from caseflow.claims.duties import take_verify_duty
from caseflow.claims.models import Claim
from caseflow.claims.states import RECORDING, require_state
from caseflow.errors import Invalid, NotPossible
from caseflow.people.actor import Actor
from caseflow.workflow.fire import take_duty

SHORTEST_REASON = 10
MOST_INJURIES = 12


@dataclass(frozen=True, kw_only=True)
class Loss:
    """One loss by its row of the disability table; a functional one says how much of the function is gone."""

    row_code: str
    kind: str
    side: str | None = None
    loss_permille: int | None = None
    set_permille: int | None = None
    units: int | None = None


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What the doctor certifies; the percentage comes from here, the program only counts the money."""

    condition: str
    condition_on: date
    certified_on: date
    doctor_name: str
    facility: str
    dominant_hand: str | None = None
    losses: tuple[Loss, ...] = ()
    note: str = ""


def record_certificate(
    session: Session, claim: Claim, certificate: Certificate, *, by: Actor, now: datetime
) -> MedicalCertificate:
    """Write down a doctor's certificate; a former one stays for the record.

    A certificate of death sets the day of death of the claim.

    :raises Invalid: days out of order, losses that do not go with the condition. Nothing is saved.
    """
    require_state(session, claim, RECORDING)
    _check(claim, certificate, now)
    take_verify_duty(session, claim, by=by, now=now)
    values = {name: value for name, value in vars(certificate).items() if name != "losses"}
    row = MedicalCertificate(
        casefile_id=claim.id, recorded_at=now, recorded_by_person_id=by.person_id or 0, **values
    )
    session.add(row)
    session.flush()
    session.add_all(
        CertifiedInjury(certificate_id=row.id, position=place, **asdict(loss))
        for place, loss in enumerate(certificate.losses, start=1)
    )
    if claim.program == "jkk" and certificate.condition == "died":
        note_death(session, claim, certificate.condition_on)
    session.flush()
    details = {"certificate": row.id, "condition": row.condition}
    record(session, "claim.certificate_recorded", by=by, casefile_id=claim.id, details=details)
    accident_papers.ask(session, claim, by=by)
    return row


def give_opinion(
    session: Session, claim: Claim, verdict: str, reason: str, *, by: Actor, now: datetime
) -> MedicalOpinion:
    """Record the medical adviser's word on the certificate that lies there now (Permenaker 28/2015).

    Whoever gives it holds the duty ``medical`` and can neither prepare nor decide the claim.

    :raises NotPossible: nobody asked, or there is no certificate; :raises Invalid: no reason.
    """
    require_state(session, claim, frozenset({"medical_review"}))
    certificate = current_certificate(session, claim.id)
    if certificate is None:
        raise NotPossible("Surat dokter belum dicatat, jadi belum ada yang dinilai. Tidak ada yang berubah.")
    problems = {}
    if verdict not in {"agrees", "differs", "needs_examination"}:
        problems["verdict"] = "Pilih pendapat Anda. Belum tersimpan."
    if len(reason.strip()) < SHORTEST_REASON:
        problems["reason"] = "Tulis alasan medisnya, paling sedikit 10 huruf. Belum tersimpan."
    if problems:
        raise Invalid(problems)
    take_duty(session, claim, "medical", by=by, now=now)
    row = MedicalOpinion(
        casefile_id=claim.id,
        certificate_id=certificate.id,
        verdict=verdict,
        reason=reason.strip(),
        given_at=now,
        person_id=by.person_id or 0,
        duty="medical",
    )
    session.add(row)
    session.flush()
    record(session, "claim.medical_opinion", by=by, casefile_id=claim.id, details={"opinion": row.id})
    return row


def current_certificate(session: Session, casefile_id: int) -> MedicalCertificate | None:
    """Return the newest certificate."""
    return session.scalar(
        select(MedicalCertificate)
        .where(MedicalCertificate.casefile_id == casefile_id)
        .order_by(MedicalCertificate.id.desc())
        .limit(1)
    )


def injuries_of(session: Session, certificate_id: int) -> Sequence[CertifiedInjury]:
    """Return the losses of a certificate in its order."""
    return session.scalars(
        select(CertifiedInjury)
        .where(CertifiedInjury.certificate_id == certificate_id)
        .order_by(CertifiedInjury.position)
    ).all()


def current_opinion(session: Session, casefile_id: int) -> MedicalOpinion | None:
    """Return the newest opinion on the newest certificate."""
    certificate = current_certificate(session, casefile_id)
    if certificate is None:
        return None
    return session.scalar(
        select(MedicalOpinion)
        .where(MedicalOpinion.certificate_id == certificate.id)
        .order_by(MedicalOpinion.id.desc())
        .limit(1)
    )


def _check(claim: Claim, certificate: Certificate, now: datetime) -> None:
    problems: dict[str, str] = {}
    if certificate.condition not in CONDITIONS:
        problems["condition"] = "Pilih keadaan akhir menurut surat dokter. Belum tersimpan."
    if certificate.condition_on < claim.event_on:
        problems["condition_on"] = "Tanggal ini tidak boleh sebelum kejadian. Belum tersimpan."
    if not certificate.condition_on <= certificate.certified_on <= clock.local(now).date():
        problems["certified_on"] = (
            "Tanggal surat tidak boleh sebelum keadaan itu atau setelah hari ini. Belum tersimpan."
        )
    partial = certificate.condition in {"partial_anatomical", "partial_functional"}
    if partial and not certificate.losses:
        problems["losses"] = "Pilih bagian tubuh menurut surat dokter. Belum tersimpan."
    if certificate.losses and not partial:
        problems["losses"] = "Bagian tubuh hanya dicatat untuk cacat sebagian. Belum tersimpan."
    if len(certificate.losses) > MOST_INJURIES:
        problems["losses"] = f"Paling banyak {MOST_INJURIES} bagian tubuh. Belum tersimpan."
    if not certificate.doctor_name.strip():
        problems["doctor_name"] = "Tulis nama dokter di surat itu. Belum tersimpan."
    if problems:
        raise Invalid(problems)
