"""What comes after a claim was prepared, for practice: its money has arrived, and two children were chosen."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import operations
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.opening import Branch
from caseflow.claims.scholarship import YearFacts, ask_year
from caseflow.claims.scholarship_opening import ChildFacts, open_right
from caseflow.law.scholarship import school_year_of
from caseflow.payments.batches import add_to_batch, lock_batch, open_batch
from caseflow.payments.instructions import prepare_instruction
from caseflow.payments.models import Instruction, StatementLine
from caseflow.payments.releases import release_batch
from caseflow.payments.statements import load_statement, match_line
from caseflow.people.accounts import actor_of
from caseflow.people.actor import Actor
from caseflow.people.models import StaffUser


def person(session: Session, username: str) -> Actor:
    """Return one of the training staff.

    :raises LookupError: the practice accounts are not there.
    """
    user_id = session.scalar(select(StaffUser.id).where(StaffUser.username == username))
    found = actor_of(session, user_id or 0)
    if found is None:
        raise LookupError(username)
    return found


def pay(session: Session, claim: Claim, *, account: str, holder: str) -> None:
    """Approve a submitted claim, send its money and find it in the bank's statement; each step by another person."""
    approver, maker = person(session, "mega"), person(session, "nina")
    releaser, matcher = person(session, "hadi"), person(session, "lusi")
    operations.act(session, claim, "approve", by=approver, expected_version=claim.version, now=clock.now())
    order = prepare_instruction(
        session,
        claim.id,
        by=maker,
        account_number_again=account,
        holder_name_found=holder,
        name_note="",
        now=clock.now(),
    )
    batch = open_batch(session, by=maker, now=clock.now())
    add_to_batch(session, batch.id, order.id, by=maker, now=clock.now())
    lock_batch(session, batch.id, by=maker, now=clock.now())
    release_batch(session, batch.id, by=releaser, now=clock.now())
    load_statement(session, "mutasi-latihan.csv", _statement(order), by=matcher, now=clock.now())
    line = session.scalars(select(StatementLine.id).order_by(StatementLine.id.desc()).limit(1)).one()
    match_line(session, line, order.id, by=matcher, now=clock.now())


def choose_children(session: Session, origin: Claim, claimant: str, *, branch: Branch, by: Actor) -> None:
    """The family has chosen a pupil, who applies for this year, and a child that is not yet at school."""
    now = clock.now()
    chosen = f"{claimant}, datang ke kantor bersama anaknya"
    pupil = open_right(
        session,
        origin,
        _member(session, origin, "Rafi"),
        ChildFacts(employment="none", guardian_name=claimant, guardian_basis="surviving_parent"),
        chosen_by=chosen,
        branch=branch,
        by=by,
        now=now,
    )
    this_year = school_year_of(clock.local(now).date())
    ask_year(session, pupil, [YearFacts(year=this_year, level="smp", school="SMPN Latihan")], by=by, now=now)
    open_right(
        session,
        origin,
        _member(session, origin, "Salwa"),
        ChildFacts(
            employment="none",
            school_expected_on=date(2029, 7, 9),
            guardian_name=claimant,
            guardian_basis="surviving_parent",
        ),
        chosen_by=chosen,
        branch=branch,
        by=by,
        now=now,
    )


def _member(session: Session, origin: Claim, name: str) -> int:
    return session.scalars(
        select(FamilyMember.id).where(FamilyMember.casefile_id == origin.id, FamilyMember.full_name == name)
    ).one()


def _statement(order: Instruction) -> bytes:
    """Write a statement file with this one transfer, as an Indonesian bank does."""
    amount = f"{order.amount_idr:,}".replace(",", ".")
    rows = (
        "tanggal;keterangan;debit;kredit;referensi bank",
        f"{clock.today():%d/%m/%Y};TRF {order.reference};{amount},00;0,00;FT{order.id:06d}",
    )
    return "\r\n".join((*rows, "")).encode()
