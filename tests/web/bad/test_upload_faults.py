"""Files that are good while something else is not: the form, the case, the store, the database (trust.md d.1)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from caseflow import clock
from caseflow.claims.models import Claim
from caseflow.documents import intake
from caseflow.documents.models import Document
from caseflow.documents.refusals import MAX_FILE_BYTES
from caseflow.documents.sweep import sweep
from caseflow.people.devices import device_for_reporter
from tests.documents.test_protocol import FailingStore, Script
from tests.files import samples
from tests.story import Stage, move, submitted
from tests.web.bad.door import PAPER, House, Part, Sender, words_of
from tests.web.bad.test_uploads import nothing_was_kept, plain_picture

NO_FILE = "Belum ada berkas yang dipilih, jadi belum ada yang tersimpan. Pilih foto atau ambil foto dulu."
NOT_STORED = "Dokumen BELUM tersimpan. Jangan buang fotonya, coba lagi sebentar lagi."
BAD_DAYS = ("put refused", "put truncated", "bit flipped", "put reply lost", "read refused")


# --- the form


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [Part(b"", b"")],
        [Part(samples.jpeg(), field="berkas")],
        [Part(samples.jpeg(), field="document[../../x]")],
        [Part(samples.jpeg(), b"a\r\nSet-Cookie: x=1.jpg")],
    ],
    ids=["U02 no part", "U02 nothing chosen", "U02 renamed", "U56 a path as a name", "U36 a line break"],
)
def test_no_file_that_we_asked_for(house: House, parts: list[Part]) -> None:
    sender, before = house.family(), house.objects()
    answer = sender.send_parts(parts)
    assert (answer.status_code, NO_FILE in words_of(answer)) == (422, True), words_of(answer)
    assert "x=1" not in str(answer.headers)
    assert nothing_was_kept(house, sender, before)


def test_a_file_between_others_that_nobody_asked_for_is_not_taken_either(house: House) -> None:
    """U56: what a form of ours never sends makes the whole form doubtful."""
    sender, before = house.family(), house.objects()
    answer = sender.send_parts([Part(samples.jpeg()), Part(samples.jpeg(), field="logo")])
    assert answer.status_code == 422
    assert nothing_was_kept(house, sender, before)


def test_the_same_field_twice_is_two_files(house: House) -> None:
    """U56: both are kept, in the order in which they came; of a repeated key the first one counts."""
    sender = house.family()
    parts = [Part(samples.jpeg(), b"satu.jpg"), Part(samples.png(), b"dua.png")]
    assert sender.send_parts(parts).status_code == 200
    assert [file.display_name for file in house.left(sender).files] == ["satu.jpg", "dua.png"]


def test_of_several_files_the_good_ones_before_a_bad_one_stay(house: House) -> None:
    sender = house.family()
    answer = sender.send_parts([Part(samples.jpeg()), Part(samples.html()), Part(samples.png())])
    assert answer.status_code == 415
    assert "1 berkas pertama sudah diterima. Berkas berikutnya belum" in words_of(answer)
    assert [file.status for file in house.left(sender).files] == ["stored"]


@pytest.mark.parametrize(
    "parts",
    [
        [Part(b"x", None, field=f"f{number}") for number in range(1001)],
        [Part(samples.jpeg()), Part(b"x" * 600_000, None, field="lama")],
    ],
    ids=["U42 1,001 parts", "U42 600 kB beside the file"],
)
def test_more_than_a_form_of_ours_holds(house: House, parts: list[Part]) -> None:
    sender, before = house.family(), house.objects()
    answer = sender.send_parts(parts)
    assert answer.status_code == 413
    assert "Kiriman terlalu besar" in words_of(answer)
    assert "belum tersimpan" in words_of(answer)
    assert nothing_was_kept(house, sender, before)


def test_a_file_larger_than_the_limit(house: House) -> None:
    """U39: counted as it comes in; what was announced is not believed."""
    sender, before = house.family(), house.objects()
    answer = sender.send(samples.jpeg() + b"\0" * MAX_FILE_BYTES)
    said = words_of(answer)
    assert answer.status_code == 413
    assert f"Berkas lebih dari {MAX_FILE_BYTES >> 20} MB. Belum tersimpan." in said
    assert nothing_was_kept(house, sender, before)


# --- the case


def fill(house: House, sender: Sender, files: int) -> None:
    """Write rows as if so many files lay with other papers of the case."""
    with Session(house.engine) as session, session.begin():
        other = session.scalars(
            text("SELECT id FROM requirement WHERE casefile_id = :id AND code <> :code LIMIT 1"),
            {"id": sender.casefile_id, "code": PAPER},
        ).one()
        session.add_all(
            Document(
                public_id=uuid4().hex[:12],
                casefile_id=sender.casefile_id,
                requirement_id=other,
                object_key=f"{uuid4().hex}",
                idempotency_key=f"fill-{number}",
                display_name="x",
                uploaded_kind="family",
                created_at=clock.now(),
                status="stored",
                media_type="image/jpeg",
                size_bytes=1000,
                sha256="0" * 64,
                stored_at=clock.now(),
            )
            for number in range(files)
        )


def test_the_sixty_first_file(house: House) -> None:
    """U45: the sixtieth is taken, the next is not, and nothing is lost."""
    sender = house.family()
    fill(house, sender, 59)
    assert sender.send(samples.jpeg()).status_code == 200
    answer = sender.send(samples.png())
    said = words_of(answer)
    assert answer.status_code == 422
    assert "Sudah sampai batas 60 berkas atau 300 MB untuk laporan ini." in said
    assert "yang sudah terkirim tetap aman" in said
    assert len(house.left(sender).files) == 60


@pytest.mark.parametrize("state", ["withdrawn", "awaiting_approval"])
def test_a_case_that_takes_no_more(house: House, state: str) -> None:
    """U46: says so, and names the other way."""
    sender = house.family()
    with Session(house.engine) as session, session.begin():
        stage = Stage(session, house.store, house.staff)
        claim = session.get_one(Claim, sender.casefile_id)
        if state == "withdrawn":
            move(stage, claim, "withdraw", reason_code="mistaken")
        else:
            submitted(stage, claim=claim)
        assert claim.state == state
    before = house.left(sender)
    answer = sender.send(samples.jpeg())
    assert answer.status_code == 409
    said = words_of(answer)
    assert "Laporan ini tidak lagi menerima dokumen. Berkas ini belum tersimpan." in said
    assert "hubungi petugas" in said
    assert len(house.left(sender).files) == len(before.files)
    assert house.left(sender).paper == before.paper


def test_a_foreign_case_and_none_are_the_same(house: House) -> None:
    """U47: the family's address names no case at all; an officer's names one, and it must be reachable."""
    sender, other = house.family(), house.counter()
    nobody = house.app.test_client()
    content = [Part(samples.jpeg(), field="scan")]
    asked = {
        "family at the counter": sender.send_parts(content, path=other.path),
        "no such case": other.send_parts(
            content, path="/petugas/kasus/SJJ-26-9999-6/dokumen/family_card/unggah"
        ),
        "no such paper": other.send_parts(
            content, path=f"/petugas/kasus/{other.number}/dokumen/payslip/unggah"
        ),
        "no such paper of the family": sender.send_parts(
            [Part(samples.jpeg())], path="/berkas/dokumen/payslip"
        ),
    }
    statuses = {what: answer.status_code for what, answer in asked.items()}
    assert statuses == {
        "family at the counter": 401,
        "no such case": 404,
        "no such paper": 404,
        "no such paper of the family": 404,
    }
    sender.browser = nobody
    answer = sender.send(samples.jpeg())
    assert answer.status_code == 401
    assert "belum tersimpan" in words_of(answer)
    assert list(house.left(sender).files) == list(house.left(other).files) == []


def test_a_phone_that_was_closed_sends_nothing(house: House) -> None:
    """U47: the token of another case opens that case and no other."""
    first, second = house.family(), house.family()
    with Session(house.engine) as session, session.begin():
        token = device_for_reporter(session, second.casefile_id, "Yusra", now=clock.now())
    first.browser.set_cookie("kel", token)
    assert first.send(samples.jpeg()).status_code == 200
    assert list(house.left(first).files) == []
    assert len(house.left(second).files) == 1


def test_the_same_file_in_another_case(house: House) -> None:
    """U44: taken, and a sign for officers alone."""
    content = samples.jpeg("SURAT KEMATIAN YANG SAMA")
    first, second = house.family(), house.family()
    said = [words_of(sender.send(content)) for sender in (first, second)]
    flags = [file.flags for sender in (first, second) for file in house.left(sender).files]
    assert flags == ["", "seen_elsewhere"]
    assert "Sudah diterima" in said[1]
    assert not {"lain", "sama"} & set(said[1].split("Sudah diterima")[1].split("Dokumen")[0].split())


# --- the store and the database


@pytest.mark.parametrize("day", BAD_DAYS)
def test_a_store_on_a_bad_day(house: House, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """U49, U50: never "received"; what is left over is swept, and the next try is good."""
    sender = house.family()
    monkeypatch.setitem(
        house.app.extensions, "caseflow_store", FailingStore(house.store, Script("never", day))
    )
    answer = sender.send(samples.jpeg(day))
    assert (answer.status_code, NOT_STORED in words_of(answer)) == (503, True), words_of(answer)
    assert f'name="{sender.field}"' in answer.get_data(as_text=True)
    left = house.left(sender)
    assert ([file.status for file in left.files], left.paper, list(left.events)) == (
        ["pending"],
        "missing",
        [],
    )
    assert sender.send(samples.jpeg(day)).status_code == 200
    after_sweeping(house)
    statuses = sorted(file.status for file in house.left(sender).files)
    assert statuses == ["discarded", "stored"]
    kept = {file.object_key for file in house.left(sender).files if file.status == "stored"}
    lost = {file.object_key for file in house.left(sender).files} - kept
    assert kept <= house.objects()
    assert not lost & house.objects()


def test_the_database_goes_between_store_and_receipt(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """U51: not received; the object nobody names is swept, and the next try is good."""
    sender = house.family()

    def gone(*_: object, **__: object) -> None:
        raise OperationalError("commit", {}, Exception("server closed the connection"))

    with monkeypatch.context() as patched:
        patched.setattr(intake, "finish", gone)
        answer = sender.send(samples.jpeg())
    assert (answer.status_code, NOT_STORED in words_of(answer)) == (503, True), words_of(answer)
    assert sender.send(samples.jpeg()).status_code == 200
    after_sweeping(house)
    assert sorted(file.status for file in house.left(sender).files) == ["discarded", "stored"]


def after_sweeping(house: House) -> None:
    """As if a quarter of an hour had passed."""
    sweep(sessionmaker(house.engine), house.store, grace=timedelta(0))


# --- reading again


def test_an_object_that_changed_is_not_shown(house: House) -> None:
    """U52: the original is compared with its digest before its first byte leaves; other files are fine."""
    sender = house.family()
    sender.send_parts([Part(samples.jpeg("PERTAMA")), Part(samples.jpeg("KEDUA"))])
    broken, good = house.left(sender).files
    with house.store.open(good.object_key) as body:
        house.store.put(broken.object_key, body)
    answer = house.opened(sender, broken)
    assert answer.status_code == 404
    assert "Berkas ini tidak dapat dibuka. Dokumen lain tidak terpengaruh." in words_of(answer)
    with house.opened(sender, good) as opened:
        assert opened.status_code == 200


def test_a_preview_that_is_gone_is_a_sentence(house: House) -> None:
    """U52: also for the picture that is shown."""
    sender = house.family()
    sender.send(samples.jpeg())
    (file,) = house.left(sender).files
    plain_picture(house, file)
    house.store.delete(f"{file.object_key}.p1.jpg")
    answer = house.opened(sender, file, "hal/1")
    assert (answer.status_code, "tidak dapat dibuka" in words_of(answer)) == (404, True)


def test_a_store_that_is_silent_while_reading(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """U49 the other way round: what is stored is not called lost."""
    sender = house.family()
    sender.send(samples.jpeg())
    (file,) = house.left(sender).files
    store = FailingStore(house.store, Script("never", "read refused"))
    monkeypatch.setitem(house.app.extensions, "caseflow_store", store)
    answer = house.opened(sender, file)
    said = words_of(answer)
    assert answer.status_code == 503
    assert "Dokumen tetap tersimpan" in said
    assert "BELUM" not in said


def test_no_address_of_the_store_ever_leaves(house: House) -> None:
    """U54: files are streamed to who is signed in; an address without the cookie opens nothing."""
    sender = house.family()
    sender.send(samples.jpeg())
    (file,) = house.left(sender).files
    path = f"/petugas/kasus/{sender.number}/dokumen/{file.public_id}/asli"
    with house.opened(sender, file) as opened:
        assert opened.status_code == 200
        assert "Location" not in opened.headers
        assert opened.headers["Cache-Control"] == "private, no-store"
    assert house.app.test_client().get(path).status_code == 303
    assert sender.browser.get(path).status_code == 303
    assert file.object_key not in sender.browser.get(sender.path).get_data(as_text=True)
