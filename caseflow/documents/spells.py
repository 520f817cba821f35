"""When which required paper was missing: not sent yet, or sent back. Read from what arrived and what was said of it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow.documents.models import Document, DocumentReview, Requirement

_MISSING = frozenset({"missing", "returned"})


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which a paper was missing; ``until`` is ``None`` while it is."""

    code: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class _Event:
    """Something that made a paper missing, or not."""

    at: datetime
    missing: bool


def missing_spells(session: Session, casefile_ids: Collection[int]) -> Mapping[int, list[Spell]]:
    """Return for each case when its required papers were missing, in three statements for all of them."""
    requirements = session.scalars(
        select(Requirement).where(Requirement.casefile_id.in_(casefile_ids), Requirement.need == "required")
    ).all()
    events = _events(session, [requirement.id for requirement in requirements])
    found: dict[int, list[Spell]] = defaultdict(list)
    for requirement in requirements:
        found[requirement.casefile_id].extend(_spells(requirement, events[requirement.id]))
    return found


def _events(session: Session, requirement_ids: Collection[int]) -> Mapping[int, list[_Event]]:
    found: dict[int, list[_Event]] = defaultdict(list)
    arrived = select(Document.requirement_id, Document.stored_at).where(
        Document.requirement_id.in_(requirement_ids), Document.stored_at.is_not(None)
    )
    for requirement_id, stored_at in session.execute(arrived):
        if stored_at is not None:
            found[requirement_id].append(_Event(stored_at, missing=False))
    judged = select(DocumentReview.requirement_id, DocumentReview.reviewed_at, DocumentReview.outcome).where(
        DocumentReview.requirement_id.in_(requirement_ids), DocumentReview.outcome != "reopened"
    )
    for requirement_id, reviewed_at, outcome in session.execute(judged):
        found[requirement_id].append(_Event(reviewed_at, missing=outcome == "returned"))
    return found


def _spells(requirement: Requirement, events: Iterable[_Event]) -> Iterator[Spell]:
    since: datetime | None = requirement.asked_at
    for event in sorted(events, key=attrgetter("at")):
        if event.missing and since is None:
            since = event.at
        elif not event.missing and since is not None:
            yield Spell(requirement.code, since, event.at)
            since = None
    # what was taken back or found unsafe left no word of an officer, only the present standing
    if requirement.status in _MISSING:
        yield Spell(requirement.code, since or requirement.status_at or requirement.asked_at, None)
    elif since is not None:
        yield Spell(requirement.code, since, requirement.status_at or since)
