"""A changed rule on real past decisions: what it would have paid, which way the cases would have gone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import operations
from caseflow.claims.cover import numbers
from caseflow.claims.models import Claim
from caseflow.documents.storage import open_store
from caseflow.people.actor import Actor
from caseflow.registry.queries import calendar
from caseflow.reports import past_cases
from caseflow.reports.drafts import (
    DraftRefused,
    OneNumber,
    numbers_text,
    read_numbers,
    read_tables,
    read_workflow,
    tables_text,
    with_one_number,
    workflow_text,
)
from caseflow.reports.number_rehearsal import NumberRehearsal, rehearse_numbers
from caseflow.reports.past_cases import looking_only
from caseflow.reports.rehearsal_table import numbers_csv, workflow_csv
from caseflow.reports.workflow_rehearsal import WorkflowRehearsal, rehearse_workflow
from tests import story
from tests.conftest import START, FreshDatabase
from tests.story import NURBAITI, ZULBAHRI, Stage
from tests.workflow.test_rehearsal import PASS, SECOND_LOOK

GRANT = "jkm_death_grant"  # twenty million: Samsir's family gets it, Nurbaiti's does not


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """Where the stories are played."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.fixture
def decided(stage: Stage) -> dict[str, Claim]:
    """One paid in full, one with the funeral alone, one refused."""
    return {
        "full": story.approved(stage),
        "funeral": story.approved(stage, NURBAITI),
        "refused": story.refused(stage, ZULBAHRI),
    }


def with_grant(value: int, since: date) -> OneNumber:
    return OneNumber(GRANT, value, since, "rancangan")


def numbers_tried(session: Session, draft: OneNumber) -> NumberRehearsal:
    return rehearse_numbers(session, with_one_number(draft), branch_code="solok")


