"""A few invented cases on their way, so that the worklist of a new installation is not empty.

They go through the real verbs; Samsir, Nurbaiti and Zulbahri are left for whoever practises.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import eligibility, family, intake, operations, papers
from caseflow.claims.benefit import compute_benefit
from caseflow.claims.models import Claim
from caseflow.claims.opening import Branch
from caseflow.claims.proposed_answers import proposals as proposals_of
from caseflow.claims.questions import questions_of
from caseflow.claims.reporting import DeathReport, report_death
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.config import Settings
from caseflow.documents import intake as uploads
from caseflow.documents.catalogue import catalogue
from caseflow.documents.intake import Place, Upload
from caseflow.documents.models import Requirement
from caseflow.documents.sniff import Inspection
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore
from caseflow.people.accounts import actor_of
from caseflow.people.actor import REPORTER, Actor
from caseflow.people.devices import actor_for, device_for_reporter, find_device
from caseflow.people.models import StaffUser
from caseflow.registry.queries import find_worker
from caseflow.training import later
from caseflow.training.accident import load_accident
from caseflow.training.complaint import load_complaint
from caseflow.training.papers import draw, jpeg, sheet_of
from caseflow.training.registry import store_papers

_PICTURE = Inspection("image/jpeg", 1, frozenset())


@dataclass(frozen=True)
class Story:
    """An invented family and how far its case has come: reported, papers, submitted, paid, or chosen:
    paid, and two children named for the scholarship.

    :ivar children: names and birthdays.
    """

    national_id: str
    died_on: date
    claimant: str
    relation: str
    member: str
    phone: str
    account: str
    until: str
    children: tuple[tuple[str, date], ...] = ()


STORIES = (
    Story("1303990102650006", date(2026, 11, 16), "Rosnida", "istri", "widow", "+6281267003001", "71000300101", "reported"),
    Story("1303995708740005", date(2026, 11, 10), "Hendri", "suami", "widower", "+6281267003002", "71000300102", "papers"),
    Story("1303992305690004", date(2026, 10, 29), "Asnimar", "istri", "widow", "+6281267003003", "71000300103", "submitted"),
    Story("1303991402810007", date(2026, 11, 3), "Elmita", "istri", "widow", "+6281267003004", "71000300104", "chosen",
          (("Nadia", date(2008, 6, 3)), ("Rafi", date(2013, 2, 10)), ("Salwa", date(2023, 4, 30)))),
)  # fmt: skip


@dataclass
class Office:
    """Where the invented cases are carried: session, store, settings, and the officer."""

    session: Session
    store: ObjectStore
    settings: Settings
    officer: Actor


def load_cases(session: Session, store: ObjectStore, settings: Settings) -> int:
    """Carry the invented cases as far as their stories go; return how many."""
    user_id = session.scalar(select(StaffUser.id).where(StaffUser.username == "dedi"))
    officer = actor_of(session, user_id or 0)
    if officer is None:
        return 0
    office = Office(session, store, settings, officer)
    for story in STORIES:
        carry(office, story)
    load_accident(session, branch=_branch(settings), by=officer)
    load_complaint(session, settings)
    store_papers(session, store)
    return len(STORIES) + 1


def carry(office: Office, story: Story) -> Claim:
    """Carry one case as far as its story goes."""
    claim = _reported(office, story)
    if story.until == "reported":
        return claim
    session, by, now = office.session, office.officer, clock.now()
    intake.assign(session, claim, by.user_id, by=by)
    if story.until == "papers":
        _send(office, story, claim, but=("heir_statement", "marriage_book", "bank_book"))
        operations.act(session, claim, "start_intake", by=by, expected_version=claim.version, now=now)
        papers.return_paper(session, claim, "death_letter", "blurry", by=by, now=now)
        return claim
    _send(office, story, claim)
    _verified(office, story, claim)
    _submitted(office, story, claim)
    if story.until in {"paid", "chosen"}:
        later.pay(session, claim, account=story.account, holder=story.claimant)
    if story.until == "chosen":
        later.choose_children(session, claim, story.claimant, branch=_branch(office.settings), by=by)
    return claim


def _branch(settings: Settings) -> Branch:
    return Branch(settings.branch_code, settings.regency_prefix)


def _reported(office: Office, story: Story) -> Claim:
    worker = find_worker(office.session, story.national_id)
    if worker is None:
        raise LookupError(story.national_id)
    return report_death(
        office.session,
        DeathReport(
            worker_name=worker.full_name,
            national_id=worker.national_id,
            died_on=story.died_on,
            cause="illness_or_other",
            region_code=worker.region_code,
            jorong=worker.jorong,
            reporter_name=story.claimant,
            reporter_relation=story.relation,
            reporter_phone=story.phone,
            phone_owner="sendiri",
            contact_by="whatsapp",
            consented=True,
        ),
        branch=_branch(office.settings),
        by=REPORTER,
        now=clock.now(),
    )


def _send(office: Office, story: Story, claim: Claim, but: Sequence[str] = ()) -> None:
    """Send drawn papers from the family's phone."""
    session = office.session
    token = device_for_reporter(session, claim.id, story.claimant, now=clock.now())
    device = find_device(session, token, now=clock.now())
    phone = actor_for(device.device_id if device else 0, claim.id, story.claimant)
    asked = session.execute(
        select(Requirement.id, Requirement.code).where(
            Requirement.casefile_id == claim.id,
            Requirement.need != "optional",
            Requirement.status == "missing",
            Requirement.code.not_in(but),
        )
    ).all()
    for requirement_id, code in asked:
        title = catalogue().papers[code].label.upper()
        body = jpeg(draw(sheet_of(code, title, claim.subject, story.national_id, story.claimant)))
        with spool(io.BytesIO(body)) as spooled:
            place = Place(claim.id, requirement_id, f"latihan-{code}", f"{code}.jpg")
            upload = Upload(spooled, _PICTURE, "no_scanner")
            pending = uploads.begin(session, place, upload, by=phone, open_in=OPEN_FOR_PAPERS)
            uploads.transfer(office.store, pending.object_key, spooled)
            uploads.finish(session, pending, by=phone, open_in=OPEN_FOR_PAPERS)
    operations.papers_arrived(session, claim, now=clock.now())


