"""Claims, payments and visits for the figures of results: invented lives along the real workflows, written as rows."""

import itertools
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.complaint_models import ReceiptAnswer
from caseflow.claims.models import Assessment, AssessmentLine, BankAccount, Claim, Decision, FamilyMember
from caseflow.claims.scholarship_models import ScholarshipChild, SchoolYear
from caseflow.claims.workflows import book
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.visit_models import ChildAtSchool, UseShare, VisitRecord
from caseflow.payments.models import AccountCheck, Instruction, PaymentEvent
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.registry.models import Bank
from caseflow.workflow.models import Duty, History

KOTO_LATIHAN, KOTO_CONTOH = "13.03.99.2001", "13.03.99.2002"
PAID = (
    "report", "start_intake", "complete_documents", "start_verification", "calculate", "submit", "approve",
    "send_payment", "confirm_payment",
)  # fmt: skip
ACCIDENT = (
    "notify", "report_stage_one", "receive_certificate", "complete_documents", "start_verification", "conclude", "calculate",
    "submit", "approve", "send_payment", "confirm_payment",
)  # fmt: skip
SCHOOL_YEAR = (
    "open_year", "complete_documents", "start_verification", "calculate", "submit", "approve", "send_payment",
    "confirm_payment",
)  # fmt: skip
_STAFF = {
    "report_stage_one", "receive_certificate", "conclude", "open_right", "open_year",
    "start_intake", "start_verification", "calculate", "submit", "approve", "send_payment", "confirm_payment",
    "refuse", "propose_refusal", "request_replacement", "return_to_officer", "rework", "report_payment_failure",
    "withdraw",
}  # fmt: skip
_serial = itertools.count(1)


@dataclass(frozen=True)
class Life:
    """A claim's life: moves with the days after the death or accident on which they were made (reasons by action)."""

    moves: Sequence[tuple[str, int]]
    region: str = KOTO_LATIHAN
    program: str = "jkm"
    died_on: date = date(2026, 3, 2)
    reasons: Mapping[str, str] | None = None


def lived(session: Session, life: Life, staff: Mapping[str, Actor]) -> Claim:
    """Write a claim with its history, each move at noon in Sijunjung, along the newest version of its workflow."""
    number = next(_serial)
    flow = book().latest(life.program)
    state, version = flow.initial, 0
    opened = at_noon(life.died_on + timedelta(days=life.moves[0][1] if life.moves else 0))
    complete_on = max(
        (life.died_on + timedelta(days=day) for action, day in life.moves if action == "complete_documents"),
        default=None,
    )
    claim = Claim(
        kind="claim", number=f"UJI-26-{number:06}-0", workflow=flow.name, workflow_version=flow.version, state=state,
        subject=f"Pekerja Contoh {number}", region_code=life.region, branch_code="solok", opened_at=opened,
        entered_at=opened, sort_on=date(9999, 12, 31), follow_up_on=date(2027, 1, 4), program=life.program,
        event_on=life.died_on, died_on=life.died_on if life.program == "jkm" else None,
        cause="at_work" if life.program == "jkk" else "illness_or_other",
        honorific="almarhum" if life.program == "jkm" else "", clock_started_on=complete_on,
    )  # fmt: skip
    session.add(claim)
    session.flush()
    rows = [_row(claim, 0, state, "open", None, opened, None, None)]
    for action, day in life.moves:
        target = flow.target(state, action)
        assert target is not None, (state, action)
        version += 1
        reason = (life.reasons or {}).get(action)
        actor = staff["dedi"] if action in _STAFF else None
        rows.append(
            _row(
                claim,
                version,
                target,
                action,
                state,
                at_noon(life.died_on + timedelta(days=day)),
                reason,
                actor,
            )
        )
        state = target
    session.add_all(rows)
    claim.state, claim.version = state, version
    session.flush()
    return claim


def _row(
    claim: Claim, version: int, state: str, action: str, before: str | None, at: datetime, reason: str | None, actor: Actor | None
) -> History:  # fmt: skip
    return History(
        casefile_id=claim.id, version=version, state=state, action=action, workflow=claim.workflow,
        workflow_version=claim.workflow_version, at=at, actor_kind="staff" if actor else "family",
        actor_name=actor.name if actor else "Pelapor", prev_version=version - 1 if version else None, from_state=before,
        actor_person_id=actor.person_id if actor else None, actor_user_id=actor.user_id if actor else None,
        reason_code=reason,
    )  # fmt: skip


