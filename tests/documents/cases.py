"""A case with requirements, a family, an officer and a store, for tests of papers."""

import io
import itertools
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.intake import Place, Receipt, Sessions, Upload, receive
from caseflow.documents.models import Requirement
from caseflow.documents.sniff import Inspection
from caseflow.documents.spool import Spooled
from caseflow.documents.storage import ObjectStore
from caseflow.people.actor import Actor
from caseflow.people.models import Person
from caseflow.registry.models import Region
from caseflow.workflow.models import CaseFile, History

_serial = itertools.count(1)
OPEN_IN = frozenset({"awaiting_documents"})
CODES = ("family_card", "death_letter")


@dataclass(frozen=True)
class Case:
    """Ids of a case and its requirements, and the people around it."""

    id: int
    requirements: dict[str, int]
    family: Actor
    officer: Actor
    keys: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def place(self, code: str = "family_card", key: str | None = None, name: str = "kk.jpg") -> Place:
        """Return where an upload for that paper belongs; without ``key`` each is a new upload."""
        return Place(self.id, self.requirements[code], key or f"form-{next(self.keys)}", name)


def make_case(session: Session, codes: tuple[str, ...] = CODES) -> Case:
    """Write a case in its first state, with these papers asked for."""
    now = clock.now()
    number = f"SJJ-26-9{next(_serial):04d}-0"
    region = session.scalar(select(Region.code).limit(1))
    if region is None:
        region = "13.03.99.2001"
        session.add(Region(code=region, level="nagari", name="Koto Latihan", training=True))
        session.flush()
    person = Person(full_name="Petugas Latihan")
    case = CaseFile(
        kind="casefile",
        number=number,
        workflow="jkm",
        workflow_version=1,
        state="awaiting_documents",
        subject="Samsir",
        region_code=region,
        branch_code="solok",
        opened_at=now,
        entered_at=now,
        sort_on=date(9999, 12, 31),
        follow_up_on=date(2026, 12, 31),
    )
    session.add_all([person, case])
    session.flush()
    session.add(
        History(
            casefile_id=case.id,
            version=0,
            state=case.state,
            action="report",
            workflow="jkm",
            workflow_version=1,
            at=now,
            actor_kind="family",
            actor_name="Pelapor",
        )
    )
    requirements = [
        Requirement(
            casefile_id=case.id, code=code, catalogue_version="1", position=at, need="required", asked_at=now
        )
        for at, code in enumerate(codes, 1)
    ]
    session.add_all(requirements)
    session.flush()
    return Case(
        case.id,
        {requirement.code: requirement.id for requirement in requirements},
        Actor(kind="family", name="Yusra", roles=frozenset({"family"}), casefile_id=case.id),
        Actor(
            kind="staff", name="Dedi", roles=frozenset({"officer"}), person_id=person.id, branch_code="solok"
        ),
    )


def send(
    sessions: Sessions, store: ObjectStore, case: Case, content: bytes, place: Place | None = None
) -> Receipt:
    """Send a file as the family does."""
    return receive(
        sessions,
        store,
        io.BytesIO(content),
        place or case.place(),
        by=case.family,
        open_in=OPEN_IN,
        announced=len(content),
    )


def checked(body: Spooled, media_type: str = "image/jpeg") -> Upload:
    """Return an upload that passed the checks, without running them."""
    return Upload(body, Inspection(media_type, 1, frozenset()), "no_scanner")


def stream(content: bytes) -> BinaryIO:
    """Return bytes as a stream."""
    return io.BytesIO(content)