def _verified(office: Office, story: Story, claim: Claim) -> None:
    session, by, now = office.session, office.officer, clock.now()
    worker = find_worker(session, story.national_id)
    intake.link_worker(session, claim, worker.id if worker else 0, by=by)
    operations.act(session, claim, "start_verification", by=by, expected_version=claim.version, now=now)
    _accept(office, claim)
    proposals = proposals_of(session, claim)
    for question in questions_of(claim):
        proposed = proposals.get(question.code)
        known = proposed is not None and proposed.answer != "unknown"
        eligibility.answer_check(
            session,
            claim,
            question.code,
            proposed.answer if proposed is not None and known else question.good,
            source="wawancara keluarga",
            note="" if known else "Ditanyakan kepada keluarga dan wali jorong.",
            by=by,
            now=now,
        )


def _accept(office: Office, claim: Claim) -> None:
    """Accept everything that was sent."""
    session = office.session
    for code in session.scalars(
        select(Requirement.code).where(Requirement.casefile_id == claim.id, Requirement.status == "submitted")
    ).all():
        papers.accept_paper(session, claim, code, method="photo_compared", by=office.officer, now=clock.now())


def _submitted(office: Office, story: Story, claim: Claim) -> None:
    session, by, now = office.session, office.officer, clock.now()
    facts = family.MemberFacts(
        full_name=story.claimant,
        relation=story.member,
        source="Kartu Keluarga dan buku nikah",
        born_on=date(1976, 6, 3),
        documented=True,
    )
    member = family.record_member(session, claim, facts, by=by, now=now)
    for name, born_on in story.children:
        child = family.MemberFacts(
            full_name=name,
            relation="child",
            source="Kartu Keluarga dan akta kelahiran",
            born_on=born_on,
            documented=True,
            other_parent_id=member.id,
        )
        family.record_member(session, claim, child, by=by, now=now)
    family.decide_heirs(
        session,
        claim,
        payee_member_id=member.id,
        agreement="signed_agreement" if story.children else "sole_heir",
        note="Surat kuasa waris ditandatangani semua ahli waris." if story.children else "",
        by=by,
        now=now,
    )
    # what this payee needs besides is asked for only now
    _send(office, story, claim)
    _accept(office, claim)
    family.enter_account(
        session,
        claim,
        bank_code="118",
        account_number=story.account,
        holder_name=story.claimant,
        name_note="",
        by=by,
        now=now,
    )
    operations.act(session, claim, "calculate", by=by, expected_version=claim.version, now=now)
    compute_benefit(session, claim, by=by, now=now)
    operations.act(
        session, claim, "submit", by=by, expected_version=claim.version, now=now, note="Semua dokumen cocok."
    )
