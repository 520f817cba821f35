"""Files to send, made in code: pictures of invented papers, and every broken or crafted file we know of."""

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw, ImageFilter
from PIL.Image import Exif

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_ORIENTATION, _SOFTWARE, _GPS = 0x0112, 0x0131, 0x8825


def paper(title: str = "KARTU KELUARGA", size: tuple[int, int] = (900, 1200)) -> Image.Image:
    """Return a picture of a paper with a title and lines; a red bar marks its upper edge."""
    picture = Image.new("RGB", size, (238, 234, 222))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, size[0], 40), fill=(200, 20, 20))
    draw.text((60, 80), f"{title}\nDOKUMEN LATIHAN", fill=(20, 20, 20), font_size=40)
    for line in range(200, size[1] - 40, 34):
        draw.line((60, line, size[0] - 60 - line % 170, line), fill=(70, 70, 90), width=5)
    return picture


def _saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


@cache
def jpeg(title: str = "KARTU KELUARGA", size: tuple[int, int] = (900, 1200)) -> bytes:
    """Return a plain photo."""
    return _saved(paper(title, size), "JPEG", quality=82)


@cache
def blurred_jpeg() -> bytes:
    """Return a photo that nobody can read."""
    return _saved(paper("SURAT KETERANGAN KEMATIAN").filter(ImageFilter.GaussianBlur(9)), "JPEG")


@cache
def dark_jpeg() -> bytes:
    """Return a photo taken without light."""
    return _saved(paper().point(lambda level: level * 0.08), "JPEG")


def tiny_jpeg() -> bytes:
    """Return twenty by twenty pixels."""
    return _saved(Image.new("RGB", (20, 20), "white"), "JPEG")


def jpeg_with_secrets(orientation: int = 6) -> bytes:
    """Return a photo that carries a place, a program, a thumbnail-like comment, and lies on its side."""
    exif = Exif()
    exif[_ORIENTATION] = orientation
    exif[_SOFTWARE] = "KAMERA-RAHASIA-77"
    exif[_GPS] = {1: "S", 2: (0.0, 41.0, 9.0), 3: "E", 4: (100.0, 58.0, 1.0)}
    return _saved(paper(), "JPEG", exif=exif, comment=b"<?php system($_GET['x']); ?>")


def camera_jpeg() -> bytes:
    """Return a photo with a second picture behind it, as some telephones write it."""
    return jpeg() + tiny_jpeg()


@cache
def four_megabytes() -> bytes:
    """Return a photo as a telephone makes it: 12 megapixels, grain, its place in the file; about four megabytes."""
    size = (3000, 4000)
    grain = Image.effect_noise(size, 44).convert("RGB")
    exif = Exif()
    exif[_SOFTWARE] = "telepon"
    exif[_GPS] = {1: "S", 2: (0.0, 42.0, 10.0), 3: "E", 4: (100.0, 59.0, 30.0)}
    return _saved(Image.blend(paper(size=size), grain, 0.16), "JPEG", quality=91, exif=exif)


def polyglot_jpeg() -> bytes:
    """Return a photo with an archive behind it."""
    return jpeg() + archive()


def png(mode: str = "RGB") -> bytes:
    """Return a PNG in any mode."""
    picture = paper()
    if mode == "I;16":
        grey = picture.convert("I").point(lambda level: level * 256)
        return _saved(grey.convert("I;16"), "PNG")
    if mode == "RGBA":
        picture = picture.convert("RGBA")
        picture.putalpha(128)
        return _saved(picture, "PNG")
    if mode == "PA":
        return _saved(picture.convert("P"), "PNG", transparency=0)
    return _saved(picture.convert(mode), "PNG")


def cmyk_jpeg() -> bytes:
    """Return a JPEG in printing colours."""
    return _saved(paper().convert("CMYK"), "JPEG")


def grey_jpeg() -> bytes:
    """Return a JPEG without colours."""
    return _saved(paper().convert("L"), "JPEG")


def webp() -> bytes:
    """Return a WebP picture."""
    return _saved(paper(), "WEBP")


@cache
def heic() -> bytes:
    """Return a photo as iPhones write it."""
    out = io.BytesIO()
    pillow_heif.from_pillow(paper("KTP")).save(out, quality=60)
    return out.getvalue()


@cache
def heic_burst(pictures: int = 12) -> bytes:
    """Return a burst of photos in one file, as a thumb that stays on the button makes it."""
    burst = pillow_heif.HeifFile()  # type: ignore[no-untyped-call]
    for number in range(pictures):
        burst.add_from_pillow(paper(f"KTP {number}"))
    out = io.BytesIO()
    burst.save(out, quality=30)
    return out.getvalue()


