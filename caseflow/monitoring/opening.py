"""Payment opens a plan: which claims, on which days, for which visitor. Claims and payments know nothing of it.

A scholarship belongs to the plan of the claim that it comes from and opens none.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.claims import consents as data_consents
from caseflow.claims import contacts, family, states
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.queries import get_report
from caseflow.errors import NotPossible
from caseflow.monitoring import consents, days, steps, visitors
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.payments import queries as payments
from caseflow.people import policy
from caseflow.people.actor import SYSTEM, Actor
from caseflow.registry import queries as registry
from caseflow.workflow.fire import open_case
from caseflow.workflow.models import FAR_AWAY, History

PROGRAMS = ("jkm", "jkk")
PAID_STATES = ("paid", "accompanying", "closed")
_PREFIX = "DMP"
_WITH_DATA = "dengan persetujuan pemakaian data"  # how visits were refused
_LOOKED_BACK = timedelta(days=730)  # paid longer ago, every visit would lie behind us
_TOO_LATE = timedelta(days=30)  # a visit that far behind when the plan begins is not asked for any more


def area(branch_code: str) -> str:
    """Return where the plans of a branch lie: no list of its claims can hold one."""
    return f"{branch_code}/monitoring"


def open_due_plans(session: Session, *, now: datetime) -> int:
    """Open the plan of every paid claim that has none; return how many were opened."""
    return sum(open_if_due(session, key, now=now) for key in claims_without_plan(session, now=now))


def claims_without_plan(session: Session, *, now: datetime) -> Sequence[int]:
    """Return the claims that were paid and are not followed yet, oldest first."""
    return session.scalars(
        select(Claim.id)
        .join(History, History.casefile_id == Claim.id)
        .where(
            Claim.program.in_(PROGRAMS),
            Claim.state.in_(PAID_STATES),
            History.action == "confirm_payment",
            History.at >= now - _LOOKED_BACK,
            ~select(Plan.id).where(Plan.claim_id == Claim.id).exists(),
        )
        .distinct()
        .order_by(Claim.id)
    ).all()


def open_if_due(session: Session, casefile_id: int, *, now: datetime) -> bool:
    """Open the plan of a claim unless somebody just did, or its money came back; return whether it was opened."""
    claim = session.get_one(Claim, casefile_id)
    states.lock(session, claim)
    if find_plan(session, claim.id) is not None or paid_on(session, claim) is None:
        return False
    open_plan(session, claim, by=SYSTEM, now=now)
    return True


def open_plan(session: Session, claim: Claim, *, by: Actor, now: datetime) -> Plan:
    """Begin to follow the family of a paid claim: its days from the day of payment, its visitor by area.

    A family that took back its consent to the use of data is not visited: its plan begins paused.

    :raises NotPossible: nothing was paid, it came back, it is a scholarship, or there is a plan already.
    """
    if by.kind != "system":
        policy.require(by, "visit.assign")
    states.lock(session, claim)
    paid = paid_on(session, claim)
    if paid is None or claim.program not in PROGRAMS:
        raise NotPossible("Pendampingan dimulai sesudah santunan dibayar. Belum ada yang dibuat.")
    if find_plan(session, claim.id) is not None:
        raise NotPossible("Keluarga ini sudah didampingi. Tidak ada yang dibuat lagi.")
    plan = _plan(session, claim, paid, now=now)
    open_case(session, plan, by=by, definition=steps.latest(), now=now, details={"claim": claim.number})
    today = clock.local(now).date()
    wanted = days.milestones(paid, plan.livelihood_from_on, registry.calendar(session, today))
    session.add_all(
        PlannedVisit(
            public_id=identifiers.public_id(),
            plan_id=plan.id,
            kind=one.kind,
            state="due",
            due_on=one.due_on,
            asks_livelihood=one.asks_livelihood,
            region_code=plan.region_code,
            visitor_user_id=plan.visitor_user_id,
        )
        for one in wanted
        if one.due_on >= today - _TOO_LATE
    )
    session.flush()
    taken = data_consents.taken_back(session, claim.id)
    if taken is not None:
        consents.withdraw(
            session, plan, said_by=taken.said_by, said_at=taken.at, by=SYSTEM, now=now, note=_WITH_DATA
        )
    return plan


def find_plan(session: Session, claim_id: int) -> Plan | None:
    """Return the plan of a claim."""
    return session.scalar(select(Plan).where(Plan.claim_id == claim_id))


def stop_visits(session: Session, claim: Claim, *, by: Actor, now: datetime) -> None:
    """A family that takes back its consent to the use of data is visited no more, until it allows visits again."""
    plan = find_plan(session, claim.id)
    if plan is not None and plan.state == "following":
        consents.withdraw(session, plan, said_by=by.name, by=by, now=now, note=_WITH_DATA)


def paid_on(session: Session, claim: Claim) -> date | None:
    """Return the day on which the bank moved the money that stayed; ``None``: nothing was paid, or it came back.

    The value date of the first such transfer, or the date of the bank's letter; at the latest the day of confirmation.
    """
    last = session.execute(
        select(History.action, History.at)
        .where(
            History.casefile_id == claim.id,
            History.action.in_(("confirm_payment", "report_payment_failure")),
        )
        .order_by(History.version.desc())
        .limit(1)
    ).one_or_none()
    if last is None or last.action != "confirm_payment" or claim.state not in PAID_STATES:
        return None
    confirmed = clock.local(last.at).date()
    return min([confirmed, *payments.moved_on(session, claim.id)])


def _plan(session: Session, claim: Claim, paid: date, *, now: datetime) -> Plan:
    definition = steps.latest()
    serial = session.execute(text("SELECT nextval('monitoring_serial')")).scalar_one()
    known = contacts.recipients(session, claim, now=now)
    return Plan(
        kind="monitoring",
        number=identifiers.case_number(_PREFIX, clock.local(now).year, serial),
        workflow=definition.name,
        workflow_version=definition.version,
        state=definition.initial,
        subject=claim.subject,
        region_code=claim.region_code,
        branch_code=area(claim.branch_code),
        opened_at=now,
        entered_at=now,
        sort_on=FAR_AWAY,
        claim_id=claim.id,
        paid_on=paid,
        livelihood_from_on=days.livelihood_from(claim.died_on, paid),
        contact_name=_payee(session, claim),
        contact_phone=known[0].phone if known else None,
        jorong=get_report(session, claim.id).jorong,
        visitor_user_id=visitors.choose(session, claim.region_code),
        public_id=identifiers.public_id(),
    )


def _payee(session: Session, claim: Claim) -> str:
    """Return who was paid, or who keeps it for a minor; a worker who lives is paid under their own name."""
    heirs = family.current_heirs(session, claim.id)
    if heirs is None:
        return claim.subject
    payee = session.get_one(FamilyMember, heirs.payee_member_id)
    return payee.guardian_name or payee.full_name
