"""Every way out of a paper, and questions to the officer, on a phone without JavaScript."""

from dataclasses import dataclass
from html import unescape

import pytest
from flask.testing import FlaskClient

from caseflow import clock
from caseflow.claims import request_queries, requests
from caseflow.claims.models import Claim
from caseflow.claims.request_queries import RequestRow
from caseflow.documents.catalogue import catalogue
from caseflow.people.devices import device_for_reporter
from tests import story
from tests.story import Stage
from tests.web.forms import fill, form_of, forms_of, send

CARD = "/berkas/dokumen/family_card"


@dataclass
class Phone:
    """The phone that reported, and the case behind it."""

    stage: Stage
    claim: Claim
    browser: FlaskClient

    def read(self, path: str, status: int = 200) -> str:
        """What stands at an address."""
        answer = self.browser.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return unescape(answer.get_data(as_text=True))

    def asked(self) -> list[RequestRow]:
        """The requests as they lie in the database, newest first."""
        self.stage.session.rollback()
        return request_queries.requests_of(self.stage.session, self.claim.id)


@pytest.fixture
def phone(stage: Stage, client: FlaskClient) -> Phone:
    claim = story.reported(stage)
    client.set_cookie("kel", device_for_reporter(stage.session, claim.id, "Yusra", now=clock.now()))
    stage.session.commit()
    return Phone(stage, claim, client)


def test_one_press_asks_for_help_and_the_page_says_so(phone: Phone) -> None:
    answer = fill(phone.browser, CARD, "/tidak-ditemukan")
    assert answer.headers["Location"].endswith(f"{CARD}#bantuan")
    page = phone.read(CARD)
    assert "Tidak apa-apa. Petugas akan membantu mencarikan cara lain." in page
    assert "Menunggu jawaban. Diminta 20 November 2026." in page
    assert not [form for form in forms_of(page) if form.action.endswith("/tidak-ditemukan")]
    assert "Minta bantuan 20 November 2026. Petugas akan menjawab." in phone.read("/berkas/dokumen")


def test_the_button_pressed_twice_asks_once(phone: Phone) -> None:
    form = form_of(phone.read(CARD), "/tidak-ditemukan")
    for _ in range(2):
        assert send(phone.browser, form).status_code == 303
    assert len(phone.asked()) == 1


def test_where_it_is_stuck_is_asked_first(phone: Phone) -> None:
    path = f"{CARD}/tidak-bisa"
    refused = fill(phone.browser, path, "/tidak-bisa", words="Sudah tiga kali ke sana.")
    page = unescape(refused.get_data(as_text=True))
    assert refused.status_code == 422
    assert "Pilih di mana tertahannya. Belum ada yang terkirim." in page
    assert "Sudah tiga kali ke sana." in page
    assert fill(phone.browser, path, "/tidak-bisa", stuck_at="civil_registry").status_code == 303
    assert "Tertahan di: Kantor catatan sipil (Disdukcapil)." in phone.read(CARD)


def test_why_it_is_not_needed_is_one_line(phone: Phone) -> None:
    path = "/berkas/dokumen/marriage_book/tidak-perlu"
    assert fill(phone.browser, path, "/tidak-perlu", words="tidak").status_code == 422
    assert fill(phone.browser, path, "/tidak-perlu", words="Kami menikah adat saja.").status_code == 303
    (one,) = phone.asked()
    assert (one.kind, one.code, one.words) == ("not_applicable", "marriage_book", "Kami menikah adat saja.")


def test_a_reminder_names_its_day(phone: Phone) -> None:
    path = f"{CARD}/ingatkan"
    page = phone.read(path)
    for words in ("Besok, Sabtu, 21 November 2026", "3 hari lagi, Senin, 23", "7 hari lagi, Jumat, 27"):
        assert words in page
    assert fill(phone.browser, path, "/ingatkan", days="3").status_code == 303
    assert "Kami ingatkan Senin, 23 November 2026, satu kali." in phone.read(CARD)
    assert "Kami ingatkan 23 November 2026." in phone.read("/berkas/dokumen")


@pytest.mark.parametrize("days", ["", "0", "2", "-1", "99999999999999999999", "besok"])
def test_no_other_day_is_taken(phone: Phone, days: str) -> None:
    answer = fill(phone.browser, f"{CARD}/ingatkan", "/ingatkan", days=days)
    assert answer.status_code == 422
    assert "Pilih kapan diingatkan. Belum ada yang disimpan." in unescape(answer.get_data(as_text=True))
    assert phone.asked() == []


def test_a_request_can_be_taken_back(phone: Phone) -> None:
    fill(phone.browser, CARD, "/tidak-ditemukan")
    (one,) = phone.asked()
    answer = fill(phone.browser, CARD, f"/permintaan/{one.id}/batal")
    assert answer.headers["Location"].endswith(f"{CARD}#bantuan")
    page = phone.read(CARD)
    assert "Permintaan itu sudah dibatalkan." in page
    assert "Saya tidak menemukan dokumen ini" in page
    assert "Minta bantuan" not in phone.read("/berkas/dokumen")
    assert "Dibatalkan. Diminta 20 November 2026." in phone.read("/berkas/tanya")


