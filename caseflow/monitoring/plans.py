"""Plans and their visits: fetching them, who visits, other days, extra visits, ending.

Fetching is the access check: a social worker reaches the families given to them, a supervisor and an auditor their
area. Not here: what a visit found, and what its outcome does to the plan (``outcomes``).
"""

from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select, union, update
from sqlalchemy.orm import Session, aliased

from caseflow import clock, formats, identifiers
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPossible, Stale
from caseflow.monitoring import days, steps, visitors
from caseflow.monitoring.models import MILESTONES, DayChange, Plan, PlannedVisit
from caseflow.monitoring.titles import VISITS
from caseflow.people import policy
from caseflow.people.actor import Actor
from caseflow.registry import queries as registry
from caseflow.registry import reach
from caseflow.workflow.models import History

REASON = range(10, 501)  # letters
_AHEAD = timedelta(days=366)
_MOST_EXTRA = 3
_REASON_WORDS = "Tulis alasannya, 10 sampai 500 huruf. Belum ada yang berubah."


def reachable(by: Actor, permission: str) -> ColumnElement[bool]:
    """Return the condition that a plan lies in somebody's reach.

    :raises NotPermitted: they may not at all.
    """
    policy.require(by, permission)
    if by.kind == "family":
        return Plan.claim_id == by.casefile_id
    if policy.mark(by, permission) == "own":
        # as a set of plans: asked plan by plan, every plan there ever was would be looked at
        given, handed = Plan.__table__.alias(), aliased(PlannedVisit)
        return Plan.id.in_(
            union(
                select(given.c.id).where(given.c.visitor_user_id == by.user_id),
                select(handed.plan_id).where(handed.visitor_user_id == by.user_id, handed.state == "due"),
            )
        )
    of_branch = Plan.branch_code.startswith(f"{by.branch_code}/", autoescape=True)
    within = reach.within(Plan.region_code, by, permission)
    return within if by.branch_code is None else and_(within, of_branch)


