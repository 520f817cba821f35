"""What screens read of claims: only the columns shown, one statement a list, pages by key."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session

from caseflow.audit.models import AuditEvent
from caseflow.claims.models import Claim, Report
from caseflow.claims.request_queries import waiting_count
from caseflow.claims.silence_models import FamilySilence
from caseflow.claims.states import AWAITED, ELSEWHERE
from caseflow.documents.models import Requirement
from caseflow.errors import NotFound
from caseflow.identifiers import ascii_digits, read_case_number
from caseflow.people.actor import Actor
from caseflow.people.models import Person, RoleGrant, StaffUser
from caseflow.registry.models import Region
from caseflow.sealing import blind
from caseflow.workflow.models import CaseFile, History

PAGE = 50
NIK_LENGTH = 16
_ROW = re.compile(r"[0-9]{1,18}")  # what a key of the database can be
# whom somebody telephones when the day of the follow-up has passed; nothing is ever closed by itself
CALLED = ("documents_pending", "recovering", "waiting_school", "waiting_year")
QUEUES = ("mine", "unassigned", "to_call", "silent", "approval", "overdue", "all")


class WorklistRow(NamedTuple):
    """One line of the worklist; the columns of every list of cases in this order."""

    id: int
    number: str
    subject: str
    program: str
    honorific: str
    region: str
    workflow: str
    workflow_version: int
    state: str
    due_on: date | None
    sort_on: date
    entered_at: datetime
    assignee: str | None
    papers: int
    papers_sent: int
    papers_accepted: int
    papers_returned: int
    version: int


@dataclass(frozen=True)
class Page:
    """One page of a list. ``after`` is the key of the next page, ``None`` on the last."""

    rows: Sequence[WorklistRow]
    after: str | None


def get_claim(session: Session, number: str, *, by: Actor) -> Claim:
    """Return the claim of that number if this person may reach it.

    :raises NotFound: for strangers, the same as for numbers that do not exist.
    """
    claim = session.scalar(select(Claim).where(Claim.number == (read_case_number(number) or ""), _reach(by)))
    if claim is None:
        raise NotFound("Kasus ini tidak ditemukan. Periksa lagi nomornya.")
    return claim


def get_claim_by_id(session: Session, casefile_id: int, *, by: Actor) -> Claim:
    """Return a claim by key, with the same check of access."""
    claim = session.scalar(select(Claim).where(Claim.id == casefile_id, _reach(by)))
    if claim is None:
        raise NotFound("Kasus ini tidak ditemukan.")
    return claim


def worklist(session: Session, queue: str, *, by: Actor, today: date, after: str | None = None) -> Page:
    """Return a page of open claims: overdue first, then due soonest, then oldest.

    The page is cut out of one partial index first, and only its rows are joined to their words.
    """
    key = read_key(after)
    values = {**_asked(by, today), "most": PAGE + 1}
    if key is not None:
        values |= {"last_on": key[0], "last_id": key[1]}
    found = session.execute(_worklist(queue, further=key is not None), values).all()
    rows = [WorklistRow._make(row) for row in found[:PAGE]]
    more = len(found) > PAGE
    return Page(rows, f"{rows[-1].sort_on.isoformat()}.{rows[-1].id}" if more else None)


def queue_counts(session: Session, *, by: Actor, today: date) -> dict[str, int]:
    """Return how many open claims each queue holds, and how many ``requests`` wait, in one statement."""
    return dict(session.execute(_counts(), _asked(by, today)).one()._asdict())


def search(session: Session, text: str, *, by: Actor, limit: int = 30) -> Sequence[WorklistRow]:
    """Return claims by number, NIK or part of the name; the text is taken literally."""
    literal = text.strip()[:200]
    if not literal:
        return []
    keys = (
        _found(literal)
        .where(CaseFile.branch_code == by.branch_code)
        .order_by(CaseFile.id.desc())
        .limit(limit)
    )
    found = session.execute(
        _worklist_columns(keys.cte("page").prefix_with("MATERIALIZED")).order_by(CaseFile.id.desc())
    )
    return [WorklistRow._make(row) for row in found]


def _found(literal: str) -> Select[Any]:
    """Each kind of search has its own index: number, NIK of the report, or part of the name."""
    number = read_case_number(literal)
    if number:
        return select(CaseFile.id).where(CaseFile.number == number)
    digits = ascii_digits(literal)
    if len(digits) == NIK_LENGTH and digits.isascii() and digits.isdigit():
        return (
            select(CaseFile.id)
            .join(Report, Report.casefile_id == CaseFile.id)
            .where(Report.national_id_index == blind(digits))
        )
    part = re.sub(r"([%_\\])", r"\\\1", literal)
    return select(CaseFile.id).where(CaseFile.subject.ilike(f"%{part}%", escape="\\"))


def get_report(session: Session, casefile_id: int) -> Report:
    """Return the first notice."""
    report = session.get(Report, casefile_id)
    if report is None:
        raise NotFound("Laporan pertama kasus ini tidak ditemukan.")
    return report


def timeline(session: Session, casefile_id: int) -> Sequence[History]:
    """Return what happened, newest first."""
    return session.scalars(
        select(History).where(History.casefile_id == casefile_id).order_by(History.version.desc())
    ).all()


def acts(session: Session, casefile_id: int, limit: int = 200) -> Sequence[AuditEvent]:
    """Return small acts and looks on the case, newest first."""
    return session.scalars(
        select(AuditEvent)
        .where(AuditEvent.casefile_id == casefile_id, AuditEvent.action != "case.moved")
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
    ).all()


def officers(session: Session, *, by: Actor) -> list[tuple[int, str]]:
    """Return officers of the branch to whom a case can be given."""
    rows = session.execute(
        select(StaffUser.id, Person.full_name)
        .join(Person, Person.id == StaffUser.person_id)
        .join(RoleGrant, RoleGrant.person_id == Person.id)
        .where(
            RoleGrant.role == "officer",
            RoleGrant.revoked_at.is_(None),
            RoleGrant.scope_code == by.branch_code,
            StaffUser.active,
        )
        .order_by(Person.full_name)
    )
    return [(row.id, row.full_name) for row in rows]


def _reach(by: Actor) -> ColumnElement[bool]:
    """Fetching is the access check: a branch sees its cases, a family's phone its one case."""
    if by.kind == "family":
        return CaseFile.id == (by.casefile_id or 0)
    return CaseFile.branch_code == (by.branch_code or "")


