"""Stories of work accidents for tests: each function carries an accident of an invented worker a step further,
through the real verbs, by the people whose part it is. The sibling of ``tests.story``, and played on its stage.

    claim = submitted(stage)                        # Marzuki recovered: three days and a car
    claim = approved(stage, SYAFRIL_HURT)           # the right thumb, 12 million
    claim = paid(stage, ERMAWATI)                   # died on the way home, 70 million to her family
    claim = moved_to_jkk(stage)                     # Samsir's death turns out to be a work accident
    claim = moved_to_jkm(stage)                     # Ermawati's accident was not one of work

Every function also takes a claim that an earlier one returned: ``approved(stage, claim=claim)``.
"""

from dataclasses import replace
from datetime import date, time

from sqlalchemy import select

from caseflow import clock
from caseflow.claims import accident, benefit, family, intake, medical, operations, worker_payee
from caseflow.claims.accident import EventRecord
from caseflow.claims.accident_reporting import report_accident
from caseflow.claims.family import MemberFacts
from caseflow.claims.models import Claim, FamilyMember
from caseflow.payments.instructions import prepare_instruction
from caseflow.payments.models import Instruction, StatementLine
from caseflow.payments.releases import release_batch
from caseflow.payments.statements import load_statement, match_line
from caseflow.people import accounts
from caseflow.people.actor import REPORTER, SYSTEM, Actor
from caseflow.people.models import StaffUser
from caseflow.registry.queries import find_worker
from caseflow.training.people import PASSPHRASE
from tests import story
from tests.accidents import ERMAWATI, MARZUKI, SYAFRIL_HURT, Injured
from tests.payments.world import World, row, statement
from tests.story import BRANCH, SAMSIR, Stage, accept_papers, answer_questions, decide, move, send_missing

__all__ = ["ERMAWATI", "MARZUKI", "SYAFRIL_HURT", "Injured"]

APPROVER_LIMIT_IDR = 50_000_000  # above it the head of the branch decides
_ADVISER = "vera"


