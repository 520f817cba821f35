"""A letter as a record: said once, numbered, never changed, revoked with what it states, and swept by nobody."""

import hashlib
import io
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.audit.checks import run_checks
from caseflow.audit.models import AuditEvent
from caseflow.claims.letter_models import Letter
from caseflow.claims.letters import find_letter, letters_of, revoke_letter
from caseflow.claims.models import Claim
from caseflow.claims.operations import act
from caseflow.claims.scholarship import Guardian
from caseflow.db_refusals import refusal_of
from caseflow.documents.storage import ObjectStore, open_store
from caseflow.documents.storage.folder import FolderStore
from caseflow.documents.sweep import sweep
from caseflow.errors import NotFound, NotPermitted, NotPossible, Unavailable
from caseflow.identifiers import read_check_code
from caseflow.notices.letters.operations import open_letter
from caseflow.people.actor import Actor
from tests import scholarship_story, story
from tests.conftest import FreshDatabase
from tests.notices.letters import issue, stored
from tests.story import Stage, move

_COPY = (
    "INSERT INTO letter (casefile_id, kind, paper, number, check_code, history_version, state, content_sha256,"
    " object_key, pdf_sha256, size_bytes, pages, issued_at, issued_by, person_id, duty, decision_id,"
    " decision_sha256, total_idr)"
    " SELECT casefile_id, {kind}, paper, number || '-2', '{code}', history_version, state,"
    " repeat('0', 64), object_key || '2', pdf_sha256, size_bytes, pages, issued_at, issued_by, {person}, {duty},"
    " {decision}, decision_sha256, {total} FROM letter WHERE id = :id"
)
_OTHER_CODE = "3333333333333333"


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage that is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)


def test_a_letter_is_stored_whole_and_can_be_found_by_its_code(stage: Stage) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.decider)
    assert hashlib.sha256(stored(stage, letter)).hexdigest() == letter.pdf_sha256
    assert read_check_code(letter.check_code.lower()) == letter.check_code
    assert find_letter(stage.session, letter.check_code) is letter
    assert (letter.state, letter.history_version) == (claim.state, claim.version)
    assert letter.total_idr == 42_000_000
    told = stage.session.query(AuditEvent).filter_by(action="letter.issued", casefile_id=claim.id).one()
    assert told.details == {"kind": "decision", "pdf_sha256": letter.pdf_sha256}


def test_the_same_said_again_is_the_same_letter(stage: Stage) -> None:
    claim = story.reported(stage)
    phone = story.phone_of(stage, claim)
    first = issue(stage, claim, "receipt", by=phone)
    assert issue(stage, claim, "receipt", by=stage.verifier) is first
    small = issue(stage, claim, "receipt", by=stage.verifier, paper="roll")
    assert (first.number, small.number) == ("0001/TT/SOLOK/XI/2026", "0002/TT/SOLOK/XI/2026")
    story.with_papers(stage, claim=claim)
    later = issue(stage, claim, "receipt", by=phone)
    assert later is not first
    assert first.revoked_at is None  # what it told stays true


def test_numbers_begin_anew_with_the_year(stage: Stage) -> None:
    claim = story.reported(stage)
    issue(stage, claim, "receipt", by=stage.verifier)
    clock.set_start(datetime.fromisoformat("2027-01-04T09:00:00+07:00"))
    story.with_papers(stage, claim=claim)
    assert issue(stage, claim, "receipt", by=stage.verifier).number == "0001/TT/SOLOK/I/2027"


class _Forgetful(FolderStore):
    """A store that gives back other bytes than it was given."""

    def open(self, key: str) -> BinaryIO:
        return io.BytesIO(b"%PDF-other")


def test_a_letter_that_cannot_be_read_back_is_none(stage: Stage, tmp_path: Path) -> None:
    claim = story.reported(stage)
    stage.store = _Forgetful(tmp_path / "other")
    stage.store.prepare()
    with pytest.raises(Unavailable, match="Surat belum terbit"):
        issue(stage, claim, "receipt", by=stage.verifier)
    assert letters_of(stage.session, claim.id) == []


