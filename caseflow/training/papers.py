"""Invented papers, drawn: nobody's real document is ever used for practice."""

import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw, ImageFilter

_PAPER = (244, 240, 229)
_INK = (38, 42, 52)
_FAINT = (150, 150, 160)
_STAMP = (120, 30, 90)


@dataclass(frozen=True)
class Sheet:
    """A paper to draw: its title and what stands on it, line by line."""

    title: str
    issuer: str
    lines: tuple[tuple[str, str], ...]


def draw(sheet: Sheet, width: int = 1000) -> Image.Image:
    """Draw a sheet in portrait, with "DATA LATIHAN" across it."""
    height = int(width * 1.4)
    unit = width / 1000
    page = Image.new("RGB", (width, height), _PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle(
        (30 * unit, 30 * unit, width - 30 * unit, height - 30 * unit),
        outline=_FAINT,
        width=int(3 * unit) or 1,
    )
    pen.text((width / 2, 110 * unit), sheet.issuer, fill=_INK, font_size=30 * unit, anchor="mm")
    pen.text((width / 2, 180 * unit), sheet.title, fill=_INK, font_size=46 * unit, anchor="mm")
    pen.line((80 * unit, 230 * unit, width - 80 * unit, 230 * unit), fill=_INK, width=int(4 * unit) or 1)
    for number, (label, value) in enumerate(sheet.lines):
        y = (300 + number * 62) * unit
        pen.text((90 * unit, y), label, fill=_INK, font_size=32 * unit)
        pen.text((430 * unit, y), f": {value}", fill=_INK, font_size=32 * unit)
    pen.ellipse(
        (width - 360 * unit, height - 380 * unit, width - 120 * unit, height - 140 * unit),
        outline=_STAMP,
        width=int(6 * unit) or 1,
    )
    pen.text(
        (width - 240 * unit, height - 260 * unit),
        "CAP\nLATIHAN",
        fill=_STAMP,
        font_size=36 * unit,
        anchor="mm",
        align="center",
    )
    pen.text(
        (width / 2, height - 80 * unit),
        "DATA LATIHAN – BUKAN DOKUMEN SUNGGUHAN",
        fill=_STAMP,
        font_size=30 * unit,
        anchor="mm",
    )
    return page


def sheet_of(code: str, title: str, worker: str, national_id: str, claimant: str) -> Sheet:
    """Return the invented paper of a kind for one invented family."""
    who = (("Nama", worker), ("NIK", national_id), ("Alamat", "Jorong Pasar, Koto Latihan"))
    more: dict[str, tuple[tuple[str, str], ...]] = {
        "claimant_id_card": (("Nama", claimant), ("Alamat", "Jorong Pasar, Koto Latihan")),
        "family_card": (*who, ("Istri/suami", claimant)),
        "marriage_book": (("Suami/istri", worker), ("Istri/suami", claimant)),
        "bank_book": (("Pemilik", claimant), ("Nomor rekening", "7100 0234 417")),
        "heir_statement": (*who, ("Ahli waris", claimant)),
    }
    return Sheet(title, "NAGARI KOTO LATIHAN (LATIHAN)", more.get(code, who))


def jpeg(page: Image.Image, quality: int = 80) -> bytes:
    """Return a picture as JPEG."""
    return _saved(page, "JPEG", quality=quality)


def write_samples(folder: Path) -> list[str]:
    """Write files to practise uploads with, good and bad, and return their names."""
    folder.mkdir(parents=True, exist_ok=True)
    family_card = sheet_of("family_card", "KARTU KELUARGA", "Samsir", "1303991209760001", "Yusra")
    letter = sheet_of("death_letter", "SURAT KETERANGAN KEMATIAN", "Samsir", "1303991209760001", "Yusra")
    card = sheet_of("worker_id_card", "KARTU TANDA PENDUDUK", "Samsir", "1303991209760001", "Yusra")
    files = {
        "kk-terang.jpg": _photo_of_four_megabytes(draw(family_card, 3000)),
        "kk-gelap.jpg": jpeg(draw(family_card).point(lambda level: level * 0.1)),
        "surat-kematian.jpg": jpeg(draw(letter)),
        "surat-kematian-buram.jpg": jpeg(draw(letter).filter(ImageFilter.GaussianBlur(9))),
        "ktp.heic": _heic(draw(card)),
        "surat-kematian.pdf": _saved(draw(letter), "PDF"),
        "terkunci.pdf": _locked(_saved(draw(letter), "PDF")),
        "rusak.pdf": b"",
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return list(files)


def _saved(page: Image.Image, kind: str, **options: int) -> bytes:
    out = io.BytesIO()
    page.save(out, kind, **options)
    return out.getvalue()


def _photo_of_four_megabytes(page: Image.Image) -> bytes:
    """A phone's photo is grainy, and grain is what makes it large."""
    grain = Image.effect_noise(page.size, 60).convert("RGB")
    return _saved(Image.blend(page, grain, 0.25), "JPEG", quality=88)


def _heic(page: Image.Image) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(page).save(out, quality=70)
    return out.getvalue()


def _locked(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="latihan", user="latihan"))
    return out.getvalue()
