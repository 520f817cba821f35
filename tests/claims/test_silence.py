"""Who has heard nothing: six working days for the officers, eight for the branch head; news of any kind ends it."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import operations, queries, silence
from caseflow.claims.models import Claim
from caseflow.claims.silence_models import FamilySilence
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.notices.messages import mark_delivered, messages_of
from caseflow.people.actor import Actor
from caseflow.registry.operations import add_holiday
from tests.conftest import make_settings
from tests.scholarship_story import opened, paid_claim
from tests.story import Stage, move, refused, reported, verifying


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def on(day: str) -> None:
    """It is nine in the morning of a day."""
    clock.set_start(datetime.fromisoformat(f"{day}T09:00:00+07:00"))


def heard(session: Session, claim: Claim) -> FamilySilence:
    """Work it out anew."""
    session.flush()
    silence.listen(session, claim.id, now=clock.now())
    return session.get_one(FamilySilence, claim.id, populate_existing=True)


def queue(stage: Stage, username: str) -> list[str]:
    """What somebody's queue of silent families holds."""
    page = queries.worklist(stage.session, "silent", by=stage.staff[username], today=clock.today())
    counts = queries.queue_counts(stage.session, by=stage.staff[username], today=clock.today())
    assert counts["silent"] == len(page.rows)
    return [row.number for row in page.rows]


def test_six_working_days_are_the_officers_and_eight_the_heads(stage: Stage) -> None:
    """Reported on Friday 20 November: Monday 30 is the sixth working day, Wednesday 2 December the eighth."""
    claim = reported(stage)
    found = heard(stage.session, claim)
    assert (found.officer_on, found.head_on) == (date(2026, 11, 30), date(2026, 12, 2))
    for day, officers, head in (("2026-11-27", 0, 0), ("2026-11-30", 1, 0), ("2026-12-02", 1, 1)):
        on(day)
        assert queue(stage, "dedi").count(claim.number) == officers
        assert queue(stage, "bram").count(claim.number) == head


def test_a_holiday_is_no_working_day(stage: Stage) -> None:
    claim = reported(stage)
    by = stage.staff["bram"]
    add_holiday(
        stage.session, date(2026, 11, 25), kind="penutupan_kantor", name="Tutup", by=by, now=clock.now()
    )
    assert heard(stage.session, claim).officer_on == date(2026, 12, 1)


def test_a_message_that_was_passed_on_ends_it(stage: Stage, tmp_path: Path) -> None:
    claim = reported(stage)
    heard(stage.session, claim)
    settings = make_settings("postgresql+psycopg://", tmp_path)
    on("2026-12-01")
    assert claim.number in queue(stage, "dedi")
    key = messages_of(stage.session, claim, settings)[0].outbox_id
    by = stage.staff["dedi"]
    mark_delivered(stage.session, claim, key, "call", settings=settings, by=by, now=clock.now())
    assert claim.number not in queue(stage, "dedi")
    assert stage.session.get_one(FamilySilence, claim.id, populate_existing=True).officer_on == date(
        2026, 12, 9
    )


def test_a_word_ends_it_and_is_kept(stage: Stage) -> None:
    claim = reported(stage)
    heard(stage.session, claim)
    on("2026-12-01")
    silence.tell(
        stage.session, claim, "call", "  Belum ada   perubahan. ", by=stage.staff["dedi"], now=clock.now()
    )
    assert claim.number not in queue(stage, "dedi")
    assert [word.line for word in silence.words_of(stage.session, claim.id)] == ["Belum ada perubahan."]


@pytest.mark.parametrize("line", ["", "  ", "ya", "x" * 301])
def test_a_word_is_one_line(stage: Stage, line: str) -> None:
    claim = reported(stage)
    with pytest.raises(Invalid):
        silence.tell(stage.session, claim, "call", line, by=stage.staff["dedi"], now=clock.now())
    assert silence.words_of(stage.session, claim.id) == []


