"""A paper may be added later only with a reason the family reads and a second person's note."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import later_papers
from caseflow.claims.later_paper_models import PaperProposal
from caseflow.claims.models import Claim
from caseflow.db_refusals import refusal_of
from caseflow.documents.models import Requirement
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotFound, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from caseflow.workflow.models import Outbox
from tests import story
from tests.story import Stage

CODE = "same_person_letter"
REASON = "Nama di KTP dan Kartu Keluarga tidak sama."
NOTE = "Benar, kedua nama memang berbeda."


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


@pytest.fixture
def claim(stage: Stage) -> Claim:
    return story.reported(stage)


def propose(stage: Stage, claim: Claim, code: str = CODE, reason: str = REASON) -> PaperProposal:
    return later_papers.propose(stage.session, claim, code, reason, by=stage.verifier, now=clock.now())


def answer(stage: Stage, claim: Claim, proposal_id: int, verdict: str, by: Actor, note: str = NOTE) -> None:
    later_papers.answer(stage.session, claim, proposal_id, verdict, note, by=by, now=clock.now())


def asked(stage: Stage, claim: Claim) -> dict[str, str | None]:
    """The family's list with the reason of each later paper."""
    rows = stage.session.execute(
        select(Requirement.code, Requirement.added_reason).where(Requirement.casefile_id == claim.id)
    )
    return {row.code: row.added_reason for row in rows}


def test_the_list_stays_frozen_until_a_second_person_agrees(stage: Stage, claim: Claim) -> None:
    before = asked(stage, claim)
    proposal = propose(stage, claim)
    assert asked(stage, claim) == before
    answer(stage, claim, proposal.id, "confirmed", stage.decider)
    assert asked(stage, claim) == {**before, CODE: REASON}
    owed = stage.session.scalars(select(Outbox.notice).where(Outbox.casefile_id == claim.id)).all()
    assert "paper_added" in owed


def test_a_refused_paper_never_reaches_the_family(stage: Stage, claim: Claim) -> None:
    before = asked(stage, claim)
    proposal = propose(stage, claim)
    answer(stage, claim, proposal.id, "refused", stage.staff["bram"], "Cukup dengan surat nagari yang ada.")
    assert asked(stage, claim) == before
    (one,) = later_papers.proposals(stage.session, claim.id)
    assert (one.verdict, one.said_by, one.note) == (
        "refused",
        "Bram Wijaya",
        "Cukup dengan surat nagari yang ada.",
    )
    assert later_papers.waiting_proposals(stage.session, "solok") == []


def test_the_proposer_is_no_second_person(stage: Stage, claim: Claim) -> None:
    proposal = propose(stage, claim)
    with pytest.raises(NotPermitted, match="orang lain"):
        answer(stage, claim, proposal.id, "confirmed", stage.verifier)
    with pytest.raises(NotPermitted, match="pengusulnya"):
        later_papers.withdraw(stage.session, claim, proposal.id, by=stage.staff["sari"], now=clock.now())
    later_papers.withdraw(stage.session, claim, proposal.id, by=stage.verifier, now=clock.now())
    with pytest.raises(NotPossible, match="sudah dijawab"):
        answer(stage, claim, proposal.id, "confirmed", stage.decider)
    assert CODE not in asked(stage, claim)


@pytest.mark.parametrize(
    ("code", "reason", "field"),
    [("nonsense", REASON, "code"), (CODE, "perlu", "reason"), (CODE, "x" * 301, "reason")],
)
def test_a_proposal_names_a_paper_and_says_why(
    stage: Stage, claim: Claim, code: str, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        propose(stage, claim, code, reason)
    assert set(refused.value.fields) == {field}


@pytest.mark.parametrize(("verdict", "note", "field"), [("", NOTE, "verdict"), ("refused", "tidak", "note")])
def test_a_word_needs_a_note(stage: Stage, claim: Claim, verdict: str, note: str, field: str) -> None:
    proposal = propose(stage, claim)
    with pytest.raises(Invalid) as refused:
        answer(stage, claim, proposal.id, verdict, stage.decider, note)
    assert set(refused.value.fields) == {field}


def test_a_paper_is_proposed_once(stage: Stage, claim: Claim) -> None:
    proposal = propose(stage, claim)
    with pytest.raises(NotPossible, match="menunggu pejabat kedua"):
        propose(stage, claim)
    with pytest.raises(NotPossible, match="sudah ada dalam daftar"):
        propose(stage, claim, "family_card")
    answer(stage, claim, proposal.id, "confirmed", stage.decider)
    with pytest.raises(NotPossible, match="sudah dijawab"):
        answer(stage, claim, proposal.id, "refused", stage.staff["bram"])
    with pytest.raises(NotPossible, match="sudah ada dalam daftar"):
        propose(stage, claim)


def test_a_proposal_of_another_case_is_not_found(stage: Stage, claim: Claim) -> None:
    other = propose(stage, story.reported(stage, story.NURBAITI))
    with pytest.raises(NotFound):
        answer(stage, claim, other.id, "confirmed", stage.decider)


def test_nothing_is_added_once_the_claim_is_handed_in(stage: Stage) -> None:
    claim = story.computed(stage)
    proposal = propose(stage, claim, "medical_letter")
    story.move(stage, claim, "submit", note="Semua dokumen cocok dan lengkap.")
    with pytest.raises(NotPossible, match="terkunci"):
        propose(stage, claim)
    with pytest.raises(NotPossible, match="terkunci"):
        answer(stage, claim, proposal.id, "confirmed", stage.decider)


def test_what_the_law_asks_for_needs_no_second_person(stage: Stage) -> None:
    """Three heirs are recorded: the agreement of the heirs appears by itself."""
    claim = story.decided_heirs(stage)
    assert asked(stage, claim)["heirs_agreement"]
    assert later_papers.proposals(stage.session, claim.id) == []


_WORD = (
    "INSERT INTO paper_word (proposal_id, casefile_id, proposed_by_person_id, verdict, note, said_at, said_by_person_id)"
    " SELECT id, casefile_id, {proposer}, '{verdict}', '{note}', now(), {by} FROM paper_proposal"
)
OTHER = "(SELECT min(p.id) FROM person p WHERE p.id <> proposed_by_person_id)"


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (
            _WORD.format(
                proposer="proposed_by_person_id", verdict="confirmed", note=NOTE, by="proposed_by_person_id"
            ),
            "orang lain, bukan pengusulnya",
        ),
        (
            _WORD.format(proposer="proposed_by_person_id", verdict="confirmed", note="ya", by=OTHER),
            "paling sedikit 10 huruf",
        ),
        # the proposer cannot be written down as somebody else
        (_WORD.format(proposer=OTHER, verdict="confirmed", note=NOTE, by="proposed_by_person_id"), ""),
        ("UPDATE paper_proposal SET proposed_by_person_id = proposed_by_person_id + 1", ""),
        ("UPDATE paper_proposal SET reason = 'Alasan yang lain sekali.'", ""),
        ("DELETE FROM paper_proposal", ""),
    ],
)
def test_the_database_refuses_one_person_alone(
    stage: Stage, claim: Claim, statement: str, sentence: str
) -> None:
    propose(stage, claim)
    stage.session.flush()
    with pytest.raises(DBAPIError) as error, stage.session.begin_nested():
        stage.session.execute(text(statement))
    assert sentence in refusal_of(error.value).sentence
