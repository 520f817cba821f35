"""What the night does: reminders once, school years finished, old accidents lapsed; a second run changes nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock, jobs
from caseflow.claims import lapsing, requests
from caseflow.claims.accident_reporting import AccidentReport, report_accident
from caseflow.claims.models import Claim
from caseflow.claims.requests import PaperAsk
from caseflow.claims.scholarship_models import ScholarshipChild
from caseflow.claims.scholarship_opening import ChildFacts
from caseflow.config import Settings
from caseflow.documents.storage import open_store
from caseflow.errors import CaseflowError
from caseflow.notices.messages import messages_of
from caseflow.people.actor import REPORTER, Actor
from caseflow.reports import result_refresh
from caseflow.reports.result_choice import freshness
from caseflow.workflow.models import History, Outbox
from tests.conftest import FreshDatabase, make_settings
from tests.scholarship_story import asked, checked, on_day, opened, paid_claim, pay, year_approved
from tests.story import BRANCH, Stage, decide, move, phone_of, reported


@dataclass
class Night:
    """A database of its own, and the night's work over it."""

    database: FreshDatabase
    staff: Mapping[str, Actor]
    folder: Path

    @contextmanager
    def stage(self) -> Iterator[Stage]:
        """A stage whose work is committed at the end."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            yield Stage(session, open_store(f"folder://{self.folder}"), self.staff)
            session.commit()

    @property
    def settings(self) -> Settings:
        """Of a practice installation."""
        return make_settings(self.database.app_url, self.folder)

    def run(self, task: str) -> None:
        """Do one night's work as the worker would."""
        tools = jobs.Tools(
            sessionmaker(self.database.engine), open_store(f"folder://{self.folder}"), self.settings
        )
        jobs.build(tools).tasks[task](timestamp=0)

    def reminders(self, claim: Claim) -> list[str]:
        """Occasions of the reminders that the family is owed."""
        with Session(self.database.engine) as session:
            rows = session.scalars(
                select(Outbox.occasion)
                .where(Outbox.casefile_id == claim.id, Outbox.occasion != "")
                .order_by(Outbox.id)
            )
            return list(rows)

    def read(self, claim: Claim) -> Claim:
        """The case as it lies in the database now."""
        with Session(self.database.engine, expire_on_commit=False) as session:
            return session.get_one(Claim, claim.id)


@pytest.fixture
def night(fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path) -> Night:
    """A night over claims of its own."""
    return Night(fresh_database, staff, tmp_path / "objects")


def test_a_family_is_reminded_of_its_paper_on_the_day_it_chose(night: Night) -> None:
    with night.stage() as stage:
        claim = reported(stage)
        ask = PaperAsk("remind", remind_after_days=1)
        phone = phone_of(stage, claim)
        requests.ask_about_paper(stage.session, claim, "family_card", ask, by=phone, now=clock.now())
    night.run("families.remind")
    assert night.reminders(claim) == []
    clock.set_start(clock.now() + timedelta(days=1))
    for _ in range(2):
        night.run("families.remind")
    (occasion,) = night.reminders(claim)
    assert occasion.startswith("request-")
    with night.stage() as stage:
        message = messages_of(stage.session, night.read(claim), night.settings)[0]
    assert "Yang perlu dikirim: Kartu Keluarga (KK)." in message.text


def right(night: Night, name: str = "Rafi", facts: ChildFacts | None = None) -> Claim:
    with night.stage() as stage:
        return opened(stage, paid_claim(stage), name, facts or ChildFacts(employment="none"))


def test_a_family_is_reminded_on_the_planned_day_and_once(night: Night) -> None:
    """Before the day nothing, on the day one message, again the same night nothing; then the next half-year."""
    claim = right(night)
    night.run("law.remind_pupils")
    assert night.reminders(claim) == []
    on_day("2027-01-01")
    night.run("law.remind_pupils")
    night.run("law.remind_pupils")
    assert night.reminders(claim) == ["2027-01-01"]
    on_day("2027-07-02")  # one night late
    night.run("law.remind_pupils")
    assert night.reminders(claim) == ["2027-01-01", "2027-07-01"]
    with Session(night.database.engine) as session:
        child = session.get_one(ScholarshipChild, claim.id)
        assert (child.next_on, night.read(claim).follow_up_on) == (date(2028, 1, 1), date(2028, 1, 1))


def test_a_reminder_says_which_years_and_until_when(night: Night) -> None:
    """Every year that can be asked for, the nearest last day; nothing to steal in it."""
    claim = right(night)
    on_day("2027-07-01")
    night.run("law.remind_pupils")
    with Session(night.database.engine) as session:
        text = messages_of(session, session.get_one(Claim, claim.id), night.settings)[0].text
    assert "2026/2027 dan 2027/2028" in text
    assert "30 Juni 2030" in text
    assert "Rp" not in text
    assert "http" not in text
    assert len(text) <= 400


