"""A nomination lies apart from claims: no list of cases holds one, and the calendar leaves its promise alone."""

from collections.abc import Mapping
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import queries as claims
from caseflow.claims.stuck import stuck_cases
from caseflow.claims.workflows import book
from caseflow.errors import NotFound
from caseflow.people.actor import Actor
from caseflow.registry import operations as calendar
from caseflow.registry.nomination_models import Nomination
from caseflow.registry.nominations import area
from caseflow.workflow.queries import state_figures

Staff = Mapping[str, Actor]


def submitted(session: Session) -> Nomination:
    return session.scalars(select(Nomination).where(Nomination.state == "submitted")).one()


@pytest.mark.parametrize("who", ["dedi", "mega", "bram", "aulia"])
def test_no_list_or_search_of_claims_finds_one(session: Session, staff: Staff, who: str) -> None:
    nomination, by = submitted(session), staff[who]
    assert claims.queue_counts(session, by=by, today=clock.today()).get("unassigned", 0) == 0
    for words in (nomination.number, nomination.subject, "Usulan"):
        assert list(claims.search(session, words, by=by)) == []
    with pytest.raises(NotFound):
        claims.get_claim(session, nomination.number, by=by)


def test_one_is_never_stuck_and_has_figures_of_its_own(session: Session) -> None:
    nomination = submitted(session)
    assert nomination.number not in {case.number for case in stuck_cases(session)}
    now = clock.now()
    assert state_figures(session, "nomination", "solok", now=now) == {}
    assert state_figures(session, "nomination", area("solok"), now=now)["submitted"].count == 1


def test_a_holiday_does_not_move_its_promise(session: Session, staff: Staff) -> None:
    nomination, now = submitted(session), clock.now()
    before = nomination.due_on
    calendar.add_holiday(
        session, date(2026, 11, 24), kind="penutupan_kantor", name="Kantor ditutup", by=staff["bram"], now=now
    )
    preview = calendar.preview_due_changes(session, book(), now=now)
    assert preview.count == 0
    seen = preview.calendar_sha256
    calendar.recompute_due_dates(session, book(), seen_sha256=seen, by=staff["bram"], now=now)
    session.refresh(nomination)
    assert nomination.due_on == before
