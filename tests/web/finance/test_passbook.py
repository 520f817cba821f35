"""Whoever types the number looks at the passbook: that paper only, while money is on its way, with a trace."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.documents.models import Document, Requirement
from caseflow.workflow.fire import take_duty
from caseflow.workflow.models import CaseFile
from tests import story
from tests.web.finance.conftest import SAMSIR_ACCOUNT, Desk
from tests.web.forms import fill


@pytest.fixture
def number(desk: Desk) -> str:
    """Samsir's approved claim, its papers with pictures."""
    with desk.session() as session:
        store = desk.app.extensions["caseflow_store"]
        return story.approved(story.Stage(session, store, desk.staff, previews=True)).number


def paper(session: Session, code: str) -> Document:
    """The file of one paper."""
    rows = session.scalars(
        select(Document).join(Requirement, Requirement.id == Document.requirement_id)
        .where(Requirement.code == code, Document.withdrawn_at.is_(None))
    )  # fmt: skip
    return rows.one()


def picture(desk: Desk, number: str) -> str:
    """Where the page shows the passbook from."""
    page = desk.text("nina", f"/keuangan/perintah/{number}")
    return page.split('<img src="', 1)[1].split('"', 1)[0]


def test_the_maker_sees_the_passbook_and_leaves_a_trace(desk: Desk, number: str) -> None:
    page = desk.text("nina", f"/keuangan/perintah/{number}")
    assert "Ketik nomor rekening dari gambar buku tabungan" in page
    assert "Unduh berkas asli" not in page
    assert "Berkas asli" not in page
    shown = desk.browser("nina").get(picture(desk, number), buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["Cache-Control"] == "private, no-store"
    with desk.session() as session:
        opened = session.scalars(select(AuditEvent).where(AuditEvent.action == "document.opened")).one()
        assert opened.actor_person_id == desk.staff["nina"].person_id
        assert opened.subject == f"document:{paper(session, 'bank_book').public_id}"
        assert opened.details == {"page": 1}


def test_no_other_paper_comes_through_this_door(desk: Desk, number: str) -> None:
    address = picture(desk, number)
    with desk.session() as session:
        book, card = (
            paper(session, "bank_book").public_id,
            paper(session, "worker_id_card").public_id,
        )
    nina = desk.browser("nina")
    assert nina.get(address.replace(book, card)).status_code == 404
    assert nina.get(address.replace("/hal/1", "/hal/2")).status_code == 404
    assert nina.get(address.replace(number, "SJJ-26-9999-6")).status_code == 404
    with desk.session() as session:
        paper(session, "bank_book").withdrawn_at = clock.now()
    assert nina.get(address).status_code == 404


def test_nobody_else_comes_through_this_door(desk: Desk, number: str) -> None:
    address = picture(desk, number)
    for name in ("dedi", "mega", "bram", "aulia", "admin"):
        assert desk.browser(name).get(address).status_code == 403
    for name in ("bram", "aulia"):
        assert "/buku-tabungan/" not in desk.text(name, f"/keuangan/perintah/{number}")


def test_whoever_holds_another_duty_on_the_case_sees_no_picture(desk: Desk, number: str) -> None:
    """The picture asks what the page asks; nothing is written down as opened."""
    address = picture(desk, number)
    with desk.session() as session:
        claim = session.scalars(select(CaseFile).where(CaseFile.number == number)).one()
        take_duty(session, claim, "release", by=desk.staff["hadi"], now=clock.now())
    assert "/buku-tabungan/" not in desk.text("hadi", f"/keuangan/perintah/{number}")
    assert desk.browser("hadi").get(address).status_code == 404
    with desk.session() as session:
        assert session.scalars(select(AuditEvent).where(AuditEvent.action == "document.opened")).all() == []
    assert desk.browser("nina").get(address, buffered=True).status_code == 200


def test_a_page_number_without_end_is_no_page(desk: Desk, number: str) -> None:
    address = picture(desk, number).removesuffix("1")
    for page in ("9" * 5000, "-1", "satu", "0"):
        assert desk.browser("nina").get(f"{address}{page}").status_code == 404


def test_another_branch_finds_nothing(desk: Desk, number: str) -> None:
    address = picture(desk, number)
    with desk.session() as session:
        session.execute(update(CaseFile).where(CaseFile.kind == "claim").values(branch_code="padang"))
    assert desk.browser("nina").get(address).status_code == 404


def test_only_while_money_is_on_its_way(desk: Desk) -> None:
    with desk.session() as session:
        stage = story.Stage(session, desk.app.extensions["caseflow_store"], desk.staff, previews=True)
        claim = story.approved(stage)
        story.move(stage, claim, "void_approval", reason_code="heirs_changed")
        number, book = claim.number, paper(session, "bank_book").public_id
    assert "tidak menunggu pembayaran" in desk.text("nina", f"/keuangan/perintah/{number}")
    address = f"/keuangan/perintah/{number}/buku-tabungan/{book}/hal/1"
    assert desk.browser("nina").get(address).status_code == 404


def test_a_case_without_a_picture_says_whom_to_ask(desk: Desk) -> None:
    (number,) = desk.claims(1)
    page = desk.text("nina", f"/keuangan/perintah/{number}")
    assert "Minta salinannya kepada petugas klaim" in page
    assert "<img" not in page.split("<main", 1)[1]


def test_a_picture_that_cannot_be_made_says_whom_to_ask(desk: Desk, number: str) -> None:
    with desk.session() as session:
        paper(session, "bank_book").preview = "failed"
    page = desk.text("nina", f"/keuangan/perintah/{number}")
    assert "Pratinjau gagal dibuat" in page
    assert "Minta salinannya kepada petugas klaim" in page
    assert "berkas asli" not in page.lower()


def test_after_the_order_the_picture_is_gone(desk: Desk, number: str) -> None:
    path, address = f"/keuangan/perintah/{number}", picture(desk, number)
    answer = fill(
        desk.browser("nina"), path, path, account_number_again=SAMSIR_ACCOUNT, holder_name_found="Yusra"
    )
    assert answer.status_code == 303
    assert "/buku-tabungan/" not in desk.text("nina", path)
    assert desk.browser("nina").get(address).status_code == 404
