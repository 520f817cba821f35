"""Making an order to pay: the account typed blind, every refusal with what was typed, never twice."""

from caseflow import clock
from caseflow.claims.queries import get_claim
from caseflow.payments.models import Instruction
from tests.payments.world import ACCOUNT, World
from tests.web.finance.conftest import SAMSIR_ACCOUNT, Desk
from tests.web.forms import fill, form_of, send


def test_it_shows_what_was_approved_but_not_the_account(desk: Desk) -> None:
    number = desk.samsir()
    page = desk.text("nina", f"/keuangan/perintah/{number}")
    assert "Alm. Samsir" in page
    for amount in (
        "Rp20.000.000",
        "Rp12.000.000",
        "Rp10.000.000",
        "Rp42.000.000",
        "empat puluh dua juta rupiah",
    ):
        assert amount in page
    assert "••••4417" in page
    assert SAMSIR_ACCOUNT not in page


def test_it_makes_the_order_and_says_its_reference(desk: Desk) -> None:
    number = desk.samsir()
    answer = fill(
        desk.browser("nina"),
        f"/keuangan/perintah/{number}",
        number,
        account_number_again="7100 0234 417",
        holder_name_found="YUSRA",
    )
    assert answer.status_code == 303
    page = desk.text("nina", "/keuangan/")
    assert "Perintah bayar SJJ2600011" in page
    assert "menunggu masuk berkas" in page
    again = desk.text("nina", f"/keuangan/perintah/{number}")
    assert "Satu kasus tidak dibayar dua kali." in again


_WRONG = (
    ("71000234416", "Yusra", "", "Nomor rekening tidak sama dengan yang disetujui"),
    ("7100", "Yusra", "", "Nomor rekening 6 sampai 20 angka"),
    ("", "Yusra", "", "Ketik nomor rekening dari buku tabungan."),
    (SAMSIR_ACCOUNT, "", "", "Isi nama pemilik rekening menurut bank."),
    (SAMSIR_ACCOUNT, "Rosmaniar", "", "bukan nama penerima"),
    (SAMSIR_ACCOUNT, "Hj. Yusra", "", "Nama dianggap sama karena gelar diabaikan."),
    (SAMSIR_ACCOUNT, "Hj. Yusra", "pendek", "paling sedikit 10 huruf"),
)


def test_it_keeps_what_was_typed_when_something_is_wrong(desk: Desk) -> None:
    path = f"/keuangan/perintah/{desk.samsir()}"
    for typed, found, note, sentence in _WRONG:
        answer = fill(
            desk.browser("nina"),
            path,
            path,
            account_number_again=typed,
            holder_name_found=found,
            name_note=note,
        )
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert sentence in page
        assert f'value="{typed}"' in page
        assert f'value="{found}"' in page
        assert note in page
    with desk.session() as session:
        assert session.query(Instruction).count() == 0


def test_a_name_written_otherwise_passes_with_a_note(desk: Desk) -> None:
    number = desk.samsir()
    answer = fill(
        desk.browser("nina"),
        f"/keuangan/perintah/{number}",
        number,
        account_number_again=SAMSIR_ACCOUNT,
        holder_name_found="Hj. Yusra",
        name_note="Gelar haji tertulis di buku tabungan saja.",
    )
    assert answer.status_code == 303


