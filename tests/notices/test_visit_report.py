"""L7: the office reads all that was told, the family's copy holds nothing that could be read as a score."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.documents.storage import open_store
from caseflow.errors import NotFound, NotPermitted
from caseflow.monitoring import validation
from caseflow.monitoring.models import Plan, PlannedVisit
from caseflow.monitoring.trail import PROMISE
from caseflow.notices.visit_report import Copy, find_report, issue_report
from caseflow.people.actor import Actor
from tests.monitoring.test_help import sent
from tests.monitoring.test_trail import lived
from tests.notices.letters import A4_BYTES, OFFICE, read, stored
from tests.story import Stage
from tests.told import visitor
from tests.visit_story import visit_of

SCORES = ("Berjalan", "Rp500.000", "Rumah tangga", "Modal usaha", "Penghasilan")


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """One session, one store, the training staff."""
    return Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)


def printed(stage: Stage, visit: PlannedVisit, copy: Copy, *, by: str = "siska") -> str:
    letter = issue_report(
        stage.session, stage.store, visit, copy, OFFICE, sign="DST", by=stage.staff[by], now=clock.now()
    )
    body = stored(stage, letter)  # type: ignore[arg-type]
    assert len(body) <= A4_BYTES
    assert find_report(stage.session, visit, copy) is letter
    return read(body).words


def test_office_reads_everything_and_the_family_no_scores(stage: Stage) -> None:
    plan = lived(stage)
    sent_on(stage, plan)
    visit = visit_of(stage, plan, "m6")
    validation.validate(stage.session, visit, by=stage.staff["siska"], now=clock.now())
    office = printed(stage, visit, "office")
    for words in (
        "Berjalan",
        "Warung/dagang",
        "Rp500.000 sampai Rp1.000.000",
        "Siska Amelia",
        "Pelatihan menjahit",
    ):
        assert words in office
    family = printed(stage, visit, "family")
    assert not [words for words in SCORES if words in family]
    for words in (
        "Kunjungan 6 bulan",
        "Modal",
        "Beasiswa",
        "Pelatihan menjahit",
        "boleh berhenti dikunjungi",
        "Elmita",
    ):
        assert words in family
    for copy in (office, family):
        assert PROMISE in copy


def test_shares_of_money_stand_in_percent_never_rupiah(stage: Stage) -> None:
    office = printed(stage, visit_of(stage, lived(stage), "m3"), "office")
    assert "Modal usaha 67 %" in office
    assert "42.000.000" not in office
    assert "Rafi: tidak bersekolah" in office


def test_the_same_report_is_one_letter_and_a_visit_without_answers_none(stage: Stage) -> None:
    plan = lived(stage)
    visit, siska = visit_of(stage, plan, "m3"), stage.staff["siska"]
    first, again = (
        issue_report(
            stage.session, stage.store, visit, "family", OFFICE, sign="DST", by=siska, now=clock.now()
        )
        for _ in range(2)
    )
    assert first.id == again.id
    with pytest.raises(NotFound):
        printed(stage, visit_of(stage, plan, "m12"), "family")
    with pytest.raises(NotPermitted):
        printed(stage, visit, "office", by="rina")


def sent_on(stage: Stage, plan: Plan) -> None:
    """The family waits for an answer of a course."""
    clock.set_start(clock.now())
    assert (
        sent(stage, plan, until=clock.today().replace(month=6, day=7)).asked_by_user_id
        == visitor(stage, plan).user_id
    )
