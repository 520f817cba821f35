"""The officer's messages: seen before they leave, passed on by hand, ticked off; and a silence that somebody breaks."""

import re
from datetime import datetime

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims import silence
from caseflow.config import MessageSettings
from caseflow.notices.models import Delivery
from caseflow.notices.planning import plan
from caseflow.workflow.models import Outbox
from tests.story import reported
from tests.web.casework.conftest import Office


def messages_tab(number: str) -> str:
    return f"/petugas/kasus/{number}/pesan"


def silent_since_friday(office: Office, number: str) -> None:
    """Ten days pass without a word."""
    with Session(office.database.engine) as session:
        silence.listen(session, office.claim(number).id, now=clock.now())
        session.commit()
    clock.set_start(datetime.fromisoformat("2026-12-02T09:00:00+07:00"))


def test_the_recipient_is_seen_before_anything_leaves(office: Office) -> None:
    """Who, by which number, in which way; the text and a prepared chat."""
    number = office.carry(reported)
    page = office.read("dedi", messages_tab(number))
    assert "Yusra (keluarga)" in page
    assert "perlu disampaikan petugas" in page
    assert re.search(r'href="https://wa\.me/628[0-9]+\?text=BPJS', page)
    assert "belum mendengar kabar" not in page


def test_a_message_is_ticked_off_and_the_list_says_so(office: Office) -> None:
    number = office.carry(reported)
    answer = office.fill("dedi", messages_tab(number), "/pesan", how="call")
    assert answer.status_code == 303
    page = office.read("dedi", messages_tab(number))
    assert "disampaikan lewat Telepon" in page
    assert "perlu disampaikan petugas" not in page


def test_without_a_way_nothing_is_ticked_off(office: Office) -> None:
    number = office.carry(reported)
    answer = office.fill("dedi", messages_tab(number), "/pesan")
    assert answer.status_code == 422
    assert "Pilih salah satu." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("state", "error", "said", "link"),
    [
        ("failed", "Gateway menolak pesan ini (jawaban 400).", "gagal terkirim", "https://wa.me/"),
        ("unknown", "Sambungan ke gateway terputus.", "Tanyakan dulu kepada keluarga", "tel:"),
        ("sent", None, "terkirim", None),
        ("skipped", None, "tidak perlu lagi", None),
    ],
)
def test_every_state_in_words(
    office: Office, state: str, error: str | None, said: str, link: str | None
) -> None:
    """What failed is the officer's, with the reason; what may have arrived is asked for by telephone, not sent again."""
    number = office.carry(reported)
    with office.stage() as stage:
        claim_id = office.claim(number).id
        key = stage.session.scalars(select(Outbox.id).where(Outbox.casefile_id == claim_id)).one()
        plan(stage.session, key, MessageSettings(), now=clock.now())
        stage.session.execute(
            update(Delivery)
            .where(Delivery.outbox_id == key)
            .values(state=state, last_error=error, words="BPJS: laporan.", attempted_at=clock.now())
        )
    page = office.read("dedi", messages_tab(number)).partition("Laporan diterima")[2]
    assert said in page
    assert (error or "") in page
    assert (link in page) if link else ("wa.me" not in page)


def test_a_silent_family_is_a_queue_and_a_word_ends_it(office: Office) -> None:
    """The queue leads to the telephone; one line, and the family is off it."""
    number = office.carry(reported)
    silent_since_friday(office, number)
    queue = office.read("dedi", "/petugas/?antrean=kabar")
    assert f'href="{messages_tab(number)}"' in queue
    page = office.read("dedi", messages_tab(number))
    assert "belum mendengar kabar sejak 20 November 2026 (8 hari kerja)" in page
    assert "Telepon 08" in page
    answer = office.fill("dedi", messages_tab(number), "/kabar", told="call", line="Belum ada perubahan.")
    assert answer.status_code == 303
    assert number not in office.read("dedi", "/petugas/?antrean=kabar")
    assert "Telepon: Belum ada perubahan." in office.read("dedi", messages_tab(number))


def test_the_head_sees_a_long_silence_and_may_break_it_too(office: Office) -> None:
    number = office.carry(reported)
    silent_since_friday(office, number)
    assert number in office.read("bram", "/petugas/?antrean=kabar")
    answer = office.fill("bram", messages_tab(number), "/kabar", told="call", line="Sudah ditelepon.")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"line": "Sudah ditelepon."}, "Pilih salah satu."),
        ({"told": "merpati", "line": "Sudah ditelepon."}, "Pilih"),
        ({"told": "call", "line": ""}, "Tulis satu baris"),
        ({"told": "call", "line": "   "}, "Tulis satu baris"),
        ({"told": "call", "line": "x" * 301}, "300 huruf"),
    ],
)
def test_a_word_that_cannot_be_used_is_told_and_not_kept(
    office: Office, typed: dict[str, str], said: str
) -> None:
    number = office.carry(reported)
    answer = office.fill("dedi", messages_tab(number), "/kabar", **typed)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    with Session(office.database.engine) as session:
        assert silence.words_of(session, office.claim(number).id) == []


def test_what_was_typed_stays_after_a_refusal(office: Office) -> None:
    number = office.carry(reported)
    page = office.fill("dedi", messages_tab(number), "/kabar", line="Akan kami telepon besok.")
    assert 'value="Akan kami telepon besok."' in page.get_data(as_text=True)


def test_messages_of_the_branch_wait_in_one_list(office: Office) -> None:
    """By hand from the start: with case, recipient and way, until somebody ticks them off."""
    number = office.carry(reported)
    with office.stage() as stage:
        key = stage.session.scalars(
            select(Outbox.id).where(Outbox.casefile_id == office.claim(number).id)
        ).one()
        assert plan(stage.session, key, MessageSettings(), now=clock.now())
    page = office.read("dedi", "/petugas/pesan")
    assert f'href="{messages_tab(number)}"' in page
    assert "Laporan diterima" in page
    assert "Yusra (keluarga)" in page
    assert office.fill("dedi", messages_tab(number), "/pesan", how="call").status_code == 303
    assert number not in office.read("dedi", "/petugas/pesan")
    assert "Tidak ada pesan lagi" in office.read("dedi", "/petugas/pesan?setelah=999999")
    assert number not in office.read("dedi", "/petugas/pesan?setelah=abc")


def test_pages_of_other_roles_stay_closed(office: Office) -> None:
    """The approver decides; whoever telephones is somebody else."""
    number = office.carry(reported)
    assert office.browser("mega").get(messages_tab(number)).status_code == 403
