"""Stories of claims for tests: each function carries a claim of an invented worker a step further, through the
real verbs, by the people whose part it is. ``submitted(stage)`` does everything from the report on.

    stage = Stage(session, store, staff)
    claim = submitted(stage)                    # Samsir, 42 million, waiting for an approver
    claim = submitted(stage, NURBAITI)          # two months paid: the funeral cost only
    claim = refusal_proposed(stage, ZULBAHRI)   # not active on the day

Every function also takes a claim that an earlier one returned: ``approved(stage, claim=claim)``. Nothing
commits; a test over a real database commits between two steps where it has to.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import benefit, eligibility, family, intake, operations
from caseflow.claims.content import content_of
from caseflow.claims.family import MemberFacts
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.opening import Branch
from caseflow.claims.papers import accept_paper
from caseflow.claims.proposed_answers import proposals as proposals_of
from caseflow.claims.questions import questions_of
from caseflow.claims.reporting import report_death
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents import intake as papers
from caseflow.documents import review
from caseflow.documents.catalogue import catalogue
from caseflow.documents.intake import Place, Upload
from caseflow.documents.models import Document, Requirement
from caseflow.documents.preview import run_preview
from caseflow.documents.sniff import Inspection, inspect
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore
from caseflow.people.actor import REPORTER, Actor
from caseflow.people.devices import actor_for, device_for_reporter, find_device
from caseflow.registry.queries import find_worker
from tests.families import NURBAITI, SAMSIR, SYAFRIL, ZULBAHRI, Person, Relative
from tests.files import samples

__all__ = ["NURBAITI", "SAMSIR", "SYAFRIL", "ZULBAHRI", "Person", "Relative"]

BRANCH = Branch("solok", "SJJ")
# our own pictures are alike and need no look each
_PICTURE = Inspection("image/jpeg", 1, frozenset())


@dataclass
class Stage:
    """Where a story is played: one session, one store, and the training staff by name."""

    session: Session
    store: ObjectStore
    staff: Mapping[str, Actor]
    officer: str = "dedi"
    approver: str = "mega"
    previews: bool = False

    def __post_init__(self) -> None:
        """Make the store ready; harmless to repeat."""
        self.store.prepare()

    @property
    def verifier(self) -> Actor:
        """The officer of the story."""
        return self.staff[self.officer]

    @property
    def decider(self) -> Actor:
        """The second person of the story."""
        return self.staff[self.approver]


def reported(stage: Stage | Session, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The family sends its report; this alone needs neither store nor staff."""
    if claim is not None:
        return claim
    session = stage.session if isinstance(stage, Stage) else stage
    return report_death(session, person.report, branch=BRANCH, by=REPORTER, now=clock.now())


def phone_of(stage: Stage, claim: Claim) -> Actor:
    """The phone that sent the report, as an actor."""
    token = device_for_reporter(stage.session, claim.id, "Yusra", now=clock.now())
    device = find_device(stage.session, token, now=clock.now())
    assert device is not None
    return actor_for(device.device_id, claim.id, "Yusra")


def send_paper(
    stage: Stage, claim: Claim, code: str, *, by: Actor, picture: bytes | None = None, serial: int = 1
) -> str:
    """Send one picture of one paper and return the public id of the file."""
    requirement = review.get_requirement(stage.session, claim.id, code)
    label = catalogue().papers[code].label.upper()
    body = samples.jpeg(f"{label} {claim.number}") if picture is None else picture
    place = Place(claim.id, requirement.id, f"story-{code}-{serial}", f"{code}.jpg")
    with spool(io.BytesIO(body)) as spooled:
        inspection = _PICTURE if picture is None else inspect(spooled)
        upload = Upload(spooled, inspection, "no_scanner")
        pending = papers.begin(stage.session, place, upload, by=by, open_in=OPEN_FOR_PAPERS)
        papers.transfer(stage.store, pending.object_key, spooled)
        receipt = papers.finish(stage.session, pending, by=by, open_in=OPEN_FOR_PAPERS)
    if stage.previews:
        run_preview(stage.session, stage.store, pending.document_id)
        stage.session.expire_all()
    return receipt.public_id


def with_papers(
    stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None, but: tuple[str, ...] = ()
) -> Claim:
    """The phone sends everything that is asked for and not optional, except ``but``; the clock starts by itself."""
    claim = reported(stage, person, claim=claim)
    send_missing(stage, claim, but=but)
    operations.papers_arrived(stage.session, claim, now=clock.now())
    return claim


def send_missing(stage: Stage, claim: Claim, *, but: tuple[str, ...] = ()) -> None:
    """The phone sends everything that is asked for, not there and not optional, except ``but``."""
    phone = phone_of(stage, claim)
    for code in _codes(stage, claim, ("missing", "returned")):
        if code not in but:
            send_paper(stage, claim, code, by=phone, serial=2)


