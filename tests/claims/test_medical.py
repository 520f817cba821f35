"""The doctors' word: a certificate that cannot be is refused, an opinion is given once asked for, by somebody else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import medical
from caseflow.claims.medical import Certificate
from caseflow.claims.models import Claim
from caseflow.claims.rules import RULES
from caseflow.documents.review import get_requirement
from caseflow.documents.storage import open_store
from caseflow.errors import Invalid, NotPermitted, NotPossible
from caseflow.people.actor import Actor
from tests.accident_story import (
    MARZUKI,
    SYAFRIL_HURT,
    adviser,
    press,
    stage_one,
    submitted,
    treated,
    verifying,
    with_opinion,
)
from tests.story import Stage, move

THUMB = SYAFRIL_HURT.certificate
REASON = "Sesuai dengan foto dan resume medis."


@pytest.fixture
def stage(session: Session, staff: Mapping[str, Actor], tmp_path: Path) -> Stage:
    """A stage whose work is rolled back."""
    return Stage(session, open_store(f"folder://{tmp_path}"), staff)


def certify(stage: Stage, claim: Claim, certificate: Certificate, who: str = "dedi") -> None:
    """Somebody writes a certificate down."""
    medical.record_certificate(stage.session, claim, certificate, by=stage.staff[who], now=clock.now())


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"condition": "tired"}, "condition"),
        ({"condition_on": date(2026, 10, 19)}, "condition_on"),
        ({"certified_on": date(2026, 11, 15)}, "certified_on"),
        ({"certified_on": date(2026, 11, 21)}, "certified_on"),
        ({"losses": ()}, "losses"),
        ({"condition": "recovered"}, "losses"),
        ({"losses": THUMB.losses * 13}, "losses"),
        ({"doctor_name": " "}, "doctor_name"),
    ],
)
def test_a_certificate_that_cannot_be_is_refused(stage: Stage, changes: dict[str, Any], field: str) -> None:
    claim = stage_one(stage, SYAFRIL_HURT)
    with pytest.raises(Invalid) as refused:
        certify(stage, claim, replace(THUMB, **changes))
    assert "Belum tersimpan" in refused.value.fields[field]
    assert medical.current_certificate(stage.session, claim.id) is None


def test_the_newest_certificate_counts_and_the_former_stays(stage: Stage) -> None:
    claim = stage_one(stage, SYAFRIL_HURT)
    still = Certificate(
        condition="still_treated",
        condition_on=date(2026, 11, 1),
        certified_on=date(2026, 11, 1),
        doctor_name="dr. Latihan",
        facility="RSUD Latihan",
    )
    certify(stage, claim, still)
    assert "masih dirawat" in (RULES["certificate_recorded"](stage.session, claim) or "")
    certify(stage, claim, THUMB)
    found = medical.current_certificate(stage.session, claim.id)
    assert found is not None
    assert found.condition == "partial_anatomical"
    assert [row.row_code for row in medical.injuries_of(stage.session, found.id)] == ["thumb"]
    assert RULES["certificate_recorded"](stage.session, claim) is None


def test_a_lasting_loss_asks_for_its_photograph(stage: Stage) -> None:
    """What the certificate calls for is on the family's list, once."""
    claim = stage_one(stage, SYAFRIL_HURT)
    certify(stage, claim, THUMB)
    certify(stage, claim, THUMB)
    assert get_requirement(stage.session, claim.id, "disability_photo").status == "missing"


def test_a_certificate_of_death_sets_the_day_and_asks_for_the_familys_papers(stage: Stage) -> None:
    claim = treated(stage)
    dead = replace(MARZUKI.certificate, condition="died", condition_on=date(2026, 11, 19))
    certify(stage, claim, dead)
    assert claim.died_on == date(2026, 11, 19)
    assert get_requirement(stage.session, claim.id, "heir_statement").status == "missing"


def test_what_was_submitted_keeps_its_certificate(stage: Stage) -> None:
    claim = submitted(stage)
    with pytest.raises(NotPossible, match="terkunci"):
        certify(stage, claim, MARZUKI.certificate)


# ---------------------------------------------------------------- the adviser


def test_an_opinion_is_asked_for_given_and_bound_to_its_certificate(stage: Stage) -> None:
    claim = with_opinion(stage, SYAFRIL_HURT)
    opinion = medical.current_opinion(stage.session, claim.id)
    certificate = medical.current_certificate(stage.session, claim.id)
    assert opinion is not None
    assert certificate is not None
    assert (opinion.verdict, opinion.certificate_id) == ("agrees", certificate.id)
    certify(stage, claim, THUMB)
    assert medical.current_opinion(stage.session, claim.id) is None


def test_nobody_speaks_unasked_nor_without_a_reason(stage: Stage) -> None:
    claim, by = verifying(stage, SYAFRIL_HURT), adviser(stage)
    with pytest.raises(NotPossible):
        medical.give_opinion(stage.session, claim, "agrees", REASON, by=by, now=clock.now())
    move(stage, claim, "request_medical_opinion")
    with pytest.raises(Invalid) as refused:
        medical.give_opinion(stage.session, claim, "perhaps", "pendek", by=by, now=clock.now())
    assert sorted(refused.value.fields) == ["reason", "verdict"]
    with pytest.raises(NotPossible, match="Tulis dulu pendapat"):
        press(stage, claim, "finish_medical_review", by=by)


def test_the_officer_does_not_give_the_opinion_nor_the_adviser_the_conclusion(stage: Stage) -> None:
    """One person, one duty: whoever prepared the case is not its doctor, and the other way round."""
    claim, by = verifying(stage, SYAFRIL_HURT), adviser(stage)
    move(stage, claim, "request_medical_opinion")
    with pytest.raises(NotPossible, match="orang lain"):
        medical.give_opinion(stage.session, claim, "agrees", REASON, by=stage.verifier, now=clock.now())
    with pytest.raises(NotPermitted):
        press(stage, claim, "finish_medical_review", by=stage.verifier)
    medical.give_opinion(stage.session, claim, "differs", REASON, by=by, now=clock.now())
    press(stage, claim, "finish_medical_review", by=by)
    with pytest.raises(NotPossible, match="orang lain"):
        medical.record_certificate(stage.session, claim, THUMB, by=by, now=clock.now())


def test_a_second_round_needs_a_second_opinion(stage: Stage) -> None:
    """An opinion of the first round does not answer what is asked now."""
    claim = with_opinion(stage, SYAFRIL_HURT)
    clock.set_start(clock.now() + timedelta(hours=3))
    move(stage, claim, "request_medical_opinion")
    with pytest.raises(NotPossible, match="Tulis dulu pendapat"):
        press(stage, claim, "finish_medical_review", by=adviser(stage))
    press(stage, claim, "recall_medical_review", by=stage.verifier, reason_text="Dokter sedang cuti panjang.")
    assert claim.state == "verifying"
