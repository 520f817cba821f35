"""After the money: asked three days later, answered, looked after; a levy is forgotten by the case; faces of nobody."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import operations, receipts
from caseflow.claims.complaint_models import Feedback, ReceiptAnswer
from caseflow.claims.models import Claim
from caseflow.errors import NotPossible
from caseflow.people.actor import Actor
from caseflow.people.devices import device_for_reporter
from caseflow.people.models import FamilyDevice
from caseflow.workflow.models import Outbox
from tests.scholarship_story import paid_claim
from tests.story import Stage, move
from tests.web.casework.conftest import Office
from tests.web.casework.conftest import office as office
from tests.web.family.test_status_table import under_mandate
from tests.web.forms import form_of, send

ASK = "Apakah santunan sudah diterima utuh?"


@pytest.fixture
def stage(office: Office) -> Iterator[Stage]:
    """The office's own stage."""
    with office.stage() as opened:
        yield opened


@pytest.fixture
def paid(stage: Stage) -> Claim:
    """Firdaus's claim, paid today."""
    claim = paid_claim(stage)
    stage.session.commit()
    return claim


@pytest.fixture
def phone(office: Office, stage: Stage, paid: Claim) -> FlaskClient:
    """Elmita's phone."""
    browser = office.app.test_client()
    browser.set_cookie("kel", device_for_reporter(stage.session, paid.id, "Elmita", now=clock.now()))
    stage.session.commit()
    return browser


def days_pass(days: int) -> None:
    """Let days pass."""
    clock.set_start(clock.now() + timedelta(days=days))


def read(browser: FlaskClient, path: str = "/berkas", status: int = 200) -> str:
    """A page of the phone in plain text."""
    answer = browser.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return unescape(answer.get_data(as_text=True))


def answer(browser: FlaskClient, said: str) -> str:
    """Answer the question and return where it leads."""
    sent = send(browser, form_of(read(browser, "/berkas/sudah-diterima"), "/sudah-diterima"), answer=said)
    assert sent.status_code == 303, sent.get_data(as_text=True)
    return sent.location


def test_asked_after_three_days_and_not_before(phone: FlaskClient) -> None:
    days_pass(2)
    assert ASK not in read(phone)
    assert "tiga hari sesudah" in read(phone, "/berkas/sudah-diterima", 404)
    days_pass(1)
    assert ASK in read(phone)
    assert answer(phone, "full") == "/berkas/tanggapan"
    assert ASK not in read(phone)


def test_nobody_is_asked_for_ever(stage: Stage, paid: Claim) -> None:
    """Sixty days, then the page is quiet; who answers later is still heard."""
    since = receipts.asked_since(stage.session, paid)
    assert since is not None
    assert receipts.is_asked(stage.session, paid, today=since + timedelta(days=60))
    assert not receipts.is_asked(stage.session, paid, today=since + timedelta(days=61))
    days_pass(100)
    assert receipts.answer_receipt(stage.session, paid, "not_yet", by=stage.verifier, now=clock.now()).id


def test_the_night_owes_the_question_once(stage: Stage, paid: Claim) -> None:
    """Found by the night of the third day; a second run of it, or another night, writes nothing."""
    assert receipts.families_to_ask(stage.session, clock.today() + timedelta(days=2)) == []
    days_pass(3)
    assert receipts.families_to_ask(stage.session, clock.today()) == [paid.id]
    assert receipts.ask_family(stage.session, paid.id, now=clock.now())
    assert not receipts.ask_family(stage.session, paid.id, now=clock.now())
    assert receipts.families_to_ask(stage.session, clock.today()) == []
    owed = stage.session.scalars(
        select(Outbox.occasion).where(Outbox.casefile_id == paid.id, Outbox.notice == "received_in_full")
    ).all()
    assert owed == [(clock.today()).isoformat()]


def test_the_night_also_asks_who_is_accompanied_already_and_nobody_after_sixty_days(
    stage: Stage, paid: Claim
) -> None:
    days_pass(2)
    move(stage, paid, "begin_accompaniment")
    days_pass(1)
    assert receipts.families_to_ask(stage.session, clock.today()) == [paid.id]
    days_pass(60)
    assert receipts.families_to_ask(stage.session, clock.today()) == [paid.id]
    days_pass(1)
    assert receipts.families_to_ask(stage.session, clock.today()) == []


def test_not_yet_comes_to_officer_and_finance_with_the_banks_reference(
    office: Office, phone: FlaskClient, paid: Claim
) -> None:
    days_pass(3)
    assert answer(phone, "not_yet") == "/berkas"
    assert ASK in read(phone)
    for who in ("dedi", "nina", "bram"):
        page = office.read(who, "/petugas/belum-diterima")
        assert paid.number in page
        assert "Elmita" in page
    assert office.fill("dedi", "/petugas/belum-diterima", "/belum-diterima").status_code == 303
    assert "Tidak ada yang menunggu" in office.read("dedi", "/petugas/belum-diterima")
    assert ASK not in read(phone)


