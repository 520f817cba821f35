"""What a file is, by its bytes: its declared type and its name count for nothing.

First the signature (cheap, here), then everything that needs a parser in a child process with little memory
and little time, because parsers of pictures and PDF are where crafted files strike.
"""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import filetype

from caseflow.documents.refusals import MAX_PDF_PAGES, MAX_PIXELS, refusal
from caseflow.documents.spool import Spooled

MEDIA_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heif": "image/heic",
    "pdf": "application/pdf",
}
KINDS = {media_type: kind for kind, media_type in MEDIA_TYPES.items()}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MARKUP = re.compile(rb"\s*<(!doctype|html|head|body|script|svg|\?xml|\?php|!--)", re.IGNORECASE)
SIGNATURE_BYTES = 8192
_CHILD = Path(__file__).with_name("inspect_child.py")
_TIME_LIMIT_S = 10
_MEMORY_LIMIT_BYTES = 1024 * 1024 * 1024
_LIMITS = json.dumps({"pixels": MAX_PIXELS, "pages": MAX_PDF_PAGES})


@dataclass(frozen=True)
class Inspection:
    """What a file turned out to be.

    :ivar pages: pages of a PDF, 1 for a picture.
    :ivar flags: ``trailing_data``, ``active_content``, ``dark``, ``small``: never a reason to refuse.
    """

    media_type: str
    pages: int
    flags: frozenset[str]


def kind_of(head: bytes) -> str | None:
    """Return ``jpeg``, ``png``, ``webp``, ``heif`` or ``pdf`` by signature; ``None`` for anything else."""
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return "heif"
    # readers find %PDF within the first kilobyte; whatever stands before it may be read as something else
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t \x00").startswith(b"%PDF-"):
        return "pdf"
    return None


def inspect(body: Spooled) -> Inspection:
    """Return what the file is.

    :raises CaseflowError: 415 for a kind that is not taken, 422 for one that is broken, locked or a bomb.
    """
    head = body.rewound().read(SIGNATURE_BYTES)
    kind = kind_of(head)
    if kind is None:
        raise refusal("file_type", kind=_what_else(head))
    output = run_child(body, "inspect", kind, _LIMITS)
    if output is None:
        raise refusal("file_too_heavy")
    found: dict[str, Any] = json.loads(output)
    if found["problem"]:
        raise refusal(found["problem"])
    return Inspection(MEDIA_TYPES[kind], int(found["pages"]), frozenset(found["flags"]))


def draw(body: Spooled, large: tuple[int, int], small: tuple[int, int]) -> tuple[bytes, bytes] | None:
    """Return a picture drawn anew in two sizes (longest side, quality), or ``None`` when it is none that could be taken.

    The same looks as :func:`inspect` come first; one child does it all, since starting it is what takes the time.
    """
    kind = kind_of(body.rewound().read(SIGNATURE_BYTES))
    if kind is None or kind == "pdf":
        return None
    drawn = run_child(body, "draw", kind, _LIMITS, *(str(number) for number in (*large, *small)))
    if drawn is None:
        return None
    length = int.from_bytes(drawn[:4], "big")
    return drawn[4 : 4 + length], drawn[8 + length :]


def run_child(body: Spooled, *arguments: str) -> bytes | None:
    """Return what the child wrote, or ``None`` when it failed, ran out of memory or out of its ten seconds.

    The child reads the body from standard input, sees none of our environment and no folder of ours
    (``-I``), and may neither write a file nor leave a core dump.
    """
    command = [sys.executable, "-I", str(_CHILD), str(_MEMORY_LIMIT_BYTES), str(_TIME_LIMIT_S), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (our own file, arguments are words of ours)
            command,
            stdin=body.rewound(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_TIME_LIMIT_S,
            env={"LANG": "C.UTF-8"},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 and done.stdout else None


def _what_else(head: bytes) -> str:
    """Name a kind that is not taken, for the sentence."""
    if _MARKUP.match(head):
        return "halaman web"
    guessed = filetype.guess(head)  # type: ignore[no-untyped-call]
    return str(guessed.extension).upper() if guessed is not None else "tidak dikenal"
