"""Consent: the very words, kept for ever; who said it; taken back and given again; nothing deleted by itself."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import consents
from caseflow.claims.family_models import Consent, FamilyRequest
from caseflow.claims.models import Claim, Report
from caseflow.errors import CaseflowError, NotFound, NotPermitted, NotPossible
from caseflow.people import devices
from caseflow.people.actor import Actor
from tests.people.test_mandates import ZUL
from tests.story import reported

GOOD = """versions:
  - version: "1"
    since: 2026-01-01
    agree: "Ya"
    text: ["Satu kalimat."]
"""


def family(session: Session, claim: Claim) -> Actor:
    token = devices.device_for_reporter(session, claim.id, "Yusra", now=clock.now())
    found = devices.find_device(session, token, now=clock.now())
    assert found is not None
    return found.actor


def open_requests(session: Session, claim: Claim) -> list[str]:
    return list(
        session.scalars(
            select(FamilyRequest.kind).where(
                FamilyRequest.casefile_id == claim.id, FamilyRequest.answered_at.is_(None)
            )
        )
    )


def test_a_report_keeps_the_version_that_was_read(session: Session) -> None:
    claim = reported(session)
    said = consents.history(session, claim.id)
    assert [(one.given, one.said_by, one.version) for one in said] == [(True, "Yusra", "2026-11-20")]
    assert session.get_one(Report, claim.id).consent_version == "2026-11-20"
    assert consents.taken_back(session, claim.id) is None


def test_taking_back_asks_an_officer_and_moves_nothing(session: Session) -> None:
    """The case stays where it is; a second time changes nothing; given again, the officer has nothing left to do."""
    claim = reported(session)
    by, state = family(session, claim), (claim.state, claim.version)
    consents.take_back(session, claim, by=by, now=clock.now())
    taken = consents.taken_back(session, claim.id)
    assert taken is not None
    assert (taken.said_by, taken.device_id) == ("Yusra", by.device_id)
    assert open_requests(session, claim) == ["withdraw"]
    with pytest.raises(NotPossible, match="sudah ditarik"):
        consents.take_back(session, claim, by=by, now=clock.now())
    consents.give_again(session, claim, by=by, now=clock.now())
    assert consents.taken_back(session, claim.id) is None
    assert open_requests(session, claim) == []
    with pytest.raises(NotPossible, match="masih berlaku"):
        consents.give_again(session, claim, by=by, now=clock.now())
    assert [one.given for one in consents.history(session, claim.id)] == [True, False, True]
    assert (claim.state, claim.version) == state


def test_a_helper_takes_nothing_back(session: Session) -> None:
    claim = reported(session)
    with pytest.raises(NotPermitted, match="HP keluarga"):
        consents.take_back(session, claim, by=ZUL.actor, now=clock.now())
    assert consents.taken_back(session, claim.id) is None


def test_a_case_that_grew_out_of_another_keeps_what_was_said_last(session: Session) -> None:
    """Who took it back, when, and of which text; what the report says is older."""
    origin, grown = reported(session), reported(session)
    by = family(session, origin)
    clock.set_start(clock.now() + timedelta(days=2))
    consents.take_back(session, origin, by=replace(by, name="Rani"), now=clock.now())
    session.flush()
    consents.carry_over(session, origin, session.get_one(Report, grown.id), by=by)
    session.flush()
    said, there = consents.history(session, grown.id)[0], consents.history(session, origin.id)[0]
    assert (said.given, said.said_by, said.version, said.at) == (False, "Rani", there.version, there.at)


def test_what_was_said_stays_said(session: Session) -> None:
    """The table is append-only for the application."""
    claim = reported(session)
    session.flush()
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(update(Consent).where(Consent.casefile_id == claim.id).values(given=False))


@pytest.mark.parametrize(
    ("day", "version"), [("2026-10-01", "2026-11"), ("2026-11-19", "2026-11"), ("2026-11-20", "2026-11-20")]
)
def test_the_text_of_a_day(day: str, version: str) -> None:
    assert consents.text_on(date.fromisoformat(day)).version == version


def test_every_version_ever_stored_has_its_text() -> None:
    assert [one.version for one in consents.texts()][:2] == ["2026-11", "2026-11-20"]
    with pytest.raises(NotFound):
        consents.get_text("1999")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("versions:", "version:", "satu kunci 'versions'"),
        ('agree: "Ya"', 'agre: "Ya"', 'kunci "agre" tidak dikenal'),
        ("since: 2026-01-01", 'since: "kemarin"', "harus hari seperti"),
        ('["Satu kalimat."]', "[]", "daftar kalimat"),
        ('"Satu kalimat."', f'"{"kata " * 16}"', "lebih panjang dari 15 kata"),
        ('agree: "Ya"', 'agree: ""', "tidak boleh kosong"),
    ],
)
def test_a_file_with_a_mistake_is_refused_by_name(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    path = tmp_path / "consent.yaml"
    path.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(CaseflowError, match=problem):
        consents.read(path)


def test_versions_follow_each_other_once(tmp_path: Path) -> None:
    path = tmp_path / "consent.yaml"
    path.write_text(GOOD + GOOD.removeprefix("versions:\n"), encoding="utf-8")
    with pytest.raises(CaseflowError, match="tertulis dua kali"):
        consents.read(path)
    path.write_text(GOOD, encoding="utf-8")
    assert [one.version for one in consents.read(path)] == ["1"]
