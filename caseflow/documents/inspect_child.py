"""The child process that opens strangers' files. Run by ``sniff.run_child``; imports nothing of ours.

``inspect_child.py MEMORY SECONDS inspect KIND LIMITS``  writes what the file is, as JSON
``inspect_child.py MEMORY SECONDS render KIND PAGE EDGE QUALITY``  writes one page as JPEG, upright, no metadata
``inspect_child.py MEMORY SECONDS draw KIND LIMITS EDGE QUALITY EDGE QUALITY``  inspects a picture, and writes it twice in
those sizes as ``render`` does, the length of each (four bytes) before it; nothing when it cannot be taken
``inspect_child.py MEMORY SECONDS carried pdf``  writes the files that a PDF carries, as a ZIP

The file comes on standard input. Whatever goes wrong beyond a plain "broken" ends the process; the parent
reads that as a refusal.
"""

import io
import json
import re
import resource
import sys
import zipfile
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pikepdf
    from PIL import Image

_JPEG_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PDF_TAIL_BYTES = 4096
_PDF_LONGEST_SIDE = 7200  # points: 100 inches
_PDF_MOST_OBJECTS = 50_000
_PDF_MOST_BYTES = 512 * 1024 * 1024  # all streams together, unpacked
_CARRIED_MOST_BYTES = 64 * 1024 * 1024  # all attachments together, unpacked
_ACTIVE_KEYS = {"/JS", "/AA", "/XFA", "/EF", "/Launch", "/RichMediaContent", "/EmbeddedFiles"}
_ACTIVE_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/URI",
    "/SubmitForm",
    "/ImportData",
    "/GoToR",
    "/GoToE",
    "/Rendition",
}
_DEPTH = 8  # of objects written inside one another
_DARK_MEAN = 40  # of 255
_SMALL_EDGE = 900  # pixels


class Problem(Exception):
    """The file cannot be taken; the argument is the code of the refusal."""


def refuse_if(condition: bool, code: str) -> None:
    """Raise the problem when the condition holds."""
    if condition:
        raise Problem(code)


