"""The protocol of visits without signal as a machine: two phones, two visitors, lost replies, wrong clocks.

What the machine knows by itself (who made what, when, on which phone, and what the server answered) is compared with what
the rows say after every step.
"""

import io
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby, pairwise
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.spool import spool
from caseflow.documents.storage import ObjectStore
from caseflow.errors import CaseflowError
from caseflow.monitoring import arrival, clashes, consents, devices, photos, pictures, plans, records
from caseflow.monitoring.arrival import Arrived
from caseflow.monitoring.models import Plan, VisitConsent
from caseflow.monitoring.visit_models import FieldClash, Visit, VisitField, VisitPhoto, VisitRecord
from caseflow.monitoring.wire import digest_of
from caseflow.people.actor import Actor
from tests.conftest import FreshDatabase
from tests.files import samples
from tests.monitoring.visiting import answer, made, photo

_PICTURE = samples.jpeg("WARUNG")
_PIECE = len(_PICTURE) // 2 + 1
_A_MOMENT = timedelta(minutes=2)  # the clock goes on while a visit is sent
_KEPT, _FINAL = {200, 201}, {404, 409, 410}
phones_ = st.sampled_from((0, 1))


@cache
def _drawn() -> bytes:
    """The picture as it is kept."""
    with spool(io.BytesIO(_PICTURE)) as body:
        return pictures.redrawn(body)[0]


@dataclass
class Queued:
    """A visit as its phone holds it."""

    number: str
    said: dict[str, Any]
    made_at: datetime
    picture: str | None = None


@dataclass
class Phone:
    """One phone: its owner, its clock, what waits on it and what it believes."""

    by: Actor
    public_id: str
    ahead: timedelta = timedelta()
    last: int = 0
    queue: list[Queued] = field(default_factory=list)
    confirmed: list[Queued] = field(default_factory=list)


@dataclass(frozen=True)
class World:
    """A database with one family, prepared once; every walk is rolled back."""

    database: FreshDatabase
    staff: Mapping[str, Actor]
    store: ObjectStore
    plan_id: int
    visits: tuple[str, ...]
    start: datetime


