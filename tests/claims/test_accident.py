"""What an officer establishes of an accident: every refusal in words, nothing saved, and late reports only noted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import accident
from caseflow.claims.accident import EventRecord, Period, Receipt
from caseflow.claims.accident_models import CarePeriod
from caseflow.claims.accident_reporting import Disease, report_accident, similar_accidents
from caseflow.claims.models import Claim
from caseflow.claims.proposed_answers import proposals
from caseflow.claims.rules import RULES
from caseflow.documents.review import get_requirement
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import REPORTER, SYSTEM, Actor
from caseflow.workflow.models import Duty
from tests import story
from tests.accident_story import MARZUKI, notified, press, stage_one, submitted, treated, write_conclusion
from tests.story import BRANCH, Stage, move

TOMORROW = date(2026, 11, 21)
BEFORE = date(2026, 11, 17)  # the day before Marzuki fell


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def fields_of(refused: Callable[[], object]) -> list[str]:
    """Return the fields that a refusal names; each has a sentence that says whether anything was saved."""
    with pytest.raises(Invalid) as caught:
        refused()
    assert all("tersimpan" in sentence for sentence in caught.value.fields.values())
    return sorted(caught.value.fields)


def event(stage: Stage, claim: Claim, **changes: Any) -> Callable[[], object]:
    """Form 3 KK 1 with some of it otherwise."""
    facts: EventRecord = replace(MARZUKI.event, **changes)
    return lambda: accident.record_event(stage.session, claim, facts, by=stage.verifier, now=clock.now())


def period(stage: Stage, claim: Claim, **changes: Any) -> Callable[[], CarePeriod]:
    """Three days unable to work with some of it otherwise."""
    days: Period = replace(MARZUKI.periods[1], **changes)
    return lambda: accident.add_period(stage.session, claim, days, by=stage.verifier, now=clock.now())


def receipt(stage: Stage, claim: Claim, **changes: Any) -> Callable[[], Any]:
    """The hired car with some of it otherwise."""
    paper: Receipt = replace(MARZUKI.receipts[0], **changes)
    return lambda: accident.add_cost(stage.session, claim, paper, by=stage.verifier, now=clock.now())


def conclusion(
    stage: Stage, claim: Claim, verdict: str, grounds: list[str], reason: str
) -> Callable[[], Any]:
    """A conclusion by the officer."""
    return lambda: accident.conclude(
        stage.session, claim, verdict, grounds, reason, by=stage.verifier, now=clock.now()
    )


# ---------------------------------------------------------------- the notice


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_on": TOMORROW}, "happened_on"),
        ({"died_on": BEFORE}, "died_on"),
        ({"died_on": TOMORROW}, "died_on"),
        ({"chronology": " jatuh  "}, "chronology"),
        ({"kind": "disease"}, "disease"),
        ({"consented": False}, "consented"),
        ({"region_code": "13.03"}, "region_code"),
        ({"region_code": "tidak ada"}, "region_code"),
    ],
)
def test_a_notice_that_cannot_be_is_refused(session: Session, changes: dict[str, Any], field: str) -> None:
    report = replace(MARZUKI.report, **changes)
    with pytest.raises(Invalid) as refused:
        report_accident(session, report, branch=BRANCH, by=REPORTER, now=clock.now())
    assert list(refused.value.fields) == [field]


def test_nobody_knows_the_hour_nor_the_nik(session: Session) -> None:
    """What a notifier does not know holds nothing up."""
    unknown = replace(MARZUKI.report, national_id=None, happened_at=None, result="unknown")
    claim = report_accident(session, unknown, branch=BRANCH, by=REPORTER, now=clock.now())
    assert (claim.state, claim.worker_id, claim.due_on) == ("notified", None, date(2026, 11, 22))


def test_a_disease_is_notified_with_job_years_exposure_and_diagnosis(session: Session) -> None:
    disease = Disease(job="Penambang", years_of_service="12", exposure="Debu batu", diagnosis="Silikosis")
    report = replace(MARZUKI.report, kind="disease", disease=disease)
    assert report_accident(session, report, branch=BRANCH, by=REPORTER, now=clock.now()).state == "notified"


def test_the_same_accident_is_found_by_nik_or_by_name_and_nagari(stage: Stage) -> None:
    claim = notified(stage)
    near = replace(MARZUKI.report, national_id=None, happened_on=date(2026, 11, 17))
    assert similar_accidents(stage.session, MARZUKI.report) == [claim.number]
    assert similar_accidents(stage.session, near) == [claim.number]
    assert similar_accidents(stage.session, replace(near, happened_on=date(2026, 11, 1))) == []
    assert similar_accidents(stage.session, replace(near, worker_name="Bustami")) == []


@pytest.mark.parametrize("years", [1, 4])
def test_a_late_report_is_noted_and_never_refused(stage: Stage, years: int) -> None:
    """Stage I after its 2 × 24 hours, years late: taken, with the hours for the officer to see."""
    day = date(2026 - years, 11, 18)
    person = replace(
        MARZUKI,
        report=replace(MARZUKI.report, happened_on=day),
        event=replace(MARZUKI.event, happened_on=day, happened_at=time(14, 0)),
    )
    claim = stage_one(stage, person)
    said = proposals(stage.session, claim)
    assert claim.state == "suspected"
    assert said["reported_in_time"].answer == "no"
    assert "hanya peringatan" in said["reported_in_time"].because
    assert said["not_expired"].answer == "yes"


# ---------------------------------------------------------------- facts of the event


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"happened_on": TOMORROW}, ["happened_on"]),
        ({"died_on": BEFORE}, ["died_on"]),
        ({"died_on": TOMORROW}, ["died_on"]),
        ({"place": " ", "activity": "", "chronology": "\n"}, ["activity", "chronology", "place"]),
    ],
)
def test_facts_that_cannot_be_are_refused(stage: Stage, changes: dict[str, Any], fields: list[str]) -> None:
    claim = notified(stage)
    assert fields_of(event(stage, claim, **changes)) == fields
    assert accident.current_record(stage.session, claim.id) is None


def test_the_day_of_the_event_selects_the_rules(stage: Stage) -> None:
    """The newest facts count, the former stay; and what was concluded on them is open again."""
    claim = treated(stage)
    write_conclusion(stage, claim, "work")
    event(stage, claim, happened_on=date(2026, 11, 16))()
    assert claim.event_on == date(2026, 11, 16)
    assert accident.current_conclusion(stage.session, claim.id) is None
    assert "fakta yang sekarang" in (RULES["concluded_as_work"](stage.session, claim) or "")


def test_a_road_accident_asks_for_the_police(stage: Stage) -> None:
    claim = stage_one(stage)
    with pytest.raises(NotFound):
        get_requirement(stage.session, claim.id, "police_report")
    event(stage, claim, place_kind="commute")()
    assert get_requirement(stage.session, claim.id, "police_report").status == "missing"


# ---------------------------------------------------------------- days


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"starts_on": BEFORE}, ["starts_on"]),
        ({"starts_on": TOMORROW, "ends_on": None}, ["starts_on"]),
        ({"ends_on": BEFORE}, ["ends_on"]),
        ({"ends_on": TOMORROW}, ["ends_on"]),
        ({"source": "  "}, ["source"]),
    ],
)
def test_days_that_cannot_be_are_refused(stage: Stage, changes: dict[str, Any], fields: list[str]) -> None:
    claim = stage_one(stage)
    assert fields_of(period(stage, claim, **changes)) == fields
    assert accident.periods(stage.session, claim.id) == []


def test_no_day_is_paid_twice(stage: Stage) -> None:
    """Overlapping days unable to work are refused by name; care may overlap; what is taken off frees its days."""
    claim = stage_one(stage)
    first = period(stage, claim, starts_on=date(2026, 11, 19), ends_on=None)()
    overlapping = period(stage, claim)
    assert fields_of(overlapping) == ["starts_on"]
    with pytest.raises(Invalid, match="19 November 2026"):
        overlapping()
    period(stage, claim, kind="outpatient")()
    accident.remove_period(stage.session, claim, first.id, by=stage.verifier, now=clock.now())
    overlapping()
    assert {row.kind for row in accident.periods(stage.session, claim.id)} == {"unable_to_work", "outpatient"}


def test_a_period_ends_once_and_in_order(stage: Stage) -> None:
    claim = stage_one(stage)
    by, now = stage.verifier, clock.now()
    row = period(stage, claim, ends_on=None)()
    for day in (BEFORE, TOMORROW):
        assert fields_of(
            lambda day=day: accident.end_period(stage.session, claim, row.id, day, by=by, now=now)  # type: ignore[misc]
        ) == ["ends_on"]
    accident.end_period(stage.session, claim, row.id, date(2026, 11, 19), by=by, now=now)
    with pytest.raises(NotPossible, match="sudah berakhir 19 November 2026"):
        accident.end_period(stage.session, claim, row.id, date(2026, 11, 20), by=by, now=now)
    accident.remove_period(stage.session, claim, row.id, by=by, now=now)
    for gone in (row.id, 10**9):
        with pytest.raises(NotFound):
            accident.remove_period(stage.session, claim, gone, by=by, now=now)
        with pytest.raises(NotFound):
            accident.end_period(stage.session, claim, gone, date(2026, 11, 20), by=by, now=now)


# ---------------------------------------------------------------- receipts


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"spent_on": BEFORE}, ["spent_on"]),
        ({"spent_on": TOMORROW}, ["spent_on"]),
        ({"amount_idr": 0}, ["amount_idr"]),
        ({"amount_idr": -5}, ["amount_idr"]),
        ({"mode": None}, ["mode"]),
        ({"kind": "treatment"}, ["mode"]),
        ({"kind": "home_care", "mode": None}, ["starts_on"]),
        ({"starts_on": date(2026, 11, 18), "ends_on": date(2026, 11, 19)}, ["starts_on"]),
        (
            {
                "kind": "home_care",
                "mode": None,
                "starts_on": date(2026, 11, 20),
                "ends_on": date(2026, 11, 19),
            },
            ["ends_on"],
        ),
    ],
)
def test_receipts_that_cannot_be_are_refused(
    stage: Stage, changes: dict[str, Any], fields: list[str]
) -> None:
    claim = stage_one(stage)
    assert fields_of(receipt(stage, claim, **changes)) == fields
    assert accident.costs(stage.session, claim.id) == []


def test_a_receipt_counts_once_and_its_paper_is_asked_for(stage: Stage) -> None:
    claim = stage_one(stage)
    row = receipt(stage, claim)()
    assert get_requirement(stage.session, claim.id, "transport_receipts").status == "missing"
    assert fields_of(receipt(stage, claim)) == ["source"]
    accident.remove_cost(stage.session, claim, row.id, by=stage.verifier, now=clock.now())
    with pytest.raises(NotFound):
        accident.remove_cost(stage.session, claim, row.id, by=stage.verifier, now=clock.now())
    receipt(stage, claim)()


# ---------------------------------------------------------------- the conclusion


def test_a_conclusion_has_facts_grounds_and_a_reason(stage: Stage) -> None:
    claim = stage_one(stage)
    assert fields_of(conclusion(stage, claim, "perhaps", ["at_work"], "pendek")) == ["reason", "verdict"]
    for verdict, grounds in (("work", ["detour"]), ("not_work", ["at_work"]), ("work", []), ("work", ["x"])):
        assert fields_of(conclusion(stage, claim, verdict, grounds, "Menurut dua saksi.")) == ["grounds"]
    assert accident.current_conclusion(stage.session, claim.id) is None
    conclusion(stage, claim, "not_work", ["detour", "outside_work"], "Menurut dua saksi.")()
    move(stage, claim, "conclude_not_work")
    assert claim.state == "not_work"


def test_without_facts_nothing_is_concluded(stage: Stage) -> None:
    """A death under examination has none until somebody tells of an accident."""
    claim = story.verifying(stage)
    assert fields_of(conclusion(stage, claim, "work", ["at_work"], "Menurut dua saksi.")) == ["verdict"]


def test_what_was_submitted_stands_still(stage: Stage) -> None:
    """Facts, days, receipts and the conclusion are locked while a second person decides."""
    claim = submitted(stage)
    for change in (
        event(stage, claim),
        period(stage, claim, kind="outpatient"),
        receipt(stage, claim, amount_idr=99),
        conclusion(stage, claim, "work", ["at_work"], "Menurut dua saksi."),
    ):
        with pytest.raises(NotPossible, match="terkunci"):
            change()


def test_whoever_establishes_prepares_the_case(stage: Stage) -> None:
    """Each of them holds the duty, and so can never decide it."""
    claim = treated(stage)
    for who in ("sari", "mega"):
        paper = replace(MARZUKI.receipts[0], source=who)
        accident.add_cost(stage.session, claim, paper, by=stage.staff[who], now=clock.now())
    held = stage.session.execute(select(Duty.person_id, Duty.duty).where(Duty.casefile_id == claim.id)).all()
    people = {stage.staff[who].person_id for who in ("dedi", "sari", "mega")}
    assert {tuple(row) for row in held} == {(person, "verify") for person in people}


# ---------------------------------------------------------------- five years


def test_a_right_lapses_after_five_years_and_not_a_day_before(stage: Stage) -> None:
    """The day itself still counts; nobody of the family or of the officers can say so earlier."""
    claim = stage_one(stage)
    last_day = datetime(2031, 11, 18, 23, 59, tzinfo=clock.WIB)
    clock.set_start(last_day)
    with pytest.raises(NotPossible, match="18 November 2031"):
        press(stage, claim, "lapse", by=SYSTEM)
    clock.set_start(last_day + timedelta(minutes=2))
    for who in (stage.verifier, stage.decider, REPORTER):
        with pytest.raises(NotPermitted):
            press(stage, claim, "lapse", by=who)
    press(stage, claim, "lapse", by=SYSTEM)
    assert (claim.state, claim.closed_at) == ("lapsed", None)
    press(stage, claim, "object", by=stage.verifier, reason_text="Dirawat di luar provinsi selama itu.")
    assert claim.state == "objection"
