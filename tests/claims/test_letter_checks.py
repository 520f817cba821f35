"""A letter that the nagari does not know stops the payment, and there is always a way out for the officer."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims import letter_checks
from caseflow.claims.letter_check_models import LetterCheck
from caseflow.claims.letter_check_queries import checks_of, contradicted, inbox
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.db_refusals import refusal_of
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from tests import story
from tests.story import Stage, move

NAGARI, OTHER = "13.03.99.2001", "13.03.99.2002"
NUMBER = "145/12/KL-2026"
DIFFERS = "Di buku kami nomor itu surat izin usaha."


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.fixture
def claim(stage: Stage) -> Claim:
    return story.reported(stage)


def ask(stage: Stage, claim: Claim, **changes: object) -> LetterCheck:
    """The officer asks Koto Latihan about the letter of heirs."""
    values: dict[str, Any] = {
        "kind": "heir_letter",
        "letter_number": NUMBER,
        "issued_on": date(2026, 11, 18),
        "region_code": NAGARI,
    }
    return letter_checks.ask(
        stage.session,
        claim,
        **{**values, **changes},
        by=stage.verifier,
        now=clock.now(),
    )


def answer(stage: Stage, check: LetterCheck, verdict: str, note: str = "", who: str = "fitri") -> None:
    letter_checks.answer(stage.session, check.public_id, verdict, note, by=stage.staff[who], now=clock.now())


def rule(stage: Stage, claim: Claim) -> str | None:
    return RULES["no_letter_contradicted"](stage.session, claim)


def test_the_nagari_reads_the_letter_and_the_name_only(stage: Stage, claim: Claim) -> None:
    """Three working days; asked on a Friday it is due on Wednesday."""
    check = ask(stage, claim)
    assert check.due_on == date(2026, 11, 25)
    (row,) = inbox(stage.session, answered=False, by=stage.staff["fitri"])
    assert row._fields == (
        "public_id", "kind", "letter_number", "issued_on", "subject", "region", "due_on", "asked_at", "verdict",
        "note", "answered_at",
    )  # fmt: skip
    assert (row.letter_number, row.subject) == (NUMBER, "Samsir")


def test_only_the_issuing_nagari_is_asked(stage: Stage, claim: Claim) -> None:
    """Fitri of Koto Latihan neither sees nor answers what Koto Contoh is asked."""
    check = ask(stage, claim, region_code=OTHER)
    assert inbox(stage.session, answered=False, by=stage.staff["fitri"]) == []
    with pytest.raises(NotFound, match="tidak ditemukan di nagari Anda"):
        answer(stage, check, "matches")
    with pytest.raises(NotPermitted):
        answer(stage, check, "matches", who="dedi")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "passport"}, "kind"),
        ({"letter_number": "   "}, "letter_number"),
        ({"letter_number": "9" * 81}, "letter_number"),
        ({"issued_on": date(2026, 11, 21)}, "issued_on"),
        ({"issued_on": None}, "issued_on"),
        ({"region_code": "13.03"}, "region_code"),
        ({"region_code": "99.99"}, "region_code"),
    ],
)
def test_a_question_that_cannot_be_asked(
    stage: Stage, claim: Claim, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        ask(stage, claim, **changes)
    assert set(refused.value.fields) == {field}
    assert checks_of(stage.session, claim.id) == []


def test_the_same_letter_is_asked_about_once_at_a_time(stage: Stage, claim: Claim) -> None:
    check = ask(stage, claim)
    with pytest.raises(NotPossible, match="sudah ditanyakan"):
        ask(stage, claim, letter_number=NUMBER.lower())
    answer(stage, check, "differs", DIFFERS)
    assert ask(stage, claim).id != check.id


def test_an_answer_is_given_once_and_says_what_differs(stage: Stage, claim: Claim) -> None:
    check = ask(stage, claim)
    with pytest.raises(Invalid, match="Tulis apa yang berbeda"):
        answer(stage, check, "differs", "lain")
    answer(stage, check, "not_ours", DIFFERS)
    with pytest.raises(NotPossible, match="sudah dijawab"):
        answer(stage, check, "matches", who="jon")


def test_open_questions_only_warn(stage: Stage, claim: Claim) -> None:
    ask(stage, claim)
    assert rule(stage, claim) is None


def test_a_mismatch_stops_the_submission_and_not_the_report(stage: Stage) -> None:
    """Everything else is ready: the sentence names letter, nagari and what to do. A letter that matches frees it."""
    claim = story.computed(stage)
    check = ask(stage, claim)
    answer(stage, check, "differs", DIFFERS)
    state = claim.state
    with pytest.raises(NotPossible) as refused:
        move(stage, claim, "submit")
    (sentence,) = refused.value.sentences
    assert NUMBER in sentence
    assert "Koto Latihan" in sentence
    assert claim.state == state
    answer(stage, ask(stage, claim, letter_number="150/12/KL-2026"), "matches")
    assert rule(stage, claim) is None
    move(stage, claim, "submit")


def test_a_mismatch_that_comes_after_the_submission_stops_the_approval(stage: Stage) -> None:
    claim = story.computed(stage)
    check = ask(stage, claim)
    move(stage, claim, "submit")
    answer(stage, check, "not_ours", DIFFERS)
    with pytest.raises(NotPossible, match="tidak cocok menurut Nagari Koto Latihan"):
        story.approved(stage, claim=claim)


def test_another_proof_needs_a_second_person(stage: Stage, claim: Claim) -> None:
    """The officer names it, an approver decides; refused, another one may be named."""
    check, now = ask(stage, claim), clock.now()
    with pytest.raises(NotPossible, match="tidak perlu bukti lain"):
        letter_checks.propose_proof(
            stage.session, claim, check.id, "Akta kematian 1303-KM-2", by=stage.verifier, now=now
        )
    answer(stage, check, "differs", DIFFERS)
    proof = letter_checks.propose_proof(
        stage.session, claim, check.id, "Surat nagari lama.", by=stage.verifier, now=now
    )
    assert rule(stage, claim) is not None
    with pytest.raises(NotPossible, match="menunggu pejabat kedua"):
        letter_checks.propose_proof(
            stage.session, claim, check.id, "Akta kematian 1303-KM-2", by=stage.verifier, now=now
        )
    with pytest.raises(NotPermitted):
        letter_checks.settle_proof(
            stage.session, claim, proof.id, "confirmed", "Sudah saya lihat.", by=stage.verifier, now=now
        )
    letter_checks.settle_proof(
        stage.session, claim, proof.id, "refused", "Surat lama tidak cukup.", by=stage.decider, now=now
    )
    assert contradicted(stage.session, claim.id)
    better = letter_checks.propose_proof(
        stage.session, claim, check.id, "Akta kematian 1303-KM-2", by=stage.verifier, now=now
    )
    letter_checks.settle_proof(
        stage.session, claim, better.id, "confirmed", "Akta asli sudah dilihat.", by=stage.decider, now=now
    )
    assert rule(stage, claim) is None


def test_the_database_refuses_one_person_for_both(stage: Stage, claim: Claim) -> None:
    check, now = ask(stage, claim), clock.now()
    answer(stage, check, "differs", DIFFERS)
    proof = letter_checks.propose_proof(
        stage.session, claim, check.id, "Akta kematian 1303-KM-2", by=stage.verifier, now=now
    )
    with pytest.raises(DBAPIError) as refused, stage.session.begin_nested():
        stage.session.execute(
            text(
                "INSERT INTO letter_proof_word (proof_id, proposed_by_person_id, verdict, note, said_at,"
                " said_by_person_id) VALUES (:proof, :me, 'confirmed', 'cukup sekali', now(), :me)"
            ),
            {"proof": proof.id, "me": stage.verifier.person_id},
        )
    assert "bukan pengusulnya" in str(refusal_of(refused.value))


@pytest.mark.parametrize("table", ["letter_check", "letter_answer", "letter_proof", "letter_proof_word"])
def test_what_was_said_stays(stage: Stage, table: str) -> None:
    with pytest.raises(DBAPIError), stage.session.begin_nested():
        stage.session.execute(text(f"TRUNCATE {table}"))


def test_every_word_leaves_a_trace(stage: Stage, claim: Claim) -> None:
    answer(stage, ask(stage, claim), "matches")
    stage.session.flush()
    actions = {row.action for row in stage.session.query(AuditEvent).filter_by(casefile_id=claim.id)}
    assert {"claim.letter_asked", "claim.letter_answered"} <= actions