def transfer(session: Session, claim: Claim, on: date, idr: int, staff: Mapping[str, Actor]) -> None:
    """Write a settled instruction of a claim with everything that the database asks of one."""
    person, decider = staff["dedi"].person_id, staff["mega"].person_id
    bank = session.scalars(select(Bank.code)).first()
    assert person is not None
    assert decider is not None
    assert bank is not None
    at = at_noon(on)
    digest = "0" * 64
    member = FamilyMember(
        casefile_id=claim.id, full_name="Ahli Waris", relation="widow", source="KK", recorded_at=at, recorded_by_person_id=person
    )  # fmt: skip
    assessment = Assessment(
        casefile_id=claim.id, outcome="full", total_idr=idr, rule_version="uji", statement={}, statement_sha256=digest,
        computed_at=at, computed_by_person_id=person,
    )  # fmt: skip
    session.add_all([member, assessment])
    session.flush()
    if session.get(Duty, (claim.id, decider)) is None:
        session.add(Duty(casefile_id=claim.id, person_id=decider, duty="approve", taken_at=at))
    session.add(AssessmentLine(assessment_id=assessment.id, position=1, code="death", amount_idr=idr))
    account = BankAccount(
        casefile_id=claim.id, member_id=member.id, bank_code=bank,
        account_number="12345678", holder_name="Ahli Waris", held_by="heir", name_match="same", entered_at=at,
        entered_by_person_id=person,
    )  # fmt: skip
    session.add(account)
    session.flush()
    check = AccountCheck(
        account_id=account.id, holder_name_found="Ahli Waris", name_match="same", checked_at=at, checked_by_person_id=person
    )  # fmt: skip
    decision = Decision(
        casefile_id=claim.id, assessment_id=assessment.id, outcome="approved", person_id=decider,
        duty="approve", content_sha256=digest, content={}, total_idr=idr, decided_at=at,
    )  # fmt: skip
    session.add_all([check, decision])
    session.flush()
    order = Instruction(
        casefile_id=claim.id, member_id=member.id, component="benefit", amount_idr=idr, account_id=account.id,
        account_check_id=check.id, decision_id=decision.id, content_sha256=digest, reference=f"UJI{next(_serial):08}",
        state="settled", created_at=at, version=3,
    )  # fmt: skip
    session.add(order)
    session.flush()
    before = None
    for version, state in enumerate(("queued", "batched", "sent", "settled")):
        session.add(
            PaymentEvent(
                instruction_id=order.id, version=version, state=state, at=at, actor_name="Bank",
                prev_version=version - 1 if version else None, from_state=before,
            )
        )  # fmt: skip
        before = state
        session.flush()


def plan(session: Session, claim: Claim, paid_on: date) -> Plan:
    """Open a plan after a claim was paid."""
    flow = book().latest("monitoring")
    number = next(_serial)
    found = Plan(
        kind="monitoring", number=f"DMP-26-{number:06}-0", workflow=flow.name, workflow_version=flow.version,
        state=flow.initial, subject=claim.subject, region_code=claim.region_code, branch_code="solok/monitoring",
        opened_at=at_noon(paid_on), entered_at=at_noon(paid_on), sort_on=date(9999, 12, 31),
        follow_up_on=date(2027, 1, 4), claim_id=claim.id, paid_on=paid_on,
        livelihood_from_on=claim.event_on + timedelta(days=41), contact_name="Ahli Waris", public_id=f"RN{number:06}",
    )  # fmt: skip
    session.add(found)
    session.flush()
    session.add(
        History(
            casefile_id=found.id, version=0, state=flow.initial, action="open", workflow=flow.name,
            workflow_version=flow.version, at=at_noon(paid_on), actor_kind="system", actor_name="Sistem",
        )
    )  # fmt: skip
    session.flush()
    return found


