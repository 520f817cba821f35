"""What the family's phone lists as ours: what was sent, without the two words; nothing of another case or of a helper."""

from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.notices.messages import mark_delivered, messages_of
from caseflow.notices.models import Delivery
from caseflow.people.actor import SYSTEM
from caseflow.people.devices import device_for_reporter
from caseflow.people.slips import issue_slip
from tests.conftest import make_settings
from tests.story import Stage, reported


def opened(client: FlaskClient, stage: Stage, name: str = "Yusra") -> Claim:
    """A report, and the phone of somebody of the case."""
    claim = reported(stage)
    token = device_for_reporter(stage.session, claim.id, name, now=clock.now())
    client.set_cookie("kel", token)
    stage.session.commit()
    return claim


def pass_on(stage: Stage, claim: Claim, folder: Path) -> None:
    settings = make_settings("postgresql+psycopg://", folder)
    for message in messages_of(stage.session, claim, settings):
        mark_delivered(
            stage.session, claim, message.outbox_id, "whatsapp", settings=settings,
            by=stage.verifier, now=clock.now(),
        )  # fmt: skip
    stage.session.commit()


def test_before_anything_was_sent_it_says_so(client: FlaskClient, stage: Stage) -> None:
    opened(client, stage)
    page = client.get("/berkas/pesan").get_data(as_text=True)
    assert "Belum ada pesan yang kami kirim." in page
    assert "selalu menyebut dua kata di slip" in page


def test_what_was_sent_can_be_compared(client: FlaskClient, stage: Stage, tmp_path: Path) -> None:
    """Title, words, way and reader; the two words themselves stay on the slip."""
    claim = opened(client, stage)
    slip = issue_slip(stage.session, claim.id, "Yusra", by=SYSTEM, now=clock.now(), pepper="p" * 40)
    pass_on(stage, claim, tmp_path)
    page = client.get("/berkas/pesan").get_data(as_text=True)
    assert "Laporan diterima" in page
    assert f"laporan {claim.number} untuk Samsir sudah kami terima" in page
    assert "lewat WhatsApp, kepada Yusra" in page
    assert slip.phrase not in page


def test_what_a_helper_was_sent_is_the_helpers(client: FlaskClient, stage: Stage, tmp_path: Path) -> None:
    """On the family's own phone only the family's messages are listed."""
    claim = opened(client, stage)
    pass_on(stage, claim, tmp_path)
    with Session(stage.session.get_bind()) as session:
        session.execute(
            update(Delivery)
            .where(Delivery.casefile_id == claim.id)
            .values(role="helper", recipient_name="Syafrudin")
        )
        session.commit()
    assert "Syafrudin" not in client.get("/berkas/pesan").get_data(as_text=True)


def test_the_status_page_leads_there(client: FlaskClient, stage: Stage) -> None:
    opened(client, stage)
    assert 'href="/berkas/pesan"' in client.get("/berkas").get_data(as_text=True)
