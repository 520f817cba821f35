"""What must not lead to money or to the end of a case: a stranger's account, an old answer, a person's own act."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import benefit, eligibility, family, intake, operations
from caseflow.claims.family import MemberFacts
from caseflow.claims.intake import EventFacts
from caseflow.claims.models import Claim, FamilyMember
from caseflow.claims.papers import return_paper
from caseflow.claims.rules import RULES
from caseflow.documents.models import Requirement
from caseflow.documents.review import get_requirement
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.people.actor import Actor
from caseflow.registry.models import PolicyValue
from caseflow.workflow.models import Duty
from tests.claims.test_family import facts_of, put_right
from tests.payments.world import World
from tests.story import (
    NURBAITI,
    SYAFRIL,
    Stage,
    calculating,
    computed,
    decided_heirs,
    held,
    move,
    phone_of,
    refused,
    send_paper,
    submitted,
    verified,
    verifying,
    with_papers,
)


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def press(
    stage: Stage, claim: Claim, action: str, who: str, reason: str | None = None, words: str | None = None
) -> None:
    """Somebody presses a button of the workflow."""
    operations.act(
        stage.session,
        claim,
        action,
        by=stage.staff[who],
        expected_version=claim.version,
        now=clock.now(),
        reason_code=reason,
        reason_text=words,
    )


def answer(stage: Stage, claim: Claim, code: str, given: str) -> None:
    """The officer answers one question."""
    eligibility.answer_check(
        stage.session,
        claim,
        code,
        given,
        source="wawancara",
        note="Ditanyakan kepada wali jorong.",
        by=stage.verifier,
        now=clock.now(),
    )


def decide(stage: Stage, claim: Claim, member: FamilyMember) -> None:
    """The officer decides that somebody is paid through a guardian."""
    family.decide_heirs(
        stage.session,
        claim,
        payee_member_id=member.id,
        agreement="guardian",
        note="Surat wali dari nagari sudah dilihat.",
        by=stage.verifier,
        now=clock.now(),
    )


def days_later(days: int) -> None:
    """Let days go by."""
    clock.set_start(clock.now() + timedelta(days=days))


# ---------------------------------------------------------------- who is paid


def test_somebody_of_age_is_not_paid_through_a_guardian(stage: Stage) -> None:
    """A widow with a "guardian" would send the money to a stranger's account."""
    claim = verified(stage)
    facts = MemberFacts(
        full_name="Yusra",
        relation="widow",
        source="Kartu Keluarga",
        born_on=date(1980, 4, 2),
        documented=True,
        guardian_name="Calo",
        guardian_basis="other",
    )
    widow = family.record_member(stage.session, claim, facts, by=stage.verifier, now=clock.now())
    with pytest.raises(Invalid, match="dewasa"):
        decide(stage, claim, widow)


def test_a_surviving_parent_who_acts_is_the_one_on_the_list(stage: Stage) -> None:
    """Another name than the recorded parent's is refused; the parent's own is taken."""
    claim = verified(stage)
    by, now = stage.verifier, clock.now()
    mother = family.record_member(
        stage.session,
        claim,
        MemberFacts(full_name="Yusra", relation="other", source="Akta kelahiran"),
        by=by,
        now=now,
    )
    facts = MemberFacts(
        full_name="Deni",
        relation="child",
        source="Akta kelahiran",
        born_on=date(2015, 3, 21),
        documented=True,
        guardian_name="Calo",
        guardian_basis="surviving_parent",
    )
    child = family.record_member(stage.session, claim, facts, by=by, now=now)
    with pytest.raises(Invalid, match="belum tercatat"):
        decide(stage, claim, child)
    facts = replace(facts, other_parent_id=mother.id)
    put_right(stage, claim, child.id, facts)
    with pytest.raises(Invalid, match="haruslah Yusra"):
        decide(stage, claim, child)
    put_right(stage, claim, child.id, replace(facts, guardian_name="Yusra"))
    decide(stage, claim, child)


