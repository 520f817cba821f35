"""The first notice: anybody may report a death, also without a single paper."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.operations import record
from caseflow.claims import consents
from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import Branch, Opening, honorific_of, is_nagari, open_claim
from caseflow.claims.operations import act
from caseflow.claims.owing import owe
from caseflow.documents.catalogue import Facts, catalogue, freeze
from caseflow.errors import Invalid
from caseflow.formats import long_date
from caseflow.people import mandates
from caseflow.people.actor import Actor
from caseflow.people.mandates import MandateFacts
from caseflow.people.models import HelperMandate
from caseflow.people.relations import OF_THE_FAMILY
from caseflow.registry import names
from caseflow.sealing import blind

SAME_REPORT_DAYS = 14
# a day that nobody knew exactly is the same as any of about a month
ABOUT_DAYS = 31
_SPOUSES = frozenset({"istri", "suami"})


@dataclass(frozen=True)
class DeathReport:
    """What a reporter says. ``national_id`` is ``None``, and ``jorong`` empty, when it is not known.

    :ivar died_about: nobody knows the very day; ``died_on`` is about right.
    :ivar mandate: who of the family allows it, when somebody from outside reports.
    :ivar consent_note: how consent was given when somebody else wrote it down.
    """

    worker_name: str
    national_id: str | None
    died_on: date
    cause: str
    region_code: str
    jorong: str
    reporter_name: str
    reporter_relation: str
    reporter_phone: str
    phone_owner: str
    contact_by: str
    consented: bool
    died_about: bool = False
    mandate: MandateFacts | None = None
    consent_note: str = ""


def report_death(session: Session, report: DeathReport, *, branch: Branch, by: Actor, now: datetime) -> Claim:
    """Open a death claim (JKM), freeze its list of papers and tell the officers.

    :raises Invalid: when the day is in the future, consent is missing, the nagari is unknown, or a mandate
        cannot be given.
    """
    _check(session, report, now)
    by = signed_by(report.mandate, by)
    opening = Opening(
        program="jkm",
        subject=report.worker_name,
        region_code=report.region_code,
        event_on=report.died_on,
        died_on=report.died_on,
        cause=report.cause,
        honorific=honorific_of(report.national_id),
    )
    claim = open_claim(session, opening, branch=branch, by=by, now=now)
    said_by = report.mandate.given_by_name if report.mandate else report.reporter_name
    version = consents.give_with_report(session, claim.id, said_by, by=by, now=now, note=report.consent_note)
    session.add(_report_row(claim.id, report, version, by=by, now=now))
    facts = report.mandate
    mandate = mandates.give(session, claim.id, facts, by=by, now=now) if facts is not None else None
    freeze(session, claim.id, catalogue().derive(_document_facts(report)), now=now)
    act(session, claim, "report", by=by, expected_version=claim.version, now=now)
    if mandate is not None:
        tell_of_helper(session, claim, mandate, now=now)
    record(session, "claim.reported", by=by, casefile_id=claim.id, subject=claim.number)
    return claim


def similar_reports(session: Session, report: DeathReport) -> Sequence[str]:
    """Return numbers of cases that seem to be about the same death; the caller shows no personal data."""
    number = blind(report.national_id) if report.national_id else ""
    near, about = timedelta(days=SAME_REPORT_DAYS), timedelta(days=ABOUT_DAYS)
    same_name_day = (Report.died_on == report.died_on) | (
        (Report.died_about | literal(report.died_about))
        & Report.died_on.between(report.died_on - about, report.died_on + about)
    )
    rows = session.execute(
        select(Claim.number, Report.worker_name, Report.national_id_index)
        .join(Report, Report.casefile_id == Claim.id)
        .where(
            Claim.state != "withdrawn",
            Report.died_on.between(report.died_on - about, report.died_on + about),
            (
                (Report.national_id_index == number)
                & (Report.died_on.between(report.died_on - near, report.died_on + near) | same_name_day)
            )
            | (
                (Report.region_code == report.region_code)
                & same_name_day
                & (func.lower(func.left(Report.worker_name, 1)) == report.worker_name[:1].lower())
            ),
        )
        .order_by(Claim.id.desc())
        .limit(50)
    )
    return [
        row.number
        for row in rows
        if (number and row.national_id_index == number)
        or names.compare(row.worker_name, report.worker_name).kind != "different"
    ]


def signed_by(mandate: MandateFacts | None, by: Actor) -> Actor:
    """Return who sends a report: the helper by name, where a mandate is given without staff at hand."""
    return mandate.actor if mandate is not None and by.kind == "family" else by


def tell_of_helper(session: Session, claim: Claim, mandate: HelperMandate, *, now: datetime) -> None:
    """Owe the family the word that somebody helps in its name, once a mandate; the helper is not told."""
    values = {"helper": mandate.helper_name, "until": long_date(mandate.ends_on)}
    owe(session, claim, "helper_named", occasion=f"mandate-{mandate.id}", now=now, values=values)


def _check(session: Session, report: DeathReport, now: datetime) -> None:
    problems: dict[str, str] = {}
    if report.died_on > clock.local(now).date():
        problems["died_on"] = "Tanggal meninggal tidak boleh setelah hari ini."
    if not report.consented:
        problems["consented"] = "Tanpa persetujuan, laporan tidak bisa dikirim. Belum ada yang tersimpan."
    if not is_nagari(session, report.region_code):
        problems["region_code"] = "Pilih nagari dari daftar."
    if problems:
        raise Invalid(problems)
    if report.mandate is not None:
        mandates.check(report.mandate, now)


def _report_row(casefile_id: int, report: DeathReport, version: str, *, by: Actor, now: datetime) -> Report:
    return Report(
        casefile_id=casefile_id,
        worker_name=unicodedata.normalize("NFC", report.worker_name),
        national_id=report.national_id,
        died_on=report.died_on,
        cause=report.cause,
        region_code=report.region_code,
        jorong=report.jorong,
        reporter_name=report.reporter_name,
        reporter_relation=report.reporter_relation,
        reporter_phone=report.reporter_phone,
        phone_owner=report.phone_owner,
        contact_by=report.contact_by,
        consent_version=version,
        reported_at=now,
        helped_by_user_id=by.user_id,
        died_about=report.died_about,
    )


def _document_facts(report: DeathReport) -> Facts:
    """What the list of papers depends on, as far as the report tells it."""
    relation = report.reporter_relation
    if relation not in OF_THE_FAMILY and report.mandate is not None:
        relation = report.mandate.given_by_relation
    return Facts(
        claimant_is_spouse=relation in _SPOUSES,
        claimant_is_child=relation == "anak",
        claimant_is_parent=relation == "orang_tua",
    )
