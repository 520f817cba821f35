"""The planner on its page: everything in the address, the sum to the rupiah, gaps in plain words, never a 500."""

import html
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

SignIn = Callable[[FlaskClient, str], None]


def read(client: FlaskClient, query: str) -> str:
    """Return the words of the page."""
    answer = client.get(f"/nagari/anggaran?{query}")
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_a_plan_and_the_line_to_paste(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "fitri")
    words = read(client, "tahun=2027&dana=apb_nagari&orang1=98&orang2=2&dari2=03")
    assert (
        "pekerja rentan Nagari Koto Latihan, tahun anggaran 2027: (98 orang x 12 bulan + 2 orang x 10 bulan) x Rp16.800 = "
        "Rp20.092.800 (dua puluh juta sembilan puluh dua ribu delapan ratus rupiah)." in words
    )
    assert "Belum terverifikasi" in words


def test_who_pays_for_themselves_has_two_prices_in_a_year(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "fitri")
    words = read(client, "tahun=2027&dana=mandiri&sektor=transport&orang1=10")
    assert "Rp1.764.000" in words  # ten people, three months at 8.400 and nine at 16.800
    assert "10 orang x Rp8.400 (Januari 2027)" in words


def test_a_gap_is_told_in_plain_words(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "fitri")
    words = read(client, "tahun=2027&orang1=62&sampai1=05")
    assert "Juni s.d. September 2027: iuran 62 orang tidak dibayar" in words
    assert "Mulai Oktober 2027: kepesertaan 62 orang berhenti" in words
    back = read(client, "tahun=2027&orang1=62&" + "&".join(f"lewat={month:02d}" for month in range(4, 8)))
    assert "Agustus 2027: 62 orang harus didaftarkan lagi dari awal" in back


@pytest.mark.parametrize(
    "query",
    [
        "orang1=banyak", "orang1=-5", "orang1=99999999999", "orang1=%00", "tahun=abcd&orang1=5",
        "dana=zakat&sektor=laut&orang1=5", "dari1=13&sampai1=00&orang1=5", "lewat=99&orang1=", "orang1=١٢",
    ],
)  # fmt: skip
def test_nothing_in_the_address_breaks_it(client: FlaskClient, sign_in: SignIn, query: str) -> None:
    sign_in(client, "fitri")
    assert client.get(f"/nagari/anggaran?{query}").status_code in {200, 400}


def test_other_nagari_are_planned_by_who_keeps_them(client: FlaskClient, sign_in: SignIn) -> None:
    sign_in(client, "fitri")
    assert client.get("/nagari/anggaran?nagari=13.03.99.2002").status_code == 404
    keeper = client.application.test_client()
    sign_in(keeper, "desi")
    assert "Nagari Koto Contoh" in read(keeper, "nagari=13.03.99.2002&orang1=5")
