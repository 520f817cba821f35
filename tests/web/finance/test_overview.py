"""The overview: what waits for whom, for everybody who may look, in few statements."""

from caseflow import clock
from caseflow.claims.queries import get_claim
from caseflow.workflow.fire import take_duty
from tests.web.finance.conftest import SAMSIR_ACCOUNT, Desk
from tests.web.forms import fill


def test_it_says_so_when_nothing_waits(desk: Desk) -> None:
    page = desk.text("nina", "/keuangan/")
    assert "Tidak ada kasus yang menunggu perintah bayar" in page
    assert "Belum ada berkas bayar" in page
    assert "Belum ada berkas yang dilepas bulan ini." in page


def test_it_counts_and_adds_up_what_waits(desk: Desk) -> None:
    first, second, third = desk.claims(3)
    reference = desk.ordered(first)
    page = desk.text("nina", "/keuangan/")
    assert "2 kasus, seluruhnya Rp84.000.000" in page
    assert "1 perintah bayar, seluruhnya Rp42.000.000" in page
    assert f"/keuangan/perintah/{second}" in page
    assert f"/keuangan/perintah/{third}" in page
    assert f"/keuangan/perintah/{reference}/riwayat" in page


def test_lists_name_the_dead_as_families_do(desk: Desk) -> None:
    number = desk.samsir()
    assert "Alm. Samsir" in desk.text("nina", "/keuangan/")
    path = f"/keuangan/perintah/{number}"
    fill(desk.browser("nina"), path, path, account_number_again=SAMSIR_ACCOUNT, holder_name_found="Yusra")
    assert "Alm. Samsir" in desk.text("nina", "/keuangan/berkas/baru")


def test_it_shows_nothing_of_another_branch(desk: Desk) -> None:
    (foreign,) = desk.claims(1, branch_code="padang")
    page = desk.text("nina", "/keuangan/")
    assert foreign not in page
    assert "Tidak ada kasus yang menunggu perintah bayar" in page


def test_it_lets_an_auditor_look_and_nothing_else(desk: Desk) -> None:
    (number,) = desk.claims(1)
    page = desk.text("aulia", "/keuangan/")
    assert "Anda hanya melihat halaman ini." in page
    assert "Buat berkas bayar" not in page
    assert "Nomor rekening dari buku tabungan" not in desk.text("aulia", f"/keuangan/perintah/{number}")


def test_it_says_what_a_branch_head_may(desk: Desk) -> None:
    assert "Anda dapat melepas berkas yang disusun orang lain" in desk.text("bram", "/keuangan/")


def test_officers_are_turned_away(desk: Desk) -> None:
    assert desk.browser("dedi").get("/keuangan/").status_code == 403


def test_it_explains_why_somebody_may_not_make_an_order(desk: Desk) -> None:
    (number,) = desk.claims(1)
    with desk.session() as session:
        claim = get_claim(session, number, by=desk.staff["nina"])
        take_duty(session, claim, "release", by=desk.staff["nina"], now=clock.now())
    assert "Anda sudah melepas pembayaran pada kasus ini" in desk.text("nina", "/keuangan/")
    assert "Anda sudah melepas pembayaran pada kasus ini" in desk.text("nina", f"/keuangan/perintah/{number}")


def test_the_month_adds_up(desk: Desk) -> None:
    desk.released(2)
    page = desk.text("lusi", "/keuangan/")
    assert "Rekonsiliasi November 2026" in page
    assert "2 transfer, seluruhnya Rp84.000.000" in page
    assert "harus nol sesudah semua rekening koran dicocokkan" in page


def test_it_needs_no_more_statements_for_more_claims(desk: Desk) -> None:
    first, *others = desk.claims(6)
    desk.ordered(first)
    with desk.counted() as few:
        desk.text("nina", "/keuangan/")
    for number in others[:3]:
        desk.ordered(number)
    with desk.counted() as many:
        desk.text("nina", "/keuangan/")
    assert len(many) == len(few)
    assert len(few) <= 16


def test_a_wrong_page_key_is_only_ignored(desk: Desk) -> None:
    desk.claims(1)
    for query in (
        "siap=x~y",
        "siap=2026-11-20T00:00:00~1",
        "antre=-1",
        "jalan=99999999999999999999999",
        "berkas=%00",
    ):
        assert desk.browser("nina").get(f"/keuangan/?{query}").status_code in {200, 400}
