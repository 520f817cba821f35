"""The provider's own number, and the sentence about questions that are still open."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import eligibility, intake, rules
from caseflow.claims.questions import questions_of
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.people.actor import Actor
from tests.story import Stage, refused, verifying


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def test_the_number_is_noted_changed_and_taken_off(stage: Stage) -> None:
    """Small letters become large; every change leaves a trace without the number."""
    claim = verifying(stage)
    for typed, kept in [
        (" jkm/2026-0017 ", "JKM/2026-0017"),
        ("JKM/2026-0017", "JKM/2026-0017"),
        ("A" * 40, "A" * 40),
        ("  ", None),
        (None, None),
    ]:
        intake.set_provider_number(stage.session, claim, typed, by=stage.verifier, now=clock.now())
        assert claim.provider_claim_number == kept
    traces = stage.session.scalars(
        select(AuditEvent.details)
        .where(AuditEvent.action == "claim.provider_number_set")
        .order_by(AuditEvent.id)
    ).all()
    assert traces == [{"set": True}, {"set": True}, {"set": False}]


@pytest.mark.parametrize("typed", ["A" * 41, "JKM 17", "JKM_17", "١٧", "é", "<b>", "A\nB"])
def test_what_is_no_such_number_changes_nothing(stage: Stage, typed: str) -> None:
    """The sentence stands at the field, and the former number stays."""
    claim = verifying(stage)
    intake.set_provider_number(stage.session, claim, "JKM-1", by=stage.verifier, now=clock.now())
    with pytest.raises(Invalid) as wrong:
        intake.set_provider_number(stage.session, claim, typed, by=stage.verifier, now=clock.now())
    assert "paling banyak 40" in wrong.value.fields["provider_claim_number"]
    assert claim.provider_claim_number == "JKM-1"


def test_a_closed_case_keeps_its_number(stage: Stage) -> None:
    """What is closed is read, not written."""
    claim = refused(stage)
    claim.closed_at = clock.now()
    with pytest.raises(NotPossible):
        intake.set_provider_number(stage.session, claim, "JKM-1", by=stage.verifier, now=clock.now())


def test_open_questions_are_counted_and_the_first_is_named(stage: Stage) -> None:
    """One sentence, not eight."""
    claim = verifying(stage)
    first, *_, last = [question for question in questions_of(claim) if question.needed]
    said = rules.RULES["eligibility_answered"](stage.session, claim) or ""
    assert said == f"7 syarat kelayakan belum terjawab, mulai dari “{first.text}”"
    for question in questions_of(claim):
        if question.needed and question is not last:
            eligibility.answer_check(
                stage.session, claim, question.code, question.good, source="wawancara",
                note="Ditanyakan kepada wali jorong.", by=stage.verifier, now=clock.now(),
            )  # fmt: skip
    said = rules.RULES["eligibility_answered"](stage.session, claim) or ""
    assert said == f"Satu syarat kelayakan belum terjawab: “{last.text}”"
