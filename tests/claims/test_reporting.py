"""A report opens a case with its list of papers, from a phone, without a single paper."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import reporting
from caseflow.claims.models import Claim, Report
from caseflow.claims.opening import Branch
from caseflow.claims.reporting import DeathReport, report_death, similar_reports
from caseflow.documents.models import Requirement
from caseflow.errors import Invalid
from caseflow.identifiers import read_case_number
from caseflow.people.actor import REPORTER, Actor
from caseflow.workflow.models import History

SOLOK = Branch("solok", "SJJ")
SAMSIR = DeathReport(
    worker_name="Samsir",
    national_id="1303991209760001",
    died_on=date(2026, 11, 17),
    cause="illness_or_other",
    region_code="13.03.99.2001",
    jorong="Pasar",
    reporter_name="Yusra",
    reporter_relation="istri",
    reporter_phone="+6281234567890",
    phone_owner="sendiri",
    contact_by="whatsapp",
    consented=True,
)


def sent(session: Session, report: DeathReport = SAMSIR) -> Claim:
    """Send a report as a family does."""
    return report_death(session, report, branch=SOLOK, by=REPORTER, now=clock.now())


def test_it_opens_a_case_with_number_state_and_promise(session: Session) -> None:
    """The widow gets a number she can read aloud and a day by which somebody calls."""
    claim = sent(session)
    assert read_case_number(claim.number) == claim.number
    assert (claim.state, claim.version) == ("reported", 1)
    assert claim.due_on == date(2026, 11, 23)  # Friday 20 November + 1 working day


def test_it_leaves_two_history_rows_without_a_gap(session: Session) -> None:
    """No state without history: the draft and the report are both there."""
    claim = sent(session)
    rows = session.execute(
        select(History.version, History.state, History.action)
        .where(History.casefile_id == claim.id)
        .order_by(History.version)
    ).all()
    assert [tuple(row) for row in rows] == [(0, "draft", "open"), (1, "reported", "report")]


def test_a_widow_is_asked_for_six_papers_at_once(session: Session) -> None:
    """Everything that is required is asked for on the first day, not one at a time."""
    claim = sent(session)
    required = session.scalars(
        select(Requirement.code).where(Requirement.casefile_id == claim.id, Requirement.need == "required")
    ).all()
    assert set(required) == {
        "worker_id_card",
        "claimant_id_card",
        "family_card",
        "death_letter",
        "heir_statement",
        "marriage_book",
    }


def test_the_honorific_follows_the_sex_that_the_nik_tells(session: Session) -> None:
    """Day of birth plus forty means a woman; without a NIK nothing is guessed."""
    assert sent(session).honorific == "almarhum"
    assert sent(session, replace(SAMSIR, national_id="1303994503810002")).honorific == "almarhumah"
    assert sent(session, replace(SAMSIR, national_id=None)).honorific == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"died_on": date(2026, 11, 21)}, "died_on"),
        ({"consented": False}, "consented"),
        ({"region_code": "13.03.99"}, "region_code"),
        ({"region_code": "99.99"}, "region_code"),
    ],
)
def test_it_refuses_what_cannot_be_and_saves_nothing(
    session: Session, change: Mapping[str, object], field: str
) -> None:
    """A death tomorrow, no consent, a place that is no nagari."""
    before = session.scalar(select(func.count()).select_from(Report))
    with pytest.raises(Invalid) as refused:
        sent(session, replace(SAMSIR, **change))  # type: ignore[arg-type]
    assert field in refused.value.fields
    assert session.scalar(select(func.count()).select_from(Report)) == before


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({}, True),
        ({"national_id": None}, True),
        ({"worker_name": "SAMSIR, H."}, True),
        ({"worker_name": "Syahrul", "national_id": None}, False),
        ({"died_on": date(2026, 11, 16)}, True),
        ({"national_id": None, "died_on": date(2026, 11, 16)}, False),
        ({"national_id": None, "region_code": "13.03.99.2002"}, False),
    ],
)
def test_it_knows_a_second_report_of_the_same_death(
    session: Session, change: Mapping[str, object], is_same: bool
) -> None:
    """Same NIK within a fortnight, or same name, nagari and day."""
    first = sent(session)
    found = similar_reports(session, replace(SAMSIR, **change))  # type: ignore[arg-type]
    assert (list(found) == [first.number]) is is_same


def test_a_report_long_ago_is_another_death(session: Session) -> None:
    """After a fortnight a NIK alone no longer says: the same report."""
    sent(session)
    later = replace(SAMSIR, died_on=SAMSIR.died_on - timedelta(days=reporting.SAME_REPORT_DAYS + 1))
    assert similar_reports(session, later) == []


def test_the_helper_is_marked_on_the_report(session: Session, staff: Mapping[str, Actor]) -> None:
    """Who typed for the family stays visible."""
    claim = report_death(session, SAMSIR, branch=SOLOK, by=staff["dedi"], now=clock.now())
    report = session.get(Report, claim.id)
    assert report is not None
    assert report.helped_by_user_id == staff["dedi"].user_id