def test_the_guardians_account_needs_a_minor_on_that_day(stage: Stage) -> None:
    """Whoever turns out to be of age has an account of their own."""
    claim = decided_heirs(stage, SYAFRIL)
    child = family.members(stage.session, claim.id)[0]
    put_right(stage, claim, child.id, facts_of(child, born_on=date(2001, 6, 1)))
    with pytest.raises(Invalid, match="dewasa"):
        family.enter_account(
            stage.session,
            claim,
            bank_code="118",
            account_number="71000554433",
            holder_name="Nofrizal",
            name_note="",
            by=stage.verifier,
            now=clock.now(),
        )


def test_somebody_taken_off_the_list_is_not_paid(stage: Stage) -> None:
    """Computed anew, and still nobody is decided."""
    claim = calculating(stage, NURBAITI)
    heirs = family.current_heirs(stage.session, claim.id)
    assert heirs is not None
    other = replace(facts_of(family.members(stage.session, claim.id)[0]), full_name="Mawar", national_id=None)
    family.record_member(
        stage.session, claim, replace(other, relation="child"), by=stage.verifier, now=clock.now()
    )
    family.remove_member(stage.session, claim, heirs.payee_member_id, by=stage.verifier, now=clock.now())
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    with pytest.raises(NotPossible, match="Tetapkan lagi penerimanya"):
        move(stage, claim, "submit")


def test_several_heirs_sign_before_the_money_goes(stage: Stage) -> None:
    """The paper that the law asks for is on the family's list, with the reason, and submitting waits for it."""
    claim = decided_heirs(stage)
    paper = get_requirement(stage.session, claim.id, "heirs_agreement")
    assert (paper.need, paper.status) == ("before_payment", "accepted")
    assert paper.added_reason == "Ahli waris lebih dari satu, dan uangnya masuk ke satu rekening."
    move(stage, claim, "calculate")
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    paper.status = "missing"
    with pytest.raises(NotPossible, match="sebelum pembayaran"):
        move(stage, claim, "submit")


def test_a_child_needs_a_guardians_letter_and_one_heir_needs_nothing(stage: Stage) -> None:
    """What every family is asked for is not asked for again; deciding twice asks once."""
    claim = decided_heirs(stage, SYAFRIL)
    assert get_requirement(stage.session, claim.id, "guardianship_letter").need == "required"
    decide(stage, claim, family.members(stage.session, claim.id)[0])
    added = select(Requirement.code).where(Requirement.added_reason.is_not(None))
    alone = decided_heirs(stage, NURBAITI)
    found = {
        one.number: stage.session.scalars(added.where(Requirement.casefile_id == one.id)).all()
        for one in (claim, alone)
    }
    assert found == {claim.number: ["guardianship_letter"], alone.number: []}


# ---------------------------------------------------------------- eligibility


@pytest.mark.parametrize("code", ["no_duplicate", "worked", "age_at_registration"])
def test_a_condition_that_is_not_met_stops_the_payment(stage: Stage, code: str) -> None:
    """What the law code does not read itself still has to be good."""
    claim = calculating(stage)
    answer(stage, claim, code, "no")
    benefit.compute_benefit(stage.session, claim, by=stage.verifier, now=clock.now())
    with pytest.raises(NotPossible, match="hanya usul penolakan"):
        move(stage, claim, "submit")
    move(stage, claim, "propose_refusal", reason_code="not_eligible_at_registration")


def test_what_the_law_code_reads_it_judges_itself(stage: Stage) -> None:
    """Fewer than three months is no refusal: the funeral cost is paid."""
    assert submitted(stage, NURBAITI).state == "awaiting_approval"


