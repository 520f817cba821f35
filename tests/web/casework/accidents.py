"""Stories of a work accident for tests: each function carries Marzuki a step further, through the real verbs.

claim = concluded(stage)        # ready to be computed, the worker is paid himself
claim = submitted(stage)        # waits for an approver
"""

from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from caseflow import clock
from caseflow.claims import accident, benefit, eligibility, family, intake, medical, operations, worker_payee
from caseflow.claims.accident import EventRecord, Period, Receipt
from caseflow.claims.accident_reporting import AccidentReport, report_accident
from caseflow.claims.medical import Certificate, Loss
from caseflow.claims.models import Claim
from caseflow.claims.proposed_answers import proposals
from caseflow.claims.questions import questions_of
from caseflow.documents.models import Requirement
from caseflow.people.actor import REPORTER
from caseflow.registry.queries import find_worker
from tests.story import BRANCH, Stage, accept_papers, decide, move, phone_of, send_paper

HAPPENED = date(2026, 11, 9)
THUMB = (Loss(row_code="thumb", kind="anatomical", side="right"),)
RECORD = EventRecord(
    kind="accident",
    happened_on=HAPPENED,
    happened_at=time(10, 15),
    place_kind="workplace",
    place="Proyek rumah di Jorong Pasar",
    activity="Memotong kayu",
    chronology="Gergaji meleset dan mengenai ibu jari tangan kanan.",
    injured_part="Ibu jari tangan kanan",
    first_aid="Puskesmas Latihan",
    first_aid_network="plkk",
    witnesses=("Budi", "Anto"),
    police_report="",
    reported_income_idr=1_000_000,
    work_days="Senin sampai Sabtu",
)


@dataclass(frozen=True)
class Hurt:
    """An invented worker who was hurt."""

    name: str
    national_id: str


MARZUKI = Hurt("Marzuki", "1303990304880002")
ERMAWATI = Hurt("Ermawati", "1303995708740005")
BUSTAMI = Hurt("Bustami", "1303990102650006")


def notified(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """Somebody tells of the accident, more than two days late."""
    report = AccidentReport(
        worker_name=hurt.name,
        national_id=hurt.national_id,
        kind="accident",
        happened_on=HAPPENED,
        happened_at=time(10, 0),
        place="Proyek rumah di Jorong Pasar",
        chronology="Tangannya terkena gergaji saat memotong kayu.",
        result="injured",
        region_code="13.03.99.2001",
        notifier_role="family",
        notifier_name="Yusra",
        notifier_phone="+6281267000011",
        consented=True,
        jorong="Pasar",
        injury="ibu jari kanan",
        facility="Puskesmas Latihan",
    )
    claim = report_accident(stage.session, report, branch=BRANCH, by=REPORTER, now=clock.now())
    intake.assign(stage.session, claim, stage.verifier.user_id, by=stage.verifier)
    return claim


def suspected(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """The officer links the worker, records the facts and takes in the report of stage I."""
    claim = notified(stage, hurt)
    worker = find_worker(stage.session, hurt.national_id)
    assert worker is not None
    intake.link_worker(stage.session, claim, worker.id, by=stage.verifier)
    accident.record_event(stage.session, claim, RECORD, by=stage.verifier, now=clock.now())
    move(stage, claim, "report_stage_one")
    return claim


def certified(stage: Stage, hurt: Hurt = MARZUKI, *, losses: tuple[Loss, ...] = THUMB) -> Claim:
    """Ten days at home, a receipt, and a doctor's certificate of a lost thumb."""
    claim = suspected(stage, hurt)
    session, by, now = stage.session, stage.verifier, clock.now()
    rest = Period(
        kind="unable_to_work",
        starts_on=HAPPENED,
        ends_on=date(2026, 11, 18),
        facility="",
        source="surat istirahat 12",
    )
    accident.add_period(session, claim, rest, by=by, now=now)
    ride = Receipt(
        kind="transport", amount_idr=150_000, spent_on=HAPPENED, source="Ojek, nota 3", mode="land"
    )
    accident.add_cost(session, claim, ride, by=by, now=now)
    certificate = Certificate(
        condition="partial_anatomical",
        condition_on=date(2026, 11, 18),
        certified_on=date(2026, 11, 19),
        doctor_name="dr. Contoh",
        facility="RSUD Latihan",
        dominant_hand="right",
        losses=losses,
    )
    medical.record_certificate(session, claim, certificate, by=by, now=now)
    return claim


def verifying(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """Stage II is there: every paper sent, the officer verifies."""
    claim = certified(stage, hurt)
    move(stage, claim, "receive_certificate")
    phone = phone_of(stage, claim)
    for code in stage.session.scalars(
        select(Requirement.code).where(
            Requirement.casefile_id == claim.id,
            Requirement.status == "missing",
            Requirement.need != "optional",
        )
    ).all():
        send_paper(stage, claim, code, by=phone, serial=2)
    operations.papers_arrived(stage.session, claim, now=clock.now())
    move(stage, claim, "start_verification")
    return claim


def reviewed(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """The officer asks the medical adviser."""
    claim = verifying(stage, hurt)
    move(stage, claim, "request_medical_opinion")
    return claim


def concluded(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """Papers accepted, questions answered, concluded as work."""
    claim = verifying(stage, hurt)
    accept_papers(stage, claim)
    found = proposals(stage.session, claim)
    for question in questions_of(claim):
        proposed = found.get(question.code)
        usual = proposed.answer if proposed and proposed.answer != "unknown" else question.good
        eligibility.answer_check(
            stage.session,
            claim,
            question.code,
            usual,
            source="dokumen dan wawancara",
            note="Ditanyakan kepada pekerja dan wali jorong.",
            by=stage.verifier,
            now=clock.now(),
        )
    accident.conclude(
        stage.session,
        claim,
        "work",
        ["at_work"],
        "Dua saksi melihatnya saat bekerja di proyek.",
        by=stage.verifier,
        now=clock.now(),
    )
    move(stage, claim, "conclude")
    return claim


def calculating(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """The worker is paid himself; the benefit is to be computed."""
    claim = concluded(stage, hurt)
    worker_payee.decide_worker(stage.session, claim, by=stage.verifier, now=clock.now())
    family.enter_account(
        stage.session,
        claim,
        bank_code="118",
        account_number="71000300444",
        holder_name=hurt.name,
        name_note="",
        by=stage.verifier,
        now=clock.now(),
    )
    move(stage, claim, "calculate")
    return claim


def computed(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """The benefit is computed."""
    claim = calculating(stage, hurt)
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    return claim


def submitted(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """The officer submits for payment."""
    claim = computed(stage, hurt)
    move(stage, claim, "submit", note="Semua dokumen cocok.")
    return claim


def approved(stage: Stage, hurt: Hurt = MARZUKI) -> Claim:
    """The second person approves exactly what was submitted."""
    claim = submitted(stage, hurt)
    decide(stage, claim, "approve")
    return claim
