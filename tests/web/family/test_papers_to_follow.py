"""Papers that may follow, and papers that are asked for late: the family is asked and told, not left to guess."""

import re
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.papers import return_paper
from caseflow.people.devices import device_for_reporter
from caseflow.workflow.models import Outbox
from tests import story
from tests.story import Stage
from tests.web.forms import fill


def box(browser: FlaskClient, path: str) -> str:
    """What the box on top of a page of the family asks."""
    page = unescape(browser.get(path).get_data(as_text=True))
    return re.sub(r"<[^>]+>", "", page.split('action-sentence">', 1)[1].split("</p>", 1)[0]).strip()


def opened(stage: Stage, client: FlaskClient, claim: Claim) -> FlaskClient:
    """The phone that reported opens the case."""
    client.set_cookie("kel", device_for_reporter(stage.session, claim.id, "Yusra", now=clock.now()))
    stage.session.commit()
    return client


def told(stage: Stage, claim: Claim, notice: str) -> int:
    """How often the family is owed a message."""
    rows = select(Outbox.id).where(Outbox.casefile_id == claim.id, Outbox.notice == notice)
    return len(stage.session.scalars(rows).all())


def returned(stage: Stage, claim: Claim, code: str) -> None:
    """The officer sends a paper back."""
    return_paper(stage.session, claim, code, "blurry", by=stage.verifier, now=clock.now())


def test_what_is_needed_before_the_money_is_asked_for(stage: Stage, client: FlaskClient) -> None:
    """All that the examination needs is there; without bank book and certificate nothing can be paid."""
    claim = story.with_papers(stage, but=("bank_book", "civil_death_certificate"))
    phone = opened(stage, client, claim)
    assert claim.state == "documents_complete"
    for path in ("/berkas", "/berkas/dokumen"):
        assert box(phone, path) == "Sebelum dibayar, kirim 2 dokumen lagi."


def test_a_bank_book_that_cannot_be_read_is_asked_for_again(stage: Stage, client: FlaskClient) -> None:
    """The case goes on meanwhile; the family reads it on its page and is told, once a day."""
    claim = story.verifying(stage)
    returned(stage, claim, "bank_book")
    returned(stage, claim, "civil_death_certificate")
    phone = opened(stage, client, claim)
    assert (claim.state, told(stage, claim, "doc_returned")) == ("verifying", 1)
    for path in ("/berkas", "/berkas/dokumen"):
        assert box(phone, path) == "Sebelum dibayar, kirim 2 dokumen lagi."
    clock.set_start(datetime.fromisoformat("2026-11-23T09:00:00+07:00"))
    for code in ("bank_book", "civil_death_certificate"):
        story.send_paper(stage, claim, code, by=story.phone_of(stage, claim), serial=9)
    returned(stage, claim, "bank_book")
    assert told(stage, claim, "doc_returned") == 2


def test_a_paper_returned_while_others_are_collected_is_told(stage: Stage) -> None:
    """The case waits for the family already, so nothing moves."""
    claim = story.reported(stage)
    story.send_paper(stage, claim, "family_card", by=story.phone_of(stage, claim))
    story.move(stage, claim, "start_intake")
    returned(stage, claim, "family_card")
    assert (claim.state, told(stage, claim, "doc_returned")) == ("documents_pending", 1)


@pytest.mark.parametrize("person", [story.SAMSIR, story.SYAFRIL], ids=["agreement", "guardianship"])
def test_a_paper_that_the_payee_needs_is_told(stage: Stage, person: story.Person) -> None:
    """Who is paid was decided in the examination: only then it is known what else is needed."""
    claim = story.decided_heirs(stage, person)
    assert told(stage, claim, "paper_added") == 1


def test_a_request_for_help_is_said_once_beside_its_paper(stage: Stage, client: FlaskClient) -> None:
    claim = story.reported(stage)
    phone = opened(stage, client, claim)
    fill(phone, "/berkas/dokumen/family_card", "/tidak-ditemukan")
    page = unescape(phone.get("/berkas/dokumen").get_data(as_text=True))
    assert page.count("Minta bantuan 20 November 2026.") == 1