def test_the_same_form_twice_makes_one_order(desk: Desk) -> None:
    (number,) = desk.claims(1)
    browser = desk.browser("nina")
    form = form_of(browser.get(f"/keuangan/perintah/{number}").get_data(as_text=True), number)
    answers = [send(browser, form, account_number_again=ACCOUNT, holder_name_found="Yusra") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with desk.session() as session:
        assert session.query(Instruction).count() == 1


def test_two_pages_make_one_order_and_the_second_learns_why(desk: Desk) -> None:
    (number,) = desk.claims(1)
    browser = desk.browser("nina")
    form = form_of(browser.get(f"/keuangan/perintah/{number}").get_data(as_text=True), number)
    desk.ordered(number)
    answer = send(browser, form, account_number_again=ACCOUNT, holder_name_found="Yusra")
    assert answer.status_code == 409
    assert "sudah ada dan menunggu masuk berkas" in answer.get_data(as_text=True)


def test_a_stale_page_changes_nothing_and_keeps_what_was_typed(desk: Desk) -> None:
    (number,) = desk.claims(1)
    browser = desk.browser("nina")
    form = form_of(browser.get(f"/keuangan/perintah/{number}").get_data(as_text=True), number)
    answer = send(browser, form, account_number_again=ACCOUNT, holder_name_found="Yusra", version="3")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Ini sudah berubah sejak halaman dibuka" in page
    assert f'value="{ACCOUNT}"' in page
    with desk.session() as session:
        assert session.query(Instruction).count() == 0


def test_a_changed_account_needs_a_new_approval(desk: Desk) -> None:
    (number,) = desk.claims(1)
    with desk.session() as session:
        World(session, desk.staff).add_account(
            get_claim(session, number, by=desk.staff["nina"]), "0099999999"
        )
    answer = fill(
        desk.browser("nina"),
        f"/keuangan/perintah/{number}",
        number,
        account_number_again=ACCOUNT,
        holder_name_found="Yusra",
    )
    assert answer.status_code == 409
    assert "Isi kasus berubah sejak disetujui" in answer.get_data(as_text=True)


def test_claims_that_are_not_to_be_paid_do_not_exist_here(desk: Desk) -> None:
    (foreign,) = desk.claims(1, branch_code="padang")
    for number in (foreign, "SJJ-26-9999-9", "x", "%00"):
        assert desk.browser("nina").get(f"/keuangan/perintah/{number}").status_code in {400, 404}


def test_the_history_tells_every_step(desk: Desk) -> None:
    number, (reference,) = desk.released()
    page = desk.text("aulia", f"/keuangan/perintah/{reference}/riwayat")
    for words in (
        "Siap dimasukkan ke berkas bayar",
        "Dalam berkas bayar",
        "Dilepas ke bank",
        "Nina Oktavia",
        "Hadi Saputra",
    ):
        assert words in page
    assert f"Berkas bayar: {number}" in page
    assert "Jawaban bank hilang" not in page


def test_an_order_is_taken_back_with_a_reason(desk: Desk) -> None:
    (number,) = desk.claims(1)
    reference = desk.ordered(number)
    path = f"/keuangan/perintah/{reference}/batalkan"
    assert fill(desk.browser("nina"), path, "/batalkan", reason="salah").status_code == 422
    answer = fill(desk.browser("nina"), path, "/batalkan", reason="Penerima meminta rekening lain.")
    assert answer.status_code == 303
    assert desk.state_of(reference) == "cancelled"
    assert "Alasan: Penerima meminta rekening lain." in desk.text("nina", answer.location)
    assert desk.ordered(number) != reference


def test_a_lost_answer_stops_everything(desk: Desk) -> None:
    _, (reference,) = desk.released()
    path = f"/keuangan/perintah/{reference}/belum-pasti"
    answer = fill(desk.browser("lusi"), path, "/belum-pasti", reason="Internet banking terputus.")
    assert answer.status_code == 303
    assert desk.state_of(reference) == "unknown"
    page = desk.text("lusi", path)
    assert "Langkah ini tidak bisa lagi." in page
    assert "Tidak ada yang dikirim ulang" in desk.text("nina", "/keuangan/")


def test_a_letter_of_the_bank_ends_it(desk: Desk) -> None:
    _, (reference,) = desk.released()
    path = f"/keuangan/perintah/{reference}/surat-bank"
    today = clock.today()
    letter = {
        "letter_number": "12/BN/2026",
        "letter_on__day": str(today.day),
        "letter_on__month": str(today.month),
        "letter_on__year": str(today.year),
    }
    failed = fill(desk.browser("lusi"), path, "/surat-bank", outcome="failed", **letter)
    assert failed.status_code == 422, "the family reads why, so the reason is needed"
    assert 'value="12/BN/2026"' in failed.get_data(as_text=True)
    early = fill(desk.browser("lusi"), path, "/surat-bank", outcome="settled", **letter)
    assert early.status_code == 409
    future = fill(
        desk.browser("lusi"), path, "/surat-bank", outcome="settled", **{**letter, "letter_on__year": "2027"}
    )
    assert "belum terjadi" in future.get_data(as_text=True)
    answer = fill(
        desk.browser("lusi"), path, "/surat-bank", outcome="failed", reason_code="account_dormant", **letter
    )
    assert answer.status_code == 303
    page = desk.text("lusi", answer.location)
    assert "Alasan bank: Rekening pasif" in page
    assert "Tanggal surat: 20 November 2026" in page
    assert "Rekening pasif" in desk.text("nina", "/keuangan/")


def test_who_released_may_not_close_it_by_letter(desk: Desk) -> None:
    _, (reference,) = desk.released()
    page = desk.text("hadi", f"/keuangan/perintah/{reference}/surat-bank")
    assert "Anda sudah melepas pembayaran pada kasus ini" in page
    assert "Catat surat bank</span>" not in page
