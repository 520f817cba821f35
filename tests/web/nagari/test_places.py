"""Jorong and nagari on screens: a nagari keeps its own, the programme keeps all, spelling never matters."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from caseflow.app import CaseflowApp
from tests.web.forms import fill, forms_of, send

PATH = "/nagari/jorong"
LATIHAN = f"{PATH}/13.03.99.2001"
NEW = {
    "code": "13.03.99.2007",
    "name": "Koto Baru Latihan",
    "opened_on__day": "1",
    "opened_on__month": "11",
    "opened_on__year": "2026",
    "source": "Perda 4/2026",
    "note": "pecahan Koto Latihan",
}
Browse = Callable[[str], FlaskClient]


@pytest.fixture
def browse(app: CaseflowApp, sign_in: Callable[[FlaskClient, str], None]) -> Browse:
    """Somebody at a browser."""

    def opened(username: str) -> FlaskClient:
        browser = app.test_client()
        sign_in(browser, username)
        return browser

    return opened


def page(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def do(browser: FlaskClient, act: str, **typed: str) -> int:
    """Press the button of one act on the page of the nagari."""
    fitting = [one for one in forms_of(page(browser, LATIHAN)) if one.fields.get("act") == [act]]
    return send(browser, fitting[0], **typed).status_code


def test_a_nagari_goes_to_its_own_page_and_keeps_its_jorong(browse: Browse) -> None:
    fitri = browse("fitri")
    assert fitri.get(PATH).location == LATIHAN
    assert do(fitri, "add", name="Batu Gadang") == 303
    said = page(fitri, LATIHAN)
    assert "<h3>Batu Gadang" in said
    assert do(fitri, "add", name="BATU GADANG") == 422
    assert do(fitri, "spell", alias="Batu Godang") == 303
    assert do(fitri, "spell_nagari", alias="Koto Latiah") == 303
    assert "koto latiah" in page(fitri, LATIHAN)
    assert do(fitri, "unspell_nagari") == 303
    assert "koto latiah" not in page(fitri, LATIHAN).split("Riwayat perubahan")[0]
    assert "menambah ejaan nagari" in page(fitri, LATIHAN)
    assert fitri.get(f"{PATH}/13.03.99.2002").status_code == 404
    assert fitri.get(f"{PATH}/baru").status_code == 403


@pytest.mark.parametrize("who", ["admin", "desi"])
def test_a_split_nagari_is_added_and_the_old_one_closed(browse: Browse, who: str) -> None:
    browser = browse(who)
    made = fill(browser, f"{PATH}/baru", "/baru", **NEW)
    assert made.location.endswith(NEW["code"]), made.get_data(as_text=True)
    assert "pecahan Koto Latihan, berdiri 1 November 2026 (Perda 4/2026)" in page(browser, made.location)
    again = fill(browser, f"{PATH}/baru", "/baru", **NEW)
    assert again.status_code == 422
    assert "sudah dipakai" in again.get_data(as_text=True)
    day = {"on__day": "1", "on__month": "11", "on__year": "2026"}
    closed = fill(
        browser, f"{LATIHAN}/tutup", "/tutup", source="Perda 4/2026", note="dipecah menjadi dua", **day
    )
    assert closed.status_code == 303
    assert "Tidak ada lagi sejak 1 November 2026" in page(browser, LATIHAN)
    public = browser.get("/nagari/kematian/baru")
    assert public.status_code == 403


def test_a_renamed_nagari_is_found_by_either_name(browse: Browse) -> None:
    desi = browse("desi")
    assert (
        fill(desi, f"{LATIHAN}/nama", "/nama", name="Ranah Latihan", source="Perda 5/2026").status_code == 303
    )
    for written in ("ranah", "Koto  latihan"):
        assert "Ranah Latihan" in page(desi, f"{PATH}?q={written}")
    assert "Tidak ada nagari yang cocok" in page(desi, f"{PATH}?q=zzz")


def test_all_nagari_stand_under_their_kecamatan(browse: Browse) -> None:
    said = page(browse("desi"), PATH)
    assert "Koto Contoh" in said
    assert said.count('<section class="card"') >= 8
