"""Every day of a case is somebody's, once: the parties together have all the days, to the day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from caseflow import clock
from caseflow.claims.workflows import book
from caseflow.documents.spells import Spell
from caseflow.reports.autopsy import autopsy
from caseflow.reports.days import issuers
from caseflow.workflow.journey import Stay, Step, stays
from caseflow.workflow.models import History

MONDAY = datetime(2026, 11, 2, 9, 0, tzinfo=clock.WIB)
JKM, JKK = book().latest("jkm"), book().latest("jkk")
_STATES = st.sampled_from([(JKM, name) for name in JKM.states] + [(JKK, name) for name in JKK.states])
_MINUTES = st.integers(min_value=0, max_value=60 * 24 * 40)
_CODES = st.sampled_from(
    ["death_letter", "heir_statement", "family_card", "doctor_certificate", "gone_paper"]
)


def walked(*steps: tuple[str, int], due: date | None = None) -> list[Stay]:
    """Stays of a death claim: state and hours after the first Monday."""
    at = [MONDAY + timedelta(hours=hours) for _, hours in steps]
    rows = [row(name, moment, due) for (name, _), moment in zip(steps, at, strict=True)]
    return stays([Step(one, JKM, JKM) for one in rows])


def row(state: str, at: datetime, due: date | None = None) -> History:
    return History(
        casefile_id=1,
        version=0,
        state=state,
        action="open",
        workflow="jkm",
        workflow_version=2,
        at=at,
        actor_kind="system",
        actor_name="Sistem",
        due_on=due,
    )


@given(
    moves=st.lists(st.tuples(_STATES, _MINUTES), min_size=1, max_size=12),
    papers=st.lists(st.tuples(_CODES, _MINUTES, st.none() | _MINUTES), max_size=8),
    last=_MINUTES,
)
@settings(max_examples=200, deadline=None)
def test_the_parties_have_all_the_days(
    moves: Sequence[tuple[tuple[object, str], int]],
    papers: Sequence[tuple[str, int, int | None]],
    last: int,
) -> None:
    at, steps = MONDAY, []
    for (definition, state), minutes in moves:
        steps.append(Step(row(state, at), JKM, definition))  # type: ignore[arg-type]
        at += timedelta(minutes=minutes)
    until = at + timedelta(minutes=last)
    spells = [
        Spell(
            code,
            MONDAY + timedelta(minutes=since),
            None if end is None else MONDAY + timedelta(minutes=since + end),
        )
        for code, since, end in papers
    ]
    found = autopsy(stays(steps), spells, issuers(), until=until)
    whole = (clock.local(until).date() - clock.local(MONDAY).date()).days
    assert sum(found.days.values()) == found.total == whole - found.closed_days
    assert sum(span.days for span in found.spans) == whole
    ends = [found.opened_on, *(span.until for span in found.spans)]
    assert ends[:-1] == [span.since for span in found.spans]
    assert all(span.days > 0 for span in found.spans)


def test_a_day_belongs_to_whoever_is_waited_for_at_its_end() -> None:
    found = autopsy(
        walked(
            ("draft", 0), ("reported", 1), ("documents_pending", 6), ("verifying", 24 * 3), ("paid", 24 * 4)
        ),
        [],
        issuers(),
        until=MONDAY + timedelta(days=6),
    )
    assert (found.days["family"], found.days["branch"], found.total) == (3, 3, 6)
    assert [(span.party, span.days) for span in found.spans] == [("family", 3), ("branch", 1), ("branch", 2)]
    assert found.spans[0].happened == ("Kasus dibuka",) * 3


def test_days_of_papers_that_only_the_nagari_makes_are_the_nagaris() -> None:
    """Two days the family card is missing too, then three days only letters of the nagari."""
    spells = [
        Spell("family_card", MONDAY, MONDAY + timedelta(days=2)),
        Spell("death_letter", MONDAY, MONDAY + timedelta(days=5)),
        Spell("heir_statement", MONDAY, MONDAY + timedelta(days=4)),
    ]
    found = autopsy(
        walked(("documents_pending", 0), ("documents_complete", 24 * 5)),
        spells,
        issuers(),
        until=MONDAY + timedelta(days=6),
    )
    assert (found.days["family"], found.days["nagari"], found.days["branch"]) == (2, 3, 1)
    assert found.spans[1].papers == ("death_letter",)


def test_a_promise_is_kept_missed_or_still_running() -> None:
    def late(due: int, left: int | None) -> int | None:
        steps = [("verifying", 0), *([("calculating", 24 * left)] if left is not None else [])]
        found = autopsy(
            walked(*steps, due=MONDAY.date() + timedelta(days=due)),
            [],
            issuers(),
            until=MONDAY + timedelta(days=9),
        )
        return found.spans[0].days_late

    assert late(3, 3) == 0
    assert late(3, 5) == 2
    assert late(20, None) is None
    assert late(3, None) == 6


def test_closed_days_are_nobodys() -> None:
    found = autopsy(
        walked(("paid", 0), ("closed", 24 * 2), ("verifying", 24 * 7)),
        [],
        issuers(),
        until=MONDAY + timedelta(days=8),
    )
    assert (found.total, found.closed_days) == (3, 5)
    assert found.spans[1].party is None


def test_a_case_of_one_day_has_no_days() -> None:
    found = autopsy(walked(("draft", 0), ("withdrawn", 3)), [], issuers(), until=MONDAY + timedelta(hours=3))
    assert (found.total, list(found.spans)) == (0, [])