@cache
def _worklist(queue: str, *, further: bool) -> Select[Any]:
    """Return the statement of a queue, built once; ``further``: after ``last_on`` and ``last_id``."""
    keys = select(CaseFile.id).where(CaseFile.closed_at.is_(None), CaseFile.branch_code == _BRANCH)
    keys = keys.where(_queue(queue))
    if further:
        last = (bindparam("last_on", type_=Date()), bindparam("last_id", type_=BigInteger()))
        keys = keys.where(tuple_(CaseFile.sort_on, CaseFile.id) > tuple_(*last))
    most = bindparam("most", type_=BigInteger())
    page = keys.order_by(CaseFile.sort_on, CaseFile.id).limit(most).cte("page")
    statement = _worklist_columns(page.prefix_with("MATERIALIZED"))
    return statement.order_by(CaseFile.sort_on, CaseFile.id)


@cache
def _counts() -> Select[*tuple[Any, ...]]:
    columns = [func.count(case((_queue(queue), 1))).label(queue) for queue in QUEUES]
    requests = waiting_count(_BRANCH).scalar_subquery().label("requests")
    return select(*columns, requests).where(CaseFile.closed_at.is_(None), CaseFile.branch_code == _BRANCH)


def _worklist_columns(page: CTE) -> Select[Any]:
    """Return the words of the worklist for the cases of a page."""
    counts = (
        select(
            func.count().label("papers"),
            func.count(case((Requirement.status.in_(("submitted", "accepted")), 1))).label("papers_sent"),
            func.count(case((Requirement.status == "accepted", 1))).label("papers_accepted"),
            func.count(case((Requirement.status == "returned", 1))).label("papers_returned"),
        )
        .where(Requirement.casefile_id == CaseFile.id, Requirement.need == "required")
        .lateral("counts")
    )
    claim = Claim.__table__
    return (
        select(
            CaseFile.id,
            CaseFile.number,
            CaseFile.subject,
            claim.c.program,
            claim.c.honorific,
            Region.name.label("region"),
            CaseFile.workflow,
            CaseFile.workflow_version,
            CaseFile.state,
            CaseFile.due_on,
            CaseFile.sort_on,
            CaseFile.entered_at,
            Person.full_name.label("assignee"),
            counts.c.papers,
            counts.c.papers_sent,
            counts.c.papers_accepted,
            counts.c.papers_returned,
            CaseFile.version,
        )
        .select_from(page)
        .join(CaseFile.__table__, CaseFile.id == page.c.id)
        .join(claim, claim.c.id == CaseFile.id)
        .join(Region, Region.code == CaseFile.region_code)
        .outerjoin(StaffUser, StaffUser.id == CaseFile.assignee_user_id)
        .outerjoin(Person, Person.id == StaffUser.person_id)
        .join(counts, counts.c.papers >= 0)
    )