def set_limits(memory_bytes: int, seconds: int) -> None:
    """Give up all that is not needed before the first byte of the file is read."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def inspect(file: BinaryIO, kind: str, limits: dict[str, int]) -> dict[str, Any]:
    """Return problem (code or ``None``), pages and flags."""
    try:
        if kind == "pdf":
            pages, flags = inspect_pdf(file, limits)
        else:
            pages, flags = 1, inspect_picture(file, kind, limits)
    except Problem as problem:
        return {"problem": str(problem), "pages": 0, "flags": []}
    return {"problem": None, "pages": pages, "flags": sorted(flags)}


def inspect_picture(file: BinaryIO, kind: str, limits: dict[str, int]) -> set[str]:
    """Decode the first picture whole: only that shows a photo that was cut off."""
    flags = {"trailing_data"} if has_trailing_data(file.read(), kind) else set()
    file.seek(0)
    try:
        picture = open_picture(file, kind)
        refuse_if(picture.width * picture.height > limits["pixels"], "photo_too_large")
        if max(picture.size) < _SMALL_EDGE:
            flags.add("small")
        # a smaller scale of the same data: all of it is read, an eighth of the memory is used
        picture.draft(None, (_SMALL_EDGE, _SMALL_EDGE))
        picture.load()
        sample = flat(picture.resize((64, 64), resample=0)).convert("L")
    except (Problem, MemoryError):
        raise
    except Exception as error:  # parsers raise what they like
        raise Problem("photo_broken") from error
    light = sum(level * count for level, count in enumerate(sample.histogram())) / (64 * 64)
    if light < _DARK_MEAN:
        flags.add("dark")
    return flags


def open_picture(file: BinaryIO, kind: str) -> "Image.Image":
    """Open with the one decoder that fits the signature."""
    from PIL import Image

    if kind == "heif":
        import pillow_heif

        pillow_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # our own limit is lower and has its own sentence
    formats = {"jpeg": ["JPEG", "MPO"], "png": ["PNG"], "webp": ["WEBP"], "heif": ["HEIF"]}
    return Image.open(file, formats=formats[kind])


def has_trailing_data(data: bytes, kind: str) -> bool:
    """Say whether something else hangs on behind the picture; raise when a JPEG or PNG has no end."""
    if kind == "jpeg":
        end = end_of_jpeg(data)
    elif kind == "png":
        end = data.rfind(b"IEND") + 8
        if end < 8:
            raise Problem("photo_broken")
    elif kind == "webp":
        end = 8 + int.from_bytes(data[4:8], "little")
    else:
        end = end_of_boxes(data)
    rest = data[end:].strip(b"\x00\r\n ")
    # cameras append a second picture (a preview, a depth map) to a JPEG
    return bool(rest) and not (kind == "jpeg" and rest.startswith(b"\xff\xd8\xff"))


def end_of_jpeg(data: bytes) -> int:
    """Walk over the segments and scans to the end-of-image marker."""
    at = 2
    while at + 4 <= len(data):
        found = _JPEG_MARKER.search(data, at)
        if found is None:
            break
        marker = data[found.start() + 1]
        if marker == 0xD9:
            return found.end()
        standalone = marker == 0x01 or marker == 0xD8
        length = 0 if standalone else int.from_bytes(data[found.end() : found.end() + 2], "big")
        at = found.end() + length
    raise Problem("photo_broken")


def end_of_boxes(data: bytes) -> int:
    """Walk over the top-level boxes of an HEIF file to the end of the last one."""
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size == 0:
            return len(data)
        if size < 8 or not data[at + 4 : at + 8].isalnum():
            break
        at += size
    return at


def inspect_pdf(file: BinaryIO, limits: dict[str, int]) -> tuple[int, set[str]]:
    """Count the pages and look for what could act by itself."""
    import pikepdf

    file.seek(0, io.SEEK_END)
    file.seek(max(0, file.tell() - _PDF_TAIL_BYTES))
    if b"%%EOF" not in file.read():
        raise Problem("pdf_broken")
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            pages = len(pdf.pages)
            refuse_if(pages == 0, "pdf_empty")
            refuse_if(pages > limits["pages"], "pdf_too_long")
            check_page_sizes(pdf)
            return pages, {"active_content"} if look_through(pdf) else set()
    except (Problem, MemoryError):
        raise
    except pikepdf.PasswordError as error:
        raise Problem("file_locked") from error
    except Exception as error:  # parsers raise what they like
        raise Problem("pdf_broken") from error


def check_page_sizes(pdf: "pikepdf.Pdf") -> None:
    """Refuse pages on which no paper is printed: they only eat memory."""
    for page in pdf.pages:
        left, bottom, right, top = (float(side) for side in page.mediabox)
        unit = float(page.obj.get("/UserUnit", 1))
        if max(abs(right - left), abs(top - bottom)) * unit > _PDF_LONGEST_SIDE:
            raise Problem("file_too_heavy")


def look_through(pdf: "pikepdf.Pdf") -> bool:
    """Visit every object: refuse one that unpacks without end, return whether one could act."""
    import pikepdf

    active = False
    left = _PDF_MOST_BYTES
    for count, found in enumerate(pdf.objects):
        if count > _PDF_MOST_OBJECTS:
            raise Problem("file_too_heavy")
        if isinstance(found, pikepdf.Stream):
            left -= unpacked_size(found, left)
        active = active or is_active(found, _DEPTH)
    return active


def is_active(found: Any, depth: int) -> bool:
    """Say whether the object, or one written inside it, starts something, embeds a file or leads away."""
    import pikepdf

    if depth == 0 or (getattr(found, "is_indirect", False) and depth < _DEPTH):
        return False
    if isinstance(found, pikepdf.Array):
        return any(is_active(item, depth - 1) for item in found)
    if not isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        return False
    names = set(found.keys())
    if names & _ACTIVE_KEYS or str(found.get("/S", "")) in _ACTIVE_ACTIONS:
        return True
    if str(found.get("/Subtype", "")) in {"/RichMedia", "/Screen", "/FileAttachment", "/3D"}:
        return True
    return any(is_active(found[name], depth - 1) for name in names)


def carried(file: BinaryIO) -> bytes:
    """Return every file attached to a PDF, unpacked, as an archive that a scanner can read.

    Scanners have their own readers of PDF, and those overlook attachments that are written a little unusually.
    """
    import pikepdf

    out = io.BytesIO()
    left = _CARRIED_MOST_BYTES
    with pikepdf.open(file) as pdf, zipfile.ZipFile(out, "w") as archive:
        for number, stream in enumerate(one for found in pdf.objects for one in attached(found, _DEPTH)):
            left -= unpacked_size(stream, left)
            refuse_if(left < 0, "file_too_heavy")
            archive.writestr(str(number), stream.read_bytes())
    return out.getvalue()


def attached(found: Any, depth: int) -> "Iterator[pikepdf.Stream]":
    """Give the streams of attached files that an object names, or is."""
    import pikepdf

    if isinstance(found, pikepdf.Stream) and str(found.get("/Type", "")) == "/EmbeddedFile":
        yield found
    if depth == 0 or (getattr(found, "is_indirect", False) and depth < _DEPTH):
        return
    if isinstance(found, pikepdf.Array):
        for item in found:
            yield from attached(item, depth - 1)
    elif isinstance(found, pikepdf.Dictionary):
        for name in found.keys():  # noqa: SIM118 (a dictionary of pikepdf gives no names by itself)
            if name == "/EF":
                files = [found[name][key] for key in found[name].keys()]  # noqa: SIM118
                yield from (file for file in files if isinstance(file, pikepdf.Stream))
            else:
                yield from attached(found[name], depth - 1)


def unpacked_size(stream: "pikepdf.Stream", left: int) -> int:
    """Return how many bytes the stream becomes; refuse when that is more than is left of the allowance."""
    import pikepdf

    filters = stream.get("/Filter")
    names = [str(name) for name in filters] if isinstance(filters, pikepdf.Array) else [str(filters)]
    if names.count("/FlateDecode") > 1:
        raise Problem("file_too_heavy")
    raw = stream.read_raw_bytes()
    if names[0] != "/FlateDecode":
        return len(raw)
    unpacker = zlib.decompressobj()
    size = 0
    while raw and not unpacker.eof:
        size += len(unpacker.decompress(raw, 1024 * 1024))
        raw = unpacker.unconsumed_tail
        if size > left:
            raise Problem("file_too_heavy")
    return size


def render(file: BinaryIO, kind: str, page: int, edge: int, quality: int) -> bytes:
    """Return one page (from 1) as JPEG: upright, longest edge at most ``edge`` pixels, no metadata."""
    from PIL import Image

    if kind == "pdf":
        picture = rasterise(file.read(), page, edge)
    else:
        picture = flat(upright(shrunk(open_picture(file, kind), edge)))
    picture.thumbnail((edge, edge))
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality)
    return out.getvalue()


def draw(file: BinaryIO, kind: str, limits: dict[str, int], sizes: list[int]) -> bytes:
    """Return a picture in two sizes, the second drawn from the first; nothing when it cannot be taken."""
    if inspect(file, kind, limits)["problem"]:
        return b""
    edge, quality, small_edge, small_quality = sizes
    file.seek(0)
    large = render(file, kind, 1, edge, quality)
    small = render(io.BytesIO(large), "jpeg", 1, small_edge, small_quality)
    return b"".join(len(one).to_bytes(4, "big") + one for one in (large, small))


def rasterise(data: bytes, page: int, edge: int) -> "Image.Image":
    """Draw one page of a PDF; forms and scripts are not loaded."""
    import pypdfium2

    drawn = pypdfium2.PdfDocument(data)[page - 1]  # type: ignore[no-untyped-call]
    scale = min(4.0, edge / max(drawn.get_size()))
    picture: Image.Image = drawn.render(scale=scale, may_draw_forms=False).to_pil()
    return picture.convert("RGB")


def shrunk(picture: "Image.Image", edge: int) -> "Image.Image":
    """Make the picture small before anything copies it: fifty megapixels are two hundred megabytes a copy."""
    if picture.mode in {"P", "PA"} and "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode in {"L", "LA", "RGB", "RGBA", "CMYK"}:
        picture.thumbnail((edge, edge))
    return picture


def upright(picture: "Image.Image") -> "Image.Image":
    """Turn the picture as its camera says; a camera that says nonsense is not listened to."""
    from PIL import ImageOps

    picture.load()
    try:
        return ImageOps.exif_transpose(picture)
    except (ValueError, TypeError, KeyError, OSError, SyntaxError, ZeroDivisionError):
        return picture


def flat(picture: "Image.Image") -> "Image.Image":
    """Return the picture in red, green and blue: transparency on white, sixteen bits cut to eight."""
    from PIL import Image

    if picture.mode.startswith(("I", "F")):
        brightest = cast(float, picture.getextrema()[1])
        top = 65535 if brightest > 255 else 255
        return picture.convert("F").point(lambda level: level * 255 / top).convert("L").convert("RGB")
    if picture.mode in {"LA", "PA", "RGBA"} or "transparency" in picture.info:
        above = picture.convert("RGBA")
        paper = Image.new("RGBA", above.size, "white")
        return Image.alpha_composite(paper, above).convert("RGB")
    return picture.convert("RGB")


def main(arguments: list[str]) -> None:
    """Do one thing and write its result."""
    memory, seconds, task, kind, *rest = arguments
    set_limits(int(memory), int(seconds))
    file = sys.stdin.buffer
    if task == "inspect":
        result = json.dumps(inspect(file, kind, json.loads(rest[0]))).encode()
    elif task == "draw":
        result = draw(file, kind, json.loads(rest[0]), [int(number) for number in rest[1:]])
    elif task == "carried":
        result = carried(file)
    else:
        page, edge, quality = (int(number) for number in rest)
        result = render(file, kind, page, edge, quality)
    sys.stdout.buffer.write(result)


if __name__ == "__main__":
    main(sys.argv[1:])
