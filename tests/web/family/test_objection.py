"""Objections from the family's phone: on each programme, once a round, never lost, never too late without a word."""

from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import objection
from caseflow.claims.lapsing import lapse
from caseflow.claims.queries import timeline
from caseflow.people.models import FamilyDevice, HelperMandate
from caseflow.web.family import pages, refusal, wording
from tests import scholarship_story as school
from tests import story
from tests.conftest import FreshDatabase
from tests.story import ZULBAHRI, Stage
from tests.web.family.walk import Walk, begin, notified
from tests.web.forms import form_of, send

WORDS = "Bukti bayar iuran bulan Agustus ada pada kami, dari kantor nagari."
PATH = "/berkas/keberatan"


@pytest.fixture
def refused(stage: Stage, client: FlaskClient) -> Walk:
    """Zulbahri's family reads that nothing is paid."""
    claim = story.refused(stage, ZULBAHRI)
    return begin(stage, client, claim, "Misnar")


def form_page(case: Walk) -> str:
    """The form as it stands now."""
    return case.phone.get(PATH).get_data(as_text=True)


def object_(case: Walk, page: str | None = None, /, **typed: str | list[str]) -> tuple[int, str]:
    """Send the form and read what comes back."""
    fields: dict[str, str | list[str]] = {"points": ["contributions", "papers"], "words": WORDS, **typed}
    answer = send(case.phone, form_of(page or form_page(case), PATH), **fields)
    if answer.status_code == 303:
        case.session.expire_all()
        answer = case.phone.get(answer.location)
        return 303, unescape(answer.get_data(as_text=True))
    return answer.status_code, unescape(answer.get_data(as_text=True))


def test_from_the_status_page_to_the_receipt(refused: Walk) -> None:
    """The box on top leads there; the receipt has number and day of the answer."""
    page = refused.page()
    assert f'href="{PATH}"' in page
    status, receipt = object_(refused)
    assert status == 303
    assert "Keberatan diterima" in receipt
    assert "Jumat, 27 November 2026" in receipt
    assert objection.POINTS["papers"] in receipt
    assert refused.claim.state == "objection"
    last = timeline(refused.session, refused.claim.id)[0]
    assert last.actor_kind == "family"
    assert last.reason_text == WORDS
    assert last.details["points"] == ["contributions", "papers"]


def test_an_accident_that_lapsed(stage: Stage, client: FlaskClient) -> None:
    """JKK: the same form, with the ladder of inspector and minister explained."""
    case = notified(stage, client)
    clock.set_start(clock.now() + timedelta(days=5 * 366))
    case = begin(stage, client, case.claim)
    assert lapse(stage.session, case.claim.id, now=clock.now())
    page = unescape(case.look().phone.get(PATH).get_data(as_text=True))
    assert "pengawas ketenagakerjaan" in page
    assert "Menteri Ketenagakerjaan" in page
    assert object_(case)[0] == 303
    assert case.claim.state == "objection"


def test_twice_is_once(refused: Walk) -> None:
    page = form_page(refused)
    assert object_(refused, page)[0] == 303
    assert object_(refused, page, request_key="another")[0] == 409
    assert refused.claim.version == timeline(refused.session, refused.claim.id)[0].version


def test_once_a_round(refused: Walk) -> None:
    """Answered and upheld, the next steps are others; a new decision can be objected to anew."""
    assert object_(refused)[0] == 303
    refused.go("uphold_refusal", "bram", reason="not_active")
    page = unescape(form_page(refused))
    assert "sudah dijawab" in page
    assert "<textarea" not in page
    assert "Ajukan keberatan</span>" not in refused.page()
    assert "mediasi" in refused.page()
    assert "Keberatan atasnya sudah dijawab." in refused.page()
    for wrong in ("dapat mengajukan keberatan", "Menunggu Ibu/Bapak", "Waktu yang sudah terpakai"):
        assert wrong not in refused.page(), wrong