def visit(
    session: Session,
    of: Plan,
    kind: str,
    due_on: date,
    visitor: Actor,
    *,
    outcome: str | None = None,
    **told: Any,
) -> PlannedVisit:
    """Plan a visit; with ``outcome`` it was made on its day, and ``told`` are the answers in force."""
    children, uses = told.pop("children", ()), told.pop("uses", {})
    done = outcome not in {None, "another_day"}
    found = PlannedVisit(
        public_id=f"KJ{next(_serial):06}", plan_id=of.id, kind=kind, state="done" if done else "due", due_on=due_on,
        asks_livelihood=kind != "m1", region_code=of.region_code, visitor_user_id=visitor.user_id, outcome=outcome,
        done_on=due_on if done else None,
    )  # fmt: skip
    session.add(found)
    session.flush()
    if outcome == "met":
        session.add(
            VisitRecord(
                planned_visit_id=found.id, plan_id=of.id, region_code=of.region_code, kind=kind,
                visitor_user_id=visitor.user_id or 0, outcome=outcome, made_on=due_on, minutes=40,
                changed_at=at_noon(due_on), **told,
            )
        )  # fmt: skip
        session.flush()
        for use, beans in uses.items():
            session.add(UseShare(planned_visit_id=found.id, use=use, beans=beans))
        for place, attends in enumerate(children, start=1):
            session.add(
                ChildAtSchool(
                    planned_visit_id=found.id, position=place, member_id=None, first_name=f"Anak {place}", attends=attends
                )
            )  # fmt: skip
        session.flush()
    return found


def answered(session: Session, claim: Claim, answer: str, on: date) -> None:
    """The family says whether the money arrived whole."""
    session.add(ReceiptAnswer(casefile_id=claim.id, answer=answer, said_by="Ahli Waris", at=at_noon(on)))
    session.flush()


def at_noon(day: date) -> datetime:
    """Return noon in Sijunjung."""
    return datetime.combine(day, time(12), clock.WIB).astimezone(UTC)