class Protocol(RuleBasedStateMachine):
    """Phones, people and a server, each step as a door would do it."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        clock.set_start(world.start)
        self.connection = world.database.engine.connect()
        self.outer = self.connection.begin()
        self.session = self.open()
        self.landed: dict[str, str] = {}
        self.heard: set[str] = set()  # what the server kept, or refused by what it says
        self.taken_back = False
        self.phones = []
        for name in ("rina", "yoga"):
            by, number = world.staff[name], str(uuid.uuid4())
            devices.prepare(self.session, number, f"HP {name}", by=by, now=clock.now())
            self.phones.append(Phone(by, number))
        self.session.commit()

    def open(self) -> Session:
        """A session of the one connection: committed is kept until the walk ends."""
        return Session(self.connection, join_transaction_mode="create_savepoint")

    def teardown(self) -> None:
        """Ask the deferred constraints, then forget all."""
        self.session.commit()
        self.connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        self.forget()

    def forget(self) -> None:
        """Leave the database as it was."""
        self.session.close()
        self.outer.rollback()
        self.connection.close()

    @property
    def plan(self) -> Plan:
        """The family."""
        return self.session.get_one(Plan, self.world.plan_id)

    @rule(
        which=phones_, visit=st.integers(0, 2), change=st.sampled_from(("same", "heavier", "lighter")),
        kind=st.sampled_from(("plain", "plain", "with a photo", "to be repaired")),
        then=st.sampled_from(("waits", "is sent", "is sent", "answer lost", "family says no")),
    )  # fmt: skip
    def visit_a_family(self, which: int, visit: int, change: str, kind: str, then: str) -> None:
        """A visit is finished on a phone; it waits there, or is sent at once, whatever else still waits before it."""
        self.minutes_pass(30)
        phone = self.phones[which]
        phone.last += 1
        shown = [photo(_PICTURE)] if kind == "with a photo" else []
        at = clock.now() - timedelta(minutes=20)
        answers: dict[str, Any] = {"household_change": change, "landmark": f"Rumah {change}"}
        if kind == "to be repaired":
            answers["uses"] = {"school": 9}
        said = made(
            self.world.visits[visit],
            sequence=phone.last,
            answers=answers,
            at=at,
            clock_ahead=phone.ahead,
            photos=shown,
        )
        said["after"] = phone.queue[-1].number if phone.queue else None
        number = str(uuid.uuid4())
        phone.queue.append(Queued(number, said, at, shown[0]["uuid"] if shown else None))
        if then == "family says no":
            self.the_family_says_no()
        if then != "waits":
            self.send(which, len(phone.queue) - 1, then == "answer lost")

    @rule(which=phones_, visit=st.integers(0, 2))
    def a_visit_overtakes_another(self, which: int, visit: int) -> None:
        """Two are made one after the other, and the second is sent first."""
        for change, then in (("same", "waits"), ("heavier", "is sent")):
            self.visit_a_family(which, visit, change, "plain", then)

    @rule(which=phones_, place=st.integers(0, 2))
    def a_waiting_visit_is_removed(self, which: int, place: int) -> None:
        """By who made it, for good; not one that may have arrived, which its phone does not let go."""
        queue = self.phones[which].queue
        if place < len(queue) and queue[place].number not in self.landed:
            queue.pop(place)

    @rule(which=phones_)
    def a_phone_is_emptied(self, which: int) -> None:
        """What waited there is lost, and the phone counts from one again under its old name."""
        self.phones[which].queue.clear()
        self.phones[which].last = 0

    @initialize(days=st.tuples(*[st.sampled_from((-1, 0, 1))] * 2))
    def clocks_are_as_they_are(self, days: tuple[int, int]) -> None:
        """Each phone has its own time."""
        for phone, ahead in zip(self.phones, days, strict=True):
            phone.ahead = timedelta(days=ahead)

    @rule(which=phones_, days=st.sampled_from((-1, 0, 1)))
    def the_clock_of_a_phone_is_wrong(self, which: int, days: int) -> None:
        """Only while nothing waits: a clock set in between proves no day, which has a test of its own."""
        if not self.phones[which].queue:
            self.phones[which].ahead = timedelta(days=days)

    @rule(minutes=st.integers(1, 600))
    def minutes_pass(self, minutes: int) -> None:
        """Time goes on."""
        clock.set_start(clock.now() + timedelta(minutes=minutes))

    @precondition(lambda self: any(phone.queue for phone in self.phones))
    @rule(which=phones_, place=st.sampled_from((0, 0, 0, 1, 2)), lost=st.booleans())
    def send(self, which: int, place: int, lost: bool) -> None:
        """One visit is sent, mostly the first that waits; the reply may be lost, and then it is sent again one day."""
        phone = self.phones[which] if self.phones[which].queue else self.phones[1 - which]
        place = min(place, len(phone.queue) - 1)
        sent = phone.queue[place]
        sent.said["first"] = place == 0
        status = self.answer(phone, sent)
        assert place or status != 425, "a visit is held for what never comes"
        if status == 201:
            assert sent.number not in self.landed
            assert {one.number for one in phone.queue[:place]} <= self.heard, "a visit overtook another"
            self.landed[sent.number] = digest(sent)
        if status == 200:
            assert sent.number in self.landed
        if lost:
            return
        if status in _KEPT:
            phone.confirmed.append(sent)
            phone.queue.remove(sent)
        elif status in _FINAL:
            assert sent.number not in self.landed
            phone.queue.remove(sent)
        elif status == 422:
            sent.said["answers"].pop("uses")

    @precondition(lambda self: any(phone.confirmed for phone in self.phones))
    @rule(which=phones_, place=st.integers(0, 3), other=st.booleans())
    def a_confirmed_number_comes_once_more(self, which: int, place: int, other: bool) -> None:
        """A repeat changes nothing, other words neither; nobody is told that those were kept."""
        phone = self.phones[which] if self.phones[which].confirmed else self.phones[1 - which]
        sent = phone.confirmed[place % len(phone.confirmed)]
        if not other:
            assert self.answer(phone, sent) in {200, 403}
            return
        answers = {**sent.said["answers"], "note": answer("Ini isi yang lain.")}
        changed = Queued(sent.number, {**sent.said, "answers": answers}, sent.made_at)
        assert self.answer(phone, changed) in {409, 403}

    @rule(which=phones_, place=st.integers(0, 3), lost=st.booleans())
    def a_piece_of_a_photo_is_sent(self, which: int, place: int, lost: bool) -> None:
        """From where the server says; it may have been started anew since the piece before, and holds nothing."""
        phone = self.phones[which]
        waiting = [one for one in phone.confirmed if one.picture]
        if place >= len(waiting):
            return
        number = waiting[place].picture or ""
        no = self.said_no_after(waiting[place].made_at)
        try:
            row = photos.get_photo(self.session, number, by=phone.by)
        except photos.PhotoGone:
            assert no or self.says_no_now()
            return
        assert row.stored_at is not None or not no, "a photo is wanted of a family that said no"
        at = photos.offset_of(self.session, row)
        self.session.commit()
        for start in (at, at) if lost else (at,):  # a lost reply: the same piece once more
            with suppress(photos.OffsetDiffers):
                piece = _PICTURE[start : start + _PIECE]
                photos.append(
                    self.open, self.world.store, number, piece, at=start, by=phone.by, now=clock.now()
                )
        self.session.expire_all()

    @rule()
    def the_family_says_no(self) -> None:
        """To the supervisor, today."""
        self.minutes_pass(5)
        consents.withdraw(
            self.session, self.plan, said_by="Elmita", by=self.world.staff["siska"], now=clock.now()
        )
        self.session.commit()

    @rule()
    def the_family_says_yes_again(self) -> None:
        """To the supervisor, today."""
        self.minutes_pass(5)
        consents.give(
            self.session, self.plan, said_by="Elmita", by=self.world.staff["siska"], now=clock.now()
        )
        self.session.commit()

    @rule(which=phones_)
    def the_family_is_given_to(self, which: int) -> None:
        """From one visitor to the other."""
        plan, to = self.plan, self.phones[which].by.user_id
        if plan.visitor_user_id == to or to is None:
            return
        self.minutes_pass(5)
        plans.assign(
            self.session,
            plan,
            to,
            instead_of=plan.visitor_user_id,
            by=self.world.staff["siska"],
            now=clock.now(),
        )
        self.session.commit()

    @precondition(lambda self: len(self.landed) > 1)
    @rule()
    def the_second_phone_is_taken_back(self) -> None:
        """From then on nothing comes in from it."""
        with suppress(CaseflowError):
            devices.revoke(
                self.session,
                self.phones[1].public_id,
                "HP hilang di pasar",
                by=self.world.staff["siska"],
                now=clock.now(),
            )
        self.taken_back = True
        self.session.commit()

    @rule(side=st.sampled_from(clashes.SIDES))
    def somebody_chooses(self, side: str) -> None:
        """The oldest clash."""
        siska = self.world.staff["siska"]
        for one in clashes.open_clashes(self.session, by=siska, limit=1):
            clashes.choose(
                self.session, one.public_id, side, "Sudah ditanyakan lagi.", by=siska, now=clock.now()
            )
        self.session.commit()

    @invariant()
    def exactly_what_landed_is_there(self) -> None:
        """Once each, with the bytes that were sent; what a phone believes confirmed is among them."""
        kept = self.session.execute(select(Visit.client_id, Visit.content_sha256)).all()
        assert len(kept) == len(self.landed)
        assert {row.client_id: row.content_sha256 for row in kept} == self.landed
        for phone in self.phones:
            for one in phone.confirmed:
                assert self.landed[one.number] == digest(one)

    @invariant()
    def records_follow_their_fields(self) -> None:
        """And there is one for each planned visit that was made."""
        assert list(records.drift(self.session)) == []
        made_for = self.session.scalar(select(func.count(Visit.planned_visit_id.distinct())))
        assert self.session.scalar(select(func.count()).select_from(VisitRecord)) == made_for

    @invariant()
    def each_clash_is_open_or_a_person_chose(self) -> None:
        """What is contested has one open clash; what was put aside was put aside by a person."""
        rows = self.session.execute(
            select(VisitField.standing, FieldClash.chosen, FieldClash.chosen_by_user_id)
            .outerjoin(FieldClash, FieldClash.contested_field_id == VisitField.id)
            .where(VisitField.standing.in_(("contested", "put_aside")))
        )
        for standing, chosen, by in rows:
            assert (standing, chosen, by is None) in {
                ("contested", None, True),
                ("put_aside", "standing", False),
            }

    @invariant()
    def a_value_gives_way_only_to_its_phone_or_a_person(self) -> None:
        """No phone here knows what the other wrote, so that one never writes over the other."""
        rows = self.session.execute(
            select(VisitField.planned_visit_id, VisitField.field, Visit.device_id, FieldClash.chosen)
            .join(Visit, Visit.id == VisitField.visit_id)
            .outerjoin(FieldClash, FieldClash.contested_field_id == VisitField.id)
            .where(VisitField.version.is_not(None))
            .order_by(VisitField.planned_visit_id, VisitField.field, VisitField.version)
        ).all()
        for _, versions in groupby(rows, lambda row: row[:2]):
            for before, after in pairwise(versions):
                assert before.device_id == after.device_id or after.chosen == "contested"

    @invariant()
    def photos_are_whole(self) -> None:
        """A photo that is stored is drawn from the one that was taken."""
        for key in self.session.scalars(
            select(VisitPhoto.object_key).where(VisitPhoto.stored_at.is_not(None))
        ):
            with self.world.store.open(key) as body:
                assert body.read() == _drawn()

    def look(self) -> None:
        """At all that holds always, for a walk that somebody wrote down."""
        self.exactly_what_landed_is_there()
        self.records_follow_their_fields()
        self.each_clash_is_open_or_a_person_chose()
        self.a_value_gives_way_only_to_its_phone_or_a_person()
        self.photos_are_whole()

    def answer(self, phone: Phone, sent: Queued) -> int:
        """The server's answer, as the door gives it: one transaction."""
        said = sent.said | {"phone_now": (clock.now() + phone.ahead).isoformat()}
        no = self.said_no_after(sent.made_at)
        before = self.landed.get(sent.number)
        try:
            device = devices.get_device(self.session, phone.public_id, by=phone.by)
        except devices.Revoked:
            return 403
        found = arrival.receive(
            self.session, Arrived(sent.number, said, device), by=phone.by, now=clock.now()
        )
        self.session.commit()
        if found.refusal is not None:
            status = found.refusal.status
            assert before is None or digest(sent) != before
            assert status != 410 or no or self.says_no_now(), "refused for the sake of a family that agrees"
            if status != 425:
                self.heard.add(sent.number)
            return status
        self.heard.add(sent.number)
        assert found.again == (before is not None)
        assert found.again or not no  # never older than a withdrawal, whatever the phone's clock says
        assert found.again or not (self.taken_back and phone is self.phones[1]), "a phone taken back got in"
        assert abs(self.began(sent) - sent.made_at) < _A_MOMENT, "made at another time"
        return 200 if found.again else 201

    def began(self, sent: Queued) -> datetime:
        """When a visit was made, as the row says."""
        return self.session.scalars(select(Visit.started_at).where(Visit.client_id == sent.number)).one()

    def said_no_after(self, at: datetime) -> bool:
        """Whether the family said no later than a visit was really made."""
        later = select(VisitConsent.id).where(VisitConsent.given.is_(False), VisitConsent.said_at > at)
        return self.session.scalar(later.limit(1)) is not None

    def says_no_now(self) -> bool:
        """Whether the last word of the family is no."""
        last = select(VisitConsent.given).order_by(VisitConsent.said_at.desc(), VisitConsent.id.desc())
        return self.session.scalar(last.limit(1)) is False


def digest(sent: Queued) -> str:
    """Of what is the visit's own, computed apart from the server."""
    return digest_of(
        {
            key: value
            for key, value in sent.said.items()
            if key not in ("sequence", "first", "after", "phone_now")
        }
    )
