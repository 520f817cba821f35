"""Batches: filled by one, released by another, the same bytes for ever, never handed out before."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import select

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.claims.models import Claim
from caseflow.payments.models import Batch
from caseflow.training.people import PASSPHRASE
from tests.conftest import START
from tests.payments.world import World
from tests.web.finance.conftest import Desk
from tests.web.forms import fill, form_of, send


def test_it_offers_what_waits_and_asks_to_choose(desk: Desk) -> None:
    assert "Tidak ada perintah bayar yang menunggu" in desk.text("nina", "/keuangan/berkas/baru")
    reference = desk.ordered(desk.claims(1)[0])
    answer = fill(desk.browser("nina"), "/keuangan/berkas/baru", "/berkas/baru")
    assert answer.status_code == 422
    assert "Belum ada perintah bayar yang dipilih." in answer.get_data(as_text=True)
    assert reference in answer.get_data(as_text=True)


def test_an_open_batch_takes_and_gives_lines(desk: Desk) -> None:
    number, (first, second) = desk.batched(2)
    path = f"/keuangan/berkas/{number}"
    third = desk.ordered(desk.claims(1)[0])
    assert fill(desk.browser("nina"), path, "/tambah", perintah=[third]).status_code == 303
    assert fill(desk.browser("nina"), path, "/keluarkan").status_code == 303
    page = desk.text("nina", path)
    assert "Rp84.000.000" in page
    assert [desk.state_of(one) for one in (first, second, third)] == ["queued", "batched", "batched"]
    wrong = fill(desk.browser("nina"), path, "/tambah", perintah=["SJJ26900110"])
    assert wrong.status_code == 409
    assert "tidak ditemukan" in wrong.get_data(as_text=True)


def test_an_older_page_of_a_batch_changes_nothing(desk: Desk) -> None:
    number, _ = desk.batched(2)
    path = f"/keuangan/berkas/{number}"
    page = desk.text("nina", f"{path}/kunci")
    fill(desk.browser("nina"), path, "/keluarkan")
    answer = send(desk.browser("nina"), form_of(page, "/kunci"))
    assert answer.status_code == 409
    assert "Ini sudah berubah sejak halaman dibuka" in answer.get_data(as_text=True)
    with desk.session() as session:
        assert session.scalars(select(Batch.state)).one() == "open"


def test_locking_drops_what_changed_and_says_so(desk: Desk) -> None:
    number, (first, second) = desk.batched(2)
    with desk.session() as session:
        claim = session.scalars(select(Claim).order_by(Claim.id)).first()
        assert claim is not None
        World(session, desk.staff).add_account(claim, "0099999999")
    answer = fill(desk.browser("nina"), f"/keuangan/berkas/{number}/kunci", "/kunci")
    page = desk.text("nina", answer.location)
    assert f"{first} (kasus" in page
    assert "Isi kasus berubah sejak disetujui" in page
    assert "Terkunci, menunggu dilepas" in page
    assert [desk.state_of(one) for one in (first, second)] == ["cancelled", "batched"]


def test_the_maker_sees_why_another_must_release(desk: Desk) -> None:
    number, (reference,) = desk.locked()
    path = f"/keuangan/berkas/{number}/lepas"
    page = desk.text("nina", path)
    assert "Anda membuat berkas ini, jadi pelepasan harus oleh orang lain." in page
    card = form_of(desk.text("hadi", path), "/lepas")
    token = form_of(desk.text("nina", "/keuangan/berkas/baru"), "/keluar").fields["csrf_token"]
    card.fields["csrf_token"] = token
    answer = send(desk.browser("nina"), card)
    assert answer.status_code == 409
    assert "harus oleh orang lain" in answer.get_data(as_text=True)
    assert desk.state_of(reference) == "batched"


def test_the_card_before_release_says_count_total_and_digest(desk: Desk) -> None:
    number, references = desk.locked(2)
    page = desk.text("hadi", f"/keuangan/berkas/{number}/lepas")
    with desk.session() as session:
        digest = session.scalars(select(Batch.file_sha256)).one() or ""
    assert "Lepas Rp84.000.000 ke bank?" in page
    assert "delapan puluh empat juta rupiah" in page
    assert digest[:12] in page
    assert all(reference in page for reference in references)


def test_the_file_is_handed_out_after_release_only_and_is_always_the_same(desk: Desk) -> None:
    number, (reference,) = desk.locked()
    path = f"/keuangan/berkas/{number}/unduh"
    early = desk.browser("hadi").get(path)
    assert early.status_code == 409
    assert "setelah berkas dilepas oleh orang kedua" in early.get_data(as_text=True)
    assert fill(desk.browser("hadi"), f"/keuangan/berkas/{number}/lepas", "/lepas").status_code == 303
    files = [desk.browser(who).get(path) for who in ("hadi", "nina")]
    assert files[0].data == files[1].data
    assert reference.encode() in files[0].data
    assert files[0].headers["Content-Disposition"] == f"attachment; filename={number}.csv"
    assert files[0].mimetype == "text/csv"
    with desk.session() as session:
        assert session.scalars(select(Batch.file_sha256)).one() == hashlib.sha256(files[0].data).hexdigest()
        fetched = session.scalars(select(AuditEvent).where(AuditEvent.action == "payment.file_fetched")).all()
        assert [event.actor_name for event in fetched] == ["Hadi Saputra", "Nina Oktavia"]


@pytest.mark.parametrize("username", ["aulia", "dedi", "mega"])
def test_others_never_get_the_file(desk: Desk, username: str) -> None:
    number, _ = desk.released()
    assert desk.browser(username).get(f"/keuangan/berkas/{number}/unduh").status_code == 403


def test_a_branch_head_may_release(desk: Desk) -> None:
    number, (reference,) = desk.locked()
    assert fill(desk.browser("bram"), f"/keuangan/berkas/{number}/lepas", "/lepas").status_code == 303
    assert desk.state_of(reference) == "sent"


def test_release_asks_who_it_is_when_the_sign_in_is_old(desk: Desk) -> None:
    number, (reference,) = desk.locked()
    form = form_of(desk.text("hadi", f"/keuangan/berkas/{number}/lepas"), "/lepas")
    clock.set_start(START + timedelta(minutes=6))
    asked = send(desk.browser("hadi"), form)
    assert asked.status_code == 401
    assert "Pastikan ini Anda" in asked.get_data(as_text=True)
    assert desk.state_of(reference) == "batched"
    assert send(desk.browser("hadi"), form, second_factor="bukan ini").status_code == 401
    assert send(desk.browser("hadi"), form, second_factor=PASSPHRASE).status_code == 303
    assert desk.state_of(reference) == "sent"


def test_a_released_batch_is_not_released_again(desk: Desk) -> None:
    number, _ = desk.locked()
    form = form_of(desk.text("hadi", f"/keuangan/berkas/{number}/lepas"), "/lepas")
    assert send(desk.browser("hadi"), form).status_code == 303
    again = send(desk.browser("hadi"), form)
    assert again.status_code == 303, "the same form is answered as before"
    other = send(desk.browser("hadi"), form, request_key="x" * 20)
    assert other.status_code == 409
    assert "sudah dilepas. Tidak ada yang dikirim lagi." in other.get_data(as_text=True)


def test_a_locked_batch_can_be_ended(desk: Desk) -> None:
    number, (reference,) = desk.locked()
    path = f"/keuangan/berkas/{number}/batalkan"
    short = fill(desk.browser("hadi"), path, "/batalkan", reason="salah")
    assert short.status_code == 422
    assert "salah</textarea>" in short.get_data(as_text=True)
    answer = fill(desk.browser("hadi"), path, "/batalkan", reason="Jumlah berkas keliru, disusun ulang.")
    assert answer.status_code == 303
    assert desk.state_of(reference) == "cancelled"
    assert "tidak pernah diberikan kepada siapa pun" in desk.text("hadi", f"/keuangan/berkas/{number}")
    assert desk.browser("hadi").get(f"/keuangan/berkas/{number}/unduh").status_code == 409


def test_a_batch_page_needs_no_more_statements_for_more_lines(desk: Desk) -> None:
    counts = []
    desk.browser("lusi")
    for lines in (1, 4):
        number, _ = desk.released(lines)
        with desk.counted() as said:
            desk.text("lusi", f"/keuangan/berkas/{number}")
        counts.append(len(said))
    assert counts[0] == counts[1]


def test_unknown_batches_do_not_exist(desk: Desk) -> None:
    for number in ("B261120-99", "x", "B" * 400):
        assert desk.browser("nina").get(f"/keuangan/berkas/{number}").status_code == 404
