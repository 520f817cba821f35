"""Work changes hands: a case belongs to the branch, and no family waits for an officer who is gone (Serang)."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import handover, intake
from caseflow.claims.handover import Given
from caseflow.claims.handover_models import HandoverCase
from caseflow.claims.models import Claim
from caseflow.claims.workflows import definition_of
from caseflow.cli import checks
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people import accounts, staffing
from caseflow.people.accounts import Scope
from caseflow.people.actor import SYSTEM, Actor
from caseflow.people.models import RoleGrant, StaffUser
from caseflow.web.family.view import family_status
from caseflow.workflow.models import Duty
from tests import story

NOTE = "Bu Yusra dijanjikan telepon hari Senin tentang surat kuasa."
# written out by itself: no open case belongs to an account that is closed
NOTHING_IS_OWNED_BY_SOMEBODY_GONE = (
    "SELECT c.number FROM casefile c JOIN staff_user u ON u.id = c.assignee_user_id"
    " WHERE c.closed_at IS NULL AND NOT u.active"
)


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> story.Stage:
    """Where the stories are played."""
    return story.Stage(session, open_store(f"folder://{tmp_path}"), staff)


def given_to(session: Session, claim: Claim, officer: Actor) -> Claim:
    intake.assign(session, claim, officer.user_id, by=officer)
    return claim


def owner(session: Session, claim: Claim) -> int | None:
    session.refresh(claim)
    return claim.assignee_user_id


def close(session: Session, who: Actor, to: Actor | None, *, by: Actor) -> None:
    given = Given(to.user_id if to else None, NOTE)
    assert who.user_id is not None
    handover.close_account(session, who.user_id, given, by=by, now=clock.now())


def test_serang_the_officer_moved_and_no_file_was_returned(stage: story.Stage) -> None:
    """In Serang the officer was moved, and the families' files came back unanswered. Here the case stays the branch's."""
    session, staff = stage.session, stage.staff
    claim = story.verifying(stage)
    dedi, sari, bram = staff["dedi"], staff["sari"], staff["bram"]
    before = (claim.state, claim.version, claim.due_on)
    grant = session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == dedi.person_id)).one()
    moved = handover.take_role(session, grant, Given(sari.user_id, NOTE), by=bram, now=clock.now())
    assert moved is not None
    assert (moved.why, moved.cases, moved.note) == ("moved", 1, NOTE)
    assert owner(session, claim) == sari.user_id
    assert (claim.state, claim.version, claim.due_on) == before, "the family's step and day stay as they were"
    duty = session.scalars(select(Duty.person_id).where(Duty.casefile_id == claim.id)).one()
    assert duty == dedi.person_id, "what he did stays his"
    status = family_status(session, claim, 0, close=True)
    assert status.officer == "Sari"
    assert definition_of(claim).states[claim.state].tell_family({}) == status.sentence
    # the new officer goes on where the old one stopped
    stage.officer = "sari"
    story.accept_papers(stage, claim)
    assert owner(session, claim) == sari.user_id


def test_closing_an_account_hands_everything_over_at_once(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    first = given_to(session, story.reported(session), staff["dedi"])
    second = given_to(session, story.reported(session, story.NURBAITI), staff["dedi"])
    close(session, staff["dedi"], staff["sari"], by=staff["bram"])
    assert {owner(session, first), owner(session, second)} == {staff["sari"].user_id}
    assert accounts.actor_of(session, staff["dedi"].user_id or 0) is None
    assert session.execute(text(NOTHING_IS_OWNED_BY_SOMEBODY_GONE)).all() == []
    rows = session.scalars(select(HandoverCase)).all()
    assert {(row.casefile_id, row.due_on) for row in rows} == {
        (one.id, one.due_on or one.follow_up_on) for one in (first, second)
    }
    told = session.scalars(select(AuditEvent.action).where(AuditEvent.casefile_id == first.id)).all()
    assert "claim.handed_over" in told


def test_without_a_note_nothing_is_closed(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    claim = given_to(session, story.reported(session), staff["dedi"])
    with pytest.raises(Invalid) as refused, session.begin_nested():
        handover.close_account(
            session, staff["dedi"].user_id or 0, Given(None, "ya"), by=staff["bram"], now=clock.now()
        )
    assert set(refused.value.fields) == {"note"}
    assert owner(session, claim) == staff["dedi"].user_id
    assert accounts.actor_of(session, staff["dedi"].user_id or 0) is not None


def test_who_has_nothing_in_hand_needs_no_note(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    gone = handover.close_account(
        session, staff["hadi"].user_id or 0, Given(None, ""), by=staff["admin"], now=clock.now()
    )
    assert gone is None
    assert accounts.actor_of(session, staff["hadi"].user_id or 0) is None


def test_what_the_colleague_cannot_take_goes_to_the_common_list(stage: story.Stage) -> None:
    """Whoever holds another duty on a case for ever cannot prepare it."""
    session, staff = stage.session, stage.staff
    claim = given_to(session, story.reported(session), staff["dedi"])
    other = given_to(session, story.reported(session, story.NURBAITI), staff["dedi"])
    session.add(
        Duty(
            casefile_id=claim.id, person_id=staff["sari"].person_id or 0, duty="approve", taken_at=clock.now()
        )
    )
    session.flush()
    close(session, staff["dedi"], staff["sari"], by=staff["bram"])
    assert owner(session, claim) is None
    assert owner(session, other) == staff["sari"].user_id


@pytest.mark.parametrize("receiver", ["dedi", "mega", "fitri", "nina"])
def test_only_an_officer_of_the_branch_receives(stage: story.Stage, receiver: str) -> None:
    session, staff = stage.session, stage.staff
    given_to(session, story.reported(session), staff["dedi"])
    with pytest.raises(Invalid) as refused:
        handover.hand_over(
            session,
            staff["dedi"].user_id or 0,
            Given(staff[receiver].user_id, NOTE),
            why="leave",
            by=staff["bram"],
            now=clock.now(),
        )
    assert set(refused.value.fields) == {"to"}


def test_leave_hands_over_and_leaves_the_account_open(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    claim = given_to(session, story.reported(session), staff["dedi"])
    dedi = staff["dedi"]
    handover.hand_over(session, dedi.user_id or 0, Given(None, NOTE), why="leave", by=dedi, now=clock.now())
    assert owner(session, claim) is None
    assert accounts.actor_of(session, dedi.user_id or 0) is not None
    with pytest.raises(NotPossible, match="tidak memegang kasus"):
        handover.hand_over(
            session, dedi.user_id or 0, Given(None, NOTE), why="leave", by=dedi, now=clock.now()
        )


def test_an_officer_gives_only_their_own(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    given_to(session, story.reported(session), staff["dedi"])
    for who in ("sari", "fitri", "admin", "nina"):
        with pytest.raises(NotPermitted):
            handover.hand_over(
                session,
                staff["dedi"].user_id or 0,
                Given(None, NOTE),
                why="leave",
                by=staff[who],
                now=clock.now(),
            )


def test_another_branch_is_not_there(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    stranger = accounts.create_user(
        session, "padang1", "Orang Padang", "lesung kabut sendok tua", by=SYSTEM, now=clock.now()
    )
    accounts.grant_role(
        session, stranger.person_id, "officer", Scope("branch", "padang"), by=SYSTEM, now=clock.now()
    )
    with pytest.raises(NotFound):
        handover.hand_over(
            session, stranger.id, Given(None, NOTE), why="leave", by=staff["bram"], now=clock.now()
        )


def test_the_night_gives_back_what_somebody_gone_still_has(stage: story.Stage) -> None:
    """However an account came to be closed: by hand in the database, or with a case opened again afterwards."""
    session, staff = stage.session, stage.staff
    claim = given_to(session, story.reported(session), staff["dedi"])
    session.execute(update(StaffUser).where(StaffUser.username == "dedi").values(active=False))
    assert session.execute(text(NOTHING_IS_OWNED_BY_SOMEBODY_GONE)).all() == [(claim.number,)]
    assert [said for said in checks._ownerless(session) if "1 petugas" in said]
    gone = handover.ownerless(session)
    assert gone == [staff["dedi"].user_id]
    assert handover.sweep(session, gone[0], now=clock.now())
    assert owner(session, claim) is None
    assert session.execute(text(NOTHING_IS_OWNED_BY_SOMEBODY_GONE)).all() == []
    assert checks._ownerless(session) == []
    assert not handover.sweep(session, gone[0], now=clock.now()), "the second night has nothing to do"


def test_the_night_sees_who_is_no_longer_of_the_branch(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    claim = given_to(session, story.reported(session), staff["dedi"])
    assert handover.ownerless(session) == []
    session.execute(
        update(RoleGrant).where(RoleGrant.person_id == staff["dedi"].person_id).values(revoked_at=clock.now())
    )
    assert handover.ownerless(session) == [staff["dedi"].user_id]
    handover.sweep(session, staff["dedi"].user_id or 0, now=clock.now())
    assert owner(session, claim) is None


def test_a_closed_account_takes_no_case(stage: story.Stage) -> None:
    session, staff = stage.session, stage.staff
    claim = story.reported(session)
    staffing.close(session, staff["dedi"].user_id or 0, by=staff["bram"], now=clock.now())
    with pytest.raises(NotFound):
        intake.assign(session, claim, staff["dedi"].user_id, by=staff["mega"])