def test_other_facts_of_the_event_open_every_question_again(stage: Stage) -> None:
    """An answer was about a worker and a day; another day needs another answer."""
    claim = verified(stage)
    assert RULES["eligibility_answered"](stage.session, claim) is None
    facts = EventFacts(date(2026, 11, 16), claim.cause, claim.honorific, "Tanggal menurut akta kematian.")
    intake.correct_event(stage.session, claim, facts, by=stage.verifier, now=clock.now())
    assert eligibility.current_checks(stage.session, claim.id) == {}
    assert "7 syarat" in (RULES["eligibility_answered"](stage.session, claim) or "")
    answer(stage, claim, "worked", "yes")
    assert list(eligibility.current_checks(stage.session, claim.id)) == ["worked"]


def test_another_worker_opens_every_question_again(stage: Stage) -> None:
    """Linking counts as another worker, also the same one again."""
    claim = verified(stage)
    assert claim.worker_id is not None
    intake.link_worker(stage.session, claim, claim.worker_id, by=stage.verifier)
    assert eligibility.current_checks(stage.session, claim.id) == {}


# ---------------------------------------------------------------- one person, one part


def test_whoever_links_or_corrects_prepares_the_case(stage: Stage) -> None:
    """Both take the duty, so that the same person never decides."""
    claim = with_papers(stage)
    facts = EventFacts(date(2026, 11, 16), claim.cause, claim.honorific, "Tanggal menurut akta kematian.")
    intake.correct_event(stage.session, claim, facts, by=stage.staff["sari"], now=clock.now())
    verifying(stage, claim=claim)
    found = stage.session.execute(select(Duty.person_id, Duty.duty).where(Duty.casefile_id == claim.id)).all()
    assert {tuple(row) for row in found} == {
        (stage.staff["sari"].person_id, "verify"),
        (stage.verifier.person_id, "verify"),
    }


def test_an_objection_is_not_answered_by_whoever_refused(stage: Stage) -> None:
    """Nor by whoever prepared the case; the one who refused may still look again."""
    stage.approver = "bram"
    claim = refused(stage)
    press(stage, claim, "object", "dedi", words="Iuran sudah dibayar nagari.")
    with pytest.raises(NotPossible, match="keputusan Anda sendiri"):
        press(stage, claim, "uphold_refusal", "bram", "not_active")
    press(stage, claim, "reopen", "bram")
    assert claim.state == "verifying"


def test_an_objection_answered_by_another_person(stage: Stage) -> None:
    """The branch head has not been in the case before, and now holds a part in it."""
    claim = refused(stage)
    press(stage, claim, "object", "dedi", words="Iuran sudah dibayar nagari.")
    press(stage, claim, "uphold_refusal", "bram", "not_active")
    head = stage.staff["bram"].person_id
    assert stage.session.get_one(Duty, (claim.id, head)).duty == "approve"


def test_a_stop_is_lifted_by_somebody_else(stage: Stage) -> None:
    """Whoever stopped the case does not let it go on."""
    claim = verifying(stage)
    press(stage, claim, "hold", "mega", "suspicion")
    with pytest.raises(NotPossible, match="Anda sendiri yang menangguhkan"):
        press(stage, claim, "resume", "mega")
    press(stage, claim, "resume", "bram")
    assert claim.state == "verifying"


# ---------------------------------------------------------------- the clock


def test_the_last_paper_may_arrive_during_a_stop(stage: Stage) -> None:
    """The clock counts from that paper once the case goes on."""
    claim = with_papers(stage, but=("heir_statement",))
    move(stage, claim, "start_intake")
    move(stage, claim, "hold", reason_code="family_request")
    days_later(3)
    arrived = clock.today()
    send_paper(stage, claim, "heir_statement", by=phone_of(stage, claim))
    assert operations.papers_arrived(stage.session, claim, now=clock.now()) is None
    days_later(4)
    press(stage, claim, "resume", "mega")
    assert claim.clock_started_on == arrived
    assert claim.due_on is not None