def verifying(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The officer takes the case, finds the worker in the registry, and begins."""
    claim = with_papers(stage, person, claim=claim)
    worker = find_worker(stage.session, person.report.national_id or "")
    assert worker is not None
    intake.assign(stage.session, claim, stage.verifier.user_id, by=stage.verifier)
    intake.link_worker(stage.session, claim, worker.id, by=stage.verifier)
    move(stage, claim, "start_verification")
    return claim


def verified(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """Every paper is accepted and every question answered; the case is still in verification."""
    claim = verifying(stage, person, claim=claim)
    accept_papers(stage, claim)
    answer_questions(stage, claim, person.answers)
    return claim


def answer_questions(stage: Stage, claim: Claim, answers: Mapping[str, str]) -> None:
    """The officer answers every question: as told in ``answers``, else as proposed, else as it should be."""
    proposals = proposals_of(stage.session, claim)
    for question in questions_of(claim):
        proposed = proposals.get(question.code)
        usual = proposed.answer if proposed and proposed.answer != "unknown" else question.good
        eligibility.answer_check(
            stage.session,
            claim,
            question.code,
            answers.get(question.code, usual),
            source="dokumen dan wawancara",
            note="Ditanyakan kepada keluarga dan wali jorong.",
            by=stage.verifier,
            now=clock.now(),
        )


def accept_papers(stage: Stage, claim: Claim) -> None:
    """The officer accepts everything that was sent."""
    for code in _codes(stage, claim, ("submitted",)):
        accept_paper(stage.session, claim, code, method="photo_compared", by=stage.verifier, now=clock.now())


def decided_heirs(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The family is recorded, the payee is decided, what that payee needs is sent, the account is entered."""
    claim = verified(stage, person, claim=claim)
    left_out = _codes(stage, claim, ("missing", "returned"))
    by, now = stage.verifier, clock.now()
    recorded: dict[str, FamilyMember] = {}
    for one in person.relatives:
        facts = MemberFacts(
            full_name=one.full_name,
            relation=one.relation,
            source="Kartu Keluarga",
            born_on=one.born_on,
            national_id=one.national_id,
            documented=True,
            guardian_name=one.guardian_name,
            guardian_basis=one.guardian_basis,
            arranged_burial=one.arranged_burial,
        )
        recorded[one.full_name] = family.record_member(stage.session, claim, facts, by=by, now=now)
    family.decide_heirs(
        stage.session,
        claim,
        payee_member_id=recorded[person.payee].id,
        agreement=person.agreement,
        note="Surat kuasa waris ditandatangani semua ahli waris.",
        by=by,
        now=now,
    )
    for code in _codes(stage, claim, ("missing",)):
        if code not in left_out:
            send_paper(stage, claim, code, by=phone_of(stage, claim), serial=3)
            accept_paper(stage.session, claim, code, method="photo_compared", by=by, now=clock.now())
    bank, number, holder = person.account
    family.enter_account(
        stage.session,
        claim,
        bank_code=bank,
        account_number=number,
        holder_name=holder,
        name_note="",
        by=by,
        now=now,
    )
    return claim


def calculating(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """Everything is established; the benefit is to be computed."""
    claim = decided_heirs(stage, person, claim=claim)
    move(stage, claim, "calculate")
    return claim


def computed(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The benefit is computed."""
    claim = calculating(stage, person, claim=claim)
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    return claim


def submitted(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The officer submits for payment."""
    claim = computed(stage, person, claim=claim)
    move(stage, claim, "submit", note="Semua dokumen cocok. Anak kedua tinggal bersama ibunya.")
    return claim


def refusal_proposed(stage: Stage, person: Person = ZULBAHRI, *, claim: Claim | None = None) -> Claim:
    """The officer proposes that nothing can be paid."""
    claim = verified(stage, person, claim=claim)
    move(stage, claim, "propose_refusal", reason_code="not_active")
    return claim


def approved(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The second person approves exactly what was submitted."""
    claim = submitted(stage, person) if claim is None else claim
    decide(stage, claim, "approve")
    return claim


def returned(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The second person gives it back."""
    claim = submitted(stage, person) if claim is None else claim
    decide(stage, claim, "return_to_officer", reason_code="heirs", reason_text="Akta lahir Deni belum ada.")
    return claim


def refused(stage: Stage, person: Person = ZULBAHRI, *, claim: Claim | None = None) -> Claim:
    """Two people have found that nothing can be paid."""
    claim = refusal_proposed(stage, person) if claim is None else claim
    decide(stage, claim, "refuse", reason_code="not_active")
    return claim


def held(stage: Stage, person: Person = SAMSIR, *, claim: Claim | None = None) -> Claim:
    """The officer stops because the family has not agreed."""
    claim = verifying(stage, person) if claim is None else claim
    move(stage, claim, "hold", reason_code="dispute")
    return claim


def decide(
    stage: Stage,
    claim: Claim,
    action: str,
    *,
    reason_code: str | None = None,
    reason_text: str | None = None,
) -> None:
    """The second person decides on what lies there now."""
    operations.act(
        stage.session,
        claim,
        action,
        by=stage.decider,
        expected_version=claim.version,
        now=clock.now(),
        reason_code=reason_code,
        reason_text=reason_text,
        seen_sha256=content_of(stage.session, claim).sha256,
    )


def move(
    stage: Stage, claim: Claim, action: str, *, reason_code: str | None = None, note: str | None = None
) -> None:
    """The officer presses a button of the workflow."""
    operations.act(
        stage.session,
        claim,
        action,
        by=stage.verifier,
        expected_version=claim.version,
        now=clock.now(),
        reason_code=reason_code,
        note=note,
    )


def files_of(stage: Stage, claim: Claim, code: str) -> list[Document]:
    """The files of one paper that count."""
    return list(
        stage.session.scalars(
            select(Document)
            .join(Requirement, Requirement.id == Document.requirement_id)
            .where(
                Document.casefile_id == claim.id,
                Requirement.code == code,
                Document.withdrawn_at.is_(None),
            )
        )
    )


def _codes(stage: Stage, claim: Claim, statuses: tuple[str, ...]) -> list[str]:
    return list(
        stage.session.scalars(
            select(Requirement.code)
            .where(
                Requirement.casefile_id == claim.id,
                Requirement.need != "optional",
                Requirement.status.in_(statuses),
            )
            .order_by(Requirement.position)
        )
    )