def test_a_rule_change_dated_tomorrow_does_not_touch_yesterdays_case(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    found = numbers_tried(session, with_grant(99_000_000, tomorrow))
    assert found.changed == []
    assert found.compared >= 2
    assert (found.more_idr, found.other_outcome) == (0, 0)


def test_a_change_before_the_event_is_counted_to_the_rupiah(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    found = numbers_tried(session, with_grant(25_000_000, date(2026, 11, 1)))
    (one,) = found.changed
    assert one.number == decided["full"].number
    assert (one.before_idr, one.after_idr, one.more_idr) == (42_000_000, 47_000_000, 5_000_000)
    assert (one.before, one.after) == ("full", "full")
    assert found.more_idr == 5_000_000


def test_a_condition_that_changes_gives_another_outcome(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    """Without the three months the funeral case would have been paid in full, unless the officer chose otherwise."""
    months = with_one_number(OneNumber("jkm_min_consecutive_months", 0, date(2026, 1, 1), "rancangan"))
    draft = months.with_value("jkm_min_cover_days", 0, since=date(2026, 1, 1), article="rancangan")
    found = rehearse_numbers(session, draft, branch_code="solok")
    (one,) = found.changed
    assert one.number == decided["funeral"].number
    assert (one.before, one.after, one.more_idr) == ("funeral_only", "full", 32_000_000)
    assert found.other_outcome == 1


def test_what_only_an_officer_could_decide_is_not_guessed(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    draft = OneNumber("jkm_min_consecutive_months", 24, date(2026, 1, 1), "rancangan")
    found = numbers_tried(session, draft)
    assert found.changed == []
    assert (
        "keputusan petugas atas kepesertaan"
        in {one.number: one.why for one in found.unknown}[decided["full"].number]
    )


def test_what_was_paid_does_not_hide_a_lower_amount(stage: Stage, decided: Mapping[str, Claim]) -> None:
    """The decision is computed as it lay then, not as what would still be owed now."""
    for action, name in (("send_payment", "hadi"), ("confirm_payment", "lusi")):
        claim = decided["full"]
        operations.act(
            stage.session,
            claim,
            action,
            by=stage.staff[name],
            expected_version=claim.version,
            now=clock.now(),
        )
    found = numbers_tried(stage.session, with_grant(15_000_000, date(2026, 11, 1)))
    (one,) = found.changed
    assert one.more_idr == -5_000_000


def test_a_case_whose_facts_changed_is_not_compared(stage: Stage, decided: Mapping[str, Claim]) -> None:
    claim = decided["full"]
    claim.worker_id = None
    stage.session.flush()
    found = numbers_tried(stage.session, with_grant(25_000_000, date(2026, 11, 1)))
    assert found.changed == []
    assert claim.number in {one.number for one in found.unknown}


def test_drafts_of_whole_files_are_read_like_the_files(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    same = read_numbers(numbers_text())
    assert rehearse_numbers(session, same, branch_code="solok").changed == []
    assert rehearse_numbers(session, read_tables(tables_text()), branch_code="solok").changed == []
    higher = read_numbers(numbers_text().replace("value: 20_000_000", "value: 30_000_000"))
    assert rehearse_numbers(session, higher, branch_code="solok").more_idr == 10_000_000


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("", "kosong"),
        ("version: 1", "version"),
        ("a: [" * 5000, "dalam"),
        ("x: " + "9" * 6000, "lebih panjang"),
        ("y" * 300_000, "paling banyak"),
        ("a: !!python/object:os.system x", "tidak dipakai"),
    ],
)
def test_a_bad_draft_of_numbers_is_refused_in_words(draft: str, said: str) -> None:
    with pytest.raises(DraftRefused, match=said):
        read_numbers(draft)


def test_an_unknown_number_is_refused() -> None:
    with pytest.raises(DraftRefused, match="Pilih dari daftar"):
        with_one_number(OneNumber("moon_grant", 1, START.date(), ""))
    with pytest.raises(DraftRefused, match="berlaku"):
        with_one_number(with_grant(1, date(1990, 1, 1)))


def test_one_number_ends_where_the_next_period_begins() -> None:
    """A draft for one year leaves the years after it alone."""
    name, periods = next((name, periods) for name, periods in numbers().periods.items() if len(periods) > 1)
    middle = periods[0].since + timedelta(days=1)
    drafted = with_one_number(OneNumber(name, 7, middle, "rancangan"))
    assert drafted.on(name, middle).value == 7
    assert drafted.on(name, periods[0].since).value == periods[0].value
    assert drafted.on(name, periods[1].since).value == periods[1].value


def flow(session: Session, draft: str, name: str = "jkm") -> WorkflowRehearsal:
    return rehearse_workflow(
        session,
        read_workflow(name, draft),
        branch_code="solok",
        calendar=calendar(session, clock.today()),
    )


def changed(old: str, new: str) -> str:
    content = workflow_text("jkm")
    assert content.count(old) == 1, content.count(old)
    return content.replace(old, new)


def test_the_present_file_changes_no_case(session: Session, decided: Mapping[str, Claim]) -> None:
    found = flow(session, workflow_text("jkm"))
    assert (found.looked >= 3, list(found.changed), found.median_days) == (True, [], 0)
    assert flow(session, workflow_text("jkk"), "jkk").looked == 0


def test_a_step_that_is_added_costs_its_deadline_until_it_was_measured(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    draft = (
        workflow_text("jkm")
        .replace("\n  - name: returned\n", f"{SECOND_LOOK}\n  - name: returned\n", 1)
        .replace(
            "    from: [verifying]\n    to: calculating", "    from: [verifying]\n    to: second_look", 1
        )
        .replace("\nactions:\n", f"\nactions:{PASS}", 1)
    )
    found = flow(session, draft)
    case = next(one for one in found.changed if one.number == decided["full"].number)
    assert list(case.added) == ["Lolos pemeriksaan kedua (Pemeriksaan kedua)"]
    # two working days from Friday the 20th
    assert (case.days, found.estimates[0].days) == (4, 4)
    assert found.estimates[0].basis == "batas waktunya, karena belum pernah dilewati"
    # the refused case never came to the calculation
    assert decided["refused"].number not in {one.number for one in found.changed}


def test_a_rule_that_is_new_says_what_it_has_against_past_cases(
    session: Session, decided: Mapping[str, Claim]
) -> None:
    """That the refusal of a case needs a payee would have stopped the one without."""
    draft = changed(
        "    when: [refusal_proposed, content_unchanged]",
        "    when: [refusal_proposed, content_unchanged, heirs_decided]",
    )
    (case,) = flow(session, draft).changed
    assert case.number == decided["refused"].number
    assert list(case.objections) == ["Tolak: Penerima santunan belum ditetapkan."]
    assert case.days == 0


def test_a_shorter_deadline_shows_who_would_have_been_late(stage: Stage) -> None:
    claim = story.with_papers(stage)
    clock.set_start(START + timedelta(days=4))
    story.computed(stage, claim=claim)
    story.move(stage, claim, "submit")
    story.approved(stage, claim=claim)
    head, _, tail = workflow_text("jkm").partition("  - name: documents_complete\n")
    assert "deadline: 3\n" in tail
    found = flow(
        stage.session, f"{head}  - name: documents_complete\n{tail.replace('deadline: 3', 'deadline: 1', 1)}"
    )
    (case,) = found.changed
    assert (list(case.newly_missed), list(case.newly_met)) == (["Dokumen lengkap"], [])


def test_a_draft_that_the_loader_refuses_tells_everything() -> None:
    draft = changed("version: 2\n", "version: zero\n").replace("by: [family", "by: [familie", 1)
    with pytest.raises(DraftRefused) as refusal:
        read_workflow("jkm", draft)
    assert len(refusal.value.problems) >= 2
    assert all(problem.startswith("workflows/jkm.yaml") for problem in refusal.value.problems)
    with pytest.raises(DraftRefused, match="berkas berisi"):
        read_workflow("jkk", workflow_text("jkm"))
    with pytest.raises(DraftRefused, match="lebih dari 3660 hari"):
        read_workflow("jkm", workflow_text("jkm").replace("deadline: 3", "deadline: 999999999", 1))
    head, _, tail = workflow_text("jkm").partition("into: jkk")
    before, _, target = head.rpartition("to: documents_pending")
    with pytest.raises(DraftRefused, match="tidak punya keadaan"):
        read_workflow("jkm", f"{before}to: nowhere{target}into: jkk{tail}")


def test_the_tables_name_cases_and_nobody(session: Session, decided: Mapping[str, Claim]) -> None:
    table = numbers_csv(numbers_tried(session, with_grant(25_000_000, date(2026, 11, 1))))
    assert decided["full"].number in table
    assert "5000000" in table
    for name in ("Samsir", "Yusra", "1303991209760001"):
        assert name not in table
    draft = changed(
        "    from: [verifying]\n    to: calculating", "    from: [field_check]\n    to: calculating"
    )
    assert "Samsir" not in workflow_csv(flow(session, draft.replace("label: Lanjut", "label: '=Lanjut", 0)))


def test_words_of_a_draft_are_no_formula(session: Session, decided: Mapping[str, Claim]) -> None:
    found = numbers_tried(session, with_grant(25_000_000, date(2026, 11, 1)))
    spoiled = replace(found, unknown=[replace(found.unknown[0], why="=1+1")] if found.unknown else [])
    assert ",=1+1" not in numbers_csv(spoiled)


def test_only_so_many_cases_are_looked_at(
    session: Session, decided: Mapping[str, Claim], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(past_cases, "MOST_CASES", 2)
    found = numbers_tried(session, with_grant(25_000_000, date(2026, 11, 1)))
    assert found.compared + len(found.unknown) == 2
    assert found.left_out


def test_looking_cannot_write(fresh_database: FreshDatabase) -> None:
    with looking_only(fresh_database.engine) as session, pytest.raises(DBAPIError, match="read-only"):
        session.execute(text("UPDATE casefile SET subject = 'x'"))