def test_too_late(refused: Walk) -> None:
    """A closed case takes none, says so, and whom to call."""
    page = form_page(refused)
    for _ in range(5):
        clock.set_start(clock.now() + timedelta(days=7))
        refused.look()
    refused.go("close", "bram")
    status, answer = object_(refused, page)
    assert status == 409
    assert "sudah lewat" in answer
    assert WORDS in answer
    assert "Telepon petugas" in answer


def test_the_case_moved_meanwhile(refused: Walk) -> None:
    """What was typed is on the page again."""
    page = form_page(refused)
    status, answer = object_(refused, page, version="1")
    assert status == 409
    assert WORDS in answer
    assert refused.claim.state == "refused"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"words": ""}, "Tulis apa yang keliru."),
        ({"words": "pendek"}, "10 sampai 2.000 huruf"),
        ({"words": "x" * 2001}, "10 sampai 2.000 huruf"),
        ({"points": []}, "Pilih paling sedikit satu."),
    ],
)
def test_bad_input_in_words(refused: Walk, typed: dict[str, str | list[str]], sentence: str) -> None:
    status, answer = object_(refused, **typed)
    assert status == 422
    assert sentence in answer
    assert refused.claim.state == "refused"


def test_before_a_decision_there_is_nothing_to_object_to(stage: Stage, client: FlaskClient) -> None:
    case = begin(stage, client, story.reported(stage), "Yusra")
    assert "Belum ada keputusan" in unescape(form_page(case))


def test_a_helper_is_named_with_it(refused: Walk, fresh_database: FreshDatabase) -> None:
    """Whoever writes for the family stands in the history, and reads beforehand that it will."""
    with Session(fresh_database.engine) as session:
        device = session.scalars(select(FamilyDevice).where(FamilyDevice.holder_name == "Misnar")).one()
        mandate = HelperMandate(
            casefile_id=refused.claim.id,
            helper_name="Jon Efendi",
            helper_relation="wali_jorong",
            helper_phone="",
            given_by_name="Misnar",
            given_by_relation="istri",
            given_how="spoken",
            given_at=clock.now(),
            ends_on=clock.today() + timedelta(days=30),
        )
        session.add(mandate)
        session.flush()
        device.mandate_id = mandate.id
        session.commit()
    page = form_page(refused)
    assert "Jon Efendi" in page
    assert object_(refused, page)[0] == 303
    assert timeline(refused.session, refused.claim.id)[0].details["helper"] == "Jon Efendi"


def test_papers_are_welcome_while_it_is_looked_at(refused: Walk) -> None:
    """The list takes pictures again, and none is demanded."""
    object_(refused)
    refused.look()
    assert "Tidak ada. Keberatan sedang ditinjau" in refused.page()
    page = unescape(refused.phone.get("/berkas/dokumen").get_data(as_text=True))
    assert "Tidak ada. Keberatan sedang ditinjau" in page
    assert "dokumen lagi." not in page


def test_a_scholarship(stage: Stage, client: FlaskClient) -> None:
    """A school year that is refused takes an objection too."""
    origin = school.paid_claim(stage)
    right = school.opened(stage, origin, "Rafi")
    school.asked(stage, right, 2026)
    case = begin(stage, client, right, "Elmita")
    case.papers()
    case.go("start_verification")
    case.checked({"study_proven": "no"})
    case.go("propose_refusal", reason="other", words="Surat sekolah tidak menyebut tahun ajaran.")
    case.go("refuse", "mega", reason="other", words="Surat sekolah tidak menyebut tahun ajaran.")
    assert object_(case, points=["papers"])[0] == 303
    assert case.claim.state == "objection"


def test_the_reason_is_for_the_family_alone(refused: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A phone that is not close reads that nothing is paid, not why; and it is not led to the objection."""
    moves = timeline(refused.session, refused.claim.id)[::-1]
    why = refusal.refusal_of(refused.session, refused.claim, moves, close=True, helps=False)
    assert why is not None
    assert why.why in refused.page()
    for room in (pages, wording):
        monkeypatch.setattr(room, "is_close", lambda *_, **__: False)
    page = refused.look().page()
    assert why.why.rstrip(".").lower() not in page.lower()
    assert "Alasannya hanya tampil di HP pekerja atau keluarganya." in page
    assert f'href="{PATH}"' not in page