def test_a_step_that_the_family_sees_ends_it_and_another_does_not(stage: Stage) -> None:
    """From “Dokumen lengkap” to “Sedang diperiksa” is news; a check in the field is still “Sedang diperiksa”."""
    claim = verifying(stage)
    seen_at = heard(stage.session, claim).heard_at
    on("2026-12-01")
    move(stage, claim, "start_field_check")
    assert heard(stage.session, claim).heard_at == seen_at
    move(stage, claim, "finish_field_check")
    assert heard(stage.session, claim).heard_at == seen_at
    assert claim.number in queue(stage, "dedi")


def test_a_case_that_has_just_moved_waits_to_be_worked_out_again(stage: Stage) -> None:
    claim = reported(stage)
    heard(stage.session, claim)
    on("2026-12-01")
    assert claim.id not in silence.stale_cases(stage.session)
    move(stage, claim, "start_intake")
    assert claim.number not in queue(stage, "dedi")
    assert claim.id in silence.stale_cases(stage.session)
    heard(stage.session, claim)
    assert claim.id not in silence.stale_cases(stage.session)


def test_a_closed_case_owes_no_news(stage: Stage) -> None:
    claim = reported(stage)
    heard(stage.session, claim)
    by = stage.staff["dedi"]
    operations.act(
        stage.session, claim, "withdraw", by=by, expected_version=claim.version, now=clock.now(),
        reason_code="family_choice",
    )  # fmt: skip
    assert heard(stage.session, claim).officer_on.year == 9999
    with pytest.raises(NotPossible):
        silence.tell(stage.session, claim, "call", "Sudah selesai.", by=by, now=clock.now())


def test_years_of_waiting_for_school_are_no_silence(stage: Stage) -> None:
    right = opened(stage, paid_claim(stage), "Nadia")
    assert right.state in {"waiting_year", "waiting_school"}
    assert heard(stage.session, right).officer_on.year == 9999


def test_a_paid_family_is_silent_only_until_it_was_told(stage: Stage, tmp_path: Path) -> None:
    """The money has left, and nobody has said so: that is a silence. Once told, nothing more is owed."""
    claim = paid_claim(stage)
    assert heard(stage.session, claim).officer_on.year == 2026
    settings = make_settings("postgresql+psycopg://", tmp_path)
    key = messages_of(stage.session, claim, settings)[0].outbox_id
    by = stage.staff["dedi"]
    mark_delivered(stage.session, claim, key, "call", settings=settings, by=by, now=clock.now())
    assert heard(stage.session, claim).officer_on.year == 9999


def test_an_old_message_that_arrives_late_says_nothing_of_the_decision(stage: Stage, tmp_path: Path) -> None:
    """The first message is passed on after the refusal; the refusal itself nobody has told."""
    claim = refused(stage)
    on("2026-11-23")
    settings = make_settings("postgresql+psycopg://", tmp_path)
    by, messages = stage.staff["dedi"], messages_of(stage.session, claim, settings)
    keys = {message.notice: message.outbox_id for message in messages}
    for notice, year in (("reported", 2026), ("refused", 9999)):
        mark_delivered(stage.session, claim, keys[notice], "call", settings=settings, by=by, now=clock.now())
        assert heard(stage.session, claim).officer_on.year == year, notice


def test_the_head_is_told_numbers_and_days_only(stage: Stage) -> None:
    claim = reported(stage)
    heard(stage.session, claim)
    today = date(2026, 12, 2)
    listed = silence.silent_families(stage.session, "solok", today=today)
    assert (claim.number, date(2026, 11, 20)) in listed
    assert silence.silent_families(stage.session, "padang", today=today) == []


def test_the_queue_reads_an_index(stage: Stage) -> None:
    """The very statement of the queue, without a scan over every case or every silence."""
    heard(stage.session, reported(stage))
    stage.session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = {"branch": "solok", "today": date(2026, 11, 30), "heads": False, "most": 51}
    statement = queries._worklist("silent", further=False)
    written = statement.params(asked).compile(
        stage.session.connection(), compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(
        stage.session.connection().exec_driver_sql(f"EXPLAIN {written}".replace("%", "%%")).scalars()
    )
    assert "Seq Scan on casefile" not in plan
    assert "Seq Scan on family_silence" not in plan
    assert "family_silence" in plan
