"""What is taken and what is refused, one line for each kind of file, with the sentence a family reads."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from caseflow.documents.names import clean_name
from caseflow.documents.refusals import MAX_FILE_BYTES, refusal
from caseflow.documents.sniff import Inspection, draw, inspect, kind_of, run_child
from caseflow.documents.spool import spool
from caseflow.errors import CaseflowError
from tests.files import samples


def look_at(content: bytes) -> Inspection:
    with spool(io.BytesIO(content)) as body:
        return inspect(body)


def refused(content: bytes) -> CaseflowError:
    with pytest.raises(CaseflowError) as caught:
        look_at(content)
    return caught.value


TAKEN: dict[str, tuple[Callable[[], bytes], str, set[str]]] = {
    "jpeg": (samples.jpeg, "image/jpeg", set()),
    "jpeg with place and comment": (samples.jpeg_with_secrets, "image/jpeg", set()),
    "jpeg with a second picture of the camera": (samples.camera_jpeg, "image/jpeg", set()),
    "jpeg and archive at once": (samples.polyglot_jpeg, "image/jpeg", {"trailing_data"}),
    "png and archive at once": (lambda: samples.png() + samples.archive(), "image/png", {"trailing_data"}),
    "webp and archive at once": (lambda: samples.webp() + samples.archive(), "image/webp", {"trailing_data"}),
    "heic and archive at once": (lambda: samples.heic() + samples.archive(), "image/heic", {"trailing_data"}),
    "cmyk": (samples.cmyk_jpeg, "image/jpeg", set()),
    "grey": (samples.grey_jpeg, "image/jpeg", set()),
    "sixteen bits": (lambda: samples.png("I;16"), "image/png", set()),
    "palette with transparency": (lambda: samples.png("PA"), "image/png", set()),
    "red, green, blue and transparency": (lambda: samples.png("RGBA"), "image/png", set()),
    "one bit": (lambda: samples.png("1"), "image/png", set()),
    "webp": (samples.webp, "image/webp", set()),
    "heic": (samples.heic, "image/heic", set()),
    "moving png": (lambda: samples.animated("PNG", 500), "image/png", {"small", "dark"}),
    "moving webp": (lambda: samples.animated("WEBP", 500), "image/webp", {"small", "dark"}),
    "dark": (samples.dark_jpeg, "image/jpeg", {"dark"}),
    "tiny": (samples.tiny_jpeg, "image/jpeg", {"small"}),
    "pdf": (samples.pdf, "application/pdf", set()),
    "pdf locked against changes only": (
        samples.pdf_locked_against_changes,
        "application/pdf",
        set(),
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_it_takes(name: str) -> None:
    make, media_type, flags = TAKEN[name]
    found = look_at(make())
    assert found.media_type == media_type
    assert found.flags == flags
    assert found.pages == 1


@pytest.mark.parametrize(
    "how", ["OpenAction", "AA", "EmbeddedFile", "XFA", "RichMedia", "Launch", "URI", "JavaScript"]
)
def test_it_takes_a_pdf_that_could_act_and_says_so(how: str) -> None:
    assert look_at(samples.active_pdf(how)).flags == {"active_content"}


REFUSED: dict[str, tuple[Callable[[], bytes], int, str]] = {
    "empty": (lambda: b"", 422, "file_empty"),
    "jpeg cut in half": (lambda: samples.jpeg()[: len(samples.jpeg()) // 2], 422, "photo_broken"),
    "jpeg without its last two bytes": (lambda: samples.jpeg()[:-2], 422, "photo_broken"),
    "png cut in half": (lambda: samples.png()[: len(samples.png()) // 2], 422, "photo_broken"),
    "webp cut in half": (lambda: samples.webp()[: len(samples.webp()) // 2], 422, "photo_broken"),
    "heic cut in half": (lambda: samples.heic()[: len(samples.heic()) // 2], 422, "photo_broken"),
    "only a signature": (lambda: b"\xff\xd8\xff\xe0", 422, "photo_broken"),
    "108 megapixels": (samples.large_png, 422, "photo_too_large"),
    "png with a remark of 200 MB": (samples.png_bomb, 422, "photo_broken"),
    "png with a colour profile of 200 MB": (lambda: samples.png_bomb(b"iCCP"), 422, "photo_broken"),
    "pdf with a password": (samples.locked_pdf, 422, "file_locked"),
    "pdf cut off": (lambda: samples.pdf(3)[:-80], 422, "pdf_broken"),
    "pdf of noise": (lambda: b"%PDF-1.7\n" + bytes(range(256)) * 9 + b"%%EOF", 422, "pdf_broken"),
    "pdf without pages": (lambda: samples.pdf(0), 422, "pdf_empty"),
    "pdf of 41 pages": (lambda: samples.pdf(41), 422, "pdf_too_long"),
    "pdf of 5,000 pages": (lambda: samples.pdf(5_000), 422, "pdf_too_long"),
    "pdf page of 200 inches": (samples.huge_page_pdf, 422, "file_too_heavy"),
    "pdf that unpacks to 600 MB": (samples.pdf_that_unpacks, 422, "file_too_heavy"),
    "larger than 20 MB": (lambda: b"\xff\xd8\xff" + b"\x00" * MAX_FILE_BYTES, 413, "file_too_big"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses(name: str) -> None:
    make, status, code = REFUSED[name]
    error = refused(make())
    assert error.status == status
    assert error.sentence == refusal(code).sentence


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.gif(), "GIF"),
        (samples.animated("GIF"), "GIF"),
        (samples.html(), "halaman web"),
        (b"  \n" + samples.html(), "halaman web"),
        (samples.html() + samples.pdf(), "halaman web"),
        (samples.svg(), "halaman web"),
        (samples.archive(), "ZIP"),
        (samples.archive() + samples.pdf(), "ZIP"),
        (samples.docx(), "DOCX"),
        (samples.EICAR, "tidak dikenal"),
        (b"halo", "tidak dikenal"),
    ],
)
def test_it_names_a_kind_that_it_does_not_take(content: bytes, kind: str) -> None:
    error = refused(content)
    assert error.status == 415
    assert error.sentence == refusal("file_type", kind=kind).sentence
    assert kind in error.sentence


@pytest.mark.parametrize(("limit", "value"), [("_TIME_LIMIT_S", 0.01), ("_MEMORY_LIMIT_BYTES", 1024 * 1024)])
def test_a_child_that_needs_too_much_ends_and_we_live(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: float
) -> None:
    monkeypatch.setattr(f"caseflow.documents.sniff.{limit}", value)
    error = refused(samples.jpeg())
    assert (error.status, error.sentence) == (422, refusal("file_too_heavy").sentence)


def test_the_largest_picture_fits_into_the_limits_of_the_child() -> None:
    with spool(io.BytesIO(samples.forty_nine_megapixels())) as body:
        assert inspect(body).media_type == "image/png"
        drawn = run_child(body, "render", "png", "1", "1600", "80")
    assert drawn is not None
    assert drawn.startswith(b"\xff\xd8\xff")


def test_a_picture_is_inspected_and_drawn_in_two_sizes_by_one_child() -> None:
    with spool(io.BytesIO(samples.jpeg_with_secrets(orientation=6))) as body:
        drawn = draw(body, (400, 80), (100, 70))
    assert drawn is not None
    sizes = []
    for one in drawn:
        with Image.open(io.BytesIO(one)) as picture:
            picture.load()
            sizes.append(max(picture.size))
            assert (picture.format, dict(picture.getexif())) == ("JPEG", {})
    assert sizes == [400, 100]


@pytest.mark.parametrize("body", [samples.pdf(), samples.jpeg()[:-200], b"\xff\xd8\xff", b"<html>"])
def test_what_is_no_whole_picture_is_not_drawn(body: bytes) -> None:
    with spool(io.BytesIO(body)) as spooled:
        assert draw(spooled, (400, 80), (100, 70)) is None


def test_forty_pages_are_taken() -> None:
    assert look_at(samples.pdf(40)).pages == 40


def test_the_name_and_the_declared_type_count_for_nothing() -> None:
    """A PDF named .jpg is a PDF: only bytes are asked, there is nowhere to say otherwise."""
    assert kind_of(samples.pdf()[:64]) == "pdf"
    assert kind_of(b"\xef\xbb\xbf\r\n%PDF-1.4") == "pdf"
    assert kind_of(samples.jpeg()[:64]) == "jpeg"


def test_a_body_shorter_than_announced_is_refused() -> None:
    with pytest.raises(CaseflowError) as caught, spool(io.BytesIO(samples.jpeg()), announced=10**6):
        pass
    assert (caught.value.status, caught.value.sentence) == (400, refusal("file_cut").sentence)


def test_a_lost_connection_is_a_body_cut_short() -> None:
    class Lost:
        def read(self, wanted: int) -> bytes:
            raise ConnectionResetError

    with pytest.raises(CaseflowError) as caught, spool(Lost()):  # type: ignore[arg-type]
        pass
    assert caught.value.status == 400


def test_a_body_without_end_stops_at_the_limit() -> None:
    class Endless:
        given = 0

        def read(self, wanted: int) -> bytes:
            self.given += wanted
            return b"\xff" * wanted

    endless = Endless()
    with pytest.raises(CaseflowError) as caught, spool(endless):  # type: ignore[arg-type]
        pass
    assert caught.value.status == 413
    assert endless.given <= MAX_FILE_BYTES + 64 * 1024


def test_every_refusal_says_what_is_saved_and_what_to_do() -> None:
    from caseflow.documents import refusals

    for code in refusals._REFUSALS:
        sentence = refusal(code, kind="GIF").sentence
        assert re.search("[Bb]elum (ada yang )?tersimpan|belum ada yang tersimpan", sentence), code
        assert sentence.count(". ") >= 1, code
        assert 400 <= refusal(code, kind="GIF").status < 500, code


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("kk.jpg", "kk.jpg"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\x", "x"),
        ("/abs", "abs"),
        ("C:\\x", "x"),
        ("surat\u202egpj.exe", "suratgpj.exe"),
        ("a\x00b\r\nSet-Cookie: x.jpg", "ab Set-Cookie x.jpg"),
        ('kk"; filename="x.jpg', "kk filename=x.jpg"),
        ("KK 👨‍👩‍👧.jpg", "KK 👨👩👧.jpg"),
        ("日本.pdf", "日本.pdf"),
        ("", "dokumen-1"),
        (None, "dokumen-1"),
        (".", "dokumen-1"),
        ("   ", "dokumen-1"),
        ("CON", "dokumen-1"),
        ("con.jpg", "dokumen-1"),
        ("\u202e\u200f", "dokumen-1"),
        ("folder/", "dokumen-1"),
    ],
)
def test_names_are_shown_clean(raw: str | None, shown: str) -> None:
    assert clean_name(raw) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = clean_name("x" * 10_000 + ".jpg")
    assert len(name) == 120
    assert name.endswith("x.jpg")
    assert len(clean_name("y" * 10_000)) == 120
