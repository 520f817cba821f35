"""The scholarship of a paid claim for tests, year by year, by the real verbs and the people whose part it is.

origin = paid_claim(stage)                  # Firdaus died; the money has reached Elmita
right = opened(stage, origin, "Rafi")       # chosen by the family, waits for a school year
year_approved(stage, right, 2026)           # asked for, papers, verified, computed, approved
pay(stage, right)                           # by three people of finance
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from caseflow import clock
from caseflow.claims import benefit, eligibility, family, scholarship
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.operations import papers_arrived
from caseflow.claims.proposed_answers import proposals as proposals_of
from caseflow.claims.questions import questions_of
from caseflow.claims.scholarship import Guardian, YearFacts
from caseflow.claims.scholarship_opening import ChildFacts, open_right
from caseflow.claims.school_years import years_applied_for
from caseflow.claims.states import OPEN_FOR_PAPERS
from caseflow.documents.models import Requirement
from caseflow.payments.batches import add_to_batch, lock_batch, open_batch
from caseflow.payments.instructions import prepare_instruction
from caseflow.payments.models import StatementLine
from caseflow.payments.releases import release_batch
from caseflow.payments.statements import load_statement, match_line
from tests.families import FIRDAUS, Person
from tests.payments.world import row, statement
from tests.story import BRANCH, Stage, accept_papers, approved, decide, move, phone_of, send_paper

CHOSEN_BY = "Ibu Elmita, datang ke kantor 20 November 2026"
ACCOUNT = "71000777001"
AT_SCHOOL = ChildFacts(employment="none")


def paid_claim(stage: Stage, person: Person = FIRDAUS) -> Claim:
    """A death claim whose money has arrived."""
    claim = approved(stage, person)
    pay(stage, claim, account=person.account[1], holder=person.account[2])
    return claim


def pay(stage: Stage, claim: Claim, *, account: str = ACCOUNT, holder: str = "Elmita") -> None:
    """Finance orders, releases and finds the transfer in the bank's statement."""
    session, staff = stage.session, stage.staff
    order = prepare_instruction(
        session,
        claim.id,
        by=staff["nina"],
        account_number_again=account,
        holder_name_found=holder,
        name_note="",
        now=clock.now(),
    )
    batch = open_batch(session, by=staff["nina"], now=clock.now())
    add_to_batch(session, batch.id, order.id, by=staff["nina"], now=clock.now())
    assert lock_batch(session, batch.id, by=staff["nina"], now=clock.now()) == []
    release_batch(session, batch.id, by=staff["hadi"], now=clock.now())
    line = row(f"TRF {order.reference}", debit=order.amount_idr, ref=f"FT{order.id}")
    loaded = load_statement(
        session, f"mutasi-{order.id}.csv", statement(line), by=staff["lusi"], now=clock.now()
    )
    assert loaded.bad == []
    line_id = session.scalars(select(StatementLine.id).order_by(StatementLine.id.desc()).limit(1)).one()
    assert match_line(session, line_id, order.id, by=staff["lusi"], now=clock.now()) == "settled"


def member_of(stage: Stage, claim: Claim, name: str) -> FamilyMember:
    """The child of that name on the family list of a claim."""
    return stage.session.scalars(
        select(FamilyMember).where(FamilyMember.casefile_id == claim.id, FamilyMember.full_name == name)
    ).one()


def opened(stage: Stage, origin: Claim, name: str, facts: ChildFacts = AT_SCHOOL) -> Claim:
    """The family has chosen this child."""
    return open_right(
        stage.session,
        origin,
        member_of(stage, origin, name).id,
        facts,
        chosen_by=CHOSEN_BY,
        branch=BRANCH,
        by=stage.verifier,
        now=clock.now(),
    )


def asked(stage: Stage, claim: Claim, *years: int, level: str = "smp") -> Claim:
    """The family applies for school years; the yearly papers are asked for."""
    facts = [YearFacts(year=year, level=level, school="SMP Negeri Latihan") for year in years]
    scholarship.ask_year(stage.session, claim, facts, by=stage.verifier, now=clock.now())
    return claim


def checked(
    stage: Stage, claim: Claim, *, answers: Mapping[str, str] | None = None, proven: bool = True
) -> Claim:
    """Papers are sent and accepted, questions answered, studies proven; still in verification."""
    for code in _open_papers(stage, claim):
        send_paper(stage, claim, code, by=phone_of(stage, claim), serial=claim.version)
    papers_arrived(stage.session, claim, now=clock.now())
    move(stage, claim, "start_verification")
    accept_papers(stage, claim)
    answer_all(stage, claim, answers or {})
    years = {row.year: proven for row in years_applied_for(stage.session, claim.id)}
    scholarship.prove_study(stage.session, claim, years, by=stage.verifier, now=clock.now())
    return claim


def answer_all(stage: Stage, claim: Claim, answers: Mapping[str, str]) -> None:
    """The officer answers every question."""
    proposed = proposals_of(stage.session, claim)
    for question in questions_of(claim):
        known = proposed.get(question.code)
        usual = known.answer if known and known.answer != "unknown" else question.good
        eligibility.answer_check(
            stage.session,
            claim,
            question.code,
            answers.get(question.code, usual),
            source="dokumen dan wawancara",
            note="Ditanyakan kepada keluarga.",
            by=stage.verifier,
            now=clock.now(),
        )


def payee_decided(
    stage: Stage, claim: Claim, guardian: Guardian | None = None, *, account: str = ACCOUNT
) -> None:
    """Who receives, and on which account."""
    decision = scholarship.decide_payee(stage.session, claim, guardian, by=stage.verifier, now=clock.now())
    member = stage.session.get_one(FamilyMember, decision.payee_member_id)
    holder = member.guardian_name if decision.agreement == "guardian" else member.full_name
    family.enter_account(
        stage.session,
        claim,
        bank_code="118",
        account_number=account,
        holder_name=holder or "",
        name_note="",
        by=stage.verifier,
        now=clock.now(),
    )


def year_approved(
    stage: Stage, claim: Claim, *years: int, level: str = "smp", guardian: Guardian | None = None
) -> Claim:
    """Everything from the application to the second person's word."""
    checked(stage, asked(stage, claim, *years, level=level))
    payee_decided(stage, claim, guardian)
    for code in _open_papers(stage, claim):
        send_paper(stage, claim, code, by=phone_of(stage, claim), serial=100 + claim.version)
    accept_papers(stage, claim)
    move(stage, claim, "calculate")
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    move(stage, claim, "submit")
    decide(stage, claim, "approve")
    return claim


def on_day(day: str) -> None:
    """Move the clock to ten o'clock of a day."""
    clock.set_start(datetime.fromisoformat(f"{day}T10:00:00+07:00"))


def days_pass(days: int) -> None:
    """Move the clock on."""
    clock.set_start(clock.now() + timedelta(days=days))


def _open_papers(stage: Stage, claim: Claim) -> list[str]:
    assert claim.state in OPEN_FOR_PAPERS
    return list(
        stage.session.scalars(
            select(Requirement.code)
            .where(
                Requirement.casefile_id == claim.id,
                Requirement.need != "optional",
                Requirement.status.in_(("missing", "returned")),
            )
            .order_by(Requirement.position)
        )
    )