def get_plan(session: Session, public_id: str, *, by: Actor, permission: str) -> Plan:
    """Return a plan within somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    found = session.scalar(select(Plan).where(Plan.public_id == public_id, reachable(by, permission)))
    if found is None:
        raise NotFound("Keluarga ini tidak ditemukan di daftar Anda.")
    return found


def get_visit(session: Session, public_id: str, *, by: Actor, permission: str) -> PlannedVisit:
    """Return a planned visit of a plan within somebody's reach.

    :raises NotFound: not there, or not theirs.
    """
    found = session.scalar(
        select(PlannedVisit)
        .join(Plan, Plan.id == PlannedVisit.plan_id)
        .where(PlannedVisit.public_id == public_id, reachable(by, permission))
    )
    if found is None:
        raise NotFound("Kunjungan ini tidak ditemukan di daftar Anda.")
    return found


def plan_of(session: Session, visit: PlannedVisit) -> Plan:
    """Return the plan of a visit that was fetched."""
    return session.get_one(Plan, visit.plan_id)


def assign(
    session: Session,
    plan: Plan,
    user_id: int,
    *,
    instead_of: int | None,
    by: Actor,
    now: datetime,
    whole_nagari: bool = False,
) -> int:
    """Give a family, or all open families of its nagari, to another visitor; return how many families moved.

    The visits still to come go with it; whoever had them loses the family at the next pack.

    :param instead_of: the visitor that the page showed.
    :raises Stale: somebody else gave it away meanwhile. :raises Invalid: nobody who visits there.
    """
    _own(session, plan, by, "visit.assign")
    steps.lock(session, plan)
    if plan.visitor_user_id != instead_of:
        raise Stale(
            "Petugas keluarga ini baru saja diganti orang lain. Pilihan Anda belum tersimpan. Lihat dulu di bawah."
        )
    if user_id not in {one.user_id for one in visitors.visitors_of(session, plan.region_code)}:
        raise Invalid(
            {"visitor": "Pilih petugas sosial yang bertugas di nagari ini. Belum ada yang berubah."}
        )
    chosen = Plan.id == plan.id
    if whole_nagari:
        chosen = and_(Plan.region_code == plan.region_code, Plan.branch_code == plan.branch_code)
    moved = session.scalars(
        select(Plan)
        .where(chosen, Plan.closed_at.is_(None), Plan.visitor_user_id.is_distinct_from(user_id))
        .order_by(Plan.id)
        .with_for_update(of=Plan)
    ).all()
    for one in moved:
        give(session, one, user_id, by=by)
    return len(moved)


def give(session: Session, plan: Plan, user_id: int | None, *, by: Actor, note: str = "") -> None:
    """Write down who visits a family from now on; the plan is locked. A second visit stays with who was chosen for it.

    :param note: for whoever goes on. :param user_id: ``None``: nobody, until the supervisor chooses.
    """
    former, plan.visitor_user_id = plan.visitor_user_id, user_id
    session.flush()
    session.execute(
        update(PlannedVisit)
        .where(PlannedVisit.plan_id == plan.id, PlannedVisit.state == "due", PlannedVisit.kind != "revisit")
        .values(visitor_user_id=user_id, version=PlannedVisit.version + 1)
    )
    details = {"from": former, "to": user_id, **({"note": note} if note else {})}
    record(session, "visit.assigned", by=by, casefile_id=plan.id, subject=plan.number, details=details)


def take_step(
    session: Session,
    plan: Plan,
    action: str,
    *,
    by: Actor,
    expected_version: int,
    now: datetime,
    reason_code: str | None = None,
    reason_text: str | None = None,
) -> History:
    """Finish or end a plan; ending cancels the visits still to come, with the same reason.

    :raises NotPossible: a visit is still due. :raises Stale: see ``fire``.
    """
    _own(session, plan, by, "visit.supervise")
    steps.lock(session, plan)
    due = session.scalars(
        select(PlannedVisit).where(PlannedVisit.plan_id == plan.id, PlannedVisit.state == "due")
    ).all()
    if action == "finish" and due:
        raise NotPossible(
            "Masih ada kunjungan yang belum dijalani. Pendampingan belum selesai; batalkan dulu kunjungannya."
        )
    moved = steps.step(
        session, plan, action, by=by, now=now,
        expected_version=expected_version, reason_code=reason_code, reason_text=reason_text,
    )  # fmt: skip
    if steps.definition(plan.workflow_version).states[plan.state].final:
        for visit in due:
            visit.state, visit.cancelled_why = "cancelled", moved.reason_text or moved.action
            visit.version += 1
    session.flush()
    return moved


def reschedule(
    session: Session,
    visit: PlannedVisit,
    to_on: date,
    reason: str,
    *,
    by: Actor,
    now: datetime,
    anyway: bool = False,
) -> DayChange:
    """Move a visit to another day.

    :param anyway: the family itself chose a Sunday or holiday; otherwise such a day is advised against.
    :raises Invalid: no reason, a day behind us or far ahead, before livelihood may be asked about, or past the visits
        before and after it.
    :raises NotPossible: the visit was made or cancelled, or the family is not followed now.
    """
    plan = _locked(session, visit, by, "visit.plan")
    _require_due(visit)
    _require_following(plan, "Harinya tidak berubah.")
    why, problems = " ".join(reason.split()), {}
    problem = _day_problem(session, plan, to_on, now=now, anyway=anyway)
    if problem:
        problems["to_on"] = problem
    elif to_on == visit.due_on:
        problems["to_on"] = "Kunjungan ini sudah pada hari itu. Pilih hari lain. Belum ada yang berubah."
    elif visit.asks_livelihood and to_on < plan.livelihood_from_on:
        problems["to_on"] = (
            f"Penghidupan baru ditanyakan mulai {formats.long_date(plan.livelihood_from_on)}, sesudah masa berkabung "
            "40 hari. Pilih hari itu atau sesudahnya. Belum ada yang berubah."
        )
    else:
        out_of_turn = _turn_problem(session, visit, to_on, today=clock.local(now).date())
        if out_of_turn:
            problems["to_on"] = out_of_turn
    if len(why) not in REASON:
        problems["reason"] = _REASON_WORDS
    if problems:
        raise Invalid(problems)
    return move_day(session, visit, to_on, why, by=by, now=now)


def move_day(
    session: Session, visit: PlannedVisit, to_on: date, reason: str, *, by: Actor, now: datetime
) -> DayChange:
    """Write another day with its reason; the plan is locked and the day was judged."""
    change = DayChange(
        planned_visit_id=visit.id,
        from_on=visit.due_on,
        to_on=to_on,
        reason=reason,
        changed_at=now,
        changed_by_user_id=by.user_id,
    )
    visit.due_on, visit.version = to_on, visit.version + 1
    visit.asks_livelihood = visit.asks_livelihood or to_on >= plan_of(session, visit).livelihood_from_on
    visit.proposed_on = visit.proposed_why_not = None
    session.add(change)
    session.flush()
    details = {"from": change.from_on.isoformat(), "to": to_on.isoformat()}
    record(
        session, "visit.moved", by=by, casefile_id=visit.plan_id,
        subject=f"planned_visit:{visit.id}", details=details,
    )  # fmt: skip
    return change


def add_extra(
    session: Session, plan: Plan, on: date, why: str, *, by: Actor, now: datetime, anyway: bool = False
) -> PlannedVisit:
    """Plan a visit beyond the plan's own.

    :raises Invalid: no reason, or no day for a visit. :raises NotPossible: not followed, or enough are planned.
    """
    _own(session, plan, by, "visit.plan")
    steps.lock(session, plan)
    _require_following(plan, "Tidak ada yang ditambah.")
    reason, problems = " ".join(why.split()), {}
    problem = _day_problem(session, plan, on, now=now, anyway=anyway)
    if problem:
        problems["to_on"] = problem
    if len(reason) not in REASON:
        problems["reason"] = _REASON_WORDS
    if problems:
        raise Invalid(problems)
    planned = session.scalar(
        select(func.count())
        .select_from(PlannedVisit)
        .where(PlannedVisit.plan_id == plan.id, PlannedVisit.kind == "extra", PlannedVisit.state == "due")
    )
    if (planned or 0) >= _MOST_EXTRA:
        raise NotPossible("Sudah ada tiga kunjungan tambahan yang direncanakan. Belum ada yang ditambah.")
    visit = PlannedVisit(
        public_id=identifiers.public_id(),
        plan_id=plan.id,
        kind="extra",
        state="due",
        due_on=on,
        asks_livelihood=on >= plan.livelihood_from_on,
        region_code=plan.region_code,
        visitor_user_id=plan.visitor_user_id,
    )
    session.add(visit)
    session.flush()
    details = {"visit": visit.id, "on": on.isoformat(), "why": reason}
    record(session, "visit.added", by=by, casefile_id=plan.id, subject=plan.number, details=details)
    return visit


def cancel(session: Session, visit: PlannedVisit, why: str, *, by: Actor, now: datetime) -> None:
    """Cancel a visit that was not made; with the last one the plan is over.

    :raises Invalid: no reason. :raises NotPossible: made or cancelled before.
    """
    plan = _locked(session, visit, by, "visit.supervise")
    _require_due(visit)
    reason = " ".join(why.split())
    if len(reason) not in REASON:
        raise Invalid({"reason": _REASON_WORDS})
    visit.state, visit.cancelled_why, visit.version = "cancelled", reason, visit.version + 1
    session.flush()
    details = {"visit": visit.id, "on": clock.local(now).date().isoformat()}
    record(session, "visit.cancelled", by=by, casefile_id=plan.id, subject=plan.number, details=details)
    steps.finish_if_over(session, plan, now=now)


def _own(session: Session, plan: Plan, by: Actor, permission: str) -> None:
    get_plan(session, plan.public_id, by=by, permission=permission)


def _locked(session: Session, visit: PlannedVisit, by: Actor, permission: str) -> Plan:
    """Return the plan of a visit, locked, and the visit as it stands now."""
    plan = plan_of(session, visit)
    _own(session, plan, by, permission)
    steps.lock(session, plan)
    session.refresh(visit)
    return plan


def _require_due(visit: PlannedVisit) -> None:
    if visit.state != "due":
        said = "sudah dijalani" if visit.state == "done" else "sudah dibatalkan"
        raise NotPossible(f"Kunjungan ini {said}. Tidak ada yang berubah.")


def _require_following(plan: Plan, unchanged: str) -> None:
    if plan.state != "following":
        label = steps.definition(plan.workflow_version).label_of(plan.state)
        raise NotPossible(f"Pendampingan keluarga ini: {label.lower()}. {unchanged}")


def _turn_problem(session: Session, visit: PlannedVisit, to_on: date, *, today: date) -> str | None:
    """Return why a visit would leave its turn: months stay in their order, a second look stays near the first.

    A visit whose day is over holds no other back.
    """
    if visit.kind == "revisit":
        checked = session.get_one(PlannedVisit, visit.checks_visit_id)
        last = (checked.done_on or today) + steps.LOOKED_AGAIN_WITHIN
        if to_on <= max(last, today):
            return None
        return f"Kunjungan ulang paling lambat {formats.long_date(last)}. Pilih hari sebelum itu. Belum ada yang berubah."
    if visit.kind not in MILESTONES:
        return None
    place = MILESTONES.index(visit.kind)
    others = session.scalars(
        select(PlannedVisit).where(
            PlannedVisit.plan_id == visit.plan_id,
            PlannedVisit.kind.in_(MILESTONES),
            PlannedVisit.state == "due",
            PlannedVisit.due_on > today,
        )
    ).all()
    for other in others:
        named = f"{VISITS[other.kind]} direncanakan {formats.long_date(other.due_on)}."
        if MILESTONES.index(other.kind) > place and to_on >= other.due_on:
            return f"{named} Pilih hari sebelum itu. Belum ada yang berubah."
        if MILESTONES.index(other.kind) < place and to_on <= other.due_on:
            return f"{named} Pilih hari sesudah itu. Belum ada yang berubah."
    return None


def _day_problem(session: Session, plan: Plan, on: date, *, now: datetime, anyway: bool) -> str | None:
    today = clock.local(now).date()
    if not today <= on <= today + _AHEAD:
        return "Pilih hari mulai hari ini sampai setahun ke depan. Belum ada yang berubah."
    against = days.why_not(on, registry.calendar(session, on))
    if against and not anyway:
        return f"{against}. Pilih hari lain, atau centang bahwa keluarga sendiri memilih hari itu. Belum tersimpan."
    return None
