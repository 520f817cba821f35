"""What a visit found can never reach a decision or a payment: by import, by SQL, and by what officers are shown."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from caseflow import clock
from caseflow.claims import queries as claims
from caseflow.claims.stuck import stuck_cases
from caseflow.config import ROOT
from caseflow.db import Base
from caseflow.errors import NotFound
from caseflow.monitoring import told
from caseflow.monitoring.models import Plan
from caseflow.workflow.queries import state_figures
from tests import accident_story
from tests.scholarship_story import paid_claim
from tests.story import Stage
from tests.visit_story import followed, settled, visit_of

BELOW = ("claims", "payments", "law", "workflow", "documents", "registry", "people", "audit")
TABLES = frozenset(
    mapper.local_table.name
    for mapper in Base.registry.mappers
    if mapper.class_.__module__.startswith("caseflow.monitoring")
)
_TABLE = re.compile(r"\b(?:from|join|update|into)\s+\"?(\w+)", re.IGNORECASE)


def sources() -> list[Path]:
    """Every module of the floors below."""
    return [path for folder in BELOW for path in sorted((ROOT / "caseflow" / folder).rglob("*.py"))]


def test_there_is_something_to_keep_apart() -> None:
    assert {"monitoring_plan", "planned_visit", "visit", "visit_record", "visit_field"} <= TABLES
    assert len(sources()) > 100


@pytest.mark.parametrize("path", sources(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_floor_below_imports_it_or_names_its_tables(path: Path) -> None:
    text = path.read_text()
    assert "caseflow.monitoring" not in text
    assert "import monitoring" not in text
    assert not {found.lower() for found in _TABLE.findall(text)} & TABLES


@pytest.fixture
def read_tables(stage: Stage) -> Iterator[set[str]]:
    """The tables that statements named."""
    named: set[str] = set()
    engine = stage.session.get_bind().engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        named.update(found.lower() for found in _TABLE.findall(statement))

    assert isinstance(engine, Engine)
    event.listen(engine, "before_cursor_execute", note)
    yield named
    event.remove(engine, "before_cursor_execute", note)


def test_no_statement_from_report_to_payment_touches_what_visits_wrote(
    stage: Stage, read_tables: set[str]
) -> None:
    paid_claim(stage)
    claim = accident_story.approved(stage)
    order = accident_story.sent(stage, claim, accident_story.MARZUKI.account)
    accident_story.settle(stage, order)
    accident_story.bring_back(stage, order)
    assert {"claim", "assessment", "payment_instruction"} <= read_tables  # it did look
    assert not read_tables & TABLES


def test_no_list_or_search_of_claims_finds_a_plan(stage: Stage) -> None:
    plan = followed(stage)
    for who in ("dedi", "mega", "bram", "aulia"):
        by = stage.staff[who]
        assert plan.number not in {row.number for row in claims.search(stage.session, plan.number, by=by)}
        with pytest.raises(NotFound):
            claims.get_claim(stage.session, plan.number, by=by)
    assert plan.number not in {case.number for case in stuck_cases(stage.session)}
    assert state_figures(stage.session, "monitoring", "solok", now=clock.now()) == {}
    assert (
        state_figures(stage.session, "monitoring", plan.branch_code, now=clock.now())["following"].count == 1
    )


def test_officers_hear_that_a_visit_took_place_and_no_more(stage: Stage) -> None:
    plan, siska = followed(stage), stage.staff["siska"]
    assert told.outcomes_of(stage.session, plan.claim_id) == []
    settled(stage, visit_of(stage, plan, "m3"), "met", by=siska)
    assert told.outcomes_of(stage.session, plan.claim_id) == [
        "Kunjungan 3 bulan: keluarga ditemui, 20 November 2026"
    ]
    assert stage.session.get(Plan, plan.id) is plan
