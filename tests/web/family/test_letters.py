"""A family's own letters on its phone: sizes before the download, decisions for the family alone, nothing of others."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.claims.queries import get_report
from caseflow.people import pins
from caseflow.people.devices import device_for_reporter
from caseflow.people.models import FamilyDevice
from tests import accident_story, story
from tests.accidents import SYAFRIL_HURT
from tests.notices.letters import issue, problems_of, read
from tests.story import Stage, move
from tests.web.family.walk import unlock


def _open(client: FlaskClient, stage: Stage, claim: Claim, name: str = "Yusra") -> None:
    """Open a case on this phone, and unlock it."""
    token = device_for_reporter(stage.session, claim.id, name, now=clock.now())
    stage.session.execute(
        update(FamilyDevice)
        .where(FamilyDevice.casefile_id == claim.id, FamilyDevice.mandate_id.is_(None))
        .values(unlocked_until=clock.now() + pins.UNLOCKED_FOR)
    )
    stage.session.commit()
    unlock(stage.session, claim.id)
    client.set_cookie("kel", token)


def _page(client: FlaskClient, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_the_receipt_is_a_small_file_and_the_same_each_time(client: FlaskClient, stage: Stage) -> None:
    claim = story.reported(stage)
    _open(client, stage, claim)
    assert "Unduh tanda terima terbaru (PDF, sekitar 40 KB)" in _page(client, "/berkas/surat")
    first, second = (
        client.get("/berkas/tanda-terima.pdf", buffered=True),
        client.get("/berkas/tanda-terima.pdf", buffered=True),
    )
    assert first.status_code == 200
    assert first.headers["Content-Disposition"].startswith("attachment;")
    assert first.get_data() == second.get_data()
    assert len(first.get_data()) <= 40_000
    assert problems_of(first.get_data()) == []
    assert claim.number in read(first.get_data()).words
    assert "0001/TT/SOLOK/XI/2026" in _page(client, "/berkas/surat")


def test_a_letter_is_listed_with_its_size_and_opens(client: FlaskClient, stage: Stage) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.decider)
    asked = issue(stage, claim, "receipt", by=stage.verifier)
    _open(client, stage, claim)
    page = _page(client, "/berkas/surat")
    assert f"Unduh surat (PDF, {round(letter.size_bytes / 1000)} KB)" in page
    name = letter.number.replace("/", "-")
    answer = client.get(f"/berkas/surat-keputusan/{name}.pdf", buffered=True)
    assert "empat puluh dua juta rupiah" in read(answer.get_data()).words
    assert client.get(f"/berkas/surat/{name}.pdf", buffered=True).status_code == 404
    receipt = asked.number.replace("/", "-")
    assert client.get(f"/berkas/surat/{receipt}.pdf", buffered=True).status_code == 200
    assert client.get(f"/berkas/surat-keputusan/{receipt}.pdf", buffered=True).status_code == 404


def test_a_revoked_letter_says_so_and_is_not_offered(client: FlaskClient, stage: Stage) -> None:
    claim = story.approved(stage)
    letter = issue(stage, claim, "decision", by=stage.decider)
    move(stage, claim, "void_approval", reason_code="account_changed")
    _open(client, stage, claim)
    page = _page(client, "/berkas/surat")
    assert "Surat ini sudah dicabut." in page
    assert "/berkas/surat-keputusan/" not in page
    address = f"/berkas/surat-keputusan/{letter.number.replace('/', '-')}.pdf"
    assert "sudah dicabut" in _page(client, address, 409)


@pytest.mark.parametrize("path", ["/berkas/surat-keputusan/{}.pdf", "/berkas/surat/{}.pdf"])
def test_the_phone_of_another_case_finds_nothing(client: FlaskClient, stage: Stage, path: str) -> None:
    letter = issue(stage, story.approved(stage), "decision", by=stage.decider)
    other = story.reported(stage, story.NURBAITI)
    _open(client, stage, other)
    assert client.get(path.format(letter.number.replace("/", "-"))).status_code == 404


def test_the_phone_of_a_helper_reads_no_decision(client: FlaskClient, stage: Stage) -> None:
    claim = accident_story.approved(stage, SYAFRIL_HURT)
    letter = issue(stage, claim, "decision", by=stage.verifier)
    receipt = issue(stage, claim, "receipt", by=stage.verifier)
    address = f"/berkas/surat-keputusan/{letter.number.replace('/', '-')}.pdf"
    _open(
        client, stage, claim, get_report(stage.session, claim.id).reporter_name
    )  # the nagari gave the notice
    page = _page(client, "/berkas/surat")
    assert letter.number not in page
    assert receipt.number in page
    assert client.get(address, buffered=True).status_code == 404
    _open(client, stage, claim, "Syafril")
    assert letter.number in _page(client, "/berkas/surat")
    assert client.get(address, buffered=True).status_code == 200


@pytest.mark.parametrize(
    "path", ["/berkas/surat", "/berkas/tanda-terima.pdf", "/berkas/surat-keputusan/x.pdf"]
)
def test_without_a_phone_there_is_no_letter(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (303, "/masuk-keluarga")
