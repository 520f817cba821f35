"""Invented families whose money arrived between one and fourteen months ago, and what their visitors were told.

Their cases, payments, plans and visits go through the real verbs, on the days on which they happened.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.config import Settings
from caseflow.documents.storage import ObjectStore
from caseflow.monitoring import consents, devices, opening
from caseflow.monitoring.arrival import Arrived, receive
from caseflow.monitoring.models import FieldDevice, Plan, PlannedVisit
from caseflow.monitoring.questions import LIVELIHOOD_FIELDS
from caseflow.people.actor import SYSTEM, Actor
from caseflow.training import later
from caseflow.training.cases import Office, Story, carry
from caseflow.training.people import TrainingWorker
from caseflow.training.seed import load_worker

_LATIHAN, _CONTOH = "13.03.99.2001", "13.03.99.2002"
_TOLD: Mapping[str, Any] = MappingProxyType(
    {
        "uses": {"daily_needs": 1, "school": 1, "business_capital": 2},
        "livelihood_stage": "running",
        "livelihood_type": "shop",
        "income_band": "500k_1m",
        "household_change": "heavier",
        "levy_reported": False,
        "needs": ["none"],
        "note": "",
    }
)


@dataclass(frozen=True)
class Followed:
    """A family, how long ago its money came, and what it told on which visit.

    :ivar paid_days: days before today; :ivar told: answers by visit, beside ``_TOLD``; ``None``: not found there.
    """

    worker: TrainingWorker
    story: tuple[str, str, str, str, str]  # claimant, relation, member, phone, account
    paid_days: int
    landmark: str
    told: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)


def _worker(
    number: str, name: str, born_on: date, sex: str, where: tuple[str, str], work: str
) -> TrainingWorker:
    paid = (date(2024, 6, 1), date(2024, 6, 1), date(2026, 11, 1))
    return TrainingWorker(number, name, born_on, sex, *where, work, *paid)


FAMILIES = (
    Followed(
        _worker("1303991506790091", "Jamaris", date(1979, 6, 15), "m", (_LATIHAN, "Pasar"), "Kuli angkut"),
        ("Nurhayati", "istri", "widow", "+6281267004001", "71000400101"), 33, "di belakang surau Baitul",
    ),
    Followed(
        _worker("1303992003750092", "Syamsudin", date(1975, 3, 20), "m", (_LATIHAN, "Koto Tangah"), "Petani padi"),
        ("Rosmaini", "istri", "widow", "+6281267004002", "71000400102"), 90, "rumah gadang cat hijau",
        {"m1": {"household_change": "much_heavier", "note": "Ditelepon, keluarga sehat."}},
    ),
    Followed(
        _worker("1303990909820093", "Erizal", date(1982, 9, 9), "m", (_LATIHAN, "Pasar"), "Tukang kayu"),
        ("Desmawati", "istri", "widow", "+6281267004003", "71000400103"), 176, "seberang lapangan bola",
        {"m1": {}, "m3": {"livelihood_stage": "started", "livelihood_type": "food", "needs": ["training"]}},
    ),
    Followed(
        _worker("1303991711710094", "Bakri", date(1971, 11, 17), "m", (_LATIHAN, "Koto Tangah"), "Penyadap karet"),
        ("Yulinar", "istri", "widow", "+6281267004004", "71000400104"), 425, "dekat jembatan gantung",
        {
            "m1": {},
            "m3": {"livelihood_stage": "started", "livelihood_type": "livestock", "income_band": "under_500k"},
            "m6": {"livelihood_type": "livestock"},
            "m12": {"livelihood_stage": "growing", "livelihood_type": "livestock", "household_change": "same"},
        },
    ),
    Followed(
        _worker("1303990202800095", "Hamdani", date(1980, 2, 2), "m", (_CONTOH, "Air Putih"), "Tukang batu"),
        ("Fatmawati", "istri", "widow", "+6281267004005", "71000400105"), 369, "sebelah warung Ajo",
        {"m1": {}, "m3": None, "m6": {"livelihood_stage": "none", "livelihood_type": None, "income_band": None}},
    ),
)  # fmt: skip


def load_families(session: Session, store: ObjectStore, settings: Settings) -> int:
    """Carry every family to its payment and through its visits; return how many."""
    today = clock.today()
    for one in FAMILIES:
        with clock.lived_at(_morning(today - timedelta(days=one.paid_days))):
            plan = _paid(Office(session, store, settings, later.person(session, "dedi")), one)
        _visit(session, plan, one.told)
    return len(FAMILIES)


def _paid(office: Office, one: Followed) -> Plan:
    claimant, relation, member, phone, account = one.story
    paid_on = clock.today()
    died_on = paid_on - timedelta(days=12)
    last = died_on.replace(day=1)
    load_worker(office.session, TrainingWorker(**{**vars(one.worker), "last": last}))
    story = Story(one.worker.national_id, died_on, claimant, relation, member, phone, account, "paid")
    claim = carry(office, story)
    plan = opening.open_plan(office.session, claim, by=SYSTEM, now=clock.now())
    plan.landmark = one.landmark
    office.session.flush()
    return plan


def _visit(session: Session, plan: Plan, told: Mapping[str, Mapping[str, Any] | None]) -> None:
    """Whoever has the family makes the visits that are told of, each on its day, from a phone."""
    by = next(
        person
        for person in (later.person(session, name) for name in ("rina", "yoga"))
        if person.user_id == plan.visitor_user_id
    )
    for kind, answers in told.items():
        visit = session.scalars(
            select(PlannedVisit).where(PlannedVisit.plan_id == plan.id, PlannedVisit.kind == kind)
        ).one()
        for _ in range(1 if answers is not None else 2):  # tried again before it counts as not found
            with clock.lived_at(_morning(visit.due_on)):
                _send(session, plan, visit, answers, by=by)


def _send(
    session: Session,
    plan: Plan,
    visit: PlannedVisit,
    answers: Mapping[str, Any] | None,
    *,
    by: Actor,
) -> None:
    """One visit comes in from the visitor's phone; an answer is refused by nobody."""
    now = clock.now()
    phone = _phone(session, by)
    met = answers is not None
    said: dict[str, Any] = {
        "visit": visit.public_id,
        "sequence": phone.last_sequence + 1,
        "after": None,
        "started_at": (now - timedelta(minutes=40)).isoformat(),
        "finished_at": (now - timedelta(minutes=31)).isoformat(),
        "phone_now": now.isoformat(),
        "outcome": "met" if met else "not_found",
        "another_day_on": None,
        "consent": _agreed(plan) if met else None,
        "answers": _answers(plan, visit, answers) if answers is not None else {},
        "photos": [],
    }
    arrived = receive(session, Arrived(str(uuid.uuid4()), said, phone), by=by, now=now)
    if arrived.refusal is not None:
        raise arrived.refusal


def _agreed(plan: Plan) -> dict[str, Any]:
    version = consents.text_on(clock.today()).version
    return {"version": version, "agreed": True, "said_by": plan.contact_name, "witness": None}


def _answers(plan: Plan, visit: PlannedVisit, answers: Mapping[str, Any]) -> dict[str, Any]:
    told = {**_TOLD, **answers, "respondents": [{"name": plan.contact_name, "relation": "istri"}]}
    if not visit.asks_livelihood:
        told = {name: value for name, value in told.items() if name not in LIVELIHOOD_FIELDS}
    return {name: {"value": value, "base": 0} for name, value in told.items()}


def _phone(session: Session, by: Actor) -> FieldDevice:
    """The visitor's phone, prepared on first use."""
    found = session.scalar(select(FieldDevice).where(FieldDevice.user_id == by.user_id))
    if found is not None:
        return found
    name = f"HP {by.name.split()[0]}"
    return devices.prepare(session, str(uuid.uuid4()), name, by=by, now=clock.now())[0]


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(10), clock.WIB).astimezone(UTC)
