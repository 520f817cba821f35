"""Every paper has its drawn example: light, harmless, described; and words on cost and on what to do without it."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from caseflow.config import ROOT
from caseflow.documents.catalogue import catalogue

PICTURES = ROOT / "caseflow" / "static" / "img" / "papers"
MOST_BYTES = 6 * 1024
CODES = list(catalogue().papers)


@pytest.mark.parametrize("code", CODES)
def test_every_paper_has_a_light_and_harmless_picture(code: str) -> None:
    """Served as it lies there: nothing in it may run, or be fetched from elsewhere."""
    path: Path = PICTURES / f"{code}.svg"
    body = path.read_text(encoding="utf-8")
    assert len(body.encode()) <= MOST_BYTES
    drawing = ET.fromstring(body)  # noqa: S314 - our own file
    tags = {element.tag.rsplit("}", 1)[-1] for element in drawing.iter()}
    assert tags <= {"svg", "title", "g", "rect", "path", "circle", "text"}
    attributes = {name for element in drawing.iter() for name in element.attrib}
    assert not any("href" in name or name.startswith("on") for name in attributes)
    assert not re.search(r"[0-9]{16}", body.replace(" ", ""))  # nobody's number


def test_no_picture_is_left_over() -> None:
    assert {path.stem for path in PICTURES.iterdir()} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_whoever_does_not_see_the_picture_is_told_what_it_shows(code: str) -> None:
    words = catalogue().papers[code].words("almarhum")
    assert words["picture"].startswith("Gambar contoh")
    for name in ("cost", "impossible"):
        assert len(words[name]) >= 10
        assert words[name].endswith((".", "?"))


@pytest.mark.parametrize("code", CODES)
def test_no_office_is_named_by_letters_alone(code: str) -> None:
    """Disdukcapil and KUA stand beside the words they come from."""
    words = catalogue().papers[code].words("almarhum")
    text = " ".join(words.values())
    for short, whole in {
        "Disdukcapil": "catatan sipil",
        "KUA": "Kantor Urusan Agama",
        "NIK": "16 angka",
    }.items():
        if short in text:
            assert whole in text, (code, short)
