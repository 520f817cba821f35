"""Bookings tied to transfers: to the rupiah, by a third person, one look each."""

from datetime import timedelta

from sqlalchemy import select

from caseflow import clock
from caseflow.payments.models import StatementLine
from caseflow.payments.references import reference_of
from tests.conftest import START
from tests.payments.world import row
from tests.web.finance.conftest import Desk, sent_row
from tests.web.forms import fill, form_of, send

PATH = "/keuangan/rekening-koran/cocokkan"


def line_of(desk: Desk, description: str) -> int:
    """The key of a booking."""
    with desk.session() as session:
        return session.scalars(select(StatementLine.id).where(StatementLine.description == description)).one()


def test_it_confirms_what_was_ticked_and_leaves_the_rest(desk: Desk) -> None:
    _, (first, second) = desk.released(2)
    desk.loaded(sent_row(first), sent_row(second, number="FT2"))
    page = desk.text("lusi", PATH)
    assert "Cocok sampai rupiah" in page
    line = line_of(desk, f"TRF SANTUNAN {first}")
    answer = fill(desk.browser("lusi"), PATH, "/cocokkan", baris=[f"{line}:{first}"])
    assert answer.status_code == 303
    assert (desk.state_of(first), desk.state_of(second)) == ("settled", "sent")
    left = desk.text("lusi", PATH)
    assert "1 transfer dipastikan terkirim." in left
    assert f"{line}:{first}" not in left


def test_nothing_ticked_and_too_much_ticked(desk: Desk) -> None:
    _, (reference,) = desk.released()
    desk.loaded(sent_row(reference))
    nothing = fill(desk.browser("lusi"), PATH, "/cocokkan")
    assert nothing.status_code == 422
    assert "Belum ada baris yang dicentang." in nothing.get_data(as_text=True)
    much = fill(desk.browser("lusi"), PATH, "/cocokkan", baris=[f"{n}:{reference}" for n in range(21)])
    assert much.status_code == 422
    assert "Paling banyak 20 baris" in much.get_data(as_text=True)
    strange = fill(desk.browser("lusi"), PATH, "/cocokkan", baris=["x:y", "::", ""])
    assert strange.status_code == 409
    assert desk.state_of(reference) == "sent"


def test_all_or_none_and_what_was_ticked_stays_open(desk: Desk) -> None:
    _, (first, second) = desk.released(2)
    desk.loaded(sent_row(first), sent_row(second, number="FT2"))
    one, two = (line_of(desk, f"TRF SANTUNAN {reference}") for reference in (first, second))
    answer = fill(desk.browser("lusi"), PATH, "/cocokkan", baris=[f"{one}:{first}", f"{two}:{first}"])
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert f"bukan {first}" in page
    assert f'value="{one}:{first}" checked' in page
    assert (desk.state_of(first), desk.state_of(second)) == ("sent", "sent")


def test_who_released_may_not_match(desk: Desk) -> None:
    _, (reference,) = desk.released()
    desk.loaded(sent_row(reference))
    assert "Anda sudah melepas pembayaran pada kasus ini" in desk.text("hadi", PATH)
    line = line_of(desk, f"TRF SANTUNAN {reference}")
    answer = fill(desk.browser("hadi"), PATH, "/cocokkan", baris=[f"{line}:{reference}"])
    assert answer.status_code == 409
    assert "harus oleh orang lain" in answer.get_data(as_text=True)
    assert desk.state_of(reference) == "sent"


def test_a_wrong_amount_is_refused_in_words(desk: Desk) -> None:
    _, (reference,) = desk.released()
    desk.loaded(sent_row(reference, amount_idr=41_999_999))
    assert "Jumlah berbeda: baris ini Rp41.999.999, perintah bayar Rp42.000.000." in desk.text("lusi", PATH)
    path = f"/keuangan/rekening-koran/baris/{line_of(desk, f'TRF SANTUNAN {reference}')}"
    answer = fill(desk.browser("lusi"), path, path, note="Selisih satu rupiah, biaya bank.")
    assert answer.status_code == 409
    assert "Jumlah berbeda" in answer.get_data(as_text=True)
    assert "Selisih satu rupiah, biaya bank." in answer.get_data(as_text=True)
    assert desk.state_of(reference) == "sent"