def test_the_answer_stands_where_it_was_asked(phone: Phone) -> None:
    fill(phone.browser, CARD, "/tidak-ditemukan")
    (one,) = phone.asked()
    said = "Ibu Yusra, KK yang lama boleh dikirim dulu."
    requests.answer(phone.stage.session, phone.claim, one.id, said, by=phone.stage.verifier, now=clock.now())
    phone.stage.session.commit()
    for path in (CARD, "/berkas/tanya"):
        assert said in phone.read(path)
    assert "Petugas sudah menjawab." in phone.read("/berkas/dokumen")
    gone = phone.browser.post(f"/berkas/permintaan/{one.id}/batal", data=_tokens(phone, CARD))
    assert gone.status_code == 409
    assert "sudah dijawab petugas" in unescape(gone.get_data(as_text=True))


def test_a_question_and_a_wrong_name(phone: Phone) -> None:
    for kind, words in (
        ("question", "Kapan petugas menelepon?"),
        ("correct", "Nama saya Yusra, bukan Yusri."),
    ):
        assert fill(phone.browser, "/berkas/tanya", "/tanya", kind=kind, words=words).status_code == 303
        assert words in phone.read("/berkas/tanya")
    assert [row.kind for row in phone.asked()] == ["correct", "question"]
    for typed in ({"kind": "question", "words": "?"}, {"kind": "withdraw", "words": "Batalkan semuanya."}):
        refused = fill(phone.browser, "/berkas/tanya", "/tanya", **typed)
        assert refused.status_code == 422
        assert "Belum ada yang terkirim." in unescape(refused.get_data(as_text=True))


def test_a_question_is_read_by_whoever_put_it(phone: Phone, stage: Stage) -> None:
    """Another heir of the same case sees what was asked of the papers, and no question."""
    fill(phone.browser, CARD, "/tidak-ditemukan")
    fill(phone.browser, "/berkas/tanya", "/tanya", kind="question", words="Apakah Rani ikut menerima?")
    token = device_for_reporter(stage.session, phone.claim.id, "Rani", now=clock.now())
    stage.session.commit()
    phone.browser.set_cookie("kel", token)
    page = phone.read("/berkas/tanya")
    assert "Apakah Rani ikut menerima?" not in page
    assert "Dokumen tidak ditemukan: Kartu Keluarga (KK)" in page
    assert "Batalkan permintaan ini" not in page


def test_another_phone_reaches_none_of_it(phone: Phone, stage: Stage) -> None:
    other = story.reported(stage, story.NURBAITI)
    made = requests.ask_question(
        stage.session,
        other,
        "question",
        "Kapan petugas datang?",
        by=story.phone_of(stage, other),
        now=clock.now(),
    )
    stage.session.commit()
    assert "Kapan petugas datang?" not in phone.read("/berkas/tanya")
    answer = phone.browser.post(f"/berkas/permintaan/{made.id}/batal", data=_tokens(phone, CARD))
    assert answer.status_code == 404
    assert phone.browser.get("/berkas/dokumen/will_deed/tidak-bisa").status_code == 404
    assert phone.browser.get(f"{CARD}/lain").status_code == 404


def test_a_paper_that_came_offers_no_way_out(phone: Phone) -> None:
    story.send_paper(phone.stage, phone.claim, "family_card", by=story.phone_of(phone.stage, phone.claim))
    phone.stage.session.commit()
    assert "Tidak bisa mengirimnya?" not in phone.read(CARD)


def test_reloading_a_form_by_hand_leads_back(phone: Phone) -> None:
    assert phone.browser.get(f"{CARD}/tidak-ditemukan").headers["Location"].endswith(CARD)
    assert phone.browser.get("/berkas/permintaan/7/batal").headers["Location"].endswith("#permintaan-7")


def test_each_paper_says_all_that_is_needed_to_get_it(phone: Phone) -> None:
    page = phone.read(CARD)
    words = catalogue().papers["family_card"].words("almarhum")
    for name in ("why", "bring", "how_long", "cost", "impossible", "picture"):
        assert words[name] in page
    assert 'src="/static/img/papers/family_card.svg?v=' in page
    with phone.browser.get("/static/img/papers/family_card.svg") as picture:
        assert (picture.status_code, picture.mimetype) == (200, "image/svg+xml")


def _tokens(phone: Phone, path: str) -> dict[str, str]:
    form = next(form for form in forms_of(phone.read(path)) if form.fields.get("csrf_token"))
    return {"csrf_token": form.fields["csrf_token"][0], "request_key": "k-1"}