def test_a_child_kept_for_school_is_remembered_years_later(night: Night) -> None:
    """Nothing until 2029; then the family is asked whether school has begun."""
    claim = right(night, "Salwa", ChildFacts(school_expected_on=date(2029, 7, 9)))
    on_day("2028-07-01")
    night.run("law.remind_pupils")
    assert night.reminders(claim) == []
    on_day("2029-07-01")
    night.run("law.remind_pupils")
    with Session(night.database.engine) as session:
        message = messages_of(session, session.get_one(Claim, claim.id), night.settings)[0]
    assert message.notice == "scholarship_school"
    assert "2029/2030" in message.text


def test_who_is_just_applying_is_not_reminded(night: Night) -> None:
    """The day passes; the plan goes on."""
    claim = right(night)
    with night.stage() as stage:
        asked(stage, stage.session.get_one(Claim, claim.id), 2026)
    on_day("2027-01-01")
    night.run("law.remind_pupils")
    assert night.reminders(claim) == []
    with Session(night.database.engine) as session:
        assert (session.get_one(ScholarshipChild, claim.id).next_on or date.min) > date(2027, 1, 1)


def test_a_paid_year_is_finished_once_the_bank_had_its_time(night: Night) -> None:
    """Not the next night; by the system, and only once."""
    claim = right(night, "Nadia")
    with night.stage() as stage:
        adult = stage.session.get_one(Claim, claim.id)
        year_approved(stage, adult, 2026, level="sma")
        pay(stage, adult, holder="Nadia")
    night.run("law.finish_years")
    assert night.read(claim).state == "paid"
    on_day("2027-01-15")
    night.run("law.finish_years")
    night.run("law.finish_years")
    assert night.read(claim).state == "waiting_year"
    with Session(night.database.engine) as session:
        last = session.scalars(
            select(History).where(History.casefile_id == claim.id).order_by(History.version.desc()).limit(1)
        ).one()
        assert (last.action, last.actor_kind) == ("finish_year", "system")


def test_a_refused_year_keeps_its_time_for_an_objection(night: Night) -> None:
    """Finished only when the family can no longer object."""
    claim = right(night)
    with night.stage() as stage:
        refused = checked(stage, asked(stage, stage.session.get_one(Claim, claim.id), 2026), proven=False)
        move(stage, refused, "propose_refusal", reason_code="not_studying")
        decide(stage, refused, "refuse", reason_code="not_studying")
    night.run("law.finish_years")
    assert night.read(claim).state == "refused"
    on_day("2027-06-30")
    night.run("law.finish_years")
    assert night.read(claim).state == "waiting_year"


def test_an_accident_lapses_the_day_after_its_last_one(night: Night, tell: Callable[[Night], Claim]) -> None:
    """Five years and a day; the family is told and can still object."""
    claim = tell(night)
    on_day("2031-11-18")
    night.run("law.lapse")
    assert night.read(claim).state == "notified"
    on_day("2031-11-19")
    night.run("law.lapse")
    night.run("law.lapse")
    assert night.read(claim).state == "lapsed"
    with Session(night.database.engine) as session:
        told = session.scalars(select(Outbox.notice).where(Outbox.casefile_id == claim.id)).all()
    assert told.count("lapsed") == 1


def test_one_case_that_cannot_be_done_leaves_the_others(
    night: Night, tell: Callable[[Night], Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The night goes on; what was left is done another night."""
    first, second = tell(night), tell(night)
    on_day("2032-01-05")
    real = lapsing.lapse

    def sometimes(session: Session, key: int, **rest: object) -> bool:
        if key == first.id:
            raise CaseflowError("Tidak malam ini.")
        return real(session, key, now=clock.now())

    monkeypatch.setattr(lapsing, "lapse", sometimes)
    night.run("law.lapse")
    assert (night.read(first).state, night.read(second).state) == ("notified", "lapsed")
    monkeypatch.undo()
    night.run("law.lapse")
    assert night.read(first).state == "lapsed"


@pytest.fixture
def tell() -> Callable[[Night], Claim]:
    """A family tells of an accident on 18 November 2026."""

    def told(night: Night) -> Claim:
        report = AccidentReport(
            worker_name="Marzuki",
            national_id="1303990304880002",
            kind="accident",
            happened_on=date(2026, 11, 18),
            happened_at=time(9, 30),
            place="Balai nagari",
            chronology="Jatuh dari perancah setinggi dua meter.",
            result="injured",
            region_code="13.03.99.2001",
            notifier_role="family",
            notifier_name="Desmawati",
            notifier_phone="+6281267008888",
            consented=True,
        )
        with night.stage() as stage:
            return report_accident(stage.session, report, branch=BRANCH, by=REPORTER, now=clock.now())

    return told


def test_results_are_counted_as_of_one_moment(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is committed while they are counted belongs to the next count, in all figures."""
    kept: list[str] = []

    def watched(session: Session, *, now: object) -> int:
        kept.append(str(session.scalar(text("SHOW transaction_isolation"))))
        return 0

    monkeypatch.setattr(result_refresh, "refresh", watched)
    night.run("results.refresh")
    assert kept == ["repeatable read"]
    monkeypatch.undo()
    night.run("results.refresh")
    with Session(night.database.engine) as session:
        assert freshness(session) is not None
