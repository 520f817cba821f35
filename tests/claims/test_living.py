"""Nobody whom the registry knows as dead is paid: at each door a sentence with the day and what to do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import family
from caseflow.claims.scholarship import Guardian
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPossible
from caseflow.payments.instructions import prepare_instruction
from caseflow.people.actor import Actor
from caseflow.registry import households, life
from caseflow.registry.households import MemberFacts as OnCard
from caseflow.registry.life import Told
from caseflow.registry.people_models import Household
from caseflow.registry.queries import find_worker
from tests import accident_story, scholarship_story
from tests.registry.registered import household_of
from tests.story import SAMSIR, Stage, approved, computed, decided_heirs, move, submitted

DIED = date(2026, 11, 18)
SENTENCE = r"Yusra tercatat meninggal pada 18 November 2026.*petugas cabang dapat membetulkan"
YUSRA_NIK = "1303994204800011"


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def card(stage: Stage) -> Household:
    """Samsir's Kartu Keluarga."""
    worker = find_worker(stage.session, "1303991209760001")
    assert worker is not None
    return household_of(stage.session, worker, by=stage.staff["fitri"])[0]


def dies(
    stage: Stage, household: Household, national_id: str | None = YUSRA_NIK, name: str = "Yusra"
) -> None:
    """Somebody of the card is told to have died."""
    by, now = stage.staff["fitri"], clock.now()
    facts = OnCard(name, "spouse", "f", date(1980, 4, 2), national_id)
    member = households.add_member(stage.session, household, facts, by=by, now=now)
    life.mark_member_deceased(stage.session, member, Told(DIED, "wali jorong"), by=by, now=now)


def test_a_dead_relative_is_no_payee(stage: Stage) -> None:
    dies(stage, card(stage))
    with pytest.raises(Invalid, match=SENTENCE) as refused:
        decided_heirs(stage)
    assert set(refused.value.fields) == {"payee"}


def test_a_relative_without_a_nik_is_found_on_the_card(stage: Stage) -> None:
    dies(stage, card(stage), national_id=None)
    yusra = replace(SAMSIR.relatives[0], national_id=None)
    with pytest.raises(Invalid, match=SENTENCE):
        decided_heirs(stage, replace(SAMSIR, relatives=(yusra, *SAMSIR.relatives[1:])))


def test_a_namesake_born_on_another_day_is_somebody_else(stage: Stage) -> None:
    dies(stage, card(stage), national_id=None)
    yusra = replace(SAMSIR.relatives[0], national_id=None, born_on=date(1981, 4, 2))
    assert decided_heirs(stage, replace(SAMSIR, relatives=(yusra, *SAMSIR.relatives[1:]))).id


def test_a_dead_guardian_receives_for_no_minor(stage: Stage) -> None:
    dies(stage, card(stage))
    child = replace(SAMSIR.relatives[2], guardian_name="Yusra", guardian_basis="court")
    person = replace(SAMSIR, relatives=(child,), payee="Deni", agreement="guardian")
    with pytest.raises(Invalid, match=SENTENCE):
        decided_heirs(stage, person)


def test_who_died_since_holds_no_account(stage: Stage) -> None:
    claim = decided_heirs(stage)
    dies(stage, card(stage))
    with pytest.raises(Invalid, match=SENTENCE) as refused:
        family.enter_account(
            stage.session,
            claim,
            bank_code="118",
            account_number="71000234418",
            holder_name="Yusra",
            name_note="",
            by=stage.verifier,
            now=clock.now(),
        )
    assert set(refused.value.fields) == {"holder_name"}


def test_put_right_by_a_second_person_the_same_person_can_be_paid(stage: Stage) -> None:
    """T4: the way back that the sentence names is there."""
    household = card(stage)
    dies(stage, household)
    member = households.members_of(stage.session, household.id)[-1]
    event = life.standing_death_of_member(stage.session, member.id)
    assert event is not None
    life.correct_life(
        stage.session,
        event,
        told_by="Yusra sendiri",
        reason="Ia datang ke kantor dengan KTP.",
        by=stage.verifier,
        now=clock.now(),
    )
    assert decided_heirs(stage).id


def test_a_worker_whom_the_registry_knows_as_dead_is_not_paid_himself(stage: Stage) -> None:
    claim = accident_story.verifying(stage)
    marzuki = find_worker(stage.session, "1303990304880002")
    assert marzuki is not None
    life.mark_deceased(
        stage.session, marzuki, died_on=DIED, told_by="Wali jorong", by=stage.staff["fitri"], now=clock.now()
    )
    with pytest.raises(NotPossible, match="Marzuki tercatat meninggal pada 18 November 2026"):
        accident_story.decide_payee(stage, claim, accident_story.MARZUKI)


def test_a_dead_guardian_receives_no_scholarship(stage: Stage) -> None:
    claim = scholarship_story.paid_claim(stage)
    right = scholarship_story.asked(stage, scholarship_story.opened(stage, claim, "Rafi"), 2026)
    scholarship_story.checked(stage, right)
    worker = find_worker(stage.session, "1303991402810007")
    assert worker is not None
    household = household_of(stage.session, worker, by=stage.staff["fitri"])[0]
    dies(stage, household, national_id=None, name="Elmita")
    with pytest.raises(Invalid, match="Elmita tercatat meninggal"):
        scholarship_story.payee_decided(stage, right, Guardian("Elmita", "surviving_parent"))


def found_alive(stage: Stage) -> None:
    """Samsir was told to be dead, and comes to the office."""
    worker = find_worker(stage.session, "1303991209760001")
    assert worker is not None
    event = life.standing_death(stage.session, worker.id)  # written when the claim found its worker
    assert event is not None
    life.correct_life(
        stage.session,
        event,
        told_by="Samsir sendiri",
        reason="Ia datang ke kantor dengan KTP.",
        by=stage.staff["sari"],
        now=clock.now(),
    )


@pytest.mark.parametrize("step", ["submit", "approve", "order"])
def test_a_living_worker_holds_the_claim_at_every_step_to_the_money(stage: Stage, step: str) -> None:
    """T4: nothing is submitted, approved or ordered; a refusal stays possible."""
    before = {"submit": computed, "approve": submitted, "order": approved}[step](stage)
    found_alive(stage)
    acts: dict[str, Callable[[], object]] = {
        "submit": lambda: move(stage, before, "submit"),
        "approve": lambda: approved(stage, claim=before),
        "order": lambda: prepare_instruction(
            stage.session,
            before.id,
            by=stage.staff["nina"],
            account_number_again="71000234417",
            holder_name_found="Yusra",
            name_note="",
            now=clock.now(),
        ),
    }
    with pytest.raises(NotPossible, match=r"Samsir ternyata masih hidup.*usulkan penolakan"):
        acts[step]()


def test_a_death_that_was_told_again_goes_on(stage: Stage) -> None:
    claim = computed(stage)
    found_alive(stage)
    worker = find_worker(stage.session, "1303991209760001")
    assert worker is not None
    by = stage.staff["fitri"]
    life.mark_deceased(
        stage.session, worker, died_on=date(2026, 11, 17), told_by="Rumah sakit", by=by, now=clock.now()
    )
    move(stage, claim, "submit")
    assert claim.state == "awaiting_approval"
