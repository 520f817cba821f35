"""The first word of an accident: anybody may give it, in a minute, without a single paper."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import consents
from caseflow.claims.accident_models import AccidentNotice
from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import Branch, Opening, honorific_of, is_nagari, open_claim
from caseflow.claims.operations import act
from caseflow.claims.reporting import signed_by, tell_of_helper
from caseflow.documents.catalogue import Facts, catalogue, freeze
from caseflow.errors import Invalid
from caseflow.people import mandates
from caseflow.people.actor import Actor
from caseflow.people.mandates import MandateFacts
from caseflow.registry import names
from caseflow.sealing import blind

SAME_ACCIDENT_DAYS = 3
SHORTEST_CHRONOLOGY = 10


@dataclass(frozen=True, kw_only=True)
class Disease:
    """What an occupational disease is notified with (Permenaker 5/2021 jo. 1/2025 Art. 48A)."""

    job: str
    years_of_service: str
    exposure: str
    diagnosis: str


@dataclass(frozen=True, kw_only=True)
class AccidentReport:
    """What the notifier says (Permenaker 5/2021 jo. 1/2025 Art. 48A); ``None`` and "" are "tidak tahu".

    :ivar kind: ``accident``, ``disease``, ``violence`` or ``sudden_death``; a disease brings ``disease``.
    :ivar happened_on: of a disease the day of the diagnosis.
    :ivar result: ``injured``, ``died`` or ``unknown``; :ivar died_on: known only when the worker died.
    :ivar mandate: who allows it, when somebody from outside goes on helping.
    :ivar consent_note: how consent was given when somebody else wrote it down.
    """

    worker_name: str
    national_id: str | None
    kind: str
    happened_on: date
    happened_at: time | None
    place: str
    chronology: str
    result: str
    region_code: str
    notifier_role: str
    notifier_name: str
    notifier_phone: str
    consented: bool
    jorong: str = ""
    relation: str = "lain"
    phone_owner: str = "sendiri"
    contact_by: str = "call"
    died_on: date | None = None
    participant_number: str | None = None
    injury: str = ""
    facility: str = ""
    disease: Disease | None = None
    mandate: MandateFacts | None = None
    consent_note: str = ""


def report_accident(
    session: Session, report: AccidentReport, *, branch: Branch, by: Actor, now: datetime
) -> Claim:
    """Open a work accident claim (JKK) in ``notified``, freeze its list of papers and tell the officers.

    A late report is noted, never refused.

    :raises Invalid: a day in the future, no consent, an unknown nagari, too little about what happened, or a
        mandate that cannot be given.
    """
    _check(session, report, now)
    by = signed_by(report.mandate, by)
    opening = Opening(
        program="jkk",
        subject=report.worker_name,
        region_code=report.region_code,
        event_on=report.happened_on,
        died_on=report.died_on,
        cause="at_work",
        honorific=honorific_of(report.national_id) if report.died_on is not None else "",
    )
    claim = open_claim(session, opening, branch=branch, by=by, now=now)
    said_by = report.mandate.given_by_name if report.mandate else report.notifier_name
    version = consents.give_with_report(session, claim.id, said_by, by=by, now=now, note=report.consent_note)
    session.add(_report_row(claim.id, report, version, by=by, now=now))
    facts = report.mandate
    mandate = mandates.give(session, claim.id, facts, by=by, now=now) if facts is not None else None
    session.add(_notice_row(claim.id, report))
    freeze(session, claim.id, catalogue().derive(_document_facts(report), "jkk"), now=now)
    act(session, claim, "notify", by=by, expected_version=claim.version, now=now)
    if mandate is not None:
        tell_of_helper(session, claim, mandate, now=now)
    record(session, "claim.reported", by=by, casefile_id=claim.id, subject=claim.number)
    return claim


def similar_accidents(session: Session, report: AccidentReport) -> Sequence[str]:
    """Return numbers of cases that seem to be about the same accident; the caller shows no personal data."""
    number = blind(report.national_id) if report.national_id else ""
    near = timedelta(days=SAME_ACCIDENT_DAYS)
    rows = session.execute(
        select(Claim.number, Report.worker_name, Report.national_id_index, Report.region_code)
        .join(Report, Report.casefile_id == Claim.id)
        .where(
            Claim.program == "jkk",
            Claim.state != "withdrawn",
            Claim.event_on.between(report.happened_on - near, report.happened_on + near),
            (Report.national_id_index == number) | (Report.region_code == report.region_code),
        )
        .limit(50)
    )
    return [
        row.number
        for row in rows
        if (number and row.national_id_index == number)
        or (
            row.region_code == report.region_code
            and names.compare(row.worker_name, report.worker_name).kind != "different"
        )
    ]


def _check(session: Session, report: AccidentReport, now: datetime) -> None:
    today, problems = clock.local(now).date(), dict[str, str]()
    if report.happened_on > today:
        problems["happened_on"] = "Tanggal kejadian tidak boleh setelah hari ini."
    if report.died_on is not None and not report.happened_on <= report.died_on <= today:
        problems["died_on"] = "Tanggal meninggal tidak boleh sebelum kejadian atau setelah hari ini."
    if len(report.chronology.strip()) < SHORTEST_CHRONOLOGY:
        problems["chronology"] = "Ceritakan singkat apa yang terjadi, paling sedikit 10 huruf."
    if report.kind == "disease" and report.disease is None:
        problems["disease"] = (
            "Untuk penyakit: tulis pekerjaan, lamanya bekerja, sumber paparan, dan diagnosisnya."
        )
    if not report.consented:
        problems["consented"] = "Tanpa persetujuan, kabar ini tidak bisa dikirim. Belum ada yang tersimpan."
    if not is_nagari(session, report.region_code):
        problems["region_code"] = "Pilih nagari dari daftar."
    if problems:
        raise Invalid(problems)
    if report.mandate is not None:
        mandates.check(report.mandate, now)


def _report_row(
    casefile_id: int, report: AccidentReport, version: str, *, by: Actor, now: datetime
) -> Report:
    return Report(
        casefile_id=casefile_id,
        worker_name=unicodedata.normalize("NFC", report.worker_name),
        national_id=report.national_id,
        died_on=report.died_on,
        cause="at_work",
        region_code=report.region_code,
        jorong=report.jorong,
        reporter_name=report.notifier_name,
        reporter_relation=report.relation,
        reporter_phone=report.notifier_phone,
        phone_owner=report.phone_owner,
        contact_by=report.contact_by,
        consent_version=version,
        reported_at=now,
        helped_by_user_id=by.user_id,
    )


def _notice_row(casefile_id: int, report: AccidentReport) -> AccidentNotice:
    disease = report.disease
    return AccidentNotice(
        casefile_id=casefile_id,
        kind=report.kind,
        happened_on=report.happened_on,
        happened_at=report.happened_at,
        place=report.place.strip(),
        chronology=unicodedata.normalize("NFC", report.chronology.strip()),
        result=report.result,
        notifier_role=report.notifier_role,
        participant_number=report.participant_number,
        injury=report.injury.strip(),
        facility=report.facility.strip(),
        disease=vars(disease) if disease is not None else {},
    )


def _document_facts(report: AccidentReport) -> Facts:
    return Facts(worker_died=report.died_on is not None, violence=report.kind == "violence")
