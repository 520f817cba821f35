"""A report that was taken back: nobody is called dead any more, and nothing more is asked."""

from html import unescape

from flask.testing import FlaskClient

from caseflow import clock
from caseflow.notices.letters.people import about, is_about_a_death
from caseflow.people.devices import device_for_reporter
from caseflow.web.casework.words import deceased
from tests import story
from tests.story import Stage


def test_a_withdrawn_report_calls_nobody_dead(stage: Stage, client: FlaskClient) -> None:
    """Reported by mistake: Samsir lives. His family's pages, the letters and the officers' lists drop the word."""
    claim = story.reported(stage)
    client.set_cookie("kel", device_for_reporter(stage.session, claim.id, "Yusra", now=clock.now()))
    stage.session.commit()
    assert "Almarhum Samsir" in client.get("/berkas").get_data(as_text=True)
    story.move(stage, claim, "withdraw", reason_code="mistaken")
    stage.session.commit()
    for path in ("", "/dokumen", "/tanda-terima", "/surat", "/tanya"):
        page = unescape(client.get(f"/berkas{path}").get_data(as_text=True)).lower()
        for word in ("almarhum", "berduka", "meninggal</dt>", "kirim dokumen sekarang"):
            assert word not in page, (path, word)
    assert "sudah dibatalkan" in client.get("/berkas/tanda-terima").get_data(as_text=True)
    assert (deceased(claim.subject, claim.honorific), is_about_a_death(claim)) == ("Samsir", False)
    assert about(claim) == f"Laporan {claim.number}, Samsir"
