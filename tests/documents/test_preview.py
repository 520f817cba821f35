"""Pictures for officers: upright, small, bare; and what happens when a file resists."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from sqlalchemy import select, update

from caseflow.documents.intake import Receipt, Sessions
from caseflow.documents.models import Document
from caseflow.documents.preview import make_preview, preview_key, run_preview
from caseflow.documents.storage import ObjectStore
from tests.documents.cases import Case, send
from tests.files import samples


def preview_of(
    store: ObjectStore, content: bytes, media_type: str = "image/jpeg", pages: int = 1
) -> Image.Image:
    """Make a preview and return its first page."""
    store.put("aa01", io.BytesIO(content))
    assert make_preview(store, "aa01", media_type, pages) == min(pages, 10)
    with store.open("aa01.p1.jpg") as body:
        return Image.open(io.BytesIO(body.read()))


def raw_preview(store: ObjectStore) -> bytes:
    with store.open("aa01.p1.jpg") as body:
        return body.read()


def is_red(pixel: object) -> bool:
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return bool(red > 150 and green < 80 and blue < 80)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_what_the_camera_turned_is_turned_back(store: ObjectStore, orientation: int) -> None:
    """The red bar of the paper is written to the edge that the orientation turns to the top."""
    upper = samples.paper(size=(600, 800))
    back = {
        1: (),
        2: (Image.Transpose.FLIP_LEFT_RIGHT,),
        3: (Image.Transpose.ROTATE_180,),
        4: (Image.Transpose.FLIP_TOP_BOTTOM,),
        5: (Image.Transpose.TRANSPOSE,),
        6: (Image.Transpose.ROTATE_90,),
        7: (Image.Transpose.TRANSVERSE,),
        8: (Image.Transpose.ROTATE_270,),
    }
    for turn in back[orientation]:
        upper = upper.transpose(turn)
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    upper.save(out, "JPEG", exif=exif)
    shown = preview_of(store, out.getvalue())
    assert shown.size == (600, 800)
    assert is_red(shown.getpixel((300, 10)))
    assert not is_red(shown.getpixel((300, 700)))


def test_nothing_hidden_is_left_and_the_original_is_untouched(store: ObjectStore) -> None:
    original = samples.jpeg_with_secrets()
    shown = preview_of(store, original)
    assert not shown.getexif()
    assert "comment" not in shown.info
    data = raw_preview(store)
    assert b"KAMERA-RAHASIA" not in data
    assert b"<?php" not in data
    with store.open("aa01") as body:
        assert body.read() == original


def test_what_hangs_on_behind_is_not_in_the_preview(store: ObjectStore) -> None:
    preview_of(store, samples.polyglot_jpeg())
    assert b"PK\x03\x04" not in raw_preview(store)


def test_it_is_no_longer_than_1600_pixels(store: ObjectStore) -> None:
    shown = preview_of(store, samples.jpeg(size=(4000, 3000)))
    assert shown.size == (1600, 1200)
    assert preview_of(store, samples.jpeg(size=(300, 400))).size == (300, 400)


@pytest.mark.parametrize(
    ("make", "media_type"),
    [
        (samples.heic, "image/heic"),
        (samples.webp, "image/webp"),
        (samples.cmyk_jpeg, "image/jpeg"),
        (samples.grey_jpeg, "image/jpeg"),
        *[
            pytest.param(lambda mode=mode: samples.png(mode), "image/png", id=f"png {mode}")
            for mode in ("RGB", "RGBA", "L", "LA", "P", "PA", "1", "I;16")
        ],
    ],
)
def test_every_kind_becomes_a_sane_picture(
    store: ObjectStore, make: Callable[[], bytes], media_type: str
) -> None:
    """Light paper stays light, whatever its colours were kept in."""
    shown = preview_of(store, make(), media_type)
    assert (shown.mode, shown.size) == ("RGB", (900, 1200))
    light = shown.convert("L").getpixel((450, 1190))
    assert isinstance(light, int)
    assert light > 180


def test_a_moving_picture_shows_its_first_frame(store: ObjectStore) -> None:
    assert preview_of(store, samples.animated("WEBP"), "image/webp").size == (64, 64)


def test_a_pdf_is_drawn_page_by_page_and_ten_at_most(store: ObjectStore) -> None:
    shown = preview_of(store, samples.pdf(12), "application/pdf", pages=12)
    assert max(shown.size) == 1600
    red = shown.getpixel((shown.width // 4, round(shown.height * (842 - 720) / 842)))
    assert is_red(red)
    pages = sorted(info.key for info in store.keys("aa01."))
    assert len(pages) == 10
    assert preview_key("aa01", 10) in pages


def test_a_file_that_resists_has_no_preview(store: ObjectStore) -> None:
    store.put("aa01", io.BytesIO(b"\xff\xd8\xff nonsense"))
    assert make_preview(store, "aa01", "image/jpeg", 1) == 0
    assert make_preview(store, "aa02", "image/jpeg", 1) == 0


def test_the_job_marks_ready_once_and_repeats_harmlessly(
    sessions: Sessions, store: ObjectStore, case: Case
) -> None:
    number = document_id(sessions, send(sessions, store, case, samples.jpeg()))
    for _ in range(2):
        with sessions() as session, session.begin():
            run_preview(session, store, number)
    with sessions() as session:
        document = session.get_one(Document, number)
    assert (document.preview, document.preview_pages) == ("ready", 1)
    assert store.stat(preview_key(document.object_key, 1)) is not None


def test_the_job_marks_failed_and_never_crashes(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    number = document_id(sessions, send(sessions, store, case, samples.jpeg()))
    with sessions() as session, session.begin():
        key = session.get_one(Document, number).object_key
    store.put(key, io.BytesIO(b"\xff\xd8\xff nonsense"))
    with sessions() as session, session.begin():
        run_preview(session, store, number)
        run_preview(session, store, 999_999)
    with sessions() as session:
        assert session.get_one(Document, number).preview == "failed"


def test_what_waits_for_the_scanner_is_not_drawn(sessions: Sessions, store: ObjectStore, case: Case) -> None:
    number = document_id(sessions, send(sessions, store, case, samples.jpeg()))
    with sessions() as session, session.begin():
        session.execute(update(Document).where(Document.id == number).values(scan="waiting"))
        run_preview(session, store, number)
    with sessions() as session:
        assert session.get_one(Document, number).preview == "waiting"


def document_id(sessions: Sessions, receipt: Receipt) -> int:
    with sessions() as session:
        return session.scalars(select(Document.id).where(Document.public_id == receipt.public_id)).one()