def test_who_refused_does_not_send_the_explanation(stage: Stage) -> None:
    claim = story.refused(stage)
    with pytest.raises(NotPermitted):
        issue(stage, claim, "refusal", by=stage.decider)
    decider = stage.decider
    also_officer = Actor(
        kind="staff", name=decider.name, roles=decider.roles | {"officer"}, person_id=decider.person_id,
        user_id=decider.user_id, branch_code=decider.branch_code,
    )  # fmt: skip
    with pytest.raises(NotPossible, match="orang lain"):
        issue(stage, claim, "refusal", by=also_officer)
    assert issue(stage, claim, "refusal", by=stage.staff["sari"]).duty == "verify"


@pytest.mark.parametrize(
    ("duty", "constraint"),
    [("'verify'", "fk_letter_duty_is_held"), ("NULL", "ck_letter_refusal_read_by_another"),
     ("'approve'", "ck_letter_refusal_read_by_another")],
)  # fmt: skip
def test_the_database_refuses_it_too(stage: Stage, duty: str, constraint: str) -> None:
    claim = story.refused(stage)
    letter = issue(stage, claim, "refusal", by=stage.verifier)
    revoke_letter(stage.session, claim, letter.id, why="Salah alamat.", by=stage.verifier, now=clock.now())
    copy = _COPY.format(
        kind="kind",
        code=_OTHER_CODE,
        person=stage.decider.person_id,
        duty=duty,
        decision="NULL",
        total="NULL",
    )
    with pytest.raises(DBAPIError) as refused, stage.session.begin_nested():
        stage.session.execute(text(copy), {"id": letter.id})
    assert constraint in str(refused.value)
    assert "orang kedua" in refusal_of(refused.value).sentence


@pytest.mark.parametrize(
    ("total", "decision", "constraint"),
    [("total_idr + 1", "decision_id", "fk_letter_states_the_decision"),
     ("total_idr", "decision_id", "uq_letter_one_a_decision"),
     ("NULL", "NULL", "ck_letter_decision_is_named")],
)  # fmt: skip
def test_a_letter_states_the_decision_and_no_other(
    stage: Stage, total: str, decision: str, constraint: str
) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.verifier)
    if constraint != "uq_letter_one_a_decision":
        revoke_letter(
            stage.session, claim, letter.id, why="Salah alamat.", by=stage.verifier, now=clock.now()
        )
    copy = _COPY.format(
        kind="kind", code=_OTHER_CODE, person="person_id", duty="duty", decision=decision, total=total
    )
    with pytest.raises(DBAPIError) as refused, stage.session.begin_nested():
        stage.session.execute(text(copy), {"id": letter.id})
    assert constraint in str(refused.value)


@pytest.mark.parametrize(
    "change",
    ["number = 'x'", "pdf_sha256 = repeat('0', 64)", "object_key = 'x'", "total_idr = 1", "issued_by = 'x'",
     "check_code = '4444444444444444'"],
)  # fmt: skip
def test_what_was_issued_never_changes(stage: Stage, change: str) -> None:
    letter = issue(stage, story.approved(stage), "decision", by=stage.verifier)
    with pytest.raises(DBAPIError, match="never changes"), stage.session.begin_nested():
        stage.session.execute(text(f"UPDATE letter SET {change} WHERE id = :id"), {"id": letter.id})  # noqa: S608


def test_a_letter_cannot_be_deleted_nor_come_back(stage: Stage) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.verifier)
    revoke_letter(
        stage.session, claim, letter.id, why="Nama salah tulis.", by=stage.verifier, now=clock.now()
    )
    back = "UPDATE letter SET revoked_at = NULL, revoked_why = NULL, revoked_by = NULL WHERE id = :id"
    for statement, said in (
        (back, "never changes"),
        ("DELETE FROM letter WHERE id = :id", "permission denied"),
    ):
        with pytest.raises(DBAPIError, match=said), stage.session.begin_nested():
            stage.session.execute(text(statement), {"id": letter.id})


def test_a_letter_is_revoked_once_with_a_reason(stage: Stage) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.verifier)
    now = clock.now()
    revoked = revoke_letter(
        stage.session, claim, letter.id, why="Nama salah tulis.", by=stage.verifier, now=now
    )
    assert (revoked.revoked_at, revoked.revoked_by) == (now, "Dedi Putra")
    with pytest.raises(NotPossible, match="sudah dicabut"):
        revoke_letter(stage.session, claim, letter.id, why="Sekali lagi.", by=stage.verifier, now=now)
    with pytest.raises(NotPermitted):
        revoke_letter(
            stage.session, claim, letter.id, why="Bukan bagiannya.", by=stage.staff["nina"], now=now
        )
    again = issue(stage, claim, "decision", by=stage.verifier)
    assert again.id != letter.id


