"""What single pages promise: lists that answer 304, numbers that stay hidden, papers that leave a trace."""

import io
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from caseflow import clock
from caseflow.audit.models import AuditEvent
from caseflow.documents.models import Document
from caseflow.registry.operations import add_holiday
from tests import story
from tests.files import samples
from tests.story import NURBAITI, SAMSIR, SYAFRIL, ZULBAHRI
from tests.web.casework.conftest import Office
from tests.web.forms import form_of, send

NIK = "1303 9912 0976 0001"


def test_an_unchanged_worklist_is_not_sent_again(office: Office) -> None:
    """The browser keeps the page until something on it changes."""
    number = office.carry(story.with_papers)
    first = office.browser("dedi").get("/petugas/?antrean=semua")
    mark = {"If-None-Match": first.headers["ETag"]}
    again = office.browser("dedi").get("/petugas/?antrean=semua", headers=mark)
    assert (again.status_code, again.data) == (304, b"")
    office.fill("dedi", f"/petugas/kasus/{number}", "/start_verification")
    office.read("dedi", f"/petugas/kasus/{number}")
    assert office.browser("dedi").get("/petugas/?antrean=semua", headers=mark).status_code == 200
    assert office.browser("mega").get("/petugas/?antrean=semua", headers=mark).status_code == 200


def test_a_new_holiday_changes_the_worklist_at_once(office: Office) -> None:
    """Deadlines in words depend on it, though no case was touched."""
    office.carry(story.with_papers)
    first = office.browser("dedi").get("/petugas/?antrean=semua")
    with Session(office.database.engine) as session:
        add_holiday(
            session,
            date(2026, 11, 24),
            kind="penutupan_kantor",
            name="Kantor pindah",
            by=office.staff["admin"],
            now=clock.now(),
        )
        session.commit()
    mark = {"If-None-Match": first.headers["ETag"]}
    assert office.browser("dedi").get("/petugas/?antrean=semua", headers=mark).status_code == 200


def test_empty_lists_say_where_to_look_next(office: Office) -> None:
    """No table without rows."""
    assert "Belum ada kasus yang terbuka" in office.read("mega", "/petugas/")
    office.carry(story.reported)
    page = office.read("sari", "/petugas/")
    assert "Tidak ada kasus yang menunggu langkah Anda" in page
    assert "Lihat Belum ditugaskan (1)" in page
    assert "Tidak ada permintaan persetujuan" in office.read("mega", "/petugas/persetujuan/")


def test_search_takes_text_literally(office: Office) -> None:
    """Number, part of a name, NIK; a percent sign is a percent sign."""
    number = office.carry(story.reported)
    for text in (number, number.lower(), "sams", "1303991209760001"):
        assert number in office.read("dedi", f"/petugas/cari?q={text}")
    for text in ("%25", "' OR 1=1 --", "<script>"):
        assert number not in office.read("dedi", f"/petugas/cari?q={text}")


def test_a_nik_is_hidden_until_somebody_says_why(office: Office) -> None:
    """The reason is kept with the name of who asked."""
    number = office.carry(story.verifying)
    base = f"/petugas/kasus/{number}"
    assert NIK not in office.read("dedi", base)
    answer = office.fill("dedi", base, "/nik", reason="abc")
    assert answer.status_code == 422
    answer = office.fill("dedi", base, "/nik", reason="Mencocokkan dengan sistem BPJS.")
    assert NIK in answer.get_data(as_text=True)
    assert NIK not in office.read("dedi", base)
    assert "menampilkan NIK lengkap" in office.read("aulia", base + "/riwayat?saring=dibuka")
    refused = office.fill("sari", base, "/nik", reason="Mencocokkan dengan sistem BPJS.")
    assert refused.status_code == 403


def test_papers_are_opened_by_the_officer_in_charge_and_leave_a_trace(office: Office) -> None:
    """The picture is shown, the original only saved; neither can act in a browser."""
    number = office.carry(story.verifying, previews=True)
    base = f"/petugas/kasus/{number}/dokumen"
    page = office.read("dedi", base)
    picture = page.split('<img src="', 1)[1].split('"', 1)[0]
    shown = office.browser("dedi").get(picture, buffered=True)
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    original = office.browser("dedi").get(picture.replace("/hal/1", "/asli"), buffered=True)
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert original.headers["X-Content-Type-Options"] == "nosniff"
    with Session(office.database.engine) as session:
        opened = session.scalars(select(AuditEvent).where(AuditEvent.action == "document.opened")).all()
    assert [event.actor_name for event in opened] == ["Dedi Putra", "Dedi Putra"]
    assert office.browser("sari").get(picture).status_code == 403
    assert "Dokumen tertutup" in office.read("sari", base)
    assert office.browser("mega").get(picture).status_code == 403
    assert office.browser("aulia").get(picture, buffered=True).status_code == 200
    assert office.browser("bupati").get(picture).status_code == 403


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scan": "waiting"}, "Menunggu pemeriksaan keamanan"),
        ({"preview": "waiting"}, "Pratinjau sedang dibuat"),
        ({"preview": "failed"}, "Pratinjau gagal dibuat"),
    ],
)
def test_a_paper_that_cannot_be_shown_says_why(office: Office, changes: dict[str, str], words: str) -> None:
    """Waiting for the scanner, for the picture, or resisting."""
    number = office.carry(story.verifying)
    with Session(office.database.engine) as session:
        for document in session.scalars(select(Document)):
            for name, value in changes.items():
                setattr(document, name, value)
        session.commit()
    assert words in office.read("dedi", f"/petugas/kasus/{number}/dokumen")