def population(session: Session, staff: Mapping[str, Actor], *, seed: int, claims: int) -> None:
    """Invent claims with all that can become of them, and what follows the money."""
    chance = random.Random(seed)  # noqa: S311 (the same people every time)
    for _ in range(claims):
        died = date(2025, 6, 1) + timedelta(days=chance.randrange(420))
        days = sorted(chance.randrange(0, 60) for _ in range(14))
        moves, reasons = _path(chance)
        where = chance.choice((KOTO_LATIHAN, KOTO_LATIHAN, KOTO_CONTOH))
        life = Life(
            [(action, days[place]) for place, action in enumerate(moves)], where, "jkm", died, reasons
        )
        claim = lived(session, life, staff)
        if moves[-1] == "confirm_payment":
            paid_on = died + timedelta(days=days[len(moves) - 1])
            transfer(session, claim, paid_on, chance.choice((42_000_000, 12_000_000)), staff)
            if chance.random() < 0.6:
                answered(
                    session, claim, chance.choice(("full", "full", "not_yet")), paid_on + timedelta(days=3)
                )
            _followed(session, plan(session, claim, paid_on), paid_on, chance, staff)
    _accidents(session, staff, random.Random(seed + 1), claims // 4)  # noqa: S311
    _pupils(session, staff, random.Random(seed + 2), claims // 4)  # noqa: S311


def pupil(
    session: Session, claim: Claim, origin: Claim, chosen_on: date, *, open_year: int | None, asked: bool
) -> None:
    """The family named a child; with ``asked`` a school year was applied for."""
    members = []
    for of in (origin, claim):
        child = FamilyMember(
            casefile_id=of.id, full_name="Anak Contoh", relation="child", source="KK", recorded_at=at_noon(chosen_on),
            recorded_by_person_id=session.scalars(select(Person.id)).first() or 0,
        )  # fmt: skip
        session.add(child)
        session.flush()
        members.append(child.id)
    taken = session.scalars(
        select(ScholarshipChild.place).where(ScholarshipChild.origin_casefile_id == origin.id)
    ).all()
    session.add(
        ScholarshipChild(
            casefile_id=claim.id, origin_casefile_id=origin.id, origin_member_id=members[0], origin="jkm", member_id=members[1],
            born_on=date(2014, 5, 5), place=1 if 1 not in taken else 2 if 2 not in taken else None,
            branch_code=claim.branch_code, chosen_at=at_noon(chosen_on), chosen_by="Ibu anak itu, di kantor", open_year=open_year,
        )
    )  # fmt: skip
    session.flush()
    if asked:
        session.add(
            SchoolYear(
                casefile_id=claim.id, year=2026, level="sd", study_proven=None, school="SD Latihan", asked_at=at_noon(chosen_on)
            )
        )  # fmt: skip
        session.flush()


def _accidents(session: Session, staff: Mapping[str, Actor], chance: random.Random, count: int) -> None:
    for _ in range(count):
        hurt = date(2025, 6, 1) + timedelta(days=chance.randrange(420))
        days = sorted(chance.randrange(0, 90) for _ in ACCIDENT)
        moves, reasons = _accident(chance)
        life = Life(
            [(action, days[place]) for place, action in enumerate(moves)],
            chance.choice((KOTO_LATIHAN, KOTO_CONTOH)), "jkk", hurt, reasons,
        )  # fmt: skip
        claim = lived(session, life, staff)
        if moves[-1] == "confirm_payment":
            paid_on = hurt + timedelta(days=days[len(moves) - 1])
            transfer(session, claim, paid_on, chance.choice((3_500_000, 900_000)), staff)
            _followed(session, plan(session, claim, paid_on), paid_on, chance, staff)


def _accident(chance: random.Random) -> tuple[Sequence[str], Mapping[str, str]]:
    kind = chance.random()
    if kind < 0.6:
        return ACCIDENT, {}
    if kind < 0.75:
        return (*ACCIDENT[:5], "propose_refusal", "refuse"), {
            "propose_refusal": "not_work",
            "refuse": "not_work",
        }
    if kind < 0.85:
        return (*ACCIDENT[:2], "lapse"), {}
    return ACCIDENT[: chance.randrange(1, 8)], {}


def _pupils(session: Session, staff: Mapping[str, Actor], chance: random.Random, count: int) -> None:
    origins = session.scalars(
        select(Claim).where(Claim.program == "jkm", Claim.state == "paid").order_by(Claim.id)
    ).all()
    for origin in origins[:count]:
        chosen_on = origin.event_on + timedelta(days=90 + chance.randrange(60))
        moves: Sequence[str] = ("open_right",)
        year = chance.random()
        if year < 0.7:
            moves = ("open_right", *SCHOOL_YEAR)[: chance.choice((4, 9, 9))]
        if len(moves) == 9 and year < 0.3:
            moves = (*moves, "finish_year")
        days = [90 + place for place in range(len(moves))]
        life = Life(list(zip(moves, days, strict=True)), origin.region_code, "scholarship", origin.event_on)
        claim = lived(session, life, staff)
        pupil(session, claim, origin, chosen_on, open_year=chance.choice((None, 2026)), asked=len(moves) > 1)
        if "confirm_payment" in moves:
            transfer(session, claim, origin.event_on + timedelta(days=98), 1_500_000, staff)


def _path(chance: random.Random) -> tuple[Sequence[str], Mapping[str, str]]:
    kind = chance.random()
    if kind < 0.5:
        return PAID, {}
    if kind < 0.6:
        return (*PAID[:4], "request_replacement", "complete_documents", *PAID[3:]), {}
    if kind < 0.7:
        return (*PAID[:6], "return_to_officer", "rework", *PAID[4:]), {
            "return_to_officer": chance.choice(("heirs", "account"))
        }
    if kind < 0.8:
        return (*PAID, "report_payment_failure"), {"report_payment_failure": "account_closed"}
    if kind < 0.9:
        reason = chance.choice(("not_active", "not_a_participant"))
        return (*PAID[:4], "propose_refusal", "refuse"), {"propose_refusal": reason, "refuse": reason}
    return PAID[: chance.randrange(1, 8)], {}


def _followed(
    session: Session, of: Plan, paid_on: date, chance: random.Random, staff: Mapping[str, Actor]
) -> None:
    stages = ("none", "planned", "started", "running", "growing", "stopped")
    for months, kind in ((1, "m1"), (3, "m3"), (6, "m6"), (12, "m12"), (24, "m24")):
        due = paid_on + timedelta(days=30 * months)
        visitor = staff[chance.choice(("rina", "yoga"))]
        outcome = None
        if due < date(2026, 11, 20) and chance.random() < 0.85:
            outcome = chance.choice(
                ("met", "met", "met", "met", "declined", "moved", "not_found", "another_day")
            )
        told: dict[str, Any] = {}
        if outcome == "met" and kind != "m1":
            told = {
                "livelihood_stage": chance.choice((*stages, "running", "growing", None)),
                "levy_reported": chance.choice((None, False, False, True)),
                "children": [chance.random() < 0.8 for _ in range(chance.randrange(3))],
                "uses": {
                    use: chance.randrange(0, 4)
                    for use in chance.sample(("school", "debts", "daily_needs", "business_capital"), 2)
                },
            }
        visit(session, of, kind, due, visitor, outcome=outcome, **told)
