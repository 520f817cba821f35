"""What tests of letters share: the office that writes, issuing in one line, and reading a PDF back."""

import io
from dataclasses import dataclass
from typing import Any

import pikepdf
import pypdfium2

from caseflow import clock
from caseflow.claims.letter_models import Letter
from caseflow.claims.models import Claim
from caseflow.notices.letters.frame import Sender
from caseflow.notices.letters.operations import Wanted, issue_letter
from caseflow.people.actor import Actor
from tests.story import Stage

OFFICE = Sender(
    name="BPJS Ketenagakerjaan Kantor Cabang Solok",
    address="Jalan Contoh 1, Solok",
    phone="175",
    place="Solok",
    base_url="https://santunan.example.go.id",
)
A4_BYTES = 120_000


@dataclass(frozen=True)
class Read:
    """A PDF as a stranger finds it: the words of each page, one line each, and its parts."""

    pages: list[str]
    body: bytes

    @property
    def words(self) -> str:
        """All words, with single spaces, as somebody copies them."""
        return " ".join(" ".join(self.pages).split())


def read(body: bytes) -> Read:
    """Read a PDF."""
    document = pypdfium2.PdfDocument(body)  # type: ignore[no-untyped-call]
    try:
        return Read([page.get_textpage().get_text_range() for page in document], body)
    finally:
        document.close()  # type: ignore[no-untyped-call]


def issue(stage: Stage, claim: Claim, kind: str, *, by: Actor, **more: Any) -> Letter:
    """Issue a letter now."""
    return issue_letter(
        stage.session, stage.store, claim, Wanted(kind, **more), OFFICE, by=by, now=clock.now()
    )


def stored(stage: Stage, letter: Letter) -> bytes:
    """The bytes of a letter in the store."""
    with stage.store.open(letter.object_key) as stream:
        return stream.read()


def problems_of(body: bytes) -> list[str]:
    """What keeps a PDF from being a tagged, archivable, readable letter; nothing when all is well."""
    found = []
    with pikepdf.open(io.BytesIO(body)) as document:
        root = document.Root
        if "/StructTreeRoot" not in root or "/MarkInfo" not in root or not bool(root.MarkInfo.Marked):
            found.append("not tagged")
        if str(root.get("/Lang", "")) != "id-ID":
            found.append(f"language {root.get('/Lang')}")
        if not str(document.docinfo.get("/Title", "")):
            found.append("no title")
        with document.open_metadata() as said:
            if (said.get("pdfaid:part"), said.get("pdfaid:conformance")) != ("2", "A"):
                found.append("not PDF/A-2a")
            if said.get("pdfuaid:part") != "1":
                found.append("not PDF/UA-1")
        fonts = [font for page in document.pages for font in page.Resources.Font.values()]
        if not fonts:
            found.append("no font")
        for font in fonts:
            descriptor = font.DescendantFonts[0].FontDescriptor
            if "/FontFile3" not in descriptor:
                found.append(f"{font.BaseFont} is not embedded")
    return found