def notified(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """Somebody gives notice, without a single paper."""
    if claim is not None:
        return claim
    return report_accident(stage.session, person.report, branch=BRANCH, by=REPORTER, now=clock.now())


def stage_one(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The officer takes the case, finds the worker, and writes form 3 KK 1 down."""
    claim = notified(stage, person, claim=claim)
    worker = find_worker(stage.session, person.report.national_id or "")
    assert worker is not None
    intake.assign(stage.session, claim, stage.verifier.user_id, by=stage.verifier)
    intake.link_worker(stage.session, claim, worker.id, by=stage.verifier)
    accident.record_event(stage.session, claim, person.event, by=stage.verifier, now=clock.now())
    move(stage, claim, "report_stage_one")
    return claim


def treated(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The days of care are known; nobody has concluded yet."""
    claim = stage_one(stage, person, claim=claim)
    for period in person.periods:
        accident.add_period(stage.session, claim, period, by=stage.verifier, now=clock.now())
    move(stage, claim, "start_treatment")
    return claim


def concluded_early(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """Within thirty days: work caused it."""
    claim = treated(stage, person, claim=claim)
    write_conclusion(stage, claim, "work")
    move(stage, claim, "conclude_early")
    return claim


def certified(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The doctor's certificate and the receipts are there; the family is asked for papers."""
    claim = concluded_early(stage, person, claim=claim)
    for receipt in person.receipts:
        accident.add_cost(stage.session, claim, receipt, by=stage.verifier, now=clock.now())
    medical.record_certificate(stage.session, claim, person.certificate, by=stage.verifier, now=clock.now())
    move(stage, claim, "receive_certificate")
    return claim


def with_papers(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The phone sends everything that is asked for; the clock starts by itself."""
    claim = certified(stage, person, claim=claim)
    send_missing(stage, claim)
    operations.papers_arrived(stage.session, claim, now=clock.now())
    return claim


def verifying(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The officer begins to examine."""
    claim = with_papers(stage, person, claim=claim)
    move(stage, claim, "start_verification")
    return claim


def with_opinion(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The medical adviser was asked and agrees with the doctor."""
    claim = verifying(stage, person, claim=claim)
    move(stage, claim, "request_medical_opinion")
    by = adviser(stage)
    medical.give_opinion(
        stage.session, claim, "agrees", "Sesuai dengan foto dan resume medis.", by=by, now=clock.now()
    )
    press(stage, claim, "finish_medical_review", by=by)
    return claim


def concluded(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """Papers accepted, questions answered, and concluded as work."""
    claim = verifying(stage, person, claim=claim)
    accept_papers(stage, claim)
    answer_questions(stage, claim, person.answers)
    move(stage, claim, "conclude")
    return claim


def with_payee(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The worker is paid, or, when the worker died, the family as it agreed; the account is entered."""
    claim = concluded(stage, person, claim=claim)
    decide_payee(stage, claim, person)
    enter_account(stage, claim, person)
    return claim


def calculating(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """Everything is established; the benefit is to be computed."""
    claim = with_payee(stage, person, claim=claim)
    move(stage, claim, "calculate")
    return claim


def computed(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The benefit is computed."""
    claim = calculating(stage, person, claim=claim)
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    return claim


def submitted(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The officer submits for payment."""
    claim = computed(stage, person, claim=claim)
    move(stage, claim, "submit")
    return claim


def approved(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """The second person approves; above the approver's limit it is the head of the branch."""
    claim = submitted(stage, person) if claim is None else claim
    found = benefit.current_assessment(stage.session, claim.id)
    high = found is not None and found.total_idr > APPROVER_LIMIT_IDR
    decide(replace(stage, approver="bram") if high else stage, claim, "approve")
    return claim


def paid(stage: Stage, person: Injured = MARZUKI, *, claim: Claim | None = None) -> Claim:
    """Ordered, released, and found on the bank's statement."""
    claim = approved(stage, person) if claim is None else claim
    settle(stage, sent(stage, claim, person.account))
    return claim


def ordered(stage: Stage, claim: Claim, account: tuple[str, str, str]) -> Instruction:
    """The first person of finance orders the transfer of an approved claim."""
    return prepare_instruction(
        stage.session,
        claim.id,
        by=stage.staff["nina"],
        account_number_again=account[1],
        holder_name_found=account[2],
        name_note="",
        now=clock.now(),
    )


def sent(stage: Stage, claim: Claim, account: tuple[str, str, str]) -> Instruction:
    """Two people of finance let the money of an approved claim leave."""
    order = ordered(stage, claim, account)
    batch = World(stage.session, stage.staff).locked(order)
    release_batch(stage.session, batch.id, by=stage.staff["hadi"], now=clock.now())
    return order


def settle(stage: Stage, order: Instruction, on: date | None = None) -> None:
    """The third person finds the debit on the statement, booked today unless it is said otherwise."""
    found = _booked(stage, row(order.reference, debit=order.amount_idr, ref=f"D{order.id}", on=on))
    match_line(stage.session, found, order.id, by=stage.staff["lusi"], now=clock.now())


def bring_back(stage: Stage, order: Instruction, reason_code: str = "account_closed") -> None:
    """The bank sends the money back."""
    found = _booked(stage, row(order.reference, credit=order.amount_idr, ref=f"C{order.id}"))
    match_line(
        stage.session, found, order.id, by=stage.staff["lusi"], reason_code=reason_code, now=clock.now()
    )


def moved_to_jkk(stage: Stage, *, claim: Claim | None = None) -> Claim:
    """Samsir's death is examined as JKM; a neighbour tells that he fell from a tree at work the day before."""
    claim = story.verifying(stage) if claim is None else claim
    accident.record_event(stage.session, claim, fall_of_samsir(), by=stage.verifier, now=clock.now())
    press(
        stage,
        claim,
        "move_to_jkk",
        by=stage.verifier,
        reason_text="Saksi: jatuh dari pohon karet saat bekerja.",
    )
    return claim


def moved_to_jkm(stage: Stage, person: Injured = ERMAWATI, *, claim: Claim | None = None) -> Claim:
    """The accident is examined, and work did not cause it."""
    claim = verifying(stage, person) if claim is None else claim
    write_conclusion(stage, claim, "not_work")
    press(
        stage, claim, "move_to_jkm", by=stage.verifier, reason_text="Bukan jalan pulang dari tempat mengajar."
    )
    return claim


def fall_of_samsir() -> EventRecord:
    """The accident that Samsir's neighbour tells of."""
    return replace(
        MARZUKI.event,
        happened_on=date(2026, 11, 16),
        happened_at=time(9, 0),
        place="Kebun karet di Pasar",
        activity="Menyadap karet",
        chronology="Jatuh dari pohon karet, dirawat satu malam, lalu meninggal.",
        died_on=SAMSIR.report.died_on,
    )


def write_conclusion(stage: Stage, claim: Claim, verdict: str) -> None:
    """The officer writes down whether work caused it."""
    accident.conclude(
        stage.session,
        claim,
        verdict,
        ["at_work"] if verdict == "work" else ["outside_work"],
        "Menurut saksi dan laporan tahap I.",
        by=stage.verifier,
        now=clock.now(),
    )


def decide_payee(stage: Stage, claim: Claim, person: Injured) -> None:
    """Decide who is paid, and accept what that payee has to send."""
    if not person.died:
        worker_payee.decide_worker(stage.session, claim, by=stage.verifier, now=clock.now())
        return
    payee = record_family(stage, claim, person)[person.payee]
    family.decide_heirs(
        stage.session,
        claim,
        payee_member_id=payee.id,
        agreement=person.agreement,
        note="Surat kuasa waris ditandatangani semua ahli waris.",
        by=stage.verifier,
        now=clock.now(),
    )
    send_missing(stage, claim)
    accept_papers(stage, claim)


def record_family(stage: Stage, claim: Claim, person: Injured) -> dict[str, FamilyMember]:
    """Write the family down as its card tells it."""
    found = {}
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
        )
        found[one.full_name] = family.record_member(
            stage.session, claim, facts, by=stage.verifier, now=clock.now()
        )
    return found


def enter_account(stage: Stage, claim: Claim, person: Injured) -> None:
    """Write the payee's account down."""
    bank, number, holder = person.account
    family.enter_account(
        stage.session,
        claim,
        bank_code=bank,
        account_number=number,
        holder_name=holder,
        name_note="",
        by=stage.verifier,
        now=clock.now(),
    )


def adviser(stage: Stage) -> Actor:
    """The branch's medical adviser, appointed when first asked."""
    session, now = stage.session, clock.now()
    user = session.scalar(select(StaffUser).where(StaffUser.username == _ADVISER))
    if user is None:
        user = accounts.create_user(session, _ADVISER, "Vera Anggraini", PASSPHRASE, by=SYSTEM, now=now)
        scope = accounts.Scope("branch", stage.verifier.branch_code or "")
        accounts.grant_role(session, user.person_id, "medical_adviser", scope, by=SYSTEM, now=now)
    found = accounts.actor_of(session, user.id)
    assert found is not None
    return found


def press(
    stage: Stage,
    claim: Claim,
    action: str,
    *,
    by: Actor,
    reason_code: str | None = None,
    reason_text: str | None = None,
) -> None:
    """Somebody presses a button of the workflow."""
    operations.act(
        stage.session,
        claim,
        action,
        by=by,
        expected_version=claim.version,
        now=clock.now(),
        reason_code=reason_code,
        reason_text=reason_text,
    )


def _booked(stage: Stage, booking: str) -> int:
    """Load one row of the bank's statement and return the key of its line."""
    name, data = "mutasi.csv", statement(booking)
    assert load_statement(stage.session, name, data, by=stage.staff["lusi"], now=clock.now()).bad == []
    newest = select(StatementLine.id).order_by(StatementLine.id.desc()).limit(1)
    return stage.session.scalars(newest).one()