def test_nobody_is_asked_for_no_papers(stage: Stage) -> None:
    """Collecting goes on only while something is missing, replacing only after something came back."""
    claim = held(stage)
    with pytest.raises(NotPossible, match="Tidak ada dokumen wajib yang kurang"):
        press(stage, claim, "resume_collecting", "mega")
    press(stage, claim, "resume", "mega")
    assert claim.due_on is not None
    assert "Belum ada dokumen yang dikembalikan" in (RULES["something_returned"](stage.session, claim) or "")
    return_paper(stage.session, claim, "family_card", "blurry", by=stage.verifier, now=clock.now())
    assert (claim.state, claim.clock_started_on) == ("documents_pending", None)


def test_collecting_goes_on_where_something_is_missing(stage: Stage) -> None:
    """A case stopped before it was complete goes back to the family, without a clock."""
    claim = with_papers(stage, but=("heir_statement",))
    move(stage, claim, "start_intake")
    move(stage, claim, "hold", reason_code="family_request")
    press(stage, claim, "resume_collecting", "mega")
    assert (claim.state, claim.clock_started_on) == ("documents_pending", None)


def test_an_arrival_looks_at_the_case_as_it_is_now(stage: Stage) -> None:
    """The phone that comes second finds the case moved, and leaves it."""
    claim = with_papers(stage)
    assert claim.state == "documents_complete"
    assert operations.papers_arrived(stage.session, claim, now=clock.now()) is None


# ---------------------------------------------------------------- the end of a case


def test_a_paid_case_is_closed_after_the_bank_had_time(session: Session, staff: Mapping[str, Actor]) -> None:
    """Two weeks; then it closes, also on the way over the family's accompaniment."""
    world = World(session, staff)
    claims = [world.claim_in("approved") for _ in range(2)]
    for claim in claims:
        world.sent(claim)
        world.move(claim, "confirm_payment", "lusi")
    straight, visited = claims
    world.move(visited, "begin_accompaniment", "rina")
    days_later(13)
    for claim, action, who in ((straight, "close", "sari"), (visited, "finish", "rina")):
        with pytest.raises(NotPossible, match="mengembalikan transfer"):
            world.move(claim, action, who)
    days_later(1)
    world.move(straight, "close", "sari")
    world.move(visited, "finish", "rina")
    assert {straight.state, visited.state} == {"closed"}


def test_a_refused_case_is_closed_after_the_time_to_object(stage: Stage) -> None:
    """Thirty days from the decision."""
    claim = refused(stage)
    days_later(29)
    with pytest.raises(NotPossible, match="mengajukan keberatan"):
        move(stage, claim, "close")
    days_later(1)
    move(stage, claim, "close")
    assert claim.state == "closed"


# ---------------------------------------------------------------- amounts


def test_nothing_left_to_pay_is_proposed_for_refusal(stage: Stage) -> None:
    """The funeral cost only, and it was paid elsewhere: computed, kept, and not submitted."""
    person = replace(NURBAITI, answers={"three_months": "no", "funeral_not_paid_elsewhere": "no"})
    claim = computed(stage, person)
    assessment = benefit.current_assessment(stage.session, claim.id)
    assert assessment is not None
    assert (assessment.outcome, assessment.total_idr) == ("not_payable", 0)
    with pytest.raises(NotPossible, match="Usulkan penolakan"):
        move(stage, claim, "submit")
    move(stage, claim, "propose_refusal", reason_code="already_paid")


def test_a_payment_made_again_stays_within_the_limit(session: Session, staff: Mapping[str, Actor]) -> None:
    """Allowing it needs the limit that approving it needed."""
    world = World(session, staff)
    claim = world.claim_in("approved", amount_idr=42_000_000)
    world.sent(claim)
    world.move(claim, "report_payment_failure", "lusi", "account_dormant")
    session.add(
        PolicyValue(
            name="approval_limit_1_idr",
            valid_from=clock.today(),
            value=10_000_000,
            unit="idr",
            source="surat delegasi",
            certainty="verify",
        )
    )
    session.flush()
    with pytest.raises(NotPossible, match="melebihi batas Anda"):
        world.move(claim, "reissue_payment", "mega")
    world.move(claim, "reissue_payment", "bram")
    assert claim.state == "approved"
