"""What the doors share about letters: the office that writes, and a PDF on its way to a browser."""

import io
from typing import BinaryIO

from flask import Response

from caseflow.claims.letter_models import Letter
from caseflow.documents.queries import OpenedDocument
from caseflow.notices.letters.frame import Sender
from caseflow.notices.letters.press import PrintedLetter
from caseflow.registry.letter_models import RegistryLetter
from caseflow.web import here
from caseflow.web.streaming import streamed

_PDF = "application/pdf"


def sender() -> Sender:
    """Return the office of this installation as letters name it."""
    settings = here.settings()
    return Sender(
        name=settings.branch_name,
        address=settings.branch_address,
        phone=settings.branch_phone,
        place=settings.branch_code.replace("_", " ").title(),
        base_url=settings.base_url,
        training=settings.training,
    )


def programme_sender() -> Sender:
    """Return the office of the regency that keeps the programme, as letters to nagari name it."""
    settings = here.settings()
    return Sender(
        name=settings.programme_name,
        address=settings.programme_address,
        phone=settings.programme_phone,
        place=settings.programme_place,
        base_url=settings.base_url,
        training=settings.training,
    )


def path_of(letter: Letter | RegistryLetter) -> str:
    """Return a letter's number as it stands in an address: ``0042-SK-SOLOK-XI-2026``."""
    return letter.number.replace("/", "-")


def send_letter(letter: Letter | RegistryLetter, body: BinaryIO, *, save: bool) -> Response:
    """Stream a stored letter; ``save``: to be kept on the phone, otherwise shown."""
    answer = streamed(OpenedDocument(body, _PDF, f"surat-{path_of(letter)}.pdf", attachment=save))
    answer.content_length = letter.size_bytes
    return answer


def send_draft(printed: PrintedLetter) -> Response:
    """Show a letter that was not issued."""
    return streamed(OpenedDocument(io.BytesIO(printed.body), _PDF, "pratinjau.pdf", attachment=False))
