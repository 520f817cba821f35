"""Helpers: nobody helps on their own word, no longer than agreed, and not a minute after it ended."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.audit.operations import record
from caseflow.errors import Invalid, NotFound, NotPermitted
from caseflow.people import devices, mandates
from caseflow.people.actor import REPORTER, Actor
from caseflow.people.mandates import MandateFacts
from caseflow.people.models import HelperMandate
from caseflow.workflow.models import CaseFile

ZUL = MandateFacts(
    helper_name="Zul Efendi",
    helper_relation="wali_jorong",
    helper_phone="+6281267001299",
    given_by_name="Yusra",
    given_by_relation="istri",
    given_how="spoken",
    ends_on=date(2027, 2, 18),
)


def given(session: Session, casefile: CaseFile, facts: MandateFacts = ZUL) -> HelperMandate:
    return mandates.give(session, casefile.id, facts, by=REPORTER, now=clock.now())


def phone(session: Session, casefile: CaseFile, name: str = "Zul Efendi") -> str:
    return devices.device_for_reporter(session, casefile.id, name, now=clock.now())


def opens(session: Session, token: str, at: datetime) -> bool:
    return devices.find_device(session, token, now=at) is not None


def actor(session: Session, token: str) -> Actor:
    found = devices.find_device(session, token, now=clock.now())
    assert found is not None
    return found.actor


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"given_by_name": "zul efendi"}, "given_by_name"),
        ({"given_by_name": " "}, "given_by_name"),
        ({"given_by_relation": "tetangga"}, "given_by_name"),
        ({"given_how": "dreamt"}, "given_how"),
        ({"given_by_phone": ZUL.helper_phone}, "given_by_phone"),
        ({"ends_on": date(2026, 11, 19)}, "ends_on"),
        ({"ends_on": date(2026, 11, 20) + timedelta(days=181)}, "ends_on"),
    ],
)
def test_nobody_helps_on_their_own_word_or_for_ever(
    session: Session, casefile: CaseFile, changes: Mapping[str, object], field: str
) -> None:
    """Each with its sentence, before anything is written."""
    with pytest.raises(Invalid) as refusal:
        given(session, casefile, replace(ZUL, **changes))  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
    assert mandates.every(session, casefile.id) == []


def test_the_last_possible_day_is_taken_and_one_more_is_refused_by_the_database(
    session: Session, casefile: CaseFile
) -> None:
    mandate = given(session, casefile, replace(ZUL, ends_on=date(2026, 11, 20) + timedelta(days=180)))
    mandate.ends_on += timedelta(days=1)
    with pytest.raises(IntegrityError, match="half_a_year"), session.begin_nested():
        session.flush()


def test_a_helpers_phone_closes_at_midnight_in_sijunjung(session: Session, casefile: CaseFile) -> None:
    """The last day counts to its last minute, in WIB and not in UTC."""
    given(session, casefile, replace(ZUL, ends_on=date(2026, 11, 22)))
    token = phone(session, casefile)
    assert opens(session, token, datetime.fromisoformat("2026-11-22T23:59:59+07:00"))
    assert not opens(session, token, datetime.fromisoformat("2026-11-23T00:00:00+07:00"))


def test_ended_by_the_family_it_is_over_at_once(session: Session, casefile: CaseFile) -> None:
    """The helper's phone, and only that one, opens nothing at the next request; the family reads who ended it and why."""
    mandate = given(session, casefile)
    helper, family = phone(session, casefile), phone(session, casefile, "Yusra")
    mandates.end(
        session, casefile.id, mandate.id, "dihentikan keluarga", by=actor(session, family), now=clock.now()
    )
    assert not opens(session, helper, clock.now())
    assert opens(session, family, clock.now())
    assert mandates.current(session, casefile.id, now=clock.now()) == []
    session.refresh(mandate)
    assert mandate.ended_why == "dihentikan keluarga"
    with pytest.raises(NotFound):
        mandates.end(session, casefile.id, mandate.id, "lagi", by=actor(session, family), now=clock.now())


def test_a_report_sent_late_opens_no_phone_past_the_mandate(session: Session, casefile: CaseFile) -> None:
    """Its receipt may be fetched days later; the phone is then a helper's still, whose time is over."""
    mandate = given(session, casefile)
    mandates.end(session, casefile.id, mandate.id, "salah orang", by=helper_of(mandate), now=clock.now())
    assert not opens(session, phone(session, casefile), clock.now())


def helper_of(mandate: HelperMandate) -> Actor:
    return replace(ZUL.actor, casefile_id=mandate.casefile_id, mandate_id=mandate.id)


def test_a_helper_ends_only_the_own_mandate(
    session: Session, casefile: CaseFile, other_casefile: CaseFile, staff: Mapping[str, Actor]
) -> None:
    """And a family only those of its case; staff who may close phones, too."""
    mine = given(session, casefile)
    theirs = given(session, casefile, replace(ZUL, helper_name="Rika", helper_relation="tetangga"))
    by, now = helper_of(mine), clock.now()
    with pytest.raises(NotPermitted):
        mandates.end(session, casefile.id, theirs.id, "x", by=by, now=now)
    stranger = actor(session, phone(session, other_casefile, "Yusra"))
    with pytest.raises(NotFound):
        mandates.end(session, casefile.id, theirs.id, "x", by=stranger, now=now)
    with pytest.raises(NotPermitted):
        mandates.end(session, casefile.id, theirs.id, "x", by=staff["nina"], now=now)
    mandates.end(session, casefile.id, theirs.id, "Diminta Yusra di loket.", by=staff["dedi"], now=now)
    mandates.end(session, casefile.id, mine.id, "selesai", by=by, now=now)
    assert mandates.current(session, casefile.id, now=now) == []


def test_every_act_of_a_helper_says_so(session: Session, casefile: CaseFile) -> None:
    """In the audit under the name, and as a deed under the mandate; the family's own acts are not among them."""
    mandate = given(session, casefile)
    by = actor(session, phone(session, casefile))
    family = actor(session, phone(session, casefile, "Yusra"))
    assert (by.is_helper, by.mandate_id, family.is_helper) == (True, mandate.id, False)
    for one in (by, family):
        record(session, "document.stored", by=one, casefile_id=casefile.id, subject="document:x")
    session.flush()
    names = session.scalars(
        select(AuditEvent.actor_name).where(
            AuditEvent.casefile_id == casefile.id, AuditEvent.action == "document.stored"
        )
    ).all()
    assert set(names) == {"Zul Efendi, pembantu (wali jorong)", "Yusra"}
    did = mandates.deeds(session, casefile.id)
    assert [deed.action for deed in did[mandate.id]] == ["document.stored", "device.opened"]
    assert list(did) == [mandate.id]
