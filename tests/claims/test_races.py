"""Two people at once, and one person in two tabs, on a PostgreSQL that really commits."""

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.claims.benefit import compute_benefit
from caseflow.claims.family import current_account, enter_account
from caseflow.claims.models import Claim, Decision
from caseflow.claims.operations import act
from caseflow.documents.storage import open_store
from caseflow.errors import NotPossible, Stale
from caseflow.people import accounts
from caseflow.people.accounts import Scope, actor_of
from caseflow.people.actor import SYSTEM, Actor
from caseflow.workflow.fire import take_duty
from caseflow.workflow.models import Duty
from tests.conftest import FreshDatabase
from tests.story import Stage, calculating, submitted

Outcome = str


def at_once(*works: Callable[[], None]) -> list[Outcome]:
    """Run all works behind one barrier; return what each came to."""
    barrier = threading.Barrier(len(works))
    outcomes: list[Outcome] = [""] * len(works)

    def run(place: int, work: Callable[[], None]) -> None:
        barrier.wait(10)
        try:
            work()
            outcomes[place] = "done"
        except NotPossible as refusal:
            outcomes[place] = type(refusal).__name__

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


def two_hats(database: FreshDatabase) -> Actor:
    """Somebody who is officer and approver: allowed, but never on the same case."""
    with Session(database.engine) as session:
        user = accounts.create_user(
            session, "dua", "Dua Topi", "surau lapau sawah padi", by=SYSTEM, now=clock.now()
        )
        for role in ("officer", "approver"):
            accounts.grant_role(
                session, user.person_id, role, Scope("branch", "solok"), by=SYSTEM, now=clock.now()
            )
        session.commit()
        found = actor_of(session, user.id)
    assert found is not None
    return found


@pytest.fixture
def waiting(fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path) -> int:
    """A claim that waits for approval; its key."""
    with Session(fresh_database.engine) as session:
        stage = Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)
        claim = submitted(stage)
        session.commit()
        return claim.id


def press(
    database: FreshDatabase, casefile_id: int, action: str, by: Actor, version: int
) -> Callable[[], None]:
    """One browser pressing one button, in a transaction of its own."""

    def work() -> None:
        with Session(database.engine) as session, session.begin():
            claim = session.get_one(Claim, casefile_id)
            act(session, claim, action, by=by, expected_version=version, now=clock.now())

    return work


def test_one_person_in_two_tabs_gets_one_duty(fresh_database: FreshDatabase, waiting: int) -> None:
    """Verifying and approving in the same instant: the key of the table lets one through."""
    person = two_hats(fresh_database)
    with Session(fresh_database.engine) as session:
        version = session.get_one(Claim, waiting).version
    outcomes = at_once(
        press(fresh_database, waiting, "approve", person, version),
        press(fresh_database, waiting, "withdraw_submission", person, version),
    )
    assert outcomes.count("done") == 1
    with Session(fresh_database.engine) as session:
        held = session.scalars(select(Duty.duty).where(Duty.person_id == person.person_id)).all()
        assert len(held) == 1
        assert not any(run_checks(session.connection()).values())


def test_every_pair_of_duties_in_two_tabs(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], waiting: int
) -> None:
    """Whatever the pair and whoever is quicker, one person ends with one duty on the case."""
    duties = ("verify", "medical", "approve", "make_batch", "release", "reconcile")
    pairs = [(first, second) for first in duties for second in duties if first < second]
    people = [actor for name, actor in staff.items() if name not in {"dedi"}]

    def take(by: Actor, duty: str) -> Callable[[], None]:
        def work() -> None:
            with Session(fresh_database.engine) as session, session.begin():
                take_duty(session, session.get_one(Claim, waiting), duty, by=by, now=clock.now())

        return work

    for number, (first, second) in enumerate(pairs):
        by = people[number % len(people)]
        at_once(take(by, first), take(by, second))
    with Session(fresh_database.engine) as session:
        holders = session.scalars(select(Duty.person_id).where(Duty.casefile_id == waiting)).all()
    assert len(holders) == len(set(holders))


def test_two_approvers_at_once_decide_once(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], waiting: int
) -> None:
    """Approve and return in the same instant: one decision, and the loser learns who was quicker."""
    with Session(fresh_database.engine) as session:
        version = session.get_one(Claim, waiting).version
    outcomes = at_once(
        press(fresh_database, waiting, "approve", staff["mega"], version),
        press(fresh_database, waiting, "approve", staff["hana"], version),
    )
    assert sorted(outcomes) == ["Stale", "done"]
    with Session(fresh_database.engine) as session:
        decisions = session.scalars(select(Decision.outcome).where(Decision.casefile_id == waiting)).all()
        assert decisions == ["approved"]


def test_a_stale_page_is_told_who_did_what(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], waiting: int
) -> None:
    """The sentence names the person and the act, and nothing changes."""
    with Session(fresh_database.engine) as session:
        version = session.get_one(Claim, waiting).version
    press(fresh_database, waiting, "approve", staff["mega"], version)()
    with pytest.raises(Stale) as told:
        press(fresh_database, waiting, "approve", staff["hana"], version)()
    assert "Mega Yulia" in told.value.sentence
    assert "Isian Anda belum disimpan" in told.value.sentence


def test_an_account_changed_while_submitting_is_never_approved_unseen(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    """Submitting and changing the account race: what is approved afterwards is what was submitted, or nothing."""
    with Session(fresh_database.engine) as session:
        stage = Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)
        claim = calculating(stage)
        compute_benefit(session, claim, by=staff["dedi"], now=clock.now())
        session.commit()
        key, version = claim.id, claim.version

    def change_account() -> None:
        with Session(fresh_database.engine) as session, session.begin():
            claim = session.get_one(Claim, key)
            enter_account(
                session,
                claim,
                bank_code="002",
                account_number="123456789012345",
                holder_name="Yusra",
                name_note="",
                by=staff["dedi"],
                now=clock.now(),
            )

    outcomes = at_once(press(fresh_database, key, "submit", staff["dedi"], version), change_account)
    assert "done" in outcomes
    with Session(fresh_database.engine) as session:
        claim = session.get_one(Claim, key)
        account = current_account(session, key)
        assert account is not None
        if claim.state == "awaiting_approval":
            history = act(
                session, claim, "approve", by=staff["mega"], expected_version=claim.version, now=clock.now()
            )
            assert history.state == "approved"
            session.commit()
        assert not any(run_checks(session.connection()).values())
