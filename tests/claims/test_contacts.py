"""A notice goes to the family, and to the helper only while the mandate lasts."""

from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.contacts import Contact, family_name, recipients
from caseflow.claims.family_models import FamilyRequest
from caseflow.claims.joining import Newcomer, ask_to_join
from caseflow.claims.models import Claim, Report
from caseflow.claims.reporting import report_death
from caseflow.documents.models import Requirement
from caseflow.people import mandates
from caseflow.people.actor import REPORTER
from caseflow.people.mandates import MandateFacts
from caseflow.workflow.models import History
from tests.people.test_mandates import ZUL
from tests.story import BRANCH, SAMSIR, reported

YUSRA = Contact("Yusra", "istri", "+6281267001234", "whatsapp", "family")


def helped(session: Session, mandate: MandateFacts) -> Claim:
    """The wali jorong reports for Yusra."""
    report = replace(
        SAMSIR.report,
        reporter_name=mandate.helper_name,
        reporter_relation=mandate.helper_relation,
        reporter_phone=mandate.helper_phone,
        mandate=mandate,
    )
    return report_death(session, report, branch=BRANCH, by=REPORTER, now=clock.now())


def test_who_reports_for_the_own_family_is_told(session: Session) -> None:
    assert recipients(session, reported(session)) == [YUSRA]


def test_the_family_is_told_before_its_helper(session: Session) -> None:
    """Both, each on the own number; the family's by a way that needs no question."""
    claim = helped(session, replace(ZUL, given_by_phone="+6281267001234"))
    assert recipients(session, claim) == [
        Contact("Yusra", "istri", "+6281267001234", "sms", "family"),
        Contact("Zul Efendi", "wali_jorong", "+6281267001299", "whatsapp", "helper"),
    ]


def test_a_helper_whose_time_is_over_hears_nothing_more(session: Session) -> None:
    """By the day or by the family's word; nobody left is an empty list, never the helper after all."""
    claim = helped(session, replace(ZUL, ends_on=date(2026, 11, 21)))
    assert [one.role for one in recipients(session, claim)] == ["helper"]
    clock.set_start(clock.now().replace(day=22))
    assert recipients(session, claim) == []


def test_the_slip_is_for_the_family_not_for_its_helper(session: Session) -> None:
    """The counter proposes whoever gave the mandate: a slip would open the case without one."""
    assert family_name(session, reported(session)) == "Yusra"
    assert family_name(session, helped(session, ZUL)) == "Yusra"


def test_one_number_is_told_once(session: Session) -> None:
    claim = helped(session, replace(ZUL, given_by_phone=ZUL.helper_phone))
    assert [one.role for one in recipients(session, claim)] == ["family"]


def test_a_report_of_a_helper_is_signed_and_asks_for_the_papers_of_the_family(session: Session) -> None:
    """The history names the helper; the marriage book is asked for because the widow allowed it."""
    claim = helped(session, ZUL)
    names = set(session.scalars(select(History.actor_name).where(History.casefile_id == claim.id)))
    assert names == {"Zul Efendi, pembantu (wali jorong)"}
    codes = set(session.scalars(select(Requirement.code).where(Requirement.casefile_id == claim.id)))
    assert "marriage_book" in codes
    assert session.get_one(Report, claim.id).reporter_name == "Zul Efendi"
    assert [one.given_by_name for one in mandates.current(session, claim.id, now=clock.now())] == ["Yusra"]


def test_who_asks_to_join_is_noted_once_and_opens_nothing(session: Session) -> None:
    """On the newest of the cases named."""
    claim = reported(session)
    who = Newcomer("Rani", "anak", "+6281267001255")
    for _ in range(2):
        ask_to_join(session, [claim.number], who, by=REPORTER, now=clock.now())
    asked = session.scalars(select(FamilyRequest).where(FamilyRequest.casefile_id == claim.id)).all()
    assert [(one.kind, one.asked_by) for one in asked] == [("question", "Rani")]
    assert "Rani (anak), nomor 0812-6700-1255" in asked[0].words
    assert recipients(session, claim) == [YUSRA]