def test_a_name_that_differs_has_to_be_looked_at_twice(office: Office) -> None:
    """What was typed stays, the difference is named, and the officer says that it was seen."""
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}/dokumen?d=worker_id_card"
    typed = {"paper_name": "Syamsir Alam", "method": "photo_compared"}
    answer = office.fill("dedi", path, "/worker_id_card/terima", **typed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Nama berbeda" in page
    assert "Pastikan dulu" in page
    assert 'value="Syamsir Alam"' in page
    again = send(office.browser("dedi"), form_of(page, "/worker_id_card/terima"), sure="y", **typed)
    assert again.status_code == 303


def test_a_returned_paper_tells_the_family_what_to_do(office: Office) -> None:
    """The sentence of the reason, with the answer put in; the case goes back to the family."""
    number = office.carry(story.verifying)
    path = f"/petugas/kasus/{number}/dokumen?d=family_card&aksi=ganti"
    answer = office.fill("dedi", path, "/family_card/ganti", reason="page_missing")
    assert answer.status_code == 422
    answer = office.fill("dedi", path, "/family_card/ganti", reason="page_missing", page="2")
    assert answer.status_code == 303
    assert "Halaman 2 belum ada." in office.read("dedi", f"/petugas/kasus/{number}/dokumen?d=family_card")
    assert office.claim(number).state == "documents_pending"


def test_a_scan_from_the_counter_is_kept_and_a_bad_file_is_not(office: Office) -> None:
    """Staff send files through the same protocol as families."""
    number = office.carry(story.reported)
    path = f"/petugas/kasus/{number}/dokumen?d=family_card&aksi=unggah"
    for body, status in ((samples.html(), 415), (samples.jpeg("KK DARI LOKET"), 303)):
        form = form_of(office.read("dedi", path), "/family_card/unggah")
        data = {name: values[0] for name, values in form.fields.items()}
        data["scan"] = _file(body)  # type: ignore[assignment]  # a file among the fields
        answer = office.browser("dedi").post(form.action, data=data)
        assert answer.status_code == status, answer.get_data(as_text=True)
    page = office.read("dedi", f"/petugas/kasus/{number}/dokumen?d=family_card")
    assert "dari loket" in page


def test_a_slip_shows_its_codes_once(office: Office) -> None:
    """Printed after the card was seen, listed without codes, revoked with a reason."""
    number = office.carry(story.reported)
    path = f"/petugas/kasus/{number}/slip-keluarga"
    typed = {"holder_name": "Yusra", "relation": "istri", "seen": "ktp", "is_them": "y"}
    for name in typed:
        assert office.fill("dedi", path, "/slip-keluarga", **{**typed, name: ""}).status_code == 422
    answer = office.fill("dedi", path, "/slip-keluarga", **typed)
    printed = answer.get_data(as_text=True)
    code = printed.split('<span class="mono">', 1)[1].split("<", 1)[0]
    assert len(code.replace(" ", "")) == 12
    listed = office.read("dedi", path)
    assert code not in listed
    assert "Kode terpakai" in listed
    assert office.fill("dedi", path, "/cabut", why="Slip hilang di pasar.").status_code == 303
    assert "Belum ada slip yang berlaku" in office.read("dedi", path)


@pytest.mark.parametrize(
    ("play", "person", "words"),
    [
        (story.submitted, SAMSIR, "meminta pembayaran santunan kematian"),
        (story.submitted, NURBAITI, "Rp10.000.000"),
        (story.submitted, SYAFRIL, "Nofrizal"),
        (story.refusal_proposed, ZULBAHRI, "mengusulkan"),
    ],
)
def test_the_decision_page_says_what_is_asked(
    office: Office, play: object, person: story.Person, words: str
) -> None:
    """Forty-two million, ten million, a guardian, a refusal."""
    assert callable(play)
    number = office.carry(play, person)
    assert words in office.read("mega", f"/petugas/persetujuan/{number}")


def test_a_refusal_takes_two_people_and_a_reason(office: Office) -> None:
    """The approver chooses the reason from the same list."""
    number = office.carry(story.refusal_proposed, ZULBAHRI)
    page = office.read("mega", f"/petugas/persetujuan/{number}")
    link = page.split(f'href="/petugas/persetujuan/{number}/refuse?', 1)[1].split('"', 1)[0]
    path = f"/petugas/persetujuan/{number}/refuse?{link}"
    assert office.fill("mega", path, "/refuse").status_code == 422
    assert office.fill("mega", path, "/refuse", reason_code="not_active").status_code == 303
    assert office.claim(number).state == "refused"


def test_what_changed_since_the_return_is_named(office: Office) -> None:
    """The approver sees the new account at once."""
    number = office.carry(story.returned)
    base = f"/petugas/kasus/{number}"
    assert "Akta lahir Deni belum ada" in office.read("dedi", base)
    for step in ("/rework", "/calculate"):
        path = base if step == "/rework" else base + step
        assert office.fill("dedi", path, step).status_code == 303
    account = {"bank_code": "118", "account_number": "71000777001", "holder_name": "Yusra"}
    assert office.fill("dedi", base + "/rekening", "/rekening", **account).status_code == 303
    assert office.fill("dedi", base + "/submit", "/submit").status_code == 303
    page = office.read("mega", f"/petugas/persetujuan/{number}")
    assert "sekarang berakhiran 7001" in page


def test_the_workflow_page_has_a_picture_and_its_twin(office: Office) -> None:
    """The same figures twice, for eyes and for ears."""
    office.carry(story.with_papers)
    page = office.read("dedi", "/petugas/alur")
    assert "<svg" in page
    assert "Dokumen lengkap" in page
    office.read("bupati", "/petugas/alur")
    office.read("dedi", "/petugas/alur?alur=tidak-ada", status=404)


def _file(body: bytes) -> tuple[io.BytesIO, str]:
    return io.BytesIO(body), "pindaian.jpg"
