"""How a case of any programme begins: number, first state, and what it is about. Committed by the door."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow import clock, identifiers
from caseflow.claims import workflows
from caseflow.claims.models import Claim
from caseflow.people.actor import Actor
from caseflow.registry.models import Region
from caseflow.workflow.fire import open_case
from caseflow.workflow.models import FAR_AWAY

_WOMAN_DAY_OFFSET = 40


@dataclass(frozen=True)
class Branch:
    """Where a report goes.

    :ivar code: branch code; :ivar prefix: letters of the regency in case numbers.
    """

    code: str
    prefix: str


@dataclass(frozen=True)
class Opening:
    """What a new case is about.

    :ivar program: ``jkm``, ``jkk`` or ``scholarship``: also the name of its workflow.
    :ivar subject: the name a worklist shows.
    :ivar event_on: the day that selects the rules.
    """

    program: str
    subject: str
    region_code: str
    event_on: date
    cause: str
    died_on: date | None = None
    honorific: str = ""


def open_claim(session: Session, opening: Opening, *, branch: Branch, by: Actor, now: datetime) -> Claim:
    """Write a new case in the first state of its workflow."""
    today = clock.local(now).date()
    serial = session.execute(text("SELECT nextval('case_serial')")).scalar_one()
    definition = workflows.book().latest(opening.program)
    claim = Claim(
        kind="claim",
        number=identifiers.case_number(branch.prefix, today.year, serial),
        workflow=definition.name,
        workflow_version=definition.version,
        state=definition.initial,
        subject=opening.subject,
        region_code=opening.region_code,
        branch_code=branch.code,
        opened_at=now,
        entered_at=now,
        sort_on=FAR_AWAY,
        reported_on=today,
        program=opening.program,
        event_on=opening.event_on,
        died_on=opening.died_on,
        cause=opening.cause,
        honorific=opening.honorific,
    )
    open_case(session, claim, by=by, definition=definition, now=now)
    return claim


def is_nagari(session: Session, region_code: str) -> bool:
    """Whether a report can name this region: nagari or desa, nothing larger."""
    region = session.get(Region, region_code)
    return region is not None and region.level in {"nagari", "desa"}


def honorific_of(national_id: str | None) -> str:
    """Default by the sex that a NIK tells (day of birth + 40 for women); editable later."""
    if national_id is None:
        return ""
    return "almarhumah" if int(national_id[6:8]) > _WOMAN_DAY_OFFSET else "almarhum"