def test_money_that_came_back_needs_the_banks_reason(desk: Desk) -> None:
    _, (reference,) = desk.released()
    desk.loaded(row(f"RETUR {reference}", credit=42_000_000))
    assert "Uang kembali, jumlah sama: transfer gagal." in desk.text("lusi", PATH)
    path = f"/keuangan/rekening-koran/baris/{line_of(desk, f'RETUR {reference}')}"
    without = fill(desk.browser("lusi"), path, path)
    assert without.status_code == 422
    answer = fill(desk.browser("lusi"), path, path, reason_code="account_closed")
    assert answer.status_code == 303
    assert desk.state_of(reference) == "failed"
    assert "Rekening sudah ditutup" in desk.text("nina", "/keuangan/")
    assert desk.browser("lusi").get(path).status_code == 404, "it explains something now"


def test_a_booking_without_reference_needs_words(desk: Desk) -> None:
    _, (reference,) = desk.released()
    desk.loaded(row("TRF YUSRA", debit=42_000_000))
    path = f"/keuangan/rekening-koran/baris/{line_of(desk, 'TRF YUSRA')}"
    assert f"referensi={reference}" in desk.text("lusi", path)
    page = desk.text("lusi", f"{path}?referensi={reference}")
    assert f'value="{reference}"' in page
    wordless = fill(desk.browser("lusi"), f"{path}?referensi={reference}", path)
    assert wordless.status_code == 422
    assert "Jelaskan mengapa baris ini transfer itu" in wordless.get_data(as_text=True)
    unknown = fill(desk.browser("lusi"), path, path, reference="SJJ26900110")
    assert unknown.status_code == 422
    assert "Perintah bayar ini tidak ditemukan." in unknown.get_data(as_text=True)
    answer = fill(
        desk.browser("lusi"),
        path,
        path,
        reference=reference.lower(),
        note="Bank memotong keterangan; jam sama.",
    )
    assert answer.status_code == 303
    assert desk.state_of(reference) == "settled"


def test_another_branch_stays_unseen(desk: Desk) -> None:
    (foreign,) = desk.claims(1, branch_code="padang")
    desk.loaded(row(f"TRF {reference_of(foreign, 1)}", debit=42_000_000))
    page = desk.text("lusi", PATH)
    assert foreign not in page
    assert "Tanpa referensi kita" in page


def test_matching_asks_who_it_is_when_the_sign_in_is_old(desk: Desk) -> None:
    _, (reference,) = desk.released()
    desk.loaded(sent_row(reference))
    form = form_of(desk.text("lusi", PATH), "/cocokkan")
    clock.set_start(START + timedelta(minutes=6))
    line = line_of(desk, f"TRF SANTUNAN {reference}")
    asked = send(desk.browser("lusi"), form, baris=[f"{line}:{reference}"])
    assert asked.status_code == 401
    assert desk.state_of(reference) == "sent"


def test_the_page_needs_no_more_statements_for_more_lines(desk: Desk) -> None:
    _, references = desk.released(4)
    desk.loaded(sent_row(references[0]))
    with desk.counted() as few:
        desk.text("lusi", PATH)
    desk.loaded(*(sent_row(reference, number=f"FT{n}") for n, reference in enumerate(references, 2)))
    with desk.counted() as many:
        desk.text("lusi", PATH)
    assert len(few) == len(many)


def test_strange_addresses_are_not_found(desk: Desk) -> None:
    for key in ("x", "0", "-1", "9" * 40):
        assert desk.browser("lusi").get(f"/keuangan/rekening-koran/baris/{key}").status_code == 404
    assert desk.browser("lusi").get(f"{PATH}?setelah=abc").status_code == 200