_BRANCH = bindparam("branch", type_=String())
_ME = bindparam("me", type_=BigInteger())
_TODAY = bindparam("today", type_=Date())
_HEADS = bindparam("heads", type_=Boolean())


def _asked(by: Actor, today: date) -> dict[str, Any]:
    """Return what the queues of a person depend on today."""
    heads = "branch_head" in by.roles and "officer" not in by.roles
    return {"branch": by.branch_code, "me": by.user_id or 0, "today": today, "heads": heads}


def _queue(queue: str) -> ColumnElement[bool]:
    match queue:
        case "mine":
            return and_(CaseFile.assignee_user_id == _ME, _officers_turn())
        case "unassigned":
            return CaseFile.assignee_user_id.is_(None)
        case "to_call":
            return _to_call()
        case "silent":
            return _silent()
        case "approval":
            return CaseFile.state == "awaiting_approval"
        case "overdue":
            return and_(CaseFile.due_on.is_not(None), CaseFile.due_on < _TODAY)
        case _:
            return CaseFile.id > 0


def _officers_turn() -> ColumnElement[bool]:
    """Cases whose next step is the officer's own."""
    return and_(
        CaseFile.state.not_in(ELSEWHERE),
        or_(CaseFile.state.not_in(AWAITED), CaseFile.follow_up_on <= _TODAY),
    )


def _to_call() -> ColumnElement[bool]:
    """Families who are silent beyond the day of the follow-up, and reports that nobody answered in time."""
    return or_(
        and_(CaseFile.state.in_(CALLED), CaseFile.follow_up_on < _TODAY),
        and_(CaseFile.state.in_(("reported", "notified")), CaseFile.due_on < _TODAY),
    )


def _silent() -> ColumnElement[bool]:
    """Families who have heard nothing for too long: first the officers' task, later also the branch head's."""
    return (
        select(FamilySilence.casefile_id)
        .where(
            FamilySilence.casefile_id == CaseFile.id,
            FamilySilence.version == CaseFile.version,  # one that has just moved is worked out again first
            FamilySilence.officer_on <= _TODAY,
            or_(~_HEADS, FamilySilence.head_on <= _TODAY),
        )
        .exists()
    )


def read_key(after: str | None) -> tuple[date, int] | None:
    """Read a page key (day and row); anything that is not one starts at the first page."""
    day, _, key = (after or "").partition(".")
    try:
        return (date.fromisoformat(day), int(key)) if _ROW.fullmatch(key) else None
    except ValueError:
        return None
