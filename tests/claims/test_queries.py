"""Lists: the right rows in the right order, page after page, and never another branch's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import queries
from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.errors import NotFound
from caseflow.people.actor import Actor
from tests.claims.test_reporting import SAMSIR, sent


def many(session: Session, count: int) -> list[str]:
    """Reports whose deadlines differ; return their numbers, soonest first."""
    numbers = []
    for place in range(count):
        claim = sent(session)
        claim.due_on = claim.sort_on = clock.today() + timedelta(days=place - 5)
        session.flush()
        numbers.append(claim.number)
    return numbers


def test_the_worklist_pages_by_key_without_gap_or_repeat(
    session: Session, staff: Mapping[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three pages hold every case once, soonest first."""
    numbers = many(session, 8)
    monkeypatch.setattr(queries, "PAGE", 3)
    seen: list[str] = []
    after: str | None = None
    for _ in range(3):
        page = queries.worklist(session, "all", by=staff["dedi"], today=clock.today(), after=after)
        seen += [row.number for row in page.rows]
        after = page.after
    assert seen == numbers
    assert after is None


def test_queues_hold_what_their_names_say(session: Session, staff: Mapping[str, Actor]) -> None:
    """Overdue, unassigned and mine; the counts agree with the lists."""
    numbers = many(session, 7)
    by, today = staff["dedi"], clock.today()
    assert [row.number for row in queries.worklist(session, "overdue", by=by, today=today).rows] == numbers[
        :5
    ]
    assert len(queries.worklist(session, "unassigned", by=by, today=today).rows) == 7
    assert queries.worklist(session, "mine", by=by, today=today).rows == []
    counts = queries.queue_counts(session, by=by, today=today)
    assert (counts["overdue"], counts["unassigned"], counts["mine"], counts["all"]) == (5, 7, 0, 7)


def test_families_to_call_are_found(session: Session, staff: Mapping[str, Actor]) -> None:
    """More than 21 days without papers, or a report that nobody answered in time; not a day earlier."""
    by, today = staff["dedi"], date(2026, 11, 20)

    def reported_at(moment: str) -> Claim:
        clock.set_start(datetime.fromisoformat(f"{moment}:00+07:00"))
        return sent(session, replace(SAMSIR, died_on=date(2026, 10, 1)))

    def contacted_at(moment: str) -> Claim:
        claim = reported_at(moment)
        act(session, claim, "start_intake", by=by, expected_version=claim.version, now=clock.now())
        return claim

    silent = contacted_at("2026-10-29T23:58")
    for moment in ("2026-10-30T00:00", "2026-11-19T10:00"):
        contacted_at(moment)
    unanswered, answered_in_time = reported_at("2026-11-18T10:00"), reported_at("2026-11-19T10:00")
    assert (unanswered.due_on, answered_in_time.due_on) == (date(2026, 11, 19), today)
    found = queries.worklist(session, "to_call", by=by, today=today)
    assert [row.number for row in found.rows] == [unanswered.number, silent.number]
    assert queries.queue_counts(session, by=by, today=today)["to_call"] == 2
    assert queries.worklist(session, "to_call", by=by, today=date(2026, 11, 19)).rows == []


@pytest.mark.parametrize(
    "after",
    [
        "",
        "x",
        "2026-01-01",
        "2026-01-01.x",
        "2026-13-01.1",
        "2026-01-01.١",
        "2026-01-01." + "9" * 40,
        "." * 500,
    ],
)
def test_a_crafted_page_key_starts_at_the_beginning(
    session: Session, staff: Mapping[str, Actor], after: str
) -> None:
    """Nothing that is typed into the address breaks the list."""
    many(session, 2)
    assert len(queries.worklist(session, "all", by=staff["dedi"], today=clock.today(), after=after).rows) == 2


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("samsir", 1),
        ("AMSI", 1),
        ("1303 9912 0976 0001", 1),
        ("1303991209760009", 0),
        ("%", 0),
        ("_", 0),
        ("\\", 0),
        ("'; drop table claim; --", 0),
        ("x" * 10_000, 0),
        ("", 0),
    ],
)
def test_search_takes_the_text_literally(
    session: Session, staff: Mapping[str, Actor], typed: str, found: int
) -> None:
    """Name, NIK or number; wildcards are letters like any other."""
    sent(session)
    assert len(queries.search(session, typed, by=staff["dedi"])) == found


def test_search_finds_a_number_in_any_spelling(session: Session, staff: Mapping[str, Actor]) -> None:
    """With and without dashes, in small letters, without the regency."""
    number = sent(session).number
    for typed in (number, number.lower(), number.replace("-", ""), number[4:]):
        assert [row.number for row in queries.search(session, typed, by=staff["dedi"])] == [number]


def test_another_branch_sees_nothing(session: Session, staff: Mapping[str, Actor]) -> None:
    """Lists, search and fetch end at the border of the branch, and say the same as for what does not exist."""
    claim = sent(session)
    claim.branch_code = "padang"
    session.flush()
    by = staff["dedi"]
    assert queries.worklist(session, "all", by=by, today=clock.today()).rows == []
    assert queries.search(session, "samsir", by=by) == []
    assert queries.search(session, claim.number, by=by) == []
    with pytest.raises(NotFound) as foreign:
        queries.get_claim(session, claim.number, by=by)
    with pytest.raises(NotFound) as missing:
        queries.get_claim(session, "SJJ-26-9999-6", by=by)
    assert foreign.value.sentence == missing.value.sentence
    assert SAMSIR.worker_name not in foreign.value.sentence


def test_the_worklist_reads_an_index(session: Session, staff: Mapping[str, Actor]) -> None:
    """One look into the partial index of open cases; the plan names it."""
    many(session, 3)
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(
        session.scalars(
            text(
                "EXPLAIN SELECT id FROM casefile WHERE closed_at IS NULL AND branch_code = 'solok'"
                " AND (sort_on, id) > ('2026-01-01', 0) ORDER BY sort_on, id LIMIT 51"
            )
        )
    )
    assert "ix_casefile_open_by_due" in plan
    assert "Sort" not in plan
    assert staff["dedi"].branch_code == "solok"
