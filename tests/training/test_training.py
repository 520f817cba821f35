"""Practice data goes through the real verbs and is loaded once."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims.models import Claim
from caseflow.documents.storage import open_store
from caseflow.monitoring import family_list, lists
from caseflow.monitoring.referral_queries import referral_counts, referral_rows
from caseflow.monitoring.visit_models import VisitRecord
from caseflow.people.actor import Actor
from caseflow.registry.models import CoverMonth, Worker
from caseflow.registry.nomination_models import Nominee, Quota
from caseflow.training.cases import STORIES, load_cases
from caseflow.training.help import OFFERS, load_help
from caseflow.training.papers import write_samples
from caseflow.training.registry import LATIHAN
from caseflow.training.seed import load_training
from caseflow.training.visits import FAMILIES, load_families
from tests.conftest import make_settings


def test_the_worklist_of_a_new_installation_is_not_empty(session: Session, tmp_path: Path) -> None:
    """Cases on every part of the way: an accident under treatment, a paid one with two scholarships."""
    store = open_store(f"folder://{tmp_path}")
    store.prepare()
    assert load_cases(session, store, make_settings("", tmp_path)) == len(STORIES) + 1
    states = session.execute(select(Claim.program, Claim.state).order_by(Claim.id)).all()
    assert [tuple(row) for row in states] == [
        ("jkm", "reported"),
        ("jkm", "documents_pending"),
        ("jkm", "awaiting_approval"),
        ("jkm", "paid"),
        ("scholarship", "documents_pending"),
        ("scholarship", "waiting_school"),
        ("jkk", "treatment"),
    ]
    assert run_checks(session.connection()) == {}


def test_families_are_followed_and_their_visitors_have_something_to_do(
    session: Session, tmp_path: Path, staff: Mapping[str, Actor]
) -> None:
    """Five families whose money came one to fourteen months ago; something late, this week, this month."""
    store = open_store(f"folder://{tmp_path}")
    store.prepare()
    before = clock.today()
    assert load_families(session, store, make_settings("", tmp_path)) == len(FAMILIES) == 5
    assert clock.today() == before
    due = {
        one.due_on - before
        for one in lists.due_visits(session, by=staff["rina"], until=before + timedelta(31))
    }
    assert {one.days < 0 for one in due} == {True, False}
    assert family_list.page(session, family_list.Filters(), by=staff["yoga"]).rows
    made = session.execute(
        select(VisitRecord.kind, VisitRecord.outcome, VisitRecord.livelihood_stage).order_by(
            VisitRecord.plan_id
        )
    ).all()
    assert len(made) >= 8
    assert ("m12", "met", "growing") in [tuple(row) for row in made]
    assert run_checks(session.connection()) == {}


def test_families_are_sent_on_and_one_answer_is_late(
    session: Session, tmp_path: Path, staff: Mapping[str, Actor]
) -> None:
    """Offers of six kinds of help; somebody waits, somebody attends, a supervisor has read the first visits."""
    store = open_store(f"folder://{tmp_path}")
    store.prepare()
    load_families(session, store, make_settings("", tmp_path))
    assert load_help(session) == len(OFFERS)
    siska, today = staff["siska"], clock.today()
    assert referral_counts(session, by=siska, today=today) == {
        "overdue": 1,
        "waiting": 1,
        "going": 2,
        "ended": 0,
    }
    (late,) = referral_rows(session, "overdue", by=siska, today=today)
    assert (late.family, late.to_whom.split(",")[0]) == ("Bakri", "Modal bergulir tanpa bunga")
    read = session.scalars(select(VisitRecord.kind).where(VisitRecord.validated_at.is_not(None))).all()
    assert set(read) == {"m3"}
    assert run_checks(session.connection()) == {}


def test_loading_again_adds_nothing(session: Session) -> None:
    """``make run`` loads at every start; data that is there stays as it is."""
    assert load_training(session) is False


def test_practice_files_are_what_their_names_say(tmp_path: Path) -> None:
    """Good and bad files to try uploads with."""
    names = write_samples(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == set(names)
    assert (tmp_path / "kk-terang.jpg").stat().st_size > 3_000_000
    assert (tmp_path / "rusak.pdf").stat().st_size == 0
    assert (tmp_path / "ktp.heic").read_bytes()[4:12] == b"ftypheic"


def test_the_practice_nagari_is_what_the_papers_say(session: Session) -> None:
    """A hundred places, ninety paid for, 62 covered, 21 put forward, four waiting, five two months behind."""
    quota = session.scalars(
        select(Quota).where(Quota.region_code == LATIHAN).order_by(Quota.starts_on)
    ).first()
    assert quota is not None
    assert (quota.slots, quota.budgeted, quota.taken) == (100, 90, 83)
    states = session.execute(
        select(Nominee.state, func.count()).where(Nominee.quota_id == quota.id).group_by(Nominee.state)
    )
    assert {row[0]: row[1] for row in states} == {"enrolled": 62, "proposed": 21, "waiting": 4}
    last = (
        select(func.max(CoverMonth.month).label("month"))
        .join(Worker, Worker.id == CoverMonth.worker_id)
        .where(Worker.region_code == LATIHAN)
        .group_by(Worker.id)
        .subquery()
    )
    paid = {
        row[0]: row[1] for row in session.execute(select(last.c.month, func.count()).group_by(last.c.month))
    }
    assert paid == {date(2026, 8, 1): 5, date(2026, 10, 1): 52, date(2026, 11, 1): 5}
