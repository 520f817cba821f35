"""Phones of families on every part of the way, for whoever looks at all pages: words, weight, contrast, boxes.

    for phone in phones(stage, client): ...   # each is open at this moment, and committed

The same case goes on while phones are given out, so look at a phone before asking for the next one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask.testing import FlaskClient

from caseflow import clock
from caseflow.claims import papers
from caseflow.claims.models import Claim
from caseflow.claims.operations import papers_arrived
from caseflow.people.devices import device_for_reporter
from tests import story
from tests.story import NURBAITI, ZULBAHRI, Stage
from tests.web.family.test_scholarship_states import asked, opened
from tests.web.family.walk import Walk, begin, notified


@dataclass(frozen=True)
class Phone:
    """One phone at one moment; ``token`` is what its cookie ``kel`` holds."""

    name: str
    token: str


def phones(stage: Stage, client: FlaskClient) -> Iterator[Phone]:
    """Give out one phone after another, from a report to money, refusal, care and school."""
    yield from _death(stage, client)
    yield from _refusal(stage, client)
    yield from _accident(stage, client)
    yield from _school(stage, client)


def _open(stage: Stage, name: str, claim: Claim, holder: str = "Yusra") -> Phone:
    token = device_for_reporter(stage.session, claim.id, holder, now=clock.now())
    stage.session.commit()
    return Phone(name, token)


def _death(stage: Stage, client: FlaskClient) -> Iterator[Phone]:
    claim = story.reported(stage)
    walk = begin(stage, client, claim, "Yusra")
    yield _open(stage, "reported", claim)
    story.verifying(stage, claim=claim)
    yield _open(stage, "being examined", claim)
    by, now = stage.verifier, clock.now()
    papers.return_paper(stage.session, claim, "family_card", "blurry", by=by, now=now)
    yield _open(stage, "a paper to send again", claim)
    story.send_paper(stage, claim, "family_card", by=story.phone_of(stage, claim), serial=9)
    papers_arrived(stage.session, claim, now=now)
    walk.go("start_verification").go("hold", reason="dispute")
    yield _open(stage, "on hold", claim)
    other = story.approved(stage, NURBAITI)
    paid = begin(stage, client, other, "Yusra")
    yield _open(stage, "approved", other)
    paid.go("send_payment", "hadi")
    yield _open(stage, "money under way", other)
    paid.go("report_payment_failure", "lusi", reason="account_dormant")
    yield _open(stage, "money came back", other)
    paid.go("reissue_payment", "mega").go("send_payment", "hadi").go("confirm_payment", "lusi")
    yield _open(stage, "paid", other)


def _refusal(stage: Stage, client: FlaskClient) -> Iterator[Phone]:
    claim = story.refused(stage, ZULBAHRI)
    yield _open(stage, "refused", claim)
    begin(stage, client, claim, "Yusra").go("object", words="Iurannya sudah dibayar nagari.")
    yield _open(stage, "objection", claim)


def _accident(stage: Stage, client: FlaskClient) -> Iterator[Phone]:
    walk: Walk = notified(stage, client).link().event()
    yield _open(stage, "accident noticed", walk.claim, "Yulia")
    walk.go("report_stage_one").care().go("start_treatment")
    yield _open(stage, "in care", walk.claim, "Yulia")
    walk.concluded("work", "at_work").go("conclude_early").go("ask_certificate")
    walk.certified().go("receive_certificate")
    yield _open(stage, "papers of an accident", walk.claim, "Yulia")
    walk.papers().go("start_verification").checked().go("conclude").payee("Marzuki").go("calculate")
    walk.until_approved()
    yield _open(stage, "accident approved", walk.claim, "Yulia")
    helper = notified(
        stage, client, worker_name="Bustamam", national_id=None, notifier_role="nagari", notifier_name="Fitri"
    )
    yield _open(stage, "a helper's phone", helper.claim, "Fitri")


def _school(stage: Stage, client: FlaskClient) -> Iterator[Phone]:
    walk = opened(stage, client)
    yield _open(stage, "between school years", walk.claim, "Elmita")
    asked(walk)
    yield _open(stage, "papers for school", walk.claim, "Elmita")