def test_a_levy_leaves_nothing_at_the_case(office: Office, phone: FlaskClient, paid: Claim) -> None:
    """It leads to the complaint, and the question stands as if nothing had been said."""
    days_pass(3)
    before = read(phone).split("<main", 1)[1]
    assert answer(phone, "levy") == "/berkas/aduan?tentang=uang"
    page = read(phone, "/berkas/aduan?tentang=uang")
    assert 'value="levy" checked' in page
    with Session(office.database.engine) as session:
        assert session.scalar(select(func.count()).select_from(ReceiptAnswer)) == 0
    assert _still(read(phone).split("<main", 1)[1]) == _still(before)
    assert paid.number not in office.read("nina", "/petugas/belum-diterima")


def _still(page: str) -> str:
    """A page without the token that is new each time."""
    return page.replace(form_of(page, "/tutup").fields["csrf_token"][0], "")


def test_a_helper_is_not_asked_about_money(stage: Stage, phone: FlaskClient, paid: Claim) -> None:
    under_mandate(stage.session, paid, "Elmita")
    stage.session.commit()
    days_pass(3)
    assert ASK not in read(phone)
    read(phone, "/berkas/sudah-diterima", 404)


def test_nothing_chosen_is_said_in_words(phone: FlaskClient) -> None:
    days_pass(3)
    form = form_of(read(phone, "/berkas/sudah-diterima"), "/sudah-diterima")
    sent = send(phone, form)
    assert sent.status_code == 422
    assert "Pilih salah satu jawaban." in sent.get_data(as_text=True)


def test_a_payment_that_came_back_is_not_asked_about(stage: Stage, phone: FlaskClient, paid: Claim) -> None:
    """Nobody is asked whether money arrived that the bank has sent back."""
    days_pass(3)
    stage.session.refresh(paid)
    assert receipts.is_asked(stage.session, paid, today=clock.today())
    operations.act(
        stage.session,
        paid,
        "report_payment_failure",
        by=stage.staff["lusi"],
        expected_version=paid.version,
        now=clock.now(),
        reason_code="account_closed",
    )
    stage.session.commit()
    assert ASK not in read(phone)


def test_faces_are_counted_and_belong_to_nobody(office: Office, phone: FlaskClient) -> None:
    """Below five the head sees nothing; then three counts. A form sent twice counts once."""
    page = read(phone, "/berkas/tanggapan")
    form = form_of(page, "/tanggapan")
    for _ in range(2):
        assert send(phone, form, face="good", words="Petugasnya sabar.").status_code == 303
    assert "Belum cukup" in office.read("bram", "/pengawasan/tanggapan")
    for face in ("good", "good", "fair", "bad"):
        send(phone, form_of(read(phone, "/berkas/tanggapan"), "/tanggapan"), face=face, words="")
    seen = office.read("bram", "/pengawasan/tanggapan")
    assert '<td class="number">3</td>' in seen
    assert "Petugasnya sabar." in seen
    with Session(office.database.engine) as session:
        assert session.scalar(select(func.count()).select_from(Feedback)) == 5
    assert {column.name for column in Feedback.__table__.columns}.isdisjoint({"casefile_id", "device_id"})


def test_too_long_feedback_is_kept_on_the_page(phone: FlaskClient) -> None:
    words = "x" * 1001
    sent = send(phone, form_of(read(phone, "/berkas/tanggapan"), "/tanggapan"), face="good", words=words)
    assert sent.status_code == 422
    assert words in sent.get_data(as_text=True)


def test_a_closed_phone_answers_nothing(office: Office, phone: FlaskClient) -> None:
    with Session(office.database.engine) as session:
        session.execute(update(FamilyDevice).values(revoked_at=clock.now()))
        session.commit()
    assert phone.get("/berkas/sudah-diterima").status_code in {302, 303}


def test_that_all_is_there_only_who_was_paid_can_say(office: Office, stage: Stage, paid: Claim) -> None:
    """Another relative's phone may raise the alarm, and cannot quiet it."""
    browser = office.app.test_client()
    browser.set_cookie("kel", device_for_reporter(stage.session, paid.id, "Nadia", now=clock.now()))
    stage.session.commit()
    days_pass(3)
    page = read(browser, "/berkas/sudah-diterima")
    assert 'value="full"' not in page
    assert "Yang menjawab “sudah diterima utuh” hanya" in page
    refused = send(browser, form_of(page, "/sudah-diterima"), answer="full")
    assert refused.status_code == 422
    assert stage.session.scalar(select(func.count()).select_from(ReceiptAnswer)) == 0
    assert answer(browser, "not_yet") == "/berkas"
    device = stage.session.scalars(select(FamilyDevice).where(FamilyDevice.holder_name == "Nadia")).one()
    nadia = Actor(
        kind="family", name="Nadia", roles=frozenset({"family"}), device_id=device.id, casefile_id=paid.id
    )
    with pytest.raises(NotPossible, match="hanya penerima uangnya"):
        receipts.answer_receipt(stage.session, paid, "full", by=nadia, now=clock.now())
