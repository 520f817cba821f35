"""Quotas: given, raised and lowered, never below what is taken; copied to a new year once."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.db_refusals import refusal_of
from caseflow.errors import CaseflowError, Invalid, NotFound, NotPermitted, NotPossible, Stale
from caseflow.people.actor import Actor
from caseflow.registry import quotas
from caseflow.registry.models import Region
from caseflow.registry.nomination_models import Quota
from caseflow.registry.quotas import QuotaFacts
from tests.conftest import FreshDatabase

# a year of its own, whatever the practice data holds
FACTS = QuotaFacts("13.03.99.2001", "csr", date(2031, 1, 1), date(2031, 12, 31), 100, 90, "SK Bupati 12/2030")


def added(session: Session, staff: Mapping[str, Actor], facts: QuotaFacts = FACTS) -> Quota:
    return quotas.add_quota(session, facts, by=staff["desi"], now=clock.now())


def test_a_quota_is_given_once_a_period(session: Session, staff: Mapping[str, Actor]) -> None:
    quota = added(session, staff)
    assert (quota.slots, quota.budgeted, quota.taken) == (100, 90, 0)
    half = replace(FACTS, starts_on=date(2031, 7, 1), ends_on=date(2032, 6, 30))
    with pytest.raises(NotPossible, match="Koto Latihan sudah punya kuota"):
        added(session, staff, half)
    added(session, staff, replace(half, starts_on=date(2032, 1, 1), ends_on=date(2032, 12, 31)))
    added(session, staff, replace(half, funding_source="pokir"))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slots": 0}, "slots"),
        ({"slots": 100_001}, "slots"),
        ({"budgeted": 101}, "budgeted"),
        ({"budgeted": -1}, "budgeted"),
        ({"ends_on": date(2031, 1, 1)}, "ends_on"),
        ({"ends_on": date(2034, 1, 1)}, "ends_on"),
        ({"starts_on": date(2019, 1, 1), "ends_on": date(2019, 12, 31)}, "starts_on"),
        ({"funding_source": "apbn"}, "funding_source"),
        ({"source": " x "}, "source"),
    ],
)
def test_what_cannot_be_a_quota(
    session: Session, staff: Mapping[str, Actor], change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        added(session, staff, replace(FACTS, **change))  # type: ignore[arg-type]
    assert field in refused.value.fields


def test_only_the_programme_gives_quotas(session: Session, staff: Mapping[str, Actor]) -> None:
    for who in ("fitri", "dedi", "bram", "admin", "bupati"):
        with pytest.raises(NotPermitted):
            quotas.add_quota(session, FACTS, by=staff[who], now=clock.now())
    with pytest.raises(NotFound):
        added(session, staff, replace(FACTS, region_code="13.03"))
    with pytest.raises(NotFound):
        added(session, staff, replace(FACTS, region_code="13.02.01.2001"))


def test_a_closed_nagari_gets_no_quota(session: Session, staff: Mapping[str, Actor]) -> None:
    session.execute(
        update(Region).where(Region.code == FACTS.region_code).values(closed_on=date(2030, 12, 31))
    )
    with pytest.raises(NotFound, match="ditutup"):
        added(session, staff)


def test_never_lower_than_what_is_taken(session: Session, staff: Mapping[str, Actor]) -> None:
    quota = added(session, staff)
    session.execute(update(Quota).where(Quota.id == quota.id).values(taken=62))
    lower = replace(FACTS, slots=61, budgeted=61)
    with pytest.raises(Invalid, match="62 tempat sudah terisi"):
        quotas.change_quota(session, lower, seen_at=quota.changed_at, by=staff["desi"], now=clock.now())
    with pytest.raises(DBAPIError) as refused, session.begin_nested():
        session.execute(update(Quota).where(Quota.id == quota.id).values(slots=61, budgeted=61))
    told = refusal_of(refused.value)
    assert told is not None
    assert "Kuota sudah penuh" in told.sentence
    exact = replace(FACTS, slots=62, budgeted=62, source="SK Bupati 3/2031")
    changed = quotas.change_quota(session, exact, seen_at=quota.changed_at, by=staff["desi"], now=clock.now())
    assert (changed.slots, changed.source) == (62, "SK Bupati 3/2031")
    event = session.scalars(
        select(AuditEvent).where(AuditEvent.subject == f"quota:{quota.id}").order_by(AuditEvent.id.desc())
    ).first()
    assert event is not None
    assert event.action == "quota.changed"
    assert event.details["before"] == {"slots": 100, "budgeted": 90}


def test_two_who_change_it_at_once(fresh_database: FreshDatabase, staff: Mapping[str, Actor]) -> None:
    """Both saw the same figure; one is told that it changed meanwhile."""
    with Session(fresh_database.engine) as session:
        seen_at = added(session, staff).changed_at
        session.commit()
    told: list[str] = []

    def change(slots: int) -> None:
        with Session(fresh_database.engine) as session:
            try:
                quotas.change_quota(
                    session,
                    replace(FACTS, slots=slots),
                    seen_at=seen_at,
                    by=staff["desi"],
                    now=clock.now(),
                )
                session.commit()
            except CaseflowError as refusal:
                told.append(type(refusal).__name__)

    threads = [threading.Thread(target=change, args=(slots,)) for slots in (110, 120)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == [Stale.__name__]


def test_a_nagari_sees_its_own(session: Session, staff: Mapping[str, Actor]) -> None:
    added(session, staff)
    added(session, staff, replace(FACTS, region_code="13.03.99.2002"))
    on = date(2031, 3, 1)
    assert {row.nagari for row in quotas.rows(session, by=staff["fitri"], on=on)} == {"Koto Latihan"}
    both = quotas.rows(session, by=staff["desi"], on=on, district="13.03.99", funding_source="csr")
    assert [row.nagari for row in both] == ["Koto Contoh", "Koto Latihan"]
    with pytest.raises(NotFound):
        quotas.get_row(session, "13.03.99.2002", "csr", date(2031, 1, 1), by=staff["fitri"])
    with pytest.raises(NotPermitted):
        quotas.rows(session, by=staff["nina"])


def test_a_year_is_copied_in_one_act_and_only_once(session: Session, staff: Mapping[str, Actor]) -> None:
    added(session, staff)
    added(session, staff, replace(FACTS, region_code="13.03.99.2002", slots=40, budgeted=40))
    added(
        session,
        staff,
        replace(FACTS, starts_on=date(2032, 1, 1), ends_on=date(2032, 12, 31), slots=120),
    )
    desi = staff["desi"]
    found = quotas.preview_copy(session, 2031, by=desi)
    assert [row.nagari for row in found.fresh] == ["Koto Contoh"]
    assert [row.nagari for row in found.there] == ["Koto Latihan"]
    now = clock.now()
    with pytest.raises(Stale):
        quotas.copy_year(session, 2031, source="SK Bupati 9/2031", expected=2, by=desi, now=now)
    with pytest.raises(Invalid):
        quotas.copy_year(session, 2031, source="", expected=1, by=desi, now=now)
    assert quotas.copy_year(session, 2031, source="SK Bupati 9/2031", expected=1, by=desi, now=now) == 1
    row = quotas.get_row(session, "13.03.99.2002", "csr", date(2032, 1, 1), by=desi)
    assert (row.slots, row.budgeted, row.ends_on, row.source) == (
        40,
        40,
        date(2032, 12, 31),
        "SK Bupati 9/2031",
    )
    with pytest.raises(NotPossible):
        quotas.copy_year(session, 2031, source="SK Bupati 9/2031", expected=0, by=desi, now=now)


def test_a_leap_year_is_copied(session: Session, staff: Mapping[str, Actor]) -> None:
    added(session, staff, replace(FACTS, starts_on=date(2028, 2, 29), ends_on=date(2028, 12, 31)))
    quotas.copy_year(session, 2028, source="SK Bupati 1/2029", expected=1, by=staff["desi"], now=clock.now())
    days = session.execute(
        text("SELECT starts_on, ends_on FROM quota WHERE funding_source = 'csr' ORDER BY starts_on DESC")
    ).first()
    assert days == (date(2029, 2, 28), date(2029, 12, 31))