def animated(kind: str, frames: int = 40) -> bytes:
    """Return a moving PNG, WebP or GIF."""
    first, *rest = [Image.new("RGB", (64, 64), (20 + frame, 0, 0)) for frame in range(frames)]
    return _saved(first, kind, save_all=True, append_images=rest)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def large_png(width: int = 12_000, height: int = 9_000) -> bytes:
    """Return a PNG of many pixels in few bytes: one bit each, all white."""
    rows = (b"\x00" + b"\xff" * ((width + 7) // 8)) * height
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def forty_nine_megapixels() -> bytes:
    """Return the largest picture that is taken: seven thousand by seven thousand, with transparency."""
    rows = (b"\x00" + b"\xff\xff\xff\x80" * 7_000) * 7_000
    head = struct.pack(">IIBBBBB", 7_000, 7_000, 8, 6, 0, 0, 0)
    body = zlib.compress(rows, 1)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def png_bomb(chunk: bytes = b"zTXt", size: int = 200_000_000) -> bytes:
    """Return a small PNG whose remark unpacks to two hundred megabytes."""
    packed = zlib.compress(b"\x00" * size)
    normal = png()
    return normal[:33] + _chunk(chunk, b"note\x00\x00" + packed) + normal[33:]


def archive(*names: str) -> bytes:
    """Return a ZIP; with the names of an office file it is one to the eye of a sniffer."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names or ("a.txt",):
            file.writestr(name, "isi")
    return out.getvalue()


def docx() -> bytes:
    """Return what a text processor writes."""
    return archive("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "word/document.xml")


def xlsx() -> bytes:
    """Return what a table program writes."""
    return archive("[Content_Types].xml", "_rels/.rels", "docProps/app.xml", "xl/workbook.xml")


def odt() -> bytes:
    """Return what the other text processor writes: its kind comes first and is not packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        file.writestr("content.xml", "<x/>")
    return out.getvalue()


def archive_of(content: bytes) -> bytes:
    """Return a ZIP with one file, packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("isi.txt", content)
    return out.getvalue()


@cache
def zip_bomb(size: int = 200_000_000) -> bytes:
    """Return a ZIP of less than two hundred kilobytes that unpacks to two hundred megabytes."""
    return archive_of(bytes(size))


def html() -> bytes:
    """Return a web page."""
    return b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def svg() -> bytes:
    """Return a drawing that can carry scripts."""
    return b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def gif() -> bytes:
    """Return GIF and web page at once."""
    return b"GIF89a/*\x01\x00\x01\x00\x80" + b"*/=1;<html>" + b"\x00" * 40


def _written(pdf: pikepdf.Pdf, **options: Any) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)
    return out.getvalue()


def _pdf(pages: int = 1, size: tuple[float, float] = (595, 842)) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    for number in range(pages):
        page = pdf.add_blank_page(page_size=size)
        page.Contents = pdf.make_stream(f"0.8 0.1 0.1 rg 40 {700 - number} 300 60 re f".encode())
    return pdf


def pdf(pages: int = 1) -> bytes:
    """Return a PDF with a red bar on every page."""
    return _written(_pdf(pages))


def huge_page_pdf() -> bytes:
    """Return a page of two hundred inches."""
    return _written(_pdf(size=(14_400, 14_400)))


def locked_pdf() -> bytes:
    """Return a PDF that asks for a password to open."""
    return _written(_pdf(), encryption=pikepdf.Encryption(owner="pemilik", user="rahasia"))


def pdf_locked_against_changes() -> bytes:
    """Return a PDF that anybody may read and only its owner may change."""
    return _written(_pdf(), encryption=pikepdf.Encryption(owner="pemilik", user=""))


def pdf_that_unpacks(size: int = 600_000_000) -> bytes:
    """Return a PDF whose page holds a stream of many zero bytes, packed."""
    packer = zlib.compressobj(9)
    block = b"\x00" * 10_000_000
    packed = b"".join(packer.compress(block) for _ in range(size // len(block))) + packer.flush()
    file = _pdf()
    stream = pikepdf.Stream(file, packed)
    stream.Filter = pikepdf.Name.FlateDecode
    file.pages[0].Contents = stream
    return _written(file, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def active_pdf(how: str) -> bytes:
    """Return a PDF that would act by itself, or carries another file."""
    file = _pdf()
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    if how == "OpenAction":
        file.Root.OpenAction = script
    elif how == "AA":
        file.pages[0].obj.AA = pikepdf.Dictionary(O=script)
    elif how == "EmbeddedFile":
        file.attachments["eicar.txt"] = EICAR
    elif how == "XFA":
        file.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array(), XFA=file.make_stream(b"<xdp/>"))
    elif how == "RichMedia":
        media = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.RichMedia, Rect=[0, 0, 9, 9])
        file.pages[0].obj.Annots = pikepdf.Array([file.make_indirect(media)])
    else:
        action = pikepdf.Dictionary(S=pikepdf.Name(f"/{how}"), URI="https://contoh.invalid", F="calc.exe")
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=action
        )
        file.pages[0].obj.Annots = pikepdf.Array([link])
    return _written(file)


def attachment_without_a_type() -> bytes:
    """Return a PDF that carries a file under a page's remark, in a stream that does not say what it is."""
    file = _pdf()
    carried = file.make_indirect(pikepdf.Stream(file, EICAR))
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot,
        Subtype=pikepdf.Name.FileAttachment,
        Rect=[0, 0, 9, 9],
        FS=pikepdf.Dictionary(Type=pikepdf.Name.Filespec, F="a.txt", EF=pikepdf.Dictionary(F=carried)),
    )
    file.pages[0].obj.Annots = pikepdf.Array([note])
    return _written(file)


def pdf_with_a_large_attachment(size: int = 70_000_000) -> bytes:
    """Return a small PDF whose attachment unpacks to seventy megabytes."""
    file = _pdf()
    file.attachments["besar.bin"] = bytes(size)
    return _written(file)
