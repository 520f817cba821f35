"""The page of coverage as people read it: the answer first, filters in the address, files with the same figures."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FreshDatabase
from tests.reports.coverage_world import KOTO_CONTOH, KOTO_LATIHAN, OCTOBER, no_months, pay, quota, worker

PAGE = "/pengawasan/kepesertaan"
SignIn = Callable[[FlaskClient, str], None]


@pytest.fixture
def filled(fresh_database: FreshDatabase) -> None:
    """Seven active in one nagari, two in the other; one who is two months behind."""
    with Session(fresh_database.engine) as session:
        no_months(session)
        for number in range(7):
            pay(session, worker(session, number, KOTO_LATIHAN), date(2026, 6, 1), OCTOBER)
        for number in range(7, 9):
            pay(session, worker(session, number, KOTO_CONTOH), OCTOBER, OCTOBER, source="csr")
        late = worker(session, 9, KOTO_LATIHAN, full_name="=HYPERLINK(1)")
        pay(session, late, date(2026, 7, 1), date(2026, 8, 1))
        quota(session, KOTO_LATIHAN, 100, 90)
        session.commit()


def _read(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    with answer:
        return answer.get_data(as_text=True)


@pytest.mark.usefixtures("filled")
def test_the_answer_comes_first(client: FlaskClient, sign_in: SignIn) -> None:
    """How many, of how many, which month; then the source and what is not verified."""
    sign_in(client, "desi")
    page = _read(client, PAGE)
    assert "<h1>9 dari 48.838 pekerja rentan terlindungi pada Oktober 2026</h1>" in page
    assert "1 dari 1 nagari belum memenuhi yang dianggarkan" in page
    assert "9 dari 100 tempat dalam kuota yang berlaku (9,0 %)" in page
    assert "1 orang menunggak dan dapat kehilangan perlindungan" in page
    assert "=HYPERLINK(1)" in page
    assert "1303" + "9902" not in page  # no NIK


@pytest.mark.usefixtures("filled")
def test_what_is_chosen_stands_in_the_address(client: FlaskClient, sign_in: SignIn) -> None:
    """Month, area and payer, each as a chip that can be taken away."""
    sign_in(client, "desi")
    page = _read(client, f"{PAGE}?bulan=2026-07&wilayah={KOTO_LATIHAN}&pembayar=nagari")
    assert "<h1>8 pekerja rentan terlindungi pada Juli 2026</h1>" in page
    assert f'href="{PAGE}?bulan=2026-07&amp;wilayah={KOTO_LATIHAN}"' in page
    assert "Nagari Koto Latihan" in page
    assert client.get(f"{PAGE}?wilayah=13.03.98").status_code == 404
    assert "Oktober 2026" in _read(client, f"{PAGE}?bulan=2026-13&pembayar=siapa")


@pytest.mark.usefixtures("filled")
def test_nagari_are_seen_as_tiles_too(client: FlaskClient, sign_in: SignIn) -> None:
    """A second view by an address; filters and the chosen view keep one another."""
    sign_in(client, "desi")
    assert f'href="{PAGE}?bulan=2026-10&amp;tampilan=peta#nagari"' in _read(client, PAGE)
    page = _read(client, f"{PAGE}?bulan=2026-10&tampilan=peta")
    assert "7 dari 90<" in page
    assert "kurang dari setengah" in page
    assert 'id="tabel-nagari"' not in page
    assert f'href="{PAGE}?bulan=2026-10&amp;tampilan=peta&amp;wilayah={KOTO_LATIHAN}"' in page
    assert '<input type="hidden" name="tampilan" value="peta">' in page
    assert 'id="tabel-nagari"' in _read(client, f"{PAGE}?tampilan=lain")


@pytest.mark.usefixtures("filled")
def test_tiles_hide_what_the_table_hides(client: FlaskClient, sign_in: SignIn) -> None:
    """Neither of the two nagari has a number or a state."""
    sign_in(client, "dprd")
    page = _read(client, f"{PAGE}?tampilan=peta")
    tiles = page[page.index('<div class="cov-map">') : page.index("bukan letaknya")]
    assert tiles.count("cov-tile-hidden") == 2
    assert "&lt;5" in tiles
    assert "disamarkan dari 90" in tiles


@pytest.mark.usefixtures("filled")
def test_the_council_sees_no_small_number_and_no_name(client: FlaskClient, sign_in: SignIn) -> None:
    """Two in one nagari are hidden, with the other; nobody's name is there, and the list of names is refused."""
    sign_in(client, "dprd")
    page = _read(client, PAGE)
    assert "&lt;5" in page
    assert "disamarkan" in page
    assert "HYPERLINK" not in page
    assert "CSR" not in page
    assert client.get(f"{PAGE}/unduh/menunggak.csv").status_code == 403
    table = _read(client, f"{PAGE}/unduh/nagari.csv")
    assert "Koto Contoh;Latihan;<5" in table
    assert "Koto Latihan;Latihan;disamarkan" in table


@pytest.mark.usefixtures("filled")
def test_a_nagari_reads_and_takes_its_own(client: FlaskClient, sign_in: SignIn) -> None:
    """The same page without the neighbour; the page of the regency is not for it."""
    sign_in(client, "fitri")
    page = _read(client, "/nagari/kepesertaan")
    assert "<h1>7 pekerja rentan terlindungi pada Oktober 2026</h1>" in page
    assert "Koto Contoh" not in page
    assert client.get(f"/nagari/kepesertaan?wilayah={KOTO_CONTOH}").status_code == 404
    assert client.get(PAGE).status_code == 403
    names = _read(client, "/nagari/kepesertaan/unduh/menunggak.csv")
    assert names.splitlines()[1].startswith(
        "'=HYPERLINK(1);Koto Latihan;Latihan;Pasar;Petani;2026-08-01;2;2026-"
    )


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("part", ["nagari", "kecamatan", "bulan", "iuran", "terancam", "menunggak"])
def test_every_table_leaves_both_ways(client: FlaskClient, sign_in: SignIn, part: str) -> None:
    """CSV and Excel; what is not a table or not a kind is not there."""
    sign_in(client, "desi")
    for kind in ("csv", "xlsx"):
        answer = client.get(f"{PAGE}/unduh/{part}.{kind}")
        assert answer.status_code == 200
        assert f"kepesertaan-{part}" in answer.headers["Content-Disposition"] or part == "menunggak"
        answer.close()
    assert client.get(f"{PAGE}/unduh/{part}.pdf").status_code == 404
    assert client.get(f"{PAGE}/unduh/rahasia.csv").status_code == 404


def test_nothing_yet_is_said_calmly(
    fresh_database: FreshDatabase, client: FlaskClient, sign_in: SignIn
) -> None:
    """No months at all: sentences, no division by nobody."""
    with Session(fresh_database.engine) as session:
        no_months(session)
        session.commit()
    sign_in(client, "desi")
    page = _read(client, PAGE)
    assert "Belum ada pekerja yang terlindungi pada Oktober 2026" in page
    assert "Tidak ada yang menunggak" in page
    assert "Belum cukup bulan" in page
