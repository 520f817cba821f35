"""Rows of the registry for tests: a quota with an enrolled nominee, a household with its head."""

from datetime import date

from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.workflows import book
from caseflow.identifiers import public_id
from caseflow.people.actor import Actor
from caseflow.registry.models import Worker
from caseflow.registry.nomination_models import Nomination, Nominee, Quota
from caseflow.registry.people_models import Household, HouseholdMember
from caseflow.workflow.fire import open_case
from caseflow.workflow.models import FAR_AWAY

KK = "1303990101250001"


def nominee_of(
    session: Session, worker: Worker, *, by: Actor, year: int = 2027, state: str = "enrolled"
) -> Nominee:
    """Put a worker on a list of their nagari with ten places."""
    quota = Quota(
        region_code=worker.region_code,
        funding_source="pokir",
        starts_on=date(year, 1, 1),
        ends_on=date(year, 12, 31),
        slots=10,
        budgeted=10,
        source="SK latihan",
        changed_at=clock.now(),
    )
    session.add(quota)
    session.flush()
    nomination = _nomination(session, quota, by)
    nominee = Nominee(
        public_id=public_id(),
        nomination_id=nomination.id,
        quota_id=quota.id,
        starts_on=quota.starts_on,
        ends_on=quota.ends_on,
        region_code=worker.region_code,
        state=state,
        national_id=worker.national_id,
        full_name=worker.full_name,
        born_on=worker.born_on,
        sex=worker.sex,
        jorong=worker.jorong,
        occupation=worker.occupation,
        added_at=clock.now(),
        added_by_user_id=by.user_id,
        worker_id=worker.id,
    )
    session.add(nominee)
    session.flush()
    return nominee


def _nomination(session: Session, quota: Quota, by: Actor) -> Nomination:
    """A case of the registry; which steps it takes does not matter here."""
    definition = book().latest("jkm")
    nomination = Nomination(
        number=f"USUL-{quota.id}",
        kind="nomination",
        workflow=definition.name,
        workflow_version=definition.version,
        state=definition.initial,
        branch_code="solok/nomination",
        region_code=quota.region_code,
        subject="Usulan",
        opened_at=clock.now(),
        entered_at=clock.now(),
        sort_on=FAR_AWAY,
        quota_id=quota.id,
    )
    open_case(session, nomination, by=by, definition=definition, now=clock.now())
    return nomination


def household_of(session: Session, worker: Worker, *, by: Actor) -> tuple[Household, HouseholdMember]:
    """Write a household whose head is the worker."""
    household = Household(
        region_code=worker.region_code,
        family_card_number=KK,
        recorded_at=clock.now(),
        recorded_by_user_id=by.user_id or 0,
    )
    session.add(household)
    session.flush()
    head = HouseholdMember(
        household_id=household.id,
        relation="head",
        full_name=worker.full_name,
        sex=worker.sex,
        recorded_at=clock.now(),
        recorded_by_user_id=by.user_id or 0,
        born_on=worker.born_on,
        national_id=worker.national_id,
        worker_id=worker.id,
    )
    session.add(head)
    session.flush()
    household.head_member_id = head.id
    session.flush()
    return household, head
