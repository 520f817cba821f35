"""Messages on their way: planned once, sent at most once, retried when surely not taken, and given to a person in the end."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from procrastinate import App, SyncPsycopgConnector
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock, message_jobs
from caseflow.claims import consents, requests
from caseflow.claims.contacts import Contact
from caseflow.claims.models import Claim
from caseflow.claims.owing import owe
from caseflow.config import MessageSettings, Settings
from caseflow.documents.queries import requirement_list
from caseflow.documents.storage import open_store
from caseflow.message_jobs import add_message_tasks
from caseflow.notices import planning, reports, sending
from caseflow.notices.adapters import Letter, Outcome
from caseflow.notices.messages import mark_delivered
from caseflow.notices.models import Delivery
from caseflow.notices.planning import plan
from caseflow.notices.sending import give_up_lost, send_next
from caseflow.notices.words import office_of
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.slips import issue_slip
from caseflow.workflow.models import Outbox
from tests.conftest import FreshDatabase, make_settings
from tests.families import SAMSIR
from tests.notices.servers import FakeGateway, gateway
from tests.story import Stage, approved, move, phone_of, reported, send_missing, send_paper


@dataclass
class Post:
    """A database of its own, and the worker's messages over it."""

    database: FreshDatabase
    staff: Mapping[str, Actor]
    folder: Path
    messages: MessageSettings = field(default_factory=MessageSettings)

    @property
    def settings(self) -> Settings:
        """Of a practice installation."""
        return make_settings(self.database.app_url, self.folder, messages=self.messages)

    @property
    def sessions(self) -> Callable[[], Session]:
        """Transactions of the worker."""
        return sessionmaker(self.database.engine)

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        """A stage whose work is committed at the end."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            yield Stage(session, open_store(f"folder://{self.folder}"), self.staff)
            session.commit()

    def run(self, task: str) -> None:
        """Do a job as the worker would."""
        app = App(connector=SyncPsycopgConnector())
        add_message_tasks(app, self.sessions, self.settings)
        app.tasks[task](timestamp=0)

    def report(self, contact_by: str = "whatsapp") -> Claim:
        """A family reports, and wishes to be reached in its way."""
        person = replace(SAMSIR, report=replace(SAMSIR.report, contact_by=contact_by))
        with self.stage() as stage:
            return reported(stage, person)

    def deliveries(self, claim: Claim) -> list[Delivery]:
        """Everything on its way, in order."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            rows = select(Delivery).where(Delivery.casefile_id == claim.id).order_by(Delivery.id)
            return list(session.scalars(rows))

    def outbox(self, claim: Claim) -> Outbox:
        """The newest message that is owed."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            rows = select(Outbox).where(Outbox.casefile_id == claim.id).order_by(Outbox.id.desc())
            return session.scalars(rows).first() or pytest.fail("no message")


@pytest.fixture
def post(fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path) -> Post:
    """Messages over a database of its own, where nothing of the training data is still to be said."""
    with Session(fresh_database.engine) as session:
        session.execute(update(Outbox).values(planned_at=clock.now()))
        session.commit()
    return Post(fresh_database, staff, tmp_path / "objects")


@pytest.fixture
def fake(post: Post) -> Iterator[FakeGateway]:
    """A gateway that takes both WhatsApp and SMS."""
    with gateway() as running:
        post.messages = MessageSettings(
            whatsapp="gateway",
            sms="gateway",
            gateway_url=running.url,
            gateway_token="rahasia",
            gateway_seconds=1,
        )
        yield running


def at(moment: str) -> None:
    clock.set_start(datetime.fromisoformat(f"{moment}+07:00"))


def later(**by: int) -> None:
    clock.set_start(clock.now() + timedelta(**by))


def test_by_hand_nothing_leaves(post: Post) -> None:
    """The default: a task for an officer, with the number and the way the family chose."""
    claim = post.report("sms")
    post.run("messages.deliver")
    (delivery,) = post.deliveries(claim)
    assert (delivery.state, delivery.adapter, delivery.channel) == ("by_hand", "hand", "sms")
    assert post.outbox(claim).delivered_at is None


def test_a_message_leaves_once_with_its_two_words(post: Post, fake: FakeGateway) -> None:
    """However often the job runs."""
    claim = post.report()
    with post.stage() as stage:
        slip = issue_slip(stage.session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    for _ in range(3):
        post.run("messages.deliver")
    (sent,) = fake.received
    (delivery,) = post.deliveries(claim)
    assert sent["text"].endswith(f"Kata pengenal: {slip.phrase}.")
    assert (sent["to"], sent["channel"], sent["id"]) == (delivery.address, "whatsapp", delivery.key)
    assert (delivery.state, delivery.words, delivery.provider_reference) == ("sent", sent["text"], "G-1")
    assert post.outbox(claim).delivered_how == "whatsapp"


def test_an_sms_is_the_short_text(post: Post, fake: FakeGateway) -> None:
    post.report("sms")
    post.run("messages.deliver")
    assert fake.received[0]["text"].startswith("BPJamsostek Solok: laporan ")
    assert len(fake.received[0]["text"]) <= 160


def test_who_wants_to_be_telephoned_gets_no_text(post: Post, fake: FakeGateway) -> None:
    claim = post.report("call")
    post.run("messages.deliver")
    assert fake.received == []
    assert post.deliveries(claim)[0].state == "by_hand"


YUSRA = Contact("Yusra", "istri", "+6281267001234", "whatsapp", "family")
HELPER = Contact("Syafrudin", "wali_jorong", "+6281267009999", "sms", "helper")


def told(monkeypatch: pytest.MonkeyPatch, *contacts: Contact) -> None:
    for room in (planning, sending):
        monkeypatch.setattr(room, "recipients", lambda _session, _claim, *, now=None: list(contacts))


def test_family_and_helper_are_both_told_each_in_their_way(
    post: Post, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The helper's message is not signed with the family's words (E43)."""
    told(monkeypatch, YUSRA, HELPER)
    claim = post.report()
    with post.stage() as stage:
        slip = issue_slip(stage.session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    post.run("messages.deliver")
    assert [one["channel"] for one in fake.received] == ["whatsapp", "sms"]
    assert slip.phrase in fake.received[0]["text"]
    assert slip.phrase not in fake.received[1]["text"]


def test_what_only_the_helper_heard_the_family_has_not(
    post: Post, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(monkeypatch, HELPER, YUSRA)
    claim = post.report()
    fake.answers = [200, 400]
    post.run("messages.deliver")
    assert [one.state for one in post.deliveries(claim)] == ["sent", "failed"]
    assert post.outbox(claim).delivered_at is None


def test_a_helper_is_not_told_what_is_about_the_helper(
    post: Post, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who helps, whether the money came in full: the family's alone; without its number somebody goes there."""
    told(monkeypatch, HELPER)
    claim = post.report()
    with post.stage() as stage:
        case = stage.session.get_one(Claim, claim.id)
        owe(stage.session, case, "received_in_full", occasion="paid:1", now=clock.now())
    post.run("messages.deliver")
    last = post.deliveries(claim)[-1]
    assert (last.recipient_name, last.channel, last.state, last.role) == (
        "Keluarga",
        "in_person",
        "by_hand",
        "family",
    )
    assert len(fake.received) == 1


@pytest.mark.parametrize(("family", "becomes"), [([YUSRA], "skipped"), ([], "failed")])
def test_a_message_does_not_leave_to_who_helps_no_more(
    post: Post, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch, family: list[Contact], becomes: str
) -> None:
    """The mandate ended in the night between; without a family's number somebody passes it on."""
    at("2026-11-19 22:00")
    told(monkeypatch, *family, HELPER)
    claim = post.report()
    post.run("messages.deliver")
    told(monkeypatch, *family)
    at("2026-11-20 09:00")
    post.run("messages.deliver")
    assert [one["to"] for one in fake.received] == [one.phone for one in family]
    last = post.deliveries(claim)[-1]
    assert (last.role, last.state) == ("helper", becomes)


def test_one_number_gets_one_message(post: Post, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A neighbour's telephone stands for both."""
    told(monkeypatch, YUSRA, replace(HELPER, phone=YUSRA.phone))
    post.report()
    post.run("messages.deliver")
    assert len(fake.received) == 1


def test_what_was_surely_not_taken_is_tried_again_with_the_same_key(post: Post, fake: FakeGateway) -> None:
    """After a minute, not at once; and then it is sent."""
    claim = post.report()
    fake.answers = [500, 429]
    post.run("messages.deliver")
    post.run("messages.deliver")
    assert len(fake.received) == 1
    later(minutes=1, seconds=1)
    post.run("messages.deliver")
    later(minutes=5, seconds=1)
    post.run("messages.deliver")
    assert len(set(fake.keys)) == 1
    assert (len(fake.keys), post.deliveries(claim)[0].state) == (3, "sent")


def test_after_five_tries_it_is_a_persons(post: Post, fake: FakeGateway) -> None:
    """With the reason in words, and never a sixth time."""
    claim = post.report()
    fake.answers = [500] * 9
    for _ in range(9):
        post.run("messages.deliver")
        later(hours=1, minutes=1)
        if clock.local(clock.now()).hour >= 20:
            later(hours=12)
    (delivery,) = post.deliveries(claim)
    assert (delivery.state, delivery.attempts, len(fake.received)) == ("failed", 5, 5)
    assert delivery.last_error == "Gateway sedang tidak menerima pesan (jawaban 500)."


@pytest.mark.parametrize("answer", ["cut", "late_cut", "silent"])
def test_what_may_have_left_is_never_sent_again(post: Post, fake: FakeGateway, answer: str) -> None:
    """The line broke after the words left: nobody knows, so a person asks."""
    claim = post.report()
    fake.answers = [answer]
    for _ in range(3):
        post.run("messages.deliver")
        later(hours=2)
    assert len(fake.received) == 1
    assert post.deliveries(claim)[0].state == "unknown"


@pytest.mark.parametrize("answer", ["silent", 500])
def test_a_gateway_that_hangs_does_not_keep_the_worker(
    post: Post, fake: FakeGateway, answer: str | int
) -> None:
    """The first of three that gets no good answer ends the run; the next minute goes on with the others."""
    for _ in range(3):
        post.report()
    fake.answers = [answer]
    post.run("messages.deliver")
    assert len(fake.received) == 1
    post.run("messages.deliver")
    assert len(fake.received) == 3


def test_a_run_does_not_last(post: Post, fake: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow gateway is left to the next minute."""
    post.report()
    monkeypatch.setattr(message_jobs, "_LONGEST_RUN", -1.0)
    post.run("messages.deliver")
    assert fake.received == []


@pytest.mark.parametrize("writer", ["outcome", "report"])
def test_the_message_is_locked_before_its_delivery(post: Post, fake: FakeGateway, writer: str) -> None:
    """As when an officer ticks it off: two who write both wait for each other, and neither is broken off."""
    claim = post.report()
    post.run("messages.deliver")
    (delivery,) = post.deliveries(claim)

    def write() -> None:
        with post.sessions() as session, session.begin():
            if writer == "outcome":
                sending._settle(session, delivery.id, Outcome("sent"), clock.now())
            else:
                reports.take(session, reports.Report(delivery.key, "delivered", ""), "x", now=clock.now())

    if writer == "outcome":
        with post.sessions() as session, session.begin():
            session.execute(update(Delivery).where(Delivery.id == delivery.id).values(state="sending"))
    worker = threading.Thread(target=write)
    with post.sessions() as session, session.begin():
        session.execute(select(Outbox.id).where(Outbox.id == delivery.outbox_id).with_for_update())
        worker.start()
        worker.join(0.7)
        assert worker.is_alive()
        own = select(Delivery.id).where(Delivery.id == delivery.id).with_for_update(nowait=True)
        assert session.scalar(own) == delivery.id
    worker.join(10)
    assert not worker.is_alive()


def test_a_refused_message_is_a_persons_at_once(post: Post, fake: FakeGateway) -> None:
    claim = post.report()
    fake.answers = [400]
    post.run("messages.deliver")
    later(hours=2)
    post.run("messages.deliver")
    assert (len(fake.received), post.deliveries(claim)[0].state) == (1, "failed")


class Killed(Exception):
    """A power cut, to the program."""


class DiesAfterSending:
    """Takes the message over; then the process is gone."""

    def send(self, letter: Letter) -> Outcome:
        """Die."""
        raise Killed(letter.key)


def test_a_worker_that_dies_while_sending_leaves_an_unknown(post: Post, fake: FakeGateway) -> None:
    """Not sent again by the next worker: after ten minutes an officer is told that nobody knows."""
    claim = post.report()
    office = office_of(post.settings)
    with post.sessions() as session, session.begin():
        plan(session, post.outbox(claim).id, post.messages, now=clock.now())
    with pytest.raises(Killed):
        send_next(post.sessions, {"gateway": DiesAfterSending()}, office, now=clock.now())
    post.run("messages.deliver")
    assert post.deliveries(claim)[0].state == "sending"
    later(minutes=11)
    post.run("messages.deliver")
    assert (post.deliveries(claim)[0].state, fake.received) == ("unknown", [])
    with post.sessions() as session, session.begin():
        assert give_up_lost(session, now=clock.now()) == 0


def test_two_workers_send_each_message_once(post: Post, fake: FakeGateway) -> None:
    """Six messages, two workers at the same moment: six letters, six keys."""
    claims = [post.report() for _ in range(6)]
    workers = [threading.Thread(target=post.run, args=("messages.deliver",)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    post.run("messages.deliver")  # what one held locked while the other looked
    assert len(fake.keys) == len(set(fake.keys)) == 6
    assert {post.deliveries(claim)[0].state for claim in claims} == {"sent"}


def test_at_night_a_message_waits_for_its_hour(post: Post, fake: FakeGateway) -> None:
    """A confirmation leaves at six in the morning, news at eight."""
    at("2026-11-19 23:00")
    claim = post.report()
    with post.stage() as stage:
        owe(
            stage.session,
            stage.session.get_one(Claim, claim.id),
            "request_answered",
            occasion="r:1",
            now=clock.now(),
        )
    post.run("messages.deliver")
    moments = [
        f"{clock.local(one.next_try_at):%d %H:%M}" for one in post.deliveries(claim) if one.next_try_at
    ]
    assert moments == ["20 06:00", "20 08:00"]
    at("2026-11-20 06:01")
    post.run("messages.deliver")
    assert len(fake.received) == 1


def test_a_message_held_up_until_the_friday_prayer_waits_on(post: Post, fake: FakeGateway) -> None:
    """The worker was away when its moment came: the moment is looked at again before anything leaves."""
    claim = post.report()
    with post.stage() as stage:
        owe(
            stage.session,
            stage.session.get_one(Claim, claim.id),
            "request_answered",
            occasion="r:1",
            now=clock.now(),
        )
        stage.session.execute(
            update(Outbox).where(Outbox.notice == "reported").values(planned_at=clock.now())
        )
    with post.sessions() as session, session.begin():
        plan(session, post.outbox(claim).id, post.messages, now=clock.now())
    at("2026-11-20 12:10")
    post.run("messages.deliver")
    assert fake.received == []
    at("2026-11-20 13:31")
    post.run("messages.deliver")
    assert len(fake.received) == 1


def test_an_officer_who_was_faster_stops_it(post: Post, fake: FakeGateway) -> None:
    """Told by telephone at night; in the morning nothing leaves."""
    at("2026-11-19 23:00")
    claim = post.report()
    post.run("messages.deliver")
    with post.stage() as stage:
        mark_delivered(
            stage.session,
            stage.session.get_one(Claim, claim.id),
            post.outbox(claim).id,
            "call",
            settings=post.settings,
            by=post.staff["dedi"],
            now=clock.now(),
        )
    at("2026-11-20 09:00")
    post.run("messages.deliver")
    assert (fake.received, post.deliveries(claim)[0].told_how) == ([], "call")


def pending(post: Post) -> Claim:
    """A case whose papers the family was asked for, on Friday 20 November."""
    claim = post.report()
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        move(stage, own, "start_intake")
    return claim


def reminders(post: Post, claim: Claim) -> list[str]:
    with Session(post.database.engine) as session:
        rows = select(Outbox.occasion).where(
            Outbox.casefile_id == claim.id, Outbox.notice == "paper_reminder"
        )
        return [occasion.partition(":")[0] for occasion in session.scalars(rows.order_by(Outbox.id))]


def test_reminders_on_the_third_seventh_and_fourteenth_day(post: Post) -> None:
    """Each once, in good hours, and never after the fourteenth: then somebody telephones."""
    claim = pending(post)
    seen: dict[str, list[str]] = {}
    for day in ("22 10", "23 07", "23 09", "23 15", "26 10", "27 10", "28 10", "30 10"):
        at(f"2026-11-{day}:00")
        post.run("messages.remind")
        seen[day] = reminders(post, claim)
    assert seen["22 10"] == seen["23 07"] == []
    assert seen["23 09"] == seen["26 10"] == ["day-3"]
    assert seen["27 10"] == seen["30 10"] == ["day-3", "day-7"]
    for day in ("04 10", "09 10", "12 10", "30 10"):
        at(f"2026-12-{day}:00")
        post.run("messages.remind")
    assert reminders(post, claim) == ["day-3", "day-7", "day-14"]


def test_two_workers_remind_once(post: Post) -> None:
    claim = pending(post)
    at("2026-11-23 10:00")
    workers = [threading.Thread(target=post.run, args=("messages.remind",)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert reminders(post, claim) == ["day-3"]


def test_who_has_sent_everything_is_not_reminded(post: Post) -> None:
    """Neither anew, nor by a reminder that still waits on an officer's list."""
    claim = pending(post)
    at("2026-11-23 10:00")
    post.run("messages.remind")
    post.run("messages.deliver")
    with post.stage() as stage:
        send_missing(stage, stage.session.get_one(Claim, claim.id))
    at("2026-11-27 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == ["day-3"]
    assert post.deliveries(claim)[-1].state == "skipped"


def test_a_reminder_that_was_overtaken_does_not_leave(post: Post, fake: FakeGateway) -> None:
    claim = pending(post)
    at("2026-11-23 10:00")
    post.run("messages.deliver")
    sent_before = len(fake.received)
    post.run("messages.remind")
    with post.stage() as stage:
        send_missing(stage, stage.session.get_one(Claim, claim.id))
    post.run("messages.deliver")
    assert post.deliveries(claim)[-1].state == "skipped"
    assert len(fake.received) == sent_before


def test_a_reminder_that_the_family_wished_is_overtaken_by_its_paper(post: Post, fake: FakeGateway) -> None:
    """The one paper it asks for has come, though others are still missing."""
    claim = pending(post)
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        wish = requests.PaperAsk("remind", remind_after_days=3)
        asked = requests.ask_about_paper(
            stage.session, own, "family_card", wish, by=phone_of(stage, own), now=clock.now()
        )
    at("2026-11-23 07:00")
    with post.stage() as stage:
        assert requests.remind(stage.session, asked.id, now=clock.now())
    post.run("messages.deliver")
    waiting = post.deliveries(claim)[-1]
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        send_paper(stage, own, "family_card", by=phone_of(stage, own))
    at("2026-11-23 10:00")
    post.run("messages.deliver")
    assert (waiting.state, post.deliveries(claim)[-1].state) == ("waiting", "skipped")


@pytest.mark.parametrize("way", ["gateway", "by_hand"])
def test_papers_that_came_overnight_are_not_asked_for(
    post: Post, request: pytest.FixtureRequest, way: str
) -> None:
    """The officer asked after hours, the family sent everything in the evening; in the morning nothing is wanted."""
    if way == "gateway":
        request.getfixturevalue("fake")
    claim = post.report()
    at("2026-11-20 18:00")
    with post.stage() as stage:
        move(stage, stage.session.get_one(Claim, claim.id), "start_intake")
    post.run("messages.deliver")
    with post.stage() as stage:
        send_missing(stage, stage.session.get_one(Claim, claim.id))
    at("2026-11-21 09:00")
    post.run("messages.deliver")
    post.run("messages.remind")
    assert [one.state for one in post.deliveries(claim)] == [
        "sent" if way == "gateway" else "by_hand",
        "skipped",
    ]


def test_an_approval_that_was_taken_back_is_not_told(post: Post, fake: FakeGateway) -> None:
    """Approved after hours, taken back before the office opened."""
    with post.stage() as stage:
        claim = approved(stage)
        stage.session.execute(
            update(Outbox).where(Outbox.notice != "approved").values(planned_at=clock.now())
        )
    at("2026-11-20 18:00")
    post.run("messages.deliver")
    waiting = post.deliveries(claim)[-1]
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        move(stage, own, "void_approval", reason_code="facts_changed")
    at("2026-11-21 09:00")
    post.run("messages.deliver")
    assert (waiting.state, post.deliveries(claim)[-1].state, fake.received) == ("waiting", "skipped", [])


def test_nothing_more_is_said_of_a_report_that_was_taken_back(post: Post, fake: FakeGateway) -> None:
    """Reported by mistake at night: in the morning nobody reads condolences for somebody who lives."""
    at("2026-11-19 22:00")
    claim = post.report()
    post.run("messages.deliver")
    with post.stage() as stage:
        move(stage, stage.session.get_one(Claim, claim.id), "withdraw", reason_code="mistaken")
    at("2026-11-20 09:00")
    post.run("messages.deliver")
    assert ([one.state for one in post.deliveries(claim)], fake.received) == (["skipped"], [])


def ask_for_help(post: Post, claim: Claim, but: tuple[str, ...] = ()) -> None:
    """The family cannot find its papers and asks us, except for some."""
    with post.stage() as stage:
        own, find = stage.session.get_one(Claim, claim.id), requests.PaperAsk("help_find")
        phone = phone_of(stage, own)
        for row in requirement_list(stage.session, claim.id):
            if row.need == "required" and row.status == "missing" and row.code not in but:
                requests.ask_about_paper(stage.session, own, row.code, find, by=phone, now=clock.now())


def test_who_waits_for_our_help_is_not_pressed(post: Post) -> None:
    """As long as one paper is the family's own to send, it is reminded; when all wait for us, it is our turn."""
    claim = pending(post)
    ask_for_help(post, claim, but=("family_card",))
    at("2026-11-23 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == ["day-3"]
    ask_for_help(post, claim)
    at("2026-11-27 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == ["day-3"]


def test_who_took_consent_back_is_called_and_not_reminded(post: Post) -> None:
    claim = pending(post)
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        consents.take_back(stage.session, own, by=phone_of(stage, own), now=clock.now())
    at("2026-11-23 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == []


def test_the_next_reminder_takes_the_former_off_the_list(post: Post) -> None:
    """An officer who passes them on by hand has one call to make, not two."""
    claim = pending(post)
    for day in ("23", "27"):
        at(f"2026-11-{day} 10:00")
        post.run("messages.remind")
        post.run("messages.deliver")
    post.run("messages.remind")
    assert reminders(post, claim) == ["day-3", "day-7"]
    assert [one.state for one in post.deliveries(claim)[-2:]] == ["skipped", "by_hand"]


def test_a_wished_reminder_keeps_its_saturday(post: Post, fake: FakeGateway) -> None:
    """The family chose “besok” on a Friday and read that it is a Saturday: then it is told on Saturday."""
    claim = pending(post)
    wish = requests.PaperAsk("remind", remind_after_days=1)
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        asked = requests.ask_about_paper(
            stage.session, own, "family_card", wish, by=phone_of(stage, own), now=clock.now()
        )
    at("2026-11-21 00:20")
    with post.stage() as stage:
        assert requests.remind(stage.session, asked.id, now=clock.now())
    post.run("messages.deliver")
    waiting = post.deliveries(claim)[-1]
    at("2026-11-21 08:00")
    post.run("messages.deliver")
    assert (waiting.state, post.deliveries(claim)[-1].state) == ("waiting", "sent")


def test_nobody_is_reminded_in_the_first_days_of_grief(post: Post) -> None:
    """Died on the twentieth: the twenty-third is the third day after; on the twenty-fourth one may ask again."""
    claim = pending(post)
    with post.stage() as stage:
        own = stage.session.get_one(Claim, claim.id)
        own.event_on = own.died_on = datetime.fromisoformat("2026-11-20").date()
    at("2026-11-23 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == []
    at("2026-11-24 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == ["day-3"]


def test_a_report_that_nobody_answered_is_not_the_familys_turn(post: Post) -> None:
    """The ball is with the office."""
    claim = post.report()
    at("2026-11-26 10:00")
    post.run("messages.remind")
    assert reminders(post, claim) == []


def test_what_is_sent_outside_is_said_in_the_log(
    post: Post, fake: FakeGateway, capfd: pytest.CaptureFixture[str]
) -> None:
    post.run("messages.deliver")
    said: Any = "".join(capfd.readouterr())
    assert "outgoing_hosts" in said
    assert "127.0.0.1" in said
    assert "rahasia" not in said
