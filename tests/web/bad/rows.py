"""The files of trust.md d.1: what is sent, and what becomes of it. One line for each, several for some ids."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.files import samples

PICTURE = "image/jpeg"


@dataclass(frozen=True)
class Refused:
    """A file that is not taken.

    :ivar says: what the family and the counter read, word for word.
    """

    id: str
    what: str
    make: Callable[[], bytes]
    status: int
    says: str
    name: bytes = b"kk.jpg"


@dataclass(frozen=True)
class Taken:
    """A file that is taken.

    :ivar shown: its name as people see it; :ivar hint: advice that is no condition.
    :ivar gone: bytes of the original that the picture for the officer must not have.
    """

    id: str
    what: str
    make: Callable[[], bytes]
    media_type: str = PICTURE
    flags: str = ""
    name: bytes = b"kk.jpg"
    shown: str = "kk.jpg"
    declared: str = PICTURE
    hint: str = ""
    gone: Sequence[bytes] = ()


def half(content: bytes) -> bytes:
    """The first half, as a lost signal leaves it."""
    return content[: len(content) // 2]


_BROKEN = "Foto rusak atau terpotong. Belum tersimpan. Coba ambil foto ulang."
_NOT_TAKEN = "Jenis berkas ini ({}) belum bisa dibuka. Belum tersimpan. Kirim foto atau PDF."
_HEAVY = "Berkas ini terlalu berat untuk dibuka. Belum tersimpan. Kirim foto dokumennya."
_LONG_PDF = "PDF lebih dari 40 halaman. Belum tersimpan. Kirim halaman yang diperlukan saja."
_WEB = _NOT_TAKEN.format("halaman web")
_ZIP = _NOT_TAKEN.format("ZIP")
_UNKNOWN = _NOT_TAKEN.format("tidak dikenal")

REFUSED = (
    Refused(
        "U01", "nothing", lambda: b"", 422, "Berkas kosong. Belum tersimpan. Coba ambil foto ulang."
    ),
    Refused("U04", "half a JPEG", lambda: half(samples.jpeg()), 422, _BROKEN),
    Refused("U04", "half a PNG", lambda: half(samples.png()), 422, _BROKEN),
    Refused("U04", "half a WebP", lambda: half(samples.webp()), 422, _BROKEN),
    Refused("U04", "half a HEIC", lambda: half(samples.heic()), 422, _BROKEN, b"foto.heic"),
    Refused("U05", "a JPEG without its last two bytes", lambda: samples.jpeg()[:-2], 422, _BROKEN),
    Refused("U11", "GIF and web page at once", samples.gif, 415, _NOT_TAKEN.format("GIF"), b"kk.gif"),
    Refused("U11", "a moving GIF", lambda: samples.animated("GIF"), 415, _NOT_TAKEN.format("GIF")),
    Refused("U12", "a web page named .jpg", samples.html, 415, _WEB),
    Refused("U12", "a drawing with a script", samples.svg, 415, _WEB, b"kk.svg"),
    Refused("U12", "a web page before a PDF", lambda: samples.html() + samples.pdf(), 415, _WEB),
    Refused("U14", "EICAR as text", lambda: samples.EICAR, 415, _UNKNOWN, b"eicar.txt"),
    Refused("U14", "EICAR named .jpg", lambda: samples.EICAR, 415, _UNKNOWN),
    Refused("U14", "EICAR in an archive", lambda: samples.archive_of(samples.EICAR), 415, _ZIP, b"kk.zip"),
    Refused("U16", "an archive of 200 MB in 195 kB", samples.zip_bomb, 415, _ZIP, b"42.zip"),
    Refused("U17", "DOCX", samples.docx, 415, _NOT_TAKEN.format("DOCX"), b"surat.docx"),
    Refused("U17", "XLSX", samples.xlsx, 415, _NOT_TAKEN.format("XLSX"), b"daftar.xlsx"),
    Refused("U17", "ODT", samples.odt, 415, _NOT_TAKEN.format("ODT"), b"surat.odt"),
    Refused(
        "U19", "108 megapixels", samples.large_png, 422,
        "Foto lebih dari 50 megapiksel. Belum tersimpan. Coba foto ulang dengan ukuran biasa.",
    ),
    Refused("U20", "a PNG whose remark unpacks to 200 MB", samples.png_bomb, 422, _BROKEN),
    Refused("U20", "the same in its colours", lambda: samples.png_bomb(b"iCCP"), 422, _BROKEN),
    Refused(
        "U25", "a PDF with a password", samples.locked_pdf, 422,
        "PDF ini terkunci kata sandi. Belum tersimpan. Kirim tanpa kata sandi, atau foto saja.",
    ),
    Refused(
        "U29", "a PDF without its end", lambda: samples.pdf(3)[:-80], 422,
        "PDF rusak. Belum tersimpan. Kirim ulang PDF itu, atau foto saja.",
    ),
    Refused("U30", "5,000 pages", lambda: samples.pdf(5_000), 422, _LONG_PDF),
    Refused("U30", "41 pages", lambda: samples.pdf(41), 422, _LONG_PDF),
    Refused("U30", "a page of 200 inches", samples.huge_page_pdf, 422, _HEAVY),
    Refused("U30", "a stream of 600 MB", samples.pdf_that_unpacks, 422, _HEAVY),
    Refused(
        "U31", "a PDF without pages", lambda: samples.pdf(0), 422,
        "PDF ini tidak punya halaman. Belum tersimpan. Kirim PDF lain, atau foto saja.",
    ),
)  # fmt: skip

_PDF = "application/pdf"
_SECRETS = (b"KAMERA-RAHASIA", b"<?php", b"Exif", b"GPS")

TAKEN = (
    Taken("U06", "a photo with its place and camera", samples.jpeg_with_secrets, gone=_SECRETS),
    Taken("U09", "photo and archive at once", samples.polyglot_jpeg, flags="trailing_data", gone=(b"PK\x03\x04",)),
    Taken("U10", "a photo with a script in its remark", samples.jpeg_with_secrets, gone=(b"<?php",)),
    Taken("U21", "500 pictures in a PNG", lambda: samples.animated("PNG", 500), "image/png", "dark small"),
    Taken("U21", "500 pictures in a WebP", lambda: samples.animated("WEBP", 500), "image/webp", "dark small"),
    Taken("U21", "a burst of pictures in a HEIC", samples.heic_burst, "image/heic"),
    Taken("U22", "HEIC", samples.heic, "image/heic", name=b"IMG_0042.HEIC", shown="IMG_0042.HEIC"),
    Taken("U24", "printing colours", samples.cmyk_jpeg),
    Taken("U24", "no colours", samples.grey_jpeg),
    Taken("U24", "sixteen bits", lambda: samples.png("I;16"), "image/png"),
    Taken("U24", "palette and transparency", lambda: samples.png("PA"), "image/png"),
    Taken("U24", "colours and transparency", lambda: samples.png("RGBA"), "image/png"),
    Taken("U26", "a PDF that only its owner may change", samples.pdf_locked_against_changes, _PDF),
    *(
        Taken("U27", f"a PDF with {how}", lambda how=how: samples.active_pdf(how), _PDF, "active_content")  # type: ignore[misc]
        for how in ("OpenAction", "AA", "EmbeddedFile", "XFA", "RichMedia", "Launch", "URI", "JavaScript")
    ),
    Taken("U32", "a JPEG named .pdf", samples.jpeg, name=b"kk.pdf", shown="kk.pdf", declared=_PDF),
    Taken("U32", "a PDF named .jpg", samples.pdf, _PDF),
    Taken("U32", "no ending", samples.jpeg, name=b"kk", shown="kk"),
    Taken("U32", "a loud ending", samples.jpeg, name=b"KK.JPEG", shown="KK.JPEG"),
    Taken("U32", "a mixed ending", samples.pdf, _PDF, name=b"Surat.Pdf", shown="Surat.Pdf"),
    Taken("U37", "a photo declared a web page", samples.jpeg, declared="text/html"),
    Taken("U37", "a PDF declared a photo", samples.pdf, _PDF, declared="image/png"),
    Taken("U55", "black", samples.dark_jpeg, flags="dark", hint="Foto agak gelap."),
    Taken("U55", "twenty by twenty", samples.tiny_jpeg, flags="small", hint="Foto agak kecil."),
)  # fmt: skip

# raw bytes of the name in the form, and the name as people see it (U34, U35, U36)
NAMES = (
    ("U34", b"../../etc/passwd", "passwd"),
    ("U34", b"..\\\\..\\\\x", "x"),
    ("U34", b"/abs", "abs"),
    ("U34", b"C:\\\\x", "x"),
    ("U35", "surat\u202egpj.exe".encode(), "suratgpj.exe"),
    ("U36", b"a\x00b.jpg", "ab.jpg"),
    ("U36", b"a%0D%0ASet-Cookie: x=1.jpg", "a%0D%0ASet-Cookie x=1.jpg"),
    ("U36", b'kk\\"; filename=\\"x.jpg', "kk filename=x.jpg"),
    ("U36", b"kk;x.jpg", "kkx.jpg"),
    ("U36", "KK 😀.jpg".encode(), "KK 😀.jpg"),
    ("U36", b"x" * 10_000 + b".jpg", "x" * 116 + ".jpg"),
    ("U36", b".", "dokumen-1"),
    ("U36", b"CON", "dokumen-1"),
    ("U36", b"   ", "dokumen-1"),
    ("U36", "日本.jpg".encode(), "日本.jpg"),
)
