"""Visits as phones send them, for tests: what is said, the phone that says it, and the photos that follow.

rinas = phone(session, staff["rina"])
sent = made(visit, sequence=1, answers={"note": "Warung buka."})
arrival = send(session, rinas, sent, by=staff["rina"])
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.monitoring import arrival, consents, devices
from caseflow.monitoring.models import FieldDevice, PlannedVisit
from caseflow.monitoring.visit_models import FieldClash
from caseflow.people.actor import Actor
from tests.families import FIRDAUS, Person
from tests.story import Stage
from tests.visit_story import followed, visit_of

RESPONDENTS = [{"name": "Elmita", "relation": "istri"}]


def phone(session: Session, by: Actor, name: str = "HP Rina") -> FieldDevice:
    """A phone that was prepared just now."""
    device, new = devices.prepare(session, str(uuid.uuid4()), name, by=by, now=clock.now())
    assert new
    return device


def answer(value: Any, base: int = 0) -> dict[str, Any]:
    """An answer written upon a version."""
    return {"value": value, "base": base}


def made(
    visit: PlannedVisit | str,
    *,
    sequence: int | None = 1,
    outcome: str = "met",
    answers: Mapping[str, Any] | None = None,
    base: int = 0,
    at: datetime | None = None,
    clock_ahead: timedelta = timedelta(),
    **said: Any,
) -> dict[str, Any]:
    """What a phone says of one visit.

    :param at: when it really began; :param clock_ahead: how much the phone's clock is ahead of the world's.
    """
    began = (at or clock.now() - timedelta(minutes=20)) + clock_ahead
    told: dict[str, Any] = {
        "visit": visit if isinstance(visit, str) else visit.public_id,
        "sequence": sequence,
        "after": None,
        "started_at": began.isoformat(),
        "finished_at": (began + timedelta(minutes=9)).isoformat(),
        "phone_now": (clock.now() + clock_ahead).isoformat(),
        "outcome": outcome,
        "another_day_on": None,
        "consent": None,
        "answers": {name: answer(value, base) for name, value in (answers or {}).items()},
        "photos": [],
    }
    if outcome == "met":
        version = consents.text_on(clock.today()).version
        told["consent"] = {"version": version, "agreed": True, "said_by": "Elmita", "witness": None}
        told["answers"].setdefault("respondents", answer(RESPONDENTS, base))
    return {**told, **said}


def send(
    session: Session,
    device: FieldDevice | None,
    said: Mapping[str, Any],
    *,
    by: Actor,
    client_id: str | None = None,
) -> arrival.Arrival:
    """The visit comes in, under a number of its own."""
    content = arrival.Arrived(client_id or str(uuid.uuid4()), said, device)
    return arrival.receive(session, content, by=by, now=clock.now())


def photo(body: bytes, position: int = 1, **said: Any) -> dict[str, Any]:
    """A photo as a visit announces it."""
    return {
        "uuid": str(uuid.uuid4()),
        "position": position,
        "shows": "business",
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
        "taken_at": clock.now().isoformat(),
        "latitude": None,
        "longitude": None,
        **said,
    }


def visited(stage: Stage, person: Person = FIRDAUS) -> dict[str, tuple[str, ...]]:
    """A family with a visit from two phones that do not agree; what stands in addresses, by name."""
    session, rina, yoga = stage.session, stage.staff["rina"], stage.staff["yoga"]
    plan = followed(stage, person)
    visits = [visit_of(stage, plan, kind) for kind in ("m6", "m3")]
    rinas, yogas = phone(session, rina), phone(session, yoga, "HP Yoga")
    for device, by, change in ((rinas, rina, "same"), (yogas, yoga, "heavier")):
        plan.visitor_user_id = visits[1].visitor_user_id = by.user_id
        shown = photo(b"on its way")
        sent = made(
            visits[1],
            answers={"household_change": change},
            at=clock.now() + timedelta(minutes=1),
            photos=[shown],
        )
        assert send(session, device, sent, by=by).refusal is None
    clash = session.scalars(select(FieldClash.public_id).where(FieldClash.plan_id == plan.id)).one()
    return {
        "uuid": (rinas.public_id, yogas.public_id),
        "plan_id": (plan.public_id,),
        "visit_id": tuple(visit.public_id for visit in visits),
        "clash_id": (clash,),
        "photo_id": (str(shown["uuid"]),),
    }