@pytest.mark.parametrize(("action", "reason"), [("void_approval", "account_changed"), ("hold", "dispute")])
def test_a_void_approval_takes_its_letter_with_it(stage: Stage, action: str, reason: str) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.verifier)
    kept = issue(stage, claim, "receipt", by=stage.verifier)
    move(stage, claim, action, reason_code=reason)
    stage.session.refresh(letter)
    assert letter.revoked_at is not None
    assert letter.revoked_why == "Keputusannya dibatalkan atau diperiksa kembali."
    assert run_checks(stage.session.connection()) == {}
    stage.session.refresh(kept)
    assert kept.revoked_at is None
    with pytest.raises(NotPossible, match="tidak lagi"):
        issue(stage, claim, "decision", by=stage.verifier)


def test_a_case_looked_at_again_takes_its_letter_with_it(stage: Stage) -> None:
    claim = scholarship_story.paid_claim(stage)
    letter = issue(stage, claim, "decision", by=stage.verifier)
    clock.set_start(clock.now() + timedelta(days=60))
    act(
        stage.session, claim, "reopen_case", by=stage.staff["bram"], expected_version=claim.version,
        now=clock.now(), reason_code="new_facts",
    )  # fmt: skip
    stage.session.refresh(letter)
    assert letter.revoked_at is not None


def test_the_next_school_year_leaves_the_letter_of_the_last_one(stage: Stage) -> None:
    origin = scholarship_story.paid_claim(stage)
    child = scholarship_story.opened(stage, origin, "Rafi")
    scholarship_story.year_approved(stage, child, 2026, guardian=Guardian("Elmita", "surviving_parent"))
    letter = issue(stage, child, "decision", by=stage.verifier)
    scholarship_story.pay(stage, child)
    clock.set_start(clock.now() + timedelta(days=60))
    move(stage, child, "finish_year")
    stage.session.refresh(letter)
    assert letter.revoked_at is None


def test_a_report_taken_back_takes_all_letters_with_it(stage: Stage) -> None:
    claim = story.reported(stage)
    letter = issue(stage, claim, "receipt", by=stage.verifier)
    move(stage, claim, "withdraw", reason_code="mistaken")
    stage.session.refresh(letter)
    assert letter.revoked_why == "Laporannya dibatalkan."


def test_an_upheld_refusal_has_a_new_letter_that_replaces_the_first(stage: Stage) -> None:
    claim = story.refused(stage)
    first = issue(stage, claim, "refusal", by=stage.verifier)
    act(
        stage.session, claim, "object", by=stage.verifier, expected_version=claim.version, now=clock.now(),
        reason_text="Iuran bulan itu sudah dibayar wali jorong.",
    )  # fmt: skip
    stage.session.refresh(first)
    assert first.revoked_at is None
    act(
        stage.session, claim, "uphold_refusal", by=stage.staff["bram"], expected_version=claim.version,
        now=clock.now(), reason_code="not_active",
    )  # fmt: skip
    second = issue(stage, claim, "refusal", by=stage.verifier)
    stage.session.refresh(first)
    assert first.replaced_by_id == second.id
    assert first.revoked_why == f"Diganti surat nomor {second.number}."


def test_a_letter_of_another_case_is_not_found(stage: Stage) -> None:
    letter = issue(stage, story.reported(stage), "receipt", by=stage.verifier)
    other = story.reported(stage, story.NURBAITI)
    with pytest.raises(NotFound):
        open_letter(stage.session, stage.store, other.id, letter.number, by=stage.verifier)


def test_the_sweeper_leaves_letters_alone(
    fresh_database: FreshDatabase, staff: Mapping[str, Actor], tmp_path: Path
) -> None:
    sessions = sessionmaker(fresh_database.engine)
    with sessions() as session:
        stage = Stage(session, open_store(f"folder://{tmp_path / 'objects'}"), staff)
        claim: Claim = story.reported(stage)
        letter: Letter = issue(stage, claim, "receipt", by=stage.verifier)
        key = letter.object_key
        session.commit()
    store: ObjectStore = stage.store
    store.put("ab" * 16, io.BytesIO(b"an orphan"))
    report = sweep(sessions, store, grace=timedelta(seconds=-5))
    assert report.trashed == 1
    assert store.stat(key) is not None
